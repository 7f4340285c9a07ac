//! Cursors: those of a page lead back to its position, and no other text is one.

use std::sync::LazyLock;

use latchkey_domain::{api::pagination::CursorCodec, model::Caller};

static CODEC: LazyLock<CursorCodec<2>> =
    LazyLock::new(|| CursorCodec::new(&vec![7; 32].into(), "events").expect("the secret is long enough"));

pub fn fuzz(input: (i64, [i64; 2], u8, char, &str)) {
    let (user_id, position, at, replacement, text) = input;
    let [caller, other] = [user_id, user_id.wrapping_add(1)].map(|id| Caller::with_token(id, 0));
    // The fuzzer learns signatures from the comparisons below.
    if let Ok(Some(position)) = CODEC.parse(&caller, Some(text)) {
        assert_eq!(CODEC.encode(&caller, position), text);
    }

    let cursor = CODEC.encode(&caller, position);
    assert_eq!(CODEC.parse(&caller, Some(&cursor)).ok(), Some(Some(position)));
    assert!(CODEC.parse(&other, Some(&cursor)).is_err());

    let at = usize::from(at) % cursor.len();
    let mut forged = cursor.clone();
    forged.replace_range(at..=at, replacement.encode_utf8(&mut [0; 4]));
    assert_eq!(CODEC.parse(&caller, Some(&forged)).is_ok(), forged == cursor);
}
