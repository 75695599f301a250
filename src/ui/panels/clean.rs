//! Clean: what is left out and why, as a flow of steps drawn to scale.

use egui::{Align, Layout, Margin, RichText, ScrollArea, Sense, Ui, vec2};

use crate::app::Status;
use crate::clean::FunnelStep;
use crate::format;
use crate::intake::ShapeFound;
use crate::pipeline::Stage;
use crate::recipe::Returns;
use crate::ui::scene::Scene;
use crate::ui::style::semibold;
use crate::ui::theme;
use crate::ui::widgets::{card, choice, state, text};

pub fn show(ui: &mut Ui, scene: &mut Scene) {
    let t = theme::of(ui);
    let side = egui::Frame::new().inner_margin(Margin { right: t.space.m as i8, ..Margin::ZERO });
    egui::Panel::left("clean side")
        .frame(side)
        .exact_size(t.frame.side - t.space.xl * 2.0)
        .show_separator_line(false)
        .resizable(false)
        .show(ui, |ui| {
            ScrollArea::vertical().auto_shrink([false, false]).show(ui, |ui| settings(ui, scene));
        });
    egui::CentralPanel::default().frame(egui::Frame::new()).show(ui, |ui| {
        // The RFM stage has the whole funnel: the steps of cleaning and its own.
        let (steps, current) = match (scene.session.rfm.get(), scene.session.clean.get()) {
            (Some(rfm), _) => (rfm.funnel.clone(), scene.session.rfm.status() == &Status::Ready),
            (None, Some(clean)) => (clean.funnel.clone(), scene.session.clean.status() == &Status::Ready),
            (None, None) => return state::waiting(ui, scene, Stage::Clean),
        };
        ScrollArea::vertical().auto_shrink([false, false]).show(ui, |ui| {
            state::dimmed(ui, !current, |ui| funnel(ui, scene, &steps));
            for warning in scene.session.clean.get().map_or(&[][..], |c| &c.warnings) {
                ui.horizontal_top(|ui| {
                    text::icon(ui, egui_material_icons::icons::ICON_WARNING, t.state.warn);
                    text::muted(ui, state::sentence(warning));
                });
            }
        });
    });
}

fn settings(ui: &mut Ui, scene: &mut Scene) {
    let t = theme::of(ui);
    let Some(clean) = scene.session.recipe().map(|r| r.clean.clone()) else { return };
    if let Some(shape) = scene.session.roles.get().map(|r| r.shape.clone()).filter(|s| s.is_of_customers()) {
        return of_customers(ui, scene, &shape, clean.set_aside_not_positive);
    }
    card::card(ui, |ui| {
        text::heading(ui, "Returns and cancellations");
        let options: Vec<_> = Returns::ALL.iter().map(|r| (*r, r.label(), r.hint())).collect();
        if let Some(returns) = choice::segmented(ui, "Returns", &options, clean.returns) {
            scene.decide(format!("Returns: {}", returns.label().to_lowercase()), false, |r| r.clean.returns = returns);
        }
        text::muted(ui, clean.returns.hint());
    });
    ui.add_space(t.space.xs);
    card::card(ui, |ui| {
        text::heading(ui, "Rows and customers");
        let mut on = clean.drop_duplicates;
        if choice::switch(ui, &mut on, "Drop duplicate rows").changed() {
            let label = if on { "Drop duplicate rows" } else { "Keep duplicate rows" };
            scene.decide(label, false, |r| r.clean.drop_duplicates = on);
        }
        text::muted(
            ui,
            "Rows that equal an earlier row in every column. Two equal lines of one order may be real: off by default.",
        );
        ui.add_space(t.space.xs);
        let mut on = clean.set_aside_not_positive;
        if choice::switch(ui, &mut on, "Set aside non-positive spend").changed() {
            let label = if on { "Set aside customers without net spend" } else { "Keep customers without net spend" };
            scene.decide(label, false, |r| r.clean.set_aside_not_positive = on);
        }
        text::muted(
            ui,
            "Customers whose returns are worth as much as their purchases or more. They cannot be put on a log scale.",
        );
    });
}

/// A table with one row per customer has no returns; only what it knows of spending can be set aside.
fn of_customers(ui: &mut Ui, scene: &mut Scene, shape: &ShapeFound, aside: bool) {
    let t = theme::of(ui);
    card::card(ui, |ui| {
        text::heading(ui, shape.shape.label());
        text::muted(ui, shape.shape.hint());
        text::muted(ui, state::sentence(&shape.reason));
    });
    if shape.monetary.is_none() {
        return;
    }
    ui.add_space(t.space.xs);
    card::card(ui, |ui| {
        let mut on = aside;
        if choice::switch(ui, &mut on, "Set aside non-positive spend").changed() {
            let label = if on { "Set aside customers without net spend" } else { "Keep customers without net spend" };
            scene.decide(label, false, |r| r.clean.set_aside_not_positive = on);
        }
        text::muted(ui, "Customers who spent nothing, or got more back than they spent.");
    });
}

/// Steps without which a row means nothing to an analysis of customers.
const REQUIRED: [&str; 3] = ["customer_present", "date_readable", "amount_readable"];

fn funnel(ui: &mut Ui, scene: &Scene, steps: &[FunnelStep]) {
    let t = theme::of(ui);
    let Some(first) = steps.first() else { return };
    let most = first.rows.max(1) as f32;
    ui.spacing_mut().item_spacing.y = 0.0;
    for (i, step) in steps.iter().enumerate() {
        if i > 0 {
            let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), t.space.m), Sense::hover());
            let x = rect.left() + t.space.l;
            ui.painter().vline(x, rect.y_range(), egui::Stroke::new(t.shape.hairline, t.bg.line));
        }
        let before = i.checked_sub(1).map(|p| &steps[p]);
        state::dimmed(ui, !step.on, |ui| {
            card::card(ui, |ui| {
                ui.spacing_mut().item_spacing.y = t.space.xs;
                one(ui, scene, step, before, most);
            })
        });
    }
}

fn one(ui: &mut Ui, scene: &Scene, step: &FunnelStep, before: Option<&FunnelStep>, most: f32) {
    let t = theme::of(ui);
    ui.horizontal(|ui| {
        ui.label(RichText::new(step.step.as_str()).family(semibold()));
        if !step.on {
            text::chip(ui, "off");
        }
        if REQUIRED.contains(&step.id.as_str()) {
            text::chip(ui, "always")
                .on_hover_text("Nothing can be counted for a row without it, so this cannot be switched off");
        }
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            if step.amount.is_finite() {
                figure(ui, &format::money(step.amount, scene.currency()), "money", 112.0);
            }
            figure(ui, &format::count(step.customers), "customers", 84.0);
            figure(ui, &format::count(step.rows), "rows", 84.0);
        });
    });
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), t.space.s), Sense::hover());
    let bar = |share: f32| egui::Rect::from_min_size(rect.min, vec2((rect.width() * share).max(1.0), rect.height()));
    ui.painter().rect_filled(rect, t.shape.radius_small, t.bg.input);
    let removed = before.map_or(0, |b| b.rows.saturating_sub(step.rows));
    if removed > 0 {
        ui.painter().rect_filled(
            bar((step.rows + removed) as f32 / most),
            t.shape.radius_small,
            t.state.warn.gamma_multiply(0.6),
        );
    }
    ui.painter().rect_filled(bar(step.rows as f32 / most), t.shape.radius_small, t.accent.normal);
    response
        .on_hover_text(format!("{} of the file's rows are left", format::percent(f64::from(step.rows as f32 / most))));
    if !step.note.is_empty() {
        text::muted(ui, state::sentence(&step.note));
    }
}

/// A number over its unit, right-aligned in a column of its own.
fn figure(ui: &mut Ui, value: &str, unit: &str, width: f32) {
    let t = theme::of(ui);
    ui.allocate_ui_with_layout(vec2(width, t.shape.row + t.space.s), Layout::top_down(Align::Max), |ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        ui.set_width(width);
        ui.label(RichText::new(value).size(t.font.body));
        ui.label(RichText::new(unit).size(t.font.tiny).color(t.text.faint));
    });
}
