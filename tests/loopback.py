"""A web server on the loopback address that misbehaves as it is told, and counts what it is asked.

Routes go from a path (or the start of one, before ``*``) to an answer: a mapping of ``status``, ``headers``, ``body``
and ``times`` (the body so often), or the name of a misbehaviour; or a list of those, one a request, the last for ever.
"""

from __future__ import annotations

import base64
import contextlib
import gzip
import socket
import struct
import threading
import time
import zlib
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

ENCODERS = {"gzip": gzip.compress, "deflate": zlib.compress, "bare": lambda body: zlib.compress(body, wbits=-15)}


class Loopback(ThreadingHTTPServer):
    """Serves in threads of its own, until closed."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, routes: dict[str, Any]) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.routes = routes
        self.asked: Counter[str] = Counter()
        self.seen: list[tuple[float, str, dict[str, str]]] = []
        """Moment, method and headers of every request."""
        self.sent: Counter[str] = Counter()
        """Bytes that the other side took, by path."""
        self.at_once = self.most_at_once = 0
        self.lock = threading.Lock()
        self.closing = threading.Event()
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    @property
    def root(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def close(self) -> None:
        self.closing.set()
        self.shutdown()
        self.server_close()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """The other side hangs up all the time here."""

    def answer(self, path: str) -> Any:
        """What is due for a path, which is counted."""
        with self.lock:
            number = self.asked[path]
            self.asked[path] += 1
        known = [path, *(route for route in self.routes if route.endswith("*") and path.startswith(route[:-1]))]
        due = next((self.routes[route] for route in known if route in self.routes), {"status": 404, "body": "Gone."})
        return due[min(number, len(due) - 1)] if isinstance(due, list) else due


class Handler(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    server: Loopback

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        loop = self.server
        with loop.lock:
            loop.seen.append((time.monotonic(), self.path, dict(self.headers)))
            loop.at_once += 1
            loop.most_at_once = max(loop.at_once, loop.most_at_once)
        due = loop.answer(self.path)
        try:
            if isinstance(due, str):
                self.close_connection = True
                getattr(self, due)()
            else:
                self.usual(due)
        finally:
            with loop.lock:
                loop.at_once -= 1

    def do_HEAD(self) -> None:
        with self.server.lock:
            self.server.asked["HEAD"] += 1
        self.usual({"status": 405})

    def usual(self, due: dict[str, Any]) -> None:
        head = {name: str(value).replace("{root}", self.server.root) for name, value in due.get("headers", {}).items()}
        body = due.get("body", "").replace("{path}", self.path).encode(due.get("charset", "utf-8"))
        body = base64.b64decode(due["base64"]) if "base64" in due else body * due.get("times", 1)
        body = ENCODERS[due["encode"]](body) if "encode" in due else body
        if "needs-cookie" in due and due["needs-cookie"] in self.headers.get("Cookie", ""):
            due, head = {"status": 200}, {}
        self.send_response_only(due.get("status", 200))
        for name, value in {"Content-Type": "text/html; charset=utf-8", **head}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body) + due.get("missing", 0)))
        self.end_headers()
        self.write(body)
        self.close_connection = bool(due.get("missing"))

    def write(self, body: bytes) -> None:
        for start in range(0, len(body), 16384):
            self.wfile.write(body[start : start + 16384])
            self.server.sent[self.path] += len(body[start : start + 16384])

    def started(self) -> None:
        self.send_response_only(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()

    def endless(self) -> None:
        """As fast as it is taken."""
        self.started()
        self.write(b"<title>On and on</title>")
        while not self.server.closing.is_set():
            self.write(b"and on " * 2000)

    def drip(self) -> None:
        """A few bytes at a time, each in time to keep a patient reader reading."""
        self.started()
        while not self.server.closing.wait(0.05):
            self.write(b"<p>drip ")

    def head_only(self) -> None:
        """A good beginning, and then nothing."""
        self.started()
        self.server.closing.wait(60)

    def silent(self) -> None:
        """The connection stands; no answer comes."""
        self.server.closing.wait(60)

    def slow(self) -> None:
        """An answer, after a while."""
        self.server.closing.wait(0.2)
        self.usual({})

    def reset(self) -> None:
        """The connection is broken off before the answer."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        with contextlib.suppress(OSError):
            self.connection.close()

    def nonsense(self) -> None:
        """What comes is no HTTP."""
        self.wfile.write(b"SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n\x00\x01\x02")

    def many_headers(self) -> None:
        """Headers without end."""
        self.wfile.write(b"HTTP/1.1 200 OK\r\n")
        while not self.server.closing.is_set():
            self.wfile.write(b"X-More: " + b"more " * 200 + b"\r\n")
