"""The one message to somebody who hasn't said yes."""

from datetime import date

from medvind.model import Ask, Doubt, Milestone, Purpose, TaskKind, VatPeriod, VatRegistration, Why
from medvind.rules.plan import plan, warnings
from tests.rules.facts import DEFAULTS, leaving, local, meeting, person, wall


def test_before_a_yes_the_invitation_goes_alone() -> None:
    facts = person(
        None,
        invite_since=local("2026-09-01 12:00"),
        milestones={Milestone.COURSE_ENDED: date(2026, 9, 1)},
        vat=(VatRegistration(date(2025, 1, 1), VatPeriod.QUARTERLY),),
        meetings=(meeting("2026-09-20 14:00", "2026-09-01 12:00"),),
    )
    assert leaving(plan(facts, DEFAULTS, local("2026-09-01 12:00"))) == [("invite", "2026-09-01 12:00")]


def test_a_purpose_without_a_yes_is_not_enough_while_nobody_has_joined() -> None:
    facts = person(None, consents=frozenset(Purpose), milestones={Milestone.COURSE_ENDED: date(2026, 9, 1)})
    assert plan(facts, DEFAULTS, local("2026-09-01 12:00")) == []


def test_nobody_is_invited_where_no_number_waits_for_an_answer() -> None:
    assert plan(person(None), DEFAULTS, local("2026-09-01 12:00")) == []


def test_an_invitation_waits_for_the_end_of_the_quiet_hours() -> None:
    facts = person(None, invite_since=local("2026-09-04 21:00"))  # a Friday evening
    assert leaving(plan(facts, DEFAULTS, local("2026-09-04 21:00"))) == [("invite", "2026-09-07 08:00")]


def test_an_invitation_holds_for_14_days_and_is_not_repeated() -> None:
    facts = person(None, invite_since=local("2026-09-01 12:00"))
    (invitation,) = plan(facts, DEFAULTS, local("2026-09-10 12:00"))
    assert wall(invitation.valid_until) == "2026-09-15 12:00"
    assert plan(facts, DEFAULTS, local("2026-09-15 12:00")) == []


def test_an_invitation_asks_and_its_answer_counts_for_30_days() -> None:
    (invitation,) = plan(person(None, invite_since=local("2026-09-01 12:00")), DEFAULTS, local("2026-09-01 12:00"))
    assert (invitation.kind, invitation.chain, invitation.text) == ("invite", "invite", "invite")
    assert (invitation.asks, invitation.doubt, invitation.topic) == (Ask.INVITE, Doubt.C, None)
    assert invitation.priority == 1
    assert invitation.open_until == local("2026-10-01 12:00")
    assert invitation.why == Why("why_invite", {"day": "2026-09-01"})
    moved = person(None, invite_since=local("2026-09-01 00:30"), numbers=2, moved=True)
    (check,) = plan(moved, DEFAULTS, local("2026-09-01 12:00"))
    assert check.why == Why("why_new_number", {"day": "2026-09-01"})


def test_each_number_is_invited_under_a_key_of_its_own() -> None:
    keys = []
    for numbers in (1, 2, 3):
        (invitation,) = plan(
            person(None, invite_since=local("2026-09-01 12:00"), numbers=numbers), DEFAULTS, local("2026-09-01 12:00")
        )
        keys.append(invitation.key)
    assert keys == ["invite", "invite@2", "invite@3"]


def test_a_week_without_an_answer_to_the_invitation_stands_on_the_coachs_list_and_nobody_is_asked_twice() -> None:
    silent = person(None, invite_since=local("2026-09-01 12:00"))
    (warning,) = warnings(silent, DEFAULTS)
    assert (warning.kind, warning.shows_at) == (TaskKind.NO_ANSWER, local("2026-09-08 12:00"))
    assert len(plan(silent, DEFAULTS, local("2026-09-01 12:00"))) == 1
    assert warnings(person(), DEFAULTS) == []
