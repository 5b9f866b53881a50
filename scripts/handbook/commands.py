"""The commands that write: ids, declarations, editions. With ``cli`` the only place that prints and writes.

All files of a command are written, or none is.
"""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from handbook import builder, changes, keeping, publishing
from handbook.changes import History
from handbook.rebuilding import Unpublishable
from handbook.records import Handbook

# What the register, the editions and the declarations rest on: nothing is written over what was not understood.
BROKEN = {"register-malformed", "register-duplicate", "change-malformed", "edition-damaged", "edition-missing"}
TANGLED = {"id-duplicate", "id-foreign", "register-rewritten"}
PROMISE = ("register-", "edition-", "change-", "id-")

CITATION = "CITATION.cff"


def write(root: Path, files: dict[str, str]) -> int:
    """Write all files, or leave all as they were and say which could not be written; 0 or 1. Line ends are kept."""
    before: dict[Path, bytes | None] = {}
    made: list[Path] = []
    try:
        for name, text in files.items():
            target = (root / name).resolve()
            before[target] = target.read_bytes() if target.exists() else None
            if b"\r\n" in (before[target] or b""):
                text = text.replace("\n", "\r\n")
            for folder in [one for one in target.parents if not one.exists()][::-1]:
                folder.mkdir()
                made.append(folder)
            beside = target.with_name(f".{target.name}.new")
            with beside.open("xb") as new:
                made.append(beside)
                new.write(text.encode())
            beside.chmod(target.stat().st_mode if target.exists() else 0o644)
        for target in before:
            target.with_name(f".{target.name}.new").replace(target)
    except OSError as error:
        for target, old in before.items():
            if old is not None and target.read_bytes() != old:
                target.write_bytes(old)
            elif old is None:
                target.unlink(missing_ok=True)
        for one in reversed(made):
            if one.is_dir():
                one.rmdir()
            else:
                one.unlink(missing_ok=True)
        return refuse(f"{name}: it cannot be written ({error.strerror}).", "Mend that, and run the command again.")
    print("\n".join(f"Wrote {name}." for name in files))
    return 0


def refuse(message: str, remedy: str) -> int:
    """One line on the error output; 1."""
    print(f"{message} Remedy: {remedy}", file=sys.stderr)
    return 1


def read(root: Path, hindering: set[str]) -> tuple[Any, Handbook, History] | None:
    """The project as the plugin read it; None, said aloud, where it could not be read or a finding hinders."""
    looked: Any = builder.look(root)
    known = hasattr(looked, "history")
    # Also what a comment silences.
    found, codes = (looked.found, hindering) if known else (looked.collected or [], {"build-failed"})
    wrong = [one for one in found if one.code in codes]
    wrong += [one for one in looked.collected or [] if one.code == "build-failed"]  # a page is missing
    for one in sorted(set(wrong)):
        print(f"{one.severity}: {one}", file=sys.stderr)
    if not known and not wrong:
        refuse("mkdocs.yml: the plugin 'handbook' is not in use.", "Name it under 'plugins'.")
    return (looked, looked.handbook, looked.history) if known and not wrong else None


def ids(root: Path) -> int:
    """Write new ids into pages and register; say which."""
    known = read(root, BROKEN | TANGLED)
    if known is None:
        return 1
    looked, handbook, history = known
    files, found = keeping.mint(handbook, history, looked.sources, looked.folder)
    for one in found:
        print(f"error: {one}", file=sys.stderr)
    if found:
        return 1
    if not files:
        print("Every heading and item has its id, and each id its row.")
        return 0
    return write(root, files)


def declare(root: Path, name: str, word: str, successors: list[str], reason: str) -> int:
    """Enter what became of an id, or of what kind its change is."""
    known = read(root, BROKEN)
    if known is None:
        return 1
    looked, _, history = known
    files, problem = keeping.declare(history, name, word, successors, reason, looked.folder)
    if problem:
        print(problem, file=sys.stderr)
        return 1
    return write(root, files)


def edition(root: Path, date: str) -> int:
    """Write the snapshot of the next edition. ``date`` is its day, today where empty; all days are of UTC."""
    state, changed = _git(root, "status", "--porcelain")
    committed, stamp = _git(root, "log", "-1", "--format=%ct")
    if not (state and committed):
        return refuse(f"{root}: git knows no commit here.", "Commit the text that the edition is to be made of.")
    if changed:
        return refuse("The folder holds what is not committed.", "Commit it, or put it away with 'git stash -u'.")
    today = datetime.now(UTC).date().isoformat()
    day = date or today
    try:
        exact = datetime.strptime(day, "%Y-%m-%d").date().isoformat() == day
    except ValueError:
        exact = False
    if not exact:
        return refuse(f"'{day}' is no day.", "Write it as 2026-11-21.")
    known = read(root, BROKEN)
    if known is None:
        return 1
    looked, _, history = known
    promised = {one for one in looked.found if one.code.startswith(PROMISE)}  # also what a comment silences
    if wrong := promised.union(one for one in looked.collected if one.severity != "note"):
        for one in sorted(wrong):
            print(f"{one.severity}: {one}", file=sys.stderr)
        return refuse(f"'handbook check' is not clean: {len(wrong)} found.", "Mend them first.")
    if not looked.site[1]:
        return refuse("mkdocs.yml: 'site_url' is not set.", "Set it to the address where the editions will stand.")
    if not history.rows:
        return refuse("There is no register of ids.", "Run 'handbook ids' and commit what it writes.")
    last = datetime.fromtimestamp(int(stamp), UTC).date().isoformat()
    if not max(history.last.date if history.last else "", last) <= day <= today:
        newest = f"the {history.last.name} is of {history.last.date}, " if history.last else ""
        message = f"{day} cannot be the day of the edition: {newest}the last commit of {last}, and today is {today}."
        return refuse(message, "Set the clock right, or give a day between them with --date; all are days of UTC.")
    if history.last and not history.declared and not history.since():
        return refuse(f"The {history.last.name} holds all of this, and nothing has changed.", "Publish that one.")
    made, files = keeping.cut(history, day, looked.site[0], looked.author, looked.folder)
    if (root / CITATION).is_file():
        files[CITATION] = keeping.citation((root / CITATION).read_text("utf-8"), made)
    if write(root, files):
        return 1
    print(f"Commit these files alone: that commit is edition {made.number}.")
    return 0


def publish(root: Path, target: Path) -> int:
    """Bring a folder of all editions up to date. SITE_URL is where it will stand."""
    address = os.environ.get("SITE_URL", "")
    if not address.startswith(("https://", "http://")):
        remedy = "Give the address where the folder will stand: SITE_URL=https://… handbook publish …"
        return refuse("SITE_URL is not set, and every citation names it.", remedy)
    folder = "docs"
    history, damaged = changes.load(root / folder, folder)
    if damaged:
        for one in damaged:
            print(f"error: {one}", file=sys.stderr)
        return 1
    try:
        for line in publishing.publish(root, target, history, f"{address.rstrip('/')}/"):
            print(line, flush=True)
    except Unpublishable as error:
        return refuse(str(error), error.remedy)
    except OSError as error:
        return refuse(f"{error.filename or target}: {error.strerror}.", "Mend that, and run the command again.")
    return 0


def verify(target: Path) -> int:
    """Compare every published edition with its manifest."""
    if not publishing.published(target):
        return refuse(f"{target} holds no edition.", "Name the folder that 'handbook publish' has made.")
    wrong = list(publishing.verify(target))
    for line in wrong:
        print(line, file=sys.stderr)
    if not wrong:
        print(f"Editions {', '.join(map(str, publishing.published(target)))} are what was published.")
    return 1 if wrong else 0


def _git(root: Path, *arguments: str) -> tuple[bool, str]:
    """Whether git could answer, and what."""
    try:
        done = subprocess.run(["git", *arguments], cwd=root, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        return False, ""
    return done.returncode == 0, done.stdout.strip()
