# UnionOps. `make run` starts it, `make test` proves it; `make help` lists the rest.

PYTHON ?= python3
PORT ?= 8000
DATA ?= var

VENV := .venv
PY := $(VENV)/bin/python
# A library from elsewhere must not replace a locked one; each process may use what another one has compiled.
unexport PYTHONPATH PYTHONHOME PYTHONSTARTUP PYTHONDONTWRITEBYTECODE
export PIP_DISABLE_PIP_VERSION_CHECK := 1

MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help
.PHONY: help run test lint locks clean venv libraries tools pages chromium static types style ready

help: ## List these targets
	@sed -n 's/^\([a-z]*\): .*## /\1\t/p' Makefile | while IFS="$$(printf '\t')" read -r name words; do \
		printf '  make %-8s %s\n' "$$name" "$$words"; done
	@echo '  Settings: PORT=8000  DATA=var  PYTHON=python3'

run: libraries pages ## Start everything and keep it running until Ctrl-C: make run PORT=8123 DATA=/some/folder
	@UNIONOPS_DEMO=$${UNIONOPS_DEMO-1} exec $(PY) manage.py up --port '$(PORT)' --data '$(DATA)'

test: tools chromium ## Check style and types, then run every test, the browser's too
	@$(MAKE) --jobs=2 --output-sync types pages style ready
	@$(PY) -m pytest -n 3 --dist loadfile --no-loadscope-reorder --durations=15 --durations-min=5

lint: tools pages static ## Only the checks that start nothing: style, layers, types, templates, migrations, words

# Types take as long as all the others together.
static:
	@$(MAKE) --jobs=2 --output-sync types style

# The processes of the tests begin together: what one of them has compiled and migrated before, none of them waits for.
ready:
	@$(PY) -m pytest --quiet -k test_all_parts_alive >$(VENV)/ready || { cat $(VENV)/ready; exit 1; }

types:
	@echo 'Types ...'
	@$(PY) -m mypy $(if $(CI),--cache-dir=/dev/null)

style:
	@echo 'Style ...'
	@$(PY) -m ruff check
	@$(PY) -m ruff format --check
	@echo 'Layers ...'
	@$(VENV)/bin/lint-imports --no-logo
	@echo 'Templates ...'
	@$(PY) -m djlint templates --quiet --lint
	@echo 'Migrations and words ...'
	@DJANGO_SETTINGS_MODULE=unionops.settings.test $(PY) -W ignore::RuntimeWarning manage.py makemigrations --check --dry-run
	@$(PY) -m unionops.words

locks: venv ## Resolve requirements*.in and package.json anew
	@$(PY) -m pip install --quiet --require-hashes -r requirements-uv.txt
	@for name in requirements requirements-dev requirements-node requirements-uv; do \
		$(PY) -m uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
			--no-emit-index-url --no-emit-find-links $$name.in -o $$name.txt || exit 1; done
	@$(MAKE) libraries
	@$(PY) -m unionops.assets lock

venv:
	@if ! $(PY) -c '' 2>/dev/null; then \
		command -v '$(PYTHON)' >/dev/null || { \
			echo "UnionOps needs Python 3.11 or newer, and there is no $(PYTHON). Install it, or name one: make run PYTHON=/path/to/python3" >&2; exit 1; }; \
		'$(PYTHON)' -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
			echo "UnionOps needs Python 3.11 or newer; $(PYTHON) is $$('$(PYTHON)' -V 2>&1). Name a newer one: make run PYTHON=/path/to/python3" >&2; exit 1; }; \
		'$(PYTHON)' -c 'import ensurepip, venv' 2>/dev/null || { \
			echo "This Python cannot make virtual environments. On Debian and Ubuntu: apt-get install python3-venv" >&2; exit 1; }; \
		rm -rf $(VENV); '$(PYTHON)' -m venv $(VENV); \
	fi

# pip takes three times as long as uv, but knows all ways to a registry: where uv finds none, pip does it.
define install
{ $(PY) -m pip install --quiet --require-hashes -r requirements-uv.txt && \
	UV_DEFAULT_INDEX="$${UV_DEFAULT_INDEX-$$($(PY) -m pip config get global.index-url 2>/dev/null)}" \
	$(PY) -m uv pip install --quiet --system-certs $(2) --require-hashes -r $(1) 2>/dev/null || \
	$(PY) -m pip install --quiet --require-hashes -r $(1); }
endef

# The copy of a lock inside .venv says what was installed from it.
libraries: venv
	@cmp -s requirements.txt $(VENV)/requirements.txt || { \
		echo 'Installing the libraries (once) ...'; \
		$(call install,requirements.txt,--compile-bytecode) && cp requirements.txt $(VENV)/requirements.txt; }

tools: venv
	@cmp -s requirements-dev.txt $(VENV)/requirements-dev.txt || { \
		echo 'Installing the libraries and the tools of the tests (once) ...'; \
		$(call install,requirements-dev.txt,) && cp requirements-dev.txt $(VENV)/requirements-dev.txt; }

pages:
	@$(PY) -m unionops.assets

HAS_CHROMIUM = command -v chromium-headless-shell >/dev/null || command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null

chromium:
	@$(HAS_CHROMIUM) || [ "$$(id -u)" != 0 ] || ! command -v apt-get >/dev/null || { \
		echo 'Installing Chromium for the browser tests (once) ...'; \
		apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends chromium-headless-shell fonts-noto-cjk >/dev/null; } || true
	@$(HAS_CHROMIUM) || { \
		echo 'The browser tests need Chromium. Install it (Debian: apt-get install chromium-headless-shell fonts-noto-cjk), then try again.' >&2; exit 1; }

clean: ## Remove what was installed and built; data in var/ stays
	@rm -rf $(VENV) node_modules static/vendor vendor
