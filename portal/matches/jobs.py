"""What the match does without anybody asking."""

from portal.jobs.registry import Services, job


@job("continue_match")
def continue_match(services: Services, call_id: str) -> None:
    """Passes on the places of this call that became free."""
