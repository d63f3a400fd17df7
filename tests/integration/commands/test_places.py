"""`places`: a city's list is put in, put in again, replaced, listed."""

import csv
import io
from pathlib import Path

import pytest

from tests.integration.commands.conftest import Installation

HEAD = "名称,类型,区域,地址,纬度,经度,电话,来源,核实日期"
ROWS = (
    "东街食堂,老年食堂,容东片区,示例路1号,39.05,116.03,0312-5550101,示例街道办,2026-11-01",
    "西街养老院,养老院,雄县,示例街2号,38.99,116.10,,示例街道办,2026-11-01",
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "list.csv"
    path.write_text("\n".join((HEAD, *ROWS)), encoding="utf-8")
    return path


def test_a_list_is_put_in_and_a_second_time_changes_nothing(empty: Installation, file: Path) -> None:
    first = empty.run("places", "import", str(file), "--json").data
    assert (first["added"], first["refused"], first["written"]) == (2, [], True)
    again = empty.run("places", "import", str(file), "--json").data
    assert (again["added"], again["changed"], again["unchanged"]) == (0, 0, 2)
    file.write_bytes(file.read_text(encoding="utf-8").replace("示例路1号", "示例路8号").encode("gb18030"))
    assert empty.run("places", "import", str(file), "--json").data["changed"] == 1
    addresses = {row["address"] for row in empty.run("places", "list", "--json").data}
    assert addresses == {"示例路8号", "示例街2号"}


def test_good_rows_go_in_bad_ones_are_named_and_the_status_says_so(empty: Installation, file: Path) -> None:
    file.write_text("\n".join((HEAD, "机场,飞机场,雄县,,,,,示例,2026-11-01", *ROWS)), encoding="utf-8")
    done = empty.run("places", "import", str(file))
    assert done.status == 1
    assert "line 2: type: '飞机场'" in done.err
    assert "2 added" in done.out and "1 rows refused" in done.out
    assert len(empty.run("places", "list", "--json").data) == 2


def test_a_dry_run_writes_nothing(empty: Installation, file: Path) -> None:
    done = empty.run("places", "import", str(file), "--dry-run")
    assert (done.status, "2 added" in done.out, "nothing was written" in done.out) == (0, True, True)
    assert empty.run("places", "list", "--json").data == []


def test_replace_takes_out_what_is_no_longer_listed_of_the_same_type_only(empty: Installation, file: Path) -> None:
    empty.run("places", "import", str(file))
    moved = ROWS[0].replace("东街", "南街")
    file.write_text("\n".join((HEAD, moved, "坏,飞机场,雄县,,,,,示例,2026-11-01")), encoding="utf-8")
    kept = empty.run("places", "import", str(file), "--replace")
    assert kept.status == 1 and "nothing was removed" in kept.out
    file.write_text("\n".join((HEAD, moved)), encoding="utf-8")
    assert empty.run("places", "import", str(file), "--replace", "--json").data["removed"] == 1
    assert [row["name"] for row in empty.run("places", "list", "--json").data] == ["南街食堂", "西街养老院"]


def test_the_list_by_place_type_and_distance(empty: Installation, file: Path) -> None:
    empty.run("places", "import", str(file))
    rows = empty.run("places", "list", "--near", "38.99,116.10", "--json").data
    assert [row["name"] for row in rows] == ["西街养老院", "东街食堂"]
    assert (rows[0]["metres"], rows[1]["metres"]) == (0, pytest.approx(9000, abs=50))
    assert [r["name"] for r in empty.run("places", "list", "--type", "食堂", "--json").data] == ["东街食堂"]
    assert empty.run("places", "list", "--place", "津市", "--json").data == []
    for wrong in (("--place", "天津"), ("--type", "飞机场"), ("--near", "116,39,1"), ("--near", "116.1,39.0")):
        assert empty.run("places", "list", *wrong).status == 2


def test_the_template_can_be_filled_in_and_read(empty: Installation, tmp_path: Path) -> None:
    for option in ((), ("--english",)):
        [heading] = csv.reader(io.StringIO(empty.run("places", "template", *option).out))
        values = {"名称": "甲", "类型": "食堂", "地方": "津市", "来源": "s", "核实日期": "2026-01-01"}
        values |= {"name": "乙", "type": "食堂", "place": "津市", "source": "s", "checked_on": "2026-01-01"}
        path = tmp_path / "filled.csv"
        path.write_text(f"{','.join(heading)}\n{','.join(values.get(one, '') for one in heading)}\n", encoding="utf-8")
        assert empty.run("places", "import", str(path), "--json").data["added"] == 1
