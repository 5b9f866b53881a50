"""A commit of the repository built again, as it was: with its own pages, its own tools and the clock of its day."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import tarfile
from datetime import UTC, datetime
from pathlib import Path

from handbook.editions import Edition
from handbook.typography import ordinal

SNAPSHOTS = "docs/editions"
# What an editor's own settings of git would change in answers and files.
PLAIN = ("-c", "core.autocrlf=false", "-c", "log.follow=false", "-c", "log.showSignature=false")
# What a `make publish` hands to the make of an older commit, whose environment is another.
MAKES = {"MAKEFLAGS", "MFLAGS", "MAKELEVEL", "VENV"}


class Unpublishable(Exception):
    """Something stands in the way; ``remedy`` says what to do."""

    def __init__(self, message: str, remedy: str) -> None:
        super().__init__(message)
        self.remedy = remedy


def git(root: Path, *arguments: str, remedy: str = "Publish from a clone of the repository.") -> bytes:
    """What git answers.

    Raises:
        Unpublishable: git is missing, or refuses.
    """
    try:
        done = subprocess.run(["git", *PLAIN, *arguments], cwd=root, capture_output=True, check=False)
    except FileNotFoundError:
        raise Unpublishable("There is no git.", "Install it.") from None
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip().splitlines()
        raise Unpublishable(f"git {arguments[0]}: {said[0] if said else 'failed'}", remedy)
    return done.stdout


def complete(root: Path) -> None:
    """In a shallow clone its oldest commit seems to add every file, and an edition would be built from a later text.

    Raises:
        Unpublishable: the repository lacks commits, or is none.
    """
    if git(root, "rev-parse", "--is-shallow-repository").strip() == b"true":
        raise Unpublishable(
            "The repository is a shallow clone, in which the commit of an edition cannot be found.",
            "Run 'git fetch --unshallow' first.",
        )


def commit_of(root: Path, number: int) -> str:
    """The commit that added the snapshot of an edition as it stands now.

    Raises:
        Unpublishable: no commit did.
    """
    path = f"./{SNAPSHOTS}/{number}.json"
    if not git(root, "ls-tree", "HEAD", "--", path):
        raise Unpublishable(f"{SNAPSHOTS}/{number}.json is not committed.", "Commit what 'handbook edition' wrote.")
    now = git(root, "rev-parse", f"HEAD:{path}").strip()
    for commit in reversed(git(root, "log", "--diff-filter=A", "--format=%H", "--", path).decode().split()):
        if git(root, "rev-parse", f"{commit}:{path}").strip() == now:
            return commit
    message = f"No commit adds {SNAPSHOTS}/{number}.json as it is now."
    raise Unpublishable(message, "Restore the file as it was added; what was published is never edited.")


def build(root: Path, commit: str, source: Path, site: Path, address: str, edition: str, day: str) -> None:
    """Build a commit into ``site``, by way of ``source``; with tools of its own where it is locked to other ones.

    ``edition`` is a number or ``latest``, ``day`` (2026-11-21) what its clock shows (SOURCE_DATE_EPOCH, see
    reproducible-builds.org). What the first page offers to take along, a PDF and a zip, is made too.

    Raises:
        Unpublishable: the build fails, or its tools cannot be installed.
    """
    with tarfile.open(fileobj=io.BytesIO(git(root, "archive", commit))) as archive:
        archive.extractall(source, filter="data")
    inherited = {name: value for name, value in os.environ.items() if name not in MAKES}
    python = sys.executable
    if _lock(source) != _lock(root):
        done = subprocess.run(
            ["make", ".venv/.ready"], cwd=source, env=inherited, capture_output=True, text=True, check=False
        )
        if done.returncode:
            said = done.stderr.strip().splitlines()
            message = (
                f"{edition}: the tools of {commit[:12]} cannot be installed: {(said or ['no reason was given'])[0]}"
            )
            raise Unpublishable(message, "Its requirements.txt names them; see what pip says of it.")
        python = str(source / ".venv/bin/python")
    environment = {
        **inherited,
        "SITE_URL": address,
        "HANDBOOK_EDITION": edition,
        "SOURCE_DATE_EPOCH": str(int(datetime.fromisoformat(day).replace(tzinfo=UTC).timestamp())),
        "PYTHONPATH": str(source / "scripts"),
        "PYTHONHASHSEED": "0",
        "PYTHONUTF8": "1",
        "TZ": "UTC",
        "NO_MKDOCS_2_WARNING": "1",
    }
    command = [python, "-m", "mkdocs", "build", "--strict", "--site-dir", str(site)]
    done = subprocess.run(command, cwd=source, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        lines = [line.strip() for line in done.stderr.splitlines() if line.strip()]
        said = (
            [line for line in lines if line.startswith(("WARNING", "ERROR"))] or lines[-1:] or ["no reason was given"]
        )
        message = f"{edition}: the build of {commit[:12]} fails: {said[0]}"
        raise Unpublishable(message, "See what 'handbook check' says of that commit.")
    offered = (site / "index.html").read_text("utf-8")
    label = ["--edition", f"{ordinal(edition)} ed.", "--date", day] if edition.isdigit() else []
    for name, more in (("pdf", label), ("zip", [])):  # the zip holds the PDF too
        if f'href="handbook.{name}"' in offered:
            command = [python, "-m", "handbook", name, str(site), str(site / f"handbook.{name}"), *more]
            done = subprocess.run(command, cwd=source, env=environment, capture_output=True, text=True, check=False)
            if done.returncode:
                said = done.stderr.strip().splitlines() or ["no reason was given"]
                message, _, remedy = said[-1].partition(" Remedy: ")
                message = f"{edition}: handbook.{name} cannot be made: {message}"
                raise Unpublishable(message, remedy or f"See 'handbook {name}'.")


def _reason(said: str) -> str:
    """The first line that names a fault, or else the last."""
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    faults = [line for line in lines if line.startswith(("WARNING", "ERROR"))]
    return (faults or lines[-1:] or ["no reason was given"])[0]


def _lock(folder: Path) -> bytes:
    """The locked versions of a project's tools; nothing where it locks none."""
    path = folder / "requirements.txt"
    return path.read_bytes() if path.is_file() else b""


def compare(site: Path, edition: Edition, commit: str) -> None:
    """What was built says what the snapshot says, under each id.

    Raises:
        Unpublishable: it does not; the commit changed text too, or does not build as an edition.
    """
    path = site / "sections.json"
    data = json.loads(path.read_text("utf-8")) if path.is_file() else {}
    if data.get("build") != str(edition.number):
        message = f"The build of {commit[:12]} does not know that it is edition {edition.number}."
        raise Unpublishable(message, "Give the plugin 'edition: !ENV [HANDBOOK_EDITION, \"\"]' in mkdocs.yml.")
    keys = ("kind", "title", "address", "sha256")
    built = {name: [one[key] for key in keys] for name, one in data["sections"].items() if "sha256" in one}
    kept = {name: [getattr(one, key) for key in keys] for name, one in edition.entries.items()}
    if wrong := sorted(name for name in {*built, *kept} if built.get(name) != kept.get(name)):
        more = f" and {len(wrong) - 1} more" if len(wrong) > 1 else ""
        message = f"{SNAPSHOTS}/{edition.number}.json does not hold {wrong[0]}{more} as commit {commit[:12]} has it."
        raise Unpublishable(message, "Take the commit back and cut the edition again; commit its files alone.")
