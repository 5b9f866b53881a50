"""A page of the real handbook as the browser prints it."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pypdf
import pytest


@pytest.fixture(scope="module")
def sheets(browser: Any, serve: Callable[[Path], str], handbook_site: Path) -> Callable[[str], list[str]]:
    """The words of each sheet of a page, by its address below the root; read in the dark, as one may."""
    address = serve(handbook_site)
    page = browser.new_page(color_scheme="dark")

    def printed(name: str) -> list[str]:
        page.goto(f"{address}{name}")
        reader = pypdf.PdfReader(io.BytesIO(page.pdf(format="A4")))
        return [" ".join(sheet.extract_text().split()) for sheet in reader.pages]

    return printed


def test_ids_stay_and_the_furniture_of_the_screen_goes(sheets: Callable[[str], list[str]]) -> None:
    words = " ".join(sheets("principles/P9/"))
    assert "What it asks of a policy P9.3" in words
    assert "(Millidge 2024, para. 7). P9.4" in words
    assert not [one for one in ("Cite", "Search", "All citations", "Table of contents") if one in words]


def test_every_sheet_says_where_it_comes_from(sheets: Callable[[str], list[str]]) -> None:
    first, *others = sheets("principles/P9/")
    number = len(others) + 1
    assert "https://handbook.example/principles/P9/" in first
    assert f"1 / {number}" in first
    for place, sheet in enumerate(others, 2):
        assert "P9 Audit frontier developers independently" in sheet
        assert "https://handbook.example/principles/P9/" in sheet
        assert f"{place} / {number}" in sheet


def test_the_matrix_fits_on_one_sheet(sheets: Callable[[str], list[str]]) -> None:
    first = sheets("matrix/")[0]
    assert "I1 Product-safety gating" in first
    assert "I13 Government institutes" in first
    assert "P15 Reason from a stated model of the risk" in first
    assert sum(first.count(sign) for sign in "+−±·") >= 15 * 13


def test_addresses_stand_in_the_list_of_works_only(sheets: Callable[[str], list[str]]) -> None:
    text, _, works = " ".join(sheets("principles/P9/")).partition("Works cited")
    assert "https://doi.org/10.1145/3630106.3659037" in works
    assert "https://" not in text.replace("https://handbook.example/principles/P9/", "")


def test_no_heading_ends_a_sheet(sheets: Callable[[str], list[str]]) -> None:
    headings = re.compile(r"(See also|Where this stands|Evidence|Works cited|Related|Linked from)( [PI]\d+\.\d+)?$")
    for name in ("principles/P9/", "instruments/I6/"):
        for sheet in sheets(name):
            assert not headings.search(sheet), sheet[-80:]  # the foot comes first in what Chromium writes
