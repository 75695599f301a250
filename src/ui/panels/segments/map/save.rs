//! The picture as a file: what is seen, drawn again with twice as many pixels.

use std::sync::Arc;

use egui::{Popup, Pos2, Rect, Stroke, Ui, pos2, vec2};
use egui_material_icons::icons::ICON_SAVE_ALT;

use super::axes::Ruled;
use super::colors::Dressed;
use super::kept::Sight;
use super::marks::Marked;
use super::places::MOST_POINTS;
use super::surface::{Sheet, Surface, plain};
use super::{frame, marks};
use crate::app::Action;
use crate::chart::{Anchor, Area, Color, Picture, Raster, Shape, to_svg, write_png};
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::reduce::raster::{Eye, Pixel, Window, clearness, flat, space};
use crate::ui::scene::Scene;
use crate::ui::theme::Theme;
use crate::ui::widgets::button;
use crate::ui::widgets::chart::paint;
use crate::worker::FileJob;

/// Pixels per point.
const SCALE: f32 = 2.0;
/// Around the picture: left, top, right and bottom, in points. The top has the title, the left and bottom the axes.
const ROOM: [f32; 4] = [72.0, 56.0, 24.0, 76.0];
/// Between entries of the legend.
const GAP: f32 = 18.0;

/// Everything that is seen, for drawing it again.
#[derive(Clone)]
pub struct Seen {
    pub dressed: Arc<Dressed>,
    pub sight: Sight,
    /// In points.
    pub size: [f32; 2],
    pub axes: Vec<Ruled>,
    pub marked: Vec<Marked>,
    pub legend: Vec<(String, Color)>,
    pub title: String,
    /// What is said under the picture.
    pub note: String,
    pub dark: bool,
}

/// The button with the menu of files.
pub fn button(ui: &mut Ui, scene: &mut Scene) {
    let response = button::icon(ui, ICON_SAVE_ALT, "Save the picture");
    let seen = scene.cache.map.seen.clone();
    Popup::menu(&response).show(|ui| {
        let Some(seen) = seen else { return };
        let name = seen.title.clone();
        if ui.button("Save as PNG…").clicked() {
            let seen = seen.clone();
            let fill = move |out: &mut dyn std::io::Write| {
                write_png(&picture(&seen).map_err(std::io::Error::other)?, SCALE, out)
            };
            scene.act(Action::Save(FileJob::new(format!("{name}.png"), fill)));
            ui.close();
        }
        if ui.button("Save as SVG…").clicked() {
            let title = name.clone();
            let fill = move |out: &mut dyn std::io::Write| {
                out.write_all(to_svg(&picture(&seen).map_err(std::io::Error::other)?, &title).as_bytes())
            };
            scene.act(Action::Save(FileJob::new(format!("{name}.svg"), fill)));
            ui.close();
        }
    });
}

/// The whole picture with title, legend, axes and note.
fn picture(seen: &Seen) -> Result<Picture> {
    let t = Theme::get(seen.dark);
    let [left, top, right, bottom] = ROOM;
    let size = [seen.size[0] + left + right, seen.size[1] + top + bottom];
    let plot = Rect::from_min_size(pos2(left, top), vec2(seen.size[0], seen.size[1]));
    let mut sheet = Sheet::default();
    let ground = Area::new(0.0, 0.0, size[0], size[1]);
    sheet.0.push(Shape::Rect { area: ground, radius: 0.0, fill: Some(plain(t.bg.panel)), pen: None });
    sheet.words(pos2(t.space.l, t.space.xl), Anchor::Start, t.font.title, t.text.normal, &seen.title).bold = true;
    let mut x = t.space.l;
    for (name, color) in &seen.legend {
        let y = t.space.xl + t.font.title + t.space.xs;
        sheet.0.push(Shape::Circle { center: [x + 4.0, y], radius: 4.0, fill: Some(*color), pen: None });
        sheet.words(pos2(x + t.space.m, y), Anchor::Start, t.font.small, t.text.muted, name);
        x += t.space.m + sheet.measure(t.font.small, name).x + GAP;
    }
    match seen.sight {
        Sight::Flat(window) => {
            flat_axes(&mut sheet, seen, &window, plot, t);
            flat_points(&mut sheet, seen, &window, plot)?;
            let see = |at: [f64; 3]| on_plot(&window, plot, at);
            marks::draw(&mut sheet, &seen.marked, &see, t);
        }
        Sight::Space(eye) => {
            let cloud = &seen.dressed.cloud;
            let look = eye.look();
            frame::behind(&mut sheet, &look, &seen.axes, cloud, plot.min, t);
            space_points(&mut sheet, seen, &eye, plot)?;
            let see = |at: [f64; 3]| {
                let [x, y] = look.see(std::array::from_fn(|a| cloud.unit(a, at[a]) as f32)).0;
                plot.min + vec2(x, y)
            };
            marks::draw(&mut sheet, &seen.marked, &see, t);
            frame::labels(&mut sheet, &look, &seen.axes, cloud, plot.min, t);
        }
    }
    let at = pos2(t.space.l, size[1] - t.space.l);
    sheet.words(at, Anchor::Start, t.font.tiny, t.text.faint, &seen.note);
    Ok(Picture { size, shapes: sheet.0, ..Picture::default() })
}

fn on_plot(window: &Window, plot: Rect, at: [f64; 3]) -> Pos2 {
    let share = |[from, to]: [f64; 2], v: f64| ((v - from) / (to - from)) as f32;
    pos2(plot.left() + share(window.x, at[0]) * plot.width(), plot.bottom() - share(window.y, at[1]) * plot.height())
}

fn flat_axes(sheet: &mut Sheet, seen: &Seen, window: &Window, plot: Rect, t: &Theme) {
    let [x, y] = seen.axes.as_slice() else { return };
    let grid = Stroke::new(t.shape.hairline, t.plot.grid);
    for (at, words) in x.marks.iter().filter(|m| (window.x[0]..=window.x[1]).contains(&m.0)) {
        let at = on_plot(window, plot, [*at, 0.0, 0.0]).x;
        sheet.line(vec![pos2(at, plot.top()), pos2(at, plot.bottom())], grid);
        sheet.text(pos2(at, plot.bottom() + t.space.m), t.font.small, false, t.text.muted, words);
    }
    for (at, words) in y.marks.iter().filter(|m| (window.y[0]..=window.y[1]).contains(&m.0)) {
        let at = on_plot(window, plot, [0.0, *at, 0.0]).y;
        sheet.line(vec![pos2(plot.left(), at), pos2(plot.right(), at)], grid);
        sheet.words(pos2(plot.left() - t.space.s, at), Anchor::End, t.font.small, t.text.muted, words);
    }
    let below = pos2(plot.center().x, plot.bottom() + t.space.xl + t.space.s);
    sheet.text(below, t.font.small, false, t.text.muted, &x.label);
    let beside = pos2(t.space.l, plot.center().y);
    let words = sheet.words(beside, Anchor::Middle, t.font.small, t.text.muted, &y.label);
    (words.at, words.angle) = ([beside.x, beside.y], -90.0);
}

fn flat_points(sheet: &mut Sheet, seen: &Seen, window: &Window, plot: Rect) -> Result<()> {
    let Dressed { cloud, dress, .. } = &*seen.dressed;
    let size = seen.size.map(|v| (v * SCALE).round().max(1.0) as usize);
    let drawn = flat(cloud, dress, window, size, MOST_POINTS, &Ctx::silent())?;
    let Some(few) = drawn.few else {
        return image(sheet, plot, size, &drawn.pixels);
    };
    let radius = super::flat::radius(few.len());
    for back in [true, false] {
        for &i in few.iter().filter(|i| dress.stands_back(**i as usize) == back) {
            let [r, g, b] = dress.color(i as usize);
            let at = on_plot(window, plot, cloud.values(i as usize));
            let color = paint::color([r, g, b, if back { 56 } else { 218 }]);
            sheet.circle(at, radius, color, Stroke::NONE);
        }
    }
    Ok(())
}

fn space_points(sheet: &mut Sheet, seen: &Seen, eye: &Eye, plot: Rect) -> Result<()> {
    let Dressed { cloud, dress, .. } = &*seen.dressed;
    if cloud.len() > MOST_POINTS {
        let size = seen.size.map(|v| (v * SCALE).round().max(1.0) as usize);
        let eye = Eye { middle: eye.middle.map(|v| v * SCALE), scale: eye.scale * SCALE, ..*eye };
        let drawn = space(cloud, dress, &eye, size, &Ctx::silent())?;
        return image(sheet, plot, size, &drawn.pixels);
    }
    let look = eye.look();
    let mut points: Vec<(bool, f32, usize, Pos2)> = Vec::new();
    for i in (0..cloud.len()).filter(|i| dress.is_shown(*i)) {
        let ([x, y], depth) = look.see(cloud.at[i]);
        let at = plot.min + vec2(x, y);
        if plot.contains(at) {
            points.push((!dress.stands_back(i), depth, i, at));
        }
    }
    points.sort_unstable_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)).then(a.2.cmp(&b.2)));
    for (front, depth, i, at) in points {
        let clear = clearness(depth);
        let [r, g, b] = dress.faded(dress.color(i), if front { clear } else { 0.3 * clear });
        sheet.circle(at, 2.0 * (0.6 + 0.7 * clear), paint::color([r, g, b, 235]), Stroke::NONE);
    }
    Ok(())
}

fn image(sheet: &mut Sheet, plot: Rect, [width, height]: [usize; 2], pixels: &[Pixel]) -> Result<()> {
    if pixels.len() != width * height {
        return Err(Error::data("The picture is too large to be drawn; make the window smaller."));
    }
    // Pictures hold colours that are not multiplied by their opacity.
    let whole = |p: &Pixel| -> Color {
        let by = |v: u8| (u32::from(v) * 255 / u32::from(p[3]).max(1)).min(255) as u8;
        [by(p[0]), by(p[1]), by(p[2]), p[3]]
    };
    let raster = Raster { width, height, pixels: pixels.iter().map(whole).collect() };
    let area = Area::new(plot.left(), plot.top(), plot.right(), plot.bottom());
    sheet.0.push(Shape::Image { area, raster: Arc::new(raster) });
    Ok(())
}
