"""Asking Telegram what came. Nothing is confirmed before it is kept, and no update keeps another one waiting."""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from typing import Any, TypeVar

import structlog

from bot.after import show
from bot.keeping import keep
from bot.telegram import Telegram
from bot.updates import Update, id_of, read_update
from medvind.clock import Clock
from medvind.errors import ChannelError, DatabaseAwayError, ThrottledError, UnknownFateError
from medvind.store.database import Database

PAUSES = (1.0, 2.0, 5.0, 10.0, 30.0)
"""Seconds before asking again, from trouble to trouble."""
WAIT = 25.0
"""Seconds that Telegram holds a question open while nothing comes; some proxies cut off what is silent for thirty."""

T = TypeVar("T")

log = structlog.get_logger()


async def poll(
    channel: Telegram,
    db: Database,
    clock: Clock,
    wake: Callable[[], None],
    stop: asyncio.Event,
    *,
    pauses: Sequence[float] = PAUSES,
    wait: float = WAIT,
) -> None:
    """Asks until told to stop, which ends it at once. `wake` is called after each commit: an answer may be waiting to go out.

    A webhook that was set is taken down first, since Telegram gives updates to one or the other. Never raises for trouble
    of Telegram's, of the network's or of the database's: it waits and asks again.
    """
    polling = _Polling(channel, db, clock, wake, stop, wait)
    troubles = 0
    while not stop.is_set():
        try:
            await polling.look()
        except (ChannelError, DatabaseAwayError) as error:
            pause = pauses[min(troubles, len(pauses) - 1)]
            troubles += 1
            if isinstance(error, ThrottledError):
                pause = max(pause, error.after)
            log.warning("polling_pauses", error=type(error).__name__, reason=getattr(error, "reason", ""))
            await polling.until_stop(asyncio.sleep(pause))
        else:
            troubles = 0


class _Polling:
    """How far we have come. `offset` is what confirms the last batch; nothing is left to confirm where it is None."""

    def __init__(
        self,
        channel: Telegram,
        db: Database,
        clock: Clock,
        wake: Callable[[], None],
        stop: asyncio.Event,
        wait: float,
    ) -> None:
        self._channel, self._db, self._clock, self._wake, self._stop = channel, db, clock, wake, stop
        self._wait = wait
        self._alone = False
        self._offset: int | None = None

    async def look(self) -> None:
        """One question, and all that came of it. Raises ChannelError and DatabaseAwayError; what wasn't kept comes again.

        Numbers may fall after a quiet week. So they are never compared with those of another batch, and once Telegram has
        nothing more, it is asked without one.
        """
        if not self._alone:
            await self.until_stop(self._channel.delete_webhook())
            self._alone = True
        batch = await self.until_stop(self._channel.updates(self._offset, self._wait))
        if not batch:
            self._offset = None
            return
        numbers = [number for number in map(id_of, batch) if number is not None]
        whole = await self._keep([read_update(update) for update in batch])
        if not numbers:
            raise UnknownFateError("telegram: updates without numbers")
        if not whole:
            raise DatabaseAwayError("an update could not be kept")
        self._offset = max(numbers) + 1

    async def _keep(self, updates: Sequence[Update]) -> bool:
        """Each in a transaction of its own; whether all of them are safe. One that can't be kept stops none behind it."""
        kept, whole = list[Update](), True
        for update in updates:
            try:
                await keep(self._db, self._clock, update)
            except DatabaseAwayError:
                raise
            except Exception as error:  # noqa: BLE001 - the last stop: Telegram keeps it, and gives it again
                log.error("update_not_kept", error=type(error).__name__)  # noqa: TRY400 - a traceback may hold words
                whole = False
            else:
                kept.append(update)
                self._wake()
        await self.until_stop(show(self._channel, kept))
        return whole

    async def until_stop(self, doing: Coroutine[Any, Any, T]) -> T | None:
        """What comes of it, or None where it is time to stop before it is done; then it is cancelled."""
        done, stopped = asyncio.create_task(doing), asyncio.create_task(self._stop.wait())
        try:
            await asyncio.wait({done, stopped}, return_when=asyncio.FIRST_COMPLETED)
            return done.result() if done.done() else None
        finally:
            done.cancel()
            stopped.cancel()
            await asyncio.gather(done, stopped, return_exceptions=True)
