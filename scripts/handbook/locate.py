"""Where in a source file something seen in the rendered page was written."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from html.entities import codepoint2name
from urllib.parse import quote, unquote

# What cannot hold a citation, a link or an id: comments, fenced blocks, code spans. Only used to choose between places.
_DEAD = re.compile(
    r"<!--.*?-->|^(?P<indent>[ \t]*(?:[-*+>] |\d+\. )*)(?P<fence>```+|~~~+)[^\n]*\n.*?^[ \t>]*(?P=fence)"
    r"|(?P<tick>`+)(?!`)(?:(?!\n[ \t]*\n).)+?(?<!`)(?P=tick)(?!`)",
    re.S | re.M,
)


@lru_cache(maxsize=64)
def dead(source: str) -> tuple[tuple[int, int], ...]:
    """The stretches of a source that are code or comment."""
    return tuple(match.span() for match in _DEAD.finditer(source))


def place(source: str, text: str, occurrence: int = 1) -> tuple[int, int]:
    """Line and column (from 1) of the n-th place where ``text`` stands outside code and comments; (0, 0) if nowhere.

    White space in ``text`` matches any white space, since the renderer folds it.
    """
    before = r"(?<![\\\w/@.&=])" if text.startswith("@") else r"(?<!\\)"
    pattern = before + r"\s+".join(re.escape(word) for word in text.split())
    if text[-1:].isalnum():
        pattern += r"(?!\w)"
    return nth(source, [match.start() for match in re.finditer(pattern, source)], occurrence)


def occurrences(source: str, text: str, entities: bool = False) -> Iterator[tuple[int, int, bool]]:
    """Every place of ``text``: its start, its end, and whether it was written as text, with a backslash or semicolon.

    A null character in ``text`` stands for some code. In HTML some signs stand as ``entities``.
    """
    words = ("".join(_loose(sign, entities) for sign in word) for word in text.split())
    pattern = r"\s+".join(words) + (r"(?!\w)" if text[-1:].isalnum() else "")
    for match in re.finditer(pattern, source):
        semicolon = text.startswith("-") and source[: match.start()].endswith(";")
        yield match.start(), match.end(), match[0].count("\\") > text.count("\\") or semicolon


_TYPED = {
    **dict.fromkeys("“”„«»", '"'),
    **dict.fromkeys("‘’‚", "'"),
    **{"–": "--", "—": "---", "…": "...", "←": "<--", "→": "-->", "↔": "<-->"},
    **{"±": "+/-", "≠": "=/=", "©": "(c)", "®": "(r)", "™": "(tm)", "℅": "c/o"},
}
"""What smarty and pymdownx.smartsymbols make signs of."""


def _loose(sign: str, entities: bool) -> str:
    if sign == "\0":
        return r"[^\n]{1,200}?"
    forms = {sign, _TYPED.get(sign, sign)}
    if entities:
        forms |= {html.escape(sign), *(f"&{name};" for name in [codepoint2name.get(ord(sign))] if name)}
    loose = "|".join(re.escape(form) for form in sorted(forms))
    escaped = r"\\?" if sign in "[](){}^@#:*!?=-" else ""
    return f"{escaped}(?:{loose})"


_BLOCK_TAG = re.compile(
    r"<(?P<close>/?)(?P<name>div|section|article|aside|details|summary|figure|figcaption|table|thead|tbody|tr|td|th|p"
    r"|blockquote|center|[uod]l|li|d[dt]|h[1-6]|header|footer|main|nav)\b(?P<rest>[^>]*)>",
    re.I,
)


def unread(source: str, line: int, col: int) -> str:
    """The HTML block at a place in whose words Markdown is not read; the empty string where it is."""
    lines = source.split("\n")
    before = "\n".join([*lines[: line - 1], lines[line - 1][: max(col - 1, 0)]])
    gone = dead(source)
    opened: list[tuple[str, bool]] = []
    for match in _BLOCK_TAG.finditer(before):
        name = match["name"].lower()
        if any(start <= match.start() < end for start, end in gone):
            continue
        if not match["close"]:
            opened.append((name, "markdown" in match["rest"]))
        elif any(name == one for one, _ in opened):
            while opened.pop()[0] != name:
                pass
    return opened[-1][0] if opened and not opened[-1][1] else ""


def address(source: str, written: str) -> tuple[int, int]:
    """The first place where an address was written; (0, 0) if nowhere."""
    return next(iter(addresses(source, written)), (0, 0))


def addresses(source: str, written: str) -> list[tuple[int, int]]:
    """Every place where an address was written: link, definition, attribute, style, angle brackets, YAML."""
    if not written.strip():
        empty = r"(?<!\[)\]\((?P<a>\s*(?:[\"'][^)\n]*[\"'])?\))|(?:href|src)\s*=\s*(?P<b>\"\s*\"|'\s*')"
        return alive(source, [match.start(match.lastgroup or 0) for match in re.finditer(empty, source)])
    for form in _forms(written):
        if form not in source:
            continue
        one = re.escape(form)
        pattern = (
            rf"\]\(\s*<?(?P<a>{one})(?=[\s>)])|^[ \t>]*\[[^\]\n]+\]:\s*<?(?P<b>{one})(?=[\s>]|$)"
            # YAML; a permalink is a sign
            rf"|^[ \t]*(?![ \t]|permalink\b)(?:- |[\w ./'\"-]+:[ \t])[ \t]*[\"']?(?P<e>{one})[\"']?[ \t]*(?=[ \t]#|$)"
            rf"|[\w-]+\s*=\s*[\"']?(?:[^\"'\n]*,\s*)?(?P<c>{one})(?=[\s\"'>,]|$)|<(?P<d>{one})/?>"
            rf"|(?:url\(|@import)\s*[\"']?(?P<f>{one})(?=[\s\"')])"
        )
        starts = [match.start(match.lastgroup or 0) for match in re.finditer(pattern, source, re.M)]
        if found := alive(source, starts):
            return found
    return []


def _forms(written: str) -> Iterator[str]:
    """How one address may stand in a source."""
    forms = [
        written,
        html.escape(written, quote=False),
        html.escape(written),
        unquote(written),
        quote(written, "/#?:@&=+,;%~"),
    ]
    forms.append(written.removeprefix("mailto:"))  # <editor@law.example>
    forms.append(re.sub(r"([\\`*_{}\[\]()#+.!-])", r"\\\1", written))
    yield from dict.fromkeys(forms)


def nth(source: str, starts: Iterable[int], occurrence: int) -> tuple[int, int]:
    """Line and column of the n-th of some offsets that is neither code nor comment, or of the last."""
    found = alive(source, starts)
    return found[min(occurrence, len(found)) - 1] if found else (0, 0)


def alive(source: str, starts: Iterable[int]) -> list[tuple[int, int]]:
    """Line and column of those offsets that are neither code nor comment."""
    off = dead(source)
    found = [start for start in starts if not any(a <= start < b for a, b in off)]
    return [(source.count("\n", 0, start) + 1, start - source.rfind("\n", 0, start)) for start in found]
