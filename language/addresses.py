"""Addresses as they are said: 我家住在阳光小区三号楼二单元."""

import re

from language.text import normalise

_NUMBER = r"[\da-z零一二三四五六七八九十百两幺甲乙丙丁东西南北]{1,6}"
_DETAIL = re.compile(rf"{_NUMBER}(?:号楼|号院|号|栋|幢|单元|室|楼|层|组|弄|门|排)")
_STRONG_DETAIL = re.compile(rf"{_NUMBER}(?:号楼|号院|栋|幢|单元|室)")
_KINDS = (
    "大道|大街|街道|路|街|巷|弄堂|弄|胡同|小区|社区|家园|花园|新村|新城|新区|公寓|家属院|家属楼|大院|宿舍|"
    "片区|组团|苑|村|庄|屯|寨|镇|乡|县|区|州|市|养老院|敬老院|福利院|驿站"
)
_NAMED = re.compile(rf"[\u4e00-\u9fffa-z\d]{{1,12}}?(?:{_KINDS})")
_GENERIC = re.compile(
    rf"(?:[你我他她俺咱]们?|本|这个?|那个?|哪个?|各个?|每个?|全|某个?|一个|有的?|到|去|在|农|老|咱)的?(?:{_KINDS})|"
    r"^(?:小区|社区|街道|路|街|村|庄|镇|乡|县|区|州|市|养老院|敬老院|福利院|驿站|公寓|宿舍|大院)|"
    "马路|半路|路上|路边|走路|一路|带路|绕路|铁路|网路|逛街|上街|街上|街坊|老乡|家乡|下乡|乡下|"
    r"城市|超市|门市|菜市|市场|农村|村里|村干部|居家社区|城乡|地区|区别|区域|市民|社区(?:里|的|有|干部|医生|服务|食堂)"
)
_NUMBERED = re.compile(r"[\u4e00-\u9fff]{1,6}[里园城府湾庭居墅堂岭][\d零一二三四五六七八九十百]{1,4}号")
_QUESTION = re.compile("什么|怎么|哪[个里儿些]|多少|几[个点号]|[吗么]|有没有|能不能|可不可以|为啥|咋|不住|没住|搬走")
_PEOPLE = "我妈妈|我爸爸|我妈|我爸|俺娘|俺爹|阿妈|阿爸|奶奶|爷爷|老人家|老人|他们|她们|我们|咱们|俺们|我|俺|咱|他|她"
_LEAD = re.compile(
    rf"^(?:嗯|啊|呃|额|哦|那个|就是|对|好的?|是的?|您?记一下|麻烦)*(?:{_PEOPLE})?的?(?:{_PEOPLE})?"
    "(?:家庭)?(?:家里|家|地址|住址|住处)?(?:现在|目前|一直|还)?(?:就是|就|都|是)?"
    "(?:搬到|住在|住到|住的是|住|位于|在|是|到|来)?了?"
)
_TAIL = re.compile(r"(?:这里|这儿|这边|那里|那儿|那边|就行|就好|就可以|没错|呢|啊|呀|吧|哈|了|的|来|住)+$")
_CLAUSES = re.compile(r"[，。？！]")


def looks_like_address(text: str) -> bool:
    """True if `text` tells where a home is, with a road, estate, village or a house number with its part."""
    text = normalise(text)
    return not _QUESTION.search(text) and any(_is_place(_stripped(clause)) for clause in _CLAUSES.split(text))


def has_house(address: str) -> bool:
    """True if it says which house, not only which street or village."""
    return bool(_DETAIL.search(address))


def read_address(text: str) -> str | None:
    """Return the address without the words around it, or None. Parts said one after another are joined."""
    if not looks_like_address(text):
        return None
    parts: list[str] = []
    for clause in filter(None, _CLAUSES.split(normalise(text))):
        part = _stripped(clause)
        follows = bool(parts) and (_DETAIL.fullmatch(part) or re.fullmatch(r"\d{1,4}", part))
        if _is_place(part) or follows:
            parts.append(part)
        elif parts:
            break
    return "".join(parts) or None


def _stripped(clause: str) -> str:
    cue = re.search(r"(?:地址|住址)(?:就?是|在)?|(?<!不)住在|家住|家就?在|[我俺妈爸]住(?![院不了])", clause)
    return _TAIL.sub("", _LEAD.sub("", clause[cue.end() :] if cue else clause, count=1))


def _is_place(part: str) -> bool:
    if _STRONG_DETAIL.search(part) or _NUMBERED.search(part):
        return True
    return bool(_NAMED.search(_GENERIC.sub("。", part)))
