"""Every setting, in one typed place. `docs/settings.md` is printed from here."""

import enum
from functools import cache
from pathlib import Path

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

REAL_WECHAT = "https://api.weixin.qq.com"
PROJECT = Path(__file__).parents[2]
DEFAULT_RULE_PACK = Path(__file__).parents[1] / "duties" / "rulepacks" / "haikou_2019.toml"


class Environment(enum.StrEnum):
    PRODUCTION = "production"
    DEMO = "demo"
    TEST = "test"


class CipherSuite(enum.StrEnum):
    AES_256_GCM = "aes-256-gcm"
    SM4_GCM = "sm4-gcm"


class Settings(BaseSettings):
    """Read from the environment by upper-case name; unknown variables are ignored."""

    model_config = SettingsConfigDict(extra="ignore", frozen=True)

    app_env: Environment = Field(
        Environment.PRODUCTION, description="production, demo (made-up city, sandbox) or test"
    )
    database_url: SecretStr = Field(
        description="PostgreSQL 15 or newer, as the role with the least rights the program needs"
    )
    migration_database_url: SecretStr | None = Field(
        None, description="The same database as its owner, for migrations; default: DATABASE_URL"
    )
    db_pool_size: int = Field(10, ge=1, le=100, description="Database connections a process keeps")
    field_keys: SecretStr = Field(
        description="Keys of encrypted columns, `id:base64` of 32 bytes, by comma; first encrypts"
    )
    field_cipher: CipherSuite = Field(
        CipherSuite.AES_256_GCM, description="aes-256-gcm, or sm4-gcm where GM/T is demanded"
    )
    lookup_key: SecretStr = Field(
        description="Base64 of 32 bytes: keyed hash by which a phone number is found"
    )
    wechat_appid: str = Field(description="AppID of the mini-program")
    wechat_secret: SecretStr = Field(description="AppSecret of the mini-program")
    wechat_api_base: str = Field(
        "", description="Empty: WeChat itself. Else the stand-in's address; never in production"
    )
    wechat_deadline_seconds: float = Field(
        5, gt=0, le=30, description="Total time one operation may spend with WeChat"
    )
    wechat_concurrency: int = Field(
        4, ge=1, le=64, description="Calls to WeChat at once in a process; beyond that 503"
    )
    wechat_template_registration_result: str = Field(
        "", description="Template id of the message after acceptance or return; empty: none sent"
    )
    city_code: str = Field(
        "460100", pattern=r"^\d{6}$", description="Division code of the city this serves"
    )
    rule_pack: Path = Field(
        DEFAULT_RULE_PACK, description="Rule pack of the duty ledger (TOML)", validate_default=True
    )
    h5_folder: Path = Field(
        PROJECT / "miniprogram" / "dist" / "build" / "h5",
        description="The member app's browser build, served at /m/; nothing there: no app",
    )
    operator_name: str = Field(
        "", description="Who runs this installation; shown on the about page"
    )
    filing_number: str = Field("", description="Filing number of the app; shown on the about page")
    complaints_contact: str = Field(
        "", description="Where to complain, one line; shown on the about page"
    )
    worker_concurrency: int = Field(4, ge=1, le=64, description="Jobs a worker runs at once")
    job_stalled_seconds: int = Field(
        30, ge=1, description="Silence after which a worker counts as dead and its jobs go on"
    )
    log_level: str = Field(
        "INFO", pattern="^(DEBUG|INFO|WARNING|ERROR)$", description="DEBUG, INFO, WARNING, ERROR"
    )

    @field_validator("rule_pack")
    @classmethod
    def _rule_pack_exists(cls, value: Path) -> Path:
        if not value.is_file():
            raise ValueError("no such file")
        return value

    @model_validator(mode="after")
    def _production_talks_to_wechat_itself(self) -> "Settings":
        if self.app_env is Environment.PRODUCTION and self.wechat_api_base:
            raise ValueError("WECHAT_API_BASE must be empty when APP_ENV is production")
        return self

    @property
    def is_demo(self) -> bool:
        return self.app_env is Environment.DEMO

    def template_id(self, name: str) -> str:
        """Return WeChat's id of a message template by our name of it; empty: not configured."""
        return str(getattr(self, f"wechat_template_{name}"))

    @property
    def template_ids(self) -> list[str]:
        """WeChat's ids of the message templates that are configured."""
        names = (name for name in type(self).model_fields if name.startswith("wechat_template_"))
        return [id_ for name in names if (id_ := str(getattr(self, name)))]

    @property
    def owner_url(self) -> str:
        """The URL migrations use."""
        return (self.migration_database_url or self.database_url).get_secret_value()


class SettingsError(SystemExit):
    """A setting is missing or wrong: the program does not start, and says which (never a value)."""


@cache
def load() -> Settings:
    """Return the process's settings; raises SettingsError naming each variable that is wrong."""
    try:
        return Settings()  # type: ignore[call-arg]  # values come from the environment
    except ValidationError as error:
        problems = (
            f"{'.'.join(map(str, e['loc'])).upper() or 'settings'}: {e['msg']}"
            for e in error.errors(include_input=False, include_url=False)
        )
        raise SettingsError("cannot start:\n  " + "\n  ".join(problems)) from None
