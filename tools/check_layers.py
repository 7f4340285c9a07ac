#!/usr/bin/env python3
"""Checks the layers of crates/domain/src: a top-level module may only import the modules that `DIRECTION` allows, and
only some modules may use the crates for databases and HTTP. Test modules and lib.rs may import everything.

usage: tools/check_layers.py [--table] [SOURCE]      --table prints the number of imports between modules
"""

import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

# What each module may import besides itself. Unlisted modules are leaves: all may import them, they only each other.
DIRECTION: dict[str, tuple[str, ...]] = {
    "model": (),
    "store": ("model",),
    "audit": ("model", "store"),
    "keys": ("model", "store"),
    "verification": ("model", "store", "keys"),
    "identity": ("model", "store", "keys", "verification"),
    "background": ("model", "store", "keys", "verification"),
    "api": ("model", "store", "audit", "keys", "verification", "identity", "background"),
}
# The modules that may use each crate; crates that are not listed may be used anywhere.
EVERYWHERE_BUT_MODEL = tuple(name for name in DIRECTION if name != "model")
CRATES = {
    **dict.fromkeys(("diesel", "diesel_async", "diesel_migrations", "tokio_postgres"), ("store",)),
    **dict.fromkeys(("axum", "http", "http_body_util", "latchkey_api"), ("api",)),
    **dict.fromkeys(("tokio", "deadpool"), EVERYWHERE_BUT_MODEL),
}
NO_CODE = re.compile(r"""//[^\n]*|/\*.*?\*/|r(#*)".*?"\1|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])'""", re.DOTALL)
TEST_MODULE = re.compile(r"#\[cfg\(test\)\]\s*mod \w+ \{")
USE = re.compile(r"\buse\s+([^;]+);")
INLINE = re.compile(r"(?<![\w:])\w+(?:::\w+)+")


def code(text: str) -> str:
    """The text with comments, strings and test modules blanked; its lines stay where they are."""
    text = NO_CODE.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), text)
    while test := TEST_MODULE.search(text):
        end, depth = test.end(), 1
        while depth and end < len(text):
            depth += {"{": 1, "}": -1}.get(text[end], 0)
            end += 1
        text = text[: test.start()] + re.sub(r"[^\n]", " ", text[test.start() : end]) + text[end:]
    return text


def paths(text: str) -> Iterator[tuple[int, list[str]]]:
    """Every path in the code, with its offset: those of `use` declarations, expanded, and those in expressions."""
    for use in USE.finditer(text):
        stack: list[list[str]] = [[]]
        path: list[str] = []
        for token in re.finditer(r"\w+|[{},]|$", use[1]):
            if token[0] == "{":
                stack.append(path)
                path = [*path]
            elif re.fullmatch(r"\w+", token[0]):
                path.append(token[0])
            else:
                if path != stack[-1]:
                    yield use.start(1) + token.start() - 1, path
                if token[0] == "}":
                    stack.pop()
                path = [*stack[-1]]
    for inline in INLINE.finditer(USE.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), text)):
        yield inline.start(), inline[0].split("::")


def check(source: Path) -> tuple[list[str], Counter[tuple[str, str]]]:
    """The violations, and the number of imports by importing and imported module."""
    reexports = {
        path[-1]: path[path[0] in ("self", "crate")] for _, path in paths(code((source / "lib.rs").read_text()))
    }
    violations, counts = [], Counter[tuple[str, str]]()
    for file in sorted(source.rglob("*.rs")):
        module = [part for part in file.relative_to(source).with_suffix("").parts if part != "mod"]
        if module == ["lib"] or "tests" in module:
            continue
        text = code(file.read_text())
        for offset, path in paths(text):
            absolute = [*module, *path[1:]] if path[0] == "self" else path[1:] if path[0] == "crate" else path
            supers = next((i for i, part in enumerate(path) if part != "super"), len(path))
            if supers:
                absolute = [*module[: len(module) - supers], *path[supers:]]
            if path[0] in ("crate", "self", "super"):
                target = reexports.get(absolute[0], absolute[0]) if absolute else "lib"
                reachable = {module[0], *DIRECTION.get(module[0], ())}
                allowed = target in reachable or target not in DIRECTION
                counts[module[0], target] += target != module[0]
                rule = f"{module[0]} may import {', '.join(DIRECTION.get(module[0], ())) or 'no other module'}"
            else:
                allowed = module[0] in CRATES.get(path[0], (module[0],))
                rule = f"only {', '.join(CRATES.get(path[0], ()))} may use {path[0]}"
            if not allowed:
                line = text.count("\n", 0, offset) + 1
                violations.append(f"{file}:{line}: {module[0]} imports {'::'.join(absolute)}; {rule}")
    return violations, counts


def table(counts: Counter[tuple[str, str]]) -> str:
    """The counts as Markdown: a row for each importing module, a column for each imported one."""
    order = [*DIRECTION, *sorted({name for pair in counts for name in pair} - DIRECTION.keys())]
    rows = [["importing \\ imported", *order], ["---"] * (len(order) + 1)]
    rows += [[row, *(str(counts[row, column] or "") for column in order)] for row in order]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def main(arguments: list[str]) -> int:
    source = Path(next((name for name in arguments if name != "--table"), "crates/domain/src"))
    violations, counts = check(source)
    if "--table" in arguments:
        print(table(counts))
    print(*violations, sep="\n", end="\n" if violations else "")
    return 1 if violations else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
