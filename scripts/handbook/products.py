"""The commands that make something of a built site: its filled slots, the PDF, the archive.

With ``cli`` and ``commands`` the only place that prints and writes. Nothing is left half-written.
"""

from __future__ import annotations

import argparse
import dataclasses
import sys
from importlib.resources import files as files_of
from pathlib import Path

from handbook import bibliography, book, built, changes, editions, frontmatter, offline, outputs, pages, reading
from handbook.annals import Annals
from handbook.chapters import BookError
from handbook.checks import handbook as contract
from handbook.publisher import Publisher
from handbook.records import Handbook, Page
from handbook.relations import Index, page_order
from handbook.scanning import canonical
from handbook.site import origin_and_base


def fill_site(site: Path, docs: Path, bib: Path) -> int:
    """Fill the slots of the pages below ``site``; nothing is written unless every page could be read."""
    found, diagnostics = bibliography.load(bib, str(bib))
    made: dict[Path, tuple[str, Page]] = {}
    sources: dict[str, str] = {}
    for source in sorted(docs.rglob("*.md")):
        path = source.relative_to(docs).as_posix()
        target = _built(site, path)
        if target is None:
            continue
        sources[path] = source.read_text("utf-8")
        front, faults = frontmatter.parse(sources[path], f"{docs.name}/{path}")
        diagnostics += faults
        url = target.relative_to(site).as_posix().removesuffix("index.html")
        content = target.read_text("utf-8")
        made[target] = content, reading.read(content, path, url, front.title if front else "", front)
    handbook = Handbook(tuple(sorted((page for _, page in made.values()), key=page_order)), found)
    index = Index(handbook)
    history, damaged = changes.load(docs, docs.name)
    origin, base = origin_and_base(canonical((site / "index.html").read_bytes()))
    publisher = Publisher(f"{origin}{base}", "", history.last.title if history.last else "", "")
    annals = Annals(dataclasses.replace(history, now=editions.entries(handbook)), publisher)
    filled = {
        target: pages.fill(content, page, index, annals) for target, (content, page) in made.items() if page.slots
    }
    for target, text in filled.items():
        target.write_text(text, "utf-8")
    if history.rows:
        outputs.write(site, annals)
    diagnostics += [*damaged, *contract.check(handbook, sources, docs.name)]
    for diagnostic in sorted(diagnostics):
        print(diagnostic, file=sys.stderr)
    print(f"Filled {len(filled)} of {len(made)} pages.")
    return 1 if diagnostics else 0


def _built(site: Path, path: str) -> Path | None:
    """The page that a builder made of ``path``: with a folder for each page, or without."""
    stem = path.removesuffix(".md")
    if stem.split("/")[-1] in ("index", "README"):
        candidates = [site / stem.rsplit("/", 1)[0] / "index.html" if "/" in stem else site / "index.html"]
    else:
        candidates = [site / stem / "index.html", site / f"{stem}.html"]
    return next((candidate for candidate in candidates if candidate.is_file()), None)


def print_book(options: argparse.Namespace) -> int:
    """Write a built site as one PDF; 2 where that cannot be done, and then nothing is written."""
    site: Path = options.site
    imprint = book.Imprint(options.edition, options.date, options.address, options.licence, options.cite)
    leave_out = tuple(options.without)
    try:
        names = ["index.html", *book.files((site / "index.html").read_text("utf-8"), leave_out)]
        pages = {name: (site / name).read_text("utf-8") for name in names if (site / name).is_file()}
        document = book.assemble(pages, imprint, leave_out)
        from handbook import printing  # which loads Pango, and says so where that is missing

        return _write(options.out, printing.to_pdf(document, site), f"{len(pages)} pages of the site")
    except BookError as error:
        print(error, file=sys.stderr)
        return 2
    except OSError as error:
        return _refuse(error)


def pack(site: Path, out: Path) -> int:
    """Write a built site as an archive that opens from a disk; 2 where that cannot be done, with nothing written."""
    if not (site / "index.html").is_file():
        print(f"{site}: there is no index.html. Remedy: build the site first, or name its folder.", file=sys.stderr)
        return 2
    try:
        files = {path: (site / path).read_bytes() for path in sorted(built.paths(site))}
        shim = files_of("handbook").joinpath("iframe-worker.js").read_text("utf-8")
        return _write(out, offline.archive(files, out.stem, shim), f"{len(files)} files of the site")
    except OSError as error:
        return _refuse(error)


def _write(out: Path, data: bytes, what: str) -> int:
    """The whole file or none of it; says what it holds."""
    part = out.with_name(f".{out.name}.part")
    try:
        part.write_bytes(data)
        part.replace(out)
    finally:
        part.unlink(missing_ok=True)
    print(f"{out}: {what}, {len(data) / 1e6:.1f} MB.")
    return 0


def _refuse(error: OSError) -> int:
    print(f"{error.filename}: {error.strerror}. Remedy: name a built site and a file to write.", file=sys.stderr)
    return 2
