//! Every feature that customers can be clustered by, in groups; one click chooses one.

use egui::{Align, Layout, Rect, RichText, Stroke, TextEdit, Ui, pos2, vec2};
use egui_material_icons::icons::{ICON_ADD, ICON_CHECK, ICON_DELETE, ICON_EDIT, ICON_SEARCH};

use super::decisions;
use super::items::{COLUMNS, Item, OWN, RFM};
use super::shapes::Shapes;
use super::tile::{spark, tip, write};
use crate::app::Level;
use crate::features::engagement::ReadyMade;
use crate::format;
use crate::recipe::Formula;
use crate::rfm::RfmOut;
use crate::ui::scene::Scene;
use crate::ui::style::semibold;
use crate::ui::theme;
use crate::ui::widgets::{button, text};

/// Narrowest tile.
const NARROWEST: f32 = 168.0;
const HEIGHT: f32 = 84.0;
/// Groups of ready-made features in their order.
const SPENDING: &str = "Spending";
const RHYTHM: &str = "Rhythm";
const RANGE: &str = "Range";
const RETURNS: &str = "Returns and discounts";
const GROUPS: [&str; 7] = [RFM, SPENDING, RHYTHM, RANGE, RETURNS, COLUMNS, OWN];

/// The group of a ready-made feature by its name.
pub fn group(name: &str) -> Option<&'static str> {
    Some(match ReadyMade::called(name)? {
        ReadyMade::AvgBasketValue | ReadyMade::ItemsPerBasket | ReadyMade::SpendTrend => SPENDING,
        ReadyMade::DaysBetweenMean
        | ReadyMade::DaysBetweenSd
        | ReadyMade::PurchaseSpan
        | ReadyMade::Tenure
        | ReadyMade::ActiveMonths
        | ReadyMade::FavouriteWeekday => RHYTHM,
        ReadyMade::DistinctProducts | ReadyMade::DistinctCategories | ReadyMade::FavouriteProduct => RANGE,
        ReadyMade::ReturnRate | ReadyMade::DiscountShare => RETURNS,
    })
}

pub fn show(ui: &mut Ui, scene: &mut Scene, rfm: &RfmOut, items: &[Item], shapes: &Shapes) {
    let t = theme::of(ui);
    ui.horizontal(|ui| {
        text::heading(ui, "Available features");
        text::muted_line(ui, "Click one to cluster by it, again to leave it out.");
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let margin = vec2(t.space.s, t.space.s - t.shape.ring);
            let edit = TextEdit::singleline(&mut scene.view.features.search)
                .hint_text("Search features")
                .desired_width(NARROWEST - 2.0 * margin.x)
                .margin(margin);
            ui.add(edit).accessible_name("Search features");
            text::icon(ui, ICON_SEARCH, t.text.faint);
        });
    });
    let search = scene.view.features.search.clone();
    let only = items.iter().filter(|i| i.chosen).count() == 1;
    let mut shown = 0;
    for group in GROUPS {
        let found: Vec<&Item> = items.iter().filter(|i| i.group == group && i.fits(&search)).collect();
        if found.is_empty() {
            continue;
        }
        shown += found.len();
        ui.label(RichText::new(group).size(t.font.small).color(t.text.muted));
        tiles(ui, scene, rfm, &found, only, shapes);
    }
    if shown == 0 && !search.trim().is_empty() {
        ui.horizontal(|ui| {
            text::muted(ui, format!("No feature is called or described by {:?}.", search.trim()));
            if button::link(ui, "Show all").clicked() {
                scene.view.features.search.clear();
            }
        });
    }
}

/// Tiles in rows; `only`: just one feature is clustered by.
fn tiles(ui: &mut Ui, scene: &mut Scene, rfm: &RfmOut, items: &[&Item], only: bool, shapes: &Shapes) {
    let t = theme::of(ui);
    let gap = t.space.s;
    let columns = (((ui.available_width() + gap) / (NARROWEST + gap)) as usize).max(1);
    let width = ((ui.available_width() - gap * (columns - 1) as f32) / columns as f32).floor();
    for row in items.chunks(columns) {
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = gap;
            for item in row {
                let (rect, _) = ui.allocate_exact_size(vec2(width, HEIGHT), egui::Sense::hover());
                if ui.is_rect_visible(rect) {
                    tile(ui, scene, rfm, item, only, shapes, rect);
                }
            }
        });
        ui.add_space(gap - ui.spacing().item_spacing.y);
    }
    ui.add_space(t.space.xs);
}

fn tile(ui: &mut Ui, scene: &mut Scene, rfm: &RfmOut, item: &Item, only: bool, shapes: &Shapes, rect: Rect) {
    let t = theme::of(ui);
    let feature = item.feature;
    let shape = shapes.of(item.source);
    let last = item.chosen && only;
    let id = ui.make_persistent_id(("feature tile", &feature.name));
    let response = ui.interact(rect, id, egui::Sense::click());
    let called = format!("{} {}", if item.is_number() { "Cluster by" } else { "Encode" }, feature.label);
    response.widget_info(|| {
        egui::WidgetInfo::selected(egui::Role::CheckBox, ui.is_enabled(), item.chosen, called.as_str())
    });
    let fill = if item.chosen {
        t.accent.soft
    } else if response.hovered() {
        t.bg.hover
    } else {
        t.bg.card
    };
    let line = if item.chosen || response.has_focus() { t.accent.normal } else { t.bg.line };
    ui.painter().rect_filled(rect, t.shape.radius, t.bg.card);
    let stroke = Stroke::new(t.shape.hairline, line);
    ui.painter().rect(rect, t.shape.radius, fill, stroke, egui::StrokeKind::Inside);
    let inner = rect.shrink(t.space.s);
    let layout = Layout::top_down(Align::Min);
    let mut ui = ui.new_child(egui::UiBuilder::new().max_rect(inner).layout(layout).id_salt(&feature.name));
    let ui = &mut ui;
    ui.spacing_mut().item_spacing = vec2(t.space.xs, t.shape.ring);
    ui.spacing_mut().interact_size.y = t.font.icon;
    let icons = if item.own.is_some() { 3.0 } else { 1.0 } * (t.font.icon + t.space.xs);
    let font = egui::FontId::new(t.font.small, semibold());
    let mut job = egui::text::LayoutJob::simple(feature.label.clone(), font, t.text.normal, inner.width() - icons);
    // Two lines: what tells long names apart is often at their end.
    job.wrap.max_rows = 2;
    let name = ui.painter().layout_job(job);
    let bars_from = inner.top() + name.size().y + t.space.xs;
    ui.horizontal_top(|ui| {
        ui.add(egui::Label::new(name).selectable(false));
        ui.with_layout(Layout::right_to_left(Align::Min), |ui| {
            let (icon, color) = if item.chosen { (ICON_CHECK, t.accent.normal) } else { (ICON_ADD, t.text.faint) };
            ui.add(egui::Label::new(icon.rich_text().size(t.font.body).color(color)).selectable(false));
            if let Some(at) = item.own {
                own_buttons(ui, scene, at);
            }
        });
    });
    let figures = t.font.tiny + t.space.xs;
    let bars =
        Rect::from_min_max(pos2(inner.left(), bars_from), pos2(inner.right(), inner.bottom() - figures - t.shape.ring));
    if let Some(shape) = shape {
        let color = if item.chosen { t.accent.normal } else { t.accent.normal.gamma_multiply(0.55) };
        spark(ui, bars, shape, color);
    }
    let line = Rect::from_min_max(pos2(inner.left(), inner.bottom() - figures), inner.max);
    let mut below = ui.new_child(egui::UiBuilder::new().max_rect(line).layout(Layout::left_to_right(Align::Center)));
    let words = match shape {
        None => "Drawing…".to_string(),
        Some(s) if s.bars.is_some() => {
            let missing = if s.missing > 0 { format!(", {} missing", format::count(s.missing)) } else { String::new() };
            format!("median {}{missing}", write(feature, s.median, scene.currency()))
        }
        Some(s) => s.words.first().map_or("no value".to_string(), |(word, _)| format!("mostly {word}")),
    };
    let words = RichText::new(words).size(t.font.tiny).color(t.text.muted);
    below.add(egui::Label::new(words).truncate().selectable(false));

    let mut tip = tip(feature, shape, scene.currency());
    if !item.is_number() {
        tip.push_str("\nWords cannot be clustered by. Click to make columns of 0 and 1 of them.");
    } else if last {
        tip.push_str("\nThe last one stays: there is nothing to cluster by without any.");
    }
    let response = response.on_hover_text(tip);
    match response.clicked() && !last {
        true if item.is_number() => decisions::choose(scene, rfm, item, !item.chosen, shape),
        true => encode(scene, &feature.name),
        false => {}
    }
}

/// Opens the form that makes columns of 0 and 1 of words.
pub fn encode(scene: &mut Scene, name: &str) {
    if scene.view.features.draft.is_none() {
        let formula = Formula::OneHot { column: name.to_string(), values: Vec::new(), most: None };
        scene.view.features.add(Level::Customers, formula);
    }
}

/// From right to left: delete, edit.
fn own_buttons(ui: &mut Ui, scene: &mut Scene, at: usize) {
    let t = theme::of(ui);
    let Some(recipe) = scene.session.recipe().cloned() else { return };
    let Some(calculation) = recipe.features.calculate.get(at) else { return };
    let users = decisions::users(&recipe.features.calculate, at);
    let small = |ui: &mut Ui, glyph: egui_material_icons::MaterialIcon, name: String| {
        let glyph = glyph.rich_text().size(t.font.body).color(t.text.muted);
        ui.spacing_mut().button_padding = egui::Vec2::ZERO;
        let button = egui::Button::new(glyph).frame_when_inactive(false).min_size(egui::Vec2::splat(t.font.icon));
        ui.add(button).on_hover_text(&name).accessible_name(name)
    };
    let name = &calculation.name;
    let delete = ui.add_enabled_ui(users.is_empty(), |ui| small(ui, ICON_DELETE, format!("Delete {name}"))).inner;
    let reason = format!("{} made from it: delete what uses it first", are(&users));
    if delete.on_disabled_hover_text(reason).clicked() {
        decisions::delete(scene, at);
    }
    let free = scene.view.features.draft.is_none();
    let edit = ui.add_enabled_ui(free, |ui| small(ui, ICON_EDIT, format!("Edit {name}"))).inner;
    if edit.on_disabled_hover_text("Finish the calculation that is open first").clicked() {
        scene.view.features.edit(at, name.clone(), calculation.formula.clone());
    }
}

/// "a is", "a and b are".
pub fn are(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [one] => format!("{one} is"),
        [most @ .., last] => format!("{} and {last} are", most.join(", ")),
    }
}
