"""The content security policy that stands in the head of a page (Content Security Policy Level 3, w3.org/TR/CSP3).

It allows what the site brings, and of what stands within the page the scripts and styles of the templates alone, each
by its hash: a script that somebody writes into a page of Markdown does not run. What a policy in a page cannot say,
such as ``frame-ancestors``, is for the header that a server sends; where both are sent, both hold.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable

_SCRIPT = re.compile(r"<script\b([^>]*)>(.*?)</script\s*>", re.DOTALL | re.IGNORECASE)
_STYLE = re.compile(r"<style\b[^>]*>(.*?)</style\s*>", re.DOTALL | re.IGNORECASE)
_DATA = re.compile(r"\bsrc\s*=|\btype\s*=\s*[\"']?+(?!text/javascript|module)", re.IGNORECASE)
_CHARSET = re.compile(r"<meta\s+charset=[^>]*>", re.IGNORECASE)


def policy(scripts: Iterable[str] = (), styles: Iterable[str] = ()) -> str:
    """The policy of a page that holds these scripts and styles, given as they are written in it."""
    return (
        f"default-src 'none'; script-src 'self'{_hashes(scripts)}; style-src 'self'{_hashes(styles)}; "
        "img-src 'self' data:; font-src 'self'; connect-src 'self'; worker-src 'self'; base-uri 'none'; "
        "form-action 'self'"
    )


def _hashes(texts: Iterable[str]) -> str:
    found = {base64.b64encode(hashlib.sha256(one.encode()).digest()).decode() for one in texts}
    return "".join(f" 'sha256-{one}'" for one in sorted(found))


def meta(scripts: Iterable[str] = (), styles: Iterable[str] = ()) -> str:
    """The same as an element of the head, to stand before all that it is to hold for."""
    return f'<meta http-equiv="Content-Security-Policy" content="{policy(scripts, styles)}">'


def scripts_of(html: str) -> list[str]:
    """The scripts within a page; not those in files of their own, nor data."""
    return [body for attributes, body in _SCRIPT.findall(html) if not _DATA.search(attributes)]


def protect(html: str, content: str = "") -> str:
    """The page with its policy, which leaves out what ``content`` brings; a page without a charset is kept as is."""
    found = _CHARSET.search(html)
    if found is None:
        return html
    scripts, styles = (
        [one for one in every(html) if one not in every(content)] for every in (scripts_of, _STYLE.findall)
    )
    return f"{html[: found.end()]}\n{meta(scripts, styles)}{html[found.end() :]}"
