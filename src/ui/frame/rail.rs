//! The rail: the steps in their order, each with its state; the selection at the bottom.

use egui::{Align2, FontId, Margin, Painter, Pos2, Stroke, Ui};
use egui_material_icons::icons::ICON_CHECK;

use super::{checklist, selection};
use crate::app::{Command, Panel, Status};
use crate::format;
use crate::ui::panels::stages_of;
use crate::ui::scene::Scene;
use crate::ui::style::semibold;
use crate::ui::theme::{self, Theme};
use crate::ui::widgets::{button, state};

pub fn show(ui: &mut Ui, scene: &mut Scene) {
    let t = theme::of(ui);
    let frame = egui::Frame::new().fill(t.bg.app).inner_margin(Margin::symmetric(t.space.s as i8, t.space.m as i8));
    egui::Panel::left("rail").frame(frame).exact_size(t.frame.rail).resizable(false).show_separator_line(false).show(
        ui,
        |ui| {
            let edge = ui.max_rect().expand(t.space.m);
            let x = ui.max_rect().right() + t.space.s;
            ui.painter().vline(x, edge.y_range(), Stroke::new(t.shape.hairline, t.bg.line));
            ui.spacing_mut().item_spacing.y = 2.0;
            for (i, panel) in Panel::STEPS.into_iter().enumerate() {
                step(ui, scene, i, panel);
            }
            selection::show(ui, scene);
            checklist::show(ui, scene);
        },
    );
}

fn step(ui: &mut Ui, scene: &mut Scene, i: usize, panel: Panel) {
    let t = theme::of(ui);
    let open = scene.session.recipe().is_some();
    let here = scene.view.panel == panel;
    let status = status(scene, panel);
    ui.add_enabled_ui(open, |ui| {
        let (rect, response) = button::row(ui, t.shape.control + 2.0, panel.title(), here);
        let painter = ui.painter();
        let color = if !open {
            t.text.faint
        } else if here {
            t.text.normal
        } else {
            t.text.muted
        };
        let font = FontId::new(t.font.body, if here { semibold() } else { egui::FontFamily::Proportional });
        let left = rect.left() + t.space.s;
        let number = FontId::proportional(t.font.small);
        painter.text(egui::pos2(left, rect.center().y), Align2::LEFT_CENTER, i + 1, number, t.text.faint);
        let name = egui::pos2(left + t.space.l + 2.0, rect.center().y);
        painter.text(name, Align2::LEFT_CENTER, panel.title(), font, color);
        sign(painter, egui::pos2(rect.right() - t.space.m, rect.center().y), &status, t);
        let why = why(scene, panel, &status);
        let keys = Command::Go(panel).shortcut().map(|k| ui.ctx().format_shortcut(&k)).unwrap_or_default();
        let response = response.on_hover_text(format!("{}\n{why}  {keys}", panel.question()));
        if response.clicked() {
            scene.command(Command::Go(panel));
        }
    });
}

/// The least finished of a panel's stages.
pub fn status(scene: &Scene, panel: Panel) -> Status {
    let of = stages_of(panel).iter().map(|s| scene.session.status(*s));
    let rank = |s: &Status| match s {
        Status::Failed(_) => 4,
        Status::Running(_) => 3,
        Status::OutOfDate => 2,
        Status::Idle => 1,
        Status::Ready => 0,
    };
    of.max_by_key(|s| rank(s)).cloned().unwrap_or(Status::Idle)
}

fn why(scene: &Scene, panel: Panel, status: &Status) -> String {
    match status {
        Status::Idle => "Open a file first.".into(),
        Status::OutOfDate => match scene.session.failure() {
            Some((stage, _)) => format!("Waits for a step before it: {} did not work.", stage.doing().to_lowercase()),
            None => "Out of date: waits for its turn.".into(),
        },
        Status::Running(share) => format!("Being computed, {} done.", format::percent(f64::from(*share))),
        Status::Ready => {
            let secs: f64 = stages_of(panel).iter().filter_map(|s| scene.session.secs(*s)).sum();
            format!("Done in {} s.", format::number(secs, if secs < 1.0 { 2 } else { 1 }))
        }
        Status::Failed(error) => state::sentence(&error.to_string()),
    }
}

/// ○ empty, a filling circle while running, ● out of date, a check when done, ! failed.
fn sign(painter: &Painter, at: Pos2, status: &Status, t: &Theme) {
    let radius = t.space.xs;
    let stroke = |color| Stroke::new(t.shape.curve, color);
    match status {
        Status::Idle => drop(painter.circle_stroke(at, radius, Stroke::new(t.shape.hairline, t.text.faint))),
        Status::OutOfDate => drop(painter.circle_filled(at, radius, t.state.warn)),
        Status::Ready => {
            let font = FontId::new(t.font.body, ICON_CHECK.font_family());
            painter.text(at, Align2::CENTER_CENTER, ICON_CHECK.codepoint, font, t.state.good);
        }
        Status::Failed(_) => {
            painter.circle_filled(at, radius + 2.0, t.state.bad);
            painter.text(at, Align2::CENTER_CENTER, "!", FontId::new(t.font.tiny, semibold()), t.bg.app);
        }
        Status::Running(share) => {
            painter.circle_stroke(at, radius + 1.0, stroke(t.bg.line));
            let turn = std::f32::consts::TAU * share.clamp(0.03, 1.0);
            let arc = (0..=24).map(|i| {
                let angle = turn * i as f32 / 24.0 - std::f32::consts::FRAC_PI_2;
                at + egui::Vec2::angled(angle) * (radius + 1.0)
            });
            painter.line(arc.collect(), stroke(t.accent.normal));
            let font = FontId::proportional(t.font.tiny);
            let percent = format!("{:.0}%", share * 100.0);
            painter.text(at - egui::vec2(t.space.m, 0.0), Align2::RIGHT_CENTER, percent, font, t.text.muted);
        }
    }
}
