"""The runner of a language: executes steps with its client."""

import contextlib
import json
import os
import queue
import signal
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread
from typing import Any

from tests.clients.recording_proxy import RecordingProxy
from tests.clients.scenario import CONTRACT, HERE, Step, capture, check_response, fill
from tests.support.client import TestFailure

STEP_TIMEOUT = 60.0
PASSED, FAILED, KNOWN, REJECTED, NOT_RUN = "✓", "✗", "~", "–", "."
LEGEND = (
    f"  {PASSED} passed   {FAILED} failed   {KNOWN} differs, as its README says   "
    f"{REJECTED} the language cannot express it   {NOT_RUN} not run"
)


@dataclass
class Outcome:
    """How a step went."""

    mark: str
    problems: list[str] = field(default_factory=list)
    # Whether the step was not executed, as an earlier one did not yield what it needs.
    is_blocked: bool = False


class Runner:
    """A language's `run.sh`: takes a request by a line of JSON, and returns the response by another."""

    def __init__(self, language: str, environment: dict[str, str], log: Path):
        folder = HERE / language
        with log.open("ab") as sink:
            self.process = subprocess.Popen(
                [folder / "run.sh"],
                cwd=folder,
                env=environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=sink,
                text=True,
                encoding="utf-8",
                start_new_session=True,
            )
        self.lines: queue.Queue[str] = queue.Queue()
        self.reader = Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            self.lines.put(line)
        self.lines.put("")

    def execute(self, request: dict[str, Any], timeout: float = STEP_TIMEOUT) -> dict[str, Any]:
        """The response of the runner; no line, or one that is not JSON, is a failure."""
        assert self.process.stdin
        try:
            self.process.stdin.write(json.dumps(request, ensure_ascii=False) + "\n")
            self.process.stdin.flush()
            line = self.lines.get(timeout=timeout)
            response: dict[str, Any] = json.loads(line) if line else {"failure": "the runner exited"}
            return response
        except queue.Empty:
            # A late response would be taken for that of the next step.
            os.killpg(self.process.pid, signal.SIGKILL)
            return {"failure": f"no response within {timeout:.0f} s"}
        except (OSError, ValueError) as error:
            return {"failure": f"the runner's response cannot be read: {error}"}

    def stop(self) -> None:
        assert self.process.stdin
        assert self.process.stdout
        try:
            self.process.stdin.close()
            self.process.wait(5)
        except (OSError, subprocess.TimeoutExpired):
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        self.reader.join()
        self.process.stdout.close()


@contextlib.contextmanager
def running(language: str, environment: dict[str, str], log: Path) -> Iterator[Runner]:
    runner = Runner(language, environment, log)
    try:
        yield runner
    finally:
        runner.stop()


def execute_steps(
    runner: Runner, steps: list[Step], proxy: RecordingProxy, captured: dict[str, Any], language: str
) -> dict[str, Outcome]:
    """Executes the steps in order; returns their outcomes by name."""
    return {step["step"]: _execute_step(runner, step, proxy, captured, language) for step in steps}


def _execute_step(
    runner: Runner, step: Step, proxy: RecordingProxy, captured: dict[str, Any], language: str
) -> Outcome:
    try:
        arguments = fill(step.get("arguments", {}), captured)
        credentials = _credentials(step.get("as", "bearer"), captured)
        expected = fill(step["response"], captured)
    except KeyError as missing:
        return Outcome(FAILED, [f"an earlier step did not capture {missing}"], is_blocked=True)
    proxy.requests, proxy.patch = [], step.get("patch", {})
    request = {"step": step["step"], "operation": step["operation"], "base_url": proxy.url}
    response = runner.execute({**request, "credentials": credentials, "arguments": arguments})
    if "rejected" in response:
        outcome = Outcome(REJECTED)
        if not step.get("allow_client_rejection"):
            outcome.problems.append(f"the client rejected the arguments: {response['rejected']}")
        if proxy.requests:
            outcome.problems.append("a request was sent regardless")
    else:
        outcome = Outcome(PASSED, check_response(expected, response))
        outcome.problems += CONTRACT.operations[step["operation"]].check(arguments, credentials, proxy.requests)
        try:
            capture(step, response, captured)
        except (KeyError, TypeError):
            outcome.problems.append("the response lacks what later steps need")
    if reason := step.get("known_failures", {}).get(language):
        if outcome.problems:
            return Outcome(KNOWN)
        return Outcome(FAILED, [f"this is documented to fail, and does not: {reason}"])
    if outcome.problems:
        outcome.mark = FAILED
    return outcome


def _credentials(name: str, captured: dict[str, Any]) -> dict[str, str]:
    """The credentials of a step; it raises `KeyError` when they were not captured."""
    match name:
        case "bearer":
            return {"bearer": captured["token"]}
        case "owner":
            return {"bearer": captured["customer_token"]}
        case "restricted":
            return {"bearer": captured["restricted_token"]}
        case "unknown_credentials":
            return {"bearer": "unknown-token"}
        case "key":
            return {"api_key": captured["key"]}
        case "limited_key":
            return {"api_key": captured["by_key"]}
        case "key_bearer":
            return {"bearer": captured["key"]}
        case "anonymous":
            return {}
    raise TestFailure(f"scenario.yaml names no known credentials: {name}")
