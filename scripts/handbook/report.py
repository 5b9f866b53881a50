"""Findings to what is printed: lines to read, JSON for programs, annotations for a code host; and their suppression."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from html import escape

from handbook.diagnostics import RULES, Diagnostic, rule

UNUSED = rule(
    "suppression-unused",
    "error",
    "A comment silences a finding that does not exist; it would hide the next one.",
    "<!-- handbook: ignore link-missing -->\n\n[Guide](guide.md)",
    "[Guide](guide.md)",
)
UNKNOWN = rule(
    "suppression-unknown",
    "error",
    "A comment names a code that no rule has.",
    "<!-- handbook: ignore link-mising -->",
    "<!-- handbook: ignore link-missing -->",
)
COMMENT = re.compile(r"(?:<!--|#|%|//)\s*handbook:\s*ignore\s+(?P<codes>[a-z0-9, -]+?)\s*(?:-->|$)", re.M)
_CODE = re.compile(
    r"^[ \t]*(?P<fence>```+|~~~+)[^\n]*\n.*?^[ \t]*(?P=fence)|(?P<tick>`+)(?!`).+?(?<!`)(?P=tick)", re.S | re.M
)


def suppress(found: Iterable[Diagnostic], texts: Mapping[str, str]) -> list[Diagnostic]:
    """Without the findings that a comment on their line or the line before names; with what is wrong with comments.

    ``texts`` are the files that may hold such comments, by path.
    """
    left = list(found)
    said: list[Diagnostic] = []
    for path, text in texts.items():
        if "handbook:" not in text:
            continue
        code = [match.span() for match in _CODE.finditer(text)]
        for match in COMMENT.finditer(text):
            if any(a <= match.start() < b for a, b in code):
                continue
            line = text.count("\n", 0, match.start()) + 1
            col = match.start() - text.rfind("\n", 0, match.start())
            for name in re.split(r"[,\s]+", match["codes"].strip()):
                if name not in RULES:
                    said.append(UNKNOWN.at(path, line, col, f"No rule has the code '{name}'.", "Correct or remove it."))
                    continue
                hit = [one for one in left if one.path == path and one.line in (line, line + 1) and one.code == name]
                left = [one for one in left if one not in hit]
                if not hit:
                    said.append(UNUSED.at(path, line, col, f"The comment silences no '{name}'.", "Remove the comment."))
    return sorted([*left, *said])


def as_text(found: list[Diagnostic]) -> str:
    """One line a finding and one that counts them."""
    counts = {name: sum(one.severity == name for one in found) for name in ("error", "warning", "note")}
    total = ", ".join(f"{number} {name}{'' if number == 1 else 's'}" for name, number in counts.items() if number)
    return "\n".join([*(f"{one.severity}: {one}" for one in found), total or "Nothing found."])


def as_json(found: list[Diagnostic]) -> str:
    """``{"version": 1, "diagnostics": [{path, line, col, code, severity, message, hint}]}``."""
    names = ("path", "line", "col", "code", "severity", "message", "hint")
    items = [{name: getattr(one, name) for name in names} for one in found]
    return json.dumps({"version": 1, "diagnostics": items}, indent=2, ensure_ascii=False)


def as_github(found: list[Diagnostic]) -> str:
    """Workflow commands that GitHub shows beside the line (docs.github.com, "Workflow commands")."""
    kinds = {"error": "error", "warning": "warning", "note": "notice"}
    lines = []
    for one in found:
        place = f"file={_property(one.path)},line={max(one.line, 1)}" + (f",col={one.col}" if one.col else "")
        lines.append(
            f"::{kinds[one.severity]} {place},title={_property(one.code)}::{_data(f'{one.message} {one.hint}')}"
        )
    return "\n".join(lines)


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def explain(code: str) -> str:
    """What a rule says, with a bad and a good example; the empty string for an unknown code."""
    if code not in RULES:
        return ""
    one = RULES[code]
    bad, good = ("\n".join(f"    {line}" for line in text.splitlines()) for text in (one.bad, one.good))
    return f"{one.code} ({one.severity})\n\n{one.text}\n\nReported:\n\n{bad}\n\nNot reported:\n\n{good}"


FAMILIES = {
    "link": "Links",
    "anchor": "Anchors",
    "id": "Ids",
    "heading": "Headings",
    "address": "Addresses of other sites",
    "leftover": "Markup that stayed text",
    "definition": "Definitions",
    "note": "Footnotes",
    "citation": "Citations",
    "bib": "Bibliography",
    "nav": "Navigation",
    "config": "Configuration",
    "asset": "Pictures, style sheets and downloads",
    "snippet": "Snippets",
    "build": "The build",
    "page": "Front matter",
    "section": "Sections of the handbook",
    "register": "The register of ids",
    "edition": "Published editions",
    "change": "Changes since the last edition",
    "relation": "Relations",
    "verdict": "Verdicts",
    "source": "Source pages",
    "slot": "Generated parts",
    "glossary": "Glossary",
    "review": "Review",
    "suppression": "Suppressed findings",
    "online": "Addresses, asked online",
}


def as_html() -> str:
    """Every rule by family, with its examples: the page of checks."""
    parts = []
    for family, title in FAMILIES.items():
        rules = [one for code, one in sorted(RULES.items()) if code.partition("-")[0] == family]
        if rules:
            parts.append(f'<h3 id="{family}">{title}</h3>')
        for one in rules:
            parts.append(
                f'<h4 id="{one.code}"><code>{one.code}</code> ({one.severity})</h4><p>{escape(one.text)}</p>'
                f'<p>Reported:</p><pre tabindex="0"><code>{escape(one.bad)}</code></pre>'
                f'<p>Not reported:</p><pre tabindex="0"><code>{escape(one.good)}</code></pre>'
            )
    return "".join(parts)


FORMATS = {"text": as_text, "json": as_json, "github": as_github}
