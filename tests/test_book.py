"""The handbook as one PDF: from small sites, as HTML and printed, and from the real one, read by pypdf."""

from __future__ import annotations

import itertools
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pypdf
import pytest
from conftest import CASES, cases
from lxml import html

from handbook import book
from handbook.chapters import BookError
from handbook.cli import main

SMALL = CASES / "book"
PAGES = {path.relative_to(SMALL).as_posix(): path.read_text("utf-8") for path in SMALL.rglob("*.html")}
OUT = ("tooling/",)


@pytest.fixture(scope="module")
def press() -> None:
    """WeasyPrint with its libraries and a font; without them skipped, unless HANDBOOK_BROWSER=required (as in CI)."""
    try:
        import handbook.printing  # noqa: F401
    except BookError as error:
        if os.environ.get("HANDBOOK_BROWSER") == "required":
            pytest.fail(str(error))
        pytest.skip(str(error))


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """The small site, to be changed."""
    return Path(shutil.copytree(SMALL, tmp_path / "site"))


@pytest.fixture(scope="module")
def printed(press: None, handbook_site: Path, tmp_path_factory: pytest.TempPathFactory) -> pypdf.PdfReader:
    """The real handbook, printed once, and every destination in it by name."""
    out = tmp_path_factory.mktemp("book") / "handbook.pdf"
    assert main(["pdf", str(handbook_site), str(out)]) == 0
    return pypdf.PdfReader(out)


def assembled(**imprint: Any) -> html.HtmlElement:
    return html.document_fromstring(book.assemble(PAGES, book.Imprint(**imprint), OUT))


def hrefs(document: html.HtmlElement, words: str) -> str:
    (link,) = document.xpath("//section[not(@class='contents')]//a[normalize-space()=$words]", words=words)
    return str(link.get("href"))


def test_permanent_ids_keep_their_names_and_others_begin_with_their_page() -> None:
    ids = assembled().xpath("//@id")
    assert {"P1", "P1.1", "P1.2", "P2", "one/P1/work-a", "one/P2/note"} <= set(ids)
    assert len(ids) == len(set(ids))
    assert "one/P1/cite-a-1" not in ids  # nothing leads there


@pytest.mark.parametrize(
    ("words", "target"),
    [
        ("two", "#one/P2/note"),
        ("Doe 2020", "#one/P1/work-a"),
        ("P1.2", "#P1.2"),
        ("home", "#home"),
        ("A file", "https://small.example/file.tsv"),
        ("tools", "https://small.example/tooling/#use"),
        ("later", "https://small.example/#later"),
        ("another site", "https://other.example/x"),
    ],
)
def test_links_lead_into_the_book_or_to_the_site(words: str, target: str) -> None:
    assert hrefs(assembled(), words) == target


def test_links_out_of_the_book_lead_to_the_edition() -> None:
    assert hrefs(assembled(address="https://small.example/2/"), "A file") == "https://small.example/2/file.tsv"


def test_the_furniture_of_the_screen_is_gone() -> None:
    words = assembled().text_content()
    assert not [one for one in ("Menu", "¶", "Cite\n", "Not printed", "Not for the book") if one in words]
    assert "What this is" in words


def test_headings_rank_by_the_depth_of_their_page() -> None:
    ranks = [(one.tag, " ".join(one.text_content().split())) for one in assembled().xpath("//h1 | //h2 | //h3")]
    assert ranks == [
        ("h1", "Contents"),
        ("h1", "Group"),
        ("h2", "P1 First things"),
        ("h3", "P1.1 Statement"),
        ("h2", "P2 Second"),
    ]


@pytest.mark.parametrize(
    ("imprint", "line"),
    [
        ({}, "Cite as: The editors. Small. Draft. https://small.example/."),
        (
            {"edition": "1st ed.", "date": date(2026, 12, 1), "address": "https://small.example/1/"},
            "Cite as: The editors. 2026. Small. 1st ed. https://small.example/1/.",
        ),
        ({"cite": "As you like."}, "Cite as: As you like."),
        ({"licence": "CC BY 4.0"}, "Licence: CC BY 4.0"),
    ],
)
def test_the_imprint_says_how_to_cite(imprint: dict[str, Any], line: str) -> None:
    lines = [
        " ".join(one.text_content().split()) for one in assembled(**imprint).xpath("//*[@class='imprint-facts']/p")
    ]
    assert line in lines


@pytest.mark.parametrize("case", cases("book.yml"), ids=lambda case: str(case["name"]))
def test_a_site_that_cannot_be_printed_is_refused_in_one_line(
    case: dict[str, Any], small: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = small / case["page"]
    page.unlink() if case["html"] is None else page.write_text(case["html"], "utf-8")
    assert main(["pdf", str(small), str(small / "x.pdf")]) == 2
    said = capsys.readouterr().err
    assert said.startswith(case["says"])
    assert "Remedy: " in said
    assert said.count("\n") == 1
    assert not list(small.glob("*x.pdf*"))


@pytest.mark.parametrize("more", [["empty", "x.pdf"], ["nowhere", "x.pdf"], ["site", "nowhere/x.pdf"]])
def test_a_wrong_place_is_refused_in_one_line(
    press: None, more: list[str], small: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (small.parent / "empty").mkdir()
    assert main(["pdf", *(str(small.parent / one) for one in more)]) == 2
    said = capsys.readouterr().err
    assert "nowhere" in said or "empty" in said
    assert "Remedy: " in said
    assert said.count("\n") == 1


def test_what_weasyprint_cannot_print_is_named(press: None, small: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = small / "one/P2/index.html"
    page.write_text(
        page.read_text("utf-8").replace("See", '<img alt="A map" src="https://other.example/map.png">See'), "utf-8"
    )
    assert main(["pdf", str(small), str(small / "x.pdf")]) == 2
    said = capsys.readouterr().err
    assert "https://other.example/map.png" in said
    assert said.count("\n") == 1


def test_without_a_font_it_says_so(press: None, small: Path) -> None:
    settings = small.parent / "fonts.conf"
    settings.write_text(f"<fontconfig><dir>{small}</dir></fontconfig>", "utf-8")
    done = _command(small, small / "x.pdf", FONTCONFIG_FILE=str(settings))
    assert done.returncode == 2
    assert done.stderr.startswith("No font is installed")
    assert "fonts-sil-charis" in done.stderr
    assert done.stderr.count("\n") == 1


def test_two_runs_give_the_same_bytes(press: None, small: Path) -> None:
    for seed in "12":
        assert _command(small, small.parent / f"{seed}.pdf", PYTHONHASHSEED=seed).returncode == 0
    assert (small.parent / "1.pdf").read_bytes() == (small.parent / "2.pdf").read_bytes()


def _command(site: Path, out: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "handbook", "pdf", str(site), str(out), "--date", "2026-12-01"]
    return subprocess.run(command, capture_output=True, text=True, check=False, env={**os.environ, **environment})


def _outline(items: list[Any], depth: int = 0) -> Iterator[tuple[int, str]]:
    for item in items:
        if isinstance(item, list):
            yield from _outline(item, depth + 1)
        else:
            yield depth, item.title


def _words(printed: pypdf.PdfReader, name: str) -> str:
    """What is read on the page with this anchor and on the next."""
    first = printed.get_destination_page_number(printed.named_destinations[name])
    pages = printed.pages[first : (first or 0) + 2]
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def test_the_pdf_says_what_it_is(printed: pypdf.PdfReader) -> None:
    assert printed.metadata is not None
    assert printed.metadata.title == "AI Safety Policy Handbook, Draft"
    assert printed.metadata.author == "AI Safety Policy Handbook editors"
    root = printed.root_object
    assert root["/Lang"] == "en"
    assert root["/MarkInfo"]["/Marked"]
    assert b"pdfuaid" in root["/Metadata"].get_data()


def test_the_outline_holds_every_page_down_to_its_sections(printed: pypdf.PdfReader, handbook_site: Path) -> None:
    outline = list(_outline(printed.outline))
    titles = {title for _, title in outline}
    left_out = {handbook_site / "index.html", handbook_site / "404.html"}
    left_out |= {path for folder in ("tooling", "id") for path in (handbook_site / folder).rglob("*.html")}
    for path in sorted(set(handbook_site.rglob("*.html")) - left_out):
        article = next(html.document_fromstring(path.read_text("utf-8")).iter("article"))
        for heading in article.iter("h1", "h2"):
            name = heading.xpath("string(a[contains(@class, 'section-id')])")
            words = "".join(heading.xpath(".//text()[not(parent::a[@class])]"))
            assert " ".join(f"{name} {words}".split()) in titles, path
    assert all(after <= before + 1 for (before, _), (after, _) in itertools.pairwise(outline))


def test_every_link_within_leads_to_a_place(printed: pypdf.PdfReader) -> None:
    places = printed.named_destinations
    targets = [
        annotation["/Dest"]
        for page in printed.pages
        for annotation in (one.get_object() for one in page.get("/Annots", []))
        if "/Dest" in annotation
    ]
    assert len(targets) > 3000
    assert not {one for one in targets if one not in places}


def test_every_permanent_id_is_a_place_under_its_own_name(printed: pypdf.PdfReader, handbook_site: Path) -> None:
    places = printed.named_destinations
    for path in handbook_site.glob("[pictsg]*/[PICTS]*/index.html"):
        document = html.document_fromstring(path.read_text("utf-8"))
        for name in document.xpath("//article//a[contains(@class, 'section-id')]/text()"):
            assert name in places, path


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("home", "AI Safety Policy Handbook"),
        ("questions", "Should we require evaluations before an AI system is released?"),
        ("P9.3", "P9.4 The policy says what makes an auditor independent of the developer"),
        ("I6.4", "I6.5 Depends P1 Treat safety verification as unsolved."),
        ("C1", "Evidence anecdote"),
        ("tensions", "C4 The organisms that behaved for the test"),
        ("T1", "Evaluations: unreliable, yet required"),
        ("S1", "How many sections of each page carry each passage"),
        ("S2", "My preliminary thoughts on AI safety regulation"),
        ("matrix", "I13 Government institutes and information gathering"),
        ("matrix", "±"),
        ("glossary", "Air-gapped Said of a computer that is connected to no network."),
        ("I6.25", "10²⁶"),
        ("references", "Evidence grades"),
        ("about/how-to-cite", "Every section and every requirement carries a permanent id"),
    ],
)
def test_every_kind_of_page_can_be_read(printed: pypdf.PdfReader, name: str, words: str) -> None:
    assert words in _words(printed, name)


def test_nothing_is_cut_off(printed: pypdf.PdfReader) -> None:
    """Links stand where words stand, and all of them lie on the sheet."""
    for number, page in enumerate(printed.pages, 1):
        for annotation in (one.get_object() for one in page.get("/Annots", [])):
            left, bottom, right, top = (float(one) for one in annotation["/Rect"])
            assert page.mediabox.left < min(left, right), number
            assert max(left, right) < page.mediabox.right, number
            assert page.mediabox.bottom < min(bottom, top), number
            assert max(bottom, top) < page.mediabox.top, number
