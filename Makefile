# make run     the app on http://localhost:8501 (PORT=… for another port)
# make test    every check and test; sets up all that they need, a browser included
# make test-fast  what runs in a minute or two, without a browser and without load, for every day
# make coverage  the tests once more, with a table of what they leave out; fails below 98 % of lines and branches
# make check   style, types and the data folder
# make format  rewrites code and data in their canonical form
# make screenshots  docs/overview.png anew; SCREENSHOTS=folder for every page, size and theme too
# make audit   asks for known weaknesses of the pinned packages (needs the network)
# make bench   speed and size beside what is to be reached; BENCH="--quick --only numbers" for a part
# make lock    renews the pinned versions from pyproject.toml
#
# PYTHON=… names the interpreter (3.11 or newer), CHROMIUM=… the browser. Missing Debian packages are listed, and who is
# not root is asked before they are installed; ASSUME_YES=1 says yes.

PORT ?= 8501
python := .venv/bin/python

# Caches lie beside the environment, so that a run leaves the tree as it was.
export RUFF_CACHE_DIR := .venv/cache/ruff
export MYPY_CACHE_DIR := .venv/cache/mypy
export HYPOTHESIS_STORAGE_DIRECTORY := .venv/cache/hypothesis
test test-fast coverage check screenshots bench: export PYTHONDONTWRITEBYTECODE := 1

.PHONY: run test test-fast coverage check format lock browser screenshots audit bench
.NOTPARALLEL: # two installations at once would wait for each other's lock, or fail
.DEFAULT_GOAL := test

run: .venv/runtime
	$(python) -m streamlit run app.py --server.address localhost --server.port $(PORT) --server.headless false --server.showEmailPrompt false

# Load and faults measure a server, so they have the machine to themselves.
with_browser = CHROMIUM=$$(.ci/prepare find-browser) REQUIRE_BROWSER=1
pytest = $(with_browser) $(python) -m pytest -o cache_dir=.venv/cache/pytest
# In the order of the files, so that the longest, those with a browser, come first.
spread = -n auto --dist loadscope --no-loadscope-reorder

test: browser check
	$(pytest) $(spread) -m 'not slow'
	$(pytest) -m slow

test-fast: .venv/development
	$(python) -m pytest -o cache_dir=.venv/cache/pytest $(spread) -m 'not slow and not browser'

coverage: browser
	rm -f .venv/cache/coverage*
	$(with_browser) $(python) -m coverage run -m pytest -o cache_dir=.venv/cache/pytest $(spread) -m 'not slow'
	$(with_browser) $(python) -m coverage run -m pytest -o cache_dir=.venv/cache/pytest -m slow
	$(python) -m coverage combine --quiet
	$(python) -m coverage report

check: .venv/development
	$(python) -m ruff check .
	$(python) -m ruff format --check .
	$(python) -m mypy indicators
	$(python) -m indicators check data
	$(python) -m indicators format --check data

screenshots: browser
	$(pytest) tests/browser/screenshots.py

bench: browser
	CHROMIUM=$$(.ci/prepare find-browser) $(python) -m tests.perf $(BENCH)

audit: .venv/development
	$(python) -m pip install --quiet pip-audit
	$(python) -m pip_audit --requirement requirements.txt

format: .venv/development
	$(python) -m ruff check --fix .
	$(python) -m ruff format .
	$(python) -m indicators format data

# A stamp is written only when its step has succeeded.
.venv/development: requirements-dev.txt requirements.txt .venv/created
	$(python) -m pip install --quiet --requirement requirements-dev.txt
	@touch .venv/runtime $@

.venv/runtime: requirements.txt .venv/created
	$(python) -m pip install --quiet --requirement requirements.txt
	@touch $@

# An environment whose interpreter has gone (a system upgrade) is made anew.
ifneq ($(shell test -x $(python) && echo works),works)
.PHONY: .venv/created
endif
.venv/created:
	@PYTHON="$(PYTHON)" .ci/prepare environment

browser: .venv/development
	@.ci/prepare browser

# One version of each library for every Python ("fewest"): the same inputs give the same numbers on each machine.
compile := uv pip compile --quiet pyproject.toml --universal --python-version 3.11 --fork-strategy fewest \
  --no-header --no-annotate
lock: .venv/created
	@set -e; scratch=$$(mktemp -d); trap 'rm -rf "$$scratch"' EXIT; \
	$(python) -m venv "$$scratch/venv"; \
	"$$scratch/venv/bin/python" -m pip install --quiet uv; \
	{ echo '# What a hosted app installs. Written by `make lock` from pyproject.toml; not edited by hand.'; \
	  "$$scratch/venv/bin/"$(compile); } > "$$scratch/runtime"; \
	{ echo '# What the tests and checks need besides. Written by `make lock` from pyproject.toml; not edited by hand.'; \
	  echo '-r requirements.txt'; \
	  "$$scratch/venv/bin/"$(compile) --extra dev --constraint "$$scratch/runtime" > "$$scratch/all"; \
	  grep -vxF -f "$$scratch/runtime" "$$scratch/all"; } > "$$scratch/development"; \
	cp "$$scratch/runtime" requirements.txt; cp "$$scratch/development" requirements-dev.txt
