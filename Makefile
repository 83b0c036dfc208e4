# Two commands on a fresh machine: `make run` opens the window, `make test` runs every check.
#
#   make run ARGS="train nature-show"   any other command of the program
#   make run PYTHON=/path/to/python3    another Python for .venv
#   make run TORCH_INDEX=URL            a further index to take torch from (see the README)

PYTHON ?=
TORCH_INDEX ?=
ARGS ?=

VENV_PYTHON := .venv/bin/python
SET_UP := PYTHON="$(PYTHON)" sh scripts/set_up.sh --torch-index "$(TORCH_INDEX)"
SET_UP_FILES := pyproject.toml scripts/set_up.sh scripts/set_up.py playground/doctor/system_libraries.py

.PHONY: run test lint types imports pytest release-test clean help

run: .venv/ready-to-run
	@$(VENV_PYTHON) -m playground $(ARGS)

test: lint types imports pytest

lint: .venv/ready-to-test
	$(VENV_PYTHON) -m ruff check .

types: .venv/ready-to-test
	$(VENV_PYTHON) -m mypy

imports: .venv/ready-to-test
	.venv/bin/lint-imports

# Last, so that the closing line of pytest is the closing line of `make test`.
pytest: lint types imports
	$(VENV_PYTHON) -m pytest

# The wheel in a wholly empty environment, run from another folder.
release-test: .venv/ready-to-test
	$(VENV_PYTHON) scripts/release_test.py --torch-index "$(TORCH_INDEX)"

clean:
	rm -rf .venv build dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis .cache

help:
	@sed -n '1,6s/^# \{0,1\}//p' Makefile

.venv/ready-to-run: $(SET_UP_FILES)
	@$(SET_UP)

.venv/ready-to-test: $(SET_UP_FILES)
	@$(SET_UP) --test

# A .venv whose Python is gone (moved folder, upgraded system) is made again.
ifneq ($(wildcard .venv),)
ifneq ($(shell $(VENV_PYTHON) -c 'print("runs")' 2>/dev/null),runs)
.PHONY: .venv/ready-to-run .venv/ready-to-test
endif
endif
