//! How the silhouette of one customer is computed.

use std::sync::Arc;

use egui::{Label, RichText, Ui, vec2};
use egui_material_icons::icons::{ICON_CALL_SPLIT, ICON_PERSON, ICON_PERSON_PIN_CIRCLE};

use super::plane::Plane;
use super::silhouette_charts;
use crate::app::LessonAxes;
use crate::chart::Pointed;
use crate::cluster::lesson::{SilhouetteParts, silhouette_of, typical_and_border};
use crate::cluster::silhouettes;
use crate::ctx::Ctx;
use crate::format;
use crate::pipeline::Findings;
use crate::ui::panels::segments::name;
use crate::ui::scene::Scene;
use crate::ui::style::semibold;
use crate::ui::theme;
use crate::ui::widgets::chart::{self, Pointing};
use crate::ui::widgets::{button, card, state, text};

/// Room for what is said below the picture.
const SAID: f32 = 132.0;

/// The customers of the lesson with their segments and silhouettes on the plane.
pub struct Group {
    pub findings: Arc<Findings>,
    pub plane: Arc<Plane>,
    pub labels: Vec<u32>,
    pub k: usize,
    /// One per customer of the plane.
    pub values: Vec<f64>,
}

impl Group {
    fn new(findings: &Arc<Findings>, axes: LessonAxes, also: Option<u32>, ctx: &Ctx) -> Option<Group> {
        let clustering = &findings.chosen.clustering;
        let plane = Arc::new(Plane::new(findings, axes, findings.recipe.cluster.seed, false, also));
        let labels: Vec<u32> = plane.customers.iter().map(|c| clustering.labels[*c as usize]).collect();
        let values = silhouettes(plane.points.view(), &[&labels], ctx).ok()?.pop()?.samples;
        Some(Group { findings: findings.clone(), k: clustering.clusters(), plane, labels, values })
    }
}

pub fn show(ui: &mut Ui, scene: &mut Scene, findings: &Arc<Findings>, current: bool) {
    let clustering = &findings.chosen.clustering;
    if clustering.clusters() < 2 {
        let why = "A silhouette compares with other clusters; there is only one.";
        state::empty(ui, ICON_PERSON, why, None);
        return;
    }
    let view = &mut scene.view.choose_k.lesson;
    // Another table may have fewer customers, or this one may have become noise.
    let known = |c: &u32| clustering.labels.get(*c as usize).is_some_and(|l| !clustering.is_noise(*l));
    view.customer = view.customer.filter(known);
    let (axes, wanted) = (view.axes, view.customer);
    let ctx = ui.ctx().clone();
    let key = (findings.clone(), axes, wanted.unwrap_or(u32::MAX));
    let made = scene.cache.follow("silhouette lesson", key, &ctx, |(findings, axes, wanted), ctx| {
        Group::new(findings, *axes, Some(*wanted).filter(|w| *w != u32::MAX), ctx).map(Arc::new)
    });
    let Some(group) = made.value.filter(|g| Arc::ptr_eq(&g.findings, findings)) else {
        return drop(text::muted(ui, "Measuring distances…"));
    };
    let Some((typical, border)) = typical_and_border(&group.values) else { return };
    let row = wanted.and_then(|c| group.plane.customers.binary_search(&c).ok()).unwrap_or(typical);
    let customer = group.plane.customers[row];
    choose(ui, scene, findings, [group.plane.customers[typical], group.plane.customers[border]]);
    let parts = scene.cache.get("silhouette parts", (Arc::clone(&group), row), |(group, row)| {
        silhouette_of(group.plane.points.view(), &group.labels, group.k, *row, &Ctx::silent()).map(Arc::new)
    });
    let Ok(parts) = &*parts else { return };
    let whole =
        scene.cache.follow("whole silhouette", (findings.clone(), customer), &ctx, |(findings, customer), ctx| {
            let clustering = &findings.chosen.clustering;
            let x = findings.matrix.x.view();
            silhouette_of(x, &clustering.labels, clustering.clusters(), *customer as usize, ctx).ok()
        });
    let whole = whole.value.filter(|_| whole.current);
    sides(ui, scene, &group, parts, whole.as_deref(), current);
}

fn choose(ui: &mut Ui, scene: &mut Scene, findings: &Findings, [typical, border]: [u32; 2]) {
    let t = theme::of(ui);
    let selected = match scene.selection.customers[..] {
        [one] if !findings.chosen.clustering.is_noise(findings.chosen.clustering.labels[one as usize]) => Some(one),
        _ => None,
    };
    let view = &mut scene.view.choose_k.lesson;
    ui.horizontal(|ui| {
        let hint = "The customer with the largest silhouette here";
        if button::plain(ui, ICON_PERSON, "Someone typical").on_hover_text(hint).clicked() {
            view.customer = Some(typical);
        }
        let hint = "The customer whose silhouette is nearest to zero here";
        if button::plain(ui, ICON_CALL_SPLIT, "Someone at the border").on_hover_text(hint).clicked() {
            view.customer = Some(border);
        }
        if let Some(one) = selected
            && button::plain(ui, ICON_PERSON_PIN_CIRCLE, "The selected customer").clicked()
        {
            view.customer = Some(one);
        }
        ui.add_space(t.space.s);
        text::muted_line(ui, "or click a point");
    });
}

fn sides(
    ui: &mut Ui,
    scene: &mut Scene,
    group: &Arc<Group>,
    parts: &Arc<SilhouetteParts>,
    whole: Option<&SilhouetteParts>,
    current: bool,
) {
    let t = theme::of(ui);
    let room = ui.available_size();
    let right = (room.x * 0.42).clamp(300.0, 480.0);
    let left = room.x - right - t.space.l;
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = t.space.l;
        let key = (group.clone(), parts.clone(), scene.selection.customers.clone());
        let plane = scene.cache.get("silhouette picture", key, |(group, parts, selected)| {
            Arc::new(silhouette_charts::plane(group, parts, selected))
        });
        ui.vertical(|ui| {
            ui.set_width(left);
            let size = vec2(left, group.plane.height(left, (room.y - SAID).max(240.0)));
            if let Some(Pointed::Mark(i)) = chart::show(ui, scene, &plane, size, Pointing::Marks)
                && current
                && let Some(&customer) = group.plane.customers.get(i)
            {
                scene.view.choose_k.lesson.customer = Some(customer);
            }
            ui.add_space(t.space.xs);
            everywhere(ui, group, parts, whole);
        });
        egui::ScrollArea::vertical().id_salt("one silhouette").auto_shrink([false, false]).show(ui, |ui| {
            ui.set_width(right - t.space.s);
            ui.vertical(|ui| {
                formula(ui, group, parts);
                ui.add_space(t.space.s);
                let bars = scene.cache.get("silhouette bars", (group.clone(), parts.clone()), |(g, p)| {
                    Arc::new(silhouette_charts::bars(g, p))
                });
                let height = 2.0 * t.shape.row + t.space.l + group.k as f32 * (t.shape.row + t.space.xs);
                let width = ui.available_width();
                chart::show(ui, scene, &bars, vec2(width, height), Pointing::Nothing);
            });
        });
    });
}

/// a, b and s with this customer's numbers.
fn formula(ui: &mut Ui, group: &Group, parts: &SilhouetteParts) {
    let t = theme::of(ui);
    let customer = group.plane.customers[parts.row];
    let findings = &group.findings;
    let own = name(findings, parts.own as usize);
    card::card(ui, |ui| {
        ui.spacing_mut().item_spacing.y = t.space.xs;
        ui.horizontal(|ui| {
            text::dot(ui, t.segment(parts.own as usize));
            let title = format!("Customer {}, {own}", findings.rfm.customers.ids[customer as usize]);
            ui.add(Label::new(RichText::new(title).family(semibold())).truncate());
        });
        let (Some(a), Some((nearest, b))) = (parts.a, parts.b) else {
            let why =
                "This is the only customer of its segment among those drawn, so the silhouette is 0 by definition.";
            return drop(text::muted(ui, why));
        };
        let number = |v: f64| format::number(v, 3);
        let line = |ui: &mut Ui, value: String, words: String| {
            ui.spacing_mut().item_spacing.y = 1.0;
            ui.label(RichText::new(value).family(semibold()));
            text::muted(ui, words);
            ui.add_space(t.space.xs);
        };
        let others = format::plural(parts.sizes[parts.own as usize], "other", "others");
        line(ui, format!("a = {}", number(a)), format!("mean distance to the {others} of {own}"));
        let many = format::plural(parts.sizes[nearest as usize], "customer", "customers");
        let other = name(findings, nearest as usize);
        line(
            ui,
            format!("b = {}", number(b)),
            format!("mean distance to the {many} of {other}, the nearest other segment"),
        );
        ui.label("s = (b − a) / max(a, b)");
        ui.label(format!("   = ({} − {}) / {}", number(b), number(a), number(a.max(b))));
        ui.label(RichText::new(format!("s = {}", number(parts.value))).size(t.font.big).family(semibold()));
        ui.add(Label::new(reading(parts.value)).wrap());
    });
}

/// What a silhouette says of its customer.
fn reading(s: f64) -> &'static str {
    match s {
        s if s >= 0.5 => "Clearly nearer to its own segment than to any other.",
        s if s >= 0.25 => "Nearer to its own segment, with the next one in sight.",
        s if s >= 0.05 => "Between two segments, a little nearer to its own.",
        s if s > -0.05 => "On the border: equally near to both.",
        _ => {
            "Nearer to another segment than to its own: k-means goes by the centroid, the silhouette by all customers."
        }
    }
}

/// The same customer as the analysis sees it.
fn everywhere(ui: &mut Ui, group: &Group, parts: &SilhouetteParts, whole: Option<&SilhouetteParts>) {
    text::heading(ui, "In the analysis itself");
    let features = group.findings.matrix.columns.len();
    let all = format::plural(group.plane.all, "customer", "customers");
    match whole {
        None => drop(text::muted(ui, "Measuring the distances to everyone…")),
        Some(whole) => {
            let nearest =
                whole.b.map_or(String::new(), |(c, _)| format!(", next to {}", name(&group.findings, c as usize)));
            text::muted(
                ui,
                format!(
                    "In {} and among all {all} this customer's silhouette is {}{nearest}.",
                    if features == 1 { "the one feature".to_string() } else { format!("all {features} features") },
                    format::number(whole.value, 3)
                ),
            );
        }
    }
    let mean = group.values.iter().sum::<f64>() / group.values.len().max(1) as f64;
    text::muted(
        ui,
        format!(
            "Here: {}, on the two axes you see, with the segments of the analysis. Their mean silhouette on this plane is {}; \
             this customer's is {}.",
            group.plane.whom(),
            format::number(mean, 3),
            format::number(parts.value, 3)
        ),
    );
}

#[cfg(test)]
mod tests {
    use super::reading;

    #[test]
    fn readings_follow_the_number() {
        let all = [0.7, 0.3, 0.1, 0.0, -0.3].map(reading);
        assert!(all.windows(2).all(|w| w[0] != w[1]));
        assert!(all[3].starts_with("On the border") && all[4].starts_with("Nearer to another"));
    }
}
