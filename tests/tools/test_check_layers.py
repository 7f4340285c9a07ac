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
        ("keys/create.rs", "fn f() {\n    crate :: api :: run();\n}\n", ":2: keys imports api::run"),
        ("keys/create.rs", "fn f() { crate::r#api::run(); }\n", ":1: keys imports api::run"),
        ("keys/create.rs", "use self::super::super::api::run;\n", ":1: keys imports api::run"),
        ("keys/create.rs", "mod inner { use super::super::super::api::run; }\n", ":1: keys imports api::run"),
        ("keys/create.rs", "use crate::api as store;\n", ":1: keys imports api; keys may import"),
        ("keys/create.rs", "use crate::api::*;\n", ":1: keys imports api; keys may import"),
        ("keys/create.rs", "fn f() { ::diesel::delete(a) }\n", ":1: keys imports diesel::delete; only store"),
        ("keys/create.rs", "fn f() { return ::diesel::delete(a) }\n", ":1: keys imports diesel::delete"),
        ("keys/create.rs", "fn f() ->::diesel::Table {}\n", ":1: keys imports diesel::Table"),
        ("keys/create.rs", "use ::diesel as d;\n", ":1: keys imports diesel; only store may use diesel"),
        ("keys/create.rs", "use::diesel::delete;\n", ":1: keys imports diesel::delete"),
        ("model/role.rs", "use std::fs;\n", ":1: model imports std::fs; model does no I/O"),
        ("model/role.rs", "use std::{fmt, env::var};\n", ":1: model imports std::env::var; model does no I/O"),
        ("model/role.rs", "fn f() { std::process::exit(1) }\n", ":1: model imports std::process::exit"),
        ("model/role.rs", "fn f() { ::std::thread::spawn(g) }\n", ":1: model imports std::thread::spawn"),
        ("model/role.rs", "use std::net::{IpAddr, TcpStream};\n", ":1: model imports std::net::TcpStream"),
        ("model/role.rs", "use std::net::TcpListener;\n", ":1: model imports std::net::TcpListener"),
        ("model/role.rs", "use std::net::UdpSocket;\n", ":1: model imports std::net::UdpSocket"),
        ("model/role.rs", "use std::net;\n", ":1: model imports std::net; model does no I/O"),
        ("model/role.rs", "use std::net::*;\n", ":1: model imports std::net; model does no I/O"),
        ("model/role.rs", "use std as s;\n", ":1: model imports std; model does no I/O"),
        ("model/role.rs", "use std::{self as s};\n", ":1: model imports std::self; model does no I/O"),
    ],
)
def test_violation_is_named(file: str, text: str, violation: str, tmp_path: Path) -> None:
    violations, _ = check(write(tmp_path, {file: text}))
    assert len(violations) == 1
    assert violations[0].startswith(f"{tmp_path / file}{violation}")


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("keys/create.rs", "\nuse crate as c;\n"),
        ("keys/create.rs", "\nuse {crate as c};\n"),
        ("keys/create.rs", "\nuse crate::{self as root};\n"),
        ("keys/create.rs", "\nuse crate::{model::Role, self as root};\n"),
        ("keys/create.rs", "\nuse crate::*;\n"),
        ("keys/create.rs", "\nuse crate::{model::Role, *};\n"),
        ("keys/create.rs", "\nuse super::super as up;\n"),
        ("keys/create.rs", "\nuse super::{super as up};\n"),
        ("keys/create.rs", "\nuse super::super::*;\n"),
        ("keys/create.rs", "\nuse self::{self as here};\n"),
        ("clock.rs", "\nuse super::*;\n"),
        ("keys/create.rs", "\nextern crate diesel as d;\n"),
        ("lib.rs", "\nextern crate diesel as d;\n"),
        ("lib.rs", "\npub use api::*;\n"),
        ("keys/create.rs", '\n#[path = "../api/mod.rs"]\nmod run;\n'),
        ("keys/create.rs", '\n#[cfg_attr(unix, path = "../api/mod.rs")]\nmod run;\n'),
        ("keys/create.rs", '\ninclude!("../api/mod.rs");\n'),
    ],
)
def test_hidden_import_is_named(file: str, text: str, tmp_path: Path) -> None:
    violations, _ = check(write(tmp_path, {file: text}))
    assert len(violations) == 1
    assert violations[0].startswith(f"{tmp_path / file}:2: {Path(file).parts[0].removesuffix('.rs')} `")
    assert " hides imports; " in violations[0]


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("keys/create.rs", "use super::*;\nuse crate::model::{self, Role as R};\n"),
        ("keys/create.rs", "use std::{fs, net::TcpStream};\nfn f(a: &str) { std::thread::spawn(g); }\n"),
        ("keys/create.rs", "fn f() { <T as Trait>::http::f(); span!(path = a); }\n"),
        ("model/role.rs", "use std::{fmt, net::{IpAddr, Ipv4Addr}};\n"),
    ],
)
def test_allowed_import_is_accepted(file: str, text: str, tmp_path: Path) -> None:
    assert check(write(tmp_path, {file: text}))[0] == []


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
