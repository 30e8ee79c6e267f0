"""A stage for whole processes: a database of their own, both providers, and a clock that all of them follow."""

import json
import sqlite3
from base64 import b64encode
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import httpx2
import psycopg
import pytest

from tests.standins.twilio_words import ACCOUNT, NUMBER, TOKEN
from tests.system.rig import LIMIT, Process, Rig, forks, free_port, wait_until
from tests.system.standins import Standin, standins

HOME = ZoneInfo("Europe/Copenhagen")
BOT_TOKEN = "4700:" + "b" * 35
KEYS = {
    "MEDVIND_ENCRYPTION_KEYS": "test:" + b64encode(bytes(range(32))).decode(),
    "MEDVIND_INDEX_KEY": b64encode(bytes(range(32, 64))).decode(),
}


@dataclass
class Stage:
    """Everything that one story needs."""

    rig: Rig
    twilio: Standin
    telegram: Standin
    port: int
    line: Any = field(init=False)

    def __post_init__(self) -> None:
        url = self.rig.env["MEDVIND_DATABASE_URL"]
        file = url.removeprefix("sqlite:///")
        self.line = psycopg.connect(url, autocommit=True) if file == url else sqlite3.connect(file, isolation_level=None)

    @property
    def api(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def clock(self, wall: str) -> datetime:
        """From now on every process reads this on the wall in Denmark; the moment in UTC."""
        moment = datetime.fromisoformat(wall).replace(tzinfo=HOME).astimezone(UTC)
        file = Path(self.rig.env["MEDVIND_CLOCK_FILE"])
        half = file.with_suffix(".part")
        half.write_text(str((moment - datetime.now(UTC)).total_seconds()), encoding="ascii")
        half.rename(file)
        return moment

    def set_up(self) -> str:
        """A migrated database with the coach Karin; her token."""
        self.rig.run("migrate")
        return self.coach("Karin", "karin@kommune.example")

    def coach(self, first_name: str, email: str) -> str:
        """A token of a coach, who is made where there is none."""
        words = ("--role", "coach", "--email", email, "--first-name", first_name, "--phone", "+4501009001", "--json")
        return str(json.loads(self.rig.run("token", "create", *words))["token"])

    def count(self, state: str) -> int:
        """How many duties are in this state, asked of the database itself, over a line that is kept: a story asks often."""
        mark = "%s" if isinstance(self.line, psycopg.Connection) else "?"
        return int(self.line.execute(f"select count(*) from outbox where state = {mark}", (state,)).fetchone()[0])  # noqa: S608

    def start_api(self) -> Process:
        """The API and the webhooks, once they answer."""
        process = self.rig.start("api")
        wait_until(self.answers, "the API to answer")
        return process

    def answers(self) -> bool:
        """Whether the API does."""
        try:
            return self.twilio.client.get(f"{self.api}/healthz").status_code == 200
        except httpx2.TransportError:
            return False

    def get(self, path: str, token: str) -> Any:
        """What a coach sees; the problem where they may not."""
        return self.twilio.client.get(f"{self.api}/v1/{path}", headers={"Authorization": f"Bearer {token}"}).json()

    def texts(self, sender: str, words: str) -> None:
        """Somebody writes an SMS, which Twilio signs and posts; it is taken with a 200."""
        url = f"{self.api}/webhooks/twilio/inbound"
        assert self.twilio.tell("text", url=url, sender=sender, body=words) == {"status": 200}

    def sms(self, to: str) -> list[str]:
        """What Twilio has accepted for this number, in its order."""
        return [one["body"] for one in self.twilio.messages() if one["to"] == to]


@pytest.fixture
def stage(db_url: str, tmp_path: Path) -> Iterator[Stage]:
    """On an empty database, on each of the two kinds."""
    port = free_port()
    with standins(tmp_path, "twilio", "telegram", forks=forks()) as (twilio, telegram):
        env = {
            **KEYS,
            "MEDVIND_ENV": "test",
            "MEDVIND_DATABASE_URL": db_url,
            "MEDVIND_CLOCK_FILE": str(tmp_path / "clock"),
            "MEDVIND_LOG_FORMAT": "json",
            "MEDVIND_PORT": str(port),
            "MEDVIND_PUBLIC_URL": f"http://127.0.0.1:{port}",
            "MEDVIND_SMS__PROVIDER": "twilio",
            "MEDVIND_TWILIO__ACCOUNT_SID": ACCOUNT,
            "MEDVIND_TWILIO__AUTH_TOKEN": TOKEN,
            "MEDVIND_TWILIO__FROM": NUMBER,
            "MEDVIND_TWILIO__BASE_URL": twilio.url,
            "MEDVIND_TWILIO__RATE": "1000",
            "MEDVIND_TELEGRAM__TOKEN": BOT_TOKEN,
            "MEDVIND_TELEGRAM__BASE_URL": telegram.url,
        }
        rig = Rig(tmp_path, env, forks())
        try:
            made = Stage(rig, twilio, telegram, port)
            with closing(made.line):
                yield made
        finally:
            rig.clear_up()
            wait_until(lambda: not rig.living(), "killed processes to be gone", LIMIT)
