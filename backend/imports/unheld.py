"""Columns that stand in the field's files and that this product must not hold, or has no use for:
they are known by name and left out before anything of a file is stored (spec 7.1)."""

import re

from backend.core import wording

# What is said of a column; those of the first kind lead to a person or are nobody's business.
NEVER = "本系统不得保存，未读取。"
NOT_NEEDED = "本系统不保存此项，未读取。"

_NEVER = re.compile(
    "身份证|证件号|公民身份|社会保障号|社保号|护照|出生|生日|年龄|岁数|民族|族别|学历|学位|文化程度|毕业|"
    "性别|户籍|户口|住址|住所|居住|家庭|现住|地址|籍贯|照片|相片|头像|婚姻|健康|血型|宗教|信仰|"
    "工资|收入|银行|卡号|账号|党费|处分|奖惩|违纪|犯罪|评议结果|政审|密码"
)
_NOT_NEEDED = re.compile(
    "^序号$|^编号$|^行号$|^no[.]?$|入党|转正|参加工作|职务|职称|职级|岗位|微信|qq|邮箱|email|传真|邮编|"
    "座机|办公电话|固定电话|备注|说明|签名|签字|填表|审核|流出|流入|失联"
)


def why(header: str) -> str | None:
    """Return why a column of this name is left out; None: it may be kept."""
    name = wording.key(header)
    if _NEVER.search(name):
        return NEVER
    return NOT_NEEDED if _NOT_NEEDED.search(name) else None
