"""The page of changes: what each edition changed and what has changed since, section by section and word by word."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from html import escape

from handbook.addresses import relative
from handbook.annals import ORDER, Annals
from handbook.changes import event, steps
from handbook.editions import Edition, Entry, own
from handbook.idpages import EVENTS
from handbook.records import Page

_WORD = re.compile(r"\s+|\w+|[^\w\s]")


def changes(annals: Annals, page: Page) -> str:
    """What changed since the last edition and in each edition, newest first, with word-level differences."""
    parts = []
    history = annals.history
    if history.last and not annals.publisher.edition:
        parts.append(f'<h2 id="since-the-last-edition">Since the {history.last.name}</h2>')
        declared = {one.id: (one.kind, one.reason) for one in history.declared.values()}
        fates = {name: row.fate for name, row in history.rows.items() if row.status != "active"}
        coming = Edition(history.coming, "", "", "", history.now, declared, fates)
        parts.append(_list(page, coming, history.last.entries, annals.since, "since-"))
    for edition, before, differing in steps(history):
        parts.append(f'<h2 id="edition-{edition.number}">{edition.name}, {edition.date}</h2>')
        data = f'<a href="{relative(page, f"editions/{edition.number}.json")}">snapshot</a>'
        address = escape(annals.publisher.at(edition))
        parts.append(
            f'<p>It stands at <a href="{address}">{address}</a>; its {data} holds every text with its checksum.</p>'
        )
        if before:
            parts.append(_list(page, edition, before, differing, f"e{edition.number}-"))
        else:
            kinds = [one.kind for one in edition.entries.values()]
            numbers = [(kinds.count(kind), kind) for kind in ("page", "section", "item")]
            counts = ", ".join(f"{number} {kind}{'' if number == 1 else 's'}" for number, kind in numbers)
            parts.append(f"<p>The first edition: {counts}.</p>")
    return "\n".join(parts)


def _list(page: Page, edition: Edition, before: Mapping[str, Entry], differing: Mapping[str, str], stem: str) -> str:
    rows: list[tuple[int, str]] = []
    for name, kind in differing.items():
        if kind == "within":
            continue
        one = event(edition, name, kind)
        word = "new" if kind == "new" else one.kind
        entry = edition.entries.get(name) or before[name]
        link = f'<a href="{relative(page, f"id/{name}/")}">{name}</a> {escape(entry.title)}'
        to = ", ".join(f'<a href="{relative(page, f"id/{other}/")}">{other}</a>' for other in one.successors)
        said = f"{EVENTS.get(word, word)}{' to ' if to else ''}{to}" + (
            f": {escape(one.reason)}" if one.reason else "."
        )
        inner = f'<p id="{stem}{name}">{link}: {said}</p>'
        if kind == "changed":
            both = (before, edition.entries)
            titled = entry.kind != "item"  # an item has the title of its heading
            texts = [f"{known[name].title}\n" * titled + own(name, known) for known in both]
            inner += f'<blockquote class="difference">{differences(*texts)}</blockquote>'
        rows.append((ORDER.index(word) if word in ORDER else 0, f"<li>{inner}</li>"))
    counts = [sum(1 for one in rows if one[0] == number) for number in range(len(ORDER))]
    if not rows:
        return "<p>No section has changed.</p>"
    total = ", ".join(f"{count} {word}" for count, word in zip(counts, ORDER, strict=True) if count)
    listed = "".join(text for _, text in sorted(rows, key=lambda one: one[0]))
    return f'<p>Sections: {total}.</p><ul class="changes">{listed}</ul>'


def differences(old: str, new: str) -> str:
    """Two texts as one, word by word: ``<del>`` what went, ``<ins>`` what came; stretches left alone are shortened."""
    before, after = _WORD.findall(old), _WORD.findall(new)
    parts: list[str] = []
    for tag, a, b, c, d in difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            parts.append(_shortened(before[a:b], a > 0, b < len(before)))
            continue
        if b > a:
            parts.append(f"<del>{_shown(before[a:b])}</del>")
        if d > c:
            parts.append(f"<ins>{_shown(after[c:d])}</ins>")
    return "".join(parts)


def _shortened(words: list[str], follows: bool, leads: bool, kept: int = 24) -> str:
    """Equal words, those far from a difference left out."""
    if len(words) <= (follows + leads) * kept + 8:
        return _shown(words)
    return _shown(words[:kept] if follows else []) + " … " + _shown(words[-kept:] if leads else [])


def _shown(words: list[str]) -> str:
    return escape("".join(words)).replace("\n", "<br>")
