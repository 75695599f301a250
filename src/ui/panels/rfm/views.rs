//! Pictures of scores and segments, all linked to the selection.

use std::sync::Arc;

use egui::{Align, Layout, Ui, vec2};

use super::spread::Spread;
use super::{heat, made, pairs, spread, sums};
use crate::app::{Measure, ScoreView};
use crate::chart::{Chart, Pointed};
use crate::rfm::RfmOut;
use crate::ui::scene::Scene;
use crate::ui::theme;
use crate::ui::widgets::chart::{self, Pointing};
use crate::ui::widgets::{choice, text};

/// Least height of a picture.
const LEAST: f32 = 360.0;
/// Least width of one of several pictures side by side.
const NARROW: f32 = 320.0;
const SPREADS: [&str; 3] = ["recency by segment", "frequency by segment", "monetary by segment"];
const SCATTERS: [&str; 3] = ["first pair", "second pair", "third pair"];

pub fn show(ui: &mut Ui, scene: &mut Scene, rfm: &Arc<RfmOut>) {
    controls(ui, scene, rfm);
    match scene.view.rfm.view {
        ScoreView::Grid => grid(ui, scene, rfm),
        ScoreView::Areas => areas(ui, scene, rfm),
        ScoreView::Medians => medians(ui, scene, rfm),
        ScoreView::Spread => spreads(ui, scene, rfm),
        ScoreView::Pairs => scatters(ui, scene, rfm),
    }
}

fn controls(ui: &mut Ui, scene: &mut Scene, rfm: &RfmOut) {
    let t = theme::of(ui);
    let mut options = vec![
        (ScoreView::Grid, "Grid", "Recency × frequency: customers, net spend or its mean per cell"),
        (ScoreView::Areas, "Areas", "Segments by customers and by net spend"),
        (ScoreView::Medians, "Medians", "The customer in the middle of each segment"),
        (ScoreView::Spread, "Histograms", "How each axis spreads within the segments"),
        (ScoreView::Pairs, "Scatter", "Each pair of axes, a point per customer"),
    ];
    // Each needs two axes at least.
    if rfm.scores.len() < 2 {
        options.retain(|o| !matches!(o.0, ScoreView::Grid | ScoreView::Pairs));
    }
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = t.space.m;
        if let Some(view) = choice::segmented(ui, "View", &options, scene.view.rfm.view) {
            scene.view.rfm.view = view;
        }
        if scene.view.rfm.view == ScoreView::Grid && rfm.has_money() {
            let measures = [
                (Measure::Customers, "Customers", "How many customers have these scores"),
                (Measure::Revenue, "Net spend", "What they spent together"),
                (Measure::Mean, "Mean", "What one of them spent on average"),
            ];
            if let Some(measure) = choice::segmented(ui, "Cells show", &measures, scene.view.rfm.measure) {
                scene.view.rfm.measure = measure;
            }
        }
        if scene.view.rfm.view == ScoreView::Spread {
            one_segment(ui, scene, rfm);
        }
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| text::muted_line(ui, "Click or drag to select"));
    });
}

fn one_segment(ui: &mut Ui, scene: &mut Scene, rfm: &RfmOut) {
    let mut options = vec![(None, "All segments".to_string())];
    options.extend(rfm.map.segments.iter().enumerate().map(|(i, s)| (Some(i as u8), s.name.clone())));
    let current = scene.view.rfm.only_segment.filter(|s| usize::from(*s) < rfm.map.segments.len());
    let shown = options.iter().find(|o| o.0 == current).map_or("All segments", |o| o.1.as_str()).to_string();
    if let Some(picked) = choice::combo(ui, "Histograms of", 150.0, &shown, &options, &current) {
        scene.view.rfm.only_segment = picked;
    }
}

/// Height that is left of the panel, at least what a picture needs.
fn height_left(ui: &Ui, least: f32) -> f32 {
    (ui.clip_rect().bottom() - ui.cursor().top() - theme::of(ui).space.s).max(least)
}

/// A quiet line while a picture of many customers is made.
fn drawing(ui: &mut Ui) {
    text::muted(ui, "Drawing…");
}

fn grid(ui: &mut Ui, scene: &mut Scene, rfm: &Arc<RfmOut>) {
    let measure = if rfm.has_money() { scene.view.rfm.measure } else { Measure::Customers };
    let currency = scene.currency().map(str::to_string);
    let input = ((rfm.clone(), scene.selection.customers.clone()), measure as usize, currency);
    let rows = rfm.customers.len();
    let made = made::of(ui, scene, "recency × frequency", input, rows, move |((rfm, selection), _, currency)| {
        let tally = heat::tally(rfm, selection);
        (Arc::new(heat::chart(rfm, &tally, measure, currency.as_deref())), tally)
    });
    let Some(made) = made else { return drawing(ui) };
    let (chart, tally) = (&made.0, &made.1);
    let size = vec2(ui.available_width(), height_left(ui, LEAST));
    if let Some(Pointed::Mark(mark)) = chart::show(ui, scene, chart, size, Pointing::Marks)
        && mark < tally.customers.len()
        && rfm.scores[0].sizes.len() == tally.scores
    {
        let (r, f) = heat::scores_of(mark, tally.scores);
        scene.select(heat::members(rfm, r, f), heat::called(rfm, tally, r, f));
    }
}

/// Sums of segments, and the charts that are made of them.
struct Pictures {
    areas: Vec<sums::OfSegments>,
    medians: Vec<sums::OfSegments>,
}

fn pictures(ui: &Ui, scene: &mut Scene, rfm: &Arc<RfmOut>) -> Option<std::rc::Rc<Pictures>> {
    let currency = scene.currency().map(str::to_string);
    let input = (rfm.clone(), scene.selection.customers.clone(), currency);
    made::of(ui, scene, "sums of segments", input, rfm.customers.len(), |(rfm, selection, currency)| {
        let (found, currency) = (sums::sums(rfm, selection), currency.as_deref());
        let mut areas = vec![sums::areas(rfm, &found, false, currency)];
        if rfm.has_money() {
            areas.push(sums::areas(rfm, &found, true, currency));
        }
        let medians = (0..rfm.scores.len()).map(|axis| sums::medians_of(rfm, &found, axis, currency)).collect();
        Pictures { areas, medians }
    })
}

fn areas(ui: &mut Ui, scene: &mut Scene, rfm: &Arc<RfmOut>) {
    let Some(made) = pictures(ui, scene, rfm) else { return drawing(ui) };
    of_segments(ui, scene, rfm, &made.areas);
}

fn medians(ui: &mut Ui, scene: &mut Scene, rfm: &Arc<RfmOut>) {
    let Some(made) = pictures(ui, scene, rfm) else { return drawing(ui) };
    of_segments(ui, scene, rfm, &made.medians);
}

fn of_segments(ui: &mut Ui, scene: &mut Scene, rfm: &Arc<RfmOut>, charts: &[sums::OfSegments]) {
    let pictures: Vec<&Arc<Chart>> = charts.iter().map(|c| &c.chart).collect();
    if let Some((at, Pointed::Mark(mark))) = side_by_side(ui, scene, &pictures, Pointing::Marks)
        && let Some(&segment) = charts[at].segments.get(mark)
        && let Some(about) = rfm.map.segments.get(usize::from(segment))
    {
        scene.select(sums::members(rfm, segment), about.name.clone());
    }
}

fn spreads(ui: &mut Ui, scene: &mut Scene, rfm: &Arc<RfmOut>) {
    let only = scene.view.rfm.only_segment.filter(|s| usize::from(*s) < rfm.map.segments.len());
    let mut made: Vec<std::rc::Rc<Spread>> = Vec::new();
    for (axis, slot) in SPREADS.iter().enumerate().take(rfm.scores.len()) {
        let currency = scene.currency().map(str::to_string);
        let input = (rfm.clone(), only.map_or(0, |s| usize::from(s) + 1), currency);
        let one = made::of(ui, scene, slot, input, rfm.customers.len(), move |(rfm, _, currency)| {
            spread::by_segment(rfm, axis, only, currency.as_deref())
        });
        made.extend(one);
    }
    if made.len() < rfm.scores.len() {
        return drawing(ui);
    }
    let charts: Vec<&Arc<Chart>> = made.iter().map(|m| &m.chart).collect();
    let pointed = side_by_side(ui, scene, &charts, Pointing::Marks);
    legend(ui, scene, rfm, only);
    if let Some((axis, Pointed::Mark(mark))) = pointed
        && let Some(&(bin, segment)) = made[axis].marks.get(mark)
    {
        let chosen = spread::members(rfm, axis, &made[axis].bins, bin, segment);
        let label = rfm.customers.features[axis].label.to_lowercase();
        let whose = segment.and_then(|s| rfm.map.segments.get(usize::from(s))).map_or("", |s| s.name.as_str());
        scene.select(chosen, format!("{whose} by {label}"));
    }
}

/// The segments with their colours; a click shows one alone.
fn legend(ui: &mut Ui, scene: &mut Scene, rfm: &RfmOut, only: Option<u8>) {
    let t = theme::of(ui);
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = vec2(t.space.xs, t.space.xs);
        for (i, segment) in rfm.map.segments.iter().enumerate() {
            let on = only.is_none_or(|o| usize::from(o) == i);
            let color = super::ink::color(t, &rfm.map, i);
            let words = if on { t.text.normal } else { t.text.faint };
            text::dot(ui, if on { color } else { t.text.faint });
            let name = egui::RichText::new(segment.name.as_str()).size(t.font.small).color(words);
            let label = ui.add(egui::Label::new(name).sense(egui::Sense::click()));
            if label.on_hover_text(segment.meaning.as_str()).clicked() {
                scene.view.rfm.only_segment = (only != Some(i as u8)).then_some(i as u8);
            }
            ui.add_space(t.space.s);
        }
    });
}

fn scatters(ui: &mut Ui, scene: &mut Scene, rfm: &Arc<RfmOut>) {
    let there: Vec<(usize, usize)> = pairs::PAIRS.into_iter().filter(|p| p.1 < rfm.scores.len()).collect();
    let mut made: Vec<Arc<Chart>> = Vec::new();
    for (&pair, slot) in there.iter().zip(SCATTERS) {
        let currency = scene.currency().map(str::to_string);
        let input = (rfm.clone(), scene.selection.customers.clone(), currency);
        let one = made::of(ui, scene, slot, input, rfm.customers.len(), move |(rfm, selection, currency)| {
            Arc::new(pairs::chart(rfm, pair, selection, currency.as_deref()))
        });
        made.extend(one.map(|chart| (*chart).clone()));
    }
    if made.len() < there.len() {
        return drawing(ui);
    }
    let charts: Vec<&Arc<Chart>> = made.iter().collect();
    if let Some((at, Pointed::Area { x, y })) = side_by_side(ui, scene, &charts, Pointing::Area) {
        let features = &rfm.customers.features;
        let (a, b) = (there[at].0, there[at].1);
        let name = format!("{} × {}", features[a].label, features[b].label.to_lowercase());
        scene.select(pairs::members(rfm, there[at], x, y), name);
    }
    legend(ui, scene, rfm, None);
}

/// Charts side by side where there is room, else below each other. Returns what was pointed at and in which chart.
fn side_by_side(
    ui: &mut Ui,
    scene: &mut Scene,
    charts: &[&Arc<Chart>],
    pointing: Pointing,
) -> Option<(usize, Pointed)> {
    let t = theme::of(ui);
    let gap = t.space.l;
    let columns = ((ui.available_width() / NARROW) as usize).clamp(1, charts.len().max(1));
    let width = (ui.available_width() - gap * (columns - 1) as f32) / columns as f32;
    let rows = charts.len().div_ceil(columns).max(1);
    // The legend of segments stands below.
    let height = (height_left(ui, 0.0) - 2.0 * t.space.xl) / rows as f32;
    let size = vec2(width.floor(), height.clamp(240.0, 460.0));
    let mut pointed = None;
    for (r, row) in charts.chunks(columns).enumerate() {
        ui.horizontal_top(|ui| {
            ui.spacing_mut().item_spacing.x = gap;
            for (c, chart) in row.iter().enumerate() {
                let at = r * columns + c;
                let found = ui.push_id(at, |ui| chart::show(ui, scene, chart, size, pointing)).inner;
                pointed = pointed.or(found.map(|p| (at, p)));
            }
        });
    }
    pointed
}
