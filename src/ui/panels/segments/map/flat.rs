//! The map in two dimensions.

use std::ops::RangeInclusive;
use std::sync::Arc;

use egui::{PointerButton, Rect, Response, Ui, pos2, vec2};
use egui_plot::{AxisHints, GridMark, Plot, PlotImage, PlotPoint, PlotTransform};

use super::axes::{Ruled, log_marks, ruled, texts};
use super::colors::Dressed;
use super::kept::{Shown, Sight, Wish};
use super::pointer::{self, NEAR, Wanted};
use super::{dots, legend, marks, places};
use crate::app::{Axes, MapTool};
use crate::pipeline::Findings;
use crate::reduce::raster::{Cloud, Moments, Window};
use crate::ui::scene::Scene;
use crate::ui::theme;
use crate::ui::widgets::chart::paint;

/// A picture of many points is made larger than what is seen by this share on each side: moved, it has no empty edge.
const MARGIN: f64 = 0.12;
/// Room around the outermost points, as a share.
const AIR: f64 = 0.05;

/// What was drawn.
pub struct Drawn {
    pub response: Response,
    /// The customer under the pointer.
    pub pointed: Option<u32>,
    /// What is to be said about the drawing: a density, a subset.
    pub note: Option<String>,
    /// For drawing it again: how it is looked at, its size in points, its axes and marks.
    pub seen: (Sight, egui::Vec2, Vec<Ruled>, Vec<marks::Marked>),
}

/// Draws the plot in the room there is; `legend` is the room at the right that everything keeps clear of.
pub fn show(
    ui: &mut Ui,
    scene: &mut Scene,
    findings: &Arc<Findings>,
    dressed: &Arc<Dressed>,
    groups: &[Moments],
    legend: f32,
) -> Drawn {
    let t = theme::of(ui);
    let axes = scene.view.axes;
    let cloud = &dressed.cloud;
    // The frame of the last frame; a guess in the first one.
    let id = ui.make_persistent_id(("map frame", axes));
    let room = ui.available_size();
    let last: Rect =
        ui.data(|d| d.get_temp(id)).unwrap_or(Rect::from_min_size(pos2(0.0, 0.0), room - vec2(60.0, 40.0)));
    let even = !matches!(axes, Axes::Features(..));
    let home = home(ui, cloud, last, legend, even, axes.is_tsne());
    let mut window = match scene.view.segments.map.window {
        Some((of, window)) if of == axes => window,
        _ => home,
    };
    if even {
        // The same unit on both axes, whatever the shape of the room.
        let unit = (window.x[1] - window.x[0]) / f64::from(last.width());
        let (middle, half) = ((window.y[0] + window.y[1]) / 2.0, unit * f64::from(last.height()) / 2.0);
        window.y = [middle - half, middle + half];
    }
    let pixels = ui.ctx().pixels_per_point();
    let grown = window.grown(MARGIN);
    let by = |points: f32| ((f64::from(points * pixels) * (1.0 + 2.0 * MARGIN)).round() as usize).clamp(1, 8192);
    let wish =
        Wish { dressed: dressed.clone(), sight: Sight::Flat(grown), size: [by(last.width()), by(last.height())] };
    let many = cloud.len() > places::MOST_POINTS;
    let shown = if many { scene.cache.map.picture(ui.ctx(), wish.clone()) } else { None };
    let plot = plot(ui, scene, findings);
    let image = shown.as_ref().and_then(|s| placed(s));
    let drawn = plot.show(ui, |plot| {
        plot.set_plot_bounds_x(window.x[0]..=window.x[1]);
        plot.set_plot_bounds_y(window.y[0]..=window.y[1]);
        if let Some(image) = image {
            plot.image(image);
        }
    });
    let (response, transform) = (drawn.response, drawn.transform);
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Image, true, "Map of customers"));
    let frame = *transform.frame();
    if frame != last {
        ui.data_mut(|d| d.insert_temp(id, frame));
        ui.ctx().request_repaint();
    }
    let mut painter = ui.painter().with_clip_rect(frame.intersect(ui.clip_rect()));
    let see = |at: [f64; 3]| transform.position_from_point(&PlotPoint::new(at[0], at[1]));
    let pointer = response.hover_pos().filter(|p| !response.dragged() && frame.contains(*p));
    let all: Vec<u32>;
    let few: Option<&[u32]> = if many {
        shown.as_ref().and_then(|s| s.few.as_deref())
    } else {
        all = (0..cloud.len() as u32).collect();
        Some(&all)
    };
    let near = match few {
        Some(few) => one_by_one(&painter, scene, dressed, few, &transform, pointer),
        None => pointer.and_then(|p| {
            let at = transform.value_from_position(p);
            let unit = transform.dvalue_dpos();
            let within = [NEAR as f64 * unit[0].abs(), NEAR as f64 * unit[1].abs()];
            cloud.nearest([at.x, at.y], within, |i| dressed.dress.is_shown(i))
        }),
    };
    let marked = marks::marked(scene, findings, groups);
    marks::draw(&mut painter, &marked, &see, t);
    rings(&painter, scene, dressed, near, &see, t);
    let changed = moved(ui, scene, &response, &transform, window, home);
    scene.view.segments.map.window = changed.map(|w| (axes, w));
    pointer::outline(ui, scene, &response, frame, dressed, Sight::Flat(window));
    pointer::cursor(ui, scene, &response, near.is_some());
    let total = crate::format::count(dressed.dress.shown);
    let note = match (many, few) {
        (false, _) => None,
        (true, Some(few)) => {
            Some(format!("{} of {total} customers are here, each a point", crate::format::count(few.len())))
        }
        (true, None) if shown.is_some() => {
            Some(format!("Density of {total} customers: the more in a pixel, the stronger its colour"))
        }
        (true, None) => Some(format!("Drawing {total} customers…")),
    };
    let texts = texts(scene, findings);
    let axes = ruled(&texts, [window.x[0], window.y[0], 0.0], [window.x[1], window.y[1], 1.0]);
    let seen = (Sight::Flat(window), frame.size(), axes, marked);
    Drawn { response, pointed: near.map(|i| cloud.customers[i]), note, seen }
}

/// A window that shows everything; beside the legend, where more than a few customers would lie behind it.
fn home(ui: &Ui, cloud: &Cloud, frame: Rect, legend: f32, even: bool, forming: bool) -> Window {
    let whole = fitted(cloud, frame.size(), 0.0, even);
    let behind = legend::area(ui).filter(|_| legend > 0.0).is_some_and(|area| {
        let share = |a: usize, at: f32| f64::from((at - frame.min[a]) / frame.size()[a]);
        let x = |at: f32| whole.x[0] + share(0, at) * (whole.x[1] - whole.x[0]);
        let y = |at: f32| whole.y[1] - share(1, at) * (whole.y[1] - whole.y[0]);
        let window = Window { x: [x(area.left()), x(area.right())], y: [y(area.bottom()), y(area.top())] };
        cloud.holds_more(&window, cloud.len() / 1000)
    });
    // While a picture forms, it is not to jump to and fro.
    if behind || forming { fitted(cloud, frame.size(), legend, even) } else { whole }
}

/// Everything in the room left of what is `taken` at the right.
fn fitted(cloud: &Cloud, size: egui::Vec2, taken: f32, even: bool) -> Window {
    let (width, height) = (f64::from(size.x.max(1.0)), f64::from(size.y.max(1.0)));
    let free = (width - f64::from(taken)).max(width * 0.4);
    let span = |a: usize| (cloud.high[a] - cloud.low[a]) * (1.0 + 2.0 * AIR);
    let middle = |a: usize| (cloud.high[a] + cloud.low[a]) / 2.0;
    // Values per point.
    let (mut across, mut up) = (span(0) / free, span(1) / height);
    if even {
        (across, up) = (across.max(up), across.max(up));
    }
    let left = middle(0) - across * free / 2.0;
    let below = middle(1) - up * height / 2.0;
    Window { x: [left, left + across * width], y: [below, below + up * height] }
}

/// The empty plot with its axes.
fn plot<'a>(ui: &mut Ui, scene: &Scene, findings: &Findings) -> Plot<'a> {
    let t = theme::of(ui);
    let axes = scene.view.axes;
    let mut texts = texts(scene, findings).into_iter();
    let (Some(x), Some(y)) = (texts.next(), texts.next()) else { return Plot::new("map") };
    let font = egui::FontId::proportional(t.font.small);
    let hint = |a: AxisHints<'static>, label: &str| {
        a.label(egui::RichText::new(label).size(t.font.small).color(t.text.muted))
            .tick_label_color(t.text.muted)
            .label_spacing(egui::Rangef::new(t.space.l, t.space.xl))
            .tick_label_font(font.clone())
    };
    let (x_log, y_log) = (x.log, y.log);
    let x_hint =
        hint(AxisHints::new_x(), &x.label).formatter(move |m: GridMark, _: &RangeInclusive<f64>| (x.write)(m.value));
    let y_hint =
        hint(AxisHints::new_y(), &y.label).formatter(move |m: GridMark, _: &RangeInclusive<f64>| (y.write)(m.value));
    let mut plot = Plot::new(("scatter", axes))
        .show_background(false)
        .grid_color(t.plot.grid)
        .allow_scroll(false)
        .allow_zoom(false)
        .allow_drag(false)
        .allow_axis_zoom_drag(false)
        .allow_boxed_zoom(false)
        .allow_double_click_reset(false)
        .show_crosshair(false)
        .label_formatter(|_| None)
        .custom_x_axes(vec![x_hint])
        .custom_y_axes(vec![y_hint]);
    if axes.is_tsne() {
        // Its axes mean nothing: no numbers, no grid.
        plot = plot.show_axes(false).show_grid(false);
    }
    if x_log {
        plot = plot.x_grid_spacer(log_marks);
    }
    if y_log {
        plot = plot.y_grid_spacer(log_marks);
    }
    // The turned label of the y axis stands a hair outside the plot; without room its tops are cut off.
    ui.set_clip_rect(ui.clip_rect().expand2(vec2(t.space.xs, 0.0)));
    plot
}

/// The last picture where it belongs: stretched and moved until the next one is there.
fn placed(shown: &Shown) -> Option<PlotImage> {
    let (texture, Sight::Flat(window)) = (shown.texture.as_ref()?, shown.wish.sight) else { return None };
    let middle = |[from, to]: [f64; 2]| (from + to) / 2.0;
    let size = vec2((window.x[1] - window.x[0]) as f32, (window.y[1] - window.y[0]) as f32);
    let centre = PlotPoint::new(middle(window.x), middle(window.y));
    Some(PlotImage::new("density", texture.id(), centre, size).allow_hover(false))
}

/// Draws points one by one, those that stand back first; returns the one under the pointer.
fn one_by_one(
    painter: &egui::Painter,
    scene: &mut Scene,
    dressed: &Dressed,
    few: &[u32],
    transform: &PlotTransform,
    pointer: Option<egui::Pos2>,
) -> Option<usize> {
    let Dressed { cloud, dress, .. } = dressed;
    let radius = radius(few.len());
    let area = transform.frame().expand(radius);
    let mut mesh = dots::mesh(scene.cache.map.disc(painter.ctx()), few.len());
    let mut best = (NEAR, None);
    // Behind, then in front.
    for back in [true, false] {
        if back && !dress.selects {
            continue;
        }
        for &i in few {
            let i = i as usize;
            if i >= cloud.len() || !dress.is_shown(i) || dress.stands_back(i) != back {
                continue;
            }
            let [x, y, _] = cloud.values(i);
            let at = transform.position_from_point(&PlotPoint::new(x, y));
            if !area.contains(at) {
                continue;
            }
            let [r, g, b] = dress.color(i);
            let (size, opacity) = if back { (radius, 56) } else { (radius, 218) };
            dots::add(&mut mesh, at, size, paint::color([r, g, b, opacity]));
            if let Some(pointer) = pointer {
                let away = at.distance(pointer);
                if away < best.0 {
                    best = (away, Some(i));
                }
            }
        }
    }
    painter.add(mesh);
    best.1
}

/// The more points, the smaller each.
pub fn radius(points: usize) -> f32 {
    match points {
        0..=500 => 3.2,
        501..=2_000 => 2.6,
        2_001..=6_000 => 2.2,
        _ => 1.8,
    }
}

/// Rings around the only selected customer and the one under the pointer.
fn rings(
    painter: &egui::Painter,
    scene: &Scene,
    dressed: &Dressed,
    near: Option<usize>,
    see: &marks::See,
    t: &crate::ui::theme::Theme,
) {
    let cloud = &dressed.cloud;
    if let [one] = scene.selection.customers.as_slice()
        && let Some(i) = cloud.customers.iter().position(|c| c == one)
        && dressed.dress.is_shown(i)
    {
        let [r, g, b] = dressed.dress.color(i);
        painter.circle_filled(see(cloud.values(i)), 4.5, paint::color([r, g, b, 255]));
        marks::ring(painter, see(cloud.values(i)), 5.0, t.text.normal, t);
    }
    if let Some(i) = near {
        marks::ring(painter, see(cloud.values(i)), 3.0, t.text.muted, t);
    }
}

/// The window after this frame's dragging, scrolling and keys; `None` for everything.
fn moved(
    ui: &Ui,
    scene: &mut Scene,
    response: &Response,
    transform: &PlotTransform,
    window: Window,
    home: Window,
) -> Option<Window> {
    let axes = scene.view.axes;
    let unit = transform.dvalue_dpos();
    let mut next = window;
    let mut touched = scene.view.segments.map.window.is_some_and(|(of, _)| of == axes);
    let tool = scene.view.segments.map.tool;
    let drags = response.dragged_by(PointerButton::Middle)
        || response.dragged_by(PointerButton::Secondary)
        || tool == MapTool::Move && response.dragged_by(PointerButton::Primary);
    if drags {
        let by = response.drag_delta();
        let (x, y) = (f64::from(by.x) * unit[0], f64::from(by.y) * unit[1]);
        next = Window { x: next.x.map(|v| v - x), y: next.y.map(|v| v - y) };
        touched = true;
    }
    let mut factor = f64::from(pointer::zoom(ui, response));
    let mut around = response.hover_pos().map(|p| transform.value_from_position(p)).map(|p| [p.x, p.y]);
    for wanted in pointer::keys(ui, scene, response) {
        match wanted {
            Wanted::Step(right, up) => {
                let (x, y) = (f64::from(right) * (next.x[1] - next.x[0]), f64::from(up) * (next.y[1] - next.y[0]));
                next = Window { x: next.x.map(|v| v + 0.1 * x), y: next.y.map(|v| v + 0.1 * y) };
                touched = true;
            }
            Wanted::Zoom(by) => {
                factor *= f64::from(by);
                around = None;
            }
            Wanted::Reset => return None,
        }
    }
    if let Some(by) = scene.view.segments.map.nearer.take() {
        factor *= f64::from(by);
        around = None;
    }
    if factor != 1.0 {
        let span = (next.x[1] - next.x[0]) / (home.x[1] - home.x[0]);
        // As near as the numbers of a picture tell apart, and no further than a little beyond everything.
        let factor = factor.clamp(span / 4.0, (span / 1e-4).max(1.0));
        let middle = |[from, to]: [f64; 2]| (from + to) / 2.0;
        let [x, y] = around.unwrap_or([middle(next.x), middle(next.y)]);
        let zoomed = |range: [f64; 2], about: f64| range.map(|v| about + (v - about) / factor);
        next = Window { x: zoomed(next.x, x), y: zoomed(next.y, y) };
        touched = true;
    }
    if response.double_clicked() && tool == MapTool::Move {
        return None;
    }
    touched.then_some(next)
}
