"""All editions and the latest text as one folder for a static host; what is published there is never written again.

Each edition is built from the commit that added its snapshot, with that commit's own tools, for its own address, and
keeps a manifest (``SHA256SUMS``, as sha256sum of GNU coreutils writes and checks it). ``versions.json`` has the form of
mike's, which the theme's selector reads.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from html import escape
from pathlib import Path

from handbook.changes import History
from handbook.editions import Edition
from handbook.publisher import LATEST

MANIFEST = "SHA256SUMS"
VERSIONS = "versions.json"


class Unpublishable(Exception):
    """Something stands in the way; ``remedy`` says what to do."""

    def __init__(self, message: str, remedy: str) -> None:
        super().__init__(message)
        self.remedy = remedy


def manifest(folder: Path) -> str:
    """One line a file, ordered by path: its SHA-256, two spaces, its path below the folder."""
    paths = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    return "".join(
        f"{hashlib.sha256((folder / path).read_bytes()).hexdigest()}  {path}\n" for path in paths if path != MANIFEST
    )


def damage(folder: Path) -> list[str]:
    """What in a published edition is not as it was: paths that changed, went or came; all of it without a manifest."""
    kept = folder / MANIFEST
    if not kept.is_file():
        return [MANIFEST]
    before, now = _sums(kept.read_text("utf-8")), _sums(manifest(folder))
    return sorted(path for path in {*before, *now} if before.get(path) != now.get(path))


def _sums(text: str) -> dict[str, str]:
    """The checksum of each path of a manifest."""
    return {path: checksum for checksum, _, path in (line.partition("  ") for line in text.splitlines())}


def published(target: Path) -> list[int]:
    """The numbers of the editions in a folder, in order."""
    return sorted(int(path.name) for path in target.glob("[1-9]*") if path.name.isdigit() and path.is_dir())


def verify(target: Path) -> Iterator[str]:
    """One line for each file of a published edition that is not what was published."""
    for number in published(target):
        for path in damage(target / str(number)):
            yield f"{number}/{path} is not what was published."


def publish(root: Path, target: Path, history: History, address: str) -> Iterator[str]:
    """Build what is missing of the editions, and the latest text anew; yields a line for each step.

    ``root`` is the repository, ``address`` where ``target`` will stand, with a slash at its end.

    Raises:
        Unpublishable: an edition in the folder was changed or is unknown, a snapshot is not committed, a build fails.
    """
    known = {one.number: one for one in history.editions}
    for number in published(target):
        if number not in known:
            raise Unpublishable(f"{target} holds an edition {number}, which the repository lacks.", "Update it first.")
        if wrong := damage(target / str(number)):
            more = f" and {len(wrong) - 1} more" if len(wrong) > 1 else ""
            message = f"{target}/{number}: {wrong[0]}{more} is not what was published."
            raise Unpublishable(message, "Restore the folder from a copy; an edition is never written again.")
    commits = {number: _commit(root, f"docs/editions/{number}.json") for number in known}
    target.mkdir(parents=True, exist_ok=True)
    for number, edition in known.items():
        if not (target / str(number)).exists():
            with _workshop(target) as bench:
                _build(root, commits[number], bench, address, str(number), edition.date)
                (bench.site / MANIFEST).write_text(manifest(bench.site), "utf-8")
                bench.site.rename(target / str(number))
            yield f"Built the {edition.name} from {commits[number][:12]}."
    with _workshop(target) as bench:
        head = _git(root, "rev-parse", "HEAD").decode().strip()
        day = _git(root, "log", "-1", "--format=%cs").decode().strip()
        _build(root, head, bench, address, LATEST, day)
        old = bench.place / "old"
        if (target / LATEST).exists():
            (target / LATEST).rename(old)
        bench.site.rename(target / LATEST)
    yield f"Built the latest text from {head[:12]}."
    for name, text in _front(history, address).items():
        made = target / f".{name}"
        made.write_text(text, "utf-8")
        made.replace(target / name)


class _workshop:
    """A folder beside those that are published, so that a finished build is put in its place by one renaming."""

    def __init__(self, target: Path) -> None:
        self.place = target / ".building"
        self.source, self.site = self.place / "source", self.place / "site"

    def __enter__(self) -> _workshop:
        shutil.rmtree(self.place, ignore_errors=True)
        self.source.mkdir(parents=True)
        return self

    def __exit__(self, *_: object) -> None:
        shutil.rmtree(self.place, ignore_errors=True)


def _git(root: Path, *arguments: str) -> bytes:
    done = subprocess.run(["git", *arguments], cwd=root, capture_output=True, check=False)
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip().splitlines()
        raise Unpublishable(f"git {arguments[0]}: {said[0] if said else 'failed'}", "Publish from a full clone.")
    return done.stdout


def _commit(root: Path, path: str) -> str:
    """The commit that added a snapshot as it stands now."""
    now = _git(root, "rev-parse", f"HEAD:{path}").strip()
    for commit in reversed(_git(root, "log", "--diff-filter=A", "--format=%H", "--", path).decode().split()):
        if _git(root, "rev-parse", f"{commit}:{path}").strip() == now:
            return commit
    raise Unpublishable(f"No commit adds {path}.", "Publish from a full clone, not from a shallow one.")


def _build(root: Path, commit: str, bench: _workshop, address: str, edition: str, day: str) -> None:
    """Build a commit; with its own tools where it was locked to other ones than this environment."""
    with tarfile.open(fileobj=io.BytesIO(_git(root, "archive", commit))) as archive:
        archive.extractall(bench.source, filter="data")
    python = sys.executable
    environment = {
        **os.environ,
        "SITE_URL": address,
        "HANDBOOK_EDITION": edition,
        "SOURCE_DATE_EPOCH": str(int(datetime.fromisoformat(day).replace(tzinfo=UTC).timestamp())),
        "PYTHONPATH": str(bench.source / "scripts"),
        "PYTHONHASHSEED": "0",
        "TZ": "UTC",
        "NO_MKDOCS_2_WARNING": "1",
    }
    if (bench.source / "requirements.txt").read_bytes() != (root / "requirements.txt").read_bytes():
        subprocess.run(["make", ".venv/.ready"], cwd=bench.source, check=True, stdout=subprocess.DEVNULL)
        python = str(bench.source / ".venv/bin/python")
    command = [python, "-m", "mkdocs", "build", "--strict", "--site-dir", str(bench.site)]
    done = subprocess.run(command, cwd=bench.source, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        said = [line for line in done.stderr.splitlines() if line.startswith(("WARNING", "ERROR", "Aborted"))]
        message = f"{edition}: the build of {commit[:12]} fails: {(said or ['no reason was given'])[0]}"
        raise Unpublishable(message, "See what 'handbook check' says of that commit.")


def _front(history: History, address: str) -> Mapping[str, str]:
    """What changes with each edition: the list for the selector, and the first page."""
    newest = list(reversed(history.editions))
    versions: list[dict[str, object]] = [
        {"version": str(one.number), "title": f"{one.name}, {one.date}", "aliases": []} for one in newest
    ]
    for one in versions[:1]:
        one["aliases"] = ["newest"]
    versions.append({"version": LATEST, "title": "Latest text", "aliases": []})
    return {VERSIONS: json.dumps(versions, indent=1) + "\n", "index.html": first_page(newest, address)}


def first_page(newest: list[Edition], address: str) -> str:
    """The page at the root: the newest edition, the latest text, and all editions. Newest first."""
    title = escape(newest[0].title if newest else "AI Safety Policy Handbook")
    items = "".join(
        f'<li><a href="{one.number}/">{one.name}</a>, {one.date} · <a href="{one.number}/{MANIFEST}">checksums</a></li>'
        for one in newest
    )
    main = ""
    if newest:
        main = f'<p class="open"><a href="{newest[0].number}/">Read the {newest[0].name}, {newest[0].date}</a></p>'
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n<title>{title}</title>\n'
        f'<link rel="canonical" href="{escape(address)}">\n<link rel="stylesheet" href="{LATEST}/id/id.css">\n'
        f'<link rel="alternate" type="application/atom+xml" href="{LATEST}/feed.xml">\n</head>\n<body>\n'
        f'<header><a href="./">{title}</a></header>\n<main>\n<h1>{title}</h1>\n{main}\n'
        f"<h2>Editions</h2>\n<p>An edition never changes; cite from one.</p>\n<ul>{items}</ul>\n"
        f'<h2>Latest text</h2>\n<p><a href="{LATEST}/">The text as it is being written</a> can change any time.</p>\n'
        "</main>\n</body>\n</html>\n"
    )
