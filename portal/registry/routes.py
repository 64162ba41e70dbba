"""The registry's pages."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from typing import Annotated, Any, NamedTuple
from urllib.parse import urlencode

import sqlmodel
from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from portal import i18n
from portal.accounts import queries as accounts
from portal.accounts.access import Relation, allow
from portal.accounts.viewer import CurrentViewer, Viewer
from portal.errors import NotAllowed, NotFound
from portal.history import queries as history
from portal.i18n import N_, _
from portal.registry import actions, forms, maps, queries, rules, sources, words
from portal.registry.forms import Edit
from portal.registry.models import Country, Government, Membership
from portal.registry.queries import Wanted
from portal.web.forms import Sent, blank, sent
from portal.web.links import go
from portal.web.templating import page
from portal.web.transaction import Session

router = APIRouter()
LONGEST_SEARCH = 100
SAVED = N_("The changes to %(name)s are saved.")
EVERY = {"country": N_("All countries"), "status": N_("Every status")}
NOTHING = N_("Nothing was different, so nothing was changed.")
NO_DATE = N_("Enter the date from which the new status holds.")
MEANWHILE = N_("Somebody else changed this government while you were editing. Nothing of yours is saved yet.")


@router.get("/governments")
@allow(Relation.VISITOR)
def directory(
    request: Request, session: Session, _viewer: CurrentViewer,
    country: str = "", kind: str = "", status: str = "", committee: str = "", q: str = "",
) -> Response:  # fmt: skip
    language, names = i18n.language(), queries.committee_names(session, i18n.language())
    typed = {"country": country, "kind": kind, "status": status, "committee": committee, "q": q[:LONGEST_SEARCH]}
    everybody = queries.governments(session)
    found = queries.governments(session, _wanted(typed, {key for key, _name in names}))
    is_filtered = any(typed.values())
    said = maps.only(everybody, {each.code for each in found}) if is_filtered else None
    return page(
        request, "registry/governments.html", typed=typed, groups=rules.by_country(found, language),
        counts=_counts(found), total=len(everybody), words=words, choices=_choices(names),
        regions=maps.region_map(everybody, language, said), is_filtered=is_filtered, query=_query(typed),
        facets={name: _facets(typed, name, everybody, _choices(names)[name]) for name in EVERY},
    )  # fmt: skip


def _query(typed: dict[str, str]) -> str:
    return urlencode({name: value for name, value in typed.items() if value})


class Facet(NamedTuple):
    """A link beside the map that narrows it and the list, and keeps what else they are narrowed by."""

    value: str
    text: str
    href: str
    is_current: bool


def _facets(
    typed: dict[str, str], name: str, everybody: Iterable[Government], choices: Iterable[tuple[str, str]]
) -> list[Facet]:
    """Of all governments, of every country or status that one of them has."""
    there_are = {str(getattr(each, name)) for each in everybody}
    every = [("", str(EVERY[name])), *((value, text) for value, text in choices if value in there_are)]
    return [Facet(value, text, _narrowed({**typed, name: value}), typed[name] == value) for value, text in every]


def _narrowed(wanted: dict[str, str]) -> str:
    query = _query(wanted)
    return f"/governments?{query}" if query else "/governments"


def _wanted(typed: dict[str, str], committees: set[str]) -> Wanted:
    """An address that names a country, kind, status or committee that there is not leads nowhere."""
    known: dict[str, Collection[str]] = {
        "country": set(Country), "kind": words.KINDS, "status": set(Membership), "committee": committees,
    }  # fmt: skip
    if any(typed[name] and typed[name] not in values for name, values in known.items()):
        raise NotFound
    return Wanted(
        Country(typed["country"]) if typed["country"] else None,
        typed["kind"] or None,
        Membership(typed["status"]) if typed["status"] else None,
        typed["committee"] or None,
        typed["q"],
    )


def _counts(found: Iterable[Government]) -> Counter[Membership]:
    return Counter(each.status for each in found)


def _choices(committees: list[tuple[str, str]]) -> dict[str, list[tuple[str, str]]]:
    return {
        "country": [(code.value, words.country(code)) for code in words.COUNTRIES],
        "kind": sorted(((key, str(name)) for key, name in words.KINDS.items()), key=lambda choice: choice[1]),
        "status": [(status.value, words.status(status)) for status in Membership],
        "committee": committees,
    }


@router.get("/governments/{code}")
@allow(Relation.VISITOR)
def show(request: Request, code: str, session: Session, viewer: CurrentViewer) -> Response:
    government = queries.get_government(session, code)
    return page(
        request, "registry/government.html", government=government, words=words, names=words.LANGUAGE_NAMES,
        committees=queries.committees_of(session, government), sources=_sources(government),
        may_edit=rules.may_edit(viewer), deeds=_deeds(session, government, viewer),
    )  # fmt: skip


def _sources(government: Government) -> list[tuple[str, str]]:
    """Where each value comes from: the files' own account, or the secretariat once a secretary has set it."""
    said = {
        field: source for field, source in sources.values().get(government.code, {}).items() if field in words.FIELDS
    }
    said |= dict.fromkeys(government.edited, "secretariat")
    return [
        (words.field(field), str(words.SOURCES.get(said[field], said[field])))
        for field in words.FIELDS
        if field in said
    ]


def _deeds(session: sqlmodel.Session, government: Government, viewer: Viewer) -> list[dict[str, Any]] | None:
    if not rules.may_read_history(viewer):
        return None
    entries = history.deeds(session, "government", government.id)
    names = accounts.names(session, {entry.actor_id for entry in entries if entry.actor_id})
    return [{"at": entry.at, "by": names.get(entry.actor_id), **entry.details} for entry in entries]


@router.get("/governments/{code}/edit")
@allow(Relation.SECRETARY)
def edit(request: Request, code: str, session: Session, viewer: CurrentViewer) -> Response:
    government = queries.get_government(session, code)
    _must_edit(viewer)
    form = blank(Edit, **forms.filled(rules.values(government)))
    return _edit_page(request, government, form)


@router.post("/governments/{code}/edit")
@allow(Relation.SECRETARY)
def save(
    request: Request, code: str, form: Annotated[Sent[Edit], Depends(sent(Edit))], session: Session,
    viewer: CurrentViewer,
) -> Response:  # fmt: skip
    government = queries.lock_government(session, code)
    _must_edit(viewer)
    if form.data is None:
        return _edit_page(request, government, form, 422)
    wanted = form.data.wanted()
    if form.data.version != rules.version(government):
        return _edit_page(request, government, form, 409, rules.changes(government, wanted))
    if rules.lacks_date(government, wanted):
        return _edit_page(request, government, form.refused("status_since", NO_DATE), 422)
    changes = actions.edit_government(session, government, wanted, by=viewer.id)
    message = _(SAVED) % {"name": government.name(i18n.language())} if changes else NOTHING
    return go(request, f"/governments/{government.code}", message)


def _edit_page(
    request: Request, government: Government, form: Sent[Edit], status: int = 200,
    meanwhile: Sequence[rules.Change] | None = None,
) -> Response:  # fmt: skip
    """`meanwhile`: where the typed text differs from what another editor has saved since."""
    # A wrong form keeps the version it was opened with, so that a correction cannot overwrite unseen.
    version = form.values.get("version") if status == 422 else rules.version(government)
    return page(
        request, "registry/edit.html", status, government=government, form=form, version=version, words=words,
        statuses=_choices([])["status"], meanwhile=meanwhile, notice=MEANWHILE,
    )  # fmt: skip


def _must_edit(viewer: Viewer) -> None:
    if not rules.may_edit(viewer):
        raise NotAllowed


@router.get("/committees")
@allow(Relation.VISITOR)
def committees(request: Request, session: Session, _viewer: CurrentViewer) -> Response:
    return page(request, "registry/committees.html", committees=queries.committees(session), words=words)


@router.get("/organisation")
@allow(Relation.VISITOR)
def organisation(request: Request, session: Session, _viewer: CurrentViewer) -> Response:
    return page(
        request, "registry/organisation.html", organisation=sources.organisation(), partners=queries.partners(session),
        counts=_counts(queries.governments(session)), words=words,
    )  # fmt: skip


@router.get("/sources")
@allow(Relation.VISITOR)
def sources_page(request: Request, _viewer: CurrentViewer) -> Response:
    return page(request, "registry/sources.html", licence=sources.unicode_licence())
