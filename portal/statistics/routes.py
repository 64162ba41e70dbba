"""The numbers of the regions: a public page, the same with more for staff, and a file."""

from typing import Any
from urllib.parse import urlencode

import sqlmodel
from fastapi import APIRouter, Request
from starlette.responses import Response

from portal import i18n, spreadsheets
from portal.accounts.access import Relation, allow
from portal.accounts.viewer import CurrentViewer, Viewer
from portal.clock import today
from portal.i18n import N_
from portal.registry import maps
from portal.registry import words as registry_words
from portal.statistics import queries, rules, words
from portal.statistics.rules import Class, Figure, Line
from portal.statistics.words import Measure
from portal.web.attachments import attachment
from portal.web.templating import page
from portal.web.transaction import Session

router = APIRouter()
HEADS = (N_("ISO 3166-2 code"), N_("Region"), N_("Country"))


@router.get("/statistics")
@allow(Relation.VISITOR)
def show(
    request: Request, session: Session, viewer: CurrentViewer, of: str = "", shade: str = "", sort: str = ""
) -> Response:
    """A measure or an order that there is not is as good as none; what is counted must exist."""
    choices, measures, lines = _counted(session, viewer, of)
    shaded = rules.named(measures, shade) or measures[0]
    order = rules.named(measures, sort)
    whole, classes = rules.total(lines), rules.classes(line.figure(shaded) for line in lines)
    return page(
        request, "statistics/show.html", of=of, choices=choices, measures=measures, shaded=shaded, order=order,
        whole=whole, countries=rules.by_country(lines), lines=rules.in_order(lines, order), classes=classes,
        regions=_map(lines, shaded, classes), is_empty=not any(whole.figure(each).most for each in measures),
        sees_all=rules.sees_all(viewer), words=words, figure=words.figure, country_name=registry_words.country,
        sorted_by={each: _address(of=of, shade=shade, sort=each) for each in ("", *measures)},
        file="/statistics.csv" + _address(of=of),
    )  # fmt: skip


def _counted(
    session: sqlmodel.Session, viewer: Viewer, of: str
) -> tuple[list[tuple[str, str]], list[Measure], list[Line]]:
    """What can be chosen, the columns, and the lines of what was."""
    known = queries.scope(session, viewer)
    return known.choices, rules.measures(viewer, of), queries.lines(session, viewer, known.narrowed(of))


def _map(lines: list[Line], measure: Measure, classes: list[Class]) -> list[maps.MapView]:
    figures: dict[str, Figure] = {line.home.code: line.figure(measure) for line in lines if line.home}
    looks = {code: f"portal-shade-{rules.shade(each, classes)}" for code, each in figures.items()}
    notes = {code: words.figure(each.least, each.most) for code, each in figures.items()}
    homes = [line.home for line in lines if line.home]
    return maps.region_map(homes, i18n.language(), maps.Said(looks, notes))


def _address(**wanted: Any) -> str:
    query = urlencode({name: value for name, value in wanted.items() if value})
    return f"?{query}" if query else ""


@router.get("/statistics.csv")
@allow(Relation.SECRETARY, Relation.AUDITOR)
def download(session: Session, viewer: CurrentViewer, of: str = "") -> Response:
    _choices, measures, lines = _counted(session, viewer, of)
    heads = [*map(str, HEADS), *(str(words.NAMES[each]) for each in measures)]
    file = spreadsheets.comma_separated(heads, (_row(line, measures) for line in lines))
    return attachment(file, f"statistics-{today():%Y-%m-%d}.csv", spreadsheets.CSV_KIND)


def _row(line: Line, measures: list[Measure]) -> list[str | int | None]:
    """Numbers as plain figures, so that a programme can go on with them."""
    if line.home is None:
        return []
    about = [line.home.code, line.home.name(i18n.language()), registry_words.country(line.home.country)]
    return [*about, *(_plain(line.figure(each)) for each in measures)]


def _plain(figure: Figure) -> str | int:
    return figure.least if figure.is_exact else f"{figure.least}–{figure.most}"
