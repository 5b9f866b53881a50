"""The checks on a project that others wrote: its faults are found where they are, and nothing sound is reported."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from handbook.builder import check

sys.path.insert(0, str(Path(__file__).parent / "corpus"))
import apply as corpus

# What is known not to be found; each has its reason in the page of checks.
KNOWN = {
    "second paragraph of a note not indented, between two notes",
    "TeX escape",
}


def groups(cases: list[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """Cases that touch different files can share a build."""
    made: list[tuple[set[str], list[dict[str, Any]]]] = []
    for case in cases:
        files = {str(edit.get("file") or edit.get("delete")) for edit in case["edits"]}
        files |= {place["path"] for place in corpus.places(case)} if "at" in case else set()
        # A module that is not there ends the build, whatever else is wrong.
        alone = any("delete" in edit for edit in case["edits"]) or case["name"] == "module that is not there"
        for taken, group in made:
            if not alone and not taken & files and "*" not in taken:
                taken |= files
                group.append(case)
                break
        else:
            made.append((files | ({"*"} if alone else set()), [case]))
    return [group for _, group in made]


def found(folder: Path, cases: list[dict[str, Any]]) -> list[tuple[str, int, str]]:
    corpus.copy(folder)
    for case in cases:
        corpus.apply(case, folder)
    return [(one.path, one.line, str(one)) for one in check(folder) if one.severity != "note"]


def test_sound_project_is_clean(tmp_path: Path) -> None:
    assert found(tmp_path / "site", []) == []


@pytest.mark.parametrize("group", groups(corpus.cases("valid.yaml")), ids=lambda group: group[0]["name"])
def test_nothing_sound_is_reported(group: list[dict[str, Any]], tmp_path: Path) -> None:
    assert found(tmp_path / "site", group) == []


FAULTS = [case for case in corpus.cases("faults.yaml") if case["name"] not in KNOWN]


@pytest.mark.parametrize("group", groups(FAULTS), ids=lambda group: group[0]["name"])
def test_every_fault_is_found_at_its_place(group: list[dict[str, Any]], tmp_path: Path) -> None:
    folder = tmp_path / "site"
    reported = found(folder, group)
    wanted = {
        case["name"]: {(place["path"], corpus.line_of(folder, place)) for place in corpus.places(case)}
        for case in group
    }
    places = {(path, line) for path, line, _ in reported}
    assert [name for name, accepted in wanted.items() if not accepted & places] == []
    allowed = set().union(*wanted.values())
    # One case may take away the only citation of a work on which another does not depend.
    others = [text for path, line, text in reported if (path, line) not in allowed and "[bib-uncited]" not in text]
    assert others == []


def test_what_is_not_found_is_little_and_named() -> None:
    names = Counter(case["name"] for case in corpus.cases("faults.yaml"))
    assert set(names) >= KNOWN
    assert len(KNOWN) / len(names) < 0.03
