"""The page of an id, ``/id/P9.3/``: what it is, its first words, its history, how to cite it; or its tombstone.

A document of its own without the theme: it needs no script, weighs little, and its head describes this one section, so
that programs which read one item a page get the right one. It is never a bare redirect, which such programs follow.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from html import escape

from handbook import exports, forms, policy
from handbook.changes import Event, History
from handbook.editions import Edition, Entry
from handbook.publisher import Publisher
from handbook.records import Citable
from handbook.registry import ACTIVE, Row, final
from handbook.typography import as_html

FIRST_WORDS = 60
EVENTS = {
    "published": "first published",
    "editorial": "wording changed",
    "substantive": "changed in substance",
    "within": "changed in a part of it",
    "moved": "moved",
    "merged": "merged",
    "split": "split",
    "retired": "withdrawn",
}
FATES = {"moved": "was moved to", "merged": "was merged into", "split": "was split into", "retired": "was withdrawn"}
KINDS = {"page": "Page", "section": "Section", "item": "Item"}


class IdPages:
    """The pages of all ids of a build; made once, so that what they share is worked out once."""

    def __init__(self, history: History, publisher: Publisher, citables: Mapping[str, Citable]) -> None:
        self.history, self.publisher, self.citables = history, publisher, citables
        self.events = history.events()
        self.since = history.since()
        self.state = escape(publisher.label(history))

    def names(self) -> list[str]:
        """Every id that was ever given."""
        return list(dict.fromkeys([*self.history.rows, *self.history.now]))

    def page(self, name: str) -> str:
        """The document of one id."""
        entry = self.history.now.get(name)
        row = self.history.rows.get(name)
        if entry is not None:
            title, main = self._standing(entry)
        else:
            title, main = self._tombstone(row or Row(name, "section", name.partition(".")[0], name, 0))
        cited = self.citables.get(name)
        metas = (
            "".join(f'<meta {kind}="{key}" content="{escape(text)}">' for kind, key, text in exports.head(cited))
            if cited
            else ""
        )
        coins = f'<span class="Z3988" title="{escape(exports.coins(cited))}"></span>' if cited else ""
        book = escape(self.publisher.book)
        return (
            f'<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n{policy.meta()}\n'
            f'<meta name="viewport" content="width=device-width, initial-scale=1">\n<title>{title} · {book}</title>\n'
            f'<meta name="robots" content="noindex">\n{metas}\n<link rel="stylesheet" href="../../assets/cite.css">\n'
            '<link rel="stylesheet" href="../id.css">\n<link rel="icon" href="data:,">\n'
            '<script src="../../assets/cite.js" defer></script>\n</head>\n<body>\n'
            f'<header><a href="../../">{book}</a> <span>{self.state}</span></header>\n'
            f"<main>{coins}\n{main}\n{self._editions(name)}\n{self.citing(name)}\n{self._report(name)}</main>\n</body>\n</html>\n"
        )

    def _standing(self, entry: Entry) -> tuple[str, str]:
        known = self.history.now
        page = known[entry.page]
        title = escape(entry.title)
        address = f"../../{escape(entry.address)}"
        if entry.kind == "page":
            heading, kind = f"{entry.id} {title}", "Page of the handbook"
        else:
            of = f'<a href="../{page.id}/">{page.id}</a> {escape(page.title)}'
            inside = known.get(entry.within)
            part = (
                f', in <a href="../{inside.id}/">{inside.id}</a> {escape(inside.title)}'
                if inside and inside is not page
                else ""
            )
            heading = f"{entry.id} {title}" if entry.kind == "section" else f"{entry.id}, under “{title}”"
            kind = f"{KINDS[entry.kind]} of {of}{part}"
        words = entry.text.split()
        more = " …" if len(words) > FIRST_WORDS else ""
        text = escape(" ".join(words[:FIRST_WORDS])) + more
        named = f"{entry.id} {escape(page.title)}" + ("" if entry is page else f": {title}")
        return named, (
            f'<p class="kind">{kind}</p>\n<h1>{heading}</h1>\n<blockquote><p>{text}</p></blockquote>\n'
            f'<p class="open"><a href="{address}">Read {entry.id} in its place</a></p>'
        )

    def _tombstone(self, row: Row) -> tuple[str, str]:
        """What became of an id, why, where to go on, and its last words in full."""
        links = " and ".join(f'<a href="../{one}/">{one}</a>' for one in row.successors)
        fate = f"{FATES.get(row.status, 'stands nowhere')} {links}".strip()
        kind = f"{KINDS[row.kind]} of the handbook that no longer stands"
        parts = [f'<p class="kind">{kind}</p>', f"<h1>{row.id} {escape(row.title)}</h1>"]
        parts.append(f'<p class="fate">{row.id} {fate}. {escape(row.reason)}</p>')
        end = [one for one in final(row.id, self.history.rows) if one not in row.successors]
        if end:
            links = ", ".join(f'<a href="../{one}/">{one}</a>' for one in end)
            parts.append(f"<p>What it said is to be looked for in {links}.</p>")
        edition = self.history.printed(row.id)
        if edition:
            lines = "".join(f"<p>{escape(line)}</p>" for line in edition.entries[row.id].text.split("\n"))
            parts.append(f"<h2>Its last text, {edition.name}</h2>\n<blockquote>{lines}</blockquote>")
        else:
            parts.append("<p>No edition has published it.</p>")
        return f"{row.id} {escape(row.title)}", "\n".join(parts)

    def _editions(self, name: str) -> str:
        """Each edition that did something to the id, and what has happened since."""
        items = [self._event(name, one) for one in self.events.get(name, [])]
        if not items and name in self.history.now:
            items = [f"<li>In no edition yet; the {self._coming()} will be the first with it.</li>"]
        last = self.history.last
        if last and name in last.entries and not self.publisher.edition:
            items.append(f"<li>Since the {last.name}: {self.now(name)}</li>")
        return f'<h2>Editions</h2>\n<ul class="editions">{"".join(items)}</ul>' if items else ""

    def _coming(self) -> str:
        return Edition(self.history.coming, "", "", "", {}).name

    def _event(self, name: str, event: Event) -> str:
        words = EVENTS[event.kind]
        if event.successors:
            words += " to " + ", ".join(f'<a href="../{one}/">{one}</a>' for one in event.successors)
        reason = f": {escape(event.reason)}" if event.reason else "."
        edition = self.history.editions[event.edition - 1]
        entry = edition.entries.get(name)
        there = ""
        if entry:
            address = escape(f"{self.publisher.at(edition)}{entry.address}")
            there = f' <a href="{address}" aria-label="{name} in the {edition.name}">Read it there</a>'
        return f"<li>{edition.name}, {event.date}: {words}{reason}{there}</li>"

    def now(self, name: str) -> str:
        """What has become of a published id since the newest edition, one sentence."""
        match self.since.get(name):
            case "changed":
                declared = self.history.declared.get(name)
                return f"{EVENTS[declared.kind]}: {escape(declared.reason)}" if declared else "changed."
            case "within":
                return "changed in a part of it."
            case "gone":
                row = self.history.rows.get(name)
                return f"{EVENTS[row.status]}: {escape(row.reason)}" if row and row.status != ACTIVE else "gone."
        return "unchanged."

    def _report(self, name: str) -> str:
        """The link by which a reader tells of a problem."""
        address = escape(self.publisher.feedback.report(name, self.publisher.label(self.history), "../../"))
        return f'<p class="report"><a href="{address}">Report a problem with {name}</a></p>\n' if address else ""

    def citing(self, name: str) -> str:
        """Every citation of an id, as the page shows them and as the dialog takes them from it."""
        cited = self.citables.get(name)
        if cited is None:
            note = "It is in no edition yet, and so has no address that stays. Cite it when an edition has it."
            inner = f'<h2>Cite {name}</h2>\n<p class="cite-note">{note}</p>'
            return f'<section class="cite-forms" data-id="{name}">\n{inner}</section>'
        edition = self.history.editions[cited.edition - 1]
        notes = ""
        if self.since.get(name) in ("changed", "within", "gone"):
            what = f"The text has changed since the {edition.name}: {self.now(name)}"
            notes = f'<p class="cite-note changed">{what} This cites what the {edition.name} published.</p>'
        elif edition is not self.history.last:
            notes = f'<p class="cite-note">The {edition.name} is the last that has it, and is what this cites.</p>'
        return section(name, cited, edition.label, notes)


def section(name: str, cited: Citable, label: str, notes: str = "", folder: str = "") -> str:
    """All forms of one citation, as a description list, and its files. An empty name is the whole handbook."""
    rows = [(label, key, as_html(forms.form(key, cited))) for key, label in forms.STYLES.items()]
    url = escape(cited.url)
    rows.append(("Address", "link", f'<a href="{url}">{url}</a>'))
    rows.append(("BibTeX", "bibtex", f"<pre><code>{escape(exports.bibtex(cited))}</code></pre>"))
    terms = "".join(f'<div><dt>{term}</dt><dd data-form="{key}">{text}</dd></div>' for term, key, text in rows)
    stem = f"{folder}{name or 'handbook'}"
    kinds = (
        ("bib", "BibTeX", ""),
        ("ris", "RIS", ' type="application/x-research-info-systems"'),
        ("json", "CSL-JSON", ""),
    )
    files = " · ".join(f'<a href="{stem}.{end}"{kind}>{title}</a>' for end, title, kind in kinds)
    heading = f"Cite {name or 'the whole handbook'}, {label}"
    return (
        f'<section class="cite-forms" data-id="{name}" data-url="{url}" data-edition="{label}">\n<h2>{heading}</h2>\n'
        f'{notes}<dl>{terms}</dl>\n<p class="cite-files">Files: {files}</p></section>'
    )


def files(name: str, cited: Sequence[Citable]) -> dict[str, str]:
    """The files that reference managers read, by name: one citation, or all of them together, one a line in JSON."""
    items = ",\n ".join(json.dumps(exports.csl(one), ensure_ascii=False) for one in cited)
    return {
        f"{name}.bib": "\n".join(exports.bibtex(one) for one in cited),
        f"{name}.ris": "\n".join(exports.ris(one) for one in cited),
        f"{name}.json": f"[\n {items}\n]\n",
    }
