"""Marks that lead nowhere, and why: the most telling reason is the one reported."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator

from handbook.diagnostics import Diagnostic, rule
from handbook.locate import dead
from handbook.noteplaces import NotePage, Place, indent, neighbours, position, where
from handbook.notetree import Leftover

UNDEFINED = rule(
    "note-undefined",
    "error",
    "Nothing defines the note that a mark names, so that readers see the mark as text.",
    "Text.[^act]",
    "Text.[^act]\n\n[^act]: The act.",
)
CASE = rule(
    "note-case",
    "error",
    "A mark and its definition differ in upper and lower case; labels must be alike letter by letter.",
    "Text.[^Act]\n\n[^act]: The act.",
    "Text.[^act]\n\n[^act]: The act.",
)
ELSEWHERE = rule(
    "note-elsewhere",
    "error",
    "The note is defined on another page; a definition holds for its own page only.",
    "Text.[^smith]",
    "Text.[^smith]\n\n[^smith]: Smith (2020).",
)
IN_CODE = rule(
    "note-in-code",
    "error",
    "The only definition of a note stands in code or in a comment, where it defines nothing.",
    "Text.[^act]\n\n<!-- \n[^act]: The act.\n-->",
    "Text.[^act]\n\n[^act]: The act.",
)
NO_COLON = rule(
    "note-no-colon",
    "error",
    "A line was meant to define a note, but no colon stands right after the bracket.",
    "Text.[^act]\n\n[^act] The act.",
    "Text.[^act]\n\n[^act]: The act.",
)

_LIST = re.compile(r"[-*+]\s|\d+[.)]\s")


def undefined(page: NotePage) -> Iterator[Diagnostic]:
    """One diagnostic for each label that stayed text, and one more for each included file in which it did."""
    swallowed = {label.rpartition("[^")[2] for label in page.notes.defined if "[^" in label}
    for label, found in page.left.items():
        if (label[-1:] == ":" and label[:-1] in page.left) or label in swallowed:
            continue  # the line that should define another, or that another's open bracket has swallowed
        place = page.mark(found[0]) or page.mark(found[0], definition=True)
        if not page.notes.enabled:
            message = f"The mark '[^{label}]' stays text: footnotes are not switched on."
            yield page.fault(UNDEFINED, place, message, "Add footnotes to markdown_extensions.")
            continue
        first = _diagnosis(page, label, found, place)
        yield first
        marks = {one.path: one for one in map(page.mark, reversed(found)) if one}
        for path, one in marks.items():
            if path not in (page.path, first.path) and first.code == UNDEFINED.code:
                yield page.fault(UNDEFINED, one, first.message, first.hint)


def _diagnosis(page: NotePage, label: str, found: list[Leftover], place: Place | None) -> Diagnostic:
    """Why a label is undefined: the most telling reason."""
    mark = f"[^{label}]"
    if not label:
        return page.fault(UNDEFINED, place, "A mark has no label.", "Give it the label of a note: [^label].")
    if other := _alike(label, page.notes.defined):
        message = f"The note '{label}' is defined as '{other}': labels differ in upper and lower case."
        return page.fault(CASE, place, message, f"Write [^{other}].")
    if line := _meant(page, label, found):
        message = f"'{mark}' begins this line like a definition, but no colon follows the bracket."
        return page.fault(NO_COLON, line, message, f"Write {mark}: and the text.")
    if label in page.notes.defined:
        message = f"The mark of the note '{label}' has other white space in it than the definition."
        return page.fault(UNDEFINED, place, message, f"Write {mark} on one line.")
    wrong = [one for one in page.labelled(label) if one.kind == "definition"]
    if hidden := next((one for one in wrong if not one.alive), None):
        there = "a comment" if _in_comment(hidden) else "code"
        message = f"The note '{label}' is defined only in {there} ({where(hidden, page.path)})."
        return page.fault(IN_CODE, place, message, f"Take the definition out of {there}.")
    if wrong:
        message = f"Nothing defines the note '{label}': the definition ({where(wrong[0], page.path)}) "
        if wrong[0] is place:
            message = f"'{mark}:' stays text: it "
        hint = "Begin the definition at the left margin, after an empty line."
        return page.fault(UNDEFINED, place, f"{message}{_why_not(wrong[0])}.", hint)
    pages = sorted(other for other, labels in page.elsewhere.items() if label in labels)
    if pages and not label.isdigit():
        message = f"The note '{label}' is defined on another page, {pages[0]}; notes hold for one page."
        return page.fault(ELSEWHERE, place, message, "Define the note on this page too, or link to the other page.")
    if misshapen := _misshapen(page, label):
        number, text = misshapen
        message = f"Nothing defines the note '{label}': line {number} begins '{text}'."
        return page.fault(UNDEFINED, place, message, f"Begin that line with {mark}: and the text.")
    hint = f"Define it on a line of its own, {mark}: text, or remove the mark."
    if near := _near(page, label):
        hint = f"Write [^{near}], or define '{label}'."
    more = f" ({len(found)} marks)" if len(found) > 1 else ""
    return page.fault(UNDEFINED, place, f"Nothing defines the note '{label}'{more}.", hint)


def _meant(page: NotePage, label: str, found: list[Leftover]) -> Place | None:
    """A paragraph ``[^label] text`` or ``[^label] : text``, where another mark of that label stands elsewhere."""
    for one in page.labelled(label):
        if one.kind != "mark" or not one.alive or one.lead is None or _LIST.search(one.lead):
            continue
        before, after = neighbours(one)
        colon = re.match(r"\s+:\s", one.line)
        if not colon and not re.match(r"\s+[^\s:]", one.line):
            continue
        if before and not before.startswith("[^"):
            continue  # a line of a paragraph that happens to begin with a mark
        if len(found) > 1 or colon or (before + after).startswith("[^"):
            return one
    return None


def _misshapen(page: NotePage, label: str) -> tuple[int, str] | None:
    """A line that begins with nearly the right brackets: its number and those brackets."""
    one = re.escape(label)
    forms = (
        rf"\[\^\s*{one}\s*\][;=：–—]",
        rf"\[\^\s*{one}\s*:\]?",
        rf"\[{one}\^?\]:(?!\s*<?\w+:)",
        rf"[({{]\^{one}[)}}]:",
        rf"\^\[?{one}\]?:",
    )
    match = re.search(rf"^[ ]{{0,3}}(?:{'|'.join(forms)})", page.source, re.M)
    return (position(page.source, match.start())[0], match[0].strip()) if match else None


def _alike(label: str, others: tuple[str, ...]) -> str:
    folded = " ".join(label.split()).casefold()
    return next((one for one in others if " ".join(one.split()).casefold() == folded and one != label), "")


def _near(page: NotePage, label: str) -> str:
    """A defined label that the mark may have meant."""
    if label.isdigit():
        return ""
    return next(iter(difflib.get_close_matches(label, page.notes.defined, 1, 0.75)), "")


def late(page: NotePage) -> Iterator[Diagnostic]:
    """Definitions that the renderer found in the body of another note, too late."""
    for one, place in page.definitions:
        if one.late and not one.replaced:
            mark = next((mark for mark in page.notes.marks if mark.label == one.label), None)
            written = (spot for spot in page.labelled(one.label) if spot.kind == "mark")
            spot = page.mark(mark) if mark else next(written, place)
            there = f" ({where(place, page.path)})" if place else ""
            message = f"Nothing defines the note '{one.label}': its definition{there} is part of another note."
            yield page.fault(UNDEFINED, spot, message, "Begin the definition at the left margin.")


def _why_not(place: Place) -> str:
    spaces = indent(place.lead or "")
    if spaces >= 4:
        return f"is indented by {spaces} spaces, so that it is not read as one"
    return "is not read as one where it stands"


def _in_comment(place: Place) -> bool:
    return any(a <= place.start < b and place.text.startswith("<!--", a) for a, b in dead(place.text))


def _typing_error(mark: str, other: str) -> bool:
    """Whether one letter tells two labels apart; another digit makes another label."""
    if min(len(mark), len(other)) < 4:
        return False
    same = difflib.SequenceMatcher(None, mark, other, autojunk=False).get_opcodes()
    changed = [(mark[a:b], other[c:d]) for tag, a, b, c, d in same if tag != "equal"]
    letters = all((a + b).isalpha() for a, b in changed)
    return letters and sum(max(len(a), len(b)) for a, b in changed) <= (2 if sorted(mark) == sorted(other) else 1)


def explained(page: NotePage) -> set[str]:
    """Labels that no mark uses because of a fault already told: the mark is there, spelt a little differently."""
    unused = page.notes.unused
    found = {_alike(label, page.notes.defined) for label in page.left}
    found |= {label for label in unused if "[^" in label}  # the bracket before it is not closed
    return found | {other for label in page.left for other in unused if _typing_error(label, other)}
