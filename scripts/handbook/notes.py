"""Python-Markdown extension that watches the footnotes extension at work and keeps a record of each document.

The renderer judges what a note is: code, comments, escapes and snippets come right by themselves. Three methods of
``markdown.extensions.footnotes`` are watched (where a definition is set, where a mark is handled, where the notes are
put together), then the final tree is read. The output is not changed. A blank document makes no record, since
Python-Markdown ends before any processor runs; a nested conversion (a docstring) makes its own, before the outer one.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as etree
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from markdown import Markdown
from markdown.extensions import Extension
from markdown.extensions.footnotes import FootnoteExtension
from markdown.preprocessors import Preprocessor
from markdown.treeprocessors import Treeprocessor

from handbook.notetree import Leftover, Mark, read


@dataclass(frozen=True, slots=True)
class Definition:
    """``[^label]: text`` as the renderer took it, its body without indentation.

    ``replaced``: an earlier one of the same label is lost. ``late``: it stood in the body of another note, and is lost.
    """

    label: str
    text: str
    replaced: bool = False
    late: bool = False


@dataclass(frozen=True, slots=True)
class Notes:
    """The footnotes of one document. ``text`` is the Markdown that the converter was given, before any snippet.

    ``definitions`` are in the order of setting, ``marks`` and ``leftovers`` in that of the rendered page.
    ``numbered`` are the labels in the order of the numbers that readers see.
    ``broken``: Python-Markdown fails on the document because of a late definition; only definitions are kept.
    """

    text: str
    enabled: bool = True
    broken: bool = False
    definitions: tuple[Definition, ...] = ()
    marks: tuple[Mark, ...] = ()
    leftovers: tuple[Leftover, ...] = ()
    numbered: tuple[str, ...] = ()

    @property
    def defined(self) -> tuple[str, ...]:
        """Labels that a mark can lead to, in the order of their first definition."""
        return tuple(dict.fromkeys(one.label for one in self.definitions if not one.late))

    @property
    def used(self) -> tuple[str, ...]:
        """Labels of the marks that a reader sees, in the order of their first use."""
        return tuple(dict.fromkeys(mark.label for mark in self.marks))

    @property
    def unused(self) -> tuple[str, ...]:
        """Labels defined and never used."""
        used = set(self.used)
        return tuple(label for label in self.defined if label not in used)


class NotesExtension(Extension):
    """``handbook.notes``; ``sink`` is a list, to which the :class:`Notes` of each converted document are appended."""

    def __init__(self, **kwargs: Any) -> None:
        self.config = {"sink": [[], "A list that takes one record a document"]}
        super().__init__(**kwargs)

    def extendMarkdown(self, md: Markdown) -> None:
        """First and last: the footnotes extension may be loaded later, so it is looked for when a document begins."""
        watch = _Watch(md, self.getConfig("sink"))
        md.preprocessors.register(_Begin(watch), "handbook_notes", 1000)
        # Above the unescaping (0), after which \[^x] looks like a mark that stayed text.
        md.treeprocessors.register(_End(watch), "handbook_notes", 0.5)


def makeExtension(**kwargs: Any) -> NotesExtension:
    """Entry point that Python-Markdown looks for."""
    return NotesExtension(**kwargs)


@dataclass(slots=True)
class _Document:
    """What has been seen of a document so far. Elements are known by identity, since other processors change ids."""

    text: str
    definitions: list[Definition] = field(default_factory=list)
    marks: dict[etree.Element, str] = field(default_factory=dict)
    bodies: dict[etree.Element, str] = field(default_factory=dict)
    late: bool = False


class _Watch:
    """Stands between one converter and its footnotes extension. Documents form a stack, should one hold another."""

    def __init__(self, md: Markdown, sink: list[Notes]) -> None:
        self.md, self.sink = md, sink
        self.footnotes: FootnoteExtension | None = None
        self.open: list[_Document] = []

    def begin(self, text: str) -> None:
        """A document begins. Of two footnotes extensions the later has taken the place of the earlier."""
        loaded = [one for one in self.md.registeredExtensions if isinstance(one, FootnoteExtension)]
        if loaded and loaded[-1] is not self.footnotes:
            self.footnotes = loaded[-1]
            self._watch(self.footnotes)
        self.open.append(_Document(text))

    def end(self, root: etree.Element) -> None:
        """The tree is final."""
        if not self.open:
            return
        document = self.open.pop()
        marks, leftovers = read(root, document.marks, document.bodies, self.md.htmlStash.rawHtmlBlocks)
        marks += self._stashed(document, {mark.label for mark in marks})
        numbered = tuple(self.footnotes.footnotes) if self.footnotes is not None else ()
        if self.footnotes is not None and not self.footnotes.getConfig("USE_DEFINITION_ORDER"):
            numbered = tuple(self.footnotes.footnote_order)
        found = tuple(document.definitions), tuple(marks), tuple(leftovers), numbered
        self.sink.append(Notes(document.text, self.footnotes is not None, False, *found))

    def _stashed(self, document: _Document, seen: set[str]) -> list[Mark]:
        """Marks that an extension has put away as HTML. Those in a comment or an image's text no reader sees."""
        missing = [label for label in dict.fromkeys(document.marks.values()) if label not in seen]
        if not missing or self.footnotes is None:
            return []
        # What stands in the stash of an inline converter is text or an element.
        raw = [one for one in self.md.htmlStash.rawHtmlBlocks if isinstance(one, str) and "footnote-ref" in one]
        shown = [one for one in raw if not one.lstrip().startswith("<!--")]
        names = {label: f'href="#{self.footnotes.makeFootnoteId(label)}"' for label in missing}
        return [Mark(label) for label in missing if any(names[label] in one for one in shown)]

    def _watch(self, footnotes: FootnoteExtension) -> None:
        """Put ourselves before three methods of the instance; what they do and return stays the same."""
        set_footnote, make_div = footnotes.setFootnote, footnotes.makeFootnotesDiv
        processor = self.md.inlinePatterns["footnote"]
        handle: Callable[..., Any] = processor.handleMatch

        def setting(id: str, text: str) -> None:
            if self.open:
                document = self.open[-1]
                document.definitions.append(Definition(id, text, id in footnotes.footnotes, document.late))
            set_footnote(id, text)

        def handling(m: re.Match[str], data: str) -> Any:
            found = handle(m, data)
            if self.open and found[0] is not None:
                self.open[-1].marks[found[0]] = m.group(1)
            return found

        def making(root: etree.Element) -> etree.Element | None:
            if not self.open:
                return make_div(root)
            document = self.open[-1]
            document.late = True
            try:
                div = make_div(root)
            except RuntimeError:
                # A definition inside a note changes the notes while they are being gone through.
                self.open.pop()
                self.sink.append(Notes(document.text, broken=True, definitions=tuple(document.definitions)))
                raise
            document.late = False
            if div is not None:
                document.bodies = dict(zip(div.iterfind("ol/li"), footnotes.footnotes, strict=False))
            return div

        for target, name, ours in (
            (footnotes, "setFootnote", setting),
            (footnotes, "makeFootnotesDiv", making),
            (processor, "handleMatch", handling),
        ):
            setattr(target, name, ours)


class _Begin(Preprocessor):
    def __init__(self, watch: _Watch) -> None:
        super().__init__(watch.md)
        self.watch = watch

    def run(self, lines: list[str]) -> list[str]:
        self.watch.begin("\n".join(lines))
        return lines


class _End(Treeprocessor):
    def __init__(self, watch: _Watch) -> None:
        super().__init__(watch.md)
        self.watch = watch

    def run(self, root: etree.Element) -> None:
        self.watch.end(root)
