# The commands of this project. `make help` shows them.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
RUN := .venv/bin/
ARGS ?=

MAKEFLAGS += --no-print-directory
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help
.PHONY: help screenshots demo demo-reset run test coverage check format migration bench proof lock clean \
	machine-runtime machine-test check-format check-lint check-types check-layers check-templates check-migrations check-api

help: ## Toon deze lijst
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-11s %s\n", $$1, $$2}' Makefile
	@echo "Instelbaar, bijvoorbeeld: PORT=8001 DATA_DIR=/srv/demo make demo"

# ------------------------------------------------------------------ starten

demo: machine-runtime .venv/.runtime ## Start met voorbeeldgegevens op http://127.0.0.1:8000
	@$(RUN)python -m scripts.serve demo

demo-reset: machine-runtime .venv/.runtime ## Begin opnieuw met verse voorbeeldgegevens
	@$(RUN)python -m scripts.serve demo-reset

run: machine-runtime .venv/.runtime ## Start voor echt gebruik (zie docs/operations.md)
	@$(RUN)python -m scripts.serve run

# ------------------------------------------------------------------ controleren

test: machine-test .venv/.dev check ## Alle controles en alle tests (ARGS="-k naam" voor een deel)
	@$(RUN)python -m pytest -n 2 --dist loadfile --no-loadscope-reorder $(ARGS)

coverage: machine-test .venv/.dev ## Welke regels de tests raken; duurt twee keer zo lang als de tests
	@$(RUN)python -m pytest -n 2 --dist loadfile --no-loadscope-reorder --cov --cov-report=term $(ARGS)

check: .venv/.dev ## De snelle controles: opmaak, fouten, typen, lagen, sjablonen, migraties
	@$(MAKE) -k -j2 --output-sync=target \
		check-types check-migrations check-lint check-format check-layers check-templates

check-format:
	@$(RUN)ruff format --check --quiet --output-format concise . || { echo "Voer 'make format' uit."; exit 1; }

check-lint:
	@$(RUN)ruff check --quiet .
	@echo "regels in orde"

check-types:
	@$(RUN)mypy --no-error-summary
	@echo "typen in orde"

check-layers:
	@$(RUN)lint-imports > .venv/layers.log 2>&1 || { cat .venv/layers.log; exit 1; }
	@echo "lagen in orde"

check-templates:
	@$(RUN)djlint templates --check --quiet || { echo "Opmaak van sjablonen: voer 'make format' uit."; exit 1; }
	@$(RUN)djlint templates --lint --quiet
	@echo "sjablonen in orde"

check-migrations:
	@$(RUN)python -m scripts.scratch database check
	@echo "migraties in orde"

check-api: .venv/.dev ## Controleer de beschrijving van de API met Spectral, als Node dat heeft
	@$(RUN)python -m scripts.check_api

migration: .venv/.dev ## Schrijf de volgende migratie uit de modellen (NAME=credit_notes)
	@test -n "$(NAME)" || { echo "Geef de migratie een naam, bijvoorbeeld: make migration NAME=credit_notes"; exit 2; }
	@$(RUN)python -m scripts.scratch database draft "$(NAME)"
	@$(RUN)ruff format --quiet migrations/versions

format: .venv/.dev ## Zet Python en sjablonen in de afgesproken opmaak
	@$(RUN)ruff check --fix-only --quiet .
	@$(RUN)ruff format --quiet .
	@$(RUN)djlint templates --reformat --quiet || true

bench: .venv/.dev ## Meet de snelheid (bench/)
	@$(RUN)python -m pytest bench -p no:randomly -o python_files='bench_*.py' -o python_functions='bench_*' -s $(ARGS)

proof: .venv/.dev ## Bewijzen die te lang duren voor elke wijziging (proof/)
	@$(RUN)python -m pytest proof -p no:randomly -o python_files='prove_*.py' -o python_functions='prove_*' -s $(ARGS)

# ------------------------------------------------------------------ onderhouden

screenshots: .venv/.dev ## Teken docs/screenshots opnieuw van een draaiende demo (URL=http://127.0.0.1:8000)
	@$(RUN)python -m scripts.screenshots $(ARGS)

COMPILE = $(RUN)uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	--custom-compile-command "make lock" $(ARGS) pyproject.toml

lock: .venv/.dev ## Leg de versies opnieuw vast (ARGS=--upgrade voor nieuwere)
	@$(COMPILE) --output-file requirements.txt
	@$(COMPILE) --constraint requirements.txt --extra dev --output-file requirements-dev.txt

clean: ## Ruim tussenresultaten op; gegevens in .data blijven staan
	@rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis .coverage .coverage.* htmlcov
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

machine-runtime:
	@$(PYTHON) -B -m scripts.system_packages runtime

machine-test:
	@$(PYTHON) -B -m scripts.system_packages test

INSTALL = $(PYTHON) -m venv .venv && $(RUN)python -m pip install --quiet --disable-pip-version-check --require-hashes

.venv/.runtime: requirements.txt
	@echo "Pakketten installeren …"
	@$(INSTALL) -r requirements.txt
	@touch $@

.venv/.dev: requirements-dev.txt
	@echo "Pakketten installeren …"
	@$(INSTALL) -r requirements-dev.txt
	@touch $@ .venv/.runtime
