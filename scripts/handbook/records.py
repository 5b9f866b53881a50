"""The frozen records that every other module takes and returns. This module imports nothing of ours."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

PERMANENT_ID = re.compile(r"[PICTS][1-9]\d*(?:\.[1-9]\d*)?", re.ASCII)
"""A page id (``P9``), or a section or requirement id (``P9.3``), whose serial says nothing of order."""


VERDICTS = {"supports": "Supports", "constrains": "Constrains", "depends": "Depends", "none": "No bearing"}
"""The words of a verdict, as a page declares them and as a reader sees them."""

WORKS_ID = "works-cited"
"""The id of the heading of a page's list of works, which is generated and so has no permanent id."""

NEW_ID = "new"
"""Written as ``{#new}`` where an item or heading is to get the next permanent id."""


@dataclass(frozen=True, slots=True)
class Name:
    """One author or editor; an organisation has a ``family`` and no ``given``. ``suffix`` is ``Jr.`` or ``III``."""

    family: str
    given: str = ""
    suffix: str = ""


@dataclass(frozen=True, slots=True)
class Date:
    """A date as precise as its source: ``month`` and ``day`` are 0 where unknown."""

    year: int
    month: int = 0
    day: int = 0


@dataclass(frozen=True, slots=True)
class Reference:
    """One entry of the bibliography, its fields named as biblatex names them and free of protecting braces.

    The fields ``author`` and ``editor`` keep their braces, because in a list of names braces mark an organisation.
    In ``shown`` are the family names that stand in a mark: one, two, or the first and ``et al.``.
    In ``lines`` is the 1-based source line of each field.
    An entry is not ``whole`` if a part of it could not be read.
    """

    key: str
    type: str
    fields: Mapping[str, str]
    author: str
    shown: tuple[str, ...]
    date: Date | None
    line: int
    lines: Mapping[str, int] = field(default_factory=dict)
    whole: bool = True

    def get(self, name: str) -> str:
        """The value of a field, or the empty string."""
        return self.fields.get(name, "")


@dataclass(frozen=True, slots=True)
class Locator:
    """Where in the cited work: ``label`` is a CSL term (``paragraph``), ``value`` the rest (``9``, ``51(2)``)."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class CitationItem:
    """One work inside a citation as written: ``[see @key, para. 9, with a suffix]``."""

    key: str
    prefix: str = ""
    locator: Locator | None = None
    suffix: str = ""
    author_suppressed: bool = False


@dataclass(frozen=True, slots=True)
class Citation:
    """A citation seen in a rendered page; ``mark_id`` is the fragment that leads to its sentence."""

    key: str
    locator: str
    mark_id: str
    section_id: str


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that the renderer marked as wrong; ``text`` stands in the source as it is given here."""

    code: str
    text: str
    message: str
    hint: str


@dataclass(frozen=True, slots=True)
class Section:
    """A heading or a requirement item that can be cited; a requirement takes the title of its heading.

    With a permanent id it has its words (``wording`` says in which form) and the id of what holds it.
    """

    id: str
    title: str
    level: int
    text: str = ""
    within: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """An internal link in the text of a section, resolved to an address below the site's root and a fragment."""

    section_id: str
    url: str
    fragment: str


@dataclass(frozen=True, slots=True)
class Slot:
    """A place that a page keeps for generated content, and the section in which it stands."""

    name: str
    section_id: str


@dataclass(frozen=True, slots=True)
class Relation:
    """A declared relation to the page ``target``, with one sentence that says why."""

    target: str
    reason: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What an instrument means for a principle: a word of VERDICTS, and the item that gives the reason."""

    principle: str
    word: str
    section_id: str


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """The contract at the head of a page. ``lines`` gives the 1-based source line of each key.

    ``aliases`` are everyday names of the page's subject, under which the search finds it too.
    """

    title: str
    summary: str
    id: str = ""
    kind: str = ""
    status: str = ""
    reviewed: str = ""
    review_by: str = ""
    related: tuple[Relation, ...] = ()
    aliases: tuple[str, ...] = ()
    evidence: str = ""
    work: str = ""
    paragraphs: int = 0
    lines: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Page:
    """A rendered page: ``path`` is its source below the docs folder, ``url`` its address below the site's root.

    One with a permanent id has its words in ``text``, as a section has.
    """

    path: str
    url: str
    title: str
    front: FrontMatter | None
    sections: tuple[Section, ...]
    citations: tuple[Citation, ...]
    links: tuple[Link, ...]
    slots: tuple[Slot, ...]
    faults: tuple[Fault, ...]
    text: str = ""

    @property
    def id(self) -> str:
        """The page's permanent id, or the empty string."""
        return self.front.id if self.front else ""

    @property
    def label(self) -> str:
        """How the page is named in lists: ``P9 Audit frontier developers independently``."""
        return f"{self.id} {self.title}".strip()

    def section(self, section_id: str) -> Section | None:
        """The section with this id, or None."""
        return next((section for section in self.sections if section.id == section_id), None)


@dataclass(frozen=True)
class Bibliography:
    """All references by key, in the order of the file, with the letter that tells marks apart (``2026b``).

    ``works`` is where ``style.work`` remembers what it has made; ``unread`` are keys of entries that cannot be read.
    """

    path: str
    references: Mapping[str, Reference]
    letters: Mapping[str, str]
    works: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)
    unread: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Citable:
    """A page, section or requirement, or the whole handbook, as one edition published it: what a citation is made of.

    ``id`` is empty for the whole; ``title`` begins with the id; ``url`` is the permanent address in that edition.
    """

    id: str
    title: str
    book: str
    author: str
    edition: int
    date: Date
    url: str


@dataclass(frozen=True, slots=True)
class Handbook:
    """Everything that was read: pages by kind and number, then the others by path; and the bibliography."""

    pages: tuple[Page, ...]
    bibliography: Bibliography
