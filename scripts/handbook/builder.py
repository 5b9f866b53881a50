"""The MkDocs adapter of the checks: a build, read as it is written. With ``plugin`` the only importer of mkdocs."""

from __future__ import annotations

import contextlib
import copy
import dataclasses
import datetime
import logging
import os
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from mkdocs.commands.build import build
from mkdocs.config import base, load_config
from mkdocs.config import config_options as option
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import BasePlugin, event_priority
from mkdocs.structure.files import Files
from mkdocs.structure.pages import Page as MkDocsPage

from handbook import bibliography, probe, reading, rules, scanning, survey
from handbook.checks import bibliography as entries
from handbook.checks import definitions, footnotes, navigation
from handbook.checks import handbook as contract
from handbook.checks.links import foreign
from handbook.diagnostics import RULES, Diagnostic, once
from handbook.locate import address, place
from handbook.notes import Notes
from handbook.records import Bibliography, Handbook, Page
from handbook.report import suppress
from handbook.site import Scan, Site, origin_and_base

log = logging.getLogger("mkdocs.plugins.handbook")
PROBE = "handbook.probe"
NOTES = "handbook.notes"
EXTENSION = "handbook.extension"
SAID_BY_NOTES = frozenset({"leftover-note", "leftover-inline-note"})
ICONS = "pymdownx.emoji"
DOCUMENTED = "documented code"
PATIENCE = 20
"""So many pages that end a build are passed over, each at the cost of another build."""
OF_ALL_PAGES = (
    *("asset-unused", "bib-uncited", "nav-orphan", "register-", "edition-", "change-", "relation", "verdict"),
    *("source-", "leftover-reference"),
)
"""Findings that rest on every page being there."""


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
        self.written: dict[str, survey.Source] = {}
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
        self.written[path] = survey.Source(f"{self.folder}/{page.file.src_uri}", text, _includes(text))
        return probe.strip(output)

    @event_priority(-100)
    def on_post_build(self, config: MkDocsConfig) -> None:
        """Check links, ids and leftovers of the whole site."""
        folder = Path(config.site_dir)
        built = frozenset(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
        if any(":~:text=" in one for scan in self.scans.values() for one in scan.addresses):
            for path, scan in self.scans.items():
                words = scanning.scan((folder / path).read_bytes(), words=True).words
                self.scans[path] = dataclasses.replace(scan, words=words)
        origin, base = origin_and_base(config.site_url or "")
        out = [file for file in self.files if file.inclusion.is_excluded()]
        excluded = frozenset(name for file in out for name in (file.src_uri, file.dest_uri))
        docs = frozenset(file.src_uri for file in self.files if file not in out)
        sources = {file.dest_uri: file.src_uri for file in self.files if file.is_documentation_page()}
        site = Site(built, self.scans, origin, base, excluded, sources, docs)
        written = self.sources_of(config)
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
        self.found += navigation.check(self.navigation_of(config, site))
        self.found += self.assets_of(config, site)
        self.found += self.addresses_of(config)
        self.report(self.found)

    def sources_of(self, config: MkDocsConfig) -> survey.Sources:
        """Pages, snippets, documented code, and the configuration with the theme's own templates."""
        files: dict[str, survey.Source] = {}
        bases = (config.mdx_configs.get("pymdownx.snippets") or {}).get("base_path", ["."])
        waiting = [name for source in self.written.values() for name in source.includes]
        while waiting:
            name = waiting.pop()
            for one in [bases] if isinstance(bases, str) else bases:
                path = self.root / one / name
                if name not in files and path.is_file():
                    text = path.read_text("utf-8", "replace")
                    files[name] = survey.Source(path.resolve().relative_to(self.root).as_posix(), text, _includes(text))
                    waiting += files[name].includes
        for source in [*self.written.values(), *list(files.values())]:
            texts = {name: one.text for name, one in files.items()}
            self.found += navigation.snippets(source.path, source.text, texts)
            self.found += definitions.check(source.path, source.text)
        if any(DOCUMENTED in source.includes for source in self.written.values()):
            code = [
                survey.Source(path.relative_to(self.root).as_posix(), path.read_text("utf-8", "replace"))
                for folder in _documented(config)
                for path in sorted((self.root / folder).rglob("*.py"))
            ]
            files |= {f"{DOCUMENTED}{number}": one for number, one in enumerate(code)}
            files[DOCUMENTED] = survey.Source(DOCUMENTED, "", tuple(f"{DOCUMENTED}{n}" for n in range(len(code))))
        path = Path(config.config_file_path)
        for name in (config.mdx_configs.get("pymdownx.snippets") or {}).get("auto_append", []):
            if not any((self.root / one / name).is_file() for one in ([bases] if isinstance(bases, str) else bases)):
                at = place(path.read_text("utf-8"), name)
                message = f"The snippet '{name}' does not exist."
                self.found.append(navigation.SNIPPET.at(path.name, *at, message, "Correct the name of the file."))
        shared = [survey.Source(path.name, path.read_text("utf-8"))]
        editable = [*self.written.values(), *files.values(), *shared]
        self.texts |= {one.path: one.text for one in editable if not one.path.endswith(".py")}
        if config.theme.custom_dir:
            shared += [
                survey.Source(one.relative_to(self.root).as_posix(), one.read_text("utf-8", "replace"))
                for one in sorted(Path(config.theme.custom_dir).rglob("*.html"))
            ]
        return survey.Sources(self.written, files, tuple(shared))

    def notes_of(self, sources: survey.Sources) -> Iterator[Diagnostic]:
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

    def assets_of(self, config: MkDocsConfig, site: Site) -> Iterator[Diagnostic]:
        """What in the docs folder is no page, and whether anything uses it."""
        docs = Path(config.docs_dir)
        media = {
            file.src_uri for file in self.files if not file.is_documentation_page() and (docs / file.src_uri).is_file()
        }
        media -= {file.src_uri for file in self.files if file.inclusion.is_excluded()}
        pairs = {(page, one) for page, scan in self.scans.items() for one in scan.addresses}
        used = frozenset(site.target(page, one) for page, one in pairs)
        styles = {path: (docs / path).read_text("utf-8", "replace") for path in sorted(media) if path.endswith(".css")}
        others = [
            *(docs / path for path in sorted(media) if path.endswith((".js", ".json", ".webmanifest"))),
            *sorted(self.root.glob("*.md")),
            *(sorted(Path(config.theme.custom_dir).rglob("*.*")) if config.theme.custom_dir else ()),
        ]
        named = " ".join(
            [*self.texts.values(), *(path.read_text("utf-8", "ignore") for path in others if path.is_file())]
        )
        return navigation.assets(self.folder, frozenset(media), used, styles, _without_code(named))

    def addresses_of(self, config: MkDocsConfig) -> Iterator[Diagnostic]:
        """Addresses in mkdocs.yml that no page need show."""
        path = Path(config.config_file_path)
        text = path.read_text("utf-8")
        for one in (config.site_url, config.repo_url, config.edit_uri):
            wrong = foreign(str(one or ""))
            # Who tries a site out serves it from the machine in front of them.
            if wrong and not (one == config.site_url and wrong.code.startswith("address-local")):
                yield RULES[wrong.code].at(path.name, *address(text, str(one)), wrong.message, wrong.hint)

    def navigation_of(self, config: MkDocsConfig, site: Site) -> navigation.Navigation:
        """What mkdocs.yml says of pages, and which files the links of other pages reach."""
        path = Path(config.config_file_path)
        how = {}
        for file in self.files:
            if file.is_documentation_page():
                kind = file.inclusion
                how[file.src_uri] = (
                    ("draft" if kind.is_in_serve() else "excluded")
                    if kind.is_excluded()
                    else ("hidden" if kind.is_not_in_nav() else "included")
                )
        for file in [*self.files]:
            # MkDocs itself leaves out a README beside an index, and says so in passing.
            readme = Path(config.docs_dir) / Path(file.src_uri).parent / "README.md"
            if Path(file.src_uri).name == "index.md" and readme.is_file():
                how[readme.relative_to(config.docs_dir).as_posix()] = "included"
        linked = {
            target
            for page, scan in self.scans.items()
            for one in scan.written
            if (target := site.target(page, one)) != page
        }
        named = [*map(str, config.extra_css), *(str(one) for one in config.extra_javascript)]
        named += [config.theme[key] for key in ("logo", "favicon") if isinstance(config.theme.get(key), str)]
        exists = [(one, "://" in one or one.startswith("//") or one.partition("?")[0] in site.files) for one in named]
        return navigation.Navigation(
            path.name,
            path.read_text("utf-8"),
            self.folder,
            tuple(_entries(config.nav)),
            how,
            {
                **{file.src_uri: file.dest_uri for file in self.files if file.is_documentation_page()},
                **{name: f"{name.removesuffix('README.md')}index.html" for name in how if name.endswith("README.md")},
            },
            frozenset(linked),
            tuple(exists),
            config.nav is not None,
            frozenset(one for one in _entries(config.nav) if site.target("index.html", one)),
            {
                file.src_uri: file.dest_uri
                for file in self.files
                if not file.is_documentation_page() and not file.inclusion.is_excluded()
            },
        )

    @event_priority(-100)
    def on_files(self, files: Files, config: MkDocsConfig) -> None:
        """Remember which files there are and which are kept out."""
        self.files = files

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


def _without_code(text: str) -> str:
    """Words without what stands in code, where a name uses nothing."""
    return re.sub(r"(?ms)^[ \t]*(```+|~~~+).*?^[ \t]*\1|`[^`\n]+`", " ", text)


def _includes(text: str) -> tuple[str, ...]:
    names = [name.partition(":")[0] for name, _ in navigation.included(text)]
    return (*names, *([DOCUMENTED] if ":::" in text else []))


def _documented(config: MkDocsConfig) -> list[str]:
    """The folders in which mkdocstrings looks for Python."""
    plugin = config.plugins.get("mkdocstrings")
    handlers = plugin.config.get("handlers") if plugin else {}
    return list(((handlers or {}).get("python") or {}).get("paths") or ["."])


def _entries(nav: Any) -> Iterator[str]:
    """The pages that a navigation lists, in order; addresses of other sites are none."""
    if isinstance(nav, str):
        if not re.match(r"[a-z][a-z0-9+.-]*:|/|#", nav, re.I):
            yield nav
    elif isinstance(nav, dict):
        for inner in nav.values():
            yield from _entries(inner)
    elif isinstance(nav, list):
        for inner in nav:
            yield from _entries(inner)


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
    try:
        with contextlib.chdir(root), tempfile.TemporaryDirectory() as folder:
            config = load_config(str(root / "mkdocs.yml"), site_dir=folder, strict=False)
            theirs = next((one for one in config.plugins.values() if isinstance(one, Survey)), None)
            if theirs is None:
                config.plugins["handbook-survey"] = plugin
            plugin = theirs or plugin
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
    looked.collected = collected
    # MkDocs keeps some plugins for the next build of the same process.
    plugin.collected = plugin.external = None
    plugin.broken = frozenset()
    return looked, failure, page


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
