//! The selection at the foot of the rail: who is selected, what can be done with them, groups with a name, and whom the
//! analysis is limited to.

use std::sync::Arc;

use egui::{Align, Align2, FontId, Key, Layout, Margin, Popup, RichText, ScrollArea, Stroke, TextEdit, Ui, vec2};
use egui_material_icons::icons::{
    ICON_BOOKMARK_ADD, ICON_CLOSE, ICON_DOWNLOAD, ICON_FILTER_ALT, ICON_GROUP, ICON_MORE_VERT, ICON_PERSON_REMOVE,
    ICON_SWAP_HORIZ,
};

use crate::app::{Action, Command};
use crate::format;
use crate::recipe::{Customers, Group};
use crate::rfm::RfmOut;
use crate::ui::scene::Scene;
use crate::ui::style::semibold;
use crate::ui::theme;
use crate::ui::widgets::{button, text};

/// Groups shown without scrolling.
const GROUPS: f32 = 5.0;

pub fn show(ui: &mut Ui, scene: &mut Scene) {
    let t = theme::of(ui);
    let Some(rfm) = scene.session.rfm.get().cloned() else { return };
    let picked = scene.session.recipe().map(|r| r.customers.clone()).unwrap_or_default();
    let frame = egui::Frame::new().inner_margin(Margin { left: t.space.s as i8, top: t.space.s as i8, ..Margin::ZERO });
    egui::Panel::bottom("selection").frame(frame).resizable(false).show_separator_line(false).show(ui, |ui| {
        let top = ui.max_rect().expand2(vec2(t.space.s, t.space.s));
        ui.painter().hline(top.x_range(), top.top(), Stroke::new(t.shape.hairline, t.bg.line));
        ui.spacing_mut().item_spacing.y = 2.0;
        ui.spacing_mut().interact_size.y = t.shape.row;
        title(ui, scene);
        if picked.limits() {
            limits(ui, scene, &picked);
        }
        selected(ui, scene, &rfm);
        naming(ui, scene);
        if !picked.groups.is_empty() {
            groups(ui, scene, &picked.groups);
        }
    });
}

fn title(ui: &mut Ui, scene: &mut Scene) {
    let t = theme::of(ui);
    ui.horizontal(|ui| {
        ui.label(RichText::new("Selection").size(t.font.small).color(t.text.faint));
        if !scene.selection.is_empty() {
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                if button::icon(ui, ICON_CLOSE, "Clear selection").clicked() {
                    scene.command(Command::ClearSelection);
                }
            });
        }
    });
}

/// Whom the analysis is limited to, and the way back.
fn limits(ui: &mut Ui, scene: &mut Scene, picked: &Customers) {
    let t = theme::of(ui);
    let without = picked.without.len();
    let words = match &picked.only {
        Some(only) => format!("Limited to {}", format::plural(only.len(), "customer", "customers")),
        None => format!("{} left out", format::plural(without, "customer", "customers")),
    };
    let also = match (&picked.only, without) {
        (Some(_), 1..) => format!("; {} left out", format::count(without)),
        _ => String::new(),
    };
    let frame = egui::Frame::new().fill(t.accent.soft).corner_radius(t.shape.radius_small);
    frame.inner_margin(Margin::symmetric(t.space.s as i8, t.space.xs as i8)).show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.add(egui::Label::new(RichText::new(&words).size(t.font.small)).wrap())
            .on_hover_text(format!("{words}{also}. Everything is counted, scored and clustered for these alone."));
        if button::link(ui, "Undo").on_hover_text(Command::AllCustomers.tooltip()).clicked() {
            scene.command(Command::AllCustomers);
        }
    });
}

fn selected(ui: &mut Ui, scene: &mut Scene, rfm: &Arc<RfmOut>) {
    if scene.picking() {
        text::muted_line(ui, "Looking for customers…");
    }
    if scene.selection.is_empty() {
        if !scene.picking() {
            let hint = "Click or drag in a chart, a table or a map: customers selected in one place are marked in all";
            text::muted_line(ui, "none").on_hover_text(hint);
        }
        return;
    }
    let total = rfm.customers.len();
    let count = format!("{} of {}", format::count(scene.selection.len()), format::count(total));
    let share = format::percent(scene.selection.len() as f64 / total.max(1) as f64);
    ui.label(RichText::new(count).family(semibold())).on_hover_text(format!("{share} of the customers"));
    text::muted_line(ui, scene.selection.from.as_str());
    if rfm.has_money() {
        money(ui, scene, rfm);
    }
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 2.0;
        for (glyph, command) in [
            (ICON_SWAP_HORIZ, Command::InvertSelection),
            (ICON_BOOKMARK_ADD, Command::NameSelection),
            (ICON_FILTER_ALT, Command::KeepSelection),
            (ICON_PERSON_REMOVE, Command::LeaveOutSelection),
            (ICON_DOWNLOAD, Command::ExportSelection),
        ] {
            if button::command(ui, glyph, command, true).clicked() {
                scene.command(command);
            }
        }
    });
}

/// What the selected customers spent.
fn money(ui: &mut Ui, scene: &mut Scene, rfm: &Arc<RfmOut>) {
    let input = (rfm.clone(), scene.selection.customers.clone());
    let sums = scene.cache.get("selected money", input, |(rfm, customers)| {
        let spent = rfm.customers.monetary();
        let selected: f64 = customers.iter().filter_map(|&c| spent.get(c as usize)).sum();
        (selected, spent.iter().sum::<f64>())
    });
    let (selected, all) = *sums;
    let share = if all > 0.0 { format!(", {}", format::percent(selected / all)) } else { String::new() };
    text::muted_line(ui, format!("{} spent{share}", format::money(selected, scene.currency())))
        .on_hover_text("Net spend of the selected customers, and its share of everybody's");
}

/// The field for a name of the selection.
fn naming(ui: &mut Ui, scene: &mut Scene) {
    let Some(mut name) = scene.view.groups.naming.take() else { return };
    if scene.selection.is_empty() {
        return;
    }
    match field(ui, &mut name, "Name of the group") {
        Typing::On => scene.view.groups.naming = Some(name),
        Typing::Done => scene.act(Action::NameSelection(name.trim().to_string())),
        Typing::GivenUp => {}
    }
}

enum Typing {
    On,
    Done,
    GivenUp,
}

/// A field that takes the focus, ends with Enter and is given up with Escape or a click elsewhere.
fn field(ui: &mut Ui, name: &mut String, label: &str) -> Typing {
    let field = TextEdit::singleline(name).hint_text("Name, then Enter").desired_width(f32::INFINITY).char_limit(60);
    let response = ui.add(field).accessible_name(label);
    let id = response.id.with("seen");
    // The focus is asked for once: later on its loss ends the typing.
    let seen = ui.data(|d| d.get_temp::<bool>(id)).unwrap_or(false);
    if !seen {
        response.request_focus();
        ui.data_mut(|d| d.insert_temp(id, true));
        return Typing::On;
    }
    if !response.lost_focus() {
        return Typing::On;
    }
    ui.data_mut(|d| d.remove_temp::<bool>(id));
    let enter = ui.input(|i| i.key_pressed(Key::Enter));
    if enter && !name.trim().is_empty() { Typing::Done } else { Typing::GivenUp }
}

fn groups(ui: &mut Ui, scene: &mut Scene, groups: &[Group]) {
    let t = theme::of(ui);
    ui.add_space(t.space.xs);
    ui.label(RichText::new("Groups").size(t.font.small).color(t.text.faint));
    let height = GROUPS * (t.shape.row + 2.0);
    ScrollArea::vertical().id_salt("groups").max_height(height).auto_shrink([false, true]).show(ui, |ui| {
        for (at, group) in groups.iter().enumerate() {
            ui.push_id(at, |ui| self::group(ui, scene, groups, at, group));
        }
    });
}

fn group(ui: &mut Ui, scene: &mut Scene, groups: &[Group], at: usize, group: &Group) {
    let t = theme::of(ui);
    if let Some((_, mut name)) = scene.view.groups.renaming.take_if(|(i, _)| *i == at) {
        match field(ui, &mut name, "New name of the group") {
            Typing::On => scene.view.groups.renaming = Some((at, name)),
            Typing::Done => rename(scene, groups, at, name.trim()),
            Typing::GivenUp => {}
        }
        return;
    }
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 0.0;
        let menu = t.shape.row;
        let width = ui.available_width() - menu;
        let here = !scene.selection.is_empty() && scene.selection.from == group.name;
        let row = ui.allocate_ui(vec2(width, t.shape.row), |ui| button::row(ui, t.shape.row, &group.name, here)).inner;
        let (rect, response) = row;
        let painter = ui.painter().with_clip_rect(rect);
        let icon = FontId::new(t.font.small, ICON_GROUP.font_family());
        painter.text(
            rect.left_center() + vec2(t.space.xs, 0.0),
            Align2::LEFT_CENTER,
            ICON_GROUP.codepoint,
            icon,
            t.text.faint,
        );
        let small = FontId::proportional(t.font.small);
        let count = painter.layout_no_wrap(format::count(group.ids.len()), small.clone(), t.text.muted);
        let number = rect.right_center() - vec2(count.size().x + t.space.xs, count.size().y / 2.0);
        let left = rect.left() + t.space.xs + t.font.small + t.space.xs;
        let name = painter.with_clip_rect(rect.with_min_x(left).with_max_x(number.x - t.space.xs));
        name.text(egui::pos2(left, rect.center().y), Align2::LEFT_CENTER, &group.name, small, t.text.normal);
        painter.galley(number, count, t.text.muted);
        let many = format::plural(group.ids.len(), "customer", "customers");
        if response.on_hover_text(format!("{}\n{many}. Click to select them.", group.name)).clicked() {
            scene.act(Action::SelectGroup(at));
        }
        let more = button::icon(ui, ICON_MORE_VERT, "More").accessible_name(format!("Rename or delete {}", group.name));
        Popup::menu(&more).show(|ui| {
            if ui.button("Rename…").clicked() {
                scene.view.groups.renaming = Some((at, group.name.clone()));
                ui.close();
            }
            let delete = ui.button("Delete").on_hover_text("The customers stay; only the group goes");
            if delete.clicked() {
                scene.decide(format!("Delete the group {}", group.name), false, |r| {
                    r.customers.groups.remove(at);
                });
                ui.close();
            }
        });
    });
}

/// Another name, unless another group has it.
fn rename(scene: &mut Scene, groups: &[Group], at: usize, name: &str) {
    let taken = groups.iter().enumerate().any(|(i, g)| i != at && g.name == name);
    if name != groups[at].name && !taken {
        let name = name.to_string();
        scene.decide(format!("Rename the group {} to {name}", groups[at].name), false, |r| {
            r.customers.groups[at].name = name;
        });
    }
}
