import importlib.util
import json
import re
import subprocess
import sys
import venv
from pathlib import Path

import pytest

from devkit import bootstrap

ROOT = Path(__file__).resolve().parents[2]
LOCKS = sorted((ROOT / "requirements").glob("*.txt"))


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.stem)
def test_a_lock_file_holds_a_hash_for_each_package_and_names_no_host(lock):
    text = lock.read_text()

    assert "://" not in text
    for pinned in re.findall(r"(?m)^\S+==[^\n]*(?:\n    [^#\n]*)*", text):
        assert "--hash=sha256:" in pinned


def test_the_front_end_lock_names_no_host():
    lock = json.loads((ROOT / "package-lock.json").read_text())

    assert all("resolved" not in package for package in lock["packages"].values())


def test_the_front_end_files_load_nothing_from_elsewhere(tmp_path):
    bootstrap.vendor(tmp_path / "nhsuk")

    style = (tmp_path / "nhsuk" / "nhsuk-frontend.min.css").read_text()
    script = (tmp_path / "nhsuk" / "nhsuk-frontend.min.js").read_text()
    assert "@font-face" not in style
    assert "sourceMappingURL" not in style + script
    assert len(style) > 200_000
    assert (tmp_path / "nhsuk" / "assets").is_dir()


def test_an_address_after_a_line_of_code_is_left_out_too():
    assert bootstrap.without_strangers("a()//# sourceMappingURL=x.js.map\n") == "a()\n"
    assert bootstrap.without_strangers("a{b:c}\n/*# sourceMappingURL=x.css.map */") == "a{b:c}\n"
    assert bootstrap.without_strangers("@font-face{src:url(x)}a{b:c}") == "a{b:c}"


def test_without_the_venv_module_a_person_reads_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: None)

    with pytest.raises(bootstrap.Trouble, match="apt-get install python3-venv"):
        bootstrap.environment(tmp_path / ".venv")
    assert not (tmp_path / ".venv").exists()


def test_an_environment_that_is_a_link_is_replaced_not_emptied(tmp_path, monkeypatch):
    theirs = tmp_path / "theirs"
    theirs.mkdir()
    (theirs / "file").touch()
    (tmp_path / ".venv").symlink_to(theirs)
    monkeypatch.setattr(venv, "create", lambda env, **_how: env.mkdir())

    bootstrap.environment(tmp_path / ".venv")

    assert (theirs / "file").exists()


def test_a_package_that_cannot_be_installed_is_one_line(tmp_path):
    (tmp_path / "requirements").mkdir()
    (tmp_path / "requirements" / "app.txt").write_text("not-there==0 --hash=sha256:" + "0" * 64)
    code = (
        "import sys; from pathlib import Path; from devkit import bootstrap as b;"
        "b.ROOT = Path(sys.argv[1]); b.environment = lambda env: None;"
        f"sys.exit(b.told(lambda _w: b.packages(['app'], Path({str(Path(sys.prefix))!r})) or 0))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)],
        env={"PIP_NO_INDEX": "1", "PATH": "/usr/bin:/bin"},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == "The packages could not be installed; pip says why above"
    assert "Traceback" not in done.stderr
