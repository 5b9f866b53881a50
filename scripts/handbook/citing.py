"""The citation syntax: what stands between ``[`` and ``]`` to citation items, and where such brackets are text.

After pandoc's manual, section "Citation syntax": items apart by semicolons, ``prefix @key, locator, suffix``, ``-@key``
leaves the author out. Stricter than pandoc: a comma parts key and locator, and an abbreviated label that is not a CSL
locator term is an error, not a suffix.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from difflib import get_close_matches

from handbook.locators import MalformedCitation, parse_locator
from handbook.records import CitationItem

KEY = r"(?=_*[^\W_])\w(?:\w|[:.#$%&+?<>~/-](?=\w))*"
"""A citation key: word characters, with single punctuation marks inside (pandoc's rule), but not only ``_``."""
MARK = rf"@(?:(?P<key>{KEY})|\{{(?P<braced>[^{{}}\s]+)\}})"
"""A key behind its sign; in braces any key can stand."""

_TITLE = re.compile(r"\]\([^()\s]*\s+[\"'][^\"'\n]*$")
_SECOND = re.compile(rf"(?<![\w/])@{KEY}")
_ITEM = re.compile(rf"(?P<prefix>.*?)(?<![\w@/])(?P<minus>-?){MARK}(?P<rest>.*)", re.S)


def parse_group(text: str) -> tuple[CitationItem, ...]:
    """The items of a bracketed citation, given without its brackets. Raises MalformedCitation."""
    items = []
    for part in text.split(";"):
        if not part.strip():
            raise MalformedCitation(
                "A citation has an empty place between semicolons.", "Remove the semicolon too many."
            )
        match = _ITEM.fullmatch(part.strip())
        if match is None:
            raise MalformedCitation(
                f"'{part.strip()}' names no work.",
                "Write @ and a key of the bibliography, or end the citation before it.",
            )
        if _SECOND.search(match["rest"]):
            raise MalformedCitation("Two works stand in one place of a citation.", "Part them with a semicolon.")
        locator, suffix = parse_locator(match["rest"])
        items.append(
            CitationItem(
                match["key"] or match["braced"], match["prefix"].strip(), locator, suffix, bool(match["minus"])
            )
        )
    return tuple(items)


def unmarked(text: str, keys: Collection[str]) -> str:
    """The key of a citation that lacks its @, ``[doe2020why, p. 3]``; the empty string where it is none."""
    key = text.strip().removeprefix("-").partition(",")[0].strip()
    return key if key in keys and any(sign.isdigit() for sign in key) else ""


def names_person(key: str, keys: Collection[str]) -> bool:
    """Whether ``@name`` in a sentence is a name on another site: like no key, where all keys have years."""
    dated = [any(sign.isdigit() for sign in one) for one in (key, *keys)]
    if dated[0] or not all(dated[1:]):
        return False
    lower = [one.lower() for one in keys]
    return not any(one.startswith(key.lower()) for one in lower) and not get_close_matches(key.lower(), lower, 1, 0.75)


def closing(data: str, start: int) -> int:
    """Index of the bracket that closes the one at ``start``, or -1."""
    depth = 0
    for index in range(start, len(data)):
        if data[index] == "[":
            depth += 1
        elif data[index] == "]":
            depth -= 1
            if depth == 0:
                return index
    return -1


def labels_link(data: str, end: int) -> bool:
    """Whether the bracket that closes at ``end`` is the label of a link: an address or a reference follows it."""
    follows = data[end + 1 : end + 3]
    return follows.startswith("(") or (follows.startswith("[") and follows not in ("[@", "[-"))


def inside_markup(data: str, position: int) -> bool:
    """Whether a place stands in the label or title of a link or image, or inside a tag or comment of raw HTML."""
    before = data[:position]
    if _TITLE.search(before):
        return True
    tag = max(before.rfind("<!--"), *(m.start() for m in re.finditer(r"<[A-Za-z/]", before)), -1, -1)
    if tag >= 0 and data.find("-->" if data.startswith("<!--", tag) else ">", tag) >= position:
        return True
    opening = before.rfind("[")
    while opening >= 0:
        end = closing(data, opening)
        if end > position and labels_link(data, end):
            return True
        opening = before.rfind("[", 0, opening)
    return False
