"""The places we know are those the documents speak for."""

import re
from pathlib import Path

import pytest

from knowledge.vocabulary import places

POLICIES = Path(__file__).parents[4] / "shared" / "policies"


@pytest.mark.needs_shared
def test_the_places_are_those_of_the_five_documents() -> None:
    table = (POLICIES / "README.md").read_text(encoding="utf-8")
    assert set(re.findall(r"\.txt \| (\S+) \|", table)) == set(places())
