"""Addresses asked of a server on the loopback address: every verdict right, few requests, nothing lost."""

from __future__ import annotations

import asyncio
import datetime
import itertools
import json
import os
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import cases
from loopback import Loopback

from handbook import answers, verdicts
from handbook.diagnostics import Diagnostic
from handbook.online import Address, Limits, OnlineUnavailable, Place, check_online, user_agent

CASES = cases("online.yaml")
NOON = datetime.datetime(2026, 11, 21, 12, tzinfo=datetime.UTC)
QUICK = Limits(request_seconds=1.0)
HOUR = datetime.timedelta(hours=1)


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.fixture
def server() -> Iterator[Callable[..., Loopback]]:
    running: list[Loopback] = []

    def start(**routes: Any) -> Loopback:
        running.append(Loopback({f"/{name}": due for name, due in routes.items()}))
        return running[-1]

    yield start
    for one in running:
        one.close()


def check(
    urls: list[str], cache: Path, today: datetime.date = NOON, limits: Limits = QUICK, **more: Any
) -> list[Diagnostic]:
    addresses = [
        Address(url, (Place("references.bib", number + 1, f"key{number}"),)) for number, url in enumerate(urls)
    ]
    waits: list[float] = more.pop("waits", [])

    async def at_once(seconds: float) -> None:
        waits.append(seconds)
        await asyncio.sleep(0)

    options = {"archived": {}, "progress": lambda line: None, "sleep": at_once, **more}
    return check_online(addresses, cache=cache, today=today, limits=limits, **options)


def codes(found: list[Diagnostic]) -> list[str]:
    return [one.code.removeprefix("online-") for one in found]


# One run over all the cases ----------------------------------------------------------------------------------------


def asked(case: dict[str, Any], server: Loopback, closed: int) -> str:
    return case["url"].replace("{closed}", str(closed)) if "url" in case else server.root + case["ask"]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    """All the cases in one run against one server."""
    routes: dict[str, Any] = {"/": {"status": 302, "headers": {"Location": "/en/"}}}
    for case in CASES:
        routes |= case.get("routes", {})
    server = Loopback(routes)
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        closed = one.getsockname()[1]
    urls = [asked(case, server, closed) for case in CASES]
    waits: list[float] = []
    lines: list[str] = []
    begun = time.monotonic()
    with pytest.MonkeyPatch.context() as patch:
        for name in ("http_proxy", "https_proxy", "all_proxy"):
            patch.delenv(name, raising=False)
            patch.delenv(name.upper(), raising=False)
        folder = tmp_path_factory.mktemp("online")
        found = check(urls, folder / "cache.json", waits=waits, progress=lines.append)
    yield {
        "server": server,
        "urls": urls,
        "found": {one.line: one for one in found},
        "waits": waits,
        "lines": lines,
        "seconds": time.monotonic() - begun,
        "cache": folder / "cache.json",
        "diagnostics": found,
    }
    server.close()


@pytest.mark.parametrize("number", range(len(CASES)), ids=[case["name"] for case in CASES])
def test_verdict(run: dict[str, Any], number: int) -> None:
    case, found = CASES[number], run["found"].get(number + 1)
    assert (found.code if found else "ok") == ("ok" if case["code"] == "ok" else f"online-{case['code']}"), found
    if found:
        assert case.get("says", "") in found.message
        assert run["urls"][number] in found.message
        assert f"key{number}" in found.message
        assert found.message.endswith(".")
        assert found.hint.endswith(".")
    for path, count in case.get("requests", {}).items():
        assert run["server"].asked[path] == count


def test_no_address_gets_more_than_three_requests(run: dict[str, Any]) -> None:
    assert max(run["server"].asked.values()) == 3
    assert run["server"].asked["HEAD"] == 0


def test_one_sibling_a_folder_is_asked_once(run: dict[str, Any]) -> None:
    beside = [path for path in run["server"].asked if path.startswith("/soft/") and path[6:] not in ("report", "again")]
    assert len(beside) == 1
    assert run["server"].asked[beside[0]] == 1


def test_one_connection_a_host_and_a_pause_between(run: dict[str, Any]) -> None:
    """Waits are only asked for here; that they are kept is shown below with a clock."""
    requests = sum(run["server"].asked.values())
    pauses = [wait for wait in run["waits"] if 0.9 < wait <= QUICK.pause + QUICK.jitter]
    assert len(pauses) >= requests * 0.9
    assert {5.0, 30.0, 60.0} <= set(run["waits"])
    assert max(run["waits"]) <= QUICK.retry_after


def test_little_is_read(run: dict[str, Any]) -> None:
    """What lies in the system's buffers on both sides (some megabytes) counts as sent."""
    assert run["server"].sent["/film"] < 6_000_000
    assert run["server"].sent["/endless"] < 6_000_000


def test_run_ends_in_time(run: dict[str, Any]) -> None:
    assert run["seconds"] < 30


def test_progress_has_a_line_for_each_address(run: dict[str, Any]) -> None:
    assert len(run["lines"]) == len({verdicts.normal(url) for url in run["urls"] if answers.is_askable(url)})
    assert run["lines"][-1].startswith(f"{len(run['lines'])} of {len(run['lines'])}: ")


def test_second_run_asks_nothing_that_was_well_and_tells_the_same(run: dict[str, Any]) -> None:
    before = run["server"].asked.copy()
    well = [
        number for number, case in enumerate(CASES) if case["code"] in ("ok", "moved") and "503d" not in case["ask"]
    ]
    found = check([run["urls"][number] for number in well], run["cache"], NOON + HOUR)
    assert run["server"].asked == before
    told = [one.message.replace(one.message.split("'")[3], "") for one in found]
    first = [one for one in run["diagnostics"] if one.code == "online-moved"]
    assert sorted(told) == sorted(one.message.replace(one.message.split("'")[3], "") for one in first)


# Manners -------------------------------------------------------------------------------------------------------------


def test_pause_between_requests_to_a_host_by_the_clock(server: Callable[..., Loopback], tmp_path: Path) -> None:
    one = server(a={}, b={}, c={})
    limits = Limits(pause=0.3, jitter=0.1)
    check([f"{one.root}/{name}" for name in "abc"], tmp_path / "c", limits=limits, sleep=asyncio.sleep)
    moments = sorted(moment for moment, _, _ in one.seen)
    assert [0.28 < after - before < 0.8 for before, after in itertools.pairwise(moments)] == [True, True]
    assert one.most_at_once == 1


def test_eight_at_most_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Twelve hosts, all of them the loopback address."""
    real = socket.getaddrinfo
    monkeypatch.setattr(
        socket,
        "getaddrinfo",
        lambda host, *rest, **more: real("127.0.0.1" if "host" in str(host) else host, *rest, **more),
    )
    one = Loopback({"/": "slow"})
    urls = [f"http://host{number}.example:{one.server_port}/" for number in range(12)]
    assert check(urls, tmp_path / "c") == []
    one.close()
    assert 2 <= one.most_at_once <= 8
    assert one.asked["/"] == 12


def test_who_asks_is_named(server: Callable[..., Loopback], tmp_path: Path) -> None:
    one = server(a={})
    agent = user_agent("AI Safety (Policy) Handbook\r\nX: é", "https://handbook.example/")
    check([one.root + "/a"], tmp_path / "c", agent=agent)
    assert one.seen[0][2]["User-Agent"] == "AI-Safety-Policy-HandbookX (link check; +https://handbook.example/)"


def test_many_places_and_fragments_are_one_request(server: Callable[..., Loopback], tmp_path: Path) -> None:
    one = server(a={"body": "<p id=x>"})
    urls = [one.root + "/a", one.root + "/a#x", one.root + "/a#y", one.root.replace("http", "HTTP") + "/%61#y"]
    found = check(urls, tmp_path / "c")
    assert [(place.line, place.code) for place in found] == [(3, "online-suspect"), (4, "online-suspect")]
    assert sum(one.asked.values()) == 1


def test_what_many_lead_to_is_asked_once(server: Callable[..., Loopback], tmp_path: Path) -> None:
    routes: dict[str, Any] = {f"p{n}": {"status": 302, "headers": {"Location": "/end"}} for n in range(9)}
    one = server(**routes, end=[{"status": 500}, {"status": 500}, {}])
    assert check([f"{one.root}/p{n}" for n in range(9)] + [one.root + "/end"], tmp_path / "c") == []
    assert one.asked["/end"] == 3
    assert {one.asked[f"/p{n}"] for n in range(9)} == {1}


def test_place_wanted_in_a_page_already_read_short(server: Callable[..., Loopback], tmp_path: Path) -> None:
    one = server(a={}, b={"status": 302, "headers": {"Location": "/a"}})
    one.routes["/a"] = {"body": "<p>" + "0123456789" * 10_000 + "<p id=far>"}
    assert check([one.root + "/a", one.root + "/b#far", one.root + "/b#not"], tmp_path / "c")[0].line == 3
    assert one.asked["/a"] <= 2


def test_places_wanted_by_many_at_the_end_of_redirects(server: Callable[..., Loopback], tmp_path: Path) -> None:
    routes: dict[str, Any] = {f"b{n}": {"status": 302, "headers": {"Location": "/a"}} for n in range(6)}
    one = server(a={"body": "<p>" + "0123456789" * 10_000 + "<p id=far>"}, **routes)
    urls = [one.root + "/a"] + [f"{one.root}/b{n}#far" for n in range(6)]
    assert check(urls, tmp_path / "c") == []
    assert one.asked["/a"] == 2
    one.routes["/a"] = [{"status": 503}, {"status": 503}, one.routes["/a"]]
    one.asked.clear()
    assert set(codes(check(urls, tmp_path / "d"))) <= {"unverified"}
    assert one.asked["/a"] == 3


def test_miss_stands_where_time_was_up(server: Callable[..., Loopback], tmp_path: Path) -> None:
    one = server()
    none = Limits(total_seconds=0)
    assert codes(check([one.root + "/a"], tmp_path / "c", limits=none)) == ["unverified"]
    assert codes(check([one.root + "/a"], tmp_path / "c")) == ["suspect"]
    assert codes(check([one.root + "/a"], tmp_path / "c", NOON + HOUR, none)) == ["suspect"]


def test_other_addresses_are_left_alone(tmp_path: Path) -> None:
    assert check(["mailto:a@b.example", "ftp://a.example/", "javascript:void 0", "page.md"], tmp_path / "c") == []


def test_certificate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A wrong name is a miss; a certificate that nobody vouches for may be the fault of this machine."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed")
    key, cert = tmp_path / "key.pem", tmp_path / "cert.pem"
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=other.example"]
    command += ["-addext", "subjectAltName=DNS:other.example", "-keyout", str(key), "-out", str(cert)]
    subprocess.run(command, check=True, capture_output=True)
    one = Loopback({"/": {}})
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    one.socket = context.wrap_socket(one.socket, server_side=True)
    url = f"https://127.0.0.1:{one.server_port}/"
    (untrusted,) = check([url], tmp_path / "c1")
    monkeypatch.setenv("SSL_CERT_FILE", str(cert))
    (misnamed,) = check([url], tmp_path / "c2")
    one.close()
    assert (untrusted.code, misnamed.code) == ("online-unverified", "online-suspect")
    assert "certificate cannot be trusted" in untrusted.message
    assert "certificate is for another host" in misnamed.message


@pytest.mark.parametrize("what", ["silent", "drip", {"status": 429, "headers": {"Retry-After": "100"}}])
def test_run_ends_within_its_limit(server: Callable[..., Loopback], tmp_path: Path, what: Any) -> None:
    """With real waits, and far more to ask than there is time for."""
    one = server(**{"good": {}, **{f"p{number}": what for number in range(50)}})
    limits = Limits(total_seconds=1.5, request_seconds=0.7, pause=0.05, jitter=0)
    lines: list[str] = []
    begun = time.monotonic()
    urls = [one.root + "/good"] + [f"{one.root}/p{number}" for number in range(50)]
    found = check(urls, tmp_path / "c", limits=limits, sleep=asyncio.sleep, progress=lines.append)
    assert time.monotonic() - begun < 2.5
    assert set(codes(found)) <= {"unverified"}
    assert any("the run ended before it could be asked" in one.message for one in found)
    assert lines[-1].endswith("the time of the run is up.")
    assert one.root + "/good" in json.loads((tmp_path / "c").read_text())["addresses"]


def test_what_was_not_asked_comes_first_in_the_next_run(server: Callable[..., Loopback], tmp_path: Path) -> None:
    one = server(**{f"p{number}": {"status": 403} for number in range(6)})
    urls = [f"{one.root}/p{number}" for number in range(6)]
    check(urls[:4], tmp_path / "c")
    one.seen.clear()
    check(urls, tmp_path / "c", NOON + HOUR)
    assert [path for _, path, _ in one.seen][:2] == ["/p4", "/p5"]


# From run to run -----------------------------------------------------------------------------------------------------


def over(server: Loopback, cache: Path, *hours: float) -> list[str]:
    """What each of some runs tells, so many hours after the first."""
    runs = [check([server.root + "/a"], cache, NOON + hour * HOUR) for hour in hours]
    return [code for found in runs for code in (codes(found) or ["ok"])]


def test_three_misses_over_72_hours_are_death(server: Callable[..., Loopback], tmp_path: Path) -> None:
    one = server(a={"status": 404})
    assert over(one, tmp_path / "b", 0, 72) == ["suspect", "suspect"]
    assert over(one, tmp_path / "c", 0, 24, 71.9, 72) == ["suspect", "suspect", "suspect", "dead"]
    assert over(one, tmp_path / "d", 0, 100) == ["suspect", "suspect"]
    assert over(one, tmp_path / "e", 0, 1, 2, 3) == ["suspect"] * 4
    one.routes["/a"] = {}
    assert over(one, tmp_path / "c", 96) == ["ok"]
    one.routes["/a"] = {"status": 404}
    assert over(one, tmp_path / "c", 96 + 24 * 7) == ["suspect"]


def test_days_do_where_no_hour_is_given(server: Callable[..., Loopback], tmp_path: Path) -> None:
    one = server(a={"status": 410})
    days = [datetime.date(2026, 11, day) for day in (1, 2, 4)]
    assert [codes(check([one.root + "/a"], tmp_path / "c", day)) for day in days] == [
        ["suspect"],
        ["suspect"],
        ["dead"],
    ]


def test_what_says_nothing_neither_adds_to_misses_nor_ends_them(
    server: Callable[..., Loopback], tmp_path: Path
) -> None:
    one = server(a=[{"status": 404}, {"status": 403}, {"status": 404}, {"status": 403}, {"status": 404}])
    told = over(one, tmp_path / "c", 0, 30, 60, 90, 120)
    assert told == ["suspect", "unverified", "suspect", "unverified", "dead"]


def test_last_good_day_is_told(server: Callable[..., Loopback], tmp_path: Path) -> None:
    one = server(a=[{}, {"status": 403}, {"status": 404}])
    check([one.root + "/a"], tmp_path / "c")
    (walled,) = check([one.root + "/a"], tmp_path / "c", NOON + 200 * HOUR)
    assert walled.message.endswith("could not be verified: the server answers 403; it was last well on 2026-11-21.")
    (missed,) = check([one.root + "/a"], tmp_path / "c", NOON + 300 * HOUR)
    assert "(missed 1× since 2026-12-04); it was last well on 2026-11-21." in missed.message


def test_what_was_well_is_not_asked_for_a_week(server: Callable[..., Loopback], tmp_path: Path) -> None:
    one = server(a={})
    assert over(one, tmp_path / "c", 0, 24 * 7 - 1) == ["ok", "ok"]
    assert one.asked["/a"] == 1
    assert over(one, tmp_path / "c", 24 * 7) == ["ok"]
    assert one.asked["/a"] == 2


def test_archived_copy_key_and_every_place(server: Callable[..., Loopback], tmp_path: Path) -> None:
    one = server()
    url = one.root + "/a"
    places = (Place("references.bib", 7, "doe2020why"), Place("docs/a.md", 3))
    copy = "https://web.archive.org/web/2020/https://a.example/"
    options: dict[str, Any] = {
        "today": NOON,
        "archived": {url.replace("/a", "/%61"): copy},
        "limits": QUICK,
        "progress": lambda line: None,
    }
    page, entry = check_online([Address(url, places)], cache=tmp_path / "c", **options)
    assert (page.path, page.line, entry.path, entry.line) == ("docs/a.md", 3, "references.bib", 7)
    assert entry.message.startswith(f"The address '{url}' of 'doe2020why' was not found: the server answers 404")
    assert page.message.startswith(f"The address '{url}' was not found")
    assert all(found.message.endswith(f"An archived copy is at '{copy}'.") for found in (page, entry))


# What is kept on disk ------------------------------------------------------------------------------------------------

BAD = [
    b"",
    b"{",
    b"[]",
    b"null",
    b'{"version": 2, "addresses": {}}',
    b'{"version": 1, "addresses": []}',
    b"\xff\xfe\x00",
    b"[" * 100_000,
    b'{"version": 1, "addresses": {"http://a.example/": null}}',
    b'{"version": 1, "addresses": {"http://a.example/": {"verdict": "fine", "asked": "2026-11-21"}}}',
    b'{"version": 1, "addresses": {"http://a.example/": {"verdict": [], "asked": "2026-11-21"}}}',
    b'{"version": 1, "addresses": {"http://a.example/": {"verdict": "ok"}}}',
    b'{"version": 1, "addresses": {"http://a.example/": {"verdict": "ok", "asked": "yesterday"}}}',
    b'{"version": 1, "addresses": {"http://a.example/": {"verdict": "ok", "asked": 7}}}',
    b'{"version": 1, "addresses": {"http://a.example/": {"verdict": "dead", "asked": "2026-11-21", "misses": 3}}}',
    b'{"version": 1, "addresses": {"http://a.example/": {"verdict": "ok", "asked": "2026-11-21", "misses": "x"}}}',
]


@pytest.mark.parametrize("number", range(len(BAD)))
def test_malformed_cache_is_set_aside(server: Callable[..., Loopback], tmp_path: Path, number: int) -> None:
    one = server(a={"status": 403})
    cache = tmp_path / "cache.json"
    (tmp_path / "cache.json.broken").write_bytes(b"an earlier one")
    cache.write_bytes(BAD[number])
    found = check([one.root + "/a"], cache)
    assert codes(found) == ["cache", "unverified"]
    assert found[0].path == "cache.json"
    assert "'cache.json.broken1'" in found[0].message
    assert "\n" not in str(found[0])
    assert (tmp_path / "cache.json.broken1").read_bytes() == BAD[number]
    assert (tmp_path / "cache.json.broken").read_bytes() == b"an earlier one"
    assert codes(check([one.root + "/a"], cache)) == ["unverified"]


def test_cache_that_cannot_be_read_or_written(server: Callable[..., Loopback], tmp_path: Path) -> None:
    one = server(a={})
    (tmp_path / "folder").mkdir()
    assert codes(check([one.root + "/a"], tmp_path / "folder")) == ["cache"]
    (tmp_path / "file").write_text("")
    assert codes(check([one.root + "/a"], tmp_path / "file" / "cache.json")) == ["cache"]
    assert one.asked["/a"] == 2
    assert (tmp_path / "folder").is_dir()


def test_cache_keeps_what_this_run_did_not_ask(server: Callable[..., Loopback], tmp_path: Path) -> None:
    one = server(a={}, b={})
    check([one.root + "/a"], tmp_path / "new" / "c")
    check([one.root + "/b"], tmp_path / "new" / "c")
    assert set(json.loads((tmp_path / "new" / "c").read_text())["addresses"]) == {one.root + "/a", one.root + "/b"}
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["c"]


SCRIPT = """
import datetime, sys, pathlib
from handbook.online import Address, Limits, Place, check_online
addresses = [Address(f"{sys.argv[1]}/p{number:02}", (Place("a.md", 1),)) for number in range(40)]
limits = Limits(pause=0.05, jitter=0)
print(check_online(addresses, cache=pathlib.Path(sys.argv[2]), today=datetime.date(2026, 11, 21), archived={},
                   limits=limits, progress=lambda line: print(line, flush=True)))
"""


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_interruption_loses_nothing(server: Callable[..., Loopback], tmp_path: Path, how: signal.Signals) -> None:
    one = server(**{f"p{number:02}": {} for number in range(40)})
    cache = tmp_path / "cache.json"
    command = [sys.executable, "-c", SCRIPT, one.root, str(cache)]
    first = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**os.environ})
    assert first.stdout is not None
    told = [first.stdout.readline() for _ in range(12)]
    first.send_signal(how)
    rest, errors = first.communicate(timeout=20)
    told += rest.splitlines()
    assert first.returncode != 0
    assert how != signal.SIGINT or errors.rstrip().endswith("KeyboardInterrupt")
    kept = json.loads(cache.read_text())["addresses"]
    assert {line.split()[-1] for line in told if ": ok: " in line} <= set(kept)
    assert 12 <= len(kept) < 40
    before = one.asked.copy()
    again = subprocess.run(command, capture_output=True, text=True, check=True)
    assert again.stdout.endswith("[]\n")
    assert all(one.asked[url.removeprefix(one.root)] == before[url.removeprefix(one.root)] for url in kept)
    assert len(json.loads(cache.read_text())["addresses"]) == 40


def test_missing_library_is_one_message(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "httpx2", None)
    with pytest.raises(OnlineUnavailable, match=r"pip install 'handbook\[online\]'") as raised:
        check(["http://a.invalid/"], tmp_path / "c")
    assert raised.value.exit_code == 2
    assert not (tmp_path / "c").exists()


def test_nothing_to_ask(tmp_path: Path) -> None:
    assert check([], tmp_path / "c") == []


# Pure parts ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("HTTP://Example.ORG:80", "http://example.org/"),
        ("https://example.org:443/a%7eb", "https://example.org/a~b"),
        ("https://example.org/é", "https://example.org/%c3%a9"),
        ("https://bücher.example/", "https://xn--bcher-kva.example/"),
        ("https://example.org./", "https://example.org/"),
    ],
)
def test_spellings_of_one_address(one: str, other: str) -> None:
    assert verdicts.normal(one) == verdicts.normal(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://example.org/a", "https://example.org/A"),
        ("https://example.org/a", "https://example.org/a/"),
        ("https://example.org/a", "http://example.org/a"),
        ("https://example.org/a%2Fb", "https://example.org/a/b"),
        ("https://example.org/?a=1", "https://example.org/?a=2"),
        ("https://example.org:8443/", "https://example.org/"),
    ],
)
def test_different_addresses(one: str, other: str) -> None:
    assert verdicts.normal(one) != verdicts.normal(other)


def hop(url: str, status: int = 200, location: str = "") -> answers.Answer:
    return answers.Answer(url, status, location=location)


@pytest.mark.parametrize(
    ("first", "status", "last", "kind"),
    [
        ("https://doi.org/10.1000/1", 301, "https://publisher.example/10", "ok"),
        ("https://dx.doi.org/10.1000/1", 301, "https://doi.org/10.1000/1", "moved"),
        ("https://doi.org/10.1000/1", 302, "https://publisher.example/", "soft 404"),
        ("https://short.example/x1", 301, "https://agency.example/", "moved"),
        ("https://agency.example/x1", 301, "https://www.agency.example/", "soft 404"),
        ("http://agency.example/", 301, "https://agency.example/", "moved"),
        ("https://drive.example/d/1", 302, "https://accounts.drive.example/v3", "soft 404"),
        ("https://agency.example/a?id=1", 302, "https://agency.example/?p=1", "ok"),
        ("https://agency.example/a?u=1", 302, "https://agency.example/?u=1", "soft 404"),
        ("https://agency.example/report", 302, "https://agency.example/ai/", "ok"),
    ],
)
def test_verdict_on_a_redirect(first: str, status: int, last: str, kind: str) -> None:
    assert verdicts.judge((hop(first, status, last), hop(last)), "", None).kind == kind


def test_hostile_pages_take_no_time() -> None:
    size = 1024 * 1024
    parts = [
        "<",
        "<a ",
        "<a '",
        '<a x="',
        "<!--",
        "<title>",
        "<script>",
        "<a b=",
        "<a" + " ",
        "</",
        "<p id=x ",
        "&",
        " ",
        "=",
    ]
    begun = time.monotonic()
    for part in parts:
        text = part * (size // len(part))
        answers.title(text), answers.ids(text), answers.words(text)
        text = "<a" + part * (size // len(part))
        answers.title(text), answers.ids(text), answers.words(text)
    assert time.monotonic() - begun < 30


def test_no_thread_is_left_behind(server: Callable[..., Loopback], tmp_path: Path) -> None:
    before = threading.active_count()
    check(["http://nothing-here.invalid/"], tmp_path / "c")
    assert threading.active_count() <= before
