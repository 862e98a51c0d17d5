"""What WeChat found in a text, in words."""

from typing import Any

from backend.support.text_checks.models import TextCheckStatus

# What WeChat's numbers mean (msgSecCheck, version 2).
LABELS = {
    10001: "广告",
    20001: "时政",
    20002: "色情",
    20003: "辱骂",
    20006: "违法犯罪",
    20008: "欺诈",
    20012: "低俗",
    20013: "版权",
    21000: "其他",
}


def finding(check: Any) -> str:
    """Return why a text waits for a person; `check` has its status and label."""
    if check.status is TextCheckStatus.UNCHECKED:
        return "微信未能核查"
    return f"微信提示：{LABELS.get(check.label or 0, '需要人工核查')}"
