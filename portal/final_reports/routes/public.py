"""What everybody reads: the published reports."""

import uuid

from fastapi import APIRouter, Request
from fastapi.responses import Response
from starlette.datastructures import FormData

from portal.accounts.access import Relation, allow
from portal.accounts.viewer import CurrentViewer
from portal.errors import NotFound
from portal.final_reports import queries, rules, words
from portal.final_reports.forms import Filter
from portal.i18n import LANGUAGES
from portal.registry import words as registry_words
from portal.registry.models import Country
from portal.web.forms import check
from portal.web.templating import page
from portal.web.transaction import Session

router = APIRouter()


@router.get("/experiences")
@allow(Relation.VISITOR)
def list_experiences(request: Request, session: Session, viewer: CurrentViewer) -> Response:
    form = check(Filter, FormData(dict(request.query_params)))
    if form.data is None:
        raise NotFound
    found, next_after = queries.experiences(session, **form.data.model_dump())
    countries = [(each.value, registry_words.country(each)) for each in Country]
    return page(
        request, "final_reports/experiences.html", form=form, found=found, next_after=next_after, words=words,
        countries=countries, languages_of_reports=LANGUAGES, author=rules.author,
        query={name: value for name, value in form.values.items() if name != "after" and value},
    )  # fmt: skip


@router.get("/experiences/{report_id}")
@allow(Relation.VISITOR)
def show_experience(request: Request, session: Session, viewer: CurrentViewer, report_id: uuid.UUID) -> Response:
    report = queries.get_public(session, report_id)
    return page(
        request, "final_reports/experience.html", report=report, words=words, texts=rules.TEXTS,
        author=rules.author(report, report.placement.application),
    )  # fmt: skip
