"""How long a report is, when it is due, and who takes which step. No database."""

import datetime as dt
import uuid
from typing import Any

import pytest

from portal.accounts.models import Role
from portal.accounts.viewer import Held, Viewer
from portal.applications.models import Application, Status
from portal.final_reports import rules
from portal.final_reports.models import FinalReport, NameShown, ReportStatus
from portal.final_reports.rules import Step
from portal.openings.models import Opening
from portal.placements.models import Placement, PlacementStatus
from portal.registry.models import Country, Government, Membership

ENDS = dt.date(2027, 9, 30)
DUE = dt.date(2027, 10, 30)
INTERN, HOME, HOST = (uuid.UUID(int=number) for number in range(1, 4))
AT = dt.datetime(2027, 10, 1, 3, 0, tzinfo=dt.UTC)


def placement(status: PlacementStatus = PlacementStatus.COMPLETED, **fields: Any) -> Placement:
    made = Placement(
        opening_id=HOST, application_id=INTERN, seat=1, status=status, starts_on=dt.date(2027, 7, 1), ends_on=ENDS,
        proposed_by=HOST,
    )  # fmt: skip
    made.application = Application(call_id=HOST, applicant_id=INTERN, home_id=HOME, status=Status.NOMINATED, **fields)
    made.opening = Opening(government_id=HOST)
    made.opening.government = Government(
        code="KR-47", country=Country.KR, position=1, kind="province", status=Membership.MEMBER, names={},
        native_name="", seat="", latitude=0, longitude=0, zone="Asia/Seoul", search_text="",
    )  # fmt: skip
    return made


def report(status: ReportStatus = ReportStatus.DRAFT, **fields: Any) -> FinalReport:
    return FinalReport(placement_id=HOST, status=status, **fields)


def viewer(role: Role | None = None, person: uuid.UUID = HOST, government: uuid.UUID | None = None) -> Viewer:
    return Viewer(person, held=frozenset({Held(role, government)}) if role else frozenset())


def words(count: int) -> dict[str, str]:
    """The parts together have so many."""
    return {"did": "word " * (count - 2), "learned": "one", "proposals": "two"}


@pytest.mark.parametrize(("count", "fits"), [(999, False), (1000, True), (2000, True), (2001, False)])
def test_english_is_counted_in_words(count: int, fits: bool) -> None:
    assert rules.measured(report(**words(count))).fits is fits
    lacking = rules.lacking(report(title="T", **words(count)))
    assert ("" in lacking) is not fits
    assert fits or f"{count} words" in lacking[""]


@pytest.mark.parametrize(
    ("language", "least", "most"),
    [("zh-Hans", 1560, 3120), ("ja", 2350, 4700), ("ko", 2030, 4060), ("mn", 870, 1740), ("ru", 910, 1820)],
)
def test_other_languages_have_bounds_for_as_much_content(language: str, least: int, most: int) -> None:
    unit = "字 " if language in {"zh-Hans", "ja", "ko"} else "слово "
    for count, fits in ((least - 1, False), (least, True), (most, True), (most + 1, False)):
        measured = rules.measured(report(language=language, did=unit * count))
        assert (measured.count, measured.fits) == (count, fits)


def test_each_part_and_the_title_are_needed() -> None:
    assert set(rules.lacking(report())) == {"title", "did", "learned", "proposals", ""}
    assert rules.lacking(report(title="T", **words(1000))) == {}


@pytest.mark.parametrize("status", PlacementStatus)
def test_a_report_belongs_to_a_stay_that_has_begun(status: PlacementStatus) -> None:
    allowed = {
        PlacementStatus.ACTIVE, PlacementStatus.COMPLETED, PlacementStatus.ENDED_EARLY, PlacementStatus.CERTIFIED
    }  # fmt: skip
    reason = rules.why_not(Step.SAVE, placement(status), None, AT)
    assert reason == (None if status in allowed else rules.NOT_STARTED)


@pytest.mark.parametrize(
    ("status", "at", "reason"),
    [
        (PlacementStatus.ACTIVE, dt.datetime(2027, 9, 22, 14, 59, tzinfo=dt.UTC), rules.TOO_EARLY),
        (PlacementStatus.ACTIVE, dt.datetime(2027, 9, 22, 15, 0, tzinfo=dt.UTC), None),  # the 23rd in Seoul
        (PlacementStatus.ENDED_EARLY, dt.datetime(2027, 8, 1, tzinfo=dt.UTC), None),
        (PlacementStatus.COMPLETED, dt.datetime(2028, 8, 1, tzinfo=dt.UTC), None),
    ],
)
def test_it_is_sent_in_the_last_week_or_later(status: PlacementStatus, at: dt.datetime, reason: Any) -> None:
    assert rules.why_not(Step.SUBMIT, placement(status), report(), at) == reason


ALLOWED = {
    ReportStatus.DRAFT: {Step.SAVE, Step.SUBMIT},
    ReportStatus.RETURNED: {Step.SAVE, Step.SUBMIT},
    ReportStatus.SUBMITTED: {Step.CONSENT, Step.RETURN, Step.ACCEPT},
    ReportStatus.ACCEPTED: {Step.CONSENT, Step.PUBLISH},
}


@pytest.mark.parametrize("status", ReportStatus)
def test_the_steps_of_each_state(status: ReportStatus) -> None:
    found = {step for step in Step if rules.why_not(step, placement(), report(status, may_publish=True), AT) is None}
    assert found == ALLOWED[status]


def test_publication_needs_consent_and_is_taken_down_once() -> None:
    accepted = report(ReportStatus.ACCEPTED)
    assert rules.why_not(Step.PUBLISH, placement(), accepted, AT) == rules.NO_CONSENT
    accepted.may_publish, accepted.published_at = True, AT
    assert rules.is_public(accepted)
    assert rules.why_not(Step.PUBLISH, placement(), accepted, AT) == rules.IS_PUBLIC
    assert rules.why_not(Step.TAKE_DOWN, placement(), accepted, AT) is None
    accepted.taken_down_at = AT
    assert not rules.is_public(accepted)
    assert rules.why_not(Step.PUBLISH, placement(), accepted, AT) is None
    accepted.taken_down_at, accepted.may_publish = None, False
    assert not rules.is_public(accepted), "without consent nothing is public"


def test_who_takes_which_step() -> None:
    intern, secretary = viewer(person=INTERN), viewer(Role.SECRETARY)
    host, home = viewer(Role.COORDINATOR, government=HOST), viewer(Role.COORDINATOR, government=HOME)
    for step in Step:
        assert rules.may(intern, step, placement()) is (step in rules.BY_INTERN)
        assert rules.may(secretary, step, placement()) is (step not in rules.BY_INTERN)
        assert not rules.may(host, step, placement())
        assert not rules.may(viewer(Role.AUDITOR), step, placement())
        assert rules.may(home, step, placement(entered_by=HOST)) is (step in rules.BY_INTERN), "from paper"
        assert not rules.may(home, step, placement())


@pytest.mark.parametrize("status", ReportStatus)
def test_others_read_what_was_sent_and_not_what_is_being_written(status: ReportStatus) -> None:
    sent = status in {ReportStatus.SUBMITTED, ReportStatus.ACCEPTED}
    assert rules.is_readable(viewer(Role.SECRETARY), placement(), report(status)) is sent
    assert rules.is_readable(viewer(person=INTERN), placement(), report(status))
    assert not rules.is_readable(viewer(person=INTERN), placement(), None)


@pytest.mark.parametrize(
    ("submitted_at", "is_late"),
    [
        (dt.datetime(2027, 10, 30, 14, 59, tzinfo=dt.UTC), False),
        (dt.datetime(2027, 10, 30, 15, 0, tzinfo=dt.UTC), True),  # the 31st in Seoul
        (None, True),
    ],
)
def test_late_is_counted_where_the_stay_took_place(submitted_at: dt.datetime | None, is_late: bool) -> None:
    assert rules.due_on(placement()) == DUE
    at = dt.datetime(2027, 12, 1, tzinfo=dt.UTC)
    assert rules.is_late(placement(), report(submitted_at=submitted_at), at) is is_late


@pytest.mark.parametrize(
    ("shown", "name"),
    [
        (NameShown.FULL, "Батбаярын Туул (Batbayar Tuul)"),
        (NameShown.GIVEN, "Туул (Tuul)"),
        (NameShown.UNNAMED, ""),
    ],
)
def test_the_author_is_named_as_they_wish(shown: NameShown, name: str) -> None:
    who = placement(
        native_name="Батбаярын Туул", roman_name="Batbayar Tuul", given_name="Туул", roman_given_name="Tuul"
    ).application
    assert rules.author(report(name_shown=shown), who) == name
