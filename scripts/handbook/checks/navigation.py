"""The navigation in mkdocs.yml, the pages that it leaves out, and the snippets that pages include."""

from __future__ import annotations

import posixpath
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote

from handbook import styles
from handbook.checks.addresses import foreign
from handbook.diagnostics import RULES, Diagnostic, rule
from handbook.locate import place

FAILED = rule(
    "build-failed",
    "error",
    "MkDocs or a plugin gave up, so the site could not be read to its end.",
    "plugins: [searhc]",
    "plugins: [search]",
)
MISSING = rule(
    "nav-missing",
    "error",
    "The navigation lists a page that does not exist.",
    "nav:\n  - Guide: gide.md",
    "nav:\n  - Guide: guide.md",
)
OMITTED = rule(
    "nav-omitted",
    "error",
    "A page stands in the docs folder, but the navigation does not list it, so few readers will find it.",
    "nav:\n  - Home: index.md\n# and docs/guide.md",
    "nav:\n  - Home: index.md\n  - Guide: guide.md",
)
ORPHANED = rule(
    "nav-orphan",
    "warning",
    "A page is left out of the navigation on purpose, and no other page links it, so nobody can reach it.",
    "not_in_nav: |\n  /plan.md\n# and no link to plan.md",
    "not_in_nav: |\n  /plan.md\n# and [Plan](plan.md) somewhere",
)
TWICE = rule(
    "nav-twice",
    "error",
    "The navigation lists a page twice; previous and next then lead in a circle.",
    "nav:\n  - A: a.md\n  - B: a.md",
    "nav:\n  - A: a.md\n  - B: b.md",
)
EXCLUDED = rule(
    "nav-excluded",
    "error",
    "The navigation lists a page that is kept out of the site.",
    "exclude_docs: plan.md\nnav:\n  - Plan: plan.md",
    "nav:\n  - Guide: guide.md",
)
COLLISION = rule(
    "nav-collision",
    "error",
    "Two sources make one address; one page overwrites the other.",
    "docs/guide.md and docs/guide/index.md",
    "docs/guide/index.md",
)
CONFIG_FILE = rule(
    "config-file",
    "error",
    "mkdocs.yml names a style sheet, script or picture that does not exist.",
    "extra_css: [assets/exrta.css]",
    "extra_css: [assets/extra.css]",
)
ASSET = rule(
    "asset-unused",
    "warning",
    "A picture, style sheet or download stands in the docs folder, and nothing uses it.",
    "docs/assets/old.svg\n# and nothing that names it",
    "![Old](assets/old.svg)",
)
STYLE = rule(
    "asset-missing",
    "error",
    "A style sheet names a picture or font that does not exist.",
    "body { background: url(wave.pgn); }",
    "body { background: url(wave.png); }",
)
SNIPPET = rule(
    "snippet-missing", "error", "A page includes a file that does not exist.", '--8<-- "terns.md"', '--8<-- "terms.md"'
)
SECTION = rule(
    "snippet-section",
    "error",
    "A page includes a named part of a file, and the file has no part of that name.",
    '--8<-- "terms.md:intr"',
    '--8<-- "terms.md:intro"',
)


@dataclass(frozen=True, slots=True)
class Navigation:
    """What mkdocs.yml says of pages: ``entries`` as written, in order; every page with how it is included.

    ``pages`` maps a source below the docs folder to ``listed`` (in the navigation as built), ``included`` (it could
    be), ``hidden`` (not in the navigation on purpose), ``draft``, ``excluded`` or ``generated`` by a plugin;
    ``addresses`` a source to the file that it makes; ``linked`` are the files that links of other pages reach;
    ``files`` are those that the configuration names, as written, each with whether it exists; ``found`` the entries
    that lead to a file of the site, whatever it is; ``others`` the files that are no pages, each with its place in
    the site.
    """

    config: str
    text: str
    folder: str
    entries: tuple[str, ...] = ()
    pages: Mapping[str, str] = field(default_factory=dict)
    addresses: Mapping[str, str] = field(default_factory=dict)
    linked: frozenset[str] = frozenset()
    files: tuple[tuple[str, bool], ...] = ()
    explicit: bool = True
    found: frozenset[str] = frozenset()
    others: Mapping[str, str] = field(default_factory=dict)


def check(nav: Navigation) -> Iterator[Diagnostic]:
    """All findings on the navigation."""
    counts: Counter[str] = Counter()
    for entry in nav.entries:
        counts[entry] += 1
        at = (nav.config, *place(nav.text, entry, counts[entry]))
        how = nav.pages.get(entry)
        if counts[entry] == 2:
            yield TWICE.at(*at, f"The navigation lists '{entry}' twice.", "Keep one of the two.")
        elif how is None and entry not in nav.found:
            yield MISSING.at(
                *at, f"The navigation lists '{entry}', which does not exist.", "Correct or remove the entry."
            )
        elif how in ("draft", "excluded"):
            yield EXCLUDED.at(
                *at, f"The navigation lists '{entry}', which is kept out of the site.", "Remove the entry."
            )
    for source, how in nav.pages.items():
        path = f"{nav.folder}/{source}"
        if nav.explicit and how == "included":
            yield OMITTED.at(
                path, 1, 0, f"The navigation does not list '{source}'.", f"Add it to 'nav' in {nav.config}."
            )
        elif how == "hidden" and nav.addresses.get(source) not in nav.linked:
            yield ORPHANED.at(path, 1, 0, f"No page links '{source}', and the navigation leaves it out.", "Link it.")
    first: dict[str, str] = {}
    for source, address in nav.addresses.items():
        if nav.pages.get(source) in ("listed", "included", "hidden") and first.setdefault(address, source) != source:
            message = f"'{source}' and '{first[address]}' make the same address '{address}'."
            yield COLLISION.at(f"{nav.folder}/{source}", 1, 0, message, "Rename or merge one of them.")
    for source, address in nav.others.items():
        if page := first.get(address):
            message = f"'{source}' and '{page}' make the same address '{address}'."
            yield COLLISION.at(f"{nav.folder}/{source}", 1, 0, message, "Rename or remove one of them.")
    for name, exists in nav.files:
        if not exists:
            at = (nav.config, *place(nav.text, name))
            yield CONFIG_FILE.at(
                *at, f"'{name}' does not exist.", f"Put the file below {nav.folder}/, or correct its name."
            )


MEDIA = {
    *("avif", "css", "csv", "doc", "docx", "gif", "ico", "jpeg", "jpg", "js", "mp3", "mp4", "ods", "odt", "ogg", "otf"),
    *("pdf", "png", "pptx", "svg", "ttf", "wav", "webm", "webp", "woff", "woff2", "xlsx", "zip"),
}


def assets(
    folder: str, media: frozenset[str], used: frozenset[str], sheets: Mapping[str, str], named: str
) -> Iterator[Diagnostic]:
    """Files below the docs folder that nothing uses, and what style sheets name in vain.

    ``media`` are all files there but pages, ``used`` those that pages reach, ``sheets`` the texts of style sheets, and
    ``named`` the text of everything else that may name a file (configuration, templates, scripts, the README).
    """
    reached, named = set(used), named.lower()
    for path, text in sheets.items():
        for to, *at in styles.addresses(text):
            if wrong := foreign(to):
                yield RULES[wrong.code].at(f"{folder}/{path}", at[0], at[1], wrong.message, wrong.hint)
            if not to or re.match(r"[a-z][a-z0-9+.-]*:|//|#|/", to, re.I):
                continue
            target = posixpath.normpath(posixpath.join(posixpath.dirname(path), unquote(re.split(r"[?#]", to)[0])))
            reached.add(target)
            if target not in media:
                yield STYLE.at(
                    f"{folder}/{path}", at[0], at[1], f"'{to}' does not exist.", "Correct the name of the file."
                )
    for path in sorted(media - reached):
        name = posixpath.basename(path)
        if name.rpartition(".")[2].lower() in MEDIA and "favicon" not in name and name.lower() not in named:
            yield ASSET.at(f"{folder}/{path}", 1, 0, f"Nothing uses '{path}'.", "Use it or remove it.")


INCLUDE = re.compile(
    r'^[ \t>]*(?P<escape>;*)-{1,}8<-{1,}[ \t]+(?:"(?P<name>[^"\n]+)"|\'(?P<other>[^\'\n]+)\')[ \t]*$', re.M
)
BLOCK = re.compile(r"^[ \t>]*(?<!;)-{1,}8<-{1,}[ \t]*\n(?P<lines>.*?)^[ \t>]*-{1,}8<-{1,}[ \t]*$", re.M | re.S)


def included(text: str) -> Iterator[tuple[str, int]]:
    """What a text includes (pymdownx.snippets): each name as written, with its line."""
    for match in INCLUDE.finditer(text):
        if not match["escape"]:
            yield match["name"] or match["other"], text.count("\n", 0, match.start()) + 1
    for match in BLOCK.finditer(text):
        line = text.count("\n", 0, match.start("lines")) + 1
        for number, one in enumerate(match["lines"].splitlines()):
            if one.strip() and not one.strip().startswith(";"):
                yield one.strip(), line + number


def snippets(path: str, text: str, files: Mapping[str, str]) -> Iterator[Diagnostic]:
    """Faults of what one source includes; ``files`` gives the text of every snippet file by the name used for it."""
    for name, line in included(text):
        bare, _, part = name.partition(":")
        if re.match(r"https?://", name):
            continue
        if bare not in files:
            yield SNIPPET.at(path, line, 0, f"The snippet '{bare}' does not exist.", "Correct the name of the file.")
        elif lines := re.fullmatch(r"(-?\d*(?::-?\d*)?)(?:,(-?\d*(?::-?\d*)?))*", part):
            if part and not any(_chosen(one, len(files[bare].splitlines())) for one in lines[0].split(",")):
                message = f"'{bare}' has no lines '{part}'."
                yield SECTION.at(path, line, 0, message, "Correct the numbers, the lower first.")
        elif part and not re.search(rf"-{{1,}}8<-{{1,}}\s+\[\s*start\s*:\s*{re.escape(part)}\s*\]", files[bare]):
            yield SECTION.at(path, line, 0, f"'{bare}' has no part '{part}'.", "Correct the name of the part.")


def _chosen(lines: str, total: int) -> range:
    """The lines, from 0, that ``2:5``, ``2`` (to the end), ``:5`` or ``-3:`` choose of so many (pymdownx.snippets)."""
    first, _, last = lines.partition(":")
    start = int(first or 1)
    return range(total)[start if start < 0 else max(start - 1, 0) : int(last) if last else None]
