"""What refuses a step of an activity or a sign-up though its state allows it (spec 4.1, 4.4)."""

from backend.community.volunteering.activities.models import BEFORE_END, ActivityStatus
from backend.core import clock
from backend.core.states import Guard

_DEAD = (ActivityStatus.DRAFT, ActivityStatus.CANCELLED)

INSURED = Guard(
    "insurance_note_required",
    "a risk is insured",
    "有风险的活动须先落实参加者的保险，请填写保险说明后再发布。",
)
NOBODY_CAME = Guard(
    "activity_took_place",
    "nobody has checked in or is listed as present",
    "已有人签到或到场，不能取消；请在名单中如实登记。",
    lambda row: not row.came,
)
UNIT_STANDS = Guard(
    "activity_took_place",
    "another unit only while nobody has come",
    "已有人签到或到场，不能再改组织单位。",
)
SHIFT_TO_COME = Guard(
    "shift_has_begun", "what has begun keeps its time", "该班次已经开始，不能再改时间或删除。"
)
SHIFT_FREE = Guard(
    "shift_has_sign_ups",
    "a shift goes only while nobody holds or awaits a place",
    "该班次已有人报名，不能删除；可修改时间或取消活动。",
)
PLACES_KEPT = Guard(
    "places_below_sign_ups",
    "no fewer places than are held",
    "该班次已有 {held} 人报名，名额不能少于报名人数。",
)

NOT_OVER = Guard("shift_over", "the shift is not over", "该班次已经结束，请选择其他班次。")
ONCE = Guard("already_signed_up", "once", "您已报名该班次，可在“我的报名”中查看。")
NO_CLASH = Guard(
    "sign_up_clashes",
    "no other shift of one's own at the time, or said to be no matter",
    "与您已报名的另一个班次时间重叠；确实能参加的，请确认后再报名。",
)
WAITED_FOR = Guard(
    "shift_full_and_begun",
    "full: one waits for it only before it begins",
    "该班次已经开始且名额已满，不能再候补。",
)
UNDER_WAY = Guard(
    "activity_state_forbids",
    "the activity is neither over nor called off",
    "当前状态不允许此操作，请刷新后查看最新状态。",
    lambda row: row.activity.current_status in BEFORE_END,
)
STILL_RUNS = Guard(
    "shift_over",
    "the shift is not over",
    "该班次已经结束，不用再退出。",
    lambda row: row.shift.ends_at > clock.now(),
)
NOT_HERE = Guard(
    "already_checked_in",
    "neither checked in nor listed as present",
    "您已签到，不能再退出报名；提前离开的，请告诉组织者，由组织者在名单中登记。",
    lambda row: row.checked_in_at is None and not row.present,
)
IN_WINDOW = Guard(
    "check_in_not_open",
    "from half an hour before the shift to two hours after",
    "现在不是签到时间：活动开始前30分钟至结束后2小时可以签到。",
    lambda row: row.activity.status not in _DEAD and row.shift.takes_check_ins_at(clock.now()),
)
CAME = Guard(
    "not_checked_in",
    "after checking in",
    "您还没有签到；到场情况以组织者登记的名单为准。",
    lambda row: row.checked_in_at is not None,
)
BEGUN = Guard("shift_not_begun", "the shift has begun", "该班次尚未开始，暂不能登记名单。")
IN_TIME = Guard(
    "late_entry_closed",
    "within the working days for it; later the street's, with a reason",
    "活动结束{days}个工作日后不能再补录，请与街道联系，由街道说明原因后补录。",
)
