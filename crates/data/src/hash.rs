//! Hashing that is the same in every run: the maps of the standard library draw their keys, and whoever asks twice what a call
//! did, as the build does that cuts the module in two, gets two answers.

use foldhash::fast::FixedState;
use std::collections::{HashMap, HashSet};
use std::hash::BuildHasher;

/// A map whose order nothing may depend on.
pub(crate) type Map<K, V> = HashMap<K, V, FixedState>;
/// A set whose order nothing may depend on.
pub(crate) type Set<T> = HashSet<T, FixedState>;

/// A number for a text; texts that are different have the same one about once in 2^64 pairs.
pub(crate) fn hash(text: &str) -> u64 {
    FixedState::default().hash_one(text)
}
