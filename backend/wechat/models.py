"""The access token all processes share, and the pushes that were heard."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from backend.core import clock
from backend.core.db import Base, Timestamped


class WechatToken(Timestamped, Base):
    """The stable token of one mini-program, encrypted; whoever renews it locks the row."""

    __tablename__ = "wechat_token"

    appid: Mapped[str] = mapped_column(primary_key=True)
    token_encrypted: Mapped[str | None]
    expires_at: Mapped[datetime | None]


class WechatPush(Base):
    """A push that was acted on, by a keyed hash: what comes twice is heard once."""

    __tablename__ = "wechat_push"

    key: Mapped[str] = mapped_column(primary_key=True)
    heard_at: Mapped[datetime] = mapped_column(default=clock.now, index=True)
