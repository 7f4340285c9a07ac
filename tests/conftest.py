"""Options and fixtures of all suites."""

import os
import signal
import subprocess
import urllib.parse
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.clients.languages import LANGUAGES
from tests.support.client import TestFailure

ROOT = Path(__file__).resolve().parents[1]
SUMMARY = pytest.StashKey[list[str]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--program", type=Path, default=ROOT / "target/debug/latchkey", help="the latchkey program")
    parser.addoption("--examples", type=int, default=20, help="examples of Schemathesis for each operation and phase")
    parser.addoption("--seed", type=int, help="seed of Schemathesis, which repeats a run [default: a random one]")
    parser.addoption("--language", action="append", help="a client to test; may be repeated [default: all]")
    parser.addoption(
        "--require-all", action="store_true", help="fail when the tools of a client's language are missing"
    )
    parser.addoption(
        "--screenshot", type=Path, default=ROOT / "target/docs.png", help="where the screenshot of /docs goes"
    )


def pytest_configure(config: pytest.Config) -> None:
    config.stash[SUMMARY] = []
    # Fixtures stop the started processes, which SIGTERM alone would leave running.
    signal.signal(signal.SIGTERM, lambda *_: pytest.exit("terminated", returncode=143))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "language" in metafunc.fixturenames:
        languages = metafunc.config.getoption("language") or list(LANGUAGES)
        if unknown := set(languages) - LANGUAGES.keys():
            raise pytest.UsageError(f"unknown languages: {', '.join(sorted(unknown))}")
        metafunc.parametrize("language", languages)


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    for text in config.stash[SUMMARY]:
        terminalreporter.write_line(text)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(call: pytest.CallInfo[None]) -> Generator[None, Any, Any]:
    """Shows the message of a `TestFailure` alone, without a traceback."""
    report: Any = yield
    if call.excinfo and isinstance(call.excinfo.value, TestFailure):
        report.longrepr = str(call.excinfo.value)
    return report


@pytest.fixture(scope="session")
def program(pytestconfig: pytest.Config) -> Path:
    """The latchkey program."""
    path: Path = pytestconfig.getoption("program").resolve()
    if not os.access(path, os.X_OK):
        raise TestFailure(f"{path} is missing: run `cargo build`")
    return path


@pytest.fixture(scope="session")
def database_url() -> Iterator[str]:
    """A new database on the server of `tests/with-postgres`."""
    url = os.environ.get("LATCHKEY_TEST_DATABASE_URL")
    if not url:
        raise TestFailure("LATCHKEY_TEST_DATABASE_URL is not set: run the tests by `tests/with-postgres`")
    name = f"latchkey_tests_{os.getpid()}"
    subprocess.run(["psql", "--quiet", "-c", f"CREATE DATABASE {name}", url], check=True)
    yield urllib.parse.urlsplit(url)._replace(path=f"/{name}").geturl()
    subprocess.run(["psql", "--quiet", "-c", f"DROP DATABASE {name} WITH (FORCE)", url], check=True)


@pytest.fixture(scope="session")
def summarize(pytestconfig: pytest.Config) -> Callable[[str], None]:
    """Adds a text to the summary at the end of the run."""
    return pytestconfig.stash[SUMMARY].append
