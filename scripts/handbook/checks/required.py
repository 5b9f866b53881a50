"""The fields that an entry must have, by its type (biblatex manual, section 2.1.1)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from handbook.biblatex import TYPES
from handbook.diagnostics import Diagnostic, rule
from handbook.records import Reference

MISSING = rule(
    "bib-missing",
    "error",
    "A field that every entry of this type needs is missing or empty, so that the reference cannot be found by it.",
    "@article{a, author = {Doe, Jo}, title = {One}, date = {2020}}",
    "@article{a, author = {Doe, Jo}, title = {One}, journaltitle = {Nature}, date = {2020}}",
)
PUBLISHER = rule(
    "bib-publisher",
    "note",
    "The reference of a book names its publisher.",
    "@book{a, author = {Doe, Jo}, title = {One}, date = {2020}}",
    "@book{a, author = {Doe, Jo}, title = {One}, publisher = {Press}, date = {2020}}",
)
INSTITUTION = rule(
    "bib-institution",
    "note",
    "A report names the institution that published it, even where its author is the same body (biblatex, 2.1.1).",
    "@report{a, author = {{Law Office}}, title = {One}, type = {Report}, date = {2020}}",
    "@report{a, author = {{Law Office}}, title = {One}, type = {Report}, institution = {Law Office}, date = {2020}}",
)
UNDATED = rule(
    "bib-undated",
    "note",
    "A page without a date is cited by the day on which it was read. Often the page does bear a date.",
    "@online{a, author = {Doe, Jo}, title = {One}, url = {https://x.example/}, urldate = {2026-11-21}}",
    "@online{a, author = {Doe, Jo}, title = {One}, url = {https://x.example/}, date = {2026-11-20}}",
)

DATED = frozenset({"date", "year", "month", "pubstate"})
PERSONS = (
    *("author", "editor", "translator", "editora", "editorb", "editorc", "bookauthor", "holder", "shortauthor"),
    *("organization", "institution"),
)
SITES = ("publisher", "journaltitle", "titleaddon")
"""What stands for the author of a page: the site. Exports of Zotero give it as one of these."""

_PERSONAL = frozenset({"article", "book", "inbook", "incollection", "inproceedings", "thesis", "unpublished"})
_WITHOUT_AUTHOR = frozenset({"legislation", "proceedings", "collection"})
_NEEDED: dict[str, tuple[str, ...]] = {
    # The first is what the manual asks for; the others are accepted in its stead.
    "article": ("journaltitle",),
    "inproceedings": ("booktitle", "eventtitle"),
    "inbook": ("booktitle", "maintitle"),
    "incollection": ("booktitle", "maintitle"),
    "thesis": ("institution", "publisher", "organization"),
    "report": ("institution", "organization", "publisher", "series", "eprint", "doi"),
    "online": ("url", "doi", "eprint", "eprinttype", "archive-url"),
}
_UNKNOWN = re.compile(r"\b(?:not|no|un(?:known|seen|dated|certain)|never|missing|nowhere|without)\b", re.I)
_TOPICS = {
    "date": re.compile(r"\b(?:un)?date|\b(?:day|month|year|published)\b", re.I),
    "url": re.compile(r"\b(?:address|url|link|found|online)\b", re.I),
}


def missing(reference: Reference, path: str, meant: frozenset[str]) -> Iterator[Diagnostic]:
    """What the entry lacks, at its first line, or at the empty field; ``meant`` are fields whose name is misspelt."""
    if reference.type in ("set", "xdata"):
        return
    fields = {name for name, value in reference.fields.items() if value} | meant
    inherits = not fields.isdisjoint(("crossref", "xdata"))
    lacking = [] if fields & {"title", "maintitle", "issuetitle"} else ["title"]
    if reference.type in TYPES and not inherits:
        lacking += _lacking(reference, fields)
    for name in lacking:
        message = f"Entry '{reference.key}' ({reference.type}) has no '{name}'."
        line = reference.lines.get(name, reference.line)
        yield MISSING.at(path, line, 0, message, f"Give '{name} = {{…}}'.")
    if not fields & DATED and not inherits and _read(reference) and not _excused(reference, "date"):
        message = f"The page '{reference.key}' has no date."
        hint = "Give 'date = {…}', or say in 'gradenote' that it is not known."
        yield UNDATED.at(path, reference.line, 0, message, hint)
    needed = _NEEDED["report"]
    if reference.type == "report" and not inherits and needed[0] not in lacking and fields.isdisjoint(needed):
        message = f"The report '{reference.key}' has no institution."
        yield INSTITUTION.at(path, reference.line, 0, message, "Give 'institution = {…}'.")
    if reference.type == "book" and not inherits and not fields & {"publisher", "institution", "organization"}:
        message = f"The book '{reference.key}' has no publisher."
        yield PUBLISHER.at(path, reference.line, 0, message, "Give 'publisher = {…}'.")


def _lacking(reference: Reference, fields: set[str]) -> Iterator[str]:
    kind = reference.type
    if kind not in _WITHOUT_AUTHOR and fields.isdisjoint(PERSONS):
        # A newspaper stands for its reporters.
        signed = kind in _PERSONAL and not (kind == "article" and "entrysubtype" in fields)
        if signed or fields.isdisjoint(SITES):
            yield "author"
    if kind == "collection" and fields.isdisjoint(PERSONS):
        yield "editor"
    needed = _NEEDED.get(kind, ())
    corporate = kind == "report" and reference.author.startswith("{")
    if needed and fields.isdisjoint(needed) and not corporate and not _excused(reference, needed[0]):
        yield needed[0]
    if not fields & DATED and not _read(reference) and not _excused(reference, "date"):
        yield "date"


def _read(reference: Reference) -> bool:
    """Whether it is a page with the day on which it was read, by which a page without a date is cited."""
    return reference.type in ("online", "misc") and bool(reference.get("urldate"))


def _excused(reference: Reference, name: str) -> bool:
    """Whether the entry says that this is unknown: ``gradenote = {The date was not seen.}``."""
    topic = _TOPICS.get(name)
    sentences = re.split(r"(?<=[.;])\s", reference.get("gradenote")) if topic else []
    return any(topic.search(one) and _UNKNOWN.search(one) for one in sentences) if topic else False
