"""A stand-in until deals are built: an order is written down, and nobody computes it yet."""

import uuid
from collections.abc import Collection

from sqlmodel import Session

from portal.accounts.viewer import Viewer
from portal.contests.models import Edition
from portal.deals.models import Deal, DealKind
from portal.judging.models import Round


def order(
    session: Session, edition: Edition, round_: Round, kind: DealKind, *, by: Viewer | None,
    essay_ids: Collection[uuid.UUID] | None = None,
) -> Deal:  # fmt: skip
    deal = Deal(
        edition_id=edition.id, round=round_, kind=kind, seed=edition.seed, readings=1, ordered_by=by.id if by else None
    )
    session.add(deal)
    session.flush()
    return deal
