//! The heat map of standardised means: a glance says what makes a segment.

use std::sync::Arc;

use egui::{Ui, vec2};

use super::shown::Shown;
use crate::chart::{Axis, Cell, Cells, Chart, Data, Ink, Marks, Pointed, Scale};
use crate::format;
use crate::profile::Grouping;
use crate::ui::scene::Scene;
use crate::ui::theme;
use crate::ui::widgets::chart::{self, Pointing};
use crate::ui::widgets::customers::value;
use crate::ui::widgets::{choice, text};

/// Differences beyond this many standard deviations have the full colour.
const FULL: f64 = 1.5;
/// A column narrower than this cannot hold its number; height of a row. In points.
const NARROWEST: f32 = 62.0;
const NAMES: f32 = 190.0;

pub fn controls(ui: &mut Ui, scene: &mut Scene) {
    let orders = [
        (false, "Most telling first", "Features in which segments differ most stand on the left"),
        (true, "As clustered", "Features in the order in which they were chosen"),
    ];
    if let Some(plain) = choice::segmented(ui, "Order of features", &orders, scene.view.profiles.plain_order) {
        scene.view.profiles.plain_order = plain;
    }
}

pub fn show(ui: &mut Ui, scene: &mut Scene, shown: &Shown) {
    let t = theme::of(ui);
    let most = ((ui.available_width() - NAMES) / NARROWEST).max(3.0) as usize;
    let plain = scene.view.profiles.plain_order;
    let selected = (0..shown.profiles().len()).find(|&i| shown.is_selected(scene, i));
    let currency = scene.currency().map(str::to_string);
    let findings = &shown.findings;
    let key = (
        (findings.portraits.clone(), findings.profiles.clone()),
        (shown.grouping == Grouping::Rfm, plain, most),
        (selected.map_or(0, |i| i + 1), currency),
    );
    let made = scene.cache.get("profile heat map", key, |(_, (_, plain, most), (_, currency))| {
        Arc::new(heat_map(shown, *plain, *most, selected, currency.as_deref()))
    });
    let Marks::Cells(cells) = &made.marks else { return };
    let columns = cells.columns.max(1);
    // Title, note, strip of colours and the labels below take the rest.
    let high = shown.profiles().len() as f32 * t.shape.control + 5.0 * t.shape.row;
    let size = vec2(ui.available_width(), high);
    if let Some(Pointed::Mark(mark)) = chart::show(ui, scene, &made, size, Pointing::Marks) {
        shown.select(scene, mark / columns);
    }
    text::muted_line(ui, "Click a cell to select the customers of its segment");
}

/// The clustered features, those in which any segment differs most first.
fn places(shown: &Shown, plain: bool, most: usize) -> Vec<usize> {
    let size = |place: usize| shown.profiles().iter().map(|p| p.features[place].difference.abs()).fold(0.0, f64::max);
    let mut order = shown.clustered();
    if !plain {
        order.sort_by(|&a, &b| size(b).total_cmp(&size(a)).then(a.cmp(&b)));
    }
    order.truncate(most);
    order
}

fn heat_map(shown: &Shown, plain: bool, most: usize, selected: Option<usize>, currency: Option<&str>) -> Chart {
    let features = &shown.findings.rfm.customers.features;
    let (places, all) = (places(shown, plain, most), shown.clustered());
    let mut cells = Vec::new();
    for (i, profile) in shown.profiles().iter().enumerate() {
        for &place in &places {
            let (own, feature) = (&profile.features[place], &features[place]);
            let sign = if own.difference > 0.0 { "+" } else { "" };
            let difference = format!("{sign}{}", format::number(own.difference, 2));
            let [q1, median, q3] = [own.q1, own.median, own.q3].map(|v| value(v, feature.unit, currency));
            let tip = format!(
                "{}\n{} {difference} standard deviations from everyone's mean\nMedian {median}, half of them between {q1} and {q3}",
                profile.name, feature.label
            );
            let ink = Some(Ink::Diverging((own.difference / FULL) as f32));
            cells.push(Cell { ink, text: difference, tip, ring: selected == Some(i) });
        }
    }
    let left_out = match all.len() - places.len() {
        0 => String::new(),
        _ => format!(". {} of {} features; the numbers saved with a right click have all", places.len(), all.len()),
    };
    let label = |place: &usize| features[*place].label.clone();
    Chart {
        title: "How the segments differ".into(),
        note: format!("Means in standard deviations from everyone's, after transform and scale{left_out}"),
        x: Axis { label: String::new(), scale: Scale::Names(Arc::new(places.iter().map(label).collect())) },
        y: Axis {
            label: String::new(),
            scale: Scale::Names(Arc::new(shown.profiles().iter().map(|p| p.name.clone()).collect())),
        },
        marks: Marks::Cells(Cells { columns: places.len(), cells }),
        legend: vec![
            (format!("{} or less", format::number(-FULL, 1)), Ink::Diverging(-1.0)),
            (format!("+{} or more", format::number(FULL, 1)), Ink::Diverging(1.0)),
        ],
        data: data(shown, &all),
        ..Chart::default()
    }
}

/// Segments × features, in standard deviations.
pub fn data(shown: &Shown, places: &[usize]) -> Data {
    let features = &shown.findings.rfm.customers.features;
    let names = shown.profiles().iter().map(|p| p.name.clone()).collect();
    places.iter().fold(Data::default().text("segment", names), |data, &place| {
        let column: Vec<f64> = shown.profiles().iter().map(|p| p.features[place].difference).collect();
        data.number(features[place].name.clone(), column)
    })
}
