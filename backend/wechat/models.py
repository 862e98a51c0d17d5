"""The access token all processes share."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from backend.core.db import Base, Timestamped


class WechatToken(Timestamped, Base):
    """The stable token of one mini-program, encrypted; whoever renews it locks the row."""

    __tablename__ = "wechat_token"

    appid: Mapped[str] = mapped_column(primary_key=True)
    token_encrypted: Mapped[str | None]
    expires_at: Mapped[datetime | None]
