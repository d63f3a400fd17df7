"""Serving an ASGI app beside other work: signals stay with `until_stopped`, a taken port is one clear line."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import uvicorn

from bootstrap.reading import SettingsError

if TYPE_CHECKING:
    from fastapi import FastAPI  # half a second, which no command should wait for


async def serve(app: FastAPI, host: str, port: int, setting: str, end_seconds: int | None = None) -> None:
    """Serve until cancelled; answers that take longer than `end_seconds` to end are cut then.

    Raises SettingsError, naming `setting`, when the address can't be listened on.
    """
    listening = listen(host, port, setting)
    config = uvicorn.Config(
        app, access_log=False, log_config=None, lifespan="off", timeout_graceful_shutdown=end_seconds
    )
    server = _Server(config)
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    try:
        await asyncio.shield(serving)
    except asyncio.CancelledError:
        server.should_exit = True
        await serving
        raise
    finally:
        listening.close()


def listen(host: str, port: int, setting: str) -> socket.socket:
    """A TCP socket on that address. Raises SettingsError."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError as error:
        listening.close()
        why = f"{host}:{port} can't be listened on ({error.strerror}); set {setting} to another port"
        raise SettingsError(why) from None
    return listening


class _Server(uvicorn.Server):
    """Leaves the signals to `until_stopped`."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield
