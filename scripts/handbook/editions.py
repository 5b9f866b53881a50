"""Editions: what was published under each id, as a snapshot that can be checked in ten years.

A snapshot is ``docs/editions/<n>.json``: ``format`` 1, ``edition``, ``date``, ``title``, ``author``; ``sections`` by id
in the order of the text, each with ``kind``, ``page``, ``within`` (the id that holds it), ``title``, ``address`` (below
the edition's root), ``text`` (one line a block, as ``wording`` has it), ``sha256`` (of the text in UTF-8, FIPS 180-4)
and ``sources`` (``[key, locator]``); ``changes`` since the edition before, ``[kind, reason]`` by id; ``gone``,
``[status, successors, reason]`` for every id that has no section any more; ``register``, the checksum of its ids in the
order of the register, one a line; and ``sha256`` over all the rest, as JSON without spaces.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from handbook.diagnostics import Diagnostic, rule
from handbook.records import Citable, Date, Handbook, Page
from handbook.registry import Row
from handbook.typography import ordinal

DAMAGED = rule(
    "edition-damaged",
    "error",
    "A snapshot of a published edition is not what was published.",
    '"text": "A word was corrected here by hand."',
    "git checkout -- docs/editions/1.json",
)
MISSING = rule(
    "edition-missing",
    "error",
    "The snapshots of editions do not run from 1 without a gap.",
    "docs/editions/: 1.json, 3.json",
    "docs/editions/: 1.json, 2.json, 3.json",
)
FORMAT = 1


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


def render(edition: Edition) -> str:
    """The snapshot's text."""
    data: dict[str, Any] = {
        "format": FORMAT,
        "edition": edition.number,
        "date": edition.date,
        "title": edition.title,
        "author": edition.author,
        "sections": {
            name: {
                **{key: getattr(one, key) for key in ("kind", "page", "within", "title", "address", "text", "sha256")},
                "sources": [list(source) for source in one.sources],
            }
            for name, one in edition.entries.items()
        },
        "changes": {name: list(one) for name, one in edition.changes.items()},
        "gone": {name: [one[0], list(one[1]), one[2]] for name, one in edition.gone.items()},
        "register": edition.register,
    }
    return json.dumps({**data, "sha256": _sum(data)}, ensure_ascii=False, indent=1) + "\n"


def parse(text: str, path: str) -> tuple[Edition | None, list[Diagnostic]]:
    """Read a snapshot; None where it is not what was published."""
    hint = "Restore the file from the commit that added it; what was published is never edited."
    try:
        data = json.loads(text)
        total = data.pop("sha256")
        known = {
            name: Entry(
                name,
                one["kind"],
                one["page"],
                one["within"],
                one["title"],
                one["address"],
                one["text"],
                tuple((key, locator) for key, locator in one["sources"]),
            )
            for name, one in data["sections"].items()
        }
        for name, one in data["sections"].items():
            if known[name].sha256 != one["sha256"]:
                line = text[: text.find(f'\n  "{name}": {{') + 1].count("\n") + 1
                return None, [DAMAGED.at(path, line, 0, f"The text of {name} does not fit its checksum.", hint)]
        if total != _sum(data):
            return None, [DAMAGED.at(path, 1, 0, "The snapshot does not fit its checksum.", hint)]
        if data["format"] != FORMAT:
            raise ValueError("a format that this version does not know")
        edition = Edition(
            data["edition"],
            data["date"],
            data["title"],
            data["author"],
            known,
            {name: (kind, reason) for name, (kind, reason) in data["changes"].items()},
            {name: (status, tuple(ids), reason) for name, (status, ids, reason) in data["gone"].items()},
            data["register"],
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        line = error.lineno if isinstance(error, json.JSONDecodeError) else 1
        return None, [DAMAGED.at(path, line, 0, "The snapshot cannot be read.", hint)]
    return edition, []


def _sum(data: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()


def sequence(found: Iterable[tuple[str, str]], folder: str) -> tuple[tuple[Edition, ...], list[Diagnostic]]:
    """The snapshots, given as name and text, in order from 1 up to the first that is wrong; and all that is wrong."""
    read: list[Edition] = []
    wrong: list[Diagnostic] = []
    texts = {int(name[:-5]): text for name, text in found if re.fullmatch(r"[1-9]\d{0,8}\.json", name, re.ASCII)}
    before = 0
    for number in sorted(texts):
        path = f"{folder}/{number}.json"
        if number > before + 1:
            message = f"There is no snapshot {before + 1}.json before {number}.json."
            wrong.append(MISSING.at(path, 1, 0, message, "Restore it from the commit that added it."))
        before = number
        edition, faults = parse(texts[number], path)
        wrong += faults
        if edition and edition.number != number:
            message = f"The file holds the {ordinal(str(edition.number))} edition."
            wrong.append(DAMAGED.at(path, 1, 0, message, "Restore the file from the commit that added it."))
        elif edition and not wrong:
            read.append(edition)
    return tuple(read), wrong
