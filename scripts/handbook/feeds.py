"""What changed, for programs: an Atom feed of changes of substance, and ``sections.json``."""

from __future__ import annotations

import json
from html import escape
from typing import Any

from handbook.annals import Annals
from handbook.changes import KINDS, event, steps
from handbook.idpages import EVENTS


def feed(annals: Annals) -> str:
    """Atom (RFC 4287): each edition, and of each edition what changed in substance or stands no longer."""
    root, history = annals.publisher.root, annals.history
    book, author = escape(annals.publisher.book), escape(annals.publisher.author)
    entries = []
    for edition, before, differing in steps(history):
        at, day = escape(annals.publisher.at(edition)), f"{edition.date}T00:00:00Z"
        entries.append(
            _entry(at, f"{book}, {edition.name}", day, f"{at}about/changes/", f"The {edition.name} is published.")
        )
        for name, kind in differing.items() if before else ():
            one = event(edition, name, kind)
            if kind in ("changed", "gone") and one.kind != "editorial":
                title = f"{name} {escape((edition.entries.get(name) or before[name]).title)}: {EVENTS[one.kind]}"
                entries.append(_entry(f"{at}id/{name}/", title, day, f"{at}id/{name}/", escape(one.reason)))
    updated = f"{history.last.date if history.last else '1970-01-01'}T00:00:00Z"
    own_address = escape(f"{annals.publisher.home}feed.xml")
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en">\n'
        f"<id>{escape(root)}</id>\n<title>{book}: changes of substance</title>\n<updated>{updated}</updated>\n"
        f'<author><name>{author}</name></author>\n<link rel="self" href="{own_address}"/>\n'
        f'<link href="{escape(root)}"/>\n'
        f"{''.join(entries)}</feed>\n"
    )


def sections(annals: Annals) -> str:
    """``sections.json``: every id that was ever given, where it stands, in which editions, and how it fared."""
    history = annals.history
    events = history.events()
    found: dict[str, Any] = {}
    for name in dict.fromkeys([*history.rows, *history.now]):
        row, entry = history.rows.get(name), history.now.get(name)
        cited = annals.citables.get(name)
        found[name] = {
            "status": row.status if row else "active",
            **({"successors": list(row.successors), "reason": row.reason} if row and row.reason else {}),
            **(
                {
                    "kind": entry.kind,
                    "page": entry.page,
                    "within": entry.within,
                    "title": entry.title,
                    "address": entry.address,
                    "sha256": entry.sha256,
                }
                if entry
                else {}
            ),
            "editions": [one.number for one in history.editions if name in one.entries],
            "history": [[one.edition, one.kind, one.reason] for one in events.get(name, [])],
            "since": annals.since.get(name, "unchanged") if history.last and name in history.last.entries else "",
            "cite": cited.url if cited else "",
        }
    build = {"build": annals.publisher.build or "latest", "edition": history.last.number if history.last else 0}
    data = {"format": 1, **build, "kinds": KINDS, "sections": found}
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"


def _entry(name: str, title: str, updated: str, link: str, summary: str) -> str:
    return (
        f'<entry><id>{name}</id><title>{title}</title><updated>{updated}</updated><link href="{link}"/>'
        f"<summary>{summary or title}</summary></entry>\n"
    )
