"""What kinds of service are called on screens and papers."""

from backend.community.volunteering.models import ServiceCategory as C

CATEGORIES = {
    C.ENVIRONMENT: "环境整治",
    C.CARE: "关爱帮扶",
    C.SAFETY: "平安守护",
    C.EDUCATION: "教育辅导",
    C.CULTURE: "文化活动",
    C.HEALTH: "健康服务",
    C.MEDIATION: "矛盾调解",
    C.GOVERNANCE: "社区治理",
    C.OTHER: "其他",
}
