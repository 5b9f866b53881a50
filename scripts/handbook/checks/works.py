"""One work under two keys: by DOI, arXiv number, ISBN or address, or by author, year and title."""

from __future__ import annotations

import re
from collections.abc import Iterator

from handbook.diagnostics import Diagnostic, rule
from handbook.identifiers import address, arxiv, doi, isbns
from handbook.records import Bibliography, Reference

SAME_WORK = rule(
    "bib-same-work",
    "error",
    "Two entries have one DOI, arXiv number, ISBN or address. They are one work, and its citations fall apart in two;"
    " or one of the two identifiers is wrong.",
    "@online{a, doi = {10.1000/x}}\n@online{b, doi = {10.1000/X}}",
    "@online{a, doi = {10.1000/x}}\n@online{b, doi = {10.1000/y}}",
)
SAME_TITLE = rule(
    "bib-same-title",
    "warning",
    "Two entries have the same author, year and title, and nothing that tells them apart.",
    "@online{a, author = {Doe, Jo}, title = {One}, date = {2020}}\n"
    "@online{b, author = {Doe, Jo}, title = {one!}, date = {2020}}",
    "@online{a, author = {Doe, Jo}, title = {One}, date = {2020-01-01}}\n"
    "@online{b, author = {Doe, Jo}, title = {one!}, date = {2020-02-02}}",
)

PARTS = frozenset({"inbook", "incollection", "inproceedings", "inreference", "bookinbook", "suppbook"})
"""Parts of a work may share its ISBN, its address and even its DOI."""

TELLING = ("volume", "number", "pages", "edition", "version", "part", "chapter", "doi", "eprint", "eid")
"""Two entries that differ in one of these are two works, whatever their titles."""

COMPARED = 8
"""So many earlier entries of one address are looked at, lest a file of one address take for ever."""

Identity = tuple[str, str]


def same_work(bibliography: Bibliography) -> Iterator[Diagnostic]:
    """Each entry that an earlier one already describes, at the line of what they share."""
    seen: dict[Identity, list[Reference]] = {}
    for reference in bibliography.references.values():
        if not reference.whole or reference.type in ("set", "xdata"):
            continue
        found = False
        for name, identity in _identities(reference):
            earlier = seen.setdefault(identity, [])
            other = next((one for one in earlier if one is not reference and _same(one, reference, identity[0])), None)
            if other and not found:
                found = True
                yield _report(bibliography.path, reference, other, name, identity[0])
            if len(earlier) < COMPARED:
                earlier.append(reference)


def _report(path: str, reference: Reference, other: Reference, name: str, kind: str) -> Diagnostic:
    broken = SAME_TITLE if kind == "title" else SAME_WORK
    shared = {"doi": "DOI", "arxiv": "arXiv number", "isbn": "ISBN", "url": "address"}.get(
        kind, "author, year and title"
    )
    line = reference.lines.get(name, reference.line)
    theirs = other.lines.get(name, other.line)
    message = f"'{reference.key}' (line {reference.line}) has the {shared} of '{other.key}' (line {theirs})."
    return broken.at(path, line, 0, message, "Keep one entry and cite its key, or correct the one that is wrong.")


def _identities(reference: Reference) -> Iterator[tuple[str, Identity]]:
    """Everything that names the work, with the field where it stands; the surest first."""
    get = reference.fields.get
    if value := get("doi"):
        number = arxiv(value)[0] if "arxiv" in value.lower() else ""
        yield "doi", ("arxiv", number) if number else ("doi", doi(value))
    if (value := get("eprint")) and get("eprinttype", "").lower() == "arxiv":
        number = arxiv(value)[0]
        if number:
            yield "eprint", ("arxiv", number)
    if value := get("isbn"):
        for number in isbns(value):
            if number:
                yield "isbn", ("isbn", number)
    if (value := get("url")) and "://" in value:
        number = arxiv(value)[0] if "arxiv.org/" in value else ""
        if number:
            yield "url", ("arxiv", number)
        elif "doi.org/10." in value:
            yield "url", ("doi", doi(value))
        else:
            yield "url", ("url", address(value))
    if reference.shown and (title := _title(reference)):
        yield "title", ("title", f"{reference.shown} {reference.date.year if reference.date else 0} {title}")


def _same(one: Reference, two: Reference, kind: str) -> bool:
    if kind == "arxiv":
        # A paper and an early version of it, which differ in authors or year, are two things to cite.
        if _version(one) == _version(two):
            return True
        year = (one.date.year if one.date else 0) == (two.date.year if two.date else 0)
        return year and one.shown[:1] == two.shown[:1]
    parts = (one.type in PARTS) + (two.type in PARTS)
    if kind == "doi":
        return (
            parts == 0
            or one.type != two.type
            or _title(one) == _title(two)
            or not _apart(one, two, ("pages", "author"))
        )
    if kind == "isbn":
        return parts == 0 and not _apart(one, two, ("volume", "part"))
    if kind == "url":
        if parts and _title(one) != _title(two):
            return False
        return not _apart(one, two, TELLING)
    dates = (one.date, two.date)
    days = all(date is not None and date.day for date in dates) and dates[0] != dates[1]
    return not days and not _apart(one, two, TELLING)


def _apart(one: Reference, two: Reference, names: tuple[str, ...]) -> bool:
    """Whether both have one of these fields and differ in it."""
    for name in names:
        mine, theirs = one.fields.get(name), two.fields.get(name)
        if mine and theirs and mine.casefold() != theirs.casefold():
            return True
    return False


def _version(reference: Reference) -> str:
    return arxiv(reference.get("eprint"))[1] or arxiv(reference.get("url"))[1]


def _title(reference: Reference) -> str:
    """Title and subtitle without case, spaces and punctuation."""
    text = f"{reference.get('title')}{reference.get('subtitle')}"
    return re.sub(r"[\W_]+", "", text).casefold()
