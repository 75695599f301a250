//! Discs at places of the plane, their names beside them.

use crate::chart::layout::Draft;
use crate::chart::over::Labels;
use crate::chart::palette::{faded, mixed};
use crate::chart::picture::{Anchor, Area, At, Outline, Pen, Place, Shape};
use crate::chart::scale::Map;
use crate::chart::{Disc, text};

/// Radius of the largest disc as a share of the plot's shorter side, and the least and the most in points.
const LARGEST: f32 = 0.12;
const RADII: (f32, f32) = (5.0, 64.0);
/// Opacity of a disc.
const FILLED: f32 = 0.72;

pub(in crate::chart) fn draw(draft: &mut Draft, discs: &[Disc], plot: &Area, x: &Map, y: &Map) {
    let most = discs.iter().map(|d| d.value).fold(0.0, f64::max);
    let largest = (plot.width().min(plot.height()) * LARGEST).clamp(RADII.0, RADII.1);
    let radius = |d: &Disc| {
        let share = if most > 0.0 { (d.value / most).max(0.0).sqrt() as f32 } else { 1.0 };
        (largest * share).max(RADII.0)
    };
    // Large ones below small ones, so that none is hidden.
    let mut order: Vec<usize> = (0..discs.len()).collect();
    order.sort_by(|&a, &b| discs[b].value.total_cmp(&discs[a].value).then(a.cmp(&b)));
    let mut labels = Labels::new(*plot);
    for &i in &order {
        let (disc, r) = (&discs[i], radius(&discs[i]));
        let center: At = [x.place(disc.at[0]), y.place(disc.at[1])];
        let color = draft.palette.color(disc.ink);
        let ring = if disc.ring { Pen::new(2.5, draft.palette.text) } else { Pen::new(1.25, color) };
        draft.push(Shape::Circle { center, radius: r, fill: Some(faded(color, FILLED)), pen: Some(ring) });
        let size = draft.palette.title_size;
        if text::width(&disc.short, size, true) < 1.6 * r && size < 1.6 * r {
            let ground = mixed(draft.palette.ground, color, FILLED);
            draft.text(center, disc.short.clone(), size, true, draft.palette.text_on(ground), Anchor::Middle);
        }
        let area = Area::new(center[0] - r, center[1] - r, center[0] + r, center[1] + r);
        labels.taken(area.shrunk(r * 0.12));
        let outline = Outline::Circle(center, r + 1.0);
        draft.picture.places.push(Place { mark: i, hit: area.shrunk(-2.0), outline });
    }
    let size = draft.palette.note_size;
    for &i in &order {
        let (disc, r) = (&discs[i], radius(&discs[i]));
        let name = text::elided(&disc.name, size, false, plot.width() * 0.5);
        let center: At = [x.place(disc.at[0]), y.place(disc.at[1])];
        labels.beside(draft, center, r + 3.0, name, size, draft.palette.text);
    }
}
