"""What follows from the records taken together: who carries a paragraph, who cites a work, what relates to a page."""

from __future__ import annotations

import re

from handbook.locators import parse_locator
from handbook.records import Citation, Handbook, Page, Relation, Verdict

ORDER = "PICTS"


def page_order(page: Page) -> tuple[int, int, str]:
    """Principles, instruments, cases, tensions and sources by number, then all other pages by path."""
    if page.id and page.id[0] in ORDER and page.id[1:].isdigit():
        return ORDER.index(page.id[0]), int(page.id[1:]), page.path
    return len(ORDER), 0, page.path


def passages(where: str) -> tuple[str, ...]:
    """What a citation's locator names: ``paras. 7, 10–12`` is "7", "10", "11" and "12"; any other stands for itself."""
    locator, _ = parse_locator(f",{where}") if where else (None, "")
    if locator is None or locator.label != "paragraph":
        return (where,) if where else ()
    ranges = re.findall(r"(\d+)(?:–(\d+))?", locator.value)
    return tuple(str(number) for first, last in ranges for number in range(int(first), int(last or first) + 1))


def verdicts(page: Page) -> tuple[Verdict, ...]:
    """The verdicts of a page, declared by the slot that begins their reason: ``verdict none P3 P5``."""
    slots = [(slot.name.split(), slot.section_id) for slot in page.slots if slot.name.startswith("verdict ")]
    return tuple(Verdict(principle, words[1], where) for words, where in slots for principle in words[2:])


class Index:
    """A handbook the other way round: from a work, a passage or a page to what points at it. Made once a build."""

    def __init__(self, handbook: Handbook) -> None:
        self.bibliography = handbook.bibliography
        self.pages = handbook.pages
        self.by_id: dict[str, Page] = {}
        self.citations: dict[str, list[tuple[Page, Citation]]] = {}
        """Every citation by key, in the order of pages and then of the text."""
        self.carriers: dict[tuple[str, str], list[tuple[Page, Citation]]] = {}
        """By work and passage, the citations outside the source pages that name it."""
        self.incoming: dict[str, list[tuple[Page, Relation]]] = {}
        """By page id, the relations that other pages declare to it."""
        self.verdicts: dict[str, dict[str, Verdict]] = {}
        """By principle, then by instrument."""
        self.links: dict[str, dict[tuple[str, str], Page]] = {}
        """By the address of a page, the sections of other pages that link to it; lists of pages are not meant."""
        for page in handbook.pages:
            if page.id:
                self.by_id.setdefault(page.id, page)
            source = page.front is not None and page.front.kind == "source"
            for citation in page.citations:
                self.citations.setdefault(citation.key, []).append((page, citation))
                for passage in () if source else passages(citation.locator):
                    self.carriers.setdefault((citation.key, passage), []).append((page, citation))
            for relation in page.front.related if page.front else ():
                if relation.target != page.id:
                    self.incoming.setdefault(relation.target, []).append((page, relation))
            for verdict in verdicts(page):
                self.verdicts.setdefault(verdict.principle, {}).setdefault(page.id, verdict)
            for link in page.links:
                if link.url != page.url and link.section_id and not page.path.endswith("index.md"):
                    self.links.setdefault(link.url, {}).setdefault((page.path, link.section_id), page)
