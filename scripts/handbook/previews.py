"""What a link shows before it is followed: ``assets/previews-data.js``, which ``preview.js`` loads on first use.

A script and not JSON, because a page that was opened from a disk (``file://``) may not fetch, but may load scripts. It
sets ``handbookPreviews``: ``pages`` by id, each ``[address, title, kind, state, change, words, parts]`` with ``parts``
by id, each ``[kind, title, change, words]``; ``gone``, what became of ids that stand nowhere, as ``[title, fate]``;
``grades``, the words of each evidence grade, and ``works``, the grade of each work; ``terms`` by fragment of the
glossary, each ``[term, explanation]``. All of it is text, never markup.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from handbook.annals import Annals
from handbook.changes import History, steps
from handbook.editions import Entry
from handbook.entries import GRADES
from handbook.idpages import EVENTS, FATES
from handbook.reading import Definition
from handbook.records import FrontMatter, Handbook
from handbook.registry import ACTIVE

FIRST_WORDS = 40


def script(annals: Annals, handbook: Handbook, terms: Iterable[Definition]) -> str:
    """The whole file."""
    data = {
        "pages": _pages(annals, handbook),
        "gone": _gone(annals.history),
        "grades": GRADES,
        "works": {
            key: grade for key, one in handbook.bibliography.references.items() if (grade := one.get("grade")) in GRADES
        },
        "terms": {one.id: [one.forms[0], one.text] for one in terms if one.id},
    }
    return f"handbookPreviews = {json.dumps(data, ensure_ascii=False, separators=(',', ':'))};\n"


def _pages(annals: Annals, handbook: Handbook) -> dict[str, list[Any]]:
    known = annals.history.now
    changed = changes(annals)
    found: dict[str, list[Any]] = {}
    for page in handbook.pages:
        front, entry = page.front, known.get(page.id)
        if front and entry:
            found[page.id] = [
                entry.address,
                entry.title,
                front.kind.capitalize(),
                _state(front),
                changed.get(page.id, ""),
                first_words(front.summary),
                {},
            ]
    for entry in known.values():
        if entry.kind != "page" and entry.page in found:
            part = [entry.kind, entry.title, changed.get(entry.id, ""), first_words(_words(entry))]
            found[entry.page][-1][entry.id] = part
    return found


def _words(entry: Entry) -> str:
    return entry.text.replace("\n", " ")


def first_words(text: str) -> str:
    """The first words of a text, with a mark where more follow."""
    words = text.split()
    return " ".join(words[:FIRST_WORDS]) + (" …" if len(words) > FIRST_WORDS else "")


def _state(front: FrontMatter) -> str:
    return ", ".join(filter(None, (front.status, f"reviewed {front.reviewed}" if front.reviewed else "")))


def changes(annals: Annals) -> dict[str, str]:
    """By id, one sentence on what has changed since the newest edition; in an edition, since the one before it."""
    history = annals.history
    last = history.last
    if last is None:
        return {}
    if annals.publisher.edition:
        _, before, differing = next(steps(history))
        if not before:
            return {}
        name = history.editions[-2].name
        declared = dict(last.changes)
    else:
        name, differing = last.name, annals.since
        declared = {one.id: (one.kind, one.reason) for one in history.declared.values()}
    found = {}
    for one, what in differing.items():
        kind, reason = declared.get(one, ("", ""))
        match what:
            case "changed":
                found[one] = f"Changed since the {name}{f', {kind}: {reason}' if kind else '.'}"
            case "within":
                found[one] = f"A part of it has changed since the {name}."
            case "new":
                found[one] = f"New since the {name}."
    return found


def _gone(history: History) -> dict[str, list[str]]:
    """By id, the title and what became of it."""
    found = {}
    for name, row in history.rows.items():
        if row.status != ACTIVE and name not in history.now:
            fate = f"{FATES.get(row.status, EVENTS['retired'])} {' and '.join(row.successors)}".strip()
            found[name] = [row.title, f"{name} {fate}. {row.reason}".strip()]
    return found
