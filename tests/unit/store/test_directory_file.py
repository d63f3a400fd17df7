"""A city's list of sites: what is read, and what is said of rows that can't be."""

from datetime import date

import pytest

from hotline.directory import Site
from language.distances import metres_between
from store.coordinates import to_wgs84
from store.directory_file import Defaults, DirectoryFileError, SiteList, read_sites

TODAY = date(2026, 11, 24)
HEAD = "名称,类型,区域,地址,纬度,经度,坐标系,电话,开放时间,服务,来源,核实日期"
GOOD = "东街食堂,老年食堂,容东片区,示例路1号,39.05,116.05,,0312-5550101,11:00-13:00,堂食,示例街道办,2026-11-01"


def read(*rows: str, head: str = HEAD, encoding: str = "utf-8", **defaults: str) -> SiteList:
    return read_sites("\n".join((head, *rows)).encode(encoding), Defaults(TODAY, **defaults))


def only(found: SiteList) -> Site:
    assert found.bad == []
    [site] = found.sites
    return site


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_every_usual_encoding_gives_the_same_site(encoding: str) -> None:
    site = only(read(GOOD, encoding=encoding))
    assert (site.place, site.kind, site.name, site.checked_on) == ("雄安", "canteen", "东街食堂", date(2026, 11, 1))
    assert (site.area, site.phone, site.hours, site.point) == (
        "容东片区",
        "0312-5550101",
        "11:00-13:00",
        (39.05, 116.05),
    )


def test_english_headings_in_any_order_and_columns_of_their_own() -> None:
    found = read("2026/11/1,canteen,A 食堂,某部门,津市,secret", head="Checked_on,TYPE,name, source ,place,备注")
    assert (only(found).place, found.not_read) == ("津市", ["备注"])


@pytest.mark.parametrize("day", ["2026-11-01", "2026/11/1", "2026年11月1日", "2026.11.01", "2026-11-01 00:00:00"])
def test_days_as_spreadsheets_write_them(day: str) -> None:
    assert only(read(GOOD.replace("2026-11-01", day))).checked_on == date(2026, 11, 1)


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("东街食堂", "", "name is missing"),
        ("老年食堂", "飞机场", "type: '飞机场': names no type"),
        ("老年食堂", "食堂和养老院", "more than one type"),
        ("示例街道办", "", "source is missing"),
        ("2026-11-01", "", "checked_on is missing"),
        ("2026-11-01", "2026-13-01", "month must be in"),
        ("2026-11-01", "前天", "a day such as"),
        ("2026-11-01", "2026-11-25", "still to come"),
        ("39.05,116.05", "116.05,39.05", "exchanged"),
        ("39.05,116.05", "39.05,", "lat and lon go together"),
        ("39.05,116.05", "0,0", "not in China"),
        ("39.05,116.05", "北纬39度,116.05", "degrees with a decimal point"),
        ("116.05,,", "116.05,bd09,", "have to be converted first"),
        ("0312-5550101", "找小王", "no telephone number"),
        ("容东片区,示例路1号", ",示例路1号", "place: which of"),
        ("容东片区,示例路1号", "容东片区,津市毛里湖镇", "place: which of"),
        ("堂食", "堂食,送餐", "put cells with commas in quotes"),
    ],
)  # fmt: skip
def test_a_bad_row_is_told_with_its_line_and_the_others_are_kept(old: str, new: str, reason: str) -> None:
    assert old in GOOD
    found = read(GOOD.replace("东街", "西街"), GOOD.replace(old, new, 1), GOOD)
    assert [site.name for site in found.sites] == ["西街食堂", "东街食堂"]
    [bad] = found.bad
    assert bad.line == 3
    assert reason in bad.reason


def test_lines_are_those_of_the_file_where_cells_go_over_several() -> None:
    found = read(GOOD.replace("11:00-13:00", '"周一\n到周五"'), "", GOOD.replace("老年食堂", "无"))
    assert only_line(found) == 5


def only_line(found: SiteList) -> int:
    [bad] = found.bad
    return bad.line


def test_the_same_site_twice_is_told() -> None:
    assert "stands in line 2 already" in read(GOOD, GOOD).bad[0].reason


def test_the_place_given_for_the_list_holds_where_a_row_is_silent_and_not_against_its_address() -> None:
    bare = GOOD.replace("容东片区", "")
    assert only(read(bare, place="威海")).place == "威海"
    assert "does not go with 雄安" in read(GOOD, place="威海").bad[0].reason


def test_coordinates_in_one_cell_may_stand_in_either_order() -> None:
    head = "name,type,place,source,checked_on,坐标"
    for cell in ('"29.65,91.13"', '"91.13,29.65"', "91.13 29.65", "91.13，29.65"):
        assert only(read(f"A食堂,食堂,拉萨,s,2026-01-01,{cell}", head=head)).point == (29.65, 91.13)


def test_coordinates_of_map_services_are_brought_to_those_of_telephones() -> None:
    """天安门 in both systems; all over the country compared with eviltransform 0.1.1 (docs/decisions.md)."""
    assert metres_between(to_wgs84(39.91010, 116.40374), (39.90870, 116.39749)) < 5
    shifted = only(read(GOOD, datum="gcj02")).point
    assert shifted is not None
    assert 100 < metres_between(shifted, (39.05, 116.05)) < 700
    assert only(read(GOOD.replace("116.05,,", "116.05,高德,"))).point == shifted


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "heading is missing"),
        ("名称,类型\nA,食堂".encode(), "columns are missing: source, checked_on"),
        ("名称,机构名称,类型,来源,核实日期\n".encode(), "columns stand twice: name"),
        (f'{HEAD}\n"没有结束,'.encode(), "line 2: this is no CSV"),
        (b"\xff\xfe\x00\xd8\xff\xff", "neither UTF-8 nor GB18030"),
    ],
)
def test_a_file_that_is_no_list_is_refused_whole(data: bytes, reason: str) -> None:
    with pytest.raises(DirectoryFileError, match=reason):
        read_sites(data, Defaults(TODAY))
