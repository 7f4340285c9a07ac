"""Checks that `tools/check_layers.py` names each import that runs against the layers, and no other."""

from pathlib import Path

import pytest

from tools.check_layers import check, main, table

# A tree that follows the layers.
TREE = {
    "lib.rs": "mod clock;\npub mod api;\npub mod keys;\npub mod model;\npub mod store;\npub use api::Service;\n",
    "clock.rs": "use std::time::Instant;\n",
    "model/mod.rs": "pub mod role;\nuse crate::clock::Clock;\n",
    "model/role.rs": "use super::Scope;\n",
    "store/mod.rs": "use diesel::prelude::*;\nuse crate::model::{Role, role::{self, Scope}};\n",
    "keys/create.rs": "use super::super::store::Store;\nuse crate::{clock::Clock, model::Role};\n",
    "api/mod.rs": "use axum::Router;\nuse crate::{keys::create, store::Store};\n",
}


def write(source: Path, changes: dict[str, str]) -> Path:
    for name, text in (TREE | changes).items():
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        (source / name).write_text(text)
    return source


def test_layered_tree_passes(tmp_path: Path) -> None:
    violations, counts = check(write(tmp_path, {}))
    assert violations == []
    assert counts["api", "store"] == 1
    assert counts["store", "model"] == 3


@pytest.mark.parametrize(
    ("file", "text", "violation"),
    [
        (
            "model/role.rs",
            "use crate::store::Store;\n",
            ":1: model imports store::Store; model may import no other module",
        ),
        (
            "store/keys.rs",
            "//! Keys.\n\nuse crate::keys::create;\n",
            ":3: store imports keys::create; store may import model",
        ),
        ("store/mod.rs", "use crate::{\n    model::Role,\n    keys::create,\n};\n", ":3: store imports keys::create"),
        ("store/keys.rs", "use super::super::api::problem;\n", ":1: store imports api::problem"),
        ("store/mod.rs", "fn f() {\n    crate::api::run();\n}\n", ":2: store imports api::run"),
        ("keys/create.rs", "use crate::Service;\n", ":1: keys imports Service; keys may import model, store"),
        ("keys/create.rs", "use crate::{model::{Role, Scope}, Service as S};\n", ":1: keys imports Service"),
        ("clock.rs", "use crate::model::Role;\n", ":1: clock imports model::Role"),
        ("keys/create.rs", "use diesel::prelude::*;\n", ":1: keys imports diesel::prelude; only store may use diesel"),
        ("store/mod.rs", "use http::StatusCode;\n", ":1: store imports http::StatusCode; only api may use http"),
        ("model/mod.rs", "fn f() { tokio::spawn(g()) }\n", ":1: model imports tokio::spawn"),
    ],
)
def test_violation_is_named(file: str, text: str, violation: str, tmp_path: Path) -> None:
    violations, _ = check(write(tmp_path, {file: text}))
    assert len(violations) == 1
    assert violations[0].startswith(f"{tmp_path / file}{violation}")


@pytest.mark.parametrize(
    "text",
    [
        "#[cfg(test)]\nmod tests {\n    use crate::api::Service;\n    fn f() { let a = '\"'; }\n}\n",
        "// use crate::api::Service;\n/* crate::api::run() */\n",
        'const A: &str = "crate::api::run \\" crate::api::run";\nconst B: &str = r#"" crate::api::run "#;\n',
    ],
    ids=["test module", "comment", "string"],
)
def test_what_is_not_code_is_ignored(text: str, tmp_path: Path) -> None:
    assert check(write(tmp_path, {"store/keys.rs": text}))[0] == []


def test_code_after_a_test_module_is_checked(tmp_path: Path) -> None:
    text = "#[cfg(test)]\nmod tests {\n    fn f() {}\n}\nuse crate::api::Service;\n"
    assert len(check(write(tmp_path, {"store/keys.rs": text}))[0]) == 1


def test_exit_status_and_table(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = write(tmp_path, {})
    assert main(["--table", str(source)]) == 0
    assert capsys.readouterr().out == table(check(source)[1]) + "\n"
    assert "| store | 3 |" in table(check(source)[1])
    write(tmp_path, {"model/role.rs": "use crate::api::Service;\n"})
    assert main([str(source)]) == 1
    assert "model imports api::Service" in capsys.readouterr().out
