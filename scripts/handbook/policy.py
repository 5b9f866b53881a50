"""The content security policy that stands in the head of a page (Content Security Policy Level 3, w3.org/TR/CSP3).

It allows what the site brings, and of scripts within the page those of the theme alone, each by its hash: a script
that somebody writes into a page of Markdown does not run. What a policy in a page cannot say, such as
``frame-ancestors``, is for the header that a server sends; where both are sent, both hold.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable
from html import escape

_SCRIPT = re.compile(r"<script\b([^>]*)>(.*?)</script\s*>", re.DOTALL | re.IGNORECASE)
_DATA = re.compile(r"\bsrc\s*=|\btype\s*=\s*[\"']?+(?!text/javascript|module)", re.IGNORECASE)
_CHARSET = re.compile(r"<meta\s+charset=[^>]*>", re.IGNORECASE)


def policy(scripts: Iterable[str] = ()) -> str:
    """The policy of a page that holds these inline scripts, given as they are written in it."""
    hashes = sorted({base64.b64encode(hashlib.sha256(one.encode()).digest()).decode() for one in scripts})
    allowed = "".join(f" 'sha256-{one}'" for one in hashes)
    return (
        f"default-src 'none'; script-src 'self'{allowed}; style-src 'self'; img-src 'self' data:; font-src 'self'; "
        "connect-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'self'"
    )


def meta(scripts: Iterable[str] = ()) -> str:
    """The same as an element of the head, to stand before all that it is to hold for."""
    content = escape(policy(scripts)).replace("&#x27;", "'")
    return f'<meta http-equiv="Content-Security-Policy" content="{content}">'


def inline(html: str) -> list[str]:
    """The scripts within a page; not those in files of their own, nor data."""
    return [body for attributes, body in _SCRIPT.findall(html) if not _DATA.search(attributes)]


def protect(html: str, content: str = "") -> str:
    """The page with its policy, which leaves out the scripts of ``content``; a page without a charset is kept as is."""
    found = _CHARSET.search(html)
    if found is None:
        return html
    own = set(inline(content))
    allowed = [one for one in inline(html) if one not in own]
    return f"{html[: found.end()]}\n{meta(allowed)}{html[found.end() :]}"
