//! Filters and duplicates told once more, row by row.

use proptest::prelude::*;
use quintile::clean::steps::prepare;
use quintile::ctx::Ctx;
use quintile::intake::kind::{self, ColumnKind};
use quintile::recipe::{Compare, KeepRow, MissingAction, OutlierAction, OutlierRule, StepKind};

use crate::{done, filter, interpolate, left, missing, table_of};

fn cell() -> impl Strategy<Value = &'static str> {
    prop::sample::select(&["", "NA", "a", "b", " b", "B", "1", "2", "2.0", "10", "-3", "0.5", "x1"][..])
}

proptest! {
    /// Number columns compare as numbers, the rest as text; told once more, row by row.
    #[test]
    fn filters_agree_with_brute_force(
        cells in prop::collection::vec(cell(), 1..30),
        op in prop::sample::select(Compare::ALL),
        value in cell(),
        other in cell(),
    ) {
        let table = table_of(&[("a", &cells)]);
        let numeric = matches!(table.column("a").unwrap().kind, ColumnKind::Number { .. });
        let values: &[&str] = match op {
            Compare::IsMissing | Compare::IsPresent => &[],
            Compare::Between | Compare::OneOf => &[value, other],
            _ => &[value],
        };
        let out = prepare(&table, &[filter("a", op, values).into()], &Ctx::silent()).unwrap();
        if out.effects[0].error.is_none() {
            let number = kind::parse_number;
            let all_numbers = values.iter().all(|v| number(v).is_some());
            let keeps = |cell: &str| -> bool {
                let same = |v: &str| cell.trim() == v.trim() || (numeric && number(cell).is_some() && number(cell) == number(v));
                let less = |a: &str, b: &str| if all_numbers { number(a) < number(b) } else { a.trim() < b.trim() };
                let comparable = if all_numbers { number(cell).is_some() } else { !kind::is_missing(cell) };
                match op {
                    Compare::Equals => same(value),
                    Compare::NotEquals => !same(value),
                    Compare::OneOf => same(value) || same(other),
                    Compare::Contains => cell.contains(value.trim()),
                    Compare::NotContains => !cell.contains(value.trim()),
                    Compare::StartsWith => cell.trim_start().starts_with(value.trim()),
                    Compare::Matches => cell.contains(value) || value.contains('.') && regex_dot(cell, value),
                    Compare::Less => comparable && less(cell, value),
                    Compare::LessOrEqual => comparable && !less(value, cell),
                    Compare::Greater => comparable && less(value, cell),
                    Compare::GreaterOrEqual => comparable && !less(cell, value),
                    Compare::Between => comparable && !less(cell, value) && !less(other, cell),
                    Compare::IsMissing => kind::is_missing(cell),
                    Compare::IsPresent => !kind::is_missing(cell),
                }
            };
            let expected: Vec<usize> = (0..cells.len()).filter(|&r| keeps(cells[r])).collect();
            prop_assert_eq!(left(&out), expected);
            prop_assert_eq!(out.effects[0].rows_after, left(&out).len());
        } else {
            prop_assert_eq!(left(&out).len(), cells.len());
        }
    }

    #[test]
    fn duplicates_agree_with_brute_force(
        rows in prop::collection::vec((cell(), cell(), cell()), 1..40),
        key in prop::sample::select(&[0usize, 1, 2, 3][..]),
        last in any::<bool>(),
    ) {
        let column = |i: usize| rows.iter().map(|r| [r.0, r.1, r.2][i]).collect::<Vec<_>>();
        let (a, b, c) = (column(0), column(1), column(2));
        let table = table_of(&[("a", &a), ("b", &b), ("c", &c)]);
        let columns: Vec<String> = ["a", "b", "c"][..key].iter().map(|n| n.to_string()).collect();
        let keep = if last { KeepRow::Last } else { KeepRow::First };
        // Half of the rows are gone already: among those nothing is looked for.
        let steps = [filter("c", Compare::NotEquals, &["a"]), StepKind::DropDuplicates { columns: columns.clone(), keep }];
        let out = done(&table, &steps);
        let alive: Vec<usize> = (0..rows.len()).filter(|&r| c[r].trim() != "a").collect();
        let wanted = |r: usize| match columns.len() { 0 => vec![a[r], b[r], c[r]], n => [a[r], b[r], c[r]][..n].to_vec() };
        let expected: Vec<usize> = alive.iter().copied().filter(|&r| {
            !alive.iter().any(|&o| wanted(o) == wanted(r) && if last { o > r } else { o < r })
        }).collect();
        prop_assert_eq!(left(&out), expected);
    }

    /// What a step computes from a column does not depend on the order of the rows.
    #[test]
    fn the_order_of_rows_has_no_say(cells in prop::collection::vec((cell(), 0u32..9), 2..40), seed in any::<u64>()) {
        let dates: Vec<String> = cells.iter().map(|c| format!("2024-01-{:02}", c.1 + 1)).collect();
        let shuffled = |n: usize| {
            let mut order: Vec<usize> = (0..n).collect();
            order.sort_by_key(|&i| (i as u64 + 1).wrapping_mul(seed | 1).rotate_left(17));
            order
        };
        let order = shuffled(cells.len());
        let texts: Vec<&str> = cells.iter().map(|c| c.0).collect();
        let days: Vec<&str> = dates.iter().map(String::as_str).collect();
        let moved = |v: &[&'static str]| order.iter().map(|&i| v[i]).collect::<Vec<_>>();
        let moved_days: Vec<&str> = order.iter().map(|&i| days[i]).collect();
        let one = table_of(&[("a", &texts), ("d", &days)]);
        let two = table_of(&[("a", &moved(&texts)), ("d", &moved_days)]);
        for step in [
            missing("a", MissingAction::Mean),
            missing("a", MissingAction::Median),
            missing("a", MissingAction::Mode),
            interpolate("a", "d"),
            StepKind::Outliers { column: "a".into(), rule: OutlierRule::ZScore, action: OutlierAction::Cap, distance: Some(1.0), low: None, high: None },
            filter("a", Compare::Less, &["2"]),
        ] {
            let (x, y) = (prepare(&one, &[step.clone().into()], &Ctx::silent()).unwrap(), prepare(&two, &[step.into()], &Ctx::silent()).unwrap());
            prop_assert_eq!(&x.effects[0].error, &y.effects[0].error);
            prop_assert_eq!(x.effects[0].cells_changed, y.effects[0].cells_changed);
            let (p, q) = (x.table.column("a").unwrap(), y.table.column("a").unwrap());
            for (place, &row) in order.iter().enumerate() {
                prop_assert_eq!(p.text(row), q.text(place));
            }
        }
    }
}

/// The only pattern among the cells with a meaning of its own is "0.5" and "2.0": any character in the middle.
fn regex_dot(cell: &str, value: &str) -> bool {
    let pattern: Vec<char> = value.chars().collect();
    let cell: Vec<char> = cell.chars().collect();
    cell.windows(pattern.len()).any(|w| w.iter().zip(&pattern).all(|(c, p)| *p == '.' || c == p))
}
