"""The house: its contracts, its messages, its packaging."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
import venv
from itertools import chain
from pathlib import Path

import pytest

from conftest import ROOT
from policygraph.assets import asset, bundled_root
from policygraph.messages import catalogue

SOURCES = sorted((ROOT / "src" / "policygraph").rglob("*.py"))


def test_the_import_contracts_hold() -> None:
    done = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


def test_every_message_speaks_both_languages_with_the_same_facts() -> None:
    for name, texts in catalogue().items():
        for part in (texts, texts.get("mend", {"en": "", "zh": ""})):
            assert isinstance(part["en"], str), name
            en, zh = (set(re.findall(r"(?<!\{)\{(\w+)\}", part[lang])) for lang in ("en", "zh"))
            assert _languageless(en) == _languageless(zh), f"{name}: {en} and {zh}"


def _languageless(facts: set[str]) -> set[str]:
    return {re.sub(r"_?(en|zh)$", "", fact) for fact in facts}


def test_every_message_the_code_names_exists_and_the_reverse() -> None:
    code = "\n".join(path.read_text("utf-8") for path in SOURCES)
    rooms = {name.split("/")[0] for name in catalogue()}
    pattern = rf'"((?:{"|".join(rooms)})/[a-z0-9-]+)"'
    named = set(re.findall(pattern, code))
    built = {n for n in catalogue() if n.startswith(("explain/", "yaml/"))}
    assert named <= set(catalogue()), f"no such message: {sorted(named - set(catalogue()))}"
    assert set(catalogue()) <= named | built, sorted(set(catalogue()) - named - built)


def test_no_module_is_a_junk_drawer_or_a_second_room() -> None:
    for path in SOURCES:
        assert path.stem not in {"utils", "helpers", "common", "misc"}, path
        assert path.read_text("utf-8").count("\n") <= 400, f"{path}: is there a second room in it?"


def test_no_committed_file_names_an_index_or_a_machine() -> None:
    done = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if done.returncode:
        pytest.skip("not a git checkout")
    lock = (ROOT / "requirements.lock").read_text("utf-8")
    assert "--hash=sha256:" in lock
    assert "://" not in lock
    assert not any(name.endswith(("uv.lock", "package-lock.json")) for name in done.stdout.split())


def test_the_lock_covers_every_declared_dependency() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    declared = [
        *project["dependencies"],
        *chain.from_iterable(project["optional-dependencies"].values()),
    ]
    locked = {
        line.split("==")[0] for line in (ROOT / "requirements.lock").read_text("utf-8").splitlines()
    }
    names = {re.split(r"[<>=\[ ]", text)[0].lower().replace(".", "-") for text in declared}
    assert names <= locked


def test_assets_are_found_in_the_checkout() -> None:
    assert bundled_root() == ROOT
    assert asset("ontology", "policy.ttl").is_file()
    with pytest.raises(ValueError, match="no such room"):
        asset("elsewhere")


@pytest.mark.slow
def test_the_wheel_works_in_an_empty_environment(tmp_path: Path) -> None:
    """Install the built wheel beside the locked libraries, without the checkout on the path."""
    build = [
        sys.executable,
        "-m",
        "hatchling",
        "build",
        "-t",
        "wheel",
        "-d",
        str(tmp_path / "wheel"),
    ]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = (tmp_path / "wheel").glob("*.whl")
    venv.create(tmp_path / "env", with_pip=False)
    python = tmp_path / "env" / "bin" / "python"
    install = [sys.executable, "-m", "pip", "--python", str(python), "install", "-q"]
    install += ["--disable-pip-version-check", "--no-deps"]
    runtime = tmp_path / "runtime.lock"
    runtime.write_text(_runtime_lock(), encoding="utf-8")
    subprocess.run([*install, "--require-hashes", "-r", str(runtime)], check=True)
    subprocess.run([*install, str(wheel)], check=True)
    command = [str(tmp_path / "env" / "bin" / "policygraph")]
    done = subprocess.run(
        [*command, "query", "sums", "-f", "csv"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "32" in done.stdout
    made = subprocess.run([*command, "new", "mine"], cwd=tmp_path, check=False)
    assert made.returncode == 0
    built = subprocess.run([*command, "build", "-C", "mine"], cwd=tmp_path, check=False)
    assert built.returncode == 0


def _runtime_lock() -> str:
    """Keep the blocks of the lock that the package needs at run time."""
    from importlib.metadata import requires

    from packaging.requirements import Requirement

    wanted, waiting = set(), ["policygraph"]
    while waiting:
        for requirement in map(Requirement, requires(waiting.pop()) or []):
            needed = requirement.marker is None or requirement.marker.evaluate({"extra": ""})
            name = requirement.name.lower().replace("_", "-")
            if needed and name not in wanted:
                wanted.add(name)
                waiting.append(name)
    blocks = re.split(r"(?m)^(?=\S)", (ROOT / "requirements.lock").read_text("utf-8"))
    return "".join(block for block in blocks if block.split("==")[0] in wanted)
