"""The map: drawn from the files that stand beside it, every region once."""

import json
import math
from itertools import combinations

import pytest

from portal import i18n
from portal.registry import collation, mapmaking, maps, sources
from tests.registry.test_rules import CODES, plain

SHAPES = sources.shapes()


def test_the_committed_map_is_what_the_files_give() -> None:
    assert json.loads(json.dumps(mapmaking.draw())) == SHAPES


def test_every_region_is_one_of_the_seventy_six_and_all_are_drawn() -> None:
    assert sorted(SHAPES["whole"]["regions"]) == sorted(CODES)
    assert set(SHAPES["detail"]["regions"]) == {code for code in CODES if code[:2] in {"KR", "KP", "JP"}}


def test_every_region_has_a_shape_or_a_marker_inside_the_picture() -> None:
    for view in SHAPES.values():
        for code, region in view["regions"].items():
            assert region["path"] or region["dot"], code
            assert 0 < region["x"] < view["width"] and 0 < region["y"] < view["height"], code


def test_equal_areas_stay_equal_and_north_is_up() -> None:
    """One square degree at the equator of the projection's own ratio is as large at 70 as at 30 degrees north."""

    def area(latitude: float) -> float:
        corners = [(120, latitude), (121, latitude), (121, latitude + 1), (120, latitude + 1)]
        points = [mapmaking.project(mapmaking.WHOLE, *corner) for corner in corners]
        pairs = zip(points, points[1:] + points[:1], strict=True)
        on_map = abs(sum(ax * by - bx * ay for (ax, ay), (bx, by) in pairs)) / 2
        on_globe = math.sin(math.radians(latitude + 1)) - math.sin(math.radians(latitude))
        return on_map / on_globe

    assert math.isclose(area(30), area(70), rel_tol=0.001)
    assert mapmaking.project(mapmaking.WHOLE, 101, 70)[1] < mapmaking.project(mapmaking.WHOLE, 101, 30)[1]


def test_simplifying_keeps_ends_and_corners_and_drops_what_is_straight() -> None:
    line = [(0.0, 0.0), (1.0, 0.1), (2.0, 0.0), (2.0, 5.0)]
    assert mapmaking.simplified(line, 0.5) == [(0.0, 0.0), (2.0, 0.0), (2.0, 5.0)]


def test_neighbours_share_their_border_whichever_way_it_is_walked() -> None:
    left = [(100.0, 50.0), (101.0, 50.0), (101.2, 50.5), (100.9, 50.8), (101.0, 51.0), (100.0, 51.0), (100.0, 50.0)]
    right = [(101.0, 51.0), (100.9, 50.8), (101.2, 50.5), (101.0, 50.0), (102.0, 50.0), (102.0, 51.0), (101.0, 51.0)]
    pen = mapmaking.Draughtsman(mapmaking.WHOLE, mapmaking.junctions([left, right]))
    one = {frozenset(arc) for arc in map(tuple, map(pen._arc, pen._arcs(left)))}
    other = {frozenset(arc) for arc in map(tuple, map(pen._arc, pen._arcs(right)))}
    assert len(one & other) == 1


def test_regions_that_a_filter_leaves_out_step_back_and_say_so() -> None:
    homes = [plain("KR-47"), plain("CN-TJ"), plain("MN-1")]
    views = maps.region_map(homes, "ja", maps.only(homes, {"KR-47", "CN-TJ"}))
    found, region = "portal-map__region--found", "portal-map__region"
    assert {region.code: region.look for region in views[0].regions} == {
        "KR-47": f"{region} {found}",
        "CN-TJ": f"{region} portal-map__region--observer {found}",
        "MN-1": f"{region} portal-map__region--other",
    }
    assert [region.name for region in views[1].regions] == ["慶尚北道"]
    assert next(region.name for region in views[0].regions if region.code == "MN-1").endswith(": not in the list below")


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_regions_come_in_the_order_of_the_list(language: str) -> None:
    homes = [plain(code) for code in CODES]
    in_order = [each.code for each in collation.in_order(homes, language)]
    for view in maps.region_map(homes, language):
        drawn = [region.code for region in view.regions]
        assert drawn == [code for code in in_order if code in drawn]


def test_what_is_small_has_a_square_of_its_own_to_be_hit_in() -> None:
    """Of the size that 24 pixels have on a map 1,000 pixels wide, and away from every other."""
    assert mapmaking.REACH * 1000 / SHAPES["whole"]["width"] >= 24
    for view in SHAPES.values():
        places = [region["reach"] for region in view["regions"].values() if "reach" in region]
        for (ax, ay), (bx, by) in combinations(places, 2):
            assert max(abs(ax - bx), abs(ay - by)) >= mapmaking.REACH
    dots = {code for code, region in SHAPES["detail"]["regions"].items() if region["dot"]}
    assert all("reach" in SHAPES["detail"]["regions"][code] for code in dots)


def test_a_filter_that_finds_nothing_lets_all_step_back() -> None:
    homes = [plain("KR-47")]
    [region] = maps.region_map(homes, "en", maps.only(homes, set()))[0].regions
    assert region.look.endswith("--other")
