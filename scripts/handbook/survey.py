"""A built site and its sources together: every fault of links, ids and leftovers, at the place where it was written."""

from __future__ import annotations

import posixpath
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from urllib.parse import quote, unquote

from handbook.checks.leftovers import Leftover, leftovers
from handbook.checks.links import problem
from handbook.diagnostics import RULES, Diagnostic
from handbook.locate import address as find_address
from handbook.locate import addresses, alive, occurrences
from handbook.noteplaces import common, line_end
from handbook.notetree import CONTEXT, squeezed
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
        found.update(_ids(sources, page, scan))
        found.update(_leftovers(sources, page, scan))
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


def _leftovers(sources: Sources, page: str, scan: Scan) -> Iterator[Diagnostic]:
    seen: Counter[tuple[str, str, str]] = Counter()
    for text in scan.texts:
        for one in leftovers(text):
            around = squeezed(one.before)[-CONTEXT:], squeezed(one.after)[:CONTEXT]
            seen[(one.text, *around)] += 1
            if at := _written(sources, page, one, seen[(one.text, *around)]):
                yield RULES[one.problem.code].at(*at, one.problem.message, one.problem.hint)


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
                built = source.path.endswith((".html", ".htm"))
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
