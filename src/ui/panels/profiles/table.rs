//! All segments as rows, with bars in the cells, sorted by any column.

use egui::{Align, Label, Layout, Rect, RichText, ScrollArea, Sense, Ui, pos2};
use egui_extras::{Column, TableBuilder};
use egui_material_icons::icons::ICON_CONTENT_COPY;

use super::cards::bar;
use super::shown::Shown;
use crate::chart::Data;
use crate::format;
use crate::rfm::Unit;
use crate::ui::scene::Scene;
use crate::ui::style::semibold;
use crate::ui::theme;
use crate::ui::widgets::customers::value;
use crate::ui::widgets::{button, text};

/// Width of the names, and least width of a number, in points.
const NAMES: f32 = 200.0;
const NARROWEST: f32 = 70.0;

/// What a column shows.
#[derive(Clone, Copy, PartialEq)]
enum Shows {
    Name,
    Customers,
    CustomerShare,
    Spend,
    SpendShare,
    /// The median of a feature, by its place in the customer table.
    Median(usize),
}

fn columns(shown: &Shown) -> Vec<Shows> {
    let mut out = vec![Shows::Name, Shows::Customers, Shows::CustomerShare];
    if shown.findings.rfm.has_money() {
        out.extend([Shows::Spend, Shows::SpendShare]);
    }
    out.extend(shown.numbers().into_iter().map(Shows::Median));
    out
}

impl Shows {
    fn head(self, shown: &Shown) -> String {
        match self {
            Shows::Name => "Segment".into(),
            Shows::Customers => "Customers".into(),
            Shows::CustomerShare | Shows::SpendShare => "Share".into(),
            Shows::Spend => "Net spend".into(),
            Shows::Median(place) => shown.findings.rfm.customers.features[place].label.clone(),
        }
    }

    /// What the column is called where nothing else says what it belongs to.
    fn called(self, shown: &Shown) -> String {
        match self {
            Shows::CustomerShare => "Share of customers".into(),
            Shows::SpendShare => "Share of net spend".into(),
            Shows::Median(_) => format!("Median {}", self.head(shown)),
            other => other.head(shown),
        }
    }

    fn definition(self, shown: &Shown) -> String {
        match self {
            Shows::Name => "Canonical order until another column is chosen".into(),
            Shows::Customers => "Customers of the segment".into(),
            Shows::CustomerShare => format!("Their part of {}", shown.everyone()),
            Shows::Spend => "What they spent less what they returned".into(),
            Shows::SpendShare => "Their part of what everyone spent".into(),
            Shows::Median(place) => {
                let definition = &shown.findings.rfm.customers.features[place].definition;
                format!("The customer in the middle of the segment. {definition}")
            }
        }
    }

    fn number(self, shown: &Shown, segment: usize) -> f64 {
        let profile = &shown.profiles()[segment];
        match self {
            Shows::Name => segment as f64,
            Shows::Customers => profile.customers as f64,
            Shows::CustomerShare => profile.share_of_customers,
            Shows::Spend => profile.revenue,
            Shows::SpendShare => profile.share_of_revenue,
            Shows::Median(place) => profile.features[place].median,
        }
    }

    fn unit(self, shown: &Shown) -> Unit {
        match self {
            Shows::Name | Shows::Customers => Unit::Count,
            Shows::CustomerShare | Shows::SpendShare => Unit::Share,
            Shows::Spend => Unit::Money,
            Shows::Median(place) => shown.findings.rfm.customers.features[place].unit,
        }
    }

    /// The same number of everyone.
    fn of_everyone(self, shown: &Shown) -> f64 {
        let sum = |of: &dyn Fn(&crate::profile::Profile) -> f64| shown.profiles().iter().map(of).sum();
        match self {
            Shows::Name => f64::NAN,
            Shows::Customers => shown.findings.rfm.customers.len() as f64,
            Shows::CustomerShare | Shows::SpendShare => 1.0,
            Shows::Spend => sum(&|p| p.revenue),
            Shows::Median(place) => shown.findings.portraits.everyone.get(place).map_or(f64::NAN, |all| all.median),
        }
    }
}

/// Segments in the order that was chosen.
fn order(scene: &Scene, shown: &Shown, columns: &[Shows]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..shown.profiles().len()).collect();
    if let Some((column, descending)) = scene.view.profiles.sort
        && let Some(column) = columns.get(column).filter(|c| **c != Shows::Name)
    {
        order.sort_by(|&a, &b| {
            let by = column.number(shown, a).total_cmp(&column.number(shown, b));
            (if descending { by.reverse() } else { by }).then(a.cmp(&b))
        });
    }
    order
}

pub fn controls(ui: &mut Ui, scene: &mut Scene, shown: &Shown) {
    if button::plain(ui, ICON_CONTENT_COPY, "Copy as text").on_hover_text("For a spreadsheet, with quartiles").clicked()
    {
        ui.ctx().copy_text(data(shown, &order(scene, shown, &columns(shown))).to_tsv());
    }
}

/// All that is known of the segments, numbers unrounded.
fn data(shown: &Shown, order: &[usize]) -> Data {
    let profiles = shown.profiles();
    let numbers = |of: &dyn Fn(&crate::profile::Profile) -> f64| -> Vec<f64> {
        order.iter().map(|&i| of(&profiles[i])).collect()
    };
    let mut data = Data::default()
        .text("segment", order.iter().map(|&i| profiles[i].name.clone()).collect())
        .number("customers", numbers(&|p| p.customers as f64))
        .number("share_of_customers", numbers(&|p| p.share_of_customers));
    if shown.findings.rfm.has_money() {
        data = data
            .number("net_spend", numbers(&|p| p.revenue))
            .number("share_of_net_spend", numbers(&|p| p.share_of_revenue));
    }
    for place in shown.numbers() {
        let name = &shown.findings.rfm.customers.features[place].name;
        data = data
            .number(format!("{name}_q1"), numbers(&|p| p.features[place].q1))
            .number(format!("{name}_median"), numbers(&|p| p.features[place].median))
            .number(format!("{name}_q3"), numbers(&|p| p.features[place].q3))
            .number(format!("{name}_mean"), numbers(&|p| p.features[place].mean))
            .number(format!("{name}_difference"), numbers(&|p| p.features[place].difference));
    }
    data
}

pub fn show(ui: &mut Ui, scene: &mut Scene, shown: &Shown) {
    let t = theme::of(ui);
    let columns = columns(shown);
    let order = order(scene, shown, &columns);
    let most: Vec<f64> = columns
        .iter()
        .map(|c| (0..order.len()).map(|i| c.number(shown, i)).filter(|v| v.is_finite()).fold(0.0, f64::max))
        .collect();
    let room = ui.available_width() - NAMES;
    let width = (room / (columns.len() - 1) as f32 - t.space.s).max(NARROWEST);
    let (mut clicked, mut sort) = (None, None);
    ScrollArea::horizontal().auto_shrink([false, true]).show(ui, |ui| {
        TableBuilder::new(ui)
            .id_salt("profile table")
            .sense(Sense::click())
            .vscroll(false)
            .cell_layout(Layout::left_to_right(Align::Center))
            .column(Column::exact(NAMES).clip(true))
            .columns(Column::exact(width).clip(true), columns.len() - 1)
            .header(t.shape.control, |mut row| {
                for (i, column) in columns.iter().enumerate() {
                    row.col(|ui| {
                        if head(ui, scene, shown, i, *column) {
                            sort = Some(i);
                        }
                    });
                }
            })
            .body(|mut body| {
                for &segment in &order {
                    body.row(t.shape.control, |mut row| {
                        row.set_selected(shown.is_selected(scene, segment));
                        for (column, most) in columns.iter().zip(&most) {
                            row.col(|ui| cell(ui, scene, shown, *column, segment, *most));
                        }
                        if row.response().clicked() {
                            clicked = Some(segment);
                        }
                    });
                }
                body.row(t.shape.control, |mut row| {
                    for column in &columns {
                        row.col(|ui| everyone(ui, scene, shown, *column));
                    }
                });
            });
    });
    text::muted(
        ui,
        "Features with their medians: hover for the middle half. A click selects the customers of a segment.",
    );
    if let Some(segment) = clicked {
        shown.select(scene, segment);
    }
    if let Some(column) = sort {
        let view = &mut scene.view.profiles;
        view.sort = match view.sort {
            Some((now, true)) if now == column => Some((column, false)),
            Some((now, false)) if now == column => None,
            _ => (column > 0).then_some((column, true)),
        };
    }
}

/// Returns whether it was clicked.
fn head(ui: &mut Ui, scene: &Scene, shown: &Shown, i: usize, column: Shows) -> bool {
    let t = theme::of(ui);
    let layout = match column {
        Shows::Name => Layout::left_to_right(Align::Center),
        _ => Layout::right_to_left(Align::Center),
    };
    let arrow = match scene.view.profiles.sort {
        Some((now, true)) if now == i => " ▼",
        Some((now, false)) if now == i => " ▲",
        _ => "",
    };
    ui.with_layout(layout, |ui| {
        let words = format!("{}{arrow}", column.head(shown));
        let words = RichText::new(words).size(t.font.small).family(semibold()).color(t.text.muted);
        let response = ui.add(Label::new(words).truncate().sense(Sense::click()));
        let hint = format!("{}\n{}\nClick to sort by it", column.called(shown), column.definition(shown));
        let name = format!("Sort by {}", column.called(shown));
        response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, &name));
        response.on_hover_text(hint).on_hover_cursor(egui::CursorIcon::PointingHand).clicked()
    })
    .inner
}

fn cell(ui: &mut Ui, scene: &Scene, shown: &Shown, column: Shows, segment: usize, most: f64) {
    let t = theme::of(ui);
    let profile = &shown.profiles()[segment];
    if column == Shows::Name {
        text::dot(ui, shown.colors[segment]);
        text::line(ui, profile.name.as_str()).on_hover_text(format!("{}\n{}", profile.name, profile.description));
        return;
    }
    let room = ui.max_rect();
    let number = column.number(shown, segment);
    // Shares are of everything, other numbers are compared with the largest one.
    let whole = if column.unit(shown) == Unit::Share { 1.0 } else { most };
    let track = Rect::from_min_max(
        pos2(room.left() + t.space.m, room.bottom() - t.space.xs),
        pos2(room.right(), room.bottom() - 1.0),
    );
    bar(ui, track, if whole > 0.0 { number / whole } else { 0.0 }, shown.colors[segment]);
    let write = |v: f64| value(v, column.unit(shown), scene.currency());
    let hint = match column {
        Shows::Median(place) => {
            let own = &profile.features[place];
            let (q1, q3, mean) = (write(own.q1), write(own.q3), write(own.mean));
            let difference = format::number(own.difference, 2);
            format!(
                "{}\nHalf of them between {q1} and {q3}, mean {mean}\n{difference} standard deviations from everyone's mean",
                profile.name
            )
        }
        _ => format!("{}\n{}", profile.name, column.definition(shown)),
    };
    ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
        ui.add(Label::new(RichText::new(write(number))).truncate()).on_hover_text(hint);
    });
}

/// The row of everyone.
fn everyone(ui: &mut Ui, scene: &Scene, shown: &Shown, column: Shows) {
    let t = theme::of(ui);
    let muted = |words: String| Label::new(RichText::new(words).color(t.text.muted)).truncate();
    if column == Shows::Name {
        ui.add_space(t.space.s + 1.0 + ui.spacing().item_spacing.x);
        ui.add(muted("Everyone".into()));
        return;
    }
    let number = column.of_everyone(shown);
    ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
        ui.add(muted(value(number, column.unit(shown), scene.currency())));
    });
}
