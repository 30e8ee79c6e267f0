"""The story's spreadsheets, as a coach would export them: semicolons, Danish dates, a byte order mark."""

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from io import StringIO

from medvind.demo.cast import BEGINS, COHORT, COURSE_ENDS, KARIN, PAID_OUT, PROMISED, Persona, at
from medvind.model import ChannelName, MeetingKind, VatPeriod

PLACE = "Vestergade 58, 1. sal"


class Subject(StrEnum):
    """What a file is about."""

    PARTICIPANTS = "participants"
    MEETINGS = "meetings"


@dataclass(frozen=True, slots=True)
class File:
    """A file that a coach brings in at that moment."""

    at: datetime
    subject: Subject
    content: bytes

    @property
    def name(self) -> str:
        """As it would lie in a folder."""
        return f"{self.subject}.csv"


def files(cast: Sequence[Persona]) -> tuple[File, ...]:
    """All that is brought in: people and meetings before the course ends, a meeting that moves, and the payout at last.

    The last meeting lies behind the story: whoever takes a phone in hand then has something to answer on the next day.
    """
    first, second = _follow_up("opfoelgning-1", at(11, 3, "13:00")), _follow_up("opfoelgning-2", at(25, 3, "13:00"))
    network = _meeting("netvaerksdag", MeetingKind.NETWORK_DAY, "Netværksdag", at(16, 4, "10:00"), 240)
    moved, third = _follow_up("opfoelgning-2", at(26, 3, "10:00")), _follow_up("opfoelgning-3", at(19, 5, "13:00"))
    return (
        File(BEGINS, Subject.PARTICIPANTS, _written(_enrolled(one) for one in cast)),
        File(BEGINS, Subject.MEETINGS, _written([first])),
        File(at(12, 3, "09:30"), Subject.MEETINGS, _written([second])),
        File(at(20, 3, "11:00"), Subject.MEETINGS, _written([moved])),
        File(at(31, 3, "09:00"), Subject.MEETINGS, _written([network])),
        File(at(29, 4, "10:30"), Subject.PARTICIPANTS, _written(_paid(one) for one in cast)),
        File(at(11, 5, "09:00"), Subject.MEETINGS, _written([third])),
    )


def _enrolled(one: Persona) -> Mapping[str, str]:
    """A person's row. Without `consent_on` and `channel` the invitation comes first."""
    return {
        "external_id": one.external_id,
        "first_name": one.first_name,
        "business_name": one.business_name,
        "phone": one.phone,
        "cohort": COHORT,
        "coach_email": one.coach.email,
        "support_type": one.support_type,
        "course_ended_on": _day(COURSE_ENDS),
        "payout_promised_on": _day(PROMISED),
        "vat_registered_on": _day(one.vat_registered_on) if one.vat_registered_on else "",
        "vat_period": VatPeriod.QUARTERLY if one.vat_registered_on else "",
        "consent_on": _day(BEGINS.date()) if one.asked_before else "",
        "channel": ChannelName.SMS if one.asked_before else "",
    }


def _paid(one: Persona) -> Mapping[str, str]:
    return {"external_id": one.external_id, "first_name": one.first_name, "paid_out_on": _day(PAID_OUT)}


def _follow_up(external_id: str, starts_at: datetime) -> Mapping[str, str]:
    return _meeting(external_id, MeetingKind.FOLLOW_UP_MEETING, "Opfølgende møde", starts_at, 90)


def _meeting(external_id: str, kind: MeetingKind, title: str, starts_at: datetime, minutes: int) -> Mapping[str, str]:
    return {
        "external_id": external_id,
        "kind": kind,
        "title": title,
        "starts_at": f"{starts_at:%Y-%m-%d %H:%M}",
        "minutes": str(minutes),
        "place": PLACE,
        "coach_email": KARIN.email,
        "cohort": COHORT,
    }


def _day(day: date) -> str:
    return f"{day:%d.%m.%Y}"


def _written(rows: Iterable[Mapping[str, str]]) -> bytes:
    listed, text = list(rows), StringIO()
    table = csv.DictWriter(text, fieldnames=list(listed[0]), delimiter=";")
    table.writeheader()
    table.writerows(listed)
    return text.getvalue().encode("utf-8-sig")
