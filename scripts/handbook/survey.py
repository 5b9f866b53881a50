"""A built site and its sources together: every fault of links, ids and leftovers, at the place where it was written."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial

from handbook.checks.leftovers import leftovers
from handbook.checks.links import foreign
from handbook.diagnostics import RULES, Diagnostic
from handbook.locate import address as find_address
from handbook.locate import nth, place
from handbook.site import Problem, Scan, Site


@dataclass(frozen=True, slots=True)
class Source:
    """A file that an editor writes: ``path`` below the project, its text, and the files that it includes."""

    path: str
    text: str
    includes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sources:
    """``pages`` by the file that each makes; ``files`` (snippets, documented code) by the name that pages include.

    ``shared`` are the configuration and templates, in which the theme's own links are looked for.
    """

    pages: Mapping[str, Source]
    files: Mapping[str, Source] = field(default_factory=dict)
    shared: tuple[Source, ...] = ()

    def of(self, page: str) -> Iterator[Source]:
        """Where something seen on a page may have been written: the page, then what it includes."""
        own = self.pages.get(page)
        if own is None:
            return
        seen: list[str] = []
        waiting = [own]
        while waiting:
            one = waiting.pop(0)
            if one.path not in seen:
                seen.append(one.path)
                yield one
                waiting += [self.files[name] for name in one.includes if name in self.files]


def check(site: Site, sources: Sources) -> list[Diagnostic]:
    """All findings in order, each place once."""
    found: set[Diagnostic] = set()
    for page, scan in site.pages.items():
        found.update(_addresses(site, sources, page, scan))
        found.update(_doubled(sources, page, scan))
        found.update(_blank(sources, page, scan))
        found.update(_leftovers(sources, page, scan))
    return sorted(found)


Find = Callable[[str], tuple[int, int]]
"""Line and column of something in a text, (0, 0) if it is not there."""


def problem(site: Site, page: str, address: str) -> Problem | None:
    """What is wrong with an address, of this site or another."""
    if not address.strip():
        return Problem("link-empty", "The link has no address.", "Give the address, or remove the link.")
    return foreign(address) or site.problem(page, address)


def external(site: Site, sources: Sources) -> dict[str, list[tuple[str, int]]]:
    """Every sound address of another site that a source holds, with its places: path and line."""
    places: dict[str, list[tuple[str, int]]] = {}
    for page, scan in site.pages.items():
        for address in dict.fromkeys(scan.addresses):
            own = site.origin and address.startswith(site.origin + site.base)
            if address.lower().startswith(("http://", "https://")) and not own and not problem(site, page, address):
                for source in [*sources.of(page), *sources.shared]:
                    line, _ = find_address(source.text, address)
                    if line and (source.path, line) not in places.setdefault(address, []):
                        places[address].append((source.path, line))
                        break
    return {address: found for address, found in places.items() if found}


def _addresses(site: Site, sources: Sources, page: str, scan: Scan) -> Iterator[Diagnostic]:
    counts: Counter[str] | None = None
    for address in dict.fromkeys(scan.addresses):
        wrong = problem(site, page, address)
        if wrong is None:
            continue
        counts = counts or Counter(scan.addresses)
        written = scan.written.get(address, ())
        needles = [*written, *[address] * (counts[address] - len(written))]
        for needle, number in _numbered(needles):
            said = Problem(wrong.code, wrong.message.replace(f"'{address}'", f"'{needle}'"), wrong.hint)
            yield from _at(sources, page, said, partial(find_address, written=needle, occurrence=number), bool(written))


def _numbered(needles: Iterable[str]) -> Iterator[tuple[str, int]]:
    seen: Counter[str] = Counter()
    for needle in needles:
        seen[needle] += 1
        yield needle, seen[needle]


def _at(sources: Sources, page: str, wrong: Problem, find: Find, surely: bool) -> Iterator[Diagnostic]:
    """The diagnostic at the first source that holds the needle; at the head of the page where it must be there."""
    own = sources.pages.get(page)
    for source in [*sources.of(page), *sources.shared]:
        at = find(source.text)
        if at != (0, 0):
            yield RULES[wrong.code].at(source.path, at[0], at[1], wrong.message, wrong.hint)
            return
    if surely and own:
        yield RULES[wrong.code].at(own.path, 1, 0, wrong.message, wrong.hint)


def _doubled(sources: Sources, page: str, scan: Scan) -> Iterator[Diagnostic]:
    for name in scan.doubled:
        wrong = Problem(
            "id-duplicate-html", f"The id '{name}' stands twice on the page.", "Give one of the two another id."
        )
        pattern = re.compile(
            rf"\{{[^}}\n]*#(?P<a>{re.escape(name)})(?=[\s}}])|\b(?:id|name)\s*=\s*[\"']?(?P<b>{re.escape(name)})(?=[\s\"'>])"
        )

        def find(text: str, pattern: re.Pattern[str] = pattern) -> tuple[int, int]:
            starts = [match.start(match.lastgroup or 0) for match in pattern.finditer(text)]
            return nth(text, starts, 2)

        yield from _at(sources, page, wrong, find, False)


_BLANK = re.compile(r"^[ \t>]*(?P<a>#{1,6})[ \t]*(?:\{[^}\n]*\}[ \t]*)?$|(?P<b><h[1-6]\b[^>]*>\s*</h)", re.M)


def _blank(sources: Sources, page: str, scan: Scan) -> Iterator[Diagnostic]:
    wrong = Problem("heading-empty", "A heading has no words.", "Give it words, or remove it.")
    for number in range(1, scan.blank + 1):

        def find(text: str, number: int = number) -> tuple[int, int]:
            return nth(text, [match.start(match.lastgroup or 0) for match in _BLANK.finditer(text)], number)

        yield from _at(sources, page, wrong, find, False)


def _leftovers(sources: Sources, page: str, scan: Scan) -> Iterator[Diagnostic]:
    seen: Counter[str] = Counter()
    for text in scan.texts:
        for wrong, found in leftovers(text):
            seen[found] += 1
            number = seen[found]

            def find(source: str, found: str = found, number: int = number) -> tuple[int, int]:
                if _escaped(found, source):
                    return 0, 0
                for needle in _pieces(found):
                    at = place(source, needle, number)
                    if at != (0, 0):
                        return at
                return 0, 0

            yield from _at(sources, page, wrong, find, False)


def _escaped(found: str, source: str) -> bool:
    """Whether the words were written with a backslash, as text."""
    loose = "".join(rf"\\?{re.escape(one)}" if one in "[](){}^@#:" else re.escape(one) for one in found)
    return any("\\" in match[0] for match in re.finditer(loose.replace(r"\ ", r"\s+"), source))


def _pieces(found: str) -> Iterator[str]:
    """The words as they stand, and the part of them in which no other markup can have stood."""
    yield found
    for pattern in (r"\]\[[^\]]*\]$", r"\]\s?\([^)]*\)?$", r"\)\[[^\]]*\]$"):
        if match := re.search(pattern, found):
            yield match[0]
