"""What stands beside the folders of the editions and changes with each: a list for the selector, and the first page.

``versions.json`` has the form of mike's (github.com/jimporter/mike), which the theme's selector reads.
"""

from __future__ import annotations

import json
from html import escape

from handbook.changes import History
from handbook.editions import Edition
from handbook.publisher import LATEST

MANIFEST = "SHA256SUMS"
VERSIONS = "versions.json"


def front(history: History, address: str) -> dict[str, str]:
    """The files by name; ``address`` is the root, with a slash at its end."""
    newest = list(reversed(history.editions))
    versions: list[dict[str, object]] = [
        {"version": str(one.number), "title": one.name, "aliases": []} for one in newest
    ]
    for one in versions[:1]:
        one["aliases"] = ["newest"]
    versions.append({"version": LATEST, "title": "Latest text", "aliases": []})
    return {VERSIONS: json.dumps(versions, indent=1) + "\n", "index.html": page(newest, address)}


def page(newest: list[Edition], address: str) -> str:
    """The page at the root: the newest edition, the latest text, and all editions. Newest first."""
    title = escape(newest[0].title if newest else "AI Safety Policy Handbook")
    items = "".join(
        f'<li><a href="{one.number}/">{one.name}</a>, {one.date} · <a href="{one.number}/{MANIFEST}">checksums</a></li>'
        for one in newest
    )
    main = ""
    if newest:
        main = f'<p class="open"><a href="{newest[0].number}/">Read the {newest[0].name}, {newest[0].date}</a></p>'
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n<title>{title}</title>\n'
        f'<link rel="canonical" href="{escape(address)}">\n<link rel="stylesheet" href="{LATEST}/id/id.css">\n'
        f'<link rel="icon" href="data:,">\n'
        f'<link rel="alternate" type="application/atom+xml" href="{LATEST}/feed.xml">\n</head>\n<body>\n'
        f"<header><h1>{title}</h1></header>\n<main>\n{main}\n"
        f"<h2>Editions</h2>\n<p>An edition never changes; cite from one.</p>\n<ul>{items}</ul>\n"
        f'<h2>Latest text</h2>\n<p><a href="{LATEST}/">The text as it is being written</a> can change any time.\n'
        f'A <a href="{LATEST}/feed.xml">feed</a> tells of new editions and of what changed in substance.</p>\n'
        "</main>\n</body>\n</html>\n"
    )
