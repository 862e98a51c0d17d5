"""The words of the field for what a rule pack says in names of its own."""

from backend.ledger.periods import PeriodLength
from backend.ledger.rulepack import Check, Form, Modality, Treatment

MODALITIES = {
    Modality.MUST: "必须完成",
    Modality.QUALITATIVE: "定性要求，不算逾期",
    Modality.TARGET: "努力目标，只显示进度",
    Modality.MAY: "可以办理，未办理不算未完成",
}
TREATMENTS = {
    Treatment.AUTO: "自动计算",
    Treatment.EVENT: "逐件核对",
    Treatment.WORKFLOW: "流程办理",
    Treatment.REGISTER: "名册登记",
    Treatment.DERIVED: "由已有记录汇总",
    Treatment.RULE_PACK: "自动计算，次数由规则文件规定",
    Treatment.INVARIANT: "由系统约束保证",
    Treatment.NONE: "不计算",
}
SCOPES = {
    "area:city": "市",
    "area:district": "各区",
    "area:street": "各街道",
    "area:town": "各镇",
    "area:residents_committee": "各社区（居民委员会）",
    "organ_member": "市直、区直机关的党员",
    "branch": "党支部",
    "leading_body": "党委领导班子",
    "organ_unit": "市直、区直机关单位",
    "member_unit": "成员单位",
    "holders:department": "市、区职能部门",
    "holders:planning_authority": "规划主管部门",
    "holders:co_opting_body": "街道大工委、社区大党委",
    "holders:estate": "在册小区",
    "holders:estate_condition_met": "具备条件的小区",
    "holders:estate_functional_due": "条件暂不成熟而党员较多的小区",
    "holders:estate_property_firm": "有物业服务企业的小区",
    "holders:grid": "在册网格",
    "holders:grid_organization": "建有党组织的网格",
    "holders:entity_building": "在册楼宇",
    "holders:entity_market": "在册商圈市场",
    "holders:entity_sector": "在册行业单位",
    "holders:entity_park_firm": "在册园区企业",
    "holders:park": "在册园区",
    "holders:community_worker": "在岗社区工作者",
    "holders:worker_entrant": "新进社区工作者",
    "holders:worker_secretary": "在任社区党组织书记",
    "holders:trainee_56": "社区党组织书记、居委会主任",
    "holders:trainee_32": "社区“两委”干部、网格员",
    "holders:leader": "街道（镇）党政班子成员",
    "holders:liaison_point": "班子成员的每个联系点",
}
PERIODS = {
    PeriodLength.MONTH: "每月",
    PeriodLength.QUARTER: "每季度",
    PeriodLength.HALF_YEAR: "每半年",
    PeriodLength.YEAR: "每年",
}


def bound_by(scope: str) -> str:
    """Name whom a scope binds; what an overlay brings along keeps the name it has there."""
    return SCOPES.get(scope, f"`{scope}`")


def asked_by(check: Check) -> str:
    """Say in words how much a check asks for."""
    if check.form is Form.CASES:
        return "逐件按规定办理"
    if check.form is Form.STANDING:
        return _standing(check)
    return PERIODS[check.period] + _much(check)


def _standing(check: Check) -> str:
    day = "开始适用当日" if check.on == "first_day" else "当日"
    if check.all:
        return f"{day}同时具备{len(check.kinds)}{check.unit}"
    return day + _much(check)


def _much(check: Check) -> str:
    threshold = f"{check.threshold / check.per_unit:g}{check.unit}"
    if check.most is not None and check.threshold:
        return f"不少于{threshold}、不多于{check.most}{check.unit}"
    if check.most is not None:
        return f"不多于{check.most}{check.unit}"
    full = f"，{check.full}{check.unit}及以上为充分履行" if check.full else ""
    return f"至少{threshold}{full}"
