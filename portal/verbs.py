"""The verbs of the command line, one a line; `__main__` runs them."""

import sys
from importlib import import_module
from typing import Annotated, Any

import typer

from portal.contests import verbs as contests
from portal.errors import ConfigurationError
from portal.judging import verbs as judging
from portal.placements import verbs as placements
from portal.settings import Settings, read_settings

cli = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)


def _do(command: str, settings: Settings, *given: Any, **named: Any) -> Any:
    """A function of `portal.commands`. Importing the whole portal takes seconds; help, and the refusal of a wrong
    setting or argument, wait for none of it."""
    return getattr(import_module("portal.commands"), command)(settings, *given, **named)


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
    _do("serve", read_settings(), host=host, worker=worker)


@cli.command()
def worker(
    name: Annotated[str, typer.Option("--id", help="its name among the workers, before PORTAL_EXECUTOR_ID")] = "",
) -> None:
    """Do background work in a process of its own (PostgreSQL only)."""
    _do("work", read_settings(**({"executor_id": name} if name else {})))


@cli.command()
def migrate() -> None:
    """Bring the schema and the registry to the newest version."""
    print(_do("migrate", read_settings()))


@cli.command()
def demo(
    applicants: Annotated[int, typer.Option(min=0, help="how many applicants besides those in the stories")] = 500,
) -> None:
    """Fill an empty portal with the demonstration, and print its accounts."""
    print(_do("demo", read_settings(demonstration=True), applicants=applicants))


@cli.command("mail-test")
def mail_test(address: Annotated[str, typer.Argument(help="where the test message goes")]) -> None:
    """Send one message now, and print what the mail server says at each step."""
    for step in _do("mail_test", read_settings(), address):
        print(step, flush=True)


@cli.command("create-secretary")
def create_secretary(email: Annotated[str, typer.Argument(help="the address of the first secretary")]) -> None:
    """Print the link with which the first secretary chooses a password."""
    print(_do("create_secretary", read_settings(), email))


@cli.command("verify-history")
def verify_history() -> None:
    """Prove that no row of the history was changed, or name the first that was (exit 1)."""
    found, sound = _do("verify_history", read_settings())
    print(found, file=sys.stdout if sound else sys.stderr)
    raise typer.Exit(0 if sound else 1)


@cli.command()
def permissions() -> None:
    """Print the table of who may what, as docs/permissions.md has it."""
    print(_do("permissions", read_settings(demonstration=True)))


cli.add_typer(placements.cli)
cli.add_typer(contests.cli)
cli.add_typer(judging.cli)


def run() -> object:
    try:
        return cli(standalone_mode=False)
    except Exception as error:
        if not _is_of_the_database(error):
            raise
        raise ConfigurationError(f"the database does not answer: {getattr(error, 'orig', error)}") from None


def _is_of_the_database(error: Exception) -> bool:
    """Whether it is SQLAlchemy's, which is imported only if it could be."""
    alchemy = sys.modules.get("sqlalchemy.exc")
    return alchemy is not None and isinstance(error, alchemy.SQLAlchemyError)
