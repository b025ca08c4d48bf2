# Two commands do everything: `make build` and `make test`. Both make the environment first.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: build test lint types lock test-lowest update-golden clean

build: .venv/ready          ## build the sample show in seeds/ into output/
	$(BIN)/feedbuilder build --config seeds/feedbuilder.yaml --output output --verbose

test: .venv/ready test-lowest bench-quick   ## everything CI runs
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/deptry .
	$(BIN)/vulture
	$(BIN)/pytest -n auto --cov --cov-report=term:skip-covered

test-lowest: .venv-lowest/ready tests/peers/node_modules   ## the tests with the oldest versions that pyproject.toml allows
	.venv-lowest/bin/pip install --quiet --no-deps --force-reinstall .
	.venv-lowest/bin/python -m pytest -q -n auto -p no:cacheprovider

.PHONY: torture fuzz
torture: .venv/ready        ## kill two thousand builds and look at what they leave (about 25 minutes)
	$(BIN)/python tests/tools/torture.py --kills 2000

fuzz: .venv/ready           ## feed every reader what strangers might write: make fuzz MINUTES=30
	$(BIN)/python tests/fuzz/fuzz.py --minutes $(or $(MINUTES),10)

.PHONY: bench bench-quick
bench: .venv/ready bench/yardsticks/node_modules   ## what a build costs, beside two short scripts
	$(BIN)/python bench/build.py --sizes 201 --without-captions 201

bench-quick: .venv/ready bench/yardsticks/node_modules   ## that the benchmark runs; no time is looked at
	$(BIN)/python bench/build.py --sizes 2 --without-captions 2 --rounds 1

bench/yardsticks/node_modules: bench/yardsticks/package-lock.json
	if command -v npm >/dev/null; then cd bench/yardsticks && npm ci --silent --no-audit --no-fund && touch node_modules; fi

lock: .venv/ready           ## write the lock files from pyproject.toml again
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --python-version 3.11 --group dev pyproject.toml --output-file requirements-dev.txt
	$(BIN)/uv pip compile --quiet --universal --resolution lowest-direct --python-version 3.11 --group test pyproject.toml --output-file requirements-lowest.txt

update-golden: .venv/ready  ## accept what the golden cases give now; read the diff before you commit it
	$(BIN)/pytest tests/golden --update-golden

.venv/ready: requirements-dev.txt pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --upgrade pip
	$(BIN)/pip install --quiet --requirement requirements-dev.txt
	$(BIN)/pip install --quiet --no-deps --editable .
	touch $@

.venv-lowest/ready: requirements-lowest.txt
	$(PYTHON) -m venv .venv-lowest
	.venv-lowest/bin/pip install --quiet --requirement requirements-lowest.txt
	touch $@

tests/peers/node_modules: tests/peers/package-lock.json   # one of the readers is a Node.js library; without npm it is skipped
	if command -v npm >/dev/null; then cd tests/peers && npm ci --silent --no-audit --no-fund && touch node_modules; fi

clean:
	rm -rf .venv .venv-lowest output tests/peers/node_modules bench/yardsticks/node_modules

.PHONY: update-docs
update-docs: .venv/ready    ## write the pages that are made from the catalogues
	$(BIN)/python tests/tools/write_docs.py
	$(BIN)/python tests/tools/write_check_docs.py
