"""What style sheets name: addresses in ``url()``, ``image-set()`` and ``@import``. The only importer of tinycss2."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import tinycss2

_SETS = ("image-set", "-webkit-image-set")


def addresses(css: str) -> Iterator[tuple[str, int, int]]:
    """Each address with its line and column, from 1 (CSS Syntax Module Level 3). Strings and comments hold none."""
    yield from _walk(tinycss2.parse_component_value_list(css, skip_comments=True))


def _walk(nodes: Iterable[Any], strings: bool = False) -> Iterator[tuple[str, int, int]]:
    imports = False
    for node in nodes:
        if node.type == "url" or (node.type == "string" and (strings or imports)):
            yield node.value, node.source_line, node.source_column
        elif node.type == "function":
            named = [one for one in node.arguments if one.type == "string"] if node.lower_name == "url" else []
            for one in named[:1]:
                yield one.value, node.source_line, node.source_column
            yield from _walk([] if named else node.arguments, node.lower_name in _SETS)
        elif node.type.endswith(" block"):
            yield from _walk(node.content)
        if node.type != "whitespace":
            imports = node.type == "at-keyword" and node.lower_value == "import"
