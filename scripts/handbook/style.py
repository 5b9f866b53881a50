"""The house style: Chicago author-date (18th edition). A test holds it against a CSL processor.

A formatted reference is a sequence of spans, from which HTML and plain text are made; whatever a field contains is
text, never markup, and only ``http`` and ``https`` addresses become links.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from handbook.bibliography import people
from handbook.marks import ITALIC_TITLES, mark, title_of, year_of
from handbook.records import Bibliography, Date, Name, Reference
from handbook.typography import (
    Span,
    as_html,
    as_text,
    inner,
    is_web,
    listed,
    month_and_day,
    ordinal,
    page_range,
    sentence,
    stop,
    typographic,
)

LISTED = 6
"""Chicago 18, 13.107: more authors than this are listed as the first three and "et al."."""

PERIODICALS = {"article", "inproceedings"}


def sort_key(reference: Reference) -> tuple[str, str, str]:
    """Order in a list of works: by author (or title), then date, then title."""
    author = ", ".join(f"{name.family}, {name.given}" for name in people(reference.author)) or title_of(reference)
    when = reference.date
    date = f"{when.year:04}" if when else "9999"
    return author.casefold(), date, re.sub(r"^(?:the|an?) ", "", reference.get("title").casefold())


@dataclass(frozen=True, slots=True)
class Work:
    """A reference ready for print: its mark, its entry as HTML and as text, and its place in a list of works."""

    key: str
    mark: str
    html: str
    text: str
    order: tuple[str, str, str]


def work(bibliography: Bibliography, key: str) -> Work:
    """The work of a known key, made once for a bibliography."""
    found: Work | None = bibliography.works.get(key)
    if found is None:
        reference, letter = bibliography.references[key], bibliography.letters.get(key, "")
        spans = entry(reference, letter)
        found = Work(key, " ".join(mark(reference, letter)), as_html(spans), as_text(spans), sort_key(reference))
        bibliography.works[key] = found
    return found


def entry(reference: Reference, letter: str = "") -> tuple[Span, ...]:
    """The full reference, ending in a full stop."""
    year = year_of(reference, letter)
    author = _authors(people(reference.author))
    title = typographic(reference.get("title") or reference.key)
    law = reference.type == "legislation"
    if law:
        head = [Span(stop(author or typographic(title_of(reference))) + f" {year}. ")]
        body = _law(reference, title)
    else:
        shown = Span(title, italic=True) if reference.type in ITALIC_TITLES else Span(f"“{stop(inner(title))}”")
        if author:
            head = [Span(f"{stop(author)} {stop(year)} "), shown]
        else:
            head = [shown, Span(f" {stop(year)}" if not shown.italic else f". {stop(year)}")]
        closed = not (shown.italic and author)
        body = [Span(" " if closed else ("" if title[-1:] in "?!" else ".") + " "), *_container(reference)]
    spans = [span for span in head + body if span.text]
    spans += _address(reference)
    while not spans[-1].text.strip():
        spans.pop()
    last = spans[-1]
    spans[-1] = Span(last.text.rstrip(), last.italic, last.href)
    if not spans[-1].text.endswith((".", ".”", "?”", "!”")):
        spans.append(Span("."))
    return tuple(spans)


def _law(reference: Reference, title: str) -> list[Span]:
    """Title and where it is printed: ``…, 88 Fed. Reg. 75191.``"""
    source = " ".join(
        filter(None, (reference.get("volume"), reference.get("journaltitle"), page_range(reference.get("pages"))))
    )
    return [Span(stop(", ".join(filter(None, (title, source)))) + " ")]


def _container(reference: Reference) -> list[Span]:
    """What stands between the title and the address, each part ending in a full stop and a space."""
    get = reference.get
    if reference.type in PERIODICALS:
        name = get("journaltitle") or get("booktitle")
        number = f" ({get('number')})" if get("number") and reference.type == "article" else ""
        volume = f" {get('volume')}{number}" if get("volume") else ""
        pages = (": " if volume else ", ") + page_range(get("pages")) if get("pages") else ""
        when = "" if volume or pages or reference.type != "article" else month_and_day(reference.date, ", ")
        tail = f"{volume}{pages}{when}"
        return [Span(typographic(name), italic=True), Span(stop(tail) + " " if tail else ". ")] if name else []
    if reference.type in {"incollection", "inbook"}:
        edition = f", {ordinal(get('edition'))} ed." if get("edition") else ""
        editors = (
            f", edited by {listed([_forename_first(name) for name in people(get('editor'))])}" if get("editor") else ""
        )
        return [
            Span("In "),
            Span(typographic(get("booktitle")), italic=True),
            Span(stop(f"{edition}{editors}") + " "),
            Span(sentence(get("publisher"))),
        ]
    if reference.type in ITALIC_TITLES:
        edition = f"{ordinal(get('edition'))} ed. " if get("edition") else ""
        number = get("number")
        parts = (
            f"No. {number}" if number.isdigit() else number,
            get("institution") or get("publisher") or get("organization"),
        )
        return [Span(edition + "".join(sentence(part) for part in parts))]
    if _is_preprint(reference):
        return [Span(f"Preprint, arXiv{month_and_day(reference.date, ', ')}. ")]
    version = f"Version {get('version')}. " if get("version") else ""
    site = typographic(get("organization") or get("publisher"))
    when = month_and_day(reference.date, ", " if site else "")
    return [Span(version + sentence(f"{site}{when}"))]


def _is_preprint(reference: Reference) -> bool:
    return reference.get("eprinttype").lower() == "arxiv" and reference.type not in PERIODICALS | ITALIC_TITLES


def identifiers(reference: Reference) -> tuple[Span, ...]:
    """DOI, arXiv id, ISBN and address of a work, those that lead somewhere as links."""
    found = []
    if doi := reference.get("doi"):
        found.append(Span(f"doi:{doi}", href=f"https://doi.org/{doi}"))
    if reference.get("eprinttype").lower() == "arxiv":
        found.append(Span(f"arXiv:{reference.get('eprint')}", href=f"https://arxiv.org/abs/{reference.get('eprint')}"))
    if isbn := reference.get("isbn"):
        found.append(Span(f"ISBN {isbn}"))
    if url := reference.get("url"):
        found.append(Span(url, href=url if is_web(url) else ""))
    return tuple(found)


def _address(reference: Reference) -> list[Span]:
    """The best address: DOI, else the given one, else arXiv; with the day of access only where there is no date."""
    get = reference.get
    if doi := get("doi"):
        href = f"https://doi.org/{doi}"
    elif get("url"):
        href = get("url")
    elif get("eprinttype").lower() == "arxiv":
        href = f"https://arxiv.org/abs/{get('eprint')}"
    else:
        return []
    accessed = []
    if not reference.date and (match := re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)", get("urldate"))):
        year, month, day = (int(part) for part in match.groups())
        accessed = [Span(f"Accessed {month_and_day(Date(year, month, day), '')}, {year}. ")]
    return [*accessed, Span(href, href=href if is_web(href) else "")]


def _authors(names: tuple[Name, ...]) -> str:
    """``Zed, Ann, and Ben Bee``: the first name inverted, three and "et al." of more than six."""
    if not names:
        return ""
    first = ", ".join(filter(None, (names[0].family, names[0].given, names[0].suffix)))
    others = names[-1].family == "others"
    if others or len(names) > LISTED:
        shown = [first, *(_forename_first(name) for name in names[1 : min(3, len(names) - others)])]
        return typographic(", ".join(shown) + ", et al.")
    given = [_forename_first(name) for name in names[1:]]
    if len(given) == 1:
        # Only an inverted first name needs the comma (Chicago 18, 13.75).
        return typographic(f"{first}{',' if names[0].given else ''} and {given[0]}")
    return typographic(listed([first, *given]))


def _forename_first(name: Name) -> str:
    return " ".join(filter(None, (name.given, name.family, name.suffix)))
