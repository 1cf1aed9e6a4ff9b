"""The pure rules: waiting, passwords, addresses to return to."""

from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.security.rules import neighbourhood, own_path, password_problems, standing

NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
WINDOW = timedelta(minutes=15)
moments = st.integers(0, 3600).map(lambda seconds: NOW - timedelta(seconds=seconds))


@given(st.lists(moments, max_size=12), st.integers(1, 6))
def test_one_waits_exactly_as_long_as_the_window_is_full(failures, most):
    until = standing(failures, most, WINDOW, NOW)
    in_window = [moment for moment in failures if NOW - moment < WINDOW]
    assert (until is None) == (len(in_window) < most)
    if until is not None:
        assert NOW < until <= NOW + WINDOW
        assert standing(failures, most, WINDOW, until) is None, "the moment that was promised"
        assert standing(failures, most, WINDOW, until - timedelta(microseconds=1)) is not None


@given(st.text(max_size=40) | st.from_regex(r"[/\\]{0,3}[a-z:@./\\\t ]{0,20}", fullmatch=True))
def test_a_path_to_return_to_is_on_this_server(target):
    found = own_path(target)
    assert found in (None, target)
    if found is not None:
        as_browser = found.replace("\\", "/")
        parts = urlsplit(as_browser)
        assert (parts.scheme, parts.netloc) == ("", "")
        assert as_browser.startswith("/")
        assert not as_browser.startswith("//")


@pytest.mark.parametrize("target", ["/dossiers/", "/dossiers/?status=open&q=", "/draaiboek/eerste-contact/"])
def test_our_own_pages_are_remembered(target):
    assert own_path(target) == target


@pytest.mark.parametrize(
    ("address", "counts_as"),
    [
        ("193.190.1.7", "193.190.1.7"),
        ("::ffff:193.190.1.7", "193.190.1.7"),
        ("2a02:1810:1234:5600:aaaa:bbbb:cccc:dddd", "2a02:1810:1234:5600::"),
        ("2a02:1810:1234:5600::1", "2a02:1810:1234:5600::"),
        ("2a02:1810:1234:5601::1", "2a02:1810:1234:5601::"),
        ("", ""),
    ],
)
def test_a_line_of_ipv6_counts_as_one_address(address, counts_as):
    assert neighbourhood(address) == counts_as


@pytest.mark.parametrize(
    ("password", "number"),
    [
        ("paraplu onder de brug", 0),
        ("correct paard batterij", 0),
        ("Wachtwoord123", 1),
        ("woonvast2026!", 1),
        ("azerty-qwerty", 1),
        ("wachtwoord met een lange staart", 0),
        ("aaaaaaaaaaaaaa", 1),
        ("kort", 2),
        ("ik ben marie declerck", 1),
        ("x" * 201, 2),
        ("", 2),
    ],
)
def test_all_that_is_wrong_with_a_password_is_told(password, number):
    assert len(password_problems(password, ("Marie", "Declerck", "An"))) == number
