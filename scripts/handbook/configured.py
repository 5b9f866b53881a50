"""What the configuration of a project says, read for the checks: navigation, addresses, snippets and other files."""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import Files
from mkdocs.structure.nav import Link, Navigation

from handbook.checks import definitions, inclusions, leftovers
from handbook.checks import navigation as nav
from handbook.checks.addresses import foreign
from handbook.diagnostics import RULES, Diagnostic
from handbook.locate import address, place
from handbook.site import Site, Source, Sources

DOCUMENTED = "documented code"


def sources(config: MkDocsConfig, root: Path, written: Mapping[str, Source]) -> tuple[Sources, list[Diagnostic]]:
    """Pages, snippets, documented code, and the configuration with the theme's own templates; and their faults."""
    found: list[Diagnostic] = []
    files: dict[str, Source] = {}
    bases = (config.mdx_configs.get("pymdownx.snippets") or {}).get("base_path", ["."])
    waiting = [name for source in written.values() for name in source.includes]
    while waiting:
        name = waiting.pop()
        for one in [bases] if isinstance(bases, str) else bases:
            path = root / one / name
            if name not in files and path.is_file():
                text = path.read_text("utf-8", "replace")
                files[name] = Source(_below(root, path), text, includes(text))
                waiting += files[name].includes
    for source in written.values():
        found += leftovers.head(source.path, source.text)
    for source in [*written.values(), *list(files.values())]:
        texts = {name: one.text for name, one in files.items()}
        found += inclusions.snippets(source.path, source.text, texts)
        found += definitions.check(source.path, source.text)
    if any(DOCUMENTED in source.includes for source in written.values()):
        code = [
            Source(_below(root, path), docstrings(path.read_text("utf-8", "replace")))
            for folder in _documented(config)
            for path in sorted((root / folder).rglob("*.py"))
        ]
        files |= {f"{DOCUMENTED}{number}": one for number, one in enumerate(code)}
        files[DOCUMENTED] = Source(DOCUMENTED, "", tuple(f"{DOCUMENTED}{n}" for n in range(len(code))))
    path = Path(config.config_file_path)
    for name in (config.mdx_configs.get("pymdownx.snippets") or {}).get("auto_append", []):
        if not any((root / one / name).is_file() for one in ([bases] if isinstance(bases, str) else bases)):
            at = place(path.read_text("utf-8"), name)
            message = f"The snippet '{name}' does not exist."
            found.append(inclusions.SNIPPET.at(path.name, *at, message, "Correct the name of the file."))
    shared = [Source(path.name, path.read_text("utf-8"))]
    if config.theme.custom_dir:
        shared += [
            Source(_below(root, one), one.read_text("utf-8", "replace"))
            for one in sorted(Path(config.theme.custom_dir).rglob("*.html"))
        ]
    return Sources(written, files, tuple(shared)), found


def _below(root: Path, path: Path) -> str:
    """A path as it is shown, from the project; it may lie beside it."""
    return Path(os.path.relpath(path.resolve(), root)).as_posix()


def _file_in(address: str) -> str:
    """The address without its fragment; nothing for that of a folder."""
    path = address.partition("#")[0]
    return "" if path.endswith("/") else path


def assets(
    config: MkDocsConfig, folder: str, files: Files, site: Site, texts: Mapping[str, str]
) -> Iterator[Diagnostic]:
    """What in the docs folder is no page, and whether anything uses it; ``texts`` are what editors write, by path."""
    docs = Path(config.docs_dir)
    media = {file.src_uri for file in files if not file.is_documentation_page() and (docs / file.src_uri).is_file()}
    media -= {file.src_uri for file in files if file.inclusion.is_excluded()}
    # What ends in a stroke, as the addresses of a navigation do, leads to a page.
    named_by = {(page, path) for page, scan in site.pages.items() for one in scan.addresses if (path := _file_in(one))}
    used = frozenset(site.target(page, one) for page, one in named_by)
    styles = {path: (docs / path).read_text("utf-8", "replace") for path in sorted(media) if path.endswith(".css")}
    others = [
        *(docs / path for path in sorted(media) if path.endswith((".js", ".json", ".webmanifest"))),
        *sorted(Path(config.config_file_path).resolve().parent.glob("*.md")),
        *(sorted(Path(config.theme.custom_dir).rglob("*.*")) if config.theme.custom_dir else ()),
    ]
    named = " ".join([*texts.values(), *(path.read_text("utf-8", "ignore") for path in others if path.is_file())])
    return inclusions.assets(folder, frozenset(media), used, styles, _without_code(named))


def addresses(config: MkDocsConfig) -> Iterator[Diagnostic]:
    """Addresses in mkdocs.yml that no page need show."""
    path = Path(config.config_file_path)
    text = path.read_text("utf-8")
    for one in (config.site_url, config.repo_url, config.edit_uri):
        wrong = foreign(str(one or ""))
        # Who tries a site out serves it from the machine in front of them.
        if wrong and not (one == config.site_url and wrong.code.startswith("address-local")):
            yield RULES[wrong.code].at(path.name, *address(text, str(one)), wrong.message, wrong.hint)


def navigation(config: MkDocsConfig, folder: str, files: Files, built: Navigation, site: Site) -> nav.Navigation:
    """What mkdocs.yml says of pages, what plugins made of it, and which files the links of other pages reach."""
    path = Path(config.config_file_path)
    how = {}
    for file in files:
        if file.is_documentation_page():
            kind = file.inclusion
            if not (Path(config.docs_dir) / file.src_uri).is_file():
                how[file.src_uri] = "generated"
            elif kind.is_excluded():
                how[file.src_uri] = "draft" if kind.is_in_serve() else "excluded"
            else:
                how[file.src_uri] = "hidden" if kind.is_not_in_nav() else "included"
    how |= {page.file.src_uri: "listed" for page in built.pages if how.get(page.file.src_uri) in ("included", "hidden")}
    for file in [*files]:
        # MkDocs itself leaves out a README beside an index, and says so in passing.
        readme = Path(config.docs_dir) / Path(file.src_uri).parent / "README.md"
        if Path(file.src_uri).name == "index.md" and readme.is_file():
            how[readme.relative_to(config.docs_dir).as_posix()] = "included"
    linked = {
        target
        for page, scan in site.pages.items()
        for one in (scan.addresses if "hidden" in how.values() else ())
        if (target := site.target(page, one)) != page
    }
    named = [*map(str, config.extra_css), *(str(one) for one in config.extra_javascript)]
    named += [config.theme[key] for key in ("logo", "favicon") if isinstance(config.theme.get(key), str)]
    # What MkDocs knew as no page is an address to it; plugins may know more pages by that name.
    unknown = {link.url for link in _links(built.items)}
    exists = [(one, "://" in one or one.startswith("//") or one.partition("?")[0] in site.files) for one in named]
    return nav.Navigation(
        path.name,
        path.read_text("utf-8"),
        folder,
        tuple(_entries(config.nav)),
        how,
        {
            **{file.src_uri: file.dest_uri for file in files if file.is_documentation_page()},
            **{name: f"{name.removesuffix('README.md')}index.html" for name in how if name.endswith("README.md")},
        },
        frozenset(linked),
        tuple(exists),
        config.nav is not None,
        frozenset(one for one in _entries(config.nav) if one not in unknown or site.target("index.html", one)),
        {
            file.src_uri: file.dest_uri
            for file in files
            if not file.is_documentation_page() and not file.inclusion.is_excluded()
        },
    )


def _without_code(text: str) -> str:
    """Words without what stands in code, where a name uses nothing."""
    return re.sub(r"(?ms)^[ \t]*(```+|~~~+).*?^[ \t]*\1|`[^`\n]+`", " ", text)


def includes(text: str) -> tuple[str, ...]:
    """The names of the files that a text includes, and that of all documented code where it shows any."""
    names = [name.partition(":")[0] for name, _ in inclusions.included(text)]
    return (*names, *([DOCUMENTED] if ":::" in text else []))


def docstrings(code: str) -> str:
    """The strings of Python that stand alone, which is what pages show; each other line is empty."""
    try:
        nodes = list(ast.walk(ast.parse(code)))
    except (SyntaxError, ValueError):
        return code
    kept = {
        line
        for node in nodes
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
        for line in range(node.lineno, (node.end_lineno or node.lineno) + 1)
    }
    return "\n".join(line if number in kept else "" for number, line in enumerate(code.split("\n"), 1))


def _documented(config: MkDocsConfig) -> list[str]:
    """The folders in which mkdocstrings looks for Python."""
    plugin = config.plugins.get("mkdocstrings")
    handlers = plugin.config.get("handlers") if plugin else {}
    return list(((handlers or {}).get("python") or {}).get("paths") or ["."])


def _links(items: list[Any]) -> Iterator[Link]:
    for item in items:
        if isinstance(item, Link):
            yield item
        yield from _links(item.children or [])


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
