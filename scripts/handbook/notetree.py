"""The footnotes of a final tree, as Python-Markdown leaves it: the marks that readers see, and what stayed text.

Read before escapes are undone, so that an escaped bracket is known from one that the renderer did not understand.
"""

from __future__ import annotations

import html
import re
import xml.etree.ElementTree as etree
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from markdown.util import AtomicString

CONTEXT = 24
"""How many letters and digits on each side are kept, to tell one place in the source from another."""

HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
CODE = {"code", "pre", "kbd", "samp", "tt", "var", "script", "style", "math", "textarea", "svg"}
INLINE = {
    *("a", "abbr", "autoref", "b", "bdi", "bdo", "big", "br", "cite", "data", "del", "dfn", "em", "font", "i", "img"),
    *("ins", "label", "mark", "q", "s", "small", "span", "strike", "strong", "sub", "sup", "time", "u", "wbr"),
}

_MARK, _CODE, _ESCAPED, _OPEN, _CLOSE = "\x1d", "\x00", "\x1a", "\x0e", "\x0f"
_STASHED = re.compile("\x02(?:wzxhzdk:(\\d+)|(\\d+)|amp)\x03")
_RAW = re.compile(rf"<(/?)({'|'.join(CODE)})\b", re.I)
_DOLLARS = re.compile(r"\$\$.*?\$\$|(?<![\w$])\$(?=\S)[^$\n]*?(?<=\S)\$(?![\w$])", re.S)
_LEFT = re.compile(rf"\[\^([^\[\]{_CODE}\x02\x03{_ESCAPED}{_MARK}]*)\](:?)")
_INLINE = re.compile(rf"(?<![\[\\{_ESCAPED}])\^\[((?:[^\[\]]|\[[^\[\]]*\])+)\](?![\^(\[])")
# A class of a regular expression, as in "all of [^a-z]": ranges, an escape, or nothing but punctuation.
_RANGE = r"(?:[a-z]-[a-z]|[A-Z]-[A-Z]|[0-9]-[0-9])"
_CLASS = re.compile(rf"(?=.*{_RANGE})(?:a-[zf]|A-[ZF]|0-[0-9]|1-9|[\W_])+|\s+|.*\\.*|(?!\*+$)[!-/:-@\[-`{{-~]+")


@dataclass(frozen=True, slots=True)
class Mark:
    """A mark in the final tree: in a heading or not, ``inside`` the note of that label or none.

    ``before`` and ``after`` are the nearest letters and digits of its block, for finding it in the source.
    """

    label: str
    before: str = ""
    after: str = ""
    heading: bool = False
    inside: str | None = None


@dataclass(frozen=True, slots=True)
class Leftover:
    """Markup that stayed text: ``kind`` is ``mark``, ``definition`` (a colon follows at a line's start) or ``inline``.

    ``label`` is what the brackets hold.
    """

    kind: str
    label: str
    before: str = ""
    after: str = ""


def read(
    root: etree.Element, marks: Mapping[etree.Element, str], bodies: Mapping[etree.Element, str], stash: list[Any]
) -> tuple[list[Mark], list[Leftover]]:
    """One pass over a tree. ``marks`` and ``bodies`` give the labels of its elements; ``stash`` is that of raw HTML."""
    reader = _Reader(marks, bodies, stash)
    reader.visit(root)
    reader.flush()
    return reader.marks, reader.leftovers


class _Reader:
    """One pass over the final tree, block after block; code becomes one odd character, a mark another."""

    def __init__(
        self, marks: Mapping[etree.Element, str], bodies: Mapping[etree.Element, str], stash: list[Any]
    ) -> None:
        self.labels, self.bodies, self.stash = marks, bodies, stash
        self.marks: list[Mark] = []
        self.leftovers: list[Leftover] = []
        self.heading = False
        self.inside: str | None = None
        self.parts: list[str] = []
        self.pending: list[str] = []
        # An element may have been copied since; its link still tells the label.
        self.links = {sup[0].get("href", ""): label for sup, label in marks.items() if len(sup)}

    def visit(self, element: etree.Element) -> None:
        """An element without its tail."""
        tag = element.tag
        if not isinstance(tag, str):
            return
        if tag == "sup" and (label := self._label(element)) is not None:
            self.pending.append(label)
            self.parts.append(_MARK)
            return
        if tag in CODE or "arithmatex" in element.get("class", ""):
            self.parts.append(_CODE)
            return
        if tag in INLINE:
            # mkdocs-autorefs takes [words][^label] for a reference of its own when the note is undefined, and so two
            # marks of one label, one at the end of a line and one at the beginning of the next.
            name = element.get("identifier", "") if tag == "autoref" else ""
            if name.startswith("^") and "".join(element.itertext()) == name:
                self.parts.append(f"[{name}]")
            else:
                self._content(element)
            if name.startswith("^"):
                self.parts.append(f"[{name}]")
            return
        self.flush()
        outer = self.heading, self.inside
        self.heading = self.heading or tag in HEADINGS
        self.inside = self.bodies.get(element, self.inside)
        self._content(element)
        self.flush()
        self.heading, self.inside = outer

    def _content(self, element: etree.Element) -> None:
        parts = self.parts
        if element.text:
            # An abbreviation is atomic too, and may be a label.
            atomic = isinstance(element.text, AtomicString) and element.tag != "abbr"
            parts.append(_CODE if atomic else element.text)
        for child in element:
            self.visit(child)
            if child.tail:
                parts.append(_CODE if isinstance(child.tail, AtomicString) else child.tail)

    def _label(self, sup: etree.Element) -> str | None:
        label = self.labels.get(sup)
        if label is None and len(sup) and sup[0].get("class") == "footnote-ref":
            label = self.links.get(sup[0].get("href", ""))
        return label

    def flush(self) -> None:
        """The end of a block: keep its marks, and what stayed text in it."""
        parts, pending = self.parts, self.pending
        if not parts:
            return
        text = "".join(parts)
        parts.clear()
        if not pending and "[^" not in text and "^[" not in text:
            return
        if "\x02" in text:
            text = self._unstash(text)
        for label, match in zip(pending, re.finditer(_MARK, text), strict=False):
            self.marks.append(Mark(label, *_around(text, *match.span()), self.heading, self.inside))
        pending.clear()
        self._left(text)

    def _unstash(self, text: str) -> str:
        """Put entities back, and odd characters for escapes and for code written as HTML."""

        def shown(match: re.Match[str]) -> str:
            if match[2]:
                return _ESCAPED
            raw = self.stash[int(match[1])] if match[1] and int(match[1]) < len(self.stash) else "&"
            if not isinstance(raw, str) or not raw.startswith("<"):
                return html.unescape(raw) if isinstance(raw, str) else ""
            tag = _RAW.match(raw)
            return "" if not tag else _CLOSE if tag[1] else _OPEN

        text = _STASHED.sub(shown, text)
        return re.sub(f"{_OPEN}[^{_CLOSE}]*{_CLOSE}?", lambda match: _CODE + _MARK * match[0].count(_MARK), text)

    def _left(self, text: str) -> None:
        if "$" in text:
            text = _DOLLARS.sub(_CODE, text)
        for match in _LEFT.finditer(text):
            start, end = match.span()
            before, after = text[max(start - 1, 0) : start], text[match.end(1) + 1 : match.end(1) + 3]
            if regular(match[1], before, after) or (after[:1] == "[" and after != "[^"):
                continue
            kind = "definition" if match[2] and before in ("", "\n") else "mark"
            self.leftovers.append(Leftover(kind, " ".join(match[1].split()), *_around(text, start, end)))
        for match in _INLINE.finditer(text):
            # Three letters in a row, or it may be mathematics.
            if re.search(r"[^\W\d_]{3}", match[1]):
                self.leftovers.append(Leftover("inline", match[1], *_around(text, *match.span())))


def regular(label: str, before: str, after: str) -> bool:
    """Whether ``[^label]`` is rather a class of a regular expression."""
    if _CLASS.fullmatch(label) or after[:1] in ("+", "*", "{"):
        return True
    return before == after[:1] == "/"


def _around(text: str, start: int, end: int) -> tuple[str, str]:
    return squeezed(text[max(start - 160, 0) : start])[-CONTEXT:], squeezed(text[end : end + 160])[:CONTEXT]


def squeezed(text: str) -> str:
    """The letters and digits of a text without its marks: what source and page have in common."""
    return re.sub(r"[\W_]+", "", re.sub(r"\[\^[^\]]*\]", "", text))
