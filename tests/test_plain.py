"""What programs read: Markdown of each page, the list of them, and the metadata in the head."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from lxml import html

from handbook.plain import Entry, document, llms
from handbook.records import FrontMatter

ARTICLE = """<!doctype html><body><nav><a href="/">Home</a></nav><article class="md">
<h1 id="P1">P1 First<a class="headerlink" href="#P1">P1</a> <a class="cite" href="../id/P1/">Cite</a></h1>
<p>A <a class="term" href="g/#t" title="Meaning.">term</a> and *stars* <span class="citations">(<a class="citation"
href="#work-m" title="Doe. 2020.">Doe 2020, para. 7</a>)</span>.</p>
<h2 id="P1.1">Part <em>one</em></h2>
<ul><li id="P1.2">Do &lt;this&gt;.</li><li id="x">Or that.</li></ul>
<form><label>Show <input></label></form><p hidden>Not yet.</p><script>run()</script>
<table><thead><tr><th>A</th><th>B</th></tr></thead><tbody><tr><td>1</td><td><a href="b/">2</a></td></tr></tbody></table>
</article><footer>Foot</footer></body>"""
PLAIN = """---
title: P1 First
id: P1
summary: 'What it says: all.'
edition: 1st edition, 2026-11-22
url: https://e.example/1/P1/
---

# P1 First {#P1}

A term and \\*stars\\* ([Doe 2020, para. 7](#work-m)).

## Part *one* {#P1.1}

- Do <this>. {#P1.2}
- Or that.

| A | B |
| --- | --- |
| 1 | [2](b/) |
"""


def test_page_is_told_in_markdown_with_its_ids() -> None:
    front = FrontMatter("First", "What it says: all.", "P1")
    made = document(ARTICLE, "https://e.example/1/P1/", "P1 First", front, "1st edition, 2026-11-22")
    assert made == PLAIN


def test_page_without_an_article_or_contract_gives_what_is_known() -> None:
    assert document("<p>Text</p>", "", "Title", None, "Latest") == "---\ntitle: Title\nedition: Latest\n---\n\n"


def test_list_of_pages_has_the_form_that_programs_look_for() -> None:
    entries = [Entry("One", "A", "u/a.md", "About."), Entry("One", "B", "u/b.md", ""), Entry("Two", "C", "u/c.md", "")]
    lines = llms("Book", "https://e.example/1/", "All of it.", entries).splitlines()
    assert lines[:3] == ["# Book", "", "> All of it."]
    assert lines[-8:] == ["## One", "", "- [A](u/a.md): About.", "- [B](u/b.md)", "", "## Two", "", "- [C](u/c.md)"]
    assert "https://e.example/1/id/P9.3/" in "\n".join(lines)


def test_every_page_of_the_handbook_has_its_markdown_with_all_its_ids(handbook_site: Path) -> None:
    listed = re.findall(r"\]\(https://handbook\.example/(\S+)\)", (handbook_site / "llms.txt").read_text("utf-8"))
    pages = [path for path in sorted(handbook_site.rglob("index.html")) if path.parent.parent.name != "id"]
    assert sorted(listed) == sorted(path.with_suffix(".md").relative_to(handbook_site).as_posix() for path in pages)
    for path in pages:
        text = path.with_suffix(".md").read_text("utf-8")
        assert yaml.safe_load(text.split("---\n")[1])["edition"]
        ids = html.fromstring(path.read_bytes()).xpath("//article//*[self::h1 or self::h2 or self::h3 or self::li]/@id")
        permanent = {one for one in ids if re.fullmatch(r"[PICTS]\d+(\.\d+)?", one)}
        assert permanent <= set(re.findall(r"\{#([PICTS][\d.]+)\}", text)), path
        assert "[@" not in re.sub(r"`[^`]*`|```.*?```", "", text, flags=re.DOTALL), path


@pytest.mark.parametrize("page", ["", "principles/P9/", "matrix/", "tooling/reference/"])
def test_head_says_what_the_page_is_without_any_service(handbook_site: Path, page: str) -> None:
    head = html.fromstring((handbook_site / page / "index.html").read_bytes()).find("head")
    [about] = head.xpath("meta[@name='description']/@content")
    told = {one.get("property"): one.get("content") for one in head.xpath("meta[starts-with(@property, 'og:')]")}
    assert told["og:description"] == about and len(about) > 30
    assert told["og:url"] == f"https://handbook.example/{page}" == head.xpath("link[@rel='canonical']/@href")[0]
    assert told["og:title"] in head.findtext("title")
    assert "og:image" not in told  # no picture is better than one from elsewhere
    [plain] = head.xpath("link[@type='text/markdown']/@href")
    assert (handbook_site / page / plain).is_file()


def test_no_two_pages_describe_themselves_alike(handbook_site: Path) -> None:
    said: dict[str, list[str]] = {}
    for path in handbook_site.rglob("index.html"):
        for about in html.fromstring(path.read_bytes()).xpath("//meta[@name='description']/@content"):
            said.setdefault(about, []).append(path.parent.name)
    assert [pages for pages in said.values() if len(pages) > 1] == []
