"""What makes a password too easy to guess. Its length is checked where it is typed."""

from __future__ import annotations

import re

_COMMON = frozenset(
    {
        "password",
        "passwrd",
        "pssword",
        "motdepasse",
        "azerty",
        "azertyuiop",
        "qwerty",
        "qwertyuiop",
        "qwertyuiopasdfgh",
        "iloveyou",
        "jetaime",
        "bonjour",
        "welcome",
        "letmein",
        "administrator",
        "administrateur",
        "admin",
        "maroc",
        "morocco",
        "almaghrib",
        "casablanca",
        "rabat",
        "marrakech",
        "agadir",
        "tanger",
        "technopark",
        "multaqa",
        "startup",
        "startups",
        "football",
        "barcelona",
        "realmadrid",
        "raja",
        "wydad",
        "sunshine",
        "princess",
        "abcdefghij",
        "abcdefghijkl",
        "superman",
        "batman",
        "motdepasseazerty",
        "passwordpassword",
    }
)
"""What people write most often when they are asked for a password, without the digits that they put after it."""

_FILLING = re.compile(r"[\W\d_]+")


def weakness(password: str, *, email: str = "", name: str = "") -> str | None:
    """Why a password is too easy to guess: ``digits``, ``repetition``, ``own-name``, ``common``; nothing if it is not.

    Args:
        email: the address of its owner.
        name: the name of its owner.
    """
    folded = password.casefold()
    words = _FILLING.sub("", folded)
    if not words:
        return "digits"
    if len(set(folded)) < 5:
        return "repetition"
    if _is_made_of(folded, email.casefold()) or _is_made_of(words, _FILLING.sub("", name.casefold())):
        return "own-name"
    return "common" if words in _COMMON else None


def _is_made_of(password: str, own: str) -> bool:
    """Whether nothing much is left of a password without something that everybody knows of its owner."""
    parts = {own, own.partition("@")[0]} if own else set()
    return any(len(part) > 3 and part in password and len(password) - len(part) < 6 for part in parts)
