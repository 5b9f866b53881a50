"""The content security policy: what it lets run, and that the site obeys it."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from lxml import html

from handbook.policy import policy, protect, scripts_of

HEAD = '<!doctype html><html><head><meta charset="utf-8"><title>T</title></head>'


def allowed(page: str) -> str:
    [content] = html.fromstring(page).xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    return next(one for one in str(content).split("; ") if one.startswith("script-src"))


def test_policy_lets_the_scripts_of_the_theme_run_and_none_of_a_page() -> None:
    theme, own = "<script>theme()</script>", "<SCRIPT>own()</SCRIPT>"
    page = protect(f"{HEAD}<body>{theme}<article>{own}</article></body></html>", own)
    assert allowed(page) == allowed(protect(f"{HEAD}{theme}"))
    assert allowed(page) != allowed(protect(HEAD))
    assert allowed(protect(HEAD + own, own)) == "script-src 'self'"


@pytest.mark.parametrize(
    ("written", "scripts"),
    [
        ("<script>a\n()</script>", ["a\n()"]),
        ('<script type="module">a()</script><script type=text/javascript>b()</script>', ["a()", "b()"]),
        ('<script src="a.js"></script><script defer src=a.js></script>', []),
        ('<script type="application/json">{}</script><script id="c" type=\'application/ld+json\'>{}</script>', []),
    ],
)
def test_inline_scripts_are_told_from_files_and_data(written: str, scripts: list[str]) -> None:
    assert scripts_of(written) == scripts


def test_policy_stands_before_all_that_it_holds_for() -> None:
    assert protect(HEAD).startswith('<!doctype html><html><head><meta charset="utf-8">\n<meta http-equiv="Content-Sec')
    assert protect("<p>No head.</p>") == "<p>No head.</p>"


def test_styles_of_templates_hold() -> None:
    page = protect(f"{HEAD}<style>a{{}}</style><style>b{{}}</style>", "<style>b{}</style>")
    assert page.count("'sha256-") == 1


def test_policy_asks_nothing_elsewhere() -> None:
    assert policy().startswith("default-src 'none'; ")
    assert "unsafe" not in policy(["a()"]) and "http" not in policy(["a()"])


def test_every_page_of_the_handbook_has_a_policy(handbook_site: Path) -> None:
    bare = [path for path in handbook_site.rglob("*.html") if b"Content-Security-Policy" not in path.read_bytes()[:200]]
    assert bare == []


def test_script_that_does_not_belong_does_not_run(
    browser: Any, serve: Callable[[Path], str], handbook_site: Path, tmp_path: Path
) -> None:
    shutil.copytree(handbook_site, tmp_path / "site", ignore=shutil.ignore_patterns("id"))
    path = tmp_path / "site" / "index.html"
    text = path.read_text("utf-8")
    path.write_text(text.replace("</article>", "<script>window.ran = 1</script></article>"), "utf-8")
    page = browser.new_page(base_url=serve(tmp_path / "site"))
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.goto("")
    assert page.evaluate("window.ran") is None
    assert "Content Security Policy" in said[0]
    page.close()


def test_what_the_page_does_when_used_obeys_the_policy(
    browser: Any, serve: Callable[[Path], str], handbook_site: Path
) -> None:
    page = browser.new_page(base_url=serve(handbook_site))
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    page.goto("principles/P9/")
    page.locator("a.citation").first.hover()
    page.get_by_role("link", name="Cite P9.3", exact=True).click()
    page.get_by_role("dialog").get_by_role("heading", name="Cite P9.3").wait_for()
    page.keyboard.press("Escape")
    page.locator("label[title='Switch to dark colours']").click()
    page.keyboard.press("/")
    page.keyboard.type("FLOP cap")
    page.locator(".md-search-result__item").first.wait_for()
    assert said == []
    page.close()
