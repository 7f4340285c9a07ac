"""Runs every example of the READMEs of the clients that have methods."""

from pathlib import Path

import pytest

from tests.clients.languages import environment_of, require
from tests.clients.methods import has_methods
from tests.clients.runner import examples_of, run_block
from tests.clients.test_methods import PASSWORD, SCOPES, create_key, log_in
from tests.support.client import TestFailure
from tests.support.server import Server

LONGEST_QUICKSTART = 12


def test_readme(language: str, program: Path, pytestconfig: pytest.Config) -> None:
    require(language, pytestconfig)
    if not has_methods(language):
        pytest.skip("it has no methods yet")
    examples = examples_of(language)
    assert "verify" in examples[0].lower()
    assert len(examples[0].splitlines()) <= LONGEST_QUICKSTART
    problems = []
    with Server(program, PASSWORD) as server:
        key = create_key(server, log_in(server, "admin", PASSWORD), {"scopes": SCOPES})
        environment = environment_of(language)
        environment |= {"LATCHKEY_URL": f"http://{server.address}", "LATCHKEY_API_KEY": key}
        for example in examples:
            run = run_block(language, environment, server.directory, example, server.address, PASSWORD)
            if run.returncode != 0:
                problems.append(f"{example}\nexited with {run.returncode} and printed:\n{run.stdout[-4000:]}")
            if key in run.stdout:
                problems.append(f"{example}\nprinted the API key")
        server.stop()
    if problems:
        raise TestFailure("\n".join(problems))
