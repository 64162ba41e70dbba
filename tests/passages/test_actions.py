"""What is compared with what, when, and what is written down."""

import random
import uuid
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import Session, select

from portal.accounts.viewer import Viewer, viewer_of
from portal.clock import now
from portal.essays import actions as essays
from portal.essays import queries as essay_queries
from portal.essays.forms import TextForm
from portal.essays.models import Essay, EssayStatus, Submission
from portal.jobs.registry import JOBS, Services
from portal.passages import actions, queries, sweeping
from portal.passages.jobs import compare_edition, find_passages
from portal.passages.models import Fingerprint, Fingerprinted, SharedPassages
from portal.settings import Settings
from tests import make
from tests.bench import writing
from tests.bench.writing import Copying
from tests.database import JoinedDatabase

KOREAN_PASSAGE = "우리 마을의 강은 국경에서 멈추지 않는다 그리고 그 물을 마시는 새도 멈추지 않는다 사람만이 멈춘다 " * 3


def own(seed: int, size: int = 3000, code: str = "en") -> str:
    return writing.essay(code, random.Random(seed), size).text


def essay(session: Session, text: str, state: str = "submitted", **fields: Any) -> Essay:
    return make.essay(session, state, text=text, **fields)


def pairs(session: Session) -> dict[frozenset[uuid.UUID], SharedPassages]:
    return {frozenset((each.essay_id, each.other_id)): each for each in session.exec(select(SharedPassages))}


def compared(session: Session, *essays: Essay) -> list[int]:
    return [actions.compare(session, each.id) for each in essays]


def both(one: Essay, other: Essay) -> frozenset[uuid.UUID]:
    return frozenset((one.id, other.id))


@pytest.mark.parametrize("code", writing.LANGUAGES)
@pytest.mark.parametrize("kind", Copying)
def test_a_copy_is_found_whichever_of_the_two_comes_second(session: Session, code: str, kind: Copying) -> None:
    dice = random.Random(f"{code} {kind}")
    original = writing.essay(code, dice)
    one, other = essay(session, original.text), essay(session, writing.copy(original, kind, dice).text)
    third = essay(session, writing.essay(code, dice).text)
    assert compared(session, *random.Random(kind).sample([one, other, third], 3)).count(1) == 1
    assert set(pairs(session)) == {both(one, other)}


def test_shares_are_told_from_both_sides(session: Session) -> None:
    copied, rest = own(1), own(2, 9000)
    short, long = essay(session, copied), essay(session, f"{copied} {rest}")
    compared(session, short, long)
    seen = [queries.shared_page(session, each)[0][0] for each in (short, long)]
    assert [(each.essay.id, each.percent > 90, each.other_percent > 90) for each in seen] == [
        (long.id, True, False), (short.id, False, True),
    ]  # fmt: skip
    assert [len(queries.shared_page(session, each)[0]) for each in (short, long)] == [1, 1]


def test_what_was_sent_stays_an_earlier_text_and_a_draft_is_none(session: Session) -> None:
    text, edition = own(1), make.edition(session)
    withdrawn = essay(session, text, "withdrawn", submitted_at=now())
    disqualified, draft = essay(session, text, "disqualified"), essay(session, text, "draft")
    never_sent = essay(session, text, "withdrawn")
    assert compared(session, withdrawn, disqualified, draft, never_sent) == [0, 1, 0, 0]
    new = essay(session, text, edition=edition)
    assert compared(session, new) == [2]
    assert set(pairs(session)) == {both(new, withdrawn), both(new, disqualified), both(withdrawn, disqualified)}


def test_ones_own_earlier_essay_is_marked_as_ones_own(session: Session) -> None:
    person, text = make.person(session), own(1)
    earlier = essay(session, text, author=person, submitted_at=now())
    new, strange = essay(session, text, author=person), essay(session, text)
    compared(session, earlier, new, strange)
    seen = {each.essay.id: each for each in queries.shared_page(session, new)[0]}
    assert (seen[earlier.id].is_by_the_same, seen[strange.id].is_by_the_same) == (True, False)
    assert (seen[earlier.id].was_sent_first, seen[strange.id].was_sent_first) == (True, False)


def test_the_second_run_does_nothing(session: Session, settings: Settings, database: JoinedDatabase) -> None:
    one, other = essay(session, own(1)), essay(session, own(1))
    session.commit()
    for _time in range(2):
        for each in (one, other):
            find_passages(Services(settings, database), str(each.id))
    before = _rows(session)
    assert compared(session, one, other) == [0, 0] and _rows(session) == before
    assert len(before["shared_passages"]) == 1
    assert JOBS["find_passages"] is find_passages


def _rows(session: Session) -> dict[str, list[Any]]:
    tables = ("fingerprint", "fingerprinted", "shared_passages")
    return {name: session.execute(sa.text(f"SELECT * FROM {name} ORDER BY 1, 2")).all() for name in tables}


def test_sending_has_it_compared_and_a_correction_anew(session: Session) -> None:
    copied, rewritten = own(1), own(2, 5500)
    earlier = essay(session, copied)
    returned = essay(session, copied, "returned", author=make.person(session))
    make.agreed(session, returned)
    compared(session, earlier, returned)
    assert len(queries.shared_page(session, earlier)[0]) == 1
    _send(session, returned, rewritten)
    assert _queued(session, "find_passages") == 1
    assert not queries.is_compared(session, returned)
    assert compared(session, returned) == [0]
    assert queries.is_compared(session, returned)
    assert pairs(session) == {}
    assert _fingerprints(session, returned) == set(actions.fingerprint(_sent(session, returned)).grams.hashes.tolist())


def _send(session: Session, essay: Essay, text: str) -> None:
    viewer: Viewer = viewer_of(session, essay_queries.author_of(session, essay).person)
    mine = essay_queries.lock_own(session, viewer, essay.id)
    form = TextForm(
        version=mine.essay.version, theme_id=mine.essay.theme_id, language="en", title="Again", text=text, notes=""
    )
    essays.write_text(session, mine, form, by=viewer)
    essays.submit_essay(session, mine, version=mine.essay.version, by=viewer)
    session.flush()


def _sent(session: Session, essay: Essay) -> queries.Sent:
    return queries.sent_texts(session, [essay.id])[essay.id]


def _fingerprints(session: Session, essay: Essay) -> set[int]:
    number = session.exec(select(Fingerprinted.number).where(Fingerprinted.essay_id == essay.id)).one()
    return set(session.exec(select(Fingerprint.hash).where(Fingerprint.number == number)))


def _queued(session: Session, job: str) -> int:
    schema = "" if session.connection().dialect.name == "sqlite" else "dbos."
    found = sa.text(f"SELECT count(*) FROM {schema}workflow_status WHERE workflow_uuid LIKE :job")
    return session.execute(found, {"job": f"{job}:%"}).scalar_one()


def test_what_is_written_after_sending_is_not_compared(session: Session) -> None:
    """A returned essay is being corrected: its text is a draft again, what was sent is not."""
    one, returned = essay(session, own(1)), essay(session, own(2), "returned")
    sent = {"number": 1, "submitted_at": now(), "digest": "0" * 64, "title": "Sent"}
    make.saved(session, Submission(essay_id=returned.id, text=own(1), **sent))
    assert compared(session, one, returned) == [0, 1]


def test_what_the_edition_itself_says_is_no_copy(session: Session) -> None:
    given = own(7, 900)
    edition = make.edition(session, texts={"en": f"Write about this: {given}"})
    one, other = (essay(session, f"{own(seed)} {given} {own(seed + 50)}", edition=edition) for seed in (1, 2))
    assert compared(session, one, other) == [0, 0]
    elsewhere = [essay(session, f"{own(seed)} {given} {own(seed + 50)}") for seed in (3, 4)]
    assert compared(session, elsewhere[0])[0] == 0, "one of the two was given it"
    assert compared(session, elsewhere[1])[0] == 1


def test_a_quotation_that_very_many_use_is_no_copy_but_a_text_that_went_round_is(session: Session) -> None:
    quotation, edition = own(99, 400), make.edition(session)
    quoting = [essay(session, f"{own(seed)}\n{quotation}", edition=edition) for seed in range(24)]
    compared(session, *quoting)
    last = essay(session, f"{own(50)} {quotation}", edition=edition)
    assert compared(session, last) == [0]
    going_round = own(98)
    passed_on = [essay(session, f"{own(seed, 300)} {going_round}", edition=edition) for seed in range(60, 84)]
    compared(session, *passed_on)
    assert all(queries.shared_page(session, each)[0] for each in passed_on)


def test_a_whole_edition_is_compared_at_once_with_all_others(
    session: Session, settings: Settings, database: JoinedDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweeping, "ESSAYS", 2)
    monkeypatch.setattr(sweeping, "PAIRS", 1)
    edition = make.edition(session)
    earlier, elsewhere = (essay(session, own(seed)) for seed in (1, 3))
    here = [essay(session, own(seed), edition=edition) for seed in (1, 2, 2)]
    also_elsewhere = essay(session, own(3))
    make.shared_passages(session, here[0], here[1], found_at=make.now().replace(year=2020))
    session.commit()
    compared(session, earlier, elsewhere, also_elsewhere)
    session.commit()
    for _time in range(2):
        compare_edition(Services(settings, database), str(edition.id))
        session.expire_all()
        assert set(pairs(session)) == {both(here[0], earlier), both(here[1], here[2]), both(elsewhere, also_elsewhere)}
    assert compared(session, *here) == [0, 0, 0]
    assert sweeping.compare_all(database).essays == 6


def test_a_sweep_does_not_touch_what_was_sent_again_meanwhile(session: Session) -> None:
    made = essay(session, own(1))
    stale = actions.fingerprint(_sent(session, made))
    compared(session, made)
    session.add(made)
    made.text = own(2)
    session.flush()
    compared(session, made)
    actions.keep(session, [stale._replace(before=stale.digest)])
    assert _fingerprints(session, made) == set(actions.fingerprint(_sent(session, made)).grams.hashes.tolist())


def test_nothing_is_refused_because_of_it(session: Session) -> None:
    one, other = essay(session, own(1)), essay(session, own(1))
    compared(session, one, other)
    assert [each.status for each in (one, other)] == [EssayStatus.SUBMITTED] * 2
