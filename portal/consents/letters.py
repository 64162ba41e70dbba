"""The mails: to a guardian in one of six languages, from the texts; to the young person, from the catalogues."""

from collections.abc import Mapping

from sqlmodel import Session

from portal.accounts import queries as accounts
from portal.accounts.models import Person
from portal.accounts.rules import new_token
from portal.accounts.viewer import token_digest
from portal.consents import wording
from portal.consents.models import ConsentGuardian, Purpose
from portal.consents.wording import About
from portal.i18n import between
from portal.mail import actions as mail
from portal.mail.composing import harmless
from portal.mail.rules import Recipient


class Ours(str):
    """A sentence of ours that was filled with harmless words: the mail prints it as it is."""


def fresh_link(guardian: ConsentGuardian, *, origin: str) -> str:
    """The link of an earlier mail is dead."""
    token = new_token()
    guardian.token_digest = token_digest(token)
    return link_of(token, guardian.language, origin=origin)


def link_of(token: str, language: str, *, origin: str) -> str:
    return f"{origin}/consents/{token}?lang={language}"


def write(
    session: Session, guardian: ConsentGuardian, about: About, kind: str, *, link: str,
    decided: Mapping[Purpose, bool] | None = None,
) -> None:  # fmt: skip
    """To a guardian; `kind` is "asked", "reminder" or "decided"."""
    language = guardian.language
    text, values = wording.text(language), _values(guardian, about)
    said = {name: Ours(sentence.format(**values)) for name, sentence in text["mail"][kind].items()}
    to = Recipient(guardian.email, language, guardian.name, zone=about.zone)
    mail.send(
        session, "consents/guardian", about.edition_id, to=to, said=said, lead=said[about.programme.value], link=link,
        decisions=_decisions(about, language, decided or {}), signature=Ours(text["mail"]["signature"]),
    )  # fmt: skip


def _values(guardian: ConsentGuardian, about: About) -> dict[str, str]:
    return {
        "person": harmless(about.person),
        "guardian": harmless(guardian.name),
        "title": harmless(about.title(guardian.language)),
        "until": wording.instant(guardian.expires_at, about.zone, guardian.language),
    }


def _decisions(about: About, language: str, decided: Mapping[Purpose, bool]) -> list[Ours]:
    text, names = wording.text(language), wording.purposes(language, about.programme)
    colon = between(": ", code=language)
    return [Ours(names[each] + colon + (text["yes"] if is_given else text["no"])) for each, is_given in decided.items()]


def tell(session: Session, person: Person, template: str, about: About, *, page_link: str) -> None:
    """To the young person, if they have an address."""
    if person.email:
        to, title = accounts.recipient(person), about.title(person.language)
        mail.send(session, f"consents/{template}", about.edition_id, to=to, title=title, page_link=page_link)
