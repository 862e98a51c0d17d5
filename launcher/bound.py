"""`python -m launcher.bound MODULE ARGUMENTS`: becomes that program, and ends with its parent.

When a parent is killed its children live on, unwatched, and hold ports and connections. On Linux
the kernel sends each of ours SIGTERM then, so that it ends in order as if it had been told to.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def command(*module: str) -> list[str]:
    """Return the command line that runs a module bound to us."""
    return [sys.executable, "-m", "launcher.bound", *module]


def main(module: list[str]) -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    os.execv(sys.executable, [sys.executable, "-m", *module])  # noqa: S606  # no shell is meant


if __name__ == "__main__":
    main(sys.argv[1:])
