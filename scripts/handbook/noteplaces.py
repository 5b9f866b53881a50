"""Where the notes of one page were written: all brackets of notes in page and snippets, told apart by their words.

Definitions are told apart by their text, marks by the letters around them. The source decides nothing else: what is a
note was decided by the renderer.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from handbook.diagnostics import Diagnostic, Rule
from handbook.locate import dead
from handbook.notes import Definition, Notes
from handbook.notetree import Leftover, Mark, squeezed

# An inline note may hold marks, so that it is only looked at, not passed over.
_BRACKETS = re.compile(r"\[\^(?P<label>[^\[\]]*)\](?P<colon>:?)|(?<!\[)\^(?=\[(?P<inline>(?:[^\[\]]|\[[^\[\]]*\])+)\])")
_LEAD = re.compile(r"[ \t]*(?:(?:>|[-*+]|\d+[.)]|:)[ \t]+|>)*")
_FRONT = re.compile(r"---[ \t]*\n.*?^(?:---|\.\.\.)[ \t]*\n", re.S | re.M)
_END = re.compile(r"\n[ \t]*(?:\n|$)")


@dataclass(frozen=True, slots=True)
class Place:
    """Brackets of a note in a file: ``kind`` is ``mark``, ``definition`` or ``inline``; dead ones are code or comment.

    ``lead`` is the white space, or the marker of a list or quotation, between them and the margin; None if words are.
    """

    path: str
    text: str
    start: int
    end: int
    label: str
    kind: str
    lead: str | None
    alive: bool

    @property
    def at(self) -> tuple[str, int, int]:
        """Path, line and column."""
        return (self.path, *position(self.text, self.start))

    @property
    def line(self) -> str:
        """What follows on the line."""
        return self.text[self.end : line_end(self.text, self.end)]


class NotePage:
    """What is known of one page, its places found once."""

    def __init__(
        self, path: str, source: str, notes: Notes, elsewhere: Mapping[str, set[str]], snippets: Mapping[str, str]
    ) -> None:
        self.path, self.notes = path, notes
        self.elsewhere = {other: labels for other, labels in elsewhere.items() if other != path}
        self.source = source.replace("\r\n", "\n")
        front = _FRONT.match(self.source) if not notes.text.startswith("---") else None
        self.places = [*_places(path, self.source, front.end() if front else 0)]
        for name, text in snippets.items():
            self.places += _places(name, text.replace("\r\n", "\n"), 0)
        self.of: dict[str, list[Place]] = {}
        for one in self.places:
            self.of.setdefault(one.label, []).append(one)
        taken: set[Place] = set()
        self.definitions = [(one, self.definition(one, taken)) for one in notes.definitions]
        # Of several definitions the last is shown.
        self.shown = {one.label: (one, place) for one, place in self.definitions if not one.late}
        self.left: dict[str, list[Leftover]] = {}
        for leftover in notes.leftovers:
            if leftover.kind != "inline":
                self.left.setdefault(leftover.label, []).append(leftover)

    def definition(self, one: Definition, taken: set[Place]) -> Place | None:
        """The place of a definition: alive, not another's, and with the same text. One included twice has one place."""
        wanted = one.text.strip().partition("\n")[0].strip()

        def rank(place: Place) -> tuple[bool, bool, bool, int]:
            text = place.line.strip()
            return place.alive, place not in taken, text == wanted, common(text, wanted)

        every = self.labelled(one.label)
        candidates = [place for place in every if place.kind == "definition"]
        # Something that the renderer takes away may stand before it, such as a comment.
        candidates = candidates or [place for place in every if place.text[place.end - 1] == ":"]
        if not candidates:
            return None
        place = max(candidates, key=rank) if len(candidates) > 1 else candidates[0]
        taken.add(place)
        return place

    def mark(self, one: Mark | Leftover, definition: bool = False) -> Place | None:
        """The place of a mark, told from others of its label by the words around it, then by their order."""
        if isinstance(one, Leftover) and one.kind == "inline":
            candidates = [place for place in self.places if place.kind == "inline"]
        else:
            candidates = [place for place in self.labelled(one.label) if place.kind == "mark" or definition]
        if len(candidates) < 2:
            return candidates[0] if candidates else None
        every: list[Mark | Leftover] = [*self.notes.marks, *self.notes.leftovers]
        alike = (one.label, one.before, one.after)
        like = [other for other in every if (other.label, other.before, other.after) == alike]
        number = next(index for index, other in enumerate(like) if other is one)
        ranks = [_nearness(place, one) for place in candidates]
        best = [place for place, rank in zip(candidates, ranks, strict=True) if rank == max(ranks)]
        return best[min(number, len(best) - 1)]

    def labelled(self, label: str) -> list[Place]:
        """Places of a label; of one that the renderer has changed (quotation marks, entities), of the like."""
        if label in self.of:
            return self.of[label]
        wanted = squeezed(label)
        return [one for one in self.places if one.kind != "inline" and squeezed(one.label) == wanted] if wanted else []

    def fault(self, rule: Rule, place: Place | None, message: str, hint: str) -> Diagnostic:
        """A breach of a rule at a place; at line 0 of the page where there is none."""
        return rule.at(*(place.at if place else (self.path, 0, 0)), message, hint)


def _places(path: str, text: str, begin: int) -> Iterator[Place]:
    """All brackets of notes in a file, dead ones too: where a definition only stands in code is worth saying."""
    off = dead(text) if "[^" in text or "^[" in text else ()
    begins = [a for a, _ in off]
    for match in _BRACKETS.finditer(text, begin):
        start = match.start()
        line = text.rfind("\n", 0, start) + 1
        lead = text[line:start] if _LEAD.fullmatch(text, line, start) else None
        if match["inline"] is not None:
            label, kind = match["inline"], "inline"
        else:
            label = " ".join(match["label"].split())
            kind = "definition" if match["colon"] and lead is not None else "mark"
            if text[max(start - 1, 0) : start] == "\\" and text[max(start - 2, 0) : start] != "\\\\":
                continue
        behind = bisect_right(begins, start)
        alive = not behind or start >= off[behind - 1][1]
        end = match.end("inline") + 1 if kind == "inline" else match.end()
        yield Place(path, text, start, end, label, kind, lead, alive)


def _nearness(place: Place, one: Mark | Leftover) -> int:
    """How many letters around two places agree; code and comments rank lower."""
    before = squeezed(place.text[max(place.start - 200, 0) : place.start])
    after = squeezed(place.text[place.end : place.end + 200])
    label = common(squeezed(place.label), squeezed(one.label))
    return common(before[::-1], one.before[::-1]) + common(after, one.after) + label + 6 * place.alive


def common(one: str, other: str) -> int:
    """The length of the beginning that two texts share."""
    return next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def neighbours(place: Place) -> tuple[str, str]:
    """The lines before and after, stripped; an empty one where there is none."""
    text = place.text
    line = text.rfind("\n", 0, place.start) + 1
    before = text[text.rfind("\n", 0, max(line - 1, 0)) + 1 : max(line - 1, 0)]
    end = line_end(text, place.end)
    return before.strip(), text[end + 1 : line_end(text, end + 1)].strip()


def where(place: Place, path: str) -> str:
    """A place as a message on the page at ``path`` names it."""
    line = place.at[1]
    return f"line {line}" if place.path == path else f"{place.path}:{line}"


def indent(line: str) -> int:
    """The columns of white space at the beginning of a line."""
    spaces = line.expandtabs(4)
    return len(spaces) - len(spaces.lstrip())


def line_end(text: str, start: int) -> int:
    """The end of the line in which ``start`` lies."""
    end = text.find("\n", start)
    return len(text) if end < 0 else end


def block_end(text: str, start: int) -> int:
    """The end of the block that begins at ``start``."""
    match = _END.search(text, start)
    return match.start() if match else len(text)


def position(text: str, start: int) -> tuple[int, int]:
    """Line and column, from 1."""
    return text.count("\n", 0, start) + 1, start - text.rfind("\n", 0, start)
