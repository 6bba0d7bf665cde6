"""Make the bundle of the SPARQL editor again, from pinned packages.

``python vendor/make.py`` writes ``editor.js`` and its licences beside the assets of the site and
notes what they hash to; ``--check`` writes nothing and fails where something differs. Node and npm
are needed for this alone: the bundle is committed.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
ASSETS = HERE.parent / "src" / "policygraph" / "publish" / "site" / "assets"
LIST, SOURCE = HERE / "VENDOR.json", HERE / "editor.mjs"
BUNDLE, LICENCES = ASSETS / "editor.js", ASSETS / "editor.LICENSES.txt"


def main(*, check: bool) -> int:
    """Make the bundle, and write or compare it."""
    listed: dict[str, Any] = json.loads(LIST.read_text("utf-8"))
    with tempfile.TemporaryDirectory() as folder:
        bundle, licences = _made(Path(folder), listed)
    files = {BUNDLE: bundle, LICENCES: licences}
    hashes = {path.name: hashlib.sha256(data).hexdigest() for path, data in files.items()}
    hashes[SOURCE.name] = hashlib.sha256(SOURCE.read_bytes()).hexdigest()
    if check:
        differing = [name for name, found in hashes.items() if listed["sha256"].get(name) != found]
        differing += [p.name for p, data in files.items() if p.read_bytes() != data]
        print("\n".join(differing) or "the bundle is what its sources make")  # noqa: T201
        return 1 if differing else 0
    for path, data in files.items():
        path.write_bytes(data)
    LIST.write_text(json.dumps(listed | {"sha256": hashes}, indent=1) + "\n", "utf-8")
    return 0


def _made(folder: Path, listed: dict[str, Any]) -> tuple[bytes, bytes]:
    packages = listed["packages"]
    wanted = {name: about["version"] for name, about in packages.items()}
    (folder / "package.json").write_text(json.dumps({"private": True, "dependencies": wanted}))
    install = ["npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"]
    subprocess.run(install, cwd=folder, check=True)
    lock = json.loads((folder / "node_modules" / ".package-lock.json").read_text("utf-8"))
    for name, about in packages.items():
        found = lock["packages"][f"node_modules/{name}"]["integrity"]
        if found != about["integrity"]:
            raise SystemExit(f"{name} is not the package that was reviewed: {found}")
    strange = {
        name.removeprefix("node_modules/") for name in lock["packages"] if "@esbuild" not in name
    } - set(packages)
    if strange:
        raise SystemExit(f"not listed in {LIST.name}: {', '.join(sorted(strange))}")
    (folder / SOURCE.name).write_bytes(SOURCE.read_bytes())
    build = ["node_modules/.bin/esbuild", SOURCE.name, "--bundle", "--minify", "--format=iife"]
    options = ["--legal-comments=none", "--target=es2022", "--charset=utf8"]
    done = subprocess.run([*build, *options], cwd=folder, check=True, capture_output=True)
    return done.stdout, _licences(folder, packages)


def _licences(folder: Path, packages: dict[str, Any]) -> bytes:
    texts = []
    for name, about in sorted(packages.items()):
        if about.get("bundled", True):
            text = (folder / "node_modules" / name / "LICENSE").read_text("utf-8").strip()
            texts.append(f"{name} {about['version']} ({about['licence']})\n\n{text}\n")
    return ("\n" + "-" * 72 + "\n\n").join(texts).encode()


if __name__ == "__main__":
    sys.exit(main(check="--check" in sys.argv[1:]))
