"""In a real browser: links land where they should."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture
def page(browser: Any, serve: Callable[[Path], str], handbook_site: Path) -> Any:
    context = browser.new_context(base_url=serve(handbook_site), viewport={"width": 1280, "height": 800})
    opened = context.new_page()
    opened.asked = []
    opened.on("request", lambda request: opened.asked.append(request.url))
    opened.trouble = []
    opened.on("console", lambda message: opened.trouble.append(message.text) if message.type == "error" else None)
    opened.on("pageerror", lambda error: opened.trouble.append(str(error)))
    yield opened
    context.close()


def test_cited_in_lands_on_the_sentence(page: Any) -> None:
    page.goto("references/")
    entry = page.locator("#ref-casper2024black")
    assert not entry.get_by_role("link", name="abstract").first.is_visible()
    entry.get_by_text("Cited in").press("Enter")
    entry.get_by_role("link", name="abstract").first.click()
    page.wait_for_url("**/principles/P9/#cite-casper2024black-1")
    mark = page.locator("#cite-casper2024black-1")
    assert mark.evaluate("element => element.matches(':target')")
    assert "auditors who may only query a system" in mark.locator("xpath=ancestor::p").inner_text()
    box = mark.bounding_box()
    header = page.locator(".md-header").bounding_box()
    assert header["height"] < box["y"] < 800


def test_section_link_of_the_index_opens_the_section(page: Any) -> None:
    page.goto("references/")
    page.locator("#ref-casper2024black summary").click()
    page.locator("#ref-casper2024black").get_by_role("link", name="P9.10").click()
    page.wait_for_url("**/principles/P9/#P9.10")
    assert page.locator("[id='P9.10']").evaluate("element => element.matches(':target')")


def test_outline_of_an_essay_leads_to_the_sections_that_carry_a_paragraph(page: Any) -> None:
    page.goto("sources/S2/")
    page.locator("[id='S2.7'] .generated").get_by_role("link", name="P9.1", exact=True).click()
    page.wait_for_url("**/principles/P9/#cite-millidge2024preliminary-1")


def test_mark_leads_to_its_work_on_the_page_and_from_there_to_the_index(page: Any) -> None:
    page.goto("principles/P9/")
    page.locator("#cite-casper2024black-1").click()
    work = page.locator("#work-casper2024black")
    assert work.evaluate("element => element.matches(':target')")
    work.get_by_role("link", name="All citations of Casper et al. 2024").click()
    page.wait_for_url("**/references/#ref-casper2024black")


def test_cell_of_the_matrix_opens_its_reason(page: Any) -> None:
    page.goto("matrix/")
    page.get_by_role("link", name="I2 Prior approval to deploy, P8: constrains").click()
    page.wait_for_url("**/instruments/I2/#I2.*")
    reason = page.locator("li:target")
    assert reason.inner_text().startswith("Constrains P8 Keep burdens proportionate")
    assert reason.get_by_role("link", name="Millidge 2024").first.is_visible()


@pytest.mark.parametrize(
    ("question", "section"),
    [
        ("Should we require evaluations before an AI system is released?", "I4.2"),
        ("Should we set a compute threshold?", "I6.1"),
        ("Can we rely on companies", "C14.7"),
        ("Has an AI system ever escaped from a test?", "C13.2"),
        ("Should we pause the development of AI?", "I9.1"),
    ],
)
def test_question_is_answered_within_three_clicks_of_home(page: Any, question: str, section: str) -> None:
    page.goto("")
    page.get_by_role("article").get_by_role("link", name="By question").click()
    page.get_by_role("link", name=question).locator("visible=true").first.click()
    heading = page.locator("h3:target")
    assert question in heading.inner_text()
    answer = heading.locator("xpath=following-sibling::*[position() < 4]")
    assert answer.locator("a.citation").count() > 0
    answer.get_by_role("link", name=section, exact=True).click()
    page.wait_for_url(f"**#{section}")
    assert page.locator(f"[id='{section}']").is_visible()


@pytest.mark.parametrize(
    "address", ["", "principles/P9/", "instruments/I4/", "matrix/", "sources/S1/", "references/", "tooling/reference/"]
)
def test_page_asks_nothing_elsewhere_and_reports_no_error(page: Any, address: str) -> None:
    page.goto(address, wait_until="networkidle")
    origin = page.evaluate("location.origin")
    assert [url for url in page.asked if not url.startswith((origin, "data:", "blob:"))] == []
    assert page.trouble == []


@pytest.mark.parametrize(
    "address",
    [
        "",
        "questions/",
        "principles/P9/",
        "instruments/I4/",
        "cases/C13/",
        "tensions/",
        "tensions/T1/",
        "sources/S1/",
        "matrix/",
        "glossary/",
        "references/",
    ],
)
def test_page_does_not_scroll_sideways_on_a_phone(page: Any, address: str) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(address)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
