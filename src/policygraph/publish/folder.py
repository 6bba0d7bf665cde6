"""Outputs appear whole or not at all.

A folder is written beside its place under another name and swapped in; what was there before stays
until the new one is complete. A run that was cut off in the middle is put right by the next one.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from policygraph.errors import CannotWrite, Where, reason

if TYPE_CHECKING:
    from filelock import FileLock

MANIFEST = "MANIFEST.json"
STORE = "store"


@contextmanager
def locked(target: Path) -> Iterator[None]:
    """Let nobody else write a folder meanwhile.

    Raises:
        CannotWrite: somebody else is writing it, or the place is not writable.
    """
    from filelock import FileLock, Timeout

    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(target.with_name(f".{target.name}.lock"), blocking=False):
            yield
    except Timeout as error:
        raise CannotWrite("publish/busy", Where(str(target))) from error
    except OSError as error:
        raise CannotWrite("publish/cannot-write", Where(str(target)), why=reason(error)) from error


def write_folder(
    target: Path, files: Mapping[str, bytes] | Iterable[tuple[str, bytes]], mark: str = MANIFEST
) -> None:
    """Write a folder with exactly these files in place of whatever was there.

    Args:
        target: the folder.
        files: names, which may have folders in front, and bytes.
        mark: the file by which a folder is known as one that may be replaced.

    Raises:
        CannotWrite: the disk is full or the place is not writable; the old folder is untouched. So
            is a folder that no build wrote (it has no such mark): it is never replaced.
    """
    try:
        recover(target)
        refuse_foreign(target, mark)
        target.parent.mkdir(parents=True, exist_ok=True)
        fresh = Path(tempfile.mkdtemp(prefix=f".{target.name}.new-", dir=target.parent))
        try:
            for name, data in files.items() if isinstance(files, Mapping) else files:
                (fresh / name).parent.mkdir(parents=True, exist_ok=True)
                _write(fresh / name, [data])
            fresh.chmod(0o755)
            swap_in(fresh, target)
        finally:
            shutil.rmtree(fresh, ignore_errors=True)
    except OSError as error:
        raise CannotWrite("publish/cannot-write", Where(str(target)), why=reason(error)) from error


def write_file(target: Path, data: bytes | Iterable[bytes]) -> None:
    """Write one file in place of whatever was there.

    Args:
        target: its path.
        data: its bytes, whole or in pieces.

    Raises:
        CannotWrite: the disk is full or the place is not writable; the old file is untouched.
    """
    fresh = target.with_name(f".{target.name}.new-{os.getpid()}")
    try:
        _write(fresh, [data] if isinstance(data, bytes) else data)
        fresh.replace(target)
    except OSError as error:
        raise CannotWrite("publish/cannot-write", Where(str(target)), why=reason(error)) from error
    finally:
        fresh.unlink(missing_ok=True)


def write_over(target: Path, data: bytes, was: str) -> None:
    """Write one file in place of what it held when it was read, and of nothing else.

    Args:
        target: its path.
        data: its new bytes.
        was: sha256 of the bytes it was read with; empty where it did not exist.

    Raises:
        CannotWrite: somebody changed the file meanwhile, or the place is not writable; the file is
            as they left it.
    """
    from filelock import Timeout

    try:
        with _one_at_a_time(target):
            now = hashlib.sha256(target.read_bytes()).hexdigest() if target.is_file() else ""
            if now != was:
                raise CannotWrite("publish/changed-meanwhile", Where(str(target)))
            write_file(target, data)
    except Timeout as error:
        raise CannotWrite("publish/changed-meanwhile", Where(str(target))) from error
    except OSError as error:
        raise CannotWrite("publish/cannot-write", Where(str(target)), why=reason(error)) from error


def _one_at_a_time(target: Path) -> FileLock:
    """Give the lock of a file; it lies elsewhere, since people look at the folder of the file."""
    from filelock import FileLock

    name = hashlib.sha256(str(target.resolve()).encode()).hexdigest()[:24]
    owner = getattr(os, "getuid", lambda: "")()
    return FileLock(Path(tempfile.gettempdir()) / f"policygraph-{owner}-{name}.lock", timeout=5)


def _write(path: Path, pieces: Iterable[bytes]) -> None:
    with path.open("wb") as file:
        file.writelines(pieces)
        file.flush()
        os.fsync(file.fileno())


def swap_in(fresh: Path, target: Path) -> None:
    """Put a complete folder in the place of the old one."""
    old = _old(target)
    if target.exists():
        target.rename(old)
    fresh.rename(target)
    shutil.rmtree(old, ignore_errors=True)


def recover(target: Path) -> None:
    """Undo a swap that was cut off half-way, and clear what it left."""
    old = _old(target)
    if old.exists() and not target.exists():
        old.rename(target)
    shutil.rmtree(old, ignore_errors=True)
    for leftover in target.parent.glob(f".{target.name}.new-*"):
        shutil.rmtree(leftover, ignore_errors=True)


def _old(target: Path) -> Path:
    return target.with_name(f".{target.name}.old")


def refuse_foreign(target: Path, mark: str = MANIFEST) -> None:
    """Stop where a folder was not written by a build.

    Raises:
        CannotWrite: it has no manifest, or what else marks such a folder.
    """
    if target.exists() and not (target / mark).exists() and any(target.iterdir()):
        raise CannotWrite("publish/not-ours", Where(str(target)))
