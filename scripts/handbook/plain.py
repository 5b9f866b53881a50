"""Pages for programs that read text: Markdown beside each page, and ``llms.txt``, the list of them (llmstxt.org).

The Markdown is made from the page as readers have it, so that citations, what was included and what is generated are
resolved; ids stay, written as they are in the source, because they are what is cited.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import yaml
from lxml import html
from markdownify import MarkdownConverter

from handbook.records import PERMANENT_ID, FrontMatter

NOTES = (
    "Every section and requirement has a permanent id, such as P9.3, which its heading shows in braces.",
    "Cite it with its edition: P9.3, 1st ed. The page {url}id/P9.3/ gives the forms of the citation.",
    "All sections are in {url}sections.json, their citations in {url}handbook.bib, .ris and .json.",
    "Changes of substance are in {url}feed.xml.",
)
"""What a program needs to know before it quotes."""

_UNREAD = """.//script | .//style | .//form | .//button | .//svg | .//*[@hidden]
| .//a[contains(concat(' ', @class, ' '), ' headerlink ') or contains(concat(' ', @class, ' '), ' cite ')]
| .//*[contains(@class, 'page-kind') or contains(@class, 'page-foot')]"""
_UNLINKED = ".//a[contains(concat(' ', @class, ' '), ' term ')] | .//abbr"
_ARTICLE = re.compile(r"<article\b.*</article>", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Entry:
    """A page in the list: the part of the site it is in, its title, the address of its Markdown, its summary."""

    part: str
    title: str
    url: str
    summary: str


class _Converter(MarkdownConverter):
    """Headings and items keep their ids. Titles of marks are left out: the references stand at the page's end."""

    def convert_hN(self, n: int, el: Any, text: str, parent_tags: set[str]) -> str:
        return f"\n\n{'#' * n} {' '.join(text.split())}{_mark(el)}\n\n"

    def convert_li(self, el: Any, text: str, parent_tags: set[str]) -> str:
        made: str = super().convert_li(el, text, parent_tags)  # type: ignore[misc]
        mark = _mark(el)
        return made if not mark else f"{made.rstrip()}{mark}\n"

    def convert_a(self, el: Any, text: str, parent_tags: set[str]) -> str:
        el.attrs.pop("title", None)
        made: str = super().convert_a(el, text, parent_tags)  # type: ignore[misc]
        return made


def _mark(element: Any) -> str:
    name = element.get("id") or ""
    return f" {{#{name}}}" if PERMANENT_ID.fullmatch(name) else ""


def document(page: str, url: str, title: str, front: FrontMatter | None, edition: str) -> str:
    """A rendered page as Markdown: front matter in YAML, then the article. ``url`` is the page's own address.

    ``edition`` says what the reader has before them. A page without an article gives the front matter alone.
    """
    known = {"id": front.id, "kind": front.kind, "summary": front.summary, "status": front.status} if front else {}
    days = {"reviewed": front.reviewed, "review_by": front.review_by} if front else {}
    head = {"title": title, **known, **days, "edition": edition, "url": url}
    given = {key: one for key, one in head.items() if one}
    matter = yaml.safe_dump(given, allow_unicode=True, sort_keys=False, width=1000)
    found = _ARTICLE.search(page)
    return f"---\n{matter}---\n\n{_body(found[0]) if found else ''}"


def _body(article: str) -> str:
    root = html.fromstring(article)
    for element in root.xpath(_UNREAD):
        element.drop_tree()
    for element in root.xpath(_UNLINKED):
        element.drop_tag()
    converter = _Converter(heading_style="ATX", bullets="-", escape_misc=False, bs4_options="lxml")
    text: str = converter.convert(html.tostring(root, encoding="unicode"))
    lines = [line.rstrip() for line in text.strip().splitlines()]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)) + "\n"


def llms(title: str, url: str, summary: str, entries: Iterable[Entry]) -> str:
    """The list in the form of llmstxt.org: a title, a summary, notes, then links under the parts of the site.

    ``url`` is the address of the site.
    """
    lines, part = [f"# {title}", "", f"> {summary}", "", *(one.format(url=url) for one in NOTES)], ""
    for entry in entries:
        if entry.part != part:
            part = entry.part
            lines += ["", f"## {part}", ""]
        about = f": {entry.summary}" if entry.summary else ""
        lines.append(f"- [{entry.title}]({entry.url}){about}")
    return "\n".join(lines) + "\n"
