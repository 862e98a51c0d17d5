"""Login codes, session keys, phone numbers, and the people of the demo."""

import base64
import hashlib
import hmac

import pytest

from tests.wechat_sandbox.program import JSON, Sandbox, login_params
from wechat_sandbox import demo_people


def test_a_login_code_works_once(sandbox: Sandbox) -> None:
    code = sandbox.ctl("code", openid="o-1")["code"]
    answer = sandbox.login(code)
    assert set(answer) == {"openid", "session_key"}
    assert answer["openid"] == "o-1"
    assert len(base64.b64decode(answer["session_key"])) == 16
    assert sandbox.login(code)["errcode"] == 40163


def test_a_login_code_lasts_five_minutes(sandbox: Sandbox) -> None:
    codes = [sandbox.ctl("code", openid="o-1")["code"] for _ in range(2)]
    sandbox.ctl("skew", seconds=290)
    assert sandbox.login(codes[0])["openid"] == "o-1"
    sandbox.ctl("skew", seconds=11)
    assert sandbox.login(codes[1])["errcode"] == 40029


def test_a_user_may_have_a_unionid(sandbox: Sandbox) -> None:
    code = sandbox.ctl("code", openid="o-1", user={"unionid": "u-1"})["code"]
    assert sandbox.login(code)["unionid"] == "u-1"


def test_a_blocked_user_is_turned_away(sandbox: Sandbox) -> None:
    code = sandbox.ctl("code", openid="o-1", user={"blocked": True})["code"]
    assert sandbox.login(code)["errcode"] == 40226


@pytest.mark.parametrize(
    ("change", "errcode"),
    [
        ({"js_code": "never-minted"}, 40029),
        ({"js_code": ""}, 41008),
        ({"secret": "guess"}, 40125),
        ({"appid": "wx1"}, 40013),
        ({"grant_type": "client_credential"}, 40002),
    ],
)
def test_a_wrong_login_is_refused(sandbox: Sandbox, change: JSON, errcode: int) -> None:
    params = login_params(js_code="demo-member") | change
    answer = sandbox.json("GET", "/sns/jscode2session", params=params)
    assert answer["errcode"] == errcode
    assert "rid: " in answer["errmsg"]


def test_the_demo_codes_work_again_and_again(sandbox: Sandbox) -> None:
    for _ in range(2):
        openids = [sandbox.login(code)["openid"] for code in demo_people.CODES]
        assert openids == [f"sandbox-openid-{code}" for code in demo_people.CODES]
        sandbox.ctl("skew", seconds=90 * 86400)


def test_the_demo_has_these_people() -> None:
    members = ["demo-member", *(f"demo-member-{number}" for number in range(2, 10))]
    others = ["community-secretary", "branch-secretary", "unit-contact", "street-officer"]
    others += ["district-officer", "city-officer", "newcomer", "resident"]
    assert list(demo_people.CODES) == members + [f"demo-{other}" for other in others]


def _signed(key: str) -> str:
    return hmac.new(key.encode(), b"", hashlib.sha256).hexdigest()


def test_a_session_key_signs_as_text_until_the_next_login(sandbox: Sandbox) -> None:
    user = sandbox.login("demo-member")
    asked = {"openid": user["openid"], "sig_method": "hmac_sha256"}
    signature = _signed(user["session_key"])
    assert sandbox.get("/wxa/checksession", signature=signature, **asked)["errcode"] == 0
    sandbox.login("demo-member")
    assert sandbox.get("/wxa/checksession", signature=signature, **asked)["errcode"] == 87009


def test_a_session_key_can_be_replaced(sandbox: Sandbox) -> None:
    user = sandbox.login("demo-member")
    asked = {"openid": user["openid"], "sig_method": "hmac_sha256"}
    signature = _signed(user["session_key"])
    answer = sandbox.get("/wxa/resetusersessionkey", signature=signature, **asked)
    assert answer["session_key"] != user["session_key"]
    again = sandbox.get("/wxa/resetusersessionkey", signature=signature, **asked)
    assert again["errcode"] == 87009


@pytest.mark.parametrize(
    ("openid", "method", "errcode"),
    [
        ("nobody", "hmac_sha256", 40003),
        ("sandbox-openid-demo-member", "md5", 87008),
        ("sandbox-openid-demo-member", "hmac_sha256", 87007),
    ],
)
@pytest.mark.parametrize("path", ["/wxa/checksession", "/wxa/resetusersessionkey"])
def test_a_session_that_is_none_is_refused(
    sandbox: Sandbox, path: str, openid: str, method: str, errcode: int
) -> None:
    answer = sandbox.get(path, openid=openid, sig_method=method, signature="")
    assert answer["errcode"] == errcode


PHONE = "/wxa/business/getuserphonenumber"


def test_a_phone_code_gives_the_number_once(sandbox: Sandbox) -> None:
    code = sandbox.ctl("phone", openid="o-1", phone="10000000099")["code"]
    info = sandbox.post(PHONE, code=code, openid="o-1")["phone_info"]
    assert info["phoneNumber"] == info["purePhoneNumber"] == "10000000099"
    assert info["countryCode"] == "86"
    assert set(info["watermark"]) == {"timestamp", "appid"}
    assert sandbox.post(PHONE, code=code)["errcode"] == 40029


def test_a_number_from_abroad_carries_its_country(sandbox: Sandbox) -> None:
    code = sandbox.ctl("phone", openid="o-1", phone="5550100", country="1")["code"]
    info = sandbox.post(PHONE, code=code)["phone_info"]
    assert (info["phoneNumber"], info["purePhoneNumber"]) == ("+15550100", "5550100")


def test_a_phone_code_of_another_user_is_refused_and_not_spent(sandbox: Sandbox) -> None:
    code = sandbox.ctl("phone", openid="o-1", phone="10000000099")["code"]
    assert sandbox.post(PHONE, code=code, openid="o-2")["errcode"] == 40029
    assert sandbox.post(PHONE, code=code, openid="o-1")["errcode"] == 0


def test_a_phone_code_lasts_five_minutes(sandbox: Sandbox) -> None:
    code = sandbox.ctl("phone", openid="o-1", phone="10000000099")["code"]
    sandbox.ctl("skew", seconds=301)
    assert sandbox.post(PHONE, code=code)["errcode"] == 40029


def test_login_and_phone_codes_are_not_interchangeable(sandbox: Sandbox) -> None:
    phone = sandbox.ctl("phone", openid="o-1", phone="10000000099")["code"]
    login = sandbox.ctl("code", openid="o-1")["code"]
    assert sandbox.login(phone)["errcode"] == 40029
    assert sandbox.post(PHONE, code=login)["errcode"] == 40029


@pytest.mark.parametrize("openid", ["", "sandbox-openid-demo-newcomer", "anybody"])
def test_the_newcomers_phone_code_works_for_whoever_comes(sandbox: Sandbox, openid: str) -> None:
    for _ in range(2):
        answer = sandbox.post(PHONE, code="demo-newcomer-phone", openid=openid)
        assert answer["phone_info"]["purePhoneNumber"] == "10000000012"
        assert answer["phone_info"]["countryCode"] == "86"
