"""What Schemathesis cannot know from the contract alone. Loaded by `schemathesis.toml`; `run` sets the environment."""

import os
import zlib

import schemathesis
from schemathesis import HookContext
from schemathesis.core.failures import Failure
from schemathesis.core.transport import Response
from schemathesis.generation.meta import TestPhase, negated_parameters

KEY_HEADER = "X-API-Key"
VERSION_HEADER = "If-Match"
IDEMPOTENCY_HEADER = "Idempotency-Key"
# What Pydantic calls faults that a schema does not know of.
BEYOND_SCHEMAS = {"value_error", "ip_any_address", "ip_any_network", "too_long"}
# A key of the user who calls; in the run with keys it is the credential itself.
OWN_KEY = os.environ["LATCHKEY_CONTRACT_KEY"]
OWN_KEY_ID = int(os.environ["LATCHKEY_CONTRACT_KEY_ID"])
# What the user had before the run.
KEPT_IDS = {int(id) for id in os.environ["LATCHKEY_CONTRACT_KEPT_IDS"].split(",") if id}
# More keys of this user: one to be read and changed, one to be switched and narrowed, one to be revoked; the others to be
# used up, as a key can be deleted and rotated only once.
SCRATCH_ID, SWITCHED_ID, REVOKED_ID, *SPARE_IDS = [
    int(id) for id in os.environ["LATCHKEY_CONTRACT_SPARE_IDS"].split(",")
]
CURSOR = os.environ["LATCHKEY_CONTRACT_CURSOR"]
LOGIN = {"username": os.environ["LATCHKEY_CONTRACT_USERNAME"], "password": os.environ["LATCHKEY_CONTRACT_PASSWORD"]}
# A server that is not the run's own has its failed logins counted by address, and that may be others' too.
MAY_FAIL_LOGINS = os.environ["LATCHKEY_CONTRACT_WRONG_LOGINS"] == "yes"
SCOPES = [None, "", "latchkey:keys.read", "latchkey:keys.write latchkey:keys.read"]
NOBODYS_ID = 2**62
A_SPARE_ID = NOBODYS_ID + 1
# The server refuses an address after 100 failed attempts: most must not meet that limit, but some must.
FAILED_LOGINS_PER_ADDRESS = 150

_logins = 0
_requests = 0


@schemathesis.hook
def before_load_schema(context: HookContext, raw_schema: dict) -> None:
    """Says in which header the bearer token goes.

    Schemathesis knows no header of `oauth2` schemes, so `ignored_auth` would leave the token in the requests that it means
    to send without credentials. RFC 6750 makes the two kinds of scheme the same on the wire.
    """
    schemes = raw_schema["components"]["securitySchemes"]
    description = schemes["OAuth2PasswordBearer"]["description"]
    schemes["OAuth2PasswordBearer"] = {"type": "http", "scheme": "bearer", "description": description}


@schemathesis.hook
def map_case(context: HookContext, case: schemathesis.Case) -> schemathesis.Case:
    """Keeps made-up values from ending nearly every request before its operation begins.

    What is chosen depends on the generated value alone, so that a seed repeats it. Cases that were made to see what a
    value of a parameter does are left as they are.
    """
    if case.path == "/token":
        _log_in(case)
    else:
        _choose_key(case)
        _choose_cursor(case)
        _choose_item(case)
        _choose_version(case)
        _choose_question(case)
    return case


def _choose_key(case: schemathesis.Case) -> None:
    """`X-API-Key` is a parameter of each operation, so a key is made up for most cases; beside a good token it is refused."""
    made_up = (case.headers or {}).get(KEY_HEADER)
    if made_up in (None, OWN_KEY) or _is_about(case, KEY_HEADER):
        return
    choice = None if _is_coverage(case) else _choice(made_up, 8)
    match choice:
        case 0:
            pass
        case 1:
            case.headers[KEY_HEADER] = OWN_KEY
        case _:
            del case.headers[KEY_HEADER]


def _choose_cursor(case: schemathesis.Case) -> None:
    """A cursor can only come from this service."""
    made_up = (case.query or {}).get("cursor")
    if made_up is not None and not _is_about(case, "cursor") and _choice(made_up, 4) != 0:
        case.query["cursor"] = CURSOR


def _choose_item(case: schemathesis.Case) -> None:
    """Schemathesis knows ids by links and from earlier answers; its coverage phase none, and many are of deleted keys."""
    made_up = (case.path_parameters or {}).get("item_id")
    if made_up is None or _is_about(case, "item_id"):
        return
    if case.meta.phase.name in (TestPhase.EXAMPLES, TestPhase.COVERAGE) or (_is_fuzzing(case) and _choice(made_up, 3) == 0):
        if _uses_up(case):
            # Until it is sent: more cases are made than that.
            case.path_parameters["item_id"] = A_SPARE_ID
        elif case.path.endswith("/revoke"):
            case.path_parameters["item_id"] = REVOKED_ID
        elif case.path.endswith(("/disable", "/enable")) or case.method.upper() == "PUT":
            case.path_parameters["item_id"] = SWITCHED_ID
        else:
            case.path_parameters["item_id"] = SCRATCH_ID


def _uses_up(case: schemathesis.Case) -> bool:
    return case.method.upper() == "DELETE" or case.path.endswith("/rotate")


def _choose_version(case: schemathesis.Case) -> None:
    """A made-up version of a record is none that it ever had."""
    made_up = (case.headers or {}).get(VERSION_HEADER)
    if made_up is not None and not _is_about(case, VERSION_HEADER) and _choice(made_up, 4) != 0:
        case.headers[VERSION_HEADER] = "*"


def _choose_question(case: schemathesis.Case) -> None:
    """No key that is made up is good: a gateway's client has the caller's own, and half of the questions are about it."""
    if case.path == "/v1/forward-auth" and not case.meta.generation.mode.is_negative:
        case.headers[KEY_HEADER] = OWN_KEY
    for path, member in (("/v1/api-keys/verify", "key"), ("/v1/introspect", "token")):
        body = case.body
        if case.path != path or case.meta.generation.mode.is_negative or not isinstance(body, dict) or member not in body:
            continue
        if _choice(body, 2) == 0:
            body[member] = OWN_KEY


def _log_in(case: schemathesis.Case) -> None:
    """No name and password that are made up are right; half of them become so, or all where none may fail."""
    form = case.body
    if case.meta.generation.mode.is_negative or not isinstance(form, dict) or LOGIN.items() <= form.items():
        return
    choice = _choice(form, 2 * len(SCOPES) if MAY_FAIL_LOGINS else len(SCOPES))
    if choice < len(SCOPES):
        form.update(LOGIN)
        form.pop("scope", None)
        if SCOPES[choice] is not None:
            form["scope"] = SCOPES[choice]


@schemathesis.hook
def before_call(context: HookContext, case: schemathesis.Case, kwargs: dict) -> None:
    """Keeps the credential alive, and lets logins come from many addresses, or the first failures would lock out the rest."""
    global _logins, _requests
    if case.path == "/token" and not MAY_FAIL_LOGINS:
        # Once more: the contract's own example, which is the user of `make run`, does not come by `map_case`.
        _log_in(case)
    made_up = (case.headers or {}).get(IDEMPOTENCY_HEADER)
    if made_up is not None and not _is_about(case, IDEMPOTENCY_HEADER) and (not made_up or _choice(made_up, 8) != 0):
        # It stands for one request, and what is made up comes again and again.
        _requests += 1
        case.headers[IDEMPOTENCY_HEADER] = f"request-{_requests}"
    if case.meta.phase.name is TestPhase.EXAMPLES:
        # Once more: for an example Schemathesis puts an id of an earlier answer in the place of what `map_case` chose.
        _choose_item(case)
    if _item_id(case) == A_SPARE_ID:
        case.path_parameters["item_id"] = SPARE_IDS.pop() if SPARE_IDS else NOBODYS_ID
    item_id, method = _item_id(case), case.method.upper()
    changes = method != "GET"
    ends = _uses_up(case) or case.path.endswith("/revoke")
    kept = (SCRATCH_ID, SWITCHED_ID) if ends else ()
    if (changes and (item_id == OWN_KEY_ID or item_id in KEPT_IDS)) or item_id in kept:
        case.path_parameters["item_id"] = NOBODYS_ID
    if case.path == "/token" and MAY_FAIL_LOGINS:
        # `run` makes the server trust this header.
        is_right = isinstance(case.body, dict) and LOGIN.items() <= case.body.items()
        network, number = (19, _logins) if is_right else (18, _logins // FAILED_LOGINS_PER_ADDRESS)
        _logins += 1
        case.headers["X-Forwarded-For"] = f"198.{network}.{number // 256 % 256}.{number % 256}"


@schemathesis.hook
def filter_failure(context: HookContext, failure: Failure, case: schemathesis.Case, response: Response) -> bool:
    """Lets be refused what the contract says in words and no schema can: cursors are opaque, scopes and networks have a
    form, an `Idempotency-Key` stands for one request."""
    if type(failure).__name__ != "RejectedPositiveData" or response.status_code != 422:
        return True
    return not all(fault["type"] in BEYOND_SCHEMAS for fault in response.json()["detail"])


def _is_coverage(case: schemathesis.Case) -> bool:
    return case.meta.phase.name is TestPhase.COVERAGE


def _is_fuzzing(case: schemathesis.Case) -> bool:
    return case.meta.phase.name is TestPhase.FUZZING


def _is_about(case: schemathesis.Case, parameter: str) -> bool:
    data = case.meta.phase.data
    return getattr(data, "parameter", None) == parameter or parameter in dict(negated_parameters(case.meta))


def _choice(value: object, count: int) -> int:
    return zlib.crc32(str(value).encode("utf-8", "surrogatepass")) % count


def _item_id(case: schemathesis.Case) -> int | None:
    try:
        return int((case.path_parameters or {}).get("item_id"))
    except (TypeError, ValueError):
        return None
