"""Snapshots: what an edition published, in one file that can be checked in ten years.

It is ``docs/editions/<n>.json``: ``format`` 1, ``edition``, ``date``, ``title``, ``author``; ``sections`` by id
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
from typing import Any

from handbook.diagnostics import Diagnostic, rule
from handbook.editions import Edition, Entry
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
