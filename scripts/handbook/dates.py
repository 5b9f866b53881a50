"""The date of a work: biblatex's ``date`` (manual, section 2.3.8) or BibTeX's ``year``, ``month`` and ``day``."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Mapping

from handbook.records import Date

MONTHS = {
    name: number
    for number, name in enumerate(
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], 1
    )
}
OTHER_DATES = ("urldate", "eventdate", "origdate")

_DATE = re.compile(r"(Y-?\d{5,}|-?\d{2}(?:\d\d|\dX|XX))(?:-(\d\d|XX)(?:-(\d\d|XX))?)?(?:T[\d:.Z+-]+)?[~?%]?", re.ASCII)
_MONTH = re.compile(rf"(?<![a-z])(?:{'|'.join(MONTHS)})")
_SEASON = re.compile(r"spring|summer|fall|autumn|winter|quarter|term|michaelmas|hilary|trinity|easter|q[1-4]")
_YEAR = re.compile(
    r"(?:ca?\.|circa|c)?\s*\[?\s*(\d{4})\s*(?:\?|(?:--?|–|/)\s*(?:\d{2}|\d{4}))?\s*\]?\??", re.ASCII | re.I
)
_UNDATED = re.compile(
    r"forthcoming|in press|to appear|in preparation|submitted|accepted|n\.\s?d\.|no date|undated", re.I
)
_SEASONS = range(21, 25)


def dated(fields: Mapping[str, str]) -> tuple[Date | None, str]:
    """The date as precise as it is given, and the name of the field that is impossible or the empty string.

    Of a range it is the beginning, and so of ``199X``; of a season (biblatex's months 21 to 24) the year.
    """
    if text := fields.get("date", ""):
        found = iso(text)
        return found, "" if found else "date"
    text = fields.get("year", "")
    if not text or _UNDATED.search(text):
        return None, ""
    match = _YEAR.fullmatch(text)
    if match is None or not 0 < int(match[1]) < 3000:
        return None, "year"
    return _of_parts(int(match[1]), fields.get("month", "").lower(), fields.get("day", ""))


def iso(text: str) -> Date | None:
    """A date or a range of dates with open ends (``2020/..``), its beginning; None where it is impossible.

    Levels 0 and 1 of the Extended Date/Time Format (ISO 8601-2, manual of biblatex, section 2.3.8).
    """
    sides = text.split("/")
    dates = [_one(side) for side in sides if side not in ("", "..")]
    if not dates or len(sides) > 2 or None in dates:
        return None
    first, last = dates[0], dates[-1]
    if first is None or last is None:
        return None
    return first if "X" in text or not before(last, first) else None


def before(one: Date, other: Date) -> bool:
    """Whether a date is before another, as far as both are known."""
    if one.year != other.year:
        return one.year < other.year
    for mine, theirs in ((one.month, other.month), (one.day, other.day)):
        if not (mine and theirs) or mine != theirs:
            return 0 < mine < theirs
    return False


def impossible(text: str) -> bool:
    """Whether text looks like a date in numbers and is none: ``2026-02-30``."""
    return bool(_DATE.fullmatch(text)) and iso(text) is None


def _of_parts(year: int, month: str, day: str) -> tuple[Date | None, str]:
    number = 0
    if found := _MONTH.search(month):
        number = MONTHS[found[0]]
    elif month and not _SEASON.search(month):
        number = int(month) if month.isascii() and month.isdigit() else 13
    if number > 12 or (month.isdigit() and not number):
        return None, "month"
    if not (day.isascii() and day.isdigit()):
        return Date(year, number), "day" if day else ""
    if not 1 <= int(day) <= (monthrange(year, number)[1] if number else 31):
        return None, "day"
    return Date(year, number, int(day)), ""


def _one(text: str) -> Date | None:
    match = _DATE.fullmatch(text)
    if match is None:
        return None
    year = int(match[1].removeprefix("Y").replace("X", "0"))
    month, day = (0 if part in (None, "XX") else int(part) for part in match.groups()[1:])
    unknown = "X" in match[1] or match[2] == "XX"
    if year >= 3000 or (unknown and (month or day)):
        return None
    if match[2] is None or match[2] == "XX":
        return Date(year)
    if month in _SEASONS and match[3] is None:
        return Date(year)
    if not 1 <= month <= 12 or (match[3] not in (None, "XX") and not 1 <= day <= monthrange(max(year, 1), month)[1]):
        return None
    return Date(year, month, day)
