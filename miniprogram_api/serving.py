"""gunicorn's worker, patient without threads: who sends slowly waits in the poller.

A thread begins when a request is there (docs/operations.md, "Slow clients"). TLS ends at the proxy:
the poller reads plain bytes.
"""

import logging
import socket
import time
from collections import deque
from collections.abc import Callable, Iterable
from functools import partial
from selectors import EVENT_READ
from typing import Any

from gunicorn.http.unreader import Unreader  # type: ignore[import-untyped]  # ships no hints
from gunicorn.workers.gthread import ThreadWorker  # type: ignore[import-untyped]
from werkzeug.exceptions import RequestTimeout

from miniprogram_api.arriving import HELD, Arriving, Progress
from miniprogram_api.early_refusals import refusal

log = logging.getLogger("access")

# For a request as far as it is held; for the rest of a large body; for a place among the threads;
# for a client to take one piece of its answer; for it to hang up.
ARRIVAL, LARGE_BODY, PLACE, TAKING, GOODBYE = 10, 60, 20, 20, 2


class Lane:
    """So many threads for one kind of request; who finds none free waits in line."""

    def __init__(self, places: int) -> None:
        self.places = max(1, places)
        self.taken = 0
        self.line: deque[Any] = deque()


class Received(Unreader):  # type: ignore[misc]  # ships no hints
    """What has arrived; of a large body also what is still to come, until `end`."""

    def __init__(self, arrived: bytes, sock: socket.socket, end: float | None) -> None:
        super().__init__()
        self.unread(arrived)
        self.sock, self.end = sock, end

    def chunk(self, size_hint: int | None = None) -> bytes:
        if self.end is None:  # what is not here was not announced
            return b""
        try:
            self.sock.settimeout(max(0.001, self.end - time.monotonic()))
            return self.sock.recv(max(HELD, min(size_hint or 0, 1024 * 1024)))
        except TimeoutError:
            raise RequestTimeout from None
        finally:
            self.sock.settimeout(TAKING)


class PatientWorker(ThreadWorker):  # type: ignore[misc]  # ships no hints
    """A request comes to a thread when it is whole, or when 32 KB of its body are there.

    Of the threads a quarter takes large bodies and five eighths what changes something: the others
    are always there for who reads.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.large = Lane(self.cfg.threads // 4)
        self.writing = Lane(self.cfg.threads * 5 // 8)
        self.leaving: deque[Any] = deque()

    def load_wsgi(self) -> None:
        super().load_wsgi()
        self.wsgi: Any = announcing_unread(self.wsgi)

    def enqueue_req(self, conn: Any) -> None:
        """Wait for a request on a connection that is new, or has been answered."""
        conn.arriving, conn.lane, conn.told = Arriving(), None, False
        conn.timeout = time.monotonic() + ARRIVAL
        conn.sock.setblocking(False)
        self.pending_conns.append(conn)
        self.poller.register(conn.sock, EVENT_READ, partial(self._receive, conn))
        if conn.parser and (ahead := conn.parser.unreader.take_buffered()):
            self._consider(conn, conn.arriving.take(ahead))

    def _receive(self, conn: Any, _sock: socket.socket) -> None:
        try:
            received = conn.sock.recv(2 * HELD)
        except BlockingIOError:
            return
        except OSError:
            received = b""
        if received:
            self._consider(conn, conn.arriving.take(received))
        else:
            self._stop_waiting(conn)
            self._drop(conn)

    def _consider(self, conn: Any, progress: Progress) -> None:
        if progress is Progress.PARTIAL:
            if conn.arriving.waits_for_leave and not conn.told:
                conn.told = True
                self._send(conn, b"HTTP/1.1 100 Continue\r\n\r\n")
            return
        self._stop_waiting(conn)
        if progress is Progress.ENDLESS:
            self._refuse(conn, 431)
        elif progress is Progress.LARGE:
            self._line_up(conn, self.large)
        elif conn.arriving.only_reads:
            super().enqueue_req(conn)
        else:
            self._line_up(conn, self.writing)

    def _stop_waiting(self, conn: Any) -> None:
        self.poller.unregister(conn.sock)
        self.pending_conns.remove(conn)

    def _line_up(self, conn: Any, lane: Lane) -> None:
        conn.lane, conn.timeout = lane, time.monotonic() + PLACE
        lane.line.append(conn)
        self._serve_line(lane)

    def _serve_line(self, lane: Lane) -> None:
        while lane.line and lane.taken < lane.places:
            lane.taken += 1
            super().enqueue_req(lane.line.popleft())

    def is_parent_alive(self) -> bool:
        """Say whether gunicorn watches. An orphan ends what it has begun, and leaves the port to
        its successor at once."""
        if super().is_parent_alive():
            return True
        self.alive = False
        self.set_accept_enabled(False)
        for listener in self.sockets:
            listener.close()
        return False

    def handle(self, conn: Any) -> Any:
        """Answer a request that is there; runs in a thread."""
        conn.data_ready = True
        conn.init()
        end = time.monotonic() + LARGE_BODY if conn.lane is self.large else None
        conn.parser.unreader = Received(bytes(conn.arriving.data), conn.sock, end)
        return super().handle(conn)

    def handle_request(self, req: Any, conn: Any) -> bool:
        conn.sock.settimeout(TAKING)
        if conn.told:
            req._expected_100_continue = False
        try:
            return bool(super().handle_request(req, conn))
        except TimeoutError:  # the client does not take its answer
            return False

    def finish_request(self, conn: Any, fs: Any) -> None:
        if conn.lane:
            conn.lane.taken -= 1
            self._serve_line(conn.lane)
        if fs.cancelled() or fs.exception() or not fs.result():
            self._part_from(conn)
        else:
            super().finish_request(conn, fs)

    def murder_pending(self) -> None:
        """Send away who has waited, or is waited for, too long."""
        now = time.monotonic()
        patience = 0 if self.alive else ARRIVAL - GOODBYE  # who stops waits for nobody
        for conn in self._overdue(self.pending_conns, now + patience):
            self.poller.unregister(conn.sock)
            self._refuse(conn, 408)
        for lane in (self.large, self.writing):
            for conn in self._overdue(lane.line, now):
                self._refuse(conn, 503)
        for conn in self._overdue(self.leaving, now):
            self.poller.unregister(conn.sock)
            self._drop(conn)

    @staticmethod
    def _overdue(conns: "deque[Any]", now: float) -> list[Any]:
        """Take out who is overdue; each line stands in the order of its deadlines."""
        found = []
        while conns and conns[0].timeout <= now:
            found.append(conns.popleft())
        return found

    def _refuse(self, conn: Any, status: int) -> None:
        log.info("request", extra={"method": None, "route": "unknown", "status": status})
        self._send(conn, refusal(status))
        self._part_from(conn)

    def _send(self, conn: Any, data: bytes) -> None:
        try:
            conn.sock.setblocking(False)
            conn.sock.send(data)
        except OSError:
            log.debug("a client was gone")

    def _part_from(self, conn: Any) -> None:
        """Say the end and give the client a moment to hang up, so that it reads what was said."""
        try:
            conn.sock.setblocking(False)
            conn.sock.shutdown(socket.SHUT_WR)
        except OSError:
            self._drop(conn)
            return
        conn.timeout = time.monotonic() + GOODBYE
        self.leaving.append(conn)
        self.poller.register(conn.sock, EVENT_READ, partial(self._see_off, conn))

    def _see_off(self, conn: Any, sock: socket.socket) -> None:
        try:
            more = sock.recv(2 * HELD)
        except BlockingIOError:
            return
        except OSError:
            more = b""
        if not more:
            self.poller.unregister(sock)
            self.leaving.remove(conn)
            self._drop(conn)

    def _drop(self, conn: Any) -> None:
        self.nr_conns -= 1
        conn.close()


def announcing_unread(app: Callable[..., Iterable[bytes]]) -> Callable[..., Iterable[bytes]]:
    """Have an answer say that the connection ends where part of the body is not read."""

    def served(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        def start(*args: Any) -> Any:
            if is_unread(environ["wsgi.input"].reader):
                start_response.__self__.force_close()
            return start_response(*args)

        return app(environ, start)

    return served


def is_unread(reader: Any) -> bool:
    """Say whether the client is still sending, or may be, what nobody has read."""
    if hasattr(reader, "length"):
        return bool(reader.length > len(reader.unreader.buf.getvalue()))
    return getattr(reader, "parser", None) is not None
