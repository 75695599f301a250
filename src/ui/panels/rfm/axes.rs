//! One card per axis: its histogram with cut points that can be dragged, the cut points as text, and the bins they make.

use std::sync::Arc;

use egui::{Align2, FontId, RichText, Sense, TextEdit, Ui, WidgetInfo, vec2};
use egui_material_icons::icons::ICON_RESTART_ALT;

use super::{made, spread};
use crate::format;
use crate::recipe::{Binning, Recipe, Rfm, ScoreCuts};
use crate::rfm::{AxisScores, RfmOut, Unit};
use crate::ui::scene::Scene;
use crate::ui::theme;
use crate::ui::widgets::customers::value;
use crate::ui::widgets::{button, card, chart, text};

/// Height of a histogram with its title.
const HISTOGRAM: f32 = 140.0;
/// Least width of a card.
const CARD: f32 = 220.0;
const SLOTS: [&str; 3] = ["recency histogram", "frequency histogram", "monetary histogram"];

pub fn show(ui: &mut Ui, scene: &mut Scene, rfm: &Arc<RfmOut>) {
    let axes: Vec<usize> = (0..rfm.scores.len()).collect();
    let columns = ((ui.available_width() / CARD) as usize).clamp(1, axes.len());
    card::grid(ui, columns, &axes, |ui, _, &axis| show_axis(ui, scene, rfm, axis));
}

fn show_axis(ui: &mut Ui, scene: &mut Scene, rfm: &Arc<RfmOut>, axis: usize) {
    let t = theme::of(ui);
    let Some(recipe) = scene.session.recipe().cloned() else { return };
    let selection = scene.selection.customers.clone();
    let currency = scene.currency().map(str::to_string);
    let key = (rfm.clone(), selection, currency);
    let made = made::of(ui, scene, SLOTS[axis], key, rfm.customers.len(), move |(rfm, selection, currency)| {
        spread::of_axis(rfm, axis, selection, currency.as_deref())
    });
    let Some(made) = made else {
        ui.set_min_height(HISTOGRAM);
        text::muted(ui, "Drawing the histogram…");
        return;
    };
    ui.spacing_mut().item_spacing.y = t.space.xs;
    let scores = &rfm.scores[axis];
    let cuts = cuts_in_force(&recipe.rfm, scores, axis);
    let size = vec2(ui.available_width(), HISTOGRAM);
    let feature = &rfm.customers.features[axis];
    if let Some(drag) = chart::with_cuts(ui, scene, &made.chart, size, &cuts) {
        let merge = scene.view.rfm.dragging == Some(axis);
        let mut moved = cuts.clone();
        if let Some(cut) = moved.get_mut(drag.cut) {
            *cut = rounded(drag.at, feature.unit);
        }
        if moved != cuts {
            let words = value(moved[drag.cut], feature.unit, scene.currency());
            let label = format!("Move cut {} of {} to {words}", drag.cut + 1, feature.label.to_lowercase());
            scene.decide(label, merge, |r| set_cuts(r, axis, Some(moved)));
            scene.view.rfm.dragging = Some(axis);
        }
        if drag.done {
            scene.view.rfm.dragging = None;
        }
    }
    typed_cuts(ui, scene, rfm, &recipe, axis, &cuts);
    bins(ui, scene, rfm, axis, &cuts, &recipe.rfm);
}

/// The cut points shown: those of the recipe, so that a dragged line follows the pointer, else those that were found.
fn cuts_in_force(recipe: &Rfm, found: &AxisScores, axis: usize) -> Vec<f64> {
    let own = [&recipe.recency_cuts, &recipe.frequency_cuts, &recipe.monetary_cuts][axis];
    let cuts = own.as_ref().unwrap_or(&found.cuts);
    cuts.iter().copied().filter(|c| c.is_finite()).collect()
}

fn set_cuts(recipe: &mut Recipe, axis: usize, cuts: Option<Vec<f64>>) {
    let rfm = &mut recipe.rfm;
    *[&mut rfm.recency_cuts, &mut rfm.frequency_cuts, &mut rfm.monetary_cuts][axis] = cuts;
}

/// A cut point in steps that mean something: whole days and purchases, money to the unit or the cent.
fn rounded(at: f64, unit: Unit) -> f64 {
    match unit {
        Unit::Days | Unit::Count => at.round(),
        _ if at.abs() >= 100.0 => at.round(),
        _ => (at * 100.0).round() / 100.0,
    }
}

/// Cut points as they are written in the field: separated by semicolons, as thousands may have commas.
fn written(cuts: &[f64]) -> String {
    cuts.iter().map(in_short).collect::<Vec<_>>().join("; ")
}

/// A cut point with as many decimals as mean something.
fn in_short(cut: &f64) -> String {
    let digits = if cut.abs() < 100.0 { 100.0 } else { 10.0 };
    ((cut * digits).round() / digits).to_string()
}

/// Cut points from a typed text, ascending, as many as there are to be. One that stands there as it did keeps all its
/// decimals.
fn parsed(text: &str, wanted: usize, before: &[f64]) -> Result<Vec<f64>, String> {
    let parts = text.split([';', ' ']).map(str::trim).filter(|p| !p.is_empty());
    let number = |p: &str| p.replace(',', "").parse::<f64>().ok().filter(|v| v.is_finite()).ok_or(p.to_string());
    let cuts: Vec<f64> = parts.map(number).collect::<Result<_, _>>().map_err(|bad| format!("{bad} is not a number"))?;
    if cuts.len() != wanted {
        return Err(format!(
            "{} make {} scores; write {wanted}",
            format::plural(cuts.len(), "cut point", "cut points"),
            cuts.len() + 1
        ));
    }
    let same = |(i, cut): (usize, f64)| before.get(i).copied().filter(|b| in_short(b) == in_short(&cut)).unwrap_or(cut);
    let cuts: Vec<f64> = cuts.into_iter().enumerate().map(same).collect();
    if cuts.windows(2).any(|w| w[0] > w[1]) {
        return Err("Write the cut points from the lowest to the highest".into());
    }
    Ok(cuts)
}

fn typed_cuts(ui: &mut Ui, scene: &mut Scene, rfm: &RfmOut, recipe: &Recipe, axis: usize, cuts: &[f64]) {
    let t = theme::of(ui);
    let label = rfm.customers.features[axis].label.to_lowercase();
    let own = [&recipe.rfm.recency_cuts, &recipe.rfm.frequency_cuts, &recipe.rfm.monetary_cuts][axis].is_some();
    let wanted = recipe.rfm.scores.max(2) as usize - 1;
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = t.space.xs;
        let known = scene.view.rfm.cuts[axis].clone();
        let mut typed = known.clone().unwrap_or_else(|| written(cuts));
        let read = parsed(&typed, wanted, cuts);
        let color = if known.is_some() && read.is_err() { t.state.bad } else { t.text.normal };
        let room = ui.available_width() - if own { t.shape.control } else { 0.0 } - 2.0 * (t.space.s - t.shape.ring);
        let nested = cuts.is_empty();
        let field = TextEdit::singleline(&mut typed)
            .hint_text(if nested { "differ by score" } else { "" })
            .desired_width(room)
            .margin(vec2(t.space.s - t.shape.ring, t.space.xs - 1.0))
            .font(FontId::proportional(t.font.small))
            .text_color(color);
        let field = ui.add(field).accessible_name(format!("Cut points of {label}"));
        let field = match (&read, &known) {
            (Err(wrong), Some(_)) => field.on_hover_text(wrong.as_str()),
            _ if nested => field.on_hover_text(format!(
                "Ranked within each score of the axes before it, so there is no one set of cut points. Write {wanted} \
                 to cut all customers alike"
            )),
            _ => field.on_hover_text(format!(
                "Cut points of {label}, separated by semicolons. A value equal to a cut point belongs below it"
            )),
        };
        if field.changed() {
            scene.view.rfm.cuts[axis] = Some(typed);
        }
        if field.lost_focus() && scene.view.rfm.cuts[axis].take().is_some() {
            // What cannot be read goes back to what is in force.
            if let Some(new) = read.ok().filter(|new| written(new) != written(cuts)) {
                scene.decide(format!("Set the cuts of {label} to {}", written(&new)), false, |r| {
                    set_cuts(r, axis, Some(new))
                });
            }
        }
        if own {
            let name = format!("Back to quantiles of {label}");
            if button::icon(ui, ICON_RESTART_ALT, &name).clicked() {
                scene.decide(name, false, |r| set_cuts(r, axis, None));
            }
        }
    });
}

/// Customers per score as a strip; a click selects them, an empty one says why it is empty.
fn bins(ui: &mut Ui, scene: &mut Scene, rfm: &RfmOut, axis: usize, cuts: &[f64], recipe: &Rfm) {
    let t = theme::of(ui);
    let sizes = &rfm.scores[axis].sizes;
    let total = sizes.iter().sum::<usize>().max(1) as f32;
    let n = sizes.len().max(1);
    let gap = if n > 6 { t.shape.ring } else { t.space.xs };
    let width = (ui.available_width() - gap * (n as f32 - 1.0)) / n as f32;
    let font = FontId::proportional(t.font.tiny);
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = gap;
        for (i, &size) in sizes.iter().enumerate() {
            let height = t.space.xs + 2.0 * (t.font.tiny + t.space.xs);
            let (rect, response) = ui.allocate_exact_size(vec2(width, height), Sense::click());
            let letter = ["R", "F", "M"][axis];
            let name = format!("{letter} {}: {}", i + 1, format::plural(size, "customer", "customers"));
            response.widget_info(|| WidgetInfo::labeled(egui::Role::Button, true, &name));
            let bar = egui::Rect::from_min_size(rect.min, vec2(width, t.space.xs));
            // The share of all customers; square roots, so that small bins stay apart.
            let strong = (size as f32 / total).sqrt();
            let fill = if size == 0 { t.state.warn } else { t.sequential(strong) };
            let painter = ui.painter().with_clip_rect(rect);
            painter.rect_filled(bar, t.shape.radius_small, fill);
            let ink = if response.hovered() { t.text.normal } else { t.text.muted };
            let at = bar.left_bottom() + vec2(0.0, t.shape.ring);
            painter.text(at, Align2::LEFT_TOP, format!("{letter} {}", i + 1), font.clone(), t.text.faint);
            let at = at + vec2(0.0, t.font.tiny + t.shape.ring);
            let (words, color) = match size {
                0 => ("empty".to_string(), t.state.warn),
                _ if width < 34.0 && size >= 10_000 => (format!("{}k", size / 1000), ink),
                _ => (format::count(size), ink),
            };
            painter.text(at, Align2::LEFT_TOP, words, font.clone(), color);
            let tip = bin_tip(rfm, axis, i, cuts, recipe, scene.currency());
            if response.on_hover_text(tip).clicked() && size > 0 {
                let score = i as u8 + 1;
                let of = &rfm.scores[axis].scores;
                let chosen = (0..of.len() as u32).filter(|c| of[*c as usize] == score).collect();
                scene.select(chosen, format!("{} score {score}", rfm.customers.features[axis].label));
            }
        }
    });
    let empty = sizes.iter().filter(|s| **s == 0).count();
    if empty > 0 {
        let line = format!("{} empty", format::plural(empty, "score is", "scores are"));
        let why = RichText::new(line).size(t.font.tiny).color(t.state.warn);
        ui.label(why).on_hover_text(EMPTY);
    }
}

const EMPTY: &str = "Equal values always get equal scores. Where more customers share a value than fit into one bin, the next \
                     bins have nobody left: two cut points are the same value";

/// What a score stands for.
fn bin_tip(rfm: &RfmOut, axis: usize, i: usize, cuts: &[f64], recipe: &Rfm, currency: Option<&str>) -> String {
    let feature = &rfm.customers.features[axis];
    let sizes = &rfm.scores[axis].sizes;
    let share = format::percent(sizes[i] as f64 / rfm.customers.len().max(1) as f64);
    let count = format!("{}, {share} of all", format::plural(sizes[i], "customer", "customers"));
    if sizes[i] == 0 {
        return format!("{count}\n{EMPTY}");
    }
    let nested = recipe.binning == Binning::Nested && axis > 0;
    // Recency is good when it is low: its scores run against its values.
    let place = if axis == 0 { sizes.len() - 1 - i } else { i };
    if nested || cuts.len() + 1 != sizes.len() {
        let within = if axis == 2 { "the same recency and frequency score" } else { "the same recency score" };
        return format!("{count}\nRanked among customers of {within}; the cut points differ from one to the next");
    }
    // A cut point between whole days or purchases keeps its decimals.
    let write = |v: f64| match feature.unit {
        Unit::Days | Unit::Count => format::short(v),
        unit => value(v, unit, currency),
    };
    let (over, up_to) = match recipe.score_cuts {
        ScoreCuts::RfmPackage => ("from", "below"),
        ScoreCuts::Quantile => ("over", "up to"),
    };
    let low = place.checked_sub(1).map(|p| format!("{over} {}", write(cuts[p])));
    let high = cuts.get(place).map(|c| format!("{up_to} {}", write(*c)));
    let range: Vec<String> = low.into_iter().chain(high).collect();
    let unit = if feature.unit == Unit::Days { " days" } else { "" };
    format!("{} {}{unit}\n{count}", feature.label, range.join(" and "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cut_points_are_read_as_they_are_written() {
        let cuts = vec![13.8, 33.0, 72.0, 180.0];
        assert_eq!(written(&cuts), "13.8; 33; 72; 180");
        assert_eq!(parsed(&written(&cuts), 4, &[]), Ok(cuts));
        assert_eq!(parsed("1,250.5; 2,000", 2, &[]), Ok(vec![1250.5, 2000.0]));
        assert_eq!(parsed("1 2 3", 3, &[]), Ok(vec![1.0, 2.0, 3.0]));
        assert!(parsed("1; 2", 4, &[]).unwrap_err().contains("write 4"));
        assert!(parsed("1; two", 2, &[]).unwrap_err().contains("two"));
        assert!(parsed("3; 2", 2, &[]).is_err());
        let exact = [250.1944, 490.0964];
        assert_eq!(parsed(&written(&exact), 2, &exact), Ok(exact.to_vec()), "nothing is lost by looking");
        assert_eq!(parsed("250.2; 500", 2, &exact), Ok(vec![250.1944, 500.0]));
    }
}
