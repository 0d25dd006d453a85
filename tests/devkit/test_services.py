"""The embedded servers: kept data, crashes, and the plain tools of docs/operations.md."""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest
import redis

from devkit import commands
from devkit.bootstrap import Trouble
from devkit.services import Postgres, Valkey, password


@pytest.fixture
def postgres(tmp_path):
    server = Postgres(tmp_path / "a folder" / "postgres")
    yield server
    server.stop()
    server.remove()


def tool(server, name, *words):
    """A PostgreSQL tool as an operator calls it, against this server."""
    env = {**os.environ, "PGPASSWORD": password(server.home), "PGUSER": "academy"}
    env |= {"PGHOST": "127.0.0.1", "PGPORT": (server.home / "port").read_text()}
    command = [str(server.bin / name), *map(str, words)]
    return subprocess.run(command, env=env, check=True, capture_output=True, text=True).stdout


def test_data_and_address_outlive_a_restart(postgres):
    first = postgres.start()
    with psycopg.connect(first) as line:
        line.execute("create table kept as select 'tŷ' as word")
    postgres.stop()

    second = Postgres(postgres.home)
    try:
        assert second.start() == first
        with psycopg.connect(first) as line:
            assert line.execute("select upper(word) from kept").fetchone() == ("TŶ",)
    finally:
        second.stop()


def test_a_killed_server_starts_again_with_its_data(postgres):
    url = postgres.start()
    with psycopg.connect(url) as line:
        line.execute("create table kept (word text)")
    os.kill(postgres.process.pid, signal.SIGKILL)  # never reaped: it stays as a zombie

    again = Postgres(postgres.home)
    try:
        with psycopg.connect(again.start()) as line:
            assert line.execute("select count(*) from kept").fetchone() == (0,)
    finally:
        again.stop()


def test_without_user_namespaces_root_runs_it_as_nobody(tmp_path, monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda name: None if name == "unshare" else name)
    if os.geteuid() != 0:
        assert Postgres(tmp_path).prefix == []  # everybody else runs it as themselves
        return
    server = Postgres(tmp_path / "postgres")
    try:
        url = server.start()
        server.stop()
        assert server.start() == url
        with psycopg.connect(url) as line:
            assert line.execute("select 1").fetchone() == (1,)
        assert server.process
        status = Path("/proc", str(server.process.pid), "status").read_text()
        assert "Uid:\t65534" in status
    finally:
        server.stop()
        server.remove()
    assert server.elsewhere
    assert not server.elsewhere.exists()


def test_a_server_that_will_not_start_is_one_clear_line(tmp_path):
    server = Postgres(tmp_path, shared_buffers="nonsense")

    with pytest.raises(Trouble, match=r"^PostgreSQL did not start: .*") as told:
        server.start()
    assert "\n" not in str(told.value)
    server.stop()


def test_the_extensions_the_academy_uses_are_there(postgres):
    with psycopg.connect(postgres.start()) as line:
        for name in ("pg_trgm", "unaccent", "btree_gist", "btree_gin"):
            line.execute(f"create extension {name}")


def test_a_backup_is_restored_with_the_plain_tools(postgres, tmp_path):
    url = postgres.start()
    with psycopg.connect(url) as line:
        line.execute(
            "create table notes as select n, 'dŵr ' || n as words from generate_series(1, 500) n"
        )

    tool(postgres, "pg_dump", "-Fc", "-d", "academy", "-f", tmp_path / "academy.dump")
    tool(postgres, "createdb", "restored")
    tool(
        postgres,
        "pg_restore",
        "--exit-on-error",
        "--no-owner",
        "-d",
        "restored",
        tmp_path / "academy.dump",
    )

    question = "select count(*), md5(string_agg(words, ',' order by n)) from notes"
    both = [
        tool(postgres, "psql", "-At", "-d", name, "-c", question)
        for name in ("academy", "restored")
    ]
    assert both[0] == both[1]
    assert both[0].startswith("500|")


@pytest.mark.parametrize(
    ("settings", "policy"), [(commands.BROKER, "noeviction"), (commands.CACHE, "allkeys-lru")]
)
def test_the_broker_forgets_nothing_and_the_cache_may(tmp_path, settings, policy):
    server = Valkey(tmp_path / "a folder", settings)
    try:
        client = redis.from_url(server.start())
        client.set("word", "cwtsh")
        assert client.config_get("maxmemory-policy") == {"maxmemory-policy": policy}
        client.close()
        server.stop()
        client = redis.from_url(server.start())
        assert client.get("word") == (b"cwtsh" if policy == "noeviction" else None)
        client.close()
    finally:
        server.stop()


def test_a_server_dies_with_the_process_that_started_it(tmp_path):
    code = (
        "import sys, time; from pathlib import Path; from devkit.services import Valkey;"
        "server = Valkey(Path(sys.argv[1]), ()); server.start();"
        "print(server.process.pid, flush=True); time.sleep(60)"
    )
    command = [sys.executable, "-c", code, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout
        pid = int(parent.stdout.readline())
        parent.kill()

    end = time.monotonic() + 5
    while Path("/proc", str(pid)).exists() and time.monotonic() < end:
        time.sleep(0.05)
    assert not Path("/proc", str(pid)).exists()
