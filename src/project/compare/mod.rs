//! The same analysis of two files: how large each segment was and is, who moved, and how far the features drifted.

#[cfg(test)]
mod tests;
mod words;

use std::collections::HashMap;
use std::sync::Arc;

use super::drift::{Drift, index_of, median, stability_index};
use crate::ctx::Ctx;
use crate::error::Result;
use crate::exact::ExactSum;
use crate::rfm::CustomerTable;

/// Customers between two looks at whether to go on.
const BLOCK: usize = 1 << 14;

/// One of the two analyses.
#[derive(Debug, Clone, Copy)]
pub struct Side<'a> {
    pub customers: &'a CustomerTable,
    /// Names of the segments.
    pub names: &'a [&'a str],
    /// Index into `names` per customer.
    pub of: &'a [u32],
}

/// Customers and what they spent.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Size {
    pub customers: usize,
    /// 0–1, of all customers of the side.
    pub share: f64,
    /// Net spend; 0 where the table does not know it.
    pub revenue: f64,
}

/// One segment on both sides, matched by its name or else by its customers.
#[derive(Debug, Clone, PartialEq)]
pub struct Group {
    /// On the later side, where it is there.
    pub name: String,
    /// On the earlier side, where that is another.
    pub was: Option<String>,
    /// `None` where the side has no such segment.
    pub before: Option<Size>,
    pub after: Option<Size>,
}

impl Group {
    /// What it is called on the earlier side.
    pub fn name_before(&self) -> &str {
        self.was.as_deref().unwrap_or(&self.name)
    }
}

/// Customers who went from one segment to another.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Move {
    /// Index into [`Comparison::groups`]; `None`: not in the earlier file.
    pub from: Option<usize>,
    /// `None`: not in the later file.
    pub to: Option<usize>,
    pub customers: usize,
    /// What they spent in each file.
    pub before: f64,
    pub after: f64,
}

/// Two analyses side by side.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Comparison {
    /// Segments of the later side in their order, then those that are gone.
    pub groups: Vec<Group>,
    /// Every customer is in exactly one; by `from`, then `to`, those who are new or gone last.
    pub moves: Vec<Move>,
    /// Who made each of the moves: places in the table of the later side, ascending; none for those who are gone.
    pub who: Vec<Arc<Vec<u32>>>,
    /// In both files, in the later only, in the earlier only.
    pub both: usize,
    pub new: usize,
    pub gone: usize,
    /// Of those in both: in the same segment.
    pub stayed: usize,
    /// Net spend of everybody; `None` where the tables do not know it.
    pub revenue: Option<(f64, f64)>,
    /// One per feature that both sides have.
    pub drift: Vec<Drift>,
    /// The stability index of the shares of the segments.
    pub segments_index: f64,
    /// What it all says, in sentences with numbers.
    pub words: Vec<String>,
}

impl Comparison {
    /// The place in the list of the move from one segment to another.
    pub fn place(&self, from: Option<usize>, to: Option<usize>) -> Option<usize> {
        // Nobody is last, as in the list.
        let order = |from: Option<usize>, to: Option<usize>| [from, to].map(|at| at.unwrap_or(usize::MAX));
        self.moves.binary_search_by_key(&order(from, to), |m| order(m.from, m.to)).ok()
    }
}

/// Lays two analyses side by side. Customers are the same by id, segments by name, and those whose name is on one side
/// only by their customers: the two are one segment under another name where each holds more than half of the other's
/// customers who are in both files.
///
/// # Errors
/// [`crate::error::Error::Cancelled`].
pub fn compare(before: &Side, after: &Side, currency: Option<&str>, ctx: &Ctx) -> Result<Comparison> {
    ctx.tick(0, 1)?;
    let was: HashMap<&str, usize> = before.customers.ids.iter().enumerate().map(|(i, id)| (id.as_str(), i)).collect();
    let mut earlier = Vec::with_capacity(after.customers.len());
    for (j, id) in after.customers.ids.iter().enumerate() {
        if j.is_multiple_of(BLOCK) {
            ctx.tick(j, 2 * after.customers.len())?;
        }
        earlier.push(was.get(id.as_str()).copied());
    }
    let heirs = heirs(before, after, &earlier);
    let mut names: Vec<&str> = after.names.to_vec();
    let mut places_before = Vec::with_capacity(before.names.len());
    for (name, heir) in before.names.iter().zip(&heirs) {
        places_before.push(heir.unwrap_or(names.len()));
        if heir.is_none() {
            names.push(name);
        }
    }
    let places_after: Vec<usize> = (0..after.names.len()).collect();
    let groups: Vec<Group> = {
        let (a, b) = (sizes(before), sizes(after));
        let of = |side: &[usize], sizes: &[Size], i: usize| side.iter().position(|p| *p == i).map(|at| sizes[at]);
        let group = |(i, name): (usize, &&str)| Group {
            name: name.to_string(),
            was: places_before
                .iter()
                .position(|p| *p == i)
                .map(|at| before.names[at])
                .filter(|old| old != name)
                .map(str::to_string),
            before: of(&places_before, &a, i),
            after: of(&places_after, &b, i),
        };
        names.iter().enumerate().map(group).collect()
    };
    let spent = |table: &CustomerTable, i: usize| table.monetary().get(i).copied().unwrap_or(0.0);
    // From, to and the row of sums; new and gone are the last place.
    let side = names.len() + 1;
    let mut sums = vec![(0usize, ExactSum::default(), ExactSum::default()); side * side];
    let mut found = vec![false; before.customers.len()];
    let mut cells = Vec::with_capacity(after.customers.len());
    for (j, earlier) in earlier.into_iter().enumerate() {
        if j.is_multiple_of(BLOCK) {
            ctx.tick(after.customers.len() + j, 2 * after.customers.len())?;
        }
        let to = places_after[after.of[j] as usize];
        let from = earlier.map_or(names.len(), |i| places_before[before.of[i] as usize]);
        cells.push(from * side + to);
        let (n, a, b) = &mut sums[from * side + to];
        *n += 1;
        if let Some(i) = earlier {
            found[i] = true;
            a.add(spent(before.customers, i));
        }
        b.add(spent(after.customers, j));
    }
    for (i, _) in found.iter().enumerate().filter(|(_, found)| !**found) {
        let (n, a, _) = &mut sums[places_before[before.of[i] as usize] * side + names.len()];
        *n += 1;
        a.add(spent(before.customers, i));
    }
    let mut lists = vec![Vec::new(); sums.len()];
    for (j, cell) in cells.into_iter().enumerate() {
        lists[cell].push(j as u32);
    }
    let who = sums.iter().zip(lists).filter(|((n, ..), _)| *n > 0).map(|(_, list)| Arc::new(list)).collect();
    let segment = |i: usize| (i < names.len()).then_some(i);
    let moves: Vec<Move> = sums
        .into_iter()
        .enumerate()
        .filter(|(_, (n, ..))| *n > 0)
        .map(|(i, (customers, a, b))| Move {
            from: segment(i / side),
            to: segment(i % side),
            customers,
            before: a.value(),
            after: b.value(),
        })
        .collect();
    let of = |keep: &dyn Fn(&&Move) -> bool| moves.iter().filter(keep).map(|m| m.customers).sum::<usize>();
    let both = of(&|m| m.from.is_some() && m.to.is_some());
    let new = of(&|m| m.from.is_none());
    let gone = of(&|m| m.to.is_none());
    let stayed = of(&|m| m.from.is_some() && m.from == m.to);
    let total = |side: &Side| side.customers.monetary().iter().copied().collect::<ExactSum>().value();
    let has_money = |side: &Side| !side.customers.monetary().is_empty();
    let revenue = (has_money(before) && has_money(after)).then(|| (total(before), total(after)));
    let shares = |size: &dyn Fn(&Group) -> Option<Size>| -> Vec<f64> {
        groups.iter().map(|g| size(g).map_or(0.0, |s| s.share)).collect()
    };
    let segments_index = index_of(&shares(&|g| g.before), &shares(&|g| g.after));
    ctx.tick(1, 1)?;
    let mut out = Comparison {
        groups,
        moves,
        who,
        both,
        new,
        gone,
        stayed,
        revenue,
        drift: drift(before, after),
        segments_index,
        words: vec![],
    };
    out.words = words::words(&out, before.customers.len(), after.customers.len(), currency);
    Ok(out)
}

/// The later segment that each earlier one goes on in; `None` for those that are gone. `earlier` has the place on the
/// earlier side of every customer of the later one.
fn heirs(before: &Side, after: &Side, earlier: &[Option<usize>]) -> Vec<Option<usize>> {
    let mut heirs: Vec<Option<usize>> =
        before.names.iter().map(|name| after.names.iter().position(|other| other == name)).collect();
    let mut shared = vec![vec![0usize; after.names.len()]; before.names.len()];
    for (now, then) in after.of.iter().zip(earlier) {
        if let Some(i) = then {
            shared[before.of[*i] as usize][*now as usize] += 1;
        }
    }
    let new: Vec<usize> = (0..after.names.len()).filter(|to| !heirs.contains(&Some(*to))).collect();
    for (from, heir) in heirs.iter_mut().enumerate().filter(|(_, heir)| heir.is_none()) {
        let mine: usize = shared[from].iter().sum();
        let theirs = |to: usize| shared.iter().map(|row| row[to]).sum::<usize>();
        let most = |to: &&usize| shared[from][**to] * 2 > mine && shared[from][**to] * 2 > theirs(**to);
        // More than half of both can only be one.
        *heir = new.iter().find(most).copied();
    }
    heirs
}

fn sizes(side: &Side) -> Vec<Size> {
    let mut sums = vec![(0usize, ExactSum::default()); side.names.len()];
    let spent = side.customers.monetary();
    for (i, segment) in side.of.iter().enumerate() {
        let (n, revenue) = &mut sums[*segment as usize];
        *n += 1;
        revenue.add(spent.get(i).copied().unwrap_or(0.0));
    }
    let all = side.of.len().max(1) as f64;
    sums.into_iter()
        .map(|(customers, revenue)| Size { customers, share: customers as f64 / all, revenue: revenue.value() })
        .collect()
}

/// Features of the same name; words are places in lists that differ, so they are left out.
fn drift(before: &Side, after: &Side) -> Vec<Drift> {
    let numbers =
        |table: &CustomerTable| table.features.iter().filter(|f| f.names.is_none()).cloned().collect::<Vec<_>>();
    let earlier = numbers(before.customers);
    let pairs =
        numbers(after.customers).into_iter().filter_map(|b| Some((earlier.iter().find(|a| a.name == b.name)?, b)));
    pairs
        .map(|(a, b)| Drift {
            label: b.label.clone(),
            index: stability_index(&a.values, &b.values),
            before: median(&a.values),
            after: median(&b.values),
        })
        .collect()
}
