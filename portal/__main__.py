"""python -m portal: the command line, one verb a line."""

import typer

cli = typer.Typer(no_args_is_help=True, add_completion=False)


@cli.callback()
def portal() -> None:
    """The NEAR youth portal."""


if __name__ == "__main__":
    cli()
