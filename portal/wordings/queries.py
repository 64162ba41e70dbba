"""Reading templates, the secretariat's own words for them, and real messages to try new words on."""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import load_only
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from portal import i18n
from portal.accounts import queries as accounts
from portal.accounts.viewer import Viewer
from portal.errors import NotFound
from portal.mail import composing
from portal.mail import queries as mail
from portal.mail.models import Message, Wording
from portal.mail.wording import Wordings, Words
from portal.wordings import rules, templates
from portal.wordings.templates import Sentence, Template

CASES = 3
CASE = (Message.person_id, Message.address, Message.language, Message.created_at, Message.parts)


class Row(NamedTuple):
    """A template on the list; `own` says by language how many of its sentences have words of the secretariat's."""

    template: Template
    title: str
    own: dict[str, int]


class Case(NamedTuple):
    """A message as it would read. `message` is None where it is made up of the placeholders' names."""

    message: Message | None
    subject: str
    text: str


def visible_to(viewer: Viewer) -> list[Template]:
    return templates.every() if rules.may_read(viewer) else []


def get_visible(viewer: Viewer, name: str, language: str) -> Template:
    """By its name as addresses have it, with a dot for the slash."""
    found = templates.find(name.replace(".", "/", 1)) if rules.may_read(viewer) else None
    if found is None or language not in i18n.LANGUAGES:
        raise NotFound
    return found


def address(template: Template) -> str:
    return template.name.replace("/", ".")


def rows(session: Session, viewer: Viewer) -> list[Row]:
    """Every template with its subject line in the reader's language."""
    counted = select(Wording.template, Wording.language, sa.func.count()).group_by(
        col(Wording.template), col(Wording.language)
    )
    own: dict[str, dict[str, int]] = defaultdict(dict)
    for template, language, number in session.exec(counted):
        own[template][language] = number
    return [Row(each, title(each), own[each.name]) for each in visible_to(viewer)]


def title(template: Template) -> str:
    """Its subject line with the placeholders by their names; empty if its words are kept elsewhere."""
    subject = next((each for each in template.sentences if each.is_subject), None)
    return rules.written(i18n.gettext(subject.text)) if subject else ""


def own_words(session: Session, template: Template, language: str) -> Sequence[Wording]:
    """The secretariat's, those too that the template has no sentence for any more."""
    found = select(Wording).where(Wording.template == template.name, Wording.language == language)
    return session.exec(found.order_by(col(Wording.edited_at), col(Wording.id))).all()


def lock(session: Session, template: Template, language: str) -> None:
    """Until this transaction ends nobody else words this message: before its first words there is no row to lock.

    On SQLite whoever writes does so alone.
    """
    if session.connection().dialect.name == "postgresql":
        key = sa.func.hashtextextended(f"wording {template.name} {language}", 0)
        session.execute(sa.select(sa.func.pg_advisory_xact_lock(key)))


def unused(template: Template, rows: Iterable[Wording]) -> list[Wording]:
    said = {each.text for each in template.sentences}
    return [row for row in rows if row.passage not in said]


def forms(template: Template, rows: Iterable[Wording], language: str) -> dict[Sentence, tuple[str, ...]]:
    """The words of each sentence as they are now, in the catalogue's notation."""
    own = {row.passage: row.forms for row in rows}
    found = {}
    for each in template.sentences:
        ours = rules.portals_own(each, language)
        theirs = own.get(each.text, [])
        # After a change of the template a sentence may count that did not before.
        found[each] = tuple(theirs) if len(theirs) == len(ours) else ours
    return found


def get_unused(session: Session, template: Template, language: str, wording_id: uuid.UUID) -> Wording:
    found = [each for each in unused(template, own_words(session, template, language)) if each.id == wording_id]
    if not found:
        raise NotFound
    return found[0]


def cases(session: Session, template: Template, language: str, words: Mapping[Sentence, tuple[str, ...]]) -> list[Case]:
    """The newest messages of this template, said in these words; a sample where none may be shown."""
    wordings = _wordings(session, template, language, words)
    with i18n.speaking(language):
        real = _real(session, template, language)
        found = [Case(message, *composing.put_together(parts, wordings)) for message, parts in real]
        return found or [Case(None, *composing.put_together(template.sample, wordings))]


def _wordings(
    session: Session, template: Template, language: str, words: Mapping[Sentence, tuple[str, ...]]
) -> Wordings:
    """Those of the layout as they are kept, and of the template as they were typed."""
    return {
        **mail.wordings(session, mail.LAYOUT, language),
        **{sentence.text: Words(forms, language) for sentence, forms in words.items()},
    }


def _real(session: Session, template: Template, language: str) -> list[tuple[Message, dict[str, list[composing.Part]]]]:
    """In this language, or else in any; without what would say whose they are."""
    if not rules.shows_cases(template):
        return []
    of_template = select(Message).where(Message.template == template.name).options(load_only(*CASE))  # type: ignore[arg-type]
    found = _whole(session, of_template.where(Message.language == language).order_by(col(Message.created_at).desc()))
    if not found:
        in_any = of_template.order_by(col(Message.language).desc(), col(Message.created_at).desc())
        found = _whole(session, in_any)
    names = accounts.names(session, {each.person_id for each in found if each.person_id})
    return [(each, _without_reader(each, names.get(each.person_id, ""))) for each in found]


def _whole(session: Session, wanted: SelectOfScalar[Message]) -> list[Message]:
    """Those that still have their parts: messages of before were kept as text alone."""
    return [each for each in session.exec(wanted.limit(CASES)) if each.parts]


def _without_reader(message: Message, name: str) -> dict[str, list[composing.Part]]:
    hidden = {name, composing.harmless(name), message.address, composing.harmless(message.address)} - {""}
    return rules.masked(composing.from_data(message.parts), hidden)
