"""Prints a YAML document as JSON, so that programs can read the contract without a YAML parser."""

import json
import sys

import yaml

with open(sys.argv[1], encoding="utf-8") as document:
    json.dump(yaml.safe_load(document), sys.stdout, indent=2, ensure_ascii=False)
print()
