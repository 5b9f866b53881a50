"""A project built into a temporary folder for its findings; a page over which the build breaks off is passed over."""

from __future__ import annotations

import contextlib
import copy
import logging
import os
import re
import tempfile
from pathlib import Path

from mkdocs.commands.build import build
from mkdocs.config import load_config
from mkdocs.config.defaults import MkDocsConfig

from handbook.checks import navigation
from handbook.collecting import EXTENSION, Survey
from handbook.diagnostics import Diagnostic
from handbook.locate import place

PATIENCE = 20
"""So many pages that end a build are passed over, each at the cost of another build."""
OF_ALL_PAGES = (
    *("asset-unused", "bib-uncited", "nav-orphan", "register-", "edition-", "change-", "relation", "verdict"),
    *("source-", "leftover-reference"),
)
"""Findings that rest on every page being there."""
OURS = frozenset({"bib-tex", "bib-type-plain"})
"""Findings on how our citations look; pandoc, which mkdocs-bibtex asks, reads TeX."""


def check(root: Path) -> list[Diagnostic]:
    """All findings on a project."""
    return look(root).collected or []


class _Errors(logging.Handler):
    """What MkDocs and plugins say before they give up."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.said.append(record.getMessage())


def look(root: Path, external: bool = False) -> Survey:
    """Build a project into a temporary folder and keep all findings; its own configuration is left as it is.

    A project that does not use our plugin gets what does not need it. With ``external`` addresses of other sites are
    kept too, with their places. A page over which the build breaks off is reported, and the others are read without it.
    """
    failed: dict[str, Diagnostic] = {}
    while True:
        looked, failure, page = _look(root, external, frozenset(failed))
        if failure is None or page is None or page in failed or len(failed) == PATIENCE:
            break
        failed[page] = failure
    found = looked.collected or []
    if failed:  # what one page says of another is not known when one is missing
        found = [one for one in found if not one.code.startswith(OF_ALL_PAGES)]
    looked.collected = sorted({*found, *failed.values(), *([failure] if failure else [])})
    return looked


def _look(root: Path, external: bool, broken: frozenset[str]) -> tuple[Survey, Diagnostic | None, str | None]:
    """One build without the ``broken`` pages; why it broke off, if it did, and over which page."""
    logger, errors = logging.getLogger("mkdocs"), _Errors()
    before = logger.level, logger.propagate
    logger.setLevel(logging.ERROR)
    logger.propagate = False
    logger.addHandler(errors)
    plugin = Survey()
    plugin.load_config({})
    collected: list[Diagnostic] = []
    failure: Diagnostic | None = None
    page: str | None = None
    others = False
    try:
        with contextlib.chdir(root), tempfile.TemporaryDirectory() as folder:
            config = load_config(str(root / "mkdocs.yml"), site_dir=folder, strict=False)
            theirs = next((one for one in config.plugins.values() if isinstance(one, Survey)), None)
            if theirs is None:
                config.plugins["handbook-survey"] = plugin
            plugin = theirs or plugin
            others = _take_over_citations(config, root)
            # A snippet that is not there would end the build; it is reported with all else.
            if settings := config.mdx_configs.get("pymdownx.snippets"):
                settings["check_paths"] = False
            plugin.collected, plugin.external, plugin.broken = collected, {} if external else None, broken
            build(config)
    except (Exception, SystemExit) as error:  # whatever a plugin throws is a finding, not our end
        failure, page = _failure(plugin, root, [*errors.said, str(error)])
    finally:
        logger.removeHandler(errors)
        logger.level, logger.propagate = before
    looked = copy.copy(plugin)
    looked.collected = [one for one in collected if not (others and one.code in OURS)]
    # MkDocs keeps some plugins for the next build of the same process.
    plugin.collected = plugin.external = None
    plugin.broken = frozenset()
    return looked, failure, page


def _take_over_citations(config: MkDocsConfig, root: Path) -> bool:
    """Read what mkdocs-bibtex would: it makes notes of citations, asks pandoc, and knows no places.

    Whether the project uses it.
    """
    theirs = config.plugins.get("bibtex")
    if theirs is None:
        return False
    folder, name = theirs.config.get("bib_dir"), theirs.config.get("bib_file")
    files = [name] if name else sorted(Path(root, folder).glob("*.bib")) if folder else []
    if len(files) == 1 and Path(root, files[0]).is_file():
        path = os.path.relpath(Path(root, files[0]), root)
        config.mdx_configs[EXTENSION] = {"bibliography": path, **(config.mdx_configs.get(EXTENSION) or {})}
        for methods in config.plugins.events.values():
            methods[:] = [one for one in methods if getattr(one, "__self__", None) is not theirs]
    return True


def _failure(plugin: Survey, root: Path, said: list[str]) -> tuple[Diagnostic, str | None]:
    """Where a build broke off, as far as what was said names a page and something on it; and that page."""
    words = " ".join(" ".join(said).split())
    message, hint = f"The build ended early: {' '.join(said[0].split())[:300]}".rstrip(".") + ".", "Mend what it names."
    page = re.search(r"page '([^']+\.md)'", words)
    folder = getattr(plugin, "folder", "docs")
    if page is None:
        return navigation.FAILED.at(*_named(words, root, folder), message, hint), None
    path = plugin.root / folder / page[1]
    text = path.read_text("utf-8", "replace") if path.is_file() else ""
    names = [name for name in re.findall(r"^[ \t]*::: *([\w.]+)", text, re.M) if name in words]
    line, col = place(text, f"::: {names[-1]}") if names else (1, 0)
    return navigation.FAILED.at(f"{folder}/{page[1]}", line or 1, col, message, hint), page[1]


def _named(words: str, root: Path, folder: str) -> tuple[str, int, int]:
    """Where what is quoted in words stands: a value of mkdocs.yml or of the head of a page, failing that a key."""
    quoted = [one.removeprefix(f"{root.resolve()}/") for one in re.findall(r"'([^']+)'", words)]
    names = [re.escape(re.sub(r"^\.icons/|\.svg$", "", one)) for one in quoted]
    files = [root / "mkdocs.yml", *sorted((root / folder).rglob("*.md"))]
    texts = {path: path.read_text("utf-8", "replace") for path in files if path.is_file()}
    for form in (r"^[^#\n]*:[ \t]+[\"']?(?P<at>{})[\"']?[ \t]*$", r"^[ \t-]*(?P<at>{}):"):
        for name in names:
            for path, text in texts.items():
                if match := re.search(form.replace("{}", name), text, re.M):
                    start = match.start("at")
                    line, col = text.count("\n", 0, start) + 1, start - text.rfind("\n", 0, start)
                    return path.relative_to(root).as_posix(), line, col
    return "mkdocs.yml", 1, 0
