//! The map in three dimensions: turned by dragging, zoomed by scrolling, nearer points larger and clearer.

use std::sync::Arc;

use egui::{PointerButton, Pos2, Rect, Sense, Ui, pos2};

use super::colors::Dressed;
use super::flat::Drawn;
use super::kept::{Sight, Wish};
use super::pointer::{self, NEAR, Wanted};
use super::{axes, dots, frame, marks, places};
use crate::app::{Axes, MapTool};
use crate::format;
use crate::pipeline::Findings;
use crate::reduce::raster::{Cloud, Eye, Moments, clearness};
use crate::ui::scene::Scene;
use crate::ui::theme;
use crate::ui::widgets::chart::paint;

const TILT_LIMIT: f32 = 1.55;
/// Radians per point dragged.
const TURN: f32 = 0.008;
/// How far beyond the ball that holds all but the furthest hundredth the box may reach before it is let out of the picture.
const GIANTS: f64 = 2.2;

/// Draws the cloud in the room there is; `legend` is the room at the right that everything keeps clear of.
pub fn show(
    ui: &mut Ui,
    scene: &mut Scene,
    findings: &Arc<Findings>,
    dressed: &Arc<Dressed>,
    groups: &[Moments],
    legend: f32,
) -> Drawn {
    let t = theme::of(ui);
    let cloud = &dressed.cloud;
    let (rect, response) = ui.allocate_exact_size(ui.available_size(), Sense::click_and_drag());
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Image, true, "Map of customers, 3D"));
    let moves = turned(ui, scene, &response);
    let eye = eye(scene, cloud, rect, legend);
    let look = eye.look();
    let mut painter = ui.painter().with_clip_rect(rect.intersect(ui.clip_rect()));
    let place = |[x, y]: [f32; 2]| rect.min + egui::vec2(x, y);
    let see = |at: [f64; 3]| {
        let unit = std::array::from_fn(|a| cloud.unit(a, at[a]) as f32);
        place(look.see(unit).0)
    };
    let texts = axes::texts(scene, findings);
    let axes = axes::ruled(&texts, cloud.low, cloud.high);
    frame::behind(&mut painter, &look, &axes, cloud, rect.min, t);
    let many = cloud.len() > places::MOST_POINTS;
    let pointer = response.hover_pos().filter(|_| !response.dragged());
    let mut near = None;
    let mut drew_all = !many;
    if many {
        let pixels = ui.ctx().pixels_per_point();
        let size = [rect.width(), rect.height()].map(|v| ((v * pixels).round() as usize).clamp(1, 8192));
        let scaled = Eye { middle: eye.middle.map(|v| v * pixels), scale: eye.scale * pixels, ..eye };
        let wish = Wish { dressed: dressed.clone(), sight: Sight::Space(scaled), size };
        // While it turns, a subset follows the pointer in every frame; all of them once it rests.
        if !moves {
            let shown = scene.cache.map.picture(ui.ctx(), wish.clone());
            if let Some(shown) = shown.filter(|_| scene.cache.map.is_current(&wish)) {
                drew_all = true;
                if let Some(texture) = &shown.texture {
                    let whole = Rect::from_min_max(pos2(0.0, 0.0), pos2(1.0, 1.0));
                    painter.image(texture.id(), rect, whole, paint::covered([255; 4]));
                }
                near = pointer.and_then(|p| {
                    let at = (p - rect.min) * pixels;
                    shown.space.as_ref()?.nearest([at.x, at.y], NEAR * pixels)
                });
            }
        }
    }
    if !many || !drew_all {
        near = one_by_one(&painter, scene, dressed, &look, rect, pointer);
    }
    let marked = marks::marked(scene, findings, groups);
    marks::draw(&mut painter, &marked, &see, t);
    frame::labels(&mut painter, &look, &axes, cloud, rect.min, t);
    if let [one] = scene.selection.customers.as_slice()
        && let Some(i) = cloud.customers.iter().position(|c| c == one)
        && dressed.dress.is_shown(i)
    {
        let [r, g, b] = dressed.dress.color(i);
        painter.circle_filled(see(cloud.values(i)), 4.5, paint::color([r, g, b, 255]));
        marks::ring(&painter, see(cloud.values(i)), 5.0, t.text.normal, t);
    }
    if let Some(i) = near {
        marks::ring(&painter, see(cloud.values(i)), 3.0, t.text.muted, t);
    }
    pointer::outline(ui, scene, &response, rect, dressed, Sight::Space(eye));
    pointer::cursor(ui, scene, &response, near.is_some());
    let shown = format::count(dressed.dress.shown);
    let note = match (many, drew_all) {
        (false, _) => None,
        (true, true) => Some(format!("{shown} customers; the nearest one of each pixel is seen")),
        (true, false) => Some(format!(
            "{} of {shown} customers while it turns, picked with a fixed seed",
            format::count(places::MOST_POINTS.min(dressed.dress.shown))
        )),
    };
    let seen = (Sight::Space(eye), rect.size(), axes, marked);
    Drawn { response, pointed: near.map(|i| cloud.customers[i]), note, seen }
}

/// Takes in this frame's dragging, scrolling and keys. Returns whether the view is being moved.
fn turned(ui: &Ui, scene: &mut Scene, response: &egui::Response) -> bool {
    let held = ui.input(|i| i.modifiers);
    let tool = scene.view.segments.map.tool;
    let keys = pointer::keys(ui, scene, response);
    let view = &mut scene.view.segments.map;
    let before = (view.turn, view.tilt, view.zoom, view.shift);
    let mut moves = false;
    let by = response.drag_delta();
    let primary = tool == MapTool::Move && response.dragged_by(PointerButton::Primary);
    let aside = response.dragged_by(PointerButton::Middle) || response.dragged_by(PointerButton::Secondary);
    if primary && !held.shift {
        view.turn = (view.turn + by.x * TURN) % std::f32::consts::TAU;
        view.tilt = (view.tilt + by.y * TURN).clamp(-TILT_LIMIT, TILT_LIMIT);
        moves = true;
    } else if primary || aside {
        view.shift = [view.shift[0] + by.x, view.shift[1] + by.y];
        moves = true;
    }
    let mut factor = pointer::zoom(ui, response) * view.nearer.take().unwrap_or(1.0);
    for wanted in keys {
        match wanted {
            Wanted::Step(right, up) => {
                view.turn = (view.turn + 0.1 * right) % std::f32::consts::TAU;
                view.tilt = (view.tilt - 0.1 * up).clamp(-TILT_LIMIT, TILT_LIMIT);
            }
            Wanted::Zoom(by) => factor *= by,
            Wanted::Reset => view.reset(),
        }
    }
    if factor != 1.0 {
        let zoom = (view.zoom * factor).clamp(0.3, 40.0);
        // What lies under the pointer stays there.
        let around = response.hover_pos().map_or([0.0; 2], |p| (p - response.rect.center()).into());
        let by = zoom / view.zoom;
        view.shift = std::array::from_fn(|a| around[a] + (view.shift[a] - around[a]) * by);
        view.zoom = zoom;
    }
    if response.double_clicked() && tool == MapTool::Move {
        view.reset();
    }
    moves || before != (view.turn, view.tilt, view.zoom, view.shift)
}

/// Where one looks from, in points of the picture.
fn eye(scene: &Scene, cloud: &Cloud, rect: Rect, legend: f32) -> Eye {
    let view = &scene.view.segments.map;
    let sides: [f64; 3] = std::array::from_fn(|a| (cloud.high[a] - cloud.low[a]) / 2.0);
    let half = match scene.view.axes {
        // Every feature has its own unit: a cube.
        Axes::Features3(..) => [0.577; 3],
        _ => {
            let whole = sides.iter().map(|s| s * s).sum::<f64>().sqrt();
            // A few giants must not shrink everyone else.
            let unit = whole.min(cloud.reach * GIANTS).max(f64::MIN_POSITIVE);
            sides.map(|s| (s / unit) as f32)
        }
    };
    // The legend stands in a corner, where the box seldom is: it gets a part of its room.
    let (width, height) = (rect.width() - 0.5 * legend, rect.height());
    Eye {
        turn: view.turn,
        tilt: view.tilt,
        half,
        middle: [width / 2.0 + view.shift[0], height / 2.0 + view.shift[1]],
        scale: (width / 2.15).min(height / 1.75) * view.zoom,
    }
}

/// Draws points one by one from far to near; of many, the subset. Returns the one under the pointer.
fn one_by_one(
    painter: &egui::Painter,
    scene: &mut Scene,
    dressed: &Arc<Dressed>,
    look: &crate::reduce::raster::Look,
    rect: Rect,
    pointer: Option<Pos2>,
) -> Option<usize> {
    let Dressed { cloud, dress, .. } = &**dressed;
    let subset = scene.cache.map.subset(cloud);
    let mut seen: Vec<(f32, Pos2, u32)> = Vec::with_capacity(subset.len());
    for &i in subset.iter() {
        if dress.is_shown(i as usize) {
            let ([x, y], depth) = look.see(cloud.at[i as usize]);
            let at = rect.min + egui::vec2(x, y);
            if rect.contains(at) {
                // Those that stand back lie behind all others.
                let order = if dress.stands_back(i as usize) { depth - 100.0 } else { depth };
                seen.push((order, at, i));
            }
        }
    }
    seen.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.2.cmp(&b.2)));
    let size = if seen.len() > 5_000 { 1.7 } else { 2.3 } * scene.view.segments.map.zoom.sqrt().clamp(0.8, 2.0);
    let mut mesh = dots::mesh(scene.cache.map.disc(painter.ctx()), seen.len());
    let mut on = None;
    let mut best = (NEAR, None);
    for &(order, at, i) in &seen {
        let back = dress.stands_back(i as usize);
        let depth = if back { order + 100.0 } else { order };
        let clear = clearness(depth);
        let color = dress.color(i as usize);
        let [r, g, b] = dress.faded(color, if back { 0.3 * clear } else { clear });
        dots::add(&mut mesh, at, size * (0.6 + 0.7 * clear), paint::color([r, g, b, if back { 120 } else { 235 }]));
        if let Some(pointer) = pointer {
            let away = at.distance(pointer);
            if away < NEAR * 0.5 {
                // The last within reach is the nearest to the eye.
                on = Some(i as usize);
            } else if away < best.0 {
                best = (away, Some(i as usize));
            }
        }
    }
    painter.add(mesh);
    on.or(best.1)
}
