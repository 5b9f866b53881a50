"""The map of the tensions: what each touches, and how principles relate, drawn as SVG when the site is built.

networkx holds which pages are joined. Their kinds give the columns; within one they are ordered after Sugiyama, Tagawa
and Toda (1981), so that few lines cross. lxml writes the drawing; colours come from the style sheet, and without one
black on white remains. The same relations with their reasons follow as a list, for readers who see no picture.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from html import escape, unescape
from itertools import combinations
from statistics import fmean
from typing import TYPE_CHECKING, Any

from lxml import etree
from lxml.builder import E

from handbook.addresses import page_link, relative
from handbook.records import Page
from handbook.relations import Index, page_order

if TYPE_CHECKING:
    from networkx import Graph

WIDTH, TOP, PITCH, LINE = 1002, 44, 46, 15
BOX_WIDTH, LETTERS = 216, 31
LEFT = {"principle": 104, "tension": 452, "instrument": 784, "case": 784}
"""Where the boxes of a kind begin; the arcs between principles stand before the first column."""
JOINED = {"principle": ("principle",), "tension": ("principle", "instrument", "case")}
"""The kinds of page to which a line is drawn from a page of a kind that it names as related."""
HEADS = ((104, "Principles"), (452, "Tensions"), (784, "Instruments and cases"))


@dataclass(frozen=True, slots=True)
class Box:
    """A page on the map: its kind, the left edge and the middle of its box."""

    page: Page
    kind: str
    x: float
    y: float


def tensions(index: Index, page: Page) -> str:
    """The map and its list as HTML, with links as seen from ``page``; empty where no tension touches anything."""
    graph = _graph(index)
    kinds = {one: _kind(index.by_id[one]) for one in graph}
    columns = principles, middle, _ = _columns(graph, kinds)
    if not middle:
        return ""
    lines = [(one, other) for one in graph if one in middle for other in graph[one]]
    lines += [(a, b) for a, b in graph.edges if a in principles and b in principles]
    height = max(map(len, columns)) * PITCH
    boxes = {
        one: Box(index.by_id[one], kinds[one], LEFT[kinds[one]], TOP + height * (at + 0.5) / len(column))
        for column in columns
        for at, one in enumerate(column)
    }
    nodes = [_node(page, box, [other for other in graph if other in graph[one]]) for one, box in boxes.items()]
    svg = etree.tostring(_drawing(boxes, lines, nodes, TOP + height + 6), encoding="unicode")
    return (
        f'<div class="map" role="region" aria-label="Map" tabindex="0">{svg}</div>'
        '<details class="map-list"><summary>The map as a list, with reasons</summary>'
        f"{_list(index, page, (index.by_id[one] for one in [*middle, *principles]))}</details>"
    )


def _drawing(boxes: Mapping[str, Box], lines: list[tuple[str, str]], nodes: list[Any], height: int) -> Any:
    return E.svg(
        E.title("Map of the tensions", id="map-title"),
        E.desc(
            "Lines lead from each tension to the principles on its left and to the instruments and cases on its right "
            "that it touches; arcs join principles that name each other as related. The list below says the same.",
            id="map-desc",
        ),
        E.g(*(E.text(title, x=str(x), y="20") for x, title in HEADS), {"class": "map-heads"}),
        E.g(
            *(_line(boxes[a], boxes[b]) for a, b in lines),
            {"class": "map-lines", "fill": "none", "stroke": "currentColor", "aria-hidden": "true"},
        ),
        *nodes,
        {"class": "map-drawing", "viewBox": f"0 0 {WIDTH} {height}", "role": "group"},
        {"aria-labelledby": "map-title", "aria-describedby": "map-desc"},
    )


def _kind(page: Page) -> str:
    return page.front.kind if page.front else ""


def _targets(index: Index, page: Page) -> list[Page]:
    return [index.by_id[one.target] for one in page.front.related if one.target in index.by_id] if page.front else []


def _graph(index: Index) -> Graph[str]:
    """Every principle, and what a tension touches with the tension, in the order of pages; joined as they are drawn."""
    from networkx import Graph, isolates  # slow to load, and one page of a site asks for it

    pages = sorted((one for one in index.by_id.values() if _kind(one) in LEFT), key=page_order)
    graph: Graph[str] = Graph()
    graph.add_nodes_from(one.id for one in pages)
    graph.add_edges_from(
        (one.id, other.id)
        for one in pages
        for other in _targets(index, one)
        if _kind(other) in JOINED.get(_kind(one), ()) and one is not other
    )
    graph.remove_nodes_from([one for one in isolates(graph) if _kind(index.by_id[one]) != "principle"])
    return graph


def _columns(graph: Graph[str], kinds: Mapping[str, str]) -> list[list[str]]:
    """Principles, tensions, and all else that they touch, each from above to below.

    A page beside the tensions stands at their barycentre, the mean of the places of those that touch it; of the
    tensions, two change places as long as fewer lines cross then, so that without need they keep the order of pages.
    """
    kept = (["principle"], ["tension"], ["instrument", "case"])
    left, order, right = ([one for one in graph if kinds[one] in column] for column in kept)

    def beside(column: list[str], order: list[str]) -> dict[str, list[int]]:
        ends = {one: [at for at, tension in enumerate(order) if tension in graph[one]] for one in column}
        return dict(sorted(ends.items(), key=lambda end: fmean(end[1] or [len(order)])))

    def crossings(order: list[str]) -> int:
        pairs = (pair for column in (left, right) for pair in combinations(beside(column, order).values(), 2))
        return sum(a > b for above, below in pairs for a in above for b in below)

    def swaps(order: list[str]) -> Iterator[list[str]]:
        return ([{a: b, b: a}.get(one, one) for one in order] for a, b in combinations(order, 2))

    while crossings(better := min(swaps(order), key=crossings, default=order)) < crossings(order):
        order = better
    return [list(beside(left, order)), order, list(beside(right, order))]


def _line(a: Box, b: Box) -> Any:
    """A curve between two columns, or an arc to the left of one."""
    if a.x == b.x:
        reach = 14 + min(84, abs(a.y - b.y) * 0.14)
        path = f"M{a.x} {a.y:.1f}C{a.x - reach:.1f} {a.y:.1f} {b.x - reach:.1f} {b.y:.1f} {b.x} {b.y:.1f}"
        kind = "map-arc"
    else:
        left, right = sorted((a, b), key=lambda box: box.x)
        start, middle = left.x + BOX_WIDTH, (left.x + BOX_WIDTH + right.x) / 2
        path = f"M{start} {left.y:.1f}C{middle:.0f} {left.y:.1f} {middle:.0f} {right.y:.1f} {right.x} {right.y:.1f}"
        kind = "map-touch"
    return E.path({"class": kind, "d": path, "data-ends": f"{a.page.id} {b.page.id}"})


def _node(page: Page, box: Box, others: list[str]) -> Any:
    """A linked box; its name says what it is joined to."""
    title = textwrap.wrap(box.page.title, LETTERS - 5)
    height = LINE * len(title) + 10
    words = [
        E.tspan(f"{line} ", x=str(box.x + 42), y=f"{box.y - height / 2 + 16 + LINE * at:.1f}")
        for at, line in enumerate(title)
    ]
    name = f"{box.page.label}, {box.kind}, joined to {', '.join(others) or 'nothing here'}"
    return E.a(
        E.title(name),
        E.rect(
            {"x": str(box.x), "y": f"{box.y - height / 2:.1f}", "width": str(BOX_WIDTH), "height": str(height)},
            {"rx": {"tension": "12", "case": "0"}.get(box.kind, "3"), "fill": "none", "stroke": "currentColor"},
            {"stroke-dasharray": "5 3"} if box.kind == "case" else {},
        ),
        E.text(box.page.id, {"class": "map-id", "x": str(box.x + 8), "y": f"{box.y - height / 2 + 16:.1f}"}),
        E.text(*words),
        {
            "class": f"map-{box.kind}",
            "href": unescape(relative(page, box.page.url)),
            "data-node": box.page.id,
        },
    )


def _list(index: Index, page: Page, pages: Iterable[Page]) -> str:
    rows = []
    for one in sorted(pages, key=page_order):
        reasons = "".join(
            f"<li>{page_link(page, index.by_id[why.target])}. {escape(why.reason)}</li>"
            for why in (one.front.related if one.front else ())
            if why.target in index.by_id
        )
        rows.append(f"<li>{page_link(page, one)}<ul>{reasons}</ul></li>" if reasons else "")
    return f"<ul>{''.join(rows)}</ul>"
