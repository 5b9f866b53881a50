"""A page at a glance: what kind it is, how current, what it rests on, and what stands with it and against it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from html import escape

from handbook import style
from handbook.addresses import relative
from handbook.records import VERDICTS, WORKS_ID, Page
from handbook.relations import Index, page_order, verdicts

WORKS = 3
"""So many works are named, those cited most; the list at the page's end has them all."""


def glance(index: Index, page: Page) -> str:
    """A description list for the head of a page; nothing for a page without a permanent id."""
    front = page.front
    if front is None or not page.id:
        return ""
    status = f"{front.status}; reviewed {_day(front.reviewed)}, next review by {_day(front.review_by)}"
    rows = [("Status", status)]
    if front.evidence:
        rows.append(("Evidence", escape(front.evidence)))
    rows += _verdicts(index, page)
    rows += _related(index, page)
    rows += _works(index, page)
    return "".join(f"<div><dt>{term}</dt><dd>{text}</dd></div>" for term, text in rows)


def _day(date: str) -> str:
    return f'<time datetime="{escape(date)}">{escape(date)}</time>'


def _verdicts(index: Index, page: Page) -> Iterator[tuple[str, str]]:
    """On a principle the instruments by verdict, on an instrument the principles."""
    kind = page.front.kind if page.front else ""
    given = {
        "principle": [(one, verdict.word) for one, verdict in index.verdicts.get(page.id, {}).items()],
        "instrument": [(one.principle, one.word) for one in verdicts(page)],
    }.get(kind, [])
    for word in ("supports", "constrains", "depends"):
        pages = sorted((index.by_id[one] for one, said in given if said == word and one in index.by_id), key=page_order)
        if pages:
            label = (
                VERDICTS[word] if kind == "instrument" else {"supports": "Supported by", "constrains": "Constrained by"}
            )
            term = label if isinstance(label, str) else label.get(word, "Depends on design")
            yield f'<span class="verdict verdict-{word}">{term}</span>', _links(page, pages)


def _related(index: Index, page: Page) -> Iterator[tuple[str, str]]:
    """Pages that either names as related, by kind; the tensions are where the arguments part."""
    names = {one.target for one in page.front.related} if page.front else set()
    names |= {one.id for one, _ in index.incoming.get(page.id, ())}
    pages = sorted((index.by_id[one] for one in names if one in index.by_id and one != page.id), key=page_order)
    for letter, term in (("P", "Principles"), ("I", "Instruments"), ("C", "Cases"), ("T", "Tensions"), ("S", "Essays")):
        if found := [one for one in pages if one.id.startswith(letter)]:
            yield term, _links(page, found)


def _links(page: Page, pages: list[Page]) -> str:
    links = []
    for one in pages:
        evidence = f" ({one.front.evidence})" if one.front and one.front.evidence else ""
        link = f'<a href="{relative(page, one.url)}" title="{escape(one.label)}">{one.id}</a>'
        links.append(f"{link}{escape(evidence)}")
    return ", ".join(links)


def _works(index: Index, page: Page) -> Iterator[tuple[str, str]]:
    counts = Counter(one.key for one in page.citations if one.key in index.bibliography.references)
    if counts:
        named = ", ".join(escape(style.work(index.bibliography, key).mark) for key, _ in counts.most_common(WORKS))
        more = f" and {len(counts) - WORKS} more" if len(counts) > WORKS else ""
        yield "Sources", f'<a href="#{WORKS_ID}">{named}{more}</a>'
