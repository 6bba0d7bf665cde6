"""What is shipped with the program: its licences, and a bill of materials.

``python .ci/supply.py licences`` writes ``docs/licences.md``; ``python .ci/supply.py sbom`` writes
``build/policygraph.cdx.json`` (CycloneDX 1.6). Both are read from ``requirements.lock`` and from
what is installed; the same lock gives the same bytes, and no name of a host or folder is in them.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from importlib import metadata
from pathlib import Path
from typing import Any, cast

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "licences.md"
BILL = ROOT / "build" / "policygraph.cdx.json"

ALLOWED = {
    "0BSD",
    "Apache-2.0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "CC0-1.0",
    "CNRI-Python",
    "ISC",
    "MIT",
    "MIT-0",
    "PSF-2.0",
    "Python-2.0",
    "Unlicense",
    "W3C-20150513",
    "Zlib",
    "ZPL-2.1",
}
"""Licences under which everything may be used, changed and passed on without more than a notice."""

EXCEPTIONS = {
    "certifi": "MPL-2.0: a list of certificates, used as it is",
    "tld": "MPL-1.1, a choice of it: a list of domains, used as it is, for reading web pages",
}
"""Distributions under another licence, and why they may be used all the same."""

_TOLD = {
    "apache 2.0": "Apache-2.0",
    "apache license 2.0": "Apache-2.0",
    "apache software license": "Apache-2.0",
    "apache license, version 2.0": "Apache-2.0",
    "apache-2.0 license": "Apache-2.0",
    "bsd license": "BSD-3-Clause",
    "bsd": "BSD-3-Clause",
    "3-clause bsd license": "BSD-3-Clause",
    "new bsd": "BSD-3-Clause",
    "isc license (iscl)": "ISC",
    "mit license": "MIT",
    "mozilla public license 2.0 (mpl 2.0)": "MPL-2.0",
    "python software foundation license": "PSF-2.0",
}
"""Licences as people write them, by the names of SPDX."""
_MIT = "Permission is hereby granted, free of charge, to any person obtaining a copy"


@dataclass(frozen=True)
class Part:
    """A distribution that the program needs at run time.

    Attributes:
        licence: an expression of SPDX; empty where it does not say.
        needed_by: ``core``, or the extras that bring it.
    """

    name: str
    version: str
    licence: str
    needed_by: tuple[str, ...]


def parts() -> list[Part]:
    """List every distribution that the program and its extras need here, but for development."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    groups = {"core": project["dependencies"], **project["optional-dependencies"]}
    brought: dict[str, set[str]] = {}
    for group, lines in groups.items():
        if group != "dev":
            for name in _closure(lines):
                brought.setdefault(name, set()).add(group)
    found = []
    for name, by in sorted(brought.items()):
        about = metadata.distribution(name)
        needed = ("core",) if "core" in by else tuple(sorted(by))
        found.append(Part(name, about.version, _licence(about), needed))
    return found


def _closure(lines: list[str]) -> set[str]:
    """Follow requirements through what is installed."""
    found: set[str] = set()
    waiting = [(Requirement(line), "") for line in lines]
    while waiting:
        requirement, extra = waiting.pop()
        if requirement.marker and not requirement.marker.evaluate({"extra": extra}):
            continue
        name = canonicalize_name(requirement.name)
        fresh = {name, *(f"{name}[{each}]" for each in requirement.extras)} - found
        found |= fresh
        if fresh:
            needs = metadata.requires(name) or []
            extras = ("", *requirement.extras)
            waiting += [(Requirement(line), each) for line in needs for each in extras]
    return {name for name in found if "[" not in name}


def _licence(about: metadata.Distribution) -> str:
    """Tell a licence as SPDX writes it, from what a distribution says of itself."""
    told = cast("Message", about.metadata)
    if told.get("License-Expression"):
        return str(told["License-Expression"])
    classifiers = (line for line in told.get_all("Classifier") or () if "License ::" in line)
    first = str(told.get("License") or "").strip().partition("\n")[0]
    said = [*(line.rpartition(" :: ")[2] for line in classifiers), first]
    known = (_TOLD.get(text.lower(), text) for text in said)
    fitting = [text for text in known if is_allowed(text) or text in _TOLD.values()]
    return fitting[0] if fitting else _from_text(about)


def _from_text(about: metadata.Distribution) -> str:
    """Know a licence by its text, where a distribution only brings that."""
    names = [path for path in about.files or () if path.name.upper().startswith("LICEN")]
    texts = (path.locate().read_text("utf-8", "replace") for path in names)
    return "MIT" if any(_MIT in " ".join(text.split()) for text in texts) else ""


def is_allowed(licence: str) -> bool:
    """Tell whether an expression of SPDX lets us choose, or keeps us to, allowed licences.

    >>> is_allowed("MIT OR GPL-3.0-only"), is_allowed("MIT AND GPL-3.0-only")
    (True, False)
    """
    plain = licence.replace("(", " ").replace(")", " ")
    choices = re.split(r"\s+OR\s+", plain)
    return any(
        all(part.strip() in ALLOWED for part in re.split(r"\s+AND\s+", choice))
        for choice in choices
    )


def refused(found: list[Part]) -> list[Part]:
    """List the distributions whose licence is neither allowed nor excepted."""
    return [each for each in found if not is_allowed(each.licence) and each.name not in EXCEPTIONS]


def page(found: list[Part]) -> str:
    """Write the page of licences."""
    lines = [
        "# Licences",
        "",
        "What the program needs at run time, with its licence. Written by `make licences`; a test",
        "compares. What only other systems than Linux need is not in the list.",
        "",
        "| distribution | version | licence | needed by |",
        "|---|---|---|---|",
    ]
    lines += [
        f"| {each.name} | {each.version} | {each.licence} | {', '.join(each.needed_by)} |"
        for each in found
    ]
    lines += ["", "Exceptions:", ""]
    names = {each.name for each in found}
    lines += [f"- `{name}`: {why}" for name, why in sorted(EXCEPTIONS.items()) if name in names]
    return "\n".join(lines) + "\n"


def bill(found: list[Part]) -> dict[str, Any]:
    """Write the bill of materials: what the lock pins, with hashes and licences."""
    command = [sys.executable, "-m", "cyclonedx_py", "requirements", "requirements.lock"]
    options = ["--pyproject", "pyproject.toml", "--output-reproducible", "--of", "JSON", "-o", "-"]
    done = subprocess.run([*command, *options], cwd=ROOT, check=True, capture_output=True)
    whole: dict[str, Any] = json.loads(done.stdout)
    licences = {each.name: each.licence for each in found}
    used = {(each.name, each.version) for each in found}  # the lock pins some twice, by system
    kept = (e for e in whole["components"] if (canonicalize_name(e["name"]), e["version"]) in used)
    components = [_component(each, licences) for each in kept]
    whole["components"] = sorted(components, key=lambda each: str(each["purl"]))
    whole["dependencies"] = list(_dependencies(whole))
    for tool in whole["metadata"]["tools"]["components"]:
        tool.pop("externalReferences", None)
    return whole


def _component(told: dict[str, Any], licences: dict[str, str]) -> dict[str, Any]:
    """Give a part of the bill without the line of the lock and the address of the registry."""
    hashes = [h for each in told.get("externalReferences", ()) for h in each.get("hashes", ())]
    licence = licences[canonicalize_name(told["name"])]
    return {
        "type": told["type"],
        "bom-ref": told["purl"],
        "name": told["name"],
        "version": told["version"],
        "purl": told["purl"],
        "licenses": [{"expression": licence}]
        if is_allowed(licence)
        else [{"license": {"name": licence}}],
        "hashes": hashes,
    }


def _dependencies(whole: dict[str, Any]) -> Iterator[dict[str, Any]]:
    root = whole["metadata"]["component"]["bom-ref"]
    references = {canonicalize_name(e["name"]): e["bom-ref"] for e in whole["components"]}
    yield {"ref": root, "dependsOn": sorted(references.values())}
    for name, reference in sorted(references.items()):
        needs = (Requirement(line) for line in metadata.requires(name) or ())
        wanted = (r for r in needs if r.marker is None or r.marker.evaluate({"extra": ""}))
        known = {references.get(canonicalize_name(each.name)) for each in wanted}
        yield {"ref": reference, "dependsOn": sorted(filter(None, known))}


def main() -> None:
    """Write what is asked for."""
    found = parts()
    if sys.argv[1:] == ["licences"]:
        PAGE.write_text(page(found), "utf-8")
    elif sys.argv[1:] == ["sbom"]:
        BILL.parent.mkdir(exist_ok=True)
        BILL.write_text(json.dumps(bill(found), indent=1, ensure_ascii=False) + "\n", "utf-8")
    else:
        sys.exit("licences or sbom")


if __name__ == "__main__":
    main()
