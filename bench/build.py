"""What citations, index and relations add to a build, beside mkdocs-bibtex on the same pages, in one run.

Generates handbooks of 60, 500 and 2,000 pages with 5 citations a page, and builds each plain, with our extension and
plugin, the same with a register of ids and a published edition, so with a page and files for each section, and with
mkdocs-bibtex (without CSL) in an environment of its own. Prints CPU seconds (user and system) and
peak memory of the whole process as medians of the runs, and the medians of the ratios run by run. Then times how long
10,000 references take to load beside bibtexparser's own default parsing. The environment of mkdocs-bibtex is installed
on the first run. Half an hour on two cores.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import shutil
import statistics
import subprocess
import sys
import time
from pathlib import Path

import yaml

from handbook import builder, commands, keeping

ROOT = Path(__file__).parent.parent
WORK = ROOT / ".bench"
PEER = WORK / "peer"
PINS = [
    "mkdocs==1.6.1",
    "mkdocs-material==9.8.1",
    "markdown==3.11.3",
    "pymdown-extensions==12.3",
    "click==8.5.1",
    "mkdocs-bibtex==4.4.0",
]
FEATURES = re.findall(r"^    - ([a-z.]+)$", (ROOT / "mkdocs.yml").read_text("utf-8"), re.M)
CITATIONS, SECTIONS, WORDS = 5, 6, 110
SYLLABLES = "an ba co de el fi go hu in ju ka lo mi no or pe qui ro sa te un va we xi yo ze".split()  # noqa: SIM905


def bibliography(count: int, dice: random.Random) -> str:
    """References of five types, with names of their own, in the proportions of a policy bibliography."""
    entries = []
    for number in range(count):
        names = " and ".join(f"{word(dice).title()}, {word(dice).title()}" for _ in range(dice.choice((1, 1, 2, 3, 8))))
        kind = dice.choice(("article", "online", "inproceedings", "report", "book"))
        entries.append(
            f"@{kind}{{ref{number},\n  author = {{{names}}},\n  title = {{{sentence(dice, 9)}}},\n"
            f"  journaltitle = {{{sentence(dice, 3)}}},\n  booktitle = {{{sentence(dice, 5)}}},\n"
            f"  institution = {{{sentence(dice, 3)}}},\n  publisher = {{{sentence(dice, 2)}}},\n"
            f"  volume = {{{dice.randrange(90)}}},\n  pages = {{{100 + number}--{130 + number}}},\n"
            f"  year = {{{2000 + number % 26}}},\n  doi = {{10.1000/{number}}},\n"
            f"  url = {{https://example.org/{number}}}\n}}\n"
        )
    return "\n".join(entries)


def word(dice: random.Random) -> str:
    return "".join(dice.choice(SYLLABLES) for _ in range(dice.randrange(1, 5)))


def sentence(dice: random.Random, words: int) -> str:
    return " ".join(word(dice) for _ in range(words)).capitalize()


def page(number: int, references: int, dice: random.Random) -> tuple[str, str]:
    """A page's front matter under the contract, and its text: six sections of a hundred words, five of which cite."""
    head = (
        f"title: {sentence(dice, 4)}\nid: P{number}\nkind: principle\nsummary: {sentence(dice, 12)}.\n"
        "status: current\nreviewed: 2026-01-01\nreview_by: 2026-07-01\n"
        f"related:\n  P{number % 60 + 1 if number % 60 + 1 != number else 60}: {sentence(dice, 8)}.\n"
    )
    parts = []
    for section in range(SECTIONS):
        cite = f" [@ref{dice.randrange(references)}]" if section < CITATIONS else ""
        body = "\n".join(f"{sentence(dice, 11)}{cite if line == 3 else ''}." for line in range(WORDS // 11))
        parts.append(f"## {sentence(dice, 3)} {{#P{number}.{section + 1}}}\n\n{body}\n")
    return head, "\n".join(parts) + '\n<div data-generated="relations"></div>\n'


def project(folder: Path, pages: int, references: int) -> None:
    """Write a handbook and its three configurations."""
    dice = random.Random(pages * 100_003 + references)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    (folder / "references.bib").write_text(bibliography(references, dice), "utf-8")
    files = {"index.md": "# Home\n\nText.\n"}
    files["references.md"] = '# References\n\n<div data-generated="citation-index"></div>\n'
    # In parts of 50 pages, as a large site would be: one long list makes the navigation cost more than all else.
    for number in range(1, pages + 1):
        front, text = page(number, references, dice)
        files[f"principles/part{(number - 1) // 50 + 1}/P{number}.md"] = f"---\n{front}---\n\n{text}"
    for name, text in files.items():
        # Without our plugin the theme takes "status" for a feature of its own, which would make the plain build dearer.
        bare = text.replace("\nstatus: current\n", "\n", 1)
        for tree, content in (("docs", text), ("docs-kept", text), ("docs-plain", bare)):
            path = folder / tree / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content, "utf-8")
    common = {
        "site_name": "Bench",
        "site_url": "https://bench.example/",
        # The handbook's own features; with prune, which a site of some hundred pages needs.
        "theme": {"name": "material", "font": False, "features": FEATURES + ["navigation.prune"] * (pages >= 300)},
        "validation": {"links": {"anchors": "warn", "absolute_links": "relative_to_docs"}},
    }
    extensions: list[object] = ["attr_list", "footnotes", "tables", {"toc": {"permalink": True}}]
    ours = [*extensions, {"handbook.extension": {"bibliography": "references.bib", "index": "/references.md"}}]
    variants = {
        "plain": {"docs_dir": "docs-plain", "plugins": ["search"], "markdown_extensions": extensions},
        "ours": {"plugins": ["search", "handbook"], "markdown_extensions": ours},
        "kept": {"docs_dir": "docs-kept", "plugins": ["search", "handbook"], "markdown_extensions": ours},
        "bibtex": {
            "docs_dir": "docs-plain",
            "plugins": ["search", {"bibtex": {"bib_file": "references.bib", "csl_file": None}}],
            "markdown_extensions": extensions,
        },
    }
    for name, variant in variants.items():
        (folder / f"{name}.yml").write_text(yaml.safe_dump({**common, **variant}), "utf-8")
    publish(folder)


def publish(folder: Path) -> None:
    """Give every id of the variant "kept" its row, and cut an edition."""
    shutil.copy(folder / "kept.yml", folder / "mkdocs.yml")
    for _ in ("ids", "edition"):
        looked = builder.look(folder)
        files, _ = keeping.mint(looked.handbook, looked.history, looked.sources, looked.folder)
        if not files:
            _, files = keeping.cut(looked.history, "2026-01-01", "Bench", "Editors", looked.folder)
        commands.write(folder, files)


def measure(command: list[str], folder: Path) -> tuple[float, float]:
    """CPU seconds and peak memory (MB) of one process, from the operating system's own account of it."""
    log = WORK / "log"
    with log.open("w") as output:
        process = subprocess.Popen(
            command, cwd=folder, stdout=output, stderr=output, env={**os.environ, "NO_MKDOCS_2_WARNING": "1"}
        )
        _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"{' '.join(command)} failed:\n{log.read_text()[-3000:]}")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def builds(pages: int, references: int, runs: int) -> None:
    """Build each variant in turn, ``runs`` times over, and print medians and ratios."""
    # In memory where there is such a place: what a disk does with thousands of small files is not ours to measure.
    memory_disk = Path("/dev/shm")
    folder = (memory_disk if os.access(memory_disk, os.W_OK) else WORK) / f"bench-p{pages}r{references}"
    project(folder, pages, references)
    own, peer = sys.executable, str(PEER / "bin" / "python")
    variants = [(name, own, name) for name in ("plain", "ours", "kept")]
    variants += [("plain*", peer, "plain"), ("bibtex", peer, "bibtex")]
    seen: dict[str, list[tuple[float, float]]] = {name: [] for name, _, _ in variants}
    for _ in range(runs):
        for name, python, config in variants:
            command = [python, "-m", "mkdocs", "build", "-q", "-f", f"{config}.yml", "-d", f"site-{config}"]
            seen[name].append(measure(command, folder))
    cpu = {name: statistics.median(one for one, _ in values) for name, values in seen.items()}
    memory = {name: statistics.median(one for _, one in values) for name, values in seen.items()}
    print(f"\n{pages} pages, {references} references, {CITATIONS} citations a page; median of {runs}")
    added = {}
    for name, _, _ in variants:
        # Run by run against the plain build just before it: the machine's speed drifts by more than what is measured.
        base = "plain*" if name in ("plain*", "bibtex") else "plain"
        pairs = [(one, plain) for (one, _), (plain, _) in zip(seen[name], seen[base], strict=True)]
        ratio = statistics.median(one / plain for one, plain in pairs)
        added[name] = statistics.median(one - plain for one, plain in pairs)
        print(f"  {name:8} {cpu[name]:7.2f} s CPU  {memory[name]:6.0f} MB  x{ratio:.3f}  +{added[name]:.2f} s")
    kept = statistics.median(a / b for (a, _), (b, _) in zip(seen["kept"], seen["ours"], strict=True))
    print(f"  a register and an edition make it x{kept:.3f}")
    print(f"  ours adds {added['ours'] / added['bibtex']:.2f} of what mkdocs-bibtex adds", flush=True)
    shutil.rmtree(folder)


def loading(references: int, runs: int) -> None:
    """Load a large bibliography with our reader and with bibtexparser's defaults, in turn."""
    from bibtexparser.entrypoint import parse_string

    from handbook import bibliography as ours

    text = bibliography(references, random.Random(7))
    ratios, times = [], []
    for _ in range(runs):
        ours.person.cache_clear()
        start = time.process_time()
        parse_string(text)
        middle = time.process_time()
        ours.parse(text)
        end = time.process_time()
        ratios.append((end - middle) / (middle - start))
        times.append((end - middle, middle - start))
    own, theirs = (statistics.median(column) for column in zip(*times, strict=True))
    print(f"\n{references} references: ours {own:.2f} s, bibtexparser's default {theirs:.2f} s CPU;", end=" ")
    print(f"x{statistics.median(ratios):.2f}, median of {runs}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", default="60,500,2000", help="sizes, parted by commas")
    parser.add_argument("--runs", type=int, default=5, help="of each build below 2,000 pages; one of those")
    options = parser.parse_args()
    WORK.mkdir(exist_ok=True)
    if not (PEER / "bin" / "python").exists():
        subprocess.run([sys.executable, "-m", "venv", str(PEER)], check=True)
        subprocess.run([str(PEER / "bin" / "pip"), "install", "--quiet", *PINS], check=True)
    sizes = [int(size) for size in options.pages.split(",")]
    for size in sizes:
        builds(size, 500, options.runs if size < 2000 else 1)
    if 2000 in sizes:
        builds(2000, 10_000, 1)
    loading(10_000, 5)  # last: a child's peak memory is counted from its parent's
    return 0


if __name__ == "__main__":
    sys.exit(main())
