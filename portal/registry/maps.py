"""The map of the regions as templates/_parts/map.html draws it. Pure."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from portal.i18n import _
from portal.registry import collation, sources
from portal.registry.models import Government, Membership


class Region(NamedTuple):
    """A region as the map draws it. `reach` is the middle of the square within which a pointer hits one that is small.
    `is_repeated`: another part of the map shows it larger, with the link for all."""

    code: str
    name: str
    look: str
    path: str
    x: int
    y: int
    anchor: str
    is_dot: bool
    reach: tuple[int, int] | None
    is_repeated: bool


class MapView(NamedTuple):
    """One part of the map, placed at x and y: the whole, then Korea and Japan larger."""

    x: float
    y: float
    width: float
    height: float
    land: str
    regions: list[Region]


@dataclass(frozen=True)
class Said:
    """What the map says beside names, by code: a look of its own, and what follows the name."""

    looks: Mapping[str, str] = field(default_factory=dict)
    notes: Mapping[str, str] = field(default_factory=dict)


def region_map(governments: Iterable[Government], language: str, said: Said | None = None) -> list[MapView]:
    """The map for templates/_parts/map.html, its regions in the order of a list."""
    ordered, shapes = collation.in_order(governments, language), sources.shapes()
    drawn = [_drawn(each, language, said or Said()) for each in ordered]
    larger = set(shapes["detail"]["regions"])
    return [_view(shapes["whole"], drawn, repeated=larger), _view(shapes["detail"], drawn, repeated=set())]


def only(governments: Iterable[Government], found: Collection[str]) -> Said:
    """Regions that a filter leaves out step back, and those that it finds stand out."""
    out = [each for each in governments if each.code not in found]
    note = _("not in the list below")
    looks = dict.fromkeys(found, "portal-map__region--found") | {each.code: "portal-map__region--other" for each in out}
    return Said(looks, {each.code: note for each in out})


def _drawn(government: Government, language: str, said: Said) -> tuple[str, str, str]:
    """The code, what the region is called and how it looks."""
    code, name = government.code, government.name(language)
    note, look = said.notes.get(code), said.looks.get(code, "")
    called = _("%(name)s: %(note)s") % {"name": name, "note": note} if note else name
    status = "" if government.status is Membership.MEMBER else f"portal-map__region--{government.status.value}"
    return code, called, " ".join(filter(None, ("portal-map__region", status, look)))


def _view(view: dict[str, Any], governments: list[tuple[str, str, str]], *, repeated: set[str]) -> MapView:
    drawn = [(each, view["regions"][each[0]]) for each in governments if each[0] in view["regions"]]
    regions = [
        Region(
            *each, shape["path"], shape["x"], shape["y"], _anchor(shape["x"] / view["width"]),
            shape["dot"] and each[0] not in repeated, shape.get("reach"), each[0] in repeated,
        )
        for each, shape in drawn
    ]  # fmt: skip
    return MapView(view["x"], view["y"], view["width"], view["height"], view["land"], regions)


def _anchor(share: float) -> str:
    """Names near an edge run away from it."""
    return "start" if share < 0.35 else "end" if share > 0.65 else "middle"
