//! Worked-out values as a column of the table: texts that read back exactly, and the type they have.

use foldhash::fast::RandomState;
use hashbrown::HashMap;
use rayon::prelude::*;

use super::values::{Values, number_text};
use crate::ctx::Ctx;
use crate::error::Result;
use crate::intake::dates::{self, DateStyle};
use crate::intake::kind::ColumnKind;
use crate::intake::{Code, Column, Dict};

/// Rows between two looks at the cancel flag.
const ROWS_PER_TICK: usize = 1 << 15;

/// What was worked out for the rows of a table.
pub(super) struct Worked<'a> {
    pub values: Values,
    /// Per row the place in `values`; `None`: one value per row.
    pub codes: Option<&'a [u32]>,
}

impl Worked<'_> {
    /// The place of a row's value.
    pub(super) fn place(&self, row: usize) -> usize {
        self.codes.map_or(row, |codes| codes[row] as usize)
    }

    /// The column with these values.
    ///
    /// # Errors
    /// [`crate::error::Error::Cancelled`].
    pub(super) fn column(&self, name: &str, ctx: &Ctx) -> Result<Column> {
        let (dict, code_of) = self.dictionary(ctx)?;
        let codes: Vec<Code> = match self.codes {
            Some(codes) => codes.par_iter().with_min_len(ROWS_PER_TICK).map(|&code| code_of[code as usize]).collect(),
            None => code_of,
        };
        let mut counts = vec![0u32; dict.len()];
        for (row, &code) in codes.iter().enumerate() {
            if row.is_multiple_of(ROWS_PER_TICK) {
                ctx.tick(row, codes.len())?;
            }
            counts[code as usize] += 1;
        }
        let kind = match &self.values {
            _ if dict.is_empty() => ColumnKind::Empty,
            Values::Numbers(values) => ColumnKind::number(values.iter().all(|v| v.is_nan() || v.fract() == 0.0)),
            Values::Dates { time, .. } => {
                ColumnKind::Date { style: DateStyle::YearFirst, time: *time, ambiguous: false }
            }
            Values::Words { .. } => ColumnKind::Text,
        };
        Ok(Column { name: name.to_string(), dict, codes, counts, kind })
    }

    /// The distinct texts, and the code of each value.
    fn dictionary(&self, ctx: &Ctx) -> Result<(Dict, Vec<Code>)> {
        let mut dict = Dict::default();
        let n = self.values.len();
        let mut codes = Vec::with_capacity(n);
        let tick = |at: usize| if at.is_multiple_of(ROWS_PER_TICK) { ctx.tick(at, n) } else { Ok(()) };
        match &self.values {
            Values::Words { codes: words, names } => {
                let mut known: Vec<Option<Code>> = vec![None; names.len()];
                for (at, &word) in words.iter().enumerate() {
                    tick(at)?;
                    codes.push(match known.get_mut(word as usize) {
                        None => 0,
                        Some(_) if names[word as usize].is_empty() => 0,
                        Some(known) => *known.get_or_insert_with(|| dict.push(&names[word as usize])),
                    });
                }
            }
            values => {
                let mut known: HashMap<u64, Code, RandomState> = HashMap::default();
                for at in 0..n {
                    tick(at)?;
                    let key = match values {
                        // Dates beyond what counts as one would not read back.
                        Values::Dates { seconds, .. } if !dates::plausible(seconds[at]) => None,
                        values => values.key(at),
                    };
                    codes.push(match key {
                        None => 0,
                        Some(key) => *known.entry(key).or_insert_with(|| match values {
                            Values::Numbers(numbers) => dict.push(&number_text(numbers[at])),
                            values => dict.push(&values.text(at)),
                        }),
                    });
                }
            }
        }
        Ok((dict, codes))
    }
}
