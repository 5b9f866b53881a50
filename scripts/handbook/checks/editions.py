"""Checks of the promise to readers: what was published under an id stays, or its fate is declared, and truly so."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping

from handbook.changes import FILE, REGISTER, History
from handbook.checks.fates import Place, at, fates, places, successors
from handbook.diagnostics import Diagnostic, rule
from handbook.editions import order, own
from handbook.records import Handbook
from handbook.registry import Row
from handbook.typography import ordinal

MISSING = rule(
    "register-missing",
    "error",
    "A page, section or item is not in the register, or is another there before it was published.",
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
_A = {"page": "a page", "section": "a section", "item": "an item"}
ANOTHER = 0.3
"""Below this share of common words (difflib's ratio) a text under the same id reads as another one."""


def check(history: History, handbook: Handbook, sources: Mapping[str, str], folder: str) -> list[Diagnostic]:
    """All findings; ``sources`` gives each page's Markdown by its path below ``folder``."""
    where = places(handbook, sources, folder)
    return [
        *_registered(history, where, folder),
        *_rewritten(history, folder),
        *fates(history, folder, where),
        *successors(history, folder),
        *_changes(history, where, folder),
    ]


def _registered(history: History, where: Mapping[str, Place], folder: str) -> Iterator[Diagnostic]:
    """Every id of the text has its row; until an edition fixes it, with the title and kind of today."""
    for name, entry in history.now.items():
        row = history.rows.get(name)
        if row is None:
            message = f"The id '{name}' is not in {folder}/{REGISTER}."
            yield MISSING.at(*at(where[name]), message, "Run 'handbook ids'.")
        elif row.first == history.coming and (row.kind, row.title) != (entry.kind, entry.title):
            message = f"{name} is the {row.kind} '{row.title}' in {folder}/{REGISTER}:{row.line}."
            yield MISSING.at(*at(where[name]), message, "Run 'handbook ids', which enters it as it is now.")
        elif row.kind != entry.kind:
            message = f"{name} was published as {_A[row.kind]} and is {_A[entry.kind]} here."
            yield REWRITTEN.at(*at(where[name]), message, "Make it one again, or give it a new id with {#new}.")


def _rewritten(history: History, folder: str) -> Iterator[Diagnostic]:
    """Against every edition: the rows of its ids are there, unchanged but in fate, and in their order."""
    path = f"{folder}/{REGISTER}"
    hint = f"Restore the row as it stands in the history of {path}."
    found: dict[str, Diagnostic] = {}
    given: set[str] = set()
    for edition in history.editions:
        for name, entry in edition.entries.items():
            row = history.rows.get(name)
            if row is None:
                message = f"{name} was published in the {edition.name} and has no row any more."
                found[name] = REWRITTEN.at(path, 1, 0, message, hint)
            elif name not in given and (row.kind, row.title, row.first) != (entry.kind, entry.title, edition.number):
                message = f"{name} was first published in the {edition.name}, as the {entry.kind} '{entry.title}'."
                found[name] = REWRITTEN.at(path, row.line, 0, message, hint)
        for name, fate in edition.gone.items():
            row = history.rows.get(name)
            if row is None or row.fate != fate:
                message = f"The {edition.name} says of {name}: {' '.join((fate[0], *fate[1]))}. {fate[2]}"
                found.setdefault(name, REWRITTEN.at(path, row.line if row else 1, 0, message, hint))
        given |= {*edition.entries, *edition.gone}
    above: Row | None = None
    for row in history.rows.values():
        if row.id not in given and row.first != history.coming:
            message = f"{row.id} is in no edition, so the {ordinal(str(row.first))} was not its first."
            found[row.id] = REWRITTEN.at(path, row.line, 0, message, f"Write {history.coming}, the coming one.")
        elif row.id not in found and above and row.first < above.first:
            message = f"{above.id} stands above {row.id}, which is of an older edition."
            found.setdefault(
                "", REWRITTEN.at(path, above.line, 0, message, "Add new rows at the end of the file only.")
            )
        elif row.id not in found:
            above = row
    last = history.last
    if last and not found and last.register != order(history.rows.values(), last.number):
        message = f"The rows of the {last.name} and before stand in another order than when it was published."
        found[""] = REWRITTEN.at(path, 1, 0, message, f"Restore their order from the history of {path}.")
    yield from found.values()


def _changes(history: History, where: Mapping[str, Place], folder: str) -> Iterator[Diagnostic]:
    """Declared exactly where a published section has other words of its own."""
    last, since = history.last, history.since()
    for name, kind in since.items():
        if last and kind == "changed" and name not in history.declared:
            message = f"{name} has other words than the {last.name} gave it."
            hint = (
                f"""Run 'handbook declare {name} editorial --reason "…"', or substantive if it says something else."""
            )
            old, new = (own(name, known).split() for known in (last.entries, history.now))
            if last.entries[name].title != history.now[name].title and _share(old, new) < ANOTHER:
                message = f"{name} reads as another section than in the {last.name}, and an id is never given again."
                hint = (
                    f"Write {{#new}}, run 'handbook ids' and declare what became of {name}; if it is the same: {hint}"
                )
            yield CHANGED.at(*at(where[name]), message, hint)
    for one in history.declared.values():
        if since.get(one.id) == "changed":
            continue
        if last is None:
            why = "before any edition"
        elif one.id not in last.entries:
            why = f"and the {last.name} does not have it"
        elif one.id not in history.now:
            why = "and it stands on no page any more"
        else:
            why = f"and the {last.name} has the same words of its own"
        message = f"A change of {one.id} is declared, {why}."
        yield UNCHANGED.at(f"{folder}/{FILE}", one.line, 0, message, "Remove the row.")


def _share(old: list[str], new: list[str]) -> float:
    return difflib.SequenceMatcher(None, old, new, autojunk=False).ratio()
