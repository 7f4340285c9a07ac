"""The documents, with their code blocks and the code in their text."""

import re
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path

from markdown_it import MarkdownIt

ROOT = Path(__file__).resolve().parents[2]
PATTERNS = ("*.md", "docs/**/*.md")


@dataclass
class Block:
    """A code block. `directive` is the comment right before it, which says how it is run."""

    document: str
    line: int
    language: str
    text: str
    directive: str

    def __str__(self) -> str:
        return f"{self.document}:{self.line}"


@dataclass
class Document:
    """A document; `spans` is the code in its text and `links` where its links lead, both by line."""

    name: str
    blocks: list[Block]
    spans: list[tuple[int, str]]
    links: list[tuple[int, str]]

    @classmethod
    def read(cls, path: Path) -> "Document":
        document = cls(str(path.relative_to(ROOT)), [], [], [])
        directive = ""
        for token in MarkdownIt("commonmark").enable("table").parse(path.read_text()):
            # Lines count from 1; of a block, it is the line before its first.
            line = token.map[0] + 1 if token.map else 0
            if token.type in ("fence", "code_block"):
                document.blocks.append(Block(document.name, line, token.info, token.content, directive))
            children = token.children or []
            for child, following in zip_longest(children, children[1:]):
                # Files that the reader is to create need not exist.
                is_new = following is not None and following.content.startswith(" (new)")
                if child.type == "code_inline" and not is_new:
                    document.spans.append((line, child.content))
                elif child.type in ("link_open", "image"):
                    document.links.append((line, str(child.attrs.get("href", child.attrs.get("src")))))
            comment = re.fullmatch(r"<!-- (.*) -->\s*", token.content) if token.type == "html_block" else None
            directive = comment[1] if comment else ""
        return document


# README.md first: the server that its `make run` starts is there for all documents, as it is for a reader.
DOCUMENTS = sorted(
    (Document.read(path) for pattern in PATTERNS for path in ROOT.glob(pattern)),
    key=lambda document: (document.name != "README.md", document.name),
)
