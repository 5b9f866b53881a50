"""What Lighthouse says of four pages, as a phone on a slow network has them: the median of five runs of each.

Needs node, npm and a Chromium; Lighthouse itself is put into .bench on the first run. The site is served with gzip, as
any web server would.
"""

from __future__ import annotations

import functools
import gzip
import http.server
import json
import os
import shutil
import statistics
import subprocess
import sys
import threading
from pathlib import Path

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / ".bench" / "lighthouse"
VERSION = "12.8.2"
RUNS = 5
PAGES = ("", "principles/P9/", "matrix/", "references/")
WANTED = {"performance": 95, "accessibility": 100, "best-practices": 100, "seo": 100}
FIRST_VIEW = 250_000
TEXT = {".html", ".css", ".js", ".json", ".svg", ".xml", ".txt", ".md"}


class Compressing(http.server.SimpleHTTPRequestHandler):
    """Sends text compressed, and lets it be kept."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        path = Path(self.translate_path(self.path))
        path = path / "index.html" if path.is_dir() else path
        if not path.is_file():
            self.send_error(404)
            return
        body = path.read_bytes()
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(str(path)))
        self.send_header("Cache-Control", "public, max-age=31536000")
        if path.suffix in TEXT:
            body = gzip.compress(body, 6)
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


def look(address: str) -> tuple[dict[str, float], float, list[str]]:
    """The scores of one run, the bytes that came over the network, and the audits that were not passed in full."""
    options = ["--quiet", "--output=json", "--only-categories=performance,accessibility,best-practices,seo"]
    flags = "--chrome-flags=--headless=new --no-sandbox --disable-gpu --disable-background-networking"
    program = FOLDER / "node_modules" / ".bin" / "lighthouse"
    done = subprocess.run([str(program), address, *options, flags], stdout=subprocess.PIPE, check=True)
    report = json.loads(done.stdout)
    scores = {name: 100 * one["score"] for name, one in report["categories"].items()}
    failed = [
        name
        for kind in ("accessibility", "best-practices", "seo")
        for name in (audit["id"] for audit in report["categories"][kind]["auditRefs"] if audit["weight"])
        if report["audits"][name]["score"] not in (1, None)
    ]
    return scores, report["audits"]["total-byte-weight"]["numericValue"], failed


def main() -> int:
    if not (FOLDER / "node_modules").exists():
        FOLDER.mkdir(parents=True, exist_ok=True)
        (FOLDER / "package.json").write_text('{"private": true}')
        install = ["npm", "install", "--silent", "--no-audit", "--no-fund", "--ignore-scripts", f"lighthouse@{VERSION}"]
        subprocess.run(install, cwd=FOLDER, check=True)
    os.environ.setdefault("CHROME_PATH", shutil.which("chromium") or "chromium")
    site = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / ".bench" / "site-lighthouse"
    if len(sys.argv) < 2:
        mkdocs = Path(sys.executable).parent / "mkdocs"
        subprocess.run([str(mkdocs), "build", "--quiet", "--site-dir", str(site)], cwd=ROOT, check=True)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Compressing, directory=str(site)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    short = False
    for page in PAGES:
        runs = [look(f"http://127.0.0.1:{server.server_port}/{page}") for _ in range(RUNS)]
        medians = {name: statistics.median(scores[name] for scores, _, _ in runs) for name in WANTED}
        weight = statistics.median(weight for _, weight, _ in runs)
        failed = sorted({name for _, _, names in runs for name in names})
        print(
            f"/{page}", *(f"{name} {score:.0f}" for name, score in medians.items()), f"{weight / 1000:.0f} kB", *failed
        )
        short = short or weight > FIRST_VIEW or any(medians[name] < score for name, score in WANTED.items())
    server.shutdown()
    return 1 if short else 0


if __name__ == "__main__":
    sys.exit(main())
