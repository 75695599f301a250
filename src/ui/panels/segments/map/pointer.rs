//! What the pointer and the keys do on the picture, the same in two and in three dimensions: tools, selecting, outlines.

use std::sync::Arc;

use egui::{Key, Modifiers, PointerButton, Pos2, Rect, Response, Shape, Stroke, StrokeKind, Ui, vec2};

use super::colors::Dressed;
use super::kept::Sight;
use crate::app::{MapTool, Selection};
use crate::ctx::Ctx;
use crate::format;
use crate::reduce::raster::{Cloud, Dress, Outline};
use crate::ui::scene::Scene;
use crate::ui::theme;

/// How near the pointer has to be to a point, in points.
pub const NEAR: f32 = 9.0;
/// A drag over fewer points than this is a click.
const SHORTEST: f32 = 4.0;
/// Of more customers than this, those within an outline are looked for on another thread.
const AT_ONCE: usize = 100_000;

/// How what is picked joins what is selected.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Join {
    Replace,
    Add,
    Remove,
    /// Out if it is in, in if it is out.
    Toggle,
}

/// `selected` joined with `picked`; both ascending.
fn joined(selected: &[u32], picked: Vec<u32>, join: Join) -> Vec<u32> {
    if join == Join::Replace {
        return picked;
    }
    let mut out = Vec::with_capacity(selected.len() + picked.len());
    let (mut a, mut b) = (selected.iter().copied().peekable(), picked.into_iter().peekable());
    loop {
        let (in_a, in_b, next) = match (a.peek().copied(), b.peek().copied()) {
            (None, None) => return out,
            (Some(x), Some(y)) if x == y => (true, true, x),
            (Some(x), Some(y)) if x > y => (false, true, y),
            (None, Some(y)) => (false, true, y),
            (Some(x), _) => (true, false, x),
        };
        a.next_if_eq(&next);
        b.next_if_eq(&next);
        let keep = match join {
            Join::Replace | Join::Add => true,
            Join::Remove => !in_b,
            Join::Toggle => in_a != in_b,
        };
        if keep {
            out.push(next);
        }
    }
}

/// A click on a customer: alone, with Shift added, with Ctrl in or out.
pub fn click(ui: &Ui, scene: &mut Scene, customer: u32, id: &str) {
    let held = ui.input(|i| i.modifiers);
    let join = match () {
        () if held.command => Join::Toggle,
        () if held.shift => Join::Add,
        () => Join::Replace,
    };
    let customers = joined(&scene.selection.customers, vec![customer], join);
    let from = match customers.as_slice() {
        [one] if *one == customer => format!("Customer {id}"),
        _ => "Picked on the map".into(),
    };
    scene.select(customers, from);
}

/// Draws a rectangle or lasso while it is dragged over `rect`, and selects who lies within when it is let go.
pub fn outline(ui: &mut Ui, scene: &mut Scene, response: &Response, rect: Rect, dressed: &Arc<Dressed>, sight: Sight) {
    let tool = scene.view.segments.map.tool;
    let done = response.drag_stopped_by(PointerButton::Primary);
    if tool == MapTool::Move || !(done || response.dragged_by(PointerButton::Primary)) {
        return scene.view.segments.map.outline.clear();
    }
    let drawn = &mut scene.view.segments.map.outline;
    if let Some(pointer) = response.interact_pointer_pos() {
        // The press lies where the drag began, a few points before it was known to be one.
        let from = ui.input(|i| i.pointer.press_origin()).filter(|_| drawn.is_empty());
        for at in from.into_iter().chain([pointer]) {
            let at: [f32; 2] = (rect.clamp(at) - rect.min).into();
            let far = |last: &[f32; 2]| (last[0] - at[0]).hypot(last[1] - at[1]) >= 2.0;
            if drawn.last().is_none_or(far) {
                drawn.push(at);
            }
        }
    }
    let (Some(&first), Some(&last)) = (drawn.first(), drawn.last()) else { return };
    let corners = match tool {
        MapTool::Box => vec![first, [last[0], first[1]], last, [first[0], last[1]]],
        _ => drawn.clone(),
    };
    let held = ui.input(|i| i.modifiers);
    draw(ui, rect, &corners, tool, held);
    let span = |a: usize| {
        let of = |m: fn(f32, f32) -> f32, start: f32| corners.iter().map(|c| c[a]).fold(start, m);
        of(f32::max, f32::MIN) - of(f32::min, f32::MAX)
    };
    if !done {
        return;
    }
    scene.view.segments.map.outline.clear();
    if span(0).max(span(1)) < SHORTEST {
        return;
    }
    let join = match () {
        () if held.command => Join::Remove,
        () if held.shift => Join::Add,
        () => Join::Replace,
    };
    let from = match (join, tool) {
        (Join::Replace, MapTool::Box) => "Box on the map",
        (Join::Replace, _) => "Lasso on the map",
        _ => "Picked on the map",
    };
    let (dressed, selected) = (dressed.clone(), scene.selection.customers.clone());
    let size: [f32; 2] = rect.size().into();
    let many = dressed.cloud.len() > AT_ONCE;
    let find = move || {
        let picked = within(&Outline::new(corners), &dressed.cloud, &dressed.dress, sight, size)?;
        Some(joined(&selected, picked, join))
    };
    if many {
        scene.cache.map.find(ui.ctx(), from.into(), find);
    } else if let Some(customers) = find() {
        scene.select(customers, from);
    }
}

fn within(outline: &Outline, cloud: &Cloud, dress: &Dress, sight: Sight, size: [f32; 2]) -> Option<Vec<u32>> {
    let ctx = Ctx::silent();
    match sight {
        Sight::Flat(window) => outline.in_flat(cloud, dress, &window, size, &ctx).ok(),
        Sight::Space(eye) => outline.in_space(cloud, dress, &eye, &ctx).ok(),
    }
}

/// Takes in customers that another thread has found.
pub fn take_found(scene: &mut Scene) {
    if let Some((customers, from)) = scene.cache.map.found() {
        scene.act(crate::app::Action::Select(Selection { customers: Arc::new(customers), from }));
    }
}

fn draw(ui: &Ui, rect: Rect, corners: &[[f32; 2]], tool: MapTool, held: Modifiers) {
    let t = theme::of(ui);
    let painter = ui.painter().with_clip_rect(rect);
    let line = Stroke::new(t.shape.curve, t.accent.normal);
    let at = |c: &[f32; 2]| rect.min + vec2(c[0], c[1]);
    if let (MapTool::Box, [a, _, c, _]) = (tool, corners) {
        let area = Rect::from_two_pos(at(a), at(c));
        painter.rect(area, 0.0, t.accent.soft, Stroke::new(t.shape.hairline, t.accent.normal), StrokeKind::Inside);
    } else if corners.len() > 1 {
        let points: Vec<Pos2> = corners.iter().map(at).collect();
        let closing = [points[points.len() - 1], points[0]];
        painter.add(Shape::line(points, line));
        painter.extend(Shape::dashed_line(&closing, line, t.space.xs, t.space.xs));
    }
    let sign = match () {
        () if held.command => "−",
        () if held.shift => "+",
        () => return,
    };
    if let Some(last) = corners.last() {
        let font = egui::FontId::proportional(t.font.title);
        let place = at(if tool == MapTool::Box { &corners[2] } else { last }) + vec2(t.space.m, -t.space.m);
        painter.text(place, egui::Align2::CENTER_CENTER, sign, font, t.accent.normal);
    }
}

/// What the keys ask for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Wanted {
    /// A step to the right and up, in steps.
    Step(f32, f32),
    /// Nearer by a factor.
    Zoom(f32),
    Reset,
}

/// Keys while the pointer is over the picture or it has the focus, and nobody is typing.
pub fn keys(ui: &Ui, scene: &mut Scene, response: &Response) -> Vec<Wanted> {
    if !(response.hovered() || response.has_focus())
        || ui.ctx().text_edit_focused()
        || egui::Popup::is_any_open(ui.ctx())
    {
        return Vec::new();
    }
    let mut wanted = Vec::new();
    let mut tool = None;
    ui.input_mut(|i| {
        let mut pressed = |key| i.count_and_consume_key(Modifiers::NONE, key) > 0;
        for (key, what) in [
            (Key::ArrowLeft, Wanted::Step(-1.0, 0.0)),
            (Key::ArrowRight, Wanted::Step(1.0, 0.0)),
            (Key::ArrowUp, Wanted::Step(0.0, 1.0)),
            (Key::ArrowDown, Wanted::Step(0.0, -1.0)),
            (Key::Plus, Wanted::Zoom(1.25)),
            (Key::Equals, Wanted::Zoom(1.25)),
            (Key::Minus, Wanted::Zoom(0.8)),
            (Key::R, Wanted::Reset),
        ] {
            if pressed(key) {
                wanted.push(what);
            }
        }
        for (key, of) in [(Key::V, MapTool::Move), (Key::B, MapTool::Box), (Key::L, MapTool::Lasso)] {
            if pressed(key) {
                tool = Some(of);
            }
        }
    });
    if let Some(tool) = tool {
        scene.view.segments.map.tool = tool;
    }
    wanted
}

/// How much nearer the wheel or two fingers want to be; 1 for not at all.
pub fn zoom(ui: &Ui, response: &Response) -> f32 {
    if !response.hovered() {
        return 1.0;
    }
    ui.input(|i| i.zoom_delta() * (i.smooth_scroll_delta().y * 0.004).exp())
}

/// The cursor over the picture.
pub fn cursor(ui: &Ui, scene: &Scene, response: &Response, on_point: bool) {
    use egui::CursorIcon::{Crosshair, Grab, Grabbing, PointingHand};
    let icon = match scene.view.segments.map.tool {
        MapTool::Move if response.dragged() => Grabbing,
        MapTool::Move if on_point => PointingHand,
        MapTool::Move => Grab,
        MapTool::Box | MapTool::Lasso => Crosshair,
    };
    if response.hovered() || response.dragged() {
        ui.ctx().set_cursor_icon(icon);
    }
}

/// What is said while customers of a large cloud are being looked for.
pub fn finding(scene: &Scene, total: usize) -> Option<String> {
    scene.cache.map.is_finding().then(|| format!("Looking through {} customers…", format::count(total)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_picked_replaces_adds_removes_or_toggles() {
        let join = |how| joined(&[1, 3, 5], vec![2, 3, 9], how);
        assert_eq!(join(Join::Replace), [2, 3, 9]);
        assert_eq!(join(Join::Add), [1, 2, 3, 5, 9]);
        assert_eq!(join(Join::Remove), [1, 5]);
        assert_eq!(join(Join::Toggle), [1, 2, 5, 9]);
        assert_eq!(joined(&[], vec![4], Join::Toggle), [4]);
        assert!(joined(&[4], vec![4], Join::Toggle).is_empty());
    }
}
