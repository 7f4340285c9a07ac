"""A temporary Postgres with durable settings, pgbench, and the statements that other programs run on it."""

import contextlib
import os
import re
import shutil
import subprocess
import tempfile
import urllib.parse
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from bench.load import Latency, percentile
from bench.processes import number

SETTINGS = {
    "shared_buffers": "512MB",
    "max_connections": "200",
    "max_wal_size": "4GB",
    "shared_preload_libraries": "pg_stat_statements",
}
# An entry of the log, in which further lines begin with a tab.
LOGGED_STATEMENT = re.compile(
    r"^LOG:  execute [^:\n]+: (?P<text>.*(?:\n\t.*)*)\nDETAIL:  [Pp]arameters: (?P<parameters>.*(?:\n\t.*)*)",
    re.MULTILINE,
)
LOGGED_PARAMETER = re.compile(r"\$(\d+) = (?:'((?:[^']|'')*)'|NULL)")


class Statement(NamedTuple):
    """A statement that a program has run."""

    # With `$1` and so on, as Postgres has received it.
    text: str
    # The values of the parameters by their number, as text; `None` is null.
    parameters: dict[int, str | None]


class Script(NamedTuple):
    """A script for pgbench, and its variables."""

    text: str
    variables: dict[str, str]


class Postgres:
    """A running cluster."""

    def __init__(self, binaries: Path, directory: Path, account: list[str]) -> None:
        self.binaries = binaries
        self.directory = directory
        # What runs a command as a user that Postgres accepts.
        self.account = account
        self.url = f"postgres://postgres@{urllib.parse.quote(str(directory), safe='')}/postgres"
        # The same database; the server logs the statements of its clients.
        self.logging_url = f"{self.url}?options={urllib.parse.quote('-c log_statement=all')}"

    @classmethod
    @contextlib.contextmanager
    def serve(cls, **settings: str) -> Iterator["Postgres"]:
        """Starts the newest installed version with an empty cluster, which is removed on exit, and further settings."""
        binaries = max(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
        with tempfile.TemporaryDirectory(prefix="latchkey-bench-postgres.", dir="/tmp") as name:
            directory, account = Path(name), []
            directory.chmod(0o755)
            if os.geteuid() == 0:
                account = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]
                shutil.chown(directory, "postgres")
            postgres = cls(binaries, directory, account)
            data = directory / "data"
            postgres._run("initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C")
            settings = {
                **SETTINGS,
                **settings,
                "listen_addresses": "''",
                "log_line_prefix": "''",
                "unix_socket_directories": f"'{directory}'",
            }
            options = " ".join(f"-c {name}={value}" for name, value in settings.items())
            try:
                postgres._run("pg_ctl", "-D", data, "-l", directory / "log", "-w", "-o", options, "start")
                yield postgres
            finally:
                postgres._run("pg_ctl", "-D", data, "-m", "immediate", "-w", "stop", check=False)

    @property
    def pid(self) -> int:
        """The process id of the postmaster, whose children serve the clients."""
        return int((self.directory / "data/postmaster.pid").read_text().split()[0])

    def sql(self, *statements: str, database: str = "postgres") -> str:
        """Returns what psql prints for the statements."""
        commands = [word for statement in statements for word in ("-c", statement)]
        return self._run(
            "psql", "-qAt", "-v", "ON_ERROR_STOP=1", "-h", self.directory, "-U", "postgres", *commands, database
        )

    @contextlib.contextmanager
    def logged(self) -> Iterator[list[str]]:
        """A list that receives, on exit, what Postgres has logged meanwhile."""
        texts: list[str] = []
        log = self.directory / "log"
        begin = log.stat().st_size
        yield texts
        with log.open("rb") as file:
            file.seek(begin)
            texts.append(file.read().decode())

    @contextlib.contextmanager
    def logged_statements(self) -> Iterator[list[Statement]]:
        """A list that receives, on exit, the statements with parameters that clients of `logging_url` have run meanwhile."""
        statements: list[Statement] = []
        with self.logged() as texts:
            yield statements
        for match in LOGGED_STATEMENT.finditer("".join(texts)):
            parameters = {
                int(parameter[1]): parameter[2] and parameter[2].replace("''", "'")
                for parameter in LOGGED_PARAMETER.finditer(match["parameters"].replace("\n\t", "\n"))
            }
            statements.append(Statement(match["text"].replace("\n\t", "\n"), parameters))

    def bench(self, script: Script, connections: int, seconds: int) -> Latency:
        """Runs the script with pgbench, in prepared statements."""
        with tempfile.TemporaryDirectory(dir=self.directory) as name:
            directory = Path(name)
            directory.chmod(0o777)
            file = directory / "script.sql"
            file.write_text(script.text)
            command: list[object] = ["pgbench", "-n", "-M", "prepared", "-c", connections, "-j", 1, "-T", seconds, "-l"]
            command += [f"-D{variable}={value}" for variable, value in script.variables.items()]
            command += ["-h", self.directory, "-U", "postgres", "-f", file, "postgres"]
            output = self._run(*command, cwd=directory)
            logs = [log.read_text() for log in directory.glob("pgbench_log*")]
        times = sorted(int(line.split()[2]) for log in logs for line in log.splitlines())
        rate = number(r"tps = ([\d.]+)", output)
        return Latency(rate, percentile(times, 50) / 1000, percentile(times, 99) / 1000, times[-1] / 1000)

    def _run(self, program: object, *arguments: object, check: bool = True, cwd: str | Path = "/") -> str:
        """Runs one of the programs of Postgres, and returns what it prints."""
        command: list[str | Path] = [*self.account, self.binaries / str(program), *map(str, arguments)]
        # pg_ctl's child keeps a pipe open for ever, so its output goes nowhere.
        output = subprocess.DEVNULL if program == "pg_ctl" else subprocess.PIPE
        with subprocess.Popen(command, stdout=output, stderr=output, text=True, cwd=cwd) as process:
            try:
                stdout, stderr = process.communicate()
            except BaseException:
                # Not killed, so that initdb stops its child, which would write to the directory while it is removed.
                process.terminate()
                raise
        if check and process.returncode != 0:
            raise SystemExit(f"{program} failed: {stderr or 'see its log'}")
        return stdout or ""
