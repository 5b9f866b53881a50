"""Checks of the identifiers of an entry: DOI, arXiv number, ISBN, ISSN, addresses, pages."""

from __future__ import annotations

import re
from collections.abc import Iterator

from handbook.checks.addresses import foreign
from handbook.diagnostics import Diagnostic, Rule, rule
from handbook.identifiers import arxiv, backwards, is_address, is_doi, is_issn, is_usual, isbns
from handbook.identifiers import doi as normal_doi
from handbook.records import Reference

DOI = rule(
    "bib-doi",
    "error",
    "A DOI is 10., a number, a slash and a name, with nothing before it and no full stop after it: the link is made"
    " from it.",
    "doi = {https://doi.org/10.1126/science.adn0117},",
    "doi = {10.1126/science.adn0117},",
)
ARXIV = rule(
    "bib-arxiv",
    "error",
    "An arXiv number is YYMM.NNNNN, before 2015 YYMM.NNNN, before April 2007 archive/YYMMNNN with one of arXiv's"
    " archives; a month is 01 to 12.",
    "eprint = {2313.04567}, eprinttype = {arxiv},",
    "eprint = {2312.04567}, eprinttype = {arxiv},",
)
EPRINT = rule(
    "bib-eprint",
    "error",
    "'eprint' and 'eprinttype' mean something only together: a number, and the archive that gave it.",
    "eprint = {2312.04567},",
    "eprint = {2312.04567}, eprinttype = {arxiv},",
)
ISBN = rule(
    "bib-isbn",
    "error",
    "The last digit of an ISBN is computed from the others, and does not agree with them.",
    "isbn = {9780393635820},",
    "isbn = {9780393635829},",
)
ISSN = rule(
    "bib-issn",
    "error",
    "The last digit of an ISSN is computed from the others, and does not agree with them.",
    "issn = {0028-0837},",
    "issn = {0028-0836},",
)
URL = rule(
    "bib-url",
    "error",
    "An address has a scheme (https), a public host and no space; anything else leads nowhere.",
    "url = {www.example.org/a b},",
    "url = {https://www.example.org/a%20b},",
)
PAGES = rule(
    "bib-pages",
    "error",
    "A range of pages ends before it begins, or pages bear a label such as 'pp.', which the style writes itself.",
    "pages = {845--842},",
    "pages = {842--845},",
)


def identifiers(reference: Reference, path: str) -> Iterator[Diagnostic]:
    """Every identifier that cannot be, at the line of its field."""

    def fault(broken: Rule, name: str, what: str, hint: str) -> Diagnostic:
        message = f"Entry '{reference.key}' has {what} '{fields[name]}'."
        return broken.at(path, reference.lines[name], 0, message, hint)

    fields = reference.fields
    doi = fields.get("doi", "")
    if doi and not is_doi(doi) and is_doi(normal_doi(doi)):
        yield fault(DOI, "doi", "more than the DOI in", f"Write {normal_doi(doi)} alone.")
    elif doi and not is_doi(doi):
        yield fault(DOI, "doi", "the impossible DOI", "Write it as 10.1126/science.adn0117.")
    eprint, archive = fields.get("eprint"), fields.get("eprinttype")
    if eprint and not archive:
        if "://" not in eprint:  # publishers' exports give an address as eprint
            yield fault(EPRINT, "eprint", "no 'eprinttype' for its eprint", "Name the archive: eprinttype = {arxiv}.")
    elif archive and not eprint:
        yield fault(EPRINT, "eprinttype", "no 'eprint' for its eprinttype", "Give the number, or remove 'eprinttype'.")
    elif eprint and archive and archive.lower() == "arxiv" and (":" in eprint or not arxiv(eprint)[0]):
        yield fault(ARXIV, "eprint", "the impossible arXiv number", "Write it as 2312.04567.")
    if (isbn := fields.get("isbn")) and "" in isbns(isbn):
        yield fault(ISBN, "isbn", "the impossible ISBN", "Copy it again from the book.")
    if (issn := fields.get("issn")) and not is_issn(issn):
        yield fault(ISSN, "issn", "the impossible ISSN", "Copy it again from the journal.")
    for name in ("url", "archive-url"):
        url = fields.get(name)
        if not url or is_usual(url):
            continue
        if re.search(r"\S\s+\S", url):
            yield fault(URL, name, "a space in its address", "Write %20 for it, or remove it.")
        elif not is_address(url):
            yield fault(URL, name, "no address in its", "Give the whole address, beginning with https:// and encoded.")
        elif wrong := foreign(url):
            message = f"Entry '{reference.key}': {wrong.message}"
            yield URL.at(path, reference.lines[name], 0, message, wrong.hint)
    pages = fields.get("pages", "")
    if pages and backwards(pages):
        yield fault(PAGES, "pages", "a range of pages that runs backwards:", "Put the lower number first.")
    elif pages[:1] in "Pp" and re.match(r"(?:pp?|pages?)\b\.?\s*\d", pages, re.I):
        yield fault(PAGES, "pages", "a label in its pages:", "Give the numbers alone; the style writes 'pp.'.")
