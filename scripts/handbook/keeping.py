"""What editors have written for them: new ids, declarations, and the snapshot of an edition.

Each function takes texts and records and returns the files that are to be written, by path, or what stands in the way.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Mapping
from html import unescape

from handbook import changes, editions, registry, snapshots
from handbook.changes import EDITIONS, FILE, REGISTER, Declared, History
from handbook.diagnostics import Diagnostic
from handbook.editions import Edition
from handbook.frontmatter import HEAD
from handbook.locate import dead, place
from handbook.records import NEW_ID, PERMANENT_ID, WORKS_ID, Handbook, Page
from handbook.registry import ACTIVE, NOTHING, SUCCESSORS, Row

PLACEHOLDER = f"{{#{NEW_ID}}}"
WITHOUT = "section-without-id"
_MARK = re.compile(rf"(?<!\\)\{{:?[^{{}}\n]*?(?P<at>#{NEW_ID})(?![\w-])[^{{}}\n]*\}}")
# A heading as Python-Markdown's HashHeaderProcessor reads it, without a list of attributes; ``at`` is where one goes.
_HEADING = re.compile(r"^(?P<level>#{2,6})(?P<text>(?:\\.|[^\\\n])*?)(?<![}\s])(?P<at>)(?:[ \t]*#+|[ \t]+)?$", re.M)
_UNSEEN = re.compile(r"\[-?@[^\]]*\]|\]\([^)]*\)|<[^>]*>")
"""What of a heading's source is not in its title: citations, addresses, tags."""
_WORD = re.compile(r"[^\W_]+")


def mint(
    handbook: Handbook, history: History, sources: Mapping[str, str], folder: str
) -> tuple[dict[str, str], list[Diagnostic]]:
    """Give the next serial to each heading without id and to each ``{#new}``; enter every id that has no row yet."""
    files: dict[str, str] = {}
    found: list[Diagnostic] = []
    rows = dict(history.rows)

    def enter(name: str, kind: str, page: Page, title: str) -> None:
        """A new row, or title and kind as they are where no edition has fixed them yet."""
        row = rows.get(name) or Row(name, kind, page.id, title, history.coming)
        rows[name] = dataclasses.replace(row, kind=kind, title=title) if row.first == history.coming else row

    for page in handbook.pages:
        if page.id and page.front:
            known = [*history.rows, *(name for one in history.editions for name in one.entries)]
            known += [one.id for one in page.sections]
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
    places = _places(page, source)
    for number, section in enumerate(page.sections):
        if PERMANENT_ID.fullmatch(section.id) or section.id == WORKS_ID:
            given.append("" if section.id == WORKS_ID else section.id)
            continue
        name = f"{page.id}.{registry.serial(page.id, taken)}"
        taken.add(name)
        given.append(name)
        if number in places:
            start, end = places[number]
            edits.append((start, end, f"#{name}" if end > start else f" {{#{name}}}"))
        elif section.id == NEW_ID:
            message = f"The {PLACEHOLDER} under '{section.title}' is not found on this page."
            hint = "Write the text on the page that is to own its id, not in a snippet."
            found.append(Diagnostic(path, 1, 0, WITHOUT, message, hint))
        else:
            message = f"It is not clear where the heading '{section.title}' was written."
            hint = f"Write it on this page as a line of its own with ## and {PLACEHOLDER}, and run the command again."
            found.append(Diagnostic(path, place(source, section.title)[0] or 1, 0, WITHOUT, message, hint))
    for start, end, text in sorted(edits, reverse=True):
        source = source[:start] + text + source[end:]
    return source, given, found


def _places(page: Page, source: str) -> dict[int, tuple[int, int]]:
    """By the number of a section without permanent id the stretch to write over: a mark, or nothing after a heading.

    Marks and headings count in the order of the page, and only where as many are written as were rendered.
    """
    head = HEAD.match(source)
    off = [(0, head.end() if head else 0), *dead(source)]
    wanted: dict[object, list[int]] = {}
    for number, section in enumerate(page.sections):
        words = _WORD.findall(section.title)
        if section.id == NEW_ID and (section.level > 6 or [one.lower() for one in words] != [NEW_ID]):
            wanted.setdefault(NEW_ID, []).append(number)
        elif not PERMANENT_ID.fullmatch(section.id):
            wanted.setdefault((section.level, *words), []).append(number)  # also 'New', which toc calls so
    written: dict[object, list[tuple[int, int]]] = {}
    for match in (*_MARK.finditer(source), *_HEADING.finditer(source)):
        if not any(start <= match.start() < end for start, end in off):
            key: object = NEW_ID
            if match.re is _HEADING:
                key = (len(match["level"]), *_WORD.findall(unescape(_UNSEEN.sub(" ", match["text"]))))
            written.setdefault(key, []).append(match.span("at"))
    return {
        number: at
        for key, numbers in wanted.items()
        if len(numbers) == len(written.get(key, ()))
        for number, at in zip(numbers, written[key], strict=True)
    }


def declare(
    history: History, name: str, word: str, successors: Iterable[str], reason: str, folder: str
) -> tuple[dict[str, str], str]:
    """Enter a change or a fate; or say, as the second value, why not."""
    reason = " ".join(reason.split())
    after = tuple(" ".join(successors).split())
    row = history.rows.get(name)
    if row is None:
        return {}, f"'{name}' is not in the register. Remedy: Correct it, or run 'handbook ids' first."
    if reason in ("", NOTHING):
        return {}, "There is no reason. Remedy: Give one sentence for readers after --reason."
    if word in changes.KINDS:
        if after:
            return {}, f"A change has no successor. Remedy: Leave {' '.join(after)} out."
        if history.last is None or name not in history.last.entries:
            return {}, f"{name} is in no edition yet. Remedy: Change it freely; nothing is to be declared."
        rows = {**history.declared, name: Declared(name, word, reason)}
        order = {one: number for number, one in enumerate(history.rows)}
        text = changes.render(sorted(rows.values(), key=lambda one: order.get(one.id, len(order))))
        return {f"{folder}/{FILE}": text}, ""
    if word == ACTIVE or word not in SUCCESSORS:
        words = [*changes.KINDS, *(one for one in SUCCESSORS if one != ACTIVE)]
        return {}, f"'{word}' cannot be declared. Remedy: Use one of: {', '.join(words)}."
    if history.last and name in history.last.gone:
        return {}, f"The {history.last.name} says what became of {name}. Remedy: Leave it as it was published."
    if strange := [one for one in after if one not in history.rows]:
        return (
            {},
            f"The successor '{strange[0]}' is not in the register. Remedy: Correct it, or run 'handbook ids' first.",
        )
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
    order = editions.order(history.rows.values(), history.coming)
    edition = Edition(history.coming, date, title, author, history.now, declared, fates, order)
    files = {f"{folder}/{EDITIONS}/{edition.number}.json": snapshots.render(edition)}
    if history.declared:
        files[f"{folder}/{FILE}"] = changes.render(())
    return edition, files


def citation(text: str, edition: Edition) -> str:
    """``CITATION.cff`` (Citation File Format 1.2.0) with the number and the day of an edition."""
    values = {
        "version": f'"{edition.number}"',
        "date-released": edition.date,
        "  edition": f'"{edition.number}"',
        "  year": edition.date[:4],
    }
    for key, value in values.items():
        text = re.sub(rf"(?m)^{key}: .*$", f"{key}: {value}", text)
    return text
