//! What the file cannot tell by itself: asked where it matters, with the reading that was taken until it is answered.

use chrono::DateTime;
use egui::{Align, Layout, RichText, Ui};
use egui_material_icons::icons::ICON_HELP;

use crate::format;
use crate::intake::dates::{self, DateStyle};
use crate::intake::kind::ColumnKind;
use crate::intake::numbers::{Decimal, NumberStyle};
use crate::intake::{ColumnReport, Role, RolesOut};
use crate::recipe::Recipe;
use crate::ui::scene::Scene;
use crate::ui::style::semibold;
use crate::ui::theme;
use crate::ui::widgets::{card, text};

/// One open question.
pub struct Question {
    pub column: String,
    /// The doubtful value as it stands in the file.
    example: String,
    /// How many values could be either, and what was assumed.
    remark: String,
    /// Each with its words, whether it is how the column is read now, and what choosing it sets.
    answers: [(String, bool, Answer); 2],
}

#[derive(Clone, Copy)]
enum Answer {
    /// What `roles.date_format` is to be.
    DateOrder(&'static str),
    DecimalSign(char),
}

/// The questions about columns that play a role and about which nothing was decided yet.
pub fn open(recipe: &Recipe, roles: &RolesOut) -> Vec<Question> {
    let column = |role: Role| {
        let name = roles.column(role)?;
        roles.columns.iter().find(|c| c.name == name)
    };
    let mut out = Vec::new();
    if recipe.roles.date_format.is_none() {
        out.extend(column(Role::Date).and_then(day_or_month));
    }
    if recipe.input.decimal.is_none() {
        // One answer holds for all columns of numbers.
        out.extend([Role::Amount, Role::UnitPrice, Role::Quantity].into_iter().filter_map(column).find_map(decimal));
    }
    out
}

fn day_or_month(column: &ColumnReport) -> Option<Question> {
    let ColumnKind::Date { style, ambiguous: true, .. } = &column.kind else { return None };
    let both = |text: &&String| {
        let (day_first, month_first) =
            (dates::parse(text, &DateStyle::DayFirst)?, dates::parse(text, &DateStyle::MonthFirst)?);
        (day_first != month_first).then_some(((*text).clone(), day_first, month_first))
    };
    let (example, day_first, month_first) = column.examples.iter().find_map(|text| both(&text))?;
    let now = dates::parse(&example, style)?;
    let day = |seconds: i64| DateTime::from_timestamp(seconds, 0).unwrap_or_default().format("%-d %B %Y").to_string();
    let read = if now == day_first { "day first" } else { "month first" };
    Some(Question {
        column: column.name.clone(),
        remark: format!("{} could be either. Read as {read} until you decide.", values(column)),
        answers: [
            (format!("{} (day first)", day(day_first)), now == day_first, Answer::DateOrder(dates::DAY_FIRST)),
            (format!("{} (month first)", day(month_first)), now == month_first, Answer::DateOrder(dates::MONTH_FIRST)),
        ],
        example,
    })
}

fn decimal(column: &ColumnReport) -> Option<Question> {
    let ColumnKind::Number { style, .. } = &column.kind else { return None };
    if !style.ambiguous {
        return None;
    }
    let both = |text: &String| {
        let (point, comma) =
            (NumberStyle::of(Decimal::Point).parse(text)?, NumberStyle::of(Decimal::Comma).parse(text)?);
        (point != comma).then_some((text.trim().to_string(), point, comma))
    };
    // An example whose decimals are not zero shows the difference best.
    let (example, point, comma) =
        column.examples.iter().filter_map(both).max_by_key(|(_, _, comma)| comma.fract() != 0.0)?;
    let number = |n: f64| format::number(n, if n.fract() == 0.0 { 0 } else { 3 });
    let is_point = style.decimal == Decimal::Point;
    let read = if is_point { "a decimal point" } else { "a decimal comma" };
    Some(Question {
        column: column.name.clone(),
        remark: format!("{} could be either. Read with {read} until you decide.", values(column)),
        answers: [
            (format!("{} (decimal point)", number(point)), is_point, Answer::DecimalSign('.')),
            (format!("{} (decimal comma)", number(comma)), !is_point, Answer::DecimalSign(',')),
        ],
        example,
    })
}

fn values(column: &ColumnReport) -> String {
    format::plural(column.ambiguous_values, "value", "values")
}

/// The question as a card with its answers as buttons.
pub fn show(ui: &mut Ui, scene: &mut Scene, question: &Question) {
    let t = theme::of(ui);
    let stroke = egui::Stroke::new(t.shape.hairline, t.state.warn);
    card::frame(ui).stroke(stroke).inner_margin(t.space.s).show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.spacing_mut().item_spacing.y = t.space.xs;
        ui.horizontal(|ui| {
            text::icon(ui, ICON_HELP, t.state.warn);
            let [(first, ..), (second, ..)] = &question.answers;
            let bare = |words: &str| words.split(" (").next().unwrap_or_default().to_string();
            let asks =
                format!("{} in {}: is it {} or {}?", question.example, question.column, bare(first), bare(second));
            ui.add(egui::Label::new(RichText::new(asks).family(semibold())).wrap());
        });
        ui.horizontal_wrapped(|ui| {
            for (words, now, answer) in &question.answers {
                let button = egui::Button::new(words.as_str()).selected(*now);
                let hint = if *now { "As it is read now" } else { "Read the whole column so" };
                if ui.add(button).on_hover_text(hint).clicked() {
                    decide(scene, question, words, *answer);
                }
            }
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| text::muted(ui, &question.remark));
        });
    });
    ui.add_space(t.space.xs);
}

fn decide(scene: &mut Scene, question: &Question, words: &str, answer: Answer) {
    let label = format!("{} in {} is {words}", question.example, question.column);
    scene.decide(label, false, |r| match answer {
        Answer::DateOrder(order) => r.roles.date_format = Some(order.to_string()),
        Answer::DecimalSign(sign) => r.input.decimal = Some(sign),
    });
}
