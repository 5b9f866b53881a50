"""A built site in one archive that, once unpacked, opens without a server and without a network.

What differs from the site on the web: links to a folder name the page in it, because a browser shows a folder's files;
the search index is a script, because a page from a disk may not fetch a file; the theme's search worker runs in a frame
(github.com/squidfunk/iframe-worker), because such a page may not start one; and nothing asks which edition is newest.
"""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Mapping
from html import escape, unescape

SHIM = "assets/iframe-worker.js"
INDEX = "search/search_index"
LEFT_OUT = re.compile(r"404\.html|sitemap\.xml(\.gz)?|objects\.inv|SHA256SUMS|.*\.(map|zip)|(.*/)?\..*")
"""What only a server uses, and archives."""
POLICY = (
    "default-src 'none'; script-src file: 'unsafe-inline'; style-src file: 'unsafe-inline'; img-src file: data:; "
    "font-src file:; base-uri 'none'; form-action file:"
)
"""No origin but the disk. Browsers differ on what 'self' is there, and the frame of the search holds a script."""

_LINK = re.compile(r'(?<=\s)(href|action)="([^"]*)"')
_POLICY = re.compile(r'(<meta http-equiv="Content-Security-Policy" content=")[^"]*')
_CONFIG = re.compile(r'(<script id="__config" type="application/json">)(.*?)(</script>)', re.DOTALL)
_EDITIONS = re.compile(r'<script src="[^"]*assets/editions\.js"[^>]*></script>')
_FOLDER = re.compile(r"(^|/)\.{0,2}$")


def archive(files: Mapping[str, bytes], name: str, shim: str) -> bytes:
    """The files of a built site, by their paths, as a zip that holds one folder, ``name``; the same bytes every time.

    ``shim`` is the script of iframe-worker. Form: PKWARE's APPNOTE.
    """
    made = {path: data for path, data in files.items() if not LEFT_OUT.fullmatch(path)}
    for path, data in made.items():
        if path.endswith(".html"):
            made[path] = page(data.decode(), path).encode()
    if index := made.pop(f"{INDEX}.json", None):
        made[f"{INDEX}.js"] = search_index(index.decode()).encode()
        made[SHIM] = shim.encode()
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as packed:
        for path in sorted(made):
            entry = zipfile.ZipInfo(f"{name}/{path}", (1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o100644 << 16
            entry.create_system = 3  # Unix, wherever it is made
            packed.writestr(entry, made[path])
    return buffer.getvalue()


def page(text: str, path: str) -> str:
    """A page as it works from a disk; ``path`` is its place below the root."""
    text = _LINK.sub(lambda found: f'{found[1]}="{escape(to_file(unescape(found[2])))}"', text)
    text = _POLICY.sub(lambda found: found[1] + POLICY, text)
    text = _EDITIONS.sub("", text)
    up = "../" * path.count("/")
    return _CONFIG.sub(
        lambda found: f'<script src="{up}{SHIM}"></script>\n{found[1]}{_alone(found[2])}{found[3]}', text
    )


def _alone(config: str) -> str:
    return json.dumps({**json.loads(config), "version": None}).replace("<", "\\u003c")


def to_file(address: str) -> str:
    """A link within the site that names a file: ``../P9/#P9.3`` becomes ``../P9/index.html#P9.3``."""
    if re.match(r"[a-z][a-z0-9+.-]*:|/|#|$", address, re.IGNORECASE):
        return address
    end = re.search(r"[?#]|$", address)
    at = end.start() if end else len(address)
    path = address[:at]
    if not _FOLDER.search(path):
        return address
    return f"{path}{'' if path.endswith('/') or not path else '/'}index.html{address[at:]}"


def search_index(text: str) -> str:
    """The index as the script that the theme looks for when a page is on a disk."""
    index = json.loads(text)
    for entry in index["docs"]:
        entry["location"] = to_file(f"./{entry['location']}")[2:]
    return f"var __index = {json.dumps(index, ensure_ascii=False, separators=(',', ':'))};\n"
