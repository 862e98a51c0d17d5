"""Made-up but plausible names."""

from random import Random

SURNAMES = "陈林黄王吴李符周郑张蔡曾梁冯韩何唐邓许谢罗潘叶邢麦云莫钟杨朱卢洪蒙欧颜翁龙祝庄温"
GIVEN_FIRST = "文志海国建秀丽小晓明春永德家玉美雪金子振少泽思雅俊振启开伟"
GIVEN_SECOND = "华强英敏芳军平燕辉玲杰霞峰娟涛琴斌慧健梅勇兰波静宁宏莉云翔洁"

BUREAUS = (
    "城市服务示范局",
    "数字档案示范中心",
    "滨海规划示范局",
    "公共文化示范馆",
    "椰城便民示范中心",
    "市政养护示范处",
    "社区教育示范中心",
    "生态园林示范局",
    "政务热线示范中心",
    "应急科普示范站",
    "公共体育示范中心",
    "老年服务示范处",
)


def person(random: Random) -> str:
    """Return a surname and one or two more characters."""
    second = random.choice(GIVEN_SECOND) if random.random() < 0.8 else ""
    return random.choice(SURNAMES) + random.choice(GIVEN_FIRST) + second
