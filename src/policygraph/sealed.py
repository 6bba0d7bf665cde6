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
from collections.abc import Iterator, Sequence

_CALLS = {
    "socket": (41, 198),
    "socketpair": (53, 199),
    "connect": (42, 203),
    "accept": (43, 202),
    "accept4": (288, 242),
    "bind": (49, 200),
    "listen": (50, 201),
    "sendto": (44, 206),
    "sendmsg": (46, 211),
    "sendmmsg": (307, 269),
    "execve": (59, 221),
    "execveat": (322, 281),
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "pidfd_getfd": (438, 438),
    "io_uring_setup": (425, 425),
    "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427),
}
"""System calls that are refused, by their numbers on each machine of ``_MACHINES``: what opens a
socket or sends to an address, starts a program, reaches into other processes; and io_uring, which
does all that by other numbers. A test compares them with the kernel's headers."""
_MACHINES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
"""Architectures as the kernel tells them to a filter (linux/audit.h)."""

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
    machine = platform.machine()
    if sys.platform != "linux" or machine not in _MACHINES:
        return False
    at = list(_MACHINES).index(machine)
    calls = [numbers[at] for numbers in _CALLS.values()]
    steps = [_Step(*step) for step in _steps(_MACHINES[machine], calls)]
    program = _Program(len(steps), (_Step * len(steps))(*steps))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0):
        return False
    if libc.prctl(_SET_FILTER, _MODE, ctypes.byref(program), 0, 0):
        return False
    return _holds()


def _steps(arch: int, calls: Sequence[int]) -> Iterator[tuple[int, int, int, int]]:
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
