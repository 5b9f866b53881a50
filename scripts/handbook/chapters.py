"""The pages of a built site as chapters of a book: screen's furniture removed, anchors of their own, links within.

Pure; the elements of lxml that come in are changed in place.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit

from lxml import html
from lxml.html.builder import E

from handbook.pages import SENTENCE
from handbook.reading import resolve
from handbook.records import PERMANENT_ID

SCREEN_ONLY = {"script", "style", "link", "template", "noscript", "nav", "form", "input", "button", "dialog", "iframe"}
"""Elements that mean nothing on paper."""
CHROME = {"headerlink", "cite", "md-source-file", "works-index", "kind-badge", "page-aliases", "map-list"}
"""Classes of what serves the screen, or repeats what stands elsewhere. A permanent id is a headerlink, but stays."""
DRAWING = """
text { font-family: Carlito, "Liberation Sans", "DejaVu Sans", sans-serif; font-size: 13px }
.map-heads text { font-size: 14px; font-weight: 700 }
.map-id { font-weight: 700; fill: #14454f }
.map-touch { stroke: #14454f }
.map-arc { stroke: #999 }
.map-tension rect { stroke: #14454f; stroke-width: 2 }
"""
"""The style of the drawings in a page: WeasyPrint lets them see no other."""
ROLES = {"h1": "title", "h2": "section", "h3": "subsection"}
"""What a heading is in its page, since its rank in the book depends on the depth of the page."""
HOME = "home"
"""The anchor of the title page."""


class BookError(Exception):
    """Why no book can be made of a site: one line with the place, the fault and the remedy."""


@dataclass
class Chapter:
    """A page on its way into the book.

    ``url`` is its address below the site's root (``principles/P9/``), ``path`` its file, ``article`` its content;
    ``anchor`` is where links to the page lead, ``anchors`` maps the ids of its elements to those in the book.
    """

    url: str
    path: str
    article: html.HtmlElement
    anchor: str = ""
    anchors: dict[str, str] = field(default_factory=dict)


def file_of(url: str) -> str:
    """The file of a page: ``principles/P9/`` is ``principles/P9/index.html``."""
    return f"{url}index.html" if url.endswith("/") or not url else url


def chapter(url: str, pages: Mapping[str, str]) -> Chapter:
    """The page at ``url`` without what serves the screen; ids and links as they were. Raises BookError."""
    path = file_of(url)
    if path not in pages:
        raise BookError(f"{path}: The navigation leads to this page, and there is no such file. Remedy: build again.")
    article = next(html.document_fromstring(pages[path]).iter("article"), None)
    if article is None:
        raise BookError(
            f"{path}: The page has no article element. Remedy: build the site with a theme that sets its content in "
            "one, or leave the page out."
        )
    for element in list(article.iter()):
        classes = set(element.get("class", "").split()) if isinstance(element.tag, str) else CHROME
        if "section-id" in classes:
            _lead_with_id(element)
        elif element.tag in SCREEN_ONLY or classes & CHROME or "hidden" in element.attrib:
            element.drop_tree()
        elif element.tag == "abbr" or "citations" in classes:
            element.drop_tag()  # an explanation is seen only by pointing at it; a citation needs no frame
        else:
            for name in ("title", "tabindex", "role", "aria-label"):
                element.attrib.pop(name, None)
    for closed in list(article.iter("details")):
        closed.find("summary").tag = "p"
        closed.find("p").set("class", closed.get("class", ""))
        closed.drop_tag()
    for line in article.xpath(".//ul[@class='cited-in']/li"):
        _shorten(line)
    for drawing in article.iter("svg"):
        drawing.insert(0, E.style(DRAWING))
    _part_id(article)
    for element in article.iter("a", "em", "strong", "code"):
        _take_space(element)
    return Chapter(url, path, article)


def _part_id(article: html.HtmlElement) -> None:
    """A page's own id is told from its title, which begins with it."""
    heading = next(article.iter("h1"), None)
    name = "" if heading is None else heading.get("id", "")
    if heading is not None and PERMANENT_ID.fullmatch(name) and (heading.text or "").startswith(f"{name} "):
        mark = html.Element("span", {"class": "page-id"})
        mark.text, mark.tail, heading.text = name, (heading.text or "").removeprefix(name), None
        heading.insert(0, mark)


def _take_space(element: html.HtmlElement) -> None:
    """Let an inline element begin with the space before it.

    WeasyPrint 70 breaks a line after its first word if all of a text fits into it but the space at the text's end.
    """
    before, owner = element.getprevious(), element.getparent()
    text = (owner.text if before is None else before.tail) or ""
    if element.text and text.strip() and text[-1].isspace():
        element.text = f" {element.text.lstrip()}"
        if before is None:
            owner.text = text.rstrip()
        else:
            before.tail = text.rstrip()


def _shorten(line: html.HtmlElement) -> None:
    """A place of the citation index as indexes on paper have it: the id, the page (by the style), the locators."""
    where, *marks = line.iter("a")
    known = PERMANENT_ID.match(where.text_content())
    if known:
        where.text = known.group()
    if marks and all(mark.text_content() == SENTENCE for mark in marks):
        where.set("href", marks[0].get("href"))  # nothing else names the sentence
        where.tail = None
        for mark in marks:
            line.remove(mark)


def _lead_with_id(link: html.HtmlElement) -> None:
    """A permanent id stands before its words, from where a style can move it into the margin."""
    words, owner = link.text_content(), link.getparent()
    link.drop_tree()
    mark = html.Element("span", {"class": "section-id"})
    mark.text, mark.tail, owner.text = f"{words} ", (owner.text or "").lstrip(), None
    owner.insert(0, mark)
    last = owner[-1]
    if last is not mark and last.tail:
        last.tail = last.tail.rstrip()


def anchor(chapters: Iterable[Chapter]) -> None:
    """Give every id its name in the book: permanent ids stay, others begin with the address of their page.

    A page's own anchor is the permanent id of its title, or its address. Raises BookError where a permanent id stands
    on two pages.
    """
    owners: dict[str, Chapter] = {}
    for one in chapters:
        base = one.url.strip("/").removesuffix(".html") or HOME
        heading = next(one.article.iter("h1"), None)
        name = heading.get("id", "") if heading is not None else ""
        for element in one.article.iter():
            known = element.get("id")
            if known is None:
                continue
            permanent = PERMANENT_ID.fullmatch(known)
            if permanent and (other := owners.setdefault(known, one)) is not one:
                raise BookError(
                    f"{one.path}: The permanent id '{known}' stands also in {other.path}. "
                    "Remedy: give the newer section an id of its own."
                )
            one.anchors[known] = known if permanent else f"{base}/{known}"
            element.set("id", one.anchors[known])
        one.anchor = name if PERMANENT_ID.fullmatch(name) else base
        if one.anchor == base and heading is not None:
            one.anchors[name] = base
            heading.set("id", base)


def link(one: Chapter, chapters: Mapping[str, Chapter], address: str) -> None:
    """Let the links of a chapter lead to anchors of the book, or to the site at ``address`` for what is not in it.

    Raises BookError for a link that leads to no anchor of a chapter, and for one that needs an unknown address.
    """
    for element in one.article.iter("a"):
        href = element.get("href")
        if href is None:
            continue
        target = resolve(one.url, href)
        if target is not None and (to := chapters.get(target[0])) is not None:
            fragment = target[1].partition(":~:")[0]
            if not fragment or fragment in to.anchors:
                element.set("href", f"#{to.anchors.get(fragment, to.anchor)}")
                continue
            if to.anchor != HOME:  # of the home page only its beginning is in the book
                raise BookError(
                    f"{one.path}: The link '{href}' leads to no anchor of {to.path}. Remedy: correct it; "
                    "`handbook check` names its line."
                )
        if target is not None or not urlsplit(href).scheme:
            if not address:
                raise BookError(
                    f"{one.path}: The link '{href}' leads out of the book, and no page says where the site stands. "
                    "Remedy: set site_url, or name the address."
                )
            element.set("href", urljoin(urljoin(address, one.url), href))
    for image in one.article.iter("img"):
        source = resolve(one.url, image.get("src", ""))
        if source:
            image.set("src", source[0])


def forget(chapters: Iterable[Chapter]) -> None:
    """Take away the anchors to which nothing leads, thousands of them; permanent ids stay for links from outside."""
    chapters = list(chapters)
    wanted = {one.anchor for one in chapters}
    wanted |= {element.get("href", "#")[1:] for one in chapters for element in one.article.iter("a")}
    for one in chapters:
        for element in one.article.iter():
            name = element.get("id")
            if name is not None and name not in wanted and not PERMANENT_ID.fullmatch(name):
                del element.attrib["id"]


def shift(article: html.HtmlElement, depth: int) -> None:
    """Rank the headings of a page that stands at ``depth`` in the navigation, and note what they were in it."""
    for element in list(article.iter("h1", "h2", "h3", "h4", "h5", "h6")):
        if role := ROLES.get(element.tag):
            element.set("class", role)
        element.tag = f"h{min(int(element.tag[1]) + depth - 1, 6)}"
