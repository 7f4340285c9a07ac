"""Runs the tests of what is peculiar to the Ruby client."""

import subprocess
from pathlib import Path

import pytest

from tests.clients.languages import build, environment_of, require
from tests.clients.scenario import HERE
from tests.support.client import TestFailure


def test_units(language: str, pytestconfig: pytest.Config, tmp_path: Path) -> None:
    if language != "ruby":
        pytest.skip("they are of Ruby")
    require(language, pytestconfig)
    environment = environment_of(language)
    build(language, environment, tmp_path / "build.log")
    run = subprocess.run(
        [HERE / language / "example.sh", HERE / language / "unit_test.rb"],
        env=environment,
        cwd=tmp_path,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
    )
    if run.returncode:
        raise TestFailure(run.stdout)
