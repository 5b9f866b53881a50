"""What the site's search finds: entries of its index, made from records so that whatever can be cited can be found.

Material for MkDocs divides a page at its headings. Here a page of its own id also gives an entry to each requirement,
the glossary to each term and the citation index to each work; an id begins the title of its entry.
An entry is a dict as Material's search plugin writes it into ``search_index.json``: ``location`` (address below the
site's root, with fragment), ``title``, ``text`` (escaped, in ``<p>``), and where wanted ``id``, ``tags`` (shown beside
the title) and ``boost``. Of a page's entries, that of the page itself comes first.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from html import escape
from typing import Any

from handbook import style
from handbook.bibliography import people
from handbook.reading import Definition
from handbook.records import PERMANENT_ID, WORKS_ID, Page, Section
from handbook.relations import Index
from handbook.typography import typographic

Entry = dict[str, Any]

FIRST = 1.5
"""What an entry gains if other ids begin as its own does: the search completes words, so P1 finds P10 to P15 too."""

LAW = 3
"""What the entry of a law gains: its short name is of common words, and "AI Act" completes to "aim" and "action"."""

NUMBERED = re.compile(r"\b([A-Z]{2,}) (\d+)\b")
"""``SB 53``, which is also written ``SB53``."""


def renew(found: list[Entry], page: Page, definitions: Iterable[Definition], index: Index) -> None:
    """Make the entries of one page anew, which the search plugin has just put at the end of ``found``.

    ``definitions`` are what the page explains if it is the glossary. A page that is kept from the search has no entry
    and gets none.
    """
    start = len(found)
    while start and found[start - 1]["location"].partition("#")[0] == page.url:
        start -= 1
    mine = found[start:]
    if not mine:
        return
    if page.id:
        made = list(_page(mine[0], page, index))
    elif terms := [_term(page, one) for one in definitions if one.id]:
        made = [mine[0], *terms]
    else:
        made = [one for one in mine if not one["location"].endswith(f"#{WORKS_ID}")]
        if any(slot.name == "citation-index" for slot in page.slots):
            made += _works(page, index)
    found[start:] = made


def _page(whole: Entry, page: Page, index: Index) -> Iterator[Entry]:
    """A page of its own id, then its sections and items; of the plugin's own entry the front matter's wishes stay."""
    boost = whole.get("boost", 1)
    summary, aliases = (page.front.summary, page.front.aliases) if page.front else ("", ())
    tags = [*whole.get("tags", ()), *aliases]
    yield {
        "location": page.url,
        "id": page.id,
        "title": page.label,
        "text": _paragraphs([summary]),
        **({"tags": tags} if tags else {}),
        **_boost(boost, page.id, index.by_id),
    }
    cited = [one for one in page.sections if PERMANENT_ID.fullmatch(one.id)]
    for section in cited:
        yield {
            "location": f"{page.url}#{section.id}",
            "id": section.id,
            "title": f"{section.id} {section.title}",
            "text": _paragraphs(_own(section, cited)),
            **_boost(boost, section.id, [one.id for one in cited]),
        }


def _boost(boost: float, name: str, names: Iterable[str]) -> Entry:
    """For P1 beside P10, and P9.1 beside P9.10."""
    if any(one.startswith(name) and one[len(name) : len(name) + 1].isdigit() for one in names):
        boost *= FIRST
    return {"boost": boost} if boost != 1 else {}


def _own(section: Section, sections: Iterable[Section]) -> Iterator[str]:
    """The lines of a section without those of the items and sections in it, which have entries of their own."""
    inner = iter([one.text.split("\n") for one in sections if one.within == section.id])
    lines, skip = section.text.split("\n"), next(inner, [])
    at = 0
    while at < len(lines):
        if skip and lines[at : at + len(skip)] == skip:
            at += len(skip)
            skip = next(inner, [])
        else:
            yield lines[at]
            at += 1


def _term(page: Page, definition: Definition) -> Entry:
    # The search completes words: whoever types the beginning of "thresholds" has found "threshold".
    first, *others = [
        form
        for at, form in enumerate(definition.forms)
        if not any(form.casefold().startswith(one.casefold()) for one in definition.forms[:at])
    ]
    return {
        "location": f"{page.url}#{definition.id}",
        "title": first,
        "text": _paragraphs([definition.text, f"Also: {', '.join(others)}." if others else ""]),
    }


def _works(page: Page, index: Index) -> Iterator[Entry]:
    """Every work, leading to its place in the citation index and so to each sentence that cites it."""
    references = index.bibliography.references
    for work in sorted((style.work(index.bibliography, key) for key in references), key=lambda work: work.order):
        reference = references[work.key]
        names = people(reference.author)
        everyone = ", ".join(f"{one.given} {one.family}" for one in names) if len(names) > style.LISTED else ""
        # A law's mark is its short title, and the full one stands in the text.
        title = typographic(reference.get("title")) if reference.shown else ""
        tags = ["".join(one) for one in NUMBERED.findall(work.mark)]
        yield {
            "location": f"{page.url}#ref-{work.key}",
            "title": ": ".join(filter(None, (work.mark, title))),
            "text": _paragraphs([re.sub(r" https?://\S+$", "", work.text), everyone]),
            **({"tags": tags} if tags else {}),
            **({"boost": LAW} if reference.type == "legislation" else {}),
        }


def _paragraphs(lines: Iterable[str]) -> str:
    return "".join(f"<p>{escape(line, quote=False)}</p>" for line in lines if line)
