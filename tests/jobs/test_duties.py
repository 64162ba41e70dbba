"""No job is forgotten: whoever queues or schedules knows every one."""

from pathlib import Path

from portal import duties

PORTAL = Path(duties.__file__).parent


def test_every_feature_with_jobs_is_on_duty() -> None:
    assert set(duties.__all__) == {each.parent.name for each in PORTAL.glob("*/jobs.py")}
