"""The demands of the demo people's own community: some wait, some are on this year's list.

They come when they are due and draw nothing, so that the rest of the year is the same without them.
"""

from datetime import datetime, timedelta

from backend.city.demo import people
from backend.city.demo.agenda import Act, Agenda, ago, at_hour
from backend.city.demo.cast import City, actor_for
from backend.community.demands import lists, service
from backend.community.demands.models import DemandKind
from backend.community.demands.triage import Answer, Decision
from backend.community.demands.wanted import Wanted
from backend.core import clock
from backend.core.actor import Actor
from backend.people.areas.models import Area
from backend.people.members import acting
from backend.people.members import service as accounts
from backend.people.organizations.models import Organization

LIGHTS = Wanted(
    "小区东门至三号楼夜间照明不足",
    content="路灯间距较大，老人晚间出行不便，希望增设或修复照明。",
)
DARK = Wanted("三号楼门口晚上太暗", content="希望尽快装灯。")
RADIO = Wanted(
    "想要一台操作简单的收音机",
    kind=DemandKind.MICRO_WISH,
    content="独居老人，平日喜欢听戏。",
    beneficiary_code="HH01",
)
CHARGING = Wanted("希望增设电动自行车集中充电点", content="现有充电位不足，有飞线充电的情况。")
FEES = Wanted("希望减免今年的物业费")
DECLINED = "物业费由业主与物业公司约定，请与物业公司协商，或向物业主管部门咨询。"
CORRIDOR = Wanted("楼道堆放杂物，希望组织清理", content="六号楼二单元，影响消防通道。")
OPEN_DAY = Wanted("单位开放日需要社区组织居民参加", content="计划邀请居民代表二十人。")
# How many days ago this year's list was published.
LISTED = 40


class DemandLife:
    def __init__(self, city: City, agenda: Agenda, branch: Organization, community: Area) -> None:
        self._city, self._agenda, self._community = city, agenda, community
        self._secretary, self._contact = city.secretaries[community.id], city.contacts[branch.id]
        self._unit_id = branch.unit_id
        self._grid_worker = actor_for(city, city.demo[people.GRID_WORKER.code])
        account = accounts.account_for(city.session, city.keys, people.RESIDENT.openid)
        self._resident = acting.actor_for(city.session, account.id)

    def begin(self) -> None:
        accept = Answer(Decision.ACCEPT)
        self._agenda.at(ago(60, 9), self._lights)
        self._agenda.at(ago(58, 9), lambda: self._answered(self._grid_worker, RADIO, accept))
        self._agenda.at(_list_day(), self._publish)
        refused = Answer(Decision.DECLINE, DECLINED)
        self._agenda.at(ago(30, 20), lambda: self._answered(self._resident, FEES, refused))
        self._agenda.at(ago(9, 20), lambda: self._answered(self._resident, CHARGING, accept))
        self._agenda.at(ago(3, 20), lambda: self._bring(self._resident, CORRIDOR))
        self._agenda.at(ago(2, 9), lambda: self._bring(self._contact, OPEN_DAY, self._unit_id))

    def _lights(self) -> None:
        """What is found on a visit; a resident asks for the same, which is merged into it."""
        lights = self._answered(self._grid_worker, LIGHTS, Answer(Decision.ACCEPT))
        merging = Answer(Decision.MERGE, merged_into_id=lights)
        self._then(3, 20, lambda: self._answered(self._resident, DARK, merging))

    def _answered(self, actor: Actor, wanted: Wanted, answer: Answer) -> int:
        """Bring it today; the secretary answers on the next day."""
        demand_id = self._bring(actor, wanted)
        self._then(1, 10, lambda: self._answer(demand_id, answer))
        return demand_id

    def _then(self, days: int, hour: int, act: Act) -> None:
        self._agenda.at(at_hour(clock.today() + timedelta(days=days), hour), act)

    def _bring(self, actor: Actor, wanted: Wanted, unit_id: int | None = None) -> int:
        return service.bring(
            self._city.session,
            actor=actor,
            said=service.Bringing(
                community_code=self._community.code, **vars(wanted), unit_id=unit_id
            ),
        ).id

    def _answer(self, demand_id: int, answer: Answer) -> None:
        session, secretary = self._city.session, self._secretary
        service.decide(session, actor=secretary, demand_id=demand_id, answer=answer)

    def _publish(self) -> None:
        city, code = self._city, self._community.code
        lists.publish(city.session, city.rules, actor=self._secretary, area_code=code)


def _list_day() -> datetime:
    """Return a moment of this year, however young the year is."""
    days = min(LISTED, clock.today().timetuple().tm_yday - 1)
    return ago(days, 9 if days else 0)
