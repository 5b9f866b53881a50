"""A built site and its sources together: every fault of links, ids and leftovers, at the place where it was written."""

from __future__ import annotations

import posixpath
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from urllib.parse import quote, unquote

from handbook import tracing
from handbook.checks.links import problem
from handbook.diagnostics import RULES, Diagnostic
from handbook.locate import address as find_address
from handbook.locate import addresses, alive
from handbook.site import Problem, Scan, Site, Sources


def check(site: Site, sources: Sources) -> list[Diagnostic]:
    """All findings in order, each place once."""
    found: set[Diagnostic] = set()
    for page, scan in site.pages.items():
        found.update(_addresses(site, sources, page, scan))
        found.update(_ids(sources, page, scan))
        found.update(tracing.check(site, sources, page, scan))
    # A template stands on every page, and is wrong on each in other words.
    shared = {source.path for source in sources.shared}
    seen: set[tuple[str, int, int, str]] = set()
    left = []
    for one in sorted(found):
        place = (one.path, one.line, one.col, one.code)
        if one.path not in shared or place not in seen:
            left.append(one)
        seen.add(place)
    return left


Find = Callable[[str], list[tuple[int, int]]]
"""Line and column of each place of something in a text."""


def external(site: Site, sources: Sources) -> dict[str, list[tuple[str, int]]]:
    """Every sound address of another site that a source holds, with its places: path and line."""
    places: dict[str, list[tuple[str, int]]] = {}
    for page, scan in site.pages.items():
        for address in dict.fromkeys(scan.addresses):
            web = address.lower().startswith(("http://", "https://"))
            if web and not site.own(address) and not problem(site, page, address):
                for source in [*sources.of(page), *sources.shared]:
                    line, _ = find_address(source.text, address)
                    if line and (source.path, line) not in places.setdefault(address, []):
                        places[address].append((source.path, line))
                        break
    return {address: found for address, found in places.items() if found}


def _addresses(site: Site, sources: Sources, page: str, scan: Scan) -> Iterator[Diagnostic]:
    counts: Counter[str] | None = None
    for address in site.doubtful(page, dict.fromkeys(scan.addresses)):
        wrong = problem(site, page, address)
        if wrong is None:
            continue
        counts = counts or Counter(scan.addresses)
        written = scan.written.get(address, ())
        needles = [*written, *[address] * (counts[address] - len(written))]
        for needle, number in _numbered(needles):
            said = _renamed(wrong, address, needle)
            # The reader's own machine where no link was written: an address that is meant to be read.
            surely = bool(written) and wrong.code != "address-local"
            found = [*_at(sources, page, said, partial(addresses, written=needle), number, surely)]
            yield from found or _templates(sources, page, wrong, address)


def _renamed(wrong: Problem, address: str, written: str) -> Problem:
    return Problem(wrong.code, wrong.message.replace(f"'{address}'", f"'{written}'"), wrong.hint)


def _templates(sources: Sources, page: str, wrong: Problem, address: str) -> Iterator[Diagnostic]:
    """An address that a template gives from the root of the site and makes relative: ``{{ 'guide/' | url }}``."""
    path = unquote(address.partition("#")[0])
    target = posixpath.normpath(posixpath.join(posixpath.dirname(page), path))
    one = rf"/?(?:{re.escape(target)}|{re.escape(quote(target))})/?"
    pattern = re.compile(rf"[\"'](?P<a>{one})[\"']\s*\|\s*url|\{{\{{\s*base_url\s*\}}\}}(?P<b>{one})(?=[\"'#?\s])")
    for source in sources.shared if path else ():
        if match := pattern.search(source.text):
            place = match.lastgroup or ""
            at = alive(source.text, [match.start(place)])
            said = _renamed(wrong, address, match[place] + address[len(address.partition("#")[0]) :])
            yield from (RULES[wrong.code].at(source.path, *one, said.message, said.hint) for one in at)


def _numbered(needles: Iterable[str]) -> Iterator[tuple[str, int]]:
    seen: Counter[str] = Counter()
    for needle in needles:
        seen[needle] += 1
        yield needle, seen[needle]


def _at(
    sources: Sources, page: str, wrong: Problem, find: Find, number: int = 1, surely: bool = False
) -> Iterator[Diagnostic]:
    """The diagnostic at the n-th place in the page and what it includes, or the last; failing that in what all share.

    Where it must be there, at the head of the page.
    """
    own = sources.pages.get(page)
    places = [(source.path, *at) for source in sources.of(page) for at in find(source.text)]
    places = places or [(source.path, *at) for source in sources.shared for at in find(source.text)[:1]]
    if places:
        yield RULES[wrong.code].at(*places[min(number, len(places)) - 1], wrong.message, wrong.hint)
    elif surely and own:
        yield RULES[wrong.code].at(own.path, 1, 0, wrong.message, wrong.hint)


_BLANK = re.compile(
    r"^[ \t>]*(?P<a>#{1,6})(?:[ \t]|<!--[^\n]*?-->|!\[\s*\]\([^)\n]*\)|\{[^}\n]*\})*$"
    r"|(?P<b><h[1-6]\b[^>]*>(?:\s|<!--[^\n]*?-->|<img\b[^>]*>)*</h)",
    re.M,
)


def _ids(sources: Sources, page: str, scan: Scan) -> Iterator[Diagnostic]:
    """Ids that stand twice, that a heading lost, or that a label names in vain; and headings without words."""
    for name in scan.doubled:
        message, remedy = f"The id '{name}' stands twice on the page.", "Give one of the two another id."
        yield from _at(sources, page, Problem("id-duplicate-html", message, remedy), _attribute("id|name", name), 2)
    for name in scan.taken:
        message = f"The id '{name}' is also what a heading of the page would have, which now has another."
        remedy = "Give one of the two another id."
        yield from _at(sources, page, Problem("id-duplicate-html", message, remedy), _attribute("id", name))
    for name in scan.labels:
        message, remedy = f"The label is for '{name}', an id that nothing on this page has.", "Correct one of the two."
        yield from _at(sources, page, Problem("anchor-missing", message, remedy), _attribute("for", name))
    for number in range(1, scan.blank + 1):
        wrong = Problem("heading-empty", "A heading has no words.", "Give it words, or remove it.")
        yield from _at(sources, page, wrong, partial(_matches, pattern=_BLANK), number)


def _attribute(names: str, value: str) -> Find:
    """Where an attribute has a value, in HTML or, of an id, in the braces of attr_list."""
    one = re.escape(value)
    braces = rf"\{{[^}}\n]*#(?P<a>{one})(?=[\s}}])|" if "id" in names else ""
    pattern = re.compile(rf"{braces}\b(?:{names})\s*=\s*[\"']?(?P<b>{one})(?=[\s\"'>])")
    return partial(_matches, pattern=pattern)


def _matches(text: str, pattern: re.Pattern[str]) -> list[tuple[int, int]]:
    return alive(text, [match.start(match.lastgroup or 0) for match in pattern.finditer(text)])
