"""The matrix: principles down, instruments across, a verdict in each cell; and the form that filters it.

The table is whole without a script. The form is hidden until ``assets/matrix.js`` shows it, and its fields are named as
they stand in the query of an address that shares a filter: ``?verdict=constrains&principle=P4``.
"""

from __future__ import annotations

from collections import Counter
from html import escape

from handbook.addresses import page_link, relative
from handbook.records import VERDICTS, Page, Verdict
from handbook.relations import Index, page_order

SIGNS = {"supports": "+", "constrains": "−", "depends": "±", "none": "·"}
"""What a cell shows; the word stands in its name for whoever cannot see the sign."""


def matrix(index: Index, page: Page) -> str:
    """The form and the table as HTML, each verdict leading to its reason; empty without principles or instruments."""
    pages = sorted(index.pages, key=page_order)
    principles = [one for one in pages if one.front and one.front.kind == "principle"]
    instruments = [one for one in pages if one.front and one.front.kind == "instrument"]
    if not principles or not instruments:
        return ""
    head = "".join(f'<th scope="col" data-instrument="{one.id}">{page_link(page, one)}</th>' for one in instruments)
    rows = []
    for principle in principles:
        given = index.verdicts.get(principle.id, {})
        cells = "".join(_cell(page, principle, one, given.get(one.id)) for one in instruments)
        rows.append(
            f'<tr data-principle="{principle.id}"><th scope="row">{page_link(page, principle)}</th>{cells}</tr>'
        )
    return (
        f"{_form(index, principles, instruments)}"
        '<div class="matrix" role="region" aria-label="Matrix" tabindex="0"><table class="matrix-table">'
        "<caption><span>Verdicts on instruments, across, by principle, down; each sign leads to its reason</span>"
        f"</caption><thead><tr><td></td>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table></div>"
    )


def _cell(page: Page, principle: Page, instrument: Page, given: Verdict | None) -> str:
    if given is None or given.word not in VERDICTS:
        return "<td></td>"
    name = escape(f"{instrument.label}, {principle.id}: {VERDICTS[given.word].lower()}")
    return (
        f'<td class="verdict-{given.word}" data-verdict="{given.word}">'
        f'<a href="{relative(page, instrument.url, given.section_id)}" '
        f'title="{name}" aria-label="{name}">{SIGNS[given.word]}</a></td>'
    )


def _form(index: Index, principles: list[Page], instruments: list[Page]) -> str:
    """Nothing chosen in a group means all of it, so that the address of a filter names only what was asked for."""
    columns = {one.id for one in instruments}
    counts = Counter(
        given.word for one in principles for name, given in index.verdicts.get(one.id, {}).items() if name in columns
    )
    words = [(word, f"{SIGNS[word]} {label} ({counts[word]})") for word, label in VERDICTS.items() if counts[word]]
    return (
        '<form class="matrix-filter" autocomplete="off" hidden>'
        f'<fieldset class="matrix-verdicts"><legend>Show only</legend>{_boxes("verdict", words)}</fieldset>'
        f"{_choice('principle', 'Principles', principles)}{_choice('instrument', 'Instruments', instruments)}"
        '<p class="matrix-result"><span role="status"></span> <button type="button" hidden>Show all</button></p>'
        '<p class="matrix-hint">The address holds the choice, so it can be sent to somebody else.</p></form>'
    )


def _choice(name: str, title: str, pages: list[Page]) -> str:
    boxes = _boxes(name, [(one.id, one.label) for one in pages])
    return (
        f'<details class="matrix-choice"><summary>{title}: <span data-chosen="{name}">all</span></summary>'
        f'<div role="group" aria-label="{title}">{boxes}</div></details>'
    )


def _boxes(name: str, values: list[tuple[str, str]]) -> str:
    return "".join(
        f'<label><input type="checkbox" name="{name}" value="{value}"> {escape(label)}</label>'
        for value, label in values
    )
