"""What changed, as readers and programs are told: marks in the text, the page of changes, the feed, sections.json."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Mapping
from html import escape
from typing import Any

from handbook import exports
from handbook.addresses import relative
from handbook.changes import KINDS, History, event, steps
from handbook.editions import Edition, Entry, own
from handbook.idpages import EVENTS, section
from handbook.publisher import Publisher, citables
from handbook.records import Page

_SHOWN_ID = re.compile(
    r'(<a class="headerlink section-id" href="#([^"]+)"[^>]*>[^<]*</a>)(?! <a class="cite")(</h[2-6]>)?'
)
_WORD = re.compile(r"\s+|\w+|[^\w\s]")
ORDER = ("substantive", "split", "merged", "moved", "retired", "new", "editorial")


class Annals:
    """The history of a build beside its publisher: what every page asks of it is worked out once."""

    def __init__(self, history: History, publisher: Publisher) -> None:
        self.history, self.publisher = history, publisher
        self.citables = citables(history, publisher)
        self.since = history.since()

    def marked(self, content: str, page: Page) -> str:
        """A page's content with a link to cite each section, a mark where one has changed, and COinS at its end."""
        if not page.id or not self.history.rows:
            return content
        to = relative(page, "id/")
        last = self.history.last

        def add(match: re.Match[str]) -> str:
            link, name, end = match[1], match[2], match[3] or ""
            mark = ""
            if last and self.since.get(name) == "changed":
                declared = self.history.declared.get(name)
                word = f", {declared.kind}" if declared else ""
                tag = "p" if end else "span"
                there = relative(page, "about/changes/", f"since-{name}")
                text = f'<a href="{there}">Changed since the {last.name}{word}</a>'
                mark = f'<{tag} class="changed-since">{text}</{tag}>'
            return f'{link} <a class="cite" href="{to}{name}/" aria-label="Cite {name}">Cite</a>{end}{mark}'

        cited = [self.citables[one] for one in (page.id, *(one.id for one in page.sections)) if one in self.citables]
        spans = "".join(f'<span class="Z3988" title="{escape(exports.coins(one))}"></span>' for one in cited)
        known = not spans or '<div class="coins"' in content
        return _SHOWN_ID.sub(add, content) + ("" if known else f'<div class="coins" hidden>{spans}</div>')

    def whole(self, page: Page) -> str:
        """How to cite the whole handbook; a note where no edition is published."""
        last = self.history.last
        if last is None:
            return '<p class="cite-note">No edition has been published yet.</p>'
        return section("", self.citables[""], last.label, folder=relative(page, "./"))

    def changes(self, page: Page) -> str:
        """What changed since the last edition and in each edition, newest first, with word-level differences."""
        parts = []
        history = self.history
        if history.last and not self.publisher.edition:
            parts.append(f'<h2 id="since-the-last-edition">Since the {history.last.name}</h2>')
            declared = {one.id: (one.kind, one.reason) for one in history.declared.values()}
            fates = {name: row.fate for name, row in history.rows.items() if row.status != "active"}
            coming = Edition(history.coming, "", "", "", history.now, declared, fates)
            parts.append(self._list(page, coming, history.last.entries, self.since, "since-"))
        for edition, before, differing in steps(history):
            parts.append(f'<h2 id="edition-{edition.number}">{edition.name}, {edition.date}</h2>')
            data = f'<a href="{relative(page, f"editions/{edition.number}.json")}">snapshot</a>'
            address = escape(self.publisher.at(edition))
            parts.append(
                f'<p>It stands at <a href="{address}">{address}</a>; its {data} holds every text with its checksum.</p>'
            )
            if before:
                parts.append(self._list(page, edition, before, differing, f"e{edition.number}-"))
            else:
                kinds = [one.kind for one in edition.entries.values()]
                counts = ", ".join(f"{kinds.count(kind)} {kind}s" for kind in ("page", "section", "item"))
                parts.append(f"<p>The first edition: {counts}.</p>")
        return "\n".join(parts)

    def _list(
        self, page: Page, edition: Edition, before: Mapping[str, Entry], differing: Mapping[str, str], stem: str
    ) -> str:
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

    def feed(self) -> str:
        """Atom (RFC 4287): each edition, and of each edition what changed in substance or stands no longer."""
        root, history = self.publisher.root, self.history
        book, author = escape(self.publisher.book), escape(self.publisher.author)
        entries = []
        for edition, before, differing in steps(history):
            at, day = escape(self.publisher.at(edition)), f"{edition.date}T00:00:00Z"
            entries.append(
                _entry(at, f"{book}, {edition.name}", day, f"{at}about/changes/", f"The {edition.name} is published.")
            )
            for name, kind in differing.items() if before else ():
                one = event(edition, name, kind)
                if kind in ("changed", "gone") and one.kind != "editorial":
                    title = f"{name} {escape((edition.entries.get(name) or before[name]).title)}: {EVENTS[one.kind]}"
                    entries.append(_entry(f"{at}id/{name}/", title, day, f"{at}id/{name}/", escape(one.reason)))
        updated = f"{history.last.date if history.last else '1970-01-01'}T00:00:00Z"
        own_address = escape(f"{self.publisher.home}feed.xml")
        return (
            '<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en">\n'
            f"<id>{escape(root)}</id>\n<title>{book}: changes of substance</title>\n<updated>{updated}</updated>\n"
            f'<author><name>{author}</name></author>\n<link rel="self" href="{own_address}"/>\n'
            f'<link href="{escape(root)}"/>\n'
            f"{''.join(entries)}</feed>\n"
        )

    def sections(self) -> str:
        """``sections.json``: every id that was ever given, where it stands, in which editions, and how it fared."""
        history = self.history
        events = history.events()
        found: dict[str, Any] = {}
        for name in dict.fromkeys([*history.rows, *history.now]):
            row, entry = history.rows.get(name), history.now.get(name)
            cited = self.citables.get(name)
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
                "since": self.since.get(name, "unchanged") if history.last and name in history.last.entries else "",
                "cite": cited.url if cited else "",
            }
        build = {"build": self.publisher.build or "latest", "edition": history.last.number if history.last else 0}
        data = {"format": 1, **build, "kinds": KINDS, "sections": found}
        return json.dumps(data, ensure_ascii=False, indent=1) + "\n"


def _entry(name: str, title: str, updated: str, link: str, summary: str) -> str:
    return (
        f'<entry><id>{name}</id><title>{title}</title><updated>{updated}</updated><link href="{link}"/>'
        f"<summary>{summary or title}</summary></entry>\n"
    )


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
