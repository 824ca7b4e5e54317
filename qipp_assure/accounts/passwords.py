"""Passwords: which are good enough, and how they are kept and compared (Argon2id)."""

from __future__ import annotations

import hashlib
import secrets

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from qipp_assure.vocabulary import Refused

MIN_LENGTH = 12
MAX_LENGTH = 256

# 19 MiB, two passes, one lane: the least that OWASP's password storage cheat sheet asks for.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)

# Long enough to pass the length rule and still among the first that anybody tries; compared
# without case, spaces and punctuation.
_COMMON = frozenset(
    [
        "password1234",
        "passwordpassword",
        "password12345",
        "password123456",
        "123456789012",
        "1234567890123",
        "12345678901234567890",
        "qwertyuiopas",
        "qwertyuiop123",
        "qwertyqwerty",
        "qwerty123456",
        "1q2w3e4r5t6y",
        "letmeinletmein",
        "iloveyou1234",
        "welcome12345",
        "welcome123456",
        "administrator",
        "administrator1",
        "changeme1234",
        "changemeplease",
        "adminadmin12",
        "abcdefghijkl",
        "abcd12345678",
        "111111111111",
        "000000000000",
        "correcthorsebatterystaple",
        "trustno1trustno1",
        "nhspassword1",
        "nhspassword12",
        "department123",
        "qippqippqipp",
        "qippassure12",
        "qippassure123",
        "september2011",
        "november2026",
    ]
)


class WeakPassword(Refused):
    """The password is too easy to guess; the message says why."""


def check_strength(password: str, email: str, name: str) -> None:
    """Refuse a password that is short, long beyond use, common, or the person's own name.

    Raises:
        WeakPassword: with what would be right.
    """
    if len(password) < MIN_LENGTH:
        raise WeakPassword(f"Use at least {MIN_LENGTH} characters; a few words do well.")
    if len(password) > MAX_LENGTH:
        raise WeakPassword(f"Use at most {MAX_LENGTH} characters.")
    bare = _bare(password)
    if bare in {_bare(email), _bare(email.partition("@")[0]), _bare(name)}:
        raise WeakPassword("Do not use your e-mail address or your name as your password.")
    if bare in _COMMON or len(set(bare)) < MIN_LENGTH // 3:
        raise WeakPassword("That password is one of the first that anybody would try.")


def hash_password(password: str) -> str:
    """Return the Argon2id hash of a password, with its parameters and salt."""
    return _HASHER.hash(_encoded(password))


def matches(password: str, password_hash: str | None) -> bool:
    """Tell whether a password is the one that was hashed.

    Without a hash (nobody of that address, or no password set yet) as much work is done as with
    one, so that the time taken does not tell who has an account.
    """
    try:
        _HASHER.verify(password_hash or _NOBODYS, _encoded(password))
    except (VerificationError, InvalidHashError):
        return False
    return password_hash is not None


def new_token() -> str:
    """Return a random one-time token, fit for an address."""
    return secrets.token_urlsafe(32)


def token_digest(token: str) -> str:
    """Return what is kept of a token: its SHA-256."""
    return hashlib.sha256(_encoded(token)).hexdigest()


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _bare(text: str) -> str:
    return "".join(letter for letter in text.lower() if letter.isalnum())


_NOBODYS = hash_password(secrets.token_urlsafe(32))
