//! Who went from which segment to which, as a matrix; a click selects those who are in the new file.

use std::sync::Arc;

use egui::{Ui, vec2};

use crate::app::NewFileAction;
use crate::chart::{Axis, Cell, Cells, Chart, Data, Ink, Marks, Pointed, Scale};
use crate::format;
use crate::project::Comparison;
use crate::ui::scene::Scene;
use crate::ui::theme;
use crate::ui::widgets::chart::{self, Pointing};
use crate::ui::widgets::text;

type Place = Option<usize>;

pub fn show(ui: &mut Ui, scene: &mut Scene, comparison: &Arc<Comparison>) {
    let t = theme::of(ui);
    text::heading_and_note(ui, "Moves", "rows are the earlier file, columns the new one");
    let currency = scene.currency().map(str::to_string);
    let input = (comparison.clone(), format::numbers() as usize, currency);
    let made = scene
        .cache
        .get("moves to the new file", input, |(comparison, _, currency)| matrix(comparison, currency.as_deref()));
    let rows = comparison.groups.len() + 1;
    let height = (rows as f32 * (t.shape.control + t.space.xs) + 4.0 * t.space.xl).clamp(260.0, 620.0);
    let size = vec2(ui.available_width(), height);
    if let Some(Pointed::Mark(mark)) = chart::show(ui, scene, &made.0, size, Pointing::Marks)
        && let Some(&Some(at)) = made.1.get(mark)
    {
        scene.act(NewFileAction::Select(at).into());
    }
}

/// The matrix, and which of the moves each mark is.
fn matrix(comparison: &Comparison, currency: Option<&str>) -> (Arc<Chart>, Vec<Option<usize>>) {
    let all = 0..comparison.groups.len();
    let there = |of: &dyn Fn(usize) -> bool, other: bool| -> Vec<Place> {
        all.clone().filter(|i| of(*i)).map(Some).chain(other.then_some(None)).collect()
    };
    let rows = there(&|i| comparison.groups[i].before.is_some(), comparison.new > 0);
    let columns = there(&|i| comparison.groups[i].after.is_some(), comparison.gone > 0);
    let of_row = |from: Place| comparison.moves.iter().filter(|m| m.from == from).map(|m| m.customers).sum::<usize>();
    let name = |at: Place, none: &str| at.map_or_else(|| none.to_string(), |i| comparison.groups[i].name.clone());
    let old =
        |at: Place, none: &str| at.map_or_else(|| none.to_string(), |i| comparison.groups[i].name_before().to_string());
    let (mut cells, mut marks) = (Vec::new(), Vec::new());
    for &from in &rows {
        let whole = of_row(from).max(1);
        for &to in &columns {
            let found = comparison.place(from, to);
            marks.push(found);
            cells.push(found.map(|at| &comparison.moves[at]).map_or_else(Cell::default, |m| {
                let share = m.customers as f64 / whole as f64;
                let people = format::plural(m.customers, "customer", "customers");
                let mut tip = format!(
                    "{} → {}\n{people}, {} of the row",
                    old(from, "New"),
                    name(to, "Gone"),
                    format::percent(share)
                );
                if comparison.revenue.is_some() {
                    let [was, is] = [m.before, m.after].map(|x| format::money(x, currency));
                    tip += &format!("\nSpent {was} before, {is} now");
                }
                Cell {
                    ink: Some(Ink::Sequential(share as f32)),
                    text: format::count(m.customers),
                    tip,
                    ..Cell::default()
                }
            }));
        }
    }
    let columns_named = Arc::new(columns.iter().map(|at| name(*at, "Gone")).collect());
    let rows_named = Arc::new(rows.iter().map(|at| old(*at, "New")).collect());
    let list = |of: &dyn Fn(&crate::project::Move) -> f64| comparison.moves.iter().map(of).collect::<Vec<f64>>();
    let data = Data::default()
        .text("from_segment", comparison.moves.iter().map(|m| old(m.from, "(new)")).collect())
        .text("to_segment", comparison.moves.iter().map(|m| name(m.to, "(gone)")).collect())
        .number("customers", list(&|m| m.customers as f64))
        .number("spent_before", list(&|m| m.before))
        .number("spent_now", list(&|m| m.after));
    let chart = Chart {
        title: "From the earlier file to the new one".into(),
        note: "Shaded by the share of the row".into(),
        x: Axis { label: "Segment in the new file".into(), scale: Scale::Names(columns_named) },
        y: Axis { label: "Segment in the earlier file".into(), scale: Scale::Names(rows_named) },
        marks: Marks::Cells(Cells { columns: columns.len(), cells }),
        data,
        ..Chart::default()
    };
    (Arc::new(chart), marks)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::project::{Group, Move, Size};

    #[test]
    fn every_cell_with_customers_is_the_move_that_it_shows() {
        let group = |name: &str| Group {
            name: name.into(),
            was: None,
            before: Some(Size::default()),
            after: Some(Size::default()),
        };
        let one = |from, to, customers| Move { from, to, customers, before: 0.0, after: 0.0 };
        let moves =
            vec![one(Some(0), Some(1), 3), one(Some(0), None, 4), one(Some(1), Some(1), 5), one(None, Some(0), 6)];
        let comparison =
            Comparison { groups: vec![group("A"), group("B")], moves, new: 6, gone: 4, ..Comparison::default() };
        let (chart, marks) = matrix(&comparison, None);
        let Marks::Cells(cells) = &chart.marks else { panic!("{:?}", chart.marks) };
        // Rows A, B, New; columns A, B, Gone.
        let expected = [None, Some(0), Some(1), None, Some(2), None, Some(3), None, None];
        assert_eq!((cells.columns, marks.as_slice()), (3, &expected[..]));
        for (cell, mark) in cells.cells.iter().zip(&marks) {
            let customers = mark.map_or(String::new(), |at| format::count(comparison.moves[at].customers));
            assert_eq!(cell.text, customers);
        }
    }
}
