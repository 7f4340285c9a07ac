"""The servers that are measured. Each listens on a free port and stops with its context."""

import contextlib
import http.client
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from types import FrameType
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
START_TIMEOUT = STOP_TIMEOUT = 30.0
# A user with this name, or another, and this password must exist before `Program` logs in.
USERNAME, PASSWORD = "bench", "bench-bench"


def build(quick: bool, *packages: str) -> Path:
    """Builds the programs of the packages, optimised unless `quick`, and returns their directory."""
    profile = [] if quick else ["--release"]
    names = [word for package in packages for word in ("-p", package)]
    subprocess.run(["cargo", "build", "--quiet", *profile, *names], cwd=ROOT, check=True)
    return ROOT / "target" / ("debug" if quick else "release")


def stop_on_signals() -> None:
    """Lets Ctrl-C, SIGTERM and SIGHUP end the run, which then stops its processes; further signals are ignored."""
    signals = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

    def stop(number: int, _: FrameType | None) -> None:
        for each in signals:
            signal.signal(each, signal.SIG_IGN)
        raise SystemExit(128 + number)

    for each in signals:
        signal.signal(each, stop)


@contextlib.contextmanager
def running(command: list[str | Path], output: Path, **options: Any) -> Iterator[subprocess.Popen[bytes]]:
    """A process that is terminated on exit. The file `output` receives what it writes."""
    with output.open("wb") as file:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=file, stderr=file, **options)
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(STOP_TIMEOUT)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def wait_for(process: subprocess.Popen[bytes], output: Path, condition: Callable[[], bool]) -> None:
    """Waits until the condition holds; fails if the process exits or takes too long."""
    end = time.monotonic() + START_TIMEOUT
    while not condition():
        if time.monotonic() > end or process.poll() is not None:
            text = output.read_text(errors="replace")[-2000:]
            raise SystemExit(f"{process.args!r} did not start; the end of its output:\n{text}")
        time.sleep(0.002)


@contextlib.contextmanager
def reserved_address() -> Iterator[str]:
    """A loopback address with a free port, reserved by a bound socket. A server that sets SO_REUSEADDR can listen on it."""
    with socket.socket() as port:
        port.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        port.bind(("127.0.0.1", 0))
        yield "{}:{}".format(*port.getsockname())


def responds(url: str) -> bool:
    """Whether a GET request succeeds."""
    try:
        with urllib.request.urlopen(url) as response:
            response.read()
            return True
    except OSError:
        return False


def number(pattern: str, text: str) -> float:
    """Returns the number that the pattern's group matches."""
    match = re.search(pattern, text)
    if not match:
        raise SystemExit(f"{pattern} does not occur in: {text}")
    return float(match[1])


def cpu_times(match: Callable[[int, int], bool]) -> dict[int, float]:
    """Returns the seconds of processor time of each running process whose id, and whose parent's id, match."""
    times = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        if match(int(stat.parent.name), int(fields[1])):
            times[int(stat.parent.name)] = sum(map(int, fields[11:13])) / os.sysconf("SC_CLK_TCK")
    return times


def cpu_seconds(match: Callable[[int, int], bool]) -> float:
    """Returns the processor time of the running processes whose ids, and whose parents' ids, match."""
    return sum(cpu_times(match).values())


def cpu_of(server: int, postmaster: int) -> tuple[float, float, float]:
    """Returns the processor time so far of the server, of Postgres, and of this process's children that have ended."""
    times = os.times()
    return (
        cpu_seconds(lambda pid, _: pid == server),
        cpu_seconds(lambda _, parent: parent == postmaster),
        times.children_user + times.children_system,
    )


class Program:
    """A running `latchkey serve`."""

    def __init__(self, process: subprocess.Popen[bytes], address: str, start_seconds: float, username: str) -> None:
        self.process = process
        self.address = address
        # From the start of the process to the first successful /readyz.
        self.start_seconds = start_seconds
        self.token = self._log_in(username)

    @classmethod
    @contextlib.contextmanager
    def serve(
        cls, executable: Path, environment: Mapping[str, str], scratch: Path, username: str = USERNAME
    ) -> Iterator["Program"]:
        """Starts the program with this environment and logs this user in. Its log goes to a file in `scratch`."""
        log = scratch / f"server-{time.monotonic_ns()}.log"
        with reserved_address() as address:
            begin = time.monotonic()
            with running([executable, "serve"], log, env={**environment, "LATCHKEY_LISTEN": address}) as process:
                wait_for(process, log, lambda: responds(f"http://{address}/readyz"))
                yield cls(process, address, time.monotonic() - begin, username)

    def _log_in(self, username: str) -> str:
        form = urllib.parse.urlencode({"grant_type": "password", "username": username, "password": PASSWORD})
        with urllib.request.urlopen(f"http://{self.address}/token", form.encode()) as response:
            return str(json.load(response)["access_token"])

    def memory(self, field: str) -> float:
        """Returns a field of /proc/PID/status, such as VmHWM, in MB."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return number(rf"{field}:\s+(\d+)", status) / 1024

    def request(self, connection: http.client.HTTPConnection, method: str, target: str, body: str | None) -> Any:
        """Returns the decoded body of a successful response."""
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        connection.request(method, target, body, headers)
        response = connection.getresponse()
        text = response.read()
        if response.status != 200:
            raise SystemExit(f"{method} {target} returned {response.status}: {text.decode(errors='replace')}")
        return json.loads(text)

    def verify(self, keys: Iterable[str]) -> int:
        """Verifies the keys one after another on one connection; returns how many are valid."""
        with contextlib.closing(http.client.HTTPConnection(self.address)) as connection:
            bodies = (json.dumps({"key": key}) for key in keys)
            return sum(self.request(connection, "POST", "/v1/api-keys/verify", body)["valid"] for body in bodies)


@contextlib.contextmanager
def serve_baseline(executable: Path, scratch: Path) -> Iterator[str]:
    """Starts the baseline, and returns its address."""
    output = scratch / "baseline.log"
    with reserved_address() as address, running([executable, address], output) as process:
        wait_for(process, output, lambda: responds(f"http://{address}/v1/api-keys/1"))
        yield address


@contextlib.contextmanager
def serve_nginx(program: str, baseline: str) -> Iterator[str]:
    """Starts an nginx with a static file at /plain, at /guarded behind forward authentication by the program, and at
    /guarded-by-baseline behind the baseline; returns its address."""
    with tempfile.TemporaryDirectory(prefix="latchkey-bench-nginx.") as name, reserved_address() as address:
        directory = Path(name)
        # Its workers run as another user.
        directory.chmod(0o755)
        (directory / "index.html").write_text("hello\n")
        (directory / "nginx.conf").write_text(f"""
daemon off; pid {directory}/nginx.pid; error_log stderr; worker_processes 1;
events {{}}
http {{
  access_log off; client_body_temp_path {directory}/b; proxy_temp_path {directory}/p; fastcgi_temp_path {directory}/f;
  uwsgi_temp_path {directory}/u; scgi_temp_path {directory}/s;
  upstream latchkey {{ server {program}; keepalive 64; }}
  upstream baseline {{ server {baseline}; keepalive 64; }}
  proxy_http_version 1.1; proxy_set_header Connection ""; proxy_pass_request_body off; proxy_set_header Content-Length "";
  server {{
    listen {address}; keepalive_requests 1000000000; root {directory};
    location = /plain {{ try_files /index.html =404; }}
    location = /guarded {{ auth_request /latchkey; try_files /index.html =404; }}
    location = /guarded-by-baseline {{ auth_request /baseline; try_files /index.html =404; }}
    location = /latchkey {{ internal; proxy_pass http://latchkey/v1/forward-auth; }}
    location = /baseline {{ internal; proxy_pass http://baseline/v1/forward-auth; }}
  }}
}}
""")
        # Debian keeps the programs of servers off the PATH of users.
        executable = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin") or "nginx"
        output = directory / "output"
        with running([executable, "-c", directory / "nginx.conf", "-e", "stderr"], output) as process:
            wait_for(process, output, lambda: responds(f"http://{address}/plain"))
            yield address
