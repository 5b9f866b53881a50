"""Citations in the text: what Python-Markdown takes for one, and the mark or the fault that it becomes."""

from __future__ import annotations

import re
import xml.etree.ElementTree as etree

from markdown import Markdown
from markdown.inlinepatterns import InlineProcessor
from markdown.util import HTML_PLACEHOLDER_RE, INLINE_PLACEHOLDER_RE, STX, AtomicString

from handbook import style
from handbook.citing import MARK, closing, inside_markup, labels_link, names_person, parse_group, unmarked
from handbook.locators import LABELS, MalformedCitation, locator, parse_locator
from handbook.marks import cited
from handbook.records import Bibliography, CitationItem

IN_SENTENCE = re.compile(rf"(?<![\w/@\\.&=\x03-]){MARK}\s?$")
"""What a bracket with a locator, and perhaps with further works, follows."""
INSIDE = r"(?P<locator>[^\[\]@;]*(?:;[^\[\]@]*(?=\]))?)(?:;(?P<more>[^\[\]]*@[^\[\]]*))?"
CITES = re.compile(rf"(?<![\w/@\\]){MARK}")
UNCLOSED = re.compile(r"\s?\[(?P<label>[A-Za-z]+\.|§+|¶+)\s*\d[^\[\]]*$")
"""A locator behind a key in a sentence, without the bracket that ends it."""
SIGNS = re.compile(r"[*_`]+")
"""Of emphasis and code, in the words around a key."""
UNSAID = re.compile(rf"{INLINE_PLACEHOLDER_RE.pattern}|(?<!\w)[*_]+|[*_]+(?!\w)")
"""What of these words belongs in no attribute."""
CODE = re.compile(r"<(/?)(?:code|kbd|pre|samp|tt|var)\b", re.I)
AFTER = "data-after"
"""Holds the text behind a mark until inline patterns have run; never in the page."""


class Groups(InlineProcessor):
    """``[@key]``, ``[see @a, pp. 3–5; -@b]``: brackets that hold an @ and are not the label of a link."""

    def __init__(self, md: Markdown, bibliography: Bibliography) -> None:
        super().__init__(r"\[", md)
        self.bibliography = bibliography

    def handleMatch(  # type: ignore[override]
        self, m: re.Match[str], data: str
    ) -> tuple[etree.Element | None, int | None, int | None]:
        """A span of marks, or None where the bracket is something else."""
        start = m.start()
        end = closing(data, start)
        text = data[start + 1 : end] if end > 0 else ""
        cites = "@" in text and (CITES.search(text) or text.lstrip().startswith(("@", "-@")))
        if (key := unmarked(text, self.bibliography.references)) and not self.labelled(text, data, end):
            message = f"'{key}' is a work of the bibliography, but no @ stands before it."
            fault = _fault("citation-malformed", f"[{text}]", message, f"Write @{key}.")
            return fault, start, end + 1
        if not cites or labels_link(data, end) or inside_markup(data, start) or inside_code(self.md, data[:start]):
            return None, None, None
        if "[" in text:  # the inner brackets are looked at by themselves
            return None, None, None
        if "@" not in text.partition(";")[0] and IN_SENTENCE.search(data, 0, start):  # Narrative's
            return None, None, None
        try:
            items = parse_group(text)
        except MalformedCitation as error:
            fault = _fault("citation-malformed", f"[{text}]", str(error), error.hint)
            return fault, start, end + 1
        return _group("(", [(item.prefix, _mark(item, self.bibliography)) for item in items]), start, end + 1

    def labelled(self, text: str, data: str, end: int) -> bool:
        """Whether words in brackets are those of a link, or of code that raw HTML has opened."""
        known = " ".join(text.split()).lower() in self.md.references
        return known or labels_link(data, end) or inside_markup(data, end) or inside_code(self.md, data[:end])


def inside_code(md: Markdown, before: str) -> bool:
    """Whether raw HTML has opened code in the text before: Python-Markdown reads on in it, its author does not."""
    if "<" not in before and STX not in before:
        return False
    stashed = md.treeprocessors["inline"].stashed_nodes  # type: ignore[attr-defined]
    shown = INLINE_PLACEHOLDER_RE.sub(
        lambda match: one if isinstance(one := stashed.get(match[1]), str) else "", before
    )
    raw = md.htmlStash.rawHtmlBlocks
    shown = HTML_PLACEHOLDER_RE.sub(lambda match: str(raw[int(match[1])]) if int(match[1]) < len(raw) else "", shown)
    tags = CODE.findall(shown)
    return bool(tags) and not tags[-1]


class Narrative(InlineProcessor):
    """``@key`` and ``@key [sec. 2; also @b]`` in the run of a sentence: ``Korzekwa (2023, sec. 2; also Ngo 2024)``."""

    ANCESTOR_EXCLUDES = ("a", "code", "pre", "script", "style")

    def __init__(self, md: Markdown, bibliography: Bibliography, names: bool) -> None:
        # What may not stand before the @ is looked at after it, because a search for a plain character is quick.
        # \x03 ends a stashed escape: in \[@key] the bracket was escaped, and the key is text too.
        # What another @ follows is a name on another server.
        super().__init__(rf"@(?<![\w/@\\.&=\x03-]@){MARK[1:]}(?![\w@]|\S*\w@\w)(?:\s?\[{INSIDE}\](?![(\[]))?", md)
        self.bibliography = bibliography
        self.names = names

    def handleMatch(  # type: ignore[override]
        self, m: re.Match[str], data: str
    ) -> tuple[etree.Element | None, int | None, int | None]:
        """One mark, or the fault that a bracket without its end is."""
        start = m.start()
        if inside_code(self.md, data[:start]):
            return None, None, None
        key = m["key"] or m["braced"]
        if self.names and m["locator"] is None and names_person(key, self.bibliography.references):
            return None, None, None
        if data[start - 1 : start] == "[" and closing(data, start - 1) < 0:
            message = f"The bracket before '@{key}' is not closed."
            fault = _fault("citation-malformed", f"[@{key}", message, "End the citation with ].")
            return fault, start - 1, m.start() + len(f"@{key}")
        if m["locator"] is None and (left := UNCLOSED.match(data, m.end())) and left["label"].lower() in LABELS:
            message = f"The bracket behind '@{key}' is not closed."
            fault = _fault(
                "citation-malformed",
                f"{m.group(0)}{data[m.end() : left.end('label')]}",
                message,
                "End the locator with ].",
            )
            return fault, start, m.end()
        try:
            where, suffix = parse_locator(f",{m['locator']}" if m["locator"] is not None else "")
            others = parse_group(m["more"]) if m["more"] else ()
        except MalformedCitation as error:
            return _fault("citation-malformed", m.group(0), str(error), error.hint), m.start(), m.end()
        mark = _mark(CitationItem(key, locator=where, suffix=suffix), self.bibliography, narrative=True)
        if others:
            mark.text = _words((mark.text or "").removesuffix(")"), suffix)
            mark = _group("", [("", mark), *((item.prefix, _mark(item, self.bibliography)) for item in others)])
        return mark, m.start(), m.end()


def _mark(item: CitationItem, bibliography: Bibliography, narrative: bool = False) -> etree.Element:
    """The link of one citation, or the fault that an unknown key is."""
    reference = bibliography.references.get(item.key)
    if reference is None:
        near = next((key for key in bibliography.references if key.lower() == item.key.lower()), "")
        hint = f"Write @{near}." if near else f"Correct the key, or add the work to {bibliography.path}."
        if item.key in bibliography.unread:
            hint = f"Mend its entry in {bibliography.path}, which cannot be read."
        escape = " An @ that cites nothing is written \\@." if narrative else ""
        return _fault(
            "citation-unknown", f"@{item.key}", f"The work '{item.key}' is not in the bibliography.", hint + escape
        )
    where = ", ".join(filter(None, (locator(item.locator), item.suffix)))
    mark = etree.Element("span", {"class": "citation", "data-key": item.key})  # Finish makes it a link
    if where:
        mark.set("data-locator", UNSAID.sub("", where).strip(", "))
    mark.set("title", style.work(bibliography, item.key).text)
    mark.text = _words(cited(item, bibliography, narrative), item.suffix)
    return mark


def _group(opening: str, marks: list[tuple[str, etree.Element]]) -> etree.Element:
    """Marks behind each other, each with the words before it, up to a closing bracket."""
    # No tails before WorksHeading: Python-Markdown would try every inline pattern on each of them.
    group = etree.Element("span", {"class": "citations"})
    leads = [f"{prefix} " if prefix else "" for prefix, _ in marks]
    group.text = _words(f"{opening}{leads[0]}", leads[0])
    for (_, mark), after in zip(marks, [*(f"; {lead}" for lead in leads[1:]), ")"], strict=True):
        if SIGNS.search(after):
            mark.tail = after
        else:
            mark.set(AFTER, after)
        group.append(mark)
    return group


def _words(text: str, written: str) -> str:
    """Text in which inline patterns look for markup only if its author wrote some."""
    return text if SIGNS.search(written) else AtomicString(text)


def _fault(code: str, text: str, message: str, hint: str) -> etree.Element:
    fault = etree.Element(
        "strong",
        {"class": "citation-fault", "data-code": code, "data-text": text, "data-message": message, "data-hint": hint},
    )
    fault.text = AtomicString(f"{text} ({'unknown work' if code == 'citation-unknown' else 'malformed citation'})")
    return fault
