"""The register of permanent ids: which id was ever given, to what, and what became of it.

A table with tabs (RFC 4180's rules apart, as IANA's text/tab-separated-values has it: no quoting, one row a line), in
which rows are only ever added. Of a published row only status, successors and reason may change, and those once.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from handbook.diagnostics import Diagnostic, rule
from handbook.records import PERMANENT_ID

MALFORMED = rule(
    "register-malformed",
    "error",
    "A row of the register cannot be read.",
    "P9.3\tsection\tP9\tWhat it asks\t1\tgone\t-\t-",
    "P9.3\tsection\tP9\tWhat it asks\t1\tretired\t-\tThe rule that it described was repealed.",
)
TWICE = rule(
    "register-duplicate",
    "error",
    "An id stands twice in the register.",
    "P9.3\tsection\tP9\tOne\t1\tactive\t-\t-\nP9.3\tsection\tP9\tTwo\t2\tactive\t-\t-",
    "P9.3\tsection\tP9\tOne\t1\tactive\t-\t-\nP9.4\tsection\tP9\tTwo\t2\tactive\t-\t-",
)

COLUMNS = ("id", "kind", "page", "title", "first", "status", "successors", "reason")
KINDS = ("page", "section", "item")
ACTIVE = "active"
SUCCESSORS = {"moved": (1, 1), "merged": (1, 1), "split": (2, 99), "retired": (0, 0), ACTIVE: (0, 0)}
"""Every status, with how many successors it has at least and at most."""
NOTHING = "-"
"""Stands for an empty field, since editors take spaces and tabs from the ends of lines."""


@dataclass(frozen=True, slots=True)
class Row:
    """One id. ``title`` is that of the day when it was given; ``first`` the first edition with it; ``line`` from 1."""

    id: str
    kind: str
    page: str
    title: str
    first: int
    status: str = ACTIVE
    successors: tuple[str, ...] = ()
    reason: str = ""
    line: int = 0

    @property
    def fate(self) -> tuple[str, tuple[str, ...], str]:
        """What may change in a published row."""
        return self.status, self.successors, self.reason


def parse(text: str, path: str) -> tuple[tuple[Row, ...], list[Diagnostic]]:
    """All rows that can be read, and what is wrong with the others."""
    rows: dict[str, Row] = {}
    found: list[Diagnostic] = []
    # Only at line feeds: str.splitlines also parts at marks that a title may hold.
    for line, written in enumerate(text.removesuffix("\n").split("\n"), 1):
        fields = tuple(written.split("\t"))
        if line == 1:
            if fields != COLUMNS:
                hint = f"Begin the file with: {' '.join(COLUMNS)}, a tab between each."
                found.append(MALFORMED.at(path, 1, 0, "The first line does not name the columns.", hint))
            continue
        if problem := _problem(fields):
            found.append(MALFORMED.at(path, line, 0, *problem))
            continue
        name, kind, page, title, first, status, *last = fields
        successors, reason = ("" if one == NOTHING else one for one in last)
        if name in rows:
            message = f"The id '{name}' has a row already, line {rows[name].line}."
            found.append(TWICE.at(path, line, 0, message, "Keep the older row; give another id."))
            continue
        rows[name] = Row(name, kind, page, title, int(first), status, tuple(successors.split()), reason, line)
    return tuple(rows.values()), found


def _problem(fields: tuple[str, ...]) -> tuple[str, str] | None:
    """What is wrong with a row, and the remedy."""
    if any("\ufffd" in one for one in fields):
        return "The row holds what is not UTF-8.", "Restore it, and save the file as UTF-8."
    if len(fields) != len(COLUMNS):
        hint = f"Part {', '.join(COLUMNS)} by one tab each; write {NOTHING} for none."
        return f"A row has {len(COLUMNS)} fields, and this one {len(fields)}.", hint
    name, kind, page, title, first, status, *last = fields
    successors, reason = (() if one == NOTHING else tuple(one.split()) for one in last)
    if not PERMANENT_ID.fullmatch(name) or name.partition(".")[0] != page:
        return f"'{name}' is no permanent id of the page '{page}'.", "Write an id such as P9.3, and its page P9."
    if kind not in KINDS or (kind == "page") != (name == page):
        fitting = KINDS[:1] if name == page else KINDS[1:]
        return f"'{kind}' is not what {name} can be.", f"Write {' or '.join(fitting)}."
    if not title.strip():
        return f"{name} has no title.", "Give the title of its heading."
    if not re.fullmatch(r"[1-9]\d{0,3}", first, re.ASCII):
        return f"'{first}' is no edition.", "Give the number of the first edition with it."
    if status not in SUCCESSORS:
        return f"'{status}' is no status.", f"Use one of: {', '.join(SUCCESSORS)}."
    least, most = SUCCESSORS[status]
    if not least <= len(set(successors)) <= most or len(set(successors)) < len(successors):
        wanted = {0: "no successor", 1: "one successor", 2: "two different successors or more"}[least]
        named = " ".join(successors) or "none"
        return f"What is {status} has {wanted}; {name} names {named}.", "Correct the status or the successors."
    if status == ACTIVE and reason:
        return f"{name} is active and has a reason.", f"Write {NOTHING} as its last field."
    if status != ACTIVE and not reason:
        return f"{name} is {status} without a reason.", "Give one sentence for readers as its last field."
    return None


def render(rows: Iterable[Row]) -> str:
    """The text of the register, which ``parse`` reads back; no field may hold a tab or a line feed."""
    lines = ["\t".join(COLUMNS)]
    for row in rows:
        fields = (row.id, row.kind, row.page, row.title, str(row.first), row.status, " ".join(row.successors))
        lines.append("\t".join(one or NOTHING for one in (*fields, row.reason)))
    return "\n".join(lines) + "\n"


def final(name: str, rows: Mapping[str, Row]) -> tuple[str, ...]:
    """The ids to which a gone one leads in the end, through all that are gone themselves; none where it was retired."""
    found: dict[str, None] = {}
    waiting, seen = [name], {name}
    while waiting:
        row = rows.get(waiting.pop(0))
        if row and row.status == ACTIVE:
            found[row.id] = None
        for successor in row.successors if row else ():
            if successor not in seen:
                seen.add(successor)
                waiting.append(successor)
    return tuple(found)


def serial(page: str, taken: Iterable[str]) -> int:
    """The next serial of a page: above every one that was ever given there."""
    numbers = [int(name.partition(".")[2]) for name in taken if name.startswith(f"{page}.")]
    return max(numbers, default=0) + 1
