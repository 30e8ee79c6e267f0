# Everything happens in .venv, which the first command makes. It needs Python 3.11 or later with venv, and nothing else.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
# one more than there are cores: some tests wait for a time limit
WORKERS ?= $(shell $(PYTHON) -c 'import os; print((os.cpu_count() or 1) + 1)')
ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help demo test check coverage year bench crash lock clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

$(VENV)/run: requirements/runtime.txt requirements/build.txt pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(PIP) install --require-hashes -r requirements/runtime.txt -r requirements/build.txt
	$(PIP) install --no-deps --no-build-isolation -e .
	touch $@

$(VENV)/develop: $(VENV)/run requirements/dev.txt
	$(PIP) install --require-hashes -r requirements/runtime.txt -r requirements/dev.txt
	touch $@

demo: $(VENV)/run ## twelve people through the wait, then their phones to type on (ARGS=--no-serve ends before)
	$(BIN)/medvind demo $(ARGS)

test: $(VENV)/develop ## the whole suite, on SQLite, on a real PostgreSQL and in a real browser that it brings
	PYTHONDONTWRITEBYTECODE= $(BIN)/pytest -n $(WORKERS) --dist worksteal $(ARGS)

check: $(VENV)/develop ## form, types, the house's walls, documents and locks
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m tests.documents
	$(BIN)/pytest -q tests/rules --cov=medvind.rules --cov-report= --cov-fail-under=100

coverage: $(VENV)/develop ## the whole suite again, with every line and branch it runs in-process
	$(BIN)/pytest -q -n $(WORKERS) --dist worksteal --cov --cov-report=term --cov-fail-under=93 $(ARGS)

year: $(VENV)/develop ## three years of a thousand people, beside an oracle that shares no line with the product
	$(BIN)/python -m tests.year.run $(or $(ARGS),--people 1000 --years 3)

bench: $(VENV)/develop ## planning and sending, beside a bare client
	$(BIN)/python -m tests.bench $(ARGS)

crash: $(VENV)/develop ## a thousand kills and other sudden ends while workers send, about a quarter of an hour
	$(BIN)/python -m tests.crash $(ARGS)

lock: ## renews requirements/ from pyproject.toml (needs uv)
	uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-strip-extras --no-header -q -o requirements/runtime.txt
	uv pip compile --group build --universal --python-version 3.11 --generate-hashes --no-strip-extras --no-header -q -c requirements/runtime.txt -o requirements/build.txt
	uv pip compile --group dev --universal --python-version 3.11 --generate-hashes --no-strip-extras --no-header -q -c requirements/runtime.txt -c requirements/build.txt -o requirements/dev.txt

clean: ## removes what the commands above made
	rm -rf $(VENV) build dist .hypothesis .pytest_cache .mypy_cache .ruff_cache
