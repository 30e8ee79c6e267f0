"""What stands in a text's gaps: the facts as they are at the moment at which it leaves."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from medvind.model import ChannelName, Language, RecipientType, Why
from medvind.rules.cover import named
from medvind.rules.policy import Policy
from medvind.rules.segments import measure, plain
from medvind.rules.wording import business_name
from medvind.store import claims
from medvind.store.claims import Claimed
from medvind.store.database import Session
from medvind.store.outbox import REPLY
from medvind.store.recipients import Appointment, Recipient
from medvind.texts import Catalogue, Rendered

HOME = "Europe/Copenhagen"
DAYS = {"deadline": "day", "next_day": "next_day", "meant": "meant"}
AS_THEY_ARE = ("period", "code", "months", "year", "week", "topic", "other_channel", "silent")
ROOM_FOR_WHY = 114
SEED, DIRECT = "seed", "direct"
"""In a subject: the seed of a code, which is in clear in what is sent alone; and that a coach answers what was just written."""
BY_HAND = "by hand"
"""The version of what is written from no text."""
FOR_ANYBODY = frozenset({"danger_today", "danger_today_quiet", "erase", "erase_stands", "my_data", "paused", "stopped_kind"})
"""What names a day or a kind and tells nothing of anybody: it leaves whoever holds the phone, as answer to what they wrote."""
BESIDE = ("first", "second")
"""Two questions between which one text asks; what each is about stands under its own prefix."""
_MEETINGS = ("meeting", *(f"{name}_meeting" for name in BESIDE))


@dataclass(frozen=True, slots=True)
class Known:
    """What was looked up for a whole batch. Appointments by the meeting, and by meeting and sequence as they were told."""

    people: Mapping[int, Recipient]
    meetings: Mapping[str, Appointment]
    told: Mapping[tuple[str, int], Appointment]
    policy: Policy

    def was(self, claim: Claimed) -> Appointment | None:
        """The meeting as this person knows it, where the message puts that right."""
        return self.told.get((claim.subject.get("meeting", ""), int(claim.subject.get("was", 0))))

    def fill(self, claim: Claimed, catalogue: Catalogue, now: datetime) -> tuple[Language, dict[str, object]]:
        """The language and the values; what there is no fact for is left out, and a text that needs it refuses."""
        person = self.people.get(claim.recipient_id) if claim.recipient_type == RecipientType.PARTICIPANT else None
        language = person.language if person else Language.DA
        zone = person.zone if person else HOME
        values: dict[str, object] = {"today": _day_in(zone, now)}
        if person:
            values |= of_person(person, self.policy, claim.text, claim.subject, now)
        if was := self.was(claim):
            values["was_at"] = was.starts_at
        values |= self._about(claim.subject)
        if claim.kind == "reply":
            values |= self._answered(claim, catalogue, language, values)
        return language, {key: value for key, value in values.items() if value}

    def _about(self, subject: Mapping[str, str]) -> dict[str, object]:
        """What a duty or a question is about."""
        values: dict[str, object] = {says: date.fromisoformat(subject[key]) for key, says in DAYS.items() if key in subject}
        values |= {key: subject[key] for key in AS_THEY_ARE if key in subject}
        meeting = self.meetings.get(subject.get("meeting", ""))
        return values | ({"at": meeting.starts_at, "place": meeting.place} if meeting else {})

    def _answered(
        self, claim: Claimed, catalogue: Catalogue, language: Language, known: Mapping[str, object]
    ) -> dict[str, object]:
        """What only an answer says: numbers of help, a reason as a sentence, two questions by their names, facts."""
        subject = claim.subject
        values: dict[str, object] = {"helpline": self.policy.crisis_numbers}
        if "why" in subject:
            values["why"] = reason(catalogue, subject["why"], subject, language)
        if "signals" in subject:
            facts = (Why(f"signal_{kind}", told) for kind, told in json.loads(subject["signals"]))
            values["facts"] = "; ".join(catalogue.why(fact, language) for fact in facts)
        for name in BESIDE:
            if name in subject:
                about = {key.removeprefix(f"{name}_"): said for key, said in subject.items() if key.startswith(f"{name}_")}
                said = {**known, **self._about(about)}
                filled = {key: value for key, value in said.items() if value}
                values[name] = catalogue.render(subject[f"{name}_text"], language, ChannelName.SMS, filled).text
        return values


def of_person(person: Recipient, policy: Policy, text: str, subject: Mapping[str, str], now: datetime) -> dict[str, object]:
    """What is known of everybody, and whom this text names to them when it leaves now; the rest belongs to a message."""
    promised = date.fromisoformat(subject["deadline"]) if "deadline" in subject else None
    says = named(text, person.cover, home_day(now), promised, policy.days)
    return {
        "first_name": person.first_name,
        "business": business_name(person.business or ""),
        "coach": says.coach,
        "in_place_of": says.in_place_of,
        "coach_phone": says.phone or policy.duty_phone,
    }


def home_day(now: datetime) -> date:
    """The day on town hall's calendar: on it people are at work or away."""
    return _day_in(HOME, now)


@lru_cache(maxsize=1024)
def _day_in(zone: str, now: datetime) -> date:
    """Kept: a batch is written as of the same moment."""
    return now.astimezone(ZoneInfo(zone)).date()


def own_words(session: Session, claim: Claimed, channel: ChannelName) -> Rendered | None:
    """What a coach wrote, in signs that an SMS carries cheaply where it is one; None where Medvind speaks."""
    words = claims.words_of(session, claim)
    if words is None:
        return None
    return Rendered(plain(words) if channel == ChannelName.SMS else words, BY_HAND)


def is_direct(claim: Claimed) -> bool:
    """Whether it answers what somebody has just written, and so may leave at any hour."""
    return DIRECT in claim.subject or (claim.kind == REPLY and SEED not in claim.subject)


def tells_of_them(claim: Claimed) -> bool:
    """Whether an answer has facts about this person in it. Where help is, is nobody's secret: danger is always answered."""
    return bool(claim.subject) and claim.subject.get("why") != "why_invite" and claim.text not in FOR_ANYBODY


def reason(catalogue: Catalogue, key: str, told: Mapping[str, str], language: Language) -> str:
    """Why a message was sent, so short that how to stop its kind has room beside it in one SMS."""
    why = catalogue.why(Why(key, dict(told)), language)
    if measure(why).units <= ROOM_FOR_WHY:
        return why
    return catalogue.why(Why(key, {name: value for name, value in told.items() if name != "lead"}), language)


def meetings_in(claim: Claimed) -> set[str]:
    """The meetings that its text may name."""
    return {claim.subject[key] for key in _MEETINGS if key in claim.subject}
