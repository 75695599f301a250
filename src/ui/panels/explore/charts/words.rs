//! Where a selection came from, in words.

use chrono::DateTime;

use crate::chart::{Axis, Chart, Marks, Pointed, Scale};
use crate::format;

/// What was pointed at in a chart, for example "Monetary, £100 to £200".
pub fn pointed(chart: &Chart, pointed: Pointed) -> String {
    match pointed {
        Pointed::Mark(mark) => match mark_tip(&chart.marks, mark) {
            Some(tip) if !tip.is_empty() => with_title(chart, tip.lines().next().unwrap_or_default()),
            _ => chart.title.clone(),
        },
        Pointed::Range { from, to } => with_title(chart, &stretch(&chart.x, from, to)),
        Pointed::Area { x, y } => {
            let side = |axis: &Axis, (from, to): (f64, f64)| format!("{} {}", axis.label, stretch(axis, from, to));
            format!("{}, {}", side(&chart.x, x), side(&chart.y, y))
        }
    }
}

fn with_title(chart: &Chart, part: &str) -> String {
    if chart.title.is_empty() { part.to_string() } else { format!("{}, {part}", chart.title) }
}

fn mark_tip(marks: &Marks, mark: usize) -> Option<&str> {
    let tip = match marks {
        Marks::Bars(bars) | Marks::Rows(bars) => &bars.get(mark)?.tip,
        Marks::Boxes(boxes) => &boxes.get(mark)?.tip,
        Marks::Cells(cells) => &cells.cells.get(mark)?.tip,
        Marks::Tiles(tiles) => &tiles.get(mark)?.tip,
        Marks::Flow(flow) => &flow.bands.get(mark)?.tip,
        Marks::Lines(lines) => lines.iter().flat_map(|l| &l.tips).nth(mark)?,
        Marks::Points(_) | Marks::Nothing | Marks::Empty(_) => return None,
    };
    Some(tip)
}

/// From–to of an axis, written as the axis is.
fn stretch(axis: &Axis, from: f64, to: f64) -> String {
    let (from, to) = if from <= to { (from, to) } else { (to, from) };
    let both = |write: &dyn Fn(f64) -> String| format!("{} to {}", write(from), write(to));
    match &axis.scale {
        Scale::Names(names) => {
            let name = |at: f64| names.get(at.max(0.0) as usize).or(names.last()).cloned().unwrap_or_default();
            let (first, last) = (name(from), name((to - 1e-9).max(from)));
            if first == last { first } else { format!("{first} to {last}") }
        }
        Scale::Days { .. } => {
            let date = |days: f64| DateTime::from_timestamp((days * 86_400.0) as i64, 0).map(|d| d.date_naive());
            match (date(from), date(to)) {
                (Some(a), Some(b)) if a == b => a.to_string(),
                (Some(a), Some(b)) => format!("{a} to {b}"),
                _ => both(&format::short),
            }
        }
        _ => both(&format::short),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chart::{Bar, Numbers};
    use std::sync::Arc;

    #[test]
    fn a_selection_says_where_it_came_from() {
        let scale = Scale::Linear { from: 0.0, to: 100.0, format: Numbers::Plain };
        let axis = |label: &str| Axis { label: label.into(), scale: scale.clone() };
        let bar = Bar { tip: "10 to 20\n7 customers".into(), ..Bar::default() };
        let marks = Marks::Bars(vec![bar]);
        let chart = Chart { title: "Recency".into(), x: axis("Days"), y: axis("Customers"), marks, ..Chart::default() };
        assert_eq!(pointed(&chart, Pointed::Mark(0)), "Recency, 10 to 20");
        assert_eq!(pointed(&chart, Pointed::Range { from: 30.0, to: 12.5 }), "Recency, 12.5 to 30");
        assert_eq!(pointed(&chart, Pointed::Area { x: (0.0, 5.0), y: (1.0, 2.0) }), "Days 0 to 5, Customers 1 to 2");
        let names =
            Axis { label: String::new(), scale: Scale::Names(Arc::new(["a", "b", "c"].map(String::from).into())) };
        assert_eq!(stretch(&names, 0.0, 2.0), "a to b");
        let days = Axis { label: String::new(), scale: Scale::Days { from: 0.0, to: 1.0 } };
        assert_eq!(stretch(&days, 14_944.2, 14_945.9), "2010-12-01 to 2010-12-02");
    }
}
