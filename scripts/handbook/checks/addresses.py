"""Addresses of other sites, judged by their form alone."""

from __future__ import annotations

import difflib
import ipaddress
import re
from urllib.parse import unquote, urlsplit

from handbook.diagnostics import rule
from handbook.site import Problem

rule(
    "address-scheme",
    "error",
    "The scheme of the address is misspelt or missing.",
    "[Law](htps://law.example/)",
    "[Law](https://law.example/)",
)
rule(
    "address-host",
    "error",
    "The address has no host, or one that cannot exist.",
    "[Law](https:///act)",
    "[Law](https://law.example/act)",
)
rule(
    "address-port",
    "error",
    "The port is no number from 1 to 65535.",
    "[Law](https://law.example:80a/)",
    "[Law](https://law.example:8080/)",
)
rule(
    "address-doubled",
    "error",
    "The address stands twice in itself, as after pasting over one.",
    "[Law](https://https://law.example/)",
    "[Law](https://law.example/)",
)
rule(
    "address-space",
    "error",
    "The address holds a space, which ends it early.",
    '<a href="https://law.example/a b">',
    '<a href="https://law.example/a%20b">',
)
rule(
    "address-percent",
    "error",
    "A per cent sign in an address is followed by two hexadecimal digits (RFC 3986, section 2.1).",
    "[Law](https://law.example/100%)",
    "[Law](https://law.example/100%25)",
)
rule(
    "address-mail",
    "error",
    "The mail address cannot be one.",
    "[Write](mailto:editor@example)",
    "[Write](mailto:editor@law.example)",
)
rule(
    "address-local",
    "error",
    "The address names the reader's own machine.",
    "[Preview](http://localhost:8000/)",
    "[Preview](https://law.example/)",
)
rule(
    "address-private",
    "note",
    "The address names a machine of a private network: a router, or one that most readers cannot reach.",
    "[Gauge](http://192.168.1.20/gauge)",
    "[Gauge](https://law.example/gauge)",
)
rule(
    "address-file",
    "error",
    "The address names a file on the author's machine.",
    "[Act](file:///home/me/act.pdf)",
    "[Act](assets/act.pdf)",
)
rule(
    "address-script",
    "error",
    "The address runs a script instead of leading somewhere.",
    "[Go](javascript:go())",
    "[Go](guide.md)",
)

KNOWN = (
    "http",
    "https",
    "mailto",
    "ftp",
    "ftps",
    "tel",
    "sms",
    "data",
    "irc",
    "ircs",
    "git",
    "ssh",
    "magnet",
    "urn",
    "doi",
)
_PRIVATE = [ipaddress.ip_network(one) for one in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7")]
"""RFC 1918 and RFC 4193."""
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_HOST = re.compile(r"(?!-)[\w-]+(?<!-)(?:\.(?!-)[\w-]+(?<!-))*\.?", re.U)
_MAIL = re.compile(r"(?:\"[^\"\n]+\"|[^@\s,;:<>()\[\]\"]+)@(?!-)[\w-]+(?:\.[\w-]+)+", re.U)


def foreign(address: str) -> Problem | None:
    """What is wrong with the form of an address that has a scheme or a host (RFC 3986); None for any other."""
    address = address.strip()
    if address.startswith("//"):
        return _web(address, f"https:{address}")
    if match := re.match(r"(https?|ftp)(//|/(?!/)|:/(?!/)|;//|:(?!/))", address, re.I):
        right = f"{match[1]}://{address[match.end() :].lstrip('/')}"
        return Problem("address-scheme", f"The address '{address}' has a misspelt scheme.", f"Write '{right}'.")
    match = _SCHEME.match(address)
    if match is None:
        return None
    scheme, rest = match[1].lower(), address[match.end() :]
    if scheme in ("http", "https", "ftp", "ftps"):
        return _web(address, address)
    if scheme == "mailto":
        people = unquote(rest.partition("?")[0])
        wrong = [one for one in people.split(",") if not _MAIL.fullmatch(one.strip())] if people else []
        if wrong or not rest or rest.startswith("//"):
            return Problem("address-mail", f"'{address}' holds no mail address.", "Write 'mailto:name@host.example'.")
        return None
    if scheme == "file":
        return Problem("address-file", f"'{address}' names a file on one machine.", "Put the file into the site.")
    if scheme in ("javascript", "vbscript"):
        return Problem("address-script", f"'{address}' runs a script.", "Link a page.")
    if len(scheme) == 1:
        return Problem("address-file", f"'{address}' names a file on one machine.", "Put the file into the site.")
    if scheme not in KNOWN:
        near = difflib.get_close_matches(scheme, KNOWN[:8], 1, 0.7)
        if near and (rest.startswith("//") or near[0] in ("mailto", "tel")):
            return Problem(
                "address-scheme", f"The scheme '{match[1]}' of '{address}' is misspelt.", f"Write '{near[0]}:{rest}'."
            )
    return None


def _web(shown: str, address: str) -> Problem | None:
    if re.search(r"\s", address):
        return Problem("address-space", f"The address '{shown}' holds a space.", "Write it as %20.")
    if re.match(r"(?:https?:)?//https?(?::/{0,2}|/{1,2}|%3a)", address, re.I):
        return Problem("address-doubled", f"The address '{shown}' begins twice.", "Keep one of the two.")
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError:
        return Problem("address-host", f"The host of '{shown}' cannot be read.", "Correct the host.")
    try:
        port = parts.port
    except ValueError:
        return Problem(
            "address-port", f"The port of '{shown}' is no number up to 65535.", "Correct or remove the port."
        )
    if port == 0 or parts.netloc.endswith(":"):
        return Problem("address-port", f"The address '{shown}' has no sound port.", "Correct or remove the port.")
    if not host or not (":" in host or _HOST.fullmatch(unquote(host))):
        return Problem("address-host", f"The address '{shown}' has no sound host.", "Correct the host.")
    if host == "localhost" or host.endswith(".localhost"):
        return Problem("address-local", f"'{shown}' names the reader's own machine.", "Link a public address.")
    if local := _local(shown, host):
        return local
    # The same host again in the path; an archive names another.
    if re.search(rf"https?:/{{1,2}}{re.escape(parts.netloc)}(?:/|$)", parts.path, re.I):
        return Problem("address-doubled", f"The address '{shown}' holds itself.", "Keep one of the two.")
    if match := re.search(r"%(?![0-9A-Fa-f]{2})", address):
        message = f"The address '{shown}' has a per cent sign without two digits after it."
        right = f"{address[: match.start()]}%25{address[match.end() :]}"
        return Problem("address-percent", message, f"If the sign itself is meant, write '{right}'.")
    return None


def _local(shown: str, host: str) -> Problem | None:
    """What is wrong with a number that the public network does not reach; None for any other host."""
    try:
        number = ipaddress.ip_address(host)
    except ValueError:
        return None
    if number.is_loopback or number.is_unspecified:
        return Problem("address-local", f"'{shown}' names the reader's own machine.", "Link a public address.")
    if number.is_link_local or any(number in network for network in _PRIVATE):
        message = f"'{shown}' names a machine of a private network."
        return Problem("address-private", message, "Link a public address, unless each reader has such a machine.")
    return None
