"""The PDF: the text in each language of the parties, and the same bytes for the same data."""

import io
import uuid
from typing import Any

import pikepdf
import pytest
from sqlmodel import Session

from portal.agreements import paper, queries, wording
from portal.agreements.models import Agreement
from portal.agreements.rules import Standing
from portal.applications.models import Application
from portal.documents import typesetting
from portal.i18n import LANGUAGES
from portal.placements.models import Placement
from tests import make
from tests.people import Cast


def written(made: bytes) -> str:
    """Every text that the file shows, by the characters that its fonts say their glyphs stand for."""
    found = []
    with pikepdf.open(io.BytesIO(made)) as pdf:
        for page in pdf.pages:
            fonts = {name: _characters(font) for name, font in page.Resources.get("/Font", {}).items()}
            for operands, operator in pikepdf.parse_content_stream(page):
                if str(operator) == "Tf":
                    current = fonts[str(operands[0])]
                elif str(operator) in {"Tj", "TJ"}:
                    found.append(_decoded(operands[0], current))
    return "".join("".join(found).split())


def _characters(font: Any) -> dict[bytes, str]:
    mapped = {}
    for line in font.ToUnicode.read_bytes().decode().splitlines():
        parts = line.replace("><", "> <").split()
        if len(parts) == 2 and all(part.startswith("<") and part.endswith(">") for part in parts):
            mapped[bytes.fromhex(parts[0][1:-1])] = bytes.fromhex(parts[1][1:-1]).decode("utf-16-be")
    return mapped


def _decoded(shown: Any, characters: dict[bytes, str]) -> str:
    strings = (
        [shown] if isinstance(shown, pikepdf.String) else [part for part in shown if isinstance(part, pikepdf.String)]
    )
    raw = b"".join(bytes(part) for part in strings)
    return "".join(characters.get(raw[place : place + 2], "") for place in range(0, len(raw), 2))


def standing(session: Session, placement: Placement, **fields: Any) -> Standing:
    made = make.agreement(session, placement, "intern", "host", **fields)
    found = queries.standing(session, placement)
    assert found.agreement is made
    return found


def test_it_holds_the_text_of_all_parties_who_confirmed_and_the_digest(session: Session, placement: Placement) -> None:
    found = standing(session, placement)
    text = written(typesetting.pdf(paper.TEMPLATE, paper.data(found)))
    for language in ("en", "ko", "mn"):
        words = wording.text(wording.VERSION, language)
        for head, sentences in words["sections"]:
            assert "".join(head.split()) in text
            assert "".join(sentences.split())[:40] in text
    assert found.agreement is not None
    assert found.agreement.number in text
    assert found.digest in text
    assert "Батбаярын" in text
    assert "KRW900,000" in text
    assert "(UTC+9)" in text
    assert "(UTC)" in text
    assert "1-1" not in str(found.content["facts"]["intern"]), "no birth date"


def test_the_birth_date_and_the_address_are_nowhere(session: Session, cast: Cast, minors: Placement) -> None:
    found = standing(session, minors)
    told = str(found.content) + written(typesetting.pdf(paper.TEMPLATE, paper.data(found)))
    application = session.get_one(Application, minors.application_id)
    assert str(application.born_on) not in told
    assert application.phone not in told
    assert cast.applicant.address not in told


def test_the_same_agreement_gives_the_same_bytes(session: Session, placement: Placement) -> None:
    found = standing(session, placement)
    assert typesetting.pdf(paper.TEMPLATE, paper.data(found)) == typesetting.pdf(paper.TEMPLATE, paper.data(found))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_is_set_within_the_standards(language: str) -> None:
    """What no face could show would be set outside them."""
    facts: dict[str, Any] = {
        "call": {language: "x", "en": "x"}, "intern": "x", "home": {language: "x", "en": "x"}, "host": "x",
        "host_government": {language: "x", "en": "x"}, "opening": "x", "tasks": "x", "place": "x",
        "presence": "on_site", "starts_on": "2027-07-01", "ends_on": "2027-09-30", "hours": 40, "benefits": [],
        "benefits_note": "",
    }  # fmt: skip
    content = wording.content(facts, wording.languages(language), needs_guardian=True)
    agreement = Agreement(
        placement_id=uuid.uuid4(), number="AG", wording="x", needs_guardian=True, content=content, digest="0" * 64,
        signatures=[],
    )  # fmt: skip
    placement: Any = None
    made = typesetting.pdf(paper.TEMPLATE, paper.data(Standing(placement, agreement, None, content)))
    assert b"pdfaid" in made
    text = written(made)
    for part in (wording.text(wording.VERSION, language)["title"], wording.text(wording.VERSION, language)["waiting"]):
        assert "".join(part.split()) in text


def test_a_draft_says_that_it_is_one(session: Session, placement: Placement) -> None:
    make.agreement(session, placement)
    found = queries.standing(session, placement)._replace(agreement=None)
    data = paper.data(found)
    assert data["number"] == "Draft / 초안 / Төсөл"
    assert all(party["name"] == "" for party in data["parties"])
    assert "초안" in written(typesetting.pdf(paper.TEMPLATE, data))
