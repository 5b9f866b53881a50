"""What a tool has to say of a fault: where it stands, what it is, and how to mend it; and the register of rules."""

from __future__ import annotations

from dataclasses import dataclass

SEVERITIES = ("error", "warning", "note")
"""An error fails a check, a warning only with ``--strict``, a note never."""


@dataclass(frozen=True, slots=True, order=True)
class Diagnostic:
    """One fault at one place. ``path`` is relative to the project, ``line`` and ``col`` count from 1 (0: unknown)."""

    path: str
    line: int
    col: int
    code: str
    message: str
    hint: str
    severity: str = "error"

    def __str__(self) -> str:
        """One line: ``docs/a.md:12:5: message. Remedy: hint. [code]``."""
        place = ":".join(str(part) for part in (self.path, self.line, self.col) if part)
        return f"{place}: {self.message} Remedy: {self.hint} [{self.code}]"


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing that is checked. ``bad`` is reported and ``good`` is not; both are what an editor would write."""

    code: str
    severity: str
    text: str
    bad: str
    good: str

    def at(self, path: str, line: int, col: int, message: str, hint: str) -> Diagnostic:
        """A breach of this rule at a place."""
        return Diagnostic(path, line, col, self.code, message, hint, self.severity)


RULES: dict[str, Rule] = {}
"""Every rule by its code, which never changes its meaning. Each module of checks declares its own."""


def rule(code: str, severity: str, text: str, bad: str, good: str) -> Rule:
    """Declare a rule once; ``--explain`` and the page of checks are made from what is declared."""
    if code in RULES or severity not in SEVERITIES:
        raise ValueError(f"The rule '{code}' is declared twice or has the unknown severity '{severity}'.")
    RULES[code] = declared = Rule(code, severity, text, bad, good)
    return declared


SAID_BY = {
    "id-duplicate-html": {"id-duplicate"},
    "link-missing": {"config-file", "nav-missing"},
    "link-case": {"config-file"},
    "nav-missing": {"link-case", "link-depth"},
    "leftover-note": {"note-undefined", "note-case", "note-elsewhere", "note-in-code", "note-no-colon", "note-unused"},
    "leftover-citation": {"citation-unknown", "citation-malformed"},
}
"""A general rule is silent on a line for which one of these more exact ones has spoken."""


def once(diagnostics: list[Diagnostic]) -> list[Diagnostic]:
    """The findings in order, each fault once."""
    exact = {(one.path, one.line, one.code) for one in diagnostics}
    return sorted(
        one
        for one in set(diagnostics)
        if not any((one.path, one.line, code) in exact for code in SAID_BY.get(one.code, ()))
    )
