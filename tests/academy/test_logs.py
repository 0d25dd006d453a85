"""The log tells what went wrong, and nothing of what people wrote."""

import json
import logging
import sys
import uuid
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils.timezone import now

from academy.logs import JSONFormatter
from academy.models import SupportRequest


def line(message, *args, exc_info=None):
    record = logging.LogRecord("academy", logging.ERROR, __file__, 1, message, args, exc_info)
    return json.loads(JSONFormatter().format(record))


def test_a_refused_row_is_not_told_to_the_log(person):
    at = now()
    refused = SupportRequest(
        asker=person,
        words="a quiet\nstory of mine",
        language="en",
        asked_at=at,
        reply_by=at + timedelta(days=7),
        answered_at=at,
        token=uuid.uuid4(),
    )

    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        refused.save()

    said = line("failed: %s", caught.value, exc_info=(caught.type, caught.value, caught.tb))
    again = line("task raised: %r", caught.value)
    assert "story of mine" in str(caught.value)
    assert "story of mine" not in json.dumps([said, again])
    assert "support_request_answered_with_words" in said["error"]
    assert "support_request_answered_with_words" in again["event"]


def test_an_error_is_told_with_its_place():
    try:
        raise ValueError("no such day")
    except ValueError:
        said = line("failed", exc_info=sys.exc_info())

    assert "no such day" in said["error"]
    assert "test_logs.py" in said["error"]
