//! The bar at the bottom: what is going on, how far it is, a way to stop it, and the totals. It never jumps.

use egui::{Align, Layout, Margin, RichText, Sense, Stroke, Ui, UiBuilder, vec2};
use egui_material_icons::icons::{ICON_CHECK, ICON_ERROR};

use crate::app::{Action, Command};
use crate::format;
use crate::pipeline::Stage;
use crate::ui::scene::Scene;
use crate::ui::theme;

const DOING: f32 = 196.0;
const BAR: f32 = 120.0;

pub fn show(ui: &mut Ui, scene: &mut Scene) {
    let t = theme::of(ui);
    let frame = egui::Frame::new().fill(t.bg.app).inner_margin(Margin::symmetric(t.space.m as i8, 0));
    egui::Panel::bottom("status bar").frame(frame).exact_size(t.frame.status).show_separator_line(false).show(
        ui,
        |ui| {
            let whole = ui.max_rect();
            ui.painter().hline(ui.clip_rect().x_range(), whole.top(), Stroke::new(t.shape.hairline, t.bg.line));
            let half = egui::Rect::from_min_size(whole.min, vec2(whole.width() * 0.6, whole.height()));
            ui.scope_builder(UiBuilder::new().max_rect(half).layout(Layout::left_to_right(Align::Center)), |ui| {
                doing(ui, scene)
            });
            ui.scope_builder(UiBuilder::new().max_rect(whole).layout(Layout::right_to_left(Align::Center)), |ui| {
                totals(ui, scene)
            });
        },
    );
}

fn doing(ui: &mut Ui, scene: &mut Scene) {
    let t = theme::of(ui);
    let small = |text: &str| RichText::new(text).size(t.font.small).color(t.text.muted);
    if let Some((stage, share)) = scene.session.running() {
        ui.allocate_ui_with_layout(vec2(DOING, t.frame.status), Layout::left_to_right(Align::Center), |ui| {
            ui.set_width(DOING);
            ui.add(egui::Spinner::new().size(t.font.small).color(t.accent.normal));
            ui.add(egui::Label::new(small(stage.doing())).truncate());
        });
        bar(ui, share);
        let cancel = egui::Button::new(RichText::new("Cancel").size(t.font.small)).small();
        if ui.add(cancel).on_hover_text(Command::Cancel.tooltip()).clicked() {
            scene.command(Command::Cancel);
        }
    } else if scene.exporting {
        ui.allocate_ui_with_layout(vec2(DOING, t.frame.status), Layout::left_to_right(Align::Center), |ui| {
            ui.set_width(DOING);
            ui.add(egui::Spinner::new().size(t.font.small).color(t.accent.normal));
            ui.label(small("Writing files"));
        });
        bar(ui, scene.exports.share);
        let cancel = egui::Button::new(RichText::new("Cancel").size(t.font.small)).small();
        if ui.add(cancel).on_hover_text("What stood in the folder before stays as it was").clicked() {
            scene.act(Action::StopExports);
        }
    } else if let Some((stage, _)) = scene.session.failure() {
        ui.label(ICON_ERROR.rich_text().size(t.font.body).color(t.state.bad));
        ui.label(small(&format!("{} did not work", stage.doing())));
    } else if scene.session.findings().is_some() {
        ui.label(ICON_CHECK.rich_text().size(t.font.body).color(t.state.good));
        let secs: f64 = Stage::ALL.iter().filter_map(|s| scene.session.secs(*s)).sum();
        ui.label(small(&format!("Up to date, computed in {} s", format::number(secs, 2))));
    } else if scene.session.recipe().is_some() {
        if scene.session.stopped() {
            ui.label(small("Stopped"));
            let again = egui::Button::new(RichText::new("Run again").size(t.font.small)).small();
            if ui.add(again).on_hover_text(Command::RunAgain.tooltip()).clicked() {
                scene.command(Command::RunAgain);
            }
        } else {
            ui.label(small("Working"));
        }
    } else {
        ui.label(small("No file is open"));
    }
}

/// How far it is, as a bar and in percent.
fn bar(ui: &mut Ui, share: f32) {
    let t = theme::of(ui);
    let (rect, _) = ui.allocate_exact_size(vec2(BAR, t.space.xs), Sense::hover());
    ui.painter().rect_filled(rect, t.shape.radius_small, t.bg.line);
    let mut filled = rect;
    filled.set_width(rect.width() * share.clamp(0.0, 1.0));
    ui.painter().rect_filled(filled, t.shape.radius_small, t.accent.normal);
    ui.allocate_ui_with_layout(vec2(36.0, t.frame.status), Layout::right_to_left(Align::Center), |ui| {
        ui.set_width(36.0);
        let text = format!("{:.0} %", share * 100.0);
        ui.label(RichText::new(text).size(t.font.small).color(t.text.muted));
    });
}

fn totals(ui: &mut Ui, scene: &Scene) {
    let t = theme::of(ui);
    let (Some(clean), rfm) = (scene.session.clean.get(), scene.session.rfm.get()) else { return };
    let last = rfm.and_then(|r| r.funnel.last()).or(clean.funnel.last());
    let Some(last) = last else { return };
    let mut text = format!(
        "{} · {}",
        format::plural(last.rows, "row", "rows"),
        format::plural(last.customers, "customer", "customers")
    );
    if last.amount.is_finite() {
        text.push_str(&format!(" · {}", format::money(last.amount, scene.currency())));
    }
    ui.label(RichText::new(text).size(t.font.small).color(t.text.muted))
        .on_hover_text("What counts after cleaning: rows, customers, net spend");
}
