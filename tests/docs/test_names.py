"""Checks that what the documents name exists: commands, options and paths."""

import itertools
import re

import pytest

from tests.docs.documents import DOCUMENTS, ROOT, Document
from tests.docs.session import Environment

# Folders of the repository that are not in a fresh clone.
NOT_COMMITTED = (".tools/", "target/")
TOP_LEVEL = {path.name for path in ROOT.iterdir()}
COMMITTED = [path for path in ROOT.iterdir() if path.is_dir() and f"{path.name}/" not in NOT_COMMITTED]
PATH = re.compile(r"[\w.@-]+(?:/[\w.*{},@<>…-]+)*/?")


def missing_options(environment: Environment, words: list[str]) -> list[str]:
    """Options of a `latchkey` command line that the program does not have."""
    before_options = itertools.takewhile(lambda word: not word.startswith("--"), words[1:])
    subcommands = [word for word in before_options if re.fullmatch(r"[a-z][a-z-]*", word)]
    usage = environment.run([environment.program, *subcommands, "--help"])
    return [word for word in words if word.startswith("--") and word not in usage]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document.name)
def test_commands_exist(document: Document, readme_server: Environment) -> None:
    for _, span in document.spans:
        words = span.split()
        match words[0] if words else "":
            case "latchkey":
                assert missing_options(readme_server, words) == [], span
            case "make" if len(words) > 1:
                readme_server.run(["make", "--dry-run", "-C", ROOT, *words[1:]])
            case "SELECT" | "ALTER":
                socket = readme_server.data / "socket"
                readme_server.run(["psql", "-h", socket, "-U", "latchkey", "-c", span, "latchkey"])
            case _:
                pass


def names_repository_path(span: str) -> bool:
    """Whether a span reads as a path in the repository: it begins with a top-level name, or is a file name."""
    first, slash, _ = span.partition("/")
    return bool(PATH.fullmatch(span)) and (first in TOP_LEVEL if slash else span in TOP_LEVEL or is_file_name(span))


def is_file_name(span: str) -> bool:
    return bool(re.fullmatch(r"[A-Z_]+\.md|[\w-]+\.(toml|ya?ml|rs|py|sh|lua|mustache|js)", span))


def exists(span: str, document: Document) -> bool:
    """Whether the path exists, from the root or beside the document; a bare file name may be anywhere."""
    # `LANG`, dates and names in angle brackets stand for any name, braces for alternatives.
    pattern = re.sub(r"<[^>]*>|…|\bLANG\b|YYYY-.*", "*", span.rstrip("/"))
    patterns = [pattern]
    if braces := re.search(r"\{([^}]*)\}", pattern):
        patterns = [pattern.replace(braces[0], choice) for choice in braces[1].split(",")]
    folders = [ROOT, (ROOT / document.name).parent]
    found = [any(any(folder.glob(choice)) for folder in folders) for choice in patterns]
    return all(found) or ("/" not in span and any(any(folder.rglob(pattern)) for folder in COMMITTED))


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document.name)
def test_paths_exist(document: Document) -> None:
    named = [(line, span) for line, span in document.spans if names_repository_path(span)]
    missing = [
        f"{document.name}:{line}: {span}"
        for line, span in named
        if not span.startswith(NOT_COMMITTED) and not exists(span, document)
    ]
    assert missing == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document.name)
def test_links_lead_to_files(document: Document) -> None:
    folder = (ROOT / document.name).parent
    relative = [(line, link.partition("#")[0]) for line, link in document.links if "://" not in link]
    missing = [f"{document.name}:{line}: {link}" for line, link in relative if not (folder / link).exists()]
    assert missing == []
