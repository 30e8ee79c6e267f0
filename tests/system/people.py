"""The made-up people of the stories, as a coach's spreadsheet has them."""

from collections.abc import Iterable, Mapping

COLUMNS = ("external_id", "first_name", "phone", "cohort", "coach_email", "course_ended_on", "consent_on", "channel")
AMINA, BO, CAMILLA, EMINE = "+4501000001", "+4501000002", "+4501000003", "+4501000005"


def person(external_id: str, first_name: str, phone: str = "", **cells: str) -> Mapping[str, str]:
    """A row. With a phone and nothing else said, they have said yes to text messages on 1 November."""
    said_yes = {"consent_on": "01.11.2026", "channel": "sms"} if phone else {}
    given = {"external_id": external_id, "first_name": first_name, "phone": phone, "coach_email": "karin@kommune.example"}
    return dict.fromkeys(COLUMNS, "") | given | said_yes | cells


def meeting(external_id: str, starts_at: str, people: Iterable[str], **cells: str) -> Mapping[str, str]:
    """A row of the meetings' sheet."""
    return {
        "external_id": external_id,
        "kind": "follow_up_meeting",
        "title": "Opfølgende møde",
        "starts_at": starts_at,
        "minutes": "60",
        "place": "Vestergade 58, 1. sal",
        "coach_email": "karin@kommune.example",
        "participants": " ".join(people),
        **cells,
    }
