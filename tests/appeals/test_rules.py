import datetime as dt
import uuid

import pytest

from portal.accounts.models import Role
from portal.accounts.viewer import Held, Viewer
from portal.appeals import rules
from portal.appeals.models import Appeal
from portal.contests.models import Edition
from portal.essays.models import Essay, EssayStatus

PUBLISHED = dt.datetime(2027, 3, 1, 3, tzinfo=dt.UTC)
MS = dt.timedelta(milliseconds=1)
DAYS = dt.timedelta(days=14)
ESSAY = Essay(code="7KQ2M", status=EssayStatus.NOT_AWARDED)
EDITION = Edition(id=uuid.uuid4(), appeal_days=14)


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (PUBLISHED - MS, rules.TOO_EARLY),
        (PUBLISHED, None),
        (PUBLISHED + MS, None),
        (PUBLISHED + DAYS - MS, None),
        (PUBLISHED + DAYS, None),
        (PUBLISHED + DAYS + MS, rules.TOO_LATE),
    ],
)
def test_from_the_instant_of_the_results_for_so_many_days(at: dt.datetime, expected: object) -> None:
    assert rules.why_no_appeal(ESSAY, EDITION, PUBLISHED, at) is expected


def test_without_results_or_days_there_is_no_appeal() -> None:
    assert rules.why_no_appeal(ESSAY, EDITION, None, PUBLISHED) is rules.TOO_EARLY
    assert rules.why_no_appeal(ESSAY, Edition(appeal_days=0), PUBLISHED, PUBLISHED) is rules.NONE_HERE


@pytest.mark.parametrize(
    ("essay", "may"),
    [
        (Essay(code=None, status=EssayStatus.DRAFT), False),
        (Essay(code=None, status=EssayStatus.DISQUALIFIED), False),
        (Essay(code="7KQ2M", status=EssayStatus.WITHDRAWN), False),
        (Essay(code="7KQ2M", status=EssayStatus.DISQUALIFIED), True),
        (Essay(code="7KQ2M", status=EssayStatus.AWARDED), True),
        (Essay(code="7KQ2M", status=EssayStatus.IN_JUDGING), True),
    ],
)
def test_an_appeal_is_about_the_result_of_an_essay_that_was_admitted(essay: Essay, may: bool) -> None:
    assert (rules.why_no_appeal(essay, EDITION, PUBLISHED, PUBLISHED) is None) == may


def _viewer(*held: Held) -> Viewer:
    return Viewer(uuid.uuid4(), "Somebody", held=frozenset(held))


SECRETARY, AUDITOR = Held(Role.SECRETARY), Held(Role.AUDITOR)
JUDGE = Held(Role.JUDGE, edition_id=EDITION.id)


@pytest.mark.parametrize(
    ("viewer", "may_read", "may_decide"),
    [
        (_viewer(SECRETARY), True, True), (_viewer(AUDITOR), True, False), (_viewer(JUDGE), False, False),
        (_viewer(SECRETARY, JUDGE), False, False), (_viewer(AUDITOR, JUDGE), False, False), (_viewer(), False, False),
    ],
)  # fmt: skip
def test_who_reads_and_who_decides(viewer: Viewer, may_read: bool, may_decide: bool) -> None:
    appeal = Appeal(sent_by=uuid.uuid4())
    assert rules.may_read(viewer, EDITION) == may_read
    assert rules.may_decide(viewer, appeal, EDITION, []) == may_decide


def test_nobody_decides_who_had_a_part_or_wrote_it_or_after_it_is_decided() -> None:
    viewer = _viewer(SECRETARY)
    other = uuid.uuid4()
    assert rules.may_decide(viewer, Appeal(sent_by=other), EDITION, {other, None})
    assert not rules.may_decide(viewer, Appeal(sent_by=other), EDITION, {viewer.person_id})
    assert not rules.may_decide(viewer, Appeal(sent_by=viewer.id), EDITION, [])
    assert not rules.may_decide(viewer, Appeal(sent_by=other, decided_at=PUBLISHED), EDITION, [])
