"""Python-Markdown extension: terms of the glossary explain themselves where a section first uses them.

Configuration: ``terms``, a mapping from each form of a term to its explanation in plain words; the plugin reads it from
the glossary page. Where a list defines such terms, each definition can be linked to (``#compute-threshold``). Matching
and markup (``<abbr title="…">``) are Python-Markdown's own.
"""

from __future__ import annotations

import xml.etree.ElementTree as etree
from typing import Any

from markdown import Markdown
from markdown.extensions import Extension
from markdown.extensions.abbr import AbbrTreeprocessor
from markdown.extensions.toc import slugify

NEW_SECTION = {"h1", "h2"}
QUIET = {"h1", "h2", "h3", "h4", "h5", "h6", "a", "dt", "code", "pre", "summary"}
"""Where a term is not marked: headings are read alone, and a link has a target of its own."""


class TermsExtension(Extension):
    """``handbook.terms`` in mkdocs.yml."""

    def __init__(self, **kwargs: Any) -> None:
        self.config = {"terms": [{}, "Explanation by form of the term"]}
        super().__init__(**kwargs)

    def extendMarkdown(self, md: Markdown) -> None:
        """Register where Python-Markdown registers abbreviations: after inline patterns (20), before toc (5)."""
        md.treeprocessors.register(FirstUses(md, dict(self.getConfig("terms"))), "handbook_terms", 7)


def makeExtension(**kwargs: Any) -> TermsExtension:
    """Entry point that Python-Markdown looks for."""
    return TermsExtension(**kwargs)


class FirstUses(AbbrTreeprocessor):
    """Marks terms as abbreviations are marked, then keeps the first use of each in each section."""

    def run(self, root: etree.Element) -> None:
        """Underlining every use would make a page hard to read."""
        super().run(root)
        if self.abbrs:
            self._prune(root, set(), quiet=False)
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

    def _prune(self, element: etree.Element, seen: set[str], quiet: bool) -> None:
        for child in list(element):
            if child.tag in NEW_SECTION:
                seen.clear()
            self._prune(child, seen, quiet or child.tag in QUIET)
            if child.tag == "abbr":
                explanation = child.get("title", "")
                if quiet or explanation in seen:
                    _unwrap(element, child)
                else:
                    seen.add(explanation)


def _unwrap(parent: etree.Element, child: etree.Element) -> None:
    """Put the words of an element in its place."""
    at = list(parent).index(child)
    words = (child.text or "") + (child.tail or "")
    if at:
        parent[at - 1].tail = (parent[at - 1].tail or "") + words
    else:
        parent.text = (parent.text or "") + words
    parent.remove(child)
