"""One citable as a citation to copy, in the forms that policy writers are asked for.

Our templates follow a CSL processor (citeproc-js) with the styles of the CSL repository: tests/golden/sections.yaml
holds what it made of every title, and a test compares. Small capitals (Bluebook) have no span and stay upright.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from types import MappingProxyType

from handbook.records import Citable
from handbook.typography import Span, is_web, ordinal, typographic

STYLES: Mapping[str, str] = MappingProxyType(
    {
        "chicago-note": "Chicago, note",
        "chicago-author-date": "Chicago, author–date",
        "apa": "APA 7",
        "oscola": "OSCOLA",
        "bluebook": "Bluebook",
    }
)
"""The label of each style that a reader sees, by its short name. Chicago is the 18th edition, OSCOLA the 4th."""

# Of citeproc-js's list (CSL.SKIP_WORDS) those that can match a single word.
_SMALL_WORDS = (
    "about above across afore after against al along alongside amid amidst among amongst anenst apropos apud around as "
    "aside astride at athwart atop barring before behind below beneath beside besides between beyond but by circa "
    "despite down during et except for forenenst from given in inside into lest like modulo near next notwithstanding "
    "of off on onto out over per plus pro qua sans since than through throughout thruout till to toward towards under "
    "underneath until unto up upon versus vs v via with within without or yet so and nor a an the de von van c ca"
)
_SMALL = frozenset(_SMALL_WORDS.split())
# A word, with what follows an apostrophe in it; or a mark behind which even a small word is capitalised.
_WORD = re.compile(r"[!?:]|[^\s–—/.,;?!:\[\]()‘’“”-]+(?:’[^\s–—/.,;?!:\[\]()‘’“”-]+)*")
_QUOTE = re.compile(r"[“”‘]|’(?!\w)")


def form(style: str, citable: Citable) -> tuple[Span, ...]:
    """The citation in a style of STYLES, the address a link. A note is a first full note, author–date the list's entry.

    Raises:
        KeyError: the style is not one of STYLES.
    """
    return tuple(span for span in _TEMPLATES[style](citable) if span.text)


# A title is asked for in several styles one after the other, and the book's with each.
@lru_cache(maxsize=32)
def headline(title: str) -> str:
    """An English title with headline capitals, by citeproc-js's rule.

    Every word is capitalised that has no capital yet and is not a small one; of the small ones the first, the last, and
    those behind a colon, a question mark or an exclamation mark.
    """
    found = list(_WORD.finditer(title))
    last = next((match for match in reversed(found) if match[0] not in "!?:"), None)
    parts, end, strong = [], 0, True
    for match in found:
        word = match[0]
        if word in "!?:":
            strong = True
            continue
        stem = word.split("’")[0]
        small = len(stem) == 1 or stem in _SMALL
        if word == word.lower() and (not small or strong or (match is last and len(stem) > 1)):
            parts += [title[end : match.start()], word[0].upper()]
            end = match.start() + 1
        strong = False
    return "".join([*parts, title[end:]])


def quoted(title: str, outer: str, mark: str = "") -> str:
    """A title in the marks ``outer`` (``“”`` or ``‘’``), the marks in it turned to the other kind and back by depth.

    Before the closing marks that end it comes ``mark``, as in American print.
    """
    pairs = (outer, "‘’" if outer == "“”" else "“”")
    letters = list(title)
    for start, stop, depth in _quotations(title):
        kind = pairs[(depth + 1) % 2]
        letters[start], letters[stop] = kind[0], kind[1]
    return f"{outer[0]}{_closed(''.join(letters), mark)}{outer[1]}"


def _quotations(title: str) -> list[tuple[int, int, int]]:
    """First and last mark of each quotation in a title, and how deep it stands. An apostrophe is no mark."""
    open_marks: list[int] = []
    found = []
    for match in _QUOTE.finditer(title):
        if match[0] in "“‘":
            open_marks.append(match.start())
        elif open_marks and title[open_marks[-1]] + match[0] in ("“”", "‘’"):
            found.append((open_marks.pop(), match.start(), len(open_marks)))
    return found


def _closed(title: str, mark: str) -> str:
    """The title with a full stop or comma, inside the quotation that ends it, unless another mark makes it needless."""
    end, ends = len(title), {stop for _, stop, _ in _quotations(title)}
    while end - 1 in ends:
        end -= 1
    needless = title[:end].endswith((".", "?", "!") if mark == "." else ",")
    return title[:end] + ("" if needless else mark) + title[end:]


def _chicago_note(citable: Citable) -> list[Span]:
    title, book = _titles(citable)
    part = [Span(f"{quoted(title, '“”', ',')} in ")] if citable.id else []
    rest = f", {ordinal(str(citable.edition))} ed. ({citable.date.year}), "
    return [Span(f"{citable.author}, "), *part, Span(book, italic=True), Span(rest), _address(citable), Span(".")]


def _chicago_author_date(citable: Citable) -> list[Span]:
    title, book = _titles(citable)
    edition = f"{ordinal(str(citable.edition))} ed. "
    start = Span(f"{_closed(citable.author, '.')} {citable.date.year}. ")
    if citable.id:
        part = [Span(f"{quoted(title, '“”', '.')} In "), Span(book, italic=True), Span(f", {edition}")]
    else:
        part = [Span(book, italic=True), Span(f"{'' if book[-1:] in '.?!' else '.'} {edition}")]
    return [start, *part, _address(citable), Span(".")]


def _apa(citable: Citable) -> list[Span]:
    title, book = typographic(citable.title), typographic(citable.book)
    part = [Span(f"{_closed(title, '.')} In ")] if citable.id else []
    edition = f" ({ordinal(str(citable.edition))} ed.). "
    start = Span(f"{_closed(citable.author, '.')} ({citable.date.year}). ")
    return [start, *part, Span(book, italic=True), Span(edition), _address(citable)]


def _oscola(citable: Citable) -> list[Span]:
    title, book = _titles(citable)
    part = [Span(f"{quoted(title, '‘’')} ")] if citable.id else []
    rest = f" ({ordinal(str(citable.edition))} edn, {citable.date.year}) <"
    return [Span(f"{citable.author}, "), *part, Span(book, italic=True), Span(rest), _address(citable), Span(">.")]


def _bluebook(citable: Citable) -> list[Span]:
    title, book = _titles(citable)
    part = [Span(title, italic=True), Span(", "), Span("in", italic=True), Span(" ")] if citable.id else []
    rest = f" ({citable.edition} ed. {citable.date.year}), "
    return [Span(f"{citable.author}, "), *part, Span(book + rest), _address(citable), Span(".")]


_TEMPLATES: Mapping[str, Callable[[Citable], list[Span]]] = {
    "chicago-note": _chicago_note,
    "chicago-author-date": _chicago_author_date,
    "apa": _apa,
    "oscola": _oscola,
    "bluebook": _bluebook,
}


def _titles(citable: Citable) -> tuple[str, str]:
    return headline(typographic(citable.title)), headline(typographic(citable.book))


def _address(citable: Citable) -> Span:
    return Span(citable.url, href=citable.url if is_web(citable.url) else "")
