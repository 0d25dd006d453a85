"""Secrets made on first start and kept in `var/keys`, readable by their owner alone.

`python3 -m devkit.keys code` prints the sample people's present second-factor code.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import secrets
import struct
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from devkit.bootstrap import VAR, Trouble, told

KEYS = VAR / "keys"
STEP = 30


def fernet_key() -> str:
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()


def totp_secret() -> str:
    return base64.b32encode(secrets.token_bytes(20)).decode()


MAKERS: Mapping[str, Callable[[], str]] = {
    "SECRET_KEY": lambda: secrets.token_urlsafe(48),
    "NOTES_KEYS": fernet_key,
    "SAMPLE_PASSWORD": lambda: f"sample-{secrets.token_urlsafe(9)}",
    "SAMPLE_TOTP_SECRET": totp_secret,
}


def kept(folder: Path = KEYS) -> dict[str, str]:
    """Each secret as the environment gives it, else as first made here."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    found = {}
    for name, make in MAKERS.items():
        file = folder / name
        if name not in os.environ and not file.exists():
            file.touch(mode=0o600)
            file.write_text(make() + "\n")
        found[name] = os.environ.get(name) or file.read_text().strip()
    return found


def code(secret: str, *, at: float) -> str:
    """The six digits of RFC 6238 at this moment."""
    key = base64.b32decode(secret.upper() + "=" * (-len(secret) % 8))
    mac = hmac.new(key, struct.pack(">Q", int(at) // STEP), hashlib.sha1).digest()
    start = mac[-1] & 15
    (number,) = struct.unpack(">I", mac[start : start + 4])
    return f"{(number & 0x7FFFFFFF) % 1_000_000:06}"


def main(words: list[str]) -> int:
    file = KEYS / "SAMPLE_TOTP_SECRET"
    secret = os.environ.get("SAMPLE_TOTP_SECRET") or (file.read_text() if file.exists() else "")
    if words != ["code"] or not secret:
        raise Trouble("There is no sample academy yet; make run makes one")
    at = time.time()
    print(code(secret.strip(), at=at))
    print(f"good for {STEP - int(at) % STEP} seconds, once", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(told(main))
