"""Runs every code block of a client's README, in an empty directory: the first one alone, then all in order."""

import os
import re
import subprocess
from pathlib import Path

import pytest

from tests.clients.languages import build, environment_of, require
from tests.clients.scenario import HERE, ROOT
from tests.clients.test_methods import PASSWORD, SCOPES, create_key, log_in
from tests.support.client import TestFailure
from tests.support.server import Server

# The language of the code blocks, where it has another name.
FENCES = {"typescript": "ts"}
LONGEST_QUICKSTART = 12
# What a README explains.
SUBJECTS = [
    *("verify", "LATCHKEY_URL", "LATCHKEY_API_KEY", "idempotency", "Retry-After", "If-Match", "rotate", "timeout"),
    *("request id", "cancel", "make mock", "latchkey serve"),
]


def blocks_of(language: str) -> list[str]:
    """The code blocks in the language itself."""
    readme = (ROOT / "generated/clients" / language / "README.md").read_text()
    return re.findall(rf"^```{FENCES.get(language, language)}\n(.*?)^```", readme, re.DOTALL | re.MULTILINE)


def test_readme(language: str, program: Path, tmp_path: Path, pytestconfig: pytest.Config) -> None:
    require(language, pytestconfig)
    text = (ROOT / "generated/clients" / language / "README.md").read_text().lower().replace("_", "-")
    assert [subject for subject in SUBJECTS if subject.lower().replace("_", "-") not in text] == []
    blocks = blocks_of(language)
    assert len([line for line in blocks[0].splitlines() if line.strip()]) <= LONGEST_QUICKSTART
    build(language, environment_of(language), tmp_path / "log")
    files = []
    for number, block in enumerate(blocks, 1):
        files.append(tmp_path / f"block-{number}")
        files[-1].write_text(block)
    with Server(program, PASSWORD) as server:
        key = create_key(server, log_in(server, "admin", PASSWORD), SCOPES)
        environment = environment_of(language) | {"LATCHKEY_URL": server.url, "LATCHKEY_API_KEY": key}
        environment["PATH"] = f"{program.parent}{os.pathsep}{environment['PATH']}"
        for name, chosen in (("the first block", files[:1]), ("all blocks", files)):
            directory = tmp_path / name
            directory.mkdir()
            run = subprocess.run(
                [HERE / language / "example.sh", *chosen],
                cwd=directory,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                errors="replace",
                check=False,
            )
            if run.returncode != 0:
                raise TestFailure(
                    f"{language}: {name} of README.md: exit status {run.returncode}\n{run.stdout[-4000:]}"
                )
            # The quickstart verifies a key that does not exist.
            assert "not_found" in run.stdout.lower()
        server.stop()
