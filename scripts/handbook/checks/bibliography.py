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
from handbook.checks.required import missing
from handbook.checks.works import same_work
from handbook.citing import KEY
from handbook.dates import iso
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
    "A work is not from before 1400, unless from before our era, nor from after next year; nor was it read then.",
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
NAME = rule(
    "bib-name",
    "error",
    "Names are parted by the word 'and', each written 'Family, Given' or 'Family, Jr., Given'; an organisation stands"
    " in braces of its own. Otherwise names run into one another.",
    "author = {Doe, Jo, Roe, Al},",
    "author = {Doe, Jo and Roe, Al},",
)
OTHERS = rule(
    "bib-others",
    "error",
    "A list of names that is cut short ends in 'and others'; anything else is shown as the name of an author.",
    "author = {Doe, Jo and et al.},",
    "author = {Doe, Jo and others},",
)
PLAIN_TYPE = rule(
    "bib-type-plain",
    "note",
    "biblatex knows this type of entry and the house style does not, so that it is shown as a web page.",
    "@patent{a, title = {One}}",
    "@report{a, title = {One}}",
)

PEOPLE = ("author", "editor", "translator", "bookauthor", "editora", "editorb", "editorc", "holder")
EARLIEST = 1400
LINKS = ("crossref", "xref", "xdata", "entryset", "related")

_KEY = re.compile(KEY)
_IN_BRACES = re.compile(r"\{(?:[^{}]|\{[^{}]*\})*\}")
_AND = re.compile(r"(?:^|\s+)and(?=\s|$)", re.I)
_SUFFIX = re.compile(
    r"(?:jr|sr|jnr|snr|[ivx]+|\d(?:st|nd|rd|th)|junior|senior|esq|ph\.?\s?d|m\.?\s?d|fils|père|filho|neto)\.?", re.I
)
_ET_AL = re.compile(r"(?<!\w)(?:et\.? ?al|and others|u\. ?a|y otros|et autres)(?!\w)", re.I)
_PERSONS = re.compile(
    r"(?:[A-Z]\w*\.? ){1,3}[A-Z]\w+ \\?& (?:[A-Z]\w*\.? ){1,3}(?!(?:Co|Ltd|Inc|Sons|Company|Partners)\b)[A-Z]\w+"
)
"""Two people, "Ann B. Doe & Al Roe", unlike one firm, "Smith & Wesson"."""
_OTHERS = frozenset({"other", "etal", "&others", "& others", "and others", "...", "…", "more"})


def check(bibliography: Bibliography, latest: int = 9999) -> Iterator[Diagnostic]:
    """What is wrong with the entries, each at the line of the field concerned.

    ``latest`` is the last year that a work may bear: next year. What could be read only in part is passed over.
    """
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
        dates = {"date" if get.get("date") else "year": reference.date}
        if "urldate" in get:
            dates["urldate"] = iso(get["urldate"])
        for name, date in dates.items():
            if date and not EARLIEST <= date.year <= latest and date.year >= 0:  # nobody writes -0024 by mistake
                message = f"Entry '{reference.key}' has the {name} {date.year}."
                yield YEAR.at(path, reference.lines[name], 0, message, "Correct the year.")
        if "month" in get and not (get.get("year") or get.get("date") or "year" in typos.values()):
            message = f"Entry '{reference.key}' has a month and no year."
            yield MONTH.at(path, reference.lines["month"], 0, message, "Give date = {2024-03} instead.")
        if not get.keys().isdisjoint(LINKS):
            yield from _links(reference, bibliography)
        for name in PEOPLE:
            if name in get:
                yield from _names(reference, name, path)
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


def _names(reference: Reference, field: str, path: str) -> Iterator[Diagnostic]:
    """At most one diagnostic a field: one slip mostly spoils several names."""
    written = reference.get(field)
    # What stands in braces is an organisation or a word of its own, whatever signs it holds.
    plain = _IN_BRACES.sub("X", written) if "{" in written else written
    line = reference.lines[field]
    names = [name.strip() for name in _AND.split(plain)] if "and" in plain.lower() else [plain.strip()]
    if _ET_AL.search(written.replace("and others", "")) or names[-1].lower() in _OTHERS or "Others" in names:
        message = f"The {field} of '{reference.key}' is cut short in the wrong way."
        yield OTHERS.at(path, line, 0, message, "End the list in 'and others', or give all names.")
        return
    for name in names if plain else []:
        if problem := _name_problem(name):
            message = f"The {field} of '{reference.key}' {problem}."
            hint = "Part names with 'and', and put an organisation in braces of its own."
            yield NAME.at(path, line, 0, message, hint)
            return


def _name_problem(name: str) -> str:
    if not name:
        return "has an empty name"
    if ";" in name:
        return "parts names with a semicolon"
    if "&" in name and ("," in name or _PERSONS.fullmatch(name)):
        return "parts names with '&'"
    if "," not in name or "family=" in name or "given=" in name:
        return ""
    parts = [part.strip() for part in name.split(",")]
    if not parts[0] or not parts[-1]:
        return f"has a comma too many in '{name}'"
    if len(parts) > 3 or (len(parts) == 3 and not _SUFFIX.fullmatch(parts[1]) and parts[1] != "X"):
        return f"has too many commas in '{name}'"
    return ""
