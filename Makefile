# `make serve` and `make test` are all that an editor needs; both set up .venv on first use.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
PUBLISHED ?= published
READY := $(VENV)/.ready
# Material prints an advertisement for its successor otherwise.
export NO_MKDOCS_2_WARNING = 1

.PHONY: serve test check build edition publish pdf zip bench builders lighthouse golden lock clean

serve: $(READY)
	$(BIN)/mkdocs serve --dev-addr 127.0.0.1:8000

test: $(READY) check
	$(BIN)/python -m pytest
	$(BIN)/mkdocs build --strict

# Lint, form and types.
check: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

build: $(READY)
	$(BIN)/mkdocs build --strict

# Writes the snapshot of the next edition; the commit of it alone is the edition.
edition: $(READY)
	$(BIN)/handbook edition

# All editions and the latest text for a static host: make publish SITE_URL=https://… PUBLISHED=folder
publish: $(READY)
	$(BIN)/handbook publish $(PUBLISHED)

# The whole handbook as one file; needs Pango and fonts of the system, which it names when they are missing.
pdf: build
	$(BIN)/handbook pdf site site/handbook.pdf

# The whole site to be read from a disk: unpack it and open index.html.
zip: build
	$(BIN)/handbook zip site site/handbook.zip

# Cost of the checks beside lychee and beside a build, and of the build with and without our extension and plugin and
# beside mkdocs-bibtex. The peers get environments of their own.
bench: $(READY)
	$(BIN)/python bench/checks.py
	$(BIN)/python bench/build.py

# Does ProperDocs build the same pages, ids and links? Installs it in an environment of its own.
builders: $(READY)
	$(BIN)/python bench/builders.py

# Needs node, npm and chromium on the path.
lighthouse: $(READY)
	$(BIN)/python bench/lighthouse.py

# What real CSL processors make of references.bib and of our sections; needs pandoc 3.9 or later, node and npm on the path.
golden: $(READY)
	$(BIN)/python tests/golden/remake.py
	$(BIN)/python tests/golden/sections.py

# After a change of requirements.in; needs uv.
lock:
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
		-o requirements.txt requirements.in

clean:
	rm -rf $(VENV) site .pytest_cache .mypy_cache .ruff_cache

$(READY): requirements.txt pyproject.toml
	$(PYTHON) -m venv --clear $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $(READY)
