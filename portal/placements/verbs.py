"""The verbs of the match on the command line: they read a file and print, and need neither settings nor a database."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from portal.errors import ConfigurationError
from portal.placements import instances
from portal.placements.matching import Side

NO_EXPORT = f'this is no exported run of a match: its "format" is not "{instances.FORMAT}"'

cli = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
File = Annotated[Path, typer.Argument(help="a JSON file; docs/match.md describes its form")]


def run() -> object:
    return cli(standalone_mode=False)


@cli.command()
def match(
    file: File,
    optimal_for: Annotated[Side, typer.Option(help="which side gets the best stable matching")] = Side.APPLICANTS,
    seed: Annotated[int, typer.Option(help="the number that breaks ties")] = 0,
) -> None:
    """Match the applicants and hosts of a file, and print who goes where, in figures too, and that it is stable."""
    with _naming(file):
        instance = instances.check(instances.read(file.read_bytes()))
    outcome = instances.outcome(instance, seed=seed, optimal_for=optimal_for)
    print(_text({**outcome, "seed": seed, "optimal_for": optimal_for}))


@cli.command("verify-match")
def verify_match(file: File) -> None:
    """Run an exported match again, and say whether it holds (exit 1 if it does not)."""
    with _naming(file):
        exported = instances.read(file.read_bytes())
    if not instances.is_export(exported):
        raise ConfigurationError(f"{file}: {NO_EXPORT}")
    objection = instances.objection(exported)
    if objection is not None:
        print(f"The match does not hold. {objection}", file=sys.stderr)
        raise typer.Exit(1)
    print(_praise(exported))


@contextmanager
def _naming(file: Path) -> Iterator[None]:
    """What is wrong with a file is told with its name."""
    try:
        yield
    except OSError as error:
        raise ConfigurationError(f"{file} cannot be read: {error.strerror}") from None
    except instances.WrongInstance as error:
        raise ConfigurationError(f"{file}: {error}") from None


def _praise(exported: dict[str, Any]) -> str:
    figures, seed, digest = exported["statistics"], exported["seed"], exported["sha256"]
    return (
        f"The match holds: run again with seed {seed}, it gives the same places to the same {figures['matched']} of "
        f"{figures['applicants']} applicants, and no pair blocks it. "
        f"Its input has the SHA-256 {digest}: compare it with the one that was published."
    )


def _text(data: object) -> str:
    """JSON for people and programs; where the terminal cannot show every script, escaped."""
    shows_all = sys.stdout.encoding.lower().startswith("utf")
    return json.dumps(data, indent=2, ensure_ascii=not shows_all)
