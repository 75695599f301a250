//! What a step does, in words and examples; for the step being edited worked out while it is typed.

use std::sync::Arc;

use egui::text::{LayoutJob, TextFormat};
use egui::{FontId, Label, Stroke, Ui};

use super::tile;
use crate::app::Draft;
use crate::clean::steps::{self, Example};
use crate::clean::{Prepared, StepEffect};
use crate::format;
use crate::recipe::StepKind;
use crate::ui::scene::Scene;
use crate::ui::theme;
use crate::ui::widgets::{formula, state, text};

/// Longest text of a cell in an example, in characters.
const MOST_LETTERS: usize = 80;

/// One line: what the step did, with rows before and after.
pub fn summary(effect: &StepEffect) -> String {
    let note = state::sentence(&effect.note);
    match effect.rows_before.saturating_sub(effect.rows_after) {
        0 => note,
        gone => {
            let share = format::percent(gone as f64 / effect.rows_before as f64);
            let (before, after) = (format::count(effect.rows_before), format::count(effect.rows_after));
            format!("{note} {before} → {after} rows (−{share}).")
        }
    }
}

/// Up to `most` examples, one a line: the text before, and the text after or that the row is removed.
pub fn examples(ui: &mut Ui, effect: &StepEffect, most: usize) {
    for example in effect.examples.iter().take(most) {
        let row = format!("Row {} of the file's table", format::count(example.row + 1));
        ui.add(Label::new(line(ui, example)).truncate()).on_hover_text(row);
    }
}

fn line(ui: &Ui, example: &Example) -> LayoutJob {
    let t = theme::of(ui);
    let font = FontId::proportional(t.font.small);
    let plain = |color| TextFormat::simple(font.clone(), color);
    let mut job = LayoutJob::default();
    let mut part = |text: &str, format| job.append(text, 0.0, format);
    if !example.column.is_empty() {
        part(&format!("{}   ", example.column), plain(t.text.faint));
    }
    match &example.after {
        None => {
            let gone = TextFormat { strikethrough: Stroke::new(t.shape.hairline, t.text.muted), ..plain(t.text.muted) };
            part(&cell(&example.before, false), gone);
            part("   row removed", plain(t.state.warn));
        }
        Some(after) => {
            // Where nothing but spaces changes, they have to be seen.
            let squeezed = |s: &str| s.split_whitespace().collect::<String>();
            let spaces = squeezed(&example.before) == squeezed(after);
            part(&cell(&example.before, spaces), plain(t.text.muted));
            part("  →  ", plain(t.text.faint));
            part(&cell(after, spaces), plain(t.text.normal));
        }
    }
    job
}

/// A cell's text on one line; with `spaces`, stray ones are dots.
fn cell(text: &str, spaces: bool) -> String {
    if text.is_empty() {
        return "(empty)".into();
    }
    let letters: Vec<char> = text.chars().collect();
    let blank = |i: Option<usize>| i.and_then(|i| letters.get(i)).is_none_or(|c| c.is_whitespace());
    // Spaces at the ends and next to other spaces.
    let stray = |i: usize| spaces && blank(Some(i)) && (blank(i.checked_sub(1)) || blank(Some(i + 1)));
    let shown = letters.iter().enumerate().map(|(i, &c)| match c {
        _ if stray(i) => '·',
        c if c.is_control() => ' ',
        c => c,
    });
    let mut out: String = shown.take(MOST_LETTERS).collect();
    if letters.len() > MOST_LETTERS {
        out.push('…');
    }
    out
}

/// What the step being edited would do at place `at`. Returns whether it can be applied.
pub fn live(ui: &mut Ui, scene: &mut Scene, prepared: &Arc<Prepared>, at: usize, draft: &Draft) -> bool {
    text::heading(ui, "What it would do");
    if let Some(problem) = steps::problem(prepared.table_before(at), &draft.step) {
        tile::warning(ui, &state::sentence(&problem));
        return false;
    }
    if let StepKind::Calculate { formula, .. } = &draft.step
        && formula::mistake_in_rows(prepared.table_before(at), formula).is_some()
    {
        text::muted(ui, "Nothing until what is said above is put right.");
        return false;
    }
    let number = draft.number;
    let input = (prepared.clone(), at, draft.step.clone());
    let followed = scene.cache.follow("step preview", input, ui.ctx(), move |(prepared, at, step), ctx| {
        prepared.preview(*at, step, ctx).ok().map(|effect| (number, effect))
    });
    let known = followed.value.filter(|v| v.0 == number);
    // Fades only where it takes longer than a moment.
    let fade = ui.ctx().animate_bool_with_time(ui.scope_id().with("stale"), !followed.current, 0.15);
    let Some(known) = known else {
        text::muted(ui, "Trying it…");
        return false;
    };
    let effect = &known.1;
    ui.scope(|ui| {
        ui.multiply_opacity(1.0 - 0.5 * fade);
        if let Some(error) = &effect.error {
            tile::problem(ui, &state::sentence(error));
        } else {
            text::line(ui, summary(effect));
            examples(ui, effect, steps::MOST_EXAMPLES);
            if effect.rows_after == 0 && effect.rows_before > 0 {
                tile::warning(ui, "No row would be left, so that nothing could be counted.");
            }
        }
    });
    effect.error.is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stray_spaces_are_seen_and_long_texts_cut() {
        assert_eq!(cell(" red  mug of tea ", true), "·red··mug of tea·");
        assert_eq!(cell(" red\nmug", false), " red mug");
        assert_eq!(cell("", true), "(empty)");
        assert_eq!(cell(&"x".repeat(2 * MOST_LETTERS), false).chars().count(), MOST_LETTERS + 1);
    }
}
