"""Where a build will stand among the editions, and what follows from that for addresses.

Below one root, the address that a publisher sets once: ``1/``, ``2/`` and so on for editions, ``latest/`` for the text
as it is being written. A build for nobody but its editor (``mkdocs serve``) stands at the root itself.
"""

from __future__ import annotations

from dataclasses import dataclass

from handbook.changes import History
from handbook.editions import Edition
from handbook.feedback import NONE, Feedback
from handbook.records import Citable

LATEST = "latest"


@dataclass(frozen=True, slots=True)
class Publisher:
    """``root`` is an address with a slash at its end; ``build`` a number, ``latest``, or empty for an editor's own."""

    root: str
    build: str
    book: str
    author: str
    feedback: Feedback = NONE

    @property
    def home(self) -> str:
        """The address of this build."""
        return f"{self.root}{self.build}/" if self.build else self.root

    @property
    def edition(self) -> int:
        """The edition that is being built; 0 for the latest text."""
        return int(self.build) if self.build.isdigit() else 0

    def at(self, edition: Edition) -> str:
        """The address of an edition."""
        return f"{self.root}{edition.number}/"

    def label(self, history: History) -> str:
        """What a reader has before them."""
        last = history.last
        if self.edition and last:
            return f"{last.name}, {last.date}"
        return f"Latest text, after the {last.name}" if last else "Latest text, not yet published as an edition"


def citables(history: History, publisher: Publisher) -> dict[str, Citable]:
    """By id, and by the empty id the whole, what is cited: each from the newest edition that has it."""
    found = {"": history.last.citable("", publisher.root)} if history.last else {}
    for edition in reversed(history.editions):
        for name in edition.entries:
            if name not in found:
                found[name] = edition.citable(name, publisher.root)
    return found
