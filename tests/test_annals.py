"""What a reader and a program learn of editions: pages of ids, marks, the page of changes, the feed, sections.json."""

from __future__ import annotations

import json
import logging
from pathlib import Path

import pytest
import yaml
from conftest import CONFIG, Site, head
from lxml import etree, html

from handbook import builder, keeping
from handbook.commands import write
from handbook.editions import Edition

ATOM = "{http://www.w3.org/2005/Atom}"
P1 = "## One {#P1.1}\n\nFirst words of one [@doe2020why].\n\n- An item. [@roe2021how, p. 3]\n  {#P1.2}\n"
P1 += "\n## Two {#P1.3}\n\nText of two.\n\n## Three {#P1.4}\n\nText of three.\n\n## Four {#P1.5}\n\nText of four.\n"
CHANGED = {"First words of one": "First and better words of one", "Text of three.\n": "Text of three, and more.\n"}


def cut(root: Path, date: str) -> None:
    """Give ids their rows, then publish what stands."""
    for step in (lambda looked: keeping.mint(looked.handbook, looked.history, looked.sources, "docs"), None):
        looked = builder.look(root)
        write(root, step(looked)[0] if step else keeping.cut(looked.history, date, "Small", "The editors", "docs")[1])


def declare(root: Path, name: str, word: str, *successors: str, reason: str) -> None:
    looked = builder.look(root)
    files, problem = keeping.declare(looked.history, name, word, successors, reason, "docs")
    assert not problem
    write(root, files)


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with two editions and a change since: P1.1 in substance, P1.3 retired, P1.5 moved, then P1.4 edited."""
    root = tmp_path_factory.mktemp("told")

    class Quiet:
        clear = staticmethod(lambda: None)

    site = Site(root, Quiet())  # type: ignore[arg-type]
    text = "# C\n\n<div data-generated='changes'></div>\n".replace("'", '"')
    site.write("docs/about/changes.md", text)
    site.write(
        "docs/index.md",
        '# Home\n\n<div data-generated="edition"></div>\n\n<div data-generated="cite-handbook"></div>\n',
    )
    site.write("mkdocs.yml", yaml.safe_dump({**CONFIG, "site_author": "The editors"}))
    page = head("P1", title="Audit") + P1
    site.write("docs/principles/P1.md", page)
    cut(root, "2026-01-02")
    page = page.replace("First words of one", CHANGED["First words of one"]).replace(
        "\n## Two {#P1.3}\n\nText of two.\n", ""
    )
    page = page.replace("## Four {#P1.5}\n\nText of four.\n", "## Fourth {#P1.6}\n\nText of four, moved.\n")
    site.write("docs/principles/P1.md", page)
    looked = builder.look(root)
    write(root, keeping.mint(looked.handbook, looked.history, looked.sources, "docs")[0])
    declare(root, "P1.1", "substantive", reason="It asks for <more>.")
    declare(root, "P1.3", "retired", reason="Repealed.")
    declare(root, "P1.5", "moved", "P1.6", reason="Renumbered.")
    cut(root, "2027-03-04")
    site.write("docs/principles/P1.md", page.replace("Text of three.\n", "Text of three, and more.\n"))
    declare(root, "P1.4", "editorial", reason="Fuller.")
    assert [one for one in builder.look(root).collected or [] if one.severity != "note"] == []
    logging.getLogger("mkdocs").setLevel(logging.ERROR)
    from mkdocs.commands.build import build
    from mkdocs.config import load_config

    build(load_config(str(root / "mkdocs.yml"), site_dir=str(root / "site")))
    return root / "site"


def words(path: Path) -> str:
    return " ".join(html.fromstring(path.read_text("utf-8")).text_content().split())


def test_page_of_an_id_says_what_it_is_where_it_stands_and_how_it_fared(told: Path) -> None:
    text = words(told / "id/P1.4/index.html")
    assert "Section of P1 Audit" in text and "Text of three, and more." in text
    assert "1st edition, 2026-01-02: first published." in text
    assert "Since the 2nd edition: wording changed: Fuller." in text
    assert "This cites what the 2nd edition published." in text
    page = html.fromstring((told / "id/P1.4/index.html").read_text("utf-8"))
    assert "../../principles/P1/#P1.4" in page.xpath("//a/@href")
    assert not page.xpath("//meta[@http-equiv='refresh']")


def test_every_citation_is_of_the_edition(told: Path) -> None:
    page = html.fromstring((told / "id/P1.4/index.html").read_text("utf-8"))
    address = "https://small.example/2/principles/P1/#P1.4"
    forms = {one.get("data-form"): one.text_content() for one in page.xpath("//dd")}
    assert set(forms) == {"chicago-note", "chicago-author-date", "apa", "oscola", "bluebook", "link", "bibtex"}
    assert all(address in one for one in forms.values())
    assert "2nd ed." in forms["chicago-note"] and "edition = {2}" in forms["bibtex"]
    assert json.loads((told / "id/P1.4/P1.4.json").read_text("utf-8"))[0]["URL"] == address
    assert page.xpath("//meta[@name='citation_public_url']/@content") == [address]


@pytest.mark.parametrize(
    ("name", "story", "leads", "cites"),
    [
        ("P1.3", "P1.3 was withdrawn. Repealed.", [], "/1/principles/P1/#P1.3"),
        ("P1.5", "P1.5 was moved to P1.6. Renumbered.", ["../P1.6/"], "/1/principles/P1/#P1.5"),
    ],
)
def test_tombstone_tells_the_story_and_keeps_the_last_text(
    told: Path, name: str, story: str, leads: list[str], cites: str
) -> None:
    path = told / f"id/{name}/index.html"
    page = html.fromstring(path.read_text("utf-8"))
    assert story in words(path)
    assert page.xpath("//p[@class='fate']//a/@href") == leads
    assert page.xpath("//blockquote/p/text()") == [{"P1.3": "Text of two.", "P1.5": "Text of four."}[name]]
    assert page.xpath("//section/@data-url") == [f"https://small.example{cites}"]


def test_page_marks_what_changed_and_cites_every_section(told: Path) -> None:
    page = html.fromstring((told / "principles/P1/index.html").read_text("utf-8"))
    (mark,) = page.xpath("//*[@class='changed-since']")
    assert mark.text_content() == "Changed since the 2nd edition, editorial"
    assert mark.xpath(".//a/@href") == ["../../about/changes/#since-P1.4"]
    cites = page.xpath("//article//a[@class='cite']/@href")
    assert cites == [f"../../id/{name}/" for name in ("P1.1", "P1.2", "P1.4", "P1.6")]
    spans = page.xpath("//span[@class='Z3988']/@title")
    assert len(spans) == 5 and "rft.atitle=P1%20Audit&" in spans[0]


def test_page_of_changes_shows_the_words(told: Path) -> None:
    page = html.fromstring((told / "about/changes/index.html").read_text("utf-8"))
    shown = {one.getprevious().get("id"): one for one in page.xpath("//blockquote[@class='difference']")}
    assert set(shown) == {"since-P1.4", "e2-P1.1"}
    assert shown["e2-P1.1"].xpath("ins/text()") == [" and better"]
    assert not shown["e2-P1.1"].xpath("del")
    text = words(told / "about/changes/index.html")
    assert "P1.5 Four: moved to P1.6: Renumbered." in text and "P1.6 Fourth: new." in text
    assert "1 substantive, 1 moved, 1 retired, 1 new" in text
    assert "The first edition: 1 page, 4 sections, 1 item." in text


def test_feed_has_editions_and_what_changed_in_substance(told: Path) -> None:
    feed = etree.fromstring((told / "feed.xml").read_bytes())
    entries = [(one.findtext(f"{ATOM}id"), one.findtext(f"{ATOM}summary")) for one in feed.iter(f"{ATOM}entry")]
    assert entries == [
        ("https://small.example/2/", "The 2nd edition is published."),
        ("https://small.example/2/id/P1.1/", "It asks for <more>."),
        ("https://small.example/2/id/P1.3/", "Repealed."),
        ("https://small.example/2/id/P1.5/", "Renumbered."),
        ("https://small.example/1/", "The 1st edition is published."),
    ]
    assert feed.findtext(f"{ATOM}updated") == "2027-03-04T00:00:00Z"


def test_sections_for_programs(told: Path) -> None:
    data = json.loads((told / "sections.json").read_text("utf-8"))
    assert data["edition"] == 2
    assert data["sections"]["P1.5"]["status"] == "moved" and data["sections"]["P1.5"]["successors"] == ["P1.6"]
    assert data["sections"]["P1.1"]["history"] == [[1, "published", ""], [2, "substantive", "It asks for <more>."]]
    assert data["sections"]["P1.4"]["since"] == "changed"
    assert data["sections"]["P1.6"]["editions"] == [2]


def test_home_cites_the_whole_and_names_the_edition(told: Path) -> None:
    text = words(told / "index.html")
    assert "The newest edition is the 2nd edition, 2027-03-04. Since then 1 section has changed." in text
    assert "It changed these sections: 1 substantive, 1 moved, 1 retired, 1 new." in text
    assert "Small. 2nd ed. https://small.example/2/." in text
    for end in ("bib", "ris", "json"):
        assert (told / f"handbook.{end}").stat().st_size > 500


def test_citation_file_names_the_edition() -> None:
    text = 'version: "1"\ndate-released: 2026-01-02\npreferred-citation:\n  edition: "1"\n  year: 2026\n  type: book\n'
    edition = Edition(2, "2027-03-04", "Small", "The editors", {})
    new = 'version: "2"\ndate-released: 2027-03-04\npreferred-citation:\n  edition: "2"\n  year: 2027\n  type: book\n'
    assert keeping.citation(text, edition) == new
