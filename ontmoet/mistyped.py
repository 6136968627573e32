"""What is wrong with a command as it was typed, in a Dutch sentence: click says it in English."""

from __future__ import annotations

from functools import wraps
from typing import IO, TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")


class _Wrong(click.ClickException):
    """A command that was typed wrong, in one sentence and what to do now."""

    exit_code = 2

    def show(self, file: IO[Any] | None = None) -> None:
        click.echo(self.message, file=file, err=file is None)


def _wrong(problem: click.UsageError) -> _Wrong:
    """What click says about an option or argument, in Dutch."""
    if isinstance(problem, click.NoSuchOption):
        said = f"{problem.option_name} kennen we niet."
    elif isinstance(problem, click.BadParameter):
        hint = problem.param_hint or (problem.param.get_error_hint(problem.ctx) if problem.param else "")
        said = f"{hint}: {_why(problem)}.".replace("'", "")
    else:
        said = "Zo kennen we dit niet."
    _flask, *words = problem.ctx.command_path.split() if problem.ctx else [""]
    return _Wrong(f"{said} Hoe het wel moet, zie je met: {' '.join(['flask --app app', *words])} --help")


def _why(problem: click.BadParameter) -> str:
    if isinstance(problem, click.MissingParameter):
        return "dit mist. Vul het in"
    if problem.param is None or problem.param.callback is not None:
        # Our own words.
        return problem.message
    match problem.param.type:
        case click.Choice(choices=choices):
            return f"dit kan niet. Kies uit {', '.join(choices)}"
        case click.IntRange(min=least, max=most):
            return f"vul een heel getal in van {least} " + (f"tot en met {most}" if most else "of meer")
        case click.Path():
            return "dit bestand is er niet, of het is een map. Kies een ander bestand"
    return "dit klopt niet"


def in_dutch(work: Callable[..., T]) -> Callable[..., T]:
    """Let what click refuses in this work be said so that a keeper of the system knows what to do."""

    @wraps(work)
    def told(*arguments: Any, **options: Any) -> T:
        try:
            return work(*arguments, **options)
        except click.exceptions.NoArgsIsHelpError:
            raise
        except click.UsageError as problem:
            raise _wrong(problem) from None

    return told
