"""Refusing the weekly mail from the mail itself, without signing in: a signed address that does that and nothing else.

A mail program posts to it by itself when its reader presses 'unsubscribe' (RFC 8058); in a browser it shows one button,
since programs that check links for viruses open every one of them.
"""

import uuid

from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer

from app import tenancy
from app.database import db, transaction
from app.security.models import Network
from playbook.exchange import digest


class NoSuchMailError(Exception):
    """The address is not one of ours, or its network is gone."""


def token(user_id: int) -> str:
    """What the address for this person, in the acting network, ends with."""
    made = _serializer().dumps([tenancy.current_network_id().hex, user_id])
    return made if isinstance(made, str) else made.decode()


def network_of(text: str) -> Network:
    """The network whose mail a token is of. Raises NoSuchMailError."""
    network_id, _user_id = _read(text)
    network = db.session.get(Network, network_id)
    if network is None:
        raise NoSuchMailError
    return network


def refuse(text: str) -> None:
    """Send the person of this token no weekly mail any more; twice is no error. Raises NoSuchMailError."""
    _network, (network_id, user_id) = network_of(text), _read(text)
    before, session = tenancy.current(), db.session()
    with transaction():
        tenancy.enter(tenancy.Context(user_id=user_id, network_id=network_id), session)
        try:
            digest.choose(user_id, wants=False)
            session.flush()
        finally:
            tenancy.enter(before, session)


def _read(text: str) -> tuple[uuid.UUID, int]:
    try:
        network, user_id = _serializer().loads(text)
        return uuid.UUID(network), int(user_id)
    except (BadSignature, ValueError, TypeError) as error:
        raise NoSuchMailError from error


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt="weekly mail")
