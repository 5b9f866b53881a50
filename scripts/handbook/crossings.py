"""Generated content that leads from page to page: relations, verdicts, lists of pages. Records to HTML."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from handbook.addresses import page_link, relative, section_link
from handbook.records import VERDICTS, Page
from handbook.relations import Index, page_order


def relations(index: Index, page: Page) -> str:
    """What relates to a page, and why: its own relations, those that others declare, and what links to it."""
    if page.front is None:
        return ""
    own = [(index.by_id[one.target], one.reason) for one in page.front.related if one.target in index.by_id]
    coming = [(one, why.reason) for one, why in index.incoming.get(page.id, ())]
    tensions = [(one, why) for one, why in coming if one.id.startswith("T")]
    others = [(one, why) for one, why in coming if not one.id.startswith("T") and one not in [two for two, _ in own]]
    kind = page.front.kind
    parts = [
        _block("Touches" if kind == "tension" else "Related", _reasons(page, own)),
        _block("Tensions", _reasons(page, tensions)),
        _block("Instruments", _instruments(index, page)),
        _block("Named as related by", _reasons(page, others)),
        _block("Pages that draw on this essay", _drawing_on(index, page)) if kind == "source" else "",
    ]
    linked = _block("Linked from", _linked_from(index, page))
    # A case is there to be cited: what cites it comes first.
    return "".join([linked, *parts] if kind == "case" else [*parts, linked])


def _block(title: str, items: Iterable[str]) -> str:
    rows = "".join(f"<li>{item}</li>" for item in items)
    return f'<p class="relation">{title}</p><ul>{rows}</ul>' if rows else ""


def _reasons(page: Page, rows: Iterable[tuple[Page, str]]) -> Iterable[str]:
    return (f"{page_link(page, other)}. {escape(reason)}" for other, reason in rows)


def _instruments(index: Index, page: Page) -> Iterable[str]:
    """The instruments by verdict on this principle, each leading to the reason."""
    found = index.verdicts.get(page.id, {})
    for word, label in VERDICTS.items():
        links = [
            f'<a href="{relative(page, index.by_id[one].url, verdict.section_id)}">{escape(index.by_id[one].label)}</a>'
            for one, verdict in found.items()
            if verdict.word == word and one in index.by_id
        ]
        if links:
            yield f'<span class="verdict verdict-{word}">{label}</span> {"; ".join(links)}'


def _linked_from(index: Index, page: Page) -> Iterable[str]:
    """The sections of other pages that link here; a verdict on this page stands among the instruments already."""
    reasons = {verdict.section_id for verdict in index.verdicts.get(page.id, {}).values()}
    by_page: dict[str, list[str]] = {}
    for (_, section_id), other in index.links.get(page.url, {}).items():
        if section_id not in reasons:
            links = by_page.setdefault(other.path, [])
            short = f'<a href="{relative(page, other.url, section_id)}">{escape(section_id)}</a>'
            links.append(short if links and other.id else section_link(page, other, section_id))
    return (", ".join(links) for links in by_page.values())


def _drawing_on(index: Index, page: Page) -> Iterable[str]:
    """The pages that cite the essay of a source page, with the number of their sections that do."""
    counts: dict[str, tuple[Page, set[str]]] = {}
    for other, citation in index.citations.get(page.front.work if page.front else "", []):
        if other.path != page.path:
            counts.setdefault(other.path, (other, set()))[1].add(citation.section_id)
    rows = ((other, f"{len(ids)} {'section' if len(ids) == 1 else 'sections'}.") for other, ids in counts.values())
    return _reasons(page, rows)


def verdict(index: Index, page: Page, word: str, principles: Iterable[str]) -> str:
    """The beginning of a reason: the verdict, and each principle on which it is given."""
    if word not in VERDICTS:
        return ""
    links = "; ".join(page_link(page, index.by_id[one]) for one in principles if one in index.by_id)
    return f'<span class="verdict verdict-{word}">{VERDICTS[word]}</span> {links}.'


def page_list(index: Index, page: Page, kind: str) -> str:
    """All pages of a kind with their summaries."""
    items = [
        f"<li>{page_link(page, other)}<br>{escape(other.front.summary)}</li>"
        for other in sorted(index.pages, key=page_order)
        if other.front and other.front.kind == kind
    ]
    return f'<ul class="page-list">{"".join(items)}</ul>' if items else ""
