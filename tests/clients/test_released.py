"""`make check-breaking-clients`: users' programs must compile with the clients of the contract as it is now.

The programs are the calls that were generated for the last release (`codegen/clients/render.py`): they use every
operation, and set and read every property. A change that they notice breaks users' source code, even if it breaks
nothing on the wire.
"""

import pytest

from tests.clients.languages import check, require
from tests.clients.scenario import ROOT
from tests.support.client import TestFailure


def test_programs_of_the_last_release_compile(language: str, pytestconfig: pytest.Config) -> None:
    require(language, pytestconfig)
    if errors := check(language, ROOT / "generated", ROOT / "contract/released/clients"):
        raise TestFailure(
            f"{language}: the calls of the last release do not compile with the generated client; "
            f"docs/CONTRACT.md says how the contract may change\n{errors}"
        )
