"""Sealing of personal values, and the blind index by which an address is found without being readable.

AES-256-GCM with the table, the column and the row as associated data, so that a value that was swapped into another row
doesn't open. The index is an HMAC under a key of its own, which never lies in the database or its backups.
"""

import base64
import hmac
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from typing import Any, Literal

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy.orm import InstrumentedAttribute

from medvind.errors import MedvindError, NotReadyError
from medvind.model import ChannelName, PublicId

NONCE, KEY = 12, 32
NAMED, INDEX = "MEDVIND_ENCRYPTION_KEYS", "MEDVIND_INDEX_KEY"
CURE = "'medvind keys new' prints a set"
Hashed = Literal["mail", "word", "code", "call", "topic", "erased person", "erased number", "erased inbound", "erased message"]
"""What is hashed beside addresses; the same text under two names gives two hashes."""


class SealError(MedvindError):
    """A sealed value doesn't open in its place: it was changed, swapped, or its key is missing."""


@dataclass(frozen=True, slots=True)
class Keys:
    """Named keys, newest first, and the key of the index. Never printed."""

    named: Mapping[str, bytes] = field(repr=False)
    index: bytes = field(repr=False)

    @classmethod
    def parse(cls, named: str, index: str) -> "Keys":
        """From `id:base64,…` and `base64`. Raises NotReadyError that says what is wrong, without any part of a key."""
        pairs = [pair.strip().partition(":") for pair in named.split(",") if pair.strip()]
        if not pairs or not all(name and mark for name, mark, _ in pairs):
            raise NotReadyError(f"{NAMED}: expected id:base64 with commas between; {CURE}")
        keys = {name: _key(text, f"{NAMED}: key {number}") for number, (name, _, text) in enumerate(pairs, 1)}
        if len(keys) < len(pairs):
            raise NotReadyError(f"{NAMED}: two keys have the same id; give the newer one an id of its own")
        return cls(keys, _key(index, f"{INDEX}: the key"))

    @classmethod
    def new(cls) -> "Keys":
        """A fresh set."""
        return cls({f"k{secrets.token_hex(2)}": secrets.token_bytes(KEY)}, secrets.token_bytes(KEY))

    def texts(self) -> tuple[str, str]:
        """The two settings that stand for these keys; to be shown to the operator once."""
        named = ",".join(f"{name}:{base64.b64encode(key).decode()}" for name, key in self.named.items())
        return named, base64.b64encode(self.index).decode()


def _key(text: str, what: str) -> bytes:
    try:
        key = base64.b64decode(text, validate=True)
    except ValueError:
        key = b""
    if len(key) != KEY:
        raise NotReadyError(f"{what} is not {KEY} bytes in base64; {CURE}")
    return key


class Vault:
    """Seals and opens with one set of keys."""

    def __init__(self, keys: Keys) -> None:
        self._ciphers = {name.encode(): AESGCM(key) for name, key in keys.named.items()}
        self._newest = next(iter(self._ciphers))
        self._index = keys.index

    def seal(self, column: InstrumentedAttribute[Any], row: PublicId, text: str) -> bytes:
        """The value as the database may hold it, good in this column of this row alone."""
        return self.seal_each(column, [(row, text)])[0]

    def seal_each(self, column: InstrumentedAttribute[Any], texts: Sequence[tuple[PublicId, str]]) -> list[bytes]:
        """The values of many rows. Their nonces are asked for at once: each by itself takes as long as its sealing does."""
        nonces, encrypt = secrets.token_bytes(NONCE * len(texts)), self._ciphers[self._newest].encrypt
        return [
            b"%b:%b%b" % (self._newest, nonce, encrypt(nonce, text.encode(), _place(column, row)))
            for (row, text), start in zip(texts, range(0, len(nonces), NONCE), strict=True)
            for nonce in (nonces[start : start + NONCE],)
        ]

    def open(self, column: InstrumentedAttribute[Any], row: PublicId, value: bytes) -> str:
        """The text again. Raises SealError where it was changed or moved, or its key is gone."""
        name, _, rest = value.partition(b":")
        cipher = self._ciphers.get(name)
        if cipher is None:
            raise SealError(f"{column.class_.__tablename__}.{column.key} of {row}: sealed with an unknown key")
        try:
            return cipher.decrypt(rest[:NONCE], rest[NONCE:], _place(column, row)).decode()
        except (InvalidTag, ValueError):
            raise SealError(f"{column.class_.__tablename__}.{column.key} of {row}: changed or swapped") from None

    def maybe(self, column: InstrumentedAttribute[Any], row: PublicId, value: bytes | None) -> str | None:
        """Opens what is there, None where nothing is."""
        return None if value is None else self.open(column, row, value)

    def blind(self, way: ChannelName | Hashed, address: str) -> str:
        """The keyed hash under which this address is found. In its one form: E.164, the user id, mail in small letters."""
        return hmac.digest(self._index, f"{way}:{address}".encode(), sha256).hex()


def _place(column: InstrumentedAttribute[Any], row: PublicId) -> bytes:
    return f"{_named(column)}:{row}".encode()


@cache
def _named(column: InstrumentedAttribute[Any]) -> str:
    return f"{column.class_.__tablename__}:{column.key}"
