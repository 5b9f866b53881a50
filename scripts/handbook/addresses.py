"""How one page points at another: addresses as seen from a page, and the links made of them."""

from __future__ import annotations

import posixpath
from functools import lru_cache
from html import escape

from handbook.records import Page


def relative(page: Page, url: str, fragment: str = "") -> str:
    """The address of ``url`` (below the site's root) as seen from a page."""
    path = _path(posixpath.dirname(page.url), url)
    return escape(f"{path}#{fragment}" if fragment else path)


@lru_cache(maxsize=10_000)
def _path(start: str, url: str) -> str:
    path = posixpath.relpath(f"/{url}", f"/{start}")
    return f"{path}/" if url.endswith("/") or not url else path


def page_link(page: Page, other: Page) -> str:
    """A link to a page, by its id and title."""
    return f'<a href="{relative(page, other.url)}">{escape(other.label)}</a>'


def section_link(page: Page, other: Page, section_id: str) -> str:
    """A link to a section, by its id, the title of its page and its own; to the page where it is in no section."""
    section = other.section(section_id)
    if section is None:
        return page_link(page, other)
    name = f"{section_id} {other.title}: {section.title}" if other.id else f"{other.title}: {section.title}"
    return f'<a href="{relative(page, other.url, section_id)}">{escape(name)}</a>'
