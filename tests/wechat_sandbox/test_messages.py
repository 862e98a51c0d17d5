"""Subscription and customer-service messages."""

import pytest

from tests.wechat_sandbox.program import JSON, TEMPLATE, Sandbox
from tests.wechat_sandbox.receiver import Receiver

SEND, REPLY = "/cgi-bin/message/subscribe/send", "/cgi-bin/message/custom/send"
MEMBER = "sandbox-openid-demo-member"
VALUES = {
    "thing1": "海甸街道某某社区",
    "phrase2": "已接收",
    "time3": "2026-11-23 09:30",
    "thing4": "可在“我的报到”中查看回执",
}


def message(**changes: object) -> JSON:
    data = {name: {"value": value} for name, value in VALUES.items()}
    return {"touser": MEMBER, "template_id": TEMPLATE, "data": data, **changes}


def with_value(name: str, value: object) -> JSON:
    data = {field: {"value": value if field == name else VALUES[field]} for field in VALUES}
    return message(data=data)


def test_three_messages_are_granted_to_a_demo_person(sandbox: Sandbox) -> None:
    answers = [sandbox.post(SEND, **message()) for _ in range(4)]
    assert [answer["errcode"] for answer in answers] == [0, 0, 0, 43101]
    state = sandbox.state()
    assert [sent["msgid"] for sent in state["sent"]] == [a["msgid"] for a in answers[:3]]
    assert state["sent"][0]["data"]["phrase2"]["value"] == "已接收"
    assert state["subs"][MEMBER][TEMPLATE] == 0


def test_a_grant_allows_so_many_messages(sandbox: Sandbox) -> None:
    sandbox.ctl("grant", openid="o-1", template_id=TEMPLATE, n=2)
    codes = [sandbox.post(SEND, **message(touser="o-1"))["errcode"] for _ in range(3)]
    assert codes == [0, 0, 43101]


@pytest.mark.parametrize(
    ("change", "errcode"),
    [
        ({"touser": "nobody"}, 40003),
        ({"template_id": "TPL-OTHER"}, 40037),
        ({"page": "/pages/index"}, 41030),
        ({"miniprogram_state": "release"}, 40097),
        ({"lang": "zh"}, 40097),
        ({"data": {}}, 47003),
        ({"touser": 7}, 47001),
    ],
)
def test_a_wrong_message_is_refused_and_costs_nothing(
    sandbox: Sandbox, change: JSON, errcode: int
) -> None:
    assert sandbox.post(SEND, **message(**change))["errcode"] == errcode
    assert sandbox.state()["sent"] == []
    assert sandbox.state()["subs"][MEMBER][TEMPLATE] == 3


def test_a_page_must_be_in_the_released_version(sandbox: Sandbox) -> None:
    sandbox.ctl("set", pages=["pages/index"])
    assert sandbox.post(SEND, **message(page="pages/index?id=1"))["errcode"] == 0
    assert sandbox.post(SEND, **message(page="pages/other"))["errcode"] == 41030


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("thing1", "长" * 21),
        ("thing1", ""),
        ("thing1", "两\n行"),
        ("thing1", 5),
        ("phrase2", "六个汉字太长"),
        ("phrase2", "OK"),
        ("time3", "2026-11-23"),
        ("time3", "25:00"),
    ],
)
def test_a_value_of_the_wrong_form_is_named(sandbox: Sandbox, name: str, value: object) -> None:
    answer = sandbox.post(SEND, **with_value(name, value))
    assert answer["errcode"] == 47003
    assert f"data.{name}.value" in answer["errmsg"]


FORMS = [
    ("thing1", "二十个字以内，可有标点　和空格", "长" * 21),
    ("number1", "-12.5", "十二"),
    ("letter1", "abc", "a1"),
    ("symbol1", "*#", "ab"),
    ("character_string1", "A-1/2", "编号"),
    ("time1", "2026年11月23日 15:01~16:00", "2026年11月23日"),
    ("date1", "2026年11月23日", "11月"),
    ("amount1", "¥100.5", "一百"),
    ("phone_number1", "+86-0898-100", "电话"),
    ("car_number1", "琼A12345", "琼A12345678"),
    ("name1", "张三", "很长很长很长很长很长的"),
    ("phrase1", "通过", "通过!"),
]


@pytest.mark.parametrize(("name", "good", "bad"), FORMS)
def test_every_type_of_field_has_its_form(sandbox: Sandbox, name: str, good: str, bad: str) -> None:
    sandbox.ctl("set", templates={"T": [name]})
    sandbox.ctl("grant", openid=MEMBER, template_id="T")
    wrong = message(template_id="T", data={name: {"value": bad}})
    assert sandbox.post(SEND, **wrong)["errcode"] == 47003
    right = message(template_id="T", data={name: {"value": good}})
    assert sandbox.post(SEND, **right)["errcode"] == 0


def test_templates_are_listed(sandbox: Sandbox) -> None:
    listed = sandbox.get("/wxaapi/newtmpl/gettemplate")["data"]
    assert len(listed) == 6
    (template,) = (one for one in listed if one["priTmplId"] == TEMPLATE)
    assert [name in template["content"] for name in VALUES] == [True] * 4


def test_a_sent_message_is_confirmed_by_a_push(sandbox: Sandbox, receiver: Receiver) -> None:
    msgid = sandbox.post(SEND, **message())["msgid"]
    (event,) = receiver.wait_for(1)
    assert (event["Event"], event["FromUserName"]) == ("subscribe_msg_sent_event", MEMBER)
    assert event["List"] == {
        "TemplateId": TEMPLATE,
        "MsgID": str(msgid),
        "ErrorCode": "0",
        "ErrorStatus": "success",
    }


@pytest.mark.parametrize(("accept", "word", "left"), [(True, "accept", 4), (False, "reject", 3)])
def test_a_popup_is_told_and_an_accepted_one_allows_one_more(
    sandbox: Sandbox, receiver: Receiver, accept: bool, word: str, left: int
) -> None:
    sandbox.ctl("set", next_pushes=[{"as_xml": True}])
    sandbox.ctl("popup", openid=MEMBER, template_id=TEMPLATE, accept=accept)
    (event,) = receiver.wait_for(1)
    assert event["SubscribeMsgPopupEvent"]["List"]["SubscribeStatusString"] == word
    assert sandbox.state()["subs"][MEMBER][TEMPLATE] == left


def test_five_replies_follow_a_users_message_within_48_hours(
    sandbox: Sandbox, receiver: Receiver
) -> None:
    reply = {"touser": MEMBER, "msgtype": "text", "text": {"content": "您好。"}}
    assert sandbox.post(REPLY, **reply)["errcode"] == 45015
    sandbox.ctl("user-message", openid=MEMBER, text="请问……")
    assert receiver.wait_for(1)[0]["Content"] == "请问……"
    codes = [sandbox.post(REPLY, **reply)["errcode"] for _ in range(6)]
    assert codes == [0, 0, 0, 0, 0, 45047]
    assert sandbox.state()["sent"][-1] == reply
    sandbox.ctl("user-message", openid=MEMBER, text="还有……")
    sandbox.ctl("skew", seconds=48 * 3600)
    sandbox.access_token = ""
    assert sandbox.post(REPLY, **reply)["errcode"] == 45015


@pytest.mark.parametrize(
    ("change", "errcode"),
    [({"touser": "nobody"}, 40003), ({"msgtype": "song"}, 40008), ({"text": None}, 40008)],
)
def test_a_wrong_reply_is_refused(sandbox: Sandbox, change: JSON, errcode: int) -> None:
    reply = {"touser": MEMBER, "msgtype": "text", "text": {"content": "您好。"}, **change}
    assert sandbox.post(REPLY, **reply)["errcode"] == errcode
