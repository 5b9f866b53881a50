"""The map of the tensions: what each touches, and how principles relate, drawn as SVG when the site is built.

grandalf, a layered layout after Sugiyama, Tagawa and Toda (1981), decides what stands above what, so that few lines
cross; lxml writes the drawing. Colours, light and dark, come from the style sheet, and without one black on white
remains. The same relations with their reasons follow as a list, which is what a reader who sees no picture gets.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html import escape, unescape
from typing import Any

from grandalf.graphs import Edge, Graph, Vertex
from grandalf.layouts import SugiyamaLayout
from lxml import etree
from lxml.builder import E

from handbook.addresses import page_link, relative
from handbook.records import Page
from handbook.relations import Index, page_order

WIDTH, TOP, PITCH, LINE = 1002, 44, 46, 15
BOX_WIDTH, LETTERS = 216, 31
LEFT = {"principle": 104, "tension": 452, "instrument": 784, "case": 784}
"""Where the boxes of a kind begin; the arcs between principles stand before the first column."""
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
    pages = sorted(index.by_id.values(), key=page_order)
    principles = [one for one in pages if _kind(one) == "principle"]
    touches = [
        (one, other)
        for one in pages
        if _kind(one) == "tension"
        for other in _targets(index, one)
        if _kind(other) in LEFT and _kind(other) != "tension"
    ]
    if not touches:
        return ""
    pairs = {
        frozenset((one.id, other.id)) for one in principles for other in _targets(index, one) if other in principles
    }
    order = {one.id: at for at, one in enumerate(pages)}
    arcs = sorted(
        (sorted(pair, key=order.__getitem__) for pair in pairs if len(pair) == 2),
        key=lambda arc: [order[one] for one in arc],
    )
    lines = [*((one.id, other.id) for one, other in touches), *((a, b) for a, b in arcs)]
    columns = _columns(touches, principles)
    height = max(map(len, columns)) * PITCH
    boxes = [
        Box(one, _kind(one), LEFT[_kind(one)], TOP + height * (at + 0.5) / len(column))
        for column in columns
        for at, one in enumerate(column)
    ]
    joined: dict[str, list[str]] = {}
    for a, b in lines:
        joined.setdefault(a, []).append(b)
        joined.setdefault(b, []).append(a)
    nodes = [_node(page, box, sorted(joined.get(box.page.id, []), key=order.__getitem__)) for box in boxes]
    svg = etree.tostring(
        _drawing({box.page.id: box for box in boxes}, lines, nodes, TOP + height + 6), encoding="unicode"
    )
    return (
        f'<div class="map" role="region" aria-label="Map" tabindex="0">{svg}</div>'
        '<details class="map-list"><summary>The map as a list, with reasons</summary>'
        f"{_list(index, page, [*columns[1], *principles])}</details>"
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


def _columns(touches: list[tuple[Page, Page]], principles: list[Page]) -> list[list[Page]]:
    """Principles, tensions, and all else that they touch, each from above to below."""
    vertices: dict[str, Vertex] = {}
    for one in sorted({page.id: page for pair in touches for page in pair}.values(), key=page_order):
        vertices[one.id] = Vertex(one)
        vertices[one.id].view = _View()
    edges = [
        Edge(vertices[b.id], vertices[a.id]) if b in principles else Edge(vertices[a.id], vertices[b.id])
        for a, b in touches
    ]
    columns: list[list[Page]] = [[], [], []]
    for component in Graph(list(vertices.values()), edges).C:  # those without a common neighbour, one below the other
        layout = SugiyamaLayout(component)
        layout.init_all()
        layout.draw(30)  # rounds of moving boxes past each other; the crossings settle in fewer
        for vertex in sorted(component.V(), key=lambda vertex: float(vertex.view.xy[0])):
            placed: Page = vertex.data
            columns[0 if placed in principles else 1 if placed.id.startswith("T") else 2].append(placed)
    columns[0] += [one for one in principles if one not in columns[0]]
    return columns


class _View:
    """The size of a box, as grandalf asks for it; its layers run from left to right here."""

    w, h = PITCH, BOX_WIDTH
    xy: tuple[float, float] = (0, 0)


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
