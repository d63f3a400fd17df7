"""`warmline demo [--once]`."""

import asyncio
from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("demo")(demo)


def demo(
    once: Annotated[
        bool, typer.Option("--once", help="End after the demonstration; exit 1 unless all went as expected.")
    ] = False,
) -> None:
    """Show conversations, telephone calls and an operator at the console on a stack of their own; then run the service.

    A service that is running already is not touched.
    """
    from bootstrap.demo.afterwards import leave_running  # here, because it takes a second and --help should not
    from bootstrap.demo.play import play

    wrong = asyncio.run(play())
    if not once:
        leave_running()
    raise typer.Exit(1 if wrong else 0)
