//! The statistics of all columns as a table.

use egui::{Align, Label, Layout, RichText, Ui};

use super::kinds::Known;
use super::statistics::Statistic;
use crate::explore::Summary;
use crate::ui::style::semibold;
use crate::ui::theme;
use crate::ui::widgets::sheet::{self, Cell, Content, Sheet};

/// Draws the table over the room there is. `texts` has the cells row by row, see [`texts`].
pub fn show(ui: &mut Ui, all: &[Summary], texts: &[String]) {
    let t = theme::of(ui);
    let columns = Statistic::ALL.len() + 1;
    let widths: Vec<f32> = (0..columns)
        .map(|column| {
            let longest = (0..all.len()).map(|row| texts[row * columns + column].chars().count()).max().unwrap_or(0);
            let (name, most) = if column == 0 { ("", 30) } else { (Statistic::ALL[column - 1].name(), 26) };
            let characters = longest.clamp(6, most).max(name.chars().count() + 1);
            characters as f32 * t.font.small * 0.6 + t.space.l
        })
        .collect();
    let form = Sheet {
        slot: "statistics of all columns",
        rows: all.len(),
        widths: &widths,
        head: t.shape.control,
        last_number: all.len(),
        reveal: None,
    };
    sheet::show(ui, &form, &mut Rows { all, texts });
}

/// The cells as text, row by row.
pub fn texts(known: &Known) -> Vec<String> {
    let row = |column: &Summary| {
        let described = known.described(column);
        let values: Vec<String> = Statistic::ALL.iter().map(|s| s.of(&described).unwrap_or_default()).collect();
        std::iter::once(column.label.clone()).chain(values)
    };
    known.columns.iter().flat_map(row).collect()
}

struct Rows<'a> {
    all: &'a [Summary],
    texts: &'a [String],
}

impl Content for Rows<'_> {
    fn head(&mut self, ui: &mut Ui, column: usize) {
        let t = theme::of(ui);
        let (name, hint) = match column.checked_sub(1) {
            None => ("Column", "Its name in the table"),
            Some(i) => (Statistic::ALL[i].name(), Statistic::ALL[i].definition()),
        };
        let right = column > 0 && Statistic::ALL[column - 1] != Statistic::Top;
        let layout = if right { Layout::right_to_left(Align::Center) } else { Layout::left_to_right(Align::Center) };
        ui.with_layout(layout, |ui| {
            let words = RichText::new(name).size(t.font.small).family(semibold()).color(t.text.muted);
            ui.add(Label::new(words).truncate()).on_hover_text(hint);
        });
    }

    fn number(&self, row: usize) -> usize {
        row + 1
    }

    fn cell(&self, row: usize, column: usize) -> Cell<'_> {
        let text = self.texts[row * (Statistic::ALL.len() + 1) + column].as_str();
        let right = column > 0 && Statistic::ALL[column - 1] != Statistic::Top;
        let lacks = column > 0 && Statistic::ALL[column - 1] == Statistic::Missing && self.all[row].missing > 0;
        Cell { text, right, faint: text.is_empty(), marked: lacks }
    }
}
