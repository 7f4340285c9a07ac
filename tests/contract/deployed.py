"""Tests a deployed server against the contract, as the user whose credential is in the environment.

The keys that it creates are deleted afterwards. It exits with 0 when the server conforms to the contract.
"""

import argparse
import contextlib
import json
import os
import re
import signal
import sys
import tempfile
import urllib.parse
from collections.abc import Iterator
from pathlib import Path

from tests.contract.callers import Caller
from tests.contract.fuzzing import CONTRACT, TESTED, Settings, fuzz
from tests.support.client import JSON, Client, HttpError, TestFailure

HOW_TO_AUTHENTICATE = """set USERNAME and PASSWORD, or TOKEN, or KEY, of an administrator that is not used meanwhile
  (`latchkey user create contract-test --role admin --password-stdin`). The suite sends thousands of requests as this
  user, creates keys, and updates, revokes and deletes them. It leaves the user's other keys alone. Audit events
  remain."""
# Secrets that the server generated during the run and that a wrong response may show: tokens and keys.
GENERATED_SECRETS = re.compile(r"eyJ[\w-]+\.[\w-]+\.[\w-]+|\b[A-Za-z0-9_]+_[0-9A-Za-z]{46}\b")


@contextlib.contextmanager
def deployed_caller(url: str) -> Iterator[tuple[Caller, tuple[str, str] | None]]:
    """The user whose credential is in the environment, and the login if there is one; deletes new keys on exit."""
    if "://" not in url:
        raise TestFailure(f"{url} is not a URL: write http://{url} or https://{url}")
    client = Client(url)
    # A file that a key was read from may have ended in a line break.
    given = {name: os.environ.get(name, "").strip("\r\n") for name in ("USERNAME", "PASSWORD", "TOKEN", "KEY")}
    login = (given["USERNAME"], given["PASSWORD"]) if given["USERNAME"] and given["PASSWORD"] else None
    if login:
        credential = client.log_in(*login)
    elif given["TOKEN"]:
        credential = {"Authorization": f"Bearer {given['TOKEN']}"}
    elif given["KEY"]:
        credential = {"X-API-Key": given["KEY"]}
    else:
        raise TestFailure(f"no credential is given: {HOW_TO_AUTHENTICATE}")
    user = client.request_json("GET", "/v1/users/me", credential)
    try:
        client.request("GET", "/v1/audit/events?limit=1", credential)
        client.request("POST", "/v1/api-keys/verify", credential | JSON, b'{"key": ""}')
    except HttpError as error:
        if error.status == 403:
            name = f"{user['username']} ({user['role']})"
            raise TestFailure(f"{name} lacks rights that the test needs: {HOW_TO_AUTHENTICATE}") from None
        raise
    print(
        f"contract: testing {client.url} as {user['username']}; creates, updates and deletes keys of this user",
        flush=True,
    )
    try:
        if client.request("GET", "/openapi.yaml")[1] != CONTRACT.read_bytes():
            print(
                f"contract: the server was built from another contract than {CONTRACT.name}, which it is tested against"
            )
    except HttpError:
        print("contract: the server does not serve /openapi.yaml, so it may implement another version of the contract")
    caller = Caller(client, credential)
    try:
        yield caller, login
    finally:
        deleted, remaining = caller.delete_keys()
        failed = f"; {remaining} could not be deleted" if remaining else ""
        print(f"contract: deleted {deleted} remaining keys of this run{failed}", flush=True)


def redacted(text: str, secrets: list[str]) -> str:
    """The text without the secrets, in any encoding that they may have in it."""
    text = GENERATED_SECRETS.sub("[Filtered]", text)
    for secret in filter(None, secrets):
        for form in {secret, urllib.parse.quote(secret), urllib.parse.quote_plus(secret), json.dumps(secret)[1:-1]}:
            text = text.replace(form, "[Filtered]")
    return text


def run(url: str, settings: Settings) -> bool:
    """Tests with a token, unless there is none, and with a key; returns whether the server conforms."""
    passed = True
    with (
        deployed_caller(url) as (caller, login),
        tempfile.TemporaryDirectory(prefix="latchkey-contract-reports.") as reports,
    ):
        given = [os.environ.get(name, "") for name in ("PASSWORD", "TOKEN", "KEY")]
        for kind in ["bearer", "key"] if caller.bearer else ["key"]:
            caller.create_keys(settings.examples)
            result = fuzz(
                settings, caller.client.url, [caller], kind, login, may_fail_logins=False, reports=Path(reports)
            )
            own = [value.removeprefix("Bearer ") for value in (*caller.credential.values(), *caller.key.values())]
            problems = result.problems()
            if problems:
                print(redacted(result.output, given + own))
            print(result.summary(TESTED[kind].name))
            print(*(f"  {problem}" for problem in problems), sep="\n", end="\n" if problems else "", flush=True)
            passed = passed and not problems
    return passed


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m tests.contract.deployed",
        description=__doc__,
        epilog=HOW_TO_AUTHENTICATE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("url", help="where the server is, such as https://latchkey.example.com")
    parser.add_argument("--examples", type=int, default=20, help="examples for each operation and phase [default: 20]")
    parser.add_argument("--seed", type=int, help="repeats a run [default: a random one]")
    options = parser.parse_args()
    settings = Settings(options.examples) if options.seed is None else Settings(options.examples, options.seed)
    # Created keys are deleted by the same path as on success.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    print(f"contract: `{settings}` repeats this run", flush=True)
    try:
        return 0 if run(options.url, settings) else 1
    except TestFailure as failure:
        print(f"contract: {failure}")
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
