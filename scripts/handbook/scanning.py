"""One built page to a Scan: ids, addresses, and what may be markup that stayed text. Imports lxml for whole documents.

Apart from ``reading``, which walks the handbook's own structure: this is for any page of any site, and must be quick.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from lxml import etree

from handbook.probe import WRITTEN
from handbook.site import Scan

_PARSER = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
_IDS = etree.XPath("//@id", smart_strings=False)
_NAMES = etree.XPath("//a/@name", smart_strings=False)
_ADDRESSES = etree.XPath(
    # An alias, <a id="x"></a>, has no address or an empty one.
    "//@href[not(parent::link[@rel='canonical' or @rel='preconnect' or @rel='dns-prefetch'])"
    " and not(. = '' and parent::a[@id or @name])]"
    " | //@src | //video/@poster | //object/@data",
    smart_strings=False,
)
_SETS = etree.XPath("//@srcset", smart_strings=False)
_WRITTEN = etree.XPath(f"//*[@{WRITTEN}]")
_BLANK = etree.XPath("//h1 | //h2 | //h3 | //h4 | //h5 | //h6")
_HEADINGS = etree.XPath("//h1[@id] | //h2[@id] | //h3[@id] | //h4[@id] | //h5[@id] | //h6[@id]")
_CONTENT = etree.XPath("(//article | //main | //*[@role='main'] | //body)[1]")
_NUMBERED = re.compile(r"(.+)_\d+")
TRIGGERS = ("!!!", "???", "===", "[^", "^[", "](", "] (", "][", ")[", "[@", "{#", "{:", ":::", "--8&lt;--", "--8<--")
"""What a page must hold before its words are looked at one block after the other."""
_SUSPECT = re.compile(r"^(?:!!!|\?\?\?|===)|\[\^|\^\[|\] ?\(|\]\[|\)\[|\[@|\{:?\s*[#.]|:::|--8<--")
_BLOCKS = {
    *("p", "li", "td", "th", "dt", "dd", "h1", "h2", "h3", "h4", "h5", "h6", "figcaption", "summary", "caption"),
    *("blockquote", "div", "section", "article", "main", "body", "label", "legend", "address"),
}
_DEAD = {"code", "pre", "script", "style", "kbd", "samp", "math", "svg", "textarea", "nav", "title", "noscript"}


def scan(page: str | bytes, words: bool = False) -> Scan:
    """Read a page; with ``words`` also all its words, which only a text fragment needs."""
    root = etree.HTML(page if isinstance(page, bytes) else page.encode("utf-8", "replace"), _PARSER)
    if root is None:
        return Scan(frozenset(), (), (), {}, frozenset(), ())
    ids = [*_IDS(root)]
    counts = Counter(ids)
    doubled = tuple(one for one, number in counts.items() if number > 1) if len(counts) < len(ids) else ()
    addresses = [*_ADDRESSES(root)]
    for one in _SETS(root):
        addresses += [part.split()[0] for part in one.split(",") if part.strip() and not one.startswith("data:")]
    written: dict[str, list[str]] = {}
    for element in _WRITTEN(root):
        address = element.get("href") or element.get("src") or ""
        written.setdefault(address, []).append(element.get(WRITTEN))
    known = frozenset(ids).union(_NAMES(root))
    text = page if isinstance(page, str) else page.decode("utf-8", "replace")
    return Scan(
        known,
        doubled,
        tuple(addresses),
        {address: tuple(raw) for address, raw in written.items()},
        _numbered(root, counts) if any(_NUMBERED.fullmatch(one) for one in counts) else frozenset(),
        tuple(_texts(root)) if any(trigger in text for trigger in TRIGGERS) else (),
        " ".join("".join(root.itertext()).split()).lower() if words else "",
        sum(not _words(heading) and not heading.xpath(".//img | .//svg") for heading in _BLANK(root)),
    )


def _numbered(root: Any, counts: Counter[str]) -> frozenset[str]:
    """The ids that a renderer made unique by a number: another heading of the same words has the name without it."""
    words = {heading.get("id"): _words(heading) for heading in _HEADINGS(root)}
    return frozenset(
        one
        for one, text in words.items()
        if (match := _NUMBERED.fullmatch(one)) and match[1] in counts and words.get(match[1]) == text
    )


def _words(element: Any) -> str:
    return " ".join("".join(element.itertext()).replace("¶", "").split())


def _texts(root: Any) -> Iterator[str]:
    """The words of each block of the content that holds something like markup, code replaced by one odd character."""
    for content in _CONTENT(root):
        for element in content.iter():
            if element.tag in _BLOCKS and not any(one.tag in _DEAD for one in element.iterancestors()):
                text = " ".join("".join(_own(element)).split())
                if _SUSPECT.search(text):
                    yield text


def _own(element: Any) -> Iterator[str]:
    """The words of a block without those of blocks inside it."""
    yield element.text or ""
    for child in element:
        kind = child.get("class") or ""
        if kind.startswith("headerlink"):
            pass
        elif child.tag in _DEAD or kind in ("arithmatex", "citation-fault"):
            yield "\x00"
        elif child.tag in _BLOCKS or child.tag in ("ul", "ol", "dl", "table"):
            yield "\n"
        else:
            yield from _own(child)
        yield child.tail or ""


def canonical(page: bytes) -> str:
    """The address that a page gives as its own; the empty string if none."""
    root = etree.HTML(page, _PARSER) if page.strip() else None
    found = root.xpath("//link[@rel='canonical']/@href") if root is not None else []
    return str(found[0]) if found else ""
