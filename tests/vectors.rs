//! The published vectors of hashing and bucketing, on the native host. The spec hosts check the same file in wasm.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests may fail loudly"
)]

use nearside_engine::math::{bucket, hash64};
use nearside_spec_host::hash_of;
use nearside_tests::folders;
use serde_json::Value;

fn cases() -> Vec<Value> {
    let cases = folders::json("tests/vectors/hash64.json")["cases"].as_array().unwrap().clone();
    assert!(cases.len() >= 20, "{} vectors", cases.len());
    cases
}

#[test]
fn hashes_and_buckets_are_those_of_the_published_vectors() {
    for case in cases() {
        let fields: Vec<&str> =
            case["fields"].as_array().unwrap().iter().map(|field| field.as_str().unwrap()).collect();
        let hash = hash64(&fields);
        let buckets = u32::try_from(case["buckets"].as_u64().unwrap()).unwrap();
        assert_eq!(hash.to_string(), case["hash"].as_str().unwrap(), "{fields:?}");
        assert_eq!(u64::from(bucket(hash, buckets)), case["bucket"].as_u64().unwrap(), "{fields:?}");
        assert_eq!(hash_of(&case.to_string()), format!("{hash}/{}", bucket(hash, buckets)));
    }
}

#[test]
fn the_hash_of_nothing_is_the_one_that_xxhash_publishes() {
    let published = &folders::json("tests/vectors/hash64.json")["published"][0];
    assert_eq!(format!("{:016x}", hash64(&[published["text"].as_str().unwrap()])), published["hex"].as_str().unwrap());
}

#[test]
fn buckets_are_even_shares_of_the_range() {
    let cases =
        [(0, 10, 0), (u64::MAX, 10, 9), (u64::MAX / 2, 10, 4), (u64::MAX / 2 + 1, 10, 5), (u64::MAX, 1, 0), (7, 0, 0)];
    for (hash, buckets, expected) in cases {
        assert_eq!(bucket(hash, buckets), expected, "{hash} of {buckets}");
    }
    let mut counts = [0_u32; 10];
    for index in 0..10_000 {
        counts[bucket(hash64(&["salt", &index.to_string()]), 10) as usize] += 1;
    }
    // Ten shares of 10,000: the standard deviation of a share is 30.
    assert!(counts.iter().all(|count| (880..=1_120).contains(count)), "{counts:?}");
}
