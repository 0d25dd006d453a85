"""No container engine is at hand here: what can be known of the files without one."""

import json
import re
from pathlib import Path

import pytest
import yaml
from compose_spec import PyCompose

from devkit import commands

ROOT = Path(__file__).resolve().parents[2]
REQUIRED = {"POSTGRES_PASSWORD": "p", "SECRET_KEY": "s", "NOTES_KEYS": "n"}
OWN = ("migrate", "reference", "web", "worker", "rounds", "beat", "mail")


def filled(text, values):
    """What the compose tool does with ${NAME}, ${NAME:-default} and ${NAME:?words}."""

    def one(match):
        name, how, words = match.groups()
        if name in values:
            return values[name]
        if how == ":?":
            raise KeyError(name)
        return filled(words or "", values)

    inner = r"(?:[^{}]|\$\{[^{}]*\})*"
    return re.sub(rf"\$\{{(\w+)(:[-?])?({inner})\}}", one, text)


def compose(values=REQUIRED):
    return yaml.safe_load(filled((ROOT / "docker-compose.yml").read_text(), values))


def services():
    return compose()["services"]


def words(service):
    return tuple(service["command"])


def test_the_compose_file_follows_its_schema():
    PyCompose.from_json(json.dumps(compose()))


def test_the_schema_check_sees_a_fault():
    broken = compose()
    broken["services"]["web"]["healthcheck"]["interval"] = "soon"

    with pytest.raises(Exception, match="soon"):
        PyCompose.from_json(json.dumps(broken))


@pytest.mark.parametrize("name", sorted(REQUIRED))
def test_it_does_not_start_without_its_secrets(name):
    with pytest.raises(KeyError, match=name):
        compose({key: value for key, value in REQUIRED.items() if key != name})


def test_everything_a_service_names_is_declared():
    whole = compose()
    for service in whole["services"].values():
        assert set(service.get("depends_on", {})) <= set(whole["services"])
        assert set(service["networks"]) <= set(whole["networks"])
        assert {v.split(":")[0] for v in service.get("volumes", [])} <= set(whole["volumes"])


@pytest.mark.parametrize(
    ("name", "command"),
    [
        ("migrate", commands.MIGRATE),
        ("reference", commands.REFERENCE),
        ("web", commands.WEB),
        ("worker", commands.WORKER),
        ("rounds", commands.ROUNDS),
        ("beat", commands.BEAT),
        ("mail", commands.INBOX),
        ("redis", ("valkey-server", *commands.BROKER)),
        ("cache", ("valkey-server", *commands.CACHE)),
    ],
)
def test_every_command_is_one_that_make_run_runs(name, command):
    assert words(services()[name]) == command


def test_no_service_runs_a_command_nobody_compared():
    assert {name for name, service in services().items() if "command" not in service} == {
        "postgres"
    }
    assert set(services()) == {*OWN, "postgres", "redis", "cache"}


def test_the_image_starts_as_the_web_service_does():
    last = [
        line for line in (ROOT / "Dockerfile").read_text().splitlines() if line.startswith("CMD")
    ]

    assert [tuple(json.loads(line.removeprefix("CMD"))) for line in last] == [
        commands.INBOX,
        commands.WEB,
    ]


def test_the_web_service_is_probed_as_make_run_probes_it():
    assert services()["web"]["healthcheck"]["test"] == ["CMD", *commands.PROBE]


def test_the_database_sorts_as_the_embedded_one_does():
    assert services()["postgres"]["environment"]["POSTGRES_INITDB_ARGS"].split() == list(
        commands.INITDB
    )


@pytest.mark.parametrize("name", sorted(services()))
def test_a_service_may_do_no_more_than_it_needs(name):
    service = services()[name]

    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["user"] not in {"", "root", "0"}
    assert service["restart"] == "no" or service["healthcheck"]["test"]


def test_nothing_is_reachable_from_another_machine():
    ports = [port for service in services().values() for port in service.get("ports", [])]

    assert ports
    assert all(port.startswith("127.0.0.1:") for port in ports)


def test_every_setting_of_the_example_is_told_in_the_operations_page():
    example = (ROOT / ".env.example").read_text()
    named = set(re.findall(r"(?m)^(?:# )?([A-Z_]+)=", example)) - {"POSTGRES_PASSWORD"}
    told = set(re.findall(r"`([A-Z_]+)`", (ROOT / "docs" / "operations.md").read_text()))

    assert named
    assert named <= told


def test_every_setting_the_academy_reads_is_told_in_the_operations_page():
    settings = (ROOT / "academy" / "settings.py").read_text()
    read = set(re.findall(r"env\.(?:text|words|whole)\(\s*\"(\w+)\"", settings))
    told = set(re.findall(r"`([A-Z_]+)`", (ROOT / "docs" / "operations.md").read_text()))

    assert "DATABASE_URL" in read
    assert read <= told


def test_the_images_hold_only_what_the_lock_files_name():
    installs = [
        line for line in (ROOT / "Dockerfile").read_text().splitlines() if "pip install" in line
    ]

    assert installs
    assert all("--require-hashes --no-deps" in line for line in installs)
