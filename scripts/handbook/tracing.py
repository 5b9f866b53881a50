"""Leftovers traced to where they were written, and what to do there."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from handbook.checks.leftovers import Leftover, leftovers
from handbook.diagnostics import RULES, Diagnostic
from handbook.locate import alive, occurrences, unread
from handbook.noteplaces import common, line_end
from handbook.notetree import CONTEXT, squeezed
from handbook.site import Scan, Site, Sources

HTML = (".html", ".htm")


def check(site: Site, sources: Sources, page: str, scan: Scan) -> Iterator[Diagnostic]:
    """Every leftover of a page at its place in the page or in what it includes; failing that in what all share."""
    seen: Counter[tuple[str, str, str]] = Counter()
    for text in scan.texts:
        for one in leftovers(text):
            around = squeezed(one.before)[-CONTEXT:], squeezed(one.after)[:CONTEXT]
            seen[(one.text, *around)] += 1
            if at := _written(sources, page, one, seen[(one.text, *around)]):
                yield RULES[one.problem.code].at(*at, one.problem.message, _remedy(site, sources, page, one, at))


def _remedy(site: Site, sources: Sources, page: str, one: Leftover, at: tuple[str, int, int]) -> str:
    """What to do of a leftover: where it stands in raw HTML, or its label is nearly an id, that is the cause."""
    path, line, col = at
    written = next((source.text for source in sources.of(page) if source.path == path), "")
    if written and not path.endswith(HTML) and (tag := unread(written, line, col)):
        return f"Markdown is not read in this <{tag}>: give it the attribute 'markdown', or write HTML."
    if one.problem.code == "leftover-reference":
        label = one.text.rpartition("[")[2].rstrip("]") or one.text[1:].partition("]")[0]
        if near := site.alike("id", label, (name for scan in site.pages.values() for name in scan.ids)):
            return f"{one.problem.hint.rstrip('.')}; '{near[0]}' is an id of this site."
    return one.problem.hint


def _written(sources: Sources, page: str, one: Leftover, number: int) -> tuple[str, int, int] | None:
    """Where the words of a leftover were written: of several places the one with the same words around it.

    None where they stand nowhere, or there as text, with a backslash.
    """
    for piece in _pieces(one.text):
        before = squeezed(one.before + one.text.removesuffix(piece))[-CONTEXT:][::-1]
        after = squeezed(one.after)[:CONTEXT]
        for several in (sources.of(page), sources.shared):
            places: list[tuple[int, tuple[str, int, int] | None]] = []
            for source in several:
                built = source.path.endswith(HTML)
                for start, end, escaped in occurrences(source.text, piece, built):
                    left = _words(source.text[max(start - 200, 0) : start])[::-1]
                    rank = common(left, before) + common(_words(source.text[end : end + 200]), after)
                    rank += not one.after.strip() and not source.text[end : line_end(source.text, end)].strip()
                    at = alive(source.text, [start])
                    if piece != one.text:
                        opening = _OPENING.findall(source.text, max(start - 200, 0), start)
                        escaped = escaped or opening[-1:] not in ([], ["["])
                    places += [(rank, None if escaped else (source.path, *at[0]))] if at else []
            if places:
                best = [at for rank, at in places if rank == max(places, key=lambda place: place[0])[0]]
                return best[min(number, len(best)) - 1]
    return None


def _words(source: str) -> str:
    """What readers see of Markdown, squeezed: without the targets of links, tags and attribute lists."""
    return squeezed(re.sub(r"\]\([^()\n]*\)|\]\[[^\[\]\n]*\]|<[^<>\n]*>|\{[^{}\n]*\}", " ", source))


_OPENING = re.compile(r"\[|&(?:#91|#x5b|lbrack|lsqb);", re.I)


def _pieces(found: str) -> Iterator[str]:
    """The words as they stand, and the part of them in which no other markup can have stood."""
    yield found
    ends = (r"\]\[[^\]]*\]?$", r"\]\s?\([^)]*\)?$", r"\)\[[^\]]*\]$", r"(?<!\])\([^()\s]*\)$")
    yield from (match[0] for one in ends if (match := re.search(one, found)))
