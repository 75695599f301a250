//! The same analysis of two files: how large each segment was and is, who moved, and how far the features drifted.

use std::collections::HashMap;
use std::sync::Arc;

use super::drift::{Drift, Reading, index_of, median, stability_index};
use crate::ctx::Ctx;
use crate::error::Result;
use crate::exact::ExactSum;
use crate::format::{count, money, number, percent, plural};
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

/// One segment on both sides, matched by its name.
#[derive(Debug, Clone, PartialEq)]
pub struct Group {
    pub name: String,
    /// `None` where the side has no such segment.
    pub before: Option<Size>,
    pub after: Option<Size>,
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
    /// Of those in both: in the segment of the same name.
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

/// Lays two analyses side by side. Customers are the same by id, segments by name.
///
/// # Errors
/// [`crate::error::Error::Cancelled`].
pub fn compare(before: &Side, after: &Side, currency: Option<&str>, ctx: &Ctx) -> Result<Comparison> {
    ctx.tick(0, 1)?;
    let names: Vec<&str> =
        after.names.iter().chain(before.names.iter().filter(|n| !after.names.contains(n))).copied().collect();
    let place = |side: &Side| -> Vec<usize> {
        let at = |name: &&str| names.iter().position(|n| n == name).unwrap_or_default();
        side.names.iter().map(at).collect()
    };
    let (places_before, places_after) = (place(before), place(after));
    let groups: Vec<Group> = {
        let (a, b) = (sizes(before), sizes(after));
        let of = |side: &[usize], sizes: &[Size], i: usize| side.iter().position(|p| *p == i).map(|at| sizes[at]);
        let group = |(i, name): (usize, &&str)| Group {
            name: name.to_string(),
            before: of(&places_before, &a, i),
            after: of(&places_after, &b, i),
        };
        names.iter().enumerate().map(group).collect()
    };
    let was: HashMap<&str, usize> = before.customers.ids.iter().enumerate().map(|(i, id)| (id.as_str(), i)).collect();
    let spent = |table: &CustomerTable, i: usize| table.monetary().get(i).copied().unwrap_or(0.0);
    // From, to and the row of sums; new and gone are the last place.
    let side = names.len() + 1;
    let mut sums = vec![(0usize, ExactSum::default(), ExactSum::default()); side * side];
    let mut found = vec![false; before.customers.len()];
    let mut cells = Vec::with_capacity(after.customers.len());
    for (j, id) in after.customers.ids.iter().enumerate() {
        if j.is_multiple_of(BLOCK) {
            ctx.tick(j, after.customers.len())?;
        }
        let to = places_after[after.of[j] as usize];
        let earlier = was.get(id.as_str()).copied();
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
    out.words = words(&out, before.customers.len(), after.customers.len(), currency);
    Ok(out)
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

fn words(c: &Comparison, before: usize, after: usize, currency: Option<&str>) -> Vec<String> {
    let mut out = vec![format!(
        "{} before, {} now: {} in both files, {} new, {} gone.",
        plural(before, "customer", "customers"),
        count(after),
        count(c.both),
        count(c.new),
        count(c.gone)
    )];
    if c.both == 0 {
        out.push(
            "No customer is in both files, so nobody can be followed: check that the customer column is the same."
                .into(),
        );
    } else {
        let share = percent(c.stayed as f64 / c.both as f64);
        let mut text = format!("Of those in both, {share} are in the segment of the same name");
        let moved = c.moves.iter().filter(|m| m.from.is_some() && m.to.is_some() && m.from != m.to);
        // The first of equals, so that the sentence is always the same.
        let most = moved.fold(None, |most: Option<&Move>, m| match most {
            Some(most) if most.customers >= m.customers => Some(most),
            _ => Some(m),
        });
        if let Some(Move { from: Some(from), to: Some(to), customers, .. }) = most {
            let people = plural(*customers, "customer", "customers");
            text += &format!("; the largest move is {people} from {} to {}", c.groups[*from].name, c.groups[*to].name);
        }
        out.push(text + ".");
    }
    if let Some((was, is)) = c.revenue {
        let (a, b) = (money(was, currency), money(is, currency));
        let way = match is.total_cmp(&was) {
            std::cmp::Ordering::Less => "fell",
            std::cmp::Ordering::Equal => "stayed",
            std::cmp::Ordering::Greater => "rose",
        };
        out.push(match (way, was > 0.0) {
            ("stayed", _) => format!("Net spend stayed at {b}."),
            (way, true) => format!(
                "Net spend {way} from {a} to {b} ({}{}).",
                if is > was { "+" } else { "" },
                percent(is / was - 1.0)
            ),
            (way, false) => format!("Net spend {way} from {a} to {b}."),
        });
    }
    let moved: Vec<String> = c
        .drift
        .iter()
        .filter_map(|d| Some((d, d.index?)))
        .filter(|(_, index)| Reading::of(*index) != Reading::Stable)
        .map(|(d, index)| format!("{} {} ({})", d.label, Reading::of(index).word(), number(index, 2)))
        .collect();
    out.push(match (moved.as_slice(), c.drift.is_empty()) {
        (_, true) => "The two files have no feature in common.".into(),
        ([], _) => "No feature has drifted: every stability index is below 0.1.".into(),
        (some, _) => {
            format!("By the stability index, {}; below 0.1 is stable, above 0.25 another population.", some.join(", "))
        }
    });
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rfm::{Feature, MONETARY, Unit};
    use std::sync::Arc;

    fn table(ids: &[&str], spent: &[f64]) -> CustomerTable {
        let ids = Arc::new(ids.iter().map(|id| id.to_string()).collect());
        CustomerTable { ids, features: vec![Feature::new(MONETARY, "Net spend", "", Unit::Money, spent.to_vec())] }
    }

    #[test]
    fn every_customer_is_in_exactly_one_move_and_segments_match_by_name() {
        let (a, b) = (
            table(&["1", "2", "3", "4"], &[10.0, 20.0, 30.0, 40.0]),
            table(&["2", "3", "4", "5"], &[21.0, 31.0, 41.0, 5.0]),
        );
        let before = Side { customers: &a, names: &["Best", "Rest", "Old"], of: &[1, 1, 0, 2] };
        let after = Side { customers: &b, names: &["Rest", "Best"], of: &[1, 1, 0, 0] };
        let c = compare(&before, &after, Some("£"), &Ctx::silent()).unwrap();
        assert_eq!(c.groups.iter().map(|g| g.name.as_str()).collect::<Vec<_>>(), ["Rest", "Best", "Old"]);
        assert_eq!((c.both, c.new, c.gone, c.stayed), (3, 1, 1, 1));
        assert_eq!(c.moves.iter().map(|m| m.customers).sum::<usize>(), 5);
        assert_eq!(c.revenue, Some((100.0, 98.0)));
        let moved = |from, to| c.place(from, to).map(|at| c.moves[at]);
        // 2 went from Rest to Best, 3 stayed in Best, 4 went from Old to Rest, 5 is new in Rest, 1 is gone from Rest.
        assert_eq!(moved(Some(0), Some(1)).map(|m| (m.customers, m.before, m.after)), Some((1, 20.0, 21.0)));
        assert_eq!(moved(None, Some(0)).map(|m| m.after), Some(5.0));
        assert_eq!(moved(Some(0), None).map(|m| m.before), Some(10.0));
        assert_eq!(moved(Some(2), Some(1)), None);
        // Who they are: 2, 3, 4 and 5 have the places 0 to 3 of the later table.
        let who = |from, to| c.who[c.place(from, to).unwrap()].to_vec();
        assert_eq!((who(Some(0), Some(1)), who(Some(1), Some(1)), who(Some(2), Some(0))), (vec![0], vec![1], vec![2]));
        assert_eq!((who(None, Some(0)), who(Some(0), None)), (vec![3], vec![]));
        assert_eq!((c.who.len(), c.who.iter().map(|w| w.len()).sum::<usize>()), (c.moves.len(), b.len()));
        assert_eq!((c.groups[2].before.map(|s| s.customers), c.groups[2].after), (Some(1), None));
        assert!(c.words[0].starts_with("4 customers before, 4 now: 3 in both files, 1 new, 1 gone"), "{:?}", c.words);
        assert!(c.words[2].contains("fell from £100") && c.words[2].contains("£98"), "{:?}", c.words);
    }

    #[test]
    fn strangers_are_said() {
        let (a, b) = (table(&["1"], &[1.0]), table(&["x"], &[1.0]));
        let side = |t| Side { customers: t, names: &["All"], of: &[0] };
        let c = compare(&side(&a), &side(&b), None, &Ctx::silent()).unwrap();
        assert!(c.words[1].contains("No customer is in both files"), "{:?}", c.words);
    }
}
