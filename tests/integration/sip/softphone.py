"""baresip, driven by its control port."""

import asyncio
import json
import subprocess
from pathlib import Path

from bootstrap.own_stack import free_udp_port
from tests.integration.sip.scripted import PATIENCE, until
from voice.audio import read_wav, tone, write_wav

CONFIG = """poll_method epoll
sip_listen 127.0.0.1:{sip}
net_interface 127.0.0.1
audio_source aufile,{folder}/says.wav
audio_alert aufile,{folder}/says.wav
audio_srate 8000-8000
audio_channels 1-1
ctrl_tcp_listen 127.0.0.1:{control}
snd_path {folder}
module_path {modules}
module g711.so
module aufile.so
module sndfile.so
module_app account.so
module_app menu.so
module_app ctrl_tcp.so
"""
MODULES = ("/usr/lib/baresip/modules", "/usr/local/lib/baresip/modules", "/opt/homebrew/lib/baresip/modules")


class Softphone:
    """Says a tone of 700 Hz all the time; keeps what it hears."""

    def __init__(self, folder: Path, codec: str = "PCMA") -> None:
        self.folder, self.codec = folder, codec
        self.port, self.control = free_udp_port(), free_udp_port()
        self.events: list[dict[str, str]] = []

    async def start(self) -> "Softphone":
        self._configure()
        with (self.folder / "log").open("wb") as log:
            self._process = await asyncio.create_subprocess_exec(
                "baresip", "-f", str(self.folder), "-4", stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )
        self._reader, self._writer = await self._connected()
        self._reading = asyncio.create_task(self._read())
        return self

    def _configure(self) -> None:
        modules = next(path for path in MODULES if Path(path).is_dir())
        text = CONFIG.format(sip=self.port, control=self.control, folder=self.folder, modules=modules)
        (self.folder / "config").write_text(text)
        account = f"<sip:13800001111@127.0.0.1:{self.port}>;regint=0;audio_codecs={self.codec}/8000/1\n"
        (self.folder / "accounts").write_text(account)
        (self.folder / "contacts").write_text("")
        write_wav(self.folder / "says.wav", tone(700, 30, 0.3))

    async def _connected(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        async with asyncio.timeout(PATIENCE):
            while True:
                try:
                    return await asyncio.open_connection("127.0.0.1", self.control)
                except OSError:
                    await asyncio.sleep(0.1)

    async def _read(self) -> None:
        while length := (await self._reader.readuntil(b":"))[:-1]:
            text = await self._reader.readexactly(int(length) + 1)
            self.events.append(json.loads(text[:-1]))

    def do(self, command: str, parameters: str = "") -> None:
        """dial, accept, hangup, hold, resume; sndcode presses a key."""
        text = json.dumps({"command": command, "params": parameters})
        self._writer.write(f"{len(text)}:{text},".encode())

    async def told(self, kind: str) -> dict[str, str]:
        """The first event of this kind; it is taken away."""
        await until(lambda: any(event.get("type") == kind for event in self.events))
        found = next(event for event in self.events if event.get("type") == kind)
        self.events.remove(found)
        return found

    def heard(self) -> bytes:
        """All that came to its ear in its last call, which is over: the file is only whole then."""
        newest = max(self.folder.glob("dump-*-dec.wav"), key=lambda path: path.stat().st_mtime_ns)
        return read_wav(newest)

    async def stop(self) -> None:
        self._reading.cancel()
        self._writer.close()
        if self._process.returncode is None:
            self._process.terminate()
        await self._process.wait()
