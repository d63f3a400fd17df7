import pytest

from language.addresses import looks_like_address, read_address


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("我家住在向阳小区五号楼三单元402", "向阳小区五号楼三单元402"),
        ("地址是环翠区青岛北路20号", "环翠区青岛北路20号"),
        ("花园路8号", "花园路8号"),
        ("嗯，就是东升家园，2号楼，1单元，301", "东升家园2号楼1单元301"),
        ("俺住米山镇西洼村这里", "米山镇西洼村"),
        ("七栋二零一室", "七栋二零一室"),
        ("我妈家在城关区纳金路15号那边", "城关区纳金路15号"),
        ("安居里16号", "安居里16号"),
        ("我在解放路菜场门口", "解放路菜场门口"),
        ("光明 小区 六 号 楼", "光明小区六号楼"),
    ],
)
def test_read_address(text: str, address: str) -> None:
    assert looks_like_address(text)
    assert read_address(text) == address


@pytest.mark.parametrize(
    "text",
    [
        "",
        "还是老地方",
        "你们社区有食堂吗",
        "哪个小区有驿站",
        "明天上午九点",
        "我去超市买菜",
        "我在马路边",
        "在村里",
        "上街买菜",
        "五号上午",
        "我不住在威海市",
        "我妈八十二岁",
        "社区食堂",
        "三楼",
    ],
)
def test_what_is_no_address(text: str) -> None:
    assert not looks_like_address(text)
    assert read_address(text) is None
