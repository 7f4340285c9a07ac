//! Metadata: strings that the deployer attaches to an owner or a key.

use std::{collections::BTreeMap, sync::Arc};

use serde::{Deserialize, Serialize};

/// The most bytes of the whole, as JSON without spaces.
pub const MAX_BYTES: usize = 4096;

/// Strings by name. Empty metadata takes no memory.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "BTreeMap<String, String>", into = "BTreeMap<String, String>")]
pub struct Metadata(Option<Arc<BTreeMap<String, String>>>);

/// Metadata with more than [`MAX_BYTES`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MetadataTooLarge;

impl Metadata {
    /// Metadata of these values, each of which the contract has checked.
    pub fn parse(values: BTreeMap<String, String>) -> Result<Self, MetadataTooLarge> {
        let metadata = Self::from(values);
        if metadata.to_json().len() > MAX_BYTES { Err(MetadataTooLarge) } else { Ok(metadata) }
    }

    /// The value of this name.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.as_ref().and_then(|values| values.get(name)).map(String::as_str)
    }

    /// Whether there are no values.
    pub fn is_empty(&self) -> bool {
        self.0.is_none()
    }

    /// About how many bytes of memory it takes besides itself, with what the map and the allocator add to each value.
    pub fn heap_bytes(&self) -> usize {
        const PER_VALUE: usize = 2 * (size_of::<String>() + 16);
        self.0.iter().flat_map(|values| values.iter()).map(|(name, value)| PER_VALUE + name.len() + value.len()).sum()
    }

    fn to_json(&self) -> String {
        serde_json::json!(self).to_string()
    }
}

impl From<BTreeMap<String, String>> for Metadata {
    fn from(values: BTreeMap<String, String>) -> Self {
        Self((!values.is_empty()).then(|| Arc::new(values)))
    }
}

impl From<Metadata> for BTreeMap<String, String> {
    fn from(metadata: Metadata) -> Self {
        metadata.0.map(Arc::unwrap_or_clone).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(values: &[(&str, &str)]) -> Result<Metadata, MetadataTooLarge> {
        Metadata::parse(values.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
    }

    #[test]
    fn it_is_bounded_as_json() {
        // {"a":"…"} has eight bytes around the value.
        let value = "x".repeat(MAX_BYTES - 8);
        assert!(parse(&[("a", &value)]).is_ok());
        assert_eq!(parse(&[("a", &format!("{value}x"))]), Err(MetadataTooLarge));
        // A quotation mark is escaped.
        assert_eq!(parse(&[("a", &format!("\"{}", &value[1..]))]), Err(MetadataTooLarge));
    }

    #[test]
    fn it_is_read_as_it_was_written() {
        let metadata = parse(&[("plan", "pro"), ("seats", "5")]).unwrap();
        assert_eq!(serde_json::from_value::<Metadata>(serde_json::json!(metadata)).unwrap(), metadata);
        assert_eq!(metadata.get("plan"), Some("pro"));
        assert_eq!(metadata.get("colour"), None);
        assert!(parse(&[]).unwrap().is_empty() && !metadata.is_empty());
    }
}
