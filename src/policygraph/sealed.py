"""A process cut off from all others: no sockets, no programs, whatever it is made to try.

In: the process that calls ``seal``. Out: whether it is sealed. On Linux the kernel itself refuses
what is listed here, by a filter of its own small machine (seccomp, mode 2), so it does not matter
how a request was smuggled past a parser. Elsewhere nothing is sealed and the caller must be
stricter.
"""

from __future__ import annotations

import ctypes
import errno
import platform
import socket
import sys
from collections.abc import Iterator

_RINGS = (425, 426, 427)
"""io_uring, which does by other numbers all that is refused below."""
_MACHINES = {
    "x86_64": (
        0xC000003E,
        (41, 42, 43, 44, 46, 49, 50, 53, 288, 307, 59, 101, 310, 311, 322, 438, *_RINGS),
    ),
    "aarch64": (
        0xC00000B7,
        (198, 199, 200, 201, 202, 203, 206, 211, 242, 269, 117, 221, 270, 271, 281, 438, *_RINGS),
    ),
}
"""Architecture, and the numbers of system calls that are refused: socket, socketpair, connect,
accept, bind, listen and what sends to an address; exec, ptrace and what reaches into other
processes. From the tables of the kernel."""

_LOAD, _EQUAL, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
"""Instructions of the filter: load a word, compare, compare, end."""
_NUMBER, _ARCH = 0, 4
"""Where the number of the call and the architecture stand in what the filter is given."""
_FOREIGN = 0x40000000
"""From here on are the calls of the x32 interface, which repeat the others."""
_ALLOW, _REFUSE = 0x7FFF0000, 0x00050000 | errno.EPERM
_NO_NEW_PRIVILEGES, _SET_FILTER, _MODE = 38, 22, 2


class _Step(ctypes.Structure):
    _fields_ = (
        ("code", ctypes.c_ushort),
        ("yes", ctypes.c_ubyte),
        ("no", ctypes.c_ubyte),
        ("value", ctypes.c_uint32),
    )


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("steps", ctypes.POINTER(_Step)))


def seal() -> bool:
    """Deny this process, for good, every new socket and program; tell whether that holds.

    Threads and processes that are started later are denied the same. What is open stays open.
    """
    machine = _MACHINES.get(platform.machine())
    if sys.platform != "linux" or machine is None:
        return False
    steps = [_Step(*step) for step in _steps(*machine)]
    program = _Program(len(steps), (_Step * len(steps))(*steps))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0):
        return False
    if libc.prctl(_SET_FILTER, _MODE, ctypes.byref(program), 0, 0):
        return False
    return _holds()


def _steps(arch: int, calls: tuple[int, ...]) -> Iterator[tuple[int, int, int, int]]:
    """Write the filter: refuse another architecture, and every call that is listed."""
    refuse = len(calls) + 1  # steps from the first comparison of calls to the last line
    yield _LOAD, 0, 0, _ARCH
    yield _EQUAL, 0, refuse + 2, arch
    yield _LOAD, 0, 0, _NUMBER
    yield _AT_LEAST, refuse, 0, _FOREIGN
    for at, number in enumerate(calls):
        yield _EQUAL, refuse - at - 1, 0, number
    yield _RETURN, 0, 0, _ALLOW
    yield _RETURN, 0, 0, _REFUSE


def _holds() -> bool:
    try:
        socket.socket().close()
    except PermissionError:
        return True
    return False
