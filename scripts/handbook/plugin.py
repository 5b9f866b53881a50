"""The MkDocs adapter of the handbook: hands pages to the pure functions and their answers back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from markdown import markdown
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import event_priority
from mkdocs.structure.files import Files
from mkdocs.structure.pages import Page as MkDocsPage

from handbook import finding, frontmatter, pages, reading
from handbook.builder import Survey
from handbook.checks import handbook as contract
from handbook.diagnostics import Diagnostic
from handbook.locate import place
from handbook.records import FrontMatter, Handbook
from handbook.relations import Index, page_order

EXTENSION = "handbook.extension"
TERMS = "handbook.terms"
WORKS = '<ul class="works-cited"'


class HandbookPlugin(Survey):
    """Reads the bibliography once a build, reads every rendered page, then fills the slots and reports."""

    cites = True

    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        """Begin with nothing."""
        super().on_config(config)
        self.works: dict[str, str] = {}
        return config

    def on_files(self, files: Files, config: MkDocsConfig) -> None:
        """Read the glossary before any page is rendered."""
        super().on_files(files, config)
        name = self.config.glossary or ""
        file = files.get_file_from_path(name)
        if name and file is None:
            path = Path(config.config_file_path)
            where = place(path.read_text("utf-8"), name)
            message, hint = f"The glossary '{name}' does not exist.", f"Name a page below {self.folder}/."
            self.found.append(Diagnostic(path.name, *where, "glossary", message, hint))
        if file:
            source = frontmatter.HEAD.sub("", file.content_string, count=1)
            settings = {EXTENSION: {"bibliography": self.bibliography}}
            rendered = markdown(
                source, extensions=["attr_list", "def_list", "smarty", EXTENSION], extension_configs=settings
            )
            config.mdx_configs.setdefault(TERMS, {})["terms"] = reading.terms(rendered)
            if TERMS not in config.markdown_extensions:
                config.markdown_extensions.append(TERMS)

    def on_page_markdown(self, markdown: str, page: MkDocsPage, config: MkDocsConfig, files: Files) -> None:
        """Read the contract from the source, whose lines the parsed metadata no longer has."""
        source = page.file.content_string
        front, faults = frontmatter.parse(source, f"{self.folder}/{page.file.src_uri}")
        self.sources[page.file.src_uri] = source
        self.found += faults
        page.meta["handbook"] = front
        page.meta.pop("status", None)  # Material would put an icon of its own beside the page in the navigation
        if front and front.id:
            page.title = page.meta["title"] = f"{front.id} {front.title}"
        if front and front.summary:
            page.meta.setdefault("description", front.summary)

    def on_page_content(self, html: str, page: MkDocsPage, config: MkDocsConfig, files: Files) -> str:
        """Read the rendered page, and keep its list of works from the search index."""
        front: FrontMatter | None = page.meta.get("handbook")
        title = front.title if front else str(page.title)
        end = html.rfind(WORKS)
        content, self.works[page.file.src_uri] = (html[:end], html[end:]) if end >= 0 else (html, "")
        self.pages[page.file.src_uri] = reading.read(content, page.file.src_uri, page.url, title, front)
        super().on_page_content(html, page, config, files)
        return content

    def on_env(self, env: Any, config: MkDocsConfig, files: Files) -> None:
        """All pages are rendered and none is written: see the whole, and report."""
        handbook = Handbook(tuple(sorted(self.pages.values(), key=page_order)), self.bibliography)
        self.index = Index(handbook)
        newest = max((page.front.reviewed for page in handbook.pages if page.front), default="") or "1970-01-01"
        for file in files.documentation_pages():
            record = self.pages.get(file.src_uri)
            if record and file.page:
                # MkDocs would write the day of the build into the sitemap, and two builds would differ.
                file.page.update_date = (record.front.reviewed if record.front else "") or newest
                # MkDocs checks fragments against the ids that it saw while rendering.
                if file.page.present_anchor_ids is not None:
                    file.page.present_anchor_ids |= pages.anchors(record, self.index)
        self.found += contract.check(handbook, self.sources, self.folder)

    @event_priority(-100)
    def on_page_context(self, context: Any, page: MkDocsPage, config: MkDocsConfig, nav: Any) -> None:
        """Put in what is generated, after the search plugin has read the page: long lists neither fill nor slow it.

        What it read is then made anew from records.
        """
        record = self.pages.get(page.file.src_uri)
        if record and page.content is not None:
            if search := config.plugins.get("material/search"):
                terms = reading.definitions(page.content) if page.file.src_uri == self.config.glossary else ()
                found = search.search_index
                found.entries = finding.entries(found.entries, record, terms, self.index)
            page.content = pages.fill(page.content, record, self.index) + self.works[page.file.src_uri]

    def on_serve(self, server: Any, config: MkDocsConfig, builder: Any) -> None:
        """Rebuild when the bibliography changes."""
        if self.path.exists():
            server.watch(str(self.path))
