"""`handbook check`: each rule reports its breach at the exact place, and leaves alone what only looks like one."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from conftest import cases

from handbook import built
from handbook.builder import check
from handbook.diagnostics import Diagnostic

CHECK = cases("check.yaml")
CONFIG = {
    "site_name": "Small",
    "site_url": "https://small.example/sub/",
    "theme": {"name": None, "custom_dir": "theme"},
    "plugins": [],
    "markdown_extensions": ["attr_list", "tables", "footnotes", "toc"],
}
STYLES = '{% for path in config.extra_css %}<link rel=stylesheet href="{{ path | url }}">{% endfor %}'
THEME = f"<!doctype html><title>{{{{ page.title }}}}</title>{STYLES}<article>{{{{ page.content }}}}</article>"


def project(folder: Path, files: dict[str, Any]) -> Path:
    """A sound project with the files of a case over it; a mapping is merged into mkdocs.yml."""
    given = {"docs/index.md": "# Home\n", "theme/main.html": THEME, "mkdocs.yml": {}, **files}
    for name, text in given.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(
            yaml.safe_dump({**CONFIG, **text}, sort_keys=False) if isinstance(text, dict) else text, "utf-8"
        )
    return folder


def shown(found: list[Diagnostic]) -> list[str]:
    return [f"{':'.join(str(part) for part in (d.path, d.line, d.col) if part)} {d.code}" for d in found]


@pytest.mark.parametrize("case", CHECK, ids=lambda case: case["name"])
def test_project(case: dict[str, Any], tmp_path: Path) -> None:
    found = shown(check(project(tmp_path, case["files"])))
    if case.get("lines") == "loose":  # the place is a line that the test's own YAML writer laid out
        assert sorted(re.sub(r"(mkdocs\.yml)[:\d]*", r"\1", one) for one in found) == sorted(
            re.sub(r"(mkdocs\.yml)[:\d]*", r"\1", one) for one in case["expect"]
        )
        return
    assert [one for one in found if not one.startswith(tuple(case.get("also", ())) or "\0")] == case["expect"]


THEMED = """<!doctype html><title>A</title><nav>{nav}</nav><main><nav>{nav}</nav>
<article>
{html}
</article></main><nav>{nav}</nav>"""


@pytest.mark.parametrize("case", cases("leftovers.yaml"), ids=lambda case: case["html"])
def test_each_leftover_is_seen_where_it_is_the_only_one(case: dict[str, Any], tmp_path: Path) -> None:
    nav = '<a href="index.html">Home</a>' * 3
    (tmp_path / "index.html").write_text(THEMED.format(nav=nav, html=case["html"]), "utf-8")
    found = [one for one in built.check(tmp_path) if one.code.startswith("leftover-")]
    assert [(one.code, one.line) for one in found] == ([(case["code"], case.get("line", 3))] if "code" in case else [])


BIBTEX = """import re
from mkdocs.config import config_options as option
from mkdocs.plugins import BasePlugin

class Bibtex(BasePlugin):
    config_scheme = (("bib_file", option.Type(str)),)

    def on_page_markdown(self, markdown, **kwargs):
        return re.sub(r"\\[@(\\w+)[^]]*]", r"[^\\1]", markdown)
"""


def test_citations_of_mkdocs_bibtex_are_read_where_they_stand(tmp_path: Path) -> None:
    entry = tmp_path / "lib/mkdocs_bibtex-4.dist-info"
    entry.mkdir(parents=True)
    (entry / "METADATA").write_text("Name: mkdocs-bibtex\nVersion: 4\n", "utf-8")
    (entry / "entry_points.txt").write_text("[mkdocs.plugins]\nbibtex = mkdocs_bibtex_like:Bibtex\n", "utf-8")
    (tmp_path / "lib/mkdocs_bibtex_like.py").write_text(BIBTEX, "utf-8")
    files = {
        "mkdocs.yml": {"plugins": [{"bibtex": {"bib_file": "refs/works.bib"}}]},
        "refs/works.bib": "@book{doe2020why, author = {D{\\'o}e, Jo}, title = {T}, publisher = {P}, date = {2020}}\n",
        "docs/a.md": "# A\n\nSo [@doe2020why, p. 3] and [@roe2021how].\n\n\\\\bibliography\n",
    }
    # MkDocs asks for plugins when it is loaded, so this one needs a process of its own.
    command = [sys.executable, "-m", "handbook", "check", str(project(tmp_path / "site", files))]
    path = os.pathsep.join([str(tmp_path / "lib"), *sys.path])
    done = subprocess.run(command, env={**os.environ, "PYTHONPATH": path}, capture_output=True, text=True, check=False)
    assert [one.partition(": ")[2].split(" ")[0] for one in done.stdout.splitlines()[:-1]] == ["docs/a.md:3:29:"]
    assert "[citation-unknown]" in done.stdout
