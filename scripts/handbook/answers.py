"""What one answer of a web server says: its status, where it sends us, its title, its words and its ids. Pure.

HTML is read by patterns that run in linear time over at most a megabyte: a page from outside may be cut off anywhere,
wrong in any way, or made to keep a parser busy, and only a title and a few attributes are wanted.
"""

from __future__ import annotations

import codecs
import re
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from html import unescape
from urllib.parse import quote, urljoin, urlsplit

NOT_FOUND = re.compile(
    r"\b404\b|not\s+(?:be\s+)?found|(?:doesn.?t|does\s+not|no\s+longer)\s+exists?|no\s+longer\s+available|page\s+missing"
    r"|can(?:'|’|no)t\s+find|nicht\s+gefunden|introuvable|no\s+encontrad[ao]|non\s+trovat[ao]|niet\s+gevonden",
    re.I,
)
"""What the title of a page says that was not found."""

# WHATWG HTML, 13.2.5: comments, elements whose content is text, and tags with their attributes. Each part matches
# to the end of the text where its own end is missing, and none backtracks, so that no page takes long.
_ATTRIBUTES = (
    r"""(?:[\s/]++|[^\s/>=][^\s/>=]*+(?:\s*+=\s*+(?:"[^"]*+(?:"|\Z)|'[^']*+(?:'|\Z)|[^\s"'>][^\s>]*+)?)?+|=)*+"""
)
_TOKEN = re.compile(
    rf"<!--.*?(?:--!?>|\Z)|<(?P<raw>script|style|textarea|title)(?=[\s/>])(?P<with>{_ATTRIBUTES})(?:>|\Z)"
    rf"(?P<text>.*?)(?:</(?P=raw)(?=[\s/>])[^>]*+(?:>|\Z)|\Z)|<(?P<tag>[a-z][^\s/>]*+)(?P<attributes>{_ATTRIBUTES})(?:>|\Z)"
    r"|<[/!?][^>]*+(?:>|\Z)",
    re.I | re.S,
)
_NAMED = re.compile(r"""(?:^|[\s/"'])(id|name)\s*+=\s*+(?:"([^"]*)"|'([^']*)'|([^\s"'>][^\s>]*))""", re.I)
_CHARSET = re.compile(r"""charset\s*=\s*["']?([\w.:-]+)""", re.I)
_BOMS = {codecs.BOM_UTF8: "utf-8", codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to one request. Without ``error`` there is a ``status``; ``location`` only where it redirects."""

    url: str
    status: int = 0
    error: str = ""
    """A key of :data:`handbook.verdicts.FAILURES`, where no answer came."""
    location: str = ""
    """Absolute."""
    cookie: bool = False
    retry_after: float | None = None
    """Seconds."""
    title: str = ""
    words: frozenset[str] = frozenset()
    """Of the text; only where the title says that nothing was found."""
    html: bool = False
    ids: frozenset[str] | None = None
    """None where they were not looked for."""
    cut: bool = False
    """There is more than was read."""


def is_page(status: int, head: Mapping[str, str]) -> bool:
    """Whether an answer brings HTML worth reading; a server that does not say what it sends is taken to send that."""
    kind = head.get("content-type", "").split(";")[0].strip().lower()
    return 200 <= status < 300 and kind in ("", "text/html", "application/xhtml+xml")


def is_askable(url: str) -> bool:
    """Whether an address can be asked at all; ``urlsplit`` accepts more, and refuses some by an error."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(host) and port != 0 and not re.search(r"[\s\\]", parts.netloc)


def by_head(url: str, status: int, head: Mapping[str, str]) -> Answer:
    """An answer whose body is not wanted. Names of header fields are in lower case."""
    leads = status in (301, 302, 303, 307, 308) and "location" in head
    try:
        location = urljoin(url, head["location"].strip()) if leads else ""
    except ValueError:
        return Answer(url, error="not-an-address")
    if location and not is_askable(location):
        return Answer(url, error="not-an-address")
    # What is not allowed in an address must not reach a terminal either.
    location = re.sub(r"[^!-~\xa1-\U0010ffff]", lambda match: quote(match[0]), location)
    wait = retry_after(head.get("retry-after", ""), head.get("date", ""))
    return Answer(url, status, location=location, cookie="set-cookie" in head, retry_after=wait)


def by_body(url: str, status: int, head: Mapping[str, str], body: bytes, most: int, wide: bool) -> Answer:
    """An answer with what its page says, of which at most ``most`` bytes are read; its ids only where ``wide``."""
    plain = inflate(body[:most], head.get("content-encoding", ""), most)
    if plain is None:
        return Answer(url, error="garbled")
    text = decode(plain, head.get("content-type", ""))
    name = title(text)
    return Answer(
        url,
        status,
        title=name,
        words=words(text) if NOT_FOUND.search(name) else frozenset(),
        html=True,
        ids=ids(text) if wide else None,
        cut=len(body) >= most or len(plain) >= most,
    )


def inflate(body: bytes, encoding: str, most: int) -> bytes | None:
    """Undo ``Content-Encoding`` (RFC 9110, 8.4), to at most ``most`` bytes; None where that cannot be done.

    The bytes may end anywhere. A few that would grow to gigabytes do not.
    """
    name = encoding.strip().lower()
    if name in ("", "identity") or not body:
        return body[:most]
    # "deflate" is sent in two forms: in a zlib wrapper, as it should be, and bare.
    forms = {"gzip": (31,), "x-gzip": (31,), "deflate": (15, -15)}.get(name, ())
    for form in forms:
        try:
            return zlib.decompressobj(form).decompress(body, most)
        except zlib.error:
            continue
    return None


def decode(body: bytes, content_type: str) -> str:
    """Text by byte order mark, ``charset`` or ``meta`` (WHATWG HTML, 13.2.3.2), else UTF-8; never fails."""
    bom = next((name for mark, name in _BOMS.items() if body.startswith(mark)), "")
    said = _CHARSET.search(content_type) or _CHARSET.search(body[:1024].decode("ascii", "replace"))
    name = bom or (said[1] if said else "utf-8")
    try:
        # These two are encodings of host names, and slow.
        known = codecs.lookup(name).name not in ("idna", "punycode")
        return body.decode(name if known else "utf-8", "replace").removeprefix("\ufeff")
    except (LookupError, ValueError):
        return body.decode("utf-8", "replace")


def retry_after(value: str, date: str) -> float | None:
    """Seconds to wait by ``Retry-After`` (RFC 9110, 10.2.3), where it is a date by the server's own ``Date``."""
    if value.strip().isascii() and value.strip().isdigit():
        return float(value)
    try:
        return max(0.0, (parsedate_to_datetime(value) - parsedate_to_datetime(date)).total_seconds())
    except (TypeError, ValueError):
        return None


def title(text: str) -> str:
    """The first title of a page, in one line."""
    found = next((match for match in _TOKEN.finditer(text) if (match["raw"] or "").lower() == "title"), None)
    line = " ".join(unescape(found["text"]).split()) if found else ""
    return "".join(char for char in line if char.isprintable())


def words(text: str) -> frozenset[str]:
    """The words that a page shows. Those with a digit are left out: dates, counters and request numbers."""
    shown = unescape(_TOKEN.sub(" ", text)).lower()
    return frozenset(re.findall(r"(?<![\w-])[^\W\d]+(?![\w-])", shown))


def ids(text: str) -> frozenset[str]:
    """What a fragment may point at: ids, and the names of anchors (WHATWG HTML, 7.4.6.3)."""
    found = set()
    for match in _TOKEN.finditer(text):
        for name, *values in _NAMED.findall(match["attributes"] or match["with"] or ""):
            if name.lower() == "id" or (match["tag"] or "").lower() == "a":
                found.add(unescape("".join(values)))
    return frozenset(found)
