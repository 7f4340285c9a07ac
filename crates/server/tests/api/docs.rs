//! The files of `/docs`; `tests/docs` opens the page in a browser.

use std::io::Read;

use flate2::read::GzDecoder;
use insta::assert_snapshot;
use latchkey_test_support::{
    app::TestApp,
    response::{Response, SendChecked},
};

#[tokio::test]
async fn the_page_permits_only_content_from_this_host() {
    let app = TestApp::new().await;
    let mut page = app.get("/docs").send_checked().await;
    assert_eq!(page.body, app.get("/docs/").send_checked().await.body);
    page.body.clear();
    assert_snapshot!(page, @r"
    200 OK
    cache-control: no-cache
    content-security-policy: default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'
    content-type: text/html; charset=utf-8
    latchkey-version: <version>
    referrer-policy: no-referrer
    x-frame-options: DENY
    x-request-id: <id>
    ");
}

#[tokio::test]
async fn every_file_that_the_page_refers_to_exists_on_this_host() {
    let app = TestApp::new().await;
    let page = app.get("/docs").send_checked().await;
    let attributes = page.text().split("=\"").skip(1).map(|rest| rest.split_once('"').unwrap().0);
    let addresses: Vec<_> = attributes.filter(|value| value.contains('/')).collect();
    assert_eq!(addresses.len(), 6, "{addresses:?}");
    for address in addresses {
        assert!(address.starts_with('/'), "{address}");
        assert_eq!(app.get(address).send_checked().await.status, 200, "{address}");
    }
    assert!(!page.text().contains("://"), "{page}");
    for own in ["page.js", "page.css"] {
        let (_, text) = file(&app, own).await;
        assert!(!text.contains("://"), "{text}");
    }
}

#[tokio::test]
async fn a_file_is_cached_by_browsers_and_found_under_the_current_revision_only() {
    let app = TestApp::new().await;
    let (mut response, text) = file(&app, "swagger-ui-bundle.js").await;
    // The file names this file for its licences.
    assert!(text.contains("swagger-ui-bundle.js.LICENSE.txt"));
    response.body.clear();
    assert_snapshot!(response, @r"
    200 OK
    cache-control: public, max-age=31536000, immutable
    content-encoding: gzip
    content-type: text/javascript; charset=utf-8
    latchkey-version: <version>
    x-request-id: <id>
    ");
    assert_eq!(app.get("/docs/0000000000000000/page.js").send_checked().await.status, 404);
}

#[tokio::test]
async fn the_licences_are_included() {
    let app = TestApp::new().await;
    assert!(file(&app, "LICENSE").await.1.contains("Apache License"));
    assert!(file(&app, "NOTICE").await.1.contains("SmartBear"));
    assert!(file(&app, "swagger-ui-bundle.js.LICENSE.txt").await.1.contains("@license"));
}

/// A file of the page's revision: its response, and its decompressed text.
async fn file(app: &TestApp, name: &str) -> (Response, String) {
    let page = app.get("/docs").send_checked().await;
    let (_, rest) = page.text().split_once("src=\"/docs/").unwrap();
    let (revision, _) = rest.split_once('/').unwrap();
    let response = app.get(&format!("/docs/{revision}/{name}")).send_checked().await;
    assert_eq!((response.status.as_u16(), response.header("content-encoding")), (200, Some("gzip")), "{name}");
    let mut text = String::new();
    GzDecoder::new(response.body.as_slice()).read_to_string(&mut text).unwrap();
    (response, text)
}
