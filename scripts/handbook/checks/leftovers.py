"""Markup that the renderer did not understand and that a reader now sees as text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from handbook import markup
from handbook.diagnostics import Diagnostic, rule
from handbook.notetree import regular
from handbook.site import Problem

rule(
    "leftover-note",
    "error",
    "A footnote mark stayed text: nothing defines it, or its definition was not understood.",
    "Text.[^1]",
    "Text.[^1]\n\n[^1]: Note.",
)
rule(
    "leftover-reference",
    "error",
    "A reference link stayed text, because nothing defines its label.",
    "See [the act][act].",
    "See [the act][act].\n\n[act]: https://law.example/",
)
rule(
    "leftover-citation",
    "error",
    "A citation stayed text: no extension reads it here, or its form was not understood.",
    "So \\[@doe2020why].",
    "So [@doe2020why].",
)
rule(
    "leftover-attributes",
    "error",
    "An attribute list such as {#id} stayed text, because it does not stand where the renderer looks for one.",
    "- Item {#P9.6}",
    "- Item\n  {#P9.6}",
)
rule(
    "leftover-link",
    "error",
    "A link stayed text, mostly for a space or a bracket in its address, or a space before it.",
    "[the act] (https://law.example/)",
    "[the act](https://law.example/)",
)
rule(
    "leftover-reversed",
    "error",
    "The brackets of a link are the wrong way round.",
    "(the act)[https://law.example/]",
    "[the act](https://law.example/)",
)
rule(
    "leftover-inline-note",
    "error",
    "Inline notes are another program's; this renderer shows them as text.",
    "Text.^[Note.]",
    "Text.[^1]\n\n[^1]: Note.",
)
rule(
    "leftover-directive",
    "error",
    "A line that begins something else than a paragraph (a snippet, admonition, tab, table or task) stayed text.",
    "Text ::: package.module",
    "::: package.module",
)
rule(
    "leftover-marks",
    "error",
    "Signs of emphasis, keys, an edit, a template or a merge stayed text, mostly because what ends them is missing.",
    "Of **two kinds.",
    "Of **two** kinds.",
)
rule(
    "leftover-emphasis",
    "note",
    "Words stand between asterisks, mostly in raw HTML, where they do not mean emphasis.",
    "<figcaption>Only *one* will do.</figcaption>",
    "<figcaption>Only <em>one</em> will do.</figcaption>",
)
rule(
    "leftover-icon",
    "error",
    "The name of an icon stayed text, though pymdownx.emoji is on: there is no such icon, or it is not read here.",
    "Send :material-emial:",
    "Send :material-email:",
)
rule(
    "leftover-abbreviation",
    "error",
    "The meaning of an abbreviation stayed text, because no colon follows its bracket, or no extension reads it.",
    "*[EU] European Union",
    "*[EU]: European Union",
)
HEAD = rule(
    "leftover-head",
    "error",
    "The head of a page is shown as text, because it does not begin or does not end with a line of three hyphens.",
    "--\ntitle: Audit\n---\n\n# Audit",
    "---\ntitle: Audit\n---\n\n# Audit",
)

_HEAD = re.compile(r"---[ \t]*\n.*?^(?:---|\.\.\.)[ \t]*$", re.S | re.M)
_LIKE_HEAD = re.compile(r"\s*(?P<first>-{2,}|[–—]|\+{3})[ \t]*\n[A-Za-z][\w-]*:(?:[ \t].*)?\n")


def head(path: str, text: str) -> Iterator[Diagnostic]:
    """A head that is none, at its first line."""
    match = _LIKE_HEAD.match(text)
    if match and not _HEAD.match(text):
        late = match.start("first") > 0 and _HEAD.match(text, match.start("first"))
        hint = "Begin it on the first line." if late else "Begin and end it with --- on lines of their own."
        yield HEAD.at(path, text.count("\n", 0, match.start("first")) + 1, 0, "The head of the page stayed text.", hint)


@dataclass(frozen=True, slots=True)
class Leftover:
    """Words that are a fault: the problem, the words, and what stands before and after them in their block."""

    problem: Problem
    text: str
    before: str
    after: str


def leftovers(text: str) -> Iterator[Leftover]:
    """What stayed text in the words of one block; the first rule takes it."""
    beside = list(_found(text, markup.BESIDE_LINKS))
    yield from beside
    known = {(one.problem.code, one.text) for one in beside}
    others = _found(re.sub(f"[{markup.LINK}{markup.BEHIND}]", "", text), markup.PATTERNS)
    yield from (one for one in others if (one.problem.code, one.text) not in known)


def _found(text: str, patterns: Iterable[tuple[str, re.Pattern[str], str]]) -> Iterator[Leftover]:
    taken: list[tuple[int, int]] = []
    for code, pattern, hint in patterns:
        for match in pattern.finditer(text):
            start, end = match.span()
            before, after = text[max(start - 160, 0) : start], text[end : end + 160]
            if any(a < end and start < b for a, b in taken):
                continue
            taken.append((start, end))
            found = match[0].strip()
            if code == "leftover-note" and regular(found.strip("[^]:"), before[-1:], after[:2]):
                continue
            shown = found.replace("\0", "…")
            yield Leftover(Problem(code, f"'{shown}' stayed text.", hint), found, before, after)
