//! The silhouette of every customer, sorted within clusters.

mod picture;

use std::sync::Arc;

use egui::{CursorIcon, Rect, Role, Sense, Ui, WidgetInfo, vec2};
use egui_material_icons::icons::ICON_BAR_CHART;

use super::{control, sketch};
use crate::app::Status;
use crate::chart::{Chart, Data, Palette};
use crate::cluster::{Chosen, SilhouettePlot, silhouette_plot};
use crate::features::FeatureMatrix;
use crate::format;
use crate::pipeline::Stage;
use crate::ui::cache::Followed;
use crate::ui::scene::Scene;
use crate::ui::theme;
use crate::ui::widgets::{button, chart, state, text};
use picture::Places;

/// The customers that are shown first where comparing all takes a while.
const QUICK: usize = 5_000;

/// What is drawn, with the numbers behind it.
pub struct Made {
    plot: SilhouettePlot,
    chosen: Arc<Chosen>,
    matrix: Arc<FeatureMatrix>,
    about: Arc<Chart>,
}

pub fn show(ui: &mut Ui, scene: &mut Scene) {
    let t = theme::of(ui);
    let (Some(chosen), Some(matrix)) = (scene.session.chosen.get().cloned(), scene.session.matrix.get().cloned())
    else {
        return state::waiting(ui, scene, Stage::Cluster);
    };
    let ready = *scene.session.chosen.status() == Status::Ready && *scene.session.matrix.status() == Status::Ready;
    let followed = if ready {
        follow(ui, scene, &chosen, &matrix)
    } else {
        Followed { value: scene.cache.last("silhouettes"), current: false, share: None }
    };
    let made = match followed.value.as_deref() {
        Some(Some(made)) => Arc::clone(made),
        Some(None) if followed.current => {
            let why =
                "A silhouette compares a customer's own cluster with the next one: it takes two clusters at least.";
            if state::empty(ui, ICON_BAR_CHART, why, control::takes_k(scene).then_some("Set k to 2")) {
                super::decide::k(scene, 2, false);
            }
            return;
        }
        _ => {
            let share = followed.share.map_or(String::new(), |s| format!(" {:.0} %", 100.0 * s));
            state::empty(ui, ICON_BAR_CHART, &format!("Comparing customers…{share}"), None);
            return;
        }
    };
    let whole = Arc::ptr_eq(&made.chosen, &chosen);
    head(ui, scene, &made, followed.share.filter(|_| whole));
    ui.add_space(t.space.xs);
    state::dimmed(ui, !whole, |ui| plot(ui, scene, &made, whole));
}

fn follow(
    ui: &Ui,
    scene: &mut Scene,
    chosen: &Arc<Chosen>,
    matrix: &Arc<FeatureMatrix>,
) -> Followed<Option<Arc<Made>>> {
    let seed = scene.session.recipe().map_or(0, |r| r.cluster.seed);
    let ids = scene.session.rfm.get().map(|r| r.customers.ids.clone());
    scene.cache.follow_parts(
        "silhouettes",
        (chosen.clone(), matrix.clone(), seed),
        ui.ctx(),
        move |(chosen, matrix, seed), ctx, part| {
            let x = matrix.x.view();
            let made = |quick, ctx: &crate::ctx::Ctx| {
                let plot = silhouette_plot(x, &chosen.clustering, quick, *seed, ctx).ok()?;
                let about = |plot: &SilhouettePlot| Arc::new(about(plot, ids.as_deref().map_or(&[], Vec::as_slice)));
                Some(plot.map(|plot| {
                    let about = about(&plot);
                    Arc::new(Made { plot, chosen: chosen.clone(), matrix: matrix.clone(), about })
                }))
            };
            if x.nrows() > 2 * QUICK {
                part(made(Some(QUICK), &crate::ctx::Ctx::silent())?);
            }
            made(None, ctx)
        },
    )
}

/// Title and numbers, for saving.
fn about(plot: &SilhouettePlot, ids: &[String]) -> Chart {
    let id = |&c: &u32| ids.get(c as usize).cloned().unwrap_or_default();
    let data = Data::default()
        .text("customer_id", plot.customers.iter().map(id).collect())
        .number("cluster", (0..plot.customers.len()).map(|p| plot.cluster_at(p) as f64 + 1.0).collect::<Vec<_>>())
        .number("silhouette", plot.values.iter().map(|v| f64::from(*v)).collect::<Vec<_>>());
    Chart { title: "Silhouette of each customer".into(), data, ..Chart::default() }
}

/// The mean, what it is of, and those who would lie better elsewhere.
fn head(ui: &mut Ui, scene: &mut Scene, made: &Made, share: Option<f32>) {
    let t = theme::of(ui);
    let plot = &made.plot;
    let sampled = plot.customers.len() < plot.of;
    ui.scope(|ui| {
        ui.spacing_mut().item_spacing.y = t.space.xs;
        let error = plot.error.map(|e| format!(" ± {}", format::number(e, 3))).unwrap_or_default();
        let of = if sampled {
            format!("of {} customers drawn from {}", format::count(plot.customers.len()), format::count(plot.of))
        } else {
            format!("of {}", format::plural(plot.of, "customer", "customers"))
        };
        let noise = made.chosen.clustering.noise.map_or(0, |n| made.chosen.clustering.sizes[n as usize]);
        let noise = if noise > 0 { format!("; {} of noise left out", format::count(noise)) } else { String::new() };
        ui.horizontal(|ui| {
            text::heading(ui, format!("Mean silhouette {}{error}", format::number(plot.mean, 3)));
            text::muted_line(ui, format!("{of}{noise}"));
            if let Some(share) = share {
                let words = format!("comparing all customers, {:.0} %", 100.0 * share);
                text::chip(ui, words);
            }
        });
        ui.horizontal_wrapped(|ui| {
            let n = plot.misplaced.len();
            if n == 0 {
                text::muted(ui, "Everybody lies nearer to their own cluster than to any other.");
                return;
            }
            let share = format::percent(n as f64 / plot.customers.len().max(1) as f64);
            let among = if sampled { " of those drawn" } else { "" };
            let would = if n == 1 { "lies" } else { "lie" };
            let many = format::plural(n, "customer", "customers");
            ui.label(
                egui::RichText::new(format!(
                    "{many}{among} ({share}) {would} nearer to a neighbouring cluster than to their own."
                ))
                .size(t.font.small)
                .color(t.text.muted),
            );
            if button::link(ui, "Select them").clicked() {
                scene.select(plot.misplaced.clone(), "Nearer to another cluster");
            }
        });
    });
}

fn plot(ui: &mut Ui, scene: &mut Scene, made: &Arc<Made>, whole: bool) {
    let t = theme::of(ui);
    let size = ui.available_size().max(vec2(200.0, 160.0));
    let (rect, response) = ui.allocate_exact_size(size, Sense::click_and_drag());
    let rect = Rect::from_min_max(rect.min.round(), rect.max.floor());
    let size = [rect.width(), rect.height()];
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, "Silhouette of each customer"));
    let places = Places::of(&made.plot, size);
    let dark = ui.visuals().dark_mode;
    let palette = Palette::of(dark);
    let names = names(scene, made);
    // Up to a hundred thousand customers are looked through.
    let selected = scene.selection.customers.clone();
    let (pixels, named) = ((size[0] as usize, size[1] as usize), names.join("\n"));
    let drawn = scene.cache.get(
        "silhouette picture",
        ((made.clone(), selected, dark), pixels, named),
        |((_, selected, _), ..)| picture::picture(&made.plot, &places, &names, selected, palette),
    );
    let painter = ui.painter().with_clip_rect(ui.clip_rect().intersect(rect.expand(t.space.xs)));
    chart::draw(&painter, &drawn, rect.min);
    let side = t.shape.row;
    let corner = Rect::from_min_size(egui::pos2(rect.right() - side, rect.top()), egui::Vec2::splat(side));
    let mut child = ui.new_child(egui::UiBuilder::new().max_rect(corner));
    let (of, kept) = (made.clone(), scene.selection.customers.clone());
    let saved_names = names.clone();
    chart::menu_button_of(&mut child, scene, &made.about, move || {
        let palette = Palette::of(dark);
        let picture = picture::picture(&of.plot, &Places::of(&of.plot, size), &saved_names, &kept, palette);
        sketch::saved(picture, &of.about.title, "", palette)
    });

    let place_at = |p: egui::Pos2| places.place_at(p.y - rect.top());
    let pointer = response.hover_pos().or_else(|| response.interact_pointer_pos());
    let Some(at) = pointer.and_then(place_at).filter(|_| whole) else {
        if response.drag_stopped() {
            scene.view.choose_k.drag = None;
        }
        return;
    };
    ui.ctx().set_cursor_icon(CursorIcon::Crosshair);
    if response.drag_started() {
        scene.view.choose_k.drag = ui.input(|i| i.pointer.press_origin()).and_then(place_at).or(Some(at));
    }
    let from = scene.view.choose_k.drag.filter(|_| response.dragged() || response.drag_stopped());
    let (low, high) = from.map_or((at, at), |from| (from.min(at), from.max(at)));
    // The whole of a row of pixels, which may be many customers.
    let (low, high) = (places.row_of(low).start, places.row_of(high).end.max(low + 1));
    let y = |place: usize| rect.top() + places.y_of(place);
    let band = Rect::from_x_y_ranges(
        rect.left() + places.left..=rect.left() + places.right,
        y(low)..=y(high.saturating_sub(1)).max(y(low)) + places.step.max(1.0),
    );
    ui.painter().rect_filled(band, 0.0, t.accent.soft);
    if response.clicked() || response.drag_stopped() {
        let mut customers: Vec<u32> = made.plot.customers[low..high.min(made.plot.customers.len())].to_vec();
        customers.sort_unstable();
        let from = match (made.plot.cluster_at(low), made.plot.cluster_at(high - 1)) {
            (a, b) if a == b => format!("Silhouettes in {}", names[a]),
            _ => "Silhouettes".to_string(),
        };
        scene.select(customers, from);
        scene.view.choose_k.drag = None;
    } else {
        let dragged = from.is_some();
        tip(ui, scene, made, &names, &response, if dragged { (low, high) } else { (at, at + 1) });
    }
}

/// Names of the clusters, where there are any.
fn names(scene: &Scene, made: &Made) -> Vec<String> {
    let profiles = scene.session.profiles.ready();
    let known = |i: usize| profiles.and_then(|p| p.get(i)).map(|p| p.name.clone());
    (0..made.plot.means.len()).map(|i| known(i).unwrap_or_else(|| format!("Cluster {}", i + 1))).collect()
}

fn tip(
    ui: &Ui,
    scene: &mut Scene,
    made: &Arc<Made>,
    names: &[String],
    response: &egui::Response,
    (from, to): (usize, usize),
) {
    let plot = &made.plot;
    let value = |place: usize| format::number(f64::from(plot.values[place]), 3);
    let mut lines = Vec::new();
    if to - from > 1 {
        lines.push(format::plural(to - from, "customer", "customers"));
        lines.push("Let go to select them".into());
    } else {
        let id = scene.session.rfm.get().and_then(|r| r.customers.ids.get(plot.customers[from] as usize).cloned());
        lines.push(format!("Customer {}", id.unwrap_or_default()));
        lines.push(format!("{}, silhouette {}", names[plot.cluster_at(from)], value(from)));
        let neighbour = scene
            .cache
            .get("neighbour", (made.clone(), from), |(made, place)| made.plot.neighbour(*place, made.matrix.x.view()));
        if let Some(other) = *neighbour {
            lines.push(format!("Next nearest: {}", names[other]));
        }
        lines.push("Click or drag to select".into());
    }
    let tip = egui::Tooltip::always_open(ui.ctx().clone(), response.layer_id, response.id, egui::PopupAnchor::Pointer);
    tip.gap(theme::of(ui).space.m).show(|ui| {
        ui.set_max_width(ui.spacing().tooltip_width);
        for (i, line) in lines.iter().enumerate() {
            let _ = if i == 0 { text::heading(ui, line.as_str()) } else { text::muted(ui, line.as_str()) };
        }
    });
}
