//! Counters that many threads increase: one for each variant of an enum.

use std::{
    marker::PhantomData,
    sync::atomic::{AtomicU64, Ordering},
};

use strum::VariantArray;

/// One counter for each variant of `E`.
pub struct Counters<E: 'static> {
    /// In the order of the variants.
    counts: Box<[AtomicU64]>,
    variants: PhantomData<E>,
}

impl<E: VariantArray> Default for Counters<E> {
    fn default() -> Self {
        let counts = E::VARIANTS.iter().map(|_| AtomicU64::new(0)).collect();
        Self { counts, variants: PhantomData }
    }
}

impl<E: VariantArray + Copy + PartialEq> Counters<E> {
    /// Increases one counter by one.
    pub fn increment(&self, variant: E) {
        if let Some((_, count)) = self.counts().find(|(other, _)| *other == variant) {
            count.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// The value of each counter, in the order of the variants.
    pub fn values(&self) -> impl Iterator<Item = (E, u64)> {
        self.counts().map(|(variant, count)| (variant, count.load(Ordering::Relaxed)))
    }

    /// The same, with the names of the variants.
    pub fn values_by_name(&self) -> impl Iterator<Item = (&'static str, u64)>
    where
        E: Into<&'static str>,
    {
        self.values().map(|(variant, count)| (variant.into(), count))
    }

    fn counts(&self) -> impl Iterator<Item = (E, &AtomicU64)> {
        E::VARIANTS.iter().copied().zip(&self.counts)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Role;

    #[test]
    fn each_variant_is_counted_by_itself() {
        let counters = Counters::default();
        let [first, .., last] = Role::VARIANTS else { panic!("too few variants") };
        for variant in [first, last, last] {
            counters.increment(*variant);
        }
        let counted: Vec<(Role, u64)> = counters.values().filter(|(_, count)| *count > 0).collect();
        assert_eq!(counted, [(*first, 1), (*last, 2)]);
    }
}
