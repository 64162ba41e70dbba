"""What screeners see, and what they do not."""

from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session, col, select

from portal.accounts.models import Role
from portal.contests.models import Edition
from portal.contests.queries import parts
from portal.essays.models import Essay
from portal.history.models import Entry
from portal.passages import actions, queries
from tests import counting, make
from tests.database import JoinedDatabase
from tests.passages.test_actions import own
from tests.people import Cast

As = Callable[..., TestClient]
PASSAGE = "The river does not stop at the border, and neither do the birds that drink from it in the <morning>. " * 3


@pytest.fixture
def pair(session: Session) -> tuple[Essay, Essay]:
    """An essay, and one of an earlier edition with passages in common."""
    earlier = make.essay(
        session, text=f"{own(1)}\n{PASSAGE}\nThe end.", title="Earlier", author=make.person(session, "One")
    )
    new = make.essay(session, text=f"{PASSAGE} {own(2)}", title="New", author=make.person(session, "Two"))
    for each in (earlier, new):
        actions.compare(session, each.id)
    session.commit()
    return new, earlier


def address(session: Session, essay: Essay, *more: object) -> str:
    return "/".join([f"/contests/{_edition(session, essay).slug}/screening/{essay.id}/passages", *map(str, more)])


def _edition(session: Session, essay: Essay) -> Edition:
    found = select(Edition).where(Edition.id == essay.edition_id).options(*parts())
    return session.exec(found.execution_options(populate_existing=True)).one()


def test_a_screener_reads_both_texts_but_only_their_own_editions_author(
    session: Session, as_: As, pair: tuple[Essay, Essay]
) -> None:
    new, earlier = pair
    make.authorship(session, earlier).native_name = "Earlier author"
    make.authorship(session, new).native_name = "New author"
    screener = make.screener(session, _edition(session, new))
    session.commit()
    listed = as_(screener).get(address(session, new)).text
    assert "Earlier" in listed and "author" not in listed.lower().split("<tbody")[1].split("</tbody")[0]
    shown = as_(screener).get(address(session, new, earlier.id))
    assert shown.status_code == 200
    assert "New author" in shown.text and "Earlier author" not in shown.text
    assert "drink from it in the &lt;morning&gt;" in shown.text
    for link in ('id="this-1" href="#other-1"', 'id="other-1" href="#this-1"'):
        assert shown.text.count(link) == 1
    make.grant(session, screener, Role.SCREENER, edition_id=earlier.edition_id)
    session.commit()
    assert "Earlier author" in as_(screener).get(address(session, new, earlier.id)).text
    assert as_(screener).get(address(session, earlier, new.id)).status_code == 200


def test_each_reading_is_recorded_without_a_name(session: Session, as_: As, pair: tuple[Essay, Essay]) -> None:
    new, earlier = pair
    screener = make.screener(session, _edition(session, new))
    session.commit()
    for _time in range(2):
        as_(screener).get(address(session, new, earlier.id))
    session.expire_all()
    rows = session.exec(select(Entry).where(Entry.deed == "compared", col(Entry.subject) == "essay")).all()
    assert [(row.subject_id, row.actor_id, row.details) for row in rows] == [
        (new.id, screener.id, {"other": str(earlier.id)})
    ] * 2


def test_nobody_else_sees_them_and_no_other_text_can_be_read(
    session: Session, cast: Cast, as_: As, pair: tuple[Essay, Essay]
) -> None:
    new, earlier = pair
    elsewhere = make.screener(session, _edition(session, earlier))
    both = make.screener(session, _edition(session, new), "Also a judge")
    make.grant(session, both, Role.JUDGE, edition_id=new.edition_id)
    unrelated = make.essay(session, edition=_edition(session, new), text=own(9))
    draft = make.essay(session, "draft", edition=_edition(session, new))
    session.commit()
    for who in (cast.secretary, cast.auditor, cast.stranger, elsewhere, both):
        for path in (address(session, new), address(session, new, earlier.id)):
            assert as_(who).get(path).status_code in (403, 404)
    screener = as_(make.screener(session, _edition(session, new)))
    for path in (
        address(session, new, unrelated.id), address(session, new, new.id), address(session, unrelated, new.id),
        address(session, draft), address(session, new, draft.id),
    ):  # fmt: skip
        assert screener.get(path).status_code == 404


def test_who_judges_the_other_edition_is_shown_nothing_of_it(
    session: Session, as_: As, pair: tuple[Essay, Essay]
) -> None:
    new, earlier = pair
    screener = make.screener(session, _edition(session, new))
    make.grant(session, screener, Role.JUDGE, edition_id=earlier.edition_id)
    session.commit()
    listed = as_(screener).get(address(session, new)).text
    assert "Earlier" not in listed and "1 essay more is of an edition that you judge" in listed
    assert as_(screener).get(address(session, new, earlier.id)).status_code == 404


def test_what_is_not_compared_yet_says_so(session: Session, as_: As) -> None:
    edition = make.edition(session)
    essay, screener = make.essay(session, edition=edition), make.screener(session, edition)
    session.commit()
    assert "has not been compared yet" in as_(screener).get(address(session, essay)).text
    actions.compare(session, essay.id)
    session.commit()
    assert "No other essay shares a longer passage" in as_(screener).get(address(session, essay)).text


def test_a_screener_has_all_compared_again_once_a_minute(
    session: Session, cast: Cast, as_: As, pair: tuple[Essay, Essay]
) -> None:
    edition = _edition(session, pair[0])
    screener, path = as_(make.screener(session, edition)), f"/contests/{edition.slug}/passages"
    assert as_(cast.secretary).post(path).status_code in (403, 404)
    for _time in range(2):
        assert screener.post(path).status_code == 303
    assert screener.post(path, headers={"sec-fetch-site": "cross-site"}).status_code == 403


def test_a_long_list_has_pages_and_asks_as_often_as_a_short_one(
    session: Session, as_: As, database: JoinedDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "PAGE", 2)
    edition = make.edition(session)
    essay, screener = make.essay(session, edition=edition), make.screener(session, edition)
    others = [make.essay(session, title=f"Other {number}") for number in range(3)]
    asked = []
    for number, other in enumerate(others):
        make.shared_passages(session, essay, other, share=0.9 - number / 10, other_share=0.1)
        session.commit()
        client = as_(screener)
        with counting.queries(database) as seen:
            first = client.get(address(session, essay))
        asked.append(len(seen))
    assert len(set(asked[:2])) == 1
    assert [f"Other {n}" in first.text for n in range(3)] == [True, True, False]
    following = first.text.split("after=")[1].split('"')[0]
    second = as_(screener).get(address(session, essay) + f"?after={following}").text
    assert [f"Other {n}" in second for n in range(3)] == [False, False, True]
