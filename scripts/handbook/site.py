"""A built site, what editors write for it, and what an address in one of its pages leads to. Pure."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from urllib.parse import unquote, urlsplit, urlunsplit

GUESSES = 100
"""So many missing names of a site are compared with those there are."""


@dataclass(frozen=True, slots=True)
class Scan:
    """What one built page holds: every id, the ids that stand twice, every address, what was written for it.

    ``numbered`` are ids of headings that only a number tells from another heading of the same words; ``texts`` the
    words of those blocks that may hold markup which stayed text; ``words`` all words, for text fragments; ``blank``
    counts headings without words. ``taken`` are ids that a heading lost to other words of the page; ``labels`` those
    that a label names and nothing has.
    """

    ids: frozenset[str]
    doubled: tuple[str, ...]
    addresses: tuple[str, ...]
    written: Mapping[str, tuple[str, ...]]
    numbered: frozenset[str]
    texts: tuple[str, ...]
    words: str = ""
    blank: int = 0
    taken: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Problem:
    """Why an address leads nowhere: the code of a rule, what is wrong, and the remedy."""

    code: str
    message: str
    hint: str


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


@dataclass
class Site:
    """All files of a built site by path, the pages among them read, and where the site will stand.

    ``origin`` is ``https://docs.example`` and ``base`` ``/guide/``; both are empty where the address is not known.
    ``excluded`` are pages that were kept out of the site, by source and by the path that they would have had.
    ``sources`` gives the source of a page and ``docs`` all sources, both below the docs folder: an address that the
    builder could not make relative is still relative to its source. ``folders`` hold a file or a source, and ``lower``
    gives the right capitals of each. ``judged`` keeps what was found of an address, by the place from which it leads,
    and ``nearest`` the names that are almost one that is missing.
    """

    files: frozenset[str]
    pages: Mapping[str, Scan]
    origin: str = ""
    base: str = ""
    excluded: frozenset[str] = frozenset()
    sources: Mapping[str, str] = field(default_factory=dict)
    docs: frozenset[str] = frozenset()
    folders: frozenset[str] = field(init=False)
    lower: Mapping[str, str] = field(init=False)
    judged: dict[tuple[str, str], Problem | None] = field(default_factory=dict, init=False)
    nearest: dict[tuple[str, str], tuple[str, ...]] = field(default_factory=dict, init=False)
    _host: str = field(init=False)

    def __post_init__(self) -> None:
        self.folders = frozenset(folder for path in self.files | self.docs for folder in _parents(path))
        self.lower = {path.lower(): path for path in sorted(self.files | self.docs)}
        self._host = urlsplit(self.origin).netloc.lower()

    def alike(self, what: str, wanted: str, known: Iterable[str]) -> tuple[str, ...]:
        """At most three of the known names (of files, of ids) that are almost the one wanted, the nearest first.

        Of a site where hundreds are missing no more are guessed: that would take minutes, and names are not the cause.
        """
        if (what, wanted) not in self.nearest and len(self.nearest) < GUESSES:
            self.nearest[what, wanted] = tuple(get_close_matches(wanted, sorted(set(known)), 3, 0.8))
        return self.nearest.get((what, wanted), ())

    def doubtful(self, page: str, addresses: Iterable[str]) -> Iterator[str]:
        """Those that do not plainly lead to a page: nearly all of a page's are its navigation's, such as ``../P9/``."""
        folders = page.split("/")[:-1]
        above = ["".join(f"{one}/" for one in folders[: len(folders) - ups]) for ups in range(len(folders) + 1)]
        for address in addresses:
            rest = address.lstrip("./") if address.startswith("../") else address
            ups = (len(address) - len(rest)) // 3
            if (
                address[-1:] != "/"
                or ups >= len(above)
                or "%" in rest
                or f"{'../' * ups}{rest}" != address
                or f"{above[ups]}{rest}index.html" not in self.files
            ):
                yield address

    def own(self, address: str) -> str:
        """An address of this site without its host, however that was written; of another the empty string."""
        if not self._host or "//" not in address[:8]:
            return ""
        try:
            parts = urlsplit(address)
        except ValueError:
            return ""
        host = re.sub(r":(?:80|443)?$", "", parts.netloc.lower())
        if parts.scheme.lower() not in ("", "http", "https") or host != self._host:
            return ""
        path = parts.path or "/"
        if not f"{path}/".startswith(self.base):
            return ""
        version = _VERSION.match(path.removeprefix(self.base or "/"))
        if version and version[1] not in self.folders:
            return ""  # another build of the site, which is not here to be looked into
        return urlunsplit(("", "", path, parts.query, parts.fragment))

    def target(self, page: str, address: str) -> str:
        """The file to which an address of this site leads; the empty string if to none."""
        if own := self.own(address):
            page, address = "", own.removeprefix(self.base)
        path = unquote(address.partition("#")[0].partition("?")[0])
        if not path or "://" in path or path.startswith("/"):
            return ""
        return self.file(posixpath.normpath(posixpath.join(posixpath.dirname(page), path)), path.endswith("/"))

    def file(self, target: str, folder: bool) -> str:
        """The file that a server answers with; the empty string if none. ``folder`` if a slash ended the address."""
        if target in (".", ""):
            return "index.html" if "index.html" in self.files else ""
        if not folder and target in self.files:
            return target
        index = f"{target}/index.html"
        return index if index in self.files else ""


_VERSION = re.compile(
    r"((?:[a-z]{2}(?:[-_][A-Za-z]{2,4})?/)?(?:latest|stable|dev|main|master|v\d+|v?\d+(?:\.\d+)+[\w.+-]*))(?:/|$)"
)
"""Folders of versions, as Read the Docs and mike name them."""


def _parents(path: str) -> list[str]:
    parts = path.split("/")[:-1]
    return ["/".join(parts[: n + 1]) for n in range(len(parts))]


def slug(name: str) -> str:
    """What differing slug rules make of the same words, brought together."""
    return re.sub(r"[\W_]+", "", unquote(name).lower())


def origin_and_base(address: str) -> tuple[str, str]:
    """``https://docs.example`` and ``/guide/`` of ``https://docs.example/guide/``; nothing of nothing."""
    scheme, _, rest = address.partition("://")
    host, _, base = rest.rstrip("/").partition("/")
    return (f"{scheme}://{host}", f"/{base}/".replace("//", "/")) if host else ("", "")
