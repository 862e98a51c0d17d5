"""Faults put in on purpose: what a network and a busy WeChat do to a caller."""

import time
from dataclasses import dataclass

from wechat_sandbox.inputs import Given, Wrong

KINDS = ("slow", "hang", "http", "badjson", "err")
LONGEST_SECONDS = 60
FOR_EVER = -1


@dataclass
class Fault:
    """Strikes `times` calls of `path` (`*`: of every path); -1 is for ever."""

    path: str
    kind: str
    times: int
    seconds: float
    status: int
    errcode: int
    errmsg: str

    def strikes(self, path: str) -> bool:
        return self.times != 0 and self.path in (path, "*")

    def count(self) -> None:
        if self.times != FOR_EVER:
            self.times -= 1

    def wait(self) -> None:
        time.sleep(min(self.seconds, LONGEST_SECONDS))


def fault_of(given: Given) -> Fault:
    """Return the fault described; raises Wrong."""
    given.only("path", "kind", "times", "seconds", "status", "errcode", "errmsg")
    kind = given.text("kind")
    if kind not in KINDS:
        raise Wrong(f"kind must be one of {', '.join(KINDS)}")
    times = given.integer("times", 1, FOR_EVER, 1_000_000)
    if times == 0:
        raise Wrong("times must be 1 or more, or -1 for ever")
    # A hang outlasts every caller unless told otherwise.
    seconds = given.number("seconds", LONGEST_SECONDS if kind == "hang" else 1, 0, LONGEST_SECONDS)
    return Fault(
        path=given.text("path", "*").lstrip("/"),
        kind=kind,
        times=times,
        seconds=seconds,
        status=given.integer("status", 502, 400, 599),
        errcode=given.integer("errcode", None if kind == "err" else -1, -99999, 9_999_999),
        errmsg=given.text("errmsg", ""),
    )
