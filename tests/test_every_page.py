"""Every page of the real handbook in a real browser: axe, sideways scrolling, errors, requests, the keyboard."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import axe_playwright_python
import pytest

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text("utf-8")
RUN = """async ([rules, whole]) => {
  // Axe takes long over colours: where much has one form, its beginning stands for all.
  const [form, navigation] = [".reference:nth-of-type(n+20), .highlight:nth-of-type(n+6)", ".md-sidebar--primary"];
  document.querySelectorAll(whole ? form : `${form}, ${navigation}`).forEach(one => one.remove());
  const only = rules.length ? { runOnly: rules } : {};
  const found = await axe.run(document, { resultTypes: ["violations"], preload: false, ...only });
  const shown = one => one.nodes.slice(0, 3).map(node => node.html.slice(0, 120)).join(' | ');
  return found.violations.map(one => `${one.id}: ${shown(one)}`);
}"""
SCHEME_OR_WIDTH = ["color-contrast", "link-in-text-block", "landmark-unique", "region", "scrollable-region-focusable"]
"""The rules on what another scheme of colours or another width can change."""
KINDS = ["", "principles/P9/", "matrix/", "references/", "tooling/reference/"]
"""One page of each kind of content."""

FOCUSABLE = """() => {
  const seen = one => one.checkVisibility({ visibilityProperty: true, opacityProperty: true });
  window.all = [...document.querySelectorAll(":is(a[href], button, summary, input, select, [tabindex='0'])")]
    .filter(one => seen(one) && !one.disabled);
  window.order = window.all.filter(one => one.closest("article"));
  window.reached = [];
  document.addEventListener("focusin", event => window.reached.push(event.target), true);
  return window.all.length;
}"""


def pages(site: Path) -> list[str]:
    """The addresses of all pages of the theme, and of some thirty ids: pages, sections and items."""
    found = sorted(path.relative_to(site).as_posix().removesuffix("index.html") for path in site.rglob("*.html"))
    ids = [one for one in found if one.startswith("id/")]
    return [one for one in found if one not in ids] + sorted({*ids[:: len(ids) // 28], "id/P9/", "id/P9.4/"})


@pytest.fixture
def look(
    browser: Any, serve: Callable[[Path], str], handbook_site: Path
) -> Iterator[Callable[[str, int, list[str]], Callable[[str], list[str]]]]:
    """For a scheme of colours and a width, what opens a page and tells what is wrong with it."""
    contexts = []

    def begin(scheme: str, width: int, rules: list[str]) -> Callable[[str], list[str]]:
        root = serve(handbook_site)
        context = browser.new_context(base_url=root, color_scheme=scheme, viewport={"width": width, "height": 844})
        contexts.append(context)
        page = context.new_page()
        wrong: list[str] = []
        page.on("console", lambda said: wrong.append(said.text) if said.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on(
            "request",
            lambda asked: (
                None if asked.url.startswith((root, "data:", "blob:")) else wrong.append(f"asks for {asked.url}")
            ),
        )

        def at(address: str) -> list[str]:
            wrong.clear()
            page.goto(address)
            wide = page.evaluate("document.documentElement.scrollWidth")
            if wide > width:
                wrong.append(f"is {wide} pixels wide")
            if "md-" in page.content() and page.evaluate("document.body.dataset.mdColorScheme") != (
                "slate" if scheme == "dark" else "default"
            ):
                wrong.append(f"is not {scheme}")
            page.evaluate(f"() => {{ {AXE}\n}}")
            return [*wrong, *page.evaluate(RUN, [rules, address in KINDS])]

        return at

    yield begin
    for context in contexts:
        context.close()


@pytest.mark.parametrize(("scheme", "width", "rules"), [("light", 1280, []), ("dark", 390, SCHEME_OR_WIDTH)])
def test_nothing_is_wrong_on_any_page(
    look: Any, handbook_site: Path, scheme: str, width: int, rules: list[str]
) -> None:
    at = look(scheme, width, rules)
    addresses = pages(handbook_site)
    assert len(addresses) > 95
    assert {address: wrong for address in addresses if (wrong := at(address))} == {}


@pytest.mark.parametrize(("scheme", "width"), [("dark", 1280), ("light", 390)])
def test_nothing_is_wrong_on_any_kind_of_page(look: Any, scheme: str, width: int) -> None:
    at = look(scheme, width, [])
    assert {address: wrong for address in [*KINDS, "id/P9/", "id/P9.4/"] if (wrong := at(address))} == {}


@pytest.mark.parametrize("address", ["", "principles/P9/", "matrix/", "about/how-to-cite/"])
def test_keyboard_reaches_everything_in_order_and_gets_out_again(
    browser: Any, serve: Callable[[Path], str], handbook_site: Path, address: str
) -> None:
    context = browser.new_context(base_url=serve(handbook_site), viewport={"width": 1280, "height": 844})
    page = context.new_page()
    page.goto(address)
    number = page.evaluate(FOCUSABLE)
    assert number > 20
    for _ in range(2 * number):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement === document.body"):
            break
    else:
        pytest.fail(f"still at {page.evaluate('document.activeElement.outerHTML')}")
    assert page.evaluate("window.reached[0].className") == "md-skip"
    named = ".md-logo", "[name=query]", "[name=__palette]", ".md-tabs__link", ".md-footer a"
    for selector in named:
        assert page.evaluate("one => window.reached.some(element => element.matches(one))", selector), selector
    missed = "window.all.filter(one => !window.reached.includes(one)).map(one => one.outerHTML)"
    assert page.evaluate(missed) == []
    assert page.evaluate(
        "window.reached.filter(one => window.order.includes(one)).every((one, n) => one === window.order[n])"
    )
    context.close()


def test_skip_link_leads_into_the_text(browser: Any, serve: Callable[[Path], str], handbook_site: Path) -> None:
    page = browser.new_page(base_url=serve(handbook_site))
    page.goto("principles/P9/")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('article') !== null")
    page.close()
