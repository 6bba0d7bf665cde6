"""Office files with the same bytes every time: a ZIP whose entries all have one date."""

from __future__ import annotations

import datetime
import io
import re
import zipfile

EPOCH = datetime.datetime(2000, 1, 1)
"""The day that files of fixed content bear; no clock is asked."""

_NOT_ALLOWED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def legal(text: str) -> str:
    """Replace characters that no XML file may hold (XML 1.0, section 2.2)."""
    return _NOT_ALLOWED.sub("\ufffd", text)


def repacked(data: bytes) -> bytes:
    """Write a ZIP again with the same entries, all of them dated ``EPOCH``."""
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as old,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            entry = zipfile.ZipInfo(name, EPOCH.timetuple()[:6])
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o600 << 16
            new.writestr(entry, old.read(name))
    return target.getvalue()
