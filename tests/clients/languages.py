"""The languages of the clients, and their scripts `build.sh`, `check.sh`, `run.sh` and `example.sh`."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.clients.scenario import HERE, ROOT
from tests.support.client import TestFailure

# The commands that each language needs.
LANGUAGES = {
    "python": ["python3"],
    "typescript": ["node", "npm"],
    "go": ["go"],
    "java": ["javac", "mvn"],
    "rust": ["cargo"],
    "ruby": ["ruby"],
}


def require(language: str, config: pytest.Config) -> None:
    """Skips the test when a command of the language is missing; fails it when every language is required."""
    if missing := [command for command in LANGUAGES[language] if not shutil.which(command)]:
        message = f"{', '.join(missing)} is not installed"
        if config.getoption("require_all"):
            raise TestFailure(f"{language}: {message}, and every language is required")
        pytest.skip(message)


def environment_of(language: str) -> dict[str, str]:
    """The environment of a language's scripts: `BUILD` is a directory of its own, kept between runs."""
    return {**os.environ, "BUILD": str((ROOT / ".tools").resolve() / f"client-{language}"), "PYTHON": sys.executable}


def build(language: str, environment: dict[str, str], log: Path) -> None:
    """Compiles the client and its runner."""
    with log.open("ab") as sink:
        run = subprocess.run([HERE / language / "build.sh"], env=environment, stdout=sink, stderr=sink, check=False)
    if run.returncode != 0:
        raise TestFailure(f"{language} does not compile:\n{log.read_text(errors='replace')}")


def check(language: str, generated: Path, calls: Path) -> str | None:
    """Compiles the calls in `calls` against the client in `generated`; returns the errors, or None."""
    run = subprocess.run(
        [HERE / language / "check.sh", generated / "clients" / language, calls / language],
        env=environment_of(language),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
    )
    return run.stdout if run.returncode else None
