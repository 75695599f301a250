//! The committed sample is what the generator makes, byte for byte.

use quintile::sample::{DEFAULT_ROWS, DEFAULT_SEED, write_sample};

#[test]
fn the_committed_sample_is_reproduced_byte_for_byte() {
    let committed = std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/sample_data/shop.csv")).unwrap();
    let mut made = Vec::new();
    write_sample(DEFAULT_ROWS, DEFAULT_SEED, &mut made).unwrap();
    // Not assert_eq: a failure should not print five megabytes.
    assert!(made == committed, "sample_data/shop.csv differs from the generator's output; see sample_data/README.md");
    assert!(committed.len() < 4_500 * 1024, "{} bytes", committed.len());
}
