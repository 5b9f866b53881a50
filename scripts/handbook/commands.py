"""The commands that write: ids, declarations, editions. With ``cli`` the only place that prints and writes.

All files of a command are written, or none is.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from handbook import builder, keeping
from handbook.changes import History
from handbook.records import Handbook


def write(root: Path, files: dict[str, str]) -> None:
    """Each file beside its place first, so that one that cannot be written leaves the others as they were."""
    waiting: list[tuple[Path, Path]] = []
    try:
        for name, text in files.items():
            target = root / name
            target.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile("w", encoding="utf-8", newline="", dir=target.parent, delete=False) as one:
                waiting.append((Path(one.name), target))
                one.write(text)
        for made, target in waiting:
            made.chmod(target.stat().st_mode if target.exists() else 0o644)
            made.replace(target)
    finally:
        for made, _ in waiting:
            made.unlink(missing_ok=True)


def refuse(message: str, remedy: str) -> int:
    """One line on the error output; 1."""
    print(f"{message} Remedy: {remedy}", file=sys.stderr)
    return 1


def read(root: Path) -> tuple[Any, Handbook, History] | None:
    """The project as the plugin read it; None, said aloud, where it could not be read."""
    looked: Any = builder.look(root)
    if not hasattr(looked, "history"):
        for one in looked.collected or []:
            print(f"{one.severity}: {one}", file=sys.stderr)
        return None
    return looked, looked.handbook, looked.history


def ids(root: Path) -> int:
    """Write new ids into pages and register; say which."""
    known = read(root)
    if known is None:
        return 1
    looked, handbook, history = known
    wrong = [
        one
        for one in looked.collected
        if one.code in ("id-duplicate", "id-foreign") or one.code.startswith("register-mal")
    ]
    files, found = keeping.mint(handbook, history, looked.sources, looked.folder)
    for one in [*wrong, *found]:
        print(f"error: {one}", file=sys.stderr)
    if wrong or found:
        return 1
    write(root, files)
    print("\n".join(f"Wrote {name}." for name in files) or "Every heading and item has its id, and each id its row.")
    return 0


def declare(root: Path, name: str, word: str, successors: list[str], reason: str) -> int:
    """Enter what became of an id, or of what kind its change is."""
    known = read(root)
    if known is None:
        return 1
    looked, _, history = known
    files, problem = keeping.declare(history, name, word, successors, reason, looked.folder)
    if problem:
        print(problem, file=sys.stderr)
        return 1
    write(root, files)
    print("\n".join(f"Wrote {name}." for name in files))
    return 0


def edition(root: Path, date: str) -> int:
    """Write the snapshot of the next edition. ``date`` is its day, today (UTC) where empty."""
    if _git(root, "status", "--porcelain"):
        return refuse("The folder holds what is not committed.", "Commit it, or put it away with 'git stash'.")
    last = _git(root, "log", "-1", "--format=%cs", "--date=format:%Y-%m-%d")
    day = date or datetime.now(UTC).date().isoformat()
    try:
        datetime.strptime(day, "%Y-%m-%d")
    except ValueError:
        return refuse(f"'{day}' is no day.", "Write it as 2026-11-21.")
    known = read(root)
    if known is None:
        return 1
    looked, _, history = known
    if wrong := [one for one in looked.collected if one.severity != "note"]:
        for one in wrong:
            print(f"{one.severity}: {one}", file=sys.stderr)
        return refuse(f"'handbook check' finds {len(wrong)} faults.", "Mend them first.")
    if not looked.site[1]:
        return refuse("mkdocs.yml: 'site_url' is not set.", "Set it to the address where the editions will stand.")
    if not history.rows:
        return refuse("There is no register of ids.", "Run 'handbook ids' and commit what it writes.")
    if day < max(history.last.date if history.last else "", last) or day > datetime.now(UTC).date().isoformat():
        newest = f"the last edition is of {history.last.date}, " if history.last else ""
        today = datetime.now(UTC).date().isoformat()
        message = f"An edition of {day} does not follow: {newest}the last commit of {last}, and today is {today} (UTC)."
        return refuse(message, "Set the clock right, or give a day between with --date.")
    if history.last and not history.declared and not history.since():
        return refuse(f"Nothing has changed since the {history.last.label}.", "Publish that one.")
    title, author = looked.site[0], looked.author
    made, files = keeping.cut(history, day, title, author, looked.folder)
    write(root, files)
    print("\n".join(f"Wrote {name}." for name in files))
    print(f"Commit these files alone: that commit is the {made.label}.")
    return 0


def _git(root: Path, *arguments: str) -> str:
    """What git says; nothing outside a repository."""
    done = subprocess.run(["git", *arguments], cwd=root, capture_output=True, text=True, check=False)
    return done.stdout.strip()
