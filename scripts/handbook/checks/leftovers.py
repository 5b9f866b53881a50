"""Markup that the renderer did not understand and that a reader now sees as text."""

from __future__ import annotations

import re
from collections.abc import Iterator

from handbook.diagnostics import rule
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
    "A line for an extension (a snippet, a block of documentation) stayed text.",
    "Text ::: package.module",
    "::: package.module",
)

_ADDRESS = r"(?:[a-z][a-z0-9+.-]*:|\.{0,2}/|#|[\w./-]+\.(?:md|html?|png|svg|jpe?g|pdf)\b)"
PATTERNS = (
    ("leftover-inline-note", re.compile(r"\^\[[^\]\n]+\]?"), "Write a footnote: [^1] here and [^1]: below."),
    ("leftover-note", re.compile(r"\[\^[^\]\n]+\]:?"), "Define the note, or correct its label."),
    ("leftover-citation", re.compile(r"\[-?@[\w:.-]+[^\]\n]*\]"), "Correct the form of the citation."),
    ("leftover-reversed", re.compile(rf"\([^()\n]+\)\[\s*{_ADDRESS}[^\]\n]*\]", re.I), "Swap the brackets."),
    (
        "leftover-link",
        re.compile(r"(?:\[[^\[\]\n]*)?\]\([^)\n]*\)?|\[[^\[\]\n]+\]\s\((?=" + _ADDRESS + r")[^)\n]*\)", re.I),
        "Correct the link.",
    ),
    ("leftover-reference", re.compile(r"(?<![\w\])])\[[^\[\]\n]+\]\[[^\[\]\n]*\]"), "Define the label, or correct it."),
    (
        "leftover-attributes",
        re.compile(r"(?<![\w{%$\\])\{:?\s*[#.][A-Za-z][\w.:-]*[^{}\n]*\}"),
        "Move it where it is read.",
    ),
    ("leftover-attributes", re.compile(r"(?<![\w{%$\\])\{:?\s*#[A-Za-z][\w.:-]*\s*$"), "Close the brace."),
    ("leftover-directive", re.compile(r"(?<!\S):::\s+[A-Za-z_]\w*(?:\.\w+)+|--8<--"), "Put it on a line of its own."),
    (
        "leftover-directive",
        re.compile(r"^(?:!!!\+?|\?\?\?\+?|===[!+]?)\s+\S+"),
        "Correct its first line: the kind in one word, or the title in quotation marks.",
    ),
)


def leftovers(text: str) -> Iterator[tuple[Problem, str]]:
    """The problems in the words of one block, each with the words that are the fault; the first rule takes them."""
    taken: list[tuple[int, int]] = []
    for code, pattern, hint in PATTERNS:
        for match in pattern.finditer(text):
            start, end = match.span()
            if not any(a < end and start < b for a, b in taken):
                taken.append((start, end))
                found = match[0].strip()
                yield Problem(code, f"'{found}' stayed text.", hint), found
