# Needs only Python 3.11 or later and make; everything else is installed into .venv from the lock file, and for the tests
# Go, where the machine has none, from tests/interop/go.txt; what Go needs comes by its own module proxy; PostgreSQL, a headless
# Java and Maven by apt, and Kafka by Maven (deploy/local/jars.py), which the tests start for themselves.
PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3; do \
	$$p -c 'import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null && echo $$p && break; done)
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: help demo test check bench fuzz mutate tamper deployment proof soak schemas lock clean

help:  ## show this
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

$(READY): requirements.lock pyproject.toml
	@test -n "$(PYTHON)" || { echo "Python 3.11 to 3.13 with venv is needed (Debian: apt-get install python3 python3-venv)"; exit 2; }
	@echo "Installing into $(VENV) from requirements.lock, once …"
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $(READY)

demo: $(READY)  ## invented flights through the whole pipeline, to the queues of border police
	@$(BIN)/pnr demo

check: $(READY)  ## format, lint, types, import direction, generated schemas
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pnr_pipeline.cli.schemas --check

test: check  ## the checks and every test of the short form, on two processes
	$(BIN)/python tests/prepare.py
	$(BIN)/pytest -n 2 --dist loadfile

bench: $(READY)  ## travellers per CPU-second: decode, screen, whole path
	$(BIN)/python benchmarks/decode.py
	$(BIN)/python benchmarks/screening.py
	$(BIN)/python benchmarks/path.py

fuzz: $(READY)  ## a million inputs over all readers
	$(BIN)/python tests/fuzz/run.py --inputs 1000000

mutate: $(READY)  ## every value of rules/ changed, one at a time: a test must fail
	$(BIN)/python tests/mutation/run.py

tamper: $(READY)  ## ten thousand tamperings with the audit log, each of them found
	TAMPERINGS=10000 $(BIN)/pytest tests/stores/test_log_tampering.py

vault: $(READY)  ## the keystore tests on a Vault server, built from the Go module proxy: some minutes, 4 GB, once
	$(BIN)/pytest -m vault tests/stores

deployment: $(READY)  ## the files of deploy/ as systemd, Compose and Kubernetes' own types read them: needs systemd and Go
	$(BIN)/pytest -m deployment tests/deploy

proof: $(READY)  ## copies of a million records, tried with every key that is left after masking day (an hour or more)
	PROOF_RECORDS=1000000 $(BIN)/pytest -s tests/stores/test_copies_without_keys.py

soak: $(READY)  ## the long tests
	$(BIN)/pytest -m soak

schemas: $(READY)  ## write schemas/ anew from the records
	$(BIN)/python -m pnr_pipeline.cli.schemas

lock: $(READY)  ## resolve requirements.lock anew from pyproject.toml
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --all-extras --no-header \
		--upgrade pyproject.toml -o requirements.lock

clean:  ## remove what was built here
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache demo pnr-state pnr-state-keys
