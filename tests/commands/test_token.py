"""`medvind token`: shown once, listed without itself, dead when revoked; and the coach it belongs to."""

import json
from pathlib import Path

import pytest
from sqlalchemy import select

from medvind.commands import tokens
from medvind.errors import InvalidError
from medvind.main import keys_of
from medvind.model import Role
from medvind.settings import Settings
from medvind.store.database import Database
from medvind.store.tables import CoachRow
from medvind.store.vault import Vault
from tests.commands.calling import Said
from tests.commands.office import Office

KARIN = ("--role", "coach", "--email", "Karin.Holm@kommune.example")


@pytest.fixture
def office(tmp_path: Path, sqlite_url: str) -> Office:
    assert sqlite_url
    return Office(tmp_path)


def create(office: Office, *options: str) -> Said:
    return office.medvind("token", "create", *options)


async def coaches_of(office: Office, given: dict[str, str]) -> list[tuple[str, str | None]]:
    """Name and number of each, as they stand in texts."""
    given.update(office.settings)
    vault = Vault(keys_of(Settings()))
    async with Database.open(office.settings["MEDVIND_DATABASE_URL"], vault) as db, db.read() as session:
        rows = await session.execute(select(CoachRow.public_id, CoachRow.first_name, CoachRow.phone).order_by(CoachRow.id))
        return [
            (
                vault.open(CoachRow.first_name, row.public_id, row.first_name),
                vault.maybe(CoachRow.phone, row.public_id, row.phone),
            )
            for row in rows
        ]


def test_a_key_to_try_out_is_listed_as_one(office: Office) -> None:
    assert create(office, *KARIN, "--test").code == 0
    assert create(office, *KARIN).code == 0
    listed = [json.loads(line) for line in office.medvind("token", "list", "--json").out.splitlines()]
    assert [one["test"] for one in listed] == ["True", None]


def test_a_token_is_shown_once_listed_without_itself_and_revoked(office: Office) -> None:
    said = create(office, *KARIN, "--json")
    assert (said.code, said.err) == (0, "")
    new = json.loads(said.out)
    assert set(new) == {"id", "token"}
    plain = create(office, "--role", "service", "--scope", "import:write", "--days", "1")
    assert plain.out.splitlines()[0].startswith("id: ")
    listed = [json.loads(line) for line in office.medvind("token", "list", "--json").out.splitlines()]
    assert [(one["role"], one["coach"], one["scope"], one["revoked_at"]) for one in listed] == [
        ("coach", "1", None, None),
        ("service", None, "import:write", None),
    ]
    assert new["token"] not in json.dumps(listed) + office.medvind("token", "list").out
    for _ in range(2):
        assert office.medvind("token", "revoke", new["id"]) == Said(0, "", "")
    revoked = [
        json.loads(line)["revoked_at"] is not None for line in office.medvind("token", "list", "--json").out.splitlines()
    ]
    assert revoked == [True, False]
    assert office.medvind("token", "revoke", "nothing").code == 1


async def test_a_coach_is_made_once_and_named_as_their_address_begins(office: Office, given: dict[str, str]) -> None:
    assert create(office, *KARIN).code == 0
    assert await coaches_of(office, given) == [("Karin", None)]
    assert create(office, "--role", "coach", "--email", "karin.holm@KOMMUNE.example", "--phone", "01 00 90 01").code == 0
    assert create(office, *KARIN, "--first-name", "Karin H").code == 0
    assert await coaches_of(office, given) == [("Karin H", "+4501009001")]


@pytest.mark.parametrize(
    ("address", "name"),
    [("karin@k.dk", "Karin"), ("karin.holm@k.dk", "Karin"), ("søren-p@k.dk", "Søren"), ("k@k.dk", "K"), ("123@k.dk", "123")],
)
def test_a_name_is_read_from_the_address(address: str, name: str) -> None:
    assert tokens._name_in(address) == name


@pytest.mark.parametrize(
    ("role", "options", "says"),
    [
        (Role.COACH, {}, "--email: needed for coach, lead and admin"),
        (Role.SERVICE, {"scope": "import:write", "email": "k@kommune.dk"}, "--email: needed for coach, lead and admin"),
        (Role.SERVICE, {}, "a scope belongs to the role service, and is one of"),
        (Role.SERVICE, {"scope": "everything"}, "a scope belongs to the role service, and is one of"),
        (Role.COACH, {"email": "karin"}, "--email: no mail address"),
        (Role.COACH, {"email": "k@kommune.dk", "phone": "70123456"}, "--phone: a number of the series 70"),
        (
            Role.COACH,
            {"email": "k@kommune.dk", "first_name": "Karin 010190-1234"},
            "--first-name: holds what looks like a national",
        ),
    ],
)
def test_what_does_not_fit_together_is_refused_with_the_option_named(
    office: Office, given: dict[str, str], role: Role, options: dict[str, str], says: str
) -> None:
    given.update(office.settings)
    with pytest.raises(InvalidError) as refused:
        tokens.create(role=role, **options)  # type: ignore[arg-type]
    assert str(refused.value).startswith(says)


def test_an_address_has_one_role(office: Office) -> None:
    assert create(office, *KARIN).code == 0
    assert create(office, "--role", "lead", *KARIN[2:]) == Said(2, "", "--role: this address belongs to a coach\n")
