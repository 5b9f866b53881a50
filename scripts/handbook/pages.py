"""Generated content: records to HTML that stands where a page keeps a slot for it.

A slot is ``<div data-generated="NAME"></div>`` (or a span). The same functions fill it in ``mkdocs build``, in
``mkdocs serve`` and, by ``handbook fill``, in a site that another builder made.
"""

from __future__ import annotations

import re
from html import escape

from handbook import changelog, crossings, mapping, matrix, outlines, style
from handbook.addresses import relative, section_link
from handbook.annals import Annals
from handbook.bibliography import GRADES
from handbook.records import Citation, Page, Reference, Slot
from handbook.relations import Index, passages
from handbook.typography import as_html

# Begins with what is rare, so that a long page is searched quickly.
SLOT = re.compile(r' data-generated="([^"]+)"></(div|span)>')
SLOTS = (
    *("citation-index", "relations", "carried", "pages", "verdict", "matrix", "map", "outline"),
    *("rules", "changes", "edition", "cite-handbook", "downloads"),
)
"""What a slot can ask for; some take more words: ``pages principle``, ``verdict constrains P1``."""
SENTENCE = "the sentence"
"""What the citation index calls a citation without a locator."""


def fill(content: str, page: Page, index: Index, annals: Annals) -> str:
    """The content of a page with every slot filled. Slots stand in the order in which reading saw them."""
    slots = iter(page.slots)
    parts: list[str] = []
    done = 0
    for match in SLOT.finditer(content):
        start = match.start() - len(f"<{match[2]}")
        commented = content.rfind("<!--", done, start) > content.rfind("-->", done, start)
        if content[start : match.start()] == f"<{match[2]}" and not commented and (slot := next(slots, None)):
            inner = generate(slot, page, index, annals)
            element = f'<{match[2]} class="generated" data-generated="{match[1]}">{inner}</{match[2]}>'
            parts += content[done:start], element if inner else ""
            done = match.end()
    return annals.marked("".join(parts) + content[done:], page)


def generate(slot: Slot, page: Page, index: Index, annals: Annals) -> str:
    """What a slot asks for, as HTML; nothing for a name that is not in SLOTS, which a check reports."""
    match slot.name.split():
        case ["citation-index"]:
            return citation_index(index, page)
        case ["carried"]:
            return carried(index, page, slot.section_id)
        case ["relations"]:
            return crossings.relations(index, page)
        case ["verdict", word, *principles]:
            return crossings.verdict(index, page, word, principles)
        case ["matrix"]:
            return matrix.matrix(index, page)
        case ["map"]:
            return mapping.tensions(index, page)
        case ["outline"]:
            return outlines.outline(index, page)
        case ["rules"]:
            from handbook import report, rules  # every rule is declared by being loaded

            rules.every()
            return report.as_html()
        case ["changes"]:
            return changelog.changes(annals, page)
        case ["edition"]:
            return annals.edition(page)
        case ["downloads"]:
            return annals.downloads(page)
        case ["cite-handbook"]:
            return annals.whole(page)
        case ["pages", kind]:
            return crossings.page_list(index, page, kind)
    return ""


def anchors(page: Page, index: Index) -> set[str]:
    """The ids that filling a page adds to it."""
    if any(slot.name == "citation-index" for slot in page.slots):
        return {f"ref-{key}" for key in index.bibliography.references}
    return set()


def citation_index(index: Index, page: Page) -> str:
    """Every reference in full, its grade, its identifiers, and each section that cites it, leading to the sentence."""
    bibliography = index.bibliography
    parts = []
    for work in sorted((style.work(bibliography, key) for key in bibliography.references), key=lambda work: work.order):
        reference = bibliography.references[work.key]
        # The entry ends in the best address; the others follow it.
        links = " · ".join(as_html((span,)) for span in style.identifiers(reference) if span.text not in work.text)
        parts.append(
            f'<div class="reference" id="ref-{escape(reference.key)}"><p class="reference-entry">{work.html}</p>'
            f'<p class="reference-grade">{_grade(reference)}</p>'
            + (f'<p class="reference-links">{links}</p>' if links else "")
            + f"{_cited_in(index.citations.get(reference.key, []), page)}</div>"
        )
    return "\n".join(parts)


def _grade(reference: Reference) -> str:
    grade = reference.get("grade")
    parts = []
    if grade in GRADES:
        parts.append(f'<span class="grade" title="Evidence grade {grade}">{grade}</span> {GRADES[grade]}.')
    if reference.get("urldate") and reference.date:
        parts.append(f"Archived copy consulted {escape(reference.get('urldate'))}.")
    parts += [escape(note.rstrip(".")) + "." for note in (reference.get("gradenote"), reference.get("note")) if note]
    return " ".join(parts)


def _cited_in(uses: list[tuple[Page, Citation]], page: Page) -> str:
    if not uses:
        return '<p class="cited-in">Not cited.</p>'
    sections: dict[tuple[str, str], list[tuple[Page, Citation]]] = {}
    for other, citation in uses:
        sections.setdefault((other.path, citation.section_id), []).append((other, citation))
    items = []
    for group in sections.values():
        other, first = group[0]
        marks = ", ".join(
            f'<a href="{relative(page, other.url, one.mark_id)}">{escape(one.locator or SENTENCE)}</a>'
            for _, one in group
        )
        items.append(f"<li>{section_link(page, other, first.section_id)}: {marks}</li>")
    number = f"{len(items)} section{'s' * (len(items) != 1)}"
    return (
        f'<details class="cited-in"><summary>Cited in {number}</summary>'
        f'<ul class="cited-in">{"".join(items)}</ul></details>'
    )


def carried(index: Index, page: Page, section_id: str) -> str:
    """In the outline of an essay: the sections that carry the passage which the item cites."""
    if page.front is None:
        return ""
    places: dict[str, str] = {}
    for own in page.citations:
        if own.section_id == section_id and own.key == page.front.work:
            for other, citation in (
                one for passage in passages(own.locator) for one in index.carriers.get((own.key, passage), [])
            ):
                name = citation.section_id if other.id else other.title
                there = relative(page, other.url, citation.mark_id)
                places.setdefault(name, f'<a data-section="{escape(name)}" href="{there}">{escape(name)}</a>')
    return f"Carried by {', '.join(places.values())}." if places else ""
