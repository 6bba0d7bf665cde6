"""Processes that do not outlive the server that started them."""

from __future__ import annotations

import ctypes
import signal
import sys

_END_WITH_PARENT = 1


def end_with_parent() -> None:
    """Have this process end with the one that started it, and Ctrl-C be for that one alone."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_END_WITH_PARENT, signal.SIGKILL, 0, 0, 0)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
