//! One feature's box per segment.

use std::sync::Arc;

use egui::{Ui, vec2};

use super::shown::Shown;
use crate::chart::{Axis, BoxPlot, Chart, Data, Marks, Numbers, Pointed, Scale};
use crate::format;
use crate::profile::Grouping;
use crate::profile::boxes::{Spread, is_skewed, spreads};
use crate::rfm::{Feature, Unit};
use crate::ui::scene::Scene;
use crate::ui::theme;
use crate::ui::widgets::chart::{self, Pointing};
use crate::ui::widgets::customers::{shown_features, value};
use crate::ui::widgets::{choice, text};

/// Width of the list of features in points.
const FEATURES: f32 = 200.0;

/// Place of the feature that is shown.
fn feature(scene: &Scene, shown: &Shown) -> usize {
    let rfm = &shown.findings.rfm;
    let chosen = scene.view.profiles.feature.as_ref();
    let found = chosen.and_then(|name| rfm.customers.features.iter().position(|f| f.name == *name));
    let usual = || shown_features(rfm, usize::MAX).last().copied();
    found.filter(|at| shown.numbers().contains(at)).or_else(usual).unwrap_or(0)
}

/// Whether the axis is logarithmic.
fn log(scene: &mut Scene, shown: &Shown, place: usize) -> bool {
    let key = (shown.findings.rfm.clone(), place);
    let usual = scene.cache.get("profile skew", key, |(rfm, place)| is_skewed(&rfm.customers.features[*place].values));
    scene.view.profiles.log.unwrap_or(*usual)
}

pub fn controls(ui: &mut Ui, scene: &mut Scene, shown: &Shown) {
    let t = theme::of(ui);
    let features = &shown.findings.rfm.customers.features;
    let place = feature(scene, shown);
    let was = log(scene, shown, place);
    let mut on = was;
    choice::switch(ui, &mut on, "Log axis").on_hover_text("Equal distances are equal factors; values above zero only");
    if on != was {
        scene.view.profiles.log = Some(on);
    }
    ui.add_space(t.space.s);
    let options: Vec<(usize, String)> = shown.numbers().into_iter().map(|i| (i, features[i].label.clone())).collect();
    let label = features.get(place).map_or("", |f| f.label.as_str());
    if let Some(picked) = choice::combo(ui, "Feature", FEATURES, label, &options, &place) {
        scene.view.profiles.feature = Some(features[picked].name.clone());
        scene.view.profiles.log = None;
    }
}

pub fn show(ui: &mut Ui, scene: &mut Scene, shown: &Shown) {
    let t = theme::of(ui);
    let place = feature(scene, shown);
    let log = log(scene, shown, place);
    let (findings, ctx) = (shown.findings.clone(), ui.ctx().clone());
    let key = (findings.clone(), (place, shown.grouping == Grouping::Rfm), log);
    let made = scene.cache.follow("profile boxes", key, &ctx, |(findings, (place, rfm), log), ctx| {
        let grouping = if *rfm { Grouping::Rfm } else { Grouping::Clusters };
        let (profiles, _) = findings.portraits.of(grouping, &findings.profiles);
        spreads(&findings.rfm.customers.features.get(*place)?.values, profiles, *log, ctx).ok()
    });
    let Some(found) = made.value.filter(|found| made.current && found.len() == shown.profiles().len()) else {
        ui.vertical_centered(|ui| {
            ui.add_space(ui.available_height() / 3.0);
            ui.spinner();
        });
        return;
    };
    let currency = scene.currency().map(str::to_string);
    let key = ((findings, (place, shown.grouping == Grouping::Rfm), log), currency);
    let chart = scene.cache.get("profile box plots", key, |((findings, (place, _), log), currency)| {
        Arc::new(picture(shown, &findings.rfm.customers.features[*place], &found, *log, currency.as_deref()))
    });
    let size = vec2(ui.available_width(), ui.available_height() - t.font.small - 2.0 * t.space.s);
    if let Some(Pointed::Mark(mark)) = chart::show(ui, scene, &chart, size, Pointing::Marks)
        && let Marks::Boxes(plots) = &chart.marks
        && let Some(plot) = plots.get(mark)
    {
        shown.select(scene, plot.at as usize);
    }
    text::muted_line(ui, "Click a box to select the customers of its segment");
}

fn picture(shown: &Shown, feature: &Feature, found: &[Option<Spread>], log: bool, currency: Option<&str>) -> Chart {
    let write = |v: f64| value(v, feature.unit, currency);
    let plots: Vec<BoxPlot> = found
        .iter()
        .flatten()
        .map(|spread| {
            let segment = spread.plot.at as usize;
            let [q1, median, q3] = spread.plot.quartiles.map(write);
            let tip = format!(
                "{}\nMedian {median}, half of them between {q1} and {q3}\nMean {}\nLowest {}, highest {}\n{} beyond the whiskers",
                shown.profiles()[segment].name,
                write(spread.plot.mean),
                write(spread.least),
                write(spread.most),
                format::plural(spread.plot.beyond, "customer", "customers")
            );
            BoxPlot { ink: shown.inks[segment], tip, ..spread.plot.clone() }
        })
        .collect();
    let customers: usize = shown.profiles().iter().map(|p| p.customers).sum();
    let there: usize = found.iter().flatten().map(|s| s.values).sum();
    let left_out = match customers - there {
        0 => String::new(),
        n => format!("; {} without a value{} left out", format::count(n), if log { " above zero" } else { "" }),
    };
    let ends =
        found.iter().flatten().fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), s| (l.min(s.least), h.max(s.most)));
    let numbers = match feature.unit {
        Unit::Money => Numbers::Money(currency.map(str::to_string)),
        Unit::Days | Unit::Count => Numbers::Whole,
        Unit::Share => Numbers::Percent,
        Unit::Number | Unit::Words => Numbers::Plain,
    };
    let room = if ends.1 > ends.0 { (ends.1 - ends.0) * 0.03 } else { 0.5 };
    let scale = match log {
        true => Scale::Log { from: ends.0 / 1.1, to: ends.1 * 1.1, format: numbers },
        false => Scale::Linear { from: ends.0 - room, to: ends.1 + room, format: numbers },
    };
    let names: Vec<String> = shown.profiles().iter().map(|p| p.name.clone()).collect();
    let marks = match plots.is_empty() {
        true => Marks::Empty(
            "No segment has a value that has a place here. Choose another feature, or switch the log axis off.".into(),
        ),
        false => Marks::Boxes(plots),
    };
    Chart {
        title: format!("{} by segment", feature.label),
        note: format!(
            "Box: the middle half; line: median; ring: mean; whiskers to the last value within 1.5 interquartile ranges{left_out}"
        ),
        x: Axis { label: String::new(), scale: Scale::Names(Arc::new(names)) },
        y: Axis { label: feature.label.clone(), scale },
        marks,
        data: data(shown, found),
        ..Chart::default()
    }
}

fn data(shown: &Shown, found: &[Option<Spread>]) -> Data {
    let column =
        |of: &dyn Fn(&Spread) -> f64| -> Vec<f64> { found.iter().map(|s| s.as_ref().map_or(f64::NAN, of)).collect() };
    Data::default()
        .text("segment", shown.profiles().iter().map(|p| p.name.clone()).collect())
        .number("customers", column(&|s| s.values as f64))
        .number("mean", column(&|s| s.plot.mean))
        .number("min", column(&|s| s.least))
        .number("lower_whisker", column(&|s| s.plot.whiskers.0))
        .number("q25", column(&|s| s.plot.quartiles[0]))
        .number("median", column(&|s| s.plot.quartiles[1]))
        .number("q75", column(&|s| s.plot.quartiles[2]))
        .number("upper_whisker", column(&|s| s.plot.whiskers.1))
        .number("max", column(&|s| s.most))
        .number("beyond", column(&|s| s.plot.beyond as f64))
}
