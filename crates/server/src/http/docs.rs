//! `/docs`: the contract to read and to try, by Swagger UI. Its files are within the program, compressed, as
//! `codegen/docs/generate` wrote them; nothing is asked of another host.

use axum::{Router, routing::get};
use http::header::{
    CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
    X_FRAME_OPTIONS,
};

const PAGE: &str = include_str!("../../../../generated/docs/index.html");
/// Changes with any of the files, and stands in their addresses.
const REVISION: &str = include_str!("../../../../generated/docs/revision");

/// Nothing but what is served here, no script or style within the page, and no page around it. Swagger UI's style sheet
/// has its icons within itself, as `data:`.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; \
                      base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

macro_rules! files {
    ($($name:literal: $content_type:literal),* $(,)?) => {
        [$(($name, $content_type, include_bytes!(concat!("../../../../generated/docs/", $name, ".gz")))),*]
    };
}

const FILES: [(&str, &str, &[u8]); 8] = files![
    "swagger-ui-bundle.js": "text/javascript; charset=utf-8",
    "swagger-ui-bundle.js.LICENSE.txt": "text/plain; charset=utf-8",
    "swagger-ui.css": "text/css; charset=utf-8",
    "favicon-32x32.png": "image/png",
    "LICENSE": "text/plain; charset=utf-8",
    "NOTICE": "text/plain; charset=utf-8",
    "page.css": "text/css; charset=utf-8",
    "page.js": "text/javascript; charset=utf-8",
];

pub(super) fn router() -> Router {
    let page = async || {
        let headers = [
            (CONTENT_TYPE, "text/html; charset=utf-8"),
            (CONTENT_SECURITY_POLICY, POLICY),
            (CACHE_CONTROL, "no-cache"),
            (X_CONTENT_TYPE_OPTIONS, "nosniff"),
            (X_FRAME_OPTIONS, "DENY"),
            (REFERRER_POLICY, "no-referrer"),
        ];
        (headers, PAGE)
    };
    let router = Router::new().route("/docs", get(page)).route("/docs/", get(page));
    FILES.into_iter().fold(router, |router, (name, content_type, compressed)| {
        let headers = [
            (CONTENT_TYPE, content_type),
            // Every browser takes it, so that the program need not have the same once more as it was.
            (CONTENT_ENCODING, "gzip"),
            (CACHE_CONTROL, "public, max-age=31536000, immutable"),
            (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        ];
        router.route(&format!("/docs/{REVISION}/{name}"), get(async move || (headers, compressed)))
    })
}
