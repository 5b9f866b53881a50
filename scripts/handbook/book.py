"""A built site to one document that can be printed: title page, contents, every page a chapter. Pure."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from lxml import html
from lxml.html.builder import CLASS, E

from handbook.chapters import HOME, BookError, Chapter, anchor, chapter, file_of, forget, link, shift
from handbook.contents import Entry, contents, without


@dataclass(frozen=True, slots=True)
class Imprint:
    """What is said of the book on its first pages. What is empty is taken from the home page, or left out.

    ``edition`` is printed as it stands ("1st ed."), ``address`` is where this edition stands, ``licence`` and ``cite``
    are a sentence each.
    """

    edition: str = "Draft"
    date: datetime.date | None = None
    address: str = ""
    licence: str = ""
    cite: str = ""


def files(home: str, leave_out: tuple[str, ...] = ()) -> tuple[str, ...]:
    """The files below the site's root that ``assemble`` asks for, in the order of the navigation."""
    return tuple(file_of(url) for one in _tree(html.document_fromstring(home), leave_out) for url in one.urls())


def assemble(pages: Mapping[str, str], imprint: Imprint, leave_out: tuple[str, ...] = ()) -> str:
    """The pages of a built site, by path, as one HTML document in the order of the site's navigation.

    Pages whose address begins with one of ``leave_out`` are not in it. Every permanent id is an anchor under its own
    name. Raises BookError where the site cannot be printed whole.
    """
    home = html.document_fromstring(pages["index.html"])
    tree = _tree(home, leave_out)
    address = imprint.address or _value(home, "//link[@rel='canonical']/@href")
    chapters = {url: chapter(url, pages) for one in tree for url in one.urls()}
    opening = chapters[""] = chapter("", pages)
    title = _trim(opening) or _value(home, "string(//title)")
    anchor(chapters.values())
    for one in chapters.values():
        link(one, chapters, address)
    forget(chapters.values())
    author = _value(home, "//meta[@name='author']/@content")
    summary = _value(home, "//meta[@name='description']/@content")
    licence = imprint.licence or _value(home, "string(//*[contains(@class, 'md-copyright__highlight')])")
    head = E.head(E.meta(charset="utf-8"), E.title(f"{title}, {imprint.edition}"))
    for name, content in (("author", author), ("description", summary), ("dcterms.created", str(imprint.date or ""))):
        if content:
            head.append(E.meta(name=name, content=content))
    body = E.body(
        _title_page(title, summary, author, imprint),
        _imprint_page(opening, licence, imprint, address, _cite(title, author, imprint, address)),
        E.section(CLASS("contents"), E.h1("Contents"), _contents(tree, chapters)),
    )
    for entry in tree:
        body.extend(_chapters(entry, chapters, 1))
    document = E.html(head, body, lang=home.get("lang") or "en")
    return str(html.tostring(document, encoding="unicode", doctype="<!doctype html>"))


def _tree(home: html.HtmlElement, leave_out: tuple[str, ...]) -> tuple[Entry, ...]:
    """The navigation without the home page, whose beginning stands behind the title."""
    tree = tuple(one for one in without(contents(home), leave_out) if one.url != "")
    if not tree:
        raise BookError(
            "index.html: The home page has no navigation that leads to another page. "
            "Remedy: name the folder of a built site whose theme writes the navigation."
        )
    return tree


def _trim(opening: Chapter) -> str:
    """Leave of the home page what stands before its first section, for the rest leads to what the contents hold.

    Gives the words of its title.
    """
    article = opening.article
    title = " ".join(" ".join(one.text_content() for one in article.iterchildren("h1")).split())
    for element in list(article.iterchildren("h1")):
        article.remove(element)
    below = next((index for index, child in enumerate(article) if child.tag == "h2"), len(article))
    for element in article[below:]:
        article.remove(element)
    return title


def _title_page(title: str, summary: str, author: str, imprint: Imprint) -> html.HtmlElement:
    return E.section(
        CLASS("title-page"),
        E.p(CLASS("book-title"), title, id=HOME),
        E.p(CLASS("book-summary"), summary),
        E.p(CLASS("book-edition"), imprint.edition),
        *([E.p(CLASS("book-date"), f"{imprint.date.day} {imprint.date:%B %Y}")] if imprint.date else []),
        E.p(CLASS("book-author"), author),
    )


def _imprint_page(
    opening: Chapter, licence: str, imprint: Imprint, address: str, cite: list[str | html.HtmlElement]
) -> html.HtmlElement:
    online = [E.a(address, href=address)] if address else []
    facts = E.div(CLASS("imprint-facts"))
    for name, value in (("Cite as", cite), ("Licence", [licence] if licence else []), ("Online", online)):
        if value:
            facts.append(E.p(E.strong(f"{name}: "), *value))
    opening.article.tag, opening.article.attrib["class"] = "div", "opening"
    return E.section(CLASS("imprint"), opening.article, facts)


def _cite(title: str, author: str, imprint: Imprint, address: str) -> list[str | html.HtmlElement]:
    """The whole book, in the bibliography style of The Chicago Manual of Style."""
    if imprint.cite:
        return [imprint.cite]
    start = " ".join(f"{part}." for part in (author, str(imprint.date.year) if imprint.date else "") if part)
    end = " ".join(f"{part.rstrip('.')}." for part in (imprint.edition, address) if part)
    return [f"{start} " if start else "", E.em(title), f". {end}"]


def _contents(tree: tuple[Entry, ...], chapters: Mapping[str, Chapter]) -> html.HtmlElement:
    lines = E.ul()
    for entry in tree:
        line = E.li(E.a(_name(entry, chapters), href=f"#{_anchor(entry, chapters)}"))
        if entry.children:
            line.append(_contents(entry.children, chapters))
        lines.append(line)
    return lines


def _chapters(entry: Entry, chapters: Mapping[str, Chapter], depth: int) -> Iterator[html.HtmlElement]:
    """A page or the opening of a group, then what stands below it in the navigation."""
    kind = "part" if entry.children else "chapter"
    if entry.url is None:
        name = f"h{depth}"
        heading = html.Element(name, {"class": "title", "id": _anchor(entry, chapters)})
        heading.text = entry.title
        body = E.section(CLASS(kind), heading, E.div(CLASS("part-list"), _contents(entry.children, chapters)))
    else:
        body = chapters[entry.url].article
        shift(body, depth)
        body.tag = "section"
        body.attrib["class"] = kind
        first = next(body.iterchildren("h1", "h2", "h3", "h4", "h5", "h6"), None)
        if first is None or not first.get("id"):
            body.set("id", chapters[entry.url].anchor)
    yield body
    for child in entry.children:
        yield from _chapters(child, chapters, depth + 1)


def _anchor(entry: Entry, chapters: Mapping[str, Chapter]) -> str:
    return chapters[entry.url].anchor if entry.url is not None else f"part/{entry.title.lower().replace(' ', '-')}"


def _name(entry: Entry, chapters: Mapping[str, Chapter]) -> str:
    """The title that the page itself bears; the navigation may shorten it."""
    heading = None if entry.url is None else next(chapters[entry.url].article.iter("h1"), None)
    return entry.title if heading is None else " ".join(heading.text_content().split())


def _value(root: html.HtmlElement, path: str) -> str:
    found = root.xpath(path)
    return " ".join((found if isinstance(found, str) else found[0] if found else "").split())
