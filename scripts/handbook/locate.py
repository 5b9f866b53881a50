"""Where in a source file something seen in the rendered page was written."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
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
    pattern = r"(?<!\\)" + r"\s+".join(re.escape(word) for word in text.split())
    if text[-1:].isalnum():
        pattern += r"(?!\w)"
    return nth(source, [match.start() for match in re.finditer(pattern, source)], occurrence)


def address(source: str, written: str, occurrence: int = 1) -> tuple[int, int]:
    """The n-th place where an address was written: in a link, a definition, an attribute or angle brackets."""
    if not written.strip():
        empty = r"(?<!\[)\]\((?P<a>\s*(?:[\"'][^)\n]*[\"'])?\))|(?:href|src)\s*=\s*(?P<b>\"\s*\"|'\s*')"
        return nth(source, [match.start(match.lastgroup or 0) for match in re.finditer(empty, source)], occurrence)
    for form in _forms(written):
        one = re.escape(form)
        pattern = (
            rf"\]\(\s*<?(?P<a>{one})(?=[\s>)])|^[ \t>]*\[[^\]\n]+\]:\s*<?(?P<b>{one})(?=[\s>]|$)"
            rf"|^\s*(?:- |[\w ./'\"-]+:\s)\s*[\"']?(?P<e>{one})[\"']?\s*(?=#|$)"  # YAML
            rf"|[\w-]+\s*=\s*[\"']?(?:[^\"'\n]*,\s*)?(?P<c>{one})(?=[\s\"'>,]|$)|<(?P<d>{one})>"
        )
        starts = [match.start(match.lastgroup or 0) for match in re.finditer(pattern, source, re.M)]
        found = nth(source, starts, occurrence)
        if found != (0, 0):
            return found
    return 0, 0


def _forms(written: str) -> Iterator[str]:
    """How one address may stand in a source."""
    forms = [
        written,
        html.escape(written, quote=False),
        html.escape(written),
        unquote(written),
        quote(written, "/#?:@&=+,;%~"),
    ]
    forms.append(re.sub(r"([\\`*_{}\[\]()#+.!-])", r"\\\1", written))
    yield from dict.fromkeys(forms)


def nth(source: str, starts: Iterable[int], occurrence: int) -> tuple[int, int]:
    """Line and column of the n-th of some offsets that is neither code nor comment, or of the last."""
    off = dead(source)
    found = [start for start in starts if not any(a <= start < b for a, b in off)]
    if not found:
        return 0, 0
    start = found[min(occurrence, len(found)) - 1]
    return source.count("\n", 0, start) + 1, start - source.rfind("\n", 0, start)
