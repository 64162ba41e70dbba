"""`python -m portal calibrate` and `agreement` read marks and print, and need neither settings nor a database."""

import json
import math
import sys
from pathlib import Path
from typing import Annotated

import typer

from portal.errors import ConfigurationError
from portal.judging import figures, files
from portal.judging.agreement import Level
from portal.judging.calibration import Ratio

STANDARD_INPUT = "-"
LEAST_RATIO, MOST_RATIO = 1e-9, 1e9  # beyond them nothing changes but what a computer rounds

cli = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
File = Annotated[
    str,
    typer.Argument(
        help="a CSV file with the columns entry, judge, mark, and if wanted group, top; - is standard input"
    ),
]


def run() -> object:
    return cli(standalone_mode=False)


@cli.command()
def calibrate(
    file: File,
    top: Annotated[
        int, typer.Option(min=1, help="how many the chance p_top is of being among, where the file does not say")
    ] = 1,
    seed: Annotated[int, typer.Option(min=0, help="the number that the 2,000 draws begin with")] = 0,
    ratio: Annotated[str | None, typer.Option(help="reml, or a number to fix lambda by (inf: raw means)")] = None,
) -> None:
    """Print the fair order of the entries of a file, with its errors and figures, as JSON."""
    chosen = _ratio(ratio)
    found = figures.result(_read(file), top=top, seed=seed, ratio=chosen)
    shows_all = sys.stdout.encoding.lower().startswith("utf")
    print(json.dumps(found, indent=2, ensure_ascii=not shows_all, allow_nan=False))


@cli.command()
def agreement(
    file: File,
    level: Annotated[Level, typer.Option(help="what a difference between marks means")] = Level.INTERVAL,
) -> None:
    """Print Krippendorff's alpha of the marks of a file, or that it is not defined."""
    found = figures.alpha(_read(file), level)
    print("not defined" if found is None else found)


def _read(file: str) -> files.Groups:
    name = "standard input" if file == STANDARD_INPUT else file
    if not file:
        raise ConfigurationError("'' is no name of a file")
    try:
        return files.read(sys.stdin.buffer.read() if file == STANDARD_INPUT else Path(file).read_bytes())
    except files.WrongMarks as error:
        raise ConfigurationError(f"{name}: {error}") from None
    except OSError as error:
        raise ConfigurationError(f"{name} cannot be read: {error.strerror}") from None
    except ValueError:
        raise ConfigurationError(f"{name!r} is no name of a file") from None


def _ratio(typed: str | None) -> Ratio:
    if typed is None:
        return None
    if typed == "reml":
        return "reml"
    try:
        found = float(typed)
    except ValueError:
        found = math.nan
    if found not in (0, math.inf) and not LEAST_RATIO <= found <= MOST_RATIO:
        raise ConfigurationError(f"--ratio is reml, 0, inf or a number from 1e-9 to 1e9, not {typed!r}")
    return found
