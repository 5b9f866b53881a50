"""Python-Markdown extension: citations, the list of works cited, and visible permanent ids. Works without MkDocs.

Configuration: ``bibliography`` (path of a .bib file, or a Bibliography), ``index`` (address of the citation index, to
which each work in the list leads; empty for none), ``heading`` (of the list of works cited), ``names``.
With ``names``, ``@name`` that is like no key may be a name on another site; without, it cites an unknown work.

A mark is ``<a class="citation" id="cite-KEY-1" href="#work-KEY" data-key="KEY" data-locator="para. 9" title="…">``; its
title is the full reference.
What cannot be resolved is visible as ``<strong class="citation-fault" …>`` and carries its own diagnosis.
"""

from __future__ import annotations

import xml.etree.ElementTree as etree
from collections.abc import Iterable
from html import escape
from pathlib import Path
from typing import Any

from markdown import Markdown
from markdown.extensions import Extension
from markdown.treeprocessors import Treeprocessor
from markdown.util import AtomicString

from handbook import style
from handbook.bibliography import load
from handbook.marking import AFTER, Groups, Narrative
from handbook.records import PERMANENT_ID, WORKS_ID, Bibliography

CITABLE = {"h1", "h2", "h3", "h4", "h5", "h6", "li", "p"}


class CitationExtension(Extension):
    """``handbook.extension`` in mkdocs.yml, or ``CitationExtension(bibliography="references.bib")``."""

    def __init__(self, **kwargs: Any) -> None:
        self.config = {
            "bibliography": ["references.bib", "Path of the .bib file, or a Bibliography"],
            "index": ["", "Address of the citation index"],
            "heading": ["Works cited", "Heading of the list of works cited"],
            "names": [False, "Whether @name that is like no key may be a name on another site"],
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
        md.inlinePatterns.register(Narrative(md, bibliography, self.getConfig("names")), "narrative_citations", 75)
        # After inline patterns (20) and footnotes (50), whose notes may cite; before toc (5), which lists the heading.
        heading = WorksHeading(md, self.getConfig("index"), self.getConfig("heading"))
        md.treeprocessors.register(heading, "works_heading", 15)
        # After toc, which would take the visible id into the heading's name, and after MkDocs' check of links (0).
        md.treeprocessors.register(Finish(md, bibliography), "finish_citations", -1)


def makeExtension(**kwargs: Any) -> CitationExtension:
    """Entry point that Python-Markdown looks for."""
    return CitationExtension(**kwargs)


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


def _append_text(parent: etree.Element, text: str) -> None:
    if len(parent):
        parent[-1].tail = (parent[-1].tail or "") + text
    else:
        parent.text = (parent.text or "") + text
