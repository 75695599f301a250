//! Builds columns of codes: each distinct text is stored once.

use std::borrow::Cow;
use std::hash::BuildHasher;
use std::sync::Arc;

use foldhash::fast::FixedState;
use hashbrown::HashTable;

use super::table::{Code, Column, Dict};
use super::{kind, table::Table};
use crate::ctx::Ctx;
use crate::error::Result;

/// Distinct values between two looks at the cancel flag.
pub(super) const VALUES_PER_TICK: usize = 1 << 14;

/// Bytes of distinct cells in order of first appearance; code 0 is the empty cell. Fixed hash functions keep runs alike;
/// the order of codes never depends on them.
pub(super) struct Interner {
    bytes: Vec<u8>,
    ends: Vec<usize>,
    short: ShortCells,
    long: HashTable<Code>,
    hasher: FixedState,
    last: Code,
}

impl Interner {
    pub(super) fn new() -> Self {
        Interner {
            bytes: Vec::new(),
            ends: vec![0],
            short: ShortCells::default(),
            long: HashTable::new(),
            hasher: FixedState::default(),
            last: 0,
        }
    }

    fn get(&self, code: Code) -> &[u8] {
        get(&self.bytes, &self.ends, code)
    }

    /// The code of a cell; the same bytes always get the same code.
    #[inline]
    pub(super) fn intern(&mut self, cell: &[u8]) -> Code {
        let Some(&end) = cell.last() else { return 0 };
        if cell.len() <= 8 && end != 0 {
            let key = packed(cell);
            let new = self.ends.len() as Code;
            let code = self.short.get_or_insert(key, new);
            if code == new {
                self.bytes.extend_from_slice(cell);
                self.ends.push(self.bytes.len());
            }
            return code;
        }
        self.intern_long(cell)
    }

    fn intern_long(&mut self, cell: &[u8]) -> Code {
        // Rows of one invoice stand together: most cells equal the one above.
        if self.get(self.last) == cell {
            return self.last;
        }
        let hash = self.hasher.hash_one(cell);
        let (bytes, ends) = (&self.bytes, &self.ends);
        let code = match self.long.find(hash, |&c| get(bytes, ends, c) == cell) {
            Some(&code) => code,
            None => {
                let code = self.ends.len() as Code;
                self.bytes.extend_from_slice(cell);
                self.ends.push(self.bytes.len());
                let (bytes, ends, hasher) = (&self.bytes, &self.ends, &self.hasher);
                self.long.insert_unique(hash, code, |&c| hasher.hash_one(get(bytes, ends, c)));
                code
            }
        };
        self.last = code;
        code
    }

    /// Distinct cells, the empty one included.
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    /// All distinct cells in code order.
    pub(super) fn cells(&self) -> impl Iterator<Item = &[u8]> {
        (0..self.len()).map(|c| self.get(c as Code))
    }
}

fn get<'a>(bytes: &'a [u8], ends: &[usize], code: Code) -> &'a [u8] {
    let i = code as usize;
    &bytes[if i == 0 { 0 } else { ends[i - 1] }..ends[i]]
}

/// A cell of one to eight bytes as a number, filled up with zeros. Overlapping loads make it branch twice at most.
#[inline]
fn packed(cell: &[u8]) -> u64 {
    let n = cell.len();
    if n >= 4 {
        let four = |at: usize| u64::from(u32::from_le_bytes([cell[at], cell[at + 1], cell[at + 2], cell[at + 3]]));
        four(0) | four(n - 4) << (8 * (n - 4))
    } else {
        let one = |at: usize| u64::from(cell[at]) << (8 * at);
        one(0) | one(n / 2) | one(n - 1)
    }
}

/// Codes of cells of at most eight bytes, which most cells are: numbers, dates, short ids. Their bytes are the key, so
/// that finding one takes no look at the text. Small whole numbers, such as ids counted up, index a list instead once
/// there are many of them: it is smaller, so that it stays in the processor's cache. The rest is in a table with open
/// addressing and linear probing, at most half full.
#[derive(Default)]
struct ShortCells {
    /// Code per whole number; 0 for none. Empty until it is worth its room.
    numbers: Vec<Code>,
    /// Key and code; a key of zero is a free place.
    places: Vec<(u64, Code)>,
    used: usize,
    /// Keys in the table that are whole numbers.
    whole: usize,
}

/// The whole number of up to seven digits that a key spells without leading zeros.
#[inline]
fn small_number(key: u64) -> Option<usize> {
    let digits = (71 - key.leading_zeros() as usize) / 8;
    let filled = u64::MAX >> (64 - 8 * digits);
    // The upper half of every byte is 3, and stays so when 6 is added: the bytes are the digits 0 to 9.
    let upper = 0xF0F0_F0F0_F0F0_F0F0 & filled;
    let three = 0x3030_3030_3030_3030 & filled;
    let over = key.wrapping_add(0x0606_0606_0606_0606 & filled);
    let leading_zero = key & 0xFF == 0x30 && digits > 1;
    if digits > 7 || key & upper != three || over & upper != three || leading_zero {
        return None;
    }
    // Right-aligned, two digits are put together at a time, then four, then eight.
    let v = (key << (64 - 8 * digits)) & 0x0F0F_0F0F_0F0F_0F0F;
    let v = v.wrapping_mul(10 * 256 + 1) >> 8 & 0x00FF_00FF_00FF_00FF;
    let v = v.wrapping_mul(100 * 65_536 + 1) >> 16 & 0x0000_FFFF_0000_FFFF;
    Some((v.wrapping_mul(10_000 * 4_294_967_296 + 1) >> 32) as usize)
}

impl ShortCells {
    const FIRST_SIZE: usize = 64;
    /// Places of the list per number that has to be known before it is made that long.
    const ROOM_PER_NUMBER: usize = 16;

    fn place(&self, key: u64) -> usize {
        // Fibonacci hashing: the upper bits of the product depend on every byte of the key.
        let hash = (key ^ (key >> 29)).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        (hash >> (64 - self.places.len().trailing_zeros())) as usize
    }

    /// The code under `key`, or `new` after storing it.
    #[inline]
    fn get_or_insert(&mut self, key: u64, new: Code) -> Code {
        let number = small_number(key);
        if let Some(code) = number.and_then(|n| self.numbers.get_mut(n)) {
            if *code == 0 {
                *code = new;
            }
            return *code;
        }
        if self.used * 2 >= self.places.len() {
            self.grow();
        }
        let mask = self.places.len() - 1;
        let mut at = self.place(key);
        loop {
            let (found, code) = self.places[at];
            if found == key {
                return code;
            }
            if found == 0 {
                self.places[at] = (key, new);
                self.used += 1;
                if let Some(n) = number {
                    self.whole += 1;
                    self.list(n);
                }
                return new;
            }
            at = (at + 1) & mask;
        }
    }

    /// Makes the list long enough for `number`, if it would be filled well enough. Codes that are in the table already
    /// are copied.
    fn list(&mut self, number: usize) {
        let size = (number + 1).next_power_of_two();
        if self.whole * Self::ROOM_PER_NUMBER < size {
            return;
        }
        self.numbers.resize(size, 0);
        for &(key, code) in self.places.iter().filter(|(key, _)| *key != 0) {
            if let Some(place) = small_number(key).and_then(|n| self.numbers.get_mut(n)) {
                *place = code;
            }
        }
    }

    #[cold]
    fn grow(&mut self) {
        let size = (self.places.len() * 2).max(Self::FIRST_SIZE);
        let old = std::mem::replace(&mut self.places, vec![(0, 0); size]);
        for (key, code) in old.into_iter().filter(|(key, _)| *key != 0) {
            let mut at = self.place(key);
            while self.places[at].0 != 0 {
                at = (at + 1) & (size - 1);
            }
            self.places[at] = (key, code);
        }
    }
}

/// One column under construction: its distinct cells and a code per row.
pub(super) struct ColumnBuilder {
    pub(super) interner: Interner,
    pub(super) codes: Vec<Code>,
}

impl ColumnBuilder {
    pub(super) fn new() -> Self {
        ColumnBuilder { interner: Interner::new(), codes: Vec::new() }
    }

    pub(super) fn push(&mut self, cell: &[u8]) {
        let code = self.interner.intern(cell);
        self.codes.push(code);
    }

    /// The finished column; `decode` turns a cell's bytes into text.
    pub(super) fn finish(self, name: String, decode: &dyn Fn(&[u8]) -> Cow<str>, ctx: &Ctx) -> Result<Column> {
        let mut dict = Dict::default();
        for (i, cell) in self.interner.cells().enumerate().skip(1) {
            if i.is_multiple_of(VALUES_PER_TICK) {
                ctx.tick(i, self.interner.len())?;
            }
            dict.push(&decode(cell));
        }
        let mut counts = vec![0; dict.len()];
        for &code in &self.codes {
            counts[code as usize] += 1;
        }
        let kind = kind::infer(&dict, ctx)?;
        Ok(Column { name, dict, codes: self.codes, counts, kind })
    }
}

/// Names as a table needs them: trimmed, none empty (`column_3`), none twice (`Price_2`).
pub(super) fn column_names(header: Option<Vec<String>>, columns: usize) -> Vec<String> {
    let mut given = header.unwrap_or_default();
    given.resize(columns, String::new());
    let mut names: Vec<String> = Vec::with_capacity(columns);
    for (i, name) in given.iter().enumerate() {
        let base = match name.split_whitespace().collect::<Vec<_>>().join(" ") {
            empty if empty.is_empty() => format!("column_{}", i + 1),
            name => name,
        };
        let mut unique = base.clone();
        let mut n = 1;
        while names.contains(&unique) {
            n += 1;
            unique = format!("{base}_{n}");
        }
        names.push(unique);
    }
    names
}

/// Puts finished columns together.
pub(super) fn table(columns: Vec<Column>) -> Table {
    let rows = columns.first().map_or(0, |c| c.codes.len());
    Table { columns: columns.into_iter().map(Arc::new).collect(), rows, ..Table::default() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_cells_share_a_code_in_order_of_appearance() {
        let mut builder = ColumnBuilder::new();
        for cell in ["b", "a", "b", "", "c", "a"] {
            builder.push(cell.as_bytes());
        }
        assert_eq!(builder.codes, vec![1, 2, 1, 0, 3, 2]);
        let column = builder.finish("x".into(), &|b| String::from_utf8_lossy(b), &Ctx::silent()).unwrap();
        assert_eq!(column.counts, vec![1, 2, 2, 1]);
        assert_eq!(column.text(4), "c");
        assert_eq!((column.missing(), column.distinct()), (1, 3));
    }

    #[test]
    fn small_whole_numbers_are_recognised() {
        for n in [0usize, 7, 10, 42, 999, 1000, 65_535, 1_234_567, 9_999_999] {
            assert_eq!(small_number(packed(n.to_string().as_bytes())), Some(n));
        }
        for text in ["00", "01", "1.5", "12345678", "-1", "1:", "/1", "a", "1 ", ";;", "9?"] {
            assert_eq!(small_number(packed(text.as_bytes())), None, "{text}");
        }
    }

    /// Every length on both sides of the limit, bytes that look like padding, and enough cells to grow.
    #[test]
    fn short_and_long_cells_keep_apart() {
        let mut cells: Vec<Vec<u8>> = (0..40_000).map(|i| format!("{}", i * 7919 % 50_021).into_bytes()).collect();
        cells.extend((0..3_000).map(|i| format!("{:.2}", f64::from(i) / 7.0).into_bytes()));
        cells.extend((1..12).flat_map(|n| [vec![b'a'; n], vec![0; n], [vec![b'a'; n], vec![0]].concat()]));
        cells.extend([b"12341234".to_vec(), b"1234".to_vec(), b"aab".to_vec(), b"aba".to_vec(), b"ab".to_vec()]);
        let mut distinct: Vec<Vec<u8>> = Vec::new();
        let mut seen = std::collections::HashSet::new();
        cells.iter().filter(|c| seen.insert((*c).clone())).for_each(|c| distinct.push(c.clone()));
        let mut interner = Interner::new();
        for cell in &cells {
            let code = interner.intern(cell);
            assert_eq!(distinct[code as usize - 1], *cell);
        }
        assert_eq!(interner.len(), distinct.len() + 1);
        assert!(interner.cells().skip(1).eq(distinct.iter().map(|d| d.as_slice())));
    }

    #[test]
    fn names_are_complete_and_unique() {
        let header = vec![" Price ".into(), String::new(), "Price".into(), "two\nlines".into()];
        assert_eq!(column_names(Some(header), 5), ["Price", "column_2", "Price_2", "two lines", "column_5"]);
    }
}
