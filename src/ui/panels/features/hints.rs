//! What is worth changing about the features that are clustered by, each with the button that does it.

use std::sync::Arc;

use egui::Ui;
use egui_material_icons::icons::{ICON_LIGHTBULB, ICON_WARNING};

use super::items::Item;
use super::shapes::Shapes;
use super::{catalogue, decisions};
use crate::app::Status;
use crate::features::{FeatureMatrix, Hint, HintKind, hints};
use crate::recipe::{FillMissing, Formula, Recipe, Transform};
use crate::rfm::RfmOut;
use crate::ui::scene::Scene;
use crate::ui::theme;
use crate::ui::widgets::{button, state, text};

/// Hints shown before somebody asks for all.
const FIRST: usize = 3;

/// What a button does.
enum Remedy<'a> {
    LeaveOut(&'a Item<'a>),
    Transform(&'a Item<'a>, Transform),
    Fill(&'a Item<'a>),
    Encode(&'a str),
}

/// A hint as it is drawn.
struct Line<'a> {
    sentence: String,
    does: String,
    remedy: Remedy<'a>,
}

pub fn show(ui: &mut Ui, scene: &mut Scene, rfm: &Arc<RfmOut>, items: &[Item], shapes: &Shapes) {
    let t = theme::of(ui);
    let Some(recipe) = scene.session.recipe().cloned() else { return };
    let ready = *scene.session.matrix.status() == Status::Ready;
    let matrix = scene.session.matrix.get().cloned().filter(|_| ready);
    let found = scene.cache.follow("hints", (rfm.clone(), matrix.clone(), recipe.clone()), ui.ctx(), {
        |(rfm, matrix, recipe): &(Arc<RfmOut>, Option<Arc<FeatureMatrix>>, Arc<Recipe>), ctx| {
            let mut found = hints::of_values(&rfm.customers, &rfm.features(&recipe.features));
            if let Some(matrix) = matrix {
                found.extend(hints::of_matrix(&rfm.customers, matrix, ctx).ok()?);
            }
            Some(found)
        }
    });
    let Some(found) = found.value else { return };
    let lines = lines(&recipe, items, shapes, &found);
    let id = ui.make_persistent_id("all hints");
    let all = ui.data(|d| d.get_temp(id)).unwrap_or(false);
    let shown = if all { lines.len() } else { lines.len().min(FIRST) };
    for line in &lines[..shown] {
        ui.horizontal_top(|ui| {
            ui.spacing_mut().item_spacing.x = t.space.s;
            text::icon(ui, ICON_LIGHTBULB, t.state.warn);
            ui.vertical(|ui| {
                ui.spacing_mut().item_spacing.y = 0.0;
                text::muted(ui, line.sentence.as_str());
                if button::link(ui, &line.does).clicked() {
                    apply(scene, rfm, &line.remedy);
                }
            });
        });
    }
    if lines.len() > FIRST {
        let words = if all { "Show fewer".to_string() } else { format!("Show all {} hints", lines.len()) };
        if button::link(ui, &words).clicked() {
            ui.data_mut(|d| d.insert_temp(id, !all));
        }
    }
    // What preparing them had to say beside that.
    let told = hints::as_warnings(&found);
    for warning in matrix.iter().flat_map(|m| &m.warnings).filter(|w| !told.contains(w)) {
        ui.horizontal_top(|ui| {
            text::icon(ui, ICON_WARNING, t.state.warn);
            text::muted(ui, state::sentence(warning));
        });
    }
}

fn lines<'a>(recipe: &Recipe, items: &'a [Item<'a>], shapes: &Shapes, found: &[Hint]) -> Vec<Line<'a>> {
    let mut out = Vec::new();
    let by_name = |name: &str| items.iter().find(|i| i.chosen && i.feature.name == name);
    for hint in found {
        // The last one named is left out: what comes first in the table is the usual one.
        let Some(item) = hint.features.last().and_then(|name| by_name(name)) else { continue };
        let label = &item.feature.label;
        let leave_out = || (format!("Leave out {label}"), Remedy::LeaveOut(item));
        let (does, remedy) = match hint.kind {
            HintKind::Correlated | HintKind::Constant => leave_out(),
            HintKind::Words => (format!("Encode {label}…"), Remedy::Encode(&item.feature.name)),
            HintKind::Missing => ("Count them as the median".to_string(), Remedy::Fill(item)),
            HintKind::Skewed => {
                let positive = shapes.of(item.source).is_some_and(|s| s.min > -1.0);
                let better = if hint.size > 0.0 && positive { Transform::Log1p } else { Transform::YeoJohnson };
                (format!("Use {} for {label}", better.label()), Remedy::Transform(item, better))
            }
        };
        out.push(Line { sentence: hint.text.clone(), does, remedy });
    }
    let encoded = |name: &str| {
        recipe.features.calculate.iter().any(|c| match &c.formula {
            Formula::OneHot { column, .. } | Formula::Ordinal { column, .. } => column == name,
            _ => false,
        })
    };
    // Ready-made words are offered below; columns that came with the table are easily missed.
    for item in items.iter().filter(|i| !i.is_feature() && !encoded(&i.feature.name)) {
        let label = &item.feature.label;
        out.push(Line {
            sentence: format!("{label} holds words, which cannot be clustered by until they are encoded as numbers."),
            does: format!("Encode {label}…"),
            remedy: Remedy::Encode(&item.feature.name),
        });
    }
    out
}

fn apply(scene: &mut Scene, rfm: &RfmOut, remedy: &Remedy) {
    match remedy {
        Remedy::LeaveOut(item) => decisions::choose(scene, rfm, item, false, None),
        Remedy::Transform(item, transform) => {
            let label = format!("Transform of {}: {}", item.feature.label, transform.label());
            decisions::prepare(scene, label, false, &item.feature.name, |c| c.transform = Some(*transform));
        }
        Remedy::Fill(item) => {
            let label = format!("Fill {} with the median", item.feature.label);
            decisions::prepare(scene, label, false, &item.feature.name, |c| c.missing = Some(FillMissing::Median));
        }
        Remedy::Encode(name) => catalogue::encode(scene, name),
    }
}
