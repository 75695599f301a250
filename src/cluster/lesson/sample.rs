//! Some of many customers, always the same ones.

use rand::SeedableRng;
use rand_xoshiro::Xoshiro256PlusPlus;

/// `most` of the places 0 to n − 1, drawn without replacement by `seed`, ascending; all of them where there are no more.
pub fn sample(n: usize, most: usize, seed: u64) -> Vec<u32> {
    if n <= most {
        return (0..n as u32).collect();
    }
    let mut random = Xoshiro256PlusPlus::seed_from_u64(seed);
    let drawn = rand::seq::index::sample(&mut random, n, most);
    let mut places: Vec<u32> = drawn.into_iter().map(|i| i as u32).collect();
    places.sort_unstable();
    places
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sample_is_ascending_without_repeats_and_the_same_for_a_seed() {
        let found = sample(10_000, 500, 7);
        assert_eq!(found.len(), 500);
        assert!(found.windows(2).all(|w| w[0] < w[1]) && found[499] < 10_000);
        assert_eq!(found, sample(10_000, 500, 7));
        assert_ne!(found, sample(10_000, 500, 8));
        assert_eq!(sample(3, 500, 7), [0, 1, 2]);
    }
}
