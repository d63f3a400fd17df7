"""A web server that has one file, and can be as bad as real ones are."""

import http.server
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass
class FileServer:
    """`url` is there once `serving` has been entered."""

    content: bytes
    ranges: bool = True
    cut_after: list[int] = field(default_factory=list)
    """Bytes after which the connection is cut, one for each answer; then no more cuts."""
    status: int = 200
    block_bytes: int = 1 << 20
    pause_seconds: float = 0.0
    asked: list[str] = field(default_factory=list)
    """The Range header of each request, empty for none."""
    url: str = ""


@contextmanager
def serving(file: FileServer) -> Iterator[FileServer]:
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            wanted = self.headers.get("Range", "")
            file.asked.append(wanted)
            start = int(wanted.removeprefix("bytes=").removesuffix("-")) if wanted and file.ranges else 0
            if file.status != 200 or start >= len(file.content):
                self.send_error(file.status if file.status != 200 else 416)
                return
            self.send_response(206 if start else 200)
            if start:
                self.send_header("Content-Range", f"bytes {start}-{len(file.content) - 1}/{len(file.content)}")
            self.send_header("Content-Length", str(len(file.content) - start))
            self.end_headers()
            self.send(file.content[start:])

        def send(self, body: bytes) -> None:
            end = file.cut_after.pop(0) if file.cut_after else len(body)
            for at in range(0, min(end, len(body)), file.block_bytes):
                try:
                    self.wfile.write(body[at : min(at + file.block_bytes, end)])
                except OSError:
                    return  # the client has given up
                time.sleep(file.pause_seconds)

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    file.url = f"http://127.0.0.1:{server.server_address[1]}/model.zip"
    try:
        yield file
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
