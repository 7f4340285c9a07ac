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
# Selects the links between operations on keys, which are rare among those of all operations.
LINKED_TAGS = ("ApiKeys", "ApiKeyLifecycle", "ApiKeyPolicies", "Audit")
STATEFUL = ["--phases", "stateful", *(f"--include-tag={tag}" for tag in LINKED_TAGS)]
# What is about users, projects and owners, which cannot be deleted, or not by a key without a policy.
PERMANENT_OPERATIONS = ("listUsers", "createUser", "getUser", "updateUser")
PERMANENT_TAGS = ("Projects", "Owners", "Members", "ApiKeySearch")
# A phase did not test an operation if it sent this many valid requests, and none succeeded.
ENOUGH_CASES = 50
PHASES = ("examples", "coverage", "fuzzing", "stateful")
COLUMNS = ("2xx", "400", "401", "403", "404", "409", "412", "422", "429", "5xx")


@dataclass(frozen=True)
class Tested:
    """A kind of caller that a server is tested as."""

    # What the reports call it.
    name: str
    # The credential of the callers: `bearer` or `key`.
    credential: str
    # The project that its keys belong to.
    project: str = "default"
    # Tags of operations that are left out, and ids of others: a key without a policy does not have their scopes, and
    # tests of the server itself cover them with keys that do.
    without_tags: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    # Ids of the operations that it may not use: none of their requests may succeed, and one must be refused.
    refused: tuple[str, ...] = ()


# What is left to verifiers, to admins of a project and to administrators. `forwardAuth` is about keys of `default`.
REFUSED_TO_MANAGERS = (
    *("verifyApiKey", "introspectToken", "forwardAuth"),
    *("listMembers", "setMember", "removeMember", "createServiceAccount"),
    *("createProject", "updateProject", "changePassword", *PERMANENT_OPERATIONS),
)
REFUSED_TO_OWNERS = (
    *REFUSED_TO_MANAGERS,
    *("getProject", "upsertOwner", "listOwners", "getOwner", "deleteOwner", "issueApiKey", "createOwnerToken"),
    *("searchApiKeys", "revokeApiKeys", "setApiKeyMetadata", "listAuditEvents"),
)
TESTED = {
    # Another password would end the token of the run.
    "bearer": Tested("a bearer token", "bearer", without=("changePassword",)),
    "key": Tested(
        "an API key",
        "key",
        without_tags=PERMANENT_TAGS,
        without=("setApiKeyMetadata", "changePassword", *PERMANENT_OPERATIONS),
    ),
    "owner": Tested("an owner token", "bearer", "contract", refused=REFUSED_TO_OWNERS),
    "manager": Tested("an API key of a manager", "key", "contract", refused=REFUSED_TO_MANAGERS),
}


class Report:
    """What Schemathesis did, from its NDJSON reports."""

    def __init__(self, operations: set[str], refused: set[str]):
        self.operations, self.refused = operations, refused
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
        operations = sorted(self.operations - self.refused)
        unreached = [f"{name}: no success at all" for name in operations if not _successes(self.statuses[name])]
        for operation in operations:
            for phase in PHASES:
                statuses = self.valid[operation, phase]
                if statuses.total() >= ENOUGH_CASES and not _successes(statuses):
                    unreached.append(f"{operation}: no success in the phase {phase}, in {statuses.total()} cases")
        return unreached

    def permitted(self) -> list[str]:
        """Operations that the caller may not use, of which a request succeeded or none was refused."""
        permitted = []
        for operation in sorted(self.refused):
            statuses = self.statuses[operation]
            if count := _successes(statuses):
                permitted.append(f"{operation}: {count} successes")
            elif not statuses[401] and not statuses[403]:
                permitted.append(f"{operation}: no refusal")
        return permitted

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


def operations_of(contract: Path, without_tags: tuple[str, ...] = ()) -> dict[str, str]:
    """The operations of a contract in JSON, as `METHOD path` by their ids, but for those with such a tag."""
    paths = json.loads(contract.read_text())["paths"]
    return {
        operation["operationId"]: f"{method.upper()} {path}"
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
        problems += [f"not refused: {permitted}" for permitted in self.report.permitted()]
        if self.report.without_response:
            problems.append(f"{self.report.without_response} requests got no response")
        if self.status != 0:
            problems.append(f"Schemathesis failed with {self.status}; its output is above")
        return problems

    def summary(self, name: str) -> str:
        """What was tested, for the reader of a run; `name` is that of the tested kind of caller."""
        report = self.report
        return (
            f"contract, with {name}: {len(report.statuses)} of {len(report.operations)} operations "
            f"tested, {report.total()} requests (of them {report.other_methods} with methods that a path does not "
            f"have, {report.probes} probes with invalid credentials or as another user), "
            f"{sum(report.failed_checks.values())} failures, {self.seconds:.0f} s\n{report.table()}"
        )


def fuzz(
    settings: Settings,
    url: str,
    callers: list[Caller],
    kind: str,
    login: tuple[str, str] | None,
    *,
    may_fail_logins: bool,
    reports: Path,
    project: str = "",
    arguments: tuple[str, ...] = (),
    stateful_runs: int = 1,
) -> Result:
    """Runs Schemathesis against the server at a URL as the first caller, who may not see the keys of the others.

    The callers are of a kind that `TESTED` names. Without a login, the operation that needs one is left out, and
    without a project those on users, projects and owners, of which a key without a policy has the scopes of none. The
    stateful phase is repeated so often at least.
    """
    begin = time.monotonic()
    first, tested = callers[0], TESTED[kind]
    names = list(USERS)[: len(callers)]
    identities = [
        {
            "name": name,
            "fixedHeaders": [
                {"name": key, "value": value} for key, value in getattr(caller, tested.credential).items()
            ],
        }
        for name, caller in zip(names, callers, strict=True)
    ]
    left_out = tested.without_tags if project else PERMANENT_TAGS
    operations = operations_of(ROOT / "generated/server/openapi.json", left_out)
    arguments = (*arguments, *(f"--exclude-tag={tag}" for tag in left_out))
    without = {*tested.without, *(() if login else ("issueToken",)), *(() if project else PERMANENT_OPERATIONS)}
    for operation_id in sorted(without):
        del operations[operation_id]
        arguments = (*arguments, "--exclude-operation-id", operation_id)
    refused = {operations[operation_id] for operation_id in tested.refused}
    environment = {
        **{name: value for name, value in os.environ.items() if name not in ("USERNAME", "PASSWORD", "TOKEN", "KEY")},
        "LATCHKEY_CONTRACT_HOOKS": str(HERE / "hooks.py"),
        "LATCHKEY_CONTRACT_KEY": first.key["X-API-Key"],
        "LATCHKEY_CONTRACT_KEY_ID": str(first.key_id),
        "LATCHKEY_CONTRACT_SPARE_IDS": ",".join(map(str, first.spare_ids[1:])),
        "LATCHKEY_CONTRACT_CURSOR": first.cursor(),
        "LATCHKEY_CONTRACT_AUDIT_CURSOR": "" if "listAuditEvents" in tested.refused else first.audit_cursor(),
        "LATCHKEY_CONTRACT_USERNAME": login[0] if login else "",
        "LATCHKEY_CONTRACT_PASSWORD": login[1] if login else "",
        "LATCHKEY_CONTRACT_MAY_FAIL_LOGINS": "yes" if may_fail_logins else "no",
        "LATCHKEY_CONTRACT_PROJECT": project or ",,,,,,",
        "LATCHKEY_CONTRACT_KEYS_PROJECT": tested.project,
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    report, outputs, status = Report(set(operations.values()), refused), [], 0
    with tempfile.TemporaryDirectory(prefix="latchkey-contract-run.") as directory:
        (Path(directory) / "identities.json").write_text(json.dumps({"auth": identities}))
        configuration = (HERE / "schemathesis.toml").read_text()
        if len(callers) == 1:
            configuration = configuration.replace('peers = ["first", "second"]', "")
        if tested.refused:
            # Schemathesis warns of refusals. Which operations were reached and refused, the report says.
            configuration = configuration.replace("fail-on = true", "fail-on = false")
        (Path(directory) / "schemathesis.toml").write_text(configuration)
        # Everything once, then the stateful phase alone until it has had its examples: Schemathesis ends it when a
        # repeated request gets another response.
        for number in itertools.count():
            if number > stateful_runs and (status or report.stateful_scenarios >= settings.examples):
                break
            path = reports / f"{kind}-{number}"
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
