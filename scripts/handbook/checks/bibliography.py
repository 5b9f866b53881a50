"""Checks of single entries of the bibliography: what is missing, misspelt or impossible in their records.

``same_work`` in ``checks/works.py`` compares entries with one another.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import get_close_matches
from functools import lru_cache

from handbook.biblatex import AS_WEB, CUSTOM, FIELD_ALIASES, FIELDS, OTHER_TYPES
from handbook.checks.identifiers import identifiers
from handbook.checks.people import people
from handbook.checks.required import missing
from handbook.checks.works import same_work
from handbook.citing import KEY
from handbook.dates import before, iso
from handbook.diagnostics import Diagnostic, rule
from handbook.records import Bibliography, Reference

FIELD = rule(
    "bib-field",
    "warning",
    "biblatex has no such field, but one of nearly the same name (manual, section 2.2). What is misspelt is not read.",
    "tittle = {One},",
    "title = {One},",
)
KEY_FORM = rule(
    "bib-key",
    "error",
    "A key that holds a space, a bracket or two signs in a row, or ends in a sign, cannot be cited.",
    "@book{doe 2020, title = {One}}",
    "@book{doe2020, title = {One}}",
)
KEY_CASE = rule(
    "bib-key-case",
    "warning",
    "Two keys differ only in their capitals. BibTeX refuses them (case mismatch), which biber does not, and whoever"
    " cites by hand confuses them.",
    "@book{doe2020, title = {One}}\n@book{Doe2020, title = {Two}}",
    "@book{doe2020one, title = {One}}\n@book{doe2020two, title = {Two}}",
)
CROSSREF = rule(
    "bib-crossref",
    "error",
    "An entry rests on another entry, which is not in the bibliography.",
    "crossref = {nobody2020},",
    "crossref = {doe2020},",
)
YEAR = rule(
    "bib-year",
    "error",
    "A work is not from before 1400, unless from before our era, nor from after next year; nor was it read then. A web"
    " page is not read before it is written.",
    "date = {2203},",
    "date = {2023},",
)
MONTH = rule(
    "bib-month",
    "error",
    "A month without a year is not shown.",
    "month = mar,",
    "month = mar, year = 2020,",
)
PLAIN_TYPE = rule(
    "bib-type-plain",
    "note",
    "biblatex knows this type of entry and the house style does not, so that it is shown as a web page.",
    "@patent{a, title = {One}}",
    "@report{a, title = {One}}",
)

EARLIEST = 1400
AS_READ = ("online", "misc")
"""Types whose date is that of the words; what a journal or a publisher brings out can be read before its date."""
LINKS = ("crossref", "xref", "xdata", "entryset", "related")

_KEY = re.compile(KEY)


def check(bibliography: Bibliography, latest: int = 9999) -> Iterator[Diagnostic]:
    """What is wrong with the entries, each at the line of the field concerned.

    ``latest`` is the last year that a work may bear: next year. What could be read only in part is passed over.
    """
    keys: dict[str, Reference] = {}
    for reference in bibliography.references.values():
        if not reference.whole:
            continue
        path, get = bibliography.path, reference.fields
        typos = _typos(reference)
        for name, meant in typos.items():
            message = f"Entry '{reference.key}' has the unknown field '{name}'."
            yield FIELD.at(path, reference.lines[name], 0, message, f"Write '{meant}', or give it a name of your own.")
        if not _KEY.fullmatch(reference.key):
            message = f"The key '{reference.key}' cannot be cited."
            hint = "Use letters, digits and single signs such as - : _ between them."
            yield KEY_FORM.at(path, reference.line, 0, message, hint)
        if reference.type in OTHER_TYPES - AS_WEB:
            message = f"Entry '{reference.key}' of the type '{reference.type}' is shown as a web page."
            yield PLAIN_TYPE.at(
                path, reference.line, 0, message, "Look whether it says what readers need, or choose a nearer type."
            )
        if (other := keys.setdefault(reference.key.casefold(), reference)) is not reference:
            message = f"The key '{reference.key}' differs from '{other.key}' (line {other.line}) only in its capitals."
            yield KEY_CASE.at(path, reference.line, 0, message, "Give one of the two another key.")
        dates = {"date" if get.get("date") else "year": reference.date}
        if "urldate" in get:
            dates["urldate"] = iso(get["urldate"])
        for name, date in dates.items():
            if date and not EARLIEST <= date.year <= latest and date.year >= 0:  # nobody writes -0024 by mistake
                message = f"Entry '{reference.key}' has the {name} {date.year}."
                yield YEAR.at(path, reference.lines[name], 0, message, "Correct the year.")
        read, written = dates.get("urldate"), reference.date
        if reference.type in AS_READ and read and written and before(read, written):
            message = f"Entry '{reference.key}' was read (urldate) before its date."
            yield YEAR.at(path, reference.lines["urldate"], 0, message, "Correct one of the two.")
        if "month" in get and not (get.get("year") or get.get("date") or "year" in typos.values()):
            message = f"Entry '{reference.key}' has a month and no year."
            yield MONTH.at(path, reference.lines["month"], 0, message, "Give date = {2024-03} instead.")
        if not get.keys().isdisjoint(LINKS):
            yield from _links(reference, bibliography)
        yield from people(reference, path)
        yield from identifiers(reference, path)
        yield from missing(reference, path, frozenset(FIELD_ALIASES.get(meant, meant) for meant in typos.values()))
    yield from same_work(bibliography)


def _typos(reference: Reference) -> dict[str, str]:
    """Field names that are near a known one that the entry lacks, and that one."""
    unknown = reference.fields.keys() - FIELDS - CUSTOM
    near = {name: _near(name) for name in sorted(unknown)}
    return {
        name: meant for name, meant in near.items() if meant and FIELD_ALIASES.get(meant, meant) not in reference.fields
    }


@lru_cache(maxsize=10_000)
def _near(name: str) -> str:
    """The known name that is one slip away; the empty string for a name that is clearly someone's own."""
    if len(name) < 3 or not name.isalpha():
        return ""
    turned = next((known for known in sorted(FIELDS) if len(known) > 2 and sorted(known) == sorted(name)), "")
    return turned or next(iter(get_close_matches(name, sorted(FIELDS), n=1, cutoff=0.83)), "")


def named(reference: Reference) -> Iterator[tuple[str, str]]:
    """The keys of other entries that an entry names, each with the field."""
    for name in LINKS:
        yield from ((name, key.strip()) for key in reference.get(name).split(",") if key.strip())


def _links(reference: Reference, bibliography: Bibliography) -> Iterator[Diagnostic]:
    for name, key in named(reference):
        if key not in bibliography.references:
            message = f"Entry '{reference.key}' names '{key}' in '{name}', which is not in the bibliography."
            hint = "Correct the key, or add the entry."
            yield CROSSREF.at(bibliography.path, reference.lines[name], 0, message, hint)
