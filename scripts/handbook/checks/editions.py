"""Checks of the promise to readers: what was published under an id stays, or its fate is declared, and truly so."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping

from handbook.changes import FILE, REGISTER, History
from handbook.diagnostics import Diagnostic, rule
from handbook.editions import own
from handbook.locate import place
from handbook.records import Handbook
from handbook.registry import ACTIVE, Row

MISSING = rule(
    "register-missing",
    "error",
    "A page, section or item has an id that is not in the register.",
    "## What it asks {#P9.31}",
    "handbook ids",
)
REWRITTEN = rule(
    "register-rewritten",
    "error",
    "A row of a published id was changed in more than its fate, moved or removed.",
    "P9.3\tsection\tP9\tA new title\t1\tactive\t-\t-",
    "P9.3\tsection\tP9\tThe title of the day when the id was given\t1\tactive\t-\t-",
)
UNDECLARED = rule(
    "register-undeclared",
    "error",
    "An id was given and its section is gone, but nothing says what became of it.",
    "P9.3\tsection\tP9\tWhat it asks\t1\tactive\t-\t-\n# and no heading with {#P9.3}",
    'handbook declare P9.3 moved P10.12 --reason "It belongs to the duty to disclose."',
)
UNTRUE = rule(
    "register-untrue",
    "error",
    "What the register says became of an id did not happen.",
    "P9.3\tsection\tP9\tWhat it asks\t1\tretired\t-\tIt was repealed.\n# and ## What it asks {#P9.3}",
    "P9.3\tsection\tP9\tWhat it asks\t1\tactive\t-\t-",
)
SUCCESSOR = rule(
    "register-successor",
    "error",
    "The successor of an id does not exist, or leads back to it.",
    "P9.3\tsection\tP9\tOne\t1\tmoved\tP99.1\tIt moved.",
    "P9.3\tsection\tP9\tOne\t1\tmoved\tP10.12\tIt moved.",
)
CHANGED = rule(
    "change-undeclared",
    "error",
    "A published section has other words than in the last edition, and nobody says whether that changes what it says.",
    "## What it asks {#P9.3}\n\nOther words than in the last edition.",
    'handbook declare P9.3 editorial --reason "A sentence is parted in two."',
)
UNCHANGED = rule(
    "change-untrue",
    "error",
    "A change is declared for a section that has the same words as in the last edition, or is in none.",
    "P9.3\teditorial\tA sentence is parted in two.",
    "# no row for P9.3",
)
ANOTHER = 0.3
"""Below this share of common words (difflib's ratio) a text under the same id reads as another one."""


def check(history: History, handbook: Handbook, sources: Mapping[str, str], folder: str) -> list[Diagnostic]:
    """All findings; ``sources`` gives each page's Markdown by its path below ``folder``."""
    where = _places(handbook, sources, folder)
    return [
        *_registered(history, where, folder),
        *_rewritten(history, folder),
        *_fates(history, folder, where),
        *_successors(history, folder),
        *_changes(history, where, folder),
    ]


def _places(handbook: Handbook, sources: Mapping[str, str], folder: str) -> dict[str, tuple[str, str, str]]:
    """Where an id was written: path, source, and its mark there."""
    found = {}
    for page in handbook.pages:
        if page.id:
            text = sources.get(page.path, "")
            found[page.id] = (f"{folder}/{page.path}", text, f"id: {page.id}")
            for one in page.sections:
                found[one.id] = (f"{folder}/{page.path}", text, f"{{#{one.id}}}")
    return found


def _at(where: tuple[str, str, str]) -> tuple[str, int, int]:
    path, text, mark = where
    line, col = place(text, mark)
    return path, line or 1, col


def _registered(history: History, where: Mapping[str, tuple[str, str, str]], folder: str) -> Iterator[Diagnostic]:
    for name, entry in history.now.items():
        row = history.rows.get(name)
        if row is None:
            message = f"The id '{name}' is not in {folder}/{REGISTER}."
            yield MISSING.at(*_at(where[name]), message, "Run 'handbook ids'.")
        elif row.kind != entry.kind:
            message = f"{name} is a {row.kind} in the register, and a {entry.kind} here."
            yield REWRITTEN.at(*_at(where[name]), message, "Make it one again, or give it a new id with {#new}.")
        elif row.title != entry.title and row.first == history.coming:
            message = f"{name} has another title in {folder}/{REGISTER}:{row.line}, and no edition has fixed it yet."
            yield MISSING.at(*_at(where[name]), message, "Run 'handbook ids'.")


def _rewritten(history: History, folder: str) -> Iterator[Diagnostic]:
    """Against every edition: the rows of its ids are there, unchanged but in fate, and in the order of editions."""
    path = f"{folder}/{REGISTER}"
    hint = f"Restore the row as it stands in the history of {path}."
    for edition in history.editions:
        for name, entry in edition.entries.items():
            row = history.rows.get(name)
            if row is None:
                message = f"{name} was published in the {edition.label} and has no row any more."
                yield REWRITTEN.at(path, 1, 0, message, hint)
            elif (row.kind, row.page) != (entry.kind, entry.page) and edition is history.printed(name):
                message = f"{name} was published as {entry.kind} of {entry.page}, and its row says otherwise."
                yield REWRITTEN.at(path, row.line, 0, message, hint)
        first = {name for one in history.editions[: edition.number - 1] for name in one.entries}
        for name, entry in edition.entries.items():
            row = history.rows.get(name)
            if row and name not in first and (row.first, row.title) != (edition.number, entry.title):
                message = (
                    f"{name} was first published in the {edition.label} as '{entry.title}'; its row says otherwise."
                )
                yield REWRITTEN.at(path, row.line, 0, message, hint)
        for name, fate in edition.gone.items():
            row = history.rows.get(name)
            if row is None or row.fate != fate:
                message = f"The {edition.label} says that {name} is {fate[0]}; its row says otherwise."
                yield REWRITTEN.at(path, row.line if row else 1, 0, message, hint)
    numbers = [row.first for row in history.rows.values()]
    for row, before in zip(list(history.rows.values())[1:], numbers, strict=False):
        if row.first < before:
            message = f"{row.id} stands below a row of a later edition; rows are only added at the end."
            yield REWRITTEN.at(path, row.line, 0, message, hint)
        if row.first > history.coming:
            message = f"The {row.first}th edition is not the coming one."
            yield REWRITTEN.at(path, row.line, 0, message, f"Write {history.coming}.")


def _fates(history: History, folder: str, where: Mapping[str, tuple[str, str, str]]) -> Iterator[Diagnostic]:
    """What is active stands in the text, what is not does not."""
    path = f"{folder}/{REGISTER}"
    for row in history.rows.values():
        if row.status == ACTIVE and row.id not in history.now:
            message = f"{row.id} '{row.title}' stands on no page, and nothing says what became of it."
            hint = f"Put it back, or declare it moved, merged, split or retired: handbook declare {row.id} …"
            yield UNDECLARED.at(path, row.line, 0, message, hint)
        elif row.status != ACTIVE and row.id in history.now:
            message = f"The id '{row.id}' is {row.status} according to {path}:{row.line}, and never given again."
            hint = "Write {#new} in its place and run 'handbook ids'."
            yield UNTRUE.at(*_at(where[row.id]), message, hint)


def _successors(history: History, folder: str) -> Iterator[Diagnostic]:
    """They exist, lead to no loop, and fit the word: moved to what is new, merged into what is not only its own."""
    path = f"{folder}/{REGISTER}"
    named: dict[str, list[str]] = {}
    for row in history.rows.values():
        for successor in row.successors:
            named.setdefault(successor, []).append(row.id)
    for row in history.rows.values():
        for successor in row.successors:
            if successor not in history.rows:
                message = f"{row.id} leads to '{successor}', which does not exist."
                yield SUCCESSOR.at(path, row.line, 0, message, "Name an id of the register.")
            elif row.id == successor or row.id in _ahead(successor, history.rows):
                message = f"{row.id} leads to {successor}, and that back to {row.id}."
                yield SUCCESSOR.at(path, row.line, 0, message, "Name the id that stands in the text.")
            elif row.status in ("moved", "merged"):
                shared = len(named[successor]) > 1
                beside = any({row.id, successor} <= set(one.entries) for one in history.editions)
                if row.status == "moved" and (shared or beside):
                    why = "is the successor of others too" if shared else "stood beside it in an edition"
                    message = f"{row.id} is said to be moved to {successor}, which {why}."
                    yield UNTRUE.at(path, row.line, 0, message, "Declare it merged.")
                elif row.status == "merged" and not (shared or beside):
                    message = f"{row.id} is said to be merged into {successor}, which is new and has no other source."
                    yield UNTRUE.at(path, row.line, 0, message, "Declare it moved.")


def _ahead(name: str, rows: Mapping[str, Row]) -> set[str]:
    """Every id to which one leads, on any way."""
    found: set[str] = set()
    waiting = [name]
    while waiting:
        for successor in rows[one].successors if (one := waiting.pop()) in rows else ():
            if successor not in found:
                found.add(successor)
                waiting.append(successor)
    return found


def _changes(history: History, where: Mapping[str, tuple[str, str, str]], folder: str) -> Iterator[Diagnostic]:
    """Declared exactly where a published section has other words of its own."""
    since = history.since()
    for name, kind in since.items():
        if kind == "changed" and name not in history.declared and history.last:
            edition = f"the {history.last.label}"
            message = f"{name} has other words than in {edition}."
            hint = f'handbook declare {name} editorial --reason "…", or substantive.'
            old, new = (own(name, known).split() for known in (history.last.entries, history.now))
            if history.last.entries[name].title != history.now[name].title and _share(old, new) < ANOTHER:
                message = (
                    f"{name} reads as another section than in the {history.last.label}; an id is never given again."
                )
                hint = f"Write {{#new}} and run 'handbook ids', and declare what became of {name}; else: {hint}"
            yield CHANGED.at(*_at(where[name]), message, hint)
    for one in history.declared.values():
        if since.get(one.id) != "changed":
            edition = f"in the {history.last.label}" if history.last else "in no edition yet"
            message = f"A change of {one.id} is declared, and its own words are as {edition}."
            if history.last and one.id not in history.last.entries:
                message = f"A change of {one.id} is declared, which is in no edition yet."
            yield UNCHANGED.at(f"{folder}/{FILE}", one.line, 0, message, "Remove the row.")


def _share(old: list[str], new: list[str]) -> float:
    return difflib.SequenceMatcher(None, old, new, autojunk=False).ratio()
