"""Every setting, in one typed place. `docs/settings.md` is printed from here."""

import enum
import re
from functools import cache
from ipaddress import ip_network
from pathlib import Path

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

# An id, and where the account's template names its fields otherwise those, in our order:
# `abc` or `abc:thing4,phrase1,time2,thing7`.
TEMPLATE = r"^([A-Za-z0-9_-]+(:[a-z_]+[0-9]+(,[a-z_]+[0-9]+)*)?)?$"
REAL_WECHAT = "https://api.weixin.qq.com"
PROJECT = Path(__file__).parents[2]
DEFAULT_RULE_PACK = Path(__file__).parents[1] / "ledger" / "rulepacks" / "haikou_2019.toml"
# Comes with the app's npm packages (docs/adr/0012).
SONG = PROJECT / "miniprogram" / "node_modules" / "@expo-google-fonts" / "noto-serif-sc"


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
    wechat_push_token: SecretStr = Field(
        SecretStr(""),
        description="Token of WeChat's message push; empty: /wechat/push is not there",
    )
    wechat_push_aes_key: SecretStr = Field(
        SecretStr(""), description="EncodingAESKey of the message push, 43 letters and digits"
    )
    wechat_template_registration_result: str = Field(
        "", pattern=TEMPLATE, description="After a registration is accepted or returned"
    )
    wechat_template_service_result: str = Field(
        "", pattern=TEMPLATE, description="After a service record is confirmed, returned or voided"
    )
    wechat_template_claim_result: str = Field(
        "", pattern=TEMPLATE, description="After a claim is accepted, declined or completed"
    )
    wechat_template_meeting_reminder: str = Field(
        "", pattern=TEMPLATE, description="Before a meeting, the day before"
    )
    wechat_template_deadline_reminder: str = Field(
        "", pattern=TEMPLATE, description="Before a deadline or the beginning of a project"
    )
    wechat_template_invitation: str = Field(
        "", pattern=TEMPLATE, description="When the community invites to an activity or a project"
    )
    wechat_retry_seconds: int = Field(
        60, ge=1, description="First pause before what did not reach WeChat is tried again; doubles"
    )
    public_base_url: str = Field(
        "",
        pattern=r"^(https?://[^\s/?#]+)?$",
        description="Origin under which people and WeChat reach this API, https in production; "
        "empty: images are checked by people only, papers carry no code to verify them",
    )
    trusted_proxies: str = Field(
        "",
        description="Proxies whose X-Forwarded-For is believed: addresses or networks by comma, "
        "`unix` for a socket; empty: none, so that all behind a proxy count as one client",
    )
    attachment_store: str = Field(
        ".data/attachments",
        min_length=1,
        description="Folder of the attachments (below the project unless absolute) or `s3://bucket`",
    )
    attachment_s3_endpoint: str = Field(
        "", description="Address of the S3-compatible store; empty: Amazon's"
    )
    attachment_s3_region: str = Field("us-east-1", description="Region of the S3 store")
    attachment_s3_access_key: str = Field("", description="Access key of the S3 store")
    attachment_s3_secret_key: SecretStr = Field(
        SecretStr(""), description="Secret key of the S3 store"
    )
    attachment_s3_virtual_host: bool = Field(
        False, description="true: the bucket is part of the host name (OSS, COS), not of the path"
    )
    attachment_deadline_seconds: float = Field(
        5, gt=0, le=60, description="Time one request to the S3 store may take; beyond that 503"
    )
    meeting_hosts: str = Field(
        "meeting.tencent.com,voovmeeting.com,meeting.dingtalk.com,vc.feishu.cn,"
        "meeting.huaweicloud.com,gov.cn",
        pattern=r"^[a-z0-9.-]+(,[a-z0-9.-]+)*$",
        description="Hosts of online meetings, by comma; what lies below one is allowed, too",
    )
    city_code: str = Field(
        "460100", pattern=r"^\d{6}$", description="Division code of the city this serves"
    )
    rule_pack: Path = Field(
        DEFAULT_RULE_PACK, description="Rule pack of the duty ledger (TOML)", validate_default=True
    )
    rule_pack_overlay: Path | None = Field(
        None, description="What this installation lays over the rule pack (TOML); empty: nothing"
    )
    h5_folder: Path = Field(
        PROJECT / "miniprogram" / "dist" / "build" / "h5",
        description="The member app's browser build, served at /m/; nothing there: no app",
    )
    console_folder: Path = Field(
        PROJECT / "console" / "dist",
        description="The desktop console as built, served at /console/; nothing there: no console",
    )
    document_font: Path = Field(
        SONG / "400Regular" / "NotoSerifSC_400Regular.ttf",
        description="Chinese TrueType font of receipts and certificates",
    )
    document_font_bold: Path = Field(
        SONG / "700Bold" / "NotoSerifSC_700Bold.ttf",
        description="The same in bold, for titles",
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
    clock_offset_seconds: int = Field(
        0, description="Moves the clock, for rehearsals; never in production"
    )
    log_level: str = Field(
        "INFO", pattern="^(DEBUG|INFO|WARNING|ERROR)$", description="DEBUG, INFO, WARNING, ERROR"
    )

    @field_validator("rule_pack", "rule_pack_overlay")
    @classmethod
    def _rule_pack_exists(cls, value: Path | None) -> Path | None:
        if value is not None and not value.is_file():
            raise ValueError("no such file")
        return value

    @field_validator("trusted_proxies")
    @classmethod
    def _proxies_are_networks(cls, value: str) -> str:
        named = value.replace(" ", "").split(",")
        for one in named:
            if one not in ("", "unix"):
                ip_network(one, strict=False)
        return ",".join(named)

    @model_validator(mode="after")
    def _production_talks_to_wechat_itself(self) -> "Settings":
        if self.app_env is Environment.PRODUCTION and self.wechat_api_base:
            raise ValueError("WECHAT_API_BASE must be empty when APP_ENV is production")
        return self

    @model_validator(mode="after")
    def _production_lives_in_the_present(self) -> "Settings":
        if self.app_env is Environment.PRODUCTION and self.clock_offset_seconds:
            raise ValueError("CLOCK_OFFSET_SECONDS must be 0 when APP_ENV is production")
        return self

    @model_validator(mode="after")
    def _pushes_are_encrypted(self) -> "Settings":
        token, key = self.wechat_push_token, self.wechat_push_aes_key
        if bool(token.get_secret_value()) != bool(key.get_secret_value()):
            raise ValueError("WECHAT_PUSH_TOKEN and WECHAT_PUSH_AES_KEY belong together")
        return self

    @field_validator("wechat_push_aes_key")
    @classmethod
    def _push_key_is_one(cls, value: SecretStr) -> SecretStr:
        if not re.fullmatch(r"([A-Za-z0-9]{43})?", value.get_secret_value()):
            raise ValueError("an EncodingAESKey has 43 letters and digits")
        return value

    @model_validator(mode="after")
    def _production_is_reached_by_https(self) -> "Settings":
        if self.app_env is Environment.PRODUCTION and self.public_base_url.startswith("http:"):
            raise ValueError("PUBLIC_BASE_URL must be https when APP_ENV is production")
        return self

    @model_validator(mode="after")
    def _s3_comes_with_its_keys(self) -> "Settings":
        keys = (self.attachment_s3_access_key, self.attachment_s3_secret_key.get_secret_value())
        if self.attachment_store.startswith("s3:") and not all(keys):
            raise ValueError("ATTACHMENT_STORE s3:// needs ATTACHMENT_S3_ACCESS_KEY, _SECRET_KEY")
        return self

    @property
    def is_demo(self) -> bool:
        return self.app_env is Environment.DEMO

    @property
    def meeting_platforms(self) -> tuple[str, ...]:
        """The hosts of MEETING_HOSTS; outside production made-up addresses besides."""
        made_up = () if self.app_env is Environment.PRODUCTION else ("example.cn", "example.com")
        return (*self.meeting_hosts.split(","), *made_up)

    def template(self, name: str) -> tuple[str, tuple[str, ...]]:
        """Return WeChat's id of a message template by our name of it, and the fields given with it.

        An empty id: not configured. No fields: the ones the product itself names.
        """
        template_id, _, fields = str(getattr(self, f"wechat_template_{name}")).partition(":")
        return template_id, tuple(filter(None, fields.split(",")))

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
