"""The contract as nested dictionaries, and shorthands to change parts of it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]
TOOLS = ROOT / ".tools/contract-tools"
CURRENT_USER = "/v1/users/me"
STRING = {"type": "string"}
METADATA = {"$ref": "#/components/schemas/Metadata"}
Contract = dict[str, Any]
# Changes a contract in place.
Change = Callable[[Contract], object]


def load_contract() -> Contract:
    contract: Contract = yaml.safe_load((ROOT / "openapi.yaml").read_text())
    return contract


def operation(contract: Contract, path: str = CURRENT_USER, method: str = "get") -> Any:
    return contract["paths"][path][method]


def component(contract: Contract, kind: str, name: str) -> Any:
    return contract["components"][kind][name]


def schema(contract: Contract, name: str) -> Any:
    return component(contract, "schemas", name)


def properties(contract: Contract, name: str) -> Any:
    return schema(contract, name)["properties"]


def rename(members: dict[str, Any], old: str, new: str) -> None:
    members[new] = members.pop(old)
