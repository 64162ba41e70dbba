"""Draws the map of the regions: `python -m portal.registry.mapmaking` writes data/map.json from the GeoJSON files.

Lambert azimuthal equal-area projection (Snyder, Map Projections, 1987, p. 185) of the whole, and of Korea
and Japan once more, larger, beside it. Borders are simplified (Douglas and Peucker, 1973) between the points where
they meet, each once, so that neighbours still fit together and the land fits below them.
"""

import csv
import json
import math
from collections.abc import Iterable, Iterator
from itertools import combinations, pairwise
from pathlib import Path
from typing import Any, NamedTuple

DATA = Path(__file__).parent / "data"
Point = tuple[float, float]
Ring = list[Point]
Shape = list[list[Ring]]
TOLERANCE = 0.9
MARKER_BELOW = 18.0  # a region smaller than this across gets a dot at its seat: there is nothing to see
# One smaller than this gets a square of this size within which a pointer hits it: 24 pixels where the map is
# 1,000 wide (WCAG 2.2, 2.5.8). Squares are pushed apart, so that none covers another.
REACH = 40.0


class View(NamedTuple):
    """A window on the projected world: centre of the projection, scale, and the box drawn, in units of the SVG."""

    longitude: float
    latitude: float
    scale: float
    left: float
    top: float
    width: float
    height: float


# Turned a little to the west, so that the far north-east comes down and the map grows wide rather than tall.
WHOLE = View(101.0, 52.0, 1130.0, -300.0, -605.0, 1660.0, 1130.0)
DETAIL = View(134.2, 38.1, 2900.0, -410.0, -272.0, 720.0, 528.0)
DETAIL_AT = (928.0, 590.0)


def project(view: View, longitude: float, latitude: float) -> Point:
    """Degrees to units of the SVG, relative to the view's upper left corner; y grows downwards."""
    away = math.radians(longitude - view.longitude)
    lat, lat0 = math.radians(latitude), math.radians(view.latitude)
    cosine = math.sin(lat0) * math.sin(lat) + math.cos(lat0) * math.cos(lat) * math.cos(away)
    k = view.scale * math.sqrt(2 / (1 + cosine))
    x = k * math.cos(lat) * math.sin(away)
    y = -k * (math.cos(lat0) * math.sin(lat) - math.sin(lat0) * math.cos(lat) * math.cos(away))
    return x - view.left, y - view.top


def simplified(line: Ring, tolerance: float) -> Ring:
    """The line without the points that lie within `tolerance` of a straight stretch; its ends stay."""
    keep, waiting = {0, len(line) - 1}, [(0, len(line) - 1)]
    while waiting:
        first, last = waiting.pop()
        distances = [(_distance(line[i], line[first], line[last]), i) for i in range(first + 1, last)]
        farthest, index = max(distances, default=(0.0, 0))
        if farthest > tolerance:
            keep.add(index)
            waiting += [(first, index), (index, last)]
    return [line[i] for i in sorted(keep)]


def _distance(point: Point, start: Point, end: Point) -> float:
    """From the point to the stretch between start and end."""
    (px, py), (ax, ay), (bx, by) = point, start, end
    length = (bx - ax) ** 2 + (by - ay) ** 2
    along = max(0.0, min(1.0, ((px - ax) * (bx - ax) + (py - ay) * (by - ay)) / length)) if length else 0.0
    return math.hypot(px - ax - along * (bx - ax), py - ay - along * (by - ay))


def junctions(rings: Iterable[Ring]) -> set[Point]:
    """The points where more than two stretches of border meet."""
    neighbours: dict[Point, set[Point]] = {}
    for ring in rings:
        for a, b in pairwise(ring):
            neighbours.setdefault(a, set()).add(b)
            neighbours.setdefault(b, set()).add(a)
    return {point for point, beside in neighbours.items() if len(beside) > 2}


class Draughtsman:
    """Draws rings in one view, every stretch of border in the same way from both its sides."""

    def __init__(self, view: View, fixed: set[Point]) -> None:
        self.view, self.fixed = view, fixed

    def path(self, shape: Shape) -> str:
        return "".join(filter(None, (self._ring(ring) for polygon in shape for ring in polygon)))

    def _ring(self, ring: Ring) -> str:
        line: list[tuple[int, int]] = []
        for arc in self._arcs(ring):
            line += self._arc(arc)[1 if line else 0 :]
        line = [point for i, point in enumerate(line) if i == 0 or point != line[i - 1]]
        return _written(line) if len(line) > 3 and self._is_seen(line) else ""

    def _arcs(self, ring: Ring) -> Iterator[Ring]:
        cuts = [i for i, point in enumerate(ring[:-1]) if point in self.fixed]
        # A ring that meets no other is cut where both its sides would cut it.
        cuts = cuts or [min(range(len(ring) - 1), key=lambda i: ring[i])]
        turned = ring[cuts[0] : -1] + ring[: cuts[0] + 1]
        ends = [cut - cuts[0] for cut in cuts] + [len(turned) - 1]
        for start, end in pairwise(ends):
            yield turned[start : end + 1]

    def _arc(self, arc: Ring) -> list[tuple[int, int]]:
        backwards = (arc[-1], arc[-2]) < (arc[0], arc[1])
        line = [project(self.view, *point) for point in (reversed(arc) if backwards else arc)]
        if len(line) > 3 and line[0] == line[-1]:
            middle = max(range(len(line)), key=lambda i: math.dist(line[0], line[i]))
            line = simplified(line[: middle + 1], TOLERANCE)[:-1] + simplified(line[middle:], TOLERANCE)
        else:
            line = simplified(line, TOLERANCE)
        whole = [(round(x), round(y)) for x, y in line]
        return whole[::-1] if backwards else whole

    def _is_seen(self, line: list[tuple[int, int]]) -> bool:
        xs, ys = [x for x, _y in line], [y for _x, y in line]
        inside = max(xs) > 0 and min(xs) < self.view.width and max(ys) > 0 and min(ys) < self.view.height
        return inside and (max(xs) - min(xs)) * (max(ys) - min(ys)) > 6


def _written(line: list[tuple[int, int]]) -> str:
    """A closed SVG path in relative steps."""
    steps = [f"{bx - ax} {by - ay}" for (ax, ay), (bx, by) in pairwise(line)][:-1]
    return f"M{line[0][0]} {line[0][1]}l{' '.join(steps)}z".replace(" -", "-")


def draw() -> dict[str, Any]:
    """For each view its box, the land, and for each region its path and, if it is small, a marker."""
    land, regions = _read("near_land.geojson")[0][1], dict(_read("near_regions.geojson"))
    fixed = junctions(ring for shape in [land, *regions.values()] for polygon in shape for ring in polygon)
    centres = _centres()
    views = {"whole": (WHOLE, (0.0, 0.0), list(regions)), "detail": (DETAIL, DETAIL_AT, _larger(regions))}
    return {
        name: _view(Draughtsman(view, fixed), at, land, {code: regions[code] for code in codes}, centres)
        for name, (view, at, codes) in views.items()
    }


def _larger(regions: dict[str, Shape]) -> list[str]:
    return [code for code in regions if code[:2] in {"KR", "KP", "JP"}]


def _view(
    pen: Draughtsman, at: Point, land: Shape, regions: dict[str, Shape], centres: dict[str, Point]
) -> dict[str, Any]:
    box = {"x": at[0], "y": at[1], "width": pen.view.width, "height": pen.view.height}
    drawn = {code: _region(pen, shape, centres[code]) for code, shape in sorted(regions.items())}
    hidden = _larger(regions) if len(regions) > len(_larger(regions)) else []
    small = {code: (each["x"], each["y"]) for code, each in drawn.items() if each.pop("across") < REACH}
    for code, place in apart({code: place for code, place in small.items() if code not in hidden}).items():
        drawn[code]["reach"] = place
    return {**box, "land": pen.path(land), "regions": drawn}


def apart(places: dict[str, tuple[int, int]]) -> dict[str, list[int]]:
    """Squares of `REACH` around these points, each pair that overlaps pushed apart by as little as it takes."""
    moved = {code: [float(x), float(y)] for code, (x, y) in places.items()}
    for _round in range(50):
        for one, other in combinations(sorted(moved), 2):
            _push(moved[one], moved[other])
    return {code: [round(x), round(y)] for code, (x, y) in moved.items()}


def _push(one: list[float], other: list[float]) -> None:
    gaps = [other[axis] - one[axis] for axis in (0, 1)]
    axis = max((0, 1), key=lambda each: abs(gaps[each]))
    lacking = REACH + 1 - abs(gaps[axis])
    if lacking > 0:
        step = math.copysign(lacking / 2, gaps[axis])
        one[axis] -= step
        other[axis] += step


def _region(pen: Draughtsman, shape: Shape, centre: Point) -> dict[str, Any]:
    x, y = project(pen.view, *centre)
    points = [project(pen.view, *point) for polygon in shape for point in polygon[0]]
    across = min(max(p[axis] for p in points) - min(p[axis] for p in points) for axis in (0, 1))
    drawn = {"path": pen.path(shape), "x": round(x), "y": round(y), "dot": across < MARKER_BELOW}
    return {**drawn, "across": across}


def _read(name: str) -> list[tuple[str, Shape]]:
    features = json.loads((DATA / name).read_text("utf-8"))["features"]
    return [(feature.get("id", ""), _shape(feature["geometry"])) for feature in features]


def _shape(geometry: dict[str, Any]) -> Shape:
    polygons = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
    return [[[(x, y) for x, y in ring] for ring in polygon] for polygon in polygons]


def _centres() -> dict[str, Point]:
    with (DATA / "governments.csv").open(encoding="utf-8", newline="") as file:
        return {row["code"]: (float(row["longitude"]), float(row["latitude"])) for row in csv.DictReader(file)}


if __name__ == "__main__":
    drawing = json.dumps(draw(), separators=(",", ":"), sort_keys=True)
    (DATA / "map.json").write_text(drawing + "\n", "utf-8")
