"""The navigation in mkdocs.yml, the pages that it leaves out, and the files that the configuration names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from handbook.diagnostics import Diagnostic, rule
from handbook.locate import place

FAILED = rule(
    "build-failed",
    "error",
    "MkDocs or a plugin gave up, so the site could not be read to its end.",
    "plugins: [searhc]",
    "plugins: [search]",
)
MISSING = rule(
    "nav-missing",
    "error",
    "The navigation lists a page that does not exist.",
    "nav:\n  - Guide: gide.md",
    "nav:\n  - Guide: guide.md",
)
OMITTED = rule(
    "nav-omitted",
    "error",
    "A page stands in the docs folder, but the navigation does not list it, so few readers will find it.",
    "nav:\n  - Home: index.md\n# and docs/guide.md",
    "nav:\n  - Home: index.md\n  - Guide: guide.md",
)
ORPHANED = rule(
    "nav-orphan",
    "warning",
    "A page is left out of the navigation on purpose, and no other page links it, so nobody can reach it.",
    "not_in_nav: |\n  /plan.md\n# and no link to plan.md",
    "not_in_nav: |\n  /plan.md\n# and [Plan](plan.md) somewhere",
)
TWICE = rule(
    "nav-twice",
    "error",
    "The navigation lists a page twice; previous and next then lead in a circle.",
    "nav:\n  - A: a.md\n  - B: a.md",
    "nav:\n  - A: a.md\n  - B: b.md",
)
EXCLUDED = rule(
    "nav-excluded",
    "error",
    "The navigation lists a page that is kept out of the site.",
    "exclude_docs: plan.md\nnav:\n  - Plan: plan.md",
    "nav:\n  - Guide: guide.md",
)
COLLISION = rule(
    "nav-collision",
    "error",
    "Two sources make one address; one page overwrites the other.",
    "docs/guide.md and docs/guide/index.md",
    "docs/guide/index.md",
)
CONFIG_FILE = rule(
    "config-file",
    "error",
    "mkdocs.yml names a style sheet, script or picture that does not exist.",
    "extra_css: [assets/exrta.css]",
    "extra_css: [assets/extra.css]",
)


BUILT = ("listed", "included", "hidden")


@dataclass(frozen=True, slots=True)
class Navigation:
    """What mkdocs.yml says of pages: ``entries`` as written, in order; every page with how it is included.

    ``pages`` maps a source below the docs folder to ``listed`` (in the navigation as built), ``included`` (it could
    be), ``hidden`` (not in the navigation on purpose), ``draft``, ``excluded`` or ``generated`` by a plugin;
    ``addresses`` a source to the file that it makes; ``linked`` are the files that links of other pages reach;
    ``files`` are those that the configuration names, as written, each with whether it exists; ``found`` the entries
    that lead to a file of the site, whatever it is; ``others`` the files that are no pages, each with its place in
    the site.
    """

    config: str
    text: str
    folder: str
    entries: tuple[str, ...] = ()
    pages: Mapping[str, str] = field(default_factory=dict)
    addresses: Mapping[str, str] = field(default_factory=dict)
    linked: frozenset[str] = frozenset()
    files: tuple[tuple[str, bool], ...] = ()
    explicit: bool = True
    found: frozenset[str] = frozenset()
    others: Mapping[str, str] = field(default_factory=dict)


def check(nav: Navigation) -> Iterator[Diagnostic]:
    """All findings on the navigation."""
    counts: Counter[str] = Counter()
    for entry in nav.entries:
        counts[entry] += 1
        at = (nav.config, *place(nav.text, entry, counts[entry]))
        how = nav.pages.get(entry)
        if counts[entry] == 2:
            yield TWICE.at(*at, f"The navigation lists '{entry}' twice.", "Keep one of the two.")
        elif how is None and entry not in nav.found:
            yield MISSING.at(
                *at, f"The navigation lists '{entry}', which does not exist.", "Correct or remove the entry."
            )
        elif how in ("draft", "excluded"):
            yield EXCLUDED.at(
                *at, f"The navigation lists '{entry}', which is kept out of the site.", "Remove the entry."
            )
    # Of two sources of one address one is thrown away, whatever the navigation says.
    counted = Counter(nav.addresses.get(source, source) for source, how in nav.pages.items() if how in BUILT)
    for source, how in nav.pages.items():
        path = f"{nav.folder}/{source}"
        if nav.explicit and how == "included" and counted[nav.addresses.get(source, source)] < 2:
            yield OMITTED.at(
                path, 1, 0, f"The navigation does not list '{source}'.", f"Add it to 'nav' in {nav.config}."
            )
        elif how == "hidden" and nav.addresses.get(source) not in nav.linked:
            yield ORPHANED.at(path, 1, 0, f"No page links '{source}', and the navigation leaves it out.", "Link it.")
    first: dict[str, str] = {}
    for source, address in nav.addresses.items():
        if nav.pages.get(source) in BUILT and first.setdefault(address, source) != source:
            message = f"'{source}' and '{first[address]}' make the same address '{address}'."
            yield COLLISION.at(f"{nav.folder}/{source}", 1, 0, message, "Rename or merge one of them.")
    for source, address in nav.others.items():
        if page := first.get(address):
            message = f"'{source}' and '{page}' make the same address '{address}'."
            yield COLLISION.at(f"{nav.folder}/{source}", 1, 0, message, "Rename or remove one of them.")
    for name, exists in nav.files:
        if not exists:
            at = (nav.config, *place(nav.text, name))
            yield CONFIG_FILE.at(
                *at, f"'{name}' does not exist.", f"Put the file below {nav.folder}/, or correct its name."
            )
