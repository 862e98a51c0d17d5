"""Promises about the whole code base that no single feature can keep."""

import ast
import os
import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest
from openapi_spec_validator import validate

from backend.core.db import Base
from miniprogram_api.app import MiniProgramApi
from miniprogram_api.auth import BEFORE_CONSENT, PUBLIC_ENDPOINTS
from miniprogram_api.http import ChangesIn, OneIn, Schema
from tests.factories import Make
from tests.http_client import ApiClient


def test_the_openapi_document_is_valid(app: MiniProgramApi) -> None:
    document = app.test_client().get("/api/v1/openapi.json").json

    assert document is not None
    assert document["openapi"] == "3.1.0"
    validate(document)


def test_every_other_endpoint_needs_somebody_signed_in(app: MiniProgramApi) -> None:
    seen = 0
    for path, method in operations(app):
        answer = app.test_client().open(path, method=method, json={})
        assert answer.status_code == 401, (path, method)
        seen += 1
    assert seen > 40


def test_before_consent_nothing_else_answers(
    app: MiniProgramApi, client: ApiClient, make: Make, published_notice: str
) -> None:
    assert published_notice
    actor = make.actor(make.member())
    for path, method in operations(app, leave_out=BEFORE_CONSENT):
        answer = client.request(
            method, path.removeprefix("/api/v1"), as_=actor, json={}, expect=403
        )
        assert answer["code"] == "consent_required", (path, method)


def operations(
    app: MiniProgramApi, leave_out: frozenset[str] = frozenset()
) -> list[tuple[str, str]]:
    urls = app.url_map.bind("localhost")
    return [
        (urls.build(rule.endpoint, dict.fromkeys(rule.arguments, 1)), method)
        for rule in app.url_map.iter_rules()
        if rule.endpoint not in PUBLIC_ENDPOINTS | leave_out
        for method in sorted((rule.methods or set()) - {"OPTIONS", "HEAD"})
    ]


def test_the_production_entry_point_maps_every_model_and_can_be_forked(root: Path) -> None:
    """The suite imports more than `wsgi` does, so look from a fresh interpreter. What gunicorn
    loads before it forks must have no threads: they would be missing afterwards."""
    script = (
        "import psutil, wsgi; from backend.core.db import Base;"
        "print(len(Base.metadata.sorted_tables), psutil.Process().num_threads())"
    )
    bucket = {
        "ATTACHMENT_STORE": "s3://files",
        "ATTACHMENT_S3_ENDPOINT": "http://127.0.0.1:9",
        "ATTACHMENT_S3_ACCESS_KEY": "key",
        "ATTACHMENT_S3_SECRET_KEY": "secret",
    }
    run = _python(root, script, {"APP_ENV": "demo", **bucket})

    assert run.returncode == 0, run.stderr
    assert run.stdout.split() == [str(len(Base.metadata.tables)), "1"]


def test_production_refuses_the_stand_in_for_wechat(root: Path) -> None:
    run = _python(
        root,
        "import wsgi",
        {"APP_ENV": "production", "WECHAT_API_BASE": "http://127.0.0.1:8081"},
    )

    assert run.returncode != 0
    assert "WECHAT_API_BASE must be empty" in run.stderr


def test_a_missing_setting_is_named_and_no_value_is_shown(root: Path) -> None:
    run = _python(root, "import wsgi", {"LOOKUP_KEY": None, "CITY_CODE": "not-a-code-4711"})

    assert run.returncode != 0
    assert "LOOKUP_KEY" in run.stderr
    assert "CITY_CODE" in run.stderr
    assert "4711" not in run.stderr
    assert "Traceback" not in run.stderr


def _python(
    root: Path, script: str, changed: dict[str, str | None]
) -> subprocess.CompletedProcess[str]:
    key = "k1:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
    values: dict[str, str | None] = {
        "DATABASE_URL": "postgresql://app@/nowhere",
        "FIELD_KEYS": key,
        "LOOKUP_KEY": key[3:],
        "WECHAT_APPID": "wx0000000000test01",
        "WECHAT_SECRET": "secret",
    }
    given = {name: value for name, value in (values | changed).items() if value is not None}
    kept = {name: value for name, value in os.environ.items() if name not in values}
    return subprocess.run(
        [sys.executable, "-c", script], env=kept | given, cwd=root, capture_output=True, text=True
    )


SOURCES = ("backend", "miniprogram_api", "wechat_sandbox", "launcher", "tests")


def sources(root: Path) -> list[Path]:
    return [file for folder in SOURCES for file in (root / folder).rglob("*.py")]


def test_files_and_functions_stay_small(root: Path) -> None:
    for file in sources(root):
        text = file.read_text(encoding="utf-8")
        assert text.count("\n") <= 400, file
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef):
                assert (node.end_lineno or 0) - node.lineno < 40, f"{file}: {node.name}"


# Words before which a reader does not know yet what is done, besides "returns" and all plurals.
NOT_A_VERB = re.compile(
    r"A|After|All|An|Another|Any(body|one)?|As|At|Before|Both|By|Each|Either|Every(body|one)?|For"
    r"|From|How|If|In|It|Neither|Never|No(body|ne|thing)?|Of|On|Once|One|Only|Some(body|one)?|That"
    r"|The|Their|There|They|This|Those|To|Twice|Until|What(ever)?|When(ever)?|Where(ver)?|Whether"
    r"|Which(ever)?|While|Who(ever|se)?|Why|With(in|out)?|[^A-Z].*|.+[^a-z].*|.*[^s]s"
)


def test_docstrings_begin_with_a_verb(root: Path) -> None:
    seen = 0
    for file in sources(root):
        if file.is_relative_to(root / "tests"):
            continue
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef) and _is_called(node):
                said = ast.get_docstring(node)
                if said is None:
                    continue
                first = said.split()[0].rstrip(",:.;")
                assert not NOT_A_VERB.fullmatch(first), f"{file}: {node.name}: {first}"
                seen += 1
    assert seen > 1000


def _is_called(function: ast.FunctionDef) -> bool:
    """Return whether it is public and no property, which is named after what it is."""
    decorators = [ast.unparse(one) for one in function.decorator_list]
    return not function.name.startswith("_") and not any("property" in one for one in decorators)


def test_package_files_are_empty(root: Path) -> None:
    for file in sources(root):
        assert file.name != "__init__.py" or not file.read_text(), file


CAPABILITIES = (
    "community/registrations",
    "community/unit_registrations",
    "community/volunteering",
    "community/claims",
    "branch_life/meetings",
)


@pytest.mark.parametrize("capability", CAPABILITIES)
def test_capabilities_have_the_same_files(root: Path, capability: str) -> None:
    wanted = {"models", "service", "policy", "queries", "evidence", "news", "kinds"}

    files = {file.stem for file in (root / "backend" / capability).glob("*.py")}
    assert wanted <= files
    assert files & {"flow", "states"}, "its life is declared"
    http = {file.stem for file in (root / "miniprogram_api" / capability).glob("*.py")}
    assert {"routes", "schemas"} <= http


def test_a_body_reaches_a_service_as_one_object(root: Path) -> None:
    seen = 0
    for file in (root / "miniprogram_api").rglob("routes.py"):
        module = import_module(".".join(file.relative_to(root).with_suffix("").parts))
        for view in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(view, ast.FunctionDef) and (name := _body_of(view)):
                assert _becomes_one(getattr(module, name)), f"{file}: {name}"
                assert view.args.args[0].arg not in _spread(view), f"{file}: {view.name}"
                seen += 1
    assert seen > 50


def _body_of(view: ast.FunctionDef) -> str | None:
    """Return the name of the schema of a route's body; what a query asks is told one by one."""
    for one in view.decorator_list:
        if isinstance(one, ast.Call) and ast.unparse(one.func).endswith(".arguments"):
            return None if one.keywords else ast.unparse(one.args[0])
    return None


def _becomes_one(schema: type[Schema]) -> bool:
    if issubclass(schema, OneIn):
        return len(schema._declared_fields) == 1
    made = getattr(schema.makes, "__dataclass_params__", None)
    by_hand = "build" in vars(schema)
    return by_hand or issubclass(schema, ChangesIn) or (made is not None and made.frozen)


def _spread(view: ast.FunctionDef) -> set[str]:
    """Return what a view hands on piece by piece."""
    calls = [node for node in ast.walk(view) if isinstance(node, ast.Call)]
    return {ast.unparse(one.value) for call in calls for one in call.keywords if one.arg is None}


def test_what_is_owed_to_the_ledger_is_said_in_one_file_a_capability(root: Path) -> None:
    says = re.compile(r"from backend\.ledger\.service import .*\b(Entry|Source)\b")
    files = [
        file
        for file in (root / "backend").rglob("*.py")
        if says.search(file.read_text(encoding="utf-8")) and file.parent.name != "ledger"
    ]
    assert len(files) > 5
    assert {file.name for file in files} == {"evidence.py"}, files


def test_only_the_boundary_commits(root: Path) -> None:
    for file in (root / "backend").rglob("*.py"):
        commits = re.search(r"\.commit\(\)", file.read_text(encoding="utf-8"))
        assert not commits or file.name == "db.py", file


def test_the_api_page_loads_nothing_from_another_host(app: MiniProgramApi) -> None:
    page = app.test_client().get("/api/docs/")
    text = page.get_data(as_text=True)

    assert page.status_code == 200
    assert not re.findall(r'(?:src|href)="(?!/)', text)
    assert "default-src 'self'" in page.headers["Content-Security-Policy"]
    for asset in re.findall(r'(?:src|href)="(/[^"]+)"', text):
        with app.test_client().get(asset) as answer:
            assert answer.status_code == 200, asset
