"""Outlines, fingerprints and figures against the full texts, where those are."""

import hashlib
import re
from pathlib import Path

import pytest

from knowledge.policy.benefits import Amount, Benefit
from knowledge.policy.cards import Card
from knowledge.policy.coverage import coverage
from knowledge.policy.documents import Document
from knowledge.policy.loading import library
from knowledge.policy.outline import sections
from knowledge.policy.shapes import Figure

SHARED = Path(__file__).parents[5] / "shared"

pytestmark = pytest.mark.needs_shared


def text_of(document: Document) -> str:
    return next(
        text
        for path in (SHARED / "policies").glob("0*.txt")
        for text in [path.read_text(encoding="utf-8")]
        if hashlib.sha256(path.read_bytes()).hexdigest() == document.sha256
    )


@pytest.mark.parametrize("folder", sorted(library().documents()))
def test_the_outline_is_that_of_the_text(folder: str) -> None:
    document = library().documents()[folder]
    assert tuple(sections(text_of(document), document.signed, document.foot)) == document.outline


@pytest.mark.parametrize("folder", sorted(library().documents()))
def test_every_figure_stands_in_its_section_as_written(folder: str) -> None:
    document = library().documents()[folder]
    texts = sections(text_of(document), document.signed, document.foot)
    missing = [
        (name, figure.as_written, sign)
        for name, value in {**library().of(Card), **library().of(Benefit)}.items()
        if name.split("/")[1] == folder
        for figure in figures(value)
        for sign in figure.at
        if squeezed(figure.as_written) not in squeezed(texts[sign])
    ]
    assert missing == []


def figures(value: Card | Benefit) -> list[Figure | Amount]:
    if isinstance(value, Card):
        return list(value.figures)
    return [version.amount for version in value.versions if version.amount]


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


def test_every_section_of_the_inventory_is_known() -> None:
    inventory = (SHARED / "domain" / "policy-inventory.md").read_text(encoding="utf-8")
    known = {document.place: document.outline for document in library().documents().values()}
    cited = re.findall(
        r"(拉萨|雄安|威海|江西|津市) ([一二三四五六七八九十]+(?:\([一二三四五六七八九十]+\))?\d*)", inventory
    )
    assert [one for one in cited if one[1] not in known[one[0]]] == []


def test_the_rows_are_those_of_the_inventory() -> None:
    text = (SHARED / "domain" / "policy-inventory.md").read_text(encoding="utf-8")
    listed = re.findall(r"^\| ((?:B-)?(?:LS|XA|WH|JX|JS)-\d\d) \|", text, re.MULTILINE)
    assert sorted(row.row_id for row in coverage(library()).rows) == sorted(listed)


def test_every_service_is_named_where_the_catalogue_says() -> None:
    texts = {
        document.place: sections(text_of(document), document.signed, document.foot)
        for document in library().documents().values()
    }
    named = [
        (key, place, term, sign)
        for key, service in library().services().items()
        for place, terms in service.named.items()
        for term, signs in terms.items()
        for sign in signs
    ]
    assert len(named) > 100
    assert [one for one in named if one[2] not in squeezed(texts[one[1]][one[3]])] == []
