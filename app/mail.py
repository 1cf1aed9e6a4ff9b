"""Sending mail: through the server that is set, or into an outbox folder (demo, tests)."""

import smtplib
import ssl
from collections.abc import Mapping
from email.headerregistry import BaseHeader, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import Policy, default
from email.utils import formatdate, make_msgid
from urllib.parse import unquote, urlsplit

from app.config import Settings
from app.identifiers import uuid7


class _OnOneLine(UnstructuredHeader, BaseHeader):
    """An address: a long one would be broken off in encoded words, which mail programs don't read there (RFC 8058)."""

    def fold(self, *, policy: Policy) -> str:
        return f"{self.name}: {self}{policy.linesep}"


_HEADERS = HeaderRegistry()
_HEADERS.map_to_type("List-Unsubscribe", _OnOneLine)
_POLICY = default.clone(header_factory=_HEADERS)


def send(settings: Settings, to: str, subject: str, body: str, headers: Mapping[str, str] | None = None) -> None:
    """Send a plain text mail; headers: more of them. Without a mail server it lands as .eml in the outbox folder.

    Raises OSError or smtplib.SMTPException: the job that sends it is then tried again.
    """
    message = EmailMessage(_POLICY)
    message["From"], message["To"], message["Subject"] = settings.mail_from, to, subject
    message["Date"], message["Message-ID"] = formatdate(), make_msgid(domain="woonvast")
    for name, value in (headers or {}).items():
        message[name] = value
    message.set_content(body)
    if settings.smtp_url is None:
        settings.outbox_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        path = settings.outbox_dir / f"{uuid7()}.eml"
        path.touch(mode=0o600)  # it may hold a link that opens an account
        path.write_bytes(bytes(message))
        return
    _by_server(settings.smtp_url, message)


def _by_server(url: str, message: EmailMessage) -> None:
    """smtp://user:password@host:587 (STARTTLS where offered) or smtps://host:465."""
    parts = urlsplit(url)
    context = ssl.create_default_context()
    host, port = parts.hostname or "localhost", parts.port
    if parts.scheme == "smtps":
        server: smtplib.SMTP = smtplib.SMTP_SSL(host, port or 465, context=context, timeout=30)
    else:
        server = smtplib.SMTP(host, port or 587, timeout=30)
    with server:
        if parts.scheme != "smtps" and server.has_extn("starttls"):
            server.starttls(context=context)
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))
        server.send_message(message)
