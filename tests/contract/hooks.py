"""What Schemathesis cannot know from the contract alone. Loaded by `schemathesis.toml`; `run` sets the environment."""

import os
import zlib

import schemathesis
from schemathesis import HookContext
from schemathesis.core.failures import Failure
from schemathesis.core.transport import Response
from schemathesis.generation.meta import TestPhase, negated_parameters

KEY_HEADER = "X-API-Key"
# A key of the user who calls; in the run with keys it is the credential itself.
OWN_KEY = os.environ["LATCHKEY_CONTRACT_KEY"]
OWN_KEY_ID = int(os.environ["LATCHKEY_CONTRACT_KEY_ID"])
# More keys of this user: the first is there to be read and changed, the others to be deleted.
SCRATCH_ID, *SPARE_IDS = [int(id) for id in os.environ["LATCHKEY_CONTRACT_SPARE_IDS"].split(",")]
CURSOR = os.environ["LATCHKEY_CONTRACT_CURSOR"]
LOGIN = {"username": os.environ["LATCHKEY_CONTRACT_USERNAME"], "password": os.environ["LATCHKEY_CONTRACT_PASSWORD"]}
SCOPES = [None, "", "latchkey:keys.read", "latchkey:keys.write latchkey:keys.read"]
NOBODYS_ID = 2**62
# The server refuses an address after 100 failed attempts: most must not meet that limit, but some must.
FAILED_LOGINS_PER_ADDRESS = 150

_logins = 0


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
    if _is_coverage(case) or (_is_fuzzing(case) and _choice(made_up, 3) == 0):
        if case.method.upper() != "DELETE":
            case.path_parameters["item_id"] = SCRATCH_ID
        elif SPARE_IDS:
            case.path_parameters["item_id"] = SPARE_IDS.pop()


def _log_in(case: schemathesis.Case) -> None:
    """No name and password that are made up are right; half of them become so."""
    form = case.body
    if case.meta.generation.mode.is_negative or not isinstance(form, dict) or LOGIN.items() <= form.items():
        return
    choice = _choice(form, 2 * len(SCOPES))
    if choice < len(SCOPES):
        form.update(LOGIN)
        form.pop("scope", None)
        if SCOPES[choice] is not None:
            form["scope"] = SCOPES[choice]


@schemathesis.hook
def before_call(context: HookContext, case: schemathesis.Case, kwargs: dict) -> None:
    """Keeps the credential alive, and lets logins come from many addresses, or the first failures would lock out the rest."""
    global _logins
    item_id, method = _item_id(case), case.method.upper()
    if (method in ("DELETE", "PATCH") and item_id == OWN_KEY_ID) or (method == "DELETE" and item_id == SCRATCH_ID):
        case.path_parameters["item_id"] = NOBODYS_ID
    if case.path == "/token":
        # `run` makes the server trust this header.
        is_right = isinstance(case.body, dict) and LOGIN.items() <= case.body.items()
        network, number = (19, _logins) if is_right else (18, _logins // FAILED_LOGINS_PER_ADDRESS)
        _logins += 1
        case.headers["X-Forwarded-For"] = f"198.{network}.{number // 256 % 256}.{number % 256}"


@schemathesis.hook
def filter_failure(context: HookContext, failure: Failure, case: schemathesis.Case, response: Response) -> bool:
    """Lets a made-up cursor be refused although the schema permits it: the contract calls cursors opaque."""
    if type(failure).__name__ != "RejectedPositiveData" or response.status_code != 422:
        return True
    made_up = (case.query or {}).get("cursor") not in (None, CURSOR)
    return not (made_up and [fault["loc"] for fault in response.json()["detail"]] == [["query", "cursor"]])


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
