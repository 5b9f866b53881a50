"""Labels of links and abbreviations that a file defines twice: the last is kept, and of the first there is no trace."""

from __future__ import annotations

import re
from collections.abc import Iterator

from handbook.diagnostics import Diagnostic, rule
from handbook.locate import alive

TWICE = rule(
    "definition-twice",
    "error",
    "A file defines the label of a link, or an abbreviation, twice and differently; only the last is used.",
    "See [the act][act].\n\n[act]: act.md\n[act]: bill.md",
    "See [the act][act].\n\n[act]: act.md\n[bill]: bill.md",
)

_LINK = re.compile(r"^ {0,3}\[(?P<name>[^\]\n^][^\]\n]*)\]:[ \t]*(?P<is>\S+(?:[ \t]+[\"'(].*)?)$", re.M)
_ABBREVIATION = re.compile(r"^ {0,3}\*\[(?P<name>[^\]\n]+)\][ \t]?:[ \t]*(?P<is>\S.*)$", re.M)


def check(path: str, text: str) -> Iterator[Diagnostic]:
    """Each definition that replaces an earlier one, outside code and comments."""
    for what, pattern, fold in (("link label", _LINK, True), ("abbreviation", _ABBREVIATION, False)):
        seen: dict[str, tuple[str, int]] = {}
        for match in pattern.finditer(text):
            places = alive(text, [match.start()])
            if not places:
                continue
            name = " ".join(match["name"].split())
            key, means = name.casefold() if fold else name, " ".join(match["is"].split())
            if key in seen and seen[key][0] != means:
                before = seen[key][1]
                message = f"The {what} '{name}' is defined a second time (first on line {before}); the last is used."
                yield TWICE.at(path, *places[0], message, "Remove one of the two.")
            seen.setdefault(key, (means, places[0][0]))
