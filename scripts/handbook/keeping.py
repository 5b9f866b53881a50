"""What editors have written for them: new ids, declarations, and the snapshot of an edition.

Each function takes texts and records and returns the files that are to be written, by path, or what stands in the way.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Mapping

from handbook import changes, editions, registry
from handbook.changes import EDITIONS, FILE, REGISTER, Declared, History
from handbook.diagnostics import Diagnostic
from handbook.editions import Edition
from handbook.locate import place
from handbook.records import NEW_ID, PERMANENT_ID, WORKS_ID, Handbook, Page
from handbook.registry import ACTIVE, SUCCESSORS, Row

PLACEHOLDER = f"{{#{NEW_ID}}}"


def mint(
    handbook: Handbook, history: History, sources: Mapping[str, str], folder: str
) -> tuple[dict[str, str], list[Diagnostic]]:
    """Give the next serial to each heading without id and to each ``{#new}``; enter every id that has no row yet."""
    files: dict[str, str] = {}
    found: list[Diagnostic] = []
    rows = dict(history.rows)

    def enter(name: str, kind: str, page: Page, title: str) -> None:
        """A new row, or the title as it stands where no edition has fixed it yet."""
        row = rows.get(name) or Row(name, kind, page.id, title, history.coming)
        rows[name] = dataclasses.replace(row, title=title) if row.first == history.coming else row

    for page in handbook.pages:
        if page.id and page.front:
            known = [*history.rows, *(one.id for one in page.sections)]
            taken = {name for name in known if name.startswith(f"{page.id}.") and PERMANENT_ID.fullmatch(name)}
            text, given, faults = _written(page, sources[page.path], taken, f"{folder}/{page.path}")
            found += faults
            if text != sources[page.path]:
                files[f"{folder}/{page.path}"] = text
            enter(page.id, "page", page, page.title)
            for section, name in zip(page.sections, given, strict=True):
                if name:
                    enter(name, "item" if section.level > 6 else "section", page, section.title)
    if rows != history.rows:
        files[f"{folder}/{REGISTER}"] = registry.render(rows.values())
    return ({} if found else files), found


def _written(page: Page, source: str, taken: set[str], path: str) -> tuple[str, list[str], list[Diagnostic]]:
    """The source with its new ids, and the permanent id of each section; an empty one for the list of works."""
    given: list[str] = []
    found: list[Diagnostic] = []
    edits: list[tuple[int, int, str]] = []
    placeholders = 0
    for section in page.sections:
        if PERMANENT_ID.fullmatch(section.id) or section.id == WORKS_ID:
            given.append("" if section.id == WORKS_ID else section.id)
            continue
        name = f"{page.id}.{registry.serial(page.id, taken)}"
        taken.add(name)
        given.append(name)
        if section.id == NEW_ID:
            placeholders += 1
            start = _offset(source, place(source, PLACEHOLDER, placeholders))
            edits.append((start, start + len(PLACEHOLDER), f"{{#{name}}}"))
            continue
        line, _ = place(source, section.title)
        written = source.splitlines()[line - 1] if line else ""
        if re.match(r" {0,3}#{2,6}[ \t]", written) and not written.rstrip().endswith("}"):
            end = _offset(source, (line, 1)) + len(written)
            bare = written.rstrip().rstrip("#").rstrip()
            edits.append((end - len(written), end, f"{bare} {{#{name}}}"))
        else:
            hint = f"End the heading with {PLACEHOLDER} and run the command again."
            message = f"It is not clear where the heading '{section.title}' was written."
            found.append(Diagnostic(path, line or 1, 0, "section-without-id", message, hint))
    for start, end, text in sorted(edits, reverse=True):
        source = source[:start] + text + source[end:]
    return source, given, found


def _offset(source: str, at: tuple[int, int]) -> int:
    line, col = at
    return sum(len(one) for one in source.splitlines(keepends=True)[: line - 1]) + col - 1


def declare(
    history: History, name: str, word: str, successors: Iterable[str], reason: str, folder: str
) -> tuple[dict[str, str], str]:
    """Enter a change or a fate; or say, as the second value, why not."""
    reason = " ".join(reason.split())
    after = tuple(successors)
    row = history.rows.get(name)
    if row is None:
        return {}, f"'{name}' is not in the register. Remedy: correct it, or run 'handbook ids' first."
    if not reason:
        return {}, "There is no reason. Remedy: give one sentence after --reason."
    if word in changes.KINDS:
        if after:
            return {}, "A change has no successor. Remedy: leave the ids after the word out."
        rows = {**history.declared, name: Declared(name, word, reason)}
        order = list(history.rows)
        text = changes.render(sorted(rows.values(), key=lambda one: order.index(one.id)))
        return {f"{folder}/{FILE}": text}, ""
    if word == ACTIVE or word not in SUCCESSORS:
        words = [*changes.KINDS, *(one for one in SUCCESSORS if one != ACTIVE)]
        return {}, f"'{word}' cannot be declared. Remedy: use one of: {', '.join(words)}."
    if history.last and name in history.last.gone:
        return {}, f"The {history.last.label} says what became of {name}. Remedy: leave it as it was published."
    new = dataclasses.replace(row, status=word, successors=after, reason=reason)
    text = registry.render({**history.rows, name: new}.values())
    _, faults = registry.parse(text, f"{folder}/{REGISTER}")
    if faults:
        return {}, f"{faults[0].message} Remedy: {faults[0].hint}"
    return {f"{folder}/{REGISTER}": text}, ""


def cut(history: History, date: str, title: str, author: str, folder: str) -> tuple[Edition, dict[str, str]]:
    """The next edition, its snapshot and the emptied file of declarations."""
    declared = {one.id: (one.kind, one.reason) for one in history.declared.values()}
    fates = editions.gone(history.rows.values())
    edition = Edition(history.coming, date, title, author, history.now, declared, fates)
    files = {f"{folder}/{EDITIONS}/{edition.number}.json": editions.render(edition)}
    if history.declared:
        files[f"{folder}/{FILE}"] = changes.render(())
    return edition, files
