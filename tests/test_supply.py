"""What is shipped with the program is pinned, licensed and told."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from typing import Any

import pytest
import yaml

from conftest import ROOT

sys.path.insert(0, str(ROOT / ".ci"))
import supply

LOCK = (ROOT / "requirements.lock").read_text("utf-8")
WORKFLOW = ROOT / ".github" / "workflows" / "release.yml"


@pytest.fixture(scope="module")
def parts() -> list[supply.Part]:
    return supply.parts()


@pytest.fixture(scope="module")
def bill(parts: list[supply.Part]) -> dict[str, Any]:
    return supply.bill(parts)


def test_every_line_of_the_lock_has_hashes_and_none_names_an_index() -> None:
    pinned = re.findall(
        r"^([\w.\[\]-]+)==([^\s;]+)[^\n]*\\\n((?: +--hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)",
        LOCK,
        re.M,
    )
    names = re.findall(r"^[\w.-]+", LOCK, re.M)
    assert len(pinned) == len(names) > 100
    assert "://" not in LOCK
    assert "index-url" not in LOCK


def test_all_that_is_needed_at_run_time_is_in_the_lock(parts: list[supply.Part]) -> None:
    pins = re.findall(r"^([\w.-]+)==([^\s;\\]+)", LOCK, re.M)
    locked = {(supply.canonicalize_name(name), version) for name, version in pins}
    assert {(part.name, part.version) for part in parts} <= locked


def test_every_licence_is_allowed_or_excepted_with_a_reason(parts: list[supply.Part]) -> None:
    assert supply.refused(parts) == []
    names = {part.name for part in parts}
    assert set(supply.EXCEPTIONS) <= names
    assert all(len(why) > 20 for why in supply.EXCEPTIONS.values())


@pytest.mark.parametrize(
    ("licence", "allowed"),
    [
        ("MIT", True),
        ("GPL-3.0-only", False),
        ("MIT OR GPL-3.0-only", True),
        ("MIT AND GPL-3.0-only", False),
        ("(MIT AND Zlib) OR LGPL-3.0-only", True),
        ("", False),
        ("OSI Approved", False),
    ],
)
def test_a_licence_is_allowed_only_if_it_is_on_the_list(licence: str, allowed: bool) -> None:
    part = supply.Part("some", "1", licence, ("core",))
    assert (supply.refused([part]) == []) is allowed


def test_the_page_of_licences_is_that_of_the_lock(parts: list[supply.Part]) -> None:
    assert supply.PAGE.read_text("utf-8") == supply.page(parts), "run: make licences"


def test_the_bill_of_materials_is_valid_and_whole(
    bill: dict[str, Any], parts: list[supply.Part]
) -> None:
    from cyclonedx.schema import SchemaVersion
    from cyclonedx.validation.json import JsonStrictValidator

    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(json.dumps(bill)) is None
    components = {each["name"]: each for each in bill["components"]}
    assert len(components) == len(parts)
    for each in components.values():
        assert each["hashes"]
        assert each["licenses"]
    references = {each["bom-ref"] for each in bill["components"]} | {"root-component"}
    assert all({each["ref"], *each["dependsOn"]} <= references for each in bill["dependencies"])


@pytest.mark.slow
def test_the_bill_of_materials_is_the_same_again_and_tells_nothing_of_this_machine(
    bill: dict[str, Any], parts: list[supply.Part]
) -> None:
    assert supply.bill(parts) == bill
    text = json.dumps(bill)
    assert "://" not in text.replace("http://cyclonedx.org", "")
    assert str(ROOT) not in text
    assert "timestamp" not in text
    assert "serialNumber" not in text


def test_a_release_is_published_without_a_token_and_with_the_least_rights() -> None:
    text = WORKFLOW.read_text("utf-8")
    workflow = yaml.safe_load(text)
    assert workflow["permissions"] == {}
    rights = {name: job["permissions"] for name, job in workflow["jobs"].items()}
    assert rights == {"build": {"contents": "read"}, "publish": {"id-token": "write"}}
    assert workflow["jobs"]["publish"]["environment"] == "release"
    assert "secrets." not in text
    assert "password" not in text
    used = re.findall(r"uses: (.*)", text)
    pinned = r"[\w.-]+/[\w.-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+"
    assert len(used) == 6
    assert all(re.fullmatch(pinned, each) for each in used)


def test_the_workflow_is_one_that_its_schema_allows() -> None:
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema"]
    done = subprocess.run(
        [*command, "vendor.github-workflows", WORKFLOW], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_recipes_are_there() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    for recipe in ("sbom", "licences"):
        assert f"\n{recipe}:" in makefile
    done = subprocess.run(
        [sys.executable, ".ci/supply.py"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "licences or sbom" in done.stderr
