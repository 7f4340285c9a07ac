//! Pages of `docs/` that tests write: `UPDATE_SNAPSHOTS=1` rewrites what is stale.

use std::{
    env, fs,
    path::Path,
    sync::{Mutex, PoisonError},
};

/// Asserts that a page is as a test writes it.
#[track_caller]
pub fn assert_page(name: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs").join(name);
    if env::var("UPDATE_SNAPSHOTS").is_ok_and(|value| value == "1") {
        fs::write(&path, text).unwrap();
    }
    let written = fs::read_to_string(&path).unwrap_or_default();
    let stale: Vec<&str> = text.lines().filter(|line| !written.lines().any(|other| other == *line)).collect();
    assert!(written == text, "docs/{name} is stale, UPDATE_SNAPSHOTS=1 rewrites it; new lines:\n{}", stale.join("\n"));
}

/// Asserts that the table below a heading of a page is as a test writes it.
#[track_caller]
pub fn assert_table(name: &str, heading: &str, table: &str) {
    // Tests in parallel write tables of one page.
    static WRITING: Mutex<()> = Mutex::new(());
    let _lock = WRITING.lock().unwrap_or_else(PoisonError::into_inner);
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs").join(name);
    let written = fs::read_to_string(&path).unwrap();
    let (before, rest) = written.split_once(&format!("## {heading}\n")).expect("the page has the heading");
    let (section, after) =
        rest.split_once("\n## ").map_or((rest, String::new()), |(section, after)| (section, format!("\n## {after}")));
    let introduction = section.split("\n| ").next().unwrap().trim_end();
    let gap = if introduction.is_empty() { "" } else { "\n" };
    assert_page(name, &format!("{before}## {heading}\n{introduction}{gap}\n{table}{after}"));
}
