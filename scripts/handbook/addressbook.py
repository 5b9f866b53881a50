"""What is known of each external address from run to run, as kept on disk, and what an editor is told of it. Pure.

An address is dead only after three misses over at least 72 hours: hosts are moved, certificates lapse and come back.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from handbook.diagnostics import Diagnostic, rule
from handbook.verdicts import Verdict

VERSION = 1
MISSES, HOURS = 3, 72
"""An address is dead after so many misses over so many hours."""

_BAD, _GOOD = "See the [report](https://agency.example/old-report).", "See the [report](https://agency.example/report)."
MOVED = rule(
    "online-moved",
    "note",
    "The server says that the page has moved for good. The old address works until the server forgets it.",
    _BAD,
    _GOOD,
)
SUSPECT = rule(
    "online-suspect",
    "warning",
    "The page, its host or the place in it was not found. It may come back; three misses over 72 hours make it dead.",
    _BAD,
    _GOOD,
)
DEAD = rule(
    "online-dead",
    "error",
    "The page, its host or the place in it was missed three times or more, over at least 72 hours.",
    _BAD,
    _GOOD,
)
SOFT = rule(
    "online-soft-404",
    "warning",
    "The server answers as if all were well, but with its home page, a login page or the page for what it cannot find.",
    _BAD,
    _GOOD,
)
UNVERIFIED = rule(
    "online-unverified",
    "note",
    "Nothing can be said of the address: the server is busy, broken or slow, or shuts out whoever is not a browser.",
    "See the [report](https://walled.example/report).",
    _GOOD,
)
RULES = {"moved": MOVED, "suspect": SUSPECT, "dead": DEAD, "soft 404": SOFT, "unverified": UNVERIFIED}
"""By the kind of verdict; the kind "ok" is not told of."""


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where an address stands: a file, a line from 1, and the key of the entry in a bibliography, or ""."""

    path: str
    line: int
    what: str = ""


@dataclass(frozen=True, slots=True)
class Address:
    """An external address and everywhere it stands."""

    url: str
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class Memory:
    """What is kept of an address from run to run. Moments know their time zone."""

    verdict: Verdict
    asked: datetime.datetime
    good: datetime.datetime | None = None
    first_miss: datetime.datetime | None = None
    misses: int = 0


def read(text: str) -> dict[str, Memory]:
    """The file of :func:`write`; ValueError says what is wrong with any other."""
    try:
        loaded = json.loads(text)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    if (
        not isinstance(loaded, dict)
        or loaded.get("version") != VERSION
        or not isinstance(loaded.get("addresses"), dict)
    ):
        raise ValueError(f"it is no cache of version {VERSION}")
    return {url: _memory(url, kept) for url, kept in loaded["addresses"].items()}


def _memory(url: str, kept: Any) -> Memory:
    try:
        kind, why, new = kept["verdict"], kept.get("why", ""), kept.get("new", "")
        asked, good, first = (_moment(kept.get(name)) for name in ("asked", "good", "first_miss"))
        misses = kept.get("misses", 0)
        sound = kind in ("ok", *RULES) and isinstance(why, str) and isinstance(new, str) and type(misses) is int
        if not sound or asked is None or misses < 0 or bool(misses) != bool(first):
            raise ValueError
    except (AttributeError, KeyError, TypeError, ValueError):
        raise ValueError(f"what it holds of '{url}' makes no sense") from None
    return Memory(Verdict(kind, why, new), asked, good, first, misses)


def _moment(text: str | None) -> datetime.datetime | None:
    return moment(datetime.datetime.fromisoformat(text)) if text is not None else None


def moment(day: datetime.date) -> datetime.datetime:
    """A date stands for its first minute, a naive time is UTC."""
    if not isinstance(day, datetime.datetime):
        day = datetime.datetime.combine(day, datetime.time())
    return day if day.tzinfo else day.replace(tzinfo=datetime.UTC)


def write(memories: Mapping[str, Memory]) -> str:
    """JSON, sorted, one address a line."""
    lines = [f"{json.dumps(url)}: {json.dumps(_kept(memories[url]))}" for url in sorted(memories)]
    return f'{{"version": {VERSION}, "addresses": {{\n' + ",\n".join(lines) + "\n}}\n"


def _kept(memory: Memory) -> dict[str, str | int]:
    moments = {"asked": memory.asked, "good": memory.good, "first_miss": memory.first_miss}
    kept: dict[str, str | int] = {"verdict": memory.verdict.kind}
    kept |= {name: text for name, text in (("why", memory.verdict.why), ("new", memory.verdict.new)) if text}
    kept |= {name: when.isoformat() for name, when in moments.items() if when}
    return kept | ({"misses": memory.misses} if memory.misses else {})


def remember(before: Memory | None, verdict: Verdict, now: datetime.datetime) -> Memory:
    """What to keep after an answer. Only a page that came well ends a row of misses; what says nothing changes none."""
    past = before or Memory(verdict, now)
    if verdict.kind in ("ok", "moved"):
        return Memory(verdict, now, good=now)
    if verdict.kind != "suspect":
        return replace(past, verdict=verdict, asked=now)
    first, misses = past.first_miss or now, past.misses + 1
    dead = misses >= MISSES and now - first >= datetime.timedelta(hours=HOURS)
    return Memory(replace(verdict, kind="dead" if dead else "suspect"), now, past.good, first, misses)


def is_fresh(memory: Memory | None, now: datetime.datetime, days: int) -> bool:
    """Whether an address was well so lately that it need not be asked again."""
    if memory is None or memory.verdict.kind not in ("ok", "moved") or memory.good is None:
        return False
    return datetime.timedelta(0) <= now - memory.good < datetime.timedelta(days=days)


def diagnose(address: Address, memory: Memory, copy: str) -> Iterator[Diagnostic]:
    """What to tell of an address, at each of its places; ``copy`` is the address of an archived copy, or ""."""
    verdict = memory.verdict
    if verdict.kind == "ok":
        return
    for place in address.places:
        who = f"The address '{address.url}' of '{place.what}'" if place.what else f"The address '{address.url}'"
        message, hint = _sentence(who, memory)
        if copy:
            message += f" An archived copy is at '{copy}'."
        yield RULES[verdict.kind].at(place.path, place.line, 0, message, hint)


def _sentence(who: str, memory: Memory) -> tuple[str, str]:
    """The message and the remedy."""
    verdict = memory.verdict
    since = f"missed {memory.misses}× since {memory.first_miss:%Y-%m-%d}" if memory.first_miss else ""
    good = f"it was last well on {memory.good:%Y-%m-%d}" if memory.good else "it was never seen well"
    if verdict.kind == "moved":
        return f"{who} has moved for good to '{verdict.new}'.", "Write the new address."
    if verdict.kind == "soft 404":
        return f"{who} seems to be gone: {verdict.why}.", "Open it; if the page is gone, give its new address."
    if verdict.kind == "unverified":
        return f"{who} could not be verified: {verdict.why}; {good}.", "Open it in a browser if that goes on."
    if verdict.kind == "dead":
        return f"{who} is dead: {verdict.why} ({since}); {good}.", "Give its new address or an archived copy."
    hint = f"Look for its new address; after {MISSES} misses over {HOURS} hours it counts as dead."
    return f"{who} was not found: {verdict.why} ({since}); {good}.", hint
