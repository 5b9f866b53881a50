"""One citable as the formats that reference managers read: BibTeX, RIS, CSL-JSON, COinS, head metadata, JSON-LD.

A section is a part of a book and the whole is a book, because reports, web pages and encyclopaedia entries lose the
book or the edition in one citation style or another. There is no publisher, so no format names one.
Quotation marks and apostrophes are curly in every format, whichever the source of the title had.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from handbook.records import Citable, Date
from handbook.typography import MONTHS, typographic

LANGUAGE = "en"

# What TeX would take for a command, each as an entry of a .bib file can hold it: with its braces in pairs.
_TEX = str.maketrans(
    {
        "&": r"\&",
        "%": r"\%",
        "$": r"\$",
        "#": r"\#",
        "_": r"\_",
        "{": r"{\textbraceleft}",
        "}": r"{\textbraceright}",
        "~": r"{\textasciitilde}",
        "^": r"{\textasciicircum}",
        "\\": r"{\textbackslash}",
    }
)


def key(citable: Citable) -> str:
    """The stable key of an entry: ``handbook-1-P9.3``, and ``handbook-1`` for the whole of the first edition.

    It holds only what BibTeX, biber and pandoc all take in a key: ASCII letters, digits, hyphens and full stops.
    """
    return f"handbook-{citable.edition}-{citable.id}" if citable.id else f"handbook-{citable.edition}"


def bibtex(citable: Citable) -> str:
    """A BibTeX and BibLaTeX entry with a newline at its end: ``@incollection``, or ``@book`` for the whole.

    The fields are those of the BibLaTeX manual, 2.2; ``year`` and ``month`` stand beside ``date`` for BibTeX.
    The inner braces keep an organisation from being split into names, and titles from being put into lower case.
    """
    when = citable.date
    title, book = (_plain(text).translate(_TEX) for text in (citable.title, citable.book))
    fields = {
        "author": f"{{{citable.author.translate(_TEX)}}}",
        "title": f"{{{title if citable.id else book}}}",
        "booktitle": f"{{{book}}}" if citable.id else "",
        "edition": str(citable.edition),
        "date": _iso(when),
        "year": str(when.year),
        "url": citable.url,
        "langid": "english",
    }
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
    if when.month:
        # A month is one of BibTeX's own abbreviations, which each style prints in its own way, and so has no braces.
        lines.insert(-2, f"  month = {MONTHS[when.month - 1][:3].lower()},")
    return "\n".join([f"@{'incollection' if citable.id else 'book'}{{{key(citable)},", *lines, "}", ""])


def ris(citable: Citable) -> str:
    """An RIS record with a newline at its end: type ``CHAP``, or ``BOOK`` for the whole.

    Tags are those of Research Information Systems' format of 2011; a comma behind the name marks an organisation.
    """
    title, book, when = _plain(citable.title), _plain(citable.book), citable.date
    month, day = (f"{part:02}" if part else "" for part in (when.month, when.day))
    return "".join(
        f"{tag}  - {value}\n"
        for tag, value in (
            ("TY", "CHAP" if citable.id else "BOOK"),
            ("ID", key(citable)),
            ("TI", title if citable.id else book),
            ("AU", f"{citable.author},"),
            ("T2", book if citable.id else ""),
            ("ET", str(citable.edition)),
            ("PY", str(when.year)),
            # Year, month, day and a part for the season, which stays empty.
            ("DA", f"{when.year}/{month}/{day}/"),
            ("LA", LANGUAGE),
            ("UR", citable.url),
        )
        if value
    ) + ("ER  - \n")


def csl(citable: Citable) -> dict[str, Any]:
    """An item of CSL-JSON (the schema csl-data.json of CSL 1.0.2): type ``chapter``, or ``book`` for the whole."""
    when = citable.date
    container = {"container-title": _plain(citable.book)} if citable.id else {}
    return {
        "id": key(citable),
        "type": "chapter" if citable.id else "book",
        "title": _plain(citable.title if citable.id else citable.book),
        **container,
        "author": [{"literal": citable.author}],
        "edition": str(citable.edition),
        "issued": {"date-parts": [[part for part in (when.year, when.month, when.day) if part]]},
        "URL": citable.url,
        "language": LANGUAGE,
    }


def coins(citable: Citable) -> str:
    """The ``title`` of a ``<span class="Z3988">``, still to be escaped for HTML.

    Keys are those of the book format of OpenURL (ANSI/NISO Z39.88-2004); ``rft.aucorp`` is an organisation.
    """
    book = _plain(citable.book)
    titles = (
        (("rft.genre", "bookitem"), ("rft.atitle", _plain(citable.title)), ("rft.btitle", book))
        if citable.id
        else (("rft.genre", "book"), ("rft.btitle", book))
    )
    return "&".join(
        f"{name}={quote(value, safe='')}"
        for name, value in (
            ("ctx_ver", "Z39.88-2004"),
            ("rft_val_fmt", "info:ofi/fmt:kev:mtx:book"),
            *titles,
            ("rft.aucorp", citable.author),
            ("rft.edition", str(citable.edition)),
            ("rft.date", _iso(citable.date)),
            ("rft_id", citable.url),
        )
    )


def head(citable: Citable) -> tuple[tuple[str, str, str], ...]:
    """The ``<meta>`` elements of a page's head: the naming attribute (``name`` or ``property``), name and content.

    Highwire tags, and what they lack from PRISM, EPrints and, for the whole, the Bibliographic Ontology. There is no
    ``citation_author``, because its readers split an organisation into given and family name; the comma behind the
    name in ``eprints.creators_name`` keeps it whole.
    """
    book, when = _plain(citable.book), citable.date
    shared = (
        ("name", "eprints.creators_name", f"{citable.author},"),
        ("name", "citation_publication_date", _iso(when).replace("-", "/")),
        ("name", "citation_language", LANGUAGE),
        ("name", "citation_public_url", citable.url),
    )
    if not citable.id:
        return (
            ("property", "bibo:type", "Book"),
            ("property", "bibo:edition", str(citable.edition)),
            ("name", "citation_title", book),
            *shared,
        )
    return (
        ("name", "citation_title", _plain(citable.title)),
        ("name", "citation_inbook_title", book),
        ("name", "prism.edition", str(citable.edition)),
        *shared,
    )


def json_ld(citable: Citable) -> dict[str, Any]:
    """JSON-LD for search engines (schema.org): a ``Book``, or a ``Chapter`` that is part of one."""
    author = {"@type": "Organization", "name": citable.author}
    book = {
        "@type": "Book",
        "name": _plain(citable.book),
        "bookEdition": str(citable.edition),
        "author": author,
        "datePublished": _iso(citable.date),
        "inLanguage": LANGUAGE,
    }
    if not citable.id:
        return {"@context": "https://schema.org", **book, "url": citable.url}
    return {
        "@context": "https://schema.org",
        "@type": "Chapter",
        "name": _plain(citable.title),
        "identifier": citable.id,
        "author": author,
        "datePublished": _iso(citable.date),
        "inLanguage": LANGUAGE,
        "url": citable.url,
        "isPartOf": book,
    }


def _plain(text: str) -> str:
    """A title on one line, which a line of RIS must be, with curly marks."""
    return typographic(" ".join(text.split()))


def _iso(date: Date) -> str:
    """``2026-11-21``, as precise as the date."""
    return "-".join(f"{part:02}" for part in (date.year, date.month, date.day) if part)
