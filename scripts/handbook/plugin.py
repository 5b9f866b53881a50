"""The MkDocs adapter of the handbook: hands pages to the pure functions and their answers back."""

from __future__ import annotations

import dataclasses
import posixpath
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from markdown import markdown
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import event_priority
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page as MkDocsPage
from mkdocs.utils.yaml import yaml_load

from handbook import (
    changes,
    editions,
    exports,
    finding,
    frontmatter,
    glance,
    outputs,
    pages,
    plain,
    policy,
    previews,
    reading,
)
from handbook.annals import Annals
from handbook.checks import editions as promise
from handbook.checks import handbook as contract
from handbook.collecting import Survey
from handbook.diagnostics import Diagnostic
from handbook.feedback import Feedback
from handbook.locate import place
from handbook.publisher import Publisher
from handbook.records import FrontMatter, Handbook
from handbook.relations import Index, page_order

EXTENSION = "handbook.extension"
TERMS = "handbook.terms"
WORKS = '<ul class="works-cited"'


class HandbookPlugin(Survey):
    """Reads the bibliography once a build, reads every rendered page, then fills the slots and reports."""

    cites = True
    serving = False

    def on_startup(self, *, command: str, dirty: bool) -> None:
        """Remember who asks."""
        self.serving = command == "serve"

    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        """Begin with nothing, and let the site stand below its edition."""
        super().on_config(config)
        self.works: dict[str, str] = {}
        self.plain: dict[str, str] = {}
        self.terms: tuple[reading.Definition, ...] = ()
        root = config.site_url or ""
        if self.serving:  # `mkdocs serve` has put its own address in; what is cited has the publisher's
            with Path(config.config_file_path).open("rb") as file:
                root = str(yaml_load(file).get("site_url") or "")
        root = f"{root.rstrip('/')}/" if root else ""
        self.publisher = Publisher(root, str(self.config.edition or ""), self.site[0], self.author)
        if self.publisher.build:
            config.site_url = self.publisher.home
            # What Material's selector of versions needs to find versions.json beside this folder.
            # Its own banner on older versions, which knows no sections, is never to show: every version is a default.
            config.extra["version"] = {"provider": "mike", "default": ".*"}
        return config

    def on_files(self, files: Files, config: MkDocsConfig) -> None:
        """Read the glossary before any page is rendered."""
        super().on_files(files, config)
        if (Path(config.docs_dir) / changes.REGISTER).is_file():
            for made in outputs.LINKED + outputs.PUBLISHED * bool(
                self.publisher.build
            ):  # written when all pages are; here so that pages may link them
                files.append(File.generated(config, made, content=""))
        page = files.get_file_from_path(self.config.corrections or "")
        feedback = Feedback(self.config.repository or "", self.config.feedback or "", page.url if page else "")
        self.publisher = dataclasses.replace(self.publisher, feedback=feedback)
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
            config.mdx_configs[TERMS] = {"terms": reading.terms(rendered)}
            if TERMS not in config.markdown_extensions:
                config.markdown_extensions.append(TERMS)

    def on_page_markdown(self, markdown: str, page: MkDocsPage, config: MkDocsConfig, files: Files) -> None:
        """Read the contract from the source, whose lines the parsed metadata no longer has."""
        source = page.file.content_string
        front, faults = frontmatter.parse(source, f"{self.folder}/{page.file.src_uri}")
        self.sources[page.file.src_uri] = source
        self.found += faults
        page.meta["handbook"] = front
        if (terms := config.mdx_configs.get(TERMS)) is not None:
            own = page.file.src_uri == self.config.glossary
            here = posixpath.dirname(page.file.src_uri)
            terms["page"] = "" if own else posixpath.relpath(self.config.glossary or "", here or ".")
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
        if page.file.src_uri == self.config.glossary:
            self.terms = reading.definitions(content)
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
        self.handbook = handbook
        self.found += contract.check(handbook, self.sources, self.folder)
        self.history, damaged = changes.load(Path(config.docs_dir), self.folder)
        self.history = dataclasses.replace(self.history, now=editions.entries(handbook))
        self.found += damaged
        if (Path(config.docs_dir) / changes.REGISTER).is_file() and not damaged:
            self.found += promise.check(self.history, handbook, self.sources, self.folder)
        self.annals = Annals(self.history, self.publisher)
        env.globals |= {
            "citables": self.annals.citables,
            "metadata": exports.head,
            "linked_data": exports.json_ld,
            "publisher": self.publisher,
            "edition_label": self.publisher.label(self.history),
            "has_plain": not self.serving,
            "docs": self.folder,
        }

    @event_priority(-100)
    def on_page_context(self, context: Any, page: MkDocsPage, config: MkDocsConfig, nav: Any) -> None:
        """Put in what is generated, after the search plugin has read the page: long lists neither fill nor slow it.

        What it read is then made anew from records.
        """
        record = self.pages.get(page.file.src_uri)
        if record and page.content is not None:
            page.meta["glance"] = glance.glance(self.index, record)
            if search := config.plugins.get("material/search"):
                terms = self.terms if page.file.src_uri == self.config.glossary else ()
                finding.renew(search.search_index.entries, record, terms, self.index)
            page.content = pages.fill(page.content, record, self.index, self.annals) + self.works[page.file.src_uri]

    @event_priority(-100)
    def on_post_page(self, output: str, page: MkDocsPage, config: MkDocsConfig) -> str:
        """Put in the policy; not in `mkdocs serve`, which reloads pages by a script of its own within them."""
        output = super().on_post_page(output, page, config)
        if self.serving:
            return output
        url, state = page.canonical_url or "", self.publisher.label(self.history)
        front: FrontMatter | None = page.meta.get("handbook")
        self.plain[_beside(page)] = plain.document(output, url, str(page.title), front, state)
        return policy.protect(output, page.content or "")

    def on_post_template(self, output: str, *, template_name: str, config: MkDocsConfig) -> str:
        """The same for the pages that are made of no Markdown."""
        return output if self.serving else policy.protect(output)

    @event_priority(-100)
    def on_post_build(self, config: MkDocsConfig) -> None:
        """Write what is no page of MkDocs': the pages of ids, files for reference managers, the feed."""
        folder = Path(config.site_dir)
        if self.history.rows:
            outputs.write(folder, self.annals)
        if self.plain:
            self.plain["llms.txt"] = plain.llms(
                self.site[0], str(config.site_url or ""), str(config.site_description or ""), self.entries(config)
            )
            outputs.write_plain(folder, self.plain)
        outputs.write_previews(folder, previews.script(self.annals, self.handbook, self.terms))
        super().on_post_build(config)

    def entries(self, config: MkDocsConfig) -> Iterator[plain.Entry]:
        """The pages of the navigation, each in its part."""
        for part in self.nav.items:
            for page in part.children or [part]:
                if isinstance(page, MkDocsPage):
                    url = f"{config.site_url or ''}{_beside(page)}"
                    about = str(page.meta.get("description", ""))
                    yield plain.Entry(part.title if part.is_section else "First", str(page.title), url, about)

    def on_serve(self, server: Any, config: MkDocsConfig, builder: Any) -> None:
        """Rebuild when the bibliography changes."""
        if self.path.exists():
            server.watch(str(self.path))


def _beside(page: MkDocsPage) -> str:
    """Where the Markdown of a page stands."""
    return f"{page.file.dest_uri.removesuffix('.html')}.md"
