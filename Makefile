# Every recipe works typed by hand too. `make demo` and `make test` need python3 (3.11+), git, make.
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready
RUNS := .venv/.runs

.PHONY: demo test slow check fmt lock bench sssom build sbom licences clean

demo: $(RUNS)  ## the main job on the real report: restore, build, validate, infer, ask, publish, serve
	@$(BIN)/policygraph demo --serve

test: $(READY) check  ## every check and the tests that are not slow
	@.ci/browser
	$(BIN)/pytest -n 2 -m "not slow"

slow: $(READY)  ## the slow tests: kills, attacks, the wheel, whole pages of the docs
	@.ci/browser
	$(BIN)/pytest -n 2 -m slow

check: $(READY)  ## all gates but the tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

fmt: $(READY)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

lock:  ## compile requirements.lock again (all extras, hashes, no index address)
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --all-extras --generate-hashes \
	  --no-emit-index-url --no-header --no-annotate -o requirements.lock pyproject.toml

bench: $(READY)  ## measure everything and write docs/performance.md again
	$(BIN)/python bench/page.py

sssom:  ## check the files of links with the SSSOM project's own program, in an environment of its own
	$(PYTHON) -m venv build/sssom
	build/sssom/bin/pip install --quiet sssom==0.4.21
	set -e; for file in data/links/*.sssom.tsv; do build/sssom/bin/sssom validate $$file; done

build: $(READY)  ## the wheel and the source archive, into build/
	$(BIN)/python -m hatchling build -d build

sbom: $(READY)  ## the bill of materials (CycloneDX), into build/
	$(BIN)/python .ci/supply.py sbom

licences: $(READY)  ## docs/licences.md: what is needed at run time, and under which licence
	$(BIN)/python .ci/supply.py licences

clean:
	rm -rf .venv dist build .pytest_cache .mypy_cache .ruff_cache .hypothesis

$(READY): requirements.lock pyproject.toml
	$(PYTHON) .ci/bootstrap.py
	touch $(RUNS) $@

$(RUNS): requirements.lock pyproject.toml
	$(PYTHON) .ci/bootstrap.py run
	touch $@
