"""The last look before a message leaves: is it still owed, wanted, allowed now, in time, and what does it say?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from itertools import chain
from typing import NamedTuple

import structlog

from medvind.channels import Outgoing
from medvind.errors import InvalidError
from medvind.flows import wording
from medvind.flows.filling import SEED, Known, home_day, is_direct, meetings_in, own_words, tells_of_them
from medvind.flows.taps import buttons
from medvind.loop import in_breaths
from medvind.model import AddressState, Ask, ChannelName, Doubt, Language, RecipientType, State
from medvind.rules.budget import ON_TIME
from medvind.rules.policy import Policy
from medvind.rules.segments import measure
from medvind.rules.sending import open_from, policy_for
from medvind.store import claims, invites, recipients, riders
from medvind.store.claims import Claimed, Handed, Result
from medvind.store.database import Session
from medvind.store.outbox import NO_LONGER_OWED
from medvind.store.reach import Address, Reach, reach_of
from medvind.store.recipients import Sender
from medvind.texts import Catalogue, Rendered

TOO_LATE, QUIET, NOT_PREPARED, NOT_CONFIRMED = "too late", "quiet hours", "could not be prepared", "number not confirmed"
SEPARATORS: Mapping[ChannelName, str] = {ChannelName.SMS: "\n", ChannelName.TELEGRAM: "\n\n"}

log = structlog.get_logger()


class Letter(NamedTuple):
    """A message that may leave, on which channel, and the duties that go along in it."""

    claim: Claimed
    channel: ChannelName
    outgoing: Outgoing
    riders: tuple[Claimed, ...] = ()


class _Refused(Exception):  # noqa: N818 - no error, but the gate's answer
    """This one may not leave now."""

    def __init__(self, state: State, reason: str, due_at: datetime | None = None) -> None:
        self.state, self.reason, self.due_at = state, reason, due_at
        super().__init__(reason)


@dataclass(frozen=True, slots=True)
class Gate:
    """What has been looked up for a whole batch, and the questions that each claim must pass."""

    known: Known
    reach: Mapping[int, Reach]
    senders: Mapping[int, Sender]
    coaches: Mapping[int, str | None]
    left: Mapping[int, datetime]
    channels: frozenset[ChannelName]
    policy: Policy
    now: datetime

    def way(self, claim: Claimed) -> tuple[ChannelName, Address | Sender]:
        """Where it goes. Raises _Refused with what becomes of the row instead."""
        if claim.withdrawn:
            raise _Refused(State.CANCELLED, NO_LONGER_OWED)
        if claim.valid_until <= self.now:
            raise _Refused(State.EXPIRED, TOO_LATE)
        if claim.recipient_type == RecipientType.STRANGER:
            sender = self.senders[claim.recipient_id]
            return self._open(sender.channel), sender
        if claim.recipient_type != RecipientType.PARTICIPANT:
            return self._open(ChannelName.SMS), self._coach(claim)
        address = self._address(claim)
        self._wait_for_quiet_hours(claim)
        return self._open(address.channel), address

    def _open(self, channel: ChannelName) -> ChannelName:
        if channel not in self.channels:
            raise _Refused(State.FAILED, f"no {channel} is set up")
        return channel

    def _coach(self, claim: Claimed) -> Sender:
        """A coach's own number, or that of whoever is on duty. Coaches are told by SMS."""
        phone = self.coaches.get(claim.recipient_id) or self.policy.duty_phone
        if not phone:
            raise _Refused(State.FAILED, "no number of a coach, and no duty_phone")
        return Sender(ChannelName.SMS, phone)

    def _address(self, claim: Claimed) -> Address:
        """An answer goes where the question came from; an invitation to a number without a yes; the rest needs consent.

        To whoever answers at a number that has not said yes, an answer tells nothing of this person.
        """
        reach = self.reach[claim.recipient_id]
        if claim.channel is not None and claim.kind == "reply":
            found = reach.on(claim.channel)
            if SEED in claim.subject and not reach.is_open(claim.channel):
                raise _Refused(State.CANCELLED, "no consent")
            if found and found.state == AddressState.UNCONFIRMED and tells_of_them(claim):
                raise _Refused(State.CANCELLED, NOT_CONFIRMED)
        elif claim.asks == Ask.INVITE:
            found = reach.to_invite()
        else:
            found = reach.way(claim.channel if claim.words else None)
            if found and claim.asked_at and claim.channel not in {None, found.channel}:
                raise _Refused(State.FAILED, f"may have arrived by {claim.channel}")
            if found and claim.topic and claim.topic.purpose not in reach.consent(found.channel).purposes:
                raise _Refused(State.CANCELLED, "no consent")
        if found is None:
            raise _Refused(State.CANCELLED, "nobody to write to")
        return found

    def _wait_for_quiet_hours(self, claim: Claimed) -> None:
        if is_direct(claim):
            return
        person, day = self.known.people[claim.recipient_id], self._meeting_day(claim)
        policy = policy_for(self.policy, person.quiet_hours)
        try:
            later = open_from(self.now, policy, person.zone, day)
        except ValueError:  # the municipality's hours have changed since, and leave nothing of this person's own
            raise _Refused(State.EXPIRED, "no hour is left to send in") from None
        if later > self.now:
            raise _Refused(State.EXPIRED, TOO_LATE) if later >= claim.valid_until else _Refused(State.PLANNED, QUIET, later)

    def catch_up_gently(self, claim: Claimed) -> None:
        """What the plan holds apart stays apart after an outage too, as long as it is true; what is urgent doesn't wait.

        Raises _Refused where it is too soon after the last one.
        """
        last, apart = self.left.get(claim.recipient_id), timedelta(minutes=self.policy.join_minutes)
        if last is None or not _catches_up(claim):
            return
        if self.now < last + apart - ON_TIME and last + apart < claim.valid_until:
            raise _Refused(State.PLANNED, "soon after another", last + apart)

    def _meeting_day(self, claim: Claimed) -> date | None:
        """The day of the meeting that the message is about: of one that was moved the old day too, while it lies ahead."""
        meeting, was = self.known.meetings.get(claim.subject.get("meeting", "")), self.known.was(claim)
        ahead = [meeting.starts_at.date()] if meeting else []
        still = was is not None and was.starts_at.date() >= self.now.astimezone(was.starts_at.tzinfo).date()
        return min([*ahead, was.starts_at.date()] if was and still else ahead, default=None)

    def may_join_telegram(self, claim: Claimed) -> bool:
        """Whether there is a bot here, and this person doesn't have it yet."""
        reach = self.reach.get(claim.recipient_id) if claim.recipient_type == RecipientType.PARTICIPANT else None
        return ChannelName.TELEGRAM in self.channels and reach is not None and reach.on(ChannelName.TELEGRAM) is None


@dataclass(slots=True)
class Draft:
    """What one message will say: the part of the duty that was claimed, and those of all that goes along."""

    claim: Claimed
    channel: ChannelName
    to: str
    language: Language
    parts: list[tuple[Claimed, Rendered]]

    @property
    def text(self) -> str:
        """All parts in one message."""
        if len(self.parts) == 1:
            return self.parts[0][1].text
        return SEPARATORS[self.channel].join(written.text for _, written in self.parts)


@dataclass(slots=True)
class Gated:
    """What may leave and what may not, each with its reason."""

    drafts: list[Draft] = field(default_factory=list)
    results: list[Result] = field(default_factory=list)


async def pass_gate(
    session: Session,
    batch: Sequence[Claimed],
    channels: frozenset[ChannelName],
    catalogue: Catalogue,
    policy: Policy,
    now: datetime,
) -> Gated:
    """Looks at each of what was found as things stand now, or at the moment at which it is due, and writes what may leave.

    One whose facts make no sense fails by itself, whatever is wrong with it: the others must leave.
    """
    catalogue = await wording.worn(session, catalogue, policy.texts)
    along = await riders.riding_with(session, batch)
    now_open = await _look_up(session, [*batch, *chain.from_iterable(along.values())], channels, policy, now)
    gated, left = Gated(), list[Claimed]()
    async for claim in in_breaths(batch):
        gate = now_open if claim.due_at <= now else replace(now_open, now=claim.due_at)
        try:
            draft = _write(session, gate, catalogue, claim)
            gate.catch_up_gently(claim)
        except _Refused as no:
            gated.results.append(Result(claim, no.state, no.state, now, no.reason, no.due_at, tried=False))
            continue
        left += _take_along(session, gate, catalogue, draft, along.get(claim.id, ()))
        gated.drafts.append(draft)
    await riders.let_go(session, [one.id for one in left if one.doubt == Doubt.A], now)
    await riders.let_go(session, [one.id for one in left if one.doubt != Doubt.A], now + timedelta(minutes=policy.join_minutes))
    return gated


async def hand_over(session: Session, drafts: Sequence[Draft], lease_ends: datetime, now: datetime) -> list[Letter]:
    """Takes these in hand with all that goes along in them; notes what is about to leave, and that what they ask is asked."""
    handed = [Handed(draft.claim, draft.channel, draft.text, draft.parts[0][1].version) for draft in drafts]
    await claims.take(session, handed, lease_ends, now)
    along = [(one, written.text, written.version) for draft in drafts for one, written in draft.parts[1:]]
    await riders.take_along(session, drafts[0].claim.worker if drafts else None, along, now)
    return [_letter(draft) for draft in drafts]


async def values_of(
    session: Session, claim: Claimed, catalogue: Catalogue, policy: Policy, now: datetime
) -> Mapping[str, object]:
    """What the text of this duty may say as things stand now, whether or not it may leave."""
    return (await _look_up(session, [claim], frozenset(), policy, now)).known.fill(claim, catalogue, now)[1]


def _write(session: Session, gate: Gate, catalogue: Catalogue, claim: Claimed) -> Draft:
    """Raises _Refused where it may not leave, or can't be written."""
    try:
        channel, to = gate.way(claim)
        language, values = gate.known.fill(claim, catalogue, gate.now)
        values |= {"telegram": channel} if gate.may_join_telegram(claim) else {}
        values |= {"code": invites.sent_code(session, claim.subject[SEED])} if SEED in claim.subject else {}
        written = own_words(session, claim, channel) or catalogue.render(claim.text, language, channel, values)
        address = to.value(session) if isinstance(to, Address) else to.address
        return Draft(claim, channel, address, language, [(claim, written)])
    except InvalidError:
        raise _Refused(State.FAILED, f"text {claim.text} could not be written") from None
    except _Refused:
        raise
    except Exception as error:  # noqa: BLE001 - whatever is wrong with one, the others must leave
        log.error("not_prepared", message=claim.public_id, error=type(error).__name__)  # noqa: TRY400 - it may hold facts
        raise _Refused(State.FAILED, NOT_PREPARED) from None


def _take_along(session: Session, gate: Gate, catalogue: Catalogue, draft: Draft, waiting: Sequence[Claimed]) -> list[Claimed]:
    """Adds what waits to go along, while it may leave the same way and there is room; the others are answered."""
    left = []
    for rider in waiting:
        try:
            own = _write(session, gate, catalogue, rider)
        except _Refused:
            left.append(rider)
            continue
        draft.parts.append(own.parts[0])
        crowded = draft.channel == ChannelName.SMS and measure(draft.text).segments > 1
        if own.channel != draft.channel or crowded:
            draft.parts.pop()
            left.append(rider)
    return left


def _letter(draft: Draft) -> Letter:
    claim, carried = draft.claim, tuple(one for one, _ in draft.parts[1:])
    tapped = draft.parts if draft.channel == ChannelName.TELEGRAM else []
    shown = next((taps for one, _ in tapped if (taps := buttons(one, draft.language))), ())
    return Letter(claim, draft.channel, Outgoing(claim.public_id, draft.to, draft.text, claim.valid_until, shown), carried)


async def _look_up(
    session: Session, batch: Sequence[Claimed], channels: frozenset[ChannelName], policy: Policy, now: datetime
) -> Gate:
    people = {claim.recipient_id for claim in batch if claim.recipient_type == RecipientType.PARTICIPANT}
    strangers = {claim.recipient_id for claim in batch if claim.recipient_type == RecipientType.STRANGER}
    coaches = {claim.recipient_id for claim in batch if claim.recipient_type == RecipientType.COACH}
    meetings = {meeting for claim in batch for meeting in meetings_in(claim)}
    catch_up = {claim.recipient_id for claim in batch if _catches_up(claim)}
    told = {(claim.subject["meeting"], int(claim.subject["was"])) for claim in batch if "was" in claim.subject}
    return Gate(
        known=Known(
            people=await recipients.recipients_of(session, people, home_day(now)),
            meetings=await recipients.appointments(session, meetings),
            told=await recipients.told_before(session, told),
            policy=policy,
        ),
        reach=await reach_of(session, people),
        senders=await recipients.senders(session, strangers),
        coaches=await recipients.coach_phones(session, coaches) if coaches else {},
        left=await claims.last_left(session, catch_up, now - timedelta(minutes=policy.join_minutes)),
        channels=channels,
        policy=policy,
        now=now,
    )


def _catches_up(claim: Claimed) -> bool:
    """Whether it keeps apart from what left before it: plans do, but for what is urgent."""
    return claim.topic is not None and claim.doubt != Doubt.A
