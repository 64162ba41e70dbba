"""Ordering, confirming and taking back a publication; telling everybody; translations; awards to members."""

import datetime as dt
import hashlib
import uuid
from collections.abc import Sequence

from sqlmodel import Session, col, delete, select

from portal.accounts import queries as accounts
from portal.accounts.models import Role
from portal.accounts.viewer import VISITOR, Viewer
from portal.clock import now
from portal.contests import queries as contests
from portal.contests.models import Award, Edition
from portal.errors import Conflict, NotAllowed
from portal.essays import actions as essays
from portal.essays.models import Authorship, Essay
from portal.history.actions import record
from portal.i18n import Lazy
from portal.jobs.queue import enqueue
from portal.judging.rules import rounds
from portal.juries.models import Outcome, Verdict
from portal.mail.actions import send
from portal.results import queries, rules, words
from portal.results.forms import MembersForm, TranslationForm
from portal.results.models import MemberAward, Publication, Translation
from portal.standings import actions as standings
from portal.standings.models import Occasion

PUBLISH = "publish_results"
AT_ONCE = 100  # authors told in one transaction


def _refuse(reason: Lazy | None) -> None:
    if reason is not None:
        raise Conflict(reason)


def _ensure(viewer: Viewer, edition: Edition) -> None:
    if not rules.may_publish(viewer, edition):
        raise NotAllowed


# Publication. Callers hold the edition locked: who orders, confirms and takes back come one after another.


def order(
    session: Session, edition: Edition, publish_at: dt.datetime | None, *, by: Viewer, origin: str
) -> Publication:
    """For this instant, or at once (None), when a colleague confirms it. An earlier order is moved, and waits anew."""
    _ensure(by, edition)
    at, earlier = now(), queries.publication(session, edition)
    is_decided = queries.is_decided(session, edition)
    publish_at = publish_at or at
    _refuse(rules.why_not_ordered(earlier, publish_at, at, is_decided=is_decided))
    made = earlier or Publication(edition_id=edition.id, publish_at=publish_at, ordered_by=by.id)
    made.publish_at, made.ordered_by, made.ordered_at = publish_at, by.id, at
    made.confirmed_by = made.confirmed_at = None
    made.digest = queries.digest(session, edition)
    session.add(made)
    session.flush()
    deed = "publication of results moved" if earlier else "publication of results ordered"
    told = {"publish_at": publish_at.isoformat(), "sha256": made.digest}
    record(session, deed, "edition", edition.id, by=by.id, **told)
    _ask_colleagues(session, edition, made, origin)
    return made


def _ask_colleagues(session: Session, edition: Edition, made: Publication, origin: str) -> None:
    """Every other secretary who may confirm it."""
    link = f"{origin}/contests/{edition.slug}/publication"
    for person in accounts.secretaries(session):
        judges = contests.has_ever_been(session, person.id, Role.JUDGE, edition.id)
        if person.id != made.ordered_by and not judges:
            to = accounts.recipient(person)
            send(session, "results/to_confirm", edition.id, to=to, edition=edition, link=link)


def confirm(session: Session, edition: Edition, *, seen: str, by: Viewer) -> None:
    """The second pair of eyes. From here on the instant decides."""
    _ensure(by, edition)
    at, found = now(), queries.publication(session, edition)
    digest = queries.digest(session, edition)
    _refuse(rules.why_not_confirmed(found, at, by=by.id, seen=seen, digest=digest))
    assert found is not None, "it was refused"
    found.publish_at = max(found.publish_at, at)
    found.confirmed_by, found.confirmed_at = by.id, at
    session.add(found)
    told = {"publish_at": found.publish_at.isoformat(), "sha256": digest}
    record(session, "publication of results confirmed", "edition", edition.id, by=by.id, **told)
    enqueue(session, PUBLISH, str(found.id), key=f"{found.id}:{at.isoformat()}", after=found.publish_at - at)


def take_back(session: Session, edition: Edition, *, by: Viewer) -> None:
    """Whoever ordered it, or a colleague who does not agree; until the instant."""
    _ensure(by, edition)
    found = queries.publication(session, edition)
    _refuse(rules.why_not_taken_back(found, now()))
    session.delete(found)
    session.flush()
    record(session, "publication of results taken back", "edition", edition.id, by=by.id)


# Telling


def tell_some(session: Session, publication_id: uuid.UUID, *, origin: str) -> bool:
    """Sets the final states of some essays and tells their authors, or ends if all were told. Whether there are more.

    State and message are of one transaction: whoever was told is not told again, however often this runs.
    """
    found = queries.lock(session, publication_id)
    if found is None or found.done_at is not None or not rules.is_public(found, now()):
        return False
    untold = queries.untold(session, found.edition_id, AT_ONCE)
    if not untold:
        _end(session, found)
        return False
    verdicts, authors = _verdicts(session, untold), queries.authors(session, untold)
    for essay in untold:
        _tell(session, essay, verdicts.get(essay.id), authors[essay.id], origin)
    return True


def _verdicts(session: Session, found: Sequence[Essay]) -> dict[uuid.UUID, Verdict]:
    wanted = select(Verdict).where(col(Verdict.essay_id).in_([essay.id for essay in found]))
    return {verdict.essay_id: verdict for verdict in session.exec(wanted)}


def _tell(session: Session, essay: Essay, verdict: Verdict | None, own: Authorship, origin: str) -> None:
    """An essay that the jury did not name is not awarded."""
    outcome = verdict.outcome if verdict else Outcome.NOT_AWARDED
    essays.take_step(session, essay, rules.STEPS[outcome], by=VISITOR)
    award = session.get(Award, verdict.award_id) if verdict and verdict.award_id else None
    link = f"{origin}/essays/{essay.id}/result"
    essays.tell(session, own, f"results/{outcome.value}", essay, award=award, link=link)


def _end(session: Session, found: Publication) -> None:
    edition = session.get_one(Edition, found.edition_id)
    for round_ in rounds(edition):
        standings.keep(session, edition, round_, Occasion.PUBLISHED, by=None)
    found.done_at = now()
    session.add(found)
    record(session, "results published", "edition", found.edition_id, by=None, sha256=found.digest)


# Translations


def translate(session: Session, essay: Essay, language: str, given: TranslationForm, *, by: Viewer) -> None:
    """Enters the essay in this language, or changes what was entered."""
    _refuse(None if queries.may_be_translated(session, essay) else words.NO_CONSENT)
    earlier = queries.translations(session, essay).get(language)
    made = earlier or Translation(essay_id=essay.id, language=language, title="", text="", entered_by=by.id)
    made.title, made.text, made.translator = given.title, given.text, given.translator
    made.entered_by, made.entered_at = by.id, now()
    session.add(made)
    session.flush()
    told = {"language": language, "sha256": hashlib.sha256(f"{given.title}\n{given.text}".encode()).hexdigest()}
    record(session, "changed a translation" if earlier else "translated", "essay", essay.id, by=by.id, **told)


def remove_translation(session: Session, essay: Essay, language: str, *, by: Viewer) -> None:
    """Also when the consent to it does not stand any more."""
    found = queries.translations(session, essay).get(language)
    _refuse(None if found else words.NO_SUCH_TRANSLATION)
    session.delete(found)
    session.flush()
    record(session, "removed a translation", "essay", essay.id, by=by.id, language=language)


# Awards to members


def why_no_members(session: Session, edition: Edition) -> Lazy | None:
    if not queries.is_decided(session, edition):
        return words.UNDECIDED
    found = queries.publication(session, edition)
    return words.FIXED if found is not None and found.confirmed_at is not None else None


def amiss(session: Session, edition: Edition, given: MembersForm) -> dict[str, Lazy]:
    """What is wrong with a choice of governments, by field."""
    entries = _entries(session, edition)
    if not entries.keys() >= set(given.government_ids):
        return {"government_ids": words.NOBODY_TOOK_PART}
    departs = rules.departs(given.government_ids, entries)
    return {"reason": words.WHY_DEPART} if departs and not given.reason else {}


def _entries(session: Session, edition: Edition) -> dict[uuid.UUID, int]:
    return {part.government.id: part.entries for part in queries.parts(session, edition)}


def give_members(session: Session, edition: Edition, given: MembersForm, *, by: Viewer) -> None:
    """The awards to members, all of them: who is not among them has none. Callers hold the edition locked."""
    _ensure(by, edition)
    _refuse(why_no_members(session, edition))
    entries, chosen = _entries(session, edition), dict.fromkeys(given.government_ids)
    departs = rules.departs(chosen, entries)
    session.exec(delete(MemberAward).where(col(MemberAward.edition_id) == edition.id))
    session.add_all(
        MemberAward(
            edition_id=edition.id, government_id=each, entries=entries[each], reason=given.reason, given_by=by.id
        )
        for each in chosen
    )
    session.flush()
    told = {"governments": [str(each) for each in chosen], "departs": departs, "reason": given.reason}
    record(session, "gave awards to members", "edition", edition.id, by=by.id, **told)
