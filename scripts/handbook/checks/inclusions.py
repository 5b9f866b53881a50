"""What pages include: pictures, style sheets and downloads, and snippets."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from urllib.parse import unquote

from handbook import styles
from handbook.checks.addresses import foreign
from handbook.diagnostics import RULES, Diagnostic, rule

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
