"""Runs the code blocks of the documents, with servers, data and ports of the test's own.

The blocks of a document run in order in one shell (session.sh), and every command must succeed; curl must get 2xx, or
the status that a comment at the end of the line names (`# 401`). A comment right before a block is a directive:

    <!-- serves ADDRESS -->     its last command keeps running, a server at this address
    <!-- run by PATH -->        a test at PATH extracts the block from the document and runs it
    <!-- not run: REASON -->
"""

import contextlib
import os
import re
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.docs.documents import ROOT, Block, Document
from tests.support.client import JSON, Client, TestFailure

SESSION = Path(__file__).resolve().parent / "session.sh"
SESSION_LANGUAGES = ("sh", "nginx")
# The user and the password that `make run` creates, as README.md says.
LOGIN = ("admin", "latchkey-demo")
STOP_TIMEOUT = 60.0


def free_port() -> int:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        port: int = bound.getsockname()[1]
        return port


class Environment:
    """What replaces the things that the documents name: the server, its data, ports, a database."""

    def __init__(self, scratch: Path, program: Path, database_url: str):
        self.scratch, self.data, self.program = scratch, scratch / "data", program
        self.data.mkdir(mode=0o755)
        (scratch / "bin").mkdir()
        (scratch / "bin" / "latchkey").symlink_to(program)
        self.address = f"127.0.0.1:{free_port()}"
        self.upstream = f"127.0.0.1:{free_port()}"
        mock_port = free_port()
        self.substitutions = {
            "127.0.0.1:8080": self.address,
            "127.0.0.1:9000": self.upstream,
            "0.0.0.0:8080": f"127.0.0.1:{free_port()}",
            "127.0.0.1:4010": f"127.0.0.1:{mock_port}",
            "postgres://latchkey:…@db.example.com/latchkey?sslmode=verify-full": database_url,
            "/var/lib/latchkey/": f"{self.data}/",
            # An optimised program takes minutes to build, and behaves alike.
            "make build": "make --dry-run build",
            "target/release/": f"{scratch}/bin/",
        }
        inherited = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("LATCHKEY_", "MAKE", "DATABASE_URL"))
        }
        self.variables = {
            **inherited,
            "LATCHKEY_DATA_DIR": str(self.data),
            "LATCHKEY_LISTEN": self.address,
            # What the reader chooses, or has from before.
            "PASSWORD": "a password of one's own",
            "PATH": f"{scratch / 'bin'}:{os.environ['PATH']}",
            # Of `make mock`.
            "PORT": str(mock_port),
            "PROJECT": str(ROOT),
            "TMPDIR": str(scratch),
        }

    def substituted(self, text: str, gateway_port: int) -> str:
        for old, new in self.substitutions.items():
            text = text.replace(old, new)
        text = text.replace("listen 8000", f"listen {gateway_port}")
        return text.replace("127.0.0.1:8000", f"127.0.0.1:{gateway_port}")

    def create_key(self) -> str:
        """A new key of the admin of README.md's server."""
        client = Client(f"http://{self.address}")
        key: str = client.request_json("POST", "/v1/api-keys/", client.log_in(*LOGIN) | JSON, b"{}")["full_key"]
        return key

    def run(self, command: Sequence[str | Path]) -> str:
        """What the command prints; it must succeed."""
        run = subprocess.run(
            command, env=self.variables, capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False
        )
        if run.returncode != 0:
            raise TestFailure(f"{' '.join(map(str, command))} failed:\n{run.stdout}{run.stderr}")
        return run.stdout


def runs_in_session(block: Block) -> bool:
    """Whether the block runs in the shell of its document."""
    is_elsewhere = block.directive.startswith(("not run: ", "run by "))
    return block.language in SESSION_LANGUAGES and not is_elsewhere


@contextlib.contextmanager
def session(environment: Environment, document: Document) -> Iterator[None]:
    """Runs the blocks of the document that run in a session; the servers that they start run until the exit."""
    directory = Path(tempfile.mkdtemp(prefix="session.", dir=environment.scratch))
    gateway_port = free_port()
    files = []
    for block in filter(runs_in_session, document.blocks):
        served = block.directive.removeprefix("serves ") if block.directive.startswith("serves ") else ""
        extension = "serves" if served else block.language
        path = directory / f"{Path(block.document).name}:{block.line}.{extension}"
        path.with_name(f"{path.name}.address").write_text(environment.substituted(served, gateway_port))
        path.write_text(environment.substituted(_script(block), gateway_port))
        files.append(path)
    process = subprocess.Popen(
        ["bash", SESSION, *files],
        cwd=directory,
        env=environment.variables | {"GATEWAY_PORT": str(gateway_port)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    assert process.stdout
    try:
        output: list[str] = []
        for line in process.stdout:
            if line == "DONE\n":
                break
            output = [] if line == "BLOCK\n" else [*output, line]
        else:
            raise TestFailure(f"{document.name}: a block failed:\n{''.join(output[-20:]).strip()}")
        yield
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(STOP_TIMEOUT)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            raise TestFailure(f"{document.name}: a process that a block started does not stop") from None
        finally:
            process.stdout.close()


def _script(block: Block) -> str:
    """The block as the shell runs it: expected statuses before `curl`, and the document's line numbers."""
    text = re.sub(r"^(curl .*\s# (\d{3})\b.*)$", r"expected=\2 \1", block.text, flags=re.MULTILINE)
    return "\n" * block.line + text
