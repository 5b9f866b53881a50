"""Small sites built in a moment, the real handbook built once, and a real browser."""

from __future__ import annotations

import functools
import http.server
import logging
import os
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from mkdocs.commands.build import build
from mkdocs.config import load_config

ROOT = Path(__file__).parent.parent
CASES = Path(__file__).parent / "cases"

THEME = "<!doctype html><title>{{ page.title }}</title><article><h1>{{ page.title }}</h1>{{ page.content }}</article>"
BIB = """@online{doe2020why,
  author = {Doe, Jo},
  title = {Why},
  date = {2020-02-01},
  url = {https://why.example/},
  grade = {A}
}

@book{roe2021how,
  author = {Roe, Al},
  title = {How},
  date = {2021}
}
"""
HEAD = """---
id: {id}
title: {title}
kind: {kind}
summary: A page.
status: current
reviewed: 2026-01-01
review_by: 2026-07-01
{more}---

"""
CONFIG: dict[str, Any] = {
    "site_name": "Small",
    "site_url": "https://small.example/",
    "theme": {"name": None, "custom_dir": "theme"},
    "plugins": ["handbook"],
    "markdown_extensions": ["attr_list", "tables", "footnotes", {"toc": {}}, {"handbook.extension": {}}],
}


def cases(name: str) -> list[dict[str, Any]]:
    """The cases of a YAML file below tests/cases."""
    loaded: list[dict[str, Any]] = yaml.safe_load((CASES / name).read_text("utf-8"))
    return loaded


def head(page_id: str, more: str = "", title: str = "Title") -> str:
    """Front matter of a page under the contract."""
    kinds = {"P": "principle", "I": "instrument", "C": "case", "T": "tension", "S": "source"}
    return HEAD.format(id=page_id, title=title, kind=kinds[page_id[0]], more=more)


class Site:
    """A project in a folder of its own; ``build`` returns what was warned of, one line each."""

    def __init__(self, root: Path, caplog: pytest.LogCaptureFixture) -> None:
        self.root, self.caplog = root, caplog
        self.write("mkdocs.yml", yaml.safe_dump(CONFIG))
        self.write("theme/main.html", THEME)
        self.write("references.bib", BIB)
        self.write("docs/index.md", "# Home\n\nCites [@doe2020why; @roe2021how].\n")

    def write(self, name: str, text: str) -> None:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")

    def build(self) -> list[str]:
        self.caplog.clear()
        with self.caplog.at_level(logging.WARNING, "mkdocs"):
            build(load_config(str(self.root / "mkdocs.yml"), site_dir=str(self.root / "site")))
        return [record.getMessage() for record in self.caplog.records if record.name == "mkdocs.plugins.handbook"]

    def page(self, name: str) -> str:
        return (self.root / "site" / name / "index.html").read_text("utf-8")


@pytest.fixture
def site(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> Site:
    return Site(tmp_path, caplog)


@pytest.fixture(scope="session")
def handbook_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The real handbook, built once."""
    folder = tmp_path_factory.mktemp("handbook") / "site"
    build(load_config(str(ROOT / "mkdocs.yml"), site_dir=str(folder)))
    return folder


@pytest.fixture(scope="session")
def serve() -> Iterator[Callable[[Path], str]]:
    """Serve folders on the loopback address; gives the address of a folder's root."""
    servers: dict[Path, http.server.ThreadingHTTPServer] = {}

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

    def start(folder: Path) -> str:
        if folder not in servers:
            handler = functools.partial(Quiet, directory=str(folder))
            servers[folder] = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
            threading.Thread(target=servers[folder].serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{servers[folder].server_port}/"

    yield start
    for server in servers.values():
        server.shutdown()
        server.server_close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Debian's chromium. Without one the test is skipped, unless HANDBOOK_BROWSER=required (as in .ci/run)."""
    path = shutil.which("chromium")
    if path is None:
        if os.environ.get("HANDBOOK_BROWSER") == "required":
            pytest.fail("chromium is not installed and HANDBOOK_BROWSER=required")
        pytest.skip("chromium is not installed (Debian: apt-get install chromium)")
    from playwright.sync_api import sync_playwright

    options = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run", "--disable-sync"]
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=options)
        yield chromium
        chromium.close()
