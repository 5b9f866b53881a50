"""Each fault is one line with file, line, what and remedy; one hides no other; the server survives and recovers."""

import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import pytest
from conftest import BIB, Site, cases, head


@pytest.mark.parametrize("case", cases("bad_input.yaml"), ids=lambda case: case["name"])
def test_fault_is_reported_in_one_line(site: Site, case: dict[str, Any]) -> None:
    for name, text in case["files"].items():
        if text is None:
            (site.root / name).unlink()
            continue
        more = case.get("more", "") if case.get("only", name) == name else ""
        site.write(name, re.sub(r"%([PICTS]\d+)%", lambda m, more=more: head(m[1], more), text))
    found = site.build()
    if "expect_has" in case:
        assert [line for line in case["expect_has"] if line not in found] == []
    elif "expect_start" in case:
        assert len(found) == len(case["expect_start"])
        assert all(line.startswith(start) for line, start in zip(found, case["expect_start"], strict=True))
    else:
        assert found == case["expect"]
    assert (site.root / "site" / "index.html").exists()


def test_unknown_key_is_visible_on_the_page(site: Site) -> None:
    site.write("docs/a.md", "# A\n\nSo [@nobody2020].\n")
    site.build()
    assert "@nobody2020 (unknown work)</strong>" in site.page("a")


def test_strict_build_fails_on_an_unknown_key(site: Site) -> None:
    site.write("docs/a.md", "# A\n\nSo [@nobody2020].\n")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict"]
    done = subprocess.run(command, cwd=site.root, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "docs/a.md:3:5: The work 'nobody2020' is not in the bibliography." in done.stderr
    assert "Traceback" not in done.stderr


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


def until(address: str, wanted: str) -> str:
    """The page as soon as it holds ``wanted``; the test fails after a minute without."""
    page = ""
    for _ in range(240):
        try:
            page = urllib.request.urlopen(address).read().decode()
        except (urllib.error.URLError, ConnectionError):
            page = ""
        if wanted in page:
            return page
        time.sleep(0.25)
    raise AssertionError(f"{wanted!r} never came; the last page was {page[-600:]!r}")


def test_server_survives_faults_and_recovers(site: Site) -> None:
    site.write("docs/principles/P1.md", head("P1") + "## One {#P1.1}\n\nSo [@doe2020why].\n")
    log = site.root / "log"
    port = free_port()
    command = [sys.executable, "-m", "mkdocs", "serve", "--dev-addr", f"127.0.0.1:{port}"]
    with log.open("w") as output:
        server = subprocess.Popen(
            command, cwd=site.root, stdout=output, stderr=output, env={**os.environ, "PYTHONUNBUFFERED": "1"}
        )
        try:
            address = f"http://127.0.0.1:{port}/principles/P1/"
            until(address, "“Why.”")
            site.write("references.bib", BIB.replace("title = {Why}", "title = {Why not}"))
            until(address, "“Why not.”")
            site.write("references.bib", BIB.replace("title = {Why},", "title = {Why,"))
            until(address, "(unknown work)")
            site.write("docs/principles/P1.md", "---\nid: [\n---\n\nSo [@doe2020why].\n")
            site.write("references.bib", BIB)
            until(address, "“Why.”")
            site.write("docs/principles/P1.md", head("P1") + "## One {#P1.1}\n\nMended [@doe2020why].\n")
            until(address, "Mended")
            assert server.poll() is None
        finally:
            server.terminate()
            server.wait()
    said = Path(log).read_text()
    assert "references.bib:1: The entry '@online{doe2020why,' cannot be read" in said
    assert "docs/principles/P1.md:" in said
    assert "Traceback" not in said
