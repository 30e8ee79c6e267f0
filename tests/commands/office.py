"""A municipality's office, where files lie and commands are typed."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.commands.calling import Said, medvind


@dataclass(frozen=True)
class Office:
    """A folder with files and a migrated database, on a Tuesday in November 2026."""

    folder: Path

    @property
    def settings(self) -> Mapping[str, str]:
        return {"MEDVIND_ENV": "test", "MEDVIND_DATABASE_URL": f"sqlite:///{self.folder}/medvind.db"}

    def medvind(self, *argv: str) -> Said:
        return medvind(*argv, **self.settings)

    def bring_in(self, what: str, content: bytes, *options: str, name: str = "file.csv") -> Said:
        (self.folder / name).write_bytes(content)
        return self.medvind("import", what, str(self.folder / name), *options)
