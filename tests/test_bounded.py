"""Questions are asked in a process of their own, within limits; nothing outlives them."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tblib import pickling_support

from policygraph import sealed
from policygraph.bounded import Limits, bounded
from policygraph.errors import UnreadableInput, WorkLost

ROOT = Path(__file__).parents[1]
CROSS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
"""Takes longer than anybody waits."""


def test_what_the_work_gives_is_given() -> None:
    assert bounded(lambda: {"answer": os.getpid()}, Limits())["answer"] != os.getpid()


def test_what_the_work_raises_is_raised() -> None:
    def work() -> None:
        raise UnreadableInput("workspace/none")

    with pytest.raises(UnreadableInput, match="there is no workspace"):
        bounded(work, Limits())


def test_what_the_work_raises_comes_without_a_library_s_error_behind_it() -> None:
    class NotSent(Exception):
        def __init__(self, one: str, two: str) -> None:
            super().__init__(one + two)

    def work() -> None:
        pickling_support.install(UnreadableInput)  # as Dask does: causes are sent along
        try:
            raise NotSent("a", "b")
        except NotSent as error:
            raise UnreadableInput("workspace/none") from error

    with pytest.raises(UnreadableInput, match="there is no workspace"):
        bounded(work, Limits())


def test_work_that_takes_too_long_is_ended() -> None:
    with pytest.raises(WorkLost, match=r"longer than 0\.2 seconds"):
        bounded(lambda: time.sleep(60), Limits(seconds=0.2))


def test_something_else_can_be_done_meanwhile_and_the_limit_still_holds() -> None:
    calls: list[float] = []
    bounded(lambda: time.sleep(0.7), Limits(), lambda: calls.append(time.monotonic()))
    assert calls
    with pytest.raises(WorkLost, match=r"longer than 0\.5 seconds"):
        bounded(lambda: time.sleep(60), Limits(seconds=0.5), lambda: None)


def test_work_that_takes_too_much_memory_is_ended() -> None:
    with pytest.raises(WorkLost, match="more memory"):
        bounded(lambda: len(b"x" * 2**29), Limits(memory=2**28))


def test_work_within_its_memory_is_done() -> None:
    assert bounded(lambda: len(b"x" * 2**20), Limits(memory=2**29)) == 2**20


def ask(*options: str) -> subprocess.Popen[str]:
    """Ask the endless question from a shell."""
    command = [sys.executable, "-m", "policygraph", "query", "-", *options]
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdin
    process.stdin.write(CROSS)
    process.stdin.close()
    process.stdin = None
    return process


def test_a_question_that_takes_too_long_ends_in_a_message() -> None:
    process = ask("--timeout", "0.5", "--lang", "zh")
    said, complained = process.communicate(timeout=60)
    assert process.returncode == 3
    assert said == ""
    assert "查询超过 0.5 秒" in complained
    assert "Traceback" not in complained


def test_ctrl_c_ends_a_question_at_once() -> None:
    process = ask("--timeout", "0")
    time.sleep(8)
    process.send_signal(signal.SIGINT)
    said, complained = process.communicate(timeout=10)
    assert process.returncode == 130
    assert said == ""
    assert "Traceback" not in complained


def test_an_answer_of_too_many_rows_is_refused() -> None:
    command = [sys.executable, "-m", "policygraph", "query", "topics", "--max-rows", "2"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "more than 2 rows" in done.stderr


HEADERS = Path("/usr/include")
NUMBERS = {
    "x86_64": ("x86_64-linux-gnu/asm/unistd_64.h", "EM_X86_64"),
    "aarch64": ("asm-generic/unistd.h", "EM_AARCH64"),
}
"""Headers of the kernel (Debian: linux-libc-dev) with the numbers of calls, and of machines."""


def defined(header: str) -> dict[str, int]:
    path = HEADERS / header
    if not path.exists():
        pytest.skip(f"{path} is not here (Debian: linux-libc-dev)")
    found = re.findall(r"^#define\s+(\w+)\s+(\d+)\b", path.read_text("utf-8"), re.MULTILINE)
    return {name: int(number) for name, number in found}


@pytest.mark.parametrize("machine", sealed._MACHINES)
def test_what_a_worker_may_not_call_has_the_numbers_of_the_kernel(machine: str) -> None:
    header, name = NUMBERS[machine]
    at = list(sealed._MACHINES).index(machine)
    told = {f"__NR_{call}": numbers[at] for call, numbers in sealed._CALLS.items()}
    assert told.items() <= defined(header).items()
    little_and_64_bits = 0xC0000000
    assert sealed._MACHINES[machine] == little_and_64_bits | defined("linux/elf-em.h")[name]
