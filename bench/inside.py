"""`python -m bench.inside bench.facts`: run a module's main() inside an academy, print JSON."""

from __future__ import annotations

import json
import sys
from importlib import import_module

import django


def main(module: str, *words: str) -> None:
    django.setup()
    print(json.dumps(import_module(module).main(*words)))


if __name__ == "__main__":
    main(*sys.argv[1:])
