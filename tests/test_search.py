"""What readers type finds what they look for: the search as the site ships it, in a real browser."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from conftest import CONFIG, head
from lxml import html
from mkdocs.commands.build import build
from mkdocs.config import load_config

QUERIES = yaml.safe_load((Path(__file__).parent / "search" / "queries.yaml").read_text("utf-8"))
SHOWN = 3
"""Results that a reader sees without scrolling."""

# Types into the search field of the page, and waits until the shipped worker has answered and the list is drawn anew.
# Gives the links of each result; what stands behind "more on this page" is not shown.
ASK = """async queries => {
  const field = document.querySelector("[data-md-component=search-query]");
  const list = document.querySelector(".md-search-result__list");
  const found = [];
  for (const query of queries) {
    list.innerHTML = "<li id=waiting></li>";
    field.value = query;
    field.dispatchEvent(new KeyboardEvent("keyup"));
    const begun = performance.now();
    while (document.getElementById("waiting")) {
      if (performance.now() - begun > 20000) throw new Error(`no answer to ${query}`);
      await new Promise(resolve => setTimeout(resolve, 2));
    }
    const root = new URL(".", new URL(document.querySelector(".md-logo").href)).pathname;
    found.push([...list.children].map(item => [...item.querySelectorAll("a")]
      .filter(link => !link.closest("details"))
      .map(link => new URL(link.href))
      .map(address => address.pathname.slice(root.length) + address.hash)));
  }
  return found;
}"""


@pytest.fixture(scope="module")
def page(browser: Any, serve: Callable[[Path], str], handbook_site: Path) -> Any:
    context = browser.new_context(base_url=serve(handbook_site), viewport={"width": 1280, "height": 800})
    opened = context.new_page()
    opened.goto("about/how-to-cite/")
    yield opened
    context.close()


@pytest.fixture(scope="module")
def results(page: Any) -> dict[str, list[list[str]]]:
    asked = [case["query"] for case in QUERIES]
    return dict(zip(asked, page.evaluate(ASK, asked), strict=True))


def test_what_readers_type_finds_its_page_among_the_first_results(results: dict[str, list[list[str]]]) -> None:
    assert len(QUERIES) >= 60
    missed = {}
    for case in QUERIES:
        wanted = [case["finds"]] if isinstance(case["finds"], str) else case["finds"]
        found = results[case["query"]]
        shown = {address for result in found[:SHOWN] for address in result}
        if not shown & set(wanted) if wanted else found:
            missed[case["query"]] = [result[0] for result in found[:SHOWN]]
    assert missed == {}


def test_every_id_finds_its_own_section_first(page: Any, handbook_site: Path) -> None:
    documents = index(handbook_site)["docs"]
    ids = {one["id"]: one["location"] for one in documents if "id" in one}
    assert {"P9", "P9.3", "P9.6", "I4.5", "C14.7", "T6.2", "S1.9"} <= ids.keys()
    # All thousand would take long; these are those that are the beginning of another, and the last of each page.
    some = [
        name for name in ids if any(one.startswith(name) and one[len(name)].isdigit() for one in ids if one != name)
    ]
    assert len(some) > 50
    found = dict(zip(some, page.evaluate(ASK, some), strict=True))
    assert {name: found[name][0][:2] for name in some if ids[name] not in found[name][0][:2]} == {}


def index(site: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((site / "search" / "search_index.json").read_text("utf-8"))
    return loaded


def test_every_address_in_the_index_leads_to_a_place_on_a_page(handbook_site: Path) -> None:
    ids: dict[str, set[str]] = {}
    nowhere = []
    for document in index(handbook_site)["docs"]:
        url, _, fragment = document["location"].partition("#")
        if url not in ids:
            root = html.fromstring((handbook_site / url / "index.html").read_text("utf-8"))
            ids[url] = {"", *root.xpath("//@id")}
        if fragment not in ids[url]:
            nowhere.append(document["location"])
    assert nowhere == []


def test_index_stays_small_and_free_of_generated_lists(handbook_site: Path) -> None:
    data = (handbook_site / "search" / "search_index.json").read_bytes()
    assert len(data) < 600_000
    assert len(gzip.compress(data)) < 170_000
    addresses = [document["location"] for document in index(handbook_site)["docs"]]
    assert len(addresses) == len(set(addresses))
    assert not [one for one in addresses if one.endswith("#works-cited") or one.startswith("tooling/reference/")]


def test_typing_an_id_and_opening_it_shows_the_requirement(page: Any) -> None:
    page.goto("")
    page.keyboard.press("/")
    page.keyboard.type("p9.6")
    result = page.locator(".md-search-result__item").first.locator("a", has_text="P9.6 What it asks of a policy")
    result.wait_for()
    assert "Each required evaluation tests for a dangerous capability" in result.inner_text()
    result.click()
    page.wait_for_url("**/principles/P9/?h=p9.6#P9.6")
    assert page.locator("li:target").get_attribute("id") == "P9.6"


def test_result_and_page_show_the_everyday_name_that_was_typed(page: Any) -> None:
    page.goto("")
    page.keyboard.press("/")
    page.keyboard.type("kyc")
    result = page.locator(".md-search-result__item").first
    result.locator("mark", has_text="KYC").wait_for()
    result.get_by_role("link").first.click()
    page.wait_for_url("**/instruments/I7/**")
    assert "Also found under: KYC" in page.locator("article").inner_text()


BIB = """@online{doe2020why,
  author = {Doe, Jo and Ant, A. and Bee, B. and Cat, C. and Dog, D. and Elk, E. and Fox, Fay},
  title = {Why & How},
  date = {2020-02-01},
  url = {https://why.example/}
}

@legislation{sb1,
  title = {Senate Bill 1: An Act},
  shorttitle = {SB 1},
  date = {2021},
  url = {https://law.example/}
}
"""
P1 = (
    head("P1", "aliases: [KYC, 'R&D']\nsearch: {boost: 2}\n", "First")
    + "## One {#P1.1}\n\nBefore <1> [@doe2020why].\n\n- Item [@sb1].\n  {#P1.2}\n- Two.\n  {#P1.10}\n\n"
    "After.\n\n### Below {#P1.3}\n\nDeep.\n"
)
P10 = head("P10", "", "Tenth") + "## One {#P10.1}\n\nText.\n"
GLOSSARY = "# Words\n\nAbout.\n\nFlop\nFlops\nOperation\noperations\n:   A step.\n\n    See P1.\n\nLone\n:   One.\n"


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site of Material's with a page of each kind that gives entries of its own; built once."""
    root = tmp_path_factory.mktemp("small")
    config = {
        **CONFIG,
        "theme": {"name": "material", "font": False},
        "plugins": ["search", {"handbook": {"glossary": "words.md"}}],
        "markdown_extensions": [*CONFIG["markdown_extensions"], "def_list"],
    }
    files = {
        "mkdocs.yml": yaml.safe_dump(config),
        "references.bib": BIB,
        "docs/index.md": "# Home\n\nCites [@doe2020why].\n",
        "docs/principles/P1.md": P1,
        "docs/principles/P10.md": P10,
        "docs/words.md": GLOSSARY,
        "docs/works.md": '# Works\n\n<div data-generated="citation-index"></div>\n',
        "docs/code.md": "---\ntitle: Code\nsummary: Code.\nsearch: {exclude: true}\n---\n\n# Code\n\nSecret.\n",
    }
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    build(load_config(str(root / "mkdocs.yml"), site_dir=str(root / "site")))
    return root / "site"


def found(site: Path, url: str) -> list[dict[str, Any]]:
    return [one for one in index(site)["docs"] if one["location"].partition("#")[0] == url]


def test_page_gives_an_entry_to_itself_and_to_whatever_has_an_id(small: Path) -> None:
    assert found(small, "principles/P1/") == [
        {
            "location": "principles/P1/",
            "id": "P1",
            "title": "P1 First",
            "text": "<p>A page.</p>",
            "tags": ["KYC", "R&D"],
            "boost": 3,  # twice, as the page wishes, and more because P10 begins alike
        },
        {
            "location": "principles/P1/#P1.1",
            "id": "P1.1",
            "title": "P1.1 One",
            "text": "<p>Before &lt;1&gt; (Doe et al. 2020).</p><p>After.</p><p>Below</p>",
            "boost": 3,
        },
        {
            "location": "principles/P1/#P1.2",
            "id": "P1.2",
            "title": "P1.2 One",
            "text": "<p>Item (SB 1 2021).</p>",
            "boost": 2,
        },
        {
            "location": "principles/P1/#P1.10",
            "id": "P1.10",
            "title": "P1.10 One",
            "text": "<p>Two.</p>",
            "boost": 2,
        },
        {
            "location": "principles/P1/#P1.3",
            "id": "P1.3",
            "title": "P1.3 Below",
            "text": "<p>Deep.</p>",
            "boost": 2,
        },
    ]
    assert [one["location"] for one in found(small, "")] == [""]  # not the list of works


def test_glossary_gives_an_entry_to_each_term(small: Path) -> None:
    assert found(small, "words/")[1:] == [
        {"location": "words/#flop", "title": "Flop", "text": "<p>A step.</p><p>Also: Operation.</p>"},
        {"location": "words/#lone", "title": "Lone", "text": "<p>One.</p>"},
    ]


def test_citation_index_gives_an_entry_to_each_work_with_all_its_authors(small: Path) -> None:
    assert found(small, "works/")[1:] == [
        {
            "location": "works/#ref-doe2020why",
            "title": "Doe et al. 2020: Why & How",
            "text": "<p>Doe, Jo, A. Ant, B. Bee, et al. 2020. “Why &amp; How.” February 1.</p>"
            "<p>Jo Doe, A. Ant, B. Bee, C. Cat, D. Dog, E. Elk, Fay Fox</p>",
        },
        {
            "location": "works/#ref-sb1",
            "title": "SB 1 2021",
            "text": "<p>SB 1. 2021. Senate Bill 1: An Act.</p>",
            "tags": ["SB1"],
            "boost": 3,
        },
    ]


def test_page_kept_from_the_search_has_no_entry(small: Path) -> None:
    assert found(small, "code/") == []
