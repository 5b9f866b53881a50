"""What the site's search finds: entries of its index, made from records so that whatever can be cited can be found.

Material for MkDocs divides a page at its headings. Here a page of its own id also gives an entry to each requirement,
the glossary to each term and the citation index to each work; an id begins the title of its entry.
An entry is a dict as Material's search plugin keeps it: ``location`` (address below the site's root, with fragment),
``title``, ``text`` (escaped, in ``<p>``), and where wanted ``tags`` (shown beside the title) and ``boost``. The entry
of the page itself has to come first.
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
"""What the entry of a law gains, since laws are asked for by short names of common words: "AI Act" completes to "aim"."""

NUMBERED = re.compile(r"\b([A-Z]{2,}) (\d+)\b")
"""``SB 53``, which is also written ``SB53``."""


def entries(found: list[Entry], page: Page, definitions: Iterable[Definition], index: Index) -> list[Entry]:
    """The whole index with the entries of one page made anew; ``found`` is what the search plugin made so far.

    A page that is kept from the search has none and gets none.
    """
    mine = [one for one in found if one["location"].partition("#")[0] == page.url]
    if not mine:
        return found
    others = [one for one in found if one["location"].partition("#")[0] != page.url]
    if page.id:
        made = [_page(page, index), *(_section(page, one, index) for one in page.sections if _permanent(one))]
    elif terms := tuple(definitions):
        made = [mine[0], *(_term(page, one) for one in terms)]
    elif any(slot.name == "citation-index" for slot in page.slots):
        made = [*mine, *_works(page, index)]
    else:
        made = [one for one in mine if not one["location"].endswith(f"#{WORKS_ID}")]
    return [*others, *made]


def _permanent(section: Section) -> bool:
    return bool(PERMANENT_ID.fullmatch(section.id))


def _page(page: Page, index: Index) -> Entry:
    front = page.front
    entry: Entry = {"location": page.url, "id": page.id, "title": page.label, "text": _paragraphs([front.summary] if front else [])}
    if front and front.aliases:
        entry["tags"] = list(front.aliases)
    return entry | _boost(page.id, index.by_id)


def _section(page: Page, section: Section, index: Index) -> Entry:
    return {
        "location": f"{page.url}#{section.id}",
        "id": section.id,
        "title": f"{section.id} {section.title}",
        "text": _paragraphs(_own(section, page.sections)),
    } | _boost(section.id, [one.id for one in page.sections])


def _boost(name: str, names: Iterable[str]) -> Entry:
    """For P1 beside P10, and P9.1 beside P9.10."""
    longer = any(one.startswith(name) and one[len(name) : len(name) + 1].isdigit() for one in names)
    return {"boost": FIRST} if longer else {}


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
    first, *forms = definition.forms
    others = [form for form in forms if not form.casefold().startswith(first.casefold())]
    return {
        "location": f"{page.url}#{definition.id}",
        "title": first,
        "text": _paragraphs([definition.text, *([f"Also: {', '.join(others)}."] if others else [])]),
    }


def _works(page: Page, index: Index) -> Iterator[Entry]:
    """Every work, leading to its place in the citation index and so to each sentence that cites it."""
    references = index.bibliography.references
    for work in sorted((style.work(index.bibliography, key) for key in references), key=lambda work: work.order):
        reference = references[work.key]
        names = people(reference.author)
        title = typographic(reference.get("title")) if reference.shown else ""
        entry: Entry = {
            "location": f"{page.url}#ref-{work.key}",
            "title": ": ".join(filter(None, (work.mark, title))),
            "text": _paragraphs(
                [
                    re.sub(r" https?://\S+$", "", work.text),
                    *([", ".join(f"{one.given} {one.family}" for one in names)] if len(names) > style.LISTED else []),
                ]
            ),
        }
        if reference.type == "legislation":
            entry["boost"] = LAW
        if joined := ["".join(one) for one in NUMBERED.findall(work.mark)]:
            entry["tags"] = joined
        yield entry


def _paragraphs(lines: Iterable[str]) -> str:
    return "".join(f"<p>{escape(line, quote=False)}</p>" for line in lines if line)
