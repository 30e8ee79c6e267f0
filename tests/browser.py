"""A real browser for the run: found on this machine, else installed, once; never skipped."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from tests.postgres import locked

ADDRESS = "MEDVIND_TEST_BROWSER"
"""The path of a Chromium or Chrome to use instead of one that is found."""
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
ARGS = (
    "--no-sandbox",  # root has none, and it opens nothing but our own pages
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
LIMIT = 420.0
"""Seconds that one step of an installation may take."""
APT = ("env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q", "-y", "-o", "DPkg::Lock::Timeout=120")
CURE = f"install Chromium or Chrome, or point {ADDRESS} at one"


class NoBrowserError(Exception):
    """There is none, and none could be installed. The message says what was tried, and the cure."""


Run = Callable[[Sequence[str]], str | None]
"""Runs a command; None where all went well, else what went wrong in a few words."""


def path(place: Path | None = None) -> str:
    """Where the browser's program is; installed by whoever asks first, while the others wait.

    `place`: a folder that the processes of one run share. What failed once is not tried again in this run.
    """
    if found := find():
        return found
    place = place or Path(tempfile.gettempdir())
    failed = place / f"medvind-no-browser-{os.environ.get('PYTEST_XDIST_TESTRUNUID', os.getpid())}"
    with locked(place / "medvind-browser.lock"):
        if found := find():
            return found
        if failed.exists():
            raise NoBrowserError(failed.read_text(encoding="utf-8"))
        try:
            return install(run)
        except NoBrowserError as error:
            failed.write_text(str(error), encoding="utf-8")
            raise


def find() -> str | None:
    """The one that was named, else the first on the path or of Playwright's own that starts: some names lead to a stub."""
    if named := os.environ.get(ADDRESS):
        if not os.access(named, os.X_OK):
            raise NoBrowserError(f"{ADDRESS}: {named} is no program; {CURE}")
        return named
    on_path = (found for name in NAMES if (found := shutil.which(name)))
    return next((found for found in (*on_path, *_playwrights_own()) if run((found, "--version")) is None), None)


def install(run: Run) -> str:
    """Debian's package where we may, else Playwright's own. Raises NoBrowserError with what was tried."""
    tried = []
    for what, commands in _ways():
        fault = next((fault for command in commands if (fault := run(command))), None)
        if fault is None and (found := find()):
            return found
        tried.append(f"{what}: {fault or 'done, and still there is no program'}")
    raise NoBrowserError(f"no browser for the tests; {'; '.join(tried)}; {CURE}")


def _ways() -> list[tuple[str, list[Sequence[str]]]]:
    root = () if os.geteuid() == 0 else ("sudo", "-n")
    debian: list[Sequence[str]] = [
        (*root, *APT, "update"),
        (*root, *APT, "install", "--no-install-recommends", "chromium", "fonts-dejavu-core"),
    ]
    own: list[Sequence[str]] = [(sys.executable, "-m", "playwright", "install", "chromium")]
    return [("Debian's package", debian), ("Playwright's own", own)]


def run(command: Sequence[str]) -> str | None:
    """With a time limit and no terminal."""
    named = " ".join(command)
    try:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            timeout=LIMIT,
            check=False,
        )
    except FileNotFoundError:
        return f"no {command[0]} here"
    except subprocess.TimeoutExpired:
        return f"'{named}' took more than {LIMIT:g} s"
    last = next((line.strip() for line in reversed(done.stdout.splitlines()) if line.strip()), "no word")
    return f"'{named}' ended with {done.returncode}: {last}" if done.returncode else None


def _playwrights_own() -> list[str]:
    """Where `playwright install` puts them."""
    cache = Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH", Path.home() / ".cache" / "ms-playwright"))
    return sorted(str(found) for found in cache.glob("chromium-*/chrome-linux*/chrome"))
