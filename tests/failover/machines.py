"""Three machines: network namespaces that a bridge connects, or else the loopback interface.

The processes of a machine run in its namespace. The nodes, HAProxy and the load run beside the bridge, in the namespace
that `with-namespaces` has created.
"""

import contextlib
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

COUNT = 3
# In the range for network benchmarks (RFC 2544), which is not routed.
NETWORK = "198.18.98"
BRIDGE = "latchkey"
# A link-layer address that no interface has.
NOWHERE = "02:00:00:00:00:01"
STOP_TIMEOUT = 20.0

Result = TypeVar("Result")


class RigError(Exception):
    """The rig could not be set up or repaired."""


def wait_for(what: str, seconds: float, condition: Callable[[], Result | None]) -> Result:
    """Waits until the condition returns something true, and returns that."""
    end = time.monotonic() + seconds
    while not (result := condition()):
        if time.monotonic() > end:
            raise RigError(f"waited {seconds:.0f} s in vain for {what}")
        time.sleep(0.1)
    return result


def run(*command: str | Path) -> str:
    """Runs a command that must succeed, and returns what it prints."""
    result = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False)
    if result.returncode != 0:
        raise RigError(f"{' '.join(map(str, command))}: {result.stdout}{result.stderr}")
    return result.stdout


@contextlib.contextmanager
def running(command: Sequence[str | Path], log: Path, environment: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """A process that ends with the context. Interrupts from the keyboard do not reach it."""
    with log.open("ab") as output:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, env=environment, start_new_session=True
        )
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(STOP_TIMEOUT)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


class Machine:
    """Where one Postgres runs."""

    def __init__(self, index: int, directory: Path, namespace: int | None) -> None:
        self.index = index
        self.name = f"db{index}"
        self.directory = directory / self.name
        self.directory.mkdir()
        self.namespace = namespace
        self.address = "127.0.0.1" if namespace is None else f"{NETWORK}.{index}"
        self._account: list[str] = []
        if os.geteuid() == 0:
            # Postgres refuses to run as root.
            self._account = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]
            shutil.chown(self.directory, "postgres", "postgres")

    def command(self, *command: str | Path) -> list[str | Path]:
        """The command on this machine, as the user that Postgres runs as."""
        return [*self._in_namespace(), *self._account, *command]

    def link(self) -> str:
        """The interface at the bridge's end."""
        return f"latchkey-{self.name}"

    def lose_packets_to(self, other: "Machine") -> None:
        """Loses what this machine sends to the other one."""
        self._ip("neighbour", "replace", other.address, "lladdr", NOWHERE, "dev", "eth0", "nud", "permanent")

    def deliver_packets_to(self, other: "Machine") -> None:
        self._ip("neighbour", "delete", other.address, "dev", "eth0")

    def _in_namespace(self) -> list[str | Path]:
        return [] if self.namespace is None else ["nsenter", f"--net=/proc/{self.namespace}/ns/net", "--"]

    def _ip(self, *arguments: str) -> None:
        run(*self._in_namespace(), "ip", *arguments)


def are_isolated() -> bool:
    """Whether `with-namespaces` has given this process a network of its own, in which there is nothing yet."""
    return os.getppid() == 1 and [name for _, name in socket.if_nameindex()] == ["lo"]


@contextlib.contextmanager
def machines(directory: Path, environment: dict[str, str], isolated: bool) -> Iterator[list[Machine]]:
    """The machines; without isolation, they are three names for this one."""
    with contextlib.ExitStack() as stack:
        if not isolated:
            yield [Machine(index, directory, None) for index in range(1, COUNT + 1)]
            return
        run("ip", "link", "set", "lo", "up")
        run("ip", "link", "add", BRIDGE, "type", "bridge")
        stack.callback(run, "ip", "link", "delete", BRIDGE)
        run("ip", "address", "add", f"{NETWORK}.254/24", "dev", BRIDGE)
        run("ip", "link", "set", BRIDGE, "up")
        created = []
        for index in range(1, COUNT + 1):
            # The namespace lasts as long as its first process.
            command = ["unshare", "--net", "sleep", "infinity"]
            process = stack.enter_context(running(command, directory / "namespaces.log", environment))
            wait_for("a namespace", 10, lambda pid=process.pid: _has_own_network(pid))  # type: ignore[misc]
            machine = Machine(index, directory, process.pid)
            connect = ("ip", "link", "add", machine.link(), "master", BRIDGE, "type", "veth", "peer", "name", "eth0")
            run(*connect, "netns", str(process.pid))
            # The kernel removes it some time after the namespace.
            stack.callback(run, "ip", "link", "delete", machine.link())
            run("ip", "link", "set", machine.link(), "up")
            machine._ip("link", "set", "lo", "up")
            machine._ip("address", "add", f"{machine.address}/24", "dev", "eth0")
            machine._ip("link", "set", "eth0", "up")
            created.append(machine)
        yield created


def _has_own_network(pid: int) -> bool:
    return Path(f"/proc/{pid}/ns/net").readlink() != Path("/proc/self/ns/net").readlink()


def free_ports(count: int) -> list[int]:
    """Different ports that nothing listens on."""
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [int(each.getsockname()[1]) for each in sockets]
