"""The forms of a citation to copy, beside what a CSL processor makes of the same items (golden/sections.py)."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from golden.sections import citable

from handbook import forms
from handbook.records import Citable, Date
from handbook.typography import as_html, as_text

GOLDEN = yaml.safe_load((Path(__file__).parent / "golden" / "sections.yaml").read_text("utf-8"))


def test_golden_file_has_every_style() -> None:
    assert list(GOLDEN["styles"]) == list(forms.STYLES), "run make golden"


@pytest.mark.parametrize("case", GOLDEN["cases"], ids=lambda case: f"{case['title']} ({case['edition']})")
def test_form_is_the_csl_processors(case: dict[str, Any]) -> None:
    found = {style: forms.form(style, citable(case)) for style in forms.STYLES}
    marked = {
        style: "".join(f"*{span.text}*" if span.italic else span.text for span in spans)
        for style, spans in found.items()
    }
    assert marked == case["made"]
    assert all([span.href for span in spans if span.href] == [case["url"]] for spans in found.values())


def whole(author: str = "Editors", book: str = "Handbook", url: str = "https://handbook.example/1/") -> Citable:
    return Citable("", book, book, author, 1, Date(2026, 11, 21), url)


def test_address_is_a_link_and_all_else_is_text() -> None:
    copied = as_html(forms.form("apa", whole(author="<b>Editors</b>")))
    assert copied == (
        "&lt;b&gt;Editors&lt;/b&gt;. (2026). <em>Handbook</em> (1st ed.). "
        '<a href="https://handbook.example/1/">https://handbook.example/1/</a>'
    )


@pytest.mark.parametrize("style", forms.STYLES)
def test_only_a_web_address_becomes_a_link(style: str) -> None:
    assert "<a " not in as_html(forms.form(style, whole(url="javascript:alert(1)")))


def test_author_whose_name_ends_in_a_full_stop_gets_no_second_one() -> None:
    assert as_text(forms.form("chicago-author-date", whole(author="Handbook Inc."))).startswith("Handbook Inc. 2026. ")
    assert as_text(forms.form("apa", whole(author="Handbook Inc."))).startswith("Handbook Inc. (2026). ")


def test_unknown_style_is_refused() -> None:
    with pytest.raises(KeyError):
        forms.form("vancouver", whole())
