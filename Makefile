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
# PYTHON=… names the interpreter (3.11 or newer), CHROMIUM=… the browser.

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
pytest = CHROMIUM=$$($(find_browser)) REQUIRE_BROWSER=1 $(python) -m pytest -o cache_dir=.venv/cache/pytest
spread = -n auto --dist loadscope

test: browser check
	$(pytest) $(spread) -m 'not slow'
	$(pytest) -m slow

test-fast: .venv/development
	$(python) -m pytest -o cache_dir=.venv/cache/pytest $(spread) -m 'not slow and not browser'

coverage: browser
	rm -f .venv/cache/coverage*
	CHROMIUM=$$($(find_browser)) REQUIRE_BROWSER=1 $(python) -m coverage run -m pytest -o cache_dir=.venv/cache/pytest $(spread) -m 'not slow'
	CHROMIUM=$$($(find_browser)) REQUIRE_BROWSER=1 $(python) -m coverage run -m pytest -o cache_dir=.venv/cache/pytest -m slow
	$(python) -m coverage combine --quiet
	$(python) -m coverage report

check: .venv/development
	$(python) -m ruff check .
	$(python) -m ruff format --check .
	$(python) -m mypy indicators
	$(python) -m indicators check data
	$(python) -m indicators format --check data

screenshots: browser
	CHROMIUM=$$($(find_browser)) REQUIRE_BROWSER=1 $(python) -m pytest -o cache_dir=.venv/cache/pytest tests/browser/screenshots.py

bench: browser
	CHROMIUM=$$($(find_browser)) $(python) -m tests.perf $(BENCH)

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
	@$(define_install); \
	for python in "$(PYTHON)" python3 python3.13 python3.12 python3.11 ''; do \
	  if "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then break; fi; \
	done; \
	if [ -z "$$python" ]; then \
	  echo 'Python 3.11 or newer is needed; install it, or name one: make PYTHON=/path/to/python' >&2; exit 1; \
	fi; \
	if ! "$$python" -c 'import ensurepip, venv' 2>/dev/null; then \
	  install "$$("$$python" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')" || exit 1; \
	fi; \
	echo "Making .venv with $$("$$python" --version)"; \
	"$$python" -m venv --clear .venv && touch $@

# Playwright brings its own Node, which a bare Debian cannot start before it has libatomic. nginx is for tests/hosting.
browser: .venv/development
	@$(define_install); \
	{ PATH=$$PATH:/usr/sbin command -v nginx > /dev/null || install nginx-light; } && \
	{ $(find_browser) > /dev/null || install chromium fonts-liberation; } && \
	{ $(python) -m playwright --version > /dev/null 2>&1 || install libatomic1; }

# Shell commands: print the path of the browser, or fail.
find_browser = { command -v "$$CHROMIUM" || command -v chromium || command -v chromium-browser || \
  command -v google-chrome || command -v google-chrome-stable; }

# Shell function: install Debian packages where that needs no password, else say which are missing.
# The package lists of a fresh machine are empty, hence the update; should it fail, the install tells.
define define_install
install() { \
  if ! command -v apt-get > /dev/null; then as_root=none; \
  elif [ "$$(id -u)" = 0 ]; then as_root=env; \
  elif sudo -n true 2>/dev/null; then as_root='sudo -n env'; \
  else as_root=none; fi; \
  if [ "$$as_root" = none ]; then echo "Please install first (Debian's names): $$*" >&2; return 1; fi; \
  echo "Installing $$*"; \
  $$as_root apt-get update -qq; \
  $$as_root DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$$@" > /dev/null; \
}
endef

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
