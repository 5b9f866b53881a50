"""Python-Markdown extension: citations, the list of works cited, and visible permanent ids. Works without MkDocs.

Configuration: ``bibliography`` (path of a .bib file, or a Bibliography), ``index`` (address of the citation index, to
which each work in the list leads; empty for none), ``heading`` (of the list of works cited).

A mark is ``<a class="citation" id="cite-KEY-1" href="#work-KEY" data-key="KEY" data-locator="para. 9" title="…">``; its
title is the full reference.
What cannot be resolved is visible as ``<strong class="citation-fault" …>`` and carries its own diagnosis.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as etree
from collections.abc import Iterable
from html import escape
from pathlib import Path
from typing import Any

from markdown import Markdown
from markdown.extensions import Extension
from markdown.inlinepatterns import InlineProcessor
from markdown.treeprocessors import Treeprocessor
from markdown.util import HTML_PLACEHOLDER_RE, INLINE_PLACEHOLDER_RE, STX, AtomicString

from handbook import style
from handbook.bibliography import load
from handbook.citing import (
    MARK,
    closing,
    inside_markup,
    labels_link,
    names_person,
    parse_group,
    unmarked,
)
from handbook.locators import LABELS, MalformedCitation, locator, parse_locator
from handbook.marks import cited
from handbook.records import PERMANENT_ID, WORKS_ID, Bibliography, CitationItem

IN_SENTENCE = re.compile(rf"(?<![\w/@\\.&=\x03-]){MARK}\s?$")
"""What a bracket with a locator, and perhaps with further works, follows."""
INSIDE = r"(?P<locator>[^\[\]@;]*(?:;[^\[\]@]*(?=\]))?)(?:;(?P<more>[^\[\]]*@[^\[\]]*))?"
CITES = re.compile(rf"(?<![\w/@\\]){MARK}")
UNCLOSED = re.compile(r"\s?\[(?P<label>[A-Za-z]+\.|§+|¶+)\s*\d[^\[\]]*$")
"""A locator behind a key in a sentence, without the bracket that ends it."""
CODE = re.compile(r"<(/?)(?:code|kbd|pre|samp|tt|var)\b", re.I)
CITABLE = {"h1", "h2", "h3", "h4", "h5", "h6", "li", "p"}
AFTER = "data-after"
"""Holds the text behind a mark until inline patterns have run; never in the page."""


class CitationExtension(Extension):
    """``handbook.extension`` in mkdocs.yml, or ``CitationExtension(bibliography="references.bib")``."""

    def __init__(self, **kwargs: Any) -> None:
        self.config = {
            "bibliography": ["references.bib", "Path of the .bib file, or a Bibliography"],
            "index": ["", "Address of the citation index"],
            "heading": ["Works cited", "Heading of the list of works cited"],
        }
        super().__init__(**kwargs)

    def extendMarkdown(self, md: Markdown) -> None:
        """Register the processors, each at the priority that its comment explains."""
        source = self.getConfig("bibliography")
        bibliography = source if isinstance(source, Bibliography) else load(Path(source), str(source))[0]
        md.ESCAPED_CHARS = [*md.ESCAPED_CHARS, "@"]
        # Above reference links (170), or [text] [@key] would be taken for one; below escapes (180), so that \[ is text.
        md.inlinePatterns.register(Groups(md, bibliography), "citations", 175)
        # Below links (160), raw HTML (90) and automatic links (120), so that an @ in them is left alone.
        md.inlinePatterns.register(Narrative(md, bibliography), "narrative_citations", 75)
        # After inline patterns (20) and footnotes (50), whose notes may cite; before toc (5), which lists the heading.
        heading = WorksHeading(md, self.getConfig("index"), self.getConfig("heading"))
        md.treeprocessors.register(heading, "works_heading", 15)
        # After toc, which would take the visible id into the heading's name, and after MkDocs' check of links (0).
        md.treeprocessors.register(Finish(md, bibliography), "finish_citations", -1)


def makeExtension(**kwargs: Any) -> CitationExtension:
    """Entry point that Python-Markdown looks for."""
    return CitationExtension(**kwargs)


class Groups(InlineProcessor):
    """``[@key]``, ``[see @a, pp. 3–5; -@b]``: brackets that hold an @ and are not the label of a link."""

    def __init__(self, md: Markdown, bibliography: Bibliography) -> None:
        super().__init__(r"\[", md)
        self.bibliography = bibliography

    def handleMatch(  # type: ignore[override]
        self, m: re.Match[str], data: str
    ) -> tuple[etree.Element | None, int | None, int | None]:
        """A span of marks, or None where the bracket is something else."""
        start = m.start()
        end = closing(data, start)
        text = data[start + 1 : end] if end > 0 else ""
        cites = "@" in text and (CITES.search(text) or text.lstrip().startswith(("@", "-@")))
        if (key := unmarked(text, self.bibliography.references)) and not self.labelled(text, data, end):
            message = f"'{key}' is a work of the bibliography, but no @ stands before it."
            fault = _fault("citation-malformed", f"[{text}]", message, f"Write @{key}.")
            return fault, start, end + 1
        if not cites or labels_link(data, end) or inside_markup(data, start) or inside_code(self.md, data[:start]):
            return None, None, None
        if "[" in text:  # the inner brackets are looked at by themselves
            return None, None, None
        if "@" not in text.partition(";")[0] and IN_SENTENCE.search(data, 0, start):  # Narrative's
            return None, None, None
        try:
            items = parse_group(text)
        except MalformedCitation as error:
            fault = _fault("citation-malformed", f"[{text}]", str(error), error.hint)
            return fault, start, end + 1
        return _group("(", [(item.prefix, _mark(item, self.bibliography)) for item in items]), start, end + 1

    def labelled(self, text: str, data: str, end: int) -> bool:
        """Whether words in brackets are those of a link, or of code that raw HTML has opened."""
        known = " ".join(text.split()).lower() in self.md.references
        return known or labels_link(data, end) or inside_markup(data, end) or inside_code(self.md, data[:end])


def inside_code(md: Markdown, before: str) -> bool:
    """Whether raw HTML has opened code in the text before: Python-Markdown reads on in it, its author does not."""
    if "<" not in before and STX not in before:
        return False
    stashed = md.treeprocessors["inline"].stashed_nodes  # type: ignore[attr-defined]
    shown = INLINE_PLACEHOLDER_RE.sub(
        lambda match: one if isinstance(one := stashed.get(match[1]), str) else "", before
    )
    raw = md.htmlStash.rawHtmlBlocks
    shown = HTML_PLACEHOLDER_RE.sub(lambda match: str(raw[int(match[1])]) if int(match[1]) < len(raw) else "", shown)
    tags = CODE.findall(shown)
    return bool(tags) and not tags[-1]


class Narrative(InlineProcessor):
    """``@key`` and ``@key [sec. 2; also @b]`` in the run of a sentence: ``Korzekwa (2023, sec. 2; also Ngo 2024)``."""

    ANCESTOR_EXCLUDES = ("a", "code", "pre", "script", "style")

    def __init__(self, md: Markdown, bibliography: Bibliography) -> None:
        # What may not stand before the @ is looked at after it, because a search for a plain character is quick.
        # \x03 ends a stashed escape: in \[@key] the bracket was escaped, and the key is text too.
        # What another @ follows is a name on another server.
        super().__init__(rf"@(?<![\w/@\\.&=\x03-]@){MARK[1:]}(?![\w@]|\S*\w@\w)(?:\s?\[{INSIDE}\](?![(\[]))?", md)
        self.bibliography = bibliography

    def handleMatch(  # type: ignore[override]
        self, m: re.Match[str], data: str
    ) -> tuple[etree.Element | None, int | None, int | None]:
        """One mark, or the fault that a bracket without its end is."""
        start = m.start()
        if inside_code(self.md, data[:start]):
            return None, None, None
        key = m["key"] or m["braced"]
        if m["locator"] is None and names_person(key, self.bibliography.references):
            return None, None, None
        if data[start - 1 : start] == "[" and closing(data, start - 1) < 0:
            message = f"The bracket before '@{key}' is not closed."
            fault = _fault("citation-malformed", f"[@{key}", message, "End the citation with ].")
            return fault, start - 1, m.start() + len(f"@{key}")
        if m["locator"] is None and (left := UNCLOSED.match(data, m.end())) and left["label"].lower() in LABELS:
            message = f"The bracket behind '@{key}' is not closed."
            fault = _fault(
                "citation-malformed",
                f"{m.group(0)}{data[m.end() : left.end('label')]}",
                message,
                "End the locator with ].",
            )
            return fault, start, m.end()
        try:
            where, suffix = parse_locator(f",{m['locator']}" if m["locator"] is not None else "")
            others = parse_group(m["more"]) if m["more"] else ()
        except MalformedCitation as error:
            return _fault("citation-malformed", m.group(0), str(error), error.hint), m.start(), m.end()
        mark = _mark(CitationItem(key, locator=where, suffix=suffix), self.bibliography, narrative=True)
        if others:
            mark.text = AtomicString((mark.text or "").removesuffix(")"))
            mark = _group("", [("", mark), *((item.prefix, _mark(item, self.bibliography)) for item in others)])
        return mark, m.start(), m.end()


class WorksHeading(Treeprocessor):
    """Give the marks their punctuation, and a page that cites the heading of its list of works."""

    def __init__(self, md: Markdown, index: str, heading: str) -> None:
        super().__init__(md)
        self.index = index
        self.heading = heading

    def run(self, root: etree.Element) -> None:
        """The list itself is made by Finish. What stands here is seen by toc and by MkDocs' check of links."""
        cites = False
        for mark in root.iter():
            if (after := mark.attrib.pop(AFTER, None)) is not None:
                mark.tail = after
            cites = cites or mark.get("class") == "citation"
        if cites:
            heading = etree.SubElement(root, "h2", {"id": WORKS_ID})
            heading.text = self.heading
            if self.index:
                note = etree.SubElement(root, "p", {"class": "works-index", "data-search-exclude": ""})
                link = etree.SubElement(note, "a", {"href": self.index})
                link.text = AtomicString("Citation index")


class Finish(Treeprocessor):
    """Number the marks, list the works that they cite, and show the permanent ids.

    After all others, MkDocs' among them: links that are right by construction are not looked at one by one.
    """

    def __init__(self, md: Markdown, bibliography: Bibliography) -> None:
        super().__init__(md)
        self.bibliography = bibliography

    def run(self, root: etree.Element) -> None:
        """In the order of the finished page: table cells and notes were processed out of order."""
        seen: dict[str, int] = {}
        index = ""
        for element in root.iter():
            kind = element.get("class")
            if kind == "citation":
                key = element.get("data-key", "")
                seen[key] = seen.get(key, 0) + 1
                element.tag = "a"
                element.set("id", f"cite-{key}-{seen[key]}")
                element.set("href", f"#work-{key}")
            elif kind == "works-index":
                index = element[0].get("href", "")
            elif element.tag in CITABLE and PERMANENT_ID.fullmatch(name := element.get("id", "")):
                _show_id(element, name)
        if seen:
            # Stashed as one piece, which Python-Markdown need not walk through again.
            works = sorted((style.work(self.bibliography, key) for key in seen), key=lambda work: work.order)
            listed = etree.SubElement(root, "p")
            listed.text = self.md.htmlStash.store(_list(works, index))


def _list(works: Iterable[style.Work], index: str) -> str:
    """The works that a page cites, in full, each with a link to its place in the citation index if there is one."""
    items = []
    for work in works:
        more = ""
        if index:
            label = escape(f"All citations of {work.mark}")
            href = escape(f"{index}#ref-{work.key}")
            more = f' <a class="all-citations" aria-label="{label}" href="{href}">All citations</a>'
        items.append(f'<li id="{escape(f"work-{work.key}")}">{work.html}{more}</li>\n')
    return f'<ul class="works-cited" data-search-exclude="">\n{"".join(items)}</ul>'


def _show_id(element: etree.Element, name: str) -> None:
    """End a section heading or requirement with a link that shows its permanent id, in place of toc's."""
    for link in element.findall("a[@class='headerlink']"):
        element.remove(link)
    _append_text(element, " ")
    link = etree.SubElement(element, "a", {"class": "headerlink section-id", "href": f"#{name}"})
    link.set("title", f"Permanent link to {name}")
    link.text = AtomicString(name)


def _mark(item: CitationItem, bibliography: Bibliography, narrative: bool = False) -> etree.Element:
    """The link of one citation, or the fault that an unknown key is."""
    reference = bibliography.references.get(item.key)
    if reference is None:
        near = next((key for key in bibliography.references if key.lower() == item.key.lower()), "")
        hint = f"Write @{near}." if near else f"Correct the key, or add the work to {bibliography.path}."
        escape = " An @ that cites nothing is written \\@." if narrative else ""
        return _fault(
            "citation-unknown", f"@{item.key}", f"The work '{item.key}' is not in the bibliography.", hint + escape
        )
    where = ", ".join(filter(None, (locator(item.locator), item.suffix)))
    mark = etree.Element("span", {"class": "citation", "data-key": item.key})  # Finish makes it a link
    if where:
        mark.set("data-locator", where)
    mark.set("title", style.work(bibliography, item.key).text)
    mark.text = AtomicString(cited(item, bibliography, narrative))
    return mark


def _group(opening: str, marks: list[tuple[str, etree.Element]]) -> etree.Element:
    """Marks behind each other, each with the words before it, up to a closing bracket."""
    # No tails before WorksHeading: Python-Markdown would try every inline pattern on each of them.
    group = etree.Element("span", {"class": "citations"})
    leads = [f"{prefix} " if prefix else "" for prefix, _ in marks]
    group.text = AtomicString(f"{opening}{leads[0]}")
    for (_, mark), after in zip(marks, [*(f"; {lead}" for lead in leads[1:]), ")"], strict=True):
        mark.set(AFTER, after)
        group.append(mark)
    return group


def _fault(code: str, text: str, message: str, hint: str) -> etree.Element:
    fault = etree.Element(
        "strong",
        {"class": "citation-fault", "data-code": code, "data-text": text, "data-message": message, "data-hint": hint},
    )
    fault.text = AtomicString(f"{text} ({'unknown work' if code == 'citation-unknown' else 'malformed citation'})")
    return fault


def _append_text(parent: etree.Element, text: str) -> None:
    if len(parent):
        parent[-1].tail = (parent[-1].tail or "") + text
    else:
        parent.text = (parent.text or "") + text
