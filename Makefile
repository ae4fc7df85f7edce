# Two commands: `make run` makes the packets of the sample forms, `make test` proves that everything holds.
# `make chaos` kills, fills and damages for about an hour; `make load` reads a scan on a busy machine, half an hour.
# `make readme` writes the README's output again.
BIN = .venv/bin
TODAY = 2025-03-17

.PHONY: setup dev update bare run test lint samples editions readme lock chaos power load migration scans constants mutations long drawn visible
setup:
	@deploy/setup

# What tests need besides.
dev:
	@deploy/setup dev

# The clone brought up to date; what the school changed in templates/ moves to etablissement/ first (docs/exploitation.md).
update:
	@deploy/update

run: setup
	@LIASSE_ETABLISSEMENT=tests/samples/etablissement $(BIN)/liasse run --today $(TODAY) tests/samples/*.*; code=$$?; \
	echo "code de sortie $$code"; [ $$code -le 1 ]

test: dev lint
	@$(BIN)/pytest --numprocesses 3 --dist worksteal -m "not long"

lint: dev
	@$(BIN)/ruff check && $(BIN)/ruff format --check && $(BIN)/mypy

chaos: dev
	@$(BIN)/python tests/chaos/siege.py --forms 200 --kills 300
	@$(BIN)/python tests/fuzz/run_fuzz.py --count 2000
	@$(BIN)/pytest tests/chaos tests/hostile

# A run's writes, syncs and renames recorded, and recovery tried from the states that a power cut may leave (half an hour).
power: dev
	@PYTHONPATH=.:tests:tests/chaos $(BIN)/python -m power.measure

load: dev
	@$(BIN)/python tests/chaos/load.py

# Fresh Debian 12 and 13, `make run` as root and as somebody with sudo, then an update from BASE (an hour, 6 GB in /var/tmp;
# as root, with debootstrap).
BASE = origin/main
bare:
	@tests/bare/run_bare $(BASE)

# A workspace made by the release before, with every state in it, then opened by this one (a minute and a half).
migration: dev
	@rm -rf .old && git worktree prune && git worktree add --quiet --force .old 86c04ff
	@PYTHONPATH=.old:.old/tests $(BIN)/python tests/migration/make_old_workspace.py .old .old/workspace
	@$(BIN)/liasse status --all --workspace .old/workspace; $(BIN)/liasse run --today 2025-03-20 --workspace .old/workspace || true
	@git worktree remove --force .old

# Scans of our own form, made and read again (half an hour): 95 % of the values right, none wrong.
scans: dev
	@PYTHONPATH=.:tests $(BIN)/python tests/benchmarks/read_own_scans.py

# Each distance of the digital readers a quarter more and less, on every filled form (an hour): none is accepted wrong.
# Of the reader of scans, on two scans: python tests/intake/constants.py --scans.
constants: dev
	@PYTHONPATH=.:tests:tests/intake $(BIN)/python tests/intake/constants.py

# 2000 forms whose page and bytes differ, then 500 honest ones that real programs saved again (an hour and a half):
# nothing is accepted that the page does not show, and nothing honest gains doubts. `tests/visible/look.py` holds
# what each of them claims against what poppler and Ghostscript draw.
visible: dev
	@PYTHONPATH=.:tests $(BIN)/python tests/visible/measure.py --count 2000
	@PYTHONPATH=.:tests $(BIN)/python tests/visible/honest.py --count 500

# What `make test` leaves out because it takes long, and the cases of which it takes a sample (more than an hour).
long: dev
	@$(BIN)/pytest --numprocesses 2 -m long

# Every drifted form filled by ten people (three minutes); `make test` has some of them.
mutations: dev
	@LIASSE_LONG=1 $(BIN)/pytest --numprocesses 2 tests/intake/test_mutations.py tests/test_scoreboard.py

# Forms of thirty invented schools drawn at random, filled by ten people each, Word and print (half an hour).
# Prints are kept in .cache/drawn; `make drawn SCHOOLS=40-49` looks at ten that nobody has seen.
SCHOOLS = 0-29
drawn: dev
	@PYTHONPATH=.:tests:tests/layouts $(BIN)/python -m drawn.measure --seeds $(SCHOOLS) --people 10

samples: dev
	@$(BIN)/python tests/make_samples.py

# The editions of today's blanks, kept beside their formations: a form that was given out stays readable.
editions: dev
	@PYTHONPATH=. $(BIN)/python tests/make_editions.py

readme: dev
	@$(BIN)/python tests/make_docs.py && $(BIN)/python tests/make_readme.py
	@PYTHONPATH=.:tests:tests/day:tests/layouts:tests/intake $(BIN)/python tests/day/pictured.py

# What running needs, and the same with what tests need: two files, so that `make run` installs no more than it uses.
COMPILE = uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --extra ocr
lock:
	$(COMPILE) --group build --output-file requirements.lock pyproject.toml
	$(COMPILE) --group dev --constraint requirements.lock --output-file requirements-dev.lock pyproject.toml
