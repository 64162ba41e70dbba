"""Finds every page that somebody can reach, by links and by the routes themselves, in the pseudo-locale."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from urllib.parse import parse_qsl, urlsplit

from fastapi import FastAPI
from fastapi.testclient import TestClient
from lxml import html
from sqlmodel import Session, col, select

from portal.accounts import access
from portal.accounts.models import Person
from portal.demonstration.people import ACCOUNTS
from portal.essays.models import Authorship, Essay, EssayStatus
from portal.mail.models import Message
from tests import database as databases
from tests import make
from tests.browser.walking import pseudo, words
from tests.conftest import browser

VISITOR = ""
# Pages of one kind that one person is shown, and how often one is asked for that the person may not see.
MOST, PATIENCE = 1, 8
# Who sees what somebody else of the same role sees as well.
ALIKE = {"judge_ru", "judge_mn", "third_secretary", "second_host_coordinator"}
SHOWN = ("title", "alt", "aria-label", "placeholder", "label")
UNREAD = {"script", "style", "code", "pre", "kbd", "samp", "template", "textarea"}
BREAK = "\x1f"
# The address asks for something else of the same page: its language, a later part of a list.
UNCOUNTED = {"lang", "after", "before", "next"}


@dataclass(frozen=True)
class Moment:
    """An address that nothing leads to, and what it answers; `what` sets it apart from other states of its page."""

    path: str
    account: str = VISITOR
    what: str = ""
    status: int = 200
    is_sent: bool = False  # a form without fields, to an address that is no page


@dataclass(frozen=True)
class Page:
    """What somebody looks at: a page, or one of its forms (by number) sent empty and shown again."""

    account: str
    path: str
    kind: str
    form: int | None = None
    status: int = 200
    is_sent: bool = False


@dataclass
class Visit:
    """How far one person has come: the kinds of page that were shown, and those that were asked for in vain."""

    account: str
    client: TestClient
    seen: set[str] = field(default_factory=set)
    shown: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)


@dataclass
class Found:
    pages: list[Page] = field(default_factory=list)
    routes: set[str] = field(default_factory=set)  # all that answer to GET
    reached: set[str] = field(default_factory=set)
    untranslated: Counter[str] = field(default_factory=Counter)
    broken: list[str] = field(default_factory=list)

    def kinds(self) -> list[Page]:
        """One page of each kind, and one of each form, whoever sees it."""
        seen: dict[tuple[str, bool], Page] = {}
        for page in self.pages:
            seen.setdefault((page.kind, page.form is None), page)
        return list(seen.values())


class Crawl:
    def __init__(
        self, app: FastAPI, database: databases.JoinedDatabase, data: words.Data, moments: Sequence[Moment] = ()
    ) -> None:
        self.app, self.database, self.data, self.moments = app, database, data, moments
        self.found = Found()
        self.tried: set[tuple[str, str]] = set()
        self.routes = [each.path for each in access.permissions(app) if each.method == "GET"]
        self.posts = [each.path for each in access.permissions(app) if each.method == "POST"]
        self.found.routes = set(self.routes)

    def everywhere(self) -> Found:
        with self.database.session(writes=False) as session:
            others = [*_without_account(session)]
        known = [VISITOR, *(each.address for each in ACCOUNTS if each.key not in ALIKE), *others]
        for account in known:
            visit = self._visit(account)
            self._wander(visit, [*self._beginnings(account)])
            self._look_at_moments(visit)
        for account in sorted({each.account for each in self.moments} - {*known}):
            self._look_at_moments(self._visit(account))
        return self.found

    def _visit(self, account: str) -> Visit:
        client = browser(self.app)
        if account:
            client.cookies.update(self._signed_in(account))
        return Visit(account, client)

    def _wander(self, visit: Visit, waiting: list[str]) -> None:
        while waiting:
            path = waiting.pop(0)
            kind = self.kind(path)
            if path in visit.seen or kind is None:
                continue
            visit.seen.add(path)
            waiting += self._deeper(path)
            if visit.shown[kind] >= MOST or visit.refused[kind] >= PATIENCE:
                continue
            document = self._get(visit, path, kind)
            if document is None:
                visit.refused[kind] += 1
                continue
            visit.shown[kind] += 1
            waiting += _links(document)
            self._forms(visit, path, document)

    def _look_at_moments(self, visit: Visit) -> None:
        """After everything that can be found, so that what is usual is what is shown of a kind."""
        for moment in self.moments:
            if moment.account == visit.account:
                self._look_at(visit, moment)

    def _look_at(self, visit: Visit, moment: Moment) -> None:
        route = _route(self.posts if moment.is_sent else self.routes, urlsplit(moment.path).path) or moment.path
        kind = f"{route}?{moment.what}" if moment.what else self.kind(moment.path) or route
        answer = visit.client.request("POST" if moment.is_sent else "GET", moment.path)
        if answer.status_code != moment.status:
            self.found.broken.append(
                f"{visit.account} {moment.path} ({moment.what}): {answer.status_code} instead of {moment.status}"
            )
            return
        if moment.status == 200:
            self.found.reached.add(route)
        if not _is_page(answer.text):
            return
        page = Page(visit.account, moment.path, kind, status=moment.status, is_sent=moment.is_sent)
        self.found.pages.append(page)
        self._forms(visit, moment.path, self._read(answer.text, kind))

    def _signed_in(self, account: str) -> dict[str, str]:
        with self.database.session(writes=True) as session:
            person = session.exec(select(Person).where(Person.email == account)).one()
            return dict(make.sign_in(session, self.app.state.settings, person))

    def _beginnings(self, account: str) -> Iterator[str]:
        yield "/"
        yield from (route for route in self.routes if "{" not in route)
        with self.database.session(writes=False) as session:
            yield from _linked_in_letters(session, account)

    def kind(self, path: str) -> str | None:
        """The route, and what its query asks for."""
        parts = urlsplit(path)
        route = _route(self.routes, parts.path)
        asked = sorted({name for name, value in parse_qsl(parts.query) if value} - UNCOUNTED)
        return route and (f"{route}?{'&'.join(asked)}" if asked else route)

    def _deeper(self, path: str) -> Iterator[str]:
        """Routes that go on from this one without naming anything more."""
        route = _route(self.routes, urlsplit(path).path) or ""
        for each in self.routes:
            rest = each.removeprefix(f"{route}/")
            if rest != each and "{" not in rest:
                yield f"{urlsplit(path).path}/{rest}"

    def _get(self, visit: Visit, path: str, kind: str) -> html.HtmlElement | None:
        answer = visit.client.get(path)
        if answer.status_code >= 500 and kind != "/health/ready":  # which says that no worker runs
            self.found.broken.append(f"{visit.account} {path}: {answer.status_code}")
        if answer.status_code == 200:
            self.found.reached.add(kind.partition("?")[0])
        if answer.status_code != 200 or not _is_page(answer.text):
            return None
        self.found.pages.append(Page(visit.account, path, kind))
        return self._read(answer.text, kind)

    def _read(self, text: str, kind: str) -> html.HtmlElement:
        document = html.document_fromstring(text)
        for piece in _pieces(document):
            if not self.data.covers(piece):
                self.found.untranslated[f"{kind}: {' '.join(piece.split())}"] += 1
        return document

    def _forms(self, visit: Visit, path: str, document: html.HtmlElement) -> None:
        """Those that are shown again when nothing is typed; whatever another one does is taken back."""
        for number, form in enumerate(document.xpath("//main//form")):
            action = form.get("action") or path
            route = _route(self.posts, urlsplit(action).path)
            kind = f"POST {route}"
            if form.get("method") != "post" or route is None or (visit.account, kind) in self.tried:
                continue
            self.tried.add((visit.account, kind))
            with databases.transaction(self.database):
                answer = visit.client.post(action, data=_unfilled(form))
            if answer.status_code == 422:
                self.found.pages.append(Page(visit.account, path, kind, number))
                self._read(answer.text, kind)


def _without_account(session: Session) -> Iterator[str]:
    """Who is in no list of accounts and yet has pages of their own: who won, and who entered an essay from paper."""
    essays = select(Person.email).join(Authorship, col(Authorship.person_id) == Person.id).join(Essay)
    yield session.exec(essays.where(Essay.status == EssayStatus.AWARDED)).first() or VISITOR
    yield (
        session.exec(select(Person.email).join(Authorship, col(Authorship.entered_by) == Person.id)).first() or VISITOR
    )


def _is_page(text: str) -> bool:
    """And not a file, or a piece of a page that the page itself fetches."""
    return text.startswith("<!doctype html>")


def _route(routes: list[str], path: str) -> str | None:
    """The most literal template that a path fits."""
    fitting = [each for each in routes if _pattern(each).fullmatch(path)]
    return min(fitting, key=lambda each: each.count("{"), default=None)


@cache
def _pattern(route: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\{\w+(:\w+)?\}", "[^/]+", route))


def _links(document: html.HtmlElement) -> Iterator[str]:
    for address in document.xpath("//a/@href"):
        if address.startswith("/") and not address.startswith("/static/") and "lang=" not in address:
            yield address.partition("#")[0]


def _linked_in_letters(session: Session, account: str) -> Iterator[str]:
    """Whoever has the link needs no account."""
    for message in session.exec(select(Message)):
        if account in (VISITOR, message.address):
            for address in re.findall(r"https?://[^/\s]+(/[^\s>)]+)", message.text or ""):
                yield re.sub(r"[?&]lang=[\w-]+", "", address.partition("#")[0].rstrip(".,;"))


def _unfilled(form: html.HtmlElement) -> dict[str, list[str]]:
    """What a browser sends of a form whose fields are all emptied."""
    sent: defaultdict[str, list[str]] = defaultdict(list)
    for field_ in form.xpath(".//input[@name] | .//textarea[@name] | .//select[@name]"):
        kind = field_.get("type", "text")
        if kind == "hidden":
            sent[field_.get("name")].append(field_.get("value") or "")
        elif kind not in {"radio", "checkbox", "file", "submit"}:
            sent[field_.get("name")].append("")
    return dict(sent)


def _pieces(document: html.HtmlElement) -> Iterator[str]:
    """Of what is seen or read out. All in one go, since a message may hold markup."""
    for text in ("".join(_said(document.body)), *document.xpath("//head/title/text()"), *_attributes(document)):
        for piece in pseudo.beyond(text):
            yield from (part for part in piece.split(BREAK) if part.strip() and not _is_heading(document, part))


def _is_heading(document: html.HtmlElement, piece: str) -> bool:
    """The title of a page repeats its heading, and cannot say in which language that is."""
    return any(heading.text_content().strip() == piece.strip(" –\n") for heading in document.xpath("//*[@lang]//h1"))


def _said(element: html.HtmlElement) -> Iterator[str]:
    if not _is_unread(element):
        yield element.text or ""
        for child in element:
            yield from (BREAK, *_said(child), BREAK, child.tail or "")


def _is_unread(element: html.HtmlElement) -> bool:
    """Comments, code, and what says itself that it is in another language or in none."""
    marked = element.get("lang") is not None or element.get("translate") == "no"
    return not isinstance(element.tag, str) or element.tag in UNREAD or marked


def _attributes(document: html.HtmlElement) -> Iterator[str]:
    for element in document.body.iter("*"):
        if not any(_is_unread(each) for each in (element, *element.iterancestors()) if each.tag != "html"):
            yield from (element.get(name, "") for name in SHOWN)
            if element.tag == "input" and element.get("type") in {"submit", "button"}:
                yield element.get("value", "")
