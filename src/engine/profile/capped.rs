//! Sets with a deterministic cap: what stays depends on the set of keys ever offered, never on their order.
//!
//! A key that falls out can never come back: whatever pushed it out stays and still beats it. So no count of a key
//! that stays is ever lost, and a late event cannot make two copies of a profile differ.

use crate::math::hash64;
use crate::types::SortedMap;

/// Keeps the entries with the greatest `cap` keys of an ascending list.
pub fn keep_latest<T>(entries: &mut Vec<T>, cap: usize) {
    if entries.len() > cap {
        entries.drain(..entries.len() - cap);
    }
}

/// Keeps the `cap` texts whose hashes are smallest: an even sample of all texts ever offered.
pub fn keep_smallest_hashes<T>(entries: &mut SortedMap<String, T>, cap: usize) {
    while entries.len() > cap {
        let Some(worst) = entries.keys().max_by_key(|key| (hash64(&[key]), (*key).clone())).cloned() else { return };
        entries.remove(&worst);
    }
}
