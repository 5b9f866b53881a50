"""Links: addresses of this site that lead nowhere."""

from __future__ import annotations

import difflib
import posixpath
import re
from dataclasses import replace
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from handbook.checks import anchors
from handbook.checks.addresses import foreign
from handbook.diagnostics import rule
from handbook.site import Problem, Site

rule(
    "link-missing",
    "error",
    "A link, image or other address leads to a page or file that the site does not have.",
    "[Guide](gide.md)",
    "[Guide](guide.md)",
)
rule(
    "link-case",
    "error",
    "The address differs from the file only in capital letters. It works on some machines and fails on the server.",
    "[Guide](Guide.md)",
    "[Guide](guide.md)",
)
rule(
    "link-depth",
    "error",
    "The target exists, but not at this depth: there is a '../' too many or too few.",
    "[Home](../../index.md)",
    "[Home](../index.md)",
)
rule(
    "link-excluded",
    "error",
    "The page that is linked is kept out of the site (a draft, or excluded in mkdocs.yml).",
    "[Plan](drafts/plan.md)",
    "[Plan](plan.md)",
)
rule(
    "link-folder",
    "error",
    "The address is a folder without a page of its own, so the server answers 404.",
    "[Pictures](../assets/)",
    "[Pictures](../assets/list.md)",
)
rule(
    "link-root",
    "error",
    "The address begins with a slash, but the site stands in a folder of its server, so it leads out of the site.",
    '<a href="/guide.html">Guide</a>',
    '<a href="../guide/">Guide</a>',
)
rule("link-empty", "error", "The link has no address.", "[Guide]()", "[Guide](guide.md)")
rule(
    "link-placeholder",
    "error",
    "The address is a stand-in that was meant to be replaced.",
    "[Guide](TODO)",
    "[Guide](guide.md)",
)
rule(
    "link-backslash",
    "error",
    "Addresses have forward slashes; with a backslash the link works on no server.",
    "[Guide](sub\\guide.md)",
    "[Guide](sub/guide.md)",
)


def problem(site: Site, page: str, address: str) -> Problem | None:
    """What is wrong with an address that stands in the page at path ``page``; None where it leads somewhere.

    Of an address of another site only the form is judged.
    """
    if not address.strip():
        return Problem("link-empty", "The link has no address.", "Give the address, or remove the link.")
    # Only an address without a path means something else on each page of a folder.
    key = (page if address[:1] in "#?" else posixpath.dirname(page), address)
    if key not in site.judged:
        own = site.own(address) or address
        wrong = foreign(address) or _own(site, page, own)
        site.judged[key] = wrong and replace(wrong, message=wrong.message.replace(f"'{own}'", f"'{address}'"))
    return site.judged[key]


def _own(site: Site, page: str, address: str) -> Problem | None:
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    if parts.scheme or parts.netloc:
        return None
    if "\\" in address:
        return Problem(
            "link-backslash",
            f"The address '{address}' holds a backslash.",
            f"Write '{address.replace(chr(92), '/')}'.",
        )
    if address == "#":
        hint = "Give the address that was meant, or '#top'."
        return Problem("link-placeholder", "The address '#' is a placeholder.", hint)
    if not parts.path:
        return anchors.problem(site.pages.get(page), parts.fragment, "this page")
    path = unquote(parts.path)
    if path.startswith("/"):
        if site.base and not f"{path}/".startswith(site.base):
            return Problem(
                "link-root",
                f"The address '{address}' leaves the folder '{site.base}' in which the site stands.",
                "Write it relative to the page.",
            )
        target = posixpath.normpath(path[len(site.base) if site.base else 1 :] or ".")
    else:
        target = posixpath.normpath(posixpath.join(posixpath.dirname(page), path))
    found = site.file(target, path.endswith("/"))
    if found:
        return anchors.problem(site.pages.get(found), parts.fragment, "this page" if found == page else f"'{found}'")
    return _missing(site, page, address, path, target)


def _missing(site: Site, page: str, address: str, path: str, target: str) -> Problem:
    source = site.sources.get(page)
    own = posixpath.normpath(posixpath.join(posixpath.dirname(source), path)) if source else target
    bare = target.removesuffix("/index.html")
    if target in site.folders or (own in site.folders and not site.file(own, True)):
        return Problem(
            "link-folder",
            f"'{address}' leads to a folder that has no page of its own.",
            "Link a page in the folder.",
        )
    if {target, bare, f"{bare}/index.html", own} & site.excluded:
        return Problem(
            "link-excluded",
            f"'{address}' leads to a page that is kept out of the site.",
            "Publish the page or remove the link.",
        )
    for wanted in (target, f"{target}/index.html", own):
        if (right := site.lower.get(wanted.lower(), wanted)) != wanted and not wanted.startswith(".."):
            return Problem(
                "link-case",
                f"'{address}' differs from '{right}' in its capital letters.",
                "Write the name as the file has it.",
            )
    if re.fullmatch(
        r"(?i)(?:todo|tbd|tba|fixme|xxx+|link|url|href|placeholder|insert[ _-].*|path/to/.*|your-.*)", path
    ):
        return Problem(
            "link-placeholder", f"The address '{address}' is a placeholder.", "Give the address that was meant."
        )
    if re.match(r"(?i)(?:www\.|[\w-]+\.(?:com|org|net|edu|gov|io|dev)(?:/|$))", path):
        return Problem("address-scheme", f"The address '{address}' has no scheme.", f"Write 'https://{address}'.")
    if "@" in path and "/" not in path and "." in path:
        return Problem(
            "address-mail",
            f"The address '{address}' is a mail address without 'mailto:'.",
            f"Write 'mailto:{address}'.",
        )
    tail = path.lstrip("./").removesuffix("/")
    if "/" in path or path.startswith("."):
        start = posixpath.dirname(source if source else page)
        ups = [posixpath.normpath(posixpath.join(start, up, tail)) for up in (".", "..", "../..", "../../..")]
        if tail and any(up in site.docs or site.file(up, False) for up in [*ups, tail]):
            return Problem(
                "link-depth",
                f"'{address}' leads nowhere from here; the target exists at another depth.",
                "Correct the number of '../'.",
            )
    hint = "Correct the address or remove the link."
    if near := _near(site, source, path, target):
        hint = f"Did you mean '{near}'?"
    return Problem("link-missing", f"'{address}' leads to a page or file that does not exist.", hint)


def _near(site: Site, source: str | None, path: str, target: str) -> str:
    """What of the writer's own files, or of those built where there is no source, has almost the name asked for."""
    start = posixpath.dirname(source or "")
    wanted = posixpath.normpath(posixpath.join(start, path)) if source and not path.startswith("/") else target
    known = site.docs if source else (one.removesuffix("/index.html") for one in site.files)
    stem = PurePosixPath(wanted).stem
    for near in site.alike("file", wanted, known):
        if difflib.SequenceMatcher(None, stem, PurePosixPath(near).stem).ratio() >= 0.6:
            return posixpath.relpath(near, start) if source else near
    return ""
