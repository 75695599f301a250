//! Every term with its definition, by subject.

use egui::{Label, RichText, Ui};

use super::{filter, scrolled};
use crate::ui::frame::palette::rank;
use crate::ui::glossary::{self, Entry};
use crate::ui::scene::Scene;
use crate::ui::style::semibold;
use crate::ui::theme;
use crate::ui::widgets::text;

pub fn show(ui: &mut Ui, scene: &mut Scene) {
    let t = theme::of(ui);
    let wanted = filter(ui, scene, "Search terms");
    let asked = scene.view.frame.term.clone();
    let entries = narrowed(&wanted);
    scrolled(ui, false, |ui| {
        ui.set_max_width(ui.available_width() - t.space.m);
        let mut group = "";
        for entry in &entries {
            if entry.group != group && wanted.trim().is_empty() {
                group = &entry.group;
                ui.add_space(t.space.s);
                ui.label(RichText::new(group).size(t.font.small).color(t.text.faint));
            }
            let meant = asked.as_deref() == Some(entry.name.as_str());
            let shown = one(ui, entry, meant);
            // Brought into view once; from then on one scrolls as one likes.
            if meant && !scene.view.frame.term_shown {
                shown.scroll_to_me(Some(egui::Align::Center));
                scene.view.frame.term_shown = true;
            }
        }
        if entries.is_empty() {
            text::muted(ui, "No term has these letters in this order.");
        }
    });
}

/// Terms that match, the best first; all of them in their order while nothing is typed.
fn narrowed(wanted: &str) -> Vec<&'static Entry> {
    if wanted.trim().is_empty() {
        return glossary::all().iter().collect();
    }
    let best = |e: &Entry| {
        let names = std::iter::once(&e.name).chain(&e.also);
        let named = names.filter_map(|n| rank(wanted, n)).map(|m| m.score).max();
        // Words of a definition count where no name matches.
        let said = e.means.to_lowercase().contains(&wanted.trim().to_lowercase()).then_some(0);
        named.or(said)
    };
    let mut found: Vec<(i32, &Entry)> = glossary::all().iter().filter_map(|e| Some((best(e)?, e))).collect();
    found.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
    found.into_iter().map(|(_, e)| e).collect()
}

fn one(ui: &mut Ui, entry: &Entry, meant: bool) -> egui::Response {
    let t = theme::of(ui);
    ui.scope(|ui| {
        ui.spacing_mut().item_spacing.y = 2.0;
        let color = if meant { t.accent.normal } else { t.text.normal };
        ui.add(Label::new(RichText::new(entry.title()).family(semibold()).color(color)).wrap());
        glossary::body(ui, entry);
        ui.add_space(t.space.xs);
    })
    .response
}
