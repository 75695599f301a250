//! Rows by the values of a column of words: the most frequent ones, each a group.

use rayon::prelude::*;

use super::distribution::Distribution;
use super::values::{NONE, Numbers, Words};
use super::view::{CHUNK, View};
use crate::ctx::Ctx;
use crate::error::Result;
use crate::format::count;

/// Groups of rows, the largest first.
pub(super) struct Groups<'w, 'a> {
    words: Option<&'w Words<'a>>,
    /// Group per code, or [`NONE`].
    of_code: Vec<u32>,
    pub names: Vec<String>,
    /// Rows of values beyond those with a group, and how many such values there are.
    pub rows_beyond: usize,
    pub beyond: usize,
}

impl<'w, 'a> Groups<'w, 'a> {
    /// The `most` most frequent values of a column; equally frequent ones by name. Without a column all rows are one
    /// group.
    pub fn most_frequent(view: &View, words: Option<&'w Words<'a>>, most: usize, ctx: &Ctx) -> Result<Self> {
        let Some(column) = words else {
            let names = vec![format!("all {}", view.unit().1)];
            return Ok(Groups { words, of_code: Vec::new(), names, rows_beyond: 0, beyond: 0 });
        };
        let counts = column.counts(view, None, ctx)?;
        let mut order: Vec<u32> = (0..counts.len() as u32).filter(|&c| counts[c as usize] > 0).collect();
        let before =
            |&a: &u32, &b: &u32| counts[b as usize].cmp(&counts[a as usize]).then_with(|| column.by_name(a, b));
        if order.len() > most {
            order.select_nth_unstable_by(most - 1, before);
        }
        let rest = order.split_off(most.min(order.len()));
        order.sort_unstable_by(before);
        let mut of_code = vec![NONE; counts.len()];
        order.iter().enumerate().for_each(|(i, &code)| of_code[code as usize] = i as u32);
        Ok(Groups {
            words,
            of_code,
            names: order.iter().map(|&code| column.name(code).to_string()).collect(),
            rows_beyond: rest.iter().map(|&code| counts[code as usize] as usize).sum(),
            beyond: rest.len(),
        })
    }

    pub fn len(&self) -> usize {
        self.names.len()
    }

    /// The group at a place, or [`NONE`].
    #[inline]
    pub fn at(&self, view: &View, place: usize) -> u32 {
        match self.words.map(|words| words.at(view, place)) {
            None => 0,
            Some(NONE) => NONE,
            Some(code) => self.of_code[code as usize],
        }
    }

    /// What was left out, in words; empty for nothing.
    pub fn said(&self) -> String {
        match self.beyond {
            0 => String::new(),
            n => format!("the {} largest groups, {} smaller ones left out", self.len(), count(n)),
        }
    }
}

/// The values of each group, of the rows where `wanted` holds.
pub(super) fn by_group(
    view: &View,
    numbers: &Numbers,
    groups: &Groups,
    wanted: impl Fn(usize) -> bool + Sync,
    ctx: &Ctx,
) -> Result<Vec<Distribution>> {
    // Values are collected per group and stretch, then sorted per group.
    let n = view.len();
    let stretch = n.div_ceil(rayon::current_num_threads()).max(1);
    let part = |i: usize| {
        let mut out: Vec<Vec<f64>> = vec![Vec::new(); groups.len()];
        for place in i * stretch..n.min((i + 1) * stretch) {
            if place.is_multiple_of(CHUNK) {
                ctx.tick(place, 2 * n)?;
            }
            let value = numbers.at(view, place);
            if !value.is_nan()
                && let Some(values) = out.get_mut(groups.at(view, place) as usize)
                && wanted(place)
            {
                values.push(value);
            }
        }
        Ok(out)
    };
    let parts: Vec<Vec<Vec<f64>>> = (0..n.div_ceil(stretch)).into_par_iter().map(part).collect::<Result<_>>()?;
    let group = |g: usize| Distribution::of_rows(parts.iter().flat_map(|part| part[g].iter().copied()), ctx);
    (0..groups.len()).into_par_iter().map(group).collect()
}
