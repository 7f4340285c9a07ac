//! Finds requests that a web page of another origin made a browser send. Browsers send simple forms from any page, so without
//! this any page could make its visitors fail to log in until their address is blocked.

use http::{
    HeaderMap, Uri,
    header::{HOST, ORIGIN},
    request::Parts,
};

/// Whether a page of another origin sent the request, as far as browsers tell. Programs send neither header.
///
/// `Sec-Fetch-Site` decides where it is present (Fetch Metadata Request Headers, section 2.3): only on encrypted connections
/// and to localhost. It is `same-origin`, or `none` if no page sent the request. Elsewhere the host of `Origin`, which browsers
/// send with every POST (Fetch, section 3.2), must be the host of the request. Ports are not compared, because proxies drop them.
pub fn is_cross_origin(request: &Parts) -> bool {
    let mut sites = request.headers.get_all("sec-fetch-site").iter().peekable();
    if sites.peek().is_some() {
        return sites.any(|site| site != "same-origin" && site != "none");
    }
    let host = host(&request.uri, &request.headers);
    request.headers.get_all(ORIGIN).iter().any(|origin| {
        let origin = origin.to_str().ok().and_then(|origin| origin.parse::<Uri>().ok());
        // `null`, the origin of a sandbox, has no scheme.
        let origin = origin.as_ref().filter(|origin| origin.scheme().is_some()).and_then(Uri::host);
        !matches!((origin, &host), (Some(origin), Some(host)) if origin.eq_ignore_ascii_case(host))
    })
}

/// The origin of the page that sent a request, if one did. What is no single origin is one that no project allows.
pub(super) fn origin(headers: &HeaderMap) -> Option<Box<str>> {
    let mut origins = headers.get_all(ORIGIN).iter();
    let (first, second) = (origins.next()?, origins.next());
    Some(if second.is_none() { first.to_str().unwrap_or_default().into() } else { Box::default() })
}

/// Whether a text is an origin that a project can allow, as browsers send it in `Origin` (RFC 6454, section 6.2): a scheme, a host
/// and, unless it is the scheme's own, a port, in lower case and without a path. It uses https, or http on this machine.
pub fn is_valid_origin(text: &str) -> bool {
    let Ok(uri) = text.parse::<http::Uri>() else { return false };
    let (Some(scheme), Some(host)) = (uri.scheme_str(), uri.host()) else { return false };
    let is_loopback = matches!(host, "localhost" | "127.0.0.1" | "[::1]");
    let default_port = match scheme {
        "https" => 443,
        "http" if is_loopback => 80,
        _ => return false,
    };
    let port = uri.port_u16().filter(|port| *port != default_port);
    let canonical = match port {
        None => format!("{scheme}://{host}"),
        Some(port) => format!("{scheme}://{host}:{port}"),
    };
    text == canonical.to_ascii_lowercase() && text.is_ascii()
}

/// The host that the request was sent to, without its port.
fn host(uri: &Uri, headers: &HeaderMap) -> Option<String> {
    // With HTTP/2, the host is part of the URI.
    let authority = uri.authority().cloned();
    let authority = authority.or_else(|| headers.get(HOST)?.to_str().ok()?.parse().ok())?;
    Some(authority.host().to_owned())
}

#[cfg(test)]
mod tests {
    use http::Request;

    use super::*;

    fn is_cross_origin_with(uri: &str, headers: &[(&str, &str)]) -> bool {
        let request = headers.iter().fold(Request::post(uri), |request, (name, value)| request.header(*name, *value));
        is_cross_origin(&request.body(()).unwrap().into_parts().0)
    }

    #[test]
    fn sec_fetch_site_decides() {
        let site = |site| is_cross_origin_with("/token", &[("sec-fetch-site", site), ("host", "keys.example")]);
        assert_eq!(["same-origin", "none"].map(site), [false; 2]);
        assert_eq!(["same-site", "cross-site", "", "anything"].map(site), [true; 4]);
        // A proxy may have replaced the host.
        let headers = [("sec-fetch-site", "same-origin"), ("origin", "https://keys.example"), ("host", "backend")];
        assert!(!is_cross_origin_with("/token", &headers));
        assert!(is_cross_origin_with("/token", &[("sec-fetch-site", "none"), ("sec-fetch-site", "cross-site")]));
    }

    #[test]
    fn without_it_the_origin_has_the_host_of_the_request() {
        let origin = |origin| is_cross_origin_with("/token", &[("origin", origin), ("host", "keys.example:8080")]);
        assert_eq!(["http://keys.example", "https://Keys.example:8443"].map(origin), [false; 2]);
        let others = ["null", "", "keys.example", "http://evil.example", "http://keys.example.evil.example", "http://"];
        assert_eq!(others.map(origin), [true; 6]);
        let http2 = |origin| is_cross_origin_with("http://[::1]:8080/token", &[("origin", origin)]);
        assert!(!http2("http://[::1]:8080"));
        assert!(http2("http://[::2]:8080"));
        assert!(is_cross_origin_with("/token", &[("origin", "http://keys.example")]));
    }

    #[test]
    fn programs_are_unaffected() {
        assert!(!is_cross_origin_with("/token", &[("host", "keys.example")]));
        assert!(!is_cross_origin_with("/token", &[]));
    }

    #[test]
    fn an_origin_is_what_a_browser_sends() {
        for origin in [
            "https://app.example.com",
            "https://app.example.com:8443",
            "http://localhost:3000",
            "http://127.0.0.1",
            "http://[::1]:8080",
        ] {
            assert!(is_valid_origin(origin), "{origin}");
        }
        for text in [
            "",
            "*",
            "null",
            "app.example.com",
            "https://",
            "https://App.example.com",
            "https://app.example.com/",
            "https://app.example.com:443",
            "http://app.example.com",
            "http://localhost:80",
            "https://user@app.example.com",
            "https://app.example.com?x",
            "ftp://app.example.com",
            "http://127.0.0.2",
            "https://app.example.com:99999",
        ] {
            assert!(!is_valid_origin(text), "{text}");
        }
    }
}
