"""Paragraphs that were meant to belong to a note. The renderer cannot know; only what is nearly certain is reported."""

from __future__ import annotations

import re
from collections.abc import Iterator

from handbook.diagnostics import Diagnostic, rule
from handbook.noteplaces import NotePage, Place, block_end, indent, line_end, position
from handbook.notetree import squeezed

CONTINUATION = rule(
    "note-continuation",
    "error",
    "A further paragraph of a note is not indented by four spaces, so it stands in the text instead.",
    "Text.[^act]\n\n[^act]: The act.\n\n  It has two parts.",
    "Text.[^act]\n\n[^act]: The act.\n\n    It has two parts.",
)

# What begins something else than a paragraph.
_BLOCK = re.compile(
    r"[-*+]\s|\d+[.)]\s|[#>|<{]|```|~~~|:|///|!!!|\?\?\?|===|;*-+8<-|\*\[|!?\[[^\]]*\]:|\$\$|\\|---|\*\*\*|___"
)
_END_MATTER = re.compile(r";*-+8<-|\*\[|\[[^\]^][^\]\n]*\]:|<!--")
_BACK = re.compile(r"(?:It|Its|He|His|She|Her|They|Their|These|Those)\s")
_LIST = re.compile(r"[-*+]\s|\d+[.)]\s")


def continuations(page: NotePage) -> Iterator[Diagnostic]:
    """The block after a note: indented by one to three spaces, announced by a colon, between two finished notes,
    before a list that is indented as if it were in the note, or the last of a file behind what only ends a file, if it
    begins with a word that points back.

    A paragraph at the left margin is otherwise the text that goes on.
    """
    for place in dict.fromkeys(place for _, place in page.definitions):
        if place and place.lead is not None and not place.lead.strip() and place.label in page.shown:
            yield from _continuation(page, place)


def _continuation(page: NotePage, place: Place) -> Iterator[Diagnostic]:
    lead = indent(place.lead or "")
    found = _after(place, lead)
    if found is None:
        return
    start, extra, last = found
    text = place.text
    line = text[start : line_end(text, start)]
    stripped = line.strip()
    announced = re.search(r"[:,;–—]$", last) is not None
    if _BLOCK.match(stripped) and not (announced and _LIST.match(stripped)):
        return
    block = text[start : block_end(text, start)]
    if extra == 0 and not (
        lead == 0
        and "[^" not in block
        and (announced or _between(page, place, start) or _resumed(text, start) or _closes(place, start))
    ):
        return
    if squeezed(block) in squeezed(page.shown[place.label][0].text):
        return
    how = f"indented by {extra} space{'s' * (extra > 1)}" if extra else "not indented"
    message = f"The paragraph after the note '{place.label}' is {how}, so it is not part of the note."
    hint = "Indent it by four spaces, or, if it belongs to the text, put it before the note without indentation."
    column = len(line) - len(line.lstrip()) + 1
    yield CONTINUATION.at(place.path, position(text, start)[0], column, message, hint)


def _resumed(text: str, start: int) -> bool:
    """Whether a paragraph announces a list that is indented as in a note, and without the paragraph would be code."""
    end = block_end(text, start)
    after = text[end:].lstrip("\n").partition("\n")[0]
    return text[start:end].rstrip().endswith(":") and indent(after) == 4 and bool(_LIST.match(after.lstrip()))


def _closes(place: Place, start: int) -> bool:
    """Whether a paragraph ends the file and points back, and the notes before it follow no paragraph but end matter."""
    text = place.text
    if not _BACK.match(text, start) or text[block_end(text, start) :].strip():
        return False
    for block in reversed(re.split(r"\n[ \t]*\n", text[: place.start].rstrip())):
        if not block.startswith(("    ", "\t", "[^")):
            return bool(_END_MATTER.match(block))
    return False


def _between(page: NotePage, place: Place, start: int) -> bool:
    """Whether one paragraph without a mark stands between two definitions whose marks all come before them."""
    text = place.text
    end = block_end(text, start)
    following = end + len(text[end:]) - len(text[end:].lstrip("\n"))
    after = next((one for one in page.places if one.path == place.path and one.start == following), None)
    if after is None or after.kind != "definition" or after.label == place.label:
        return False
    labels = (place.label, after.label)
    marks = [one for one in page.places if one.kind == "mark" and one.alive and one.label in labels]
    return {one.label for one in marks} == set(labels) and all(
        one.path == place.path and one.start < place.start for one in marks
    )


def _after(place: Place, lead: int) -> tuple[int, int, str] | None:
    """The first block after a note that is not its body: its start, its indentation beyond the note's, the line before.

    None where the note ends the file, or where no empty line stands between.
    """
    text, at, last = place.text, line_end(place.text, place.end), place.line.rstrip()
    empty = False
    while at < len(text):
        begin = at + 1
        at = line_end(text, begin)
        line = text[begin:at]
        if not line.strip():
            empty = True
            continue
        extra = indent(line) - lead
        if empty and extra < 4:
            return (begin, extra, last) if extra >= 0 else None
        if not empty and line.lstrip().startswith("[^") and extra < 4:
            return None
        last, empty = line.rstrip(), False
    return None
