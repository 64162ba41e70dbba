"""Contests: what judges, the jury and screeners do at a time that the demonstration is not at."""

from collections.abc import Iterator
from urllib.parse import urlencode

from sqlmodel import col, select

from portal.appeals.models import Ruling
from portal.clock import now
from portal.contests.models import Edition
from portal.deals import actions as deals
from portal.deals import computing
from portal.deals.models import Deal, DealKind
from portal.essays.models import Essay, EssayStatus
from portal.judging.models import Judge, Round
from portal.juries import actions as juries
from portal.juries import groups
from portal.juries.rules import deciding_round
from portal.passages.models import SharedPassages
from portal.standings.models import Standing
from tests import make
from tests.browser.walking.crawl import Moment
from tests.browser.walking.moments.cast import AUDITOR, JUDGE, SCREENER, SECOND_SECRETARY, Cast

POINTS = ((9, 10, 9), (8, 8, 8), (7, 7, 6), (7, 6, 7), (4, 4, 4), (2, 3, 2))


def deal(cast: Cast) -> Iterator[Moment]:
    """One that is computed and waits to be confirmed, and one that is still being computed."""
    edition, by = cast.edition("essays-2027"), cast.viewer(SECOND_SECRETARY)
    discarded = deals.order(cast.session, edition, Round.FIRST, DealKind.ROUND, by=by, seed=1)
    deals.discard(cast.session, edition, discarded, by=by)
    yield Moment(f"/contests/{edition.slug}/deal/{discarded.id}", SECOND_SECRETARY, what="discarded")
    ready = deals.order(cast.session, edition, Round.FIRST, DealKind.ROUND, by=by, seed=2)
    _compute(cast, ready)
    yield Moment(f"/contests/{edition.slug}/deal/{ready.id}", SECOND_SECRETARY, what="ready")
    yield Moment(f"/contests/{edition.slug}/deal/{ready.id}", AUDITOR, what="ready, auditor")


def _compute(cast: Cast, deal: Deal) -> None:
    cast.session.flush()
    begun = deals.begin(cast.session, deal.id)
    assert begun is not None, "it waits"
    work = computing.work(begun.given, begun.seed)
    deals.finish(cast.session, deal.id, begun.given, work, origin=cast.settings.public_origin)


def deal_under_way(cast: Cast) -> Iterator[Moment]:
    edition = make.edition(cast.session, slug="essays-rivers")
    _name_parts(cast, edition)
    make.essay(cast.session, EssayStatus.ADMITTED, edition=edition)
    by = cast.viewer(SECOND_SECRETARY)
    waiting = deals.order(cast.session, edition, Round.FIRST, DealKind.ROUND, by=by, seed=3)
    yield Moment(f"/contests/{edition.slug}/deal/{waiting.id}", SECOND_SECRETARY, what="waiting")


def judges(cast: Cast) -> Iterator[Moment]:
    """One that reads now, and one whose marks are in."""
    for slug, pages in (("essays-2027", ("judges/{}", "judges/{}/leave")), ("essays-2026", ("order/judges/{}",))):
        edition = cast.edition(slug)
        judge = cast.session.exec(select(Judge).where(Judge.edition_id == edition.id).order_by(Judge.code)).first()
        assert judge is not None, "it has judges"
        for page in pages:
            yield Moment(f"/contests/{slug}/{page.format(judge.code)}", SECOND_SECRETARY)


def jury(cast: Cast) -> Iterator[Moment]:
    """It has met, and decides group by group."""
    edition = make.judged_edition(cast.session, POINTS, slug="essays-trains").edition
    _name_parts(cast, edition)
    juries.open_meeting(cast.session, edition, by=cast.viewer(SECOND_SECRETARY))
    before = groups.groups(cast.session, edition, deciding_round(edition))
    group = before[0]
    address = f"/contests/{edition.slug}/jury"
    chosen = urlencode([("code", seat.code) for seat in group.seats[:2]])
    for reader in (SECOND_SECRETARY, AUDITOR):
        yield Moment(address, reader, what=f"met, {reader}")
        yield Moment(f"{address}/group?category={group.category_id}&in={group.language}", reader, what=reader)
    yield Moment(f"{address}/decide?{chosen}", SECOND_SECRETARY)


def kept_order(cast: Cast) -> Iterator[Moment]:
    """As the jury had it before it, last year."""
    edition = cast.edition("essays-2026")
    for kept in cast.session.exec(select(Standing).where(Standing.edition_id == edition.id)):
        yield Moment(f"/contests/{edition.slug}/order/kept/{kept.id}", SECOND_SECRETARY, what=kept.occasion)


def training(cast: Cast) -> Iterator[Moment]:
    """Judges mark an essay whose points are known; one begins, one has submitted."""
    edition, session = cast.edition("essays-2027"), cast.session
    judge = session.exec(select(Judge).where(Judge.edition_id == edition.id, Judge.person_id == cast.person(JUDGE).id))
    by = judge.one()
    language = by.languages[0]
    anchors = [
        make.anchor(session, edition, number, language=language, title=title, text=TEXT, explanation={"en": TEXT})
        for number, title in enumerate(("The night ferry", "Snow on the line"), 1)
    ]
    make.training(session, anchors[1], by, *[6] * len(edition.criteria))
    for anchor, what in zip(anchors, ("open", "submitted"), strict=True):
        yield Moment(f"/contests/{edition.slug}/training/{anchor.id}", SECOND_SECRETARY, what=what)
        yield Moment(f"/judging/training/{anchor.id}", JUDGE, what=what)


TEXT = "The ferry left after midnight.\n\nNobody had bought the last ticket."


def shared_passages(cast: Cast) -> Iterator[Moment]:
    """Two essays side by side."""
    found = cast.session.exec(select(SharedPassages)).first()
    assert found is not None, "the demonstration has one copied essay"
    address = "/contests/essays-2027/screening"
    yield Moment(f"{address}/{found.essay_id}/passages/{found.other_id}", SCREENER, what="copied")
    yield Moment(f"{address}/{found.other_id}/passages/{found.essay_id}", SCREENER, what="copied from")


def appeal(cast: Cast) -> Iterator[Moment]:
    """Read by a secretary who had a part in the result, by one who decides about it, and by the author."""
    edition, session = cast.edition("essays-2026"), cast.session
    decider = make.secretary(session)
    essays = session.exec(select(Essay).where(Essay.edition_id == edition.id).order_by(col(Essay.id))).all()
    ruled = {
        "ruling": Ruling.REJECTED,
        "answer": "Three judges read it.",
        "decided_at": now(),
        "decided_by": decider.id,
    }
    for essay, what, fields in ((essays[0], "open", {}), (essays[1], "decided", ruled)):
        made = make.appeal(session, essay, **fields)
        for reader in (decider.address, SECOND_SECRETARY):
            yield Moment(f"/contests/{edition.slug}/appeals/{made.id}", reader, what=f"{what}, {reader}")
        yield Moment(f"/essays/{essay.id}/appeal", make.person_of(session, essay).address, what=what)


def _name_parts(cast: Cast, edition: Edition) -> None:
    """In every language, as this year: a choice in a list cannot say in which language it is."""
    like = cast.edition("essays-2027")
    edition.titles = cast.edition("essays-2028").titles
    for name in ("themes", "categories", "criteria", "awards"):
        for part, real in zip(getattr(edition, name), getattr(like, name), strict=False):
            part.names = real.names
    for part in edition.criteria:
        part.anchors = {}
    cast.session.flush()


SCENES = (deal, deal_under_way, judges, jury, kept_order, training, shared_passages, appeal)
