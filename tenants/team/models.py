"""Who wants no daily mail."""

from datetime import datetime

from flask_appbuilder import Model
from sqlalchemy import DateTime, ForeignKey, Integer
from sqlalchemy.orm import Mapped, mapped_column

from app.security.models import utc_now
from app.tenancy import TenantOwned, unique


class MailOptOut(TenantOwned, Model):
    """A person who wants no daily mail about this organisation's work; who has no row gets it."""

    __tablename__ = "mail_opt_out"
    user_id: Mapped[int] = mapped_column(Integer, ForeignKey("ab_user.id", ondelete="CASCADE"))
    since: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=utc_now)
    __table_args__ = (unique("user_id", name="uq_mail_opt_out_user"),)
