"""Apply the cases of this corpus to a copy of its site, and find the places that they name.

A case holds ``edits`` (``{file, find, replace}``, ``{file, append}``, ``{file, create}`` or ``{delete}``), and, where
it is a fault, ``at`` and perhaps ``also``: places ``{path, text}`` or ``{path, line}`` after the edits.
Run as a script, it tries every case on a fresh copy; arguments choose cases by a part of their name.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import yaml

CORPUS = Path(__file__).parent
SITE = CORPUS / "site"

Case = dict[str, Any]


def cases(name: str) -> list[Case]:
    """The cases of faults.yaml or valid.yaml."""
    loaded: list[Case] = yaml.safe_load((CORPUS / name).read_text("utf-8"))
    return loaded


def copy(folder: Path) -> Path:
    """Put a fresh copy of the site at ``folder``, which must not exist, and give it back."""
    return Path(shutil.copytree(SITE, folder, ignore=shutil.ignore_patterns("__pycache__")))


def apply(case: Case, folder: Path) -> None:
    """Edit the project in ``folder`` in place. Raises AssertionError where an edit does not fit."""
    for edit in case["edits"]:
        if "delete" in edit:
            assert set(edit) == {"delete"}, edit
            (folder / edit["delete"]).unlink()
            continue
        path = folder / edit["file"]
        if "create" in edit:
            assert set(edit) == {"file", "create"}, edit
            assert not path.exists(), f"{edit['file']} exists"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(edit["create"], "utf-8")
            continue
        text = path.read_text("utf-8")
        if "append" in edit:
            assert set(edit) == {"file", "append"}, edit
            assert text.endswith("\n") and edit["append"].endswith("\n"), f"{edit['file']} ends within a line"
            path.write_text(text + edit["append"], "utf-8")
        else:
            assert set(edit) == {"file", "find", "replace"}, edit
            found = text.count(edit["find"])
            assert found == 1, f"{edit['find']!r} stands {found} times in {edit['file']}"
            path.write_text(text.replace(edit["find"], edit["replace"]), "utf-8")


def line_of(folder: Path, place: dict[str, Any]) -> int:
    """The 1-based line of a place. Raises AssertionError if its text stands on no line or on several."""
    path = folder / place["path"]
    assert path.is_file(), f"{place['path']} does not exist"
    lines = path.read_text("utf-8").split("\n")
    if "line" in place:
        assert set(place) == {"path", "line"} and 1 <= place["line"] <= len(lines), place
        return int(place["line"])
    assert set(place) == {"path", "text"}, place
    found = [number for number, line in enumerate(lines, 1) if place["text"] in line]
    assert len(found) == 1, f"{place['text']!r} stands on the lines {found} of {place['path']}"
    return found[0]


def places(case: Case) -> list[dict[str, Any]]:
    """Where a fault may be reported, the best place first."""
    return [case["at"], *case.get("also", [])]


def build(folder: Path) -> str:
    """Build the project as MkDocs does in strict mode; what it complains of, or nothing."""
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(folder) + "-site"]
    ran = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    shutil.rmtree(str(folder) + "-site", ignore_errors=True)
    return "" if ran.returncode == 0 else (ran.stdout + ran.stderr)[-2000:]


def trouble(case: Case, builds: bool) -> str:
    """What is wrong with a case itself, or nothing."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = copy(Path(temporary) / "project")
        try:
            apply(case, folder)
            if builds:
                assert "at" not in case, "a valid case has no place"
                return build(folder)
            for place in places(case):
                line_of(folder, place)
        except (AssertionError, KeyError, OSError) as error:
            return f"{type(error).__name__}: {error}"
    return ""


def main(wanted: list[str]) -> int:
    """Try the clean site and every case whose name holds one of the words, or all; the number in trouble."""
    faults, valid = cases("faults.yaml"), cases("valid.yaml")
    names = Counter(case["name"] for case in faults + valid)
    bad = [f"{name}: the name stands {count} times" for name, count in names.items() if count > 1]
    work = [(case, False) for case in faults] + [(case, True) for case in valid]
    work.append(({"name": "the clean site", "edits": []}, True))
    work = [(case, builds) for case, builds in work if not wanted or any(word in case["name"] for word in wanted)]
    with ThreadPoolExecutor() as pool:
        results = pool.map(lambda item: trouble(*item), work)
        bad += [f"{case['name']}: {result}" for (case, _), result in zip(work, results, strict=True) if result]
    for line in bad:
        print(line)
    families = Counter(case["family"] for case in faults)
    print(f"{len(faults)} faults ({', '.join(f'{f} {n}' for f, n in families.items())}), {len(valid)} valid constructs")
    print(f"tried {len(work)}, in trouble {len(bad)}")
    return len(bad)


if __name__ == "__main__":
    sys.exit(bool(main(sys.argv[1:])))
