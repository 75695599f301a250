//! Where rows, columns, heads and bars of a sheet lie.

use std::ops::Range;

use egui::{Rect, pos2};

use super::{Place, Sheet};
use crate::format;
use crate::ui::theme::Theme;

/// The sheet cut into its parts.
pub(super) struct Parts {
    pub whole: Rect,
    /// Cells below the heads and right of the numbers and of the column that stays.
    pub body: Rect,
    /// Width of the first column where it stays.
    pub kept: f32,
    pub row_height: f32,
    /// What there is to scroll over.
    pub wide: f32,
    /// Left edges of all columns and the right edge of the last one, from the first one's left edge.
    pub edges: Vec<f32>,
    pub columns: Range<usize>,
    pub rows: Range<usize>,
    pub left: f32,
    pub top: f64,
}

impl Parts {
    pub fn of(whole: Rect, sheet: &Sheet, place: &Place, keeps_first: bool, t: &Theme) -> Parts {
        let digits = format::count(sheet.last_number.max(1)).chars().count() as f32;
        let gutter = digits * t.font.small * 0.62 + t.space.l;
        let width = |i: usize| place.dragged.iter().find(|(c, _)| *c == i).map_or(sheet.widths[i], |d| d.1);
        let kept = if keeps_first && !sheet.widths.is_empty() { width(0) } else { 0.0 };
        let body = Rect::from_min_max(pos2(whole.left() + gutter + kept, whole.top() + sheet.head), whole.max);
        let mut edges = Vec::with_capacity(sheet.widths.len() + 1);
        let mut x = 0.0;
        edges.push(x);
        for i in 0..sheet.widths.len() {
            // A column that stays takes no room among those that are scrolled.
            x += if i == 0 && kept > 0.0 { 0.0 } else { width(i) };
            edges.push(x);
        }
        let row_height = t.shape.row;
        // The last column may stand beside the vertical bar.
        let wide = if x > body.width() { x + t.space.s } else { x };
        let left = place.left.clamp(0.0, (wide - body.width()).max(0.0));
        let first = edges.partition_point(|e| *e <= left).saturating_sub(1).max(usize::from(kept > 0.0));
        let last = edges.partition_point(|e| *e < left + body.width()).min(sheet.widths.len());
        let fit = f64::from((body.height() / row_height).max(1.0));
        // The last row may stand above the horizontal bar.
        let top = place.top.clamp(0.0, (sheet.rows as f64 + 0.5 - fit).max(0.0));
        let from = (top as usize).min(sheet.rows);
        let to = ((top + fit).ceil() as usize).min(sheet.rows);
        Parts { whole, body, kept, row_height, wide, edges, columns: first..last.max(first), rows: from..to, left, top }
    }

    /// The columns one sees, the one that stays first.
    pub fn seen(&self) -> impl Iterator<Item = usize> + use<> {
        (0..usize::from(self.kept > 0.0)).chain(self.columns.clone())
    }

    pub fn stays(&self, column: usize) -> bool {
        column == 0 && self.kept > 0.0
    }

    pub fn column(&self, column: usize) -> (f32, f32) {
        if self.stays(column) {
            return (self.body.left() - self.kept, self.body.left());
        }
        let x = self.body.left() - self.left;
        (x + self.edges[column], x + self.edges[column + 1])
    }

    pub fn row(&self, row: usize) -> (f32, f32) {
        let y = self.body.top() + (row as f64 - self.top) as f32 * self.row_height;
        (y, y + self.row_height)
    }

    pub fn cell(&self, row: usize, column: usize) -> Rect {
        let ((x0, x1), (y0, y1)) = (self.column(column), self.row(row));
        Rect::from_min_max(pos2(x0, y0), pos2(x1, y1))
    }

    /// The row at this height, also beside its cells.
    pub fn row_at(&self, p: egui::Pos2) -> Option<usize> {
        let row = (self.top + f64::from((p.y - self.body.top()) / self.row_height)) as usize;
        (self.whole.contains(p) && p.y >= self.body.top() && self.rows.contains(&row)).then_some(row)
    }

    pub fn at(&self, p: egui::Pos2) -> Option<(usize, usize)> {
        let row = (self.top + f64::from((p.y - self.body.top()) / self.row_height)) as usize;
        let column = self.seen().find(|c| (self.column(*c).0..self.column(*c).1).contains(&p.x))?;
        let left = self.body.left() - self.kept;
        let inside = self.whole.contains(p) && p.x >= left && p.y >= self.body.top();
        (inside && self.rows.contains(&row)).then_some((row, column))
    }

    pub fn rows_fit(&self) -> f64 {
        f64::from(self.body.height() / self.row_height)
    }
}
