"""Every fault of a bibliography at its line, nothing else with it, and nothing of what is sound."""

import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from conftest import CASES, ROOT, cases

from handbook import bibliography
from handbook.checks.bibliography import check
from handbook.diagnostics import RULES, Diagnostic

LATEST = 2027
ALL = cases("bibliography.yaml")
ELSEWHERE = {"bib-unreadable", "bib-uncited"}
"""Rules about the file and about the pages, tested with whole sites."""
PLAIN = "author = {Doe, Jo}, title = {Ax}, date = {2020}, url = {https://x.example/}"


def found(text: str) -> list[Diagnostic]:
    references, diagnostics = bibliography.parse(text)
    return sorted([*diagnostics, *check(references, LATEST)])


@pytest.mark.parametrize("case", ALL, ids=lambda case: case["name"])
def test_entries(case: dict[str, Any]) -> None:
    entry = PLAIN if "%E%, date" not in case["bib"] else PLAIN.replace(" date = {2020},", "")
    said = [f"{one.line} {one.code}" for one in found(case["bib"].replace("%E%", entry))]
    assert said == case.get("expect", [])


def test_every_rule_has_a_fault_and_a_tricky_sound_entry() -> None:
    codes = {code for code in RULES if code.startswith("bib-")} - ELSEWHERE
    assert codes == {line.split()[1] for case in ALL for line in case.get("expect", [])}
    assert codes == {case["passes"] for case in ALL if "passes" in case}


@pytest.mark.parametrize("name", ["better-biblatex.bib", "zotero-bibtex.bib"])
def test_export_of_a_reference_manager_is_clean(name: str) -> None:
    assert [one for one in found((CASES / "exports" / name).read_text("utf-8")) if one.severity != "note"] == []


def test_real_bibliography_is_clean() -> None:
    assert found((ROOT / "references.bib").read_text("utf-8")) == []


def test_both_keys_and_lines_of_one_work_are_named() -> None:
    (one,) = found(
        "@online{a, author = {Doe, Jo}, title = {A}, date = {2020},\n  doi = {10.1000/x}}\n"
        "@online{b, author = {Roe, Al}, title = {B}, date = {2021},\n  doi = {10.1000/X}}\n"
    )
    assert one.message == "'b' (line 3) has the DOI of 'a' (line 2)."
    assert (one.line, one.severity) == (4, "error")


def test_work_given_three_times_is_reported_twice() -> None:
    entry = (
        "@online{%s, author = {Doe, Jo}, title = {A}, date = {2020}, doi = {10.1000/x}, url = {https://x.example/}}\n"
    )
    assert [one.line for one in found(entry % "a" + entry % "b" + entry % "c")] == [2, 3]


def test_escapes_are_read_and_particles_kept() -> None:
    references, _ = bibliography.parse(
        "@online{a, author = {family=Gogh, given=Vincent, prefix=van, useprefix=true}, title = {R\\&D {\\textbar} X}}"
    )
    assert references.references["a"].shown == ("van Gogh",)
    assert references.references["a"].get("title") == "R&D | X"


def test_entry_with_a_field_twice_keeps_its_author() -> None:
    references, _ = bibliography.parse("@online{a, author = {Doe, Jo}, title = {A}, title = {B}}")
    assert references.references["a"].shown == ("Doe",)
    assert references.references["a"].get("title") == "A"


def test_file_of_a_windows_editor(tmp_path: Path) -> None:
    path = tmp_path / "references.bib"
    path.write_bytes(("\ufeff@online{a,\r\n  " + PLAIN + ",\r\n  grade = {Z}\r\n}\r\n").encode())
    _, diagnostics = bibliography.load(path, "references.bib")
    assert [(one.line, one.code) for one in diagnostics] == [(3, "bib-grade")]


def test_nothing_is_found_in_ten_thousand_sound_entries() -> None:
    text = "".join(
        f"@article{{k{n}, author = {{Doe, Jo and Roe{n}, Al}}, title = {{{{Title}} {n}}}, journaltitle = {{J}},\n"
        f" date = {{2020-01-02}}, doi = {{10.1000/{n}}}, url = {{https://x.example/{n}}}, pages = {{{n}--{n + 9}}}}}\n"
        for n in range(10_000)
    )
    references, diagnostics = bibliography.parse(text)
    assert Counter(one.code for one in check(references, LATEST)) == {}
    assert diagnostics == []


def test_only_one_module_imports_the_parser() -> None:
    files = (ROOT / "scripts" / "handbook").rglob("*.py")
    assert [one.name for one in files if "from bibtexparser" in one.read_text("utf-8")] == ["bibliography.py"]


def test_many_entries_of_one_address_end_soon() -> None:
    text = "".join(
        f"@online{{k{n}, author = {{Doe, Jo}}, title = {{T{n}}}, date = {{2020}}, version = {{{n}}},"
        " url = {https://x.example/}}\n"
        for n in range(5_000)
    )
    command = "import sys; from handbook import bibliography as b; from handbook.checks.bibliography import check;"
    command += "print(len(list(check(b.parse(sys.stdin.read())[0], 2027))))"
    done = subprocess.run([sys.executable, "-c", command], input=text, capture_output=True, text=True, timeout=30)
    assert done.stdout.strip() == "0"
