"""Python-Markdown extension for the checks: keeps beside each address what its author wrote.

MkDocs makes addresses relative after all other processing; a fault is looked for in the source as it was written there.
The attribute is taken off again before a page leaves the plugin.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as etree
from typing import Any
from urllib.parse import urlsplit

from markdown import Markdown
from markdown.extensions import Extension
from markdown.treeprocessors import Treeprocessor

WRITTEN = "data-written"
MADE = {"headerlink", "headerlink section-id", "footnote-ref", "footnote-backref", "citation", "all-citations", "term"}
"""Classes of links that no author wrote."""
_ATTRIBUTE = re.compile(rf' {WRITTEN}="[^"]*"')


class ProbeExtension(Extension):
    """``handbook.probe``; the plugin adds it."""

    def extendMarkdown(self, md: Markdown) -> None:
        """Just above MkDocs' own processor of addresses (priority 0)."""
        md.treeprocessors.register(_Written(md), "handbook_written", 0.5)


def makeExtension(**kwargs: Any) -> ProbeExtension:
    """Entry point that Python-Markdown looks for."""
    return ProbeExtension(**kwargs)


class _Written(Treeprocessor):
    def run(self, root: etree.Element) -> None:
        for element in root.iter():
            if element.tag not in ("a", "img"):
                continue
            address = element.get("href" if element.tag == "a" else "src")
            made = element.get("class") in MADE
            if address is not None and not made:
                element.set(WRITTEN, address)
                try:
                    urlsplit(address)
                except ValueError:
                    # MkDocs would end the build over it; any address that is as wrong will do.
                    element.set("href" if element.tag == "a" else "src", "https:///")


def strip(page: str) -> str:
    """A page without the probe's attributes."""
    return _ATTRIBUTE.sub("", page) if WRITTEN in page else page
