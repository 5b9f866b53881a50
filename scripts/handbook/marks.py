"""Author-date marks: ``Korzekwa 2023, para. 9``, and the letters that tell works of one author and year apart."""

from __future__ import annotations

from collections.abc import Iterable

from handbook.locators import locator, ranges
from handbook.records import Bibliography, CitationItem, Reference
from handbook.typography import inner, typographic

ITALIC_TITLES = {"book", "report", "collection", "proceedings", "thesis"}


def letters(references: Iterable[Reference]) -> dict[str, str]:
    """Year letters over the whole bibliography (Chicago 18, 13.114), so that a mark is the same on every page.

    References with the same mark are told apart in the order of their titles: a, b, …, z, aa, ab, …
    """
    alike: dict[tuple[tuple[str, ...], int], list[Reference]] = {}
    for reference in references:
        year = reference.date.year if reference.date else 0
        alike.setdefault((reference.shown or (title_of(reference),), year), []).append(reference)
    found = {}
    for group in alike.values():
        if len(group) > 1:
            for index, reference in enumerate(
                sorted(group, key=lambda one: (title_of(one, "title").casefold(), one.key))
            ):
                found[reference.key] = (chr(96 + index // 26) if index > 25 else "") + chr(97 + index % 26)
    return found


def title_of(reference: Reference, first: str = "shorttitle") -> str:
    """The title that stands for a work without an author: the short one if there is one; failing any, the key."""
    return reference.get(first) or reference.get("title") or reference.key


def mark(reference: Reference, letter: str = "") -> tuple[str, str]:
    """Author and year as they stand in a mark: ``("Bengio et al.", "2024a")``, ``("EU AI Act", "2024")``."""
    if len(reference.shown) > 1:
        joint = " " if reference.shown[1] == "et al." else " and "
        author = joint.join(reference.shown)
    elif reference.shown:
        author = reference.shown[0]
    elif reference.type == "legislation" or reference.type in ITALIC_TITLES:
        author = title_of(reference)
    else:
        author = f"“{inner(title_of(reference))}”"
    return typographic(author), year_of(reference, letter)


def year_of(reference: Reference, letter: str = "") -> str:
    """The year with its letter: ``2024a``, ``25 BCE`` (ISO 8601 has a year 0), ``n.d.`` of a work without a date."""
    if reference.date is None:
        return f"n.d.{'-' + letter if letter else ''}"
    year = reference.date.year
    return f"{year if year > 0 else f'{1 - year} BCE'}{letter}"


def cited(item: CitationItem, bibliography: Bibliography, narrative: bool = False) -> str:
    """The text of one mark: ``Korzekwa 2023, para. 9``, in a sentence ``Korzekwa (2023, para. 9)``.

    The key must be known.
    """
    author, year = mark(bibliography.references[item.key], bibliography.letters.get(item.key, ""))
    # Chicago 18, 13.117: page numbers stand without a label in a mark.
    where = item.locator.value if item.locator and item.locator.label == "page" else locator(item.locator)
    # A suffix that begins with a space goes on without a comma.
    year = ", ".join(filter(None, (year, ranges(where), item.suffix))).replace(",  ", " ")
    if item.author_suppressed:
        return year
    if narrative:
        return f"{author} ({year})"
    if year.startswith("n.d."):
        author = f"{author[:-1]},”" if author.endswith("”") else f"{author},"
    return f"{author} {year}"
