"""What an official asked the list for, read from an address; what names nothing is as good as not asked."""

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple
from urllib.parse import urlencode

import sqlmodel
from fastapi import Request

from portal.accounts import queries as accounts
from portal.accounts.viewer import Viewer
from portal.applications.models import Application, Status
from portal.calls.models import Call
from portal.nominations import queries
from portal.nominations.forms import Filters
from portal.nominations.listing import Wanted
from portal.nominations.words import Sort
from portal.registry.models import Government
from portal.web.forms import Sent, blank

LONGEST_TERM = 100


class Asked(NamedTuple):
    """`wanted` is None while there is no call to list. `form` shows the filters again."""

    wanted: Wanted | None
    call: Call | None
    calls: Sequence[Call]
    homes: Sequence[Government]
    form: Sent[Filters]

    @property
    def query(self) -> str:
        """The filters as they stand in an address, without a page."""
        return urlencode({name: value for name, value in self.form.values.items() if value})


def asked(request: Request, session: sqlmodel.Session, viewer: Viewer) -> Asked:
    """The newest call, if none is named."""
    typed = Filters.model_validate({name: value[:LONGEST_TERM] for name, value in request.query_params.items()})
    calls, homes = queries.calls(session, viewer), _homes(session, viewer)
    call = next((each for each in calls if each.slug == typed.call), calls[0] if calls else None)
    home = next((each for each in homes if each.code == typed.home), None)
    status = next((each for each in Status if each.value == typed.status), None)
    sort = next((each for each in Sort if each.value == typed.sort), Sort.SUBMITTED)
    shown = typed.model_dump() | {"call": call.slug if call else "", "sort": sort.value}
    wanted = None
    if call is not None:
        wanted = Wanted(call.id, home.id if home else None, status, bool(typed.paper), typed.q, sort)
    return Asked(wanted, call, calls, homes, blank(Filters, **shown))


def around(found: Asked, application: Application) -> Wanted:
    """The list in which one leafs from this application to the next."""
    if found.wanted is not None and found.wanted.call_id == application.call_id:
        return found.wanted
    return replace(found.wanted or Wanted(application.call_id), call_id=application.call_id)


def _homes(session: sqlmodel.Session, viewer: Viewer) -> Sequence[Government]:
    """What the list can be narrowed to: staff see all governments' applications, coordinators those of theirs."""
    staff = viewer.is_secretary or viewer.is_auditor
    return [each for each in accounts.governments(session) if staff or viewer.coordinates(each.id)]
