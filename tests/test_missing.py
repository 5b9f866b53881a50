"""The page for what is missing, as a server shows it at any depth: it searches, and leads to the page of an id."""

from __future__ import annotations

import functools
import http.server
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from conftest import CONFIG, ROOT, head
from mkdocs.commands.build import build
from mkdocs.config import load_config


@pytest.fixture(scope="module")
def serve_with_404() -> Iterator[Callable[[Path, str], str]]:
    """Serves a folder; what is missing is answered by the page for it that stands in a folder below."""
    servers = []

    def start(folder: Path, below: str) -> str:
        missing = (folder / below / "404.html").read_bytes()

        class Handler(http.server.SimpleHTTPRequestHandler):
            def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
                self.send_response(code)
                self.send_header("Content-Type", "text/html")
                self.end_headers()
                self.wfile.write(b"" if self.command == "HEAD" else missing)

            def log_message(self, format: str, *args: Any) -> None:
                """Say nothing."""

        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Handler, directory=str(folder)))
        servers.append(server)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{server.server_port}/"

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.fixture(scope="module")
def page(browser: Any, serve_with_404: Callable[[Path, str], str], handbook_site: Path) -> Any:
    opened = browser.new_page(base_url=serve_with_404(handbook_site, ""))
    yield opened
    opened.close()


def test_words_of_the_address_can_be_searched_for(page: Any) -> None:
    assert page.goto("principles/FLOP-cap.html").status == 404
    field = page.get_by_label("Search the handbook for")
    assert field.input_value() == "principles FLOP cap"
    field.fill("FLOP cap")
    page.get_by_role("button", name="Search").click()
    page.locator(".md-search-result__item").first.wait_for()
    assert "FLOP" in page.locator(".md-search-result__item").first.inner_text()
    assert page.locator("[name=query]").input_value() == "FLOP cap"


@pytest.mark.parametrize("address", ["P9.3", "old/place/p9.3.html", "principles/P70/#P9.3", "a%20P9.3%2Cb"])
def test_id_in_the_address_leads_to_its_page(page: Any, address: str) -> None:
    page.goto(address)
    page.get_by_role("link", name="P9.3", exact=True).click()
    page.wait_for_url("**/id/P9.3/")
    assert "P9.3" in page.get_by_role("heading", level=1).inner_text()


@pytest.mark.parametrize("address", ["P99.3", "deep/er/I7000/", "XP9.3", "%"])
def test_what_is_no_id_is_not_linked(page: Any, address: str) -> None:
    with page.expect_response("**/id/*/") if address[0] in "Pd" else page.expect_event("load"):
        page.goto(address)
    assert not page.locator(".missing-id").is_visible()
    assert page.get_by_role("link", name="questions that a memo answers").get_attribute("href") == "/questions/"


def test_page_finds_its_way_below_an_edition(
    browser: Any, serve_with_404: Callable[[Path, str], str], tmp_path: Path
) -> None:
    config = {
        **CONFIG,
        "theme": {"name": "material", "font": False, "custom_dir": "overrides"},
        "plugins": ["search", {"handbook": {"edition": "1"}}],
        "docs_dir": "docs",
    }
    files = {
        "mkdocs.yml": yaml.safe_dump(config),
        "docs/index.md": "# Home\n\nHere.\n",
        "docs/principles/P1.md": f"{head('P1')}## One {{#P1.1}}\n\nWords.\n",
        "docs/registry.tsv": (ROOT / "docs" / "registry.tsv").read_text("utf-8").splitlines()[0] + "\n",
        **{
            f"docs/assets/{one}": (ROOT / "docs/assets" / one).read_text("utf-8")
            for one in ("missing.js", "missing.css")
        },
    }
    shutil.copytree(ROOT / "overrides", tmp_path / "overrides")
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, "utf-8")
    build(load_config(str(tmp_path / "mkdocs.yml"), site_dir=str(tmp_path / "out" / "1")))
    page = browser.new_page(base_url=serve_with_404(tmp_path / "out", "1"))
    page.goto("1/some/where/else/P1.1")
    assert page.locator(".missing-search").evaluate("form => new URL(form.action).pathname") == "/1/"
    assert page.get_by_role("link", name="the first page").get_attribute("href").startswith("/1/")
    field = page.get_by_label("Search the handbook for")
    assert field.input_value() == "P1.1"
    # A host may answer with it outside of its own edition, or show it under its own name.
    for address, words in {
        "2/audits/": "audits",
        "audits.html": "audits",
        "latest/404.html": "",
        "404.html": "",
    }.items():
        page.goto(address)
        assert field.input_value() == words
    page.close()
