"""The promise: what was published under an id stays or has its fate; editions are cut whole or not at all."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from conftest import BIB, cases, head
from hypothesis import given, settings
from hypothesis import strategies as st
from test_check import project

from handbook import commands, editions, registry, snapshots
from handbook.builder import check
from handbook.cli import main
from handbook.editions import Edition, Entry
from handbook.registry import SUCCESSORS, Row

BASE, *GROUPS, COMMANDS = cases("promise.yaml")
CASES = [case for group in GROUPS for case in group]


def git(folder: Path, *arguments: str) -> str:
    who = ("-c", "user.name=Editor", "-c", "user.email=editor@small.example", "-c", "core.autocrlf=false")
    command = ["git", *who, "-c", "commit.gpgsign=false", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True).stdout


def commit(folder: Path) -> None:
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--allow-empty", "--message", "Write")


def headed(text: str) -> str:
    """``%P1 Title%`` at the head of a page is its front matter."""
    return re.sub(r"%([PICTS]\d+) ([^%]*)%\n", lambda match: head(match[1], title=match[2]), text)


def files(folder: Path) -> dict[str, bytes]:
    kept = (path for path in sorted(folder.rglob("*")) if ".git" not in path.relative_to(folder).parts)
    return {path.relative_to(folder).as_posix(): path.read_bytes() if path.is_file() else b"/" for path in kept}


def said(folder: Path) -> list[str]:
    return [str(one) for one in check(folder) if one.severity != "note"]


@pytest.fixture(scope="session")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two principles and an instrument, whose first edition the tool has cut."""
    folder = tmp_path_factory.mktemp("promise") / "book"
    pages = {name: headed(text) for name, text in BASE.items()}
    project(folder, {"references.bib": BIB, "mkdocs.yml": {"plugins": ["handbook"]}, **pages})
    git(folder.parent, "init", "--quiet", str(folder))
    assert main(["ids", "--root", str(folder)]) == 0
    commit(folder)
    assert main(["edition", "--root", str(folder)]) == 0
    commit(folder)
    return folder


@pytest.fixture
def book(published: Path, tmp_path: Path) -> Iterator[Path]:
    """A copy of it."""
    shutil.copytree(published, tmp_path / "book")
    yield tmp_path / "book"


def edit(folder: Path, change: dict[str, Any]) -> None:
    """By file: its new text, or nothing to remove it, or pairs of what stands there and what shall."""
    for name, new in change.items():
        path = folder / name
        if new is None:
            path.unlink()
            continue
        if isinstance(new, str):
            text = headed(new)
        else:
            text = path.read_bytes().decode()
            for old, other in new:
                assert text.count(old) >= 1, f"{name} does not hold {old!r}"
                text = text.replace(old, other, 1)
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(text.encode())


def run(folder: Path, line: str) -> int:
    """A command as an editor types it, without ``handbook``."""
    name, *arguments = shlex.split(line)
    if name == "declare" and "--reason" not in arguments:
        arguments += ["--reason", "It is so."]
    if name == "edition":
        commit(folder)
    done = main([name, "--root", str(folder), *arguments])
    if name == "edition":
        commit(folder)
    return done


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_promise(case: dict[str, Any], book: Path) -> None:
    for step in case["steps"]:
        edit(book, step.get("edit", {}))
        for line in step.get("run", ()):
            assert run(book, line) == 0, line
        assert said(book) == step.get("expect", []), step
        for name, held in step.get("holds", {}).items():
            assert held in (book / name).read_text("utf-8")


@pytest.mark.parametrize("case", COMMANDS, ids=lambda case: case["name"])
def test_command(case: dict[str, Any], book: Path, capsys: pytest.CaptureFixture[str]) -> None:
    edit(book, case.get("edit", {}))
    for line in case.get("first", ()):
        assert run(book, line) == 0, line
    capsys.readouterr()
    before = files(book)
    done = run(book, case["run"])
    out, err = capsys.readouterr()
    assert err.splitlines() == case.get("refuses", [])
    assert done == (1 if "refuses" in case else 0)
    if "refuses" in case:
        assert files(book) == before
    assert out.splitlines() == case.get("says", [])
    for name, held in case.get("holds", {}).items():
        assert held in (book / name).read_bytes().decode()


TODAY = datetime.now(UTC).date()


@pytest.fixture
def changed(book: Path) -> Path:
    """A book with a declared change, committed."""
    edit(book, {"docs/principles/P1.md": [["Second words", "Other words"]]})
    assert run(book, "declare P1.5 editorial") == 0
    commit(book)
    return book


def test_edition_is_written_once_and_whole(changed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert run(changed, "edition") == 0
    assert capsys.readouterr().out.splitlines() == [
        "Wrote docs/editions/2.json.",
        "Wrote docs/changes.tsv.",
        "Commit these files alone: that commit is edition 2.",
    ]
    cut, faults = snapshots.parse((changed / "docs/editions/2.json").read_text("utf-8"), "2.json")
    assert cut and not faults
    assert (cut.number, cut.date, cut.title, cut.author) == (2, TODAY.isoformat(), "Small", "Small")
    assert cut.changes == {"P1.5": ("editorial", "It is so.")} and cut.gone == {}
    one = cut.entries["P1.1"]
    note = "So it says (Doe 2020, para. 2), with a note. [Note: The note.]"
    assert one.text.splitlines() == [note, "An item.", "Another item.", "Part", "A part of one."]
    assert (one.kind, one.page, one.within, one.title) == ("section", "P1", "P1", "One")
    assert (one.address, one.sources) == ("principles/P1/#P1.1", (("doe2020why", "para. 2"),))
    assert cut.entries["P1.2"].within == "P1.1" and cut.entries["I1.2"].text.startswith("Constrains P1. It does")
    assert run(changed, "edition") == 1


@pytest.mark.parametrize(
    ("days", "why"),
    [(1, "today is"), (-1, "the last commit of"), (-9000, "the 1st edition is of")],
    ids=["tomorrow", "before the last commit", "long before the last edition"],
)
def test_edition_of_a_wrong_day(changed: Path, capsys: pytest.CaptureFixture[str], days: int, why: str) -> None:
    before = files(changed)
    day = (TODAY + timedelta(days)).isoformat()
    assert run(changed, f"edition --date {day}") == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith(f"{day} cannot be the day of the edition: ") and why in line
    assert files(changed) == before


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Etc/GMT+12"])
def test_edition_where_it_is_another_day(changed: Path, monkeypatch: pytest.MonkeyPatch, zone: str) -> None:
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        commit(changed)
        assert main(["edition", "--root", str(changed)]) == 0
    finally:
        monkeypatch.undo()
        time.tzset()
    assert f'"date": "{TODAY.isoformat()}"' in (changed / "docs/editions/2.json").read_text("utf-8")


def test_edition_of_what_is_not_committed(changed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    edit(changed, {"notes.txt": "Not yet.\n"})
    before = files(changed)
    capsys.readouterr()
    assert main(["edition", "--root", str(changed)]) == 1
    assert capsys.readouterr().err == (
        "The folder holds what is not committed. Remedy: Commit it, or put it away with 'git stash -u'.\n"
    )
    shutil.rmtree(changed / ".git")
    assert main(["edition", "--root", str(changed)]) == 1
    assert capsys.readouterr().err.startswith(f"{changed}: git knows no commit here. Remedy: ")
    assert files(changed) == before


@pytest.mark.parametrize("hindrance", ["docs/changes.tsv/", ".2.json.new/", "disk"])
def test_nothing_is_half_written(
    changed: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, hindrance: str
) -> None:
    """A folder stands where a file is to be written, or the last step fails on a full disk."""
    cut = {"docs/editions/2.json": "{}", "docs/new/deep.txt": "x", "docs/changes.tsv": "id\tkind\treason\n"}
    if hindrance == "docs/changes.tsv/":
        edit(changed, {"docs/changes.tsv": None})
        (changed / "docs/changes.tsv").mkdir()
    elif hindrance == ".2.json.new/":
        (changed / "docs/editions/.2.json.new").mkdir()
    else:
        replace = Path.replace

        def full(self: Path, target: Path) -> Path:
            if target.name == "changes.tsv":
                raise OSError(28, "No space left on device")
            return replace(self, target)

        monkeypatch.setattr(Path, "replace", full)
    before = files(changed)
    capsys.readouterr()
    assert commands.write(changed, cut) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert "it cannot be written (" in line
    assert files(changed) == before


TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=12)
FIELD = TEXT.filter(lambda text: text == " ".join(text.split()) and text != "-" and "\ufffd" not in text)
IDS = st.builds("{}{}.{}".format, st.sampled_from("PICTS"), st.integers(1, 99), st.integers(1, 99))


@st.composite
def registers(draw: st.DrawFn) -> list[Row]:
    rows = []
    for line, name in enumerate(draw(st.lists(IDS, unique=True, max_size=8)), 2):
        status = draw(st.sampled_from(list(SUCCESSORS)))
        least, most = SUCCESSORS[status]
        after = draw(st.lists(IDS, unique=True, min_size=least, max_size=min(most, 4)))
        reason = "" if status == "active" else draw(FIELD)
        kind = draw(st.sampled_from(["section", "item"]))
        first = draw(st.integers(1, 999))
        rows.append(Row(name, kind, name.split(".")[0], draw(FIELD), first, status, tuple(after), reason, line))
    return rows


@given(registers())
@settings(derandomize=True, deadline=None)
def test_register_is_read_back(rows: list[Row]) -> None:
    assert registry.parse(registry.render(rows), "r") == (tuple(rows), [])


@st.composite
def cut_editions(draw: st.DrawFn) -> Edition:
    entries = {}
    for name in draw(st.lists(IDS, unique=True, max_size=4)):
        sources = tuple(draw(st.lists(st.tuples(TEXT, TEXT), max_size=2)))
        entries[name] = Entry(name, "section", "P1", draw(TEXT), draw(TEXT), draw(TEXT), draw(st.text()), sources)
    gone = {"P9": ("moved", ("P8",), draw(TEXT))} if draw(st.booleans()) else {}
    return Edition(draw(st.integers(1, 99)), "2026-11-21", draw(TEXT), draw(TEXT), entries, {}, gone, "0")


@given(cut_editions(), st.data())
@settings(derandomize=True, deadline=None)
def test_snapshot_is_read_back_and_no_letter_of_it_can_be_changed(edition: Edition, data: st.DataObject) -> None:
    text = snapshots.render(edition)
    assert snapshots.parse(text, "e") == (edition, [])
    at = data.draw(st.integers(0, len(text) - 1))
    sign = data.draw(st.one_of(st.sampled_from('0123456789"\\{}[],: \n'), st.characters(exclude_categories=["Cs"])))
    other, faults = snapshots.parse(text[:at] + sign + text[at + 1 :], "e")
    assert other == edition or (other is None and [one.code for one in faults] == ["edition-damaged"])


LINES = st.lists(st.sampled_from(["a", "b", "c", "One", "Two"]), max_size=4)


@given(LINES, st.lists(st.tuples(st.sampled_from(["section", "item"]), st.sampled_from(["One", "Two"]), LINES, LINES)))
@settings(derandomize=True, deadline=None)
def test_own_words_and_what_is_held_are_all_the_words(start: list[str], held: list[Any]) -> None:
    lines, known, children = list(start), {}, []
    for number, (kind, title, words, after) in enumerate(held, 1):
        child = Entry(f"P1.{number}", kind, "P1", "P1", title, "", "\n".join(words))
        children += [title, *words] if kind == "section" else words
        lines += [title, *words, *after] if kind == "section" else [*words, *after]
        known[child.id] = child
    known["P1"] = Entry("P1", "page", "P1", "", "First", "", "\n".join(lines))
    own = editions.own("P1", known)
    assert Counter([*own.split("\n"), *children]) - Counter([""]) == Counter(lines)


def test_a_heading_with_a_citation_is_no_word_of_what_holds_it() -> None:
    def known(words: str) -> dict[str, Entry]:
        child = Entry("P1.1", "section", "P1", "P1", "One", "", words)
        page = Entry("P1", "page", "P1", "", "First", "", f"Lead.\nOne (Doe 2020)\n{words}\nEnd.")
        return {"P1": page, "P1.1": child}

    assert editions.changed(known("Old."), known("New.")) == {"P1": "within", "P1.1": "changed"}
