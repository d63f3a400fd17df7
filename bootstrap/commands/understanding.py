"""`train` and `nlu parse`: the model and what it understands."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import AsyncExitStack, asynccontextmanager
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bootstrap.commands.output import AsJson, emit, emit_json, say, texts
from bootstrap.environment import rasa_token
from bootstrap.reading import read_settings
from knowledge.screening import screen

if TYPE_CHECKING:
    from nlu.client import RasaDialogue

app = typer.Typer()
nlu = typer.Typer()


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
    text: Annotated[str, typer.Argument(help="What somebody says; - reads one text per line from standard input.")],
    as_json: AsJson = False,
) -> None:
    """Show intent, confidence, ranking, entities and the emergency screen; starts Rasa for it where none is running."""
    asyncio.run(_parse(texts(text), as_json or text == "-"))


async def _parse(lines: Iterable[str], as_json: bool) -> None:
    async with understanding() as client:
        for line in lines:
            parsed = understood(line, await client.parse(line))
            if as_json:
                emit_json(parsed)
            else:
                typer.echo(_shown(parsed))


@asynccontextmanager
async def understanding() -> AsyncIterator["RasaDialogue"]:
    """The running Rasa, or one of our own for as long as it is needed."""
    from bootstrap.own_stack import own_stack
    from nlu.client import RasaDialogue

    async with AsyncExitStack() as ending:
        settings = read_settings()
        client = RasaDialogue(str(settings.rasa_url), rasa_token(settings))
        ending.push_async_callback(client.close)
        if not await client.ready():
            own = await ending.enter_async_context(own_stack(say, roles=("rasa",)))
            client = RasaDialogue(str(own.rasa_url), rasa_token(own), limit_seconds=10)
            ending.push_async_callback(client.close)
        yield client


def understood(text: str, parsed: dict[str, Any]) -> dict[str, Any]:
    """What the whole path makes of a text: the model's answer and, before it, the screen's."""
    hit = screen(text)
    return {
        "text": text,
        "intent": parsed.get("intent"),
        "confidence": parsed.get("confidence"),
        "ranking": parsed.get("ranking") or [],
        "entities": parsed.get("entities") or [],
        "screen": {"tier": hit.tier, "kind": hit.kind, "wants_person": hit.wants_person},
    }


def _shown(parsed: dict[str, Any]) -> str:
    about = [f"{entity['entity']}={entity['value']}" for entity in parsed["entities"]]
    danger = parsed["screen"]["tier"] and f"{parsed['screen']['tier']} {parsed['screen']['kind']}"
    person = "person" if parsed["screen"]["wants_person"] else None
    shown = (f"{parsed['intent']} {parsed['confidence'] or 0:.2f}", *about, danger, person)
    return "  ".join(one for one in shown if one)
