"""``handbook check --online``: every external address asked, what was learnt kept on disk, and told to the editor.

What was learnt is written after each answer, so that an interruption loses nothing.
"""

from __future__ import annotations

import asyncio
import datetime
import itertools
import os
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from urllib.parse import urldefrag, urlsplit

from handbook import addressbook, answers, asking, verdicts
from handbook.addressbook import Address, Memory, Place
from handbook.asking import Limits, OnlineUnavailable, Sleep, user_agent
from handbook.diagnostics import Diagnostic, rule
from handbook.verdicts import Verdict

__all__ = ["Address", "Limits", "OnlineUnavailable", "Place", "check_online", "user_agent"]

CACHE = rule(
    "online-cache",
    "warning",
    "What earlier runs learnt of addresses cannot be read or kept, so that misses are counted from the start.",
    "The file of what is known was edited by hand and is no longer JSON.",
    "The file is left to the command, or deleted.",
)


def check_online(
    addresses: Iterable[Address],
    *,
    cache: Path,
    today: datetime.date,
    archived: Mapping[str, str],
    limits: Limits,
    progress: Callable[[str], None],
    agent: str = asking.AGENT,
    sleep: Sleep = asyncio.sleep,
) -> list[Diagnostic]:
    """Ask what is not known well enough, keep it in ``cache``, and tell of every address that is not well.

    Give ``today`` as a datetime with a time zone where the 72 hours are to be counted by the hour. ``archived`` is from
    address to archived copy. ``progress`` is given one line for each answer. Looking up a name of a host can take as
    long as the system lets it; all else ends by ``limits.total_seconds``. An interruption loses only what was not yet
    answered. Raises :class:`OnlineUnavailable` without httpx2.
    """
    client = asking.client(limits, agent)
    now = addressbook.moment(today)
    book = _Book(cache, now)
    known: dict[str, Address] = {}
    for address in addresses:
        key = verdicts.normal(address.url)
        if key.lower().startswith(("http:", "https:")):
            before = known[key].places if key in known else ()
            known[key] = replace(known.get(key, address), places=tuple(sorted({*before, *address.places})))
    stale = {
        key: one
        for key, one in known.items()
        if answers.is_askable(key) and not addressbook.is_fresh(book.kept.get(key), now, limits.fresh_days)
    }
    asyncio.run(_ask_all(stale, book, asking.Asker(client, limits, sleep), progress))
    late = Verdict("unverified", "the run ended before it could be asked")
    never = Verdict("unverified", verdicts.FAILURES["not-an-address"])
    found = list(book.faults)
    copies = {verdicts.normal(url): copy for url, copy in archived.items()}
    for key, address in known.items():
        if not answers.is_askable(key):
            memory = Memory(never, now)
        elif key in book.told or key not in stale:
            memory = book.kept[key]
        else:
            memory = book.kept.get(key) or Memory(late, now)
            # A miss of an earlier run stands until the address is asked again.
            memory = replace(memory, verdict=late) if memory.verdict.kind in ("ok", "unverified") else memory
        found += addressbook.diagnose(address, memory, copies.get(key, ""))
    return sorted(found)


class _Book:
    """The memories on disk, and what could not be read or kept of them."""

    def __init__(self, path: Path, now: datetime.datetime) -> None:
        self.path, self.now = path, now
        self.shown = path.name if path.is_absolute() else path.as_posix()
        self.faults: list[Diagnostic] = []
        self.told: set[str] = set()
        self.closed = False
        self.kept = self._read()

    def _read(self) -> dict[str, Memory]:
        try:
            return addressbook.read(self.path.read_text("utf-8"))
        except FileNotFoundError:
            return {}
        except OSError as error:
            self._close(f"What is known of addresses cannot be read: {error.strerror}.", "Give a file to read.")
        except ValueError as error:
            self._set_aside("it is not UTF-8" if isinstance(error, UnicodeDecodeError) else str(error))
        return {}

    def _set_aside(self, reason: str) -> None:
        """Rename a file that makes no sense, to a name that no other has; it may hold what somebody wants back."""
        message = f"What is known of addresses cannot be understood: {reason}."
        names = (self.path.with_name(f"{self.path.name}.broken{number or ''}") for number in itertools.count())
        aside = next(name for name in names if not os.path.lexists(name))
        try:
            self.path.rename(aside)
        except OSError:
            self._close(f"{message} It cannot be renamed.", "Mend it, or delete it.")
            return
        message += f" The file is kept as '{aside.name}'."
        self.faults.append(CACHE.at(self.shown, 0, 0, message, "Mend it and give it its name back, or delete it."))

    def _close(self, message: str, hint: str) -> None:
        """From now on nothing is written."""
        self.closed = True
        self.faults.append(CACHE.at(self.shown, 0, 0, message, hint))

    def tell(self, key: str, verdict: Verdict) -> Memory:
        """Note a verdict."""
        self.kept[key] = memory = addressbook.remember(self.kept.get(key), verdict, self.now)
        self.told.add(key)
        return memory

    def save(self) -> None:
        """Write all, so that at any moment the file is whole: the old one or the new one."""
        if self.closed:
            return
        temporary = self.path.with_name(f".{self.path.name}.{os.getpid()}")
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with temporary.open("w", encoding="utf-8") as file:
                file.write(addressbook.write(self.kept))
                file.flush()
                os.fsync(file.fileno())
            temporary.replace(self.path)
        except OSError as error:
            self._close(f"What was learnt of addresses cannot be kept: {error.strerror}.", "Give a folder to write in.")


async def _ask_all(
    stale: Mapping[str, Address],
    book: _Book,
    asker: asking.Asker,
    progress: Callable[[str], None],
) -> None:
    """Ask each page once for all the fragments wanted of it; those longest unasked first."""
    pages: defaultdict[str, list[str]] = defaultdict(list)
    for key in stale:
        pages[urldefrag(key).url].append(key)
    never = datetime.datetime.min.replace(tzinfo=datetime.UTC)
    dates = {
        page: min(book.kept[key].asked if key in book.kept else never for key in keys) for page, keys in pages.items()
    }

    async def one(keys: list[str]) -> None:
        url = urldefrag(min(stale[key].url for key in keys)).url.strip()
        hops = await asker.follow(url, any(urlsplit(key).fragment for key in keys))
        sibling = await asker.sibling(url) if verdicts.says_not_found(hops[-1]) else None
        memories = {
            key: book.tell(key, verdicts.judge(hops, urlsplit(stale[key].url).fragment, sibling)) for key in keys
        }
        book.save()
        for key, memory in memories.items():
            progress(f"{len(book.told)} of {len(stale)}: {memory.verdict.kind}: {stale[key].url}")

    try:
        async with asker.client, asyncio.timeout(asker.limits.total_seconds), asyncio.TaskGroup() as group:
            for page in sorted(pages, key=lambda page: (dates[page], page)):
                group.create_task(one(pages[page]))
    except TimeoutError:
        progress(f"{len(book.told)} of {len(stale)}: the time of the run is up.")
