"""What Schemathesis cannot know from the contract alone; loaded by `schemathesis.toml`, set up by `fuzzing.py`."""

import os
import uuid
import zlib
from typing import Any

import schemathesis
from schemathesis import HookContext
from schemathesis.core.failures import Failure
from schemathesis.core.transport import Response
from schemathesis.generation.meta import CaseMetadata, TestPhase, negated_parameters

KEY_HEADER = "X-API-Key"
VERSION_HEADER = "If-Match"
IDEMPOTENCY_HEADER = "Idempotency-Key"
# A key of the caller; the credential itself when keys are tested.
OWN_KEY = os.environ["LATCHKEY_CONTRACT_KEY"]
OWN_KEY_ID = int(os.environ["LATCHKEY_CONTRACT_KEY_ID"])
# More keys of the caller, or of an owner whose keys it manages: one to read and update, one to disable, enable and
# restrict, one to revoke; the others are used up, as a key can be deleted and rotated only once.
SCRATCH_ID, DISABLED_ID, REVOKED_ID, *SPARE_IDS = [
    int(key_id) for key_id in os.environ["LATCHKEY_CONTRACT_SPARE_IDS"].split(",")
]
# By path of the list; a cursor is signed for one list of one user.
CURSORS = {
    "/v1/api-keys/": os.environ["LATCHKEY_CONTRACT_CURSOR"],
    "/v1/audit/events": os.environ["LATCHKEY_CONTRACT_AUDIT_CURSOR"],
}
# A project that stays as it is, with an owner that stays enabled, one whose settings change, a service account of the
# first, an owner there that is deleted, and a user who changes; empty where neither projects nor users are tested.
PROJECT, OWNER, OWNER_ID, CHANGED_PROJECT, ACCOUNT_ID, DOOMED_ID, USER_ID = os.environ[
    "LATCHKEY_CONTRACT_PROJECT"
].split(",")
# The project that the caller's keys belong to.
KEYS_PROJECT = os.environ["LATCHKEY_CONTRACT_KEYS_PROJECT"]
USER_PATH = "/v1/users/{user_id}"
PROJECTS_PATH, PROJECT_PATH, OWNERS_PATH = (
    "/v1/projects",
    "/v1/projects/{project}",
    "/v1/projects/{project}/owners",
)
# What creates something, and its member that nothing else has.
UNIQUE_NAMES = {
    PROJECTS_PATH: "slug",
    "/v1/projects/{project}/service-accounts": "name",
    "/v1/users": "username",
}
FORWARD_AUTH_PATHS = ("/v1/forward-auth", "/v1/projects/{project}/forward-auth")
LOGIN = {"username": os.environ["LATCHKEY_CONTRACT_USERNAME"], "password": os.environ["LATCHKEY_CONTRACT_PASSWORD"]}
# A deployed server counts failed logins by address, which others may share.
MAY_FAIL_LOGINS = os.environ["LATCHKEY_CONTRACT_MAY_FAIL_LOGINS"] == "yes"
SCOPES = [None, "", "latchkey:keys.read", "latchkey:keys.write latchkey:keys.read"]
# The keys that the run may change: an administrator could change those of everybody. It adds those that it creates.
CHANGEABLE_IDS = {SCRATCH_ID, DISABLED_ID, REVOKED_ID, *SPARE_IDS}
# The users likewise: the run must not lock itself out.
CHANGEABLE_USERS = {int(USER_ID)} if USER_ID else set()
UNKNOWN_ID = 2**62
SPARE_ID = UNKNOWN_ID + 1
# The server blocks an address after 100 failed attempts: most requests must not reach that limit, but some must.
FAILED_LOGINS_PER_ADDRESS = 150

_logins = 0


@schemathesis.hook
def before_load_schema(context: HookContext, raw_schema: dict[str, Any]) -> None:
    """Declares the header of the bearer token.

    Schemathesis knows no header of `oauth2` schemes, so `ignored_auth` would leave the token in the requests that it
    means to send without credentials. By RFC 6750 the two kinds of scheme are the same on the wire.
    """
    schemes = raw_schema["components"]["securitySchemes"]
    description = schemes["OAuth2PasswordBearer"]["description"]
    schemes["OAuth2PasswordBearer"] = {"type": "http", "scheme": "bearer", "description": description}


@schemathesis.hook
def map_case(context: HookContext, case: schemathesis.Case) -> schemathesis.Case:
    """Replaces generated values that would end nearly every request before its operation begins.

    The choice depends on the generated value alone, so that a seed repeats it. Cases that test the values of a
    parameter keep them.
    """
    if case.path == "/token":
        _log_in(case)
    else:
        _choose_key(case)
        _choose_cursor(case)
        _choose_item(case)
        _choose_version(case)
        _choose_verified_key(case)
        _choose_wait(case)
        _choose_project(case)
        _choose_user(case)
    return case


def _choose_key(case: schemathesis.Case) -> None:
    """`X-API-Key` is a parameter of each operation, so most cases have a generated key, which is invalid."""
    generated = _header(case, KEY_HEADER)
    if generated in (None, OWN_KEY) or _is_about(case, KEY_HEADER):
        return
    choice = None if _is_coverage(case) else _choice(generated, 8)
    match choice:
        case 0:
            pass
        case 1:
            case.headers[KEY_HEADER] = OWN_KEY
        case _:
            del case.headers[KEY_HEADER]


def _choose_cursor(case: schemathesis.Case) -> None:
    """A generated cursor is invalid: only the service can create one."""
    generated = (case.query or {}).get("cursor")
    if generated is not None and case.path not in CURSORS and not _is_about(case, "cursor"):
        # The lists of projects and owners have no second page.
        del case.query["cursor"]
        return
    if generated is not None and not _is_about(case, "cursor") and _choice(generated, 4) != 0:
        case.query["cursor"] = CURSORS[case.path]


def _choose_wait(case: schemathesis.Case) -> None:
    """A response that waits takes a second: most do not."""
    waits = (case.query or {}).get("wait_until_effective") == "true"
    if waits and not _is_about(case, "wait_until_effective") and _choice(case.path_parameters, 8) != 0:
        case.query["wait_until_effective"] = "false"


def _choose_item(case: schemathesis.Case) -> None:
    """Schemathesis takes ids from earlier responses; its coverage phase has none, and many keys are deleted."""
    generated = (case.path_parameters or {}).get("item_id")
    if generated is None or _is_about(case, "item_id"):
        return
    # An id of an earlier response is hardly ever that of a key that can still be used up, or that may be revoked.
    chosen = 2 if _uses_up(case) or case.path.endswith("/revoke") else 1
    if _is_example(case) or (_is_fuzzing(case) and _choice(generated, 3) < chosen):
        if _uses_up(case):
            # A placeholder until the request is sent: more cases are generated than sent.
            case.path_parameters["item_id"] = SPARE_ID
        elif case.path.endswith("/revoke"):
            case.path_parameters["item_id"] = REVOKED_ID
        elif case.path.endswith(("/disable", "/enable")) or case.method.upper() == "PUT":
            case.path_parameters["item_id"] = DISABLED_ID
        else:
            case.path_parameters["item_id"] = SCRATCH_ID


def _choose_project(case: schemathesis.Case) -> None:
    """A generated slug, owner and cursor do not exist. Disabled projects and owners refuse nearly everything."""
    if case.method.upper() == "POST":
        _choose_unused_names(case)
    parameters = case.path_parameters or {}
    if not case.path.startswith(PROJECT_PATH) or case.path in FORWARD_AUTH_PATHS:
        return
    if not _is_about(case, "project"):
        parameters["project"] = CHANGED_PROJECT if case.method.upper() == "PATCH" else PROJECT
    if "user_id" in parameters and not _is_about(case, "user_id") and case.method.upper() == "PUT":
        parameters["user_id"] = int(ACCOUNT_ID)
    if "owner_id" in parameters and not _is_about(case, "owner_id"):
        is_known = _choice(parameters["owner_id"], 4) != 0
        if case.method.upper() == "DELETE":
            parameters["owner_id"] = int(DOOMED_ID) if is_known else 2**40
        elif is_known:
            parameters["owner_id"] = int(OWNER_ID)
    body = case.body
    is_spared = parameters["project"] != PROJECT or PROJECT == KEYS_PROJECT
    if case.path.endswith("/api-keys/revoke") and isinstance(body, dict) and is_spared:
        # The run needs its own keys.
        body["dry_run"] = True
    if not isinstance(body, dict) or _meta(case).generation.mode.is_negative:
        return
    conditions = body.get("filter")
    if case.path.endswith("/api-keys/revoke") and isinstance(conditions, dict) and _choice(body, 4) != 0:
        body.pop("cursor", None)
        conditions.setdefault("status", "active")
        conditions.pop("metadata", None)
    if case.path.endswith("/api-keys") and _choice(body, 4) != 0:
        body.pop("service_account", None)
        body.setdefault("external_id", OWNER)
    if case.path.endswith("/owner-tokens") and _choice(body, 4) != 0:
        body["external_id"] = OWNER
    if case.path == OWNERS_PATH and body.get("external_id") == OWNER:
        body.pop("disabled", None)


def _choose_user(case: schemathesis.Case) -> None:
    """Of users, hardly any generated id exists."""
    if case.path == USER_PATH and not _is_about(case, "user_id"):
        case.path_parameters["user_id"] = int(USER_ID)


def _choose_unused_names(case: schemathesis.Case) -> None:
    """Generated names are short and alike, but only one project, user or service account can have each."""
    member = UNIQUE_NAMES.get(case.path)
    body = case.body
    if not member or not isinstance(body, dict) or _meta(case).generation.mode.is_negative or _choice(body, 4) == 0:
        return
    name = f"p{_checksum(body) % 36**4}"
    body[member] = name
    if isinstance(settings := body.get("settings"), dict) and settings.get("key_prefix") is not None:
        settings["key_prefix"] = name


def _uses_up(case: schemathesis.Case) -> bool:
    return case.method.upper() == "DELETE" or case.path.endswith("/rotate")


def _choose_version(case: schemathesis.Case) -> None:
    """A generated ETag matches no version of a record."""
    generated = _header(case, VERSION_HEADER)
    if generated is None or _is_about(case, VERSION_HEADER):
        return
    if _is_example(case) or _choice(generated, 4) != 0:
        case.headers[VERSION_HEADER] = "*"


def _choose_verified_key(case: schemathesis.Case) -> None:
    """A generated key is invalid: forward authentication and half of the verifications get the caller's own."""
    if case.path in FORWARD_AUTH_PATHS and not _meta(case).generation.mode.is_negative:
        case.headers[KEY_HEADER] = OWN_KEY
        if "project" in (case.path_parameters or {}) and not _is_about(case, "project"):
            case.path_parameters["project"] = KEYS_PROJECT
    for path, member in (("/v1/api-keys/verify", "key"), ("/v1/introspect", "token")):
        body = case.body
        if (
            case.path != path
            or _meta(case).generation.mode.is_negative
            or not isinstance(body, dict)
            or member not in body
        ):
            continue
        if _choice(body, 2) == 0:
            body[member] = OWN_KEY


def _log_in(case: schemathesis.Case) -> None:
    """A generated login fails: half of them become valid, or all of them where none may fail."""
    form = case.body
    if _meta(case).generation.mode.is_negative or not isinstance(form, dict) or LOGIN.items() <= form.items():
        return
    choice = _choice(form, 2 * len(SCOPES) if MAY_FAIL_LOGINS else len(SCOPES))
    if choice < len(SCOPES):
        form.update(LOGIN)
        form.pop("scope", None)
        if SCOPES[choice] is not None:
            form["scope"] = SCOPES[choice]


@schemathesis.hook
def before_call(context: HookContext, case: schemathesis.Case, kwargs: dict[str, Any]) -> None:
    """Keeps the credential valid, and spreads logins over many addresses, as failed ones block an address."""
    global _logins
    if case.path == "/token" and not MAY_FAIL_LOGINS:
        # The examples of the contract, which name the user of `make run`, do not pass `map_case`.
        _log_in(case)
    generated = _header(case, IDEMPOTENCY_HEADER)
    if (
        generated is not None
        and not _is_about(case, IDEMPOTENCY_HEADER)
        and (not generated or _choice(generated, 8) != 0)
    ):
        # A value identifies one request, and generated values repeat.
        case.headers[IDEMPOTENCY_HEADER] = str(uuid.uuid4())
    if _meta(case).phase.name is TestPhase.EXAMPLES:
        # In examples, Schemathesis replaces the choices of `map_case` with an id of an earlier response, and with the
        # contract's examples of an ETag and of a project.
        _choose_item(case)
        _choose_version(case)
        _choose_project(case)
    if _item_id(case) == SPARE_ID:
        case.path_parameters["item_id"] = SPARE_IDS.pop() if SPARE_IDS else UNKNOWN_ID
    item_id, method = _item_id(case), case.method.upper()
    changes = method != "GET"
    ends = _uses_up(case) or case.path.endswith("/revoke")
    must_remain = (SCRATCH_ID, DISABLED_ID) if ends else ()
    is_others = isinstance(item_id, int) and item_id > 0 and item_id not in CHANGEABLE_IDS
    if (changes and (item_id == OWN_KEY_ID or is_others)) or item_id in must_remain:
        case.path_parameters["item_id"] = UNKNOWN_ID
    if case.path == USER_PATH and method == "PATCH" and case.path_parameters["user_id"] not in CHANGEABLE_USERS:
        case.path_parameters["user_id"] = UNKNOWN_ID
    if case.path == "/token" and MAY_FAIL_LOGINS:
        # The server trusts this header of the test.
        is_valid = isinstance(case.body, dict) and LOGIN.items() <= case.body.items()
        network, number = (19, _logins) if is_valid else (18, _logins // FAILED_LOGINS_PER_ADDRESS)
        _logins += 1
        case.headers["X-Forwarded-For"] = f"198.{network}.{number // 256 % 256}.{number % 256}"


@schemathesis.hook
def after_call(context: HookContext, case: schemathesis.Case, response: Response) -> None:
    """Takes note of the keys and users that the run creates."""
    if response.status_code == 201 and (case.path == "/v1/api-keys/" or case.path.endswith("/rotate")):
        CHANGEABLE_IDS.add(response.json()["id"])
    if response.status_code == 201 and case.path == "/v1/users":
        CHANGEABLE_USERS.add(response.json()["id"])


@schemathesis.hook
def filter_failure(context: HookContext, failure: Failure, case: schemathesis.Case, response: Response) -> bool:
    """Accepts the rejection of requests that match their schemas, where no schema could express the reason."""
    if type(failure).__name__ != "RejectedPositiveData":
        return True
    match response.status_code:
        case 400:
            # RFC 6749, section 5.2: the status of wrong logins and of scopes that the user lacks.
            is_expected = case.path == "/token" and response.json()["error"] in ("invalid_grant", "invalid_scope")
        case 412:
            # RFC 9110, section 13.1.1: the record has another version.
            is_expected = _header(case, VERSION_HEADER) is not None
        case 422:
            is_expected = all(_is_beyond_schemas(error) for error in response.json()["detail"])
        case _:
            is_expected = False
    return not is_expected


def _is_beyond_schemas(error: dict[str, Any]) -> bool:
    """A cursor that the server did not sign, a scope of `latchkey:` that is unknown or not allowed there, metadata that
    is too large, what is no origin, a filter without a condition, or neither an owner nor a service account, or both.

    A readable pattern for the scope needs a lookahead, which the regular expressions of the server do not have.
    """
    known = (
        ["query", "cursor"],
        ["body"],
        ["body", "cursor"],
        ["body", "filter"],
        ["body", "metadata"],
    )
    members = ("scopes", "key_scopes", "allowed_origins")
    return error["type"] == "value_error" and (
        error["loc"] in known or any(member in error["loc"] for member in members)
    )


def _header(case: schemathesis.Case, name: str) -> str | None:
    return case.headers.get(name) if case.headers else None


def _meta(case: schemathesis.Case) -> CaseMetadata:
    """How the case was generated."""
    assert case.meta
    return case.meta


def _is_example(case: schemathesis.Case) -> bool:
    """Whether the values are those of the contract's examples, but for the one that a coverage case is about."""
    return _meta(case).phase.name in (TestPhase.EXAMPLES, TestPhase.COVERAGE)


def _is_coverage(case: schemathesis.Case) -> bool:
    return _meta(case).phase.name is TestPhase.COVERAGE


def _is_fuzzing(case: schemathesis.Case) -> bool:
    return _meta(case).phase.name is TestPhase.FUZZING


def _is_about(case: schemathesis.Case, parameter: str) -> bool:
    data = _meta(case).phase.data
    return getattr(data, "parameter", None) == parameter or parameter in dict(negated_parameters(_meta(case)))


def _choice(value: object, count: int) -> int:
    return _checksum(value) % count


def _checksum(value: object) -> int:
    return zlib.crc32(str(value).encode("utf-8", "surrogatepass"))


def _item_id(case: schemathesis.Case) -> int | None:
    try:
        return int((case.path_parameters or {})["item_id"])
    except (KeyError, TypeError, ValueError):
        return None
