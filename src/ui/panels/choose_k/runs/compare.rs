//! Two runs side by side: what was decided, what came of it, and who went where.

use std::sync::Arc;

use egui::{Align, Layout, RichText, Ui, vec2};

use super::differences::{Difference, differences};
use crate::app::Run;
use crate::chart::{Axis, Cell, Cells, Chart, Data, Ink, Marks, Pointed, Scale};
use crate::cluster::{Comparison, compare};
use crate::format;
use crate::ui::cache::Same;
use crate::ui::scene::Scene;
use crate::ui::style::semibold;
use crate::ui::theme;
use crate::ui::widgets::chart::{self, Pointing};
use crate::ui::widgets::{button, card, text};

/// Two runs that are compared.
#[derive(Clone)]
struct Pair(Arc<Run>, Arc<Run>);

impl Same for Pair {
    fn same(&self, other: &Self) -> bool {
        let same = |a: &Run, b: &Run| a.number == b.number && a.name() == b.name();
        same(&self.0, &other.0) && same(&self.1, &other.1)
    }
}

/// How they compare.
struct Made {
    comparison: Comparison,
    differences: Vec<Difference>,
    chart: Arc<Chart>,
}

pub fn show(ui: &mut Ui, scene: &mut Scene, a: u64, b: u64) {
    let (Some(a), Some(b)) = (scene.runs.get(a).cloned(), scene.runs.get(b).cloned()) else { return };
    let t = theme::of(ui);
    let rows = a.ids.len().max(b.ids.len());
    let pair = Pair(Arc::new(a), Arc::new(b));
    let made = scene.cache.get_later("two runs", pair.clone(), rows, ui.ctx(), |Pair(a, b)| {
        let comparison = compare(&a.ids, &a.clustering.labels, &b.ids, &b.clustering.labels);
        let chart = Arc::new(crosstab(a, b, &comparison));
        Arc::new(Made { comparison, differences: differences(&a.recipe, &b.recipe), chart })
    });
    let Pair(a, b) = &pair;
    text::heading(ui, format!("{} and {}", titled(a), titled(b)));
    let Some(made) = made else {
        text::muted(ui, "Comparing…");
        return;
    };
    ui.scope(|ui| {
        ui.spacing_mut().item_spacing.y = t.space.xs;
        text::muted(ui, sentence(&made.comparison));
    });
    let wide = ui.available_width();
    let left = 292.0;
    ui.horizontal_top(|ui| {
        ui.vertical(|ui| {
            ui.set_width(left);
            scores(ui, a, b);
            ui.add_space(t.space.xs);
            choices(ui, scene, a, b, &made.differences);
        });
        ui.vertical(|ui| {
            let size = vec2((wide - left - t.space.s).max(240.0), height(a, &made.comparison));
            if let Some(Pointed::Mark(mark)) = chart::show(ui, scene, &made.chart, size, Pointing::Marks) {
                select(scene, a, b, &made.comparison, mark);
            }
        });
    });
}

fn titled(run: &Run) -> String {
    format!("{} {}", run.number, run.name())
}

fn height(a: &Run, comparison: &Comparison) -> f32 {
    let rows = comparison.counts.len().max(a.clustering.k) as f32;
    (112.0 + 34.0 * rows).clamp(220.0, 560.0)
}

/// How alike the two are, in words.
fn sentence(c: &Comparison) -> String {
    let mut words = match c.adjusted_rand {
        None => return "The two have no customers in common.".into(),
        Some(r) => {
            let how = match r {
                r if r >= 0.9 => "nearly the same groups",
                r if r >= 0.65 => "much the same groups with other borders",
                r if r >= 0.35 => "groups that have a good deal in common",
                r if r >= 0.1 => "groups that have little in common",
                _ => "groups that have nothing to do with each other",
            };
            format!("Adjusted Rand {}: {how}. ", format::number(r, 2))
        }
    };
    let n = format::plural(c.customers, "customer", "customers");
    words += &format!("{} of {n} are in a group and in its counterpart.", format::percent(c.staying));
    let only = c.only_first + c.only_second;
    if only > 0 {
        words += &format!(" {} only one of the two.", format::plural(only, "customer is in", "customers are in"));
    }
    words
}

/// Number and name of a group of a run.
fn group(run: &Run, label: u32) -> String {
    if run.clustering.is_noise(label) {
        return "Noise".into();
    }
    match run.segments.get(label as usize) {
        Some(name) => format!("{} {name}", label + 1),
        None => format!("Cluster {}", label + 1),
    }
}

fn crosstab(a: &Run, b: &Run, c: &Comparison) -> Chart {
    let columns = c.columns.len();
    let mut cells = Vec::with_capacity(columns * c.counts.len());
    let (mut first, mut second, mut counts) = (Vec::new(), Vec::new(), Vec::new());
    for (row, of) in c.counts.iter().enumerate() {
        let total = of.iter().sum::<usize>().max(1);
        for (&n, &label) in of.iter().zip(&c.columns) {
            let share = n as f64 / total as f64;
            let (from, to) = (group(a, row as u32), group(b, label));
            let tip = format!(
                "{from}\n→ {to}\n{}, {} of {from}",
                format::plural(n, "customer", "customers"),
                format::percent(share)
            );
            let text = if n == 0 { String::new() } else { format::count(n) };
            cells.push(Cell { ink: (n > 0).then_some(Ink::Sequential(share as f32)), text, tip, ring: false });
            first.push(from);
            second.push(to);
            counts.push(n as f64);
        }
    }
    let names = |run: &Run, labels: &mut dyn Iterator<Item = u32>| Arc::new(labels.map(|l| group(run, l)).collect());
    let rows = names(a, &mut (0..c.counts.len() as u32));
    Chart {
        title: format!("From run {} to run {}", a.number, b.number),
        note: "customers; the shade is the share of the row; click a cell to select them".into(),
        x: Axis { label: String::new(), scale: Scale::Names(names(b, &mut c.columns.iter().copied())) },
        y: Axis { label: String::new(), scale: Scale::Names(rows) },
        marks: Marks::Cells(Cells { columns, cells }),
        data: Data::default()
            .text(format!("run_{}", a.number), first)
            .text(format!("run_{}", b.number), second)
            .number("customers", counts),
        ..Chart::default()
    }
}

/// Selects the customers of a cell, as far as they belong to the present table.
fn select(scene: &mut Scene, a: &Run, b: &Run, c: &Comparison, mark: usize) {
    let columns = c.columns.len().max(1);
    let (row, label) = ((mark / columns) as u32, c.columns[mark % columns]);
    let Some(rfm) = scene.session.rfm.get() else { return };
    let table = &rfm.customers.ids;
    let from = format!("{} → {}", group(a, row), group(b, label));
    // The same customers in the same order as a rule; else they are looked up by id.
    let labels = |run: &Run| -> Vec<Option<u32>> {
        if Arc::ptr_eq(&run.ids, table) || run.ids == *table {
            return run.clustering.labels.iter().map(|l| Some(*l)).collect();
        }
        let known: std::collections::HashMap<&str, u32> =
            run.ids.iter().map(String::as_str).zip(run.clustering.labels.iter().copied()).collect();
        table.iter().map(|id| known.get(id.as_str()).copied()).collect()
    };
    let pairs = labels(a).into_iter().zip(labels(b)).enumerate();
    let customers = pairs.filter(|(_, pair)| *pair == (Some(row), Some(label))).map(|(i, _)| i as u32).collect();
    scene.select(customers, from);
}

fn scores(ui: &mut Ui, a: &Run, b: &Run) {
    let t = theme::of(ui);
    card::card(ui, |ui| {
        let of = |run: &Run| -> Vec<Option<f64>> {
            let s = &run.scores;
            let largest = run.clustering.sizes.iter().copied().max().map(|n| n as f64);
            vec![
                Some(run.clustering.clusters() as f64),
                s.silhouette,
                s.calinski_harabasz,
                s.davies_bouldin,
                Some(s.smallest as f64),
                largest,
                run.secs,
            ]
        };
        // How many decimals, and whether large (1) or small (−1) is good.
        let rows = [
            ("Clusters", 0, 0),
            ("Silhouette", 3, 1),
            ("Calinski-Harabasz", 0, 1),
            ("Davies-Bouldin", 3, -1),
            ("Smallest cluster", 0, 0),
            ("Largest cluster", 0, 0),
            ("Seconds", 1, 0),
        ];
        // Scores of other features or other customers are of another space.
        let alike = a.recipe.features == b.recipe.features && a.ids == b.ids;
        ui.spacing_mut().item_spacing.y = t.space.xs;
        head(ui, "Scores", a, b);
        for ((name, decimals, good), (x, y)) in rows.into_iter().zip(of(a).into_iter().zip(of(b))) {
            let better = match (x, y) {
                (Some(x), Some(y)) if alike && good != 0 && x != y => Some((x > y) == (good > 0)),
                _ => None,
            };
            line(ui, name, [x, y].map(|v| v.map_or("–".into(), |v| format::number(v, decimals))), better);
        }
        if !alike {
            text::muted(ui, "The two have other features or customers, so their scores cannot be ranked.");
        }
    });
}

fn choices(ui: &mut Ui, scene: &mut Scene, a: &Run, b: &Run, found: &[Difference]) {
    let t = theme::of(ui);
    card::card(ui, |ui| {
        ui.spacing_mut().item_spacing.y = t.space.xs;
        head(ui, "Choices that differ", a, b);
        if found.is_empty() {
            text::muted(ui, "Both made the same choices.");
        }
        for d in found {
            line(ui, &d.about, [d.first.clone(), d.second.clone()], None);
        }
        ui.horizontal_wrapped(|ui| {
            let in_force = scene.runs.in_force(scene.session.keys()).map(|r| r.number);
            for run in [a, b].into_iter().filter(|r| Some(r.number) != in_force) {
                if button::link(ui, &format!("Use the choices of run {}", run.number)).clicked() {
                    super::take_over(scene, run);
                }
            }
        });
    });
}

/// A title with the two runs beside it.
fn head(ui: &mut Ui, title: &str, a: &Run, b: &Run) {
    let t = theme::of(ui);
    let runs = [a, b].map(|run| format!("Run {}", run.number));
    row(ui, RichText::new(title).family(semibold()).color(t.text.normal), runs, |_| (t.text.muted, true));
}

/// A name and the values of both; the better one, if any, stands out.
fn line(ui: &mut Ui, name: &str, values: [String; 2], first_better: Option<bool>) {
    let t = theme::of(ui);
    let look = |i: usize| (t.text.normal, first_better == Some(i == 0));
    row(ui, RichText::new(name).color(t.text.muted), values, look);
}

fn row(ui: &mut Ui, name: RichText, values: [String; 2], look: impl Fn(usize) -> (egui::Color32, bool)) {
    let t = theme::of(ui);
    let high = t.font.small + t.space.xs;
    let (wide, gap) = (ui.available_width(), t.space.s);
    let value = ((wide * 0.56 - 2.0 * gap) / 2.0).floor();
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = gap;
        ui.spacing_mut().interact_size.y = high;
        let whole = name.text().to_string();
        let left = Layout::left_to_right(Align::Center);
        ui.allocate_ui_with_layout(vec2(wide - 2.0 * (value + gap), high), left, |ui| {
            ui.set_min_width(ui.available_width());
            ui.add(egui::Label::new(name.size(t.font.small)).truncate()).on_hover_text(whole);
        });
        for (i, words) in values.into_iter().enumerate() {
            let (color, strong) = look(i);
            let text = RichText::new(&words).size(t.font.small).color(color);
            let text = if strong { text.family(semibold()) } else { text };
            let right = Layout::right_to_left(Align::Center);
            ui.allocate_ui_with_layout(vec2(value, high), right, |ui| {
                let label = ui.add(egui::Label::new(text).truncate());
                // Lists of features are longer than the column.
                if words.len() > 12 {
                    label.on_hover_text(words);
                }
            });
        }
    });
}
