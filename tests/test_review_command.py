"""The command that serves the review page: on this machine, to whoever has the address."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import httpx
from click.testing import Result

from conftest import ROOT

YUNZE = ROOT / "examples" / "yunze"
DOCUMENT = "yz-conference-2025"


def test_the_page_is_served_until_ctrl_c(tmp_path: Path) -> None:
    place = Path(shutil.copytree(YUNZE, tmp_path / "yunze"))
    command = [sys.executable, "-m", "policygraph", "review", DOCUMENT, "-C", str(place)]
    with subprocess.Popen(
        [*command, "--by", "reader", "--no-browser", "--lang", "zh"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    ) as served:
        assert served.stdout
        address = served.stdout.readline().strip()
        assert address.startswith("http://127.0.0.1:")
        assert address.endswith("?lang=zh")
        base = address.partition("?")[0]
        transport = httpx.HTTPTransport(retries=20)
        with httpx.Client(transport=transport, trust_env=False) as client:
            assert client.get(address).status_code == 200
            assert client.get(base + "rows").json()["document"] == DOCUMENT
            assert client.get(base.rsplit("/", 2)[0] + "/guess/rows").status_code == 404
        served.send_signal(signal.SIGINT)
        assert served.wait(20) in (0, 130, -signal.SIGINT)


def test_a_review_names_who_decides(run: Callable[..., Result]) -> None:
    result = run("review", DOCUMENT, "-C", YUNZE, "--lang", "en")
    assert result.exit_code == 2
    assert "--by" in result.stderr


def test_what_was_never_drafted_cannot_be_reviewed(
    run: Callable[..., Result], workspace: Path
) -> None:
    (workspace / "data/documents/example-2024/statements.yaml").unlink()
    result = run("review", "example-2024", "-C", workspace, "--by", "reader", "--lang", "en")
    assert result.exit_code == 3
    assert "policygraph draft example-2024" in result.stderr
