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

/// Bytes of distinct cells in order of first appearance; code 0 is the empty cell. A fixed hash seed keeps
/// runs alike; the order of codes never depends on it.
pub(super) struct Interner {
    bytes: Vec<u8>,
    ends: Vec<usize>,
    index: HashTable<Code>,
    hasher: FixedState,
    last: Code,
}

impl Interner {
    pub(super) fn new() -> Self {
        Interner { bytes: Vec::new(), ends: vec![0], index: HashTable::new(), hasher: FixedState::default(), last: 0 }
    }

    fn get(&self, code: Code) -> &[u8] {
        get(&self.bytes, &self.ends, code)
    }

    /// The code of a cell; the same bytes always get the same code.
    pub(super) fn intern(&mut self, cell: &[u8]) -> Code {
        if cell.is_empty() {
            return 0;
        }
        // Rows of one invoice stand together: most cells equal the one above.
        if self.get(self.last) == cell {
            return self.last;
        }
        let hash = self.hasher.hash_one(cell);
        let (bytes, ends) = (&self.bytes, &self.ends);
        let code = match self.index.find(hash, |&c| get(bytes, ends, c) == cell) {
            Some(&code) => code,
            None => {
                let code = self.ends.len() as Code;
                self.bytes.extend_from_slice(cell);
                self.ends.push(self.bytes.len());
                let (bytes, ends, hasher) = (&self.bytes, &self.ends, &self.hasher);
                self.index.insert_unique(hash, code, |&c| hasher.hash_one(get(bytes, ends, c)));
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
    fn names_are_complete_and_unique() {
        let header = vec![" Price ".into(), String::new(), "Price".into(), "two\nlines".into()];
        assert_eq!(column_names(Some(header), 5), ["Price", "column_2", "Price_2", "two lines", "column_5"]);
    }
}
