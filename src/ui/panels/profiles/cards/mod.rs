//! One card per segment, all of the same parts.

mod advice;
mod bought;
mod differs;
mod head;
mod money;

use egui::{Color32, CornerRadius, CursorIcon, Label, Rect, Response, RichText, Role, Sense, Ui, WidgetInfo, vec2};

use super::shown::Shown;
use crate::format;
use crate::ui::scene::Scene;
use crate::ui::theme;
use crate::ui::widgets::{button, card, text};

/// Least width of a card in points, and most cards side by side.
const NARROWEST: f32 = 330.0;
const MOST_COLUMNS: f32 = 4.0;
/// Parts of a card, from the top.
const PARTS: usize = 8;

/// Above the cards: the order that they stand in.
pub fn controls(ui: &mut Ui, shown: &Shown) {
    let rfm = &shown.findings.rfm;
    let order = match (shown.grouping, rfm.value) {
        (crate::profile::Grouping::Rfm, _) => "Best first, by the order of the map".to_string(),
        (_, Some(at)) => format!("By mean {}, highest first", rfm.customers.features[at].label.to_lowercase()),
        (_, None) => "By size, largest first".to_string(),
    };
    text::muted_line(ui, order);
}

pub fn show(ui: &mut Ui, scene: &mut Scene, shown: &Shown) {
    let t = theme::of(ui);
    let columns = (ui.available_width() / NARROWEST).floor().clamp(1.0, MOST_COLUMNS) as usize;
    let trends = money::charts(scene, shown);
    let cards = card::aligned(ui, columns, shown.profiles(), PARTS, |ui, i, profile, part| {
        ui.spacing_mut().item_spacing = vec2(t.space.s, t.space.xs);
        ui.push_id((i, part), |ui| match part {
            0 => head::show(ui, scene, shown, i, profile),
            1 => figures(ui, scene, shown, i),
            2 => differs::show(ui, scene, shown, profile),
            3 => money::show(ui, scene, shown, i, &trends),
            4 => bought::show(ui, scene, shown, i),
            5 => advice::rule(ui, shown, i),
            6 => advice::show(ui, scene, shown, i, profile),
            _ => foot(ui, scene, shown, i),
        });
    });
    let radius = t.shape.radius as u8;
    for (i, edge) in cards.into_iter().enumerate() {
        let bar = Rect::from_min_size(edge.min, vec2(edge.width(), t.space.xs - 1.0));
        ui.painter().rect_filled(bar, CornerRadius { nw: radius, ne: radius, sw: 0, se: 0 }, shown.colors[i]);
    }
}

/// One line of text, lower than a row of controls.
fn line<R>(ui: &mut Ui, add: impl FnOnce(&mut Ui) -> R) -> Response {
    let t = theme::of(ui);
    ui.scope(|ui| {
        ui.spacing_mut().interact_size.y = t.font.body + t.space.xs;
        ui.horizontal(add).response
    })
    .inner
}

/// What a part of a card is about, with its definition.
fn section(ui: &mut Ui, words: &str, definition: &str) {
    let t = theme::of(ui);
    ui.add_space(t.space.m);
    let label = RichText::new(words).size(t.font.tiny).color(t.text.faint);
    ui.add(Label::new(label).truncate()).on_hover_text(definition);
}

fn figures(ui: &mut Ui, scene: &mut Scene, shown: &Shown, i: usize) {
    let t = theme::of(ui);
    let (profile, everyone) = (&shown.profiles()[i], shown.everyone());
    ui.add_space(t.space.s);
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = t.space.m;
        let half = ((ui.available_width() - t.space.m) / 2.0).floor();
        let hint = format!(
            "{} of the {everyone} in the analysis, {}. Click to select them.",
            format::count(profile.customers),
            format::percent(profile.share_of_customers)
        );
        let value = format::count(profile.customers);
        let rect = figure(ui, half, &value, "customers", profile.share_of_customers, shown.colors[i]);
        let response = ui.interact(rect, ui.scope_id().with("customers"), Sense::click());
        let name = format!("Select the customers of {}", profile.name);
        response.widget_info(|| WidgetInfo::labeled(Role::Button, ui.is_enabled(), &name));
        if response.on_hover_text(hint).on_hover_cursor(CursorIcon::PointingHand).clicked() {
            shown.select(scene, i);
        }
        if shown.findings.rfm.has_money() {
            let total: f64 = shown.profiles().iter().map(|p| p.revenue).sum();
            let hint = format!(
                "What they spent less what they returned, {} of the {} of everyone. On average {} a customer.",
                format::percent(profile.share_of_revenue),
                format::money(total, scene.currency()),
                format::money(profile.revenue / profile.customers.max(1) as f64, scene.currency()),
            );
            let value = format::money(profile.revenue, scene.currency());
            let rect = figure(ui, half, &value, "net spend", profile.share_of_revenue, shown.colors[i]);
            ui.interact(rect, ui.scope_id().with("net spend"), Sense::hover()).on_hover_text(hint);
        }
    });
}

/// A number, what it counts, and its share as a bar.
fn figure(ui: &mut Ui, width: f32, value: &str, unit: &str, share: f64, color: Color32) -> Rect {
    let t = theme::of(ui);
    let inner = ui.vertical(|ui| {
        ui.set_width(width);
        ui.spacing_mut().item_spacing.y = 2.0;
        text::big(ui, value);
        text::fact(ui, unit, format::percent(share));
        let (rect, _) = ui.allocate_exact_size(vec2(width, t.space.xs), Sense::hover());
        bar(ui, rect, share, color);
    });
    inner.response.rect
}

/// A share as a filled track.
pub fn bar(ui: &Ui, rect: Rect, share: f64, color: Color32) {
    let t = theme::of(ui);
    ui.painter().rect_filled(rect, t.shape.radius_small, t.bg.hover);
    let mut filled = rect;
    filled.set_width(rect.width() * share.clamp(0.0, 1.0) as f32);
    ui.painter().rect_filled(filled, t.shape.radius_small, color);
}

fn foot(ui: &mut Ui, scene: &mut Scene, shown: &Shown, i: usize) {
    ui.add_space(theme::of(ui).space.xs);
    let name = format!("Show customers of {}", shown.profiles()[i].name);
    if button::link(ui, "Show customers").accessible_name(name).clicked() {
        shown.select(scene, i);
    }
}
