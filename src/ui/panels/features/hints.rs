//! What is worth changing about the features that are clustered by, each with the button that does it.

use egui::Ui;
use egui_material_icons::icons::ICON_LIGHTBULB;

use super::items::Item;
use super::shapes::Shapes;
use super::{catalogue, decisions};
use crate::app::Status;
use crate::features::{FeatureMatrix, look};
use crate::format;
use crate::recipe::{Formula, Recipe, Transform};
use crate::rfm::RfmOut;
use crate::ui::scene::Scene;
use crate::ui::theme;
use crate::ui::widgets::{button, text};

/// From this skew on, a few values outweigh the rest.
const SKEWED: f64 = 3.0;
/// Hints shown before somebody asks for all.
const FIRST: usize = 3;

/// What a button does.
enum Remedy<'a> {
    LeaveOut(&'a Item<'a>),
    Transform(&'a Item<'a>, Transform),
    Encode(&'a str),
}

struct Hint<'a> {
    sentence: String,
    does: String,
    remedy: Remedy<'a>,
}

pub fn show(ui: &mut Ui, scene: &mut Scene, rfm: &RfmOut, items: &[Item], shapes: &Shapes) {
    let t = theme::of(ui);
    let Some(recipe) = scene.session.recipe().cloned() else { return };
    let ready = *scene.session.matrix.status() == Status::Ready;
    let Some(matrix) = scene.session.matrix.get().cloned().filter(|_| ready) else { return };
    let pairs =
        scene.cache.follow("correlated features", matrix.clone(), ui.ctx(), |m, ctx| look::strong_pairs(m, ctx).ok());
    let pairs = pairs.value.filter(|_| pairs.current);
    let pairs = pairs.iter().flat_map(|p| p.iter());
    let hints = hints(&recipe, items, shapes, &matrix, pairs);
    let id = ui.make_persistent_id("all hints");
    let all = ui.data(|d| d.get_temp(id)).unwrap_or(false);
    let shown = if all { hints.len() } else { hints.len().min(FIRST) };
    for hint in &hints[..shown] {
        ui.horizontal_top(|ui| {
            ui.spacing_mut().item_spacing.x = t.space.s;
            text::icon(ui, ICON_LIGHTBULB, t.state.warn);
            let room = ui.available_width() - 11.0 * t.font.body;
            ui.allocate_ui(egui::vec2(room, t.shape.row), |ui| {
                ui.set_max_width(room);
                text::muted(ui, hint.sentence.as_str());
            });
            if button::link(ui, &hint.does).clicked() {
                apply(scene, rfm, &hint.remedy);
            }
        });
    }
    if hints.len() > FIRST {
        let words = if all { "Show fewer".to_string() } else { format!("Show all {} hints", hints.len()) };
        if button::link(ui, &words).clicked() {
            ui.data_mut(|d| d.insert_temp(id, !all));
        }
    }
}

fn hints<'a>(
    recipe: &Recipe,
    items: &'a [Item<'a>],
    shapes: &Shapes,
    matrix: &FeatureMatrix,
    pairs: impl Iterator<Item = &'a (usize, usize, f64)>,
) -> Vec<Hint<'a>> {
    let mut out = Vec::new();
    let chosen: Vec<&Item> = items.iter().filter(|i| i.chosen && i.is_number()).collect();
    let by_name = |name: &str| chosen.iter().copied().find(|i| i.feature.name == name);
    let several = chosen.len() > 1;
    let constant = |item: &Item| shapes.of(item.source).is_some_and(|s| s.bars.is_some() && s.min == s.max);
    for item in chosen.iter().copied().filter(|i| several && constant(i)) {
        let label = &item.feature.label;
        out.push(Hint {
            sentence: format!("{label} is the same for every customer and tells nobody apart."),
            does: format!("Leave out {label}"),
            remedy: Remedy::LeaveOut(item),
        });
    }
    for &(a, b, r) in pairs {
        let (Some(a), Some(b)) = (by_name(&matrix.columns[a].name), by_name(&matrix.columns[b].name)) else { continue };
        let (first, second) = (&a.feature.label, &b.feature.label);
        out.push(Hint {
            sentence: format!(
                "{first} and {second} say nearly the same (correlation {} as prepared), so that it counts twice.",
                format::number(r, 2)
            ),
            does: format!("Leave out {second}"),
            remedy: Remedy::LeaveOut(b),
        });
    }
    for column in &matrix.columns {
        let (Some(item), Some(after)) = (by_name(&column.name), shapes.after(&column.name)) else { continue };
        if !(after.skew.abs() > SKEWED) || column.transform == Transform::Rank {
            continue;
        }
        let positive = shapes.of(item.source).is_some_and(|s| s.min > -1.0);
        let better = match column.transform {
            Transform::None if after.skew > 0.0 && positive => Transform::Log1p,
            Transform::None => Transform::YeoJohnson,
            _ => Transform::Rank,
        };
        let label = &item.feature.label;
        out.push(Hint {
            sentence: format!(
                "{label} is still extremely skewed as prepared (skew {}): a few customers outweigh the rest.",
                format::number(after.skew, 1)
            ),
            does: format!("Use {} for {label}", better.label()),
            remedy: Remedy::Transform(item, better),
        });
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
        out.push(Hint {
            sentence: format!("{label} holds words, which cannot be clustered by until they are encoded as numbers."),
            does: format!("Encode {label}…"),
            remedy: Remedy::Encode(&item.feature.name),
        });
    }
    out
}

fn apply(scene: &mut Scene, rfm: &RfmOut, remedy: &Remedy) {
    match remedy {
        Remedy::LeaveOut(item) => decisions::choose(scene, rfm, item, false),
        Remedy::Transform(item, transform) => {
            let label = format!("Transform of {}: {}", item.feature.label, transform.label());
            decisions::prepare(scene, label, false, &item.feature.name, |c| c.transform = Some(*transform));
        }
        Remedy::Encode(name) => catalogue::encode(scene, name),
    }
}
