//! All criteria on one axis of k, and the number in force.

use std::sync::Arc;

use egui::{Label, RichText, ScrollArea, Ui};
use egui_material_icons::icons::{ICON_INFO, ICON_WARNING};

use super::board::{Board, board};
use super::{control, curves, decide, found, layout, settings, sketch};
use crate::app::Status;
use crate::chart::Palette;
use crate::cluster::{Chosen, KChecks, KSearch};
use crate::pipeline::Stage;
use crate::ui::scene::Scene;
use crate::ui::style::semibold;
use crate::ui::theme;
use crate::ui::widgets::{chart, state, text};

pub fn show(ui: &mut Ui, scene: &mut Scene) {
    ScrollArea::vertical().auto_shrink([false, false]).show(ui, |ui| {
        // What is left for the picture, whatever is above it.
        let bottom = ui.max_rect().bottom().min(ui.clip_rect().bottom());
        settings::show(ui, scene);
        let coming = scene.session.search.coming().cloned();
        let Some(search) = coming.clone().or_else(|| scene.session.search.get().cloned()) else {
            return state::waiting(ui, scene, Stage::Search);
        };
        let current = coming.is_some();
        let checks = scene.session.checks.coming().cloned().filter(|_| current);
        let chosen = scene.session.chosen.get().cloned();
        verdict(ui, scene, &search, checks.as_deref(), chosen.as_deref());
        if !control::takes_k(scene) {
            return found::show(ui, scene, &search);
        }
        picture(ui, scene, search, checks, current, bottom);
    });
}

fn picture(
    ui: &mut Ui,
    scene: &mut Scene,
    search: Arc<KSearch>,
    checks: Option<Arc<KChecks>>,
    current: bool,
    bottom: f32,
) {
    let Some(choice) = scene.session.recipe().map(|r| r.cluster.clone()) else { return };
    let k = control::in_force(scene);
    // A search that is out of date was done once.
    let done = !current || *scene.session.search.status() == Status::Ready;
    let (range, kind) = (
        (choice.k_min as usize, choice.k_max as usize),
        (choice.algorithm.name().to_string(), choice.references > 0, choice.resamples > 0),
    );
    let made = scene.cache.get("criteria", ((search, checks, done), range, kind), |((search, checks, done), ..)| {
        Arc::new(board(search, checks.as_deref(), &choice, *done))
    });
    let board: &Arc<Board> = &made;
    let t = theme::of(ui);
    let room = bottom - ui.cursor().top() - t.space.xs;
    let height = room.max(layout::least(board));
    let top = ui.cursor().min;
    let width = ui.available_width();
    state::dimmed(ui, !current, |ui| {
        if let Some(moved) = curves::show(ui, board, k, height) {
            decide::k(scene, moved.k, moved.dragged);
        }
    });
    // The menu stands beside the axis, where nothing is drawn.
    let side = t.shape.row;
    let corner = egui::pos2(top.x + width - side, top.y + layout::axis(height) - side / 2.0);
    let at = egui::Rect::from_min_size(corner, egui::Vec2::splat(side));
    let mut child = ui.new_child(egui::UiBuilder::new().max_rect(at));
    let (of, dark) = (board.clone(), ui.visuals().dark_mode);
    chart::menu_button_of(&mut child, scene, &board.about, move || {
        let palette = Palette::of(dark);
        let picture = layout::picture(&of, [width, height], k, None, palette);
        sketch::saved(picture, &of.about.title, "", palette)
    });
}

/// What all criteria say together, and what is in force.
fn verdict(ui: &mut Ui, scene: &Scene, search: &KSearch, checks: Option<&KChecks>, chosen: Option<&Chosen>) {
    let t = theme::of(ui);
    let whole = *scene.session.search.status() == Status::Ready;
    let chosen_current = whole && *scene.session.chosen.status() == Status::Ready;
    let tested = checks.filter(|_| *scene.session.checks.status() == Status::Ready).map(|c| c.verdict.as_str());
    let words = match tested.filter(|w| !w.is_empty()) {
        Some(words) => words.to_string(),
        None if whole => search.verdict.clone(),
        None => scene.session.running().map_or_else(String::new, |(stage, _)| format!("{}…", stage.doing())),
    };
    ui.scope(|ui| {
        ui.spacing_mut().item_spacing.y = t.space.xs;
        if !words.is_empty() {
            let words = RichText::new(state::sentence(&words)).family(semibold());
            ui.add(Label::new(words).wrap());
        }
        if let Some(chosen) = chosen {
            state::dimmed(ui, !chosen_current, |ui| {
                let k = chosen.clustering.clusters();
                // A k set by hand says so itself.
                let by_hand = chosen.chosen_by.starts_with("k = ");
                let words = if by_hand { String::new() } else { format!("In force is k = {k}: ") };
                text::muted(ui, state::sentence(&format!("{words}{}", chosen.chosen_by)));
                for warning in &chosen.warnings {
                    note(ui, ICON_WARNING, t.state.warn, warning);
                }
            });
        }
        for words in &search.notes {
            note(ui, ICON_INFO, t.text.muted, words);
        }
        for words in checks.iter().flat_map(|c| &c.notes) {
            note(ui, ICON_INFO, t.text.muted, words);
        }
    });
}

fn note(ui: &mut Ui, icon: egui_material_icons::MaterialIcon, color: egui::Color32, words: &str) {
    let t = theme::of(ui);
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = t.space.xs;
        ui.label(icon.rich_text().size(t.font.small + 2.0).color(color));
        text::muted(ui, state::sentence(words));
    });
}
