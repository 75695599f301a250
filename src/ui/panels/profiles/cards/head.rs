//! Name, sentence and note of a segment, the name and the note written in place.

use egui::text::{CCursor, CCursorRange, CharIndex};
use egui::{Align, Key, Label, Layout, Response, RichText, TextEdit, Ui, vec2};
use egui_material_icons::icons::{ICON_EDIT, ICON_STICKY_NOTE_2};

use crate::app::Writing;
use crate::profile::{Grouping, Profile, annotate, can_be_named, rename};
use crate::ui::panels::profiles::shown::Shown;
use crate::ui::scene::Scene;
use crate::ui::style::semibold;
use crate::ui::theme;
use crate::ui::widgets::{button, text};

/// Longest name and note in characters.
const LONGEST_NAME: usize = 60;
const LONGEST_NOTE: usize = 400;

pub fn show(ui: &mut Ui, scene: &mut Scene, shown: &Shown, place: usize, profile: &Profile) {
    let t = theme::of(ui);
    ui.add_space(t.space.xs);
    // Segments of the map are named in the map.
    let editable = shown.grouping == Grouping::Clusters && shown.current && can_be_named(profile);
    let note = &profile.note;
    let writing = |scene: &Scene, note: bool| {
        scene.view.profiles.writing.as_ref().is_some_and(|w| editable && w.place == place && w.note == note)
    };
    if writing(scene, false) {
        field(ui, scene, shown, &format!("Name of {}", profile.name));
    } else {
        ui.horizontal(|ui| {
            ui.spacing_mut().interact_size.y = t.shape.row;
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                ui.set_min_height(t.shape.row);
                ui.spacing_mut().item_spacing.x = 0.0;
                if editable {
                    let add = if note.is_empty() { "Add a note to" } else { "Change the note of" };
                    if button::small_icon(ui, ICON_STICKY_NOTE_2, &format!("{add} {}", profile.name)).clicked() {
                        write(scene, place, true, note.clone());
                    }
                    if button::small_icon(ui, ICON_EDIT, &format!("Rename {}", profile.name)).clicked() {
                        write(scene, place, false, profile.name.clone());
                    }
                }
                ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                    let name = RichText::new(profile.name.as_str()).size(t.font.title).family(semibold());
                    ui.add(Label::new(name).truncate());
                });
            });
        });
    }
    text::muted(ui, profile.description.as_str());
    if writing(scene, true) {
        field(ui, scene, shown, &format!("Note on {}", profile.name));
    } else if !note.is_empty() {
        ui.horizontal_top(|ui| {
            text::icon(ui, ICON_STICKY_NOTE_2, t.text.faint);
            ui.add(Label::new(RichText::new(note).size(t.font.small).italics()).wrap());
        });
    }
}

fn write(scene: &mut Scene, place: usize, note: bool, text: String) {
    scene.view.profiles.writing = Some(Writing { place, note, text, fresh: true });
}

/// A field that takes the keyboard, ends with Enter and is given up with Escape or a click elsewhere.
fn field(ui: &mut Ui, scene: &mut Scene, shown: &Shown, label: &str) {
    let t = theme::of(ui);
    let Some(mut writing) = scene.view.profiles.writing.take() else { return };
    let (hint, most) = match writing.note {
        true => ("A note of your own, then Enter", LONGEST_NOTE),
        false => ("Empty for the proposed name, then Enter", LONGEST_NAME),
    };
    let field = TextEdit::singleline(&mut writing.text)
        .hint_text(hint)
        .char_limit(most)
        .margin(vec2(t.space.s, t.space.xs))
        .desired_width(ui.available_width() - 2.0 * t.space.s);
    let response = ui.add(field).accessible_name(label);
    if std::mem::take(&mut writing.fresh) {
        response.request_focus();
        select_all(ui, &response, &writing.text);
    } else if response.lost_focus() {
        if ui.input(|i| i.key_pressed(Key::Enter)) {
            accept(scene, shown, &writing);
        }
        return;
    }
    scene.view.profiles.writing = Some(writing);
}

/// What is typed first replaces what stands there.
fn select_all(ui: &Ui, field: &Response, text: &str) {
    let mut state = TextEdit::load_state(ui.ctx(), field.id).unwrap_or_default();
    let (from, to) = (CCursor::new(CharIndex(0)), CCursor::new(CharIndex(text.chars().count())));
    state.cursor.set_char_range(Some(CCursorRange::two(from, to)));
    state.store(ui.ctx(), field.id);
}

/// Puts the name or the note into the recipe.
fn accept(scene: &mut Scene, shown: &Shown, writing: &Writing) {
    let findings = &shown.findings;
    let Some(profile) = findings.profiles.get(writing.place) else { return };
    let text = writing.text.trim();
    let customers = &findings.rfm.customers;
    let named = &findings.recipe.segments.named;
    let (label, changed) = match writing.note {
        true => {
            let changed = annotate(named, &findings.profiles, customers, profile.cluster, text);
            (format!("Note on {}", profile.name), changed)
        }
        false => {
            let changed = rename(named, &findings.profiles, customers, profile.cluster, text);
            let label = match text {
                "" => format!("Proposed name for {}", profile.name),
                text => format!("Rename {} to {text}", profile.name),
            };
            (label, changed)
        }
    };
    if changed != *named {
        scene.decide(label, false, |recipe| recipe.segments.named = changed);
    }
}
