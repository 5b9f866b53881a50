"""A site that is already built, checked without the tool that built it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from handbook import scanning, survey
from handbook.diagnostics import Diagnostic, once
from handbook.site import Site, Source, Sources, origin_and_base


def paths(folder: Path) -> frozenset[str]:
    """The files of a built site, from its folder. Thousands of them: none is asked for more than its name."""
    start = len(str(folder)) + 1
    found = (f"{at}/{name}"[start:] for at, _, names in os.walk(folder) for name in names)
    return frozenset(found if os.sep == "/" else (one.replace(os.sep, "/") for one in found))


def check(folder: Path, address: str = "") -> list[Diagnostic]:
    """Check a site that is already built, whoever built it; places are lines of its HTML files.

    ``address`` is where the site will stand; without it the canonical link of its first page says so.
    """
    files = paths(folder)
    texts = {path: (folder / path).read_bytes() for path in sorted(files) if path.endswith((".html", ".htm"))}
    words = any(b":~:text=" in text for text in texts.values())
    scans = {path: scanning.scan(text, words) for path, text in texts.items()}
    origin, base = origin_and_base(address or scanning.canonical(texts.get("index.html", b"")))
    site = Site(files, scans, origin, base)
    pages = _Lazily(folder, texts)
    found = survey.check(site, Sources(pages))
    return once([one for one in found if one.code != "leftover-icon"])  # not all who build sites read such names


class _Lazily(dict[str, Source]):
    """The text of a page is decoded only where something is wrong with it."""

    def __init__(self, folder: Path, texts: dict[str, bytes]) -> None:
        super().__init__()
        self.texts = texts

    def get(self, page: str, default: Any = None) -> Any:
        return Source(page, self.texts[page].decode("utf-8", "replace")) if page in self.texts else default
