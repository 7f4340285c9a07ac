"""Three Postgres servers under Patroni, which keeps the primary's lease in etcd, and the HAProxy in front of them."""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.failover.machines import Machine, RigError, free_ports, run, running, wait_for

SCOPE = "latchkey"
# Patroni's shortest lease. Another server takes over after at most these seconds, if the primary is lost.
LEASE_SECONDS = 20
START_TIMEOUT, HEAL_TIMEOUT = 90.0, 120.0
BINARIES = max(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))


class Member:
    """A Postgres with its Patroni and a member of etcd, on one machine."""

    def __init__(self, machine: Machine) -> None:
        self.machine = machine
        self.name = machine.name
        ports = free_ports(4)
        self.postgres, self.api, self.etcd, self.etcd_peer = (f"{machine.address}:{port}" for port in ports)
        self.data = machine.directory / "postgres"
        self.configuration = machine.directory / "patroni.yml"
        self.patroni: subprocess.Popen[bytes] | None = None

    def postmaster(self) -> int:
        """The process of the server."""
        return int((self.data / "postmaster.pid").read_text().split("\n", 1)[0])

    def processes(self) -> list[int]:
        """All processes of the server."""
        postmaster = self.postmaster()
        return [postmaster, *(pid for pid, parent in _parents() if parent == postmaster)]

    def signal(self, number: signal.Signals) -> None:
        """Sends a signal to all processes of the server."""
        for pid in self.processes():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, number)

    def sql(self, statement: str) -> str:
        """What psql prints of a statement's result."""
        socket, port = self.machine.directory, self.postgres.rpartition(":")[2]
        psql = BINARIES / "psql"
        return run(psql, "-XAtq", "-h", socket, "-p", port, "-U", "postgres", "-c", statement, "postgres").strip()


class Cluster:
    """The three servers."""

    def __init__(
        self, machines: list[Machine], directory: Path, synchronous: bool, environment: dict[str, str]
    ) -> None:
        self.members = [Member(machine) for machine in machines]
        self.directory = directory
        self.synchronous = synchronous
        self.environment = environment
        self._stack = contextlib.ExitStack()

    def __enter__(self) -> "Cluster":
        try:
            self._start_etcd()
            for member in self.members:
                member.configuration.write_text(json.dumps(self._patroni_configuration(member)))
                self.start_patroni(member)
            self.wait_until_healthy(START_TIMEOUT)
        except BaseException:
            self._stack.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def start_patroni(self, member: Member) -> None:
        """Starts Patroni, which starts Postgres."""
        log = member.machine.directory / "patroni.log"
        command = member.machine.command("patroni", member.configuration)
        context = running(command, log, self.environment)
        # After Patroni, so that it does not start Postgres again.
        self._stack.callback(self._stop_postgres, member)
        member.patroni = self._stack.enter_context(context)

    def status(self) -> dict[str, dict[str, Any]]:
        """The members as Patroni sees them, by name; empty when none responds."""
        for member in self.members:
            with (
                contextlib.suppress(OSError),
                urllib.request.urlopen(f"http://{member.api}/cluster", timeout=2) as response,
            ):
                return {found["name"]: found for found in json.load(response)["members"]}
        return {}

    def with_role(self, *roles: str) -> list[Member]:
        """The members with one of these roles: `leader`, `replica`, `sync_standby`."""
        status = self.status()
        return [member for member in self.members if status.get(member.name, {}).get("role") in roles]

    def primary(self) -> Member:
        return wait_for("a primary", HEAL_TIMEOUT, lambda: self.with_role("leader"))[0]

    def standby(self) -> Member:
        """A standby; the synchronous one, if there is one."""
        role = "sync_standby" if self.synchronous else "replica"
        return wait_for("a standby", HEAL_TIMEOUT, lambda: self.with_role(role))[0]

    def patronictl(self, *arguments: str) -> None:
        """Runs a command of Patroni."""
        member = self.members[0]
        run(*member.machine.command("patronictl", "-c", member.configuration, *arguments))

    def wait_until_healthy(self, seconds: float) -> None:
        """Waits until both standbys follow the primary."""
        try:
            wait_for("a primary with two standbys", seconds, self._is_healthy)
        except RigError as error:
            raise RigError(f"{error}: {self.status()}; the logs are in {self.directory}") from None

    def _is_healthy(self) -> bool:
        primaries = self.with_role("leader")
        if len(primaries) != 1 or len(self.with_role("replica", "sync_standby")) != len(self.members) - 1:
            return False
        if self.synchronous and not self.with_role("sync_standby"):
            return False
        with contextlib.suppress(RigError):
            streaming = "SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming'"
            return primaries[0].sql(streaming) == str(len(self.members) - 1)
        return False

    def _start_etcd(self) -> None:
        peers = ",".join(f"{member.name}=http://{member.etcd_peer}" for member in self.members)
        for member in self.members:
            options = {
                "name": member.name,
                "data-dir": member.machine.directory / "etcd",
                "listen-peer-urls": f"http://{member.etcd_peer}",
                "initial-advertise-peer-urls": f"http://{member.etcd_peer}",
                "listen-client-urls": f"http://{member.etcd}",
                "advertise-client-urls": f"http://{member.etcd}",
                "initial-cluster": peers,
                "initial-cluster-state": "new",
            }
            command = member.machine.command("etcd", *(f"--{name}={value}" for name, value in options.items()))
            self._stack.enter_context(running(command, member.machine.directory / "etcd.log", self.environment))
        for member in self.members:
            wait_for("etcd", START_TIMEOUT, lambda url=f"http://{member.etcd}/health": _responds(url))  # type: ignore[misc]

    def _patroni_configuration(self, member: Member) -> dict[str, Any]:
        trusted = ["local all all trust", "host all all all trust", "host replication all all trust"]
        parameters = {
            "max_connections": 200,
            # A standby that does not respond is given up after this time. A failure of the processes loses nothing
            # that the operating system has received, so that nothing needs to reach the disk.
            "wal_sender_timeout": "5s",
            "fsync": "off",
            "wal_log_hints": "on",
        }
        dcs = {
            "ttl": LEASE_SECONDS,
            "loop_wait": 1,
            "retry_timeout": 3,
            "synchronous_mode": self.synchronous,
            "postgresql": {"use_pg_rewind": True, "use_slots": True, "parameters": parameters},
        }
        return {
            "scope": SCOPE,
            "name": member.name,
            "restapi": {"listen": member.api, "connect_address": member.api},
            "etcd3": {"hosts": [each.etcd for each in self.members]},
            "bootstrap": {"dcs": dcs, "initdb": [{"auth": "trust"}, {"encoding": "UTF8"}, {"locale": "C"}, "no-sync"]},
            "postgresql": {
                "listen": member.postgres,
                "connect_address": member.postgres,
                "data_dir": str(member.data),
                "bin_dir": str(BINARIES),
                "pgpass": str(member.machine.directory / "pgpass"),
                "pg_hba": trusted,
                "authentication": {"superuser": {"username": "postgres"}, "replication": {"username": "replicator"}},
                "parameters": {"unix_socket_directories": str(member.machine.directory)},
                "remove_data_directory_on_rewind_failure": True,
                "remove_data_directory_on_diverged_timelines": True,
            },
        }

    def _stop_postgres(self, member: Member) -> None:
        with contextlib.suppress(RigError, OSError, ValueError):
            member.signal(signal.SIGCONT)
            run(*member.machine.command(BINARIES / "pg_ctl", "-D", member.data, "-m", "immediate", "stop"))


def _parents() -> Iterator[tuple[int, int]]:
    """All processes, each with its parent."""
    for path in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            # The name in parentheses may hold spaces.
            yield int(path.parent.name), int(path.read_text().rpartition(")")[2].split()[1])


def _responds(url: str) -> bool:
    with contextlib.suppress(OSError), urllib.request.urlopen(url, timeout=2) as response:
        return bool(response.status == 200)
    return False


@contextlib.contextmanager
def haproxy(cluster: Cluster, environment: dict[str, str]) -> Iterator[str]:
    """HAProxy in front of the cluster, as Patroni's documentation configures it; yields its address."""
    address = f"127.0.0.1:{free_ports(1)[0]}"
    servers = "\n".join(
        f"    server {member.name} {member.postgres} check port {member.api.rpartition(':')[2]}"
        for member in cluster.members
    )
    configuration = cluster.directory / "haproxy.cfg"
    configuration.write_text(f"""
defaults
    mode tcp
    timeout connect 2s
    timeout client 30m
    timeout server 30m
    timeout check 2s
listen primary
    bind {address}
    option httpchk OPTIONS /primary
    http-check expect status 200
    default-server inter 1s fall 2 rise 1 on-marked-down shutdown-sessions
{servers}
""")
    executable = shutil.which("haproxy", path=f"{os.environ.get('PATH', '')}:/usr/sbin") or "haproxy"
    with running([executable, "-db", "-f", configuration], cluster.directory / "haproxy.log", environment):
        yield address
