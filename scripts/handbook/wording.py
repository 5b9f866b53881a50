"""The words of each section of a rendered page, as an edition keeps them and as two editions are compared.

One line a block (paragraph, list item, table row, code), white space folded, Unicode in form NFC (UAX #15). Without
permanent links and generated lists; with citations as they are shown, with the words of notes where they are marked,
and with each declared verdict, since a verdict that turns is a change of substance.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from handbook.records import PERMANENT_ID, VERDICTS, WORKS_ID

HEADINGS = {f"h{level}": level for level in range(1, 7)}
_BLOCKS = {
    *("p", "ul", "ol", "li", "dl", "dt", "dd", "table", "thead", "tbody", "tr", "pre", "blockquote", "div", "section"),
    *("figure", "figcaption", "details", "summary", "hr", "article", "aside", "caption"),
}
_APART = {"cite", "changed-since"}
_LINKS = ("headerlink", "footnote-backref")


@dataclass(slots=True)
class Words:
    """A section or item while its page is read: the id of what holds it, and its lines."""

    within: str
    lines: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The lines as one text."""
        return "\n".join(self.lines)


def words(root: Any, page_id: str) -> dict[str, Words]:
    """By permanent id, the words of the page and of every section and item below ``root``, in document order.

    A section holds all up to the next heading of its level, the items and sections in it among them.
    """
    walk = _Walk(page_id, {item.get("id", ""): item for item in root.iter("li") if item.get("id", "").startswith("fn")})
    walk.visit(root)
    return walk.found


class _Walk:
    def __init__(self, page_id: str, notes: dict[str, Any]) -> None:
        self.notes = notes
        self.found: dict[str, Words] = {}
        self.open: list[tuple[int, str]] = []
        self.begin(1, page_id)
        self.ended = False

    def visit(self, element: Any) -> None:
        """Walk what a block holds: runs of text become lines, blocks are walked in turn."""
        run = [element.text or ""]
        for child in element:
            if self.ended:
                return
            if child.tag in HEADINGS or child.tag in _BLOCKS:
                self.line("".join(run))
                run = []
                self.block(child)
            else:
                run += self.inline(child)
            run.append(child.tail or "")
        self.line("".join(run))

    def block(self, element: Any) -> None:
        name = element.get("id") or ""
        if element.tag in HEADINGS:
            self.heading(element, HEADINGS[element.tag], name)
        elif element.get("class") == "works-cited" or name == WORKS_ID or element.get("class") == "footnote":
            self.ended = element.get("class") != "footnote"  # notes stand where they are marked
        elif element.get("data-generated"):
            pass
        elif element.tag == "tr":
            self.line(" | ".join(" ".join("".join(self.inline(cell)).split()) for cell in element))
        elif PERMANENT_ID.fullmatch(name):
            before = [*self.open]
            self.begin(7, name)
            self.visit(element)
            self.open = before  # whatever headings stand inside
        else:
            self.visit(element)

    def heading(self, element: Any, level: int, name: str) -> None:
        if level == 1:
            return
        if name == WORKS_ID:
            self.ended = True
            return
        while self.open and self.open[-1][0] >= level:
            self.open.pop()
        self.line("".join(self.inline(element)))
        if PERMANENT_ID.fullmatch(name):
            self.begin(level, name)

    def begin(self, level: int, name: str) -> None:
        self.found.setdefault(name, Words(self.open[-1][1] if self.open else ""))
        self.open.append((level, name))

    def line(self, text: str) -> None:
        line = unicodedata.normalize("NFC", " ".join(text.split()))
        if line:
            for _, name in self.open:
                if name in self.found:
                    self.found[name].lines.append(line)

    def inline(self, element: Any) -> Iterator[str]:
        """The words of an inline element, as a reader is meant to take them."""
        kind = element.get("class") or ""
        asked = (element.get("data-generated") or "").split()
        if asked[:1] == ["verdict"] and asked[1:]:
            yield f"{VERDICTS.get(asked[1], asked[1])} {', '.join(asked[2:])}. "
        elif kind.startswith("footnote-ref"):
            name = (element.get("href") or "").lstrip("#")
            if name in self.notes:
                note = self.notes.pop(name)  # a note may mark itself, or one that marks it
                yield f" [Note: {' '.join(''.join(self.inline(note)).split())}]"
                self.notes[name] = note
        elif isinstance(element.tag, str) and not asked and kind not in _APART and not kind.startswith(_LINKS):
            yield element.text or ("\n" if element.tag == "br" else "") or ""
            for child in element:
                yield from self.inline(child)
                yield child.tail or ""
            if element.tag == "img":
                yield element.get("alt") or ""
