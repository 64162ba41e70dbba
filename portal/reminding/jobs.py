"""Reminding without anybody asking."""

import datetime as dt

import structlog

from portal.clock import now
from portal.jobs.registry import Services, job
from portal.reminding import actions, queries
from portal.reminding.rules import RULES, Rule

log = structlog.get_logger()
BATCH = 100  # messages in one transaction


@job("remind", cron="*/10 * * * *")
def remind(services: Services) -> None:
    """All rules. One that fails does not keep the others from their work."""
    at, failed = now(), []
    for rule in RULES.values():
        try:
            sent = _remind(services, rule, at)
        except Exception:
            log.exception("rule failed", rule=rule.name)
            failed.append(rule.name)
            continue
        if sent:
            log.info("reminded", rule=rule.name, readers=sent)
    if failed:
        raise RuntimeError(f"rules that failed: {', '.join(failed)}")


def _remind(services: Services, rule: Rule, at: dt.datetime) -> int:
    """Looks without holding anything up; writes in short transactions."""
    with services.database.session(writes=False) as session:
        keys = [reader.key for reader in queries.due(session, rule, at)]
    sent = 0
    for first in range(0, len(keys), BATCH):
        with services.database.session(writes=True) as session:
            batch = set(keys[first : first + BATCH])
            sent += actions.remind(session, rule, batch, at, origin=services.settings.public_origin)
    return sent
