//! Every key of the window, by group.

use egui::{Align, Key, KeyboardShortcut, Layout, Modifiers, RichText, Ui};

use super::{filter, scrolled};
use crate::app::{Command, CommandGroup};
use crate::ui::frame::palette::rank;
use crate::ui::scene::Scene;
use crate::ui::theme;
use crate::ui::widgets::{card, text};

/// Keys that belong to no command, with what they do: they work where the thing in question has the focus.
const OTHERS: [(&str, &str); 15] = [
    ("Next field or button, and back", "Tab · Shift+Tab"),
    ("Press what has the focus", "Enter · Space"),
    ("Move about in a table", "Arrows · Page Up/Down · Home/End"),
    ("Add customers to the selection", "Shift+click · Ctrl+click"),
    ("Card of the customer found by search", "Enter"),
    ("Map: move, box, lasso", "V · B · L"),
    ("Map: shift or turn it", "Arrows"),
    ("Map: zoom in, zoom out", "+ · −"),
    ("Map: show everything again", "R"),
    ("Choose k: another k", "Left · Right"),
    ("Tree: cut higher or lower", "Up · Down"),
    ("Step by step: back and on", "Left · Right"),
    ("Histogram of scores: move a cut point", "Left · Right"),
    ("Parallel coordinates: move an axis", "Left · Right"),
    ("Larger or smaller letters", "Ctrl++ · Ctrl+− · Ctrl+0"),
];

pub fn show(ui: &mut Ui, scene: &mut Scene) {
    let t = theme::of(ui);
    let wanted = filter(ui, scene, "Search keys");
    scrolled(ui, false, |ui| {
        ui.set_max_width(ui.available_width() - t.space.m);
        let groups = groups(ui, &wanted);
        if groups.is_empty() {
            text::muted(ui, "No command has these letters in this order.");
        }
        // Two columns of about the same height.
        let total: usize = groups.iter().map(|g| g.1.len() + 2).sum();
        let (mut left, mut used) = (0, 0);
        while left < groups.len() && (used + groups[left].1.len() / 2 + 1) * 2 <= total {
            used += groups[left].1.len() + 2;
            left += 1;
        }
        let columns = [&groups[..left], &groups[left..]];
        let width = (ui.available_width() - t.space.xl) / 2.0;
        card::flow(ui, &[width, width - 1.0], |ui, i| {
            for (title, lines) in columns[i] {
                ui.label(RichText::new(*title).size(t.font.small).color(t.text.faint));
                ui.spacing_mut().item_spacing.y = 2.0;
                lines.iter().for_each(|(name, keys)| line(ui, name, keys));
                ui.add_space(t.space.m);
            }
        });
        text::muted(ui, "Every other command is in the palette, by a few letters of its name.");
    });
}

type Group = (&'static str, Vec<(String, String)>);

/// Names with their keys under the heading of each group, as far as they match.
fn groups(ui: &Ui, wanted: &str) -> Vec<Group> {
    let write = |keys: KeyboardShortcut| ui.ctx().format_shortcut(&keys);
    let wanted = |line: &(String, String)| {
        rank(wanted, &line.0).is_some() || line.1.to_lowercase().contains(&wanted.trim().to_lowercase())
    };
    let mut groups: Vec<Group> = Vec::new();
    for group in CommandGroup::ALL {
        let mut lines: Vec<(String, String)> = Vec::new();
        for command in Command::all().filter(|c| c.group() == group) {
            // The numbers of the panels are one line.
            if matches!(command, Command::Go(_)) {
                let first = KeyboardShortcut::new(Modifiers::COMMAND, Key::Num1);
                let all = ("Panels from Data to Export".to_string(), format!("{} … 8", write(first)));
                if !lines.contains(&all) {
                    lines.push(all);
                }
            } else if let Some(keys) = command.shortcut() {
                lines.push((command.text(), write(keys)));
            }
        }
        groups.push((group.title(), lines.into_iter().filter(&wanted).collect()));
    }
    let others = OTHERS.iter().map(|(name, keys)| (name.to_string(), keys.to_string()));
    groups.push(("Where the focus is", others.filter(&wanted).collect()));
    groups.retain(|(_, lines)| !lines.is_empty());
    groups
}

fn line(ui: &mut Ui, name: &str, keys: &str) {
    let t = theme::of(ui);
    ui.scope(|ui| {
        ui.spacing_mut().interact_size.y = t.font.body + t.space.xs;
        ui.horizontal(|ui| {
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                ui.label(RichText::new(keys).size(t.font.small).color(t.text.normal));
                ui.with_layout(Layout::left_to_right(Align::Center), |ui| text::muted_line(ui, name));
            });
        });
    });
}
