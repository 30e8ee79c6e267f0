"""The main job, end to end: a list of people goes in, messages reach their phones, answers reach the coach."""

import json
import re
from collections import Counter
from typing import Any

from tests.system.conftest import Stage
from tests.system.people import AMINA, BO, CAMILLA, meeting, person
from tests.system.rig import Process, wait_until

DENNIS = 47110004
COURSE = {"course_ended_on": "21.11.2026", "cohort": "Hold 2026"}
INVITED = "Vi mødes torsdag d. 3. december kl. 14.00. Sted: Vestergade 58, 1. sal. Kommer du? Svar JA eller NEJ. Hilsen Karin"
ASKED_AGAIN = (
    "Kan du komme torsdag d. 3. december kl. 14.00? Sted: Vestergade 58, 1. sal. "
    "Sig bare til, hvis du ikke kan. Svar JA, NEJ eller MÅSKE. Hilsen Karin"
)
REMINDED = (
    "Husk: Vi mødes i morgen, torsdag d. 3. december kl. 14.00. Sted: Vestergade 58, 1. sal. "
    "Kan du ikke? Svar NEJ, så finder vi en ny tid. Hilsen Karin"
)
SOON = "Vi ses i dag kl. 14.00. Sted: Vestergade 58, 1. sal. Bliver du forsinket, så ring til Karin på 01 00 90 01."
MAY_WE = (
    "Hej Camilla. Medvind skriver for Karin. Må vi sende dig påmindelser og korte spørgsmål? Svar JA eller NEJ. "
    "Du kan altid skrive STOP."
)


GOOD_TO_HEAR = "Hvor er det godt at høre. Fortæl Karin om det, næste gang I ses. Det giver mod på mere."
NOT_UNDERSTOOD = "Tak for din besked. Karin læser den. Haster det? Ring 01 00 90 01."
STOPPED = "Du får ikke flere beskeder fra Medvind. Karin kan stadig hjælpe dig på 01 00 90 01. Skriv START, hvis du fortryder."
RESPECTED = "Det er helt i orden. Du får ikke flere beskeder. Karin er der stadig for dig på 01 00 90 01."
WELCOME = (
    "Hej Dennis. Nu skriver vi til dig her i Telegram. Det er påmindelser, korte spørgsmål og hilsner.\n\n"
    "Det er frivilligt og ændrer ikke din sag. Karin kan se dine svar. Medvind er en robot, og ingen læser med hele døgnet. "
    "Er du i fare, så ring 112.\n\n"
    "Skriv aldrig CPR-nummer eller private ting her. Skriv HJÆLP, hvis du er i tvivl. Skriv STOP, når du vil stoppe."
)
NOT_ALONE = (
    "Tak, fordi du siger det. Det kan være hårdt, men du er ikke alene. Karin ringer senest næste hverdag. "
    "Haster det? Ring 01 00 90 01."
)


def how_is_it(first_name: str) -> str:
    return (
        f"Hej {first_name}. Hvordan går det med dit projekt lige nu? Svar med et tal fra 1 til 5. 1 er tungt, 5 er rigtig godt."
    )


def bring_in(stage: Stage) -> None:
    """Two who have said yes, one who is asked, one who will join Telegram; and a meeting for three of them."""
    people = [
        person("d-1", "Amina", AMINA, **COURSE),
        person("d-2", "Bo", BO, **COURSE),
        person("d-3", "Camilla", CAMILLA, **COURSE, consent_on="", channel=""),
        person("d-4", "Dennis", **COURSE),
    ]
    stage.rig.run("import", "participants", stage.rig.write("people.csv", people))
    stage.rig.run("import", "meetings", stage.rig.write("meetings.csv", [meeting("m-1", "2026-12-03 14:00", ["d-1", "d-2"])]))


def arrived(stage: Stage, **wanted: list[str]) -> None:
    """Waits until these texts, and no others, have reached these numbers and the bot's one user, in whatever order."""
    numbers = {"amina": AMINA, "bo": BO, "camilla": CAMILLA}

    def there() -> dict[str, list[str]]:
        taken = stage.twilio.messages()
        found = {name: sorted(one["body"] for one in taken if one["to"] == number) for name, number in numbers.items()}
        return found | {"dennis": sorted(one["text"] for one in stage.telegram.messages())}

    expected = {name: sorted(wanted.get(name, [])) for name in (*numbers, "dennis")}
    try:
        wait_until(lambda: there() == expected, "the right texts")
    except AssertionError:
        assert there() == expected


def joins_telegram(stage: Stage) -> None:
    """The coach hands out a code, and Dennis opens its link."""
    code = re.search(r"start=([\w-]+)", stage.rig.run("invite", "d-4"))
    assert code is not None
    stage.telegram.tell("say", user=DENNIS, text=f"/start {code[1]}")


def taps(stage: Stage, label: str) -> None:
    """Dennis taps a button of the last message that has one."""
    last = next(one for one in reversed(stage.telegram.messages()) if one["buttons"])
    data = next(button["data"] for button in last["buttons"] if button["label"] == label)
    stage.telegram.tell("tap", user=DENNIS, data=data)
    tapped = last["message_id"]
    wait_until(lambda: stage.telegram.messages()[tapped - 1]["buttons"] == [], "the buttons to go")


def the_menu_is_set(stage: Stage) -> None:
    """In every private chat, in Danish and in English."""
    wait_until(lambda: len(stage.telegram.ask("menus")) == 2, "the menu")
    menus = stage.telegram.ask("menus")
    assert {name: (len(menu), menu["stop"]) for name, menu in menus.items()} == {
        "all_private_chats:": (8, "Få ikke flere beskeder"),
        "all_private_chats:en": (8, "Get no more messages"),
    }


def test_a_list_of_people_becomes_messages_and_the_answers_reach_the_coach(stage: Stage) -> None:
    stage.clock("2026-11-24 10:05")
    karin = stage.set_up()
    mikkel = stage.coach("Mikkel", "mikkel@kommune.example")
    bring_in(stage)
    processes = [stage.start_api(), stage.rig.start("worker", MEDVIND_LOOK_SECONDS="0.5"), stage.rig.start("bot")]
    the_menu_is_set(stage)
    amina, bo, camilla = [INVITED], [INVITED], [MAY_WE]
    arrived(stage, amina=amina, bo=bo, camilla=camilla)
    written_down(stage)
    stage.clock("2026-11-24 11:05:01")
    amina, bo = [*amina, how_is_it("Amina")], [*bo, how_is_it("Bo")]
    arrived(stage, amina=amina, bo=bo, camilla=camilla)  # two questions are not one message, so an hour later

    stage.texts(AMINA, "4")
    stage.texts(AMINA, "Hvornår kommer der nyt?")
    stage.texts(BO, "STOP")
    stage.texts(CAMILLA, "nej tak")
    joins_telegram(stage)
    amina += [GOOD_TO_HEAR, NOT_UNDERSTOOD]
    bo += [STOPPED]
    camilla += [RESPECTED]
    dennis = [WELCOME, how_is_it("Dennis")]
    arrived(stage, amina=amina, bo=bo, camilla=camilla, dennis=dennis)

    taps(stage, "2")
    dennis += [NOT_ALONE]
    arrived(stage, amina=amina, bo=bo, camilla=camilla, dennis=dennis)
    the_coach_sees_it(stage, karin)
    nobody_else_does(stage, mikkel)

    written_down(stage)
    stage.clock("2026-11-30 10:00:01")
    wait_until(lambda: ASKED_AGAIN in stage.sms(AMINA), "the question to who has not answered")
    written_down(stage)
    stage.clock("2026-12-01 10:00:01")
    wait_until(lambda: stage.sms(AMINA).count(how_is_it("Amina")) == 2, "the next check-in")
    wait_until(
        lambda: [one["text"] for one in stage.telegram.messages()].count(how_is_it("Dennis")) == 2, "the same by Telegram"
    )
    written_down(stage)
    stage.clock("2026-12-02 10:00:01")
    wait_until(lambda: REMINDED in stage.sms(AMINA), "the reminder of the day before")
    written_down(stage)
    stage.clock("2026-12-03 12:00:01")
    wait_until(lambda: SOON in stage.sms(AMINA), "the notice two hours before")
    written_down(stage)
    each_once_and_on_time(stage)
    they_end_when_asked(processes)


def test_one_process_does_it_all_and_telegram_calls_it(stage: Stage) -> None:
    stage.clock("2026-11-24 10:05")
    karin = stage.set_up()
    bring_in(stage)
    webhook = {"MEDVIND_TELEGRAM__MODE": "webhook", "MEDVIND_TELEGRAM__WEBHOOK_SECRET": "hemmelig-4700"}
    process = stage.rig.start("serve", **webhook)
    wait_until(stage.answers, "the service to answer")
    the_menu_is_set(stage)
    joins_telegram(stage)
    wait_until(lambda: stage.telegram.count() == 2, "the welcome and the check-in")
    taps(stage, "5")
    stage.texts(AMINA, "ja")
    wait_until(lambda: stage.telegram.count() == 3 and len(stage.sms(AMINA)) == 2, "both answers")
    answers = {one["participant"]["external_id"]: one["value"] for one in stage.get("check-ins", karin)["items"]}
    assert answers == {"d-4": 5}  # the others are asked in an hour, since they have just been invited
    assert stage.twilio.client.get(f"{stage.api}/readyz").json() == {"status": "ok", "reasons": []}
    they_end_when_asked([process])


def the_coach_sees_it(stage: Stage, token: str) -> None:
    people = {one["external_id"]: one for one in stage.get("participants", token)["items"]}
    assert {name: (one["channel"], one["stopped"]) for name, one in people.items()} == {
        "d-1": ("sms", False),
        "d-2": (None, True),
        "d-3": (None, True),
        "d-4": ("telegram", False),
    }
    answers = {one["participant"]["external_id"]: one["value"] for one in stage.get("check-ins", token)["items"]}
    assert answers == {"d-1": 4, "d-2": None, "d-4": 2}
    assert [one["text"] for one in stage.get("inbox", token)["items"]] == ["Hvornår kommer der nyt?"]
    (signal,) = stage.get("signals", token)["items"]
    assert (signal["participant"]["first_name"], signal["signal"]["level"]) == ("Dennis", "act")
    card = stage.get(f"participants/{people['d-4']['id']}/card", token)
    assert [task["kind"] for task in card["tasks"]] == ["call"]


def nobody_else_does(stage: Stage, token: str) -> None:
    for path in ("participants", "check-ins", "signals", "inbox", "tasks"):
        assert stage.get(path, token)["items"] == []


def written_down(stage: Stage) -> None:
    """A message may have arrived before it is written down that it has."""
    wait_until(lambda: stage.count("claimed") == 0, "all to be written down")


def each_once_and_on_time(stage: Stage) -> None:
    """Every message of the whole story arrived once, and left within a minute of its time."""
    sms = Counter((one["to"], one["body"]) for one in stage.twilio.messages())
    assert {words for words, count in sms.items() if count > 1} == {(AMINA, how_is_it("Amina"))}
    rows: list[dict[str, Any]] = [row for row in stage.rig.outbox() if row["sent_at"]]
    late = [row["key"] for row in rows if row["sent_at"] < row["due_at"] or _seconds(row) > 60]
    print(f"looked at {sum(sms.values())} text messages and {len(rows)} rows: {late} late")
    assert sum(sms.values()) == sum(row["channel"] == "sms" for row in rows)
    assert late == []


def _seconds(row: dict[str, Any]) -> float:
    from_due = [float(part) for part in re.findall(r"\d+(?:\.\d+)?", row["sent_at"][11:] + row["due_at"][11:])]
    sent, due = from_due[:3], from_due[3:]
    return sum((one - other) * size for one, other, size in zip(sent, due, (3600, 60, 1), strict=True))


def they_end_when_asked(processes: list[Process]) -> None:
    """Each drains and ends well, and has said nobody's name, number or words to its log."""
    assert [process.end() for process in processes] == [0] * len(processes)
    said = "".join(process.text() for process in processes)
    secrets = [AMINA, BO, CAMILLA, str(DENNIS), "Amina", "Dennis", "Camilla", "Vestergade", "Hvornår", "projekt", "karin@"]
    assert [secret for secret in secrets if secret in said or json.dumps(secret)[1:-1] in said] == []
