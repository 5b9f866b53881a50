"""Publishing: editions are built from their commits, twice to the same bytes, and never written again."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import BIB, ROOT, head

from handbook import changes, publishing, rebuilding
from handbook.cli import main
from handbook.publishing import MANIFEST

ADDRESS = "https://small.example/"
CONFIG = """site_name: Small
site_author: The editors
site_url: !ENV [SITE_URL, "https://small.example/"]
theme: {name: null, custom_dir: theme, static_templates: [404.html]}
plugins:
  - handbook: {edition: !ENV [HANDBOOK_EDITION, ""]}
markdown_extensions: [attr_list, toc, {handbook.extension: {bibliography: references.bib}}]
"""
THEME = "<!doctype html><title>{{ page.title }}</title><p>{{ edition_label }}</p><article>{{ page.content }}</article>"
FIRST = (
    "# P1\n\n## What it says\n\nWords of a claim [@doe2020why; @roe2021how].\n\n## What goes\n\nWords that will go.\n"
)


def git(folder: Path, *arguments: str) -> str:
    who = ("-c", "user.name=Editor", "-c", "user.email=editor@small.example", "-c", "commit.gpgsign=false")
    return subprocess.run(["git", *who, *arguments], cwd=folder, capture_output=True, text=True, check=True).stdout


def commit(folder: Path) -> None:
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--allow-empty", "--message", "Write")


def handbook(folder: Path, *arguments: str) -> None:
    assert main([arguments[0], "--root", str(folder), *arguments[1:]]) == 0, arguments


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def write(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")


def two_editions(folder: Path, files: dict[str, str], end: str = "") -> Path:
    """A project with the tools of today; between its editions a section changes and one goes, and then one changes."""
    page = folder / "docs/principles/P1.md"
    write(folder, {"references.bib": BIB, "docs/index.md": "# Home\n", **files})
    write(folder, {"docs/principles/P1.md": head("P1", title="Claims") + FIRST + end})
    write(folder, {".gitignore": ".venv\n__pycache__\n", "requirements.txt": "# as here\n"})
    shutil.copytree(
        ROOT / "scripts/handbook", folder / "scripts/handbook", ignore=shutil.ignore_patterns("__pycache__")
    )
    git(folder, "init", "--quiet")
    commit(folder)
    handbook(folder, "ids")
    commit(folder)
    handbook(folder, "edition")
    commit(folder)
    change(page, "Words of a claim", "Other words of a claim")
    text = page.read_text("utf-8")
    page.write_text(text[: text.index("## What goes")] + end, "utf-8")
    handbook(folder, "declare", "P1.1", "substantive", "--reason", "It claims more.")
    handbook(folder, "declare", "P1.2", "retired", "--reason", "It was wrong.")
    commit(folder)
    handbook(folder, "edition")
    commit(folder)
    change(page, "Other words of", "Still other words of")
    handbook(folder, "declare", "P1.1", "editorial", "--reason", "A word.")
    commit(folder)
    return folder


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("publish") / "book"
    folder.mkdir()
    return two_editions(folder, {"mkdocs.yml": CONFIG, "theme/main.html": THEME, "theme/404.html": "Nothing here."})


@pytest.fixture(scope="module")
def done(project: Path) -> Path:
    """Both editions and the latest text, published once."""
    folder = project.parent / "site"
    assert run(project, folder).returncode == 0
    return folder


@pytest.fixture
def site(done: Path, tmp_path: Path) -> Path:
    """A copy of it, to be damaged."""
    return Path(shutil.copytree(done, tmp_path / "site"))


@pytest.fixture
def book(project: Path, tmp_path: Path) -> Path:
    """A copy of the project, to be changed."""
    return Path(shutil.copytree(project, tmp_path / "book"))


def command(project: Path, folder: Path) -> list[str]:
    return [sys.executable, "-m", "handbook", "publish", "--root", str(project), str(folder)]


def run(project: Path, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """As an editor runs it."""
    known = {**os.environ, "PYTHONPATH": str(ROOT / "scripts"), "SITE_URL": ADDRESS, **environment}
    return subprocess.run(command(project, folder), env=known, capture_output=True, text=True, check=False)


def refusal(finished: subprocess.CompletedProcess[str]) -> str:
    """The one line of a run that was refused."""
    assert (finished.returncode, finished.stdout) == (1, "")
    (line,) = finished.stderr.splitlines()
    return line


def state(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, hidden ones too."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_folder_holds_editions_latest_text_and_what_leads_to_them(done: Path) -> None:
    assert sorted(path.name for path in done.iterdir()) == [
        "1",
        "2",
        "404.html",
        "index.html",
        "latest",
        "versions.json",
    ]
    versions = json.loads((done / "versions.json").read_text("utf-8"))
    assert [(one["version"], one["title"], one["aliases"]) for one in versions] == [
        ("2", "2nd edition", ["newest"]),
        ("1", "1st edition", []),
        ("latest", "Latest text", []),
    ]
    first = (done / "index.html").read_text("utf-8")
    links = [*("2/", "2/", "2/SHA256SUMS"), *("1/", "1/SHA256SUMS"), *("latest/", "latest/feed.xml")]
    assert re.findall(r'<a (?:\w+="[^"]*" )*href="([^"]+)"', first) == links
    assert (done / "404.html").read_text("utf-8") == "Nothing here."


@pytest.mark.parametrize(
    ("build", "label", "words"),
    [
        ("1", "1st edition, ", "Words of a claim"),
        ("2", "2nd edition, ", "Other words of a claim"),
        ("latest", "Latest text, after the 2nd edition", "Still other words of a claim"),
    ],
)
def test_build_says_what_it_is_and_has_its_own_words(done: Path, build: str, label: str, words: str) -> None:
    page = (done / build / "principles/P1/index.html").read_text("utf-8")
    assert f"<p>{label}" in page
    assert f"<p>{words}" in page
    assert f"<p>{words}" in (done / build / "id/P1.1/index.html").read_text("utf-8")


@pytest.mark.parametrize("build", ["1", "2", "latest"])
def test_list_for_programs_names_what_stands_in_its_own_build(done: Path, build: str) -> None:
    text = (done / build / "llms.txt").read_text("utf-8")
    named = [one.rstrip(".,:)") for one in re.findall(rf"{re.escape(ADDRESS)}\S*", text)]
    paths = [f"{one}index.html" if one.endswith("/") else one for one in named if "/id/" not in one]
    assert len(paths) >= 4
    assert all(one.startswith(f"{ADDRESS}{build}/") for one in named)
    assert [one for one in paths if not (done / one.removeprefix(ADDRESS)).is_file()] == []


def test_section_of_the_first_edition_is_a_tombstone_in_the_second(done: Path) -> None:
    assert "Read P1.2 in its place" in (done / "1/id/P1.2/index.html").read_text("utf-8")
    tombstone = (done / "2/id/P1.2/index.html").read_text("utf-8")
    assert "P1.2 was withdrawn. It was wrong." in tombstone
    assert "Words that will go." in tombstone


@pytest.mark.parametrize(
    ("build", "name", "cited"),
    [("1", "P1.1", "1"), ("2", "P1.1", "2"), ("latest", "P1.1", "2"), ("2", "P1.2", "1"), ("latest", "P1.2", "1")],
)
def test_citation_names_the_newest_edition_that_has_the_section(done: Path, build: str, name: str, cited: str) -> None:
    assert f"{ADDRESS}{cited}/principles/P1/#{name}" in (done / build / f"id/{name}/{name}.bib").read_text("utf-8")


def test_manifest_is_what_sha256sum_checks(done: Path) -> None:
    for number in ("1", "2"):
        subprocess.run(["sha256sum", "--check", "--strict", "--quiet", MANIFEST], cwd=done / number, check=True)


def test_edition_built_again_elsewhere_and_later_is_the_same(project: Path, done: Path, tmp_path: Path) -> None:
    again = tmp_path / "again"
    other = {"TZ": "Pacific/Kiritimati", "LC_ALL": "C", "SOURCE_DATE_EPOCH": "1", "HANDBOOK_EDITION": "7"}
    assert run(project, again, **other).returncode == 0
    assert state(again) == state(done)


def test_publishing_again_builds_the_latest_text_only(project: Path, site: Path) -> None:
    before = state(site)
    stamps = {path: path.stat().st_mtime_ns for number in "12" for path in (site / number).rglob("*")}
    (site / "latest/left.html").write_text("of a page that is gone", "utf-8")
    finished = run(project, site)
    assert re.fullmatch(r"Built the latest text from [0-9a-f]{12}\.\n", finished.stdout)
    assert state(site) == before
    assert {path: path.stat().st_mtime_ns for path in stamps} == stamps


def byte(edition: Path) -> None:
    change(edition / "index.html", "Home", "Rome")


def added(edition: Path) -> None:
    (edition / "more.html").write_text("More", "utf-8")


def removed(edition: Path) -> None:
    (edition / "index.html").unlink()


def unlisted(edition: Path) -> None:
    (edition / MANIFEST).unlink()


@pytest.mark.parametrize(
    ("damage", "path"), [(byte, "index.html"), (added, "more.html"), (removed, "index.html"), (unlisted, MANIFEST)]
)
def test_damaged_edition_is_named_and_stops_publishing(
    damage: Callable[[Path], None], path: str, project: Path, site: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    damage(site / "1")
    assert main(["verify", str(site)]) == 1
    assert capsys.readouterr().err == f"1/{path} is not what was published.\n"
    shutil.rmtree(site / "2")
    before = state(site)
    assert refusal(run(project, site)) == (
        f"{site}/1: {path} is not what was published. "
        "Remedy: Restore the folder from a copy; an edition is never written again."
    )
    assert state(site) == before


def test_sound_folder_is_verified(done: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", str(done)]) == 0
    assert capsys.readouterr().out == "Editions 1, 2 are what was published.\n"


def test_folder_without_editions_is_not_taken_for_sound(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", str(tmp_path)]) == 1
    assert "holds no edition." in capsys.readouterr().err


def test_edition_that_the_repository_lacks_stops_publishing(project: Path, site: Path) -> None:
    (site / "2").rename(site / "3")
    before = state(site)
    assert "holds an edition 3, which the repository lacks." in refusal(run(project, site))
    assert state(site) == before


def shallow(book: Path) -> None:
    whole = book.rename(book.with_name("whole"))
    git(book.parent, "clone", "--quiet", "--depth", "1", whole.as_uri(), str(book))


def uncommitted(book: Path) -> None:
    handbook(book, "edition")


def no_history(book: Path) -> None:
    shutil.rmtree(book / ".git")


def broken(book: Path) -> None:
    change(book / "docs/index.md", "# Home\n", "# Home\n\n[Nowhere](nowhere.md)\n")
    commit(book)


def no_tools(book: Path) -> None:
    write(
        book, {"requirements.txt": "# others\n", "Makefile": ".venv/.ready:\n\t@echo ERROR: no such wheel >&2; false\n"}
    )


def edited(book: Path) -> None:
    change(book / "docs/editions/1.json", "Words that will go", "Words that stay")


@pytest.mark.parametrize(
    ("hinder", "said"),
    [
        (shallow, r"The repository is a shallow clone.* Remedy: Run 'git fetch --unshallow' first\."),
        (uncommitted, r"docs/editions/3\.json is not committed\. Remedy: Commit what 'handbook edition' wrote\."),
        (no_history, r"git rev-parse: fatal: not a git repository.* Remedy: Publish from a clone of the repository\."),
        (broken, r"latest: the build of [0-9a-f]{12} fails: WARNING.*nowhere\.md.* Remedy: .*"),
        (edited, r"error: docs/editions/1\.json:\d+: The text of P1.* does not fit its checksum\. Remedy: .*"),
    ],
)
def test_what_hinders_is_said_in_one_line_and_nothing_is_written(
    hinder: Callable[[Path], None], said: str, book: Path, site: Path
) -> None:
    hinder(book)
    before = state(site)
    assert re.fullmatch(said, refusal(run(book, site)))
    assert state(site) == before
    assert not (site / ".building").exists()


def test_address_must_be_given(project: Path, tmp_path: Path) -> None:
    assert refusal(run(project, tmp_path / "site", SITE_URL="")).startswith("SITE_URL is not set")
    assert not (tmp_path / "site").exists()


def test_folder_that_cannot_be_made_is_named(project: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    assert refusal(run(project, tmp_path / "file/site")).startswith(f"{tmp_path}/file/site: Not a directory.")


def test_commit_that_adds_more_than_its_snapshot_is_no_edition(book: Path, site: Path) -> None:
    page = book / "docs/principles/P1.md"
    handbook(book, "edition")
    change(page, "Still other words", "Quite other words")
    write(book, {"docs/changes.tsv": "id\tkind\treason\nP1.1\teditorial\tSlipped in.\n"})
    commit(book)
    before = state(site)
    said = r"docs/editions/3\.json does not hold P1 and 1 more as commit [0-9a-f]{12} has it\. Remedy: "
    assert re.match(said, refusal(run(book, site)))
    assert state(site) == before


def test_edition_is_found_whatever_was_merged_since_and_however_git_is_set(book: Path) -> None:
    git(book, "config", "log.follow", "true")
    git(book, "config", "log.showSignature", "true")
    git(book, "config", "core.autocrlf", "true")
    git(book, "checkout", "--quiet", "-b", "side", "HEAD~1")
    write(book, {"docs/more.md": "# More\n"})
    commit(book)
    git(book, "merge", "--quiet", "--no-edit", "-")
    git(book, "tag", "1", "HEAD")
    git(book, "branch", "2", "HEAD")
    for number in (1, 2):
        adding = git(book, "log", "--no-follow", "--diff-filter=A", "--format=%H", "--", f"docs/editions/{number}.json")
        assert [rebuilding.commit_of(book, number)] == adding.split()


def test_edition_is_built_with_the_tools_it_was_locked_to(book: Path, tmp_path: Path) -> None:
    """A stand-in for its environment tells that it was asked."""
    python = f'#!/bin/sh\necho "$HANDBOOK_EDITION" >> {tmp_path}/asked\nexec {sys.executable} "$@"\n'
    make = ".venv/.ready:\n\tmkdir -p .venv/bin\n\tcp own.sh .venv/bin/python\n\tchmod +x .venv/bin/python\n"
    write(book, {"own.sh": python, "Makefile": make})
    commit(book)
    handbook(book, "edition")
    commit(book)
    write(book, {"requirements.txt": "# newer ones\n"})
    commit(book)
    site = tmp_path / "site"
    history, _ = changes.load(book / "docs", "docs")
    rebuilding.build(
        book, rebuilding.commit_of(book, 3), tmp_path / "source", site, ADDRESS, "3", history.editions[2].date
    )
    rebuilding.compare(site, history.editions[2], "")
    assert (tmp_path / "asked").read_text("utf-8") == "3\n"


def test_tools_that_cannot_be_installed_are_named(book: Path, site: Path) -> None:
    no_tools(book)
    commit(book)
    write(book, {"requirements.txt": "# as here\n"})
    before = state(site)
    assert "the tools of" in (said := refusal(run(book, site)))
    assert "cannot be installed: ERROR: no such wheel" in said
    assert state(site) == before


def test_run_that_was_killed_can_be_run_again(project: Path, done: Path, tmp_path: Path) -> None:
    site = tmp_path / "site"
    known = {**os.environ, "PYTHONPATH": str(ROOT / "scripts"), "SITE_URL": ADDRESS}
    with subprocess.Popen(command(project, site), env=known, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout
        assert running.stdout.readline().startswith("Built the 1st edition")
        while not (site / ".building/source").exists():
            time.sleep(0.01)
        running.send_signal(signal.SIGKILL)
    assert state(site / "1") == state(done / "1")
    assert not (site / "latest").exists()
    finished = run(project, site)
    assert (finished.returncode, finished.stderr) == (0, "")
    assert state(site) == state(done)


def test_latest_text_is_back_if_it_was_cut_short_while_being_replaced(book: Path, site: Path) -> None:
    before = state(site)
    (site / ".building").mkdir()
    (site / "latest").rename(site / ".building/latest")
    broken(book)
    assert "fails: WARNING" in refusal(run(book, site))
    assert state(site) == before


def test_second_publisher_waits_its_turn(project: Path, site: Path) -> None:
    with publishing._alone(site):
        assert f"Another 'handbook publish' is writing {site}." in refusal(run(project, site))


def test_branch_of_the_workflow_grows_and_keeps_its_editions(book: Path, done: Path, tmp_path: Path) -> None:
    """``.ci/publish`` with a bare repository as origin, and our command in the place of make."""
    origin = tmp_path / "origin.git"
    git(tmp_path, "clone", "--quiet", "--bare", str(book), str(origin))
    git(book, "remote", "add", "origin", str(origin))
    write(book, {".ci/publish": (ROOT / ".ci/publish").read_text("utf-8"), ".gitignore": "/published/\n"})
    shim = f'#!/bin/sh\nexec {sys.executable} -m handbook publish "${{2#PUBLISHED=}}"\n'
    write(tmp_path, {"bin/make": shim, "home/.gitconfig": "[core]\nautocrlf = true\n"})
    (tmp_path / "bin/make").chmod(0o755)
    known = {**os.environ, "PYTHONPATH": str(ROOT / "scripts"), "SITE_URL": ADDRESS}
    known |= {"PATH": f"{tmp_path}/bin:{os.environ['PATH']}", "HOME": f"{tmp_path}/home"}

    def publish() -> str:
        commit(book)
        ran = subprocess.run(["bash", ".ci/publish"], cwd=book, env=known, capture_output=True, text=True, check=False)
        assert ran.returncode == 0, ran.stderr
        assert git(book, "worktree", "list").count("\n") == 1
        return ran.stdout.splitlines()[-1]

    def branch(name: str) -> dict[str, bytes]:
        git(tmp_path, "clone", "--quiet", "--branch", "published", str(origin), name)
        return {path: text for path, text in state(tmp_path / name).items() if not path.startswith(".git/")}

    assert publish().startswith("Published ")
    first = branch("first")
    assert first.pop(".nojekyll") == b""
    editions = {path: text for path, text in state(done).items() if path[0] in "12"}
    assert {path: text for path, text in first.items() if path[0] in "12"} == editions
    assert publish() == "The branch is up to date."
    handbook(book, "edition")
    assert publish().startswith("Published ")
    second = branch("second")
    assert {path: text for path, text in second.items() if path[0] in "12"} == editions
    assert "3/index.html" in second
    assert git(origin, "rev-list", "--count", "published") == "2\n"


@pytest.mark.skipif(not (ROOT / "docs/editions/1.json").is_file(), reason="the handbook has no edition yet")
def test_first_edition_of_the_handbook_is_the_same_when_built_again(tmp_path: Path) -> None:
    try:
        rebuilding.complete(ROOT)
    except rebuilding.Unpublishable as error:
        pytest.skip(f"{error} {error.remedy}")
    history, _ = changes.load(ROOT / "docs", "docs")
    edition = history.editions[0]
    made = []
    for name in ("once", "twice"):
        source, site = tmp_path / name / "source", tmp_path / name / "site"
        rebuilding.build(ROOT, rebuilding.commit_of(ROOT, 1), source, site, ADDRESS, "1", edition.date)
        rebuilding.compare(site, edition, "")
        made.append(publishing.manifest(site))
    assert made[0] == made[1]
