"""The matrix and its filter, the map of the tensions, the outlines as tables: where they lead, how they are used."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from conftest import Site, head
from lxml import html

SLOTTED = '# {}\n\n<div data-generated="{}"></div>\n'
RELATED = "related:\n  {}: It <pulls>.\n"


def text_of(nodes: list[Any]) -> list[str]:
    return [" ".join(node.text_content().split()) for node in nodes]


@pytest.fixture
def mapped(site: Site) -> html.HtmlElement:
    """A map on which one tension touches a principle and a case; a second principle is related to the first only."""
    site.write("docs/principles/P1.md", head("P1", "", 'First <one> & "more"'))
    site.write(
        "docs/principles/P2.md", head("P2", RELATED.format("P1"), "A title of so many words that it needs two lines")
    )
    site.write("docs/tensions/T1.md", head("T1", RELATED.format("P1") + "  C1: It shows.\n", "Pull"))
    site.write("docs/cases/C1.md", head("C1", "evidence: anecdote\n", "Tale"))
    site.write("docs/tensions/index.md", SLOTTED.format("Tensions", "map"))
    site.build()
    return html.fromstring(site.page("tensions"))


def test_map_links_every_page_and_says_what_it_is_joined_to(mapped: html.HtmlElement) -> None:
    assert [(node.get("href"), node.find("title").text) for node in mapped.xpath("//svg//a")] == [
        ("../principles/P1/", "P1 First <one> & “more”, principle, joined to P2, T1"),
        ("../principles/P2/", "P2 A title of so many words that it needs two lines, principle, joined to P1"),
        ("T1/", "T1 Pull, tension, joined to P1, C1"),
        ("../cases/C1/", "C1 Tale, case, joined to T1"),
    ]
    assert [line.get("data-ends") for line in mapped.xpath("//svg//path")] == ["T1 P1", "T1 C1", "P1 P2"]
    assert mapped.xpath("//svg")[0].get("aria-labelledby") == mapped.xpath("//svg/title")[0].get("id")


def test_map_has_each_relation_and_its_reason_in_words(mapped: html.HtmlElement) -> None:
    rows = {text_of(row.xpath("./a"))[0]: text_of(row.xpath("./ul/li")) for row in mapped.xpath("//details/ul/li")}
    assert rows == {
        "P2 A title of so many words that it needs two lines": ["P1 First <one> & “more”. It <pulls>."],
        "T1 Pull": ["P1 First <one> & “more”. It <pulls>.", "C1 Tale. It shows."],
    }


def test_page_without_tensions_has_no_map(site: Site) -> None:
    site.write("docs/map.md", SLOTTED.format("Map", "map"))
    site.build()
    assert "<svg" not in site.page("map")


def test_outline_counts_the_sections_that_carry_each_passage(site: Site) -> None:
    site.write(
        "docs/principles/P1.md",
        head("P1")
        + "## One {#P1.1}\n\nSo [@doe2020why, paras. 1–2].\n\n## Two {#P1.2}\n\nSo [@doe2020why, para. 2].\n",
    )
    site.write("docs/instruments/I1.md", head("I1") + "## One {#I1.1}\n\nSo [@doe2020why, para. 2].\n")
    items = "".join(
        f'- Item [@doe2020why, para. {n}].\n  <span data-generated="carried"></span>\n  {{#S1.{n}}}\n'
        for n in (1, 2, 3)
    )
    site.write(
        "docs/sources/S1.md",
        head("S1", "work: doe2020why\nparagraphs: 3\n")
        + f'## Outline {{#S1.4}}\n\n<div data-generated="outline"></div>\n\n### Part {{#S1.5}}\n\n{items}',
    )
    site.build()
    table = html.fromstring(site.page("sources/S1")).find(".//table")
    assert text_of(table.xpath(".//th[@scope='col']")) == ["P1", "Instruments"]
    assert text_of(table.xpath(".//th[@scope='rowgroup']")) == ["Part"]
    rows = {row.findtext("th/a"): row for row in table.xpath(".//tbody/tr[th/@scope='row']")}
    found = {
        name: [(one.text, one.get("href"), one.get("aria-label")) for one in row.xpath("td/a")]
        for name, row in rows.items()
    }
    assert found == {
        "Para. 1": [("1", "../../principles/P1/#cite-doe2020why-1", "P1 carries para. 1: P1.1")],
        "Para. 2": [
            ("2", "../../principles/P1/#cite-doe2020why-1", "P1 carries para. 2: P1.1, P1.2"),
            ("1", "#S1.2", "Instruments that carry para. 2: I1.1"),
        ],
        "Para. 3": [],
    }


@pytest.fixture(params=[(1280, 900), (390, 844)], ids=["desktop", "phone"])
def page(request: pytest.FixtureRequest, browser: Any, serve: Callable[[Path], str], handbook_site: Path) -> Any:
    width, height = request.param
    context = browser.new_context(base_url=serve(handbook_site), viewport={"width": width, "height": height})
    opened = context.new_page()
    opened.trouble = []
    opened.on("console", lambda message: opened.trouble.append(message.text) if message.type == "error" else None)
    opened.on("pageerror", lambda error: opened.trouble.append(str(error)))
    yield opened
    assert opened.trouble == []
    context.close()


def signs(page: Any) -> list[str]:
    return page.locator(".matrix-table td a:visible").evaluate_all("all => all.map(one => one.ariaLabel)")  # type: ignore[no-any-return]


def test_filter_shows_what_is_asked_says_how_much_and_can_be_shared(page: Any) -> None:
    page.goto("matrix/")
    status = page.get_by_role("status")
    assert status.inner_text() == "All 195 verdicts: 15 principles, 13 instruments."
    page.get_by_label("Constrains (").check()
    page.get_by_text("Principles: all").click()
    page.get_by_role("group", name="Principles").get_by_label("P8 ").check()
    shown = signs(page)
    assert shown and all(name.endswith(", P8: constrains") for name in shown)
    assert status.inner_text().startswith(f"{len(shown)} of 195 verdicts: 1 principle, ")
    assert page.locator("tbody tr:visible").count() == 1
    assert page.locator("thead th:visible").count() == len(shown)
    assert page.url.endswith("/matrix/?verdict=constrains&principle=P8")

    page.goto(page.url)
    assert signs(page) == shown
    assert page.get_by_text("Principles: P8").is_visible()
    page.get_by_role("button", name="Show all").click()
    assert len(signs(page)) == 195
    assert page.url.endswith("/matrix/")


def test_filter_that_nothing_fits_says_so(page: Any) -> None:
    page.goto("matrix/?verdict=supports&principle=P4&instrument=I1&h=kept&instrument=I99")
    assert page.get_by_role("status").inner_text() == "None of 195 verdicts fits."
    assert not page.locator(".matrix-table").is_visible()
    page.get_by_role("button", name="Show all").click()
    assert page.url.endswith("/matrix/?h=kept")


def test_filter_works_by_keyboard(page: Any) -> None:
    page.goto("matrix/")
    page.get_by_label("Supports (").focus()
    page.keyboard.press("Space")
    assert {name.rsplit(" ", 1)[1] for name in signs(page)} == {"supports"}
    for _ in range(4):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    assert all(", P1: supports" in name for name in signs(page))
    assert page.url.endswith("?verdict=supports&principle=P1")


def test_heads_of_the_matrix_stay_in_sight_and_the_page_stands_still(page: Any) -> None:
    page.goto("matrix/")
    region = page.get_by_role("region", name="Matrix")
    region.scroll_into_view_if_needed()
    region.evaluate("one => one.scrollTo(9999, 9999)")
    box = region.bounding_box()
    row = page.locator(".matrix-table tbody tr:last-child th").bounding_box()
    column = page.locator(".matrix-table thead th:last-child").bounding_box()
    assert box["x"] <= row["x"] < row["x"] + row["width"] <= box["x"] + box["width"]
    assert box["y"] <= column["y"] < box["y"] + 2
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_matrix_is_whole_without_a_script(browser: Any, serve: Callable[[Path], str], handbook_site: Path) -> None:
    context = browser.new_context(base_url=serve(handbook_site), java_script_enabled=False)
    opened = context.new_page()
    opened.goto("matrix/")
    assert opened.locator(".matrix-table td a:visible").count() == 195
    assert not opened.locator(".matrix-filter").is_visible()
    context.close()


def test_box_of_the_map_in_focus_shows_its_lines_and_opens_its_page(page: Any) -> None:
    page.goto("tensions/")
    page.get_by_role("link", name="T1 Evaluations: unreliable, yet required, tension").focus()
    lit = page.locator(".map-drawing path.map-lit")
    assert {name for line in lit.all() for name in (line.get_attribute("data-ends") or "").split()} >= {
        "T1",
        "P1",
        "C4",
    }
    assert all("T1" in (line.get_attribute("data-ends") or "") for line in lit.all())
    page.keyboard.press("Tab")
    assert page.locator(".map-drawing a:focus").count() == 1
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/tensions/T1/")


def test_number_in_an_outline_opens_the_sentence(page: Any) -> None:
    page.goto("sources/S1/")
    page.get_by_role("link", name="P1 carries para. 9: P1.").click()
    page.wait_for_url("**/principles/P1/#cite-korzekwa2023product-*")
    assert page.locator("a.citation:target").get_attribute("data-locator") == "para. 9"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("address", ["matrix/?verdict=constrains", "tensions/", "sources/S1/", "sources/S2/"])
def test_axe_finds_nothing_in_a_picture(page: Any, address: str, scheme: str) -> None:
    page.emulate_media(color_scheme=scheme)
    page.goto(address)
    for summary in page.locator(".matrix-choice summary, .map-list summary").all():
        summary.click()
    for picture in (".matrix", ".matrix-filter", ".map", ".map-list", ".outline"):
        if page.locator(picture).count():
            found = Axe().run(page, context=picture)
            assert found.violations_count == 0, found.generate_report()
