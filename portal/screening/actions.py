"""Screening: ticking, hiding, admitting, returning once; disqualifying, which takes two."""

import uuid
from collections.abc import Collection, Iterable

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, delete, select

from portal.accounts import actions as accounts
from portal.accounts.models import Person, Role
from portal.accounts.viewer import Viewer
from portal.clock import now, today
from portal.contests.models import Edition
from portal.errors import Conflict, NotAllowed
from portal.essays import actions as essays
from portal.essays import queries as essay_queries
from portal.essays import rules as essay_rules
from portal.essays import words as essay_words
from portal.essays.models import Authorship, Essay
from portal.essays.rules import Step
from portal.history.actions import record
from portal.i18n import N_
from portal.screening import queries, rules
from portal.screening.models import Disqualification, FairCopy, Item, Part, Reason, Redaction, Tick
from portal.screening.rules import Range

ANOTHER_TEXT = N_("The author has sent another text since you opened this page. Reload it and look again.")
NOT_NOW = N_("At this moment of the essay nothing is hidden or shown again. Reload the page to see where it stands.")
READ_ALREADY = N_("Judges have read this essay, so what is hidden from them stays hidden.")
WHY_NOW = N_("Judges read this essay already. Say in at least ten characters why more is hidden now.")
NO_PROPOSAL = N_("This proposal was settled or taken back already. Reload the page to see where the essay stands.")
PROPOSED_ALREADY = N_("A disqualification of this essay is proposed already. A second screener settles it.")
YOURS = N_("You proposed this disqualification. Another screener settles it; you can take it back.")
NOT_YOURS = N_("Another screener proposed this. Only they can take it back; you can dismiss it.")
WRONG_PLACE = N_("The passages could not be read. Reload the page and choose them again.")
RETURNED_ONCE = N_("This essay was returned once already, or is not waiting for a screener. Reload the page.")


# The task


def take_on_screening(session: Session, edition: Edition, *, by: Viewer) -> None:
    """A secretary chooses to know who wrote what, and so not to judge. It cannot be undone for this edition."""
    if not by.is_secretary:
        raise NotAllowed
    person = session.get_one(Person, by.id)
    accounts.hold(session, person)
    if by.screens(edition.id):
        return
    why_not = queries.why_apart(session, person, Role.SCREENER, edition.id)
    if why_not:
        raise Conflict(why_not)
    accounts.give(
        session, person, Role.SCREENER, by.id, begins_on=today(), ends_on=None, edition_id=edition.id, tells=False
    )
    record(session, "took screening on", "edition", edition.id, by=by.id, slug=edition.slug)


def note_reading(session: Session, essay: Essay, *, by: Viewer) -> None:
    """That a screener read who wrote this essay: once a day is enough to tell."""
    if not queries.has_read(session, by, essay):
        record(session, queries.READ, "essay", essay.id, by=by.id)


def tick(session: Session, essay: Essay, items: Collection[Item], seen: Collection[Item], *, by: Viewer) -> None:
    """Keeps what is ticked now; `seen` was ticked when the page was made, so that nobody unticks unseen."""
    _check(session, essay, by=by)
    if (essay.status, Step.ADMIT) not in essay_rules.STEPS:
        raise Conflict(essays.NOT_NOW)
    kept = queries.ticks(session, essay)
    added = sorted(set(items) - set(kept))
    gone = sorted(set(kept) & set(seen) - set(items))
    session.add_all([Tick(essay_id=essay.id, item=item, ticked_by=by.id) for item in added])
    for item in gone:
        session.delete(kept[item])
    session.flush()
    for deed, found in (("ticked", added), ("unticked", gone)):
        if found:
            record(session, deed, "essay", essay.id, by=by.id, items=[item.value for item in found])


def _check(session: Session, essay: Essay, *, by: Viewer) -> Authorship:
    """Who wrote it, for a screener who neither did nor entered it from paper."""
    own = queries.author_of(session, essay)
    if not rules.screens(by, essay, is_author=essay_rules.acts_for(by, own)):
        raise NotAllowed
    return own


# What judges do not see


def hide(
    session: Session, essay: Essay, passages: Iterable[tuple[Part, Range]], *, digest: str, by: Viewer,
    reason: str = "",
) -> None:  # fmt: skip
    """Hides these passages too. `digest` is that of the text whose characters they count."""
    own = queries.author_of(session, essay)
    if not rules.may_hide(by, essay, is_author=essay_rules.acts_for(by, own)):
        raise NotAllowed
    _hideable(essay, digest, reason)
    given = list(passages)
    texts = rules.words_of(essay)
    if not all(rules.fits(texts[part], place) for part, place in given):
        raise Conflict(WRONG_PLACE)
    for part in Part:
        _hide_in(session, essay, part, [place for each, place in given if each is part], by=by, reason=reason)
    record(session, "hid passages", "essay", essay.id, by=by.id, passages=len(given))
    _remake(session, essay)


def _hideable(essay: Essay, digest: str, reason: str) -> None:
    if digest != (essay.submitted_digest or ""):
        raise Conflict(ANOTHER_TEXT)
    if essay.status not in rules.HIDEABLE:
        raise Conflict(NOT_NOW)
    if rules.needs_reason(essay) and len(reason) < 10:
        raise Conflict(WHY_NOW)


def _hide_in(session: Session, essay: Essay, part: Part, places: list[Range], *, by: Viewer, reason: str) -> None:
    """Passages that meet become one: what stays as it was keeps who marked it."""
    kept = {(each.begins, each.ends): each for each in queries.redactions(session, essay) if each.part is part}
    wanted = rules.merged([*kept, *places])
    for place, each in kept.items():
        if place not in wanted:
            session.delete(each)
    session.flush()  # the old ones must be gone before others begin where they began
    new = [place for place in wanted if place not in kept]
    session.add_all([
        Redaction(essay_id=essay.id, part=part, begins=begins, ends=ends, marked_by=by.id, reason=reason)
        for begins, ends in new
    ])  # fmt: skip
    session.flush()


def show(session: Session, essay: Essay, redaction_ids: Collection[uuid.UUID], *, by: Viewer) -> None:
    """Hides these no longer, until judging begins."""
    _check(session, essay, by=by)
    if essay.status not in rules.SHOWABLE:
        raise Conflict(READ_ALREADY if rules.needs_reason(essay) else NOT_NOW)
    chosen = [each for each in queries.redactions(session, essay) if each.id in redaction_ids]
    for each in chosen:
        session.delete(each)
    session.flush()
    if chosen:
        record(session, "showed passages", "essay", essay.id, by=by.id, passages=len(chosen))
    _remake(session, essay)


def _remake(session: Session, essay: Essay) -> None:
    if essay.code is not None:
        copy_fairly(session, essay)


def copy_fairly(session: Session, essay: Essay) -> None:
    """Makes what judges read, anew if it was there. What is hidden is hidden, also when nothing else is left."""
    copy = session.exec(select(FairCopy).where(FairCopy.essay_id == essay.id)).one_or_none()
    copy = copy or FairCopy(essay_id=essay.id, title="", text="")
    shown = rules.fair(essay, queries.redactions(session, essay))
    copy.title, copy.text, copy.notes = shown[Part.TITLE], shown[Part.TEXT], shown[Part.NOTES]
    session.add(copy)
    session.flush()


# Admitting and returning


def admit(session: Session, essay: Essay, *, by: Viewer) -> None:
    """Draws the code, and makes what judges read. The author is told."""
    own = _check(session, essay, by=by)
    if (essay.status, Step.ADMIT) not in essay_rules.STEPS:
        raise Conflict(essays.NOT_NOW)
    standing = essay_queries.consents_of(session, own)
    why_not = rules.why_not_admitted(queries.ticks(session, essay), standing, queries.open_proposal(session, essay))
    if why_not:
        raise Conflict(why_not)
    _draw_code(session, essay)
    copy_fairly(session, essay)
    essays.take_step(session, essay, Step.ADMIT, by=by, author=own)
    _decided(essay, by=by)
    essays.tell(session, own, "essays/admitted", essay)


def _draw_code(session: Session, essay: Essay) -> None:
    """A code is drawn once and kept; one that another essay has is drawn again."""
    while essay.code is None:
        try:
            with session.begin_nested():
                essay.code = essays.random_code(8)
                session.add(essay)
                session.flush()
        except IntegrityError:
            essay.code = None


def return_once(session: Session, essay: Essay, code: Reason, reason: str, *, by: Viewer) -> None:
    """The author corrects it. What was ticked and hidden belonged to the text that goes back."""
    own = _check(session, essay, by=by)
    if queries.open_proposal(session, essay) is not None:
        raise Conflict(rules.UNSETTLED)
    if not essay_rules.may(by, Step.RETURN, essay):
        raise Conflict(RETURNED_ONCE)
    for table in (Redaction, Tick):
        session.execute(delete(table).where(col(table.essay_id) == essay.id))
    essays.take_step(session, essay, Step.RETURN, by=by, author=own)
    _decided(essay, by=by, code=code, reason=reason)
    essay.returned_at = now()
    until = essay_rules.corrected_by(essay, own.essay.edition)
    essays.tell(session, own, "essays/returned", essay, why=essay_words.REASONS[code.value], until=until)


def _decided(essay: Essay, *, by: Viewer, code: Reason | None = None, reason: str | None = None) -> None:
    essay.screened_at, essay.screened_by = now(), by.id
    essay.reason_code, essay.reason = code.value if code else None, reason


# Disqualifying


def propose(session: Session, essay: Essay, code: Reason, reason: str, *, by: Viewer) -> None:
    """Until a second screener has settled it, the essay stays where it is, and the author hears nothing."""
    _check(session, essay, by=by)
    if queries.open_proposal(session, essay) is not None:
        raise Conflict(PROPOSED_ALREADY)
    if essay.status not in rules.DISQUALIFIABLE:
        raise Conflict(essays.NOT_NOW)
    session.add(Disqualification(essay_id=essay.id, code=code, reason=reason, proposed_by=by.id))
    session.flush()
    record(session, "proposed disqualification", "essay", essay.id, by=by.id, code=code.value)


def confirm(session: Session, essay: Essay, *, by: Viewer) -> None:
    """The second screener agrees: the essay is out, at once for its judges too, and the author is told why."""
    own, proposal = _to_settle(session, essay, by=by)
    essays.take_step(session, essay, Step.DISQUALIFY, by=by, author=own)
    _settle(session, proposal, by=by, is_confirmed=True)
    _decided(essay, by=by, code=proposal.code, reason=proposal.reason)
    essays.tell(session, own, "essays/disqualified", essay, why=essay_words.REASONS[proposal.code.value])


def dismiss(session: Session, essay: Essay, answer: str, *, by: Viewer) -> None:
    _own, proposal = _to_settle(session, essay, by=by)
    _settle(session, proposal, by=by, is_confirmed=False, answer=answer)
    record(session, "dismissed disqualification", "essay", essay.id, by=by.id)


def take_back(session: Session, essay: Essay, *, by: Viewer) -> None:
    """By who proposed it: then it was never proposed, but for the history."""
    _check(session, essay, by=by)
    proposal = queries.open_proposal(session, essay)
    if proposal is None:
        raise Conflict(NO_PROPOSAL)
    if proposal.proposed_by != by.id:
        raise Conflict(NOT_YOURS)
    session.delete(proposal)
    session.flush()
    record(session, "took disqualification back", "essay", essay.id, by=by.id)


def _to_settle(session: Session, essay: Essay, *, by: Viewer) -> tuple[Authorship, Disqualification]:
    own = _check(session, essay, by=by)
    proposal = queries.open_proposal(session, essay)
    if proposal is None:
        raise Conflict(NO_PROPOSAL)
    if not rules.may_settle(by, proposal, essay, is_author=essay_rules.acts_for(by, own)):
        raise Conflict(YOURS)
    return own, proposal


def _settle(session: Session, proposal: Disqualification, *, by: Viewer, is_confirmed: bool, answer: str = "") -> None:
    proposal.settled_by, proposal.settled_at = by.id, now()
    proposal.is_confirmed, proposal.answer = is_confirmed, answer
    session.add(proposal)
    session.flush()
