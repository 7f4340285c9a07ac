"""Runs the tests that a language has of its runtime alone, beside those that all languages share (methods.yaml)."""

import subprocess
from pathlib import Path

import pytest

from tests.clients.languages import build, environment_of, require
from tests.clients.scenario import HERE
from tests.clients.test_methods import PASSWORD, SCOPES, create_key, log_in
from tests.support.client import TestFailure
from tests.support.server import Server


def test_runtime(language: str, program: Path, tmp_path: Path, pytestconfig: pytest.Config) -> None:
    require(language, pytestconfig)
    script = HERE / language / "runtime.sh"
    if not script.exists():
        pytest.skip("it has no tests of its own")
    environment = environment_of(language)
    build(language, environment, tmp_path / "log")
    with Server(program, PASSWORD) as server:
        key = create_key(server, log_in(server, "admin", PASSWORD), SCOPES)
        run = subprocess.run(
            [script],
            env=environment
            | {"LATCHKEY_URL": server.url, "LATCHKEY_API_KEY": key}
            | {"LATCHKEY_TEST_USERNAME": "admin", "LATCHKEY_TEST_PASSWORD": PASSWORD},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            check=False,
        )
        server.stop()
    if run.returncode != 0:
        raise TestFailure(f"{language}: the tests of the runtime failed:\n{run.stdout}")
