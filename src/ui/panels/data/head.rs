//! The head of a column: name, role, type, and how its values lie.

use egui::{Label, Popup, RichText, Sense, Ui, vec2};
use egui_material_icons::icons::ICON_WARNING;

use crate::format;
use crate::intake::{ColumnReport, Role, Table};
use crate::recipe::CellType;
use crate::ui::style::semibold;
use crate::ui::theme::{self, Theme};
use crate::ui::widgets::chip::{self, Choice};
use crate::ui::widgets::sheet::excerpt;
use crate::ui::widgets::{spread, state, text};

/// What was asked for in a head.
pub enum Wish {
    /// The column (by place) is to have this role.
    Role(usize, Role),
    /// No column is to have this role.
    NoRole(Role),
    /// The column (by place) is to be read as this type; `None`: as it was found.
    Type(usize, Option<CellType>),
}

/// Height of the part that shows how values lie.
const LIES: f32 = 22.0;

/// Height of a head in points.
pub fn height(t: &Theme) -> f32 {
    2.0 * (t.font.small + t.space.s) + LIES + t.space.xs * 5.0
}

/// What a head shows of its column.
pub struct Head<'a> {
    pub table: &'a Table,
    pub column: usize,
    /// There once roles and types are found.
    pub report: Option<&'a ColumnReport>,
    /// The type that a cleaning step makes of it.
    pub changed: Option<CellType>,
}

/// Draws the head of a column.
pub fn show(ui: &mut Ui, head: &Head) -> Option<Wish> {
    let Head { table, column, report, .. } = *head;
    let t = theme::of(ui);
    let c = &table.columns[column];
    let mut wish = None;
    ui.spacing_mut().item_spacing.y = t.space.xs;
    ui.spacing_mut().interact_size.y = t.font.body + t.space.xs;
    let name =
        Label::new(RichText::new(&c.name).size(t.font.small).family(semibold())).truncate().sense(Sense::hover());
    let name = ui.add(name);
    if let Some(report) = report {
        name.on_hover_ui(|ui| facts(ui, report, table.rows));
    }
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = t.space.xs;
        let role = report.and_then(|r| r.role.as_deref()).and_then(|n| Role::ALL.into_iter().find(|r| r.name() == n));
        wish = role_chip(ui, column, &c.name, role).or_else(|| type_chip(ui, head));
    });
    if let Some(report) = report {
        spread::show(ui, &report.histogram, report.distinct, LIES);
        present(ui, report, table.rows);
    }
    wish
}

fn role_chip(ui: &mut Ui, column: usize, name: &str, role: Option<Role>) -> Option<Wish> {
    let t = theme::of(ui);
    let response = match role {
        Some(role) => {
            let called = format!("{name} is the {}", role.label().to_lowercase());
            chip::small(ui, role.label(), &called, t.accent.soft, t.accent.normal)
        }
        None => chip::small(ui, "+", &format!("What {name} is"), t.bg.hover, t.text.muted),
    };
    let mut wish = None;
    Popup::menu(&response).gap(t.space.xs).show(|ui| {
        text::muted(ui, "Use this column as");
        let mut options: Vec<Choice<Option<Role>>> =
            Role::ALL.iter().map(|r| Choice::new(Some(*r), r.label())).collect();
        options.push(Choice::new(None, "Nothing"));
        match (chip::choices(ui, &options, &role), role) {
            (Some(Some(new)), _) => wish = Some(Wish::Role(column, new)),
            (Some(None), Some(old)) => wish = Some(Wish::NoRole(old)),
            _ => {}
        }
    });
    response.on_hover_text("What this column is to the analysis. Click to change it.");
    wish
}

fn type_chip(ui: &mut Ui, head: &Head) -> Option<Wish> {
    let t = theme::of(ui);
    let c = &head.table.columns[head.column];
    let found = c.kind.label();
    let (shown, color) = match head.changed {
        Some(to) => (format!("→ {}", to.label().to_lowercase()), t.accent.normal),
        None => (found.to_string(), t.text.muted),
    };
    let response = chip::small(ui, &shown, &format!("Type of {}: {shown}", c.name), t.bg.hover, color);
    let mut wish = None;
    Popup::menu(&response).gap(t.space.xs).show(|ui| {
        text::muted(ui, "Read this column as");
        let mut options = vec![Choice { value: None, words: "As found".into(), note: found.into() }];
        options.extend(CellType::ALL.iter().map(|to| Choice::new(Some(*to), to.label())));
        wish = chip::choices(ui, &options, &head.changed).map(|to| Wish::Type(head.column, to));
    });
    response.on_hover_text(format!("Found: {found}. Another type becomes a step of Clean. Click to change it."));
    wish
}

/// The bar of rows that have a value.
fn present(ui: &mut Ui, report: &ColumnReport, rows: usize) {
    let t = theme::of(ui);
    let share = report.missing as f32 / rows.max(1) as f32;
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), t.space.xs), Sense::hover());
    ui.painter().rect_filled(rect, t.shape.radius_small, t.bg.hover);
    let mut filled = rect;
    filled.set_width(rect.width() * (1.0 - share));
    ui.painter().rect_filled(filled, t.shape.radius_small, t.text.faint);
    response.on_hover_text(missing(report, rows));
}

fn missing(report: &ColumnReport, rows: usize) -> String {
    if report.missing == 0 {
        return "No value is missing".into();
    }
    let share = format::percent(report.missing as f64 / rows.max(1) as f64);
    format!("{} no value ({share})", format::plural(report.missing, "row has", "rows have"))
}

/// The texts that say "no value" with their rows.
fn tokens(tokens: &[(String, usize)]) -> String {
    let named = tokens.iter().take(6).map(|(token, rows)| {
        let token = if token.trim().is_empty() { "empty cell".into() } else { format!("{token:?}") };
        format!("{token} ({})", format::count(*rows))
    });
    let rest = if tokens.len() > 6 { format!(" and {} more", tokens.len() - 6) } else { String::new() };
    named.collect::<Vec<_>>().join(", ") + &rest
}

/// Everything that is known about the column.
fn facts(ui: &mut Ui, report: &ColumnReport, rows: usize) {
    let t = theme::of(ui);
    ui.set_max_width(340.0);
    ui.spacing_mut().item_spacing.y = t.space.xs;
    text::heading(ui, &report.name);
    let written = if report.written.is_empty() { String::new() } else { format!(", {}", report.written) };
    text::muted(ui, format!("{}{written}", state::sentence(report.kind.label()).trim_end_matches('.')));
    text::muted(ui, missing(report, rows));
    if report.missing > 0 {
        text::muted(ui, format!("Taken for no value: {}", tokens(&report.missing_tokens)));
    }
    text::muted(ui, format::plural(report.distinct, "distinct value", "distinct values"));
    if !report.examples.is_empty() {
        let examples: Vec<String> = report.examples.iter().map(|e| excerpt(e, 40)).collect();
        text::muted(ui, format!("For example {}", examples.join(", ")));
    }
    if let (Some(reason), Some(confidence)) = (&report.role_reason, report.role_confidence) {
        let role = report.role.as_deref().unwrap_or_default().replace('_', " ");
        text::muted(ui, format!("Taken as the {role} because {reason} ({})", format::percent(confidence)));
    }
    for problem in &report.problems {
        ui.horizontal_top(|ui| {
            text::icon(ui, ICON_WARNING, t.state.warn);
            text::muted(ui, state::sentence(problem));
        });
    }
}
