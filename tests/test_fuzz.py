"""Whatever stands in a file, the readers return and never raise; what they report has a place and a code."""

from pathlib import Path

from conftest import ROOT
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown import markdown

from handbook import bibliography, frontmatter, style
from handbook.checks.bibliography import check
from handbook.citing import parse_group
from handbook.diagnostics import RULES
from handbook.extension import CitationExtension
from handbook.locators import MalformedCitation, parse_locator

HERE = Path(__file__).parent
REAL = (ROOT / "references.bib").read_text("utf-8")[:6000]
EXPORTS = [path.read_text("utf-8") for path in sorted((HERE / "cases" / "exports").glob("*.bib"))]
PAGE = (ROOT / "docs" / "principles" / "P1.md").read_text("utf-8")[:4000]
BIB, _ = bibliography.parse((ROOT / "references.bib").read_text("utf-8"))

thorough = settings(derandomize=True, deadline=None, max_examples=200)

BIB_WORDS = """ and |@string{|@comment{|@book{a,|title =|date = {|year = |month = jan|\\'e|{\\|crossref = {
|isbn = {978|et al.|url = {http://[|eprint = {|pages = {9--1|author = {|family=|{,|,}|10.1/|://|99999999999999999999|0000-00-00|..|//"""
BIB_SIGNS = st.sampled_from([*'{}"@#,=\\$~()%;&-/:\n\r\t\0²٣\ufeff', *BIB_WORDS.split("|")])
MARKDOWN_WORDS = """[@|@bengio2024managing|[-@|[^1]|p. 3|, paras. 1--2|](x)|<!--|-->|<a href=|```|    |{#P1.1}|; @|&amp;
|[@amodei2016concrete, sec. 2]"""
MARKDOWN_SIGNS = st.sampled_from(["|", *"[]()@-;,.*_`#<>!{}:^\\&\n \t\0\x02\x03§¶–²", *MARKDOWN_WORDS.split("|")])
YAML_WORDS = """---\n|...\n|id: |title: |related:\n  P2: |? |!!python/name:os|&a|*a|<<: |2026-99-99|~|- - |1: 2
|paragraphs: 1e9|? [a]\n: b|kind: case\n"""
YAML_SIGNS = st.sampled_from(["|", *":-[]{}#&*!>'\"%@`,?\n \t\0\u0085\ufeff", *YAML_WORDS.split("|")])


@st.composite
def mutated(draw: st.DrawFn, texts: list[str], signs: st.SearchStrategy[str]) -> str:
    """A real text with a few places cut out, doubled or overwritten."""
    text = draw(st.sampled_from(texts))
    for _ in range(draw(st.integers(1, 8))):
        start = draw(st.integers(0, len(text)))
        end = min(len(text), start + draw(st.sampled_from([0, 0, 1, 1, 2, 5, 40, 400])))
        text = text[:start] + draw(st.one_of(signs, st.just(""), st.just(text[start:end] * 2))) + text[end:]
    return text


def random_text(signs: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.lists(st.one_of(signs, st.text(max_size=6)), max_size=40).map("".join)


BIBS = st.one_of(mutated([REAL, *EXPORTS], BIB_SIGNS), random_text(BIB_SIGNS))


@thorough
@given(BIBS)
@example("@book{a, year = {²}, month = {²}, day = {²}}")
@example("@a{,=}")
def test_any_bibliography_is_read_and_judged(text: str) -> None:
    found, diagnostics = bibliography.parse(text)
    lines = text.count("\n") + 1
    for one in [*diagnostics, *check(found, 2027)]:
        assert one.code in RULES
        assert 1 <= one.line <= lines
        assert "\n" not in str(one)
    for key in found.references:
        assert style.work(found, key).html


@thorough
@given(BIBS)
def test_reading_a_bibliography_again_says_the_same(text: str) -> None:
    one, two = bibliography.parse(text), bibliography.parse(text)
    assert one == two
    assert list(check(one[0])) == list(check(two[0]))


@thorough
@given(random_text(MARKDOWN_SIGNS))
def test_any_citation_is_items_or_malformed(text: str) -> None:
    for read in (parse_group, parse_locator):
        try:
            read(text)
        except MalformedCitation as error:
            assert str(error) and error.hint


@thorough
@given(st.one_of(random_text(MARKDOWN_SIGNS), mutated([PAGE], MARKDOWN_SIGNS)))
def test_any_page_is_rendered(text: str) -> None:
    markdown(text, extensions=["attr_list", "tables", "footnotes", "toc", CitationExtension(bibliography=BIB)])


@thorough
@given(
    st.one_of(
        mutated([PAGE[:700]], YAML_SIGNS), random_text(YAML_SIGNS).map(lambda text: f"---\n{text}\n---\n"), st.text()
    ),
    st.sampled_from(["docs/principles/P1.md", "docs/sources/S1.md", "docs/cases/C1.md", "docs/about/a.md", "index.md"]),
)
@example("---\n? [a]\n: b\n---\n", "docs/principles/P1.md")
@example("---\nreviewed: 2026-99-99\n---\n", "docs/principles/P1.md")
@example("---\n{[a]: 1}: 2\n---\n", "docs/principles/P1.md")
def test_any_front_matter_is_read(text: str, path: str) -> None:
    _, faults = frontmatter.parse(text, path)
    lines = len(text.splitlines()) + 1
    assert all(1 <= fault.line <= lines and "\n" not in str(fault) for fault in faults)
