"""The real handbook as it is built: coverage, citations, links, what it asks of the network, determinism."""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from conftest import CASES, ROOT
from lxml import html

from handbook import bibliography, frontmatter, prose, reading
from handbook.checks.handbook import check, uncited
from handbook.records import Handbook, Page
from handbook.relations import page_order, passages

COVERAGE = yaml.safe_load((CASES / "coverage.yaml").read_text("utf-8"))
DOCS = ROOT / "docs"


@pytest.fixture(scope="module")
def handbook(handbook_site: Path) -> Handbook:
    """The records of the built site, read as a stranger would read them: from its pages."""
    pages = []
    for source in sorted(DOCS.rglob("*.md")):
        path = source.relative_to(DOCS).as_posix()
        stem = path.removesuffix(".md").removesuffix("index").rstrip("/")
        url = f"{stem}/" if stem else ""
        front, faults = frontmatter.parse(source.read_text("utf-8"), f"docs/{path}")
        assert not faults
        built = (handbook_site / url / "index.html").read_text("utf-8")
        pages.append(reading.read(built, path, url, front.title if front else "", front))
    found, _ = bibliography.load(ROOT / "references.bib", "references.bib")
    return Handbook(tuple(sorted(pages, key=page_order)), found)


def by_id(handbook: Handbook) -> dict[str, Page]:
    return {page.id: page for page in handbook.pages if page.id}


def test_all_pages_exist(handbook: Handbook) -> None:
    numbers = {"P": 15, "I": 13, "C": 14, "T": 7, "S": 2}
    wanted = [f"{letter}{number}" for letter, last in numbers.items() for number in range(1, last + 1)]
    assert [page.id for page in handbook.pages if page.id] == wanted


@pytest.mark.parametrize("work", COVERAGE)
def test_every_paragraph_is_carried_where_it_must_be(handbook: Handbook, work: str) -> None:
    pages = by_id(handbook)
    missing = [
        f"para. {paragraph} on {page_id}"
        for paragraph, wanted in COVERAGE[work].items()
        for page_id in wanted
        if not any(
            citation.key == work and str(paragraph) in passages(citation.locator) and citation.section_id
            for citation in pages[page_id].citations
        )
    ]
    assert not missing


@pytest.mark.parametrize(("page_id", "number"), [("S1", 30), ("S2", 18)])
def test_outline_has_one_item_for_each_paragraph_with_its_number(handbook: Handbook, page_id: str, number: int) -> None:
    page = by_id(handbook)[page_id]
    assert page.front and page.front.paragraphs == number
    for paragraph in range(1, number + 1):
        own = [one for one in page.citations if one.section_id == f"{page_id}.{paragraph}"]
        assert [one.locator for one in own] == [f"para. {paragraph}"]


def test_matrix_has_a_verdict_in_each_cell_that_leads_to_an_item(handbook: Handbook, handbook_site: Path) -> None:
    table = html.fromstring((handbook_site / "matrix" / "index.html").read_text("utf-8")).find(".//table")
    cells = table.xpath(".//td[@class]/a")
    assert len(cells) == len(table.xpath(".//tbody//td")) == 15 * 13
    items = {f"../{page.url}#{section.id}" for page in handbook.pages for section in page.sections if section.level > 6}
    assert {cell.get("href") for cell in cells} <= items


def test_every_page_is_linked_from_the_text_of_another(handbook: Handbook) -> None:
    linked = {link.url for page in handbook.pages for link in page.links if link.url != page.url}
    alone = [page.id for page in handbook.pages if page.id and page.url not in linked]
    assert not alone


def test_every_question_leads_to_sections(handbook: Handbook) -> None:
    page = next(page for page in handbook.pages if page.path == "questions.md")
    questions = [section.id for section in page.sections if section.level == 3]
    assert len(questions) >= 25
    for question in questions:
        assert len([link for link in page.links if link.section_id == question and link.fragment]) >= 2, question


def test_no_page_asks_too_much_of_its_reader(handbook: Handbook, handbook_site: Path) -> None:
    contents = {page.path: (handbook_site / page.url / "index.html").read_text("utf-8") for page in handbook.pages}
    assert {path: grade for path, text in contents.items() if (grade := prose.grade(text)) > prose.GRADE} == {}
    long = [one for path, text in contents.items() for one in prose.sentences(text, path) if one.words > prose.LONG]
    assert long == []


def test_nothing_is_wrong_with_the_contract(handbook: Handbook) -> None:
    sources = {page.path: (DOCS / page.path).read_text("utf-8") for page in handbook.pages}
    assert check(handbook, sources, "docs") == []


def test_every_entry_is_cited(handbook: Handbook) -> None:
    assert uncited(handbook) == []


def test_every_citation_of_an_essay_has_a_locator(handbook: Handbook) -> None:
    essays = {page.front.work for page in handbook.pages if page.front and page.front.work}
    bare = [
        f"{page.path} {one.section_id}"
        for page in handbook.pages
        for one in page.citations
        if one.key in essays and not one.locator
    ]
    # The publication as a whole: who wrote it, when and where.
    assert bare == ["sources/S1.md S1.31", "sources/S2.md S2.20"]


def test_index_has_every_work_with_its_grade_and_leads_back_to_every_mark(
    handbook: Handbook, handbook_site: Path
) -> None:
    root = html.fromstring((handbook_site / "references" / "index.html").read_text("utf-8"))
    for key, reference in handbook.bibliography.references.items():
        block = root.get_element_by_id(f"ref-{key}")
        assert block.find_class("grade")[0].text == reference.get("grade")
    links = {link for link in root.xpath("//ul[@class='cited-in']//a/@href") if "#cite-" in link}
    marks = {f"../{page.url}#{one.mark_id}" for page in handbook.pages for one in page.citations}
    assert links == {mark.replace("../#", "../#") for mark in marks}


def test_every_internal_link_and_fragment_leads_somewhere(handbook: Handbook, handbook_site: Path) -> None:
    ids: dict[str, set[str]] = {}
    broken = []
    for built in sorted(handbook_site.rglob("index.html")):
        root = html.fromstring(built.read_text("utf-8"))
        url = built.relative_to(handbook_site).as_posix().removesuffix("index.html")
        ids[url] = set(root.xpath("//@id"))
    for built in sorted(handbook_site.rglob("index.html")):
        root = html.fromstring(built.read_text("utf-8"))
        url = built.relative_to(handbook_site).as_posix().removesuffix("index.html")
        for href in root.xpath("//article//a/@href"):
            target = reading.resolve(url, href)
            if target and target[0] in ids and (not target[1] or target[1] in ids[target[0]]):
                continue
            if target and not target[1] and (handbook_site / target[0]).is_file():
                continue
            if target and (target[0] not in ids or target[1] not in ids[target[0]]):
                broken.append(f"{url}: {href}")
    assert not broken


def test_site_asks_nothing_of_another_origin(handbook_site: Path) -> None:
    foreign = []
    for built in sorted(handbook_site.rglob("*.html")):
        root = html.fromstring(built.read_text("utf-8"))
        for element in root.xpath("//*[@src or @srcset or @poster] | //link[@href]"):
            for name in ("src", "srcset", "poster", "href"):
                value = element.get(name, "")
                if re.match(r"(?:https?:)?//", value) and element.get("rel") != "canonical":
                    foreign.append(f"{built.name}: {value}")
        for style in root.xpath("//style/text() | //@style"):
            foreign += re.findall(r"(?:url\(|@import)\s*['\"]?(?:https?:)?//[^)'\"]+", style)
    for sheet in sorted(handbook_site.rglob("*.css")):
        foreign += re.findall(r"(?:url\(|@import)\s*['\"]?(?:https?:)?//[^)'\"]+", sheet.read_text("utf-8"))
    assert not foreign


def test_generated_lists_stay_out_of_the_search_index(handbook_site: Path) -> None:
    documents = json.loads((handbook_site / "search" / "search_index.json").read_text("utf-8"))["docs"]
    text = " ".join(document["text"] for document in documents)
    assert "Policy should encourage independent audits" in text
    assert "Carried by" not in text
    assert "All citations" not in text
    assert "https://aiimpacts.org" not in text
    assert any(document["title"].startswith("P9 ") for document in documents)


def test_two_builds_are_byte_identical(tmp_path: Path) -> None:
    sums = []
    for name, hashes in (("one", "1"), ("two", "2")):
        command = [sys.executable, "-m", "mkdocs", "build", "--quiet", "--site-dir", str(tmp_path / name)]
        environment = {**os.environ, "PYTHONHASHSEED": hashes, "TZ": "Asia/Tokyo" if hashes == "2" else "UTC"}
        subprocess.run(command, cwd=ROOT, env=environment, check=True)
        files = sorted(path for path in (tmp_path / name).rglob("*") if path.is_file())
        sums.append(
            {path.relative_to(tmp_path / name): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}
        )
    assert sums[0] == sums[1]
    assert "2026-11-21" in (tmp_path / "one" / "sitemap.xml").read_text("utf-8")
