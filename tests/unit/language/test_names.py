import pytest

from language.names import read_name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("我叫孙秀兰", "孙秀兰"),
        ("我叫孙芳我想订餐", "孙芳"),
        ("我 叫 孙 秀 兰", "孙秀兰"),
        ("我妈叫郑玉珍，八十二了", "郑玉珍"),
        ("姓名是上官云飞", "上官云飞"),
        ("给赵国庆约个助浴", "赵国庆"),
        ("老人叫冯德福今年八十三", "冯德福"),
        ("我是周小梅", "周小梅"),
        ("郑玉珍", "郑玉珍"),
        ("嗯，郑玉珍", "郑玉珍"),
        ("郑玉珍奶奶", "郑玉珍"),
        ("我叫陈来娣", "陈来娣"),
        ("格桑卓玛", "格桑卓玛"),
        ("给央金约个保洁", "央金"),
        ("孙大爷", "孙大爷"),
        ("给孙大娘订餐", "孙大娘"),
    ],
)
def test_read_name(text: str, name: str) -> None:
    assert read_name(text) == name


@pytest.mark.parametrize(
    "text",
    [
        "",
        "给安排个保洁",
        "我姓孙",
        "周三下午",
        "高血压",
        "明天",
        "马上来",
        "谢谢",
        "好的",
        "江西",
        "高龄津贴",
        "康复护理",
        "方便的话明天来",
        "我是她女儿",
        "给我妈约个助浴",
        "不知道",
        "李子好吃吗您说呢",
        "阳历的",
        "夏至那天",
        "龙抬头",
    ],
)
def test_what_is_no_name(text: str) -> None:
    assert read_name(text) is None
