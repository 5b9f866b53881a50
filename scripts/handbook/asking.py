"""Ask web servers, politely and within limits. The only module that imports httpx2, and only when it asks.

GET only, streamed and cut short; one request at a time to a host, with a pause between; no address gets more than three
requests in a run, however many places, fragments and redirects name it; nothing else of a site is asked for.
"""

from __future__ import annotations

import asyncio
import hashlib
import random
import re
import socket
import ssl
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING
from urllib.parse import quote, urldefrag, urlsplit

from handbook import answers, verdicts
from handbook.answers import Answer

if TYPE_CHECKING:
    import httpx2

AGENT = "handbook (link check)"
ACCEPT = {
    "Accept": "text/html,application/xhtml+xml,*/*;q=0.8",
    "Accept-Encoding": "gzip, deflate",
    "Accept-Language": "en, *;q=0.5",
}
MISMATCH = (62, 64)
"""OpenSSL's X509_V_ERR_HOSTNAME_MISMATCH and X509_V_ERR_IP_ADDRESS_MISMATCH."""

Sleep = Callable[[float], Awaitable[None]]


class OnlineUnavailable(Exception):
    """The library that asks is not installed; the command ends with ``exit_code``."""

    exit_code = 2


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is asked of whom. Times in seconds, sizes in bytes."""

    fresh_days: int = 7
    tries: int = 3
    hops: int = 10
    together: int = 8
    pause: float = 1.0
    jitter: float = 0.5
    """At most so much is added to each pause, so that requests keep no beat."""
    request_seconds: float = 20.0
    total_seconds: float = 1800.0
    retry_after: float = 120.0
    body: int = 64 * 1024
    fragment_body: int = 1024 * 1024
    """Read where a place in the page is wanted."""


def user_agent(name: str, site: str) -> str:
    """What we call ourselves: the name of a handbook and the address where its editors can be found."""
    # What a product may be called: RFC 9110, 5.6.2.
    product = "-".join(re.sub(r"[^\w .~-]", "", name, flags=re.ASCII).split()) or "handbook"
    return f"{product} (link check; +{quote(site, safe=':/?&=#%~.-_')})" if site else f"{product} (link check)"


def client(limits: Limits, agent: str) -> httpx2.AsyncClient:
    """A client that follows no redirects itself. Raises :class:`OnlineUnavailable` where the library is missing."""
    try:
        import httpx2
    except ImportError:
        text = "Addresses cannot be asked, because httpx2 is not installed. Remedy: pip install 'handbook[online]'."
        raise OnlineUnavailable(text) from None
    return httpx2.AsyncClient(
        headers={"User-Agent": agent, **ACCEPT},
        timeout=httpx2.Timeout(limits.request_seconds),
        limits=httpx2.Limits(max_connections=limits.together, max_keepalive_connections=limits.together),
        follow_redirects=False,
    )


@dataclass(slots=True)
class _Host:
    """One connection to a host, which is free again at a time of the loop."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    free: float = 0.0


class Asker:
    """Requests of one run. An answer is kept, so that what many addresses lead to is asked for once."""

    def __init__(self, client: httpx2.AsyncClient, limits: Limits, sleep: Sleep) -> None:
        self.client, self.limits, self.sleep = client, limits, sleep
        self.asked: Counter[str] = Counter()
        self.answers: dict[str, asyncio.Task[Answer]] = {}
        self.siblings: dict[str, asyncio.Task[Answer]] = {}
        self.hosts: defaultdict[str, _Host] = defaultdict(_Host)
        self.together = asyncio.Semaphore(limits.together)

    async def follow(self, url: str, wide: bool) -> tuple[Answer, ...]:
        """The answers along redirects; the last is one too where it goes round or on and on."""
        hops: list[Answer] = []
        while True:
            back = any(hop.url == url for hop in hops)
            hops.append(await self._answer(url, wide, again=back))
            url = urldefrag(hops[-1].location).url
            back = any(hop.url == url for hop in hops)
            # To set a cookie, some sites send a reader round once.
            round_again = back and any(hop.cookie for hop in hops) and self._may_ask(url)
            if not url or len(hops) > self.limits.hops or (back and not round_again):
                return tuple(hops)

    async def sibling(self, url: str) -> Answer:
        """The answer beside ``url`` where nobody made a page; asked once a folder, never again."""
        parts = urlsplit(url)
        folder = parts.path.rstrip("/").rpartition("/")[0] + "/"
        name = hashlib.sha256(f"{parts.netloc}{folder}".encode()).hexdigest()[:20]
        beside = parts._replace(path=folder + name, query="", fragment="").geturl()
        if beside not in self.siblings:
            self.siblings[beside] = asyncio.ensure_future(self._ask(beside, False))
        answer = await self.siblings[beside]
        # Where many addresses lead to one page for what is not found, that page has been read already.
        led = self.answers.get(urldefrag(answer.location).url)
        return await led if led else answer

    def _may_ask(self, url: str) -> bool:
        return self.asked[verdicts.normal(url)] < self.limits.tries

    async def _answer(self, url: str, wide: bool, again: bool) -> Answer:
        """The answer kept, or a new one where there is none, where it is too short, or ``again``."""
        if url not in self.answers or again:
            self.answers[url] = asyncio.ensure_future(self._try(url, wide))
        while True:
            task = self.answers[url]
            answer = await task
            if not (wide and answer.html and answer.ids is None and self._may_ask(url)):
                return answer
            # Others may have waited for the same, and asked anew already.
            if self.answers[url] is task:
                self.answers[url] = asyncio.ensure_future(self._try(url, wide))

    async def _try(self, url: str, wide: bool) -> Answer:
        """Ask until an answer comes that another try would not change."""
        answer = Answer(url, error="asked-enough")
        while self._may_ask(url):
            answer = await self._ask(url, wide)
            passing = answer.status in (408, 425, 429) or (answer.status >= 500 and answer.status != 999)
            if not passing and answer.error not in ("time-out", "broken", "refused", "lookup"):
                break
            wait = answer.retry_after
            if wait is None:
                wait = 2 * self.limits.pause * self.asked[verdicts.normal(url)]
            if wait > self.limits.retry_after or not self._may_ask(url):
                break
            await self.sleep(wait)
        return answer

    async def _ask(self, url: str, wide: bool) -> Answer:
        """One request, when its host and the others leave room for it."""
        loop = asyncio.get_running_loop()
        host = self.hosts[urlsplit(url).hostname or ""]
        async with host.lock:
            if (wait := host.free - loop.time()) > 0:
                await self.sleep(wait)
            if not self._may_ask(url):
                return Answer(url, error="asked-enough")
            async with self.together:
                self.asked[verdicts.normal(url)] += 1
                answer = await self._get(url, wide)
            host.free = loop.time() + self.limits.pause + random.uniform(0, self.limits.jitter)
        return answer

    async def _get(self, url: str, wide: bool) -> Answer:
        """One request on the wire; whatever goes wrong becomes an answer, so that one address never stops the rest."""
        body, most = bytearray(), self.limits.fragment_body if wide else self.limits.body
        response: httpx2.Response | None = None
        late = False
        try:
            async with (
                asyncio.timeout(self.limits.request_seconds),
                self.client.stream("GET", url) as response,
            ):
                if not answers.is_page(response.status_code, response.headers):
                    return answers.by_head(url, response.status_code, response.headers)
                async for chunk in response.aiter_raw():
                    body += chunk
                    if len(body) >= most:
                        break
        except Exception as error:
            # A page that drips for ever is there all the same.
            late = bool(body) and failure(error) == "time-out"
            if not late or response is None:
                return Answer(url, error=failure(error))
        answer = answers.by_body(url, response.status_code, response.headers, bytes(body), most, wide)
        return replace(answer, cut=answer.cut or late)


def failure(error: BaseException) -> str:
    """The key in :data:`handbook.verdicts.FAILURES` for what was raised, by its innermost cause."""
    import httpx2

    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, socket.gaierror):
            # The other codes say that the name server did not answer.
            gone = (socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME))
            return "unknown-host" if cause.errno in gone else "lookup"
        if isinstance(cause, ssl.SSLCertVerificationError):
            return "certificate-name" if cause.verify_code in MISMATCH else "certificate"
        if isinstance(cause, (TimeoutError, httpx2.TimeoutException)):
            return "time-out"
        if isinstance(cause, ConnectionRefusedError):
            return "refused"
        if isinstance(cause, (httpx2.InvalidURL, httpx2.UnsupportedProtocol, ValueError, OverflowError)):
            return "not-an-address"
        cause = cause.__cause__ or cause.__context__
    return "broken"
