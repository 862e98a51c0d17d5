"""A request on its way in: whether what has come of it is enough to begin with.

Bytes only. What is malformed counts as whole: the server's own parser finds the words for it.
"""

import enum
import re

# A head, or a body, that is waited for without a thread; what is larger of a body comes to one.
HELD = 32 * 1024

_LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*([0-9]{1,18})[ \t]*\r\n", re.IGNORECASE)
_CHUNKED = re.compile(rb"\r\ntransfer-encoding:", re.IGNORECASE)
_EXPECTS = re.compile(rb"\r\nexpect:[ \t]*100-continue[ \t]*\r\n", re.IGNORECASE)
_READS = (b"GET ", b"HEAD ", b"OPTIONS ")


class Progress(enum.Enum):
    PARTIAL = enum.auto()
    WHOLE = enum.auto()
    LARGE = enum.auto()  # the beginning of a body that is more than is held
    ENDLESS = enum.auto()  # a head that is more than is held


class Arriving:
    """The bytes of one request, and perhaps the first of the next."""

    def __init__(self) -> None:
        self.data = bytearray()
        self._body = 0  # where it begins; 0 while the head is not here
        self._needed: int | None = None  # of the body; None where it comes in chunks
        self._chunk = 0  # where the next size of a chunk is to be read

    def take(self, received: bytes) -> Progress:
        """Add what has come and say how far the request is."""
        searched = max(0, len(self.data) - 3)
        self.data += received
        if not self._body:
            end = self.data.find(b"\r\n\r\n", searched)
            if end < 0 or end > HELD:
                return Progress.ENDLESS if len(self.data) > HELD else Progress.PARTIAL
            self._begin_body(end + 4)
        if self._needed is None:
            whole = self._last_chunk_is_here()
        else:
            whole = len(self.data) - self._body >= self._needed
        if whole:
            return Progress.WHOLE
        return Progress.LARGE if len(self.data) - self._body >= HELD else Progress.PARTIAL

    @property
    def only_reads(self) -> bool:
        """Say whether the method is one that changes nothing."""
        return self.data.startswith(_READS)

    @property
    def waits_for_leave(self) -> bool:
        """Say whether the client sends the body only when told to."""
        return bool(self._body and _EXPECTS.search(self.data, 0, self._body))

    def _begin_body(self, start: int) -> None:
        self._body = self._chunk = start
        if not _CHUNKED.search(self.data, 0, start):
            found = _LENGTH.search(self.data, 0, start)
            self._needed = int(found[1]) if found else 0

    def _last_chunk_is_here(self) -> bool:
        while (end := self.data.find(b"\r\n", self._chunk, self._chunk + HELD)) >= 0:
            try:
                size = int(bytes(self.data[self._chunk : end]).partition(b";")[0], 16)
            except ValueError:
                return True
            if size <= 0:
                return self.data.find(b"\r\n\r\n", end) >= 0
            following = end + 2 + size + 2
            if following > len(self.data):
                return False
            self._chunk = following
        return False
