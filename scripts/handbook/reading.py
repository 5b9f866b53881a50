"""A rendered page to a Page record: what the reader gets, not the Markdown. The only module that imports lxml."""

from __future__ import annotations

import dataclasses
import posixpath
from urllib.parse import unquote, urlsplit

from lxml import etree, html

from handbook import wording
from handbook.records import NEW_ID, PERMANENT_ID, Citation, Fault, FrontMatter, Link, Page, Section, Slot

HEADINGS = {f"h{level}": level for level in range(2, 7)}  # h1 is the page itself
_PARSER = html.HTMLParser(remove_comments=True, remove_pis=True)
OURS = ("cite", "changed-since")
"""Classes of what is put beside an id when a page is finished, and so is none of its words."""
REQUIREMENTS = {"li", "p"}
REQUIREMENT_LEVEL = 7


def read(content: str, path: str, url: str, title: str, front: FrontMatter | None) -> Page:
    """Read one page's content, or a whole document, of which only the ``article`` counts.

    ``path`` is the source below the docs folder, ``url`` the address below the site's root, with or without ``.html``.
    Where no ``title`` is known, the page's first heading is it.
    """
    root = _root(content)
    known = wording.words(root, front.id) if front and front.id else {}
    title = title or next((_text(heading) for heading in root.iter("h1")), path)
    reader = _Walk(url, title)
    reader.visit(root)
    return Page(
        path,
        url,
        title,
        front,
        tuple(
            dataclasses.replace(one, text=words.text, within=words.within) if (words := known.get(one.id)) else one
            for one in reader.sections
        ),
        tuple(reader.citations),
        tuple(reader.links),
        tuple(reader.slots),
        tuple(reader.faults),
        known[front.id].text if known and front else "",
    )


def _root(content: str) -> html.HtmlElement:
    if content.lstrip()[:9].lower() != "<!doctype":
        content = f"<article>{content}</article>"
    try:
        document = html.document_fromstring(content, parser=_PARSER)
    except etree.ParserError:  # a document of nothing but its type
        return html.Element("article")
    if "<template" in content:
        etree.strip_elements(document, "template", with_tail=False)  # a reader sees nothing of it
    return next(document.iter("article"), document)


class _Walk:
    """One pass over a page in document order; a requirement holds what stands inside it, a heading all that follows."""

    def __init__(self, url: str, title: str) -> None:
        self.url = url
        self.heading = title
        self.section = ""
        self.item: html.HtmlElement | None = None
        self.filled: html.HtmlElement | None = None
        self.sections: list[Section] = []
        self.citations: list[Citation] = []
        self.links: list[Link] = []
        self.slots: list[Slot] = []
        self.faults: list[Fault] = []

    def visit(self, root: html.HtmlElement) -> None:
        for element in root.iter("h2", "h3", "h4", "h5", "h6", "li", "p", "a", "strong", "div", "span", "ul"):
            tag = element.tag
            if self.filled is not None and any(one is self.filled for one in element.iterancestors()):
                continue  # generated, so that a page reads the same before and after its slots are filled
            if tag == "ul":
                if element.get("class") == "works-cited":
                    break  # the end of the page, and made from what stands before it
                continue
            name = element.get("id", "")
            if tag in HEADINGS:
                if name:
                    self.section, self.heading, self.item = name, _text(element), None
                    self.sections.append(Section(name, self.heading, HEADINGS[tag]))
            elif tag in REQUIREMENTS:
                if name == NEW_ID or PERMANENT_ID.fullmatch(name):
                    self.item = element
                    self.sections.append(Section(name, self.heading, REQUIREMENT_LEVEL))
            elif tag == "a":
                self._anchor(element, name)
            elif slot := element.get("data-generated"):
                self.slots.append(Slot(slot, self._here(element)))
                self.filled = element
            elif element.get("class") == "citation-fault":
                self.faults.append(
                    Fault(*(element.get(f"data-{part}", "") for part in ("code", "text", "message", "hint")))
                )

    def _anchor(self, element: html.HtmlElement, name: str) -> None:
        kind = element.get("class", "")
        if kind == "citation":
            where = element.get("data-locator", "")
            self.citations.append(Citation(element.get("data-key", ""), where, name, self._here(element)))
        elif "headerlink" not in kind and kind != "term" and (target := resolve(self.url, element.get("href", ""))):
            self.links.append(Link(self._here(element), *target))

    def _here(self, element: html.HtmlElement) -> str:
        if self.item is not None and any(one is self.item for one in element.iterancestors()):
            return str(self.item.get("id"))
        return self.section


def blocks(content: str) -> list[tuple[str, str, str]]:
    """The paragraphs and list items of a page: the id of the section, the words, the words without citations.

    Without headings, code, tables and all that is generated.
    """
    found = []
    section = ""
    for element in _root(content).iter(*HEADINGS, "p", "li", "dd", "ul"):
        if element.tag in HEADINGS or (element.get("id") and PERMANENT_ID.fullmatch(element.get("id"))):
            section = element.get("id", section)
        if element.tag == "ul" and element.get("class") == "works-cited":
            break
        generated = any(one.get("data-generated") for one in element.iterancestors("div"))
        if element.tag in HEADINGS or element.tag == "ul" or generated or element.get("class"):
            continue
        nested = {"p", "ul", "ol", "dl"} if element.tag in ("li", "dd") else set()
        if not any(child.tag in nested for child in element):
            found.append((section, _text(element, citations=True), _text(element)))
    return found


@dataclasses.dataclass(frozen=True, slots=True)
class Definition:
    """What a glossary says of a term: its ``forms``, the words of the first paragraph, and the fragment, if any."""

    id: str
    forms: tuple[str, ...]
    text: str


def definitions(content: str) -> tuple[Definition, ...]:
    """The definition lists of a rendered page: each run of ``dt`` with the next ``dd``."""
    found: list[Definition] = []
    waiting: list[html.HtmlElement] = []
    for element in _root(content).iter("dt", "dd"):
        if element.tag == "dt":
            waiting.append(element)
        elif waiting:
            first = next(element.iter("p"), element)
            found.append(Definition(waiting[0].get("id", ""), tuple(map(_text, waiting)), _text(first)))
            waiting = []
    return tuple(found)


def terms(content: str) -> dict[str, str]:
    """What a rendered glossary explains: the words for each form of a term, capitalised or not."""
    return {
        form: one.text
        for one in definitions(content)
        for term in one.forms
        for form in (term, term[:1].lower() + term[1:])
    }


def resolve(url: str, href: str) -> tuple[str, str] | None:
    """An address in a page as (address below the site's root, fragment); None where it leads elsewhere."""
    try:
        parts = urlsplit(href)
    except ValueError:  # a host that cannot be read
        return None
    path, fragment = parts.path, parts.fragment
    if parts.scheme or parts.netloc or path.startswith("/"):
        return None
    if not path:
        return url, unquote(fragment)
    joined = posixpath.normpath(posixpath.join(posixpath.dirname(f"/{url}"), unquote(path))).lstrip("/")
    joined = "" if joined == "." else joined
    return (f"{joined}/" if joined and path.endswith(("/", ".")) else joined), unquote(fragment)


def _text(element: html.HtmlElement, citations: bool = False) -> str:
    """The words of an element without permanent links and what is generated, with or without its citations."""
    parts = [element.text or ""]
    for child in element:
        kind = child.get("class", "")
        if (
            kind in OURS
            or "headerlink" in kind
            or child.get("data-generated")
            or (kind == "citations" and not citations)
        ):
            parts[-1] = parts[-1].rstrip()  # the space before a citation is not wanted before a full stop
        else:
            parts.append(child.text_content())
        parts.append(child.tail or "")
    return " ".join("".join(parts).split())
