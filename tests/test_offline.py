"""The site as an archive: unpacked, it opens from a disk in a real browser, with its search and every link."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
from lxml import html

from handbook.cli import main
from handbook.offline import archive, to_file


@pytest.mark.parametrize(
    ("address", "file"),
    [
        ("../P9/#P9.3", "../P9/index.html#P9.3"),
        ("../P9/?h=a#b", "../P9/index.html?h=a#b"),
        (".", "./index.html"),
        ("..", "../index.html"),
        ("../..", "../../index.html"),
        ("./", "./index.html"),
        ("id/P9/P9.bib", "id/P9/P9.bib"),
        ("#P9.3", "#P9.3"),
        ("https://example.org/a/", "https://example.org/a/"),
        ("mailto:a@example.org", "mailto:a@example.org"),
        ("//example.org/", "//example.org/"),
        ("a...", "a..."),
    ],
)
def test_link_to_a_folder_names_its_page(address: str, file: str) -> None:
    assert to_file(address) == file


def test_archive_is_the_same_each_time_and_holds_one_folder(tmp_path: Path) -> None:
    files = {"b/index.html": b"<a href='x'>x</a>", "a.css": b"a", ".secret": b"", "404.html": b"", "old.zip": b""}
    one = archive(files, "handbook", "")
    assert one == archive(dict(reversed(files.items())), "handbook", "")
    (tmp_path / "a.zip").write_bytes(one)
    with zipfile.ZipFile(tmp_path / "a.zip") as packed:
        assert packed.namelist() == ["handbook/a.css", "handbook/b/index.html"]


def test_what_is_no_site_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["zip", str(tmp_path), str(tmp_path / "out.zip")]) == 2
    (tmp_path / "index.html").write_text("<p>")
    assert main(["zip", str(tmp_path), str(tmp_path / "none" / "out.zip")]) == 2
    said = capsys.readouterr().err.splitlines()
    assert len(said) == 2 and all("Remedy: " in line for line in said)
    assert [path.name for path in tmp_path.iterdir()] == ["index.html"]


@pytest.fixture(scope="module")
def unpacked(handbook_site: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("unpacked")
    command = [sys.executable, "-m", "handbook", "zip", str(handbook_site), str(folder / "handbook.zip")]
    subprocess.run(command, check=True, capture_output=True)
    with zipfile.ZipFile(folder / "handbook.zip") as packed:
        packed.extractall(folder)
    return folder / "handbook"


def test_every_link_leads_to_a_file(unpacked: Path) -> None:
    dead = set()
    for path in [*unpacked.glob("*.html"), *unpacked.glob("principles/*/*.html"), *unpacked.glob("id/P9*/*.html")]:
        for address in html.fromstring(path.read_bytes()).xpath("//@href | //@src | //@action"):
            name = str(address).partition("#")[0].partition("?")[0]
            if ":" not in name and not (path.parent / name).is_file() and name:
                dead.add(address)
    assert dead == set()


@pytest.fixture
def page(browser: Any) -> Any:
    opened = browser.new_page()
    opened.wrong = []
    opened.on("console", lambda said: opened.wrong.append(said.text) if said.type == "error" else None)
    opened.on("pageerror", lambda error: opened.wrong.append(str(error)))
    opened.on(
        "request",
        lambda asked: (
            None if asked.url.startswith(("file:", "data:", "blob:", "about:")) else opened.wrong.append(asked.url)
        ),
    )
    yield opened
    assert opened.wrong == []
    opened.close()


@pytest.mark.parametrize(
    ("words", "place"), [("P9.3", "principles/P9/index.html"), ("FLOP cap", "instruments/I6/index.html")]
)
def test_search_finds_from_the_disk(page: Any, unpacked: Path, words: str, place: str) -> None:
    page.goto((unpacked / "index.html").as_uri())
    page.keyboard.press("/")
    page.keyboard.type(words)
    page.locator(".md-search-result__item").first.wait_for()
    page.locator(".md-search-result__item a").first.click()
    page.wait_for_url(f"**/{place}**")
    assert page.get_by_role("heading", level=1).is_visible()


def test_links_can_be_followed_and_cite_opens_the_page_of_the_id(page: Any, unpacked: Path) -> None:
    page.goto((unpacked / "index.html").as_uri())
    page.get_by_role("article").get_by_role("link", name="By question").click()
    page.wait_for_url("**/questions/index.html")
    page.get_by_role("article").get_by_role("link", name="I4.2", exact=True).first.click()
    page.wait_for_url("**/instruments/I4/index.html#I4.2")
    page.get_by_role("navigation", name="Tabs").get_by_role("link", name="Principles").click()
    page.wait_for_url("**/principles/index.html")
    page.goto((unpacked / "principles/P9/index.html").as_uri())
    page.get_by_role("link", name="Cite P9.3", exact=True).click()
    page.wait_for_url("**/id/P9.3/index.html")
