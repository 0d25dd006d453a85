"""Runs the academy's processes side by side: prefixed logs, restarts, an orderly end."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from devkit import processes
from devkit.bootstrap import ROOT, Trouble

COLOURS = {"web": 36, "worker": 32, "rounds": 34, "beat": 33, "inbox": 37, "run": 35}
BIN = Path(sys.executable).parent
SHORT, OFTEN = 60, 5


def say(name: str, text: str) -> None:
    label = f"{name:>6} | "
    if sys.stdout.isatty() and "NO_COLOR" not in os.environ:
        label = f"\033[{COLOURS[name]}m{label}\033[0m"
    with contextlib.suppress(OSError):  # a terminal that was closed stops nothing from ending well
        sys.stdout.write(f"{label}{text}\n")
        sys.stdout.flush()


def local(command: Sequence[str]) -> list[str]:
    """The same command with this environment's own program, to die with us."""
    first, *rest = command
    return [*processes.dies_with_parent(signal.SIGTERM), str(BIN / first), *rest]


class Stopped(Exception):
    """Somebody asked for the end while something was still being prepared."""


class Supervisor:
    def __init__(self, env: Mapping[str, str]) -> None:
        self.env = {**env, "PYTHONUNBUFFERED": "1"}
        self.stopping = threading.Event()
        self.children: dict[str, subprocess.Popen[bytes]] = {}
        self.commands: dict[str, Sequence[str]] = {}
        self.readers: list[threading.Thread] = []
        self.ends: dict[str, list[float]] = {}

    def heed_signals(self) -> None:
        for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            if name != signal.SIGHUP or signal.getsignal(name) != signal.SIG_IGN:  # nohup's wish
                signal.signal(name, lambda *_: self.stopping.set())

    def once(self, command: Sequence[str], refusal: str) -> None:
        """Run to the end, unless asked to stop meanwhile; `refusal` is for a failure."""
        child = self.spawn("run", command)
        while child.poll() is None and not self.stopping.is_set():
            self.stopping.wait(0.05)
        processes.end(child, signal.SIGTERM, 5)
        if self.stopping.is_set():
            raise Stopped
        if child.returncode:
            self.read_out()
            raise Trouble(refusal)

    def launch(self, name: str, command: Sequence[str]) -> None:
        if self.stopping.is_set():
            raise Stopped
        self.commands[name] = command
        self.children[name] = self.spawn(name, command)

    def spawn(self, name: str, command: Sequence[str]) -> subprocess.Popen[bytes]:
        child = processes.start(local(command), env=self.env, cwd=ROOT)
        reader = threading.Thread(target=self.repeat, args=(name, child), daemon=True)
        reader.start()
        self.readers = [r for r in self.readers if r.is_alive()] + [reader]
        return child

    @staticmethod
    def repeat(name: str, child: subprocess.Popen[bytes]) -> None:
        for line in child.stdout or ():
            say(name, line.decode(errors="replace").rstrip("\n"))

    def tend(self) -> None:
        """Start again what ended; give up on what keeps ending."""
        for name, child in self.children.items():
            if child.poll() is not None:
                self.note_end(name, f"ended with {child.returncode}; starting it again")
                processes.end(child, signal.SIGKILL, 0)
                self.launch(name, self.commands[name])

    def note_end(self, name: str, words: str) -> None:
        now = time.monotonic()
        recent = [at for at in self.ends.get(name, []) if now - at < SHORT]
        self.ends[name] = [*recent, now]
        if len(recent) >= OFTEN:
            raise Trouble(f"{name} keeps ending; its own words are above")
        say("run", f"{name} {words}")

    def stop(self) -> None:
        """All at once, but the inbox last: a mail on its way still finds it."""
        first = [child for name, child in self.children.items() if name != "inbox"]
        for child in first:
            if child.poll() is None:
                child.terminate()
        deadline = time.monotonic() + 12
        for child in [*first, *(c for n, c in self.children.items() if n == "inbox")]:
            processes.end(child, signal.SIGTERM, max(0.5, deadline - time.monotonic()))
        self.read_out()

    def read_out(self) -> None:
        for reader in self.readers:
            reader.join(1)
