"""Runs Schemathesis against a server, and evaluates what it did.

A server passes when Schemathesis reports no failure and no warning of something untested, and every operation was
reached: it responded with success at least once, in all and in each phase that sent enough requests.
"""

import itertools
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.contract.callers import USERS, Caller
from tests.support.client import TestFailure

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
CONTRACT = ROOT / "openapi.yaml"
SCHEMATHESIS = [sys.executable, "-m", "schemathesis.cli"]
# The credentials that a server is tested with, and what the reports call them.
CREDENTIALS = {"bearer": "a bearer token", "key": "an API key"}
# Selects the links between operations on keys, which are rare among those of all operations.
LINKED_TAGS = ("ApiKeys", "ApiKeyLifecycle", "ApiKeyPolicies", "Audit")
STATEFUL = ["--phases", "stateful", *(f"--include-tag={tag}" for tag in LINKED_TAGS)]
# A key without a policy does not have their scopes; tests of the server itself cover them with keys that do.
WITHOUT_SCOPE = {"key": {"PUT /v1/api-keys/{item_id}/metadata": "setApiKeyMetadata"}, "bearer": {}}
# What is about projects and owners, which cannot be deleted.
PERMANENT_TAGS = ("Projects", "Owners", "Members", "ApiKeySearch")
# A phase did not test an operation if it sent this many valid requests, and none succeeded.
ENOUGH_CASES = 50
PHASES = ("examples", "coverage", "fuzzing", "stateful")
COLUMNS = ("2xx", "400", "401", "403", "404", "409", "412", "422", "429", "5xx")


class Report:
    """What Schemathesis did, from its NDJSON reports."""

    def __init__(self, operations: set[str]):
        self.operations = operations
        # The statuses of valid requests, by operation and phase.
        self.valid: dict[tuple[str, str], Counter[int]] = defaultdict(Counter)
        self.statuses: dict[str, Counter[int]] = defaultdict(Counter)
        self.failed_checks: Counter[str] = Counter()
        self.other_methods = self.probes = self.without_response = 0
        # Sequences of linked requests.
        self.stateful_scenarios = 0

    def add(self, path: Path) -> None:
        """Adds the events of a report."""
        with path.open() as lines:
            for line in lines:
                if scenario := json.loads(line).get("ScenarioFinished"):
                    self._add(scenario["phase"], scenario["recorder"])

    def _add(self, phase: str, recorder: dict[str, Any]) -> None:
        self.stateful_scenarios += phase == "stateful"
        for case_id, recorded in recorder.get("cases", {}).items():
            case = recorded["value"]
            response = recorder["interactions"].get(case_id, {}).get("response")
            operation = f"{case['method'].upper()} {case['path']}"
            meta = case.get("meta")
            if not response:
                self.without_response += 1
            elif operation not in self.operations:
                self.other_methods += 1
            elif not meta:
                self.probes += 1
            else:
                status = response["status_code"]
                self.statuses[operation][status] += 1
                if meta["generation"]["mode"] == "positive":
                    self.valid[operation, phase][status] += 1
            for check in recorder.get("checks", {}).get(case_id, []):
                self.failed_checks[check["name"]] += check["status"] == "failure"

    def total(self) -> int:
        """The number of requests that got a response."""
        return sum(count.total() for count in self.statuses.values()) + self.other_methods + self.probes

    def unreached(self) -> list[str]:
        """Operations, and phases of operations, in which no request succeeded."""
        operations = sorted(self.operations)
        unreached = [f"{name}: no success at all" for name in operations if not _successes(self.statuses[name])]
        for operation in operations:
            for phase in PHASES:
                statuses = self.valid[operation, phase]
                if statuses.total() >= ENOUGH_CASES and not _successes(statuses):
                    unreached.append(f"{operation}: no success in the phase {phase}, in {statuses.total()} cases")
        return unreached

    def table(self) -> str:
        """Statuses by operation."""
        columns = "".join(f"{column:>6}" for column in COLUMNS)
        lines = [f"  {'operation':<34}{'cases':>7}{columns}   success of valid cases, by phase"]
        for operation in sorted(self.operations):
            statuses = self.statuses[operation]
            shares = [_count(statuses, column) * 100 / (statuses.total() or 1) for column in COLUMNS]
            phases = []
            for phase in PHASES:
                valid = self.valid[operation, phase]
                phases.append(f"{phase} {_successes(valid)}/{valid.total()}")
            shown = "".join(f"{share:>5.0f}%" if share else f"{'-':>6}" for share in shares)
            lines.append(f"  {operation:<34}{statuses.total():>7}{shown}   {', '.join(phases)}")
        return "\n".join(lines)


def _count(statuses: Counter[int], column: str) -> int:
    return sum(count for status, count in statuses.items() if column in (str(status), f"{status // 100}xx"))


def _successes(statuses: Counter[int]) -> int:
    return _count(statuses, "2xx")


def operations_of(contract: Path, without_tags: tuple[str, ...] = ()) -> set[str]:
    """The operations of a contract in JSON, as `METHOD path`, but for those with such a tag."""
    paths = json.loads(contract.read_text())["paths"]
    return {
        f"{method.upper()} {path}"
        for path, methods in paths.items()
        for method, operation in methods.items()
        if not set(operation["tags"]) & set(without_tags)
    }


@dataclass
class Settings:
    """How much is tested, and with which seed; equal settings repeat a run."""

    examples: int
    seed: int = field(default_factory=lambda: random.getrandbits(64))

    def __str__(self) -> str:
        return f"EXAMPLES={self.examples} SEED={self.seed}"


@dataclass
class Result:
    """What one run did."""

    report: Report
    # The exit status of Schemathesis, and what it printed.
    status: int
    output: str
    seconds: float

    def problems(self) -> list[str]:
        """Why the server does not pass; empty when it does."""
        problems = [f"not reached: {unreached}" for unreached in self.report.unreached()]
        if self.report.without_response:
            problems.append(f"{self.report.without_response} requests got no response")
        if self.status != 0:
            problems.append(f"Schemathesis failed with {self.status}; its output is above")
        return problems

    def summary(self, credential: str) -> str:
        """What was tested, for the reader of a run."""
        report = self.report
        return (
            f"contract, with {CREDENTIALS[credential]}: {len(report.statuses)} of {len(report.operations)} operations "
            f"tested, {report.total()} requests (of them {report.other_methods} with methods that a path does not "
            f"have, {report.probes} probes with invalid credentials or as another user), "
            f"{sum(report.failed_checks.values())} failures, {self.seconds:.0f} s\n{report.table()}"
        )


def fuzz(
    settings: Settings,
    url: str,
    callers: list[Caller],
    credential: str,
    login: tuple[str, str] | None,
    *,
    may_fail_logins: bool,
    reports: Path,
    project: str = "",
    arguments: tuple[str, ...] = (),
) -> Result:
    """Runs Schemathesis against the server at a URL as the first caller, who may not see the keys of the others.

    Without a login, the operation that needs one is left out, and without a project those on projects and owners, of
    which a key without a policy has the scopes of none.
    """
    begin = time.monotonic()
    first = callers[0]
    names = list(USERS)[: len(callers)]
    identities = [
        {
            "name": name,
            "fixedHeaders": [{"name": key, "value": value} for key, value in getattr(caller, credential).items()],
        }
        for name, caller in zip(names, callers, strict=True)
    ]
    left_out = PERMANENT_TAGS if not project or credential == "key" else ()
    operations = operations_of(ROOT / "generated/server/openapi.json", left_out)
    arguments = (*arguments, *(f"--exclude-tag={tag}" for tag in left_out))
    if not login:
        operations.remove("POST /token")
        arguments = (*arguments, "--exclude-path", "/token")
    for operation, operation_id in WITHOUT_SCOPE[credential].items():
        operations.remove(operation)
        arguments = (*arguments, "--exclude-operation-id", operation_id)
    environment = {
        **{name: value for name, value in os.environ.items() if name not in ("USERNAME", "PASSWORD", "TOKEN", "KEY")},
        "LATCHKEY_CONTRACT_HOOKS": str(HERE / "hooks.py"),
        "LATCHKEY_CONTRACT_KEY": first.key["X-API-Key"],
        "LATCHKEY_CONTRACT_KEY_ID": str(first.key_id),
        "LATCHKEY_CONTRACT_SPARE_IDS": ",".join(map(str, first.spare_ids[1:])),
        "LATCHKEY_CONTRACT_CURSOR": first.cursor(),
        "LATCHKEY_CONTRACT_AUDIT_CURSOR": first.audit_cursor(),
        "LATCHKEY_CONTRACT_USERNAME": login[0] if login else "",
        "LATCHKEY_CONTRACT_PASSWORD": login[1] if login else "",
        "LATCHKEY_CONTRACT_MAY_FAIL_LOGINS": "yes" if may_fail_logins else "no",
        "LATCHKEY_CONTRACT_PROJECT": project or ",,,,",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    report, outputs, status = Report(operations), [], 0
    with tempfile.TemporaryDirectory(prefix="latchkey-contract-run.") as directory:
        (Path(directory) / "identities.json").write_text(json.dumps({"auth": identities}))
        configuration = (HERE / "schemathesis.toml").read_text()
        if len(callers) == 1:
            configuration = configuration.replace('peers = ["first", "second"]', "")
        (Path(directory) / "schemathesis.toml").write_text(configuration)
        # Everything once, then the stateful phase alone until it has had its examples: Schemathesis ends it when a
        # repeated request gets another response.
        for number in itertools.count():
            if number > 1 and (status or report.stateful_scenarios >= settings.examples):
                break
            path = reports / f"{credential}-{number}"
            events, output = path.with_suffix(".ndjson"), path.with_suffix(".txt")
            # fmt: off
            command: list[str | Path] = [
                *SCHEMATHESIS, "--no-color", "--config-file", "schemathesis.toml",
                "run", CONTRACT, "--url", url, *(STATEFUL if number else []), *arguments,
                "--max-examples", str(settings.examples), "--seed", str(settings.seed + number),
                "--report", "ndjson,junit",
                "--report-ndjson-path", events, "--report-junit-path", path.with_suffix(".xml"),
            ]
            # fmt: on
            with output.open("wb") as sink:
                run = subprocess.run(
                    command,
                    cwd=directory,
                    env=environment,
                    stdin=subprocess.DEVNULL,
                    stdout=sink,
                    stderr=sink,
                    check=False,
                )
            status |= run.returncode
            outputs.append(output.read_text(errors="replace"))
            if not events.exists():
                raise TestFailure(f"Schemathesis did not run:\n{outputs[-1]}")
            report.add(events)
    for caller in callers:
        caller.check_credentials()
    return Result(report, status, "\n".join(outputs), time.monotonic() - begin)
