"""One request over a kept connection: what is kept, what is thrown away, and what a failure proves."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medvind.wire import Answer, CutOffError, NotReachedError, Wire

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nja"
HANG_UP = b""
"""In a script: the other side closes the connection."""


@dataclass
class Host:
    """Answers each request with the next of its script, on whatever connection it comes; keeps what it heard."""

    script: Sequence[bytes]
    heard: list[bytes] = field(default_factory=list)
    url: str = ""
    writers: list[asyncio.StreamWriter] = field(default_factory=list)

    @property
    def connections(self) -> int:
        return len(self.writers)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.writers.append(writer)
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
                self.heard.append(head + await reader.readexactly(length))
                answer = self.script[len(self.heard) - 1]
                if answer == HANG_UP:
                    return
                writer.write(answer)
                await writer.drain()
        except (asyncio.IncompleteReadError, asyncio.CancelledError, ConnectionError, IndexError):
            return
        finally:
            writer.close()


@asynccontextmanager
async def hosting(*script: bytes) -> AsyncIterator[tuple[Host, Wire]]:
    host = Host(script)
    server = await asyncio.start_server(host.serve, "127.0.0.1", 0)
    host.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    wire = Wire(f"{host.url}/prefix/", 1.0, 1000)
    try:
        yield host, wire
    finally:
        wire.close()
        server.close()


async def ask(wire: Wire, target: str = "/send?a=1", **headers: str) -> Answer:
    answer = Answer()
    await wire.ask("POST", target, headers, b"Body=Hej", answer, 5.0)
    return answer


async def test_a_request_goes_out_as_it_was_asked_and_the_answer_comes_back_whole() -> None:
    async with hosting(b"HTTP/1.1 201 Created\r\nContent-Length: 2\r\nX-Id:  7 \r\n\r\nja") as (host, wire):
        answer = await ask(wire, Accept="*/*")
    assert (answer.status, answer.text, answer.accepted, answer.headers["x-id"]) == (201, "ja", True, "7")
    head, _, body = host.heard[0].partition(b"\r\n\r\n")
    place = host.url.removeprefix("http://").encode()
    assert head.split(b"\r\n") == [b"POST /prefix/send?a=1 HTTP/1.1", b"Host: " + place, b"Content-Length: 8", b"Accept: */*"]
    assert body == b"Body=Hej"


async def test_one_connection_carries_many_requests_one_after_the_other() -> None:
    async with hosting(*[OK] * 20) as (host, wire):
        assert {(await ask(wire)).status for _ in range(20)} == {200}
        assert (host.connections, len(host.heard)) == (1, 20)


async def test_requests_at_once_have_a_connection_each() -> None:
    async with hosting(*[OK] * 20) as (host, wire):
        await asyncio.gather(*(ask(wire) for _ in range(10)))
        await asyncio.gather(*(ask(wire) for _ in range(10)))
        assert (host.connections, len(host.heard)) == (10, 20)


@pytest.mark.parametrize(
    "last",
    [
        b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nja",
        b"HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nja",
        OK + b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nspam",
    ],
    ids=["told to close", "an old version", "more than was asked for"],
)
async def test_a_connection_that_may_not_go_on_is_not_used_again(last: bytes) -> None:
    async with hosting(last, OK) as (host, wire):
        assert (await ask(wire)).text == "ja"
        assert (await ask(wire)).text == "ja"
        assert host.connections == 2


async def test_a_kept_connection_that_the_other_side_has_closed_costs_no_message() -> None:
    async with hosting(OK, OK, OK) as (host, wire):
        another = Wire(host.url, 1.0, 1000)
        await ask(wire)
        host.writers[0].close()
        await host.writers[0].wait_closed()
        await ask(another)  # by then the loop has heard of it
        assert (await ask(wire)).status == 200
        assert (host.connections, len(host.heard)) == (3, 3)
        another.close()


@pytest.mark.parametrize(
    ("said", "accepted"),
    [
        (HANG_UP, False),
        (b"HTTP/1.1 201 Created\r\nContent-Length: 100\r\n\r\nja", True),
        (b"SSH-2.0-OpenSSH_9.2\r\n", False),
        (b"HTTP/1.1 201 Created\r\nContent-Length: 2000\r\n\r\n" + b"x" * 2000, True),
        (b"HTTP/1.1 201 Created\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\njaja", False),
        (b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n", False),
    ],
    ids=["hung up", "cut short", "another language", "too long", "two lengths", "another protocol"],
)
async def test_what_is_no_whole_answer_says_that_the_request_left(said: bytes, accepted: bool) -> None:
    async with hosting(said, OK) as (host, wire):
        answer = Answer()
        with pytest.raises(CutOffError):
            await wire.ask("POST", "/send", {}, b"", answer, 0.3)
        assert answer.accepted == accepted
        assert (await ask(wire)).status == 200
        assert host.connections == 2, "the connection is not used again"


async def test_a_word_in_between_is_not_the_answer() -> None:
    async with hosting(b"HTTP/1.1 100 Continue\r\nX-Id: 1\r\n\r\n" + OK) as (_, wire):
        answer = await ask(wire)
    assert (answer.status, answer.text, answer.headers) == (200, "ja", {"content-length": "2"})


async def test_an_answer_in_pieces_is_put_together() -> None:
    chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nja,\r\n4\r\n tak\r\n0\r\n\r\n"
    async with hosting(chunked, OK) as (host, wire):
        assert (await ask(wire)).text == "ja, tak"
        assert (await ask(wire)).text == "ja"
        assert host.connections == 1


async def test_whoever_is_not_there_has_heard_nothing() -> None:
    async with hosting() as (host, _):
        pass
    wire = Wire(host.url, 1.0, 1000)
    with pytest.raises(NotReachedError, match="ConnectionRefusedError"):
        await ask(wire)


@pytest.mark.parametrize(
    ("target", "headers"),
    [("/a b", {}), ("/a\r\nX-Evil: 1", {}), ("/æ", {}), ("/", {"X-Name": "a\r\nX-Evil: 1"}), ("/", {"X\nY": "1"})],
)
async def test_no_value_becomes_a_second_header(target: str, headers: dict[str, str]) -> None:
    async with hosting(OK) as (host, wire):
        with pytest.raises(ValueError, match="signs that don't belong there"):
            await ask(wire, target, **headers)
        assert host.heard == []


@given(st.binary(max_size=200))
async def test_whatever_the_other_side_says_is_an_answer_or_a_failure_and_nothing_else(said: bytes) -> None:
    async with hosting(said + b"\r\n\r\n") as (_, wire):
        with suppress(CutOffError):
            await wire.ask("POST", "/", {}, b"", Answer(), 0.05)
