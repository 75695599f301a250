//! What a segment spent month by month.

use std::rc::Rc;
use std::sync::Arc;

use egui::{Align, Layout, Ui, vec2};

use super::{line, section};
use crate::chart::{Axis, Bar, Chart, Data, Ink, Marks, Scale};
use crate::format;
use crate::profile::{Grouping, Trend};
use crate::ui::panels::profiles::shown::Shown;
use crate::ui::scene::Scene;
use crate::ui::theme;
use crate::ui::widgets::chart::{self, Pointing};
use crate::ui::widgets::text;

/// One chart per segment, where there is a trend.
pub fn charts(scene: &mut Scene, shown: &Shown) -> Rc<Vec<Option<Arc<Chart>>>> {
    let currency = scene.currency().map(str::to_string);
    let rfm = shown.grouping == Grouping::Rfm;
    scene.cache.get(
        "profile trends",
        (shown.findings.portraits.clone(), shown.findings.profiles.clone(), (rfm, currency)),
        |key| {
            let (_, _, (_, currency)) = key;
            let profiles = shown.profiles().iter().enumerate();
            let one = |(i, profile): (usize, &crate::profile::Profile)| {
                let trend = shown.portrait(i)?.trend.as_ref()?;
                Some(Arc::new(trend_chart(&profile.name, trend, shown.inks[i], currency.as_deref())))
            };
            profiles.map(one).collect()
        },
    )
}

/// Months as bars, those of which the data hold a part only faintly.
fn trend_chart(name: &str, trend: &Trend, ink: Ink, currency: Option<&str>) -> Chart {
    let last = trend.months.len().saturating_sub(1);
    let partial = |i: usize| (i == 0 && trend.partial[0]) || (i == last && trend.partial[1]);
    let bar = |(i, &value): (usize, &f64)| {
        let part = if partial(i) { "\nThe data hold a part of this month only" } else { "" };
        let month = trend.months[i].format("%b %Y");
        Bar {
            from: i as f64,
            to: i as f64 + 1.0,
            value,
            selected: None,
            ink: if partial(i) { Ink::Faint } else { ink },
            tip: format!("{month}\n{} net spend{part}", format::money(value, currency)),
        }
    };
    let (low, high) = trend.revenue.iter().fold((0.0, 0.0), |(l, h): (f64, f64), v| (l.min(*v), h.max(*v)));
    Chart {
        title: format!("Net spend of {name} per month"),
        note: trend.words.clone(),
        x: Axis { label: String::new(), scale: Scale::Bare { from: 0.0, to: trend.months.len() as f64 } },
        y: Axis { label: String::new(), scale: Scale::Bare { from: low, to: high } },
        marks: Marks::Bars(trend.revenue.iter().enumerate().map(bar).collect()),
        data: Data::default()
            .text("month", trend.months.iter().map(|m| m.format("%Y-%m").to_string()).collect())
            .number("net_spend", trend.revenue.clone())
            .text("whole", (0..=last).map(|i| if partial(i) { "part" } else { "whole" }.to_string()).collect()),
        ..Chart::default()
    }
}

pub fn show(ui: &mut Ui, scene: &mut Scene, shown: &Shown, i: usize, charts: &[Option<Arc<Chart>>]) {
    let t = theme::of(ui);
    let Some(trend) = shown.portrait(i).and_then(|p| p.trend.as_ref()) else { return };
    let Some(Some(chart)) = charts.get(i) else { return };
    section(
        ui,
        "Net spend per month",
        "What its customers spent less what they returned, by the month of each row. Months of which the data hold a part \
         only are drawn faintly and not compared. A right click copies or saves the picture and its numbers.",
    );
    let size = vec2(ui.available_width(), t.space.xl * 2.0);
    chart::body(ui, scene, chart, size, Pointing::Nothing);
    if let (Some(first), Some(last)) = (trend.months.first(), trend.months.last()) {
        let month = |m: &chrono::NaiveDate| m.format("%b %Y").to_string();
        line(ui, |ui| {
            text::muted_line(ui, month(first));
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| text::muted_line(ui, month(last)));
        });
    }
    text::muted(ui, trend.words.as_str());
}
