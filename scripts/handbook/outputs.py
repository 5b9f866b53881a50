"""What a build writes beside MkDocs' pages: a page and files for each id, and files of all for programs."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files as files_of
from pathlib import Path

from handbook import feeds
from handbook.annals import Annals
from handbook.idpages import IdPages, files

LINKED = ("feed.xml", "sections.json", "handbook.bib", "handbook.ris", "handbook.json")
"""What stands at the root of a site, and so can be linked from pages."""

PUBLISHED = ("handbook.pdf", "handbook.zip")
"""What stands there in a published build; made from it when it is finished."""


def write(folder: Path, annals: Annals) -> None:
    """Write them below ``folder``, a built site."""
    style = files_of("handbook").joinpath("id.css").read_text("utf-8")
    (folder / "id").mkdir(exist_ok=True)
    _write(folder / "id" / "id.css", style)
    made = IdPages(annals.history, annals.publisher, annals.citables)
    for name in made.names():
        place = folder / "id" / name
        place.mkdir(parents=True, exist_ok=True)
        _write(place / "index.html", made.page(name))
        if cited := annals.citables.get(name):
            for file, text in files(name, [cited]).items():
                _write(place / file, text)
    for file, text in files("handbook", list(annals.citables.values())).items() if annals.citables else ():
        _write(folder / file, text)
    _write(folder / "sections.json", feeds.sections(annals))
    _write(folder / "feed.xml", feeds.feed(annals))


def write_previews(folder: Path, text: str) -> None:
    """Write what previews show where ``preview.js``, beside it, looks for it."""
    (folder / "assets").mkdir(exist_ok=True)
    _write(folder / "assets" / "previews-data.js", text)


def write_plain(folder: Path, texts: Mapping[str, str]) -> None:
    """Write the Markdown of pages and the list of them, by their paths."""
    for name, text in texts.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        _write(folder / name, text)


def _write(path: Path, text: str) -> None:
    path.write_bytes(text.encode())
