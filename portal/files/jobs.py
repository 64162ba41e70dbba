"""What happens to files without anybody asking."""

import structlog

from portal.files import actions
from portal.files.storage import make_storage
from portal.jobs.registry import Services, job

log = structlog.get_logger()


@job("sweep_files", cron="30 2 * * *")
def sweep_files(services: Services) -> None:
    """Every night: bytes that no row has promised for 48 hours."""
    with services.database.session(writes=False) as session:
        removed = actions.sweep(session, make_storage(services.settings))
    log.info("files swept", removed=removed)
