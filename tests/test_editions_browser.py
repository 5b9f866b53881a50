"""In a real browser: an older edition leads to the same section in the newest, and the selector to any edition."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT
from test_publishing import CONFIG, run, two_editions

CITE = "to cite, follow “Cite” beside a section."


@pytest.fixture(scope="module")
def root(browser: Any, serve: Callable[[Path], str], tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of a published folder with the theme and the scripts of the handbook."""
    folder = tmp_path_factory.mktemp("editions")
    site = folder / "site"
    site.mkdir()
    address = serve(site)
    ours = {
        path.relative_to(ROOT).as_posix(): path.read_text("utf-8")
        for pattern in ("overrides/**/*.html", "docs/assets/*.css", "docs/assets/*.js")
        for path in sorted(ROOT.glob(pattern))
    }
    styles = [name.removeprefix("docs/") for name in ours if name.endswith(".css")]
    scripts = [{"path": name.removeprefix("docs/"), "defer": True} for name in ours if name.endswith(".js")]
    theme = "{name: material, custom_dir: overrides, font: false}"
    config = CONFIG.replace("{name: null, custom_dir: theme, static_templates: [404.html]}", theme)
    config += f"extra_css: {json.dumps(styles)}\nextra_javascript: {json.dumps(scripts)}\n"
    # Long enough to scroll, so that who comes to a section does not see the head of the page.
    long = "\n".join(f"{number}. A line.\n" for number in range(80))
    book = folder / "book"
    book.mkdir()
    two_editions(book, {"mkdocs.yml": config, **ours}, long)
    finished = run(book, site, SITE_URL=address)
    assert finished.returncode == 0, finished.stderr
    return address


@pytest.fixture(params=[1280, 390])
def page(request: pytest.FixtureRequest, browser: Any, root: str) -> Iterator[Any]:
    """A window of a computer or a phone; it ends with no error in the console and nothing asked elsewhere."""
    context = browser.new_context(base_url=root, viewport={"width": request.param, "height": 800})
    opened = context.new_page()
    trouble: list[str] = []
    opened.on("console", lambda message: trouble.append(message.text) if message.type == "error" else None)
    opened.on("pageerror", lambda error: trouble.append(str(error)))
    opened.on("request", lambda one: None if one.url.startswith((root, "data:")) else trouble.append(one.url))
    yield opened
    context.close()
    assert trouble == []


def line(page: Any) -> Any:
    return page.locator(".md-banner")


@pytest.mark.parametrize(
    ("address", "text", "leads"),
    [
        ("1/", "the 2nd edition", "2/"),
        ("1/principles/P1/", "P1 in the 2nd edition", "2/principles/P1/"),
        ("1/principles/P1/#P1.1", "P1.1 in the 2nd edition", "2/principles/P1/#P1.1"),
        ("1/principles/P1/#cite-doe2020why-1", "P1 in the 2nd edition", "2/principles/P1/"),
        ("1/principles/P1/#P1.2", "what became of P1.2, 2nd edition", "2/id/P1.2/"),
    ],
)
def test_older_edition_leads_to_the_same_section_in_the_newest(
    page: Any, root: str, address: str, text: str, leads: str
) -> None:
    page.goto(address)
    link = line(page).get_by_role("link", name=text, exact=True)
    link.wait_for()
    assert line(page).inner_text() == f"1st edition, {day(page)}. There is a newer edition: {text}."
    page.wait_for_function(
        "([link, address]) => link.href === address", arg=[link.element_handle(), f"{root}{leads}"], timeout=5000
    )
    link.click()
    page.wait_for_url(f"**/{leads}")


def day(page: Any) -> str:
    """The day of the edition, as the line has it."""
    found: str = line(page).inner_text().split(", ")[1][:10]
    return found


def test_line_follows_the_reader_within_a_page(page: Any) -> None:
    page.goto("1/principles/P1/#P1.1")
    line(page).get_by_role("link", name="P1.1 in the 2nd edition").wait_for()
    page.evaluate("location.hash = 'P1.2'")
    line(page).get_by_role("link", name="what became of P1.2, 2nd edition").wait_for()


def test_line_is_in_sight_at_the_head_and_at_a_section(page: Any) -> None:
    page.goto("1/principles/P1/")
    line(page).get_by_role("link", name="P1 in the 2nd edition").wait_for()
    assert line(page).bounding_box()["y"] == 0
    page.goto("1/principles/P1/#P1.2")
    page.reload()
    line(page).get_by_role("link", name="what became of P1.2, 2nd edition").wait_for()
    page.locator(".edition-afloat").wait_for()
    box = line(page).bounding_box()
    assert box["y"] + box["height"] == 800
    heading = page.locator("[id='P1.2']").bounding_box()
    assert page.locator(".md-header").bounding_box()["height"] < heading["y"] < box["y"]
    assert page.evaluate("document.documentElement.scrollWidth") == page.viewport_size["width"]


@pytest.mark.parametrize(
    ("address", "text"),
    [
        ("2/principles/P1/#P1.1", "2nd edition, {day}. The latest text of P1."),
        ("2/", "2nd edition, {day}. The latest text."),
        (
            "latest/principles/P1/",
            "Latest text, after the 2nd edition. It can change: to cite, follow “Cite” beside a section.",
        ),
    ],
)
def test_newest_edition_and_latest_text_are_not_called_old(page: Any, address: str, text: str) -> None:
    page.goto(address, wait_until="networkidle")
    assert " ".join(line(page).inner_text().split()) == text.format(day=day(page), cite=CITE)
    assert page.locator(".edition-afloat").count() == 0


def test_selector_lists_the_editions_and_keeps_the_section(page: Any) -> None:
    page.goto("1/principles/P1/#P1.1")
    page.evaluate("scrollTo(0, 0)")
    page.get_by_role("button", name="Select version").focus()  # which opens the list, as pointing at it does
    entries = page.locator(".md-version__link")
    assert entries.all_inner_texts() == ["2nd edition", "1st edition", "Latest text"]
    entries.first.click()
    page.wait_for_url("**/2/principles/P1/#P1.1")
    assert page.get_by_role("article").get_by_text("Other words of a claim").is_visible()


def test_first_page_leads_to_the_newest_edition(page: Any) -> None:
    page.goto("")
    page.get_by_role("link", name="Read the 2nd edition").click()
    page.wait_for_url("**/2/")


def test_page_of_nothing_knows_its_edition(browser: Any, root: str) -> None:
    """As a host shows it in place of what is missing; here under its own address."""
    context = browser.new_context(base_url=root)
    page = context.new_page()
    page.goto("1/404.html")
    line(page).get_by_role("link", name="the 2nd edition").wait_for()
    page.get_by_role("link", name="the first page").click()
    page.wait_for_url("**/1/")
    context.close()


def test_without_scripts_the_line_names_the_edition_and_leads_to_the_latest_text(browser: Any, root: str) -> None:
    context = browser.new_context(base_url=root, java_script_enabled=False)
    page = context.new_page()
    page.goto("1/principles/P1/#P1.1")
    assert line(page).inner_text().startswith("1st edition, 20")
    line(page).get_by_role("link", name="The latest text of P1").click()
    page.wait_for_url("**/latest/id/P1/")
    page.get_by_role("link", name="Read P1 in its place").click()
    page.wait_for_url("**/latest/principles/P1/")
    context.close()
