"""A built site as it is read for the checks, and what an address in one of its pages leads to. Pure."""

from __future__ import annotations

import difflib
import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit, urlunsplit


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


@dataclass
class Site:
    """All files of a built site by path, the pages among them read, and where the site will stand.

    ``origin`` is ``https://docs.example`` and ``base`` ``/guide/``; both are empty where the address is not known.
    ``excluded`` are pages that were kept out of the site, by source and by the path that they would have had.
    ``sources`` gives the source of a page and ``docs`` all sources, both below the docs folder: an address that the
    builder could not make relative is still relative to its source.
    """

    files: frozenset[str]
    pages: Mapping[str, Scan]
    origin: str = ""
    base: str = ""
    excluded: frozenset[str] = frozenset()
    sources: Mapping[str, str] = field(default_factory=dict)
    docs: frozenset[str] = frozenset()
    _seen: dict[tuple[str, str], Problem | None] = field(default_factory=dict)
    _folders: frozenset[str] = frozenset()
    _lower: dict[str, str] = field(default_factory=dict)
    _host: str = ""

    def __post_init__(self) -> None:
        self._folders = frozenset(folder for path in self.files | self.docs for folder in _parents(path))
        self._host = urlsplit(self.origin).netloc.lower()
        self._lower = {path.lower(): path for path in sorted(self.files | self.docs)}

    def problem(self, page: str, address: str) -> Problem | None:
        """What is wrong with an address that stands in the page at path ``page``; None where it leads somewhere.

        Addresses of other sites are not looked at here.
        """
        # Only an address without a path means something else on each page of a folder.
        key = (page if address[:1] in ("#", "?", "") else posixpath.dirname(page), address)
        if key not in self._seen:
            self._seen[key] = self._problem(page, address)
        return self._seen[key]

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
        return (
            urlunsplit(("", "", parts.path or "/", parts.query, parts.fragment))
            if f"{parts.path}/".startswith(self.base)
            else ""
        )

    def target(self, page: str, address: str) -> str:
        """The file to which an address of this site leads; the empty string if to none."""
        if own := self.own(address):
            page, address = "", own.removeprefix(self.base)
        path = unquote(address.partition("#")[0].partition("?")[0])
        if not path or "://" in path or path.startswith("/"):
            return ""
        return self._file(posixpath.normpath(posixpath.join(posixpath.dirname(page), path)), path.endswith("/"))

    def _problem(self, page: str, address: str) -> Problem | None:
        address = self.own(address) or address
        try:
            parts = urlsplit(address)
        except ValueError:
            return None
        if parts.scheme or parts.netloc:
            return None
        if "\\" in address:
            return Problem(
                "link-backslash",
                f"The address '{address}' holds a backslash.",
                f"Write '{address.replace(chr(92), '/')}'.",
            )
        if not parts.path:
            return self._fragment(page, page, address, parts.fragment)
        path = unquote(parts.path)
        if path.startswith("/"):
            if self.base and not f"{path}/".startswith(self.base):
                return Problem(
                    "link-root",
                    f"The address '{address}' leaves the folder '{self.base}' in which the site stands.",
                    "Write it relative to the page.",
                )
            target = posixpath.normpath(path[len(self.base) if self.base else 1 :] or ".")
        else:
            target = posixpath.normpath(posixpath.join(posixpath.dirname(page), path))
        found = self._file(target, path.endswith("/") or target in (".", ""))
        if found:
            return self._fragment(page, found, address, parts.fragment)
        return self._missing(page, address, path, target)

    def _file(self, target: str, folder: bool) -> str:
        """The file that a server answers with."""
        if target in (".", ""):
            return "index.html" if "index.html" in self.files else ""
        if not folder and target in self.files:
            return target
        index = f"{target}/index.html"
        return index if index in self.files else ""

    def _missing(self, page: str, address: str, path: str, target: str) -> Problem:
        source = self.sources.get(page)
        own = posixpath.normpath(posixpath.join(posixpath.dirname(source), path)) if source else target
        bare = target.removesuffix("/index.html")
        if target in self._folders or (own in self._folders and not self._file(own, True)):
            return Problem(
                "link-folder",
                f"'{address}' leads to a folder that has no page of its own.",
                "Link a page in the folder.",
            )
        if {target, bare, f"{bare}/index.html", own} & self.excluded:
            return Problem(
                "link-excluded",
                f"'{address}' leads to a page that is kept out of the site.",
                "Publish the page or remove the link.",
            )
        for wanted in (target, f"{target}/index.html", own):
            if (right := self._lower.get(wanted.lower(), wanted)) != wanted and not wanted.startswith(".."):
                return Problem(
                    "link-case",
                    f"'{address}' differs from '{right}' in its capital letters.",
                    "Write the name as the file has it.",
                )
        if re.fullmatch(
            r"(?i)(?:todo|tbd|tba|fixme|xxx+|link|url|href|placeholder|insert[ _-].*|path/to/.*|your-.*)", path
        ):
            return Problem(
                "link-placeholder", f"The address '{address}' is a placeholder.", "Give the address that was meant."
            )
        if re.match(r"(?i)(?:www\.|[\w-]+\.(?:com|org|net|edu|gov|io|dev)(?:/|$))", path):
            return Problem("address-scheme", f"The address '{address}' has no scheme.", f"Write 'https://{address}'.")
        if "@" in path and "/" not in path and "." in path:
            return Problem(
                "address-mail",
                f"The address '{address}' is a mail address without 'mailto:'.",
                f"Write 'mailto:{address}'.",
            )
        tail = path.lstrip("./").removesuffix("/")
        if "/" in path or path.startswith("."):
            start = posixpath.dirname(source if source else page)
            ups = [posixpath.normpath(posixpath.join(start, up, tail)) for up in (".", "..", "../..", "../../..")]
            if tail and any(up in self.docs or self._file(up, False) for up in [*ups, tail]):
                return Problem(
                    "link-depth",
                    f"'{address}' leads nowhere from here; the target exists at another depth.",
                    "Correct the number of '../'.",
                )
        hint = "Correct the address or remove the link."
        if near := self._near(source, path, target):
            hint = f"Did you mean '{near}'?"
        return Problem("link-missing", f"'{address}' leads to a page or file that does not exist.", hint)

    def _near(self, source: str | None, path: str, target: str) -> str:
        """What of the writer's own files, or of those built where there is no source, has almost the name asked for."""
        start = posixpath.dirname(source or "")
        wanted = posixpath.normpath(posixpath.join(start, path)) if source and not path.startswith("/") else target
        known = self.docs if source else (one.removesuffix("/index.html") for one in self.files)
        stem = PurePosixPath(wanted).stem
        for near in difflib.get_close_matches(wanted, sorted(known), 3, 0.8):
            if difflib.SequenceMatcher(None, stem, PurePosixPath(near).stem).ratio() >= 0.6:
                return posixpath.relpath(near, start) if source else near
        return ""

    def _fragment(self, page: str, target: str, address: str, fragment: str) -> Problem | None:
        if not fragment:
            if address == "#":
                return Problem(
                    "link-placeholder",
                    "The address '#' is a placeholder.",
                    "Give the address that was meant, or '#top'.",
                )
            return None
        scan = self.pages.get(target)
        if scan is None:
            return None
        name, _, directive = fragment.partition(":~:")
        if directive.startswith("text="):
            problem = self._text(scan, target, address, directive)
            if problem:
                return problem
        if not name:
            return None
        for wanted in (name, unquote(name)):
            if wanted in scan.ids:
                if wanted in scan.numbered:
                    return Problem(
                        "anchor-shifts",
                        f"'#{name}' differs from another id only by a number, which shifts when headings come or go.",
                        "Give the heading an id of its own: {#a-name}.",
                    )
                return None
        wanted = unquote(name)
        if wanted.lower() == "top":
            return None
        place = "on this page" if target == page else f"on '{target}'"
        lower = {one.lower(): one for one in sorted(scan.ids)}
        if wanted.lower() in lower:
            return Problem(
                "anchor-case", f"There is no anchor '#{wanted}' {place}.", f"Write '#{lower[wanted.lower()]}'."
            )
        slugs = {slug(one): one for one in sorted(scan.ids)}
        if slug(wanted) in slugs:
            return Problem(
                "anchor-slug",
                f"There is no anchor '#{wanted}' {place}.",
                f"Write '#{slugs[slug(wanted)]}', as this renderer makes it.",
            )
        near = difflib.get_close_matches(wanted, scan.ids, 1, 0.8)
        hint = f"Did you mean '#{near[0]}'?" if near else "Correct the anchor, or give the heading this id."
        return Problem("anchor-missing", f"There is no anchor '#{wanted}' {place}.", hint)

    def _text(self, scan: Scan, target: str, address: str, directive: str) -> Problem | None:
        """Text fragments (WICG): ``text=prefix-,start,end,-suffix``, several joined by ``&text=``."""
        for one in directive.split("&"):
            parts = [unquote(part) for part in one.removeprefix("text=").split(",")]
            for part in parts:
                words = " ".join(part.removesuffix("-").removeprefix("-").split()).lower()
                if words and words not in scan.words:
                    return Problem(
                        "link-text-fragment",
                        f"'{target}' does not contain the text '{words}'.",
                        "Correct the text, or link a section.",
                    )
        return None


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
