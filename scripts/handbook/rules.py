"""The rules of the handbook's own contract; importing this module declares every rule there is."""

from __future__ import annotations

from handbook import addressbook, bibliography, changes, online, registry, snapshots, verdicts  # noqa: F401
from handbook.checks import addresses, anchors, definitions, footnotes, inclusions, leftovers, links  # noqa: F401
from handbook.checks import bibliography as _entries  # noqa: F401
from handbook.checks import editions as _promise  # noqa: F401
from handbook.checks import navigation as _navigation  # noqa: F401
from handbook.diagnostics import RULES, Rule, rule

_HEAD = "---\nid: P9\ntitle: Audit\nkind: principle\n---"
_MORE = "---\nid: P9\ntitle: Audit\nkind: principle\nsummary: What it says.\n---"

rule("page-front-matter", "error", "The head of a page is missing or cannot be read as YAML.", "# Audit", _MORE)
rule(
    "page-key", "error", "A key of the head is missing, empty, doubled or unknown for this kind of page.", _HEAD, _MORE
)
rule("page-value", "error", "A key of the head has a value that it cannot have.", "status: finished", "status: current")
rule(
    "citation-unknown",
    "error",
    "A citation names a work that is not in the bibliography, or writes its key with other capitals.",
    "So [@Doe2020why].",
    "So [@doe2020why].",
)
rule(
    "citation-malformed",
    "error",
    "A citation cannot be read, mostly for a missing comma or a misspelt locator.",
    "So [@doe2020why p. 3].",
    "So [@doe2020why, p. 3].",
)
rule("id-duplicate", "error", "A page, section or requirement has an id that is taken.", "## B {#P1.1}", "## B {#P1.2}")
rule("id-foreign", "error", "A section has an id of another page.", "## B {#P2.1}", "## B {#P1.1}")
rule("section-without-id", "error", "A heading of a handbook page has no permanent id.", "## B", "## B {#P1.2}")
rule(
    "relation",
    "error",
    "A page names one that does not exist, or itself.",
    "related: {P99: Why.}",
    "related: {P2: Why.}",
)
rule(
    "verdict",
    "error",
    "An instrument lacks a verdict on a principle, has two, or gives one that cannot be cited.",
    '<span data-generated="verdict likes P1"></span>',
    '<span data-generated="verdict supports P1"></span>',
)
rule(
    "source-work",
    "error",
    "A source page names a work that the bibliography lacks.",
    "work: doe2002",
    "work: doe2020why",
)
rule(
    "source-uncarried",
    "error",
    "A numbered paragraph of an essay is cited nowhere, not even in the outline of the essay.",
    "paragraphs: 30\n# and para. 7 nowhere",
    "- What it says [@doe2020why, para. 7].",
)
rule(
    "slot",
    "error",
    "A place for generated content asks for what nothing generates.",
    'data-generated="matrx"',
    'data-generated="matrix"',
)
rule("glossary", "error", "The plugin's glossary does not exist.", "glossary: terms.md", "glossary: glossary.md")
rule(
    "bib-uncited",
    "error",
    "No page cites an entry of the bibliography, and no other entry rests on it.",
    "@book{doe2020why, …}",
    "So [@doe2020why].",
)
rule(
    "review-overdue",
    "note",
    "The day by which a page was to be reviewed is past.",
    "review_by: 2020-01-01",
    "review_by: 2099-01-01",
)


def every() -> dict[str, Rule]:
    """All rules by code."""
    return RULES
