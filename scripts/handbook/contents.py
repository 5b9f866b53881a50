"""The navigation of a built site to a tree of its pages, whichever theme wrote it. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lxml import html

from handbook.reading import resolve


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the navigation: a page, a group of pages, or a group whose first page speaks for it.

    ``url`` is the address below the site's root (``principles/P9/``), None for a group without a page of its own.
    """

    title: str
    url: str | None
    children: tuple[Entry, ...] = ()

    def urls(self) -> Iterator[str]:
        """The addresses of the pages of this entry, in order."""
        if self.url is not None:
            yield self.url
        for child in self.children:
            yield from child.urls()


def contents(home: html.HtmlElement) -> tuple[Entry, ...]:
    """The tree of the ``nav`` of a home page that leads to the most pages; empty where no ``nav`` holds a list.

    A link to a fragment is not a page: themes nest the contents of the page at hand in their navigation.
    """
    trees = [_entries(nav) for nav in home.iter("nav")]
    return max(trees, key=lambda tree: sum(1 for one in tree for _ in one.urls()), default=())


def without(entries: tuple[Entry, ...], prefixes: tuple[str, ...]) -> tuple[Entry, ...]:
    """The tree without the pages whose address begins with one of the prefixes; a group left empty goes too."""
    kept = []
    for entry in entries:
        children = without(entry.children, prefixes)
        url = None if entry.url is not None and entry.url.startswith(prefixes) else entry.url
        if url is not None or children:
            kept.append(Entry(entry.title, url, children))
    return tuple(kept)


def _entries(element: html.HtmlElement) -> tuple[Entry, ...]:
    found = []
    for item in _nearest(element, "li"):
        links = [one for one in _own(item, "a") if "#" not in one.get("href", "#")]
        target = resolve("", links[0].get("href")) if links else None
        children = _entries(item)
        names = links or list(_own(item, "label")) or list(_own(item, "span"))
        title = " ".join(names[0].text_content().split()) if names else " ".join((item.text or "").split())
        if target or children:
            found.append(Entry(title, target[0] if target else None, children))
    return tuple(found)


def _nearest(element: html.HtmlElement, tag: str) -> Iterator[html.HtmlElement]:
    """The descendants of a kind that do not stand in another of their kind below ``element``."""
    for child in element:
        if child.tag == tag:
            yield child
        else:
            yield from _nearest(child, tag)


def _own(item: html.HtmlElement, tag: str) -> Iterator[html.HtmlElement]:
    """The elements of a kind in a list item, but not in a list within it."""
    for child in item:
        if child.tag == tag:
            yield child
        elif child.tag not in ("ul", "ol"):
            yield from _own(child, tag)
