"""Asking somebody to judge: who may, until when a letter opens, what may be agreed to. Pure."""

import datetime as dt
import enum
from collections.abc import Iterable
from typing import NamedTuple

from portal.accounts.viewer import Viewer
from portal.contests.models import Edition
from portal.contests.rules import may_see_essays
from portal.judging import rules as judging
from portal.judging.models import Judge, JudgeStatus, Round
from portal.panels.words import Standing
from portal.registry.models import Country, Government

GOOD_FOR = dt.timedelta(days=14)
AN_HOUR = 300  # letters that one secretary sends; an edition's whole panel is asked in an afternoon
CONFLICTS = 10  # governments that a judge can declare a conflict with; beyond, somebody should talk to them


class Step(enum.StrEnum):
    """What a secretary can do about a judge."""

    CHANGE = "change"
    SEND_AGAIN = "send_again"
    TAKE_BACK = "take_back"
    LEAVE = "leave"


STEPS: dict[Standing, frozenset[Step]] = {
    Standing.ASKED: frozenset({Step.CHANGE, Step.SEND_AGAIN, Step.TAKE_BACK}),
    Standing.EXPIRED: frozenset({Step.CHANGE, Step.SEND_AGAIN, Step.TAKE_BACK}),
    Standing.TAKEN_BACK: frozenset({Step.SEND_AGAIN}),
    Standing.DECLINED: frozenset({Step.SEND_AGAIN}),
    Standing.ACCEPTED: frozenset({Step.CHANGE, Step.LEAVE}),
}


class Terms(NamedTuple):
    """What a judge is asked for, and agrees to."""

    languages: list[str]
    least: int
    most: int
    in_first: bool
    in_final: bool


def terms_of(judge: Judge) -> Terms:
    return Terms(judge.languages, judge.least, judge.most, judge.in_first, judge.in_final)


def may_see(viewer: Viewer, edition: Edition) -> bool:
    return may_see_essays(viewer, edition)


def standing(judge: Judge, at: dt.datetime) -> Standing:
    """An invitation without a last moment was taken back."""
    if judge.excluded_at is not None:
        return Standing.EXCLUDED
    if judge.status is not JudgeStatus.INVITED:
        return Standing(judge.status.value)
    if judge.expires_at is None:
        return Standing.TAKEN_BACK
    return Standing.ASKED if at < judge.expires_at else Standing.EXPIRED


def may(viewer: Viewer, edition: Edition, judge: Judge, step: Step, at: dt.datetime) -> bool:
    return judging.may_appoint(viewer, edition) and step in STEPS.get(standing(judge, at), ())


def is_open(judge: Judge, at: dt.datetime) -> bool:
    """Whether the letter's link can be answered."""
    return standing(judge, at) is Standing.ASKED


def rounds(terms: Terms | Judge) -> list[Round]:
    return [each for each, holds in ((Round.FIRST, terms.in_first), (Round.FINAL, terms.in_final)) if holds]


def agreed(asked: Terms, languages: Iterable[str], most: int) -> Terms:
    """Within what was asked: fewer languages, fewer essays. A lower most lowers the least with it."""
    kept = [code for code in asked.languages if code in set(languages)]
    fewer = min(asked.most, most)
    return asked._replace(languages=kept, most=fewer, least=min(asked.least, fewer))


def country(government: Government | None, chosen: Country | None) -> Country | None:
    """With a government its country follows."""
    return government.country if government is not None else chosen
