PYTHON ?= python3
PY := .venv/bin/python
GROUPS := app embedded mail test node uv bench
FILL := @$(PYTHON) -m devkit.bootstrap

.PHONY: run test check words bench code lock clean

run:    ; $(FILL) app embedded mail && exec $(PY) -m devkit.run
test:   ; $(FILL) app embedded mail test && exec $(PY) -m devkit.test $(ARGS)
check:  ; $(FILL) app embedded mail test && exec $(PY) -m devkit.check
words:  ; $(FILL) app && $(PY) -m devkit.words update && $(PY) -m devkit.words compile
bench:  ; $(FILL) app embedded mail test && $(PYTHON) -m devkit.bootstrap bench && exec $(PY) -m devkit.bench $(ARGS)
code:   ; @$(PYTHON) -m devkit.keys code

# One resolution: each list is locked beside those before it. ARGS=--upgrade moves to new releases.
lock:
	$(FILL) uv
	@for group in $(GROUPS); do \
	  .venv/bin/uv pip compile -q --generate-hashes --no-emit-index-url --python-version 3.11 \
	    requirements/$$group.in -o requirements/$$group.txt $(ARGS) || exit 1; \
	done

clean:  ; rm -rf .venv .venv-bench var node_modules
