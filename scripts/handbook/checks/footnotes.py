"""Footnotes: what the renderer made of them (``handbook.notes``), at the place where it was written.

One fault, one diagnostic: the most telling rule takes it. A label undefined in several places is reported at the first.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping

from handbook.checks.note_labels import explained, late, undefined
from handbook.checks.note_paragraphs import continuations
from handbook.diagnostics import Diagnostic, Rule, rule
from handbook.noteplaces import NotePage, Place
from handbook.notes import Notes
from handbook.notetree import Mark

UNUSED = rule(
    "note-unused",
    "warning",
    "A note is defined and no mark uses it; it stands at the foot of the page and its link back leads nowhere.",
    "Text.\n\n[^act]: The act.",
    "Text.[^act]\n\n[^act]: The act.",
)
DUPLICATE = rule(
    "note-duplicate",
    "error",
    "A file defines a label twice; only the last definition is shown.",
    "Text.[^act]\n\n[^act]: The act.\n[^act]: The bill.",
    "Text.[^act] More.[^bill]\n\n[^act]: The act.\n[^bill]: The bill.",
)
CLASH = rule(
    "note-clash",
    "error",
    "A page and a file that it includes define the same label; only the last definition is shown.",
    '--8<-- "notes.md"\n\nText.[^act]\n\n[^act]: Another act.',
    '--8<-- "notes.md"\n\nText.[^act] More.[^bill]\n\n[^bill]: The bill.',
)
NESTED = rule(
    "note-nested",
    "warning",
    "A note refers to another note, which sends readers from one foot of the page to the other.",
    "Text.[^act]\n\n[^act]: The act.[^bill]\n[^bill]: The bill.",
    "Text.[^act][^bill]\n\n[^act]: The act.\n[^bill]: The bill.",
)
SELF = rule(
    "note-self",
    "error",
    "A note refers to itself.",
    "Text.[^act]\n\n[^act]: The act, see[^act].",
    "Text.[^act]\n\n[^act]: The act.",
)
EMPTY = rule("note-empty", "error", "A note has no text.", "Text.[^act]\n\n[^act]:", "Text.[^act]\n\n[^act]: The act.")
ORDER = rule(
    "note-order",
    "warning",
    "All notes of a page are numbered, and their marks do not come in the order of the numbers.",
    "One.[^2] Two.[^1]\n\n[^1]: A.\n[^2]: B.",
    "One.[^1] Two.[^2]\n\n[^1]: A.\n[^2]: B.",
)
NUMBERS = rule(
    "note-numbers",
    "note",
    "Readers see the numbers of notes in the order of the definitions, and the marks come in another.",
    "One.[^a] Two.[^b]\n\n[^b]: B.\n[^a]: A.",
    "One.[^a] Two.[^b]\n\n[^a]: A.\n[^b]: B.",
)
HEADING = rule(
    "note-heading",
    "warning",
    "A mark stands in a heading, and so in tables of contents, titles and links.",
    "## Scope[^act]\n\n[^act]: The act.",
    "## Scope\n\nText.[^act]\n\n[^act]: The act.",
)
_COMMENT = re.compile(r"<!--.*?-->", re.S)
INLINE = rule(
    "note-inline",
    "error",
    "Notes within the line, ^[text], belong to other Markdown programs; here readers see them as text.",
    "Text.^[The act.]",
    "Text.[^act]\n\n[^act]: The act.",
)


def check(
    path: str, source: str, notes: Notes, elsewhere: Mapping[str, set[str]], snippets: Mapping[str, str]
) -> Iterator[Diagnostic]:
    """All faults of the notes of one page, in order.

    ``elsewhere`` gives the labels that other pages define by their paths, ``snippets`` the texts of the files that
    this page includes. A fault that stands in neither page nor snippet (a macro wrote it) is at line 0 of the page.
    """
    if not notes.definitions and not notes.leftovers:
        return
    yield from sorted(set(_faults(NotePage(path, source, notes, elsewhere, snippets))))


def _faults(page: NotePage) -> Iterator[Diagnostic]:
    """In no order."""
    yield from late(page)
    yield from undefined(page)
    yield from _doubled(page)
    yield from _marks(page)
    if not page.notes.broken:
        yield from _unused(page)
    yield from _order(page)
    yield from continuations(page)
    for leftover in page.notes.leftovers:
        if leftover.kind == "inline":
            message = f"'^[{_short(leftover.label)}]' stays text: it is another program's form of a note."
            hint = "Write a mark here and define the note on a line of its own: [^label]: text."
            yield page.fault(INLINE, page.mark(leftover), message, hint)


def _doubled(page: NotePage) -> Iterator[Diagnostic]:
    earlier: dict[str, list[Place | None]] = {}
    for one, place in page.definitions:
        before = earlier.setdefault(one.label, [])
        if before and place not in before and (one.replaced or not one.late):
            yield _double(page, one.label, place, before)
        before.append(place)


def _double(page: NotePage, label: str, place: Place | None, before: list[Place | None]) -> Diagnostic:
    path = place.path if place else ""
    first = next((one for one in before if (one.path if one else "") == path), None)
    if first:
        line = first.at[1]
        message = f"The note '{label}' is defined a second time (first on line {line}); the last definition is shown."
        return page.fault(DUPLICATE, place, message, "Remove one, or give it another label and marks of its own.")
    other = before[0]
    own = other if other and other.path == page.path else place
    foreign = place if own is other else other
    there = foreign.path if foreign else "an included file"
    message = f"The note '{label}' is defined here and in {there}; the last definition is shown."
    return page.fault(CLASH, own, message, "Give the note of this page another label.")


def _unused(page: NotePage) -> Iterator[Diagnostic]:
    unused, told = {*page.notes.unused}, explained(page)
    for label, (one, place) in page.shown.items():
        if not _COMMENT.sub("", one.text).strip():
            yield page.fault(EMPTY, place, f"The note '{label}' has no text.", "Write it after the colon.")
        elif label in unused and label not in told:
            on = f" of {page.path}" if place and place.path != page.path else ""
            message = f"No mark{on} uses the note '{label}'."
            yield page.fault(UNUSED, place, message, f"Put [^{label}] where it belongs, or remove the note.")


def _marks(page: NotePage) -> Iterator[Diagnostic]:
    seen: set[tuple[str, str]] = set()
    lost = {one.label for one, _ in page.definitions if one.late} - page.shown.keys()
    for mark in page.notes.marks:
        label = mark.label
        if mark.inside is not None:
            pair = (mark.inside, label)
            if pair in seen or label in lost:
                continue
            seen.add(pair)
            if mark.inside == label:
                message = f"The note '{label}' refers to itself."
                yield page.fault(SELF, page.mark(mark), message, "Remove the mark, or name the note meant.")
            else:
                message = f"The note '{mark.inside}' refers to the note '{label}'."
                hint = "Say it in the note itself, or put both marks in the text."
                yield page.fault(NESTED, page.mark(mark), message, hint)
        elif mark.heading and label in page.shown:
            message = f"The mark of the note '{label}' stands in a heading."
            yield page.fault(HEADING, page.mark(mark), message, "Move it to the text below the heading.")


def _order(page: NotePage) -> Iterator[Diagnostic]:
    """The labels outside the longest rising run of first uses are out of place; the first of them is reported."""
    first: dict[str, Mark] = {}
    for mark in page.notes.marks:
        if mark.inside is None:
            first.setdefault(mark.label, mark)
    if all(label.isascii() and label.isdigit() for label in {*page.notes.defined, *page.left}):
        what, hint = "is out of order: the marks come as", "Number the notes in the order of their first marks."
        yield from _misplaced(page, ORDER, first, {label: int(label) for label in first}, what, hint)
    elif all(place and place.path == page.path for _, place in page.definitions):
        # A file of notes that many pages include has one order for all of them.
        numbers = {label: number for number, label in enumerate(page.notes.numbered, 1)}
        what, hint = "is out of order: readers see the numbers", "Define the notes in the order of their first marks."
        seen = {label: numbers[label] for label in first if label in numbers}
        yield from _misplaced(page, NUMBERS, first, seen, what, hint)


def _misplaced(
    page: NotePage, rule: Rule, marks: Mapping[str, Mark], numbers: Mapping[str, int], what: str, hint: str
) -> Iterator[Diagnostic]:
    kept = _rising([*numbers.values()])
    for label, number in numbers.items():
        if number not in kept:
            message = f"The note '{label}' {what} {', '.join(map(str, numbers.values()))}."
            yield page.fault(rule, page.mark(marks[label]), message, hint)
            return


def _rising(numbers: list[int]) -> set[int]:
    """The longest rising run through numbers; where two are swapped, it holds the lower."""
    tails: list[int] = []
    runs: list[list[int]] = []
    for number in numbers:
        at = bisect_left(tails, number)
        run = [*(runs[at - 1] if at else []), number]
        if at == len(tails):
            tails.append(number)
            runs.append(run)
        else:
            tails[at], runs[at] = number, run
    return set(runs[-1]) if runs else set()


def _short(text: str) -> str:
    text = " ".join(text.replace("\x00", "…").split())
    return text if len(text) <= 40 else f"{text[:39]}…"
