"""The head of a page: YAML between two lines of dashes to a FrontMatter record. The only module that imports yaml.

This is the one place where the contract is written down; the site and the checks read the record.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from typing import Any

import yaml

from handbook.diagnostics import Diagnostic
from handbook.records import PERMANENT_ID, FrontMatter, Relation
from handbook.typography import typographic

# The same head that MkDocs takes off a page (mkdocs.utils.meta).
HEAD = re.compile(r"\A(?:\ufeff)?-{3}[ \t]*\n(?P<yaml>.*?)^(?:-{3}|\.{3})[ \t]*(?:\n|\Z)", re.S | re.M)

# The C parser where the library was built with it: the same document ten times faster.
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

KINDS = {"P": "principle", "I": "instrument", "C": "case", "T": "tension", "S": "source"}
FOLDERS = {f"{kind}s": kind for kind in KINDS.values()}
"""A page in one of these folders below docs/ is under the whole contract; others need a title and a summary."""

STATUSES = ("draft", "current", "retired")
EVIDENCE = ("argument", "anecdote", "report", "peer-reviewed", "law")
COMMON = {"title", "summary", "hide", "search", "template", "description", "tags", "icon"}
CONTRACT = {"id", "title", "kind", "summary", "status", "reviewed", "review_by", "aliases"}
OF_KIND = {
    "principle": {"related"},
    "instrument": {"related"},
    "case": {"evidence", "related"},
    "tension": {"related"},
    "source": {"work", "paragraphs"},
}


def parse(source: str, path: str) -> tuple[FrontMatter | None, list[Diagnostic]]:
    """Read the head of one page; ``path`` is its address in diagnostics and tells the folder.

    A page outside the five folders without a head is None and no fault. What is wrong with one key hides no other.
    """
    parts = path.split("/")
    folder_kind = next((FOLDERS[part] for part in parts[:-1] if part in FOLDERS), "") if parts[-1] != "index.md" else ""
    reader = _Reader(path)
    match = HEAD.match(source)
    if match is None:
        if folder_kind:
            reader.fault(
                "", "page-front-matter", "The page has no front matter.", "Begin it with --- and the keys of its kind."
            )
        return None, reader.faults
    try:
        loader = LOADER(match["yaml"])
        node = loader.get_single_node()
        data = loader.construct_document(node) if node else None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        reader.lines[""] = (mark.line + 2) if mark else 1
        reader.fault(
            "", "page-front-matter", "The front matter is not YAML from here on.", "Quote values that contain a colon."
        )
        return None, reader.faults
    except (ValueError, OverflowError):  # a day or a time of no calendar: 2026-02-30
        reader.lines[""] = _impossible(node)
        reader.fault("", "page-value", "A value is written as a date and is none.", "Write '2026-11-21', or quote it.")
        return None, reader.faults
    if not isinstance(data, dict) or not isinstance(node, yaml.MappingNode):
        reader.fault(
            "", "page-front-matter", "The front matter is not a list of keys.", "Write one 'key: value' a line."
        )
        return None, reader.faults
    for key, _ in node.value:
        if key.value in reader.lines:
            reader.lines[""] = key.start_mark.line + 2
            reader.fault("", "page-key", f"The key '{key.value}' stands twice.", "Keep one of the two.")
        reader.lines.setdefault(str(key.value), key.start_mark.line + 2)
    reader.lines[""] = 1
    return _record(data, folder_kind, reader), reader.faults


def _impossible(node: Any) -> int:
    """The line of the first value that is like a date and cannot be made one."""
    loader = LOADER("")
    nodes = [node]
    while nodes:
        one = nodes.pop(0)
        if isinstance(one, yaml.ScalarNode):
            try:
                loader.construct_object(one)
            except (ValueError, OverflowError):
                return int(one.start_mark.line) + 2
        else:
            nodes += [child for item in one.value for child in (item if isinstance(item, tuple) else (item,))]
    return 1


class _Reader:
    """Collects the faults of one page, each at the line of its key."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.lines: dict[str, int] = {"": 1}
        self.faults: list[Diagnostic] = []

    def fault(self, key: str, code: str, message: str, hint: str) -> None:
        self.faults.append(Diagnostic(self.path, self.lines.get(key, 1), 0, code, message, hint))

    def text(self, data: Mapping[str, Any], key: str, needed: bool = True) -> str:
        value = data.get(key)
        if isinstance(value, str) and value.strip():
            return typographic(value.strip())
        if value is None and not needed:
            return ""
        problem = f"The key '{key}' is missing." if key not in data else f"The key '{key}' is empty or not text."
        self.fault(key, "page-key", problem, f"Give '{key}: …' in the front matter.")
        return ""

    def choice(self, data: Mapping[str, Any], key: str, allowed: tuple[str, ...]) -> str:
        value = self.text(data, key)
        if value and value not in allowed:
            self.fault(key, "page-value", f"'{value}' is no value of '{key}'.", f"Use one of: {', '.join(allowed)}.")
        return value

    def date(self, data: Mapping[str, Any], key: str) -> str:
        value = data.get(key)
        if isinstance(value, datetime.date) and not isinstance(value, datetime.datetime):
            return value.isoformat()
        self.fault(key, "page-value", f"'{key}' is not a date.", f"Write '{key}: 2026-11-21'.")
        return ""

    def relations(self, data: Mapping[str, Any], key: str) -> tuple[Relation, ...]:
        """``P9: why``, one a line."""
        value = data.get(key) or {}
        if not isinstance(value, dict):
            self.fault(
                key,
                "page-value",
                f"'{key}' does not map page ids to reasons.",
                f"Write '{key}:' and below it '  P9: why'.",
            )
            return ()
        found = []
        for target, reason in value.items():
            if not isinstance(reason, str) or not reason.strip():
                self.fault(
                    key, "page-value", f"'{key}' gives no reason for '{target}'.", "Give one sentence that says why."
                )
                continue
            found.append(Relation(str(target), typographic(reason.strip())))
        return tuple(found)

    def names(self, data: Mapping[str, Any], key: str, known: str) -> tuple[str, ...]:
        """``[KYC, customer checks]``; what the ``known`` title says already needs no second name."""
        value = data.get(key)
        if value is None:
            return ()
        if not isinstance(value, list) or not all(isinstance(one, str) and one.strip() for one in value):
            self.fault(key, "page-value", f"'{key}' is not a list of names.", f"Write '{key}: [one name, another]'.")
            return ()
        found: list[str] = []
        for name in (typographic(one.strip()) for one in value):
            if name.casefold() in known.casefold():
                self.fault(key, "page-value", f"The title already says '{name}'.", f"Remove it from '{key}'.")
            elif name.casefold() in (one.casefold() for one in found):
                self.fault(key, "page-value", f"'{name}' stands twice in '{key}'.", "Keep one of the two.")
            else:
                found.append(name)
        return tuple(found)


def _record(data: Mapping[str, Any], folder_kind: str, reader: _Reader) -> FrontMatter:
    kind = str(data.get("kind") or folder_kind)
    under_contract = bool(folder_kind or "kind" in data or "id" in data)
    title, summary = reader.text(data, "title"), reader.text(data, "summary")
    if not under_contract:
        return FrontMatter(title, summary, lines=reader.lines)
    reader.choice(data, "kind", tuple(KINDS.values()))
    if folder_kind and kind in KINDS.values() and kind != folder_kind:
        reader.fault(
            "kind", "page-value", f"A {kind} stands in the folder of {folder_kind}s.", "Move the page or mend 'kind'."
        )
    page_id = reader.text(data, "id")
    if page_id and (not PERMANENT_ID.fullmatch(page_id) or "." in page_id or KINDS.get(page_id[0]) != kind):
        letter = next((letter for letter, name in KINDS.items() if name == kind), "P")
        reader.fault(
            "id",
            "page-value",
            f"'{page_id}' is no id of a {kind}.",
            f"Use the letter {letter} and a number, such as {letter}7.",
        )
    for key in data:
        if key not in CONTRACT | OF_KIND.get(kind, set()) | COMMON:
            reader.fault(str(key), "page-key", f"A {kind} has no key '{key}'.", "Remove it or correct its name.")
    reviewed, review_by = reader.date(data, "reviewed"), reader.date(data, "review_by")
    if reviewed and review_by and review_by <= reviewed:
        reader.fault(
            "review_by", "page-value", "The next review is not after the last one.", "Give a later 'review_by'."
        )
    paragraphs = data.get("paragraphs", 0)
    if kind == "source" and (not isinstance(paragraphs, int) or paragraphs < 1):
        reader.fault(
            "paragraphs", "page-value", "'paragraphs' is not a number.", "Give the number of numbered paragraphs."
        )
        paragraphs = 0
    return FrontMatter(
        title=title,
        summary=summary,
        id=page_id,
        kind=kind,
        status=reader.choice(data, "status", STATUSES),
        reviewed=reviewed,
        review_by=review_by,
        related=reader.relations(data, "related"),
        aliases=reader.names(data, "aliases", title),
        evidence=reader.choice(data, "evidence", EVIDENCE) if kind == "case" else "",
        work=reader.text(data, "work") if kind == "source" else "",
        paragraphs=paragraphs if isinstance(paragraphs, int) else 0,
        lines=reader.lines,
    )
