"""Coaches, leads and administrators: found by their mail address, which is sealed and looked up by its keyed hash."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update

from medvind.model import PublicId, Role, new_id
from medvind.store.database import Session
from medvind.store.tables import CoachRow

CHUNK = 1000


@dataclass(frozen=True, slots=True)
class Coach:
    """Who signs in with an address, and what they may do."""

    id: int
    public_id: PublicId
    role: Role


async def find_by_email(session: Session, email: str) -> Coach | None:
    """Who has this address, in whatever upper and lower case; None where nobody has."""
    return (await by_email(session, [email])).get(_one_form(email))


async def by_email(session: Session, emails: Collection[str]) -> dict[str, Coach]:
    """Those who exist, by their address in small letters."""
    blind = {session.vault.blind("mail", email): email for email in map(_one_form, emails)}
    found: dict[str, Coach] = {}
    indexes = list(blind)
    for start in range(0, len(indexes), CHUNK):
        query = select(CoachRow.email_index, CoachRow.id, CoachRow.public_id, CoachRow.role)
        rows = await session.execute(query.where(CoachRow.email_index.in_(indexes[start : start + CHUNK])))
        found |= {blind[row.email_index]: Coach(row.id, row.public_id, row.role) for row in rows}
    return found


async def add(session: Session, role: Role, email: str, first_name: str, phone: str | None, now: datetime) -> int:
    """Somebody new; their name inside. The phone is in E.164; without one texts name the number on duty.

    The address is unique: whoever takes one that is known gets ConflictError from the transaction.
    """
    public_id, address = new_id(), _one_form(email)
    row = {
        "public_id": public_id,
        "role": role,
        "email": session.vault.seal(CoachRow.email, public_id, address),
        "email_index": session.vault.blind("mail", address),
        "created_at": now,
        **_stands_in_texts(session, public_id, first_name, phone),
    }
    return (await session.execute(insert(CoachRow).values(**row).returning(CoachRow.id))).scalar_one()


async def change(session: Session, coach: Coach, first_name: str | None, phone: str | None) -> None:
    """Another name or number in texts from now on; None leaves what is there."""
    changes = {name: value for name, value in _stands_in_texts(session, coach.public_id, first_name, phone).items() if value}
    if changes:
        await session.execute(update(CoachRow).where(CoachRow.id == coach.id).values(**changes))


def _stands_in_texts(session: Session, public_id: PublicId, first_name: str | None, phone: str | None) -> dict[str, Any]:
    vault = session.vault
    return {
        "first_name": vault.seal(CoachRow.first_name, public_id, first_name) if first_name else None,
        "phone": vault.seal(CoachRow.phone, public_id, phone) if phone else None,
    }


def _one_form(email: str) -> str:
    return email.strip().lower()
