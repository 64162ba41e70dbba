"""Making editions. `take_edition_step` alone sets a status. Callers hold the edition locked, unless it is new."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from portal.accounts.models import Grant, Role
from portal.accounts.viewer import Viewer
from portal.clock import now, today
from portal.contests import rules, words
from portal.contests.models import Category, Criterion, Edition, LengthLimit
from portal.contests.rules import DECIDING, EDITION_STEPS, FRAME, MOST, ROWS, EditionStep, Move
from portal.contests.words import Part
from portal.errors import Conflict, NotAllowed
from portal.history.actions import record
from portal.history.rules import changes
from portal.i18n import N_, Lazy

NEVER_COPIED = {"id", "slug", "status", "seed", "copied_from", "created_by", "created_at"}
WORDS = frozenset({"titles", "texts", "names", "anchors", "prizes"})
CLOSED = N_("This edition is closed and is kept as it was. Copy it to make another like it.")
FIXED = N_(
    "Themes, age categories, languages, the rubric, the number of awards and the rule on programmes that write are "
    "fixed once an edition is published. Change words, lengths and dates only."
)
OPENED = N_(
    "How the order is made, how many essays go on and how many extra readings there are is fixed once an edition has "
    "opened."
)
USED = N_("Somebody has chosen this for their essay, so it stays. Mend its words instead.")
ELSEWHERE = N_("The rubric was changed somewhere else after you opened the page. Look at it now, then try again.")


def draft_edition(session: Session, slug: str, *, by: Viewer, **facts: Any) -> Edition:
    """With the usual rubric, ages, languages and awards, but no theme; `facts` are its columns."""
    edition = _new_edition(session, slug, by=by, **facts)
    of_it = {"edition_id": edition.id}
    edition.categories.extend(Category(age_from=a, age_to=b, names=words.ages(a, b), **of_it) for a, b in words.AGES)
    edition.limits.extend(LengthLimit(language=code, most=most, **of_it) for code, most in words.LIMITS.items())
    for part, usual in ((Part.CRITERIA, words.RUBRIC), (Part.AWARDS, words.AWARDS)):
        getattr(edition, part).extend(ROWS[part](position=n, **each, **of_it) for n, each in enumerate(usual, 1))
    session.flush()
    return edition


def copy_edition(session: Session, earlier: Edition, slug: str, *, by: Viewer, **facts: Any) -> Edition:
    """A draft with all that an earlier edition has; `facts` are what differs."""
    same = earlier.model_dump(exclude=NEVER_COPIED)
    edition = _new_edition(session, slug, by=by, **{**same, **facts}, copied_from=earlier.id)
    for name in (*Part, "limits"):
        getattr(edition, name).extend(_copied(row) for row in getattr(earlier, name))
    session.flush()
    return edition


def _copied(row: Any) -> Any:
    return type(row)(**row.model_dump(exclude={"id", "edition_id"}))


def _new_edition(session: Session, slug: str, *, by: Viewer, **facts: Any) -> Edition:
    if not by.is_secretary:
        raise NotAllowed
    edition = Edition(slug=slug, created_by=by.id, **facts)
    for name in (*Part, "limits"):
        setattr(edition, name, [])
    session.add(edition)
    session.flush()
    copied = {"copied_from": str(edition.copied_from)} if edition.copied_from else {}
    record(session, "drafted", "edition", edition.id, by=by.id, slug=slug, **copied)
    return edition


def ensure_editable(edition: Edition, *, by: Viewer) -> None:
    if not by.is_secretary:
        raise NotAllowed
    if not rules.may_edit(by, edition):
        raise Conflict(CLOSED)


def edit_edition(session: Session, edition: Edition, *, by: Viewer, **facts: Any) -> None:
    """Records what changed, dates and numbers before and after; a published address and frame stay, and
    from the opening on the rules of deciding."""
    ensure_editable(edition, by=by)
    if rules.is_fixed(edition):
        facts.pop("slug", None)
        _ensure_same(edition, facts, FRAME)
    if rules.has_opened(edition, now()):
        _ensure_same(edition, facts, DECIDING, OPENED)
    _change(session, edition, edition, "changed", by=by, facts=facts)
    _let_judges_read_until(session, edition)


def set_limits(session: Session, edition: Edition, wanted: Mapping[str, int], *, by: Viewer) -> None:
    """The languages and their limits, all at once. Afterwards the limits change only, for essays not yet sent."""
    ensure_editable(edition, by=by)
    before = {limit.language: limit.most for limit in edition.limits}
    if rules.is_fixed(edition) and before.keys() != wanted.keys():
        raise Conflict(FIXED)
    if before == wanted:
        return
    for limit in [each for each in edition.limits if each.language not in wanted]:
        edition.limits.remove(limit)
    for limit in edition.limits:
        limit.most = wanted[limit.language]
    new = sorted(wanted.keys() - before.keys())
    edition.limits.extend(LengthLimit(edition_id=edition.id, language=code, most=wanted[code]) for code in new)
    session.flush()
    record(session, "limits changed", "edition", edition.id, by=by.id, before=before, after=dict(wanted))


def set_weights(session: Session, edition: Edition, wanted: Mapping[uuid.UUID, int], *, by: Viewer) -> None:
    _ensure_draft(edition, by=by)
    if {criterion.id for criterion in edition.criteria} != wanted.keys():
        raise Conflict(ELSEWHERE)
    before = _weights(edition.criteria)
    for criterion in edition.criteria:
        criterion.weight = wanted[criterion.id]
    if before != _weights(edition.criteria):
        after = _weights(edition.criteria)
        record(session, "weights changed", "edition", edition.id, by=by.id, before=before, after=after)


def _weights(criteria: Sequence[Criterion]) -> list[int]:
    return [criterion.weight for criterion in criteria]


# Themes, age categories, criteria, awards


def add_part(session: Session, edition: Edition, part: Part, *, by: Viewer, **facts: Any) -> Any:
    """At the end of the others; age categories stand by age."""
    _ensure_draft(edition, by=by)
    rows = getattr(edition, part)
    if len(rows) >= MOST[part]:
        raise Conflict(words.FULL[part])
    place = {} if part is Part.CATEGORIES else {"position": len(rows) + 1}
    row = ROWS[part](edition_id=edition.id, **place, **facts)
    rows.append(row)
    session.flush()
    record(session, f"{words.ONE[part]} added", "edition", edition.id, by=by.id, row=str(row.id))
    return row


def edit_part(session: Session, edition: Edition, part: Part, row: Any, *, by: Viewer, **facts: Any) -> None:
    """Everything while it is a draft; afterwards its words."""
    ensure_editable(edition, by=by)
    if rules.is_fixed(edition):
        _ensure_same(row, facts, facts.keys() - WORDS)
    _change(session, edition, row, f"{words.ONE[part]} changed", by=by, facts=facts, row=str(row.id))


def remove_part(session: Session, edition: Edition, part: Part, row: Any, *, by: Viewer) -> None:
    """Refused if an essay points to it. Essays are known further up the street only: the database says."""
    _ensure_draft(edition, by=by)
    rows = getattr(edition, part)
    try:
        with session.begin_nested():
            rows.remove(row)
    except IntegrityError as error:
        raise Conflict(USED) from error
    _number(session, part, rows)
    record(session, f"{words.ONE[part]} removed", "edition", edition.id, by=by.id, row=str(row.id))


def move_part(session: Session, edition: Edition, part: Part, row: Any, move: Move, *, by: Viewer) -> None:
    """Age categories stand by age, and stay."""
    _ensure_draft(edition, by=by)
    rows = getattr(edition, part)
    order = rules.moved(rows, row, move)
    if part is Part.CATEGORIES or order == list(rows):
        return
    _number(session, part, order)
    record(session, f"{words.ONE[part]} moved {move}", "edition", edition.id, by=by.id, row=str(row.id))


def _number(session: Session, part: Part, order: Sequence[Any]) -> None:
    """Positions from 1 on. They are unique at every moment, so all step aside first."""
    if part is Part.CATEGORIES or [row.position for row in order] == list(range(1, len(order) + 1)):
        return
    for sign in (-1, 1):
        for position, row in enumerate(order, 1):
            row.position = sign * position
        session.flush()


def _ensure_draft(edition: Edition, *, by: Viewer) -> None:
    ensure_editable(edition, by=by)
    if rules.is_fixed(edition):
        raise Conflict(FIXED)


def _ensure_same(thing: Any, facts: Mapping[str, Any], names: Any, sentence: Lazy = FIXED) -> None:
    if any(name in facts and facts[name] != getattr(thing, name) for name in names):
        raise Conflict(sentence)


def _change(
    session: Session, edition: Edition, thing: Any, deed: str, *, by: Viewer, facts: dict[str, Any], **details: Any
) -> None:
    changed = changes(thing, facts, words=WORDS)
    if not changed:
        return
    thing.sqlmodel_update(facts)
    session.add(thing)
    record(session, deed, "edition", edition.id, by=by.id, **details, **changed)


# Its life


def take_edition_step(session: Session, edition: Edition, step: EditionStep, *, by: Viewer) -> None:
    """The only place that sets an edition's status."""
    if not rules.may_take(by, step, edition):
        raise Conflict if by.is_secretary else NotAllowed
    wanting = rules.unready(edition, now()) if step is EditionStep.PUBLISH else []
    if wanting:
        raise Conflict(wanting[0])
    edition.status = EDITION_STEPS[edition.status, step]
    session.add(edition)
    record(session, step.value, "edition", edition.id, by=by.id, slug=edition.slug)


def judges_read_until(edition: Edition) -> dt.date:
    """Some days after the last marks are due, those of the final round if there is one."""
    return ((edition.final_due_at or edition.judging_due_at) + rules.JUDGES_READ_ON).date()


def _let_judges_read_until(session: Session, edition: Edition) -> None:
    """A judge's role ends some days after the marks are due, also when that date moves."""
    running = select(Grant).where(Grant.edition_id == edition.id, Grant.role == Role.JUDGE)
    for grant in session.exec(running.where(col(Grant.ends_on) >= today())):
        grant.ends_on = max(judges_read_until(edition), grant.begins_on)
