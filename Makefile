# Two commands for a newcomer: `make demo` and `make test`. The rest is for those who work here.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/pip --disable-pip-version-check -q
UI := $(shell find frontend/src frontend/public -type f 2>/dev/null) $(wildcard frontend/package.json frontend/package-lock.json frontend/index.html frontend/vite.config.ts frontend/tsconfig.json)

.PHONY: demo test check lint types ui-check unit docs fmt clean help

help:
	@echo "make demo   安装、建库、载入演示店铺、跑一遍主流程并打开 http://127.0.0.1:8000"
	@echo "            (ARGS=--no-serve 只跑不开服务)"
	@echo "make test   安装并运行全部检查与测试 / set up and run every check and test"

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "需要 Python 3.11 以上 / Python 3.11 or newer is needed"; exit 1; }
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: $(BIN)/python pyproject.toml constraints.txt hatch_build.py $(UI)
	@echo "→ 安装并构建界面 / installing and building the front end"
	@$(PIP) install -c constraints.txt -e .
	@touch $@

$(VENV)/.installed-test: $(VENV)/.installed pyproject.toml constraints.txt
	@echo "→ 安装测试所需 / installing what the tests need"
	@$(PIP) install -c constraints.txt -e '.[test]'
	@touch $@

frontend/node_modules/.dev: $(VENV)/.installed-test frontend/package-lock.json
	@$(BIN)/python hatch_build.py npm ci --no-audit --no-fund --loglevel=error
	@touch $@

demo: $(VENV)/.installed
	@$(BIN)/beihuo demo $(ARGS)

check:
	@sh tests/requirements.sh

test: check $(VENV)/.installed-test lint types ui-check unit

lint: $(VENV)/.installed-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports --no-cache

types: $(VENV)/.installed-test
	$(BIN)/mypy

ui-check: frontend/node_modules/.dev
	$(BIN)/python hatch_build.py npm run --silent check

# A browser that is starved on a busy machine gets one second chance; any other failure gets none.
unit: $(VENV)/.installed-test
	$(BIN)/pytest -n 2 --dist loadfile --reruns 1 --only-rerun TimeoutError $(ARGS)

docs: $(VENV)/.installed
	$(BIN)/beihuo docs

fmt: $(VENV)/.installed-test
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean:
	rm -rf var web/static/app frontend/node_modules
