//! The editor of a map: a segment is the brush, cells are painted, and the draft is checked while that is done.

use std::sync::Arc;

use egui::{Align, Layout, RichText, TextEdit, Ui, vec2};
use egui_material_icons::icons::{
    ICON_ADD, ICON_BACKSPACE, ICON_CHECK, ICON_CHECK_CIRCLE, ICON_CLOSE, ICON_DELETE, ICON_ERROR,
};

use super::cube::{self, Cube};
use super::picture::{self, Picture, Shown};
use super::{beside, files, ink, line};
use crate::app::MapDraft;
use crate::format;
use crate::recipe::MapAxes;
use crate::rfm::{MapCheck, RfmOut};
use crate::ui::scene::Scene;
use crate::ui::style::semibold;
use crate::ui::theme;
use crate::ui::widgets::{button, card, choice, text};

/// Width of the customers before and after a change.
const COUNTS: f32 = 76.0;

/// Customers per segment before and after the change.
struct Effect {
    before: Vec<Option<usize>>,
    after: Vec<usize>,
    /// Customers whose cells lead nowhere.
    nowhere: usize,
    moved: usize,
}

pub fn show(ui: &mut Ui, scene: &mut Scene, rfm: &Arc<RfmOut>) {
    let Some(mut draft) = scene.view.rfm.draft.take() else { return };
    let t = theme::of(ui);
    let check = draft.check();
    let open = head(ui, scene, &mut draft, &check);
    ui.add_space(t.space.xs);
    let counted = cube::made(ui, scene, rfm).filter(|c| c.scores == draft.scores);
    let cube = counted.as_deref();
    let effect = cube.map(|cube| effect(rfm, &draft, cube));
    remarks(ui, &draft, &check, effect.as_ref());
    ui.add_space(t.space.xs);
    if draft.axes == MapAxes::Rfm {
        paint(ui, &mut draft, cube, 270.0);
        ui.add_space(t.space.m);
        segments(ui, &mut draft, effect.as_ref());
    } else {
        let effect = effect.as_ref();
        let list = |ui: &mut Ui, draft: &mut MapDraft| segments(ui, draft, effect);
        beside(ui, &mut draft, |ui, draft, height| paint(ui, draft, cube, height), list);
    }
    if open {
        scene.view.rfm.draft = Some(draft);
    }
}

/// Title, axes, and the buttons that end the editing. Returns whether it goes on.
fn head(ui: &mut Ui, scene: &mut Scene, draft: &mut MapDraft, check: &MapCheck) -> bool {
    let t = theme::of(ui);
    let mut open = true;
    card::card(ui, |ui| {
        ui.horizontal(|ui| {
            let width = (ui.available_width() - 520.0).clamp(130.0, 260.0);
            let mut title = draft.title.clone();
            let field =
                TextEdit::singleline(&mut title).desired_width(width).margin(vec2(t.space.s, t.space.s - t.shape.ring));
            let field = ui.add(field).accessible_name("Title of the map").on_hover_text("What the map is called");
            if field.changed() {
                draft.title = title;
                draft.written = None;
            }
            let options: Vec<(MapAxes, &str, &str)> = MapAxes::ALL.iter().map(|a| (*a, a.label(), a.hint())).collect();
            if let Some(axes) = choice::segmented(ui, "Goes by", &options, draft.axes) {
                *draft = draft.by(axes);
            }
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                let usable = check.is_usable();
                let why = check.problems().join(". ");
                let apply = ui.add_enabled_ui(usable, |ui| button::primary(ui, ICON_CHECK, "Apply")).inner;
                let apply = apply.on_hover_text("Use this map; it can be undone").on_disabled_hover_text(why);
                if apply.clicked() && usable {
                    let file = draft.file();
                    scene.view.rfm.own_map = Some(file.clone());
                    scene.decide(format!("Segment map: {}", file.title), false, |r| r.rfm.own_map = Some(file));
                    open = false;
                }
                let discard = button::plain(ui, ICON_CLOSE, "Discard").on_hover_text("Leave the map in force as it is");
                if discard.clicked() {
                    open = false;
                }
                files::save(ui, scene, &draft.file());
            });
        });
    });
    open
}

fn remarks(ui: &mut Ui, draft: &MapDraft, check: &MapCheck, effect: Option<&Effect>) {
    let t = theme::of(ui);
    let problems = check.problems();
    if problems.is_empty() {
        let n = draft.cells.len();
        let whole = format!("Every one of the {n} cells leads to a segment, and every segment has a cell.");
        line(ui, ICON_CHECK_CIRCLE, t.state.good, &whole);
    }
    for problem in &problems {
        line(ui, ICON_ERROR, t.state.bad, problem);
    }
    // What a problem says already needs no remark.
    let remarks = check.remarks(draft.written.as_ref().and_then(|f| f.order.as_deref()));
    for remark in remarks.into_iter().filter(|_| problems.is_empty()) {
        line(ui, egui_material_icons::icons::ICON_INFO, t.text.muted, &remark);
    }
    match effect {
        Some(effect) => {
            let mut words = match effect.moved {
                0 => "No customer changes segment.".to_string(),
                1 => "1 customer changes segment.".to_string(),
                n => format!("{} customers change segment.", format::count(n)),
            };
            if effect.nowhere > 0 {
                words +=
                    &format!(" {} would be in no segment.", format::plural(effect.nowhere, "customer", "customers"));
            }
            text::muted(ui, words);
        }
        None => {
            let n = draft.scores;
            text::muted(ui, format!("The map is for {n} scores; it is carried over to the number of scores in force."));
        }
    }
}

/// The grid to paint on.
fn paint(ui: &mut Ui, draft: &mut MapDraft, cube: Option<&Cube>, height: f32) {
    let t = theme::of(ui);
    let n = draft.cells.len();
    let customers = cube.map(|c| c.sums(n, |r, f, m| Some(draft.place_of(r, f, m)))).unwrap_or_default();
    let cell = |place: usize| {
        let segment = draft.cells[place].and_then(|s| draft.segments.get(usize::from(s)).map(|about| (s, about)));
        Shown {
            color: segment.map(|(s, about)| ink::shown(t, about.color.as_deref(), usize::from(s))),
            name: segment.map_or("", |(_, about)| about.name.as_str()),
            customers: customers.get(place).copied(),
            ring: false,
        }
    };
    let brush = draft.brush.and_then(|b| draft.segments.get(usize::from(b))).map_or("no segment", |s| s.name.as_str());
    let verb = format!("Click or drag to paint: {brush}");
    let picture = Picture { scores: draft.scores, axes: draft.axes, cell: &cell, verb: &verb };
    let touched = picture::show(ui, &picture, height);
    for place in touched.painted.into_iter().chain(touched.clicked) {
        draft.paint(place);
    }
}

/// The segments: brush, colour, name, customers before and after; and the words of the one that is the brush.
fn segments(ui: &mut Ui, draft: &mut MapDraft, effect: Option<&Effect>) {
    let t = theme::of(ui);
    text::muted(ui, "Pick a segment, then click or drag over cells to give them to it.");
    let mut remove = None;
    ui.spacing_mut().item_spacing.y = t.space.xs;
    for i in 0..draft.segments.len() {
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = t.space.s;
            let chosen = draft.brush == Some(i as u8);
            let name = draft.segments[i].name.clone();
            if ui.radio(chosen, "").accessible_name(format!("Paint {name}")).clicked() {
                draft.brush = Some(i as u8);
            }
            recolour(ui, draft, i);
            let right = 150.0;
            let mut typed = name.clone();
            let width = (ui.available_width() - right - 2.0 * t.space.s).max(90.0);
            let field = TextEdit::singleline(&mut typed).desired_width(width).margin(vec2(t.space.s, t.space.xs));
            let field = ui.add(field).accessible_name(format!("Name of segment {}", i + 1));
            if field.changed() {
                draft.segments[i].name = typed;
                draft.written = None;
            }
            if field.gained_focus() {
                draft.brush = Some(i as u8);
            }
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                if button::icon(ui, ICON_DELETE, &format!("Delete {name}")).clicked() {
                    remove = Some(i);
                }
                counts(ui, effect, i);
                let cells = draft.cells_of(i);
                let color = if cells == 0 { t.state.bad } else { t.text.faint };
                let words = RichText::new(cells.to_string()).size(t.font.small).color(color);
                column(ui, t.space.xl, |ui| ui.label(words).on_hover_text("Cells"));
            });
        });
    }
    if let Some(i) = remove {
        draft.remove(i);
    }
    ui.horizontal(|ui| {
        if button::plain(ui, ICON_ADD, "Add a segment").clicked() {
            draft.add();
        }
        let eraser = ui.selectable_label(draft.brush.is_none(), (ICON_BACKSPACE.rich_text(), "Eraser"));
        if eraser
            .accessible_name("Eraser")
            .on_hover_text("Painted cells belong to no segment until you give them one")
            .clicked()
        {
            draft.brush = None;
        }
    });
    words(ui, draft);
}

/// Customers before → after.
fn counts(ui: &mut Ui, effect: Option<&Effect>, i: usize) {
    let t = theme::of(ui);
    let Some(effect) = effect else { return };
    let after = effect.after.get(i).copied().unwrap_or(0);
    let (words, color) = match effect.before.get(i).copied().flatten() {
        Some(before) if before == after => (format::count(after), t.text.muted),
        Some(before) => (format!("{} → {}", format::count(before), format::count(after)), t.text.normal),
        None => (format!("new → {}", format::count(after)), t.text.normal),
    };
    let words = RichText::new(words).size(t.font.small).color(color);
    column(ui, COUNTS, |ui| ui.add(egui::Label::new(words).truncate()).on_hover_text("Customers now → with this map"));
}

/// Words at the right of a column of this width.
fn column(ui: &mut Ui, width: f32, add: impl FnOnce(&mut Ui) -> egui::Response) {
    let size = vec2(width, ui.spacing().interact_size.y);
    ui.allocate_ui_with_layout(size, Layout::right_to_left(Align::Center), |ui| {
        ui.set_width(width);
        add(ui)
    });
}

/// The colour of a segment as a button that opens a picker.
fn recolour(ui: &mut Ui, draft: &mut MapDraft, i: usize) {
    let t = theme::of(ui);
    let color = ink::shown(t, draft.segments[i].color.as_deref(), i);
    let mut parts = [color.r(), color.g(), color.b()];
    ui.scope(|ui| {
        ui.spacing_mut().interact_size = vec2(t.space.l + t.space.xs, t.space.l);
        let name = format!("Colour of {}", draft.segments[i].name);
        if ui.color_edit_button_srgb(&mut parts).accessible_name(name).changed() {
            let [r, g, b] = parts;
            draft.segments[i].color = Some(format!("#{r:02x}{g:02x}{b:02x}"));
            draft.written = None;
        }
    });
}

/// What the segment of the brush means, and what to do about it.
fn words(ui: &mut Ui, draft: &mut MapDraft) {
    let t = theme::of(ui);
    let Some(i) = draft.brush.map(usize::from).filter(|i| *i < draft.segments.len()) else { return };
    let width = ui.available_width() - 2.0 * t.space.s;
    let about = &mut draft.segments[i];
    let mut changed = false;
    ui.add_space(t.space.xs);
    ui.label(RichText::new(about.name.as_str()).family(semibold()));
    let fields = [("What its customers have in common", &mut about.meaning), ("Recommended action", &mut about.action)];
    for (name, value) in fields {
        text::muted_line(ui, name);
        let field = TextEdit::multiline(value).desired_rows(2).desired_width(width).margin(vec2(t.space.s, t.space.xs));
        changed |= ui.add(field.font(egui::FontId::proportional(t.font.small))).accessible_name(name).changed();
    }
    if changed {
        draft.written = None;
    }
}

/// What the draft would change.
fn effect(rfm: &RfmOut, draft: &MapDraft, cube: &Cube) -> Effect {
    let map = &rfm.map;
    let n = draft.segments.len();
    let after = cube.sums(n, |r, f, m| draft.segment_of(r, f, m).map(usize::from));
    let now = cube.sums(map.segments.len(), |r, f, m| Some(usize::from(map.segment_of(r, f, m))));
    // A segment that was only renamed is the same one.
    let own: Vec<Option<usize>> =
        draft.before.iter().map(|name| map.segments.iter().position(|own| own.name == *name)).collect();
    let before = own.iter().map(|at| at.map(|at| now[at])).collect();
    let stays = |r, f, m| {
        let then = draft.segment_of(r, f, m).and_then(|s| own.get(usize::from(s)).copied().flatten());
        then == Some(usize::from(map.segment_of(r, f, m)))
    };
    let moved = cube.sums(1, |r, f, m| (!stays(r, f, m)).then_some(0));
    let nowhere = cube.sums(1, |r, f, m| draft.segment_of(r, f, m).is_none().then_some(0));
    Effect { before, after, nowhere: nowhere[0], moved: moved[0] }
}
