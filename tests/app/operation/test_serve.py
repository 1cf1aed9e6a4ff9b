"""Serving: what the log may tell, and that ports and dead servers are handled before they hurt."""

import json
import os
import socket
import threading

import pytest

from app.cli import Failure
from app.operation import embedded
from app.operation.serve import discreet, require_free_port


@pytest.mark.parametrize(
    ("path", "logged"),
    [
        ("/dossiers/01997a3e-2c1f-7aaa-8bbb-123456789abc/", "/dossiers/01997a3e-2c1f-7aaa-8bbb-123456789abc/"),
        ("/wachtwoord/nieuw/TqE9DS4s7dr1AeA-5DVq9DcxbA5v5BfsOOkc6koqUn8/", "/wachtwoord/nieuw/…/"),
        ("/agenda/TqE9DS4s7dr1AeA5DVq9DcxbA5v5BfsO.ics", "/agenda/…"),
        ("/static/bootstrap/bootstrap.bundle.min-5.3.JS", "/static/bootstrap/bootstrap.bundle.min-5.3.JS"),
        ("/dossiers/begeleidingsovereenkomst/", "/dossiers/begeleidingsovereenkomst/"),
    ],
)
def test_a_link_s_secret_is_not_logged(path, logged):
    assert discreet(path) == logged


def test_a_taken_port_is_told_before_anything_starts():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(Failure, match=f"Port {port} can't be used"):
            require_free_port("127.0.0.1", port)
    require_free_port("127.0.0.1", port)


def test_what_a_killed_demo_left_behind_is_forgotten(tmp_path):
    """Process 1 is alive on every system and is no PostgreSQL: a number given anew must not pass for the server."""
    (tmp_path / "postmaster.pid").write_text("1\n/somewhere\n0\n5432\n/somewhere\n\n1 2\nready\n")
    (tmp_path / ".handle_pids.json").write_text(json.dumps([1, os.getpid()]))
    embedded._forget_the_dead(tmp_path)
    assert not (tmp_path / "postmaster.pid").exists()
    assert json.loads((tmp_path / ".handle_pids.json").read_text()) == [os.getpid()]


def test_half_written_files_are_forgotten_too(tmp_path):
    (tmp_path / "postmaster.pid").write_text("")
    (tmp_path / ".handle_pids.json").write_text("[12")
    embedded._forget_the_dead(tmp_path)
    assert not (tmp_path / "postmaster.pid").exists()
    assert json.loads((tmp_path / ".handle_pids.json").read_text()) == []


def test_who_waits_for_a_demo_being_filled_says_so(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(embedded, "PATIENCE", 0.1)
    first, second = threading.Event(), threading.Event()

    def fill():
        with embedded.alone(tmp_path):
            first.set()
            second.wait(10)

    filling = threading.Thread(target=fill)
    filling.start()
    first.wait(10)
    threading.Timer(0.4, second.set).start()
    with embedded.alone(tmp_path):
        filling.join()
    said = capsys.readouterr()
    assert (said.out, "waiting for it" in said.err) == ("", True)
