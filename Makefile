# Two commands: `make demo` and `make test`. Each sets up all it needs, on a machine
# that has only Python >= 3.11 and make.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
# pip knows where packages are to be had here; uv unpacks them in a fifth of pip's time.
QUIET := -q --disable-pip-version-check
LOCKED := --no-deps --require-hashes -r
WHEELS := $(VENV)/wheels
FIRST := $(QUIET) install --no-compile $(LOCKED) $(VENV)/first
FETCH := $(BIN)/pip $(QUIET) wheel -w $(WHEELS) $(LOCKED)
UNPACK := $(BIN)/uv pip install -q --python $(BIN)/python --no-cache --no-index --no-deps
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
	@rm -rf $(WHEELS)
	$(PYTHON) -m venv --without-pip $(VENV)
	awk '/^(pip|uv)==/, !/\\$$/' requirements.lock > $(VENV)/first
	if $(PYTHON) -m pip --version > /dev/null 2>&1; \
		then $(PYTHON) -m pip --python $(BIN)/python $(FIRST); \
		else $(BIN)/python -m ensurepip > /dev/null && $(BIN)/python -m pip $(FIRST); fi
	awk '/^[a-z]/ { n++ } { print > "$(VENV)/half" n % 2 }' requirements.lock
	$(FETCH) $(VENV)/half0 & one=$$!; $(FETCH) $(VENV)/half1 && wait $$one  # a core each
	$(UNPACK) $(WHEELS)/*.whl
	$(UNPACK) --no-build-isolation -e .
	@rm -r $(WHEELS)
	@touch $(READY)
