"""Why two people may suit: the mentee, the mentor and staff read the same sentence."""

import re

import pytest
from django.utils.translation import override

from connections import words
from connections.models import WAYS, Setting

REASONS = [
    {"code": "methods", "ids": [1]},
    {"code": "topics", "ids": [1]},
    *({"code": way.field, "end": end} for way in WAYS for end in (-1, 1)),
    *({"code": code, "bits": bits} for code in ("languages", "formats") for bits in (1, 2, 3)),
    *({"code": "setting", "value": value} for value in Setting.values),
    *({"code": code} for code in ("weak_tie", "other_organisation", "team_unknown")),
]
ADDRESSED = {
    "en": r"\b(you|your|yours)\b",
    "cy": r"\b(chi|chithau|chwi|eich|ohonoch|gennych|gallwch|rydych|ydych|gwnewch)\b|[’']ch\b",
}


@pytest.mark.parametrize("language", ["en", "cy"])
def test_no_reason_addresses_one_reader_as_one_of_the_two(language):
    with override(language):
        said = words.sentences(REASONS, {1: "Run charts"})

    assert len(said) == len(REASONS)
    assert all(one.endswith(".") for one in said)
    assert not [one for one in said if re.search(ADDRESSED[language], one, re.IGNORECASE)]
