"""Editions: what was published under each id, what became of it, and what differs from one to the next."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from handbook.records import Citable, Date, Handbook, Page
from handbook.registry import Row
from handbook.typography import ordinal


@dataclass(frozen=True, slots=True)
class Entry:
    """A page, section or item under its permanent id; its fields are those of the snapshot."""

    id: str
    kind: str
    page: str
    within: str
    title: str
    address: str
    text: str
    sources: tuple[tuple[str, str], ...] = ()

    @property
    def sha256(self) -> str:
        """The checksum of the text."""
        return hashlib.sha256(self.text.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Edition:
    """One published edition; ``changes`` gives kind and reason by id, ``gone`` status, successors and reason."""

    number: int
    date: str
    title: str
    author: str
    entries: Mapping[str, Entry]
    changes: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    gone: Mapping[str, tuple[str, tuple[str, ...], str]] = field(default_factory=dict)
    register: str = ""

    @property
    def label(self) -> str:
        """How a memo names it: ``2nd ed.``."""
        return f"{ordinal(str(self.number))} ed."

    @property
    def name(self) -> str:
        """How a sentence names it: ``2nd edition``."""
        return f"{ordinal(str(self.number))} edition"

    @property
    def day(self) -> Date:
        """Its date."""
        return Date(*(int(part) for part in self.date.split("-")))

    def citable(self, name: str, root: str) -> Citable:
        """What a citation of an id is made of, or of the whole for the empty id. ``root``: the publisher's address."""
        address = f"{root}{self.number}/"
        if not name:
            return Citable("", self.title, self.title, self.author, self.number, self.day, address)
        entry = self.entries[name]
        page = self.entries[entry.page]
        title = f"{name} {page.title}" + ("" if entry is page else f": {entry.title}")
        return Citable(name, title, self.title, self.author, self.number, self.day, f"{address}{entry.address}")


def entries(handbook: Handbook) -> dict[str, Entry]:
    """What an edition cut now would publish, by id in the order of the text."""
    found: dict[str, Entry] = {}
    for page in handbook.pages:
        if page.id and page.front:
            sources = _sources(page)
            text = f"{page.front.summary}\n{page.text}"
            found[page.id] = Entry(page.id, "page", page.id, "", page.title, page.url, text, tuple(sources[""]))
            for one in page.sections:
                if one.text or one.within:
                    kind = "item" if one.level > 6 else "section"
                    address = f"{page.url}#{one.id}"
                    cited = tuple(dict.fromkeys(sources[one.id]))
                    found[one.id] = Entry(one.id, kind, page.id, one.within, one.title, address, one.text, cited)
    return found


def _sources(page: Page) -> dict[str, list[tuple[str, str]]]:
    """By id, what it and all that it holds cite; under the empty name what stands before the first section."""
    within = {one.id: one.within for one in page.sections}
    found: dict[str, list[tuple[str, str]]] = {"": [], **{name: [] for name in within}}
    for citation in page.citations:
        name = citation.section_id
        while name in within:
            found[name].append((citation.key, citation.locator))
            name = within[name]
    found[""] = list(dict.fromkeys((citation.key, citation.locator) for citation in page.citations))
    return found


def own(name: str, known: Mapping[str, Entry]) -> str:
    """The text of an id without the headings and texts of what it holds: what only a change of itself can change."""
    lines = known[name].text.split("\n")
    kept: list[str] = []
    done = 0
    for child in known.values():
        if child.page == known[name].page and child.within == name:
            start, end = _stretch(child, lines, done)
            kept += lines[done:start]
            done = end
    return "\n".join([*kept, *lines[done:]])


def _stretch(child: Entry, lines: list[str], done: int) -> tuple[int, int]:
    """From where to where a text has what it holds, from ``done`` on; nothing where it has not."""
    block = child.text.split("\n") if child.text else []
    # A heading stands in the text with its citations and notes, which its title does not have.
    heads = [{child.title}, set(lines if block else ())] if child.kind == "section" else [set()]
    for head in heads:
        size = len(block) + bool(head)
        for start in range(done, len(lines) - size + 1):
            if lines[start + bool(head) : start + size] == block and (not head or lines[start] in head) and size:
                return start, start + size
    return done, done


def changed(before: Mapping[str, Entry], now: Mapping[str, Entry]) -> dict[str, str]:
    """By id of either: ``new``, ``gone``, ``changed`` (its own words or title), ``within`` (only of what it holds)."""
    found: dict[str, str] = {}
    for name in [*now, *(name for name in before if name not in now)]:
        if name not in before:
            found[name] = "new"
        elif name not in now:
            found[name] = "gone"
        else:
            old, new = before[name], now[name]
            renamed = old.title != new.title and new.kind != "item"  # an item has the title of its heading
            if old.text != new.text or renamed:
                found[name] = "changed" if renamed or own(name, before) != own(name, now) else "within"
    return found


def gone(rows: Iterable[Row]) -> dict[str, tuple[str, tuple[str, ...], str]]:
    """What became of every id that is no longer active."""
    return {row.id: row.fate for row in rows if row.status != "active"}


def order(rows: Iterable[Row], number: int) -> str:
    """The checksum of the ids that an edition of this number and those before it gave, in the order of the register."""
    names = "\n".join(row.id for row in rows if row.first <= number)
    return hashlib.sha256(names.encode()).hexdigest()
