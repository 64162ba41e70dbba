"""`python -m portal count` reads a file and prints a number, and needs neither settings nor a database."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from portal import lengths
from portal.errors import ConfigurationError

# By what people may type for it.
LANGUAGES = {code.lower(): code for code in ("en", "zh-Hans", "ja", "ko", "mn", "ru")} | {"zh": "zh-Hans"}
STANDARD_INPUT = "-"

cli = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)


def run() -> object:
    """A verb that is the only one keeps its name if it is one of a group."""
    group = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
    group.callback()(lambda: None)
    group.add_typer(cli)
    return group(standalone_mode=False)


@cli.command()
def count(
    file: Annotated[str, typer.Argument(help="a text in UTF-8, without title and notes; - is standard input")],
    language: Annotated[str, typer.Option(help="en, zh-Hans, ja, ko, mn or ru")],
) -> None:
    """Print how long an essay is: characters without spaces in Chinese, Japanese and Korean, words in the others."""
    code = LANGUAGES.get(language.lower())
    if code is None:
        raise ConfigurationError(f"{language!r} is none of the contest's languages: en, zh-Hans, ja, ko, mn, ru")
    print(lengths.of(_text(file), code))


def _text(file: str) -> str:
    name = "standard input" if file == STANDARD_INPUT else file
    try:
        text = _bytes(file).decode("utf-8-sig")
    except (OSError, ValueError) as error:
        raise ConfigurationError(f"{name} cannot be read: {_why(error)}") from None
    if "\0" in text:
        raise ConfigurationError(f"{name} is no text: it holds a NUL character")
    return text


def _bytes(file: str) -> bytes:
    return sys.stdin.buffer.read() if file == STANDARD_INPUT else Path(file).read_bytes()


def _why(error: OSError | ValueError) -> str:
    if isinstance(error, OSError):
        return error.strerror or "it is no file"
    return "it is not UTF-8" if isinstance(error, UnicodeDecodeError) else "this is no name of a file"
