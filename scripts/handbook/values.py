"""The value of a BibTeX field: from what is written to text, and what is wrong with how it is written.

A value is made of pieces joined by ``#``: text in braces or quotation marks, a number, or the name of an ``@string``
("Tame the BeaST", section 3). It is UTF-8: the only TeX that is read is that of dashes, and how exporters escape
reserved characters.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from handbook.biblatex import FIELD_ALIASES, UNSHOWN
from handbook.dates import MONTHS
from handbook.diagnostics import Rule, rule

VALUE = rule(
    "bib-value",
    "error",
    "A value stands in braces or quotation marks unless it is a number or the name of an @string, and a comma follows"
    " it. Otherwise other programs refuse the entry, and fields run into one another.",
    "title = {One}\n  date = {2020},",
    "title = {One},\n  date = {2020},",
)
STRING = rule(
    "bib-string",
    "error",
    "A word without braces is the name of an @string. One that no @string defines prints as nothing elsewhere.",
    "journaltitle = nature,",
    "journaltitle = {Nature},",
)
BRACE = rule(
    "bib-brace",
    "error",
    "Every brace inside a value needs its partner, or other programs read past the end of the value.",
    'title = "The {AI Act",',
    'title = "The {AI} Act",',
)
TEX = rule(
    "bib-tex",
    "error",
    "The bibliography is plain UTF-8 text. TeX macros, formulas and ties are shown to readers as they stand. Reserved"
    " characters may be escaped, as in \\& or \\%.",
    'author = {M{\\"u}ller, Ann},',
    "author = {Müller, Ann},",
)

ESCAPES = {
    **{f"\\{sign}": sign for sign in "&%_#$"},
    **{"\\textbar": "|", "\\textless": "<", "\\textgreater": ">", "\\textasciitilde": "~", "\\textasciicircum": "^"},
}
"""How exporters write what TeX reserves."""

_ESCAPE = re.compile(r"\\(?:[&%_#$]|text(?:bar|less|greater|asciitilde|asciicircum)(?![A-Za-z]))(?:\{\})?")
_MACRO = re.compile(r"\\(?:[A-Za-z]+|.|$)")
_MATH = re.compile(r"(?<![\w\\$])\$(?!\s)(?:[^$\s]+|[^$]*[\\^_=][^$]*)(?<![\s\\])\$(?![\w$])")
_TIE = re.compile(r"(?<=[\w.,)}])~(?=[\w({])")
_DASH = re.compile(r"(?<=\w)---?(?=\w)|(?<=\s)---?(?=\s)")
_NUMBER = re.compile(r"\d+", re.ASCII)
_NAME = re.compile(r"""[^\s"#%'(),={}\d][^\s"#%'(),={}]*""")
_MARK = re.compile(r"(?<!\\)[{}\"]")
_FIELD = re.compile(r"\s*([A-Za-z][\w-]*)\s*=")


@dataclass(frozen=True, slots=True)
class Value:
    """What a field says. ``undefined`` is a name without @string; ``rest`` what follows where the value had ended."""

    text: str
    undefined: str = ""
    rest: str = ""


@dataclass(frozen=True, slots=True)
class Flaw:
    """A rule that a value breaks, what to say of it, and the remedy."""

    rule: Rule
    message: str
    hint: str


def evaluate(written: str, strings: Mapping[str, str]) -> Value:
    """Read a value; ``strings`` gives what each ``@string`` stands for, by its name in lower case."""
    if written[:1] == "{" and written.find("}") == len(written) - 1 and written.find("{", 1) < 0:
        return Value(written[1:-1])
    parts: list[str] = []
    undefined, position = "", 0
    while True:
        position += len(written[position:]) - len(written[position:].lstrip())
        start = written[position : position + 1]
        if start == "{" or start == '"':
            end = _closing(written, position)
            parts.append(written[position + 1 : end])
            position = end + 1
        elif match := _NUMBER.match(written, position):
            parts.append(match[0])
            position = match.end()
        elif match := _NAME.match(written, position):
            name = match[0].lower()
            parts.append(strings.get(name, match[0]))
            undefined = undefined or ("" if name in strings or name in MONTHS else match[0])
            position = match.end()
        else:
            return Value("".join(parts), undefined, written[position:] or " ")
        rest = written[position:].lstrip()
        if not rest.startswith("#"):
            break
        position = len(written) - len(rest) + 1
    if rest and not _FIELD.match(rest) and written[0] not in '{"':
        return Value(written, "", rest)  # words without any braces are one value
    return Value("".join(parts), undefined, rest)


def next_field(rest: str) -> tuple[str, str] | None:
    """Name and value of the field that a forgotten comma has hidden behind another one."""
    match = _FIELD.match(rest)
    return (match[1], rest[match.end() :].strip()) if match else None


def flaws(name: str, value: Value) -> list[Flaw]:
    """What is wrong with how the field ``name`` is written."""
    found = []
    text = value.text
    if value.undefined:
        message = f"'{name}' is the word '{value.undefined}' without braces, and no @string defines it."
        found.append(Flaw(STRING, message, "Put the value in braces, or define the name with @string."))
    elif value.rest:
        if hidden := next_field(value.rest):
            found.append(Flaw(VALUE, f"No comma stands between '{name}' and '{hidden[0]}'.", "Put a comma there."))
        elif not value.rest.strip():
            found.append(Flaw(VALUE, f"'{name}' has no value.", "Give one in braces, or remove the field."))
        else:
            message = f"The value of '{name}' does not end where its braces do, or has none."
            found.append(Flaw(VALUE, message, "Put one pair of braces around the whole value."))
    if text.count("{") != text.count("}"):
        found.append(Flaw(BRACE, f"A brace in '{name}' has no partner.", "Add the other brace, or remove this one."))
    if FIELD_ALIASES.get(name, name) not in UNSHOWN and (tex := _tex(text)):
        hint = "Write the character itself, or plain words: the bibliography is UTF-8 text."
        found.append(Flaw(TEX, f"'{name}' holds the TeX '{tex}', which is shown as it stands.", hint))
    return found


def suspicious(text: str) -> bool:
    """Whether a value may have a flaw or an escape; hardly any has, and none is looked at without need."""
    return "\\" in text or "$" in text or "~" in text or text.count("{") != text.count("}")


def unescaped(text: str) -> str:
    """Text without the escapes that TeX's reserved characters need."""
    return _ESCAPE.sub(lambda match: ESCAPES[match[0].removesuffix("{}")], text)


def dashed(text: str) -> str:
    """Text with dashes where two or three hyphens stand for one, as TeX reads them."""
    return _DASH.sub(lambda match: "—" if len(match[0]) == 3 else "–", text)


def _tex(text: str) -> str:
    """The first macro, formula or tie."""
    plain = _ESCAPE.sub("", text)
    for pattern, source in ((_MACRO, plain), (_MATH, text), (_TIE, text)):
        if match := pattern.search(source):
            return " ".join(match[0].split())[:40]
    return ""


def _closing(written: str, start: int) -> int:
    """Index of what closes the brace or quotation mark at ``start``; of the last character where nothing does."""
    quoted = written[start] == '"'
    depth = 0
    for match in _MARK.finditer(written, start + 1):
        if match[0] == "{":
            depth += 1
        elif match[0] == "}":
            if not quoted and depth == 0:
                return match.start()
            depth -= 1
        elif quoted and depth == 0:
            return match.start()
    last = written.rfind('"' if quoted else "}")
    return last if last > start else len(written)
