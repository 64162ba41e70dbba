"""What the pages of one's own essay share."""

from typing import Any

from sqlmodel import Session

from portal.clock import now
from portal.consents.models import Purpose
from portal.contests import rules as contest_rules
from portal.contests import words as contest_words
from portal.errors import Conflict
from portal.essays import queries, rules, words
from portal.essays.models import Authorship
from portal.i18n import N_

NOT_OFFERED = N_("Choose one from the list.")


def of(session: Session, own: Authorship) -> dict[str, Any]:
    """What every page of one's own essay shows."""
    essay, edition = own.essay, own.essay.edition
    limit, standing = contest_rules.limit_of(edition, essay.language), queries.consents_of(session, own)
    missing = rules.missing(own, essay, edition, standing)
    return {
        "own": own,
        "essay": essay,
        "edition": edition,
        "standing": standing,
        "missing": missing,
        "tasks_left": {check.task for check in missing},
        "outside": rules.is_outside(own.born_on, edition),
        "guardian": words.guardian_said(standing),
        "waits_for_guardian": standing.needs_guardian and not standing.is_decided(Purpose.TAKE_PART),
        "has_set_aside": queries.has_set_aside(session, essay),
        "measured": contest_rules.measured(essay.text, limit) if limit else None,
        "may_write": rules.may_be_written(essay, edition, now()),
        "corrected_by": rules.corrected_by(essay, edition),
        "words": words,
        "rules": rules,
        "contest_words": contest_words,
    }


def writable(own: Authorship) -> None:
    why_not = rules.why_not_written(own.essay, own.essay.edition, now())
    if why_not:
        raise Conflict(why_not)
