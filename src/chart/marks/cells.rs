//! A matrix of cells with words in them.

use crate::chart::Cells;
use crate::chart::layout::Draft;
use crate::chart::palette::mixed;
use crate::chart::picture::{Anchor, Area, Pen};
use crate::chart::text;

/// Room that words leave at both sides together.
const PADDING: f32 = 6.0;

pub(in crate::chart) fn draw(draft: &mut Draft, cells: &Cells, plot: &Area) {
    if cells.columns == 0 || cells.cells.is_empty() {
        return;
    }
    let rows = cells.cells.len().div_ceil(cells.columns);
    let (wide, high) = (plot.width() / cells.columns as f32, plot.height() / rows as f32);
    let gap = if wide.min(high) >= 8.0 { 1.0 } else { 0.0 };
    let snap = |v: f32| if gap > 0.0 { v.round() } else { v };
    let area = |i: usize| {
        let (row, column) = ((i / cells.columns) as f32, (i % cells.columns) as f32);
        Area::new(
            snap(plot.left + column * wide),
            snap(plot.top + row * high),
            snap(plot.left + (column + 1.0) * wide) - gap,
            snap(plot.top + (row + 1.0) * high) - gap,
        )
    };
    // Numbers in the few cells that happen to hold short ones would mislead.
    let size = draft.palette.small_size;
    let first = |text: &str| text.lines().next().map(|l| text::width(l, size, text.lines().count() > 1));
    let widths: Vec<f32> = cells.cells.iter().filter_map(|c| first(&c.text)).collect();
    let fitting = widths.iter().filter(|w| **w <= wide - gap - PADDING).count();
    let worded = fitting * 10 >= widths.len() * 9;
    let radius = if wide.min(high) >= 24.0 { 3.0 } else { 0.0 };
    for (i, cell) in cells.cells.iter().enumerate() {
        let area = area(i);
        let ground = match cell.ink {
            Some(ink) => draft.palette.color(ink),
            None => mixed(draft.palette.ground, draft.palette.line, 0.35),
        };
        draft.fill(area, radius, ground);
        if worded {
            words(draft, &cell.text, &area, ground, cell.ink.is_some());
        }
        draft.place(i, area);
    }
    for (i, _) in cells.cells.iter().enumerate().filter(|(_, c)| c.ring) {
        let pen = Pen::new(2.0, draft.palette.text);
        draft.ring(area(i).shrunk(1.0), radius, pen);
    }
}

/// As many of the lines, from the first, as fit whole.
fn words(draft: &mut Draft, lines: &str, area: &Area, ground: [u8; 4], coloured: bool) {
    let size = draft.palette.small_size;
    let strong = if coloured { draft.palette.text_on(ground) } else { draft.palette.muted };
    let (row, many) = (size * 1.3, lines.lines().count());
    let bold = |i: usize| i == 0 && many > 1;
    let fits = |(i, line): (usize, &str)| {
        text::width(line, size, bold(i)) <= area.width() - PADDING && row * (i + 1) as f32 <= area.height() - 2.0
    };
    let shown = lines.lines().enumerate().take_while(|l| fits(*l)).count();
    let top = area.center()[1] - row * shown as f32 / 2.0;
    for (i, line) in lines.lines().take(shown).enumerate() {
        let y = top + row * (i as f32 + 0.5);
        draft.text([area.center()[0], y], line.to_string(), size, bold(i), strong, Anchor::Middle);
    }
}
