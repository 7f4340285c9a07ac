"""The environment of the documentation's tests."""

import subprocess
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.docs.documents import DOCUMENTS
from tests.docs.session import Environment, session


@pytest.fixture(scope="session")
def environment(program: Path, database_url: str) -> Iterator[Environment]:
    """The environment of all documents, with an upstream server for the gateways."""
    with TemporaryDirectory(prefix="latchkey-docs.", dir="/tmp", ignore_cleanup_errors=True) as directory:
        # Postgres does not run as root, and must be able to reach its data.
        Path(directory).chmod(0o755)
        environment = Environment(Path(directory), program, database_url)
        host, port = environment.upstream.split(":")
        command = ["python3", "-m", "http.server", "--bind", host, "--directory", str(Path(__file__).parent), port]
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as upstream:
            try:
                yield environment
            finally:
                upstream.terminate()


@pytest.fixture(scope="session")
def readme_server(environment: Environment) -> Iterator[Environment]:
    """The environment, with the server that README.md starts; its blocks have succeeded."""
    with session(environment, DOCUMENTS[0]):
        environment.variables["SECRET"] = environment.create_key()
        yield environment
