//! The rows of one source, which customer each of them belongs to, and which are selected.

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::{Arc, OnceLock};

use rayon::prelude::*;

use super::{Source, Subject};
use crate::clean::NOBODY;
use crate::clean::steps::KEPT;
use crate::ctx::Ctx;
use crate::error::Result;
use crate::intake::Role;
use crate::intake::kind::without_zero_decimals;

/// Rows looked at between two looks at the cancel flag.
pub(super) const CHUNK: usize = 1 << 15;

/// The ranges of [`CHUNK`] rows that `0..n` falls into. The same for any number of threads, so that whatever is put
/// together in their order is as well.
pub(super) fn chunks(n: usize) -> impl IndexedParallelIterator<Item = Range<usize>> {
    (0..n.div_ceil(CHUNK)).into_par_iter().map(move |i| i * CHUNK..n.min((i + 1) * CHUNK))
}

/// The rows of one source. A *place* is the number of a row among them, from 0.
pub(super) struct View<'a> {
    pub subject: &'a Subject,
    pub source: Source,
    /// Row of the prepared table per place; `None`: the place is the row, or there is no table.
    rows: Option<Cow<'a, [u32]>>,
    len: usize,
    /// Worked out when first needed.
    owners: OnceLock<Arc<Owners<'a>>>,
}

impl<'a> View<'a> {
    pub fn of(subject: &'a Subject, source: Source) -> View<'a> {
        let (rows, len): (Option<Cow<[u32]>>, usize) = match source {
            Source::File => {
                let (removed, all) = (&subject.prepared.removed_by, subject.prepared.table.rows);
                let left: Vec<u32> =
                    (0..removed.len()).into_par_iter().filter(|&r| removed[r] == KEPT).map(|r| r as u32).collect();
                if removed.is_empty() || left.len() == all { (None, all) } else { (Some(left.into()), 0) }
            }
            Source::Transactions => (Some(subject.clean.transactions.row.as_slice().into()), 0),
            Source::Customers => (None, subject.rfm.customers.len()),
        };
        let len = rows.as_ref().map_or(len, |rows| rows.len());
        // Nothing was left out: the places are the rows, and the counts of the columns hold.
        let rows = rows.filter(|rows| rows.len() < subject.prepared.table.rows);
        View { subject, source, rows, len, owners: OnceLock::new() }
    }

    pub fn len(&self) -> usize {
        self.len
    }

    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The row of the table at a place.
    #[inline]
    pub fn row(&self, place: usize) -> usize {
        match &self.rows {
            Some(rows) => rows[place] as usize,
            None => place,
        }
    }

    /// Whether every row of the table is there.
    pub fn is_whole(&self) -> bool {
        self.rows.is_none()
    }

    /// What one row is, in words.
    pub fn unit(&self) -> (&'static str, &'static str) {
        match self.source {
            Source::Customers => ("customer", "customers"),
            _ => ("row", "rows"),
        }
    }

    /// `n rows` or `n customers`.
    pub fn rows_in_words(&self, n: usize) -> String {
        crate::format::plural(n, self.unit().0, self.unit().1)
    }

    /// Why there is nothing to look at, if there is nothing.
    pub fn why_empty(&self) -> Option<String> {
        let text = match self.source {
            _ if !self.is_empty() => return None,
            Source::File => "The file has no row that is left. Look at the steps in the Clean panel.",
            Source::Transactions if self.subject.roles.shape.is_of_customers() => {
                "This file has one row per customer and no transactions. Look at the file or at the customers."
            }
            Source::Transactions => "No row is left after cleaning. Look at the funnel in the Clean panel.",
            Source::Customers => "No customer is left. Look at the funnel in the Clean panel.",
        };
        Some(text.into())
    }

    /// Which customer each row belongs to.
    pub fn owners(&self, ctx: &Ctx) -> Result<Arc<Owners<'a>>> {
        if let Some(known) = self.owners.get() {
            return Ok(known.clone());
        }
        let found = Arc::new(self.find_owners(ctx)?);
        Ok(self.owners.get_or_init(|| found).clone())
    }

    fn find_owners(&self, ctx: &Ctx) -> Result<Owners<'a>> {
        let ids = &self.subject.rfm.customers.ids;
        let t = &self.subject.clean.transactions;
        Ok(match self.source {
            Source::Customers => Owners::Same,
            Source::Transactions => Owners::Coded { codes: t.customer.as_slice(), place: places(&t.customers, ids) },
            Source::File => {
                let roles = &self.subject.roles;
                let of_customers = roles.shape.is_of_customers();
                let name = if of_customers { roles.shape.id.as_deref() } else { roles.column(Role::CustomerId) };
                match name.and_then(|name| self.subject.prepared.table.column(name)) {
                    Some(column) => {
                        let (float, missing) = (column.has_float_ids(), column.missing_rule());
                        let at = index(ids);
                        let place = |text: &str| {
                            let text = text.trim();
                            if missing.is_missing(text) {
                                return NOBODY;
                            }
                            let id = if float { without_zero_decimals(text).unwrap_or(text) } else { text };
                            at.get(id).copied().unwrap_or(NOBODY)
                        };
                        Owners::Rows { codes: &column.codes, place: column.per_value(ctx, place)? }
                    }
                    // Customers without ids are numbered as the rows that are left.
                    None if of_customers => {
                        let numbers: Vec<String> = (1..=self.len).map(|n| n.to_string()).collect();
                        Owners::Listed(places(&numbers, ids))
                    }
                    None => Owners::Listed(vec![NOBODY; self.len]),
                }
            }
        })
    }

    /// The places of the rows of selected customers.
    pub fn selected(&self, selection: Option<&[u32]>, ctx: &Ctx) -> Result<Option<Selected<'a>>> {
        let Some(selection) = selection else { return Ok(None) };
        let mut mask = vec![false; self.subject.rfm.customers.len()];
        for &place in selection {
            if let Some(flag) = mask.get_mut(place as usize) {
                *flag = true;
            }
        }
        Ok(Some(Selected { owners: self.owners(ctx)?, mask }))
    }

    /// The customers of the rows at which `wanted` holds, ascending.
    pub fn customers_where(&self, wanted: impl Fn(usize) -> bool + Sync, ctx: &Ctx) -> Result<Vec<u32>> {
        let owners = self.owners(ctx)?;
        let seen: Vec<AtomicBool> = (0..self.subject.rfm.customers.len()).map(|_| AtomicBool::new(false)).collect();
        chunks(self.len).try_for_each(|range| {
            ctx.tick(range.start, self.len)?;
            for place in range {
                if wanted(place)
                    && let Some(owner) = owners.at(self, place)
                {
                    seen[owner as usize].store(true, Relaxed);
                }
            }
            Ok(())
        })?;
        Ok(seen.iter().enumerate().filter(|(_, s)| s.load(Relaxed)).map(|(i, _)| i as u32).collect())
    }
}

/// Which customer (a place in the customer table) a row belongs to. Customers that RFM left out have no place.
pub(super) enum Owners<'a> {
    /// Each row is a customer.
    Same,
    /// One code per place.
    Coded { codes: &'a [u32], place: Vec<u32> },
    /// One code per row of the table.
    Rows { codes: &'a [u32], place: Vec<u32> },
    /// One customer per place.
    Listed(Vec<u32>),
}

impl Owners<'_> {
    #[inline]
    pub fn at(&self, view: &View, place: usize) -> Option<u32> {
        let owner = match self {
            Owners::Same => place as u32,
            Owners::Coded { codes, place: of } => of[codes[place] as usize],
            Owners::Rows { codes, place: of } => of[codes[view.row(place)] as usize],
            Owners::Listed(of) => of[place],
        };
        (owner != NOBODY).then_some(owner)
    }
}

/// Which rows belong to selected customers.
pub(super) struct Selected<'a> {
    owners: Arc<Owners<'a>>,
    mask: Vec<bool>,
}

impl Selected<'_> {
    #[inline]
    pub fn has(&self, view: &View, place: usize) -> bool {
        self.owners.at(view, place).is_some_and(|owner| self.mask[owner as usize])
    }
}

/// The place of each of `names` in `ids`, or [`NOBODY`].
pub(super) fn places(names: &[String], ids: &[String]) -> Vec<u32> {
    // Both stand in natural order nearly always, so that one walk finds all.
    let mut next = 0;
    let mut out = Vec::with_capacity(names.len());
    for name in names {
        let found = ids.get(next) == Some(name);
        out.push(if found { next as u32 } else { NOBODY });
        next += usize::from(found);
    }
    if next < ids.len() {
        let at = index(ids);
        out = names.iter().map(|name| at.get(name.as_str()).copied().unwrap_or(NOBODY)).collect();
    }
    out
}

/// Where each id stands. A fast hash is safe: whoever makes ids slow to look up slows down only themselves.
fn index(ids: &[String]) -> HashMap<&str, u32, foldhash::fast::FixedState> {
    ids.iter().enumerate().map(|(i, id)| (id.as_str(), i as u32)).collect()
}
