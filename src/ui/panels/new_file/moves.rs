//! Who went from which segment to which, as a matrix; a click selects those who are in the new file.

use std::collections::HashMap;
use std::sync::Arc;

use egui::{Ui, vec2};

use crate::app::Selection;
use crate::chart::{Axis, Cell, Cells, Chart, Data, Ink, Marks, Pointed, Scale};
use crate::format;
use crate::pipeline::Findings;
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
        && let Some(&Some((from, to))) = made.1.get(mark)
    {
        select(scene, comparison, from, to);
    }
}

/// Selects the customers of one cell; those who are gone are not in the table any more.
fn select(scene: &mut Scene, comparison: &Comparison, from: Place, to: Place) {
    let (Some(before), Some(after)) = (scene.new_file.before.clone(), scene.new_file.after.clone()) else { return };
    // After undo another table is in force, in which the same places are other customers.
    if !scene.session.rfm.get().is_some_and(|rfm| Arc::ptr_eq(rfm, &after.rfm)) {
        return;
    }
    let name = |at: Place, none: &str| at.map_or_else(|| none.to_string(), |i| comparison.groups[i].name.clone());
    let words = format!("{} → {}", name(from, "New"), name(to, "Gone"));
    let segment = |findings: &Findings, i: usize| match scene.new_file.grouping {
        crate::profile::Grouping::Rfm if !findings.rfm.segment.is_empty() => {
            findings.rfm.map.segments[usize::from(findings.rfm.segment[i])].name.clone()
        }
        _ => findings.profiles[findings.chosen.clustering.labels[i] as usize].name.clone(),
    };
    let was: HashMap<&str, usize> =
        before.rfm.customers.ids.iter().enumerate().map(|(i, id)| (id.as_str(), i)).collect();
    let wanted = |i: &usize| {
        let earlier = was.get(after.rfm.customers.ids[*i].as_str()).map(|j| segment(&before, *j));
        earlier == from.map(|f| comparison.groups[f].name.clone())
            && Some(segment(&after, *i)) == to.map(|t| comparison.groups[t].name.clone())
    };
    let customers: Vec<u32> = (0..after.rfm.customers.len()).filter(wanted).map(|i| i as u32).collect();
    if !customers.is_empty() {
        scene.act(crate::app::Action::Select(Selection { customers: Arc::new(customers), from: words }));
    }
}

/// The matrix and the move of each mark.
fn matrix(comparison: &Comparison, currency: Option<&str>) -> (Arc<Chart>, Vec<Option<(Place, Place)>>) {
    let all = 0..comparison.groups.len();
    let there = |of: &dyn Fn(usize) -> bool, other: bool| -> Vec<Place> {
        all.clone().filter(|i| of(*i)).map(Some).chain(other.then_some(None)).collect()
    };
    let rows = there(&|i| comparison.groups[i].before.is_some(), comparison.new > 0);
    let columns = there(&|i| comparison.groups[i].after.is_some(), comparison.gone > 0);
    let of_row = |from: Place| comparison.moves.iter().filter(|m| m.from == from).map(|m| m.customers).sum::<usize>();
    let name = |at: Place, none: &str| at.map_or_else(|| none.to_string(), |i| comparison.groups[i].name.clone());
    let (mut cells, mut marks) = (Vec::new(), Vec::new());
    for &from in &rows {
        let whole = of_row(from).max(1);
        for &to in &columns {
            let found = comparison.moved(from, to);
            marks.push(found.map(|_| (from, to)));
            cells.push(found.map_or_else(Cell::default, |m| {
                let share = m.customers as f64 / whole as f64;
                let people = format::plural(m.customers, "customer", "customers");
                let mut tip = format!(
                    "{} → {}\n{people}, {} of the row",
                    name(from, "New"),
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
    let names = |of: &[Place], none: &str| Arc::new(of.iter().map(|at| name(*at, none)).collect::<Vec<_>>());
    let list = |of: &dyn Fn(&crate::project::Move) -> f64| comparison.moves.iter().map(of).collect::<Vec<f64>>();
    let data = Data::default()
        .text("from_segment", comparison.moves.iter().map(|m| name(m.from, "(new)")).collect())
        .text("to_segment", comparison.moves.iter().map(|m| name(m.to, "(gone)")).collect())
        .number("customers", list(&|m| m.customers as f64))
        .number("spent_before", list(&|m| m.before))
        .number("spent_now", list(&|m| m.after));
    let chart = Chart {
        title: "From the earlier file to the new one".into(),
        note: "Shaded by the share of the row".into(),
        x: Axis { label: "Segment in the new file".into(), scale: Scale::Names(names(&columns, "Gone")) },
        y: Axis { label: "Segment in the earlier file".into(), scale: Scale::Names(names(&rows, "New")) },
        marks: Marks::Cells(Cells { columns: columns.len(), cells }),
        data,
        ..Chart::default()
    };
    (Arc::new(chart), marks)
}
