"""Checks of the handbook's own contract: ids, relations, citations that the renderer refused."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping

from handbook.checks.bibliography import named
from handbook.citing import KEY
from handbook.diagnostics import Diagnostic
from handbook.locate import place
from handbook.pages import SLOTS
from handbook.records import NEW_ID, PERMANENT_ID, VERDICTS, WORKS_ID, Handbook, Page, Verdict
from handbook.relations import passages, verdicts

HEADING_LEVELS = 6
MINT = "Run 'handbook ids', which writes the next id of the page."


def check(handbook: Handbook, sources: Mapping[str, str], folder: str) -> list[Diagnostic]:
    """All findings in order. ``sources`` gives each page's Markdown by its path; ``folder`` is put before the path."""
    found = [
        *citations(handbook, sources, folder),
        *_ids(handbook, sources, folder),
        *_relations(handbook, folder),
        *_verdicts(handbook, sources, folder),
        *_works(handbook, folder),
        *_carried(handbook, folder),
        *_slots(handbook, sources, folder),
    ]
    return sorted(found)


def citations(
    handbook: Handbook, sources: Mapping[str, str], folder: str, included: Mapping[str, Mapping[str, str]] | None = None
) -> Iterator[Diagnostic]:
    """Unknown and malformed citations, at the place where they were written: in the page or in what it includes.

    ``included`` gives for a page the texts of snippets and documented code, by their path in the project.
    """
    for page in handbook.pages:
        seen: Counter[str] = Counter()
        for fault in page.faults:
            seen[fault.text] += 1
            own = f"{folder}/{page.path}"
            texts = {own: sources[page.path], **(included or {}).get(page.path, {})}
            places = [(path, *place(text, fault.text, seen[fault.text])) for path, text in texts.items()]
            at = next((one for one in places if one[1]), (own, 0, 0))
            yield Diagnostic(*at, fault.code, fault.message, fault.hint)


def _ids(handbook: Handbook, sources: Mapping[str, str], folder: str) -> Iterator[Diagnostic]:
    """Every page id once, every section id once and of its page, every heading of a handbook page with an id."""
    first: dict[str, tuple[str, str]] = {}
    for page in handbook.pages:
        path = f"{folder}/{page.path}"
        if page.id:
            if page.id in first:
                line = page.front.lines.get("id", 1) if page.front else 1
                yield _taken(path, line, 0, page.id, first[page.id][0])
            first.setdefault(page.id, (path, ""))
        seen: Counter[str] = Counter()
        for section in page.sections:
            if PERMANENT_ID.fullmatch(section.id):
                # Where an id was written is looked for only when something is wrong with it.
                seen[section.id] += 1
                written = f"{{#{section.id}}}"
                if section.id in first:
                    other, mark = first[section.id]
                    where = f"{other}:{place(sources[other.removeprefix(f'{folder}/')], mark)[0]}" if mark else other
                    yield _taken(path, *place(sources[page.path], written, seen[section.id]), section.id, where)
                elif section.id.split(".")[0] != page.id:
                    message = f"The id '{section.id}' is not of this page ('{page.id}')."
                    at = place(sources[page.path], written)
                    yield Diagnostic(path, *at, "id-foreign", message, "Use an id of this page.")
                first.setdefault(section.id, (path, written))
            elif page.id and section.id != WORKS_ID and (section.level <= HEADING_LEVELS or section.id == NEW_ID):
                seen[section.id] += 1
                message = "'{#new}' is no permanent id yet."
                at = place(sources[page.path], "{#new}", seen[NEW_ID]) if section.id == NEW_ID else (0, 0)
                if at == (0, 0) and section.level <= HEADING_LEVELS:  # toc calls a heading 'New' so, too
                    message = f"The heading '{section.title}' has no permanent id."
                    at = place(sources[page.path], section.title)
                yield Diagnostic(path, *at, "section-without-id", message, MINT)


def _taken(path: str, line: int, col: int, name: str, by: str) -> Diagnostic:
    return Diagnostic(
        path, line, col, "id-duplicate", f"The id '{name}' is taken by {by}.", "Give the next free number."
    )


def _relations(handbook: Handbook, folder: str) -> Iterator[Diagnostic]:
    pages = {page.id for page in handbook.pages if page.id}
    for page in handbook.pages:
        for relation in page.front.related if page.front else ():
            line = page.front.lines.get("related", 1) if page.front else 1
            if relation.target not in pages:
                problem = f"'related' names the page '{relation.target}', which does not exist."
            elif relation.target == page.id:
                problem = "'related' names the page itself."
            else:
                continue
            yield Diagnostic(f"{folder}/{page.path}", line, 0, "relation", problem, "Name an existing page by its id.")


def _verdicts(handbook: Handbook, sources: Mapping[str, str], folder: str) -> Iterator[Diagnostic]:
    """On each instrument one verdict on each principle, each in an item that can be cited."""
    principles = [page.id for page in handbook.pages if page.front and page.front.kind == "principle"]
    for page in handbook.pages:
        given = verdicts(page)
        instrument = page.front is not None and page.front.kind == "instrument"
        items = {section.id for section in page.sections if section.level > HEADING_LEVELS}
        counts = Counter(verdict.principle for verdict in given)
        for verdict in given:
            if not instrument:
                problem, remedy = "Only an instrument gives verdicts.", "Remove it, or move it to the instrument."
            elif verdict.word not in VERDICTS:
                problem, remedy = f"'{verdict.word}' is no verdict.", f"Use one of: {', '.join(VERDICTS)}."
            elif verdict.principle not in principles:
                problem, remedy = f"'{verdict.principle}' is no principle.", "Name an existing principle by its id."
            elif verdict.section_id not in items:
                problem = f"The verdict on {verdict.principle} stands in no item with an id."
                remedy = f"End the item with a line {{#{page.id}.N}}."
            elif counts[verdict.principle] > 1:
                problem, remedy = f"{verdict.principle} has {counts[verdict.principle]} verdicts.", "Keep one of them."
            else:
                continue
            yield Diagnostic(f"{folder}/{page.path}", *_slot_place(page, sources, verdict), "verdict", problem, remedy)
        if instrument and (missing := [one for one in principles if one not in counts]):
            problem = f"There is no verdict on {', '.join(missing)}."
            remedy = f'Add an item that begins <span data-generated="verdict none {missing[0]}"></span>.'
            yield Diagnostic(f"{folder}/{page.path}", 1, 0, "verdict", problem, remedy)


def _slot_place(page: Page, sources: Mapping[str, str], verdict: Verdict) -> tuple[int, int]:
    """Line and column of the slot that declares a verdict."""
    slots = [slot.name for slot in page.slots if slot.section_id == verdict.section_id]
    written = next(name for name in slots if verdict.word in name and verdict.principle in name.split())
    return place(sources[page.path], f'data-generated="{written}"')


def _works(handbook: Handbook, folder: str) -> Iterator[Diagnostic]:
    for page in handbook.pages:
        work = page.front.work if page.front else ""
        if work and work not in handbook.bibliography.references:
            line = page.front.lines.get("work", 1) if page.front else 1
            yield Diagnostic(
                f"{folder}/{page.path}",
                line,
                0,
                "source-work",
                f"The work '{work}' is not in the bibliography.",
                "Add the essay or mend 'work'.",
            )


def _carried(handbook: Handbook, folder: str) -> Iterator[Diagnostic]:
    """Each numbered paragraph of an essay is cited somewhere, at least in its outline."""
    for page in handbook.pages:
        if page.front and page.front.work:
            named = {
                passage
                for other in handbook.pages
                for one in other.citations
                if one.key == page.front.work
                for passage in passages(one.locator)
            }
            for number in range(1, page.front.paragraphs + 1):
                if str(number) not in named:
                    line = page.front.lines.get("paragraphs", 1)
                    message = f"No section cites para. {number} of '{page.front.work}'."
                    hint = "Carry it on a page, or cite it in the outline."
                    yield Diagnostic(f"{folder}/{page.path}", line, 0, "source-uncarried", message, hint)


def overdue(handbook: Handbook, folder: str, today: str) -> Iterator[Diagnostic]:
    """Pages whose day of review is past, as notes. ``today`` is an ISO date."""
    for page in handbook.pages:
        if page.front and "" < page.front.review_by < today:
            line = page.front.lines.get("review_by", 1)
            message = f"The review was due by {page.front.review_by}."
            yield Diagnostic(f"{folder}/{page.path}", line, 0, "review-overdue", message, "Review the page.", "note")


def _slots(handbook: Handbook, sources: Mapping[str, str], folder: str) -> Iterator[Diagnostic]:
    """Slots that nothing fills, which a reader would never see as missing."""
    for page in handbook.pages:
        for slot in page.slots:
            if slot.name.split(" ")[0] not in SLOTS:
                at = place(sources[page.path], f'data-generated="{slot.name}"')
                message = f"Nothing is generated under the name '{slot.name}'."
                yield Diagnostic(f"{folder}/{page.path}", *at, "slot", message, f"Use one of: {', '.join(SLOTS)}.")


def uncited(handbook: Handbook) -> list[Diagnostic]:
    """Entries of the bibliography that no page cites or tries to cite, and no other entry names."""
    bibliography = handbook.bibliography
    used = {citation.key for page in handbook.pages for citation in page.citations}
    used |= {key for reference in bibliography.references.values() for _, key in named(reference)}
    faults = (fault for page in handbook.pages for fault in page.faults)
    tried = {key.casefold() for fault in faults for key in re.findall(KEY, fault.text)}
    used |= {key for key in bibliography.references if key.casefold() in tried}
    return [
        Diagnostic(
            bibliography.path, reference.line, 0, "bib-uncited", f"No page cites '{key}'.", "Cite it or remove it."
        )
        for key, reference in bibliography.references.items()
        if key not in used
    ]
