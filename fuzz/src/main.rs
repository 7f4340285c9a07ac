//! Fuzz targets for the parsers of outside input, which libFuzzer drives. They are one program, because most of their time to
//! build is that of the crates that all of them use. `LATCHKEY_FUZZ_TARGET` names the one to run.
#![no_main]

mod api_key;
mod client_ip;
mod cursor;
mod headers;
mod json;
mod policy;
mod request;

use std::{env, sync::LazyLock};

use libfuzzer_sys::{
    Corpus,
    arbitrary::{Arbitrary, Unstructured},
    fuzz_target,
};

static TARGET: LazyLock<fn(&[u8]) -> Corpus> = LazyLock::new(|| match env::var("LATCHKEY_FUZZ_TARGET").as_deref() {
    Ok("api_key") => |bytes| with_input(bytes, api_key::fuzz),
    Ok("client_ip") => |bytes| with_input(bytes, client_ip::fuzz),
    Ok("cursor") => |bytes| with_input(bytes, cursor::fuzz),
    Ok("headers") => |bytes| with_input(bytes, headers::fuzz),
    Ok("json") => |bytes| with_input(bytes, json::fuzz),
    Ok("policy") => |bytes| with_input(bytes, policy::fuzz),
    Ok("request") => request::fuzz,
    name => panic!("LATCHKEY_FUZZ_TARGET must name a target: {name:?}"),
});

fuzz_target!(init: LazyLock::force(&TARGET), |bytes: &[u8]| -> Corpus { TARGET(bytes) });

/// Calls a target with the input that the fuzzer's bytes stand for, if they stand for one.
fn with_input<'a, T: Arbitrary<'a>>(bytes: &'a [u8], target: impl FnOnce(T)) -> Corpus {
    match T::arbitrary_take_rest(Unstructured::new(bytes)) {
        Ok(input) => {
            target(input);
            Corpus::Keep
        }
        Err(_) => Corpus::Reject,
    }
}
