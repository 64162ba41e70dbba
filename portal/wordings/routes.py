"""The secretariat's own words for messages: the list, the page of one template in one language, and a preview."""

import uuid
from collections.abc import Mapping
from typing import Annotated, Any

import sqlmodel
from fastapi import APIRouter, Depends, Request
from starlette.datastructures import FormData
from starlette.responses import HTMLResponse, Response

from portal import i18n
from portal.accounts import entrance
from portal.accounts import queries as accounts
from portal.accounts.access import Relation, allow
from portal.accounts.viewer import CurrentViewer, Viewer
from portal.errors import Conflict, NotAllowed
from portal.i18n import N_
from portal.mail import markup
from portal.mail.tags import COLOURS
from portal.mail.words import KINDS
from portal.web.forms import Body, Sent, blank, check, sent
from portal.web.links import go
from portal.web.templating import page
from portal.web.transaction import Session
from portal.wordings import actions, queries, rules, words
from portal.wordings.forms import Removal, WordsForm, field, words_form
from portal.wordings.templates import Sentence, Template

router = APIRouter()
SentRemoval = Annotated[Sent[Removal], Depends(sent(Removal))]
Words = dict[Sentence, tuple[str, ...]]
# A mail carries its style within itself; nothing else of it is to do anything.
AS_MAIL = "sandbox; default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"
SAVED = N_("The words are saved. Every message written from now on is in them.")
NOTHING = N_("Nothing was changed.")
REMOVED = N_("The words that were not used any more are removed.")
NOT_SAID = N_("It was not said which words. Go back and press the button beside them.")
STALE = N_(
    "Somebody else changed words of this message after you opened the page. What you typed stands below, and the words"
    " as they are now in the preview. Save again to put yours in their place."
)


@router.get("/wordings")
@allow(Relation.SECRETARY, Relation.AUDITOR)
def list_wordings(request: Request, session: Session, viewer: CurrentViewer) -> Response:
    return page(
        request, "wordings/list.html", rows=queries.rows(session, viewer), address=queries.address,
        folders=words.FOLDERS, layout=words.LAYOUT, elsewhere=words.ELSEWHERE, kinds=KINDS, colours=COLOURS,
    )  # fmt: skip


@router.get("/wordings/{template}/{language}")
@allow(Relation.SECRETARY, Relation.AUDITOR)
def show_wording(request: Request, session: Session, viewer: CurrentViewer, template: str, language: str) -> Response:
    found = queries.get_visible(viewer, template, language)
    current = queries.forms(found, queries.own_words(session, found, language), language)
    return _page(request, session, viewer, found, language, _filled(session, found, language, current), shown=current)


@router.post("/wordings/{template}/{language}")
@allow(Relation.SECRETARY)
def save_wording(
    body: Body, request: Request, session: Session, viewer: CurrentViewer, template: str, language: str
) -> Response:
    found = _editable(viewer, template, language)
    queries.lock(session, found, language)
    rows = queries.own_words(session, found, language)
    current = queries.forms(found, rows, language)
    form, typed = _read(body, current, language)
    if form.data is None:
        return _page(request, session, viewer, found, language, form, status=422)
    if typed != current and form.data.seen != rules.version(rows):
        stale = Sent(form.form, None, {**form.values, "seen": rules.version(rows)}, {"": str(STALE)})
        return _page(request, session, viewer, found, language, stale, shown=current, status=409)
    changed = actions.save(session, found, language, typed, rows, by=viewer)
    return go(request, f"/wordings/{queries.address(found)}/{language}", SAVED if changed else NOTHING)


@router.post("/wordings/{template}/{language}/preview")
@allow(Relation.SECRETARY)
def preview_wording(
    body: Body, request: Request, session: Session, viewer: CurrentViewer, template: str, language: str
) -> Response:
    """The same page with the messages in the words that were typed. Nothing is kept."""
    found = _editable(viewer, template, language)
    current = queries.forms(found, queries.own_words(session, found, language), language)
    form, typed = _read(body, current, language)
    if form.data is None:
        return _page(request, session, viewer, found, language, form, status=422)
    return _page(request, session, viewer, found, language, form, shown=typed, is_preview=True)


@router.post("/wordings/{template}/{language}/letter")
@allow(Relation.SECRETARY)
def preview_letter(
    body: Body, request: Request, session: Session, viewer: CurrentViewer, template: str, language: str
) -> Response:
    """The newest of those messages as an HTML mail, in the words that were typed."""
    found = _editable(viewer, template, language)
    current = queries.forms(found, queries.own_words(session, found, language), language)
    form, typed = _read(body, current, language)
    if form.data is None:
        return _page(request, session, viewer, found, language, form, status=422)
    case, *_more = queries.cases(session, found, language, typed)
    origin = entrance.settings(request).public_origin
    with i18n.speaking(language):
        html = markup.page(case.text, kind=found.kind, language=language, title=case.subject, origin=origin)
    return HTMLResponse(html, headers={"content-security-policy": AS_MAIL})


@router.post("/wordings/{template}/{language}/remove")
@allow(Relation.SECRETARY)
def remove_unused(
    form: SentRemoval, request: Request, session: Session, viewer: CurrentViewer, template: str, language: str
) -> Response:
    """Words for a sentence that the template no longer has."""
    found = _editable(viewer, template, language)
    if form.data is None:
        raise Conflict(NOT_SAID)
    actions.remove(session, queries.get_unused(session, found, language, form.data.wording), by=viewer)
    return go(request, f"/wordings/{queries.address(found)}/{language}", REMOVED)


def _editable(viewer: Viewer, template: str, language: str) -> Template:
    found = queries.get_visible(viewer, template, language)
    if not rules.may_edit(viewer):
        raise NotAllowed
    return found


def _filled(session: sqlmodel.Session, template: Template, language: str, current: Words) -> Sent[WordsForm]:
    values = {
        field(sentence, place): rules.written(text)
        for sentence, forms in current.items()
        for place, text in enumerate(forms)
    }
    seen = rules.version(queries.own_words(session, template, language))
    return blank(words_form(current), seen=seen, **values)


def _read(body: FormData, current: Words, language: str) -> tuple[Sent[WordsForm], Words]:
    """What was typed, and the words that it asks for; a sentence that the page did not have stays as it is."""
    form = check(words_form(current), body)
    if form.data is None:
        return form, current
    typed = dict(current)
    faults: dict[str, str] = {}
    for sentence, forms in current.items():
        names = [field(sentence, place) for place in range(len(forms))]
        if sentence.key in form.data.back:
            typed[sentence] = rules.portals_own(sentence, language)
        elif all(name in form.values for name in names):
            texts = form.data.texts(sentence, len(forms))
            faults |= {names[place]: fault for place, fault in rules.amiss(sentence, texts).items()}
            typed[sentence] = tuple(rules.kept(text) for text in texts)
    return form.all_refused(faults), typed


def _page(
    request: Request, session: sqlmodel.Session, viewer: Viewer, template: Template, language: str,
    form: Sent[WordsForm], *, shown: Words | None = None, status: int = 200, is_preview: bool = False,
) -> Response:  # fmt: skip
    """`shown` are the words of the preview; none where what was typed cannot be said."""
    rows = queries.own_words(session, template, language)
    current = queries.forms(template, rows, language)
    return page(
        request, "wordings/show.html", status, template=template, form=form, language_of=language,
        here=f"/wordings/{queries.address(template)}", title=queries.title(template) or words.ELSEWHERE,
        folder=words.FOLDERS.get(template.folder, template.folder), layout=words.LAYOUT, kind=KINDS[template.kind],
        colour=COLOURS[template.kind], entries=_entries(session, current, language, rows), is_preview=is_preview,
        cases=queries.cases(session, template, language, shown) if shown else [],
        is_offered=language in i18n.offered(), shows_cases=rules.shows_cases(template),
        unused=queries.unused(template, rows), may_edit=rules.may_edit(viewer),
    )  # fmt: skip


def _entries(session: sqlmodel.Session, current: Words, language: str, rows: Any) -> list[dict[str, Any]]:
    """A line of the page for each sentence."""
    own = {row.passage: row for row in rows}
    names = accounts.names(session, {row.edited_by for row in rows})
    return [_entry(sentence, forms, language, own.get(sentence.text), names) for sentence, forms in current.items()]


def _entry(
    sentence: Sentence, forms: tuple[str, ...], language: str, row: Any, names: Mapping[uuid.UUID | None, str]
) -> dict[str, Any]:
    numbers = rules.counted(language) if len(forms) > 1 else [[]]
    return {
        "sentence": sentence,
        "source": rules.written(sentence.plural or sentence.text),
        "fields": [(field(sentence, place), i18n.listing(each)) for place, each in enumerate(numbers)],
        "now": [rules.written(form) for form in forms],
        "row": row,
        "by": names.get(row.edited_by, "") if row else "",
    }
