"""The verbs of the command line, one a line; `__main__` runs them."""

import sys
from typing import Annotated

import typer
from sqlalchemy.exc import SQLAlchemyError

from portal import commands
from portal.contests import verbs as contests
from portal.errors import ConfigurationError
from portal.judging import verbs as judging
from portal.placements import verbs as placements
from portal.settings import read_settings

cli = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)


@cli.callback(invoke_without_command=True)
def portal(context: typer.Context) -> None:
    """The NEAR youth portal. Settings are PORTAL_* variables; docs/running.md lists them."""
    if context.invoked_subcommand is None:
        print(context.get_help())


@cli.command()
def serve(
    host: Annotated[str, typer.Option(help="the address to listen on")] = "127.0.0.1",
    worker: Annotated[bool, typer.Option(help="do background work in this process as well")] = True,
) -> None:
    """Serve the portal; PORT=8123 takes another port than 8000."""
    commands.serve(read_settings(), host=host, worker=worker)


@cli.command()
def worker() -> None:
    """Do background work in a process of its own (PostgreSQL only)."""
    commands.work(read_settings())


@cli.command()
def migrate() -> None:
    """Bring the schema and the registry to the newest version."""
    print(commands.migrate(read_settings()))


@cli.command()
def demo(
    applicants: Annotated[int, typer.Option(min=0, help="how many applicants besides those in the stories")] = 500,
) -> None:
    """Fill an empty portal with the demonstration, and print its accounts."""
    print(commands.demo(read_settings(demonstration=True), applicants=applicants))


@cli.command("create-secretary")
def create_secretary(email: Annotated[str, typer.Argument(help="the address of the first secretary")]) -> None:
    """Print the link with which the first secretary chooses a password."""
    print(commands.create_secretary(read_settings(), email))


@cli.command("verify-history")
def verify_history() -> None:
    """Prove that no row of the history was changed, or name the first that was (exit 1)."""
    found, sound = commands.verify_history(read_settings())
    print(found, file=sys.stdout if sound else sys.stderr)
    raise typer.Exit(0 if sound else 1)


@cli.command()
def permissions() -> None:
    """Print the table of who may what, as docs/permissions.md has it."""
    print(commands.permissions(read_settings(demonstration=True)))


cli.add_typer(placements.cli)
cli.add_typer(contests.cli)
cli.add_typer(judging.cli)


def run() -> object:
    try:
        return cli(standalone_mode=False)
    except SQLAlchemyError as error:
        raise ConfigurationError(f"the database does not answer: {getattr(error, 'orig', error)}") from None
