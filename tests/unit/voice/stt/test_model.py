"""Which speech model is in force, and whether it can be used."""

import shutil
from pathlib import Path

import pytest

from voice.stt.model import OFFICIAL, SpeechModelFailed, model_in_force, models_dir, try_out, what_is_missing

MODEL = Path(__file__).parents[4] / "demo" / "speech-model"


@pytest.fixture
def model(tmp_path: Path) -> Path:
    """A copy of the test model that may be broken."""
    return Path(shutil.copytree(MODEL, tmp_path / "city-model"))


def test_nothing_is_in_force_without_setting_and_fetched_model(tmp_path: Path) -> None:
    found = model_in_force(None, tmp_path)
    assert (found.path, found.is_test_model) == (None, False)


def test_the_fetched_model_is_in_force_without_a_setting(tmp_path: Path, model: Path) -> None:
    models_dir(tmp_path).mkdir()
    model.rename(models_dir(tmp_path) / OFFICIAL)
    assert model_in_force(None, tmp_path).path == models_dir(tmp_path) / OFFICIAL


def test_the_test_model_is_known_wherever_it_lies(tmp_path: Path, model: Path) -> None:
    found = model_in_force(model, tmp_path)
    assert (found.path, found.name, found.is_test_model) == (model, "city-model", True)


def test_another_model_is_not_taken_for_the_test_model(tmp_path: Path, model: Path) -> None:
    file = model / "am" / "final.mdl"
    content = bytearray(file.read_bytes())
    content[-1] ^= 1
    file.write_bytes(content)
    assert not model_in_force(model, tmp_path).is_test_model


@pytest.mark.parametrize(
    "name",
    ["am/final.mdl", "conf/mfcc.conf", "conf/model.conf", "graph/HCLr.fst", "graph/Gr.fst", "graph/disambig_tid.int"],
)
@pytest.mark.parametrize("empty", [True, False])
def test_a_model_that_is_not_whole_is_named_with_what_it_lacks(
    tmp_path: Path, model: Path, name: str, empty: bool
) -> None:
    (model / name).unlink()
    if empty:
        (model / name).touch()
    with pytest.raises(SpeechModelFailed, match=f"city-model is no Vosk model, it has no {name}"):
        model_in_force(model, tmp_path)


def test_a_graph_in_one_file_will_do(model: Path) -> None:
    (model / "graph" / "Gr.fst").rename(model / "graph" / "HCLG.fst")
    assert what_is_missing(model) is None


def test_half_of_the_speaker_adaptation_is_noticed(model: Path) -> None:
    (model / "ivector").mkdir()
    assert what_is_missing(model) == "ivector/final.dubm"


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(SpeechModelFailed, match="is no Vosk model"):
        model_in_force(tmp_path / "nowhere", tmp_path)


def test_vosk_can_load_the_test_model() -> None:
    try_out(MODEL)


@pytest.mark.parametrize("name", ["am/final.mdl", "graph/HCLr.fst", "conf/model.conf"])
def test_a_damaged_model_ends_a_process_that_is_not_ours(model: Path, name: str) -> None:
    content = (model / name).read_bytes()
    (model / name).write_bytes(content[: len(content) // 2])
    with pytest.raises(SpeechModelFailed, match="Vosk can't load"):
        try_out(model)
