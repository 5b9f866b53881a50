"""Our citations given to programs that others wrote: nothing that a program can hold may be lost on the way.

imports/install.sh installs the programs. A missing one skips its tests, unless HANDBOOK_IMPORTS=required.
"""

from __future__ import annotations

import html
import json
import os
import re
import shutil
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT

from handbook import changes, exports
from handbook.changes import History
from handbook.forms import form
from handbook.records import Citable, Date
from handbook.typography import as_html, as_text

HERE = Path(__file__).parent / "imports"
MODULES = Path(os.environ.get("HANDBOOK_NODE_MODULES", HERE / "node_modules"))
VENV = Path(os.environ.get("HANDBOOK_PAPIS_VENV", HERE / "venv"))

BOOK, AUTHOR = "AI Safety Policy Handbook", "AI Safety Policy Handbook editors"


def cited(section: str, title: str, path: str) -> Citable:
    return Citable(section, title, BOOK, AUTHOR, 1, Date(2026, 11, 3), f"https://handbook.example/1/{path}")


SECTION = cited("P9.3", "P9.3 Audit frontier developers independently: What it asks of a policy", "principles/P9/#P9.3")
HARD = cited("C6.2", "C6.2 India’s “R&D” rule: Is 50 % enough?", "cases/C6/#C6.2")
WHOLE = cited("", BOOK, "")
ALL = (SECTION, HARD, WHOLE)


def program(name: str, path: Path | None = None) -> str:
    """The path of a program; without it the test is skipped, or fails where programs are required."""
    found = shutil.which(name, path=str(path)) if path else None
    found = found or shutil.which(name)
    if found is None:
        missing(f"{name} is not installed")
    return str(found)


def missing(what: str) -> None:
    reason = f"{what} (tests/imports/install.sh installs it)"
    if os.environ.get("HANDBOOK_IMPORTS") == "required":
        pytest.fail(f"{reason} and HANDBOOK_IMPORTS=required")
    pytest.skip(reason)


def run(*command: str | Path, text: str = "", cwd: Path | None = None, env: dict[str, str] | None = None) -> str:
    done = subprocess.run(
        [str(part) for part in command], input=text, capture_output=True, text=True, cwd=cwd, env=env, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def node(reader: str, package: str, text: str) -> Any:
    """What a program of npm made of a text (imports/read.mjs)."""
    path = program("node")
    if not (MODULES / package).is_dir():
        missing(f"{package} is not in {MODULES.name}")
    return json.loads(run(path, HERE / "read.mjs", reader, MODULES, text=text))


def bib() -> str:
    return "\n".join(exports.bibtex(citable) for citable in ALL)


def items() -> str:
    return json.dumps([exports.csl(citable) for citable in ALL])


# pandoc: a memo with its list of works.

MEMO = "Audits should be independent [@handbook-1-P9.3]. Half [@handbook-1-C6.2] of the book [@handbook-1].\n"


def works(text: str) -> list[str]:
    """The entries of a list of works, without the letters that tell works of one year apart.

    From the second work on, older pandocs print a dash for the same author.
    """
    plain = re.sub(r"\b(\d{4})[a-z]\b", r"\1", text)
    return sorted(re.sub(r"^———", AUTHOR, entry.strip()) for entry in plain.splitlines() if "https://" in entry)


def expected() -> list[str]:
    """The list of works as we print it ourselves."""
    return sorted(as_text(form("chicago-author-date", citable)) for citable in ALL)


def memo(folder: Path, bibliography: str, *options: str) -> str:
    """What pandoc makes of the memo with one of our files as its bibliography."""
    pandoc = program("pandoc")
    (folder / bibliography).write_text(items() if bibliography.endswith("json") else bib(), "utf-8")
    return run(pandoc, "--citeproc", "--bibliography", bibliography, "--wrap=none", *options, text=MEMO, cwd=folder)


def test_memo_in_html_lists_the_works_as_we_print_them(tmp_path: Path) -> None:
    made = memo(tmp_path, "handbook.json", "--to=html")
    assert works(html.unescape(re.sub(r"<[^>]+>", "", made))) == expected()
    marked = html.unescape(re.sub(r"</?(?!em\b|a\b)\w[^>]*>", "", made))
    for citable in ALL:
        ours = html.unescape(as_html(form("chicago-author-date", citable)))
        assert ours.split("2026. ")[1] in re.sub(r"\b(2026)[a-z]", r"\1", marked)


def test_memo_in_word_lists_the_works_and_leads_to_the_sections(tmp_path: Path) -> None:
    memo(tmp_path, "handbook.json", "--to=docx", "--output=memo.docx")
    with zipfile.ZipFile(tmp_path / "memo.docx") as word:
        document = word.read("word/document.xml").decode()
        links = word.read("word/_rels/document.xml.rels").decode()
    paragraphs = re.sub(r"<[^>]+>", "", document.replace("\n", "").replace("</w:p>", "\n"))
    # pandoc escapes an ampersand once for XML.
    assert works(html.unescape(paragraphs)) == expected()
    assert {citable.url for citable in ALL} <= set(re.findall(r'Target="([^"]+)"', links))


def test_memo_from_a_bib_file_lists_the_works(tmp_path: Path) -> None:
    # The braces that keep a title as it is keep pandoc from giving it headline capitals, so capitals are not compared.
    found = works(memo(tmp_path, "handbook.bib", "--to=plain"))
    assert [entry.casefold() for entry in found] == [entry.casefold() for entry in expected()]
    assert any(SECTION.title in entry for entry in found)


# citation-js: the parser behind many converters, in the browser and elsewhere.


def carried(citable: Citable) -> dict[str, Any]:
    """What an import should hold, whatever the program calls a person or an organisation."""
    item = exports.csl(citable) | {"author": AUTHOR}
    del item["language"]
    return item


@pytest.mark.parametrize("format", ["bib", "ris", "json"])
def test_citation_js_reads_every_field(format: str) -> None:
    text = {"bib": bib(), "ris": "\n".join(exports.ris(citable) for citable in ALL), "json": items()}[format]
    read = node("citation", "@citation-js/core", text)
    for item, citable in zip(read["items"], ALL, strict=True):
        (author,) = item["author"]
        # From .bib and .ris it takes an organisation for a family name, whole and without a given name.
        assert not author.get("given")
        found = item | {"author": author.get("literal") or author.get("family")}
        wanted = carried(citable)
        if format == "ris" and citable.id:
            # Of a chapter in RIS it keeps the year alone; of a book the day.
            wanted["issued"] = {"date-parts": [[2026]]}
        assert {name: found.get(name) for name in wanted} == wanted
        assert item["language"] == ("english" if format == "bib" else "en")


@pytest.mark.parametrize("format", ["bib", "ris", "json"])
def test_apa_entry_after_an_import_is_ours(format: str) -> None:
    text = {"bib": bib(), "ris": "\n".join(exports.ris(citable) for citable in ALL), "json": items()}[format]
    made = node("citation", "@citation-js/core", text)["apa"]
    assert works(made) == sorted(as_text(form("apa", citable)) for citable in ALL)


# biber: the program behind BibLaTeX.


def test_biber_reads_the_bib_file_without_a_warning(tmp_path: Path) -> None:
    biber = program("biber")
    (tmp_path / "handbook.bib").write_text(bib(), "utf-8")
    said = run(biber, "--tool", "--output-file=made.bib", "handbook.bib", cwd=tmp_path)
    assert not [line for line in said.splitlines() if line.startswith(("WARN", "ERROR"))]
    made = re.split(r"\n(?=@)", (tmp_path / "made.bib").read_text("utf-8").strip())
    for entry, citable in zip(made, ALL, strict=True):
        assert entry.startswith(f"@{'INCOLLECTION' if citable.id else 'BOOK'}{{{exports.key(citable)},")
        fields = dict(re.findall(r"^ +(\w+) += \{(.*)\},?$", exports.bibtex(citable), re.M))
        # Year and month are in the date, from which biber makes them again.
        del fields["year"]
        assert dict(re.findall(r"^ +(\w+) += \{(.*)\},?$", entry, re.M)) == {
            name.upper(): value for name, value in fields.items()
        }


# papis: a library in the shell.


@pytest.mark.parametrize("citable", ALL, ids=exports.key)
def test_papis_takes_an_entry_into_its_library(citable: Citable, tmp_path: Path) -> None:
    papis = program("papis", VENV / "bin")
    for name in ("config/papis", "library"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "config/papis/config").write_text(
        f"[settings]\ndefault-library = memo\n[memo]\ndir = {tmp_path / 'library'}\n", "utf-8"
    )
    (tmp_path / "one.bib").write_text(exports.bibtex(citable), "utf-8")
    homes = {"HOME": tmp_path, "XDG_CONFIG_HOME": tmp_path / "config", "XDG_CACHE_HOME": tmp_path / "cache"}
    env = os.environ | {name: str(folder) for name, folder in homes.items()}
    # The library's Python is papis' own.
    env.pop("PYTHONPATH", None)
    run(papis, "add", "--batch", "--from", "bibtex", "one.bib", cwd=tmp_path, env=env)
    (read,) = json.loads(run(papis, "export", "--all", "--format", "json", cwd=tmp_path, env=env))
    wanted = {
        "type": "incollection" if citable.id else "book",
        "title": citable.title,
        "author": AUTHOR,
        "author_list": [{"given": "", "family": AUTHOR}],
        "booktitle": BOOK if citable.id else None,
        "edition": "1",
        "date": "2026-11-03",
        "url": citable.url,
    }
    # It gives every document a key of its own, so ours is not kept.
    assert {name: read.get(name) for name in wanted} == wanted


# html-metadata: how Wikipedia's citation tool sees a page.


def page_with_metadata() -> str:
    """A page of the section, with its metadata in the head and a span for every citable in the body."""
    tags = "".join(
        f'<meta {attribute}="{name}" content="{html.escape(content)}">'
        for attribute, name, content in exports.head(SECTION)
    )
    spans = "".join(f'<span class="Z3988" title="{html.escape(exports.coins(citable))}"></span>' for citable in ALL)
    return f'<!doctype html><html lang="en"><head><title>P9</title>{tags}</head><body>{spans}</body></html>'


def test_html_metadata_reads_the_head() -> None:
    read = node("page", "html-metadata", page_with_metadata())
    assert read["highwirePress"] == {
        "title": SECTION.title,
        "inbook_title": BOOK,
        "publication_date": "2026/11/03",
        "language": "en",
        "public_url": SECTION.url,
    }
    assert read["eprints"]["creators_name"] == f"{AUTHOR},"
    assert read["prism"]["edition"] == "1"


def test_html_metadata_reads_every_span() -> None:
    read = node("page", "html-metadata", page_with_metadata())
    for span, citable in zip(read["coins"], ALL, strict=True):
        assert span["rft_id"] == citable.url
        assert span["rft"].pop("genre") == ("bookitem" if citable.id else "book")
        assert span["rft"] == {
            **({"atitle": citable.title} if citable.id else {}),
            "btitle": BOOK,
            "aucorp": [AUTHOR],
            "edition": "1",
            "date": "2026-11-03",
        }


@pytest.fixture(scope="module")
def published() -> History:
    """The register and the editions of the handbook itself."""
    return changes.load(ROOT / "docs", "docs")[0]


@pytest.mark.parametrize("address", ["principles/P9/index.html", "id/P9.3/index.html"])
def test_html_metadata_reads_the_pages_of_the_handbook(handbook_site: Path, published: History, address: str) -> None:
    read = node("page", "html-metadata", (handbook_site / address).read_text("utf-8"))
    edition = published.last
    assert edition is not None
    name = "P9.3" if "P9.3" in address else "P9"
    cited = edition.citable(name, "https://handbook.example/")
    head = read["highwirePress"]
    assert (head["title"], head["inbook_title"]) == (cited.title, edition.title)
    assert (head["public_url"], head["publication_date"]) == (cited.url, edition.date.replace("-", "/"))
    assert read["eprints"]["creators_name"] == f"{edition.author},"
    assert read["prism"]["edition"] == str(edition.number)
    assert read["coins"][0]["rft_id"] == cited.url
    assert len(read["coins"]) == (14 if name == "P9" else 1)


def test_html_metadata_reads_the_home_page_as_a_book(handbook_site: Path, published: History) -> None:
    read = node("page", "html-metadata", (handbook_site / "index.html").read_text("utf-8"))
    edition = published.last
    assert edition is not None
    assert read["highwirePress"]["title"] == edition.title
    assert read["highwirePress"]["public_url"] == f"https://handbook.example/{edition.number}/"
