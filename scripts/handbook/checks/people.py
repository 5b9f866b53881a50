"""Checks of the lists of names in an entry: authors, editors, translators."""

from __future__ import annotations

import re
from collections.abc import Iterator

from handbook.diagnostics import Diagnostic, rule
from handbook.records import Reference

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
PEOPLE = ("author", "editor", "translator", "bookauthor", "editora", "editorb", "editorc", "holder")

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


def people(reference: Reference, path: str) -> Iterator[Diagnostic]:
    """What is wrong with the lists of names of an entry, each at the line of its field."""
    for field in PEOPLE:
        if field in reference.fields:
            yield from _names(reference, field, path)


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
