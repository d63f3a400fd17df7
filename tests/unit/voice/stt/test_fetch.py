"""Fetching the model from a real local web server, with the test model in place of the official one."""

import hashlib
import io
import shutil
import stat
import threading
import zipfile
from pathlib import Path

import pytest

from tests.unit.voice.stt.model_server import FileServer, serving
from voice.stt import download, fetch
from voice.stt.fetch import Source, fetch_model, model_from_file
from voice.stt.model import SpeechModelFailed, models_dir, what_is_missing

MODEL = Path(__file__).parents[4] / "demo" / "speech-model"
NAME = "some-model"


def zipped(**changes: bytes | None) -> bytes:
    """The test model as a zip file; `changes` by file name replace or leave out."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(MODEL.rglob("*")):
            content = changes.get(path.name, path.read_bytes() if path.is_file() else None)
            if path.is_file() and content is not None:
                archive.writestr(f"{NAME}/{path.relative_to(MODEL)}", content)
    return made.getvalue()


CONTENT = zipped()


def source(server: FileServer, content: bytes = CONTENT) -> Source:
    return Source(server.url, hashlib.sha256(content).hexdigest(), NAME)


class Said(list[str]):
    def __call__(self, line: str) -> None:
        self.append(line)


def left_behind(data_dir: Path) -> list[str]:
    """What is in the folder of models but does not belong there for good."""
    return sorted(path.name for path in models_dir(data_dir).iterdir() if path.name not in (".lock", NAME))


def test_it_is_fetched_checked_unpacked_and_not_fetched_again(tmp_path: Path) -> None:
    said = Said()
    with serving(FileServer(CONTENT)) as server:
        model = fetch_model(tmp_path, said, source(server))
        assert fetch_model(tmp_path, said, source(server)) == model == tmp_path / "models" / NAME
    assert server.asked == [""]
    assert what_is_missing(model) is None
    assert (model / "am" / "final.mdl").read_bytes() == (MODEL / "am" / "final.mdl").read_bytes()
    assert left_behind(tmp_path) == []
    total = f"{len(CONTENT) / 1e6:.1f}"
    assert said[-1] == f"speech model: {total} of {total} MB"


def test_a_cut_connection_is_gone_on_with(tmp_path: Path) -> None:
    with serving(FileServer(CONTENT, cut_after=[1_000_000, 500_000])) as server:
        model = fetch_model(tmp_path, Said(), source(server))
    assert what_is_missing(model) is None
    assert server.asked == ["", "bytes=1000000-", "bytes=1500000-"]


def test_a_fetch_that_ended_is_gone_on_with_by_the_next_one(tmp_path: Path) -> None:
    with serving(FileServer(CONTENT)) as server:
        models_dir(tmp_path).mkdir()
        (models_dir(tmp_path) / f"{NAME}.zip").write_bytes(CONTENT[:1_234_567])
        fetch_model(tmp_path, Said(), source(server))
    assert server.asked == ["bytes=1234567-"]


def test_a_whole_file_from_before_is_not_fetched_again(tmp_path: Path) -> None:
    with serving(FileServer(CONTENT)) as server:
        models_dir(tmp_path).mkdir()
        (models_dir(tmp_path) / f"{NAME}.zip").write_bytes(CONTENT)
        assert what_is_missing(fetch_model(tmp_path, Said(), source(server))) is None
    assert server.asked == [f"bytes={len(CONTENT)}-"]


def test_a_server_that_knows_no_ranges_sends_it_all_again(tmp_path: Path) -> None:
    with serving(FileServer(CONTENT, ranges=False, cut_after=[1_000_000])) as server:
        assert what_is_missing(fetch_model(tmp_path, Said(), source(server))) is None
    assert server.asked == ["", "bytes=1000000-"]


@pytest.mark.parametrize("before", [b"an older edition of it" * 1000, CONTENT + b"too long"])
def test_a_part_of_another_file_is_thrown_away(tmp_path: Path, before: bytes) -> None:
    with serving(FileServer(CONTENT)) as server:
        models_dir(tmp_path).mkdir()
        (models_dir(tmp_path) / f"{NAME}.zip").write_bytes(before)
        assert what_is_missing(fetch_model(tmp_path, Said(), source(server))) is None
    assert server.asked == [f"bytes={len(before)}-", ""]


def test_a_file_of_another_content_is_not_used_and_not_kept(tmp_path: Path) -> None:
    with serving(FileServer(zipped(**{"words.txt": b"other"}))) as server:
        with pytest.raises(SpeechModelFailed, match=r"another file \(sha256\).*speech fetch --from FILE"):
            fetch_model(tmp_path, Said(), source(server))
    assert left_behind(tmp_path) == []
    assert not (models_dir(tmp_path) / NAME).exists()


def test_a_server_without_the_file(tmp_path: Path) -> None:
    with serving(FileServer(CONTENT, status=404)) as server:
        with pytest.raises(SpeechModelFailed, match="the server answers 404: try again later"):
            fetch_model(tmp_path, Said(), source(server))


def test_no_server_at_all(tmp_path: Path) -> None:
    with pytest.raises(SpeechModelFailed, match="not fetched, ConnectError") as failed:
        fetch_model(tmp_path, Said(), Source("http://127.0.0.1:9/model.zip", "0" * 64, NAME))
    assert "\n" not in str(failed.value)


def test_a_connection_that_is_cut_brings_little_ends(tmp_path: Path) -> None:
    with serving(FileServer(CONTENT, cut_after=[500_000, 1000, 1000])) as server:
        with pytest.raises(SpeechModelFailed, match="RemoteProtocolError"):
            fetch_model(tmp_path, Said(), source(server))
    assert len(server.asked) == 2
    assert (models_dir(tmp_path) / f"{NAME}.zip").stat().st_size == 501_000  # to go on with


def test_a_connection_that_would_take_hours_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(download, "SLOWEST_SECONDS", 0.1)
    with serving(FileServer(CONTENT, block_bytes=100, pause_seconds=0.01)) as server:
        with pytest.raises(SpeechModelFailed, match="too slow"):
            fetch_model(tmp_path, Said(), source(server))


def test_a_disk_without_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetch, "ROOM_BYTES", shutil.disk_usage(tmp_path).total * 2)
    with serving(FileServer(CONTENT)) as server:
        with pytest.raises(SpeechModelFailed, match="make room and try again"):
            fetch_model(tmp_path, Said(), source(server))
    assert server.asked == []


def test_a_disk_that_fills_up_meanwhile(tmp_path: Path) -> None:
    models_dir(tmp_path).mkdir()
    (models_dir(tmp_path) / f"{NAME}.zip").symlink_to("/dev/full")
    with serving(FileServer(CONTENT)) as server:
        with pytest.raises(SpeechModelFailed, match=r"can't be kept in .*: No space left on device"):
            fetch_model(tmp_path, Said(), source(server))


def test_a_folder_that_can_not_be_written(tmp_path: Path) -> None:
    (tmp_path / "models").write_text("a file where the folder should be")
    with pytest.raises(SpeechModelFailed, match="can't be kept in"):
        fetch_model(tmp_path, Said(), Source("http://127.0.0.1:9/model.zip", "0" * 64, NAME))


def test_two_at_once_fetch_it_once(tmp_path: Path) -> None:
    models: list[Path] = []
    with serving(FileServer(CONTENT, block_bytes=200_000, pause_seconds=0.01)) as server:
        threads = [
            threading.Thread(target=lambda: models.append(fetch_model(tmp_path, Said(), source(server))))
            for _ in range(2)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert server.asked == [""] and len(models) == 2


def test_a_model_that_is_not_whole_any_more_is_fetched_again(tmp_path: Path) -> None:
    with serving(FileServer(CONTENT)) as server:
        model = fetch_model(tmp_path, Said(), source(server))
        (model / "graph" / "Gr.fst").unlink()
        fetch_model(tmp_path, Said(), source(server))
    assert what_is_missing(model) is None


def by_hand(tmp_path: Path, content: bytes) -> Path:
    file = tmp_path / "fetched.zip"
    file.write_bytes(content)
    return model_from_file(file, tmp_path, Said(), Source("http://x", hashlib.sha256(content).hexdigest(), NAME))


def test_a_file_fetched_by_hand_is_put_in_place_and_stays(tmp_path: Path) -> None:
    assert what_is_missing(by_hand(tmp_path, CONTENT)) is None
    assert (tmp_path / "fetched.zip").exists()
    assert left_behind(tmp_path) == []


def test_another_file_by_hand_is_refused(tmp_path: Path) -> None:
    (tmp_path / "half.zip").write_bytes(CONTENT[: len(CONTENT) // 2])
    with pytest.raises(SpeechModelFailed, match="not the file wanted, or not all of it"):
        model_from_file(tmp_path / "half.zip", tmp_path, Said(), Source("http://x", "0" * 64, NAME))
    with pytest.raises(SpeechModelFailed, match="there is no file"):
        model_from_file(tmp_path / "none.zip", tmp_path, Said())


def odd(name: str, mode: int = 0o644) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        member = zipfile.ZipInfo(name)
        member.external_attr = mode << 16
        archive.writestr(member, "/etc/passwd")
    return made.getvalue()


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (odd("../outside"), "outside"),
        (odd("/outside"), "outside"),
        (odd("..\\outside"), "outside"),
        (odd(f"{NAME}/link", stat.S_IFLNK | 0o777), "outside"),
        (b"no zip file at all", "damaged"),
        (CONTENT[:-100], "damaged"),
        (zipped(**{"Gr.fst": None}), "it holds no some-model/graph/Gr.fst"),
        (zipped(**{"final.mdl": b"nonsense"}), "Vosk can't load"),
    ],
)
def test_a_zip_file_that_can_not_be_right_leaves_nothing_behind(tmp_path: Path, content: bytes, why: str) -> None:
    with pytest.raises(SpeechModelFailed, match=why):
        by_hand(tmp_path, content)
    assert left_behind(tmp_path) == []
    assert not (models_dir(tmp_path) / NAME).exists()
    assert not (tmp_path / "outside").exists()
