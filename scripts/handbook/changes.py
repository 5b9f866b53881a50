"""What changed: what editors declare for the coming edition, and the history of each id through all editions.

Declared in ``docs/changes.tsv``, one row for each published section whose own words or title have changed since the
last edition: id, ``editorial`` or ``substantive``, and one sentence. Cutting an edition moves them into its snapshot.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from handbook import registry, snapshots
from handbook.diagnostics import Diagnostic, rule
from handbook.editions import Edition, Entry, changed
from handbook.records import PERMANENT_ID
from handbook.registry import NOTHING, Row

MALFORMED = rule(
    "change-malformed",
    "error",
    "A row of declared changes cannot be read.",
    "P9.3\tbig\tThe third test is new.",
    "P9.3\tsubstantive\tThe third test is new.",
)
FILE, REGISTER, EDITIONS = "changes.tsv", "registry.tsv", "editions"
COLUMNS = ("id", "kind", "reason")
KINDS = {
    "editorial": "Editorial: the wording changed, what it says did not.",
    "substantive": "Substantive: what it says changed.",
}


@dataclass(frozen=True, slots=True)
class Declared:
    """A change that is declared for the coming edition; ``line`` counts from 1."""

    id: str
    kind: str
    reason: str
    line: int = 0


@dataclass(frozen=True, slots=True)
class Event:
    """What one edition did to an id: ``published``, ``editorial``, ``substantive``, ``within``, or a fate."""

    edition: int
    date: str
    kind: str
    reason: str = ""
    successors: tuple[str, ...] = ()


@dataclass(frozen=True)
class History:
    """The register, every edition, and what is declared for the next one; ``now`` is the text as it stands."""

    rows: Mapping[str, Row]
    editions: tuple[Edition, ...]
    declared: Mapping[str, Declared]
    now: Mapping[str, Entry] = field(default_factory=dict)

    @property
    def last(self) -> Edition | None:
        """The newest edition."""
        return self.editions[-1] if self.editions else None

    @property
    def coming(self) -> int:
        """The number of the edition that is being written."""
        return len(self.editions) + 1

    def since(self) -> dict[str, str]:
        """What differs from the newest edition, as ``editions.changed`` has it; nothing before the first."""
        return changed(self.last.entries, self.now) if self.last else {}

    def printed(self, name: str) -> Edition | None:
        """The newest edition that has this id."""
        return next((one for one in reversed(self.editions) if name in one.entries), None)

    def events(self) -> dict[str, list[Event]]:
        """By id what each edition did to it, oldest first; editions that left it as it was are passed over."""
        found: dict[str, list[Event]] = {}
        before: Mapping[str, Entry] = {}
        for one in self.editions:
            for name, kind in changed(before, one.entries).items():
                found.setdefault(name, []).append(event(one, name, kind))
            before = one.entries
        return found


def event(edition: Edition, name: str, kind: str) -> Event:
    """One difference, with what was declared of it."""
    if kind == "gone":
        status, successors, reason = edition.gone.get(name, ("retired", (), ""))
        return Event(edition.number, edition.date, status, reason, successors)
    if kind == "changed":
        return Event(edition.number, edition.date, *edition.changes.get(name, ("substantive", "")))
    return Event(edition.number, edition.date, "published" if kind == "new" else kind)


def parse(text: str, path: str) -> tuple[tuple[Declared, ...], list[Diagnostic]]:
    """All rows that can be read, and what is wrong with the others."""
    rows: dict[str, Declared] = {}
    found: list[Diagnostic] = []
    for line, written in enumerate(text.removesuffix("\n").split("\n"), 1):
        fields = tuple("" if one == NOTHING else one.strip() for one in written.split("\t"))
        problem, hint = "", ""
        if line == 1:
            if fields != COLUMNS:
                problem, hint = "The first line does not name the columns.", "Begin with: id kind reason, tabs between."
        elif "\ufffd" in written:
            problem, hint = "The row holds what is not UTF-8.", "Restore it, and save the file as UTF-8."
        elif len(fields) != 3 or not all(fields):
            problem, hint = "The row is not id, kind and reason.", "Part the three by one tab each."
        elif not PERMANENT_ID.fullmatch(fields[0]):
            problem, hint = f"'{fields[0]}' is no permanent id.", "Write an id such as P9.3."
        elif fields[1] not in KINDS:
            problem, hint = f"'{fields[1]}' is no kind of change.", f"Use one of: {', '.join(KINDS)}."
        elif fields[0] in rows:
            problem, hint = f"{fields[0]} is declared already, line {rows[fields[0]].line}.", "Keep one of the two."
        else:
            rows[fields[0]] = Declared(fields[0], fields[1], fields[2], line)
        if problem:
            found.append(MALFORMED.at(path, line, 0, problem, hint))
    return tuple(rows.values()), found


def render(rows: Iterable[Declared]) -> str:
    """The text of the file. ``parse`` reads it back."""
    return "\n".join(["\t".join(COLUMNS), *("\t".join((one.id, one.kind, one.reason)) for one in rows)]) + "\n"


def steps(history: History) -> Iterator[tuple[Edition, Mapping[str, Entry], dict[str, str]]]:
    """Each edition, newest first, with what the one before it had and what differs."""
    for number in range(len(history.editions) - 1, -1, -1):
        before = history.editions[number - 1].entries if number else {}
        yield history.editions[number], before, changed(before, history.editions[number].entries)


def load(docs: Path, folder: str) -> tuple[History, list[Diagnostic]]:
    """What the files below ``docs`` tell; ``folder`` is put before their names in diagnostics."""
    # What is not UTF-8 becomes U+FFFD, which fits no checksum and no row.
    texts = {name: path.read_text("utf-8", "replace") for name in (REGISTER, FILE) if (path := docs / name).is_file()}
    kept = [
        (path.name, path.read_text("utf-8", "replace")) for path in (docs / EDITIONS).glob("*.json") if path.is_file()
    ]
    rows, found = registry.parse(texts[REGISTER], f"{folder}/{REGISTER}") if REGISTER in texts else ((), [])
    declared, malformed = parse(texts[FILE], f"{folder}/{FILE}") if FILE in texts else ((), [])
    published, damaged = snapshots.sequence(kept, f"{folder}/{EDITIONS}")
    if published and not rows and not found:
        message, hint = "The register is gone, on which every edition rests.", "Restore it from the last commit."
        found = [registry.MALFORMED.at(f"{folder}/{REGISTER}", 1, 0, message, hint)]
    history = History({row.id: row for row in rows}, published, {one.id: one for one in declared})
    return history, [*found, *malformed, *damaged]
