"""deploy/nginx.conf in a real nginx: what a reader's browser is told of each kind of file."""

from __future__ import annotations

import contextlib
import http.client
import re
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import ROOT

EVER, MINUTES = "public, max-age=31536000, immutable", "public, max-age=300"
FILES = {
    "index.html": "First",
    "404.html": "Nothing",
    "versions.json": "[]",
    ".git/config": "Secret",
    **{
        f"{build}/{name}": text
        for build in ("1", "latest")
        for name, text in {
            "index.html": "Edition " * 200,
            "404.html": f"Nothing in {build}",
            "id/P9.3/index.html": "P9.3",
            "id/P9.3/P9.3.bib": "@book{}",
            "id/P9.3/P9.3.ris": "TY  - BOOK",
            "editions/1.json": "{}",
            "registry.tsv": "id\t",
            "feed.xml": "<feed/>",
            "sitemap.xml": "<urlset/>",
            "SHA256SUMS": "0  index.html",
            "assets/a.css": "p {}" * 500,
            "assets/a.js": "1;" * 500,
        }.items()
    },
}


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The configuration with a certificate, a folder and a port of this test; all else is as it stands."""
    if not (nginx := shutil.which("nginx", path="/usr/sbin:/usr/local/sbin:/usr/bin")) or not shutil.which("openssl"):
        pytest.skip("nginx is not installed (Debian: apt-get install nginx-light openssl)")
    folder = tmp_path_factory.mktemp("nginx")
    for name, text in FILES.items():
        path = folder / "site" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    folder.chmod(0o755)
    key = ("-newkey", "rsa:2048", "-nodes", "-keyout", str(folder / "key.pem"), "-out", str(folder / "cert.pem"))
    request = ["openssl", "req", "-x509", "-subj", "/CN=handbook.example", "-days", "2", *key]
    subprocess.run(request, check=True, capture_output=True)
    with socket.socket() as free, socket.socket() as plain:
        free.bind(("127.0.0.1", 0))
        plain.bind(("127.0.0.1", 0))
        number, other = free.getsockname()[1], plain.getsockname()[1]
    text = (ROOT / "deploy/nginx.conf").read_text("utf-8")
    text = re.sub(r"listen \[::\]:.*\n", "", text)
    for old, new in {
        "listen 443": f"listen 127.0.0.1:{number}",
        "listen 80": f"listen 127.0.0.1:{other}",
        "/etc/letsencrypt/live/handbook.example/fullchain.pem": f"{folder}/cert.pem",
        "/etc/letsencrypt/live/handbook.example/privkey.pem": f"{folder}/key.pem",
        "/srv/handbook": f"{folder}/site",
    }.items():
        assert old in text
        text = text.replace(old, new)
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    temporary = "".join(f"{kind}_temp_path {folder}/{kind};" for kind in kinds)
    whole = f"pid {folder}/pid; error_log {folder}/error.log; events {{}} http {{ access_log off; {temporary}\n{text}}}"
    # Run by root its workers are another user, who may not enter pytest's folders.
    (folder / "nginx.conf").write_text(("user root;" if Path.home() == Path("/root") else "") + whole, "utf-8")
    command = [nginx, "-p", str(folder), "-c", str(folder / "nginx.conf"), "-e", str(folder / "error.log")]
    tested = subprocess.run([*command, "-t"], capture_output=True, text=True, check=False)
    assert tested.returncode == 0, tested.stderr
    with subprocess.Popen([*command, "-g", "daemon off;"]) as running:
        for _ in range(100):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", number), 0.1):
                break
            time.sleep(0.05)
        yield number
        running.terminate()


def ask(port: int, path: str) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and body, asked for as a browser does."""
    trusting = ssl.create_default_context()
    trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
    connection = http.client.HTTPSConnection("127.0.0.1", port, context=trusting, timeout=5)
    connection.request("GET", path, headers={"Host": "handbook.example", "Accept-Encoding": "gzip"})
    answer = connection.getresponse()
    found = answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
    connection.close()
    return found


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("", "text/html"),
        ("id/P9.3/", "text/html"),
        ("id/P9.3/P9.3.bib", "text/x-bibtex"),
        ("id/P9.3/P9.3.ris", "application/x-research-info-systems"),
        ("editions/1.json", "application/json"),
        ("registry.tsv", "text/tab-separated-values"),
        ("feed.xml", "application/atom+xml"),
        ("sitemap.xml", "text/xml"),
        ("SHA256SUMS", "text/plain"),
        ("assets/a.css", "text/css"),
    ],
)
def test_file_has_its_type_and_may_be_kept_as_long_as_it_stays(port: int, path: str, kind: str) -> None:
    for build, kept in {"1": EVER, "latest": MINUTES}.items():
        status, headers, _ = ask(port, f"/{build}/{path}")
        assert (status, headers["content-type"]) == (200, f"{kind}; charset=utf-8")
        assert headers["cache-control"] == kept
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["strict-transport-security"].startswith("max-age=")


@pytest.mark.parametrize("path", ["/", "/versions.json"])
def test_what_changes_with_each_edition_is_kept_for_minutes(port: int, path: str) -> None:
    status, headers, _ = ask(port, path)
    assert (status, headers["cache-control"]) == (200, MINUTES)


@pytest.mark.parametrize("path", ["/1/", "/1/assets/a.css", "/1/assets/a.js"])
def test_text_is_compressed(port: int, path: str) -> None:
    _, headers, body = ask(port, path)
    assert headers["content-encoding"] == "gzip"
    assert len(body) < 200


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/1/nothing/", "Nothing in 1"),
        ("/1/editions/", "Nothing in 1"),
        ("/latest/nothing", "Nothing"),
        ("/2/", "Nothing"),
        ("/12/id/P9.3/", "Nothing"),
        ("/.git/config", "Nothing"),
        ("/1/.building/x", "Nothing in 1"),
    ],
)
def test_what_is_missing_is_said_and_not_kept(port: int, path: str, said: str) -> None:
    status, headers, body = ask(port, path)
    assert (status, body.decode(), headers["cache-control"]) == (404, said, MINUTES)
    assert headers["x-content-type-options"] == "nosniff"


def test_id_only_gets_its_slash(port: int) -> None:
    status, headers, _ = ask(port, "/1/id/P9.3")
    assert (status, headers["location"], headers["cache-control"]) == (301, "/1/id/P9.3/", MINUTES)
