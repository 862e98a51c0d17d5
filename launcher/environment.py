"""The environment of the demo city: its own secrets, its own database, the stand-in for WeChat."""

import base64
import os
import secrets
import string
from collections.abc import Mapping
from pathlib import Path

TEMPLATES = {
    f"WECHAT_TEMPLATE_{name.replace('-', '_')}": f"TPL-{name}"
    for name in (
        "REGISTRATION-RESULT",
        "SERVICE-RESULT",
        "CLAIM-RESULT",
        "MEETING-REMINDER",
        "DEADLINE-REMINDER",
        "INVITATION",
    )
}
LETTERS = string.ascii_letters + string.digits


def data_dir() -> Path:
    """Return DATA_DIR, below the project unless it is absolute."""
    return (project() / os.environ.get("DATA_DIR", ".data")).absolute()


def project() -> Path:
    return Path(__file__).parents[1]


def demo(app_url: str, owner_url: str, *, sandbox_port: int = 9) -> dict[str, str]:
    """Return the variables the demo's programs need; what is set already wins."""
    wanted = {
        "DATABASE_URL": app_url,
        "MIGRATION_DATABASE_URL": owner_url,
        "WECHAT_API_BASE": f"http://127.0.0.1:{sandbox_port}",
        **TEMPLATES,
        "FLASK_APP": "wsgi",
        # What the stand-in is told to fetch; it runs on this machine.
        "PUBLIC_BASE_URL": f"http://127.0.0.1:{os.environ.get('PORT') or '8000'}",
        "ATTACHMENT_STORE": str(data_dir() / "attachments"),
        "OPERATOR_NAME": "海口市城市服务示范局（演示）",
        "FILING_NUMBER": "演示环境，未备案",
        "COMPLAINTS_CONTACT": "演示环境不受理投诉",
        **_secrets(data_dir() / "secrets.env"),
    }
    return {**wanted, **os.environ, "APP_ENV": "demo"}


def offline() -> dict[str, str]:
    """Return variables for commands that open no connection at all."""
    nowhere = "postgresql://nobody@/nowhere"
    return {**os.environ, **_new_secrets(), "APP_ENV": "test", "DATABASE_URL": nowhere}


def _secrets(path: Path) -> Mapping[str, str]:
    """Read the demo's secrets, making up what is not there yet."""
    found: dict[str, str] = {}
    if path.exists():
        lines = path.read_text(encoding="utf-8").splitlines()
        found = dict(line.split("=", 1) for line in lines if "=" in line)
    wanted = {**_new_secrets(), **found}
    if wanted != found:
        path.parent.mkdir(parents=True, exist_ok=True)
        building = path.with_suffix(".new")
        building.touch(mode=0o600)
        building.write_text("".join(f"{name}={value}\n" for name, value in wanted.items()))
        building.rename(path)  # never half a file
    return wanted


def _new_secrets() -> dict[str, str]:
    key, lookup = (base64.b64encode(secrets.token_bytes(32)).decode() for _ in range(2))
    return {
        "FIELD_KEYS": f"k1:{key}",
        "LOOKUP_KEY": lookup,
        "WECHAT_APPID": "wx0000000000demo01",
        "WECHAT_SECRET": secrets.token_hex(16),
        "WECHAT_PUSH_TOKEN": secrets.token_hex(12),
        "WECHAT_PUSH_AES_KEY": "".join(secrets.choice(LETTERS) for _ in range(43)),
    }
