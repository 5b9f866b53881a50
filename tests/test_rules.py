"""Every rule is explained and tried; the command says what it found in three forms, and how it ended."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT, cases
from test_check import CHECK, project
from test_promise import CASES as PROMISE

from handbook import rules
from handbook.report import FAMILIES

RULES = rules.every()
HERE = {code for code, rule in RULES.items() if code.partition("-")[0] not in ("bib", "note", "online")}
CONTRACT = {
    *("page-front-matter", "page-key", "page-value", "citation-unknown", "citation-malformed", "id-duplicate"),
    *("id-foreign", "section-without-id", "relation", "verdict", "source-work", "slot", "glossary"),
}
"""Tried in bad_input.yaml and test_pages.py, with the whole line that an editor sees."""


BUILT = {"leftover-note", "leftover-inline-note", "leftover-citation"}
"""In a project the probes of notes and citations speak first; tried on a built site below."""


def handbook(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "handbook", *arguments]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)


def test_no_rule_lacks_a_case_that_breaks_it_and_one_that_only_seems_to() -> None:
    broken = {code for case in CHECK for code in case.get("breaks", ())}
    tricky = {code for case in [*CHECK, *PROMISE] for code in case.get("tricky", ())}
    promised = " ".join(line for case in PROMISE for step in case["steps"] for line in step.get("expect", ()))
    broken |= {code for code in RULES if f"[{code}]" in promised and code.startswith(("register", "edition", "change"))}
    assert broken | tricky <= set(RULES)
    assert HERE - CONTRACT - BUILT - broken == set()
    assert HERE - CONTRACT - BUILT - tricky == set()
    lines = " ".join(line for case in cases("bad_input.yaml") for line in [*case.get("expect", ())])
    lines += (ROOT / "tests/test_pages.py").read_text("utf-8")
    assert {code for code in CONTRACT if f"[{code}]" not in lines} == set()


@pytest.mark.parametrize("code", RULES)
def test_rule_is_explained_with_both_examples(code: str) -> None:
    rule = RULES[code]
    assert rule.text.endswith((".", ".)")) and rule.bad != rule.good
    assert code.partition("-")[0] in FAMILIES


def test_explain(tmp_path: Path) -> None:
    done = handbook("check", "--explain", "link-case", cwd=tmp_path)
    assert (done.returncode, done.stdout.splitlines()[0]) == (0, "link-case (error)")
    assert handbook("check", "--explain", "no-such", cwd=tmp_path).returncode == 2


def test_forms_and_ends(tmp_path: Path) -> None:
    project(tmp_path, {"docs/a.md": "# A\n\n[B](100%.md)\n"})
    text = handbook("check", cwd=tmp_path)
    assert text.returncode == 1
    assert text.stdout.splitlines()[0].startswith("error: docs/a.md:3:5: '100%.md' leads to a page or file that")
    assert text.stdout.splitlines()[-1] == "1 error"
    data = json.loads(handbook("check", "--format", "json", str(tmp_path), cwd=ROOT).stdout)
    assert data["version"] == 1
    (found,) = data["diagnostics"]
    assert list(found) == ["path", "line", "col", "code", "severity", "message", "hint"]
    assert (found["path"], found["line"], found["col"], found["code"]) == ("docs/a.md", 3, 5, "link-missing")
    annotated = handbook("check", "--format", "github", cwd=tmp_path).stdout
    assert annotated.startswith("::error file=docs/a.md,line=3,col=5,title=link-missing::'100%25.md' leads to")


def test_warnings_fail_only_when_strict(tmp_path: Path) -> None:
    project(tmp_path, {"docs/hidden.md": "# H\n", "mkdocs.yml": {"not_in_nav": "/hidden.md\n"}})
    assert handbook("check", cwd=tmp_path).returncode == 0
    assert handbook("check", "--strict", cwd=tmp_path).returncode == 1


def test_wrong_use(tmp_path: Path) -> None:
    done = handbook("check", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (
        2,
        ".: there is no mkdocs.yml. Remedy: Name the folder that holds mkdocs.yml.\n",
    )
    assert handbook("check", "--site", "nowhere", cwd=tmp_path).returncode == 2


def test_configuration_that_cannot_be_read_is_one_finding(tmp_path: Path) -> None:
    project(tmp_path, {"mkdocs.yml": {"plugins": ["no-such-plugin"]}})
    done = handbook("check", cwd=tmp_path)
    assert done.returncode == 1
    assert "[build-failed]" in done.stdout and "Traceback" not in done.stderr


def test_site_that_somebody_else_built(tmp_path: Path) -> None:
    page = (
        '<!doctype html><link rel="canonical" href="https://x.example/sub/"><article><h2 id="a">A</h2>\n'
        '<a href="b/">B</a> <a href="#A">A</a> <a href="/out/">O</a> <a href="/sub/#a">ok</a>\n<p>[^1]</p>\n'
        "<p>^[Note] and [@doe2020why].</p><pre>[^1] ^[x]</pre><code>[@doe2020why]</code></article>"
    )
    (tmp_path / "index.html").write_text(page, "utf-8")
    done = handbook("check", "--site", str(tmp_path), "--format", "json", cwd=ROOT)
    last = [(4, "leftover-inline-note"), (4, "leftover-citation")]
    found = [(one["line"], one["code"]) for one in json.loads(done.stdout)["diagnostics"]]
    assert found == [(2, "link-missing"), (2, "anchor-case"), (2, "link-root"), (3, "leftover-note"), *last]


def test_the_handbook_itself_is_clean() -> None:
    done = handbook("check", cwd=ROOT)
    assert (done.returncode, done.stdout) == (0, "Nothing found.\n")
