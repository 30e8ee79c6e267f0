"""A calendar program fetches a feed from the real service, and the address that opens it is in no log."""

import json
import socket
import sqlite3
from contextlib import closing

import psycopg

from tests.calendars import events
from tests.system.conftest import Stage
from tests.system.people import AMINA, meeting, person
from tests.system.rig import wait_until


def test_the_address_of_a_calendar_is_in_no_log_line_whatever_goes_wrong(stage: Stage) -> None:
    stage.clock("2026-11-24 10:00")
    token = stage.set_up()
    stage.rig.run("import", "participants", stage.rig.write("people.csv", [person("d-1", "Amina", AMINA)]))
    stage.rig.run("import", "meetings", stage.rig.write("meetings.csv", [meeting("m-1", "2026-12-03 14:00", ["d-1"])]))
    api = stage.start_api()
    url = given(stage, token)
    secret = url.removeprefix(f"{stage.api}/calendar/").removesuffix(".ics")
    fetch = stage.twilio.client.get
    answer = fetch(url)
    assert answer.status_code == 200
    [event] = events(answer.content)
    assert (event["SUMMARY"], event["LOCATION"]) == ("Møde", "Vestergade 58, 1. sal")

    others = [fetch(f"{url}?token={secret}"), fetch(f"{url}/x"), fetch(url.replace(secret, secret[::-1])), fetch(f"{url}?x=1")]
    assert [one.status_code for one in others] == [400, 404, 404, 200]
    garbage(stage, secret)
    spoil_the_place(stage)
    assert fetch(url).status_code == 500
    wait_until(lambda: "unexpected" in api.text(), "the fault to be logged")
    assert api.end() == 0
    lines = [json.loads(line) for line in api.text().splitlines()]
    print(f"0 lines with the address; looked at {len(lines)}: {', '.join(line['event'] for line in lines)}")
    assert {"started", "library", "unexpected", "stopped"} <= {line["event"] for line in lines}
    assert secret not in api.text()
    assert "/calendar/" not in api.text()


def given(stage: Stage, token: str) -> str:
    """The address of Amina's calendar, as her coach gets it."""
    [amina] = stage.get("participants", token)["items"]
    path = f"{stage.api}/v1/participants/{amina['id']}/calendar"
    answer = stage.twilio.client.post(path, headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 201
    url: str = answer.json()["url"]
    assert url.startswith(f"{stage.api}/calendar/")
    return url


def garbage(stage: Stage, secret: str) -> None:
    """A request that is none, of which the server complains."""
    with closing(socket.create_connection(("127.0.0.1", stage.port), 5)) as line:
        line.sendall(f"GET /calendar/{secret}.ics NOTHTTP\r\n\r\n".encode())
        assert b"400" in line.recv(1000)


def spoil_the_place(stage: Stage) -> None:
    """What is sealed no longer opens: a fault in the middle of writing the feed."""
    url = stage.rig.env["MEDVIND_DATABASE_URL"]
    if url.startswith("sqlite:///"):
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as file, file:
            file.execute("update meetings set place = title")
    else:
        with psycopg.connect(url) as server:
            server.execute("update meetings set place = title")
