"""All editions and the latest text as one folder for a static host; what is published there is never written again.

Each edition is built from the commit that added its snapshot, with that commit's own tools, for its own address, and
keeps a manifest (``SHA256SUMS``, as sha256sum of GNU coreutils writes and checks it).
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from handbook import rebuilding
from handbook.changes import History
from handbook.firstpage import MANIFEST, front
from handbook.publisher import LATEST
from handbook.rebuilding import Unpublishable

if sys.platform != "win32":
    import fcntl


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
    before, now = _sums(kept.read_text("utf-8", "replace")), _sums(manifest(folder))
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
        OSError: the folder cannot be written.
    """
    known = {one.number: one for one in history.editions}
    for number in published(target):
        if number not in known:
            raise Unpublishable(f"{target} holds an edition {number}, which the repository lacks.", "Update it first.")
        if wrong := damage(target / str(number)):
            more = f" and {len(wrong) - 1} more" if len(wrong) > 1 else ""
            message = f"{target}/{number}: {wrong[0]}{more} is not what was published."
            raise Unpublishable(message, "Restore the folder from a copy; an edition is never written again.")
    rebuilding.complete(root)
    commits = {number: rebuilding.commit_of(root, number) for number in known}
    target.mkdir(parents=True, exist_ok=True)
    with _alone(target):
        for number, edition in known.items():
            if not (target / str(number)).exists():
                with _workshop(target) as (source, site):
                    rebuilding.build(root, commits[number], source, site, address, str(number), edition.date)
                    rebuilding.compare(site, edition, commits[number])
                    (site / MANIFEST).write_text(manifest(site), "utf-8")
                    site.rename(target / str(number))
                yield f"Built the {edition.name} from {commits[number][:12]}."
        head = rebuilding.git(root, "rev-parse", "HEAD").decode().strip()
        day = rebuilding.git(root, "log", "-1", "--format=%cs").decode().strip()
        with _workshop(target) as (source, site):
            rebuilding.build(root, head, source, site, address, LATEST, day)
            if (target / LATEST).exists():
                (target / LATEST).rename(site.with_name(LATEST))
            site.rename(target / LATEST)
        yield f"Built the latest text from {head[:12]}."
        lost = target / LATEST / "404.html"  # for a host that knows one such page only; its links are whole
        files = {**front(history, address), **({lost.name: lost.read_text("utf-8")} if lost.is_file() else {})}
        for name, text in files.items():
            made = target / f".{name}"
            made.write_text(text, "utf-8")
            made.replace(target / name)


@contextlib.contextmanager
def _workshop(target: Path) -> Iterator[tuple[Path, Path]]:
    """Folders for source and site beside those that are published: a finished site is put in place by one renaming."""
    place = target / ".building"
    _clear(target, place)
    (place / "source").mkdir(parents=True)
    try:
        yield place / "source", place / "site"
    finally:
        _clear(target, place)


def _clear(target: Path, place: Path) -> None:
    """Remove the workshop, and bring back the latest text if it was left there between two renamings."""
    if (place / LATEST).exists() and not (target / LATEST).exists():
        (place / LATEST).rename(target / LATEST)
    shutil.rmtree(place, ignore_errors=True)


@contextlib.contextmanager
def _alone(target: Path) -> Iterator[None]:
    """Two that publish into one folder would mix their editions. The system lets go of the lock with the process."""
    if sys.platform == "win32":
        yield
        return
    handle = os.open(target, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError:
        raise Unpublishable(f"Another 'handbook publish' is writing {target}.", "Wait until it is done.") from None
    finally:
        os.close(handle)
