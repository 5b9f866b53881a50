"""What a reference manager is given: exact texts, and keys that every program takes."""

import re
from typing import Any

import pytest
from conftest import cases

from handbook import exports
from handbook.records import Citable, Date

CASES = cases("exports.yaml")


def citable(case: dict[str, Any]) -> Citable:
    fields = case["citable"]
    return Citable(**{**fields, "date": Date(*fields["date"])})


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_formats(case: dict[str, Any]) -> None:
    cited = citable(case)
    assert exports.bibtex(cited) == case["bibtex"]
    assert exports.ris(cited) == "".join(f"{line}\n" for line in case["ris"])
    assert exports.csl(cited) == case["csl"]
    assert exports.coins(cited) == "".join(case["coins"])
    assert [list(tag) for tag in exports.head(cited)] == case["head"]
    assert exports.json_ld(cited) == case["json_ld"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_braces_of_an_entry_are_in_pairs(case: dict[str, Any]) -> None:
    entry = case["bibtex"]
    assert entry.count("{") == entry.count("}")


def test_title_of_a_ris_record_cannot_start_another_field() -> None:
    cited = Citable("P1", "P1 A\nER  - \nTY  - BOOK", "B", "E", 1, Date(2026), "https://handbook.example/1/")
    assert re.findall(r"^([A-Z][A-Z0-9])  - ", exports.ris(cited), re.M).count("TY") == 1


@pytest.mark.parametrize(
    ("page_id", "key"), [("P9.3", "handbook-3-P9.3"), ("C14", "handbook-3-C14"), ("", "handbook-3")]
)
def test_key_tells_edition_and_section(page_id: str, key: str) -> None:
    assert exports.key(Citable(page_id, "T", "B", "E", 3, Date(2026), "https://handbook.example/3/")) == key
