"""Checks `make test-contract URL=…`, also by the commands of docs/CONTRACT.md.

It passes on a server that conforms to the contract, fails on one that does not and without rights, prints no secret,
and leaves the user's own keys alone.
"""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.contract.broken_proxy import BrokenProxy
from tests.contract.callers import USERS
from tests.contract.fuzzing import ROOT
from tests.support.client import JSON
from tests.support.server import Server

# Few and fixed: the subject here is the command, not the server.
ARGUMENTS = ["--examples", "2", "--seed", "1"]
# Not the password in the contract's example, which the command must not try.
PASSWORD = "another-password"
SECRETS = re.compile(r"eyJ[\w-]+\.[\w-]+\.[\w-]+|lk_[0-9A-Za-z]{46}")


class Deployed:
    """A server with a key that was there before the tests."""

    def __init__(self, server: Server):
        self.server = server
        self.bearer = server.log_in("admin", PASSWORD)
        body = b'{"description": "existing"}'
        self.key: str = server.request_json("POST", "/v1/api-keys/", self.bearer | JSON, body)["full_key"]
        server.create_user(*USERS["second"])
        server.create_user("contract-test", "contract-test-1", role="admin")

    def list_keys(self) -> list[dict[str, Any]]:
        keys: list[dict[str, Any]] = json.loads(self.server.request("GET", "/v1/api-keys/?limit=1000", self.bearer)[1])
        return keys


@pytest.fixture(scope="module")
def deployed(program: Path) -> Iterator[Deployed]:
    with Server(program, PASSWORD) as server:
        yield Deployed(server)


def run(url: str, credential: dict[str, str], command: list[str] | None = None) -> tuple[int, str]:
    """The exit status and the output of a run, which must not show any secret."""
    environment = {
        name: value
        for name, value in os.environ.items()
        if name not in ("USERNAME", "PASSWORD", "TOKEN", "KEY") and not name.startswith("MAKE")
    }
    command = command or [sys.executable, "-B", "-m", "tests.contract.deployed", url, *ARGUMENTS]
    ended = subprocess.run(
        command,
        cwd=ROOT,
        env=environment | credential,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert not SECRETS.search(ended.stdout), "a secret of the server was printed"
    shown = [
        name for name in ("PASSWORD", "TOKEN", "KEY") if credential.get(name, "") and credential[name] in ended.stdout
    ]
    assert not shown, "a given secret was printed"
    return ended.returncode, ended.stdout


MEMBER = dict(zip(("USERNAME", "PASSWORD"), USERS["second"], strict=True))


@pytest.mark.parametrize(
    ("credential", "message"),
    [
        pytest.param({}, "set USERNAME and PASSWORD, or TOKEN, or KEY", id="no credential"),
        pytest.param({"USERNAME": "admin", "PASSWORD": "wrong-password"}, "invalid_grant", id="wrong password"),
        pytest.param(MEMBER, "lacks rights that the test needs", id="member"),
    ],
)
def test_unsuitable_credential_fails(deployed: Deployed, credential: dict[str, str], message: str) -> None:
    status, output = run(deployed.server.url, credential)
    assert (status, message in output) == (1, True), output


def test_conforming_server_passes(deployed: Deployed) -> None:
    before = deployed.list_keys()
    status, output = run(deployed.server.url, {"KEY": deployed.key})
    assert (status, "20 of 20 operations tested" in output) == (0, True), output
    assert deployed.list_keys() == before


def test_documented_commands_pass(deployed: Deployed) -> None:
    document = (ROOT / "docs/CONTRACT.md").read_text()
    block = re.search(r"```sh\n(export USERNAME=contract-test PASSWORD=….*?)```", document, re.DOTALL)
    assert block
    commands = block[1].replace("PASSWORD=…", "PASSWORD=contract-test-1")
    commands = commands.replace("https://latchkey.example.com", deployed.server.url)
    status, output = run("", {"EXAMPLES": "2", "SEED": "1"}, ["bash", "-ec", commands])
    assert (status, "22 of 22 operations tested" in output) == (0, True), output
    assert "contract-test-1" not in output


def test_violating_server_fails(deployed: Deployed) -> None:
    before = deployed.list_keys()
    with BrokenProxy(deployed.server.address, deployed.bearer) as broken:
        status, output = run(f"http://{broken.address}", {"KEY": deployed.key})
    assert status == 1, output
    for reported in ("Undocumented status code", "Missing required response headers", "Response violates schema"):
        assert reported in output
    # The proxy pretends to delete, so keys of the run remain.
    assert before[0] in deployed.list_keys()
