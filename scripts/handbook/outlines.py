"""The outline of an essay as a table: its passages down, the pages of the handbook that carry them across.

It shows at a glance which part of an essay a principle rests on, and what nothing rests on. The lists of sections below
the items of the outline say the same in words.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from itertools import groupby

from handbook.addresses import relative
from handbook.records import Citation, Page, Section
from handbook.relations import Index, page_order, passages

SINGLE = ("principle", "tension")
"""Kinds whose pages have a column each; the others share one a kind."""
SHARED = {"instrument": "Instruments", "case": "Cases", "": "Other pages"}


@dataclass(frozen=True, slots=True)
class Passage:
    """An item of the outline: its section, the locator that it cites, and what carries it, in the order of pages."""

    section: Section
    locator: str
    carriers: tuple[tuple[Page, Citation], ...]


def items(index: Index, page: Page) -> list[Passage]:
    """The items of an essay's outline, those that keep a place for what carries them, in the order of the text."""
    work = page.front.work if page.front else ""
    found = []
    for slot in page.slots:
        section = page.section(slot.section_id)
        own = [one for one in page.citations if one.section_id == slot.section_id and one.key == work]
        if slot.name == "carried" and section and own:
            names = (passage for one in own for passage in passages(one.locator))
            carriers = tuple(one for name in names for one in index.carriers.get((work, name), []))
            found.append(Passage(section, own[0].locator, carriers))
    return found


def outline(index: Index, page: Page) -> str:
    """The table as HTML; empty without an outline."""
    rows = items(index, page)
    carrying = {other.path: other for row in rows for other, _ in row.carriers}.values()
    kinds = {_kind(other) for other in carrying}
    single = [one for one in sorted(carrying, key=page_order) if _kind(one) in SINGLE]
    shared = [kind for kind in SHARED if kind in kinds]
    if not single and not shared:
        return ""
    heads = "".join(
        f'<th scope="col"><a href="{relative(page, one.url)}" title="{escape(one.label)}" '
        f'aria-label="{escape(one.label)}">{one.id}</a></th>'
        for one in single
    )
    heads += "".join(f'<th scope="col" class="outline-shared"><span>{SHARED[kind]}</span></th>' for kind in shared)
    width = len(single) + len(shared) + 1
    bodies = []
    for holder, group in groupby(rows, key=lambda row: row.section.within):
        section = page.section(holder)
        title = f'<a href="#{holder}">{escape(section.title)}</a>' if section else ""
        head = f'<tr class="outline-part"><th scope="rowgroup" colspan="{width}"><span>{title}</span></th></tr>'
        bodies.append(
            f"<tbody>{head if title else ''}{''.join(_row(page, row, single, shared) for row in group)}</tbody>"
        )
    return (
        '<div class="outline" role="region" aria-label="Outline as a table" tabindex="0"><table class="outline-table">'
        "<caption><span>How many sections of each page carry each passage; a number leads to the first of them, "
        "or to the list where several pages share a column</span></caption>"
        f"<thead><tr><td></td>{heads}</tr></thead>{''.join(bodies)}</table></div>"
    )


def _kind(page: Page) -> str:
    return page.front.kind if page.front and page.front.kind in (*SINGLE, *SHARED) else ""


def _row(page: Page, row: Passage, single: list[Page], shared: list[str]) -> str:
    label = row.locator[:1].upper() + row.locator[1:]
    here = f"#{row.section.id}"
    cells = []
    for one in single:
        own = [(other, citation) for other, citation in row.carriers if other.path == one.path]
        where = relative(page, one.url, own[0][1].mark_id) if own else ""
        cells.append(_cell(own, where, f"{one.id} carries {row.locator}"))
    for kind in shared:
        own = [(other, citation) for other, citation in row.carriers if _kind(other) == kind]
        cells.append(_cell(own, here, f"{SHARED[kind]} that carry {row.locator}"))
    return f'<tr><th scope="row"><a href="{here}">{escape(label)}</a></th>{"".join(cells)}</tr>'


def _cell(carriers: Iterable[tuple[Page, Citation]], where: str, name: str) -> str:
    """The number of sections, in one of three depths; the name says which they are."""
    places = dict.fromkeys(one.section_id if other.id else other.title for other, one in carriers)
    if not places:
        return "<td></td>"
    said = escape(f"{name}: {', '.join(places)}")
    return (
        f'<td class="depth-{min(3, len(places))}"><a href="{where}" title="{said}" aria-label="{said}">'
        f"{len(places)}</a></td>"
    )
