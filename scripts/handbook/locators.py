"""Locators: the part of a work that a citation points to, as typed and as printed. Labels are CSL's terms."""

from __future__ import annotations

import re

from handbook.identifiers import backwards
from handbook.records import Locator

# CSL 1.0.2, appendix "Locators": term -> (singular, plural, other spellings that editors type).
LOCATORS: dict[str, tuple[str, str, str]] = {
    "act": ("act", "acts", ""),
    "appendix": ("app.", "apps.", "appendix appendices"),
    "article": ("art.", "arts.", "article articles"),
    "book": ("bk.", "bks.", "book books"),
    "chapter": ("chap.", "chaps.", "ch. chs. chapter chapters"),
    "column": ("col.", "cols.", "column columns"),
    "equation": ("eq.", "eqs.", "eqn. eqns. equation equations"),
    "figure": ("fig.", "figs.", "figure figures"),
    "folio": ("fol.", "fols.", "folio folios"),
    "issue": ("no.", "nos.", "issue issues number numbers"),
    "line": ("l.", "ll.", "line lines"),
    "note": ("n.", "nn.", "note notes fn. fns. footnote footnotes"),
    "page": ("p.", "pp.", "page pages"),
    "paragraph": ("para.", "paras.", "par. pars. paragraph paragraphs ¶ ¶¶"),
    "part": ("pt.", "pts.", "part parts"),
    "rule": ("r.", "rr.", "rule rules"),
    "section": ("sec.", "secs.", "sect. sects. section sections s. ss. § §§"),
    "sub-verbo": ("s.v.", "s.vv.", ""),
    "supplement": ("supp.", "supps.", "supplement supplements"),
    "table": ("tbl.", "tbls.", "tab. tabs. table tables"),
    "title-locator": ("tit.", "tits.", "title titles"),
    "timestamp": ("at", "at", "time timestamp"),
    "verse": ("v.", "vv.", "verse verses"),
    "version": ("version", "versions", ""),
    "volume": ("vol.", "vols.", "volume volumes"),
}
LABELS = {
    spelling: term
    for term, (singular, plural, others) in LOCATORS.items()
    for spelling in (singular, plural, *others.split())
}
"""Every spelling of a locator label that is understood, in lower case, and its CSL term."""

SUFFIXES = frozenset(
    {
        *("cl.", "cls.", "rec.", "recs.", "reg.", "regs.", "sch.", "schs.", "sched.", "scheds.", "subsec.", "subsecs."),
        *("ann.", "anns.", "def.", "defs.", "ep.", "eps.", "ex.", "exs.", "ill.", "ills.", "loc.", "locs.", "min."),
        *("pl.", "pls.", "prop.", "props.", "q.", "qq.", "sc.", "subpara.", "subparas.", "thm.", "thms."),
        *("Abb.", "Abs.", "Anm.", "Bd.", "Kap.", "Nr.", "Rn.", "Rz.", "S.", "Ziff.", "alin.", "blz.", "hfdst."),
    }
)
"""Labels that CSL lacks, of statutes first, and some of other languages; printed as they stand, behind the citation."""
_PLURALS = {plural for _, plural, _ in LOCATORS.values()} | {"¶¶", "§§"}
_TOKEN = r"(?:[^\s,;]*\d[^\s,;]*|[ivxlcdm]+|[A-Z]{1,3})(?![^\s,;–-])"
_VALUE = rf"{_TOKEN}(?:(?:\s*,\s*|\s+and\s+|\s*&\s*|\s*(?:--?|–)\s*){_TOKEN})*(?:\s+ff?\.?(?![^\s,;]))?"
_LABELLED = re.compile(rf"(?P<label>§§?|¶¶?|[A-Za-z.-]+)\s*(?P<value>{_VALUE})(?P<suffix>.*)", re.S)
# ``22757.12(a), (c)(2)`` is one section.
_SEVERAL = re.compile(r"[–&]| and |, (?!\()| ff?\b")
_RANGE = re.compile(r"(?<=\w)(?:\s*(?:--|–)\s*|\s+-\s+|-(?=\d)|(?<=[ivxlc])-(?=[ivxlc]))(?=\w)")
_SUFFIX = re.compile(r"(?:and|or|in|on|for|with|as|but|passim)\b(?!\s+(?:[A-Za-z]+\.\s*)?\d)")
"""Words that go on without a comma; behind others one is missing."""
_PAGES = re.compile(rf"(?=\d)(?P<value>{_VALUE})(?P<suffix>.*)", re.S)


class MalformedCitation(ValueError):
    """The text looks like a citation and cannot be one; ``hint`` says how to mend it."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.hint = hint


def parse_locator(rest: str) -> tuple[Locator | None, str]:
    """What follows a key, ``, paras. 7, 17, with a suffix``, as a locator and a suffix. Raises MalformedCitation."""
    rest = " ".join(rest.split())
    if not rest:
        return None, ""
    if braced := re.fullmatch(r"(?:,\s*)?\{([^{}]*)\}(.*)", rest, re.S):
        return _braced(*braced.groups())
    if _SUFFIX.match(rest):
        return None, f" {rest}"
    if not rest.startswith(","):
        raise MalformedCitation(
            f"'{rest}' follows a citation key without a comma.", "Put a comma between the key and what follows."
        )
    rest = rest[1:].strip()
    if not rest or rest.startswith(","):
        raise MalformedCitation("A comma follows a citation key and nothing follows the comma.", "Remove the comma.")
    if match := _PAGES.fullmatch(rest):
        _refuse(match["value"])
        return Locator("page", match["value"]), _suffix(match["suffix"])
    first = rest.split()[0]
    if first in SUFFIXES or first.lower() in SUFFIXES:
        return None, rest
    if (match := _LABELLED.fullmatch(rest)) and (label := LABELS.get(match["label"].lower())):
        _refuse(match["value"], match["label"].rstrip(".").endswith("s") or match["label"] in _PLURALS)
        return Locator(label, match["value"]), _suffix(match["suffix"])
    if LABELS.get(first.lower()) and (first.endswith(".") or rest == first):
        raise MalformedCitation(
            f"The locator label '{first}' has no number after it.", "Give the number, or remove the label."
        )
    if re.match(r"[A-Za-z]{1,12}\.\s*\d", rest):
        raise MalformedCitation(
            f"'{first}' is not a locator label.", "Use one such as p., para., sec., art., chap., n. or fig."
        )
    return None, rest


def _braced(inside: str, after: str) -> tuple[Locator | None, str]:
    """pandoc's braces, which say where a locator ends, as in ``{ii, A, D-Z}, with a suffix``, or that there is none."""
    if not inside.strip():
        return None, _suffix(after)
    where, rest = parse_locator(f", {inside.strip()}")
    return where or Locator("page", inside.strip()), _suffix(after) if where is None else _suffix(f"{rest}{after}")


def _refuse(value: str, several: bool = False) -> None:
    """Ranges without an end, or backwards: but a hyphen may be part of one number, as in ``art. 44-12``."""
    if value.rstrip().endswith(("-", "–")):
        raise MalformedCitation(f"The range '{value.strip()}' has no end.", "Give its last number.")
    wrong = backwards(value)
    if wrong and ("–" in wrong or "--" in wrong or (several and wrong == value.strip())):
        raise MalformedCitation(f"The range '{wrong}' runs backwards.", "Put the lower number first.")


def _suffix(text: str) -> str:
    return text.strip().removeprefix(",").strip()


def locator(where: Locator | None) -> str:
    """A locator with its CSL label: ``paras. 7, 17``, ``pp. 33–35``; the empty string for None."""
    if where is None:
        return ""
    value = ranges(where.value)
    singular, plural, _ = LOCATORS[where.label]
    return f"{plural if _SEVERAL.search(value) else singular} {value}"


def ranges(value: str) -> str:
    """A value with en dashes between the ends of its ranges; ``44-B`` is one article, not a range."""
    return _RANGE.sub("–", value)
