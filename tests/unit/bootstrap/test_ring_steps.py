"""What a simulated caller is told to do."""

from pathlib import Path

import pytest

from bootstrap.reading import SettingsError
from bootstrap.ring.steps import Step, read_script, read_steps


def test_steps_are_read_in_order_and_plain_text_is_said() -> None:
    read = read_steps(["我要预约助浴", "say:对", "over:人工", "press:1#", "silence:7.5", "hang-up", " "])
    assert read == [
        Step("say", "我要预约助浴"),
        Step("say", "对"),
        Step("over", "人工"),
        Step("press", "1#"),
        Step("silence", seconds=7.5),
        Step("hang-up"),
    ]


@pytest.mark.parametrize("wrong", ["press:a", "press:", "silence:", "silence:-1", "silence:x", "say:", "over: "])
def test_what_cannot_be_done_is_refused(wrong: str) -> None:
    with pytest.raises(SettingsError, match=wrong.split(":")[0]):
        read_steps([wrong])


def test_a_script_has_one_step_a_line(tmp_path: Path) -> None:
    file = tmp_path / "call.txt"
    file.write_text("# an elder\n你好\n\npress:0\n", encoding="utf-8")
    assert read_script(file) == [Step("say", "你好"), Step("press", "0")]


def test_a_script_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"nothing\.txt"):
        read_script(tmp_path / "nothing.txt")
