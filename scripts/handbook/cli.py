"""The command ``handbook``: what can be asked, and the exit code. What writes is in ``commands`` and ``products``.

Each command loads only what it needs, since loading takes longer than many a check.
"""

from __future__ import annotations

import argparse
import sys
from datetime import date
from pathlib import Path
from typing import Any

from handbook.diagnostics import RULES, Diagnostic
from handbook.report import FORMATS, explain

WRITING = {
    "ids": "give permanent ids to new headings and items, and enter them in the register",
    "declare": "say what became of a published id, or of what kind its change is",
    "edition": "write the snapshot of the next edition",
    "publish": "build every edition that is missing in a folder, and the latest text",
    "verify": "compare the published editions of a folder with their checksums",
}


def main(arguments: list[str] | None = None) -> int:
    """Run a command; 0 clean, 1 faults found, 2 wrong use."""
    parser = argparse.ArgumentParser(prog="handbook", description="Tools of the AI Safety Policy Handbook")
    commands = parser.add_subparsers(dest="command", required=True)
    fill = commands.add_parser("fill", help="fill the generated parts of a site that another builder made")
    fill.add_argument("site", type=Path, help="folder of the built site")
    fill.add_argument("--docs", type=Path, default=Path("docs"), help="folder of the pages (default: docs)")
    fill.add_argument("--bibliography", type=Path, default=Path("references.bib"), help="default: references.bib")
    read = commands.add_parser("prose", help="how hard each page of a built site is to read, and its long sentences")
    read.add_argument("site", type=Path, help="folder of the built site")
    read.add_argument("--sample", type=int, default=0, metavar="N", help="print N cited sentences at random instead")
    read.add_argument("--seed", type=int, default=1, help="the same seed picks the same sentences (default: 1)")
    check = commands.add_parser("check", help="find broken links, notes, citations and ids of a project or a site")
    check.add_argument("root", type=Path, nargs="?", default=Path(), help="folder of mkdocs.yml (default: this one)")
    check.add_argument("--site", type=Path, metavar="DIR", help="check a built site instead, whoever built it")
    check.add_argument("--address", default="", help="where the built site will stand, if its pages do not say")
    check.add_argument("--format", choices=FORMATS, default="text", help="default: text")
    check.add_argument("--strict", action="store_true", help="warnings fail too")
    check.add_argument("--online", action="store_true", help="also ask for every address of other sites")
    check.add_argument("--explain", metavar="CODE", help="say what a rule means, with examples")
    pdf = commands.add_parser("pdf", help="print a built site as one PDF")
    pdf.add_argument("site", type=Path, help="folder of the built site")
    pdf.add_argument("out", type=Path, help="file to write, such as site/handbook.pdf")
    pdf.add_argument("--edition", default="Draft", metavar="TEXT", help="such as '1st ed.' (default: Draft)")
    pdf.add_argument("--date", type=_day, metavar="YYYY-MM-DD", help="day of the edition (default: none)")
    pdf.add_argument("--address", default="", help="where the edition stands (default: as the home page says)")
    pdf.add_argument("--licence", default="", metavar="TEXT", help="default: as the foot of the home page says")
    pdf.add_argument("--cite", default="", metavar="TEXT", help="how to cite the whole (default: made from the rest)")
    pdf.add_argument(
        "--without", nargs="*", default=["tooling/"], metavar="START", help="addresses to leave out (default: tooling/)"
    )
    packed = commands.add_parser("zip", help="pack a built site so that it opens from a disk, with its search")
    packed.add_argument("site", type=Path, help="folder of the built site")
    packed.add_argument("out", type=Path, help="file to write, such as site/handbook.zip")
    for name, text in WRITING.items():
        one = commands.add_parser(name, help=text)
        one.add_argument("--root", type=Path, default=Path(), help="folder of mkdocs.yml (default: this one)")
        if name == "declare":
            one.add_argument("id", help="a published id, such as P9.3")
            one.add_argument("word", help="editorial or substantive; moved, merged, split or retired")
            one.add_argument("successors", nargs="*", help="the ids that follow it")
            one.add_argument("--reason", required=True, help="one sentence for readers")
        if name in ("publish", "verify"):
            one.add_argument("folder", type=Path, help="what a static host serves")
        if name == "edition":
            one.add_argument("--date", default="", metavar="YYYY-MM-DD", help="default: today (UTC)")
    options = parser.parse_args(arguments)
    if options.command == "check":
        return report_check(options)
    if options.command in WRITING:
        return keep(options)
    folders = [options.site, options.docs] if options.command == "fill" else [options.site]
    for folder in folders:
        if not folder.is_dir():
            print(
                f"{folder}: there is no such folder. Remedy: build the site first, or name its folder.", file=sys.stderr
            )
            return 2
    if options.command == "prose":
        return report_prose(options.site, options.sample, options.seed)
    from handbook import products

    if options.command == "fill":
        return products.fill_site(options.site, options.docs, options.bibliography)
    if options.command == "pdf":
        return products.print_book(options)
    return products.pack(options.site, options.out)


def keep(options: argparse.Namespace) -> int:
    """The commands that write."""
    from handbook import commands

    root = options.root.resolve()
    if options.command == "verify":
        return commands.verify(options.folder)
    if not (root / "mkdocs.yml").is_file():
        message = f"{options.root}: there is no mkdocs.yml. Remedy: Name the folder that holds mkdocs.yml."
        print(message, file=sys.stderr)
        return 2
    match options.command:
        case "ids":
            return commands.ids(root)
        case "declare":
            return commands.declare(root, options.id, options.word, options.successors, options.reason)
        case "publish":
            return commands.publish(root, options.folder.resolve())
    return commands.edition(root, options.date)


def report_check(options: argparse.Namespace) -> int:
    """Print findings; 1 on errors (with --strict also on warnings), 2 on wrong use."""
    if options.explain:
        from handbook import rules

        rules.every()
        text = explain(options.explain)
        print(text or f"No rule has the code '{options.explain}'. Codes: {', '.join(sorted(RULES))}.")
        return 0 if text else 2
    folder = options.site or options.root
    if not (folder / "mkdocs.yml").is_file() if options.site is None else not folder.is_dir():
        remedy = "Name the folder of a built site." if options.site else "Name the folder that holds mkdocs.yml."
        print(
            f"{folder}: there is no {'such folder' if options.site else 'mkdocs.yml'}. Remedy: {remedy}",
            file=sys.stderr,
        )
        return 2
    if options.site:
        from handbook import built

        found = built.check(folder, options.address)
    else:
        from handbook import builder

        looked = builder.look(folder.resolve(), options.online)
        found = list(looked.collected or [])
        if options.online:
            found += ask(looked, folder.resolve())
    print(FORMATS[options.format](found))
    failing = ("error", "warning") if options.strict else ("error",)
    return 1 if any(one.severity in failing for one in found) else 0


def ask(looked: Any, root: Path) -> list[Diagnostic]:
    """Ask for every external address of pages and bibliography; what is learnt is kept in ``.handbook-online.json``."""
    from datetime import UTC, datetime

    from handbook.online import Address, Limits, OnlineUnavailable, Place, check_online, user_agent

    places = {url: [Place(path, line) for path, line in found] for url, found in (looked.external or {}).items()}
    archived = {}
    for key, reference in looked.bibliography.references.items():
        url = reference.get("url") or (f"https://doi.org/{reference.get('doi')}" if reference.get("doi") else "")
        if url:
            places.setdefault(url, []).append(
                Place(looked.bibliography.path, reference.lines.get("url", reference.line), key)
            )
            if copy := reference.get("archive-url"):
                archived[url] = copy
    config = looked.site
    try:
        return check_online(
            [Address(url, tuple(where)) for url, where in sorted(places.items())],
            cache=root / ".handbook-online.json",
            today=datetime.now(UTC),
            archived=archived,
            limits=Limits(),
            progress=lambda line: print(line, file=sys.stderr),
            agent=user_agent(*config),
        )
    except OnlineUnavailable as error:
        print(error, file=sys.stderr)
        raise SystemExit(2) from None


def report_prose(site: Path, number: int, seed: int) -> int:
    """Print grades and long sentences, or a sample; 1 where a page asks too much of its reader."""
    from handbook import prose

    contents = {
        path.parent.relative_to(site).as_posix(): path.read_text("utf-8")
        for path in site.rglob("index.html")
        if path.relative_to(site).parts[0] != "id"
    }
    found = [one for page in sorted(contents) for one in prose.sentences(contents[page], page)]
    if number:
        for one in prose.sample(found, number, seed):
            print(f"{one.page}#{one.section_id}: {one.text}")
        return 0
    grades = sorted(((prose.grade(contents[page]), page) for page in contents), reverse=True)
    for grade, page in grades:
        print(f"{grade:5.1f} {page}")
    for one in found:
        if one.words > prose.LONG:
            print(f"{one.page}#{one.section_id}: {one.words} words: {one.text}")
    return 1 if grades and grades[0][0] > prose.GRADE else 0


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"'{text}' is no day; write it as 2026-12-01") from None
