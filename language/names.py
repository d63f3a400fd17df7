"""Names of people as they are said: 我叫王秀英, 给李建国约, 王大爷."""

import re

from language.text import normalise

SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林郑谢罗梁宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖"
    "贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷"
    "詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳穆"
    "农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩"
)
_COMPOUND = "欧阳|上官|司马|诸葛|司徒|东方|皇甫|尉迟|公孙|慕容|令狐|夏侯|端木"
_TIBETAN = (
    "卓玛|扎西|次仁|达瓦|尼玛|格桑|央金|拉姆|多吉|平措|旦增|丹增|索朗|"
    "巴桑|边巴|普布|米玛|拉巴|白玛|德吉|曲珍|仓决|洛桑|罗布|顿珠|强巴|次旺|仁增|仁青|贡布|旺堆|旺姆|卓嘎|措姆|玉珍|德庆|江白|土登|阿旺|群培|欧珠|"
    "曲扎|桑珠|嘎玛|晋美|其美|益西"
)
_TITLE = (
    "大爷|大娘|大妈|大叔|大婶|奶奶|爷爷|婆婆|阿姨|叔叔|老师|师傅|老人家|老人|老太太|老先生|女士|先生|嫂子|大哥|大姐"
)
_STOP = (
    "(?=$|[，。？！ ]|[我俺你您他她想要约订预报办申打的今住电手查问做安派"
    "啊呀吧呢哈嘛是在来有和跟属这那需用送请去也]|"
    "明[天早儿日晚]|后天|大后天|星期|礼拜|周[一二三四五六日天末]|下[周午个]|上午|"
    rf"(?:{_TITLE})|\d|[一二三四五六七八九十]{{1,3}}岁|家[的里]|身份|老伴|地址)"
)
_GIVEN = r"(?:(?![我你您他她俺咱想要约订预的是了吗呢和跟给在住电打请])[\u4e00-\u9fff])"
_NAME = (
    rf"(?:(?:{_TIBETAN}){{1,2}}|(?:{_COMPOUND}){_GIVEN}{{1,2}}|"
    rf"[{SURNAMES}](?:{_GIVEN}{{2}}{_STOP}|{_GIVEN}{_STOP}))"
)
_CUED = re.compile(
    "(?:我叫|他叫|她叫|名字叫|名叫|叫做|老人叫|[妈爸娘爹伴奶爷]叫|姓名就?是?|名字就?是|大名|我是|叫我|联系人是?|不对叫|应该叫|改成?叫)"
    rf"做?(?P<name>{_NAME})"
)
_FOR = re.compile(rf"(?:给|帮|替|为)(?:我[妈爸]|老人|老伴)?(?P<name>{_NAME})")
_ALONE = re.compile(rf"^(?:嗯|啊|哦|呃|是|叫|对|就是|她叫|他叫)?(?P<name>{_NAME})(?:{_TITLE})?[啊呀吧的哈]?$")
_TITLED = re.compile(rf"(?<![\u4e00-\u9fff])(?:给|帮|替|我是|我叫|找|就是|是)?(?P<name>[{SURNAMES}](?:{_TITLE}))")
_ORDINARY = re.compile(
    "高龄|高兴|高血压|高烧|高压|方便|方式|安排|安装|安全|安静|安心|马上|马桶|马路|于是|何时|任何|任务|白天|白内障|白菜|黄昏|"
    "周[一二三四五六日末天]|江西|江苏|康复|毛病|路上|路边|温水|温度|万一|石头|金额|成功|成本|向你|全部|全身|全天|全家|和我|和你|和他|"
    "明[天儿日早晚年白]|明后|明明|时间|时候|时常|应该|应当|常常|单独|单位|单子|车子|车票|费用|房子|房间|文件|文登|古怪|关系|关节|关门|关于|关心|"
    "连续|项目|包子|包括|解决|解释|尚未|易懂|商量|商店|左右|左边|左腿|东西|华人|冷水|冷了|农村|农历|师傅|平安|麦子|米饭|水管|"
    "党员|党委|阳历|夏至|谷雨|白露|龙抬头|宁愿|严重|严格|谢谢|许多|管道|管子|管家|舒服|游泳|连夜|季度|简单|成都|兰州|吉安|景德镇|"
    "荣成|宫颈|边上|艾灸|阳台|阳光|阳性|梅花|龙头|雷雨|程序|程度|钱包|钱款|文化|游玩|司机|甘肃|宁夏|夏天|夏季|秦皇岛|余额|余下|任意|符合"
)


def read_name(text: str) -> str | None:
    """Return the name of a person that `text` gives, else None.

    A full name goes before a surname with a form of address (王大爷), which is given as it is said. A
    surname alone (姓王) is no name. Tibetan given names are known by their usual syllables.
    """
    text = normalise(text)
    for pattern in (_CUED, _FOR):
        for found in pattern.finditer(text):
            if name := _person(found["name"]):
                return name
    for clause in re.split("[，。？！]", text):
        if (alone := _ALONE.match(clause)) and (name := _person(alone["name"])):
            return name
    titled = _TITLED.search(text)
    return titled["name"] if titled else None


def _person(name: str) -> str | None:
    """Refuse everyday words that begin like a name; a surname before a form of address keeps it."""
    if _ORDINARY.match(name) or re.fullmatch(rf"{_GIVEN}(?:{_TITLE})?", name):
        return name if re.fullmatch(rf"[{SURNAMES}](?:{_TITLE})", name) else None
    return name
