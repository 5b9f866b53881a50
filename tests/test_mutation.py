"""One fault of each kind, put at random into the real handbook: exactly that one is reported, at that line."""

from __future__ import annotations

import random
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import ROOT

from handbook.builder import check

Mutation = Callable[[str], str]


def replace(pattern: str, new: str) -> Mutation:
    return lambda line: re.sub(pattern, new, line, count=1)


# Each kind: the code, what a line must hold, and what becomes of it.
KINDS: list[tuple[str, str, Mutation]] = [
    ("link-missing", r"\]\(\.\./principles/P\d+\.md#", replace(r"principles/P\d+\.md#P\d+\.\d+", "principles/Q7.md")),
    ("anchor-missing", r"\]\(\.\./principles/P\d+\.md#P", replace(r"\.md#P(\d+)\.(\d+)", r".md#P\1.99\2")),
    ("anchor-case", r"\]\(\.\./principles/P\d+\.md#P", replace(r"\.md#P(\d+)", r".md#p\1")),
    ("link-depth", r"\]\(\.\./(cases|instruments)/", replace(r"\]\(\.\./", "](../../")),
    (
        "citation-unknown",
        r"\[@millidge2024preliminary, para",
        replace("@millidge2024preliminary", "@milidge2024preliminary"),
    ),
    ("citation-malformed", r"\[@korzekwa2023product, para", replace(", para", " para")),
    ("leftover-link", r"^[A-Z][^\[\]]+[^\]]\.$", replace(r"\.$", r" [so] (https://law.example/).")),
    ("leftover-reference", r"^[A-Z][^\[\]]+[^\]]\.$", replace(r"\.$", r" [so][nowhere].")),
    ("leftover-reversed", r"^[A-Z][^\[\]]+[^\]]\.$", replace(r"\.$", r" (so)[https://law.example/].")),
    ("note-undefined", r"^[A-Z][^\[\]]+[^\]]\.$", replace(r"\.$", r".[^gone]")),
    ("address-scheme", r"^[A-Z][^\[\]]+[^\]]\.$", replace(r"\.$", r" [so](htps://law.example/).")),
    ("address-doubled", r"^[A-Z][^\[\]]+[^\]]\.$", replace(r"\.$", r" [so](https://https://law.example/).")),
    ("address-mail", r"^[A-Z][^\[\]]+[^\]]\.$", replace(r"\.$", r" [so](mailto:editor@law).")),
    ("link-placeholder", r"^[A-Z][^\[\]]+[^\]]\.$", replace(r"\.$", r" [so](TODO).")),
    ("link-empty", r"^[A-Z][^\[\]]+[^\]]\.$", replace(r"\.$", r" [so]().")),
    ("section-without-id", r"^## .*\{#[PICT]\d+\.\d+\}$", replace(r" \{#.*\}$", "")),
]


@pytest.mark.parametrize("seed", range(3))
def test_each_fault_is_reported_once_at_its_line(seed: int, tmp_path: Path) -> None:
    folder = tmp_path / "handbook"
    leave = shutil.ignore_patterns(".venv", ".git", "site", ".bench", "tests", "bench", ".*_cache", ".hypothesis")
    shutil.copytree(ROOT, folder, ignore=leave)
    dice = random.Random(seed)
    # Headings are linked from elsewhere, and a section without its id breaks those links too: not this test's matter.
    linked = " ".join(path.read_text("utf-8") for path in folder.glob("docs/**/*.md"))
    pages = sorted(folder.glob("docs/*/[PICT]*.md"))
    dice.shuffle(pages)
    wanted = set()
    for (code, holds, mutate), page in zip(KINDS, _fitting(KINDS, pages, linked), strict=True):
        lines = page.read_text("utf-8").split("\n")
        places = [number for number in _body(lines) if _fits(code, holds, lines[number], linked)]
        number = dice.choice(places)
        if code == "section-without-id":  # its id is then gone, and the register says nothing of that
            name = lines[number].partition("{#")[2].rstrip("}")
            rows = (folder / "docs/registry.tsv").read_text("utf-8").split("\n")
            row = next(line for line, row in enumerate(rows, 1) if row.startswith(f"{name}\t"))
            wanted.add(("docs/registry.tsv", row, "register-undeclared"))
        lines[number] = mutate(lines[number])
        page.write_text("\n".join(lines), "utf-8")
        wanted.add((f"docs/{page.relative_to(folder / 'docs').as_posix()}", number + 1, code))
    # Since the 1st edition each change of a section is also to be declared: not this test's matter.
    found = [one for one in check(folder) if one.code != "change-undeclared"]
    assert {(one.path, one.line, one.code) for one in found} == wanted


def _body(lines: list[str]) -> range:
    return range(lines.index("---", 1) + 1, len(lines))


def _fits(code: str, holds: str, line: str, linked: str) -> bool:
    name = re.search(r"\{#([PICT]\d+\.\d+)\}", line)
    heading = code == "section-without-id"
    unlinked = name is not None and f"#{name[1]})" not in linked
    return bool(re.search(holds, line)) and (not heading or unlinked) and line.count("](") < 2


def _fitting(kinds: list[tuple[str, str, Mutation]], pages: list[Path], linked: str) -> list[Path]:
    """A page of its own for each kind, so that no fault hides another."""
    taken: list[Path] = []
    for code, holds, _ in kinds:
        for page in pages:
            lines = page.read_text("utf-8").split("\n")
            if page not in taken and any(_fits(code, holds, lines[number], linked) for number in _body(lines)):
                taken.append(page)
                break
    return taken
