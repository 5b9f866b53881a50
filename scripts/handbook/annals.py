"""What a page says of editions: a link to cite each section, marks where one has changed, the newest edition."""

from __future__ import annotations

import re
from html import escape

from handbook import exports
from handbook.addresses import relative
from handbook.changes import History, event, steps
from handbook.idpages import section
from handbook.publisher import Publisher, citables
from handbook.records import Page

_SHOWN_ID = re.compile(
    r'(<a class="headerlink section-id" href="#([^"]+)"[^>]*>[^<]*</a>)(?! <a class="cite")(</h[2-6]>)?'
)
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

    def downloads(self, page: Page) -> str:
        """The whole to take along, where a build is published; ``rebuilding`` makes what is linked here."""
        if not self.publisher.build:
            return ""
        pdf = f'<a href="{relative(page, "handbook.pdf")}" type="application/pdf">one PDF to read and print</a>'
        packed = f'<a href="{relative(page, "handbook.zip")}" type="application/zip">a zip that opens offline</a>'
        return f"<p>The whole handbook: {pdf}, or {packed}, with its search.</p>"

    def edition(self, page: Page) -> str:
        """The newest edition, what it changed, and what has changed since, in a sentence each."""
        last = self.history.last
        if last is None:
            return "<p>No edition has been published yet. Until one is, no text is fixed.</p>"
        log = relative(page, "about/changes/")
        day = f'<time datetime="{last.date}">{last.date}</time>'
        if self.publisher.edition:
            start = f"You are reading the {last.name}, {day}; it never changes."
        else:
            at = escape(self.publisher.at(last))
            start = f'The newest edition is the <a href="{at}">{last.name}</a>, {day}.'
            own = sum(kind != "within" for kind in self.since.values())
            start += (
                f' Since then <a href="{log}">{own} section{"s have" if own != 1 else " has"} changed</a>.'
                if own
                else ""
            )
        if len(self.history.editions) == 1:
            return f"<p>{start}</p>"
        counts: dict[str, int] = {}
        for name, kind in next(steps(self.history))[2].items():
            if kind != "within":
                word = "new" if kind == "new" else event(last, name, kind).kind
                counts[word] = counts.get(word, 0) + 1
        told = ", ".join(f"{counts[word]} {word}" for word in ORDER if word in counts)
        return f'<p>{start} It changed <a href="{log}#edition-{last.number}">these sections</a>: {told}.</p>'
