import base64

import pytest
from cryptography.fernet import Fernet

from devkit import keys

RFC_6238 = base64.b32encode(b"12345678901234567890").decode()


@pytest.mark.parametrize(
    ("at", "code"), [(59, "287082"), (1111111109, "081804"), (20000000000, "353130")]
)
def test_the_code_is_the_one_of_the_standard(at, code):
    assert keys.code(RFC_6238, at=at) == code


def test_a_secret_is_made_once_and_kept_from_others(tmp_path, monkeypatch):
    for name in keys.MAKERS:
        monkeypatch.delenv(name, raising=False)

    first = keys.kept(tmp_path / "keys")

    assert keys.kept(tmp_path / "keys") == first
    assert {file.stat().st_mode & 0o777 for file in (tmp_path / "keys").iterdir()} == {0o600}
    assert (tmp_path / "keys").stat().st_mode & 0o777 == 0o700
    assert len(first["SECRET_KEY"]) >= 50
    assert Fernet(first["NOTES_KEYS"])


def test_a_secret_of_the_environment_wins(tmp_path, monkeypatch):
    monkeypatch.setenv("SAMPLE_PASSWORD", "a password of my own")

    assert keys.kept(tmp_path)["SAMPLE_PASSWORD"] == "a password of my own"
    assert not (tmp_path / "SAMPLE_PASSWORD").exists()
