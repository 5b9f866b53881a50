"""A fault of a footnote is reported once, at its place; what only looks like one is not; the output stays as it was."""

from __future__ import annotations

import random
import re
from pathlib import Path
from typing import Any

import markdown
import pytest
from conftest import cases
from mkdocs_autorefs import AutorefsExtension

from handbook.checks import footnotes
from handbook.diagnostics import RULES, Diagnostic
from handbook.notes import Notes, NotesExtension

EXTENSIONS = [
    *("admonition", "abbr", "attr_list", "def_list", "footnotes", "md_in_html", "tables", "pymdownx.details"),
    *("pymdownx.superfences", "pymdownx.snippets", "pymdownx.tabbed"),
]
PAGE = "docs/page.md"
ALL = cases("footnotes.yaml")
CODES = sorted(code for code in RULES if code.startswith("note-"))


def unwatched(names: list[Any], folder: Path) -> markdown.Markdown:
    """A converter of these extensions."""
    names = [AutorefsExtension() if name == "autorefs" else name for name in names]
    settings = {"pymdownx.snippets": {"base_path": [str(folder)]}, "pymdownx.tabbed": {"alternate_style": True}}
    return markdown.Markdown(extensions=names, extension_configs=settings)


def converter(names: list[Any], folder: Path, sink: list[Notes], first: bool = True) -> markdown.Markdown:
    """The same with our extension before all others, or after."""
    ours = NotesExtension(sink=sink)
    return unwatched([ours, *names] if first else [*names, ours], folder)


def checked(case: dict[str, Any], folder: Path, first: bool = True) -> list[Diagnostic]:
    """What is said of a case's page."""
    snippets = case.get("snippets", {})
    for name, text in snippets.items():
        (folder / name).write_text(text)
    sink: list[Notes] = []
    source = case["page"]
    body = re.sub(r"\A---\n.*?\n---\n+", "", source, flags=re.S)
    try:
        converter(case.get("extensions", EXTENSIONS), folder, sink, first).convert(body)
    except RuntimeError:
        assert sink[0].broken
    elsewhere = {path: set(labels) for path, labels in case.get("elsewhere", {}).items()}
    return [one for notes in sink for one in footnotes.check(PAGE, source, notes, elsewhere, snippets)]


def shown(found: list[Diagnostic]) -> list[str]:
    return [f"{one.path}:{one.line}:{one.col} {one.code}".removeprefix(f"{PAGE}:") for one in found]


@pytest.mark.parametrize("first", [True, False], ids=["loaded first", "loaded last"])
@pytest.mark.parametrize("case", ALL, ids=lambda case: case["name"])
def test_each_fault_once_at_its_place(case: dict[str, Any], first: bool, tmp_path: Path) -> None:
    assert shown(checked(case, tmp_path, first)) == case.get("expect", [])


@pytest.mark.parametrize("code", CODES)
def test_code_has_a_bad_and_a_tricky_page(code: str) -> None:
    assert any(line.endswith(f" {code}") for case in ALL for line in case.get("expect", []))
    assert any(code in case.get("tricky", []) and not case.get("expect") for case in ALL)


@pytest.mark.parametrize("code", CODES)
def test_examples_of_the_manual(code: str, tmp_path: Path) -> None:
    with_it = {"snippets": {"notes.md": "[^act]: The act.\n"}, "elsewhere": {"docs/other.md": ["smith"]}}
    bad = checked({"page": RULES[code].bad, **with_it}, tmp_path)
    good = checked({"page": RULES[code].good, **with_it}, tmp_path)
    assert [one.code for one in bad] == [code]
    assert good == []


@pytest.mark.parametrize("case", ALL, ids=lambda case: case["name"])
def test_output_is_the_same_with_and_without(case: dict[str, Any], tmp_path: Path) -> None:
    for name, text in case.get("snippets", {}).items():
        (tmp_path / name).write_text(text)
    names = case.get("extensions", EXTENSIONS)
    watched, plain = converter(names, tmp_path, []), unwatched(names, tmp_path)
    try:
        expected = plain.convert(case["page"])
    except RuntimeError:
        return
    assert watched.convert(case["page"]) == expected


@pytest.mark.parametrize("names", [["extra"], ["pymdownx.extra"], ["footnotes", "extra"]])
def test_footnotes_loaded_by_another_extension(names: list[str], tmp_path: Path) -> None:
    case = {"page": "A[^a] b[^c].\n\n[^a]: One.\n[^b]: Two.\n", "extensions": names}
    assert shown(checked(case, tmp_path)) == ["1:8 note-undefined", "4:1 note-unused"]


@pytest.mark.parametrize(
    "settings",
    [{"SEPARATOR": "-"}, {"UNIQUE_IDS": True}, {"USE_DEFINITION_ORDER": False}, {"SUPERSCRIPT_TEXT": "[{}]"}],
)
def test_settings_of_the_footnotes_extension(settings: dict[str, Any]) -> None:
    sink: list[Notes] = []
    md = markdown.Markdown(
        extensions=["footnotes", NotesExtension(sink=sink)], extension_configs={"footnotes": settings}
    )
    source = "A[^a] b[^b].\n\n[^a]: One, see[^b].\n[^b]: Two.\n"
    md.convert(source)
    assert shown(list(footnotes.check(PAGE, source, sink[0], {}, {}))) == ["3:15 note-nested"]


def test_one_converter_for_many_pages(tmp_path: Path) -> None:
    sink: list[Notes] = []
    md = converter(EXTENSIONS, tmp_path, sink)
    for page in ("A[^a].\n\n[^a]: One.\n", "B[^a].\n", "C.\n", "D[^b].\n\n[^b]: One.\n"):
        md.reset().convert(page)
    assert [(one.defined, one.used, one.unused) for one in sink] == [
        (("a",), ("a",), ()),
        ((), (), ()),
        ((), (), ()),
        (("b",), ("b",), ()),
    ]
    assert [one.label for one in sink[1].leftovers] == ["a"]


def test_page_that_holds_another_conversion(tmp_path: Path) -> None:
    """As mkdocstrings does: an inner converter at work while the outer reads its blocks."""
    from markdown.blockprocessors import BlockProcessor

    sink: list[Notes] = []
    outer, inner = converter(EXTENSIONS, tmp_path, sink), converter(EXTENSIONS, tmp_path, sink)

    class Inner(BlockProcessor):
        def test(self, parent: Any, block: str) -> bool:
            return block.startswith(":::")

        def run(self, parent: Any, blocks: list[str]) -> None:
            blocks.pop(0)
            html = inner.reset().convert("Docstring[^1].\n\n[^1]: Inner.\n[^2]: Unused.\n")
            parent.append(parent.makeelement("p", {}))
            parent[-1].text = outer.htmlStash.store(html)

    outer.parser.blockprocessors.register(Inner(outer.parser), "inner", 110)
    outer.convert("A[^1].\n\n::: package\n\n[^1]: Outer.\n")
    assert [[one.text for one in notes.definitions] for notes in sink] == [["Inner.", "Unused."], ["Outer."]]
    assert [notes.unused for notes in sink] == [("2",), ()]


PIECES = [
    *(
        "Text[^a]",
        " [^b]: x",
        "\n\n",
        "\n",
        "[^a]: Note",
        "[^a] ",
        "    ",
        "  ",
        "`",
        "```\n",
        "- ",
        "> ",
        "# ",
        "$",
        "*",
    ),
    *("| a |\n|---|\n", "<!-- ", " -->", "^[inline]", "\\", "[^A]", "<div>\n", "</div>\n", "!!! note\n", "[^c]:"),
]


@pytest.mark.parametrize("seed", range(300))
def test_no_input_crashes_or_changes(seed: int, tmp_path: Path) -> None:
    source = "A" + "".join(random.Random(seed).choices(PIECES, k=25))
    sink: list[Notes] = []
    try:
        expected = unwatched(EXTENSIONS, tmp_path).convert(source)
    except RuntimeError:
        return
    assert converter(EXTENSIONS, tmp_path, sink).convert(source) == expected
    for one in footnotes.check(PAGE, source, sink[0], {}, {}):
        assert one.line > 0 and source.splitlines()[one.line - 1][one.col - 1 :], one


def test_diagnostics_name_what_is_the_matter(tmp_path: Path) -> None:
    case = {"page": "A[^Act] b[^smith] c[^x].\n\n[^act]: The act.\n\n```\n[^x]: X.\n```\n"}
    said = [one.message for one in checked({**case, "elsewhere": {"docs/b.md": ["smith"]}}, tmp_path)]
    assert said == [
        "The note 'Act' is defined as 'act': labels differ in upper and lower case.",
        "The note 'smith' is defined on another page, docs/b.md; notes hold for one page.",
        "The note 'x' is defined only in code (line 6).",
    ]


def test_cases_have_names_of_their_own() -> None:
    names = [case["name"] for case in ALL]
    assert len(names) == len({*names})
