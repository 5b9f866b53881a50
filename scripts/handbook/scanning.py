"""One built page to a Scan: ids, addresses, and what may be markup that stayed text. Imports lxml for whole documents.

Apart from ``reading``, which walks the handbook's own structure: this is for any page of any site, and must be quick.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from lxml import etree

from handbook import markup, styles
from handbook.probe import WRITTEN
from handbook.site import Scan, slug

_PARSER = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
_IDS = etree.XPath("//@id", smart_strings=False)
_NAMES = etree.XPath("//a/@name | //map/@name", smart_strings=False)
_ADDRESSES = etree.XPath(
    # An alias, <a id="x"></a>, has no address or an empty one.
    "//@href[not(parent::link[@rel='canonical' or @rel='preconnect' or @rel='dns-prefetch'])"
    " and not(. = '' and parent::a[@id or @name])]"
    " | //@src | //video/@poster | //object/@data | //@usemap | //form/@action[. != '']",
    smart_strings=False,
)
_LABELS = etree.XPath("//label/@for", smart_strings=False)
_XLINKS = etree.XPath("//@*[name() = 'xlink:href']", smart_strings=False)
_STYLES = etree.XPath("//@style | //style/text()", smart_strings=False)
_SAID = etree.XPath(".//img/@alt | .//img/@title | .//a/@title", smart_strings=False)
_SETS = etree.XPath("//@srcset", smart_strings=False)
_WRITTEN = etree.XPath(f"//*[@{WRITTEN}]")
_HEADINGS = etree.XPath("//h1 | //h2 | //h3 | //h4 | //h5 | //h6")
_CONTENT = etree.XPath("(//article | //main | //*[@role='main'] | //body)[1]")
_NUMBERED = re.compile(r"(.+)_\d+")
_BARE = re.compile(r"<!--.*?-->|<script\b.*?</script>|<(?P<address>www\.[^\s<>]+)", re.S | re.I)
MATHEMATICS = "arithmatex"
"""The class that pymdownx.arithmatex gives."""
_HERE = re.compile(r"https?://(?:localhost|127(?:\.\d+){3}|\[::1\])(?::\d+)?/?")
_NOWHERE = etree.XPath("//a[@href = '#']")
_UP = re.compile(
    r"\W*(?:(?:go\s+|jump\s+|scroll\s+)?(?:back\s+)?(?:to\s+)?(?:the\s+)?(?:top|up)(?:\s+of\s+(?:the|this)\s+page)?"
    r"|nach oben|zum seitenanfang|haut de (?:la )?page|arriba|[↑⇧▲△⬆⤒🔝])\W*",
    re.I,
)
"""The whole words of a link to the head of its own page, as HTML reads "#"; "Sign up" and others await an address."""
_BLOCKS = {
    *("p", "li", "td", "th", "dt", "dd", "h1", "h2", "h3", "h4", "h5", "h6", "figcaption", "summary", "caption"),
    *("blockquote", "div", "section", "article", "main", "body", "label", "legend", "address"),
}
_DEAD = {
    *("code", "pre", "script", "style", "kbd", "samp", "tt", "var", "math", "svg", "textarea", "nav", "title"),
    "noscript",
}


def scan(page: str | bytes, words: bool = False) -> Scan:
    """Read a page; with ``words`` also all its words, which only a text fragment needs."""
    root = etree.HTML(page if isinstance(page, bytes) else page.encode("utf-8", "replace"), _PARSER)
    if root is None:
        return Scan(frozenset(), (), (), {}, frozenset(), ())
    text = page if isinstance(page, str) else page.decode("utf-8", "replace")
    if "<template" in text:
        etree.strip_elements(root, "template", with_tail=False)  # inert until a script takes it
    ids = [*_IDS(root)]
    counts = Counter(ids)
    written: dict[str, list[str]] = {}
    for element in _WRITTEN(root):
        address = element.get("href") or element.get("src") or ""
        written.setdefault(address, []).append(element.get(WRITTEN))
    known = frozenset(ids).union(_NAMES(root))
    content = _without_navigation(text)
    titles = _HEADINGS(root)
    headings = {name: title for title in titles if (name := title.get("id"))}
    bases = {one: match[1] for one in headings if (match := _NUMBERED.fullmatch(one)) and match[1] in counts}
    return Scan(
        known,
        tuple(one for one, number in counts.items() if number > 1) if len(counts) < len(ids) else (),
        tuple(_addresses(root, text)),
        {address: tuple(raw) for address, raw in written.items()},
        frozenset(
            one for one, base in bases.items() if base in headings and _words(headings[one]) == _words(headings[base])
        ),
        tuple(_texts(root)) if markup.possible(content) else (),
        " ".join("".join(root.itertext()).split()).lower() if words else "",
        sum(not _words(heading) and not heading.xpath(".//img[normalize-space(@alt)] | .//svg") for heading in titles),
        tuple(base for one, base in bases.items() if base not in headings and _taken(root, headings[one], base)),
        tuple(one for one in _LABELS(root) if one not in known) if "<label" in text else (),
    )


def _addresses(root: Any, text: str) -> Iterator[str]:
    """Every address that a page names, also in styles; what is rare is looked for only where a page may have it."""
    named = _named(root) if _HERE.search(text) else frozenset()
    if 'href="#"' in text and all(_UP.fullmatch(_words(one)) for one in _NOWHERE(root)):
        named |= {"#"}
    yield from (one for one in _ADDRESSES(root) if one not in named)
    for one in _SETS(root):
        yield from (part.split()[0] for part in one.split(",") if part.strip() and not one.startswith("data:"))
    if "xlink:href" in text:
        yield from _XLINKS(root)
    if "url(" in text or "@import" in text:
        for style in _STYLES(root):
            yield from (address for address, _, _ in styles.addresses(style) if address)
    if "<www." in text:  # an address that was taken for a tag, and is not shown
        yield from (match["address"].rstrip("/>") for match in _BARE.finditer(text) if match["address"])


def _named(root: Any) -> frozenset[str]:
    """Servers on the reader's own machine that a link shows as its words: "open http://localhost:8000/"."""
    links = ((one.get("href") or "", _words(one)) for one in root.iter("a"))
    return frozenset(to for to, words in links if _HERE.fullmatch(to) and words in (to, to.split("//")[1].rstrip("/")))


def _without_navigation(text: str) -> str:
    """A page's HTML without the navigation before its article, which is most of it on a large site."""
    start = max(text.find("<main"), 0)
    article = text.find("<article", start)
    first, last = text.find("<nav", start, article), text.rfind("</nav>", start, article)
    return text[start:first] + text[last:] if 0 <= first < last < article else text[start:]


def _taken(root: Any, heading: Any, base: str) -> bool:
    """Whether a heading would have the id ``base`` of its words, had not words elsewhere on the page taken it."""
    if slug(_words(heading)) != slug(base):
        return False
    other = root.xpath("//*[@id = $name][not(self::a)]", name=base)
    return bool(other and _words(other[0]))


def _words(element: Any) -> str:
    return " ".join("".join(element.itertext()).replace("¶", "").split())


def _texts(root: Any) -> Iterator[str]:
    """The words of each block of the content that holds a sign of markup, code replaced by one odd character."""
    for content in _CONTENT(root):
        for element in content.iter():
            shown = element.tag in _BLOCKS and element.get("class") != MATHEMATICS
            if shown and not any(one.tag in _DEAD for one in element.iterancestors()):
                text = " ".join("".join(_own(element)).split())
                if not markup.SIGNS.isdisjoint(text):
                    yield text
        yield from (one for one in _SAID(content) if "[^" in one or "[@" in one)


def _own(element: Any) -> Iterator[str]:
    """The words of a block without those of blocks inside it."""
    yield element.text or ""
    for child in element:
        kind = child.get("class") or ""
        if kind.startswith("headerlink"):
            pass
        elif child.tag in _DEAD or kind in (MATHEMATICS, "citation-fault"):
            yield "\x00"
        elif child.tag in _BLOCKS or child.tag in ("ul", "ol", "dl", "table"):
            yield "\n"
        else:
            if child.tag == "a" and "href" in child.attrib and not kind.startswith("footnote"):
                yield markup.LINK
            yield from _own(child)
        tail = child.tail or ""
        yield markup.BEHIND + tail.lstrip() if tail.lstrip()[:1] == "{" and child.tag in ("a", "img") else tail


def canonical(page: bytes) -> str:
    """The address that a page gives as its own; the empty string if none."""
    root = etree.HTML(page, _PARSER) if page.strip() else None
    found = root.xpath("//link[@rel='canonical']/@href") if root is not None else []
    return str(found[0]) if found else ""
