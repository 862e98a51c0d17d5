"""Mini-program codes, links into it, and WeChat's bookkeeping."""

import json
import time

import pytest

from tests.wechat_sandbox.program import APPID, JSON, Sandbox

CODE = "/wxa/getwxacodeunlimit"
URL_LINK, SCHEME = "/wxa/generate_urllink", "/wxa/generatescheme"
QUOTA, RID, CLEAR = "/cgi-bin/openapi/quota/get", "/cgi-bin/openapi/rid/get", "/cgi-bin/clear_quota"


def test_a_code_is_a_jpeg_that_says_what_it_opens(sandbox: Sandbox) -> None:
    params = {"access_token": sandbox.stable_token()["access_token"]}
    asked = {"scene": "c=12&k=a", "page": "pages/index", "env_version": "trial"}
    response = sandbox.raw("POST", CODE, params=params, json=asked)
    image = response.content
    assert response.headers["Content-Type"] == "image/jpeg"
    assert (image[:4], image[-2:]) == (b"\xff\xd8\xff\xfe", b"\xff\xd9")
    length = int.from_bytes(image[4:6], "big")
    assert json.loads(image[6 : 4 + length]) == asked | {"width": 430}
    assert image[4 + length : 6 + length] == b"\xff\xe0"


@pytest.mark.parametrize(
    ("asked", "errcode"),
    [
        ({}, 40169),
        ({"scene": "x" * 33}, 40169),
        ({"scene": "a%20b"}, 40129),
        ({"scene": "社区"}, 40129),
        ({"scene": "a\n"}, 40129),
        ({"scene": 7}, 47001),
        ({"scene": "a", "width": 200}, 40097),
        ({"scene": "a", "width": "430"}, 40097),
        ({"scene": "a", "env_version": "formal"}, 40097),
        ({"scene": "a", "page": "/pages/index"}, 41030),
        ({"scene": "a", "page": "pages/index?a=1"}, 41030),
    ],
)
def test_a_wrong_code_is_refused_in_json(sandbox: Sandbox, asked: JSON, errcode: int) -> None:
    assert sandbox.post(CODE, **asked)["errcode"] == errcode


def test_a_code_to_an_unreleased_page_needs_check_path_off(sandbox: Sandbox) -> None:
    sandbox.ctl("set", pages=["pages/index"])
    asked: JSON = {"scene": "a", "page": "pages/new"}
    assert sandbox.post(CODE, **asked)["errcode"] == 41030
    params = {"access_token": sandbox.access_token}
    response = sandbox.raw("POST", CODE, params=params, json=asked | {"check_path": False})
    assert response.content.startswith(b"\xff\xd8")


def test_links_are_given(sandbox: Sandbox) -> None:
    in_a_week = int(time.time()) + 7 * 86400
    link = sandbox.post(URL_LINK, path="pages/index", query="a=1", expire_time=in_a_week)
    assert link["url_link"].startswith("https://wxaurl.cn/")
    scheme = sandbox.post(SCHEME, jump_wxa={"path": "/pages/a"}, expire_type=1, expire_interval=30)
    assert scheme["openlink"].startswith("weixin://dl/business/?t=")


@pytest.mark.parametrize(
    ("asked", "errcode"),
    [
        ({"query": "x" * 1025}, 40212),
        ({"path": "pages/index?a=1"}, 40165),
        ({"env_version": "formal"}, 40097),
        ({"query": ["a"]}, 47001),
    ],
)
def test_a_link_to_a_wrong_place_is_refused(sandbox: Sandbox, asked: JSON, errcode: int) -> None:
    assert sandbox.post(URL_LINK, **asked)["errcode"] == errcode
    assert sandbox.post(SCHEME, jump_wxa=asked)["errcode"] == errcode


@pytest.mark.parametrize(
    ("asked", "errcode"),
    [
        ({"expire_type": 1, "expire_interval": 31}, 85401),
        ({"expire_type": 1}, 85401),
        ({"expire_type": 1, "expire_interval": "x"}, 85401),
        ({"expire_time": 1}, 85401),
        ({"expire_time": "tomorrow"}, 85401),
        ({"expire_type": 2}, 40097),
    ],
)
@pytest.mark.parametrize("path", [URL_LINK, SCHEME])
def test_a_link_ends_within_thirty_days(
    sandbox: Sandbox, path: str, asked: JSON, errcode: int
) -> None:
    assert sandbox.post(path, **asked)["errcode"] == errcode


def test_a_spent_quota_is_45009_until_it_is_cleared(sandbox: Sandbox) -> None:
    sandbox.ctl("set", quotas={"/wxa/generate_urllink": 2})
    assert [sandbox.post(URL_LINK)["errcode"] for _ in range(3)] == [0, 0, 45009]
    figures = sandbox.post(QUOTA, cgi_path=URL_LINK)["quota"]
    assert figures == {"daily_limit": 2, "used": 3, "remain": 0}
    assert sandbox.post(CLEAR, appid=APPID)["errcode"] == 0
    assert sandbox.post(URL_LINK)["errcode"] == 0
    assert sandbox.state()["calls"]["wxa/generate_urllink"] == 4


def test_the_quota_of_an_unknown_path_is_refused(sandbox: Sandbox) -> None:
    assert sandbox.post(QUOTA, cgi_path="wxa/generate_urllink")["errcode"] == 76021
    assert sandbox.post(QUOTA, cgi_path="/_ctl/state")["errcode"] == 76021


def test_counters_are_cleared_ten_times_a_month(sandbox: Sandbox) -> None:
    assert sandbox.post(CLEAR, appid="wx1")["errcode"] == 40013
    codes = [sandbox.post(CLEAR, appid=APPID)["errcode"] for _ in range(11)]
    assert codes == [0] * 10 + [48006]


def test_a_rid_explains_an_error_for_seven_days(sandbox: Sandbox) -> None:
    refused = sandbox.post(CODE)["errmsg"]
    rid = refused.split("rid: ")[1]
    request = sandbox.post(RID, rid=rid)["request"]
    assert request["request_url"] == CODE
    assert json.loads(request["response_body"]) == {"errcode": 40169, "errmsg": refused}
    sandbox.ctl("skew", seconds=7 * 86400 + 1)
    sandbox.access_token = ""
    assert sandbox.post(RID, rid=rid)["errcode"] == 76001


def test_a_rid_of_a_login_is_not_explained(sandbox: Sandbox) -> None:
    rid = sandbox.login("never-minted")["errmsg"].split("rid: ")[1]
    assert sandbox.post(RID, rid=rid)["errcode"] == 76022
