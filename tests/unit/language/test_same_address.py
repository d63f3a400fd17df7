import pytest

from language.same_address import same_address

HOME = "威海市环翠区阳光小区3号楼2单元501室"


@pytest.mark.parametrize(
    "said",
    ["阳光小区三号楼二单元五零一", "杨光小区三号楼二单元五百零一", "环翠区阳光小区3号楼2单元501", HOME],
)
def test_the_same_home(said: str) -> None:
    assert same_address(said, HOME)


@pytest.mark.parametrize(
    "said",
    [
        "",
        "阳光小区",
        "三号楼",
        "三号楼二单元501",
        "向阳小区三号楼二单元501",
        "阳光小区十三号楼二单元501",
        "阳光小区三号楼501",
        "文登区阳光小区三号楼二单元501",
    ],
)
def test_another_home_or_not_sure(said: str) -> None:
    assert not same_address(said, HOME)
