"""Generated content: the index, who carries a paragraph, relations; in MkDocs and for a builder without us."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from conftest import CONFIG, Site, head
from lxml import html

P1 = (
    head("P1", "related:\n  P2: A reason to read <P2>.\n", "First")
    + "## One {#P1.1}\n\nSo [@doe2020why, paras. 1–2], as in [the tale](../cases/C1.md).\n\n"
    "- Item [@doe2020why, para. 2].\n  {#P1.2}\n\n"
    + '## See also {#P1.3}\n\nMore in [two](P2.md#P2.1).\n\n<div data-generated="relations"></div>\n'
)
P2 = head("P2", "", "Second") + '## Two {#P2.1}\n\nText [@roe2021how].\n\n<div data-generated="relations"></div>\n'
T1 = (
    head("T1", "related:\n  P1: It pulls at P1.\n", "Pull")
    + "## Sides {#T1.1}\n\nText [@doe2020why, sixth principle].\n\n"
    + '<div data-generated="relations"></div>\n'
)
I1 = (
    head("I1", "", "Tool")
    + "## Verdicts {#I1.1}\n\n"
    + '- <span data-generated="verdict constrains P1"></span>\n  It does [so](../principles/P1.md#P1.2).\n  {#I1.2}\n'
    + '- <span data-generated="verdict none P2"></span>\n  It does not.\n  {#I1.3}\n'
)
C1 = head("C1", "evidence: anecdote\n", "Tale") + '## Cited by {#C1.1}\n\n<div data-generated="relations"></div>\n'
S1 = (
    head("S1", "work: doe2020why\nparagraphs: 2\n", "Doe")
    + "## Outline {#S1.3}\n\n"
    + "".join(
        f'- Item [@doe2020why, para. {n}].\n  <span data-generated="carried"></span>\n  {{#S1.{n}}}\n' for n in (1, 2)
    )
    + '- Late [@doe2020why, sixth principle].\n  <span data-generated="carried"></span>\n  {#S1.4}\n\n'
    + '<div data-generated="relations"></div>\n'
)
INDEX = '# Works\n\n<div data-generated="citation-index"></div>\n'
PAGES = {
    "docs/principles/P1.md": P1,
    "docs/principles/P2.md": P2,
    "docs/tensions/T1.md": T1,
    "docs/instruments/I1.md": I1,
    "docs/cases/C1.md": C1,
    "docs/matrix.md": '# Matrix\n\n<div data-generated="matrix"></div>\n',
    "docs/sources/S1.md": S1,
    "docs/references.md": INDEX,
    "docs/code.md": '# Code\n\n```\n<div data-generated="citation-index"></div>\n```\n',
}


@pytest.fixture
def built(site: Site) -> Site:
    for name, text in PAGES.items():
        site.write(name, text)
    assert site.build() == []
    return site


def links(root: html.HtmlElement, path: str) -> list[tuple[str, str]]:
    return [(link.text_content(), link.get("href")) for link in root.xpath(path)]


def test_index_leads_from_each_work_to_each_sentence(built: Site) -> None:
    root = html.fromstring(built.page("references"))
    assert [block.get("id") for block in root.find_class("reference")] == ["ref-doe2020why", "ref-roe2021how"]
    doe = root.get_element_by_id("ref-doe2020why")
    assert doe.find_class("reference-grade")[0].text_content() == "A Metadata seen at the publisher."
    assert links(doe, ".//ul//a") == [
        ("P1.1 First: One", "../principles/P1/#P1.1"),
        ("paras. 1–2", "../principles/P1/#cite-doe2020why-1"),
        ("P1.2 First: One", "../principles/P1/#P1.2"),
        ("para. 2", "../principles/P1/#cite-doe2020why-2"),
        ("T1.1 Pull: Sides", "../tensions/T1/#T1.1"),
        ("sixth principle", "../tensions/T1/#cite-doe2020why-1"),
        ("S1.1 Doe: Outline", "../sources/S1/#S1.1"),
        ("para. 1", "../sources/S1/#cite-doe2020why-1"),
        ("S1.2 Doe: Outline", "../sources/S1/#S1.2"),
        ("para. 2", "../sources/S1/#cite-doe2020why-2"),
        ("S1.4 Doe: Outline", "../sources/S1/#S1.4"),
        ("sixth principle", "../sources/S1/#cite-doe2020why-3"),
        ("Home", "../"),
        ("the sentence", "../#cite-doe2020why-1"),
    ]


def test_outline_names_the_sections_that_carry_each_passage(built: Site) -> None:
    root = html.fromstring(built.page("sources/S1"))
    carried = {
        item.get("id"): links(item, "./span[@class='generated']/a") for item in root.iter("li") if item.get("id")
    }
    assert carried["S1.1"] == [("P1.1", "../../principles/P1/#cite-doe2020why-1")]
    assert [name for name, _ in carried["S1.2"]] == ["P1.1", "P1.2"]
    assert carried["S1.4"] == [("T1.1", "../../tensions/T1/#cite-doe2020why-1")]


def test_relations_run_both_ways_with_their_reasons(built: Site) -> None:
    first = html.fromstring(built.page("principles/P1")).find_class("generated")[0].text_content()
    assert first == (
        "RelatedP2 Second. A reason to read <P2>.TensionsT1 Pull. It pulls at P1.InstrumentsConstrains I1 Tool"
    )
    second = html.fromstring(built.page("principles/P2")).find_class("generated")[0].text_content()
    assert second == (
        "InstrumentsNo bearing I1 ToolNamed as related byP1 First. A reason to read <P2>."
        "Linked fromP1.3 First: See also"
    )
    source = html.fromstring(built.page("sources/S1")).find_class("generated")[-1].text_content()
    assert source.startswith("Pages that draw on this essayP1 First. 2 sections.")


def test_tension_names_what_it_touches_and_a_case_what_cites_it(built: Site) -> None:
    tension = html.fromstring(built.page("tensions/T1")).find_class("generated")[0].text_content()
    assert tension == "TouchesP1 First. It pulls at P1."
    case = html.fromstring(built.page("cases/C1")).find_class("generated")[0]
    assert case.text_content() == "Linked fromP1.1 First: One"
    assert links(case, ".//a") == [("P1.1 First: One", "../../principles/P1/#P1.1")]


def test_verdict_begins_its_reason_with_the_principle(built: Site) -> None:
    item = html.fromstring(built.page("instruments/I1")).get_element_by_id("I1.2")
    assert item.text_content().split("\n")[0] == "Constrains P1 First."
    assert links(item, ".//span//a") == [("P1 First", "../../principles/P1/")]


def test_matrix_has_a_verdict_in_each_cell_that_leads_to_its_reason(built: Site) -> None:
    table = html.fromstring(built.page("matrix")).find(".//table")
    assert [cell.text_content() for cell in table.iter("th")] == ["I1 Tool", "P1 First", "P2 Second"]
    assert [(link.text, link.get("href"), link.get("aria-label")) for link in table.xpath(".//td/a")] == [
        ("−", "../instruments/I1/#I1.2", "I1 Tool, P1: constrains"),
        ("·", "../instruments/I1/#I1.3", "I1 Tool, P2: no bearing"),
    ]


def test_slot_in_a_code_block_is_left_alone(built: Site) -> None:
    assert "&lt;div data-generated=" in built.page("code")


def test_command_line_fills_a_site_that_was_built_without_the_plugin(built: Site, tmp_path: Path) -> None:
    ours = {path: path.read_text("utf-8") for path in sorted((built.root / "site").rglob("index.html"))}
    shutil.rmtree(built.root / "site")
    built.write("mkdocs.yml", yaml.safe_dump({**CONFIG, "plugins": []}))
    subprocess.run([sys.executable, "-m", "mkdocs", "build", "--quiet"], cwd=built.root, check=True)
    assert 'data-generated="citation-index"' in built.page("references")
    command = [sys.executable, "-m", "handbook", "fill", "site"]
    done = subprocess.run(command, cwd=built.root, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "Filled 8 of 10 pages.\n"
    for path, text in ours.items():
        theirs = html.fromstring(path.read_text("utf-8"))
        expected = html.fromstring(text)
        assert [e.text_content() for e in theirs.find_class("generated")] == [
            e.text_content() for e in expected.find_class("generated")
        ], path
        assert theirs.xpath("//article//@href") == expected.xpath("//article//@href"), path


def test_command_line_refuses_a_site_that_is_not_there(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "handbook", "fill", "nowhere"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr == "nowhere: there is no such folder. Remedy: build the site first, or name its folder.\n"


def test_command_line_reports_faults_and_fills_what_it_can(built: Site) -> None:
    built.write("mkdocs.yml", yaml.safe_dump({**CONFIG, "plugins": []}))
    built.write("docs/principles/P2.md", P2.replace("@roe2021how", "@nobody2020"))
    subprocess.run([sys.executable, "-m", "mkdocs", "build", "--quiet"], cwd=built.root, check=True)
    command = [sys.executable, "-m", "handbook", "fill", "site"]
    done = subprocess.run(command, cwd=built.root, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith("docs/principles/P2.md:13:7: The work 'nobody2020' is not in the bibliography.")
    assert "Named as related by" in built.page("principles/P2")


def test_bibliography_is_inert_in_every_page(site: Site) -> None:
    """Markup, scripts and javascript: addresses in a field are words, also in the index and in tooltips."""
    evil = '"><script>alert(1)</script><img src=x onerror=alert(1)>'
    fields = ("author", "title", "organization", "note", "gradenote", "doi", "isbn", "urldate")
    lines = "".join(f"  {name} = {{{evil} {name}}},\n" for name in fields)
    site.write(
        "references.bib", f"@online{{evil2020,\n{lines}  url = {{javascript:alert(1)}},\n  date = {{2020}}\n}}\n"
    )
    site.write("docs/index.md", "# Home\n\nSo [@evil2020].\n")
    site.write("docs/references.md", INDEX)
    site.build()
    for built in sorted((site.root / "site").rglob("*.html")):
        root = html.fromstring(built.read_text("utf-8"))
        assert not list(root.iter("script", "img")), built
        assert not [name for name in root.xpath("//@*/..") for name in name.attrib if name.startswith("on")]
        assert not [href for href in root.xpath("//@href") if href.lower().lstrip().startswith("javascript")]
    assert "<script>alert(1)</script>" in html.fromstring(site.page("references")).text_content()


GLOSSARY = """---
title: Glossary
summary: Terms.
---

# Glossary

Agent
Agents
:   A "system" that acts [@doe2020why].

    More on agents.

Tool
:   Not an agent.
"""


def test_term_leads_to_its_explanation_where_a_section_first_uses_it(site: Site) -> None:
    extensions = ["def_list", *CONFIG["markdown_extensions"]]
    plugins = [{"handbook": {"glossary": "glossary.md"}}]
    site.write("mkdocs.yml", yaml.safe_dump({**CONFIG, "plugins": plugins, "markdown_extensions": extensions}))
    site.write("docs/glossary.md", GLOSSARY)
    site.write(
        "docs/principles/P1.md",
        head("P1") + "## An agent {#P1.1}\n\nAgents and agents; a [tool](P1.md), a **tool**, `agent`.\n"
        "\n- An agent; agentic.\n  {#P1.2}\n\n## Next {#P1.3}\n\nAn agent again [@doe2020why].\n",
    )
    assert site.build() == []
    root = html.fromstring(site.page("principles/P1"))
    to = "../../glossary/#"
    used = [(one.text, one.get("href") or one.get("data-term"), one.get("title")) for one in root.find_class("term")]
    assert used == [
        ("Agents", f"{to}agent", "A “system” that acts."),
        ("agents", "agent", None),
        ("tool", f"{to}tool", "Not an agent."),
        ("agent", "agent", None),
        ("agent", f"{to}agent", "A “system” that acts."),
    ]
    glossary = html.fromstring(site.page("glossary"))
    assert [one.text for one in glossary.iter("dt") if one.get("id")] == ["Agent", "Tool"]
    assert glossary.find_class("term") == []
    words = " ".join(root.get_element_by_id("P1.1").getnext().text_content().split())
    assert words == "Agents and agents; a tool, a tool, agent."


def test_glossary_that_is_not_there_is_reported(site: Site) -> None:
    site.write("mkdocs.yml", yaml.safe_dump({**CONFIG, "plugins": [{"handbook": {"glossary": "terms.md"}}]}))
    assert [line.split(": ", 1)[1] for line in site.build()] == [
        "The glossary 'terms.md' does not exist. Remedy: Name a page below docs/. [glossary]"
    ]
