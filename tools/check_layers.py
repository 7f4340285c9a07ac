#!/usr/bin/env python3
"""Checks the layers of crates/domain/src: a top-level module may only import the modules that `DIRECTION` allows, and
only some modules may use the crates for databases and HTTP, and `model` does no I/O. Test modules and lib.rs may import
everything. What would hide an import from this check is forbidden, such as another name for the crate's root.

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
    "offload": ("model",),
    "store": ("model",),
    "audit": ("model", "store"),
    "keys": ("model", "store"),
    "members": ("model", "store"),
    "owners": ("model", "store"),
    "projects": ("model", "store"),
    "verification": ("model", "store", "keys"),
    "identity": ("model", "offload", "store", "keys", "verification"),
    "background": ("model", "store", "keys", "verification"),
    "api": (
        "model",
        "offload",
        "store",
        "audit",
        "keys",
        "members",
        "owners",
        "projects",
        "verification",
        "identity",
        "background",
    ),
}
# The modules that may use each crate; crates that are not listed may be used anywhere.
EVERYWHERE_BUT_MODEL = tuple(name for name in DIRECTION if name != "model")
CRATES = {
    **dict.fromkeys(("diesel", "diesel_async", "diesel_migrations", "tokio_postgres"), ("store",)),
    **dict.fromkeys(("axum", "http", "http_body_util", "latchkey_api"), ("api",)),
    **dict.fromkeys(("tokio", "deadpool"), EVERYWHERE_BUT_MODEL),
}
# What `model` may not use of the standard library: I/O and processes; of `std::net`, the addresses alone are allowed.
IO = re.compile(r"std(?:$|::(?:self|env|fs|os|process|thread)\b|::net(?!::Ip))")
ROOTS = ("crate", "self", "super")
# Code that has imports which the paths in it do not show.
HIDING = re.compile(r"\bextern\s+crate\b|\binclude\s*!|#\s*\[\s*(?:cfg_attr\s*\([^\]]*,\s*)?path\s*=")
NO_CODE = re.compile(r"""//[^\n]*|/\*.*?\*/|r(#*)".*?"\1|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])'""", re.DOTALL)
TEST_MODULE = re.compile(r"#\[cfg\(test\)\]\s*mod \w+ \{")
USE = re.compile(r"\buse(?:\s+|(?=::|\{))([^;]+);")
# A path that follows a type, as in `<T as Trait>::f`, is not one; one that follows an arrow is.
INLINE = re.compile(r"(?<![\w:])(?<![^=-]>)(?:::\s*)?\w+(?:\s*::\s*\w+)+")


def code(text: str) -> str:
    """The text with comments, strings, test modules and `r#` of names blanked; its lines stay where they are."""
    text = NO_CODE.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), text)
    text = re.sub(r"\br#(?=\w)", "", text)
    while test := TEST_MODULE.search(text):
        end, depth = test.end(), 1
        while depth and end < len(text):
            depth += {"{": 1, "}": -1}.get(text[end], 0)
            end += 1
        text = text[: test.start()] + re.sub(r"[^\n]", " ", text[test.start() : end]) + text[end:]
    return text


def paths(text: str) -> Iterator[tuple[int, list[str]]]:
    """Every path in the code, with its offset: those of `use` declarations, expanded, and those in expressions. A glob
    ends with `*`, and an alias with `as` and the name."""
    for use in USE.finditer(text):
        stack: list[list[str]] = [[]]
        path: list[str] = []
        for token in re.finditer(r"[\w*]+|[{},]|$", use[1]):
            if token[0] == "{":
                stack.append(path)
                path = [*path]
            elif re.fullmatch(r"[\w*]+", token[0]):
                path.append(token[0])
            else:
                if path != stack[-1]:
                    yield use.start(1) + token.start() - 1, path
                if token[0] == "}":
                    stack.pop()
                path = [*stack[-1]]
    for inline in INLINE.finditer(USE.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), text)):
        parts = [part for part in re.split(r"\s*::\s*", inline[0]) if part]
        yield inline.start(), parts
        if re.match(r"\w+\s", inline[0]):  # The first word may be a keyword, as in `return ::diesel::delete`.
            yield inline.start(), parts[1:]


def resolve(path: list[str], module: list[str]) -> list[str]:
    """The path from the root of the crate, without glob and alias, of a path that begins with one of `ROOTS`."""
    above = [] if path[0] == "crate" else module[: max(0, len(module) - path.count("super"))]
    return [*above, *(part for part in path if part not in ROOTS)]


def hides(path: list[str], absolute: list[str], module: list[str]) -> bool:
    """Whether the path is a glob or an alias by which others are imported: of the root, of a parent, or in lib.rs."""
    if path[-1] == "*":
        return module == ["lib"] or not absolute
    return "as" in path and all(part in ROOTS for part in path[: path.index("as")])


def check(source: Path) -> tuple[list[str], Counter[tuple[str, str]]]:
    """The violations, and the number of imports by importing and imported module."""
    reexports = {
        path[-1]: path[path[0] in ("self", "crate")] for _, path in paths(code((source / "lib.rs").read_text()))
    }
    violations, counts = [], Counter[tuple[str, str]]()
    for file in sorted(source.rglob("*.rs")):
        module = [part for part in file.relative_to(source).with_suffix("").parts if part != "mod"]
        if "tests" in module:
            continue
        text = code(file.read_text())
        found = [
            (match.start(), f"`{match[0]}` hides imports; use modules and crates by name")
            for match in HIDING.finditer(text)
        ]
        for offset, path in paths(text):
            names = path[: path.index("as")] if "as" in path else [part for part in path if part != "*"]
            absolute = resolve(names, module) if names and names[0] in ROOTS else names
            if hides(path, absolute, module):
                found.append((offset, f"`{' '.join(path)}` hides imports; import by name"))
                continue
            if module == ["lib"]:
                continue
            if names[0] in ROOTS:
                target = reexports.get(absolute[0], absolute[0]) if absolute else "lib"
                reachable = {module[0], *DIRECTION.get(module[0], ())}
                allowed = target in reachable or target not in DIRECTION
                counts[module[0], target] += target != module[0]
                rule = f"{module[0]} may import {', '.join(DIRECTION.get(module[0], ())) or 'no other module'}"
            elif module[0] == "model" and IO.match("::".join(names)):
                allowed, rule = False, "model does no I/O"
            else:
                allowed = module[0] in CRATES.get(names[0], (module[0],))
                rule = f"only {', '.join(CRATES.get(names[0], ()))} may use {names[0]}"
            if not allowed:
                found.append((offset, f"imports {'::'.join(absolute)}; {rule}"))
        violations += [
            f"{file}:{text.count(chr(10), 0, offset) + 1}: {module[0]} {what}" for offset, what in sorted(found)
        ]
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
