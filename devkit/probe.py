"""Asks a web process of this machine one question, under the academy's own host name.

`python -m devkit.probe /health/live` ends with 0 when the answer is 200.
"""

from __future__ import annotations

import http.client
import os
import sys
from urllib.parse import urlsplit

from devkit.bootstrap import told


def answer(port: int, path: str, site: str) -> int:
    """The status; 0 when nobody answers."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        line.request("GET", path, headers={"Host": urlsplit(site).netloc})
        return line.getresponse().status
    except (OSError, http.client.HTTPException):
        return 0
    finally:
        line.close()


def main(words: list[str]) -> int:
    port = int(os.environ.get("PORT", "8000"))
    site = os.environ.get("SITE_URL", f"http://localhost:{port}")
    return 0 if answer(port, words[0], site) == 200 else 1


if __name__ == "__main__":
    sys.exit(told(main))
