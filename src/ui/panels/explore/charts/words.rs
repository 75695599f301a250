//! Where a selection came from, in words.

use crate::chart::{Axis, Chart, Pointed, Scale, in_full};

/// What was pointed at in a chart, for example "Monetary, £100 to £200".
pub fn pointed(chart: &Chart, pointed: Pointed) -> String {
    match pointed {
        Pointed::Mark(mark) => with_title(chart, chart.tip(mark).lines().next().unwrap_or_default()),
        Pointed::Range { from, to } => with_title(chart, &stretch(&chart.x, from, to)),
        Pointed::Area { x, y } => {
            let side = |axis: &Axis, (from, to): (f64, f64)| format!("{} {}", axis.label, stretch(axis, from, to));
            format!("{}, {}", side(&chart.x, x), side(&chart.y, y))
        }
    }
}

fn with_title(chart: &Chart, part: &str) -> String {
    // Who is selected is not a distribution.
    let title = chart.title.strip_prefix("Distribution of ").unwrap_or(&chart.title);
    match (title, part) {
        ("", part) => part.to_string(),
        (title, "") => title.to_string(),
        (title, part) => format!("{title}, {part}"),
    }
}

/// From–to of an axis, written as the axis is.
fn stretch(axis: &Axis, from: f64, to: f64) -> String {
    let (from, to) = if from <= to { (from, to) } else { (to, from) };
    // A stretch of names or days ends within its last one.
    let end = match axis.scale {
        Scale::Names(_) | Scale::Days { .. } => (to - 1e-9).max(from),
        _ => to,
    };
    let (first, last) = (in_full(from, &axis.scale), in_full(end, &axis.scale));
    if first == last { first } else { format!("{first} to {last}") }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::chart::{Bar, Marks, Numbers};

    #[test]
    fn a_selection_says_where_it_came_from() {
        let scale = Scale::Linear { from: 0.0, to: 100.0, format: Numbers::Plain };
        let axis = |label: &str| Axis { label: label.into(), scale: scale.clone() };
        let bar = Bar { tip: "10 to 20\n7 customers".into(), ..Bar::default() };
        let marks = Marks::Bars(vec![bar]);
        let chart = Chart {
            title: "Distribution of Recency".into(),
            x: axis("Days"),
            y: axis("Customers"),
            marks,
            ..Chart::default()
        };
        assert_eq!(pointed(&chart, Pointed::Mark(0)), "Recency, 10 to 20");
        assert_eq!(pointed(&chart, Pointed::Mark(7)), "Recency", "there is no such mark");
        assert_eq!(pointed(&chart, Pointed::Range { from: 30.0, to: 12.5 }), "Recency, 12.5 to 30");
        assert_eq!(pointed(&chart, Pointed::Area { x: (0.0, 5.0), y: (1.0, 2.0) }), "Days 0 to 5, Customers 1 to 2");
        let names = Scale::Names(Arc::new(["a", "b", "c"].map(String::from).into()));
        assert_eq!(stretch(&Axis { label: String::new(), scale: names }, 0.0, 2.0), "a to b");
        let days = Axis { label: String::new(), scale: Scale::Days { from: 0.0, to: 1.0 } };
        assert_eq!(stretch(&days, 14_944.2, 14_945.9), "1 Dec 2010 to 2 Dec 2010");
    }
}
