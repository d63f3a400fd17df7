"""A real Rasa server over a small project with our components, and an action server that misbehaves."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest

from nlu import training
from nlu.client import RasaDialogue
from nlu.environment import rasa_python

TOKEN = "test-token-of-the-line"
UP_WITHIN_SECONDS = 240


class Actions:
    """Answers action_book, fails action_broken with 500, holds action_slow back until `release` is set, and
    lets action_odd answer what Rasa cannot read, with the caller's words in it.
    """

    def __init__(self) -> None:
        self.calls: list[dict] = []
        self.release = threading.Event()
        actions = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                call = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                actions.calls.append(call)
                name = call["next_action"]
                if name == "action_slow":
                    actions.release.wait(20)
                said = [{"response": "utter_booked"}] if name == "action_book" else []
                # An action's error may quote the caller: it must not reach Rasa's output.
                words = call["tracker"]["latest_message"]["text"]
                odd = [{"event": words}] if name == "action_odd" else []
                self._answer(500 if name == "action_broken" else 200, {"events": odd, "responses": said, "e": words})

            def _answer(self, status: int, body: dict) -> None:
                content = json.dumps(body).encode()
                try:
                    self.send_response(status)
                    self.send_header("Content-Type", "application/json")
                    self.send_header("Content-Length", str(len(content)))
                    self.end_headers()
                    self.wfile.write(content)
                except BrokenPipeError:
                    pass  # Rasa has given up waiting, which is what the test is about

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/webhook"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self.release.set()
        self._server.shutdown()
        self._server.server_close()


@dataclass
class Rasa:
    url: str
    tracker_url: str
    log: Path
    actions: Actions
    token: str = TOKEN
    headers: dict[str, str] = field(default_factory=lambda: {"Authorization": f"Bearer {TOKEN}"})

    def turn(self, sender: str, message: str, channel: str = "terminal") -> httpx.Response:
        body = {
            "sender": sender,
            "message": message,
            "channel": channel,
            "metadata": {"turn_id": f"t-{sender}"},
        }
        url = f"{self.url}/webhooks/line/webhook"
        return httpx.post(url, json=body, headers=self.headers, timeout=10, trust_env=False)

    def dialogue(self) -> RasaDialogue:
        return RasaDialogue(self.url, self.token, limit_seconds=5)


def table() -> dict[str, list[list[str]]]:
    return {
        "洗澡": [["service", "bathing"]],
        "家庭病床": [["service", "home_care_bed"], ["benefit", "home_care_bed"]],
    }


@pytest.fixture(scope="session")
def rasa_home() -> Path:
    given = os.environ.get("WARMLINE_RASA_PYTHON")
    return rasa_python(lambda _: None, Path(given) if given else None)


@pytest.fixture(scope="session")
def small_model(rasa_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    models = tmp_path_factory.mktemp("models")
    project = training.Project(Path(__file__).parent / "project", table, models)
    return training.train(rasa_home, lambda _: None, project)


@pytest.fixture(scope="session")
def rasa(rasa_home: Path, small_model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rasa]:
    folder = tmp_path_factory.mktemp("rasa")
    actions = Actions()
    port = _free_port()
    server = Rasa(f"http://127.0.0.1:{port}", f"sqlite:///{folder / 'rasa.db'}", folder / "log", actions)
    command, env = training.serve_command(
        rasa_home, small_model, port, actions_url=actions.url, tracker_url=server.tracker_url, token=TOKEN
    )
    with server.log.open("wb") as log:
        process = subprocess.Popen(command, env=env, cwd=folder, stdout=log, stderr=subprocess.STDOUT)
        try:
            _wait(server, process)
            yield server
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(15)
            actions.close()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _wait(server: Rasa, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + UP_WITHIN_SECONDS
    while time.monotonic() < end:
        if process.poll() is not None:
            pytest.fail(f"rasa ended with {process.returncode}:\n{server.log.read_text()[-3000:]}")
        try:
            if httpx.get(f"{server.url}/webhooks/line/", headers=server.headers, trust_env=False).status_code == 200:
                return
        except httpx.HTTPError:
            threading.Event().wait(0.2)
    pytest.fail(f"rasa was not ready in {UP_WITHIN_SECONDS} s:\n{server.log.read_text()[-3000:]}")
