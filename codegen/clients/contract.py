"""Writes the contract as the clients' generators are given it, as JSON, and prints its version.

The contract itself stays as it is; these edits change no request and no answer:
- `ValidationError.loc`: its members are a string or an integer, so `anyOf` and `oneOf` mean the same. Most generators
  make a type of `oneOf` only, and 32-bit integers unless they are told otherwise.
- The description is left to the READMEs: generators repeat it at the head of every file.
"""

import json
import sys

import yaml

source, target = sys.argv[1:]
with open(source, encoding="utf-8") as document:
    contract = yaml.safe_load(document)

items = contract["components"]["schemas"]["ValidationError"]["properties"]["loc"]["items"]
items["oneOf"] = [{**kind, "format": "int64"} if kind["type"] == "integer" else kind for kind in items.pop("anyOf")]
contract["info"]["description"] = contract["info"].pop("summary")

with open(target, "w", encoding="utf-8") as document:
    json.dump(contract, document, indent=2, ensure_ascii=False)
print(contract["info"]["version"])
