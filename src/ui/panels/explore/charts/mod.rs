//! Columns on the left, a grid of charts on the right.

mod add;
mod cards;
mod columns;
mod kinds;
mod settings;
mod statistics;
mod table;
mod words;

use std::rc::Rc;
use std::sync::Arc;

use egui::{Align, Layout, Margin, Stroke, Ui};
use egui_material_icons::icons::{ICON_INSERT_CHART, ICON_PENDING, ICON_RESTART_ALT};

use crate::explore::{self, Answer, Question, Source, Summary};
use crate::intake::kind::ColumnKind;
use crate::intake::{Role, RolesOut};
use crate::pipeline::Stage;
use crate::rfm::Unit;
use crate::ui::scene::Scene;
use crate::ui::theme;
use crate::ui::widgets::{button, choice, state};
use kinds::Known;

/// Width of the list of columns.
const LIST: f32 = 236.0;

pub fn show(ui: &mut Ui, scene: &mut Scene) {
    let (Some(roles), Some(_)) = (scene.session.roles.get().cloned(), scene.session.rfm.get()) else {
        return state::waiting(ui, scene, Stage::Enrich);
    };
    let of_sales = !roles.shape.is_of_customers();
    if !of_sales && scene.view.explore.source == Source::Transactions {
        scene.view.explore.source = Source::Customers;
    }
    let source = scene.view.explore.source;
    let asked = scene.ask(("columns", source), &Question::Summaries { source });
    let columns = match asked.answer.as_deref() {
        Some(Answer::Summaries(columns)) => columns.clone(),
        _ => Arc::default(),
    };
    if source == Source::Customers
        && of_sales
        && let Some(more) = scene.catalogue(ui.ctx())
    {
        scene.offer(&more);
    }
    let units = match scene.subject().cloned() {
        Some(subject) => scene.cache.get("units of columns", columns.clone(), move |columns| {
            let there = explore::columns(&subject, source);
            let unit = |c: &Summary| there.iter().find(|i| i.name == c.name).map_or(Unit::Number, |i| i.unit);
            columns.iter().map(unit).collect::<Vec<Unit>>()
        }),
        None => Rc::default(),
    };
    let features = scene.session.rfm.get().map_or_else(Vec::new, |rfm| rfm.usual.clone());
    let facts = Facts::of(scene, &roles, &columns, &units);
    let known = Known {
        source,
        columns: &columns,
        units: &units,
        currency: scene.session.currency(),
        of_sales,
        has_time: facts.has_time,
        has_money: facts.has_money,
        amount: facts.amount.as_deref(),
        product: roles.column(Role::Product),
        customer: roles.column(Role::CustomerId),
        features: &features,
    };
    if asked.current && !columns.is_empty() {
        scene.view.explore.fit(|question| known.fits(question), || known.usual());
    }
    let t = theme::of(ui);
    let frame = egui::Frame::new().inner_margin(Margin { right: t.space.m as i8, ..Margin::ZERO });
    egui::Panel::left("explore columns")
        .frame(frame)
        .exact_size(LIST)
        .resizable(false)
        .show_separator_line(false)
        .show(ui, |ui| {
            let edge = ui.max_rect();
            ui.painter().vline(edge.right() + t.space.m, edge.y_range(), Stroke::new(t.shape.hairline, t.bg.line));
            columns::sources(ui, scene, of_sales);
            match &asked.error {
                Some(error) => drop(state::empty(ui, ICON_PENDING, &state::sentence(error), None)),
                None if columns.is_empty() => drop(state::empty(ui, ICON_PENDING, "Looking at the columns…", None)),
                None => state::dimmed(ui, !asked.current, |ui| columns::show(ui, scene, &known)),
            }
        });
    let frame = egui::Frame::new().inner_margin(Margin { left: t.space.m as i8, ..Margin::ZERO });
    egui::CentralPanel::default().frame(frame).show(ui, |ui| {
        if columns.is_empty() {
            return;
        }
        toolbar(ui, scene, &known);
        if scene.view.explore.as_table {
            let texts = scene.cache.get("statistics", columns.clone(), |_| table::texts(&known));
            state::dimmed(ui, !asked.current, |ui| table::show(ui, &columns, &texts));
        } else if scene.view.explore.cards().is_empty() {
            if state::empty(
                ui,
                ICON_INSERT_CHART,
                "No charts. Add one above, or click a column.",
                Some("Show the usual charts"),
            ) {
                scene.view.explore.reset();
            }
        } else {
            cards::show(ui, scene, &known);
        }
    });
}

/// What the session knows about the table.
struct Facts {
    has_time: bool,
    has_money: bool,
    amount: Option<String>,
}

impl Facts {
    fn of(scene: &Scene, roles: &RolesOut, columns: &[Summary], units: &[Unit]) -> Facts {
        let date = roles.column(Role::Date);
        let has_time = scene.session.prepared.get().is_some_and(|prepared| {
            let columns = &prepared.table.columns;
            columns
                .iter()
                .any(|c| Some(c.name.as_str()) == date && matches!(c.kind, ColumnKind::Date { time: true, .. }))
        });
        let has_money = scene.session.rfm.get().is_some_and(|rfm| rfm.has_money());
        // Money as it is counted stands last; in the file itself, prices stand beside amounts.
        let role = roles.column(Role::Amount).and_then(|name| columns.iter().find(|c| c.name == name));
        let money = || columns.iter().zip(units).rfind(|(_, unit)| **unit == Unit::Money).map(|(c, _)| c);
        let amount = if scene.view.explore.source == Source::File { role.or_else(money) } else { money() };
        Facts { has_time, has_money, amount: amount.map(|c| c.name.clone()) }
    }
}

/// Adding charts on the left; charts or statistics on the right.
fn toolbar(ui: &mut Ui, scene: &mut Scene, known: &Known) {
    ui.horizontal(|ui| {
        add::button(ui, scene, known);
        if scene.view.explore.touched() && !scene.view.explore.as_table {
            let hint = "Take away what you changed, and show the charts that fit this table";
            if button::plain(ui, ICON_RESTART_ALT, "Usual charts").on_hover_text(hint).clicked() {
                scene.view.explore.reset();
            }
        }
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let sides = [
                (false, "Charts", ""),
                (true, "Statistics", "Count, mean, quartiles and more of every column, as a table"),
            ];
            if let Some(as_table) = choice::segmented(ui, "View", &sides, scene.view.explore.as_table) {
                scene.view.explore.as_table = as_table;
            }
        });
    });
}
