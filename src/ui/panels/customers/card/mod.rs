//! Everything known about one customer, at the right of the table.

mod orders;
mod standing;

use std::rc::Rc;
use std::sync::Arc;

use egui::{Align, Layout, Margin, RichText, ScrollArea, Sense, Stroke, Ui, UiBuilder, vec2};
use egui_material_icons::icons::ICON_CLOSE;

use super::source::Source;
use crate::chart::Chart;
use crate::ctx::Ctx;
use crate::explore::customers::find;
use crate::format;
use crate::intake::dates::date_of;
use crate::profile::card::{self, Belonging, CustomerCard, FeatureValue, Known, Purchases, picture};
use crate::rfm::{RfmOut, Unit};
use crate::ui::scene::Scene;
use crate::ui::style::semibold;
use crate::ui::theme;
use crate::ui::widgets::chart::{self, Pointing};
use crate::ui::widgets::customers::value;
use crate::ui::widgets::{button, chip, text};

/// A card with the picture of its purchases.
struct Made {
    /// The customers it is of.
    of: Arc<RfmOut>,
    /// `None`: there is no such customer in the analysis.
    card: Option<CustomerCard>,
    chart: Option<Arc<Chart>>,
}

/// The card at the right while one is open.
pub fn drawer(ui: &mut Ui, scene: &mut Scene, source: &Source) {
    let Some(id) = scene.view.customers.card.clone() else { return };
    let t = theme::of(ui);
    let made = made(ui, scene, source, &id);
    let frame = egui::Frame::new().fill(t.bg.panel).inner_margin(Margin { left: t.space.m as i8, ..Margin::ZERO });
    let room = ui.available_width();
    let width = (room * 0.5).clamp(320.0_f32.min(room), t.frame.explain + 6.0 * t.space.l);
    let panel = egui::Panel::right("customer card").frame(frame).resizable(true).show_separator_line(false);
    panel.default_size(width).size_range(300.0..=(room * 0.7).max(301.0)).show(ui, |ui| {
        if !source.current {
            ui.multiply_opacity(0.5);
        }
        let line = ui.max_rect();
        let x = line.left() - t.space.m;
        ui.painter().vline(x, line.y_range(), Stroke::new(t.shape.hairline, t.bg.line));
        head(ui, scene, &id, made.as_deref());
        let Some(made) = made else {
            text::muted(ui, "Looking for what is known…");
            return;
        };
        let Some(card) = &made.card else {
            text::muted(
                ui,
                format!("There is no customer {id} in this analysis. Cleaning or the window may leave them out."),
            );
            return;
        };
        let area = ScrollArea::vertical().id_salt(("card", card.place)).auto_shrink([false, false]);
        area.show(ui, |ui| {
            ui.set_width(ui.available_width() - t.space.s);
            body(ui, scene, source, card, made.chart.as_ref());
        });
    });
}

fn made(ui: &Ui, scene: &mut Scene, source: &Source, id: &str) -> Option<Rc<Made>> {
    let currency = scene.currency().map(String::from);
    let input = (source.clone(), id.to_string());
    let made = scene
        .cache
        .follow("customer card", input, ui.ctx(), move |(source, id), ctx| make(source, id, currency.as_deref(), ctx));
    // While another customer's card is made, the last one stays; not one of other customers' places.
    made.value.filter(|m| Arc::ptr_eq(&m.of, &source.rfm))
}

fn make(source: &Source, id: &str, currency: Option<&str>, ctx: &Ctx) -> Option<Made> {
    let of = source.rfm.clone();
    let Some(place) = find(&source.rfm.customers.ids, id) else { return Some(Made { of, card: None, chart: None }) };
    let known = Known {
        prepared: &source.prepared,
        roles: &source.roles,
        clean: &source.clean,
        rfm: &source.rfm,
        recipe: &source.recipe,
        clusters: source.findings.as_ref().map(|f| (&*f.matrix, &*f.chosen, f.profiles.as_slice())),
    };
    let card = card::card(&known, place, ctx).ok()?;
    let chart = card.purchases.as_ref().map(|p| Arc::new(picture(p, currency)));
    Some(Made { of, card: Some(card), chart })
}

fn head(ui: &mut Ui, scene: &mut Scene, id: &str, made: Option<&Made>) {
    let t = theme::of(ui);
    ui.horizontal(|ui| {
        let name = RichText::new(format!("Customer {id}")).size(t.font.title).family(semibold());
        ui.add(egui::Label::new(name).truncate());
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            if button::icon(ui, ICON_CLOSE, "Close the card").clicked() {
                scene.view.customers.card = None;
            }
        });
    });
    let Some(card) = made.and_then(|m| m.card.as_ref()).filter(|c| c.id == id) else { return };
    ui.horizontal_wrapped(|ui| {
        if let Some(standing) = &card.standing {
            chip::Chip { name: "RFM", value: &standing.name, chosen: false, hint: &standing.meaning }.fixed(ui);
        }
        if let Some(belonging) = &card.belonging {
            text::dot(ui, t.segment(belonging.cluster));
            ui.label(RichText::new(&belonging.name).size(t.font.small))
                .on_hover_text("The segment found by clustering");
        }
    });
    ui.add_space(t.space.xs);
}

fn body(ui: &mut Ui, scene: &mut Scene, source: &Source, card: &CustomerCard, picture: Option<&Arc<Chart>>) {
    let t = theme::of(ui);
    if let Some(purchases) = &card.purchases {
        facts(ui, scene, purchases);
        if let Some(picture) = picture {
            let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 9.0 * t.shape.row), Sense::hover());
            let mut room = ui.new_child(UiBuilder::new().max_rect(rect));
            chart::show(&mut room, scene, picture, rect.size(), Pointing::Nothing);
        }
    }
    if let Some(standing) = &card.standing {
        section(ui, "Why this RFM segment");
        standing::show(ui, scene, &source.rfm, standing, &card.features);
    }
    if let Some(belonging) = &card.belonging {
        section(ui, "Cluster");
        cluster(ui, belonging);
    }
    if let Some(purchases) = &card.purchases {
        orders::products(ui, scene, purchases);
        orders::list(ui, scene, purchases);
    }
    // Recency, frequency and monetary stand with their scores already.
    let further = &card.features[card.standing.as_ref().map_or(0, |s| s.axes.len()).min(card.features.len())..];
    if !further.is_empty() {
        section(ui, if card.standing.is_some() { "Further features" } else { "Features" });
        further.iter().for_each(|feature| feature_line(ui, scene, feature));
    }
    if !card.groups.is_empty() {
        section(ui, "Groups");
        for group in &card.groups {
            let place = match group.rank {
                Some(rank) => format!("{} of {} by net spend", format::count(rank), format::count(group.customers)),
                None => format::plural(group.customers, "customer", "customers"),
            };
            text::fact(ui, &group.name, place);
        }
    }
    if !card.unknown.is_empty() {
        section(ui, "Not known");
        card.unknown.iter().for_each(|sentence| {
            text::muted(ui, sentence.as_str());
        });
    }
    ui.add_space(t.space.m);
}

/// A share of all customers; never all of them, as rounding would have it.
fn share_of_all(share: f64) -> String {
    format::percent((share * 1000.0).floor() / 1000.0)
}

/// A title with air above it.
fn section(ui: &mut Ui, title: &str) {
    let t = theme::of(ui);
    ui.add_space(t.space.s);
    text::heading(ui, title);
}

fn facts(ui: &mut Ui, scene: &Scene, purchases: &Purchases) {
    let money = |v: f64| format::money(v, scene.currency());
    let day = |d: Option<i32>| d.map_or("–".into(), |d| date_of(d).to_string());
    let t = theme::of(ui);
    ui.spacing_mut().item_spacing.y = t.space.xs;
    text::fact(ui, "Net spend", money(purchases.net)).on_hover_text("What was bought, less what was returned");
    text::fact(ui, "Orders", format::count(purchases.purchases)).on_hover_text("Orders with at least one purchase");
    if purchases.purchases > 0 {
        let hint = "Money of purchases divided by the number of orders; returns do not count";
        text::fact(ui, "Average basket", money(purchases.basket())).on_hover_text(hint);
    }
    if purchases.returned < 0.0 {
        text::fact(ui, "Returned", money(-purchases.returned)).on_hover_text("Money of returns and cancellations");
    }
    text::fact(ui, "First purchase", day(purchases.first));
    text::fact(ui, "Last purchase", day(purchases.last));
    let outside = purchases.orders.iter().filter(|o| !o.counts).count();
    if outside > 0 {
        let orders = format::plural(outside, "order or return lies", "orders and returns lie");
        text::muted(ui, format!("{orders} outside the window of the analysis and do not count."));
    }
    ui.add_space(t.space.xs);
}

fn cluster(ui: &mut Ui, belonging: &Belonging) {
    let t = theme::of(ui);
    ui.horizontal(|ui| {
        text::dot(ui, t.segment(belonging.cluster));
        text::line(ui, belonging.name.as_str());
    });
    text::muted(ui, belonging.sentence.as_str());
    let hint = "Euclidean distance between the prepared (transformed, scaled and weighted) features and the centre";
    text::fact(ui, "Distance to its centre", format::short(belonging.distance)).on_hover_text(hint);
    if let Some((_, name, distance)) = &belonging.next {
        orders::two_ends(ui, &format!("Distance to {name}"), &format::short(*distance)).on_hover_text(hint);
    }
    let all: f64 = belonging.pulls.iter().map(|p| p.pull.abs()).sum();
    let Some((_, next, _)) = belonging.next.as_ref().filter(|_| all > 0.0) else { return };
    let hint = "How much of the difference between both squared distances comes from this feature";
    for (segment, sign) in [(&belonging.name, 1.0), (next, -1.0)] {
        let speak = belonging.pulls.iter().filter(|p| p.pull * sign > 0.0).take(5);
        for (i, pull) in speak.enumerate() {
            if i == 0 {
                text::muted(ui, format!("What speaks for {segment}"));
            }
            orders::two_ends(ui, &pull.label, &format::percent(pull.pull.abs() / all)).on_hover_text(hint);
        }
    }
}

fn feature_line(ui: &mut Ui, scene: &Scene, feature: &FeatureValue) {
    let shown = match &feature.word {
        Some(word) => word.clone(),
        None if feature.unit == Unit::Words => "–".into(),
        None => value(feature.value, feature.unit, scene.currency()),
    };
    let unit = if feature.unit == Unit::Days { " days" } else { "" };
    let mut words = format!("{shown}{unit}");
    let mut hint = feature.definition.clone();
    if feature.lower.is_finite() {
        let (lower, higher) = (share_of_all(feature.lower), share_of_all(feature.higher));
        words += &format!(" · above {lower}");
        hint += &format!("\nHigher than {lower} of all customers, lower than {higher}.");
    }
    text::fact(ui, &feature.label, words).on_hover_text(hint);
}
