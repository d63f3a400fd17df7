"""`train` and `nlu parse`: the model and what it understands."""

import asyncio
from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bootstrap.commands.output import AsJson, emit, emit_json, say, texts
from bootstrap.environment import rasa_token
from bootstrap.reading import read_settings
from hotline.errors import DialogueUnavailable

if TYPE_CHECKING:
    from nlu.client import RasaDialogue

app = typer.Typer()
nlu = typer.Typer(help="Look into what the model understands.", no_args_is_help=True)


@app.command()
def train(
    check: Annotated[bool, typer.Option("--check", help="Only validate domain, rules and examples.")] = False,
    as_json: AsJson = False,
) -> None:
    """Train the model, unless nothing it is made of has changed. Sets Rasa up first where missing."""
    from nlu.environment import rasa_python
    from nlu.training import train as train_model
    from nlu.training import validate

    python = rasa_python(say, read_settings().rasa_python)
    if check:
        validate(python, say)
        emit({"valid": True}, as_json, lambda: "domain, rules and examples are valid")
    else:
        model = train_model(python, say)
        emit({"model": str(model)}, as_json, lambda: str(model))


@nlu.command("parse")
def parse(
    text: Annotated[
        str, typer.Argument(help="What somebody says; - reads one text per line from standard input.")
    ],
    as_json: AsJson = False,
) -> None:
    """Show intent, confidence and entities, as the running Rasa understands them."""
    asyncio.run(_parse(texts(text), as_json or text == "-"))


async def _parse(lines: Iterable[str], as_json: bool) -> None:
    from nlu.client import RasaDialogue

    settings = read_settings()
    client = RasaDialogue(str(settings.rasa_url), rasa_token(settings))
    try:
        for line in lines:
            parsed = await _asked(client, line, str(settings.rasa_url))
            if as_json:
                emit_json(parsed)
            else:
                typer.echo(_shown(parsed))
    finally:
        await client.close()


async def _asked(client: "RasaDialogue", line: str, url: str) -> dict[str, Any]:
    try:
        return await client.parse(line)
    except DialogueUnavailable as error:
        raise DialogueUnavailable(
            f"Rasa does not answer at {url} ({error}); `warmline up` starts it."
        ) from None


def _shown(parsed: dict[str, Any]) -> str:
    intent = parsed.get("intent") or {}
    name, confidence = (
        (intent.get("name"), intent.get("confidence")) if isinstance(intent, dict) else (intent, None)
    )
    found = [f"{e.get('entity')}={e.get('value')}" for e in parsed.get("entities") or []]
    shown = f"{name} {confidence:.2f}" if isinstance(confidence, float) else str(name)
    return "  ".join([shown, *found])
