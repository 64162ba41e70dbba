"""The audit bundle of an edition: marks, rule and result in one file that is the same byte for byte for the same facts.

Pure. Whoever has it reckons the order again without the portal's database: `README` says how.
"""

import io
import json
import zipfile
from collections.abc import Sequence
from typing import Any

from portal.contests.models import Edition
from portal.judging import files
from portal.judging.files import Marks
from portal.judging.models import Round
from portal.standings import content, rules
from portal.standings.models import Standing
from portal.standings.orders import Group

BEGINNING = (1980, 1, 1, 0, 0, 0)  # a file in a ZIP has a date; this one says nothing
COMMAND = "python -m portal calibrate marks.csv --top {top} --seed {seed}"
README = """The marks, the rule and the result of an edition of the essay contest: {slug}, {round} round.

marks.csv     every mark that counts: the comparison group, how many are the first of it (top), the essay and the judge
              by code, and the judge's total from 0 to 100
edition.json  the edition's rule, seed, rubric, deadlines and the number of first places of each group
result.json   the order that the portal makes of these marks, with its digest, and the orders that it kept

To reckon the order again, with the portal's programme installed (no database or settings are needed):

    {command}

In what it prints, compare for each group and entry
    adjusted, standard_error, p_top, rank_interval with the same names in result.json,
    rank                                           with recommended_rank (null: no one order connects the group).
The numbers are the same to the last digit on the same machine; on another they may differ in the last digits. In
the rank of equal scores the portal goes on to the criteria, which marks.csv does not hold.
{rule}
The digest is the SHA-256 of "order" in result.json, written by Python's json.dumps with sort_keys=True and
separators=(",", ":").
"""
MODEL = "The edition's rule is the same reckoning: rank in result.json is the order of the edition."
OTHER = (
    "The edition's rule is another one, {rule}: rank and score in result.json are by that rule, recommended_rank and "
    "adjusted\nby the reckoning above."
)


def bundle(edition: Edition, round_: Round, groups: Sequence[Group], kept: Sequence[Standing]) -> bytes:
    """`edition` with its criteria and awards; `kept` are the orders kept so far, the first one first."""
    order = content.content(edition, round_, groups)
    result = {
        "order": order,
        "digest": content.digest(order),
        "kept": [_kept(standing) for standing in kept],
    }
    return _zipped(
        {
            "README.txt": _readme(edition, round_).encode(),
            "edition.json": _json(_edition(edition, round_, groups)),
            "marks.csv": files.write({name: _marks(group) for name, group in content.named(groups).items()}),
            "result.json": _json(result),
        }
    )


def _marks(group: Group) -> Marks:
    return Marks(group.pool.given, group.pool.unmarked, max(1, group.line))


def _readme(edition: Edition, round_: Round) -> str:
    rule = rules.rule(edition, round_)
    told = MODEL if rule.value == "model" else OTHER.format(rule=rule.value)
    return README.format(slug=edition.slug, round=round_.value, command=command(edition, round_), rule=told)


def command(edition: Edition, round_: Round) -> str:
    """marks.csv names the top of each group, so that the one given here is only said again."""
    return COMMAND.format(top=max(1, rules.line(edition, round_, edition.awards)), seed=edition.seed)


def _edition(edition: Edition, round_: Round, groups: Sequence[Group]) -> dict[str, Any]:
    dates = {name: getattr(edition, name) for name in ("opens_at", "due_at", "judging_due_at", "final_due_at")}
    return {
        "slug": edition.slug,
        "title": edition.titles,
        "round": round_.value,
        "rule": rules.rule(edition, round_).value,
        "order_rule": edition.order_rule.value,
        "final_rule": edition.final_rule.value,
        "award_scope": edition.award_scope.value,
        "finalists": edition.finalists,
        "extra_readings": edition.extra_readings,
        "most_readings": edition.most_readings,
        "seed": edition.seed,
        "top": {name: group.line for name, group in content.named(groups).items()},
        "rubric": [{"criterion": each.names, "weight": each.weight} for each in edition.criteria],
        "awards": [{"award": each.names, "places": each.places} for each in edition.awards],
        "deadlines": {name: at.isoformat() if at else None for name, at in dates.items()},
    }


def _kept(standing: Standing) -> dict[str, Any]:
    return {
        "occasion": standing.occasion.value,
        "round": standing.round.value,
        "taken_at": standing.taken_at.isoformat(),
        "digest": standing.digest,
        "order": standing.content,
    }


def _json(value: dict[str, Any]) -> bytes:
    return (json.dumps(value, indent=1, sort_keys=True, ensure_ascii=False, allow_nan=False) + "\n").encode()


def _zipped(contents: dict[str, bytes]) -> bytes:
    """Stored, not compressed: how well something is compressed depends on the machine's library."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(contents):
            told = zipfile.ZipInfo(name, BEGINNING)
            told.external_attr = 0o644 << 16
            told.create_system = 3
            archive.writestr(told, contents[name])
    return made.getvalue()
