"""One entry as it is written to a :class:`Reference`, and what is wrong with how it is written."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from handbook.biblatex import FIELD_ALIASES, OTHER_TYPES, TYPE_ALIASES, TYPES, UNSHOWN
from handbook.dates import OTHER_DATES, dated, impossible
from handbook.diagnostics import Diagnostic, rule
from handbook.records import Reference
from handbook.values import Value, dashed, evaluate, flaws, next_field, suspicious, unescaped

DUPLICATE_FIELD = rule(
    "bib-duplicate-field",
    "error",
    "An entry has a field twice, and only the first is used.",
    "@book{a, title = {One}, title = {Two}}",
    "@book{a, title = {One}}",
)
DATE = rule(
    "bib-date",
    "error",
    "A date is no day of the calendar, or is not written as biblatex reads it (manual, section 2.3.8).",
    "date = {2021-02-30},",
    "date = {2021-02-28},",
)
GRADE = rule(
    "bib-grade",
    "error",
    "The grade says how well the metadata of an entry are known, and is one of four letters.",
    "grade = {Z},",
    "grade = {B},",
)
TYPE = rule(
    "bib-type",
    "error",
    "biblatex knows no such type of entry (manual, section 2.1); mostly it is misspelt.",
    "@artcle{a, title = {One}}",
    "@article{a, title = {One}}",
)

NAMES = ("author", "editor")
GRADES = {
    "A": "Metadata seen at the publisher",
    "B": "Corroborated by several sources",
    "C": "Seen in one or two other sources",
    "E": "As given by the essay",
}
"""How well an entry's own metadata is known, from best to weakest; shown to readers beside each reference."""

Written = tuple[str, str, int]
"""A field as it is written: its name, its value with braces or quotation marks, and its line."""


class Reader:
    """Makes references of the entries of one file. ``faults`` collects what is wrong with how they are written.

    ``shown`` makes of a list of names what stands in a mark. ``strings`` gives what each ``@string`` stands for, by its
    name in lower case.
    """

    def __init__(self, path: str, shown: Callable[[str], tuple[str, ...]]) -> None:
        self.path, self.shown = path, shown
        self.strings: dict[str, str] = {}
        self.faults: list[Diagnostic] = []

    def read(self, key: str, kind: str, line: int, written: Iterable[Written], whole: bool = True) -> Reference:
        """One entry, its fields as they are written; of an entry that is not ``whole`` no fault is looked for."""
        key = " ".join(key.split())
        fields: dict[str, str] = {}
        lines: dict[str, int] = {}
        names: set[str] = set()
        for name, value, at in self._values(written):
            if whole and (value.rest or value.undefined or suspicious(value.text)):
                for flaw in flaws(name, value):
                    self.faults.append(flaw.rule.at(self.path, at, 0, f"Entry '{key}': {flaw.message}", flaw.hint))
            if name in names:
                message = f"Entry '{key}' has the field '{name}' twice; the first is used."
                self.faults.append(DUPLICATE_FIELD.at(self.path, at, 0, message, "Keep one of the two."))
            names.add(name)
            name = FIELD_ALIASES.get(name, name)
            if name not in fields:
                fields[name] = _text(name, value.text)
                lines[name] = at
        date, problem = dated(fields)
        kind = kind.lower()
        kind = TYPE_ALIASES.get(kind, kind)
        author = fields.get("author", "")
        reference = Reference(key, kind, fields, author, self.shown(author), date, line, lines, whole)
        self._judge(reference, problem)
        return reference

    def _values(self, written: Iterable[Written]) -> Iterator[tuple[str, Value, int]]:
        """Every field with its line, those among them that a forgotten comma has hidden behind another one."""
        for name, text, line in written:
            value = evaluate(text, self.strings)
            yield " ".join(name.lower().split()), value, line
            while value.rest and (hidden := next_field(value.rest)):
                line += text.count("\n", 0, len(text) - len(hidden[1]))
                name, text = hidden
                value = evaluate(text, self.strings)
                yield name.lower(), value, line

    def _judge(self, reference: Reference, problem: str) -> None:
        """Dates, grade and type, each of a closed form."""
        get = reference.fields.get
        others = [name for name in OTHER_DATES if name in reference.fields and impossible(get(name, ""))]
        for name in [problem, *others] if problem else others:
            message = f"Entry '{reference.key}' has the impossible {name} '{get(name)}'."
            hint = "Write it as 2024, 2024-03 or 2024-03-04."
            self.faults.append(DATE.at(self.path, reference.lines[name], 0, message, hint))
        grade = get("grade", "A")
        if grade not in GRADES:
            message = f"Entry '{reference.key}' has the unknown evidence grade '{grade}'."
            hint = f"Use one of {', '.join(GRADES)}."
            self.faults.append(GRADE.at(self.path, reference.lines["grade"], 0, message, hint))
        if reference.type not in TYPES and reference.type not in OTHER_TYPES:
            what = f"has the type '{reference.type}', which the style does not know; it is shown as a web page"
            hint = f"Use one of {', '.join(TYPES)}."
            self.faults.append(TYPE.at(self.path, reference.line, 0, f"Entry '{reference.key}' {what}.", hint))


def _text(name: str, value: str) -> str:
    """A value for print: on one line, without escapes, and without protecting braces except in names."""
    if "\n" in value or "  " in value:
        value = " ".join(value.split())
    if "\\" in value:
        value = unescaped(value)
    if "--" in value and name not in UNSHOWN and name != "pages":
        value = dashed(value)
    if ("{" in value or "}" in value) and name not in NAMES:
        value = value.replace("{", "").replace("}", "")
    return value
