//! Damage of the kinds that files suffer: bytes changed, lost, doubled, moved, and the end cut off.

/// A small generator of numbers (SplitMix64): the same seed gives the same damage on every machine.
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        Random(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number below `n`, which is not 0.
    pub fn below(&mut self, n: usize) -> usize {
        (self.next() % n as u64) as usize
    }

    pub fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }

    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }

    /// Damages `bytes` in up to eight places; `alphabet` holds the bytes that matter to whoever reads them.
    pub fn damage(&mut self, bytes: &mut Vec<u8>, alphabet: &[u8]) {
        for _ in 0..self.below(9) {
            let at = self.below(bytes.len() + 1);
            let longest = if self.one_in(4) { 200 } else { 4 };
            let length = 1 + self.below(longest);
            let end = (at + length).min(bytes.len());
            match self.below(7) {
                0 => bytes.insert(at, *self.pick(alphabet)),
                1 => bytes.extend_from_within(at.min(end)..end),
                2 => drop(bytes.drain(at.min(end)..end)),
                3 => {
                    let piece = bytes[at.min(end)..end].to_vec();
                    let to = self.below(bytes.len() + 1);
                    bytes.splice(to..to, piece);
                }
                4 if self.one_in(3) => bytes.truncate(at),
                5 => {
                    let byte = self.next() as u8;
                    bytes.insert(at, byte);
                }
                _ => {
                    if let Some(byte) = bytes.get_mut(at) {
                        *byte = *self.pick(alphabet);
                    }
                }
            }
        }
    }
}
