//! k-means, one step at a time.

use std::sync::Arc;

use egui::{DragValue, RichText, Ui, vec2};
use egui_material_icons::icons::{ICON_CASINO, ICON_RESTART_ALT};

use super::plane::Plane;
use super::{kmeans_charts, player, words};
use crate::app::LessonView;
use crate::chart::Pointed;
use crate::cluster::lesson::{Starts, Step, starts, trace};
use crate::format;
use crate::pipeline::Findings;
use crate::ui::scene::Scene;
use crate::ui::style::semibold;
use crate::ui::theme;
use crate::ui::widgets::chart::{self, Pointing};
use crate::ui::widgets::{button, card, text};

/// Plain starts that the one in front is compared with.
pub const STARTS: usize = 10;
const MOST_K: u32 = 12;
/// Room for what is said about a step.
const SAID: f32 = 104.0;

/// Everything the lesson shows, made once per start.
pub struct Run {
    pub plane: Arc<Plane>,
    pub steps: Vec<Step>,
    pub ids: Arc<Vec<String>>,
}

pub fn show(ui: &mut Ui, scene: &mut Scene, findings: &Arc<Findings>) {
    let t = theme::of(ui);
    let seed = findings.recipe.cluster.seed;
    let axes = scene.view.choose_k.lesson.axes;
    let (ctx, n) = (ui.ctx().clone(), findings.rfm.customers.len());
    let plane = scene.cache.get_later("lesson plane", (findings.clone(), axes), n, &ctx, move |(findings, axes)| {
        Arc::new(Plane::new(findings, *axes, seed, true, None))
    });
    let Some(plane) = plane else { return drop(text::muted(ui, "Drawing customers…")) };
    let view = &scene.view.choose_k.lesson;
    let k = view.k.unwrap_or_else(|| usual_k(findings)).min(MOST_K) as usize;
    let start = seed.wrapping_add(view.start);
    let run = scene.cache.get("lesson run", (Arc::clone(&plane), (k, start)), |(plane, (k, start))| {
        let steps = trace(plane.points.view(), *k, *start)?;
        Ok::<_, crate::error::Error>(Arc::new(Run {
            plane: plane.clone(),
            steps,
            ids: findings.rfm.customers.ids.clone(),
        }))
    });
    let run = match &*run {
        Ok(run) => run.clone(),
        Err(why) => {
            ui.add_space(t.space.l);
            return drop(text::muted(ui, why.to_string()));
        }
    };
    let compared =
        scene.cache.follow("lesson starts", (Arc::clone(&plane), (k, seed)), &ctx, |(plane, (k, seed)), ctx| {
            starts(plane.points.view(), *k, *seed, STARTS, ctx).ok()
        });
    let compared = compared.value.filter(|_| compared.current);
    player::show(ui, &mut scene.view.choose_k.lesson, run.steps.len());
    sides(ui, scene, &run, compared.as_deref());
}

/// As many clusters as the analysis has, within what can be looked at.
fn usual_k(findings: &Findings) -> u32 {
    (findings.chosen.clustering.clusters() as u32).clamp(2, MOST_K)
}

/// Number of clusters and start, behind the settings that both lessons have.
pub fn controls(ui: &mut Ui, view: &mut LessonView, findings: &Findings) {
    let t = theme::of(ui);
    ui.label(RichText::new("Clusters").size(t.font.small).color(t.text.muted));
    let mut k = view.k.unwrap_or_else(|| usual_k(findings));
    let drag = DragValue::new(&mut k).range(1..=MOST_K).speed(0.05).update_while_editing(false);
    if ui.add(drag).accessible_name("Clusters of the lesson").changed() {
        (view.k, view.step, view.playing) = (Some(k), 0, false);
    }
    ui.add_space(t.space.s);
    let another = button::plain(ui, ICON_CASINO, "Another seed");
    if another.on_hover_text("Begin again with other starting points").clicked() {
        view.start += 1;
        (view.step, view.playing) = (0, false);
    }
    let seed = findings.recipe.cluster.seed.wrapping_add(view.start);
    text::muted_line(ui, format!("Seed {seed}"));
    if view.start > 0 && button::small_icon(ui, ICON_RESTART_ALT, "Back to the first").clicked() {
        (view.start, view.step, view.playing) = (0, 0, false);
    }
}

fn sides(ui: &mut Ui, scene: &mut Scene, run: &Arc<Run>, compared: Option<&Starts>) {
    let t = theme::of(ui);
    let step = scene.view.choose_k.lesson.step;
    let room = ui.available_size();
    let right = (room.x * 0.38).clamp(268.0, 460.0);
    let left = room.x - right - t.space.l;
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = t.space.l;
        let key = (run.clone(), step, scene.selection.customers.clone());
        let plane = scene
            .cache
            .get("lesson picture", key, |(run, step, selected)| Arc::new(kmeans_charts::plane(run, *step, selected)));
        ui.vertical(|ui| {
            ui.set_width(left);
            let size = vec2(left, run.plane.height(left, (room.y - SAID).max(240.0)));
            if let Some(Pointed::Mark(i)) = chart::show(ui, scene, &plane, size, Pointing::Marks)
                && let Some(&customer) = run.plane.customers.get(i)
            {
                let id = &run.ids[customer as usize];
                scene.select(vec![customer], format!("Customer {id}"));
            }
            told(ui, run, step);
        });
        egui::ScrollArea::vertical().id_salt("lesson side").auto_shrink([false, false]).show(ui, |ui| {
            ui.set_width(right - t.space.s);
            ui.vertical(|ui| {
                let inertia = scene.cache.get("lesson inertia", (run.clone(), step), |(run, step)| {
                    Arc::new(kmeans_charts::inertia(run, *step))
                });
                let width = ui.available_width();
                if let Some(Pointed::Mark(at)) = chart::show(ui, scene, &inertia, vec2(width, 210.0), Pointing::Marks) {
                    let view = &mut scene.view.choose_k.lesson;
                    (view.step, view.playing) = (at.min(run.steps.len() - 1), false);
                }
                ui.add_space(t.space.m);
                outcome(ui, run, compared);
            });
        });
    });
}

/// What happens in this step.
fn told(ui: &mut Ui, run: &Run, step: usize) {
    let t = theme::of(ui);
    card::card(ui, |ui| {
        ui.spacing_mut().item_spacing.y = t.space.xs;
        ui.label(RichText::new(words::title(&run.steps, step)).family(semibold()));
        let name = |row: usize| run.ids[run.plane.customers[row] as usize].clone();
        ui.add(egui::Label::new(words::says(&run.steps, step, name)).wrap());
    });
}

/// Where this start ends, and where others do.
fn outcome(ui: &mut Ui, run: &Run, compared: Option<&Starts>) {
    let end = run.steps.last().map_or(f64::NAN, |s| s.inertia);
    text::heading(ui, "Does the start matter?");
    let Some(found) = compared else {
        text::muted(ui, "Trying other starts…");
        return;
    };
    let best = found.ends.iter().copied().fold(f64::INFINITY, f64::min);
    let same = |a: f64, b: f64| (a - b).abs() <= 1e-6 * b.abs().max(1e-12);
    let reached = found.ends.iter().filter(|e| same(**e, best)).count();
    let worst = found.ends.iter().copied().fold(0.0, f64::max);
    let verdict = if same(end, best.min(found.engine)) {
        "the best there is among them".to_string()
    } else {
        let more = (end / best.min(found.engine) - 1.0).max(0.0);
        format!("{} more: a local optimum, which no further step leaves", format::percent(more))
    };
    text::muted(
        ui,
        format!(
            "This start ends at {}; the best of {STARTS} starts is {}, the worst {}. {} of {STARTS} reach the best. So this \
             one is {verdict}.",
            words::figure(end),
            words::figure(best),
            words::figure(worst),
            reached,
        ),
    );
    text::muted(
        ui,
        format!(
            "The program's own k-means, with {STARTS} restarts on these customers and axes, ends at {}.",
            words::figure(found.engine)
        ),
    );
    text::muted(ui, format!("{}. The lesson runs on the two axes you see and no other.", run.plane.whom()));
}
