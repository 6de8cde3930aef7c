# Two commands: `make demo` and `make test`. Each sets up all it needs, on a machine
# that has only Python >= 3.11 and make.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
QUIET := -q --disable-pip-version-check
LOCKED := --no-deps --require-hashes -r
UV := $(BIN)/uv pip install -q --system-certs --no-cache --python $(BIN)/python
PORT ?= 3000
WORKERS ?= 2

# Where it is set, every process that a test starts would compile all modules anew.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help demo test lint unit bench fuzz chaos lock clean

help: ## Say what there is
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

demo: $(READY) ## The whole desk at work in a browser (PORT=3000, RESET=1 starts afresh)
	@$(BIN)/riskdesk demo --port $(PORT) $(if $(RESET),--reset)

test: $(READY) ## Everything: style, types, unit, property, browser, PostgreSQL
	@$(MAKE) --no-print-directory -j2 lint unit  # tests wait at times: types are checked then

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy .

unit: $(READY)
	$(BIN)/python -m pytest -q -n $(WORKERS) --dist worksteal

bench: $(READY) ## Speed and memory, as ratios against a comparison in the same run
	$(BIN)/python -m benchmarks

fuzz: $(READY) ## Look for what breaks a property: other examples each time, ten times as many
	FUZZ=1 $(BIN)/python -m pytest -q -n $(WORKERS) -m hypothesis

chaos: $(READY) ## Kill the desk 300 times on each engine while it watches: nothing lost, nothing twice
	KILLS=300 $(BIN)/python -m pytest -q tests/chaos

lock: $(READY) ## Pin every package with its hashes
	$(BIN)/pip-compile -q --all-extras --generate-hashes --allow-unsafe --strip-extras \
		--no-header --no-emit-index-url --no-emit-find-links --no-emit-trusted-host \
		--output-file requirements.lock pyproject.toml

clean: ## Remove what `make` made
	rm -rf $(VENV) .demo build *.egg-info

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| (echo "Riskdesk needs Python 3.11 or newer; set PYTHON=…" && exit 1)
	$(PYTHON) -m venv --without-pip $(VENV)
	@awk '/^uv==/, !/\\$$/' requirements.lock > $(VENV)/uv.lock
	@# uv takes a fifth of pip's time; pip brings it, and serves where only pip was told
	@# where packages are to be had.
	@if $(PYTHON) -m pip --version > /dev/null 2>&1; \
		then pip="$(PYTHON) -m pip --python $(BIN)/python"; \
		else $(BIN)/python -m ensurepip > /dev/null; pip="$(BIN)/python -m pip"; fi; \
	pip="$$pip $(QUIET) install --no-compile $(LOCKED)"; set -ex; \
	$$pip $(VENV)/uv.lock; \
	$(UV) $(LOCKED) requirements.lock || $$pip requirements.lock
	$(UV) --no-deps --no-build-isolation -e .
	@touch $(READY)
