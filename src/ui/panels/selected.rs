//! The drawer with the selected customers below the scatter and the profiles.

use egui::{Align, Layout, Margin, Stroke, Ui};
use egui_material_icons::icons::{ICON_CLOSE, ICON_EXPAND_LESS, ICON_EXPAND_MORE, ICON_ID_CARD};

use crate::app::Command;
use crate::format;
use crate::pipeline::Findings;
use crate::ui::scene::Scene;
use crate::ui::theme;
use crate::ui::widgets::customers::{self, Customers};
use crate::ui::widgets::{button, text};

const DEFAULT_HEIGHT: f32 = 228.0;

/// Shows the drawer at the bottom of `ui` while customers are selected.
pub fn drawer(ui: &mut Ui, scene: &mut Scene, slot: &'static str, findings: &Findings) {
    if scene.selection.is_empty() {
        return;
    }
    let t = theme::of(ui);
    let open = scene.view.selection_open;
    let frame = egui::Frame::new().fill(t.bg.panel).inner_margin(Margin { top: t.space.xs as i8, ..Margin::ZERO });
    let mut panel = egui::Panel::bottom(slot).frame(frame).resizable(open).show_separator_line(false);
    // A few customers need little room; many get a drawer that can be pulled up.
    let all_rows = t.shape.control + t.space.l + (scene.selection.len().min(100) + 1) as f32 * t.shape.row;
    panel = if open && all_rows < DEFAULT_HEIGHT {
        panel.exact_size(all_rows).resizable(false)
    } else if open {
        panel.default_size(DEFAULT_HEIGHT).size_range(120.0..=ui.available_height() * 0.7)
    } else {
        panel.exact_size(t.shape.control + t.space.xs)
    };
    panel.show(ui, |ui| {
        let top = ui.max_rect().top();
        ui.painter().hline(ui.max_rect().x_range(), top, Stroke::new(t.shape.hairline, t.bg.line));
        ui.horizontal(|ui| {
            let fold = if open { ICON_EXPAND_MORE } else { ICON_EXPAND_LESS };
            let name = if open { "Hide the selected customers" } else { "Show the selected customers" };
            if button::icon(ui, fold, name).clicked() {
                scene.view.selection_open = !open;
            }
            text::heading(ui, scene.selection.from.as_str());
            text::muted_line(ui, format::plural(scene.selection.len(), "customer selected", "customers selected"));
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                if button::command(ui, ICON_CLOSE, Command::ClearSelection, true).clicked() {
                    scene.command(Command::ClearSelection);
                }
                let one = scene.selection.len() == 1;
                if one && button::command(ui, ICON_ID_CARD, Command::ShowCustomer, true).clicked() {
                    scene.command(Command::ShowCustomer);
                }
            });
        });
        if open {
            let what = Customers {
                slot,
                rfm: &findings.rfm,
                clusters: Some((&findings.chosen, &findings.profiles)),
                only: Some(scene.selection.customers.clone()),
            };
            customers::show(ui, scene, &what);
        }
    });
}
