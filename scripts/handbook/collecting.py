"""The MkDocs adapter of the checks: what is collected during a build, read as it is written.

With ``plugin``, ``builder`` and ``configured`` the only importer of mkdocs.
"""

from __future__ import annotations

import dataclasses
import datetime
import logging
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from mkdocs.config import base
from mkdocs.config import config_options as option
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import BasePlugin, event_priority
from mkdocs.structure.files import Files
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page as MkDocsPage

from handbook import bibliography, built, configured, probe, reading, rules, scanning, survey
from handbook.checks import bibliography as entries
from handbook.checks import footnotes, navigation
from handbook.checks import handbook as contract
from handbook.diagnostics import Diagnostic, once
from handbook.notes import Notes
from handbook.records import Bibliography, Handbook, Page
from handbook.report import suppress
from handbook.site import Scan, Site, Source, Sources, origin_and_base

log = logging.getLogger("mkdocs.plugins.handbook")
PROBE = "handbook.probe"
NOTES = "handbook.notes"
EXTENSION = "handbook.extension"
SAID_BY_NOTES = frozenset({"leftover-note", "leftover-inline-note"})
ICONS = "pymdownx.emoji"


class HandbookConfig(base.Config):
    """``glossary``: the page, below the docs folder, whose terms are explained on all others.

    ``edition``: below the site's address the folder in which the build will stand, a number or ``latest``.
    ``repository``: the address of a public repository. ``feedback``: where reports go, if not to its issues.
    ``corrections``: the page that says how to report a problem.
    """

    glossary = option.Optional(option.Type(str))
    edition = option.Optional(option.Type((str, int)))
    repository = option.Optional(option.Type(str))
    feedback = option.Optional(option.Type(str))
    corrections = option.Optional(option.Type(str))


class Survey(BasePlugin[HandbookConfig]):
    """Reads every page as it is written, and checks the whole when all are."""

    collected: list[Diagnostic] | None = None
    external: dict[str, list[tuple[str, int]]] | None = None
    cites = False
    broken: frozenset[str] = frozenset()

    def on_page_read_source(self, page: MkDocsPage, config: MkDocsConfig) -> str | None:
        """Nothing of a page that has ended a build before."""
        return "" if page.file.src_uri in self.broken else None

    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        """Have addresses keep what was written, and notes say what became of them."""
        self.root = Path(config.config_file_path or "mkdocs.yml").resolve().parent
        self.folder = Path(os.path.relpath(config.docs_dir, self.root)).as_posix()
        self.site = (str(config.site_name), str(config.site_url or ""))
        self.author = str(config.site_author or config.site_name)
        self.scans: dict[str, Scan] = {}
        self.written: dict[str, Source] = {}
        self.found: list[Diagnostic] = []
        self.texts: dict[str, str] = {}
        if PROBE not in config.markdown_extensions:
            config.markdown_extensions += [PROBE, NOTES]
        settings: dict[str, Any] = config.mdx_configs.get(EXTENSION) or {}
        # In `mkdocs serve` the configuration is read anew for each build, so this is a path again each time.
        name = str(settings.get("bibliography") or "references.bib")
        self.path = self.root / name
        self.bibliography = Bibliography(name, {}, {})
        if self.cites or EXTENSION in config.markdown_extensions or self.path.is_file():
            self.bibliography, faults = bibliography.load(self.path, name)
            self.found += faults
            self.found += entries.check(self.bibliography, datetime.date.today().year + 1)
            config.mdx_configs[EXTENSION] = {**settings, "bibliography": self.bibliography}
            if EXTENSION not in config.markdown_extensions:
                config.markdown_extensions.append(EXTENSION)
                # Who has not chosen our syntax need not know that an @ is escaped.
                config.mdx_configs[EXTENSION]["names"] = True
            if self.path.is_file():
                self.texts[name] = self.path.read_text("utf-8", "replace")
        self.sink: list[Notes] = []
        config.mdx_configs[NOTES] = {"sink": self.sink}
        self.notes: dict[str, Notes] = {}
        self.documented: list[Notes] = []
        self.pages: dict[str, Page] = {}
        self.sources: dict[str, str] = {}
        return config

    def on_page_content(self, html: str, page: MkDocsPage, config: MkDocsConfig, files: Files) -> str | None:
        """What the notes and citations of a page are."""
        uri = page.file.src_uri
        self.notes.update((uri, one) for one in self.sink if one.text == page.markdown)
        self.documented += [one for one in self.sink if one.text != page.markdown]
        self.sink.clear()
        self.sources.setdefault(uri, page.file.content_string)
        if uri not in self.pages:
            self.pages[uri] = reading.read(html, uri, page.url, str(page.title), None)
        return None

    @event_priority(-100)
    def on_post_page(self, output: str, page: MkDocsPage, config: MkDocsConfig) -> str:
        """The page as a reader will have it."""
        path = page.file.dest_uri
        if page.file.src_uri in self.broken:
            return output
        self.scans[path] = scanning.scan(output)
        text = page.file.content_string
        self.written[path] = Source(f"{self.folder}/{page.file.src_uri}", text, configured.includes(text))
        return probe.strip(output)

    @event_priority(-100)
    def on_post_build(self, config: MkDocsConfig) -> None:
        """Check links, ids and leftovers of the whole site."""
        folder = Path(config.site_dir)
        if any(":~:text=" in one for scan in self.scans.values() for one in scan.addresses):
            for path, scan in self.scans.items():
                words = scanning.scan((folder / path).read_bytes(), words=True).words
                self.scans[path] = dataclasses.replace(scan, words=words)
        origin, base = origin_and_base(config.site_url or "")
        out = [file for file in self.files if file.inclusion.is_excluded()]
        excluded = frozenset(name for file in out for name in (file.src_uri, file.dest_uri))
        docs = frozenset(file.src_uri for file in self.files if file not in out)
        sources = {file.dest_uri: file.src_uri for file in self.files if file.is_documentation_page()}
        site = Site(built.paths(folder), self.scans, origin, base, excluded, sources, docs)
        written, faults = configured.sources(config, self.root, self.written)
        self.found += faults
        editable = [*written.pages.values(), *written.files.values(), written.shared[0]]
        self.texts |= {one.path: one.text for one in editable if not one.path.endswith(".py")}
        if self.external is not None:
            self.external |= survey.external(site, written)
        notes = list(self.notes_of(written))
        told = {f"{self.folder}/{uri}": {left.label for left in one.leftovers} for uri, one in self.notes.items()}
        anywhere = set().union(*told.values(), *({left.label for left in one.leftovers} for one in self.documented))
        self.found += [
            one
            for one in survey.check(site, written)
            # The probe of notes has seen these, but for those in raw HTML.
            if one.code not in SAID_BY_NOTES or _label(one.message) not in told.get(one.path, anywhere)
            if one.code != "leftover-icon" or ICONS in config.markdown_extensions
        ]
        self.found += notes
        handbook = Handbook(tuple(self.pages.values()), self.bibliography)
        if not self.cites:
            included = {
                uri: {one.path: one.text for one in written.of(page)}
                for page, uri in sources.items()
                if page in written.pages
            }
            self.found += contract.citations(handbook, self.sources, self.folder, included)
        self.found += contract.uncited(handbook)
        self.found += contract.overdue(handbook, self.folder, datetime.date.today().isoformat())
        self.found += navigation.check(configured.navigation(config, self.folder, self.files, self.nav, site))
        self.found += configured.assets(config, self.folder, self.files, site, self.texts)
        self.found += configured.addresses(config)
        self.report(self.found)

    def notes_of(self, sources: Sources) -> Iterator[Diagnostic]:
        """The findings on the notes of every page."""
        elsewhere = {f"{self.folder}/{uri}": set(one.defined) for uri, one in self.notes.items()}
        by_path = {source.path: page for page, source in sources.pages.items()}
        for uri, one in self.notes.items():
            path = f"{self.folder}/{uri}"
            included = {source.path: source.text for source in sources.of(by_path.get(path, "")) if source.path != path}
            others = {name: labels for name, labels in elsewhere.items() if name != path}
            yield from footnotes.check(path, self.sources[uri], one, others, included)
        code = [source for source in sources.files.values() if source.path.endswith(".py")]
        for one in self.documented:
            lines = [line.strip() for line in one.text.splitlines() if line.strip()]
            holds = [source for source in code if lines and all(line in source.text for line in lines)]
            for source in holds[:1]:
                yield from footnotes.check(source.path, source.text, one, {}, {})

    @event_priority(-100)
    def on_files(self, files: Files, config: MkDocsConfig) -> None:
        """Remember which files there are and which are kept out."""
        self.files = files

    @event_priority(-100)
    def on_nav(self, nav: Navigation, config: MkDocsConfig, files: Files) -> None:
        """Remember the pages of the navigation and their order, as all plugins have left them."""
        self.nav = nav

    def report(self, diagnostics: list[Diagnostic]) -> None:
        """Warnings in `mkdocs serve`, failures in `mkdocs build --strict`; or kept for who asked for a check."""
        rules.every()  # a comment may name any rule
        diagnostics = suppress(once(diagnostics), self.texts)
        if self.collected is not None:
            self.collected += diagnostics
            return
        for diagnostic in diagnostics:
            log.log(logging.INFO if diagnostic.severity == "note" else logging.WARNING, "%s", diagnostic)


def _label(message: str) -> str:
    """The label of the note that a message says to have stayed text."""
    return " ".join(re.sub(r"^'\^?\[\^?|\]?:?' stayed text\.$", "", message).split())
