"""The arithmetic of the benchmarks, what they ask for, and their refusal of odd numbers of callers."""

import asyncio
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bootstrap.bench.command import _counts
from bootstrap.bench.figures import Measured, by_stage, growth, percentile
from bootstrap.bench.parsing import _run
from bootstrap.cli import make_app
from bootstrap.reading import SettingsError
from hotline.sessions import Reply, Trace


@pytest.mark.parametrize(("percent", "value"), [(50, 5), (95, 10), (90, 9), (1, 1), (100, 10)])
def test_percentiles_are_values_that_were_measured(percent: int, value: int) -> None:
    assert percentile([3, 1, 2, 10, 9, 8, 7, 6, 5, 4], percent) == value


def test_one_value_is_every_percentile() -> None:
    assert percentile([7.0], 50) == percentile([7.0], 95) == 7.0


def test_stages_add_up_to_the_wall_clock() -> None:
    reply = Reply("好", trace=Trace(path="dialogue", milliseconds={"open": 4.0, "total": 30.0}))
    one = Measured.of(reply, 35.0)
    assert (one.open, one.answer, one.write, one.total) == (4.0, 26.0, 5.0, 35.0)
    assert by_stage([one])["answer"] == {"p50": 26.0, "p95": 26.0}


def test_a_chat_is_cut_into_its_parts() -> None:
    measured = [Measured(0, 0, 0, float(number), "dialogue") for number in range(1, 26)]
    rows = growth(measured)
    assert [row["turns"] for row in rows] == ["1-10", "11-20", "21-40"]
    assert [row["p50"] for row in rows] == [5.0, 15.0, 23.0]


@pytest.mark.parametrize("text", ["", "0", "1,x", "1,,2", "-1"])
def test_odd_numbers_of_callers_are_refused(text: str) -> None:
    with pytest.raises(SettingsError, match="whole numbers above 0"):
        _counts(text, "--sessions")


def test_help_says_what_it_does() -> None:
    result = CliRunner().invoke(make_app(), ["bench", "turns", "--help"])
    assert result.exit_code == 0
    assert "--sessions" in result.output


class Parser:
    """Takes its time over each sentence; counts how many wait at once."""

    def __init__(self) -> None:
        self.parsed: list[str] = []
        self.at_once = self.most_at_once = 0

    async def parse(self, text: str) -> None:
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        await asyncio.sleep(0.001)
        self.parsed.append(text)
        self.at_once -= 1


@pytest.mark.parametrize("clients", [1, 8])
async def test_so_many_clients_have_every_sentence_parsed_once(clients: int) -> None:
    parser, texts = Parser(), [str(number) for number in range(40)]
    run = await _run(parser, texts, clients)
    assert sorted(parser.parsed) == sorted(texts)
    assert parser.most_at_once == clients
    assert run["clients"] == clients
    assert run["p95"] >= run["p50"] >= 1


@pytest.mark.parametrize("content", ["", "text\tintent\n", "words\n你好\n"])
def test_a_file_without_sentences_is_refused(tmp_path: Path, content: str) -> None:
    file = tmp_path / "file.tsv"
    file.write_text(content)
    done = CliRunner().invoke(make_app(), ["bench", "parse", str(file)])
    assert isinstance(done.exception, SettingsError)
