"""The next version's `medvind migrate`, started twice, while two workers and the API of today's version are at work."""

import shutil
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Thread

import pytest
from alembic.script import ScriptDirectory

from medvind.model import ChannelName, Role
from medvind.store import tokens
from tests.conftest import KINDS
from tests.crash.together import each_world
from tests.crash.verdict import judge
from tests.crash.world import OPEN, World, world
from tests.standins.twilio_words import inbound_form, signature
from tests.store.conftest import new_database
from tests.system.rig import ROOT, Process, Zygote, forks, wait_until

ROOMS = ("api", "bot", "scheduler", "sms", "tests")
DUTIES, FIRST_SENT, MORE = 100, 20, 4
ASKED = 20
"""Answers of the API that are looked at, however slow the machine is: asked before, during and after the upgrade."""
INBOUND = "/webhooks/twilio/inbound"
DONE, NOTHING_TO_DO = "the schema was brought up to date\n", "the schema is up to date\n"
STILL_FINE = "the schema is a newer version's, and this one works on it too\n"

NEXT = '''
"""What some version to come adds: to a table that everybody writes, and slowly."""

import time
from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "{after}"
down_revision = "{head}"


def upgrade() -> None:
    op.add_column("outbox", sa.Column("tone", sa.String(20), nullable=True))
    op.create_index("ix_outbox_tone", "outbox", ["tone", "state"])
    op.create_table("tones", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("name", sa.String(20)))
    Path("half way").touch()
    while not Path("go on").exists():
        time.sleep(0.01)
'''


@pytest.fixture(scope="module")
def next_version(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Zygote]:
    """Today's house with one revision more, to be started."""
    root = tmp_path_factory.mktemp("next")
    for room in ROOMS:
        (root / room).symlink_to(ROOT / room)
    migrations = shutil.copytree(ROOT / "medvind", root / "medvind") / "store" / "migrations"
    head = ScriptDirectory(migrations).get_current_head() or ""
    after = f"{int(head[:4]) + 1:04}{head[4:]}"
    (migrations / "versions" / f"{after}_tones.py").write_text(NEXT.format(head=head, after=after), encoding="utf-8")
    with closing(Zygote(root=root)) as zygote:
        zygote.fork(("keys", "new"), {}, root / "first.log", root)  # it imports its house now, and not while others send
        yield zygote


@pytest.fixture
def worlds(tmp_path: Path) -> Iterator[list[World]]:
    """A fresh one on each database: this run's own must stay what they are."""
    with ExitStack() as stack:
        yield [stack.enter_context(_world(kind, tmp_path / kind)) for kind in KINDS]


@contextmanager
def _world(kind: str, folder: Path) -> Iterator[World]:
    folder.mkdir()
    with new_database(kind, folder / "medvind.db") as url, world(url, folder, forks()) as made:
        assert made.rig.run("migrate") == DONE
        made.channels, made.letters = [ChannelName.SMS], "ABC"
        yield made


@dataclass
class Asking:
    """Somebody who asks the API all the time, and Twilio, which brings it what people write. Answers by path and status."""

    world: World
    token: str
    answers: Counter[tuple[str, int]] = field(default_factory=Counter)
    stop: Event = field(default_factory=Event)

    @contextmanager
    def all_the_time(self) -> Iterator[None]:
        thread = Thread(target=self._run)
        thread.start()
        try:
            yield
        finally:
            self.stop.set()
            thread.join()

    def _run(self) -> None:
        number = 0
        while not self.stop.wait(0.1):
            number += 1
            self._write(f"+4502{number:06}")
            for path in ("/readyz", "/v1/participants", "/metrics"):
                self._get(path)

    def _write(self, sender: str) -> None:
        form, url = inbound_form(sender, "Hej"), f"http://127.0.0.1:{self.world.port}{INBOUND}"
        headers = {"X-Twilio-Signature": signature(url, form)}
        self.answers[INBOUND, self.world.twilio.client.post(url, data=dict(form), headers=headers).status_code] += 1

    def _get(self, path: str) -> None:
        url, headers = f"http://127.0.0.1:{self.world.port}{path}", {"Authorization": f"Bearer {self.token}"}
        answer = self.world.twilio.client.get(url, headers=headers)
        away = path == "/metrics" and "medvind_database_up 1" not in answer.text
        self.answers[path, 599 if away else answer.status_code] += 1


def sent(world: World) -> int:
    """How many reminders, invitations and questions have left; what strangers are answered is none of them."""
    return sum(one["to"].startswith("+4501") for one in world.twilio.messages())


def one_waits(world: World, migrations: Iterable[Process]) -> bool:
    """Whether one of two migrations stands behind the other one."""
    if world.kind == "postgresql":
        here = "database = (select oid from pg_database where datname = current_database())"
        return world.ask(f"select count(*) from pg_locks where locktype = 'advisory' and not granted and {here}") == [(1,)]  # noqa: S608
    opened = ([file.resolve().name for file in Path(f"/proc/{process.pid}/fd").iterdir()] for process in migrations)
    return all("medvind.db" in names for names in opened)


@dataclass(frozen=True)
class Upgrade:
    """How it went: what each of the two said, how many messages had left before and after, and what the API answered."""

    said: list[str]
    codes: list[int]
    before: int
    after: int
    answers: Mapping[tuple[str, int], int]
    callbacks_refused: int


def upgrade(world: World, next_version: Zygote) -> Upgrade:
    world.twilio.tell(delay=0.1)
    world.owe(DUTIES)
    service = world.in_store(
        lambda session: tokens.create(session, Role.SERVICE, coach_id=None, scope="participants:read", days=9, now=world.now())
    )
    api, asking = world.start_api(), Asking(world, service.token)
    workers = [world.started(world.worker()) for _ in range(2)]
    with asking.all_the_time():
        wait_until(lambda: sent(world) >= FIRST_SENT, "messages under way")
        world.rig.zygote = next_version
        # both at once: a table that is held for 5 s, while a second one comes up, has what is told meanwhile refused
        migrations = [world.rig.start("migrate") for _ in range(2)]
        wait_until((world.rig.folder / "half way").exists, "a migration half way")
        wait_until(lambda: one_waits(world, migrations), "another one that waits")
        before = sent(world)
        assert [one.code for one in migrations] == [None, None]
        (world.rig.folder / "go on").touch()
        codes = [one.join() for one in migrations]
        world.rig.zygote = forks()
        wait_until(lambda: world.count(OPEN) == 0, "every duty to be settled", 60)
        wait_until(lambda: sum(asking.answers.values()) >= ASKED, "the API to be asked often enough", 60)
    assert [process.end() for process in (*workers, api)] == [0, 0, 0]
    refused = api.text().count('"webhook_refused"')
    return Upgrade(sorted(one.text() for one in migrations), codes, before, sent(world), asking.answers, refused)


def comes_back(world: World) -> None:
    """Today's version is started once more on the schema of the next one, as by a machine that starts again."""
    assert world.rig.run("migrate") == STILL_FINE
    world.owe(MORE)
    world.settled(lag=0)


def test_an_upgrade_under_load_loses_and_doubles_nothing_and_the_api_answers_all_along(
    worlds: list[World], next_version: Zygote
) -> None:
    all_went = each_world(worlds, lambda world: upgrade(world, next_version))
    each_world(worlds, comes_back)
    for one, went in zip(worlds, all_went, strict=True):
        verdict, asked = judge([one]), sum(went.answers.values())
        extra = sum(verdict.extra.values())
        faults = {answer: count for answer, count in went.answers.items() if answer[1] != 200}
        print(
            f"{one.kind}: {went.before} sent before the upgrade, {went.after - went.before} after it; lost {len(verdict.lost)} "
            f"and doubled {extra} of {verdict.looked_at}; {sum(faults.values())} of {asked} answers other than 200, "
            f"{went.callbacks_refused} reports refused"
        )
        assert (went.codes, went.said) == ([0, 0], sorted([DONE, NOTHING_TO_DO]))
        assert (verdict.looked_at, len(verdict.lost), extra) == (DUTIES + MORE, 0, 0), verdict.lines()
        assert (faults, went.callbacks_refused) == ({}, 0)
        assert asked >= ASKED
        assert FIRST_SENT <= went.before < went.after == DUTIES
