"""What happens to accounts and forms without anybody asking."""

from portal.accounts import actions
from portal.jobs.registry import Services, job
from portal.web import once


@job("forget_what_is_over", cron="50 2 * * *")
def forget_what_is_over(services: Services) -> None:
    """Every night: registrations that nobody confirmed, links and limits that have run out, keys of old forms."""
    with services.database.session(writes=True) as session:
        actions.forget_expired(session)
        once.forget_old_keys(session)
