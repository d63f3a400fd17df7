"""How fast Rasa takes sentences apart through HTTP, by the number of clients that ask at a time."""

import asyncio
import os
from collections.abc import Iterator, Sequence
from time import perf_counter
from typing import Any, Protocol

from bootstrap.bench.figures import machine, summary
from bootstrap.bench.processes import service_usage
from bootstrap.commands.output import say
from bootstrap.environment import rasa_token
from bootstrap.own_stack import own_stack
from nlu.client import RasaDialogue

WARM_UP = 50


class Parser(Protocol):
    """What is measured."""

    async def parse(self, text: str) -> object:
        """Take a sentence apart."""


async def measure_parsing(texts: Sequence[str], clients: Sequence[int]) -> dict[str, Any]:
    """Have all of `texts` parsed once for each number of clients, by a Rasa of its own. Times in milliseconds."""
    load_before = round(os.getloadavg()[0], 2)
    async with own_stack(say, roles=("rasa",)) as settings:
        client = RasaDialogue(str(settings.rasa_url), rasa_token(settings), limit_seconds=10)
        try:
            for text in texts[:WARM_UP]:
                await client.parse(text)
            runs = [await _run(client, texts, number) for number in clients]
            rss_mb = service_usage(os.getpid())["rasa"].rss_mb
        finally:
            await client.close()
    return {"machine": machine(load_before), "sentences": len(texts), "runs": runs, "rss_mb": round(rss_mb)}


async def _run(client: Parser, texts: Sequence[str], clients: int) -> dict[str, Any]:
    waiting, took = iter(texts), list[float]()
    began = perf_counter()
    await asyncio.gather(*(_ask(client, waiting, took) for _ in range(clients)))
    return {"clients": clients, "per_second": round(len(took) / (perf_counter() - began), 1), **summary(took)}


async def _ask(client: Parser, waiting: Iterator[str], took: list[float]) -> None:
    """One client: the next sentence as soon as the last one is understood."""
    for text in waiting:
        began = perf_counter()
        await client.parse(text)
        took.append((perf_counter() - began) * 1000)
