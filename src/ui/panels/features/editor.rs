//! The calculation being made or edited: how it is said, what it gives, and the decision.

use std::sync::Arc;

use egui::{Align, Layout, RichText, Stroke, Ui, vec2};
use egui_material_icons::icons::{ICON_CHECK, ICON_CLOSE, ICON_WARNING};

use super::engine::{self, Outcome, Trial};
use super::items::{Item, makes};
use super::{decisions, trial};
use crate::app::{FeatureDraft, Level};
use crate::clean::Prepared;
use crate::recipe::{Calculation, CleanStep, Formula, StepKind};
use crate::rfm::{Feature, RfmOut};
use crate::ui::scene::Scene;
use crate::ui::style::semibold;
use crate::ui::theme;
use crate::ui::widgets::choice::setting;
use crate::ui::widgets::expression::Mistake;
use crate::ui::widgets::formula::{self, Scope, Way, field, free_name, proposed_name};
use crate::ui::widgets::{button, card, choice, text};

/// Width of the name.
const NAME: f32 = 220.0;

/// How a frame of the editor ended.
enum End {
    Open,
    Cancelled,
    Applied,
}

pub fn show(ui: &mut Ui, scene: &mut Scene, rfm: &Arc<RfmOut>, items: &[Item]) {
    let t = theme::of(ui);
    let Some(prepared) = scene.session.prepared.get().cloned() else { return };
    // Taken out while it is drawn, so that its controls can use the scene.
    let Some(mut draft) = scene.view.features.draft.take() else { return };
    let mut end = End::Open;
    let id = ui.make_persistent_id("calculation that was drawn last");
    let shown = card::frame(ui).stroke(Stroke::new(t.shape.hairline, t.accent.normal)).show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.spacing_mut().item_spacing.y = t.space.s;
        ui.push_id(("calculation", draft.number), |ui| {
            head(ui, scene, &mut draft);
            let scope = scope(scene, &prepared, rfm, items, &draft);
            let input = Trial::of(scene, &draft, usable(scene, items, &draft).cloned().collect());
            let tried = input.map(|input| engine::follow(ui.ctx(), scene, input));
            let outcome = tried.as_ref().and_then(|f| f.value.as_deref()).filter(|o| o.number == draft.number);
            // What is wrong is told once somebody has begun.
            let mistake = outcome.and_then(|o| o.mistake()).filter(|_| !is_blank(&draft));
            let FeatureDraft { formula, other, .. } = &mut draft;
            formula::show(ui, scene, &scope, formula, other, mistake);
            if draft.level == Level::Customers && mistake.is_some() && outcome.is_some_and(|o| o.of_rows) {
                ui.horizontal(|ui| {
                    text::muted(ui, "It has a value per row of the table, not per customer.");
                    if button::link(ui, "Make a column of the table of it").clicked() {
                        draft.level = Level::Rows;
                    }
                });
            }
            let name_problem = name(ui, scene, items, &mut draft);
            card::rule(ui);
            let current = tried.as_ref().is_some_and(|f| f.current);
            let good = preview(ui, &draft, outcome, mistake, current);
            let possible = good && current && name_problem.is_none();
            end = buttons(ui, &draft, possible);
        });
    });
    // The button that opened it may stand far below.
    if ui.data(|d| d.get_temp::<u64>(id)) != Some(draft.number) {
        ui.data_mut(|d| d.insert_temp(id, draft.number));
        shown.response.scroll_to_me(Some(Align::Min));
    }
    ui.add_space(t.space.s);
    match end {
        End::Open => scene.view.features.draft = Some(draft),
        End::Cancelled => {}
        End::Applied => apply(scene, draft),
    }
}

/// What it is, and which level it is for.
fn head(ui: &mut Ui, scene: &Scene, draft: &mut FeatureDraft) {
    let title = match (draft.replaces, draft.level) {
        (Some(_), _) => "Edit a feature",
        (None, Level::Customers) => "New feature",
        (None, Level::Rows) => "New column",
    };
    let of_customers = of_customers(scene);
    ui.horizontal(|ui| {
        ui.label(RichText::new(title).family(semibold()));
        if draft.replaces.is_none() && !of_customers {
            let levels = [
                (Level::Customers, "Per customer", "A feature that customers can be clustered by"),
                (Level::Rows, "Per row", "A column of the table, made by a cleaning step"),
            ];
            if let Some(level) = choice::segmented(ui, "One value", &levels, draft.level) {
                draft.level = level;
                // Some forms make sense at one level only.
                if !Way::forms(level).contains(&Way::of(&draft.formula)) && Way::of(&draft.formula) != Way::Expression {
                    draft.formula = Formula::Expression { expression: String::new() };
                }
            }
        }
        text::muted_line(ui, level_sentence(draft.level, of_customers)).on_hover_text(LEVELS);
    });
}

/// Whether the table has one row per customer.
fn of_customers(scene: &Scene) -> bool {
    scene.session.roles.get().is_some_and(|r| r.shape.is_of_customers())
}

const LEVELS: &str = "A feature has one value per customer and can be clustered by. It may use other features, and the \
                      rows of each customer within aggregates such as AVG().\nA column has one value per row of the \
                      table; it can play a role and be filtered on.";

/// What becomes of the result.
fn level_sentence(level: Level, of_customers: bool) -> &'static str {
    match (level, of_customers) {
        (Level::Customers, true) => "A feature that customers can be clustered by.",
        (Level::Customers, false) => "A feature, from features or from rows within aggregates.",
        (Level::Rows, _) => "A column of the table, made by a cleaning step.",
    }
}

fn scope(scene: &Scene, prepared: &Arc<Prepared>, rfm: &Arc<RfmOut>, items: &[Item], draft: &FeatureDraft) -> Scope {
    match draft.level {
        Level::Rows => Scope::rows(prepared, prepared.steps().len()),
        Level::Customers => {
            let features: Vec<_> = usable(scene, items, draft).collect();
            Scope::customers(prepared, rfm, &features, of_customers(scene))
        }
    }
}

/// The features that a calculation may use: all but its own and those calculated after it.
fn usable<'a>(scene: &Scene, items: &'a [Item], draft: &FeatureDraft) -> impl Iterator<Item = &'a Feature> {
    let all = scene.session.recipe().map_or(0, |r| r.features.calculate.len());
    let until = draft.replaces.unwrap_or(all);
    items.iter().filter(move |i| i.is_feature() && i.own.is_none_or(|at| at < until)).map(|i| i.feature)
}

/// Whether nothing has been said yet.
fn is_blank(draft: &FeatureDraft) -> bool {
    match &draft.formula {
        Formula::Expression { expression } => expression.trim().is_empty(),
        form => form.columns().iter().all(|c| c.is_empty()),
    }
}

/// The name with what is wrong about it.
fn name(ui: &mut Ui, scene: &Scene, items: &[Item], draft: &mut FeatureDraft) -> Option<String> {
    let t = theme::of(ui);
    let Some(recipe) = scene.session.recipe() else { return Some(String::new()) };
    let loose = |text: &str| text.trim().to_lowercase();
    let calculate = &recipe.features.calculate;
    let replaced = draft.replaces.and_then(|at| calculate.get(at));
    let table = scene.session.prepared.get().map(|p| &p.table);
    let taken = |name: &str| match draft.level {
        Level::Rows => table.is_some_and(|t| t.columns.iter().any(|c| loose(&c.name) == loose(name))),
        Level::Customers => {
            let others = items.iter().filter(|i| i.is_feature() && replaced.is_none_or(|r| !makes(r, &i.feature.name)));
            let mut others = others.map(|i| i.feature);
            let same = |other: &str| loose(other) == loose(name);
            // An encoding is no feature itself: its columns have its name before their own.
            let encoding = matches!(draft.formula, Formula::OneHot { .. });
            !encoding && others.any(|f| same(&f.name) || same(&f.label))
                || calculate.iter().enumerate().any(|(i, c)| Some(i) != draft.replaces && same(&c.name))
        }
    };
    let proposed = free_name(&proposed_name(&draft.formula), taken);
    // Somebody who empties the field wants to type another name, and a name that is there stays.
    let emptied = draft.name.is_empty() && !draft.proposed.is_empty() && proposed == draft.proposed;
    if draft.replaces.is_none() && !emptied && (draft.name.is_empty() || draft.name == draft.proposed) {
        draft.name.clone_from(&proposed);
    }
    draft.proposed = proposed;
    let problem = match draft.name.trim() {
        "" => Some("Give it a name.".to_string()),
        name if taken(name) => Some(match draft.level {
            Level::Rows => format!("The table has a column {name:?} already."),
            Level::Customers => format!("There is a feature {name:?} already, or an output is called so."),
        }),
        name => replaced.filter(|r| r.name != name).and_then(|r| {
            let users = decisions::users(calculate, draft.replaces?);
            let words = super::catalogue::are(&users);
            (!users.is_empty()).then(|| format!("{words} made from it under its name {:?}: keep that.", r.name))
        }),
    };
    ui.horizontal(|ui| {
        setting(ui, "Name", "Its column name in outputs, and what expressions call it", |ui| {
            ui.horizontal(|ui| {
                field(ui, "Name of the result", "what it is to be called", NAME, &mut draft.name);
                if let Some(problem) = problem.as_ref().filter(|_| !draft.name.is_empty()) {
                    text::icon(ui, ICON_WARNING, t.state.warn);
                    text::muted(ui, problem.as_str());
                }
            });
        });
    });
    problem
}

/// What it gives. Returns whether it can be applied.
fn preview(
    ui: &mut Ui,
    draft: &FeatureDraft,
    outcome: Option<&Outcome>,
    mistake: Option<&Mistake>,
    current: bool,
) -> bool {
    text::heading(ui, "What it gives");
    if is_blank(draft) {
        let what = match draft.level {
            Level::Customers => "The first customers with the result stand here once there is one.",
            Level::Rows => "The first rows with the result stand here once there is one.",
        };
        text::muted(ui, what);
        return false;
    }
    // Fades only where it takes longer than a moment.
    let fade = ui.ctx().animate_bool_with_time(ui.scope_id().with("stale"), !current, 0.15);
    match outcome {
        None => {
            text::muted(ui, "Trying it…");
            false
        }
        Some(_) if mistake.is_some() => {
            text::muted(ui, "Nothing until what is said above is put right.");
            false
        }
        Some(outcome) => {
            ui.scope(|ui| {
                ui.multiply_opacity(1.0 - 0.5 * fade);
                trial::show(ui, outcome);
            });
            true
        }
    }
}

fn buttons(ui: &mut Ui, draft: &FeatureDraft, possible: bool) -> End {
    let mut end = End::Open;
    let row = vec2(ui.available_width(), theme::of(ui).shape.control);
    ui.allocate_ui_with_layout(row, Layout::right_to_left(Align::Center), |ui| {
        let apply = match (draft.replaces, draft.level) {
            (Some(_), _) => "Apply changes",
            (None, Level::Customers) => "Add this feature",
            (None, Level::Rows) => "Add this column",
        };
        if ui.add_enabled_ui(possible, |ui| button::primary(ui, ICON_CHECK, apply)).inner.clicked() {
            end = End::Applied;
        }
        if button::plain(ui, ICON_CLOSE, "Cancel").clicked() {
            end = End::Cancelled;
        }
    });
    end
}

fn apply(scene: &mut Scene, draft: FeatureDraft) {
    let name = draft.name.trim().to_string();
    match draft.level {
        Level::Customers => {
            decisions::calculate(scene, draft.replaces, Calculation { name, formula: draft.formula });
        }
        Level::Rows => {
            let step = StepKind::Calculate { name: name.clone(), formula: draft.formula };
            scene.decide(format!("Add column {name}"), false, |r| r.clean.steps.push(CleanStep::from(step)));
        }
    }
}
