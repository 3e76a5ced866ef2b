PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
# The folder holds what is needed to run Postkorb once .base exists, and what is needed to work on it once .dev exists.
BASE := $(VENV)/.base
DEV := $(VENV)/.dev

.PHONY: demo test check bench snapshots translations requirements

demo: $(BASE)
	@$(BIN)/python -m app demo

test: $(DEV)
	$(BIN)/python -m pytest -n auto --dist worksteal

check: $(DEV)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m pytest tests/test_house.py

bench: $(DEV)
	$(BIN)/python -m benchmarks

snapshots: $(DEV)
	$(BIN)/python -m pytest tests/screens --snapshot-update

translations: $(DEV)
	$(BIN)/pybabel compile --domain postkorb --directory app/translations

requirements: $(DEV)
	PATH="$(abspath $(BIN)):$$PATH" requirements/compile

$(BASE): requirements/base.txt pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements/base.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

$(DEV): $(BASE) requirements/dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements/dev.txt
	@touch $@
