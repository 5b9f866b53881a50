"""Checks of what became of ids: what is gone from the text has its fate in the register, and truly so."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from handbook.changes import REGISTER, History
from handbook.diagnostics import Diagnostic, rule
from handbook.locate import place
from handbook.records import Handbook
from handbook.registry import ACTIVE, Row, final

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
    "The successor of an id does not exist, is gone itself, or leads back to it.",
    "P9.3\tsection\tP9\tOne\t1\tmoved\tP99.1\tIt moved.",
    "P9.3\tsection\tP9\tOne\t1\tmoved\tP10.12\tIt moved.",
)
Place = tuple[str, str, str]
"""Where an id was written: path, source, and its mark there."""


def places(handbook: Handbook, sources: Mapping[str, str], folder: str) -> dict[str, Place]:
    """The place of every id; ``sources`` gives each page's Markdown by its path below ``folder``."""
    found = {}
    for page in handbook.pages:
        if page.id:
            text = sources.get(page.path, "")
            found[page.id] = (f"{folder}/{page.path}", text, f"id: {page.id}")
            for one in page.sections:
                found[one.id] = (f"{folder}/{page.path}", text, f"{{#{one.id}}}")
    return found


def at(where: Place) -> tuple[str, int, int]:
    """Path, line and column of an id."""
    path, text, mark = where
    line, col = place(text, mark)
    return path, line or 1, col


def fates(history: History, folder: str, where: Mapping[str, Place]) -> Iterator[Diagnostic]:
    """What is active stands in the text, what is not does not."""
    path = f"{folder}/{REGISTER}"
    for row in history.rows.values():
        if row.status == ACTIVE and row.id not in history.now:
            message = f"{row.id} '{row.title}' stands on no page, and nothing says what became of it."
            hint = f"Put it back, or declare it moved, merged, split or retired: handbook declare {row.id} …"
            yield UNDECLARED.at(path, row.line, 0, message, hint)
        elif row.status != ACTIVE and row.id in history.now:
            message = f"The id '{row.id}' stands here, and is {row.status} according to {path}:{row.line}."
            hint = "Remove it here, or make its row active again."
            if _published(row, history):
                hint = "An id is never given again: write {#new} in its place and run 'handbook ids'."
            yield UNTRUE.at(*at(where[row.id]), message, hint)


def _published(row: Row, history: History) -> bool:
    """Whether an edition has said what became of an id, so that it may not be said otherwise."""
    return history.last is not None and row.id in history.last.gone


def successors(history: History, folder: str) -> Iterator[Diagnostic]:
    """They stand in the text, and fit the word: moved to what is new, merged into what is not only its own.

    Only what no edition has said yet is judged: a successor may itself be gone in a later one.
    """
    path = f"{folder}/{REGISTER}"
    rows = [row for row in history.rows.values() if row.status != ACTIVE and not _published(row, history)]
    named = Counter(successor for row in rows for successor in row.successors)
    for row in rows:
        for successor in row.successors:
            after = history.rows.get(successor)
            if after is None:
                message = f"{row.id} leads to '{successor}', which does not exist."
                yield SUCCESSOR.at(path, row.line, 0, message, "Name an id of the register.")
            elif after is row:
                yield SUCCESSOR.at(path, row.line, 0, f"{row.id} leads to itself.", "Name the id that follows it.")
            elif row.id in _ahead(successor, history.rows):
                message = f"{row.id} leads to {successor}, and that back to {row.id}."
                yield SUCCESSOR.at(path, row.line, 0, message, "Name the id that stands in the text.")
            elif after.status != ACTIVE:
                message = f"{row.id} leads to {successor}, which is {after.status} itself."
                ends = " ".join(final(successor, history.rows))
                hint = f"Name what stands in the text: {ends}." if ends else "Nothing follows: declare it retired."
                yield SUCCESSOR.at(path, row.line, 0, message, hint)
            elif row.status in ("moved", "merged"):
                old = history.last is not None and successor in history.last.entries
                if row.status == "moved" and (old or named[successor] > 1):
                    why = f"was in the {history.last.name} too" if old and history.last else "has other sources too"
                    message = f"{row.id} is said to be moved to {successor}, which {why}."
                    yield UNTRUE.at(path, row.line, 0, message, "Declare it merged.")
                elif row.status == "merged" and not old and named[successor] < 2:
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
