"""Runs every code block of the documentation, as `session.py` describes."""

import json
import tomllib
from collections.abc import Callable

import pytest

from tests.docs.documents import DOCUMENTS, ROOT, Block, Document
from tests.docs.session import SESSION_LANGUAGES, Environment, runs_in_session, session

# How blocks of other languages are read, which fails if they are malformed. Diagrams are text.
PARSERS: dict[str, Callable[[str], object]] = {"json": json.loads, "toml": tomllib.loads, "text": str}
BLOCKS = [block for document in DOCUMENTS for block in document.blocks]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document.name)
def test_blocks_run(document: Document, readme_server: Environment) -> None:
    if document is not DOCUMENTS[0] and any(map(runs_in_session, document.blocks)):
        with session(readme_server, document):
            pass


@pytest.mark.parametrize("block", [block for block in BLOCKS if not runs_in_session(block)], ids=str)
def test_other_block_is_covered(block: Block, summarize: Callable[[str], None]) -> None:
    if block.directive.startswith("not run: "):
        summarize(f"docs: not run: {block}: {block.directive.removeprefix('not run: ')}")
    elif block.directive.startswith("run by "):
        test = ROOT / block.directive.removeprefix("run by ")
        assert block.document in test.read_text()
    else:
        known = [*PARSERS, *SESSION_LANGUAGES]
        assert block.language in known, "no directive and no language says how it is run; see tests/docs/session.py"
        PARSERS[block.language](block.text)


def test_substitutions_are_needed(environment: Environment) -> None:
    texts = "\n".join(block.text + block.directive for block in BLOCKS if runs_in_session(block))
    assert [name for name in environment.substitutions if name not in texts] == []
