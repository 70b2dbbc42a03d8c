# The two commands of the README are `make demo` and `make test`; each makes the environment it needs.
# The environment is .venv/: uv builds it where uv is installed, venv and pip otherwise, from the same locked versions.

VENV := .venv
BIN  := $(VENV)/bin
UV   := $(shell command -v uv 2>/dev/null)

# Without uv: the first Python here that will do, unless PYTHON names one.
SUPPORTED := import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))
PYTHON    ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	$$p -c '$(SUPPORTED)' 2>/dev/null && { echo $$p; break; }; done)

.PHONY: help demo test soak test-openai-2 check lint types format lock clean

help:            ## what can be made
	@grep -E '^[a-z]+: .*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1\t/'

demo: $(VENV)/.runtime   ## index examples/ and answer the sample question, with cited sources
	@$(BIN)/qa demo

# The tests start hundreds of processes: where bytecode is switched off, each compiles all of our modules anew.
test: $(VENV)/.dev       ## every test: no network, no key
	@PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest -q -n auto --dist worksteal

soak: $(VENV)/.dev       ## the long forms: kills, changed files, readers beside writers; hours (QA_SOAK=short: minutes)
	@$(BIN)/python benchmarks/soak/run.py

OLD_OPENAI := .venv/openai-2
test-openai-2: $(VENV)/.dev  ## the tests of the model's client with openai 2, beside the locked openai 3
	@test -d $(OLD_OPENAI) || $(PIP_TARGET) $(OLD_OPENAI) "openai>=2.50,<3"
	@PYTHONDONTWRITEBYTECODE= PYTHONPATH=$(OLD_OPENAI) $(BIN)/python -m pytest -q -n auto --dist worksteal $(OPENAI_TESTS)

OPENAI_TESTS := tests/index/remote/test_client.py tests/index/remote/test_library.py tests/index/remote/test_pool.py tests/index/embedding/test_openai.py \
	tests/qa/models/test_openai.py tests/qa/models/test_streams.py tests/qa/models/test_selection.py \
	tests/qa/cli/test_model.py \
	tests/qa/evaluation/running/test_runner.py tests/qa/cli/test_eval.py

check: lint types test   ## what CI runs

lint: $(VENV)/.dev       ## ruff, style and format
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.dev      ## mypy, strict
	$(BIN)/mypy

format: $(VENV)/.dev     ## rewrite the sources in the house style
	$(BIN)/ruff check --fix-only .
	$(BIN)/ruff format .

$(VENV)/.runtime: requirements.lock pyproject.toml | $(VENV)/bin/python
	@echo "installing the locked versions into $(VENV)/ (once; a minute or two)" >&2
	@$(call install,requirements.lock)
	@touch $@

$(VENV)/.dev: requirements-dev.lock pyproject.toml | $(VENV)/bin/python
	@echo "installing the locked versions into $(VENV)/ (once; a minute or two)" >&2
	@$(call install,requirements-dev.lock)
	@touch $@ $(VENV)/.runtime

ifdef UV
PIP_TARGET := $(UV) pip install --quiet --python $(BIN)/python --target

$(VENV)/bin/python:
	@$(UV) venv --quiet --python ">=3.11,<3.14" $(VENV)

define install
$(UV) pip install --quiet --python $(BIN)/python --require-hashes -r $(1) && \
$(UV) pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation -e .
endef
else
PIP_TARGET := $(BIN)/python -m pip install --quiet --disable-pip-version-check --target

$(VENV)/bin/python:
	@test -n "$(PYTHON)" && $(PYTHON) -c '$(SUPPORTED)' || { echo "qa needs Python 3.11 to 3.13; say which one: make PYTHON=python3.12 demo" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV)

define install
$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $(1) && \
$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
endef
endif

lock:                    ## choose the newest versions that pyproject.toml allows, and write them down
	uv pip compile pyproject.toml --group build $(LOCK) -o requirements.lock
	uv pip compile pyproject.toml --extra reader --group build --group dev -c requirements.lock $(LOCK) -o requirements-dev.lock

LOCK := --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-annotate --no-header

clean:                   ## remove the environment and caches
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .hypothesis dist
