"""Whom a text names: the coach, whoever stands in on days on which they are away, and nobody where neither is at work."""

from dataclasses import dataclass
from datetime import date

from medvind.rules.calendar import DAY, OpenDays

OF_THE_COACH = frozenset(
    {
        *("invite", "number_check", "consent_info", "waiting_30", "small_step", "milestone", "rsvp_maybe", "checkin_high"),
        *("meeting_invite", "meeting_days_before", "meeting_day_before", "meeting_chase"),
        *("my_card_no_more", "my_card_by_coach", "silence_1", "silence_2"),
    }
)
"""Texts that greet from the coach or tell of them, and promise nobody's help: who is there doesn't matter to them."""
BY_THE_NEXT_DAY = frozenset({"call_me", "checkin_low", "rsvp_no", "telegram_asked"})
"""Texts that promise something by the next day at work."""
BY_THEIR_DAY = frozenset({"ask_coach", "danger_today", "danger_today_quiet", "erase", "news_by_phone"})
"""Texts that promise something by the day that they name."""

INTRODUCES = "coach_changed"
"""It says who the coach is and at which number: whoever stands in for a while doesn't change that."""


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody whom a text may name. `away` are the first and last days of absences, both included."""

    name: str
    phone: str | None
    away: tuple[tuple[date, date], ...] = ()

    def is_there(self, day: date) -> bool:
        """Whether they are at work on this day, as far as anybody has said."""
        return not any(first <= day <= last for first, last in self.away)


@dataclass(frozen=True, slots=True)
class Cover:
    """Who looks after somebody: the coach, and the deputy while they are away, up to and with the day `until`."""

    coach: Contact | None = None
    deputy: Contact | None = None
    until: date | None = None

    def on(self, day: date) -> Contact | None:
        """Who is there on this day."""
        if self.coach is None or self.coach.is_there(day):
            return self.coach
        granted = self.until is not None and day <= self.until
        return self.deputy if granted and self.deputy is not None and self.deputy.is_there(day) else None


@dataclass(frozen=True, slots=True)
class Named:
    """What one text says: whom it names, in whose place, and the number at which somebody is there now."""

    coach: str | None
    in_place_of: str | None
    phone: str | None


def named(text: str, cover: Cover, today: date, promised: date | None, days: OpenDays) -> Named:
    """Whom this text names when it leaves today: who is there on the day of what it promises, else on the next day at work.

    A number is to be called now, so it is that of who is there now, whoever calls back.
    """
    if text == INTRODUCES:
        return Named(cover.coach.name, None, cover.coach.phone) if cover.coach else Named(None, None, None)
    now = days.open_from(today)
    theirs = promised if promised and text in BY_THEIR_DAY else now
    day = days.open_from(today + DAY) if text in BY_THE_NEXT_DAY else theirs
    there, coach = cover.on(now), cover.coach
    says = coach if text in OF_THE_COACH else cover.on(day)
    absent = coach if says is not coach else None
    return Named(
        coach=says.name if says else None,
        in_place_of=absent.name if absent and says else None,
        phone=there.phone if there else None,
    )
