"""The picture of who goes from which country to which: where names and bands stand. Pure, in units of the drawing."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

WIDTH, BAR = 460, 12
LABEL, SPACE = 24, 14  # above each bar, and between one and the next label
SPAN, LEAST = 240, 1.5  # what all bands are thick together, and how thick one is at least
Flow = tuple[str, str, int]  # from, to, how many


@dataclass(frozen=True)
class Bar:
    """A country on one side, with everybody who leaves or comes."""

    country: str
    number: int
    top: float
    height: float


@dataclass(frozen=True)
class Band:
    home: str
    host: str
    number: int
    path: str


@dataclass(frozen=True)
class Picture:
    homes: list[Bar]
    hosts: list[Bar]
    bands: list[Band]
    height: float
    width: int = WIDTH
    bar: int = BAR

    def hue(self, country: str) -> int:
        """Six colours, in the order of the homes."""
        return [bar.country for bar in self.homes].index(country) % 6 + 1


def draw(counted: Iterable[Sequence[Any]]) -> Picture:
    """A band for each flow; one order on both sides keeps crossings few. At least one person goes somewhere."""
    flows = [(home, host, number) for home, host, number in counted]
    total = sum(number for _home, _host, number in flows)
    thick = {(home, host): max(SPAN * number / total, LEAST) for home, host, number in flows}
    homes = _bars(flows, thick, lambda flow: flow[0])
    hosts = _bars(flows, thick, lambda flow: flow[1])
    return Picture(homes, hosts, _bands(flows, thick, homes, hosts), max(_end(homes), _end(hosts)))


def _bars(flows: Sequence[Flow], thick: dict[tuple[str, str], float], side: Callable[[Flow], str]) -> list[Bar]:
    found: list[Bar] = []
    top = float(LABEL)
    for country in sorted({side(flow) for flow in flows}):
        own = [flow for flow in flows if side(flow) == country]
        height = sum(thick[flow[:2]] for flow in own)
        found.append(Bar(country, sum(flow[2] for flow in own), top, height))
        top += height + SPACE + LABEL
    return found


def _end(bars: Sequence[Bar]) -> float:
    return bars[-1].top + bars[-1].height


def _bands(
    flows: Sequence[Flow], thick: dict[tuple[str, str], float], homes: Sequence[Bar], hosts: Sequence[Bar]
) -> list[Band]:
    left, right = ({bar.country: bar.top for bar in bars} for bars in (homes, hosts))
    bands = []
    for home, host, number in sorted(flows):
        height = thick[home, host]
        bands.append(Band(home, host, number, _path(left[home], right[host], height)))
        left[home] += height
        right[host] += height
    return bands


def _path(left: float, right: float, height: float) -> str:
    """There along the upper edge, back along the lower one; both leave and arrive level."""
    start, middle, end = BAR, WIDTH / 2, WIDTH - BAR
    there = f"M{start} {left:.1f}C{middle:g} {left:.1f} {middle:g} {right:.1f} {end} {right:.1f}"
    left, right = left + height, right + height
    return f"{there}V{right:.1f}C{middle:g} {right:.1f} {middle:g} {left:.1f} {start} {left:.1f}Z"
