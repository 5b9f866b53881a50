"""Identifiers of works: DOI, arXiv number, ISBN, ISSN, address, pages; whether each can be, and its one normal form."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

_DOI = re.compile(r"10\.\d{4,9}(?:\.\d+)*/\S+", re.ASCII)
_DOI_PREFIX = re.compile(r"(?:https?://)?(?:dx\.|www\.)?doi\.org/|doi:\s*", re.I)
_ARXIV = re.compile(r"(\d\d)(\d\d)\.(\d{4,5})(?:v([1-9]\d*))?", re.ASCII)
_ARCHIVES = (
    "acc-phys|adap-org|alg-geom|ao-sci|astro-ph|atom-ph|bayes-an|chao-dyn|chem-ph|cmp-lg|comp-gas|cond-mat|cs|dg-ga"
    "|funct-an|gr-qc|hep-(?:ex|lat|ph|th)|math|math-ph|mtrl-th|nlin|nucl-(?:ex|th)|patt-sol|physics|plasm-ph|q-alg"
    "|q-bio|quant-ph|solv-int|supr-con"
)
"""arXiv's archives from before April 2007; no more can come (arXiv category taxonomy)."""
_ARXIV_OLD = re.compile(rf"(?:{_ARCHIVES})(?:\.[a-z]{{2}})?/(\d\d)(\d\d)\d{{3}}(?:v([1-9]\d*))?", re.ASCII | re.I)
_ARXIV_PREFIX = re.compile(r"(?:https?://)?(?:www\.)?arxiv\.org/(?:abs|pdf|html)/|arxiv:\s*|10\.48550/arxiv\.", re.I)
_RANGE = re.compile(r"([A-Za-z]*)(\d+)\s*(---?|[-–—])\s*([A-Za-z]*)(\d+)", re.ASCII)
_HOST = re.compile(r"(?:[\w-]+\.)+[\w-]{2,}\.?|\d+(?:\.\d+){3}|\[[0-9a-fA-F:.]+\]")
_PLAIN_ADDRESS = re.compile(r"https?://(?:www\.)?((?:[a-z\d-]+\.)+[a-z]{2,})((?:/[^\s?#%]*)?)", re.ASCII)
"""Nearly every address: read in one go, and what comes out is the same."""
_PORTS = {"http": 80, "https": 443, "ftp": 21}
_TRACKING = ("utm_", "fbclid", "gclid")


def is_doi(text: str) -> bool:
    """``10.NNNN/…`` and nothing before it (DOI Handbook, section 2.2), nor a full stop or comma pasted after it."""
    return bool(_DOI.fullmatch(text)) and not text.endswith((".", ","))


def doi(text: str) -> str:
    """A DOI without what stands before it, in lower case: DOIs are compared without case (DOI Handbook, 2.4)."""
    return _DOI_PREFIX.sub("", text.strip(), count=1).lower()


def arxiv(text: str) -> tuple[str, str]:
    """Number and version (``v2``) of an arXiv paper, written as number, DOI or address; both empty if it is none.

    Numbers are ``YYMM.NNNN`` from April 2007, with five digits from 2015, and ``archive/YYMMNNN`` before.
    """
    bare = _ARXIV_PREFIX.sub("", text.strip(), count=1).removesuffix(".pdf")
    if match := _ARXIV.fullmatch(bare):
        when, digits = match[1] + match[2], len(match[3])
        possible = when >= "0704" and digits == (5 if when >= "1501" else 4)
        version = match[4]
    elif match := _ARXIV_OLD.fullmatch(bare):
        when, version = match[1] + match[2], match[3]
        possible = when >= "9107" or when <= "0703"
    else:
        return "", ""
    if not possible or not 1 <= int(match[2]) <= 12:
        return "", ""
    return re.sub(r"v\d+$", "", bare.lower()), f"v{version}" if version else ""


def isbns(text: str) -> list[str]:
    """The ISBNs of a field as thirteen digits; the empty string stands for each whose check digit is wrong."""
    text = re.sub(r"\([^)]*\)|isbn(?:-1[03])?:?", " ", text, flags=re.I)
    if whole := _isbn(text):
        return [whole]
    return [_isbn(part) for part in re.split(r"[\s,;]+", text) if part] or [""]


def _isbn(text: str) -> str:
    """ISO 2108, annex C: weights 1 and 3 modulo 10; of the older ten digits, 10 to 1 modulo 11 with X for 10."""
    text = re.sub(r"[\s\-‐‑–]", "", text).upper()
    if re.fullmatch(r"97[89]\d{10}", text, re.ASCII):
        total = sum(int(digit) * (3 if index % 2 else 1) for index, digit in enumerate(text))
        return text if total % 10 == 0 else ""
    if re.fullmatch(r"\d{9}[\dX]", text, re.ASCII):
        if sum((10 - index) * (10 if digit == "X" else int(digit)) for index, digit in enumerate(text)) % 11:
            return ""
        body = f"978{text[:9]}"
        total = sum(int(digit) * (3 if index % 2 else 1) for index, digit in enumerate(body))
        return f"{body}{-total % 10}"
    return ""


def is_issn(text: str) -> bool:
    """Whether each ISSN of a field has its check digit (ISO 3297: weights 8 to 1 modulo 11, with X for 10)."""
    parts = re.split(r"[\s,;]+", re.sub(r"\([^)]*\)|[ep]?-?issn:?", " ", text, flags=re.I).strip())
    for part in parts:
        digits = re.fullmatch(r"(\d{4})[-‐‑–]?(\d{3}[\dXx])", part, re.ASCII)
        if digits is None:
            return False
        text = (digits[1] + digits[2]).upper()
        if sum((8 - index) * (10 if digit == "X" else int(digit)) for index, digit in enumerate(text)) % 11:
            return False
    return True


def is_usual(text: str) -> bool:
    """Whether text is an address of the plainest form, with which nothing can be wrong."""
    return bool(_PLAIN_ADDRESS.fullmatch(text)) and "//" not in text[8:]


def is_address(text: str) -> bool:
    """Whether text is the address of something on the web: a known scheme, a host, no space (RFC 3986)."""
    if _PLAIN_ADDRESS.fullmatch(text):
        return True
    try:
        parts = urlsplit(text)
        _ = parts.port
    except ValueError:
        return False
    host = parts.netloc.rpartition("@")[2].rpartition(":")[0] if parts.port else parts.netloc.rpartition("@")[2]
    if parts.scheme.lower() not in _PORTS or text.split() != [text]:
        return False
    return bool(_HOST.fullmatch(host.rstrip(":")))


def address(text: str) -> str:
    """An address as compared: without scheme, ``www.``, default port, last slash and campaign, its query sorted."""
    if match := _PLAIN_ADDRESS.fullmatch(text):
        return match[1] + match[2].rstrip("/")
    try:
        parts = urlsplit(text)
        port = f":{parts.port}" if parts.port and parts.port != _PORTS.get(parts.scheme) else ""
        host = (parts.hostname or "").removeprefix("www.")
    except ValueError:
        return text
    query = ""
    if parts.query:
        pairs = parse_qsl(parts.query, keep_blank_values=True)
        query = "?" + urlencode(sorted(pair for pair in pairs if not pair[0].startswith(_TRACKING)))
    fragment = f"#{parts.fragment}" if parts.fragment else ""
    path = unquote(parts.path) if "%" in parts.path else parts.path
    return f"{host}{port}{path.rstrip('/')}{query if query != '?' else ''}{fragment}"


def backwards(pages: str) -> str:
    """The first range of pages that ends before it begins; the empty string if there is none.

    An end may be shortened: ``1836--41`` is 1836 to 1841. A single hyphen may be part of one page number: ``2020-15``.
    """
    for part in pages.replace(";", ",").split(","):
        match = _RANGE.fullmatch(part.strip())
        if match is None or match[4] not in ("", match[1]):
            continue
        first, last = match[2], match[5]
        if len(last) < len(first):
            if match[3] == "-":
                continue
            last = first[: len(first) - len(last)] + last
        if (len(last), last) < (len(first), first):
            return part.strip()
    return ""
