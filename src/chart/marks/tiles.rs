//! A treemap: rectangles whose areas are the values, as square as they can be.

use crate::chart::Tile;
use crate::chart::layout::Draft;
use crate::chart::picture::{Anchor, Area, Color, Pen};
use crate::chart::text;

pub(in crate::chart) fn draw(draft: &mut Draft, tiles: &[Tile], plot: &Area) {
    let values: Vec<f64> = tiles.iter().map(|t| t.value).collect();
    for (i, area) in squarify(&values, plot).into_iter().enumerate() {
        let Some(area) = area else { continue };
        let tile = &tiles[i];
        let gap = if area.width().min(area.height()) > 6.0 { 1.0 } else { 0.0 };
        let area = Area::new(area.left, area.top, area.right - gap, area.bottom - gap);
        let ground = draft.palette.color(tile.ink);
        let radius = if gap > 0.0 { 3.0 } else { 0.0 };
        draft.fill(area, radius, ground);
        words(draft, tile, &area, ground);
        if tile.ring {
            let pen = Pen::new(2.0, draft.palette.text);
            draft.ring(area.shrunk(1.0), radius, pen);
        }
        draft.place(i, area);
    }
}

/// The name in one or two lines, and the second text where it fits whole.
fn words(draft: &mut Draft, tile: &Tile, area: &Area, ground: Color) {
    let size = draft.palette.note_size;
    let (row, room) = (size * 1.35, area.width() - 14.0);
    let color = draft.palette.text_on(ground);
    let rows = ((area.height() - 10.0) / row).max(0.0) as usize;
    let broken = text::wrapped(&tile.name, size, true, room);
    let mut lines = if broken.len() <= rows.min(2) && !broken.iter().any(|l| l.ends_with('…')) {
        broken
    } else {
        // Two letters and an ellipsis say nothing.
        Some(text::elided(&tile.name, size, true, room))
            .filter(|l| rows > 0 && l.chars().count() > 3)
            .into_iter()
            .collect()
    };
    let named = lines.len();
    if named > 0 && named < rows && text::width(&tile.text, size, false) <= room {
        lines.push(tile.text.clone());
    }
    for (i, line) in lines.into_iter().enumerate() {
        let y = area.top + 5.0 + row * (i as f32 + 0.5);
        draft.text([area.left + 7.0, y], line, size, i < named, color, Anchor::Start);
    }
}

/// Areas proportional to `values` that fill `room`, by the squarified treemap algorithm of Bruls, Huizing and van Wijk
/// (2000); `None` for values that are not above zero. The largest stands at the top left.
pub fn squarify(values: &[f64], room: &Area) -> Vec<Option<Area>> {
    let mut order: Vec<usize> = (0..values.len()).filter(|&i| values[i] > 0.0 && values[i].is_finite()).collect();
    order.sort_by(|&a, &b| values[b].total_cmp(&values[a]));
    let total: f64 = order.iter().map(|&i| values[i]).sum();
    let scale = f64::from(room.width()) * f64::from(room.height()) / total;
    let mut areas = vec![None; values.len()];
    let mut free = [f64::from(room.left), f64::from(room.top), f64::from(room.right), f64::from(room.bottom)];
    let mut rest = &order[..];
    while !rest.is_empty() {
        let side = (free[2] - free[0]).min(free[3] - free[1]);
        let area = |&i: &usize| values[i] * scale;
        // As long as one more makes the worst of the row squarer, it joins the row.
        let worst = |row: &[usize], sum: f64| {
            let (most, least) = (area(&row[0]), area(&row[row.len() - 1]));
            (side * side * most / (sum * sum)).max(sum * sum / (side * side * least))
        };
        let mut count = 1;
        let mut sum = area(&rest[0]);
        while count < rest.len() {
            let more = sum + area(&rest[count]);
            if worst(&rest[..=count], more) > worst(&rest[..count], sum) {
                break;
            }
            (count, sum) = (count + 1, more);
        }
        let (row, after) = rest.split_at(count);
        lay(row, sum, &area, &mut free, &mut areas);
        rest = after;
    }
    areas
}

/// Lays a row along the shorter side of what is free, and takes it off.
fn lay(row: &[usize], sum: f64, area: &impl Fn(&usize) -> f64, free: &mut [f64; 4], areas: &mut [Option<Area>]) {
    let [left, top, right, bottom] = *free;
    let upright = right - left >= bottom - top;
    let side = if upright { bottom - top } else { right - left };
    let thick = if side > 0.0 { sum / side } else { 0.0 };
    let mut at = 0.0;
    for i in row {
        let long = if thick > 0.0 { area(i) / thick } else { 0.0 };
        let (a, b) = (at as f32, (at + long) as f32);
        let (left, top, thick) = (left as f32, top as f32, thick as f32);
        areas[*i] = Some(if upright {
            Area::new(left, top + a, left + thick, top + b)
        } else {
            Area::new(left + a, top, left + b, top + thick)
        });
        at += long;
    }
    free[usize::from(!upright)] += thick;
}
