"""The picture of who goes where: everybody is in it, and nothing lies on anything else."""

from itertools import pairwise

import pytest

from portal.matches import flow

FLOWS = [("CN", "JP", 1), ("MN", "JP", 2), ("MN", "KR", 5), ("RU", "RU", 2)]


def test_everybody_leaves_and_arrives():
    picture = flow.draw(FLOWS)
    assert [(bar.country, bar.number) for bar in picture.homes] == [("CN", 1), ("MN", 7), ("RU", 2)]
    assert [(bar.country, bar.number) for bar in picture.hosts] == [("JP", 3), ("KR", 5), ("RU", 2)]
    assert [(band.home, band.host, band.number) for band in picture.bands] == FLOWS


def test_thickness_is_the_share():
    picture = flow.draw(FLOWS)
    assert [bar.height for bar in picture.homes] == pytest.approx([24, 168, 48])
    assert sum(bar.height for bar in picture.hosts) == pytest.approx(flow.SPAN)


def test_bars_leave_room_for_their_names():
    picture = flow.draw(FLOWS)
    for bars in (picture.homes, picture.hosts):
        assert bars[0].top >= flow.LABEL
        for above, below in pairwise(bars):
            assert below.top - (above.top + above.height) >= flow.LABEL
        assert bars[-1].top + bars[-1].height <= picture.height


def test_one_of_a_thousand_can_still_be_seen():
    picture = flow.draw([("CN", "JP", 1), ("MN", "JP", 1000)])
    assert picture.homes[0].height == flow.LEAST


def test_a_band_begins_and_ends_level():
    (band,) = flow.draw([("CN", "JP", 1)]).bands
    assert band.path == "M12 24.0C230 24.0 230 24.0 448 24.0V264.0C230 264.0 230 264.0 12 264.0Z"


def test_six_homes_have_six_colours():
    homes = ["CN", "JP", "KP", "KR", "MN", "RU"]
    picture = flow.draw([(home, "JP", 1) for home in homes])
    assert [picture.hue(home) for home in homes] == [1, 2, 3, 4, 5, 6]
