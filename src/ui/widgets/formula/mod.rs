//! The two ways to say what is worked out, as an expression or in a form; for columns of the table and for features of
//! customers alike.

mod controls;
mod forms;
mod scope;
mod way;

use egui::{RichText, Ui};

pub use controls::field;
use scope::Kind;
pub use scope::{Name, Scope};
pub use way::{Way, free_name, proposed_name};

use crate::app::Level;
use crate::features::calculate::{self, ExpressionError};
use crate::intake::Table;
use crate::recipe::Formula;
use crate::ui::scene::Scene;
use crate::ui::theme;
use crate::ui::widgets::expression::{self, Mistake, Word, WordKind};
use crate::ui::widgets::{choice, state, text};

/// Width of the list of forms.
const FORMS: f32 = 200.0;

/// Draws the choice between expression and form, and the controls of the one that is chosen. `other` keeps what stood
/// in the other one.
pub fn show(
    ui: &mut Ui,
    scene: &mut Scene,
    scope: &Scope,
    formula: &mut Formula,
    other: &mut Option<Formula>,
    mistake: Option<&Mistake>,
) {
    let t = theme::of(ui);
    let now = Way::of(formula);
    let by_form = now != Way::Expression;
    ui.horizontal(|ui| {
        let ways = [
            (false, "Expression", "Write it: columns, features, numbers, functions"),
            (true, "Form", "Fill it in: no expression to write"),
        ];
        if let Some(form) = choice::segmented(ui, "Say it by", &ways, by_form) {
            let first = scope.forms().first().copied().unwrap_or(Way::Arithmetic);
            let kept = other.take().filter(|f| (Way::of(f) != Way::Expression) == form);
            let fresh = if form { first.blank(scope) } else { Way::Expression.blank(scope) };
            *other = Some(std::mem::replace(formula, kept.unwrap_or(fresh)));
        }
        if by_form {
            let options: Vec<(Way, String)> = scope.forms().into_iter().map(|w| (w, w.label().to_string())).collect();
            if let Some(picked) = choice::combo(ui, "Kind of calculation", FORMS, now.label(), &options, &now) {
                *formula = keeping_column(formula, picked, scope);
            }
            text::muted_line(ui, now.hint());
        }
    });
    ui.add_space(t.space.xs);
    match formula {
        Formula::Expression { expression } => {
            let words = words(scope);
            expression::show(ui, "Expression", &example(scope), expression, &words, mistake);
            expression::insert_menus(ui, "Expression", expression, &words);
        }
        form => {
            forms::show(ui, scene, scope, form);
            if let Some(mistake) = mistake {
                let color = t.state.warn;
                ui.horizontal_top(|ui| {
                    text::icon(ui, egui_material_icons::icons::ICON_WARNING, color);
                    ui.add(egui::Label::new(RichText::new(&mistake.message).size(t.font.small).color(color)).wrap());
                });
            }
        }
    }
}

/// A blank formula of another kind with the column of the one before, where that fits.
fn keeping_column(before: &Formula, way: Way, scope: &Scope) -> Formula {
    let mut formula = way.blank(scope);
    let Some(had) = before.columns().into_iter().find(|c| !c.is_empty()) else { return formula };
    let fits = match way {
        Way::Aggregate => scope.columns().any(|n| n.name == had),
        _ => scope.own(way.kinds()).any(|n| n.name == had),
    };
    if fits {
        match &mut formula {
            Formula::Bins { column, .. }
            | Formula::DatePart { column, .. }
            | Formula::DaysSince { column, .. }
            | Formula::OneHot { column, .. }
            | Formula::Ordinal { column, .. }
            | Formula::Aggregate { column, .. } => *column = had.to_string(),
            Formula::JoinText { columns, .. } => columns.push(had.to_string()),
            Formula::Arithmetic { left, .. } => *left = crate::recipe::Operand::Column(had.to_string()),
            Formula::Expression { .. } => {}
        }
    }
    formula
}

/// An expression over names that are there.
fn example(scope: &Scope) -> String {
    let mut numbers = scope.own(&[Kind::Number]).map(|n| calculate::quoted(&n.name));
    match (numbers.next(), numbers.next()) {
        (Some(a), Some(b)) => format!("For example {a} / {b}"),
        (Some(a), None) => format!("For example {a} * 2"),
        _ => "For example 1 + 1".into(),
    }
}

/// What is wrong with an expression, as the editor shows it.
pub fn mistake(error: &ExpressionError) -> Mistake {
    Mistake { at: error.at.clone(), message: state::sentence(&error.message) }
}

/// What is wrong with a formula for a column of `table`, as far as it is told by looking; nothing for an empty one.
pub fn mistake_in_rows(table: &Table, formula: &Formula) -> Option<Mistake> {
    let Formula::Expression { expression } = formula else { return None };
    if expression.trim().is_empty() {
        return None;
    }
    let scope = calculate::Scope::of(Some(table), &[]);
    calculate::check(expression, calculate::Level::Rows, &scope).err().map(|e| mistake(&e))
}

/// Names and functions as the expression editor offers them.
fn words(scope: &Scope) -> Vec<Word> {
    let function = |f: &calculate::Function| Word {
        name: f.name.into(),
        kind: WordKind::Function,
        note: f.usage.into(),
        hint: f.help.into(),
    };
    let name = |n: &Name| {
        let note = match (scope.level, n.of) {
            (Level::Customers, Level::Rows) => format!("column, {}", n.kind.word()),
            (Level::Customers, Level::Customers) => format!("feature, {}", n.kind.word()),
            (Level::Rows, _) => n.kind.word().to_string(),
        };
        Word { name: n.name.clone(), kind: WordKind::Name, note, hint: n.hint.clone() }
    };
    scope.names.iter().map(name).chain(calculate::functions().iter().map(function)).collect()
}
