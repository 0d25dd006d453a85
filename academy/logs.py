"""One line of JSON for each event, with a request id that follows into tasks. No personal data."""

import json
import logging
import re
from contextvars import ContextVar
from datetime import UTC, datetime

# PostgreSQL tells the whole row it refused, people's words and all: behind a line break, or its repr.
ROW = re.compile(r"(\n|\\n)DETAIL:.*?(?=\n\n(?:The above exception|During handling)|\Z)", re.DOTALL)

_request_id: ContextVar[str] = ContextVar("request_id", default="")


def current_request_id() -> str:
    return _request_id.get()


def remember_request_id(value: str) -> None:
    _request_id.set(value)


class RequestIdFilter(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = current_request_id()
        return True


def without_rows(words: str) -> str:
    return ROW.sub(" (the row is left out)", words)


class JSONFormatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": without_rows(record.getMessage()),
        }
        if request_id := getattr(record, "request_id", ""):
            line["request_id"] = request_id
        line.update(getattr(record, "facts", {}))
        if record.exc_info:
            line["error"] = without_rows(self.formatException(record.exc_info))
        return json.dumps(line, ensure_ascii=False, default=str)
