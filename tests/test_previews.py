"""Previews in a real browser: what links, citations and terms show before they are followed, and when they do not."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from conftest import BIB, ROOT, cases
from mkdocs.commands.build import build
from mkdocs.config import load_config
from test_check import project
from test_promise import commit, edit, git, headed, run

from handbook.cli import main

SHOWS = cases("previews.yaml")
PAGE = "principles/P9/"
MARK = "#cite-casper2024black-1"
QUICK = 150
"""Milliseconds in which nothing of ours happens yet."""


@pytest.fixture
def trouble() -> list[str]:
    return []


def opened(browser: Any, trouble: list[str], **options: Any) -> Any:
    options = {"viewport": {"width": 1280, "height": 800}, "reduced_motion": "reduce", **options}
    page = browser.new_context(**options).new_page()
    page.on("console", lambda message: trouble.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: trouble.append(str(error)))
    return page


@pytest.fixture
def page(browser: Any, serve: Callable[[Path], str], handbook_site: Path, trouble: list[str]) -> Iterator[Any]:
    page = opened(browser, trouble, base_url=serve(handbook_site))
    yield page
    page.context.close()


def tip(page: Any) -> Any:
    return page.locator(".preview[role=tooltip]")


def show(page: Any, link: Any, by: str = "mouse") -> Any:
    link.scroll_into_view_if_needed()
    if by == "mouse":
        page.wait_for_timeout(QUICK)  # scrolling hides it
        link.hover()
    else:
        page.keyboard.press("Shift")  # so that the browser takes the focus for the keyboard's
        link.focus()
    tip(page).wait_for(timeout=10_000)
    return tip(page)


def described(page: Any) -> str:
    """What a screen reader adds to the name of the focused link."""
    words: str = page.evaluate(
        "document.getElementById(document.activeElement.getAttribute('aria-describedby'))?.textContent ?? ''"
    )
    return words


@pytest.mark.parametrize("by", ["mouse", "keyboard"])
@pytest.mark.parametrize("case", SHOWS, ids=lambda case: case["name"])
def test_link_shows_what_it_leads_to(page: Any, trouble: list[str], case: dict[str, Any], by: str) -> None:
    page.goto(case["page"])
    if by == "keyboard" and case.get("pointer only"):
        pytest.skip("The same term is a link once a section.")
    preview = show(page, page.locator(case["link"]).first, by)
    lines = preview.locator("p").all_inner_texts()
    assert [line.split(" …")[0] for line in lines] == case["lines"]
    if by == "keyboard":
        assert described(page) == "".join(preview.locator("p").all_text_contents())
    assert page.locator(".md-tooltip2--active").count() == 0
    assert trouble == []


@pytest.mark.parametrize(
    ("address", "link"),
    [
        (PAGE, ".headerlink"),
        (PAGE, "a.cite"),
        (PAGE, "a.all-citations"),
        (PAGE, ".works-cited a[href^=https]"),
        ("tensions/", ".map-drawing a"),
    ],
)
def test_what_is_no_reading_shows_none(page: Any, address: str, link: str) -> None:
    page.goto(address)
    one = page.locator(f"article {link}").first
    one.scroll_into_view_if_needed()
    one.hover()
    page.wait_for_timeout(800)
    assert page.locator(".preview").count() == 0


def test_navigation_shows_none(page: Any) -> None:
    page.goto(PAGE)
    page.locator(".md-sidebar--primary").get_by_role("link", name="P8 ").hover()
    page.wait_for_timeout(800)
    assert page.locator(".preview").count() == 0


def test_pointer_moves_into_it_and_leaves_it(page: Any) -> None:
    page.goto(PAGE)
    preview = show(page, page.locator(MARK))
    box = preview.bounding_box()
    page.mouse.move(box["x"] + 40, box["y"] + box["height"] / 2, steps=10)
    page.wait_for_timeout(800)
    assert preview.is_visible()
    page.mouse.move(5, 700, steps=10)
    preview.wait_for(state="hidden")


def test_passing_over_a_link_shows_nothing(page: Any) -> None:
    page.goto(PAGE)
    page.locator(MARK).scroll_into_view_if_needed()
    page.locator(MARK).hover()
    page.wait_for_timeout(QUICK)
    page.mouse.move(5, 700)
    page.wait_for_timeout(800)
    assert page.locator(".preview").count() == 0


@pytest.mark.parametrize("by", ["mouse", "keyboard"])
def test_escape_dismisses_it_where_the_reader_stands(page: Any, by: str) -> None:
    page.goto(PAGE)
    preview = show(page, page.locator(MARK), by)
    place = page.evaluate("[scrollY, document.activeElement.id]")
    page.keyboard.press("Escape")
    preview.wait_for(state="hidden")
    assert page.evaluate("[scrollY, document.activeElement.id]") == place
    assert page.locator("[aria-describedby=handbook-preview]").count() == 0
    if by == "mouse":
        page.mouse.move(5, 700)
        show(page, page.locator(MARK))
    else:
        page.keyboard.press("Tab")
        page.keyboard.press("Shift+Tab")
        page.wait_for_function("document.querySelector('.preview')?.textContent.startsWith('Casper')")


def test_keyboard_goes_on_to_the_next(page: Any) -> None:
    page.goto(PAGE)
    show(page, page.locator(MARK), "keyboard")
    page.keyboard.press("Tab")
    page.wait_for_function("document.querySelector('.preview')?.textContent.startsWith('Raji')")
    assert tip(page).count() == 1
    page.keyboard.press("Shift+Tab")
    page.wait_for_function("document.querySelector('.preview')?.textContent.startsWith('Casper')")
    page.locator(".md-header a").first.focus()
    tip(page).wait_for(state="hidden")


def test_click_follows_the_link_and_takes_it_away(page: Any) -> None:
    page.goto(PAGE)
    preview = show(page, page.locator(MARK))
    page.locator(MARK).click()
    page.wait_for_url("**#work-casper2024black")
    preview.wait_for(state="hidden")


def test_term_leads_to_its_entry(page: Any) -> None:
    page.goto("instruments/I7/")
    page.locator("a.term", has_text="compute").first.click()
    page.wait_for_url("**/glossary/#compute")
    assert page.locator("dt:target").inner_text() == "Compute"


def test_no_block_is_full_of_underlined_terms(handbook_site: Path) -> None:
    from lxml import html

    for path in handbook_site.rglob("index.html"):
        for block in html.fromstring(path.read_bytes()).iter("p", "li", "td", "dd"):
            assert len([one for one in block.iterchildren("a") if one.get("class") == "term"]) <= 3, path


def test_touch_shows_none_and_follows_at_once(
    browser: Any, serve: Any, handbook_site: Path, trouble: list[str]
) -> None:
    phone = {"width": 390, "height": 740}
    page = opened(browser, trouble, base_url=serve(handbook_site), viewport=phone, has_touch=True, is_mobile=True)
    page.goto(PAGE)
    page.evaluate(
        "new MutationObserver(() => { window.seen ||= !!document.querySelector('.preview'); })"
        ".observe(document.body, {childList: true, subtree: true})"
    )
    page.locator(MARK).tap()
    page.wait_for_url("**#work-casper2024black")
    page.wait_for_timeout(800)
    assert not page.evaluate("window.seen")
    page.locator("a.term").first.tap()
    page.wait_for_url("**/glossary/#*")
    assert trouble == []
    page.context.close()


@pytest.mark.parametrize("link", [MARK, "article a[href*='#S2.21']", "article a[href$='tensions/T1/']", "a.term"])
def test_pages_on_a_disk_show_it_too(browser: Any, handbook_site: Path, trouble: list[str], link: str) -> None:
    page = opened(browser, trouble)
    page.goto((handbook_site / PAGE / "index.html").as_uri())
    assert show(page, page.locator(link).first).inner_text()
    # The line on newer editions is the only one that a disk cannot answer, and there is none in this build.
    assert [one for one in trouble if "preview" in one] == []
    page.context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_nothing_and_the_link_stays_in_view(page: Any, trouble: list[str], scheme: str, width: int) -> None:
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 740})
    page.goto(PAGE)
    for link in (MARK, "article a[href*='#S2.21']"):
        one = page.locator(link).first
        preview = show(page, one, "keyboard")
        box, target = preview.bounding_box(), one.bounding_box()
        header = page.locator(".md-header").bounding_box()
        assert box["x"] >= 0 and box["x"] + box["width"] <= width
        assert box["y"] >= header["y"] + header["height"] and box["y"] + box["height"] <= 740
        assert box["y"] >= target["y"] + target["height"] or box["y"] + box["height"] <= target["y"]
        found = Axe().run(page, context=".md-content")
        assert found.violations_count == 0, found.generate_report()
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert trouble == []


def test_paper_has_none(page: Any) -> None:
    page.goto(PAGE)
    preview = show(page, page.locator(MARK), "keyboard")
    page.emulate_media(media="print")
    assert not preview.is_visible()


def test_data_come_on_first_use_only(page: Any) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(PAGE, wait_until="networkidle")
    assert not [one for one in asked if "previews-data" in one]
    show(page, page.locator(MARK))
    show(page, page.locator("a.term").first)
    assert len([one for one in asked if "previews-data" in one]) == 1


def test_without_its_data_the_page_still_explains(page: Any) -> None:
    page.route("**/previews-data.js", lambda route: route.abort())
    page.goto(PAGE)
    assert "Black-Box Access" in show(page, page.locator(MARK)).inner_text()
    page.keyboard.press("Escape")
    assert "most capable AI systems" in show(page, page.locator("a.term").first).inner_text()


GLOSSARY = "# Glossary\n\nWord\n:   What is said; <b>not</b> markup.\n"
LINKS = """# Home

[Changed](principles/P1.md#P1.5), [a part](principles/P1.md#P1.1), [the same](principles/P2.md),
[new](principles/P1.md#P1.6), <a href="id/P1.3/">gone</a>.
"""


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small book in the theme, of which an edition is out, and what is built of it after two changes."""
    folder = tmp_path_factory.mktemp("previews") / "book"
    config = {
        "theme": {"name": "material", "font": False},
        "plugins": [{"handbook": {"glossary": "glossary.md"}}],
        "markdown_extensions": ["attr_list", "def_list", "footnotes", {"handbook.extension": {}}],
        "extra_javascript": [{"path": "assets/preview.js", "defer": True}],
        "extra_css": ["assets/preview.css"],
    }
    pages = {name: headed(text) for name, text in cases("promise.yaml")[0].items()}
    project(folder, {"references.bib": BIB, "mkdocs.yml": config, "docs/glossary.md": GLOSSARY, **pages})
    (folder / "docs" / "assets").mkdir()
    for name in ("preview.js", "preview.css"):
        shutil.copy(ROOT / "docs" / "assets" / name, folder / "docs" / "assets")
    git(folder.parent, "init", "--quiet", str(folder))
    assert main(["ids", "--root", str(folder)]) == 0
    commit(folder)
    assert main(["edition", "--root", str(folder)]) == 0
    commit(folder)
    new = "\n## New\n\nA section that no edition has.\n\n[^1]: The"
    gone = "- Another item.\n  {#P1.3}\n"
    edit(folder, {"docs/principles/P1.md": [["Second words", "Other words"], ["\n[^1]: The", new], [gone, ""]]})
    assert main(["ids", "--root", str(folder)]) == 0
    assert run(folder, "declare P1.5 substantive --reason 'The rule is another.'") == 0
    assert run(folder, "declare P1.3 retired --reason 'It is repealed.'") == 0
    edit(folder, {"docs/index.md": LINKS})
    return folder


@pytest.fixture(scope="module")
def built(book: Path) -> Path:
    build(load_config(str(book / "mkdocs.yml"), site_dir=str(book / "site")))
    return book / "site"


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("Changed", "Changed since the 1st edition, substantive: The rule is another."),
        ("new", "New since the 1st edition."),
        ("a part", "A part of it has changed since the 1st edition."),
        ("gone", "P1.3 was withdrawn. It is repealed."),
        ("the same", ""),
    ],
)
def test_change_since_the_last_edition_is_said(
    browser: Any, built: Path, serve: Any, trouble: list[str], name: str, line: str
) -> None:
    page = opened(browser, trouble, base_url=serve(built))
    page.goto("")
    preview = show(page, page.get_by_role("article").get_by_role("link", name=name, exact=True))
    changed = preview.locator(".preview-changed, .preview-fate").all_text_contents()
    assert changed == ([line] if line else [])
    assert trouble == []
    page.context.close()
