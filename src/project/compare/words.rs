//! What a comparison says, in sentences with numbers.

use super::{Comparison, Move};
use crate::format::{count, money, number, percent, plural};
use crate::project::drift::Reading;

/// One sentence each on who is there, who moved, what was spent, and drift. `before` and `after` are customers.
pub(super) fn words(c: &Comparison, before: usize, after: usize, currency: Option<&str>) -> Vec<String> {
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
        let mut text = format!("Of those in both, {share} are in the same segment");
        let moved = c.moves.iter().filter(|m| m.from.is_some() && m.to.is_some() && m.from != m.to);
        // The first of equals, so that the sentence is always the same.
        let most = moved.fold(None, |most: Option<&Move>, m| match most {
            Some(most) if most.customers >= m.customers => Some(most),
            _ => Some(m),
        });
        if let Some(Move { from: Some(from), to: Some(to), customers, .. }) = most {
            let people = plural(*customers, "customer", "customers");
            text += &format!(
                "; the largest move is {people} from {} to {}",
                c.groups[*from].name_before(),
                c.groups[*to].name
            );
        }
        out.push(text + ".");
    }
    for (group, was) in c.groups.iter().filter_map(|g| Some((g, g.was.as_ref()?))) {
        out.push(format!("{was} goes on as {}: most of its customers are the same.", group.name));
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
