"""Reminding, each reader once of each step."""

import datetime as dt
from collections.abc import Collection

from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col

from portal.mail import queries as mail
from portal.mail.actions import send
from portal.reminding import queries, rules
from portal.reminding.models import Reminded
from portal.reminding.rules import Key, Reader, Rule


def remind(session: Session, rule: Rule, keys: Collection[Key], at: dt.datetime, *, origin: str) -> int:
    """Some of those who are due; how many. Asked anew within this transaction: it may have been done meanwhile."""
    still = queries.due(session, rule, at, {key.subject_id for key in keys})
    wanted = {each.key: each for each in still if each.key in keys}
    claimed = _claim(session, rule, wanted.keys(), at)
    with mail.knowing_who_declines(session, {wanted[key].to.address for key in claimed}):
        for key, reader in wanted.items():
            if key in claimed:
                (rule.write or write)(session, rule, reader, origin)
    return len(claimed)


def _claim(session: Session, rule: Rule, keys: Collection[Key], at: dt.datetime) -> set[Key]:
    """Keeps that these were reminded, and says of which it is new: of two workers at once only one is told so."""
    if not keys:
        return set()
    insert = sqlite.insert if session.connection().dialect.name == "sqlite" else postgresql.insert
    made = insert(Reminded).values([Reminded(rule=rule.name, **key._asdict(), at=at).model_dump() for key in keys])
    table = Reminded.__table__.c  # type: ignore[attr-defined]
    kept = made.on_conflict_do_update(
        index_elements=["rule", "subject_id", "step", "address"],
        set_={"at": made.excluded.at},
        where=table.at < at - rules.SAME,  # of a day that was moved on
    ).returning(col(Reminded.subject_id), col(Reminded.step), col(Reminded.address))
    return {Key(*row) for row in session.execute(kept)}


def write(session: Session, rule: Rule, reader: Reader, origin: str) -> None:
    """What a rule does that says nothing else."""
    step = reader.step
    facts = {"subject": step.subject.thing, "due_at": step.subject.at, "zone_there": step.subject.zone}
    values = {"link": origin + reader.path, **facts, **reader.values}
    send(session, reader.template or rule.template, step.subject.edition_id, to=reader.to, **values)
