"""Python-Markdown extension: terms of the glossary lead to their explanation, and are explained where they stand.

Configuration: ``terms``, a mapping from each form of a term to its explanation in plain words, the first form of each
explanation first; ``page``, the glossary as the rendered page has to link it, empty on the glossary itself, where
nothing is marked. The plugin sets both. Where a list defines such terms, each definition can be linked to
(``#compute-threshold``).

The first use in a section is a link, ``<a class="term" href="glossary.md#compute-threshold" title="…">``, which
keyboard and touch reach and which needs no script. Links would fill a paragraph that uses many terms, so that a block
has at most three of them; every other use is ``<span class="term" data-term="compute-threshold">``, which shows nothing
until it is pointed at. Matching is Python-Markdown's own.
"""

from __future__ import annotations

import xml.etree.ElementTree as etree
from typing import Any

from markdown import Markdown
from markdown.extensions import Extension
from markdown.extensions.abbr import AbbrTreeprocessor
from markdown.extensions.toc import slugify

NEW_SECTION = {"h1", "h2"}
BLOCKS = {"p", "li", "dd", "td", "th", "blockquote", "figcaption"}
LINKS = 3
"""How many terms of one block are links."""
QUIET = {"h1", "h2", "h3", "h4", "h5", "h6", "a", "dt", "code", "pre", "summary"}
"""Where a term is not marked: headings are read alone, and a link has a target of its own."""


class TermsExtension(Extension):
    """``handbook.terms`` in mkdocs.yml."""

    def __init__(self, **kwargs: Any) -> None:
        self.config = {
            "terms": [{}, "Explanation by form of the term"],
            "page": ["", "Address of the glossary"],
        }
        super().__init__(**kwargs)

    def extendMarkdown(self, md: Markdown) -> None:
        """Register where Python-Markdown registers abbreviations: after inline patterns (20), before toc (5)."""
        uses = Uses(md, dict(self.getConfig("terms")), self.getConfig("page"))
        md.treeprocessors.register(uses, "handbook_terms", 7)


def makeExtension(**kwargs: Any) -> TermsExtension:
    """Entry point that Python-Markdown looks for."""
    return TermsExtension(**kwargs)


class Uses(AbbrTreeprocessor):
    """Finds terms as abbreviations are found, then says of each use what it is."""

    def __init__(self, md: Markdown, terms: dict[str, str], page: str) -> None:
        super().__init__(md, terms)
        self.page = page
        self.names: dict[str, str] = {}
        for form, explanation in terms.items():
            self.names.setdefault(explanation, slugify(form, "-"))

    def run(self, root: etree.Element) -> None:
        """On the glossary name what is defined, on other pages mark what is used."""
        if self.abbrs:
            if self.page:
                super().run(root)
                self._mark(root, set(), [0], quiet=False)
            self._name(root)

    def _name(self, root: etree.Element) -> None:
        """Give an id to the first form of each term that a list defines."""
        used = {element.get("id") for element in root.iter()}
        for definitions in root.iter("dl"):
            before = ""
            for element in definitions:
                text = "".join(element.itertext())
                name = slugify(text, "-") if element.tag == "dt" and before != "dt" and text in self.abbrs else ""
                if name and name not in used and not element.get("id"):
                    element.set("id", name)
                    used.add(name)
                before = element.tag

    def _mark(self, element: etree.Element, seen: set[str], links: list[int], quiet: bool) -> None:
        """``seen``: what the section has linked; ``links``: how many the block has, a list so that it can be raised."""
        for child in list(element):
            if child.tag in NEW_SECTION:
                seen.clear()
            inside = [0] if child.tag in BLOCKS else links
            self._mark(child, seen, inside, quiet or child.tag in QUIET)
            if child.tag != "abbr":
                continue
            explanation = child.get("title", "")
            if explanation not in self.names:
                continue  # an abbreviation that an author explains
            if quiet:
                _unwrap(element, child)
                continue
            name = self.names[explanation]
            child.attrib = {"class": "term"}
            if name in seen or links[0] >= LINKS:
                child.tag = "span"
                child.set("data-term", name)
            else:
                child.tag = "a"
                child.set("href", f"{self.page}#{name}")
                child.set("title", explanation)
                seen.add(name)
                links[0] += 1


def _unwrap(parent: etree.Element, child: etree.Element) -> None:
    """Put the words of an element in its place."""
    at = list(parent).index(child)
    words = (child.text or "") + (child.tail or "")
    if at:
        parent[at - 1].tail = (parent[at - 1].tail or "") + words
    else:
        parent.text = (parent.text or "") + words
    parent.remove(child)
