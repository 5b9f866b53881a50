"""The promise: what was published under an id stays or has its fate; editions are cut whole or not at all."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import BIB, cases, head
from test_check import project

from handbook.builder import check
from handbook.cli import main

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
        import os
        if os.environ.get("SHOW"):
            print("STEP", step.get("run"), *said(book), sep="\n    ")
        else:
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
