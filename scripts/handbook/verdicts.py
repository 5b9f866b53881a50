"""From what a server answered to a verdict on an address. Pure.

The verdicts are ours, because checkers that know only "alive" and "dead" call a server that is busy, or that shuts out
robots, dead.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import quote, unquote, urldefrag, urlsplit, urlunsplit

from handbook.answers import NOT_FOUND, Answer

ALIKE = 0.8
"""Two pages are alike where they share this part of all their words."""

FAILURES = {
    "unknown-host": "its host is unknown",
    "certificate-name": "the certificate is for another host",
    "certificate": "the certificate cannot be trusted",
    "lookup": "the name of its host could not be looked up",
    "refused": "the server refuses connections",
    "time-out": "no answer came in time",
    "broken": "the connection broke off",
    "garbled": "the answer cannot be decoded",
    "not-an-address": "nothing can be asked there",
    "asked-enough": "it was asked often enough in this run",
}
GONE = ("unknown-host", "certificate-name")
"""The failures that count as a miss."""
RESOLVERS = ("doi.org", "hdl.handle.net", "n2t.net", "purl.org", "w3id.org", "perma.cc")
"""Their addresses are the lasting ones, wherever they lead today."""

_PLAIN = re.compile(
    r"(?:index|default|home|main)(?:\.\w+)?"
    r"|(?:ar|bg|cs|da|de|el|en|es|et|fi|fr|ga|he|hi|hr|hu|it|ja|ko|lt|lv|nl|no|pl|pt|ro|ru|sk|sl|sv|tr|uk|zh)(?:[-_][a-z]{2,4})?",
    re.I,
)
_LOGIN = re.compile(r"(?:wp-|user-?)?(?:log|sign)[-_]?(?:in|on)(?:\.\w+)?|sso|openid-connect", re.I)
_LOGIN_HOST = re.compile(r"(?:login|signin|sso|auth|idp|accounts?)\.", re.I)
# Made by scripts in the reader's browser, so no page from a server holds them: #/route, #!route, #L12 of a source file.
_BY_SCRIPT = re.compile(r"[!/].*|:~:.*|L\d+(?:C\d+)?(?:-L\d+(?:C\d+)?)?")


@dataclass(frozen=True, slots=True)
class Verdict:
    """``kind`` is ok, moved, suspect, dead, soft 404 or unverified; ``why`` ends a sentence."""

    kind: str
    why: str = ""
    new: str = ""
    """Where it has moved."""


def normal(url: str) -> str:
    """One spelling for an address (RFC 3986, 6.2.2 and 6.2.3), to compare by and not to ask. Never fails."""
    try:
        parts = urlsplit(url.strip())
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        return url.strip()
    if not host.isascii():
        try:
            host = host.encode("idna").decode("ascii")
        except UnicodeError:
            return url.strip()
    host = f"[{host}]" if ":" in host else host
    usual = {"http": 80, "https": 443}.get(parts.scheme)
    netloc = host if port in (None, usual) else f"{host}:{port}"
    path, query, fragment = (_escapes(part) for part in (parts.path or "/", parts.query, parts.fragment))
    return urlunsplit((parts.scheme, netloc, path, query, fragment))


def _escapes(text: str) -> str:
    def one(match: re.Match[str]) -> str:
        char = chr(int(match[1], 16))
        return char if char.isascii() and (char.isalnum() or char in "-._~") else match[0].upper()

    return re.sub("%([0-9a-f]{2})", one, quote(text, safe="%/:?#[]@!$&'()*+,;=-._~"), flags=re.I)


def says_not_found(answer: Answer) -> bool:
    """Whether a page that came well says in its title that it was not found: then a random sibling is worth asking."""
    return 200 <= answer.status < 300 and bool(NOT_FOUND.search(answer.title))


def judge(hops: tuple[Answer, ...], fragment: str, sibling: Answer | None) -> Verdict:
    """The verdict on an address by the answers to it and to what it redirects to, in order.

    ``fragment`` is the address's own; ``sibling`` the answer to an address beside it that nobody made, where asked.
    """
    first, last = hops[0], hops[-1]
    if last.error:
        return Verdict("suspect" if last.error in GONE else "unverified", FAILURES[last.error])
    if last.location:
        return Verdict("suspect", f"it redirects without end ({len(hops)} times)")
    if last.status in (404, 410):
        return Verdict("suspect", f"the server answers {last.status}")
    if not 200 <= last.status < 300:
        return Verdict("unverified", f"the server answers {last.status}")
    if why := _elsewhere(first.url, last.url):
        return Verdict("soft 404", why)
    if sibling is not None and says_not_found(last) and _alike(last, sibling):
        return Verdict("soft 404", f"its title is '{last.title[:80]}', as for an address that never was")
    # A redirect may choose another place in the page; then the one asked for is not to be found there.
    chosen = any(urlsplit(hop.location).fragment for hop in hops)
    if not chosen and (absent := _absent(last, fragment)):
        return absent
    new = _moved(hops, fragment)
    return Verdict("moved", new=new) if new else Verdict("ok")


def _segments(path: str) -> list[str]:
    """The parts of a path that say anything: neither a language nor the name of a home page."""
    return [part for part in path.split("/") if part and not _PLAIN.fullmatch(part)]


def _elsewhere(asked: str, reached: str) -> str:
    """Why a page that a redirect led to cannot be the one that was asked for, or ""."""
    old, new = urlsplit(asked), urlsplit(reached)
    hosts = [(part.hostname or "").removeprefix("www.") for part in (old, new)]
    if hosts[0] == hosts[1] and old.path == new.path:
        return ""
    # A single part on another host may be a short link, and those may lead to a home page.
    deep = len(_segments(old.path)) > (hosts[0] != hosts[1])
    if deep and not _segments(new.path) and new.query in ("", old.query):
        return f"it leads to the home page '{urldefrag(reached).url}'"
    if any(map(_LOGIN.fullmatch, new.path.split("/"))) and not any(map(_LOGIN.fullmatch, old.path.split("/"))):
        return f"it leads to a login page on '{new.hostname}'"
    if _LOGIN_HOST.match(new.hostname or "") and hosts[0] != hosts[1]:
        return f"it leads to a login page on '{new.hostname}'"
    return ""


def _alike(page: Answer, sibling: Answer) -> bool:
    """Whether two pages that say that they were not found are the same, but for the address that they repeat."""
    if not says_not_found(sibling):
        return False
    echo = {word for url in (page.url, sibling.url) for word in re.findall(r"[^\W\d]+", unquote(url).lower())}
    own, other = page.words - echo, sibling.words - echo
    return len(own & other) >= ALIKE * len(own | other)


def _absent(page: Answer, fragment: str) -> Verdict | None:
    """A verdict on the place in a page where it is missing; fragments that are no ids are not looked for."""
    wanted = fragment.split(":~:")[0]
    if not wanted or not page.html or wanted.lower() == "top" or _BY_SCRIPT.fullmatch(wanted):
        return None
    if page.ids is None:
        return Verdict("unverified", FAILURES["asked-enough"])
    # GitHub gives headings of a README this prefix, and a script takes it off again.
    names = {wanted, unquote(wanted)}
    if page.ids & (names | {f"user-content-{name}" for name in names}):
        return None
    if page.cut:
        return Verdict("unverified", f"the page is too long to look for '#{wanted}'")
    return Verdict("suspect", f"the page has no '#{wanted}'")


def _moved(hops: tuple[Answer, ...], fragment: str) -> str:
    """Where permanent redirects, one after the other from the start, lead; "" where they lead nowhere else."""
    new = hops[0].url
    for hop in hops[:-1]:
        if hop.status not in (301, 308) or (urlsplit(hop.url).hostname or "") in RESOLVERS:
            break
        new = hop.location
    if normal(urldefrag(new).url) == normal(hops[0].url):
        return ""
    return new if urlsplit(new).fragment or not fragment else f"{new}#{fragment}"
