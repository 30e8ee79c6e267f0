"""Made-up answers for the OpenAPI document. A test reads each back with its own model, so none of them can go stale.

None of them has a null, since FastAPI leaves those out of its document.
"""

from typing import Any

from pydantic import ConfigDict

SOMEBODY = {"id": "qk1RkPj0T3G9n7ZbY2m4dw", "external_id": "d-001", "first_name": "Maja"}
PARTICIPANT = {
    **SOMEBODY,
    "business_name": "Majas Keramik",
    "cohort": "Hold 1",
    "stage": "waiting",
    "channel": "sms",
    "stopped": False,
    "last_heard_at": "2026-11-23T11:02:00Z",
}
DEPUTY = {"id": "w4Yc0tF8rN2k6sZ1uB9eXg", "first_name": "Bente", "last_day": "2026-12-31"}
DEPUTY_WISH = {"deputy_email": "bente@kommune.example", "last_day": "2026-12-31"}
COLLEAGUE = {"id": "Hq7Lw2sV5jD0aP8mE3xT6g", "first_name": "Karin", "deputy": DEPUTY, "away": False}
ABSENCE_WISH = {"first_day": "2026-12-21", "last_day": "2026-12-31"}
ABSENCE = {"id": "Jd5Nn1oQ9yK3vM7cU4rG2w", **ABSENCE_WISH}
PRIVATE_WORD = {"word": "solsikke"}
ERASURE = {
    "external_id": "d-001",
    "rows": {"addresses": 1, "consents": 3, "inbox": 12, "outbox": 41, "participants": 1, "tasks": 2},
    "copies": 37,
    "asked_at": "2026-11-24T10:00:00Z",
    "not_before": "2026-11-25T10:00:00Z",
    "held_at": "2026-11-20T08:00:00Z",
    "code": "1f0c93ab",
}
ERASED = {
    "id": "qk1RkPj0T3G9n7ZbY2m4dw",
    "at": "2026-11-26T08:30:00Z",
    "reason": "asked",
    "rows": ERASURE["rows"],
    "copies": 37,
}
CHECK_IN = {
    "id": "0Lr8c1qyTtG2bXo9S5v6hA",
    "participant": SOMEBODY,
    "asked_at": "2026-11-23T09:00:00Z",
    "state": "delivered",
    "channel": "sms",
    "value": 2,
    "answered_at": "2026-11-23T11:02:00Z",
}
MEETING = {
    "id": "T4g6nC9uRrK2a1wE7yM0jQ",
    "external_id": "m-014",
    "kind": "follow_up_meeting",
    "title": "Opfølgende møde",
    "place": "Rådhuset, lokale 2",
    "starts_at": "2026-12-03T14:00:00+01:00",
    "minutes": 60,
    "link": "https://moede.example.dk/j/123",
    "capacity": 12,
    "series": "Netværk 2027",
    "cancelled": False,
}
ATTENDEE = {
    "participant": SOMEBODY,
    "rsvp": "yes",
    "rsvp_at": "2026-11-23T11:02:00Z",
    "attendance": "no_show",
    "entered_at": "2026-12-03T14:20:00Z",
}
CAME = {"attendance": [{"participant_id": SOMEBODY["id"], "attendance": "no_show"}]}
SIGNAL = {
    "level": "act",
    "reasons": [{"kind": "low_answer", "text": "The last answer was 2 of 5, on 23 November"}],
    "table_version": "three-lines-1",
}
TASK = {
    "id": "Vb3mUe7wS0m1kq5xA8d2Rg",
    "kind": "network",
    "participant": SOMEBODY,
    "why": {"inbox": "c4XwR1nTq8Zl0uKd7sV9Eg"},
    "says": "Asks something that you or somebody you know may help with. Answer by the day.",
    "created_at": "2026-11-23T11:02:00Z",
    "due_at": "2026-11-24T15:00:00Z",
    "topic": "Spørg min coach om en revisor",
}
MESSAGE = {
    "id": "m2c9F5b8QdW1yJ6tN4x0zg",
    "at": "2026-11-23T11:02:00Z",
    "direction": "out",
    "channel": "sms",
    "kind": "checkin",
    "state": "undelivered",
    "text": "Hvordan går det? Svar med et tal fra 1 til 5.",
    "reason": "twilio 30003",
    "by": None,
    "unread": False,
}
WRITING = {"text": "Kan vi tale sammen torsdag kl. 10?", "channel": "sms", "answers": "c4XwR1nTq8Zl0uKd7sV9Eg"}
WRITTEN = {
    "id": "m2c9F5b8QdW1yJ6tN4x0zg",
    "channel": "sms",
    "text": "Besked fra Karin: Kan vi tale sammen torsdag kl. 10?",
    "due_at": "2026-11-24T07:00:00Z",
    "valid_until": "2026-11-24T19:00:00Z",
    "segments": 1,
    "warnings": [],
}
INVITE_WISH = {"change": False}
INVITED = {
    "code": "Zq8n1c0VbS2m4rT6y8u0Pw",
    "link": "https://t.me/medvind_bot?start=Zq8n1c0VbS2m4rT6y8u0Pw",
    "expires_at": "2026-12-01T11:02:00Z",
    "change": False,
}
SENT_INVITE = {"expires_at": "2026-11-25T11:02:00Z"}
INCOMING = {
    "id": "m2c9F5b8QdW1yJ6tN4x0zg",
    "participant": SOMEBODY,
    "at": "2026-11-23T11:02:00Z",
    "channel": "sms",
    "kind": "text",
    "meaning": "free_text",
    "text": "Kan vi tale sammen om budgettet?",
    "unread": True,
}
EXTENSION = {"id": "x4kQ9sV1nTf7mZc0hB3ryg", "months": 1, "granted_on": "2026-10-12"}
EXTENDED = {**EXTENSION, "ends_on": "2026-11-30"}
SUPPORT = {
    "ends_on": "2026-11-30",
    "working_days_left": 6,
    "months": [{"month": "2026-11-01", "working_days": 6, "lost": 0}],
}
CARD = {
    "participant": PARTICIPANT,
    "waiting_days": 34,
    "support": SUPPORT,
    "milestones": [{"name": "course_ended", "day": "2026-10-21", "days_since": 34}],
    "channels": [
        {"channel": "telegram", "state": "dead", "reason": "replaced", "preferred": False, "since": "2026-10-21T10:00:00Z"}
    ],
    "consents": [{"purpose": "check_ins", "channel": "sms", "given": True, "at": "2026-10-21T10:00:00Z", "how": "JA"}],
    "messages": [
        {
            "id": "p7Zs2LkYQ0e3v8hD1oX5Bw",
            "kind": "check_in",
            "due_at": "2026-11-30T09:00:00Z",
            "state": "planned",
            "why": "We ask how your project is going while you wait.",
        }
    ],
    "answers": [CHECK_IN],
    "meetings": [MEETING | {"rsvp": "yes"}],
    "signal": SIGNAL,
    "tasks": [TASK],
}
FEED = {"url": "https://medvind.example.dk/calendar/pJ3rQm0vXc8sLw5bTn2yGd7kZf4hUa9eRi6oVx1tCqE.ics"}
PLAN_ITEM = {
    "id": "p7Zs2LkYQ0e3v8hD1oX5Bw",
    "kind": "vat",
    "key": "vat:2026Q3:7d",
    "at": "2026-11-24T08:00:00Z",
    "local": "2026-11-24T09:00:00+01:00",
    "valid_until": "2026-11-27T08:00:00Z",
    "channel": "sms",
    "state": "gave_way",
    "why": "The last day for VAT for 3rd quarter 2026 is Tuesday 1 December.",
    "carried_by": "check_in:2026-W48",
    "gave_way": {"reason": "cancelled", "text": "The coach has taken it out, and what comes after it."},
    "adjustment": {"action": "cancel", "key": "vat:2026Q3:14d", "at": "2026-11-23T13:00:00Z"},
}
"""With every part filled in, though no message has all of them at once."""
MOVE = {"at": "2026-11-25T13:00:00+01:00"}
STOPPED = {"told": "telegram"}
PAUSE_WISH = {"until": "2026-12-14", "reason": "holiday", "topic": "check_ins"}
PAUSE = {"topic": "check_ins", "since": "2026-11-24T09:00:00Z", "until": "2026-12-14", "reason": "holiday"}
CURSOR = "MjAyNi0xMS0yM1QwOTowMDowMCswMDowMCAwTHI4YzFxeVR0RzJiWG85UzV2NmhB"
STATUS = {
    "away": [
        {
            "channel": "sms",
            "since": "2026-11-24T09:12:00Z",
            "long": False,
            "says": "SMS can't go out right now. Messages wait. Since 24 November at 10:12.",
        }
    ],
    "capped": {
        "since": "2026-11-24T14:30:00Z",
        "segments": 2000,
        "says": "Today's SMS have been used up since 15:30. Answers and what is urgent go out.",
    },
}
WORDS = {
    "text": "Hej {{ first_name }}. Hvordan går det med dit projekt? Svar med et tal fra 1 til 5.",
    "telegram": "Hej {{ first_name }}.\nHvordan går det med dit projekt? Svar med et tal fra 1 til 5.",
}
WORDING = {
    **WORDS,
    "number": 3,
    "version": "da/checkin@v3",
    "state": "live",
    "as_shipped": False,
    "copy_of": 1,
    "made_at": "2026-11-23T13:00:00Z",
    "made_by": "x4kQ9sV1nTf7mZc0hB3ryg",
    "live_at": "2026-11-23T13:05:00Z",
    "fault": "text: line 1: there is no name in this text; did you mean first_name?",
}
DRAFT = {**WORDING, "number": 4, "version": "da/checkin@v4", "state": "draft"}
TEXT_LINE = {
    "key": "checkin",
    "always": ["first_name", "today"],
    "sometimes": ["business", "coach", "coach_phone"],
    "languages": {"da": {"live": WORDING, "draft": DRAFT}},
}
TEXT = {**TEXT_LINE, "languages": {"da": {"live": WORDING, "draft": DRAFT, "versions": [DRAFT, WORDING]}}}
DIFFERENCE = {
    "before": "da/rsvp_no@v1",
    "after": "da/rsvp_no@v2",
    "lines": ["--- da/rsvp_no@v1", "+++ da/rsvp_no@v2", "@@ -1,2 +1,2 @@", " [text]", "-Tak.", "+Tak for beskeden."],
}
TRIED = {"id": "m2c9F5b8QdW1yJ6tN4x0zg", "text": "PRØVE: Hej Maja. Hvordan går det?", "segments": 1}
PREVIEW_WISH = {"words": WORDS, "participant_id": "qk1RkPj0T3G9n7ZbY2m4dw"}
PREVIEW = {
    "version": "da/checkin@v3",
    "faults": {"text": ["'\u2013' leaves room for only 70 characters in an SMS; write '-'"]},
    "sampled": ["today"],
    "reading_ease": 17.5,
    "channels": [
        {
            "channel": "sms",
            "text": "Hej Maja \u2013 hvordan går det?",
            "encoding": "UCS-2",
            "segments": 1,
            "units": 27,
            "plain": {"text": "Hej Maja - hvordan går det?", "segments": 1, "units": 27},
        }
    ],
}
RECORDS = {
    "kept": {"id": "qk1RkPj0T3G9n7ZbY2m4dw", "external_id": "d-001"},
    "other": {"id": "Yb7sK2wQ9nD4fH0vU5cL1g", "external_id": "d-117"},
}
MERGE_WISH = {"other_id": RECORDS["other"]["id"]}
MERGE_LOOK = {
    **RECORDS,
    "differences": [{"what": "cohort", "kept": "Hold 1", "other": "Hold 2"}],
    "written_to": {"sms": "other"},
    "stopped": False,
    "on_its_way": False,
    "moves": {"messages_in": 3, "messages_out": 5, "answers": 2, "meetings": 1, "tasks": 1, "pauses": 0},
    "cancels": 4,
}
MERGED = {"id": "r8Vd3Xo1ZtQ6mC0jW5hE9w", "look": MERGE_LOOK}
MERGE = {
    **RECORDS,
    "id": "r8Vd3Xo1ZtQ6mC0jW5hE9w",
    "at": "2026-11-24T09:00:00Z",
    "made_by": "x4kQ9sV1nTf7mZc0hB3ryg",
    "undone_at": "2026-11-25T09:00:00Z",
    "undone_by": "x4kQ9sV1nTf7mZc0hB3ryg",
}
APART = {**RECORDS, "came": 1, "went": 2, "not_again": 1, "carried": False}
READINESS = {"status": "not ready", "reasons": ["the database does not answer"]}


def example(answer: dict[str, Any]) -> ConfigDict:
    """A model's configuration with this answer as its example."""
    return ConfigDict(json_schema_extra={"examples": [answer]})


def page_of(item: dict[str, Any]) -> ConfigDict:
    """The same for a page with one such line."""
    return example({"items": [item], "next": CURSOR})
