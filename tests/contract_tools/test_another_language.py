"""Generates a client for a language that has none here, as docs/GENERATE_A_CLIENT.md says."""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

from tests.contract_tools.contract import ROOT
from tests.docs.documents import Document

PAGE = "docs/GENERATE_A_CLIENT.md"
CONTRACT = ROOT / "generated/openapi.sdk.json"


def test_a_client_for_php_is_generated(tmp_path: Path) -> None:
    (command,) = [block.text for block in Document.read(ROOT / PAGE).blocks if block.text.startswith("openapi-gen")]
    shutil.copy(CONTRACT, tmp_path)
    path = f"{ROOT / '.tools/codegen/bin'}:{os.environ['PATH']}"
    run = subprocess.run(["bash", "-c", command], cwd=tmp_path, env=os.environ | {"PATH": path}, capture_output=True)
    assert run.returncode == 0, run.stderr.decode()
    code = "\n".join(file.read_text() for file in (tmp_path / "client/lib/Api").glob("*.php"))
    methods = set(re.findall(r"public function (\w+)\(", code))
    operations = [
        operation["operationId"]
        for item in json.loads(CONTRACT.read_text())["paths"].values()
        for operation in item.values()
    ]
    assert [operation for operation in operations if operation not in methods] == []
