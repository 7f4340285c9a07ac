"""The statements that the program runs for the benchmarked operations, as scripts for pgbench."""

import contextlib
import http.client
import json
import re
from collections.abc import Mapping
from typing import NamedTuple

from bench.keys import digest
from bench.load import PATCH_BODY
from bench.postgres import Postgres, Script, Statement
from bench.processes import Program

# The table that each of the statements reads.
TABLE = "api_keys"
# Values that no other parameter of a request's statements has.
ID, DESCRIPTION = 4321, 654321


class Sample(NamedTuple):
    """A request whose statement is read, and what the script for pgbench makes of it."""

    operation: str
    method: str
    target: str
    body: str | None = None
    # Commands of pgbench that precede the statement.
    commands: tuple[str, ...] = ()
    # Expressions that replace parameters, by the value of the parameter.
    expressions: Mapping[str, str] = {}


def samples(key: str, pepper: bytes, rows: int) -> list[Sample]:
    """One request of each operation that runs a statement. Random ids take the place of the request's own.

    The keys of user 2 have hashes that SQL computes from such an id, for verifications.
    """
    random_id = rf"\set id random(1, {rows})"
    random_description = r"\set description random(100000, 999999)"
    path = f"/v1/api-keys/{ID}"
    changed = {str(ID): ":id", str(DESCRIPTION): ":description"}
    hashes = f'{{"\\\\x{digest(key, pepper)}"}}'
    return [
        Sample("GET", "GET", path, commands=(random_id,), expressions={str(ID): ":id"}),
        Sample("PATCH", "PATCH", path, PATCH_BODY % DESCRIPTION, (random_id, random_description), changed),
        Sample("LIST 50", "GET", "/v1/api-keys/?limit=50"),
        Sample(
            "VERIFY uncached",
            "POST",
            "/v1/api-keys/verify",
            json.dumps({"key": key}),
            (random_id,),
            {hashes: "ARRAY[sha256(int8send(:id))]"},
        ),
    ]


def read_scripts(postgres: Postgres, program: Program, samples: list[Sample]) -> dict[str, Script]:
    """Sends the requests, and returns their statements by operation. The program must be connected to `logging_url`."""
    scripts = {}
    with contextlib.closing(http.client.HTTPConnection(program.address)) as connection:
        for sample in samples:
            with postgres.logged_statements() as statements:
                program.request(connection, sample.method, sample.target, sample.body)
            scripts[sample.operation] = script(find(sample, statements), sample)
    return scripts


def find(sample: Sample, statements: list[Statement]) -> Statement:
    """Returns the one statement of the operation, which has all the parameters that expressions replace."""
    found = [
        statement
        for statement in statements
        if TABLE in statement.text and sample.expressions.keys() <= set(statement.parameters.values())
    ]
    if len(found) != 1:
        wanted = f"on {TABLE}" + "".join(f" with the parameter {value}" for value in sample.expressions)
        ran = "".join(f"\n\n{statement.text}\n{statement.parameters}" for statement in statements) or " none"
        raise SystemExit(
            f"{sample.operation} runs {len(found)} statements {wanted} instead of one, so pgbench has nothing to compare with. "
            f"Statements in the log of Postgres:{ran}"
        )
    return found[0]


def script(statement: Statement, sample: Sample) -> Script:
    """Returns the statement for pgbench.

    Parameters without an expression become variables, except for null, which pgbench cannot send as a parameter.
    """
    variables = {}

    def replace(match: re.Match[str]) -> str:
        value = statement.parameters[int(match[1])]
        if value is None:
            return "NULL"
        if value in sample.expressions:
            return sample.expressions[value]
        variables[f"p{match[1]}"] = value
        return f":p{match[1]}"

    text = re.sub(r"\$(\d+)", replace, statement.text)
    return Script("\n".join([*sample.commands, text + ";"]) + "\n", variables)
