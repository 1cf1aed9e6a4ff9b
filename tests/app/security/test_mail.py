"""Sending mail: to a real server on loopback, or into the outbox."""

import socketserver
import threading
from dataclasses import replace
from email import message_from_bytes, policy

import pytest

from app import mail


class _Conversation(socketserver.StreamRequestHandler):
    """As much of SMTP (RFC 5321) as one mail needs."""

    def handle(self):
        def say(line):
            self.wfile.write(line.encode() + b"\r\n")

        say("220 proef")
        while line := self.rfile.readline().decode().strip():
            self.server.heard.append(line)
            if line.upper() == "DATA":
                say("354 toe maar")
                body = b""
                while (part := self.rfile.readline()) != b".\r\n":
                    body += part
                self.server.mails.append(body)
            if line.upper() == "QUIT":
                say("221 dag")
                return
            say("250 goed")


@pytest.fixture
def server():
    with socketserver.TCPServer(("127.0.0.1", 0), _Conversation) as running:
        running.heard, running.mails = [], []
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield running
        running.shutdown()


def test_a_mail_reaches_the_server(settings, server):
    chosen = replace(settings, smtp_url=f"smtp://127.0.0.1:{server.server_address[1]}")
    mail.send(chosen, "marie@voorbeeld.test", "Een nieuw wachtwoord: hé", "Beste Marie,\n\nDag.\n")
    (received,) = server.mails
    message = message_from_bytes(received, policy=policy.default)
    assert message["Subject"] == "Een nieuw wachtwoord: hé"
    assert message["To"] == "marie@voorbeeld.test"
    assert "Beste Marie," in message.get_content()
    assert any("noreply@localhost" in line for line in server.heard), "the sender"


def test_without_a_server_it_lies_in_the_outbox_readable_for_us_alone(settings, tmp_path):
    chosen = replace(settings, data_dir=tmp_path)
    mail.send(chosen, "marie@voorbeeld.test", "Onderwerp", "Tekst")
    (path,) = chosen.outbox_dir.glob("*.eml")
    assert path.stat().st_mode & 0o077 == 0
    assert message_from_bytes(path.read_bytes(), policy=policy.default).get_content().strip() == "Tekst"


@pytest.mark.parametrize("address", ["marie@voorbeeld.test\nBcc: ander@voorbeeld.test", "a\r\nSubject: x"])
def test_no_header_is_slipped_in_with_an_address(settings, tmp_path, address):
    chosen = replace(settings, data_dir=tmp_path)
    with pytest.raises(ValueError, match="Header"):
        mail.send(chosen, address, "Onderwerp", "Tekst")
    assert not list(chosen.outbox_dir.glob("*.eml"))


def test_a_server_that_is_away_is_an_error_for_the_job_to_try_again(settings):
    with pytest.raises(OSError):  # noqa: PT011 - any of them
        mail.send(replace(settings, smtp_url="smtp://127.0.0.1:9"), "marie@voorbeeld.test", "Onderwerp", "Tekst")
