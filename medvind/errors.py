"""Errors, named after what the caller does next. None carries a name, a number or somebody's words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from medvind.saying import Saying


class MedvindError(Exception):
    """Anything Medvind refuses. The message is for the person who can mend it: the place and the cure."""


class NotFoundError(MedvindError):
    """Nothing there that this viewer may see. Somebody else's and absent look the same."""


class InvalidError(MedvindError):
    """What was handed in can't be used as it is; nothing was written."""


class FieldError(InvalidError):
    """One field can't be used as it is: which one, what is wrong with it, and the cure. An API call is told so in its language.

    The words are an English sentence with its values, as `Saying` has them; another language has it by that sentence.
    """

    def __init__(self, field: str, says: str | Saying, /, **values: str | int) -> None:
        self.field = field
        self.saying = says if isinstance(says, Saying) else Saying(says, values)
        super().__init__(f"{field}: {self.saying}")


class UnreadableError(InvalidError):
    """A text that can't be read as one, or not be written with these facts: each fault, with its place and its cure."""

    def __init__(self, *faults: Saying) -> None:
        self.faults = faults
        super().__init__("; ".join(map(str, faults)))


class WordsRefusedError(InvalidError):
    """Words that may not go out as a text. `faults` are by the field that they stand in, each with its line and its cure."""

    def __init__(self, key: str, faults: Mapping[str, Sequence[Saying]]) -> None:
        self.faults = faults
        super().__init__(f"the words for {key} can't go out as they are")


class NotAllowedError(MedvindError):
    """This viewer may see it, and may not change it."""


class NotReadyError(MedvindError):
    """The service can't run as things stand (schema, port, file): mend it and start again."""


class DatabaseAwayError(MedvindError):
    """The database did not answer in time, or could not write: try again later, nothing was done."""


class OtherSchemaError(NotReadyError, DatabaseAwayError):
    """The database is as another version of Medvind needs it: start that one, or bring the schema up to date.

    Whoever can wait for the database does so here as well: what came is told again, to the version that can read it.
    """


class ConflictError(MedvindError):
    """Somebody else was quicker: begin again from what is there now."""


class MergeRefusedError(ConflictError):
    """Two records can't be joined, or not be taken apart again, as things stand. `why` is the name of what is in the way.

    `into`: the external id of the one to go on with.
    """

    def __init__(self, why: str, says: str, into: str | None = None) -> None:
        self.why = why
        self.into = into
        super().__init__(says)


class SettingsError(NotReadyError):
    """A setting is missing or wrong. The message names it, says what is wrong and gives an example."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong in a file. `row` counts as a spreadsheet does: the header is row 1."""

    row: int
    column: str
    problem: str
    cure: str

    def __str__(self) -> str:
        """One line, as a coach reads it."""
        place = f"row {self.row}, {self.column}" if self.column else f"row {self.row}"
        return f"{place}: {self.problem}. {self.cure}"


@dataclass(frozen=True, slots=True)
class FieldFault:
    """One thing wrong in a file of named parts, such as the steps of a programme."""

    part: str
    field: str
    problem: str
    cure: str

    def __str__(self) -> str:
        """One line, as a coach reads it."""
        return f"{self.part}, {self.field}: {self.problem}. {self.cure}"


class FileFaultsError(InvalidError):
    """A file has faults; all of them are listed, and nothing of it was written."""

    def __init__(self, name: str, faults: Sequence[Fault | FieldFault]) -> None:
        self.name = name
        self.faults = faults
        super().__init__(f"{name}: {len(faults)} fault{'s' * (len(faults) != 1)}, nothing was imported")


class ChannelError(MedvindError):
    """A channel could not say yes. `reason` is the provider's code, never its text."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


class NotSentError(ChannelError):
    """Certainly not sent, and trying again later can help. `answered`: it is there and said no, to this message alone."""

    def __init__(self, reason: str, *, answered: bool = False) -> None:
        self.answered = answered
        super().__init__(reason)


class GoneError(NotSentError):
    """The provider does not know what it was asked about: what should be deleted there is not there any more."""


class ThrottledError(ChannelError):
    """Certainly not sent: the provider asks the whole channel to rest for `after` seconds."""

    def __init__(self, reason: str, after: float) -> None:
        self.after = after
        super().__init__(reason)


class UndeliverableError(ChannelError):
    """Never will be sent like this. `dead`: the address itself is no good; `stopped`: the person blocked us there."""

    def __init__(self, reason: str, *, dead: bool = False, stopped: bool = False) -> None:
        self.dead = dead
        self.stopped = stopped
        super().__init__(reason)


class UnknownFateError(ChannelError):
    """Nobody can tell whether it was sent. `accepted`: the provider said yes but no id was readable, so never resend."""

    def __init__(self, reason: str, *, accepted: bool = False) -> None:
        self.accepted = accepted
        super().__init__(reason)
