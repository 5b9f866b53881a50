"""Anchors: what an address names within a page, and the ids that it can name."""

from __future__ import annotations

import difflib
from urllib.parse import unquote

from handbook.diagnostics import rule
from handbook.site import Problem, Scan, slug

rule(
    "link-text-fragment",
    "error",
    "The address ends in a text fragment, and the page does not hold that text.",
    "[Guide](guide.md#:~:text=no%20such%20words)",
    "[Guide](guide.md#:~:text=Install%20it)",
)
rule(
    "anchor-missing",
    "error",
    "The page exists, but nothing on it has this id. An id that stands only in code or in a comment is none.",
    "[Install](guide.md#instal)",
    "[Install](guide.md#install)",
)
rule(
    "anchor-case",
    "error",
    "The anchor differs from an id of the page only in capital letters; ids are compared letter by letter.",
    "[Install](guide.md#Install)",
    "[Install](guide.md#install)",
)
rule(
    "anchor-slug",
    "error",
    "The anchor is what another program would make of the heading; this renderer makes another id of it.",
    "[What's new](guide.md#what-s-new)",
    "[What's new](guide.md#whats-new)",
)
rule(
    "anchor-shifts",
    "error",
    "The id was made unique by a number, because two headings have the same words; it moves when one comes or goes.",
    "[Second](guide.md#example_1)",
    "[Second](guide.md#example-of-windows)",
)
rule(
    "id-duplicate-html",
    "error",
    "Two elements of a page have the same id, so a link to it reaches only the first.",
    "## One {#x}\n\n## Two {#x}",
    "## One {#x}\n\n## Two {#y}",
)
rule(
    "heading-empty",
    "error",
    "A heading has no words: nobody can read it, and its anchor is an accident.",
    "##\n\nText.",
    "## Words\n\nText.",
)


def problem(scan: Scan | None, fragment: str, where: str) -> Problem | None:
    """What is wrong with a fragment of the page that ``where`` names to an editor; None of what is no page."""
    if scan is None or not fragment:
        return None
    name, _, directive = fragment.partition(":~:")
    if wrong := _text(scan, where, directive):
        return wrong
    if not name:
        return None
    for wanted in (name, unquote(name)):
        if wanted in scan.ids:
            if wanted in scan.numbered:
                return Problem(
                    "anchor-shifts",
                    f"'#{name}' differs from another id only by a number, which shifts when headings come or go.",
                    "Give the heading an id of its own: {#a-name}.",
                )
            return None
    wanted = unquote(name)
    if wanted.lower() == "top":
        return None
    message = f"There is no anchor '#{wanted}' on {where}."
    lower = {one.lower(): one for one in sorted(scan.ids)}
    if wanted.lower() in lower:
        return Problem("anchor-case", message, f"Write '#{lower[wanted.lower()]}'.")
    slugs = {slug(one): one for one in sorted(scan.ids)}
    if slug(wanted) in slugs:
        return Problem("anchor-slug", message, f"Write '#{slugs[slug(wanted)]}', as this renderer makes it.")
    near = difflib.get_close_matches(wanted, scan.ids, 1, 0.8)
    hint = f"Did you mean '#{near[0]}'?" if near else "Correct the anchor, or give the heading this id."
    return Problem("anchor-missing", message, hint)


def _text(scan: Scan, where: str, directive: str) -> Problem | None:
    """Text fragments (WICG): ``text=prefix-,start,end,-suffix``, several joined by ``&text=``."""
    for one in directive.split("&") if directive.startswith("text=") else ():
        parts = [unquote(part) for part in one.removeprefix("text=").split(",")]
        for part in parts:
            words = " ".join(part.removesuffix("-").removeprefix("-").split()).lower()
            if words and words not in scan.words:
                message = f"{where[:1].upper()}{where[1:]} does not contain the text '{words}'."
                return Problem("link-text-fragment", message, "Correct the text, or link a section.")
    return None
