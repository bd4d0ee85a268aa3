# make model   train, evaluate, package and install the pipeline, and run it on the article
# make test    install the built wheel in an environment of its own and test it
# make test-browser   open the report and the page of facts in a real browser (installs Debian's chromium and a font where they lack)
# make test-ray   run extraction on a local Ray
# make test-label   start a real Label Studio (installed in an environment of its own, 1 GB) and annotate in it; not part of CI
# make lint    style, types, import contract
PYTHON ?= $(shell command -v python3.11 || command -v python3)
PIP := -m pip install --disable-pip-version-check -q -c constraints.txt
BIN := .venv/bin
LABEL_STUDIO := .venv-label/bin/label-studio
CHROMIUM := command -v chromium >/dev/null || { apt-get update -qq && apt-get install -y -qq chromium fonts-wqy-zenhei >/dev/null; }
VERSION := $(shell sed -n 's/^version = "\(.*\)"/\1/p' pyproject.toml)
WHEEL := dist/govnews-$(VERSION)-py3-none-any.whl

.PHONY: model test test-browser test-ray test-label lint clean
.DELETE_ON_ERROR:

model: .venv/installed
	$(BIN)/python -m weasel run all

test: .venv-test/installed
	.venv-test/bin/python -m pytest tests --doctest-modules --pyargs govnews

test-browser: .venv-test/installed
	$(CHROMIUM)
	.venv-test/bin/python $(PIP) "govnews[browser] @ file://$(CURDIR)/$(WHEEL)"
	.venv-test/bin/python -m pytest tests/browser -m browser

test-ray: .venv-test/installed
	.venv-test/bin/python $(PIP) "govnews[ray] @ file://$(CURDIR)/$(WHEEL)"
	.venv-test/bin/python -m pytest tests/extract/test_ray.py -m ray

test-label: .venv-test/installed $(LABEL_STUDIO)
	$(CHROMIUM)
	.venv-test/bin/python $(PIP) "govnews[browser,label] @ file://$(CURDIR)/$(WHEEL)"
	LABEL_STUDIO=$(CURDIR)/$(LABEL_STUDIO) .venv-test/bin/python -m pytest tests/label -m label

lint: .venv/installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

.venv/installed: pyproject.toml constraints.txt
	@echo "Installing into .venv (a minute or two)"
	$(PYTHON) -m venv .venv
	$(BIN)/python $(PIP) -e ".[train,dev,docx,duckdb,html,label,parquet,pretrain,report]"
	touch $@

$(WHEEL): .venv/installed pyproject.toml README.md $(shell find src -type f -not -name '*.pyc')
	$(BIN)/python -m build --wheel --outdir dist .

.venv-test/installed: $(WHEEL) constraints.txt
	@echo "Installing the wheel and what tests need into .venv-test (a minute or two)"
	$(PYTHON) -m venv .venv-test
	.venv-test/bin/python $(PIP) --force-reinstall --no-deps $(WHEEL)
	.venv-test/bin/python $(PIP) "govnews[test] @ file://$(CURDIR)/$(WHEEL)"
	touch $@

# what it needs does not go together with what this package needs
$(LABEL_STUDIO):
	@echo "Installing Label Studio into .venv-label (a minute)"
	$(PYTHON) -m venv .venv-label
	.venv-label/bin/python -m pip install --disable-pip-version-check -q label-studio==1.23.2

clean:
	rm -rf .venv .venv-test .venv-model .venv-label build dist training/runs project.lock
