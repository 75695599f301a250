//! The report's pictures, from the same chart model as the window's.

use std::sync::Arc;

use chrono::{Datelike, Months, NaiveDate};

use super::data::{File, Picture};
use super::text;
use crate::chart::{
    Anchor, Axis, Bar, Cell, Cells, Chart, Disc, Ink, Marks, Numbers, Options, Over, Palette, Rule, Scale, layout,
    to_svg,
};
use crate::format;
use crate::pipeline::Findings;
use crate::profile::{Profile, Trend};
use crate::rfm::{Feature, MONETARY, RECENCY, Unit};

/// Width of a picture that is as wide as the page, in points; on paper it is drawn somewhat smaller.
pub(super) const WIDE: f32 = 660.0;
/// Rows of the picture of differences.
const MOST_DIFFERENCES: usize = 10;
/// Differences beyond this many standard deviations have the full colour, as in the window.
const FULL: f64 = 1.5;
/// Columns of the heat map.
const MOST_COLUMNS: usize = 14;

/// A chart as a file and what the templates need to know of it.
pub(super) fn picture(
    chart: &Chart,
    name: &str,
    size: [f32; 2],
    alt: impl Into<String>,
    files: &mut Vec<File>,
) -> Picture {
    let file = format!("{name}.svg");
    let svg = to_svg(&layout(chart, size, Palette::of(false), &Options::BODY), &chart.title);
    files.push(File { name: file.clone(), bytes: svg.into_bytes() });
    Picture {
        file,
        title: chart.title.clone(),
        note: chart.note.clone(),
        alt: alt.into(),
        aspect: f64::from(size[0] / size[1]),
    }
}

/// The colour of a segment; those who belong to none have that of what is not in question.
pub(super) fn ink(profile: &Profile) -> Ink {
    if profile.number == 0 { Ink::Faint } else { Ink::Segment(profile.cluster - 1) }
}

/// The two features that place segments on a plane: how recently and how much customers bought, else the two clustered
/// features in which the segments differ most. `None` where there are no two.
pub(super) fn axes(findings: &Findings) -> Option<[usize; 2]> {
    let features = &findings.rfm.customers.features;
    let at = |name: &str| features.iter().position(|f| f.name == name);
    if let (Some(recency), Some(monetary)) = (at(RECENCY), at(MONETARY)) {
        return Some([recency, monetary]);
    }
    let spread = |i: usize| -> f64 {
        findings.profiles.iter().map(|p| p.share_of_customers * p.features[i].difference.powi(2)).sum()
    };
    let mut clustered: Vec<usize> = findings.matrix.columns.iter().filter_map(|c| at(&c.name)).collect();
    clustered.sort_by(|&a, &b| spread(b).total_cmp(&spread(a)).then(a.cmp(&b)));
    clustered.dedup();
    match clustered[..] {
        [first, second, ..] => Some([first, second]),
        _ => None,
    }
}

/// Segments as discs at their medians, as large as their number of customers. `only`: the place of the one that is shown in
/// its colour, the others faint.
pub(super) fn places(findings: &Findings, [x, y]: [usize; 2], only: Option<usize>) -> Chart {
    let features = &findings.rfm.customers.features;
    let currency = text::currency(findings);
    let shown: Vec<&Profile> = findings
        .profiles
        .iter()
        .filter(|p| p.customers > 0 && p.features[x].median.is_finite() && p.features[y].median.is_finite())
        .collect();
    let axis = |i: usize| Axis {
        label: axis_label(&features[i], currency),
        scale: spread(shown.iter().map(|p| p.features[i].median), &features[i], currency),
    };
    let discs = shown.iter().map(|p| {
        let alone = only.is_some();
        let own = only.is_none_or(|only| p.cluster == findings.profiles[only].cluster);
        Disc {
            at: [p.features[x].median, p.features[y].median],
            value: p.customers as f64,
            name: if alone { String::new() } else { p.name.clone() },
            short: if p.number == 0 { String::new() } else { p.number.to_string() },
            ink: if own { ink(p) } else { Ink::Faint },
            ring: alone && own,
            ..Disc::default()
        }
    });
    Chart { x: axis(x), y: axis(y), marks: Marks::Discs(discs.collect()), ..Chart::default() }
}

fn axis_label(feature: &Feature, currency: Option<&str>) -> String {
    match feature.unit {
        Unit::Days => format!("{}, median days", feature.label),
        Unit::Money => match currency {
            Some(sign) => format!("{}, median {sign}", feature.label),
            None => format!("{}, median", feature.label),
        },
        _ => format!("{}, median", feature.label),
    }
}

/// A scale with air around the values, by logarithm where they lie far apart.
fn spread(values: impl Iterator<Item = f64>, feature: &Feature, currency: Option<&str>) -> Scale {
    let (from, to) = values.fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), v| (a.min(v), b.max(v)));
    let format = match feature.unit {
        Unit::Money => Numbers::Money(currency.map(str::to_string)),
        Unit::Share => Numbers::Percent,
        Unit::Days | Unit::Count => Numbers::Whole,
        _ => Numbers::Plain,
    };
    if from > 0.0 && to / from >= 12.0 {
        let air = (to / from).powf(0.2);
        return Scale::Log { from: from / air, to: to * air, format };
    }
    let air = if to > from { (to - from) * 0.22 } else { from.abs().max(1.0) * 0.5 };
    let low = from - air;
    Scale::Linear { from: if from >= 0.0 { low.max(-air * 0.4) } else { low }, to: to + air, format }
}

/// Two bars per group, its part of the customers and of the revenue.
pub(super) fn shares(groups: &[Profile], inks: &[Ink], money: bool) -> Chart {
    let names: Vec<String> = groups.iter().map(|p| p.name.clone()).collect();
    let mut bars = Vec::new();
    let mut over = Vec::new();
    let mut most: f64 = 0.0;
    for (i, (p, ink)) in groups.iter().zip(inks).enumerate() {
        let of_revenue = money.then_some(p.share_of_revenue).filter(|s| s.is_finite());
        let (top, high) = if of_revenue.is_some() { (0.1, 0.4) } else { (0.2, 0.6) };
        let each = [(p.share_of_customers, Ink::Faint), (of_revenue.unwrap_or(f64::NAN), *ink)];
        for (j, (share, ink)) in each.into_iter().enumerate().filter(|(_, (share, _))| share.is_finite()) {
            let from = i as f64 + top + j as f64 * high;
            let ink = if of_revenue.is_none() { inks[i] } else { ink };
            bars.push(Bar { from, to: from + high, value: share, ink, ..Bar::default() });
            over.push(Over::Words {
                at: [share, from + high / 2.0],
                shift: [6.0, 0.0],
                text: text::percent(share),
                ink: None,
                anchor: Anchor::Start,
            });
            most = most.max(share);
        }
    }
    Chart {
        x: Axis { scale: Scale::Bare { from: 0.0, to: most.max(0.01) * 1.16 }, ..Axis::default() },
        y: Axis { scale: Scale::Names(Arc::new(names)), ..Axis::default() },
        marks: Marks::Rows(bars),
        over,
        ..Chart::default()
    }
}

/// The features in which groups differ most, by the size of the differences, as places in the table's features.
pub(super) fn telling(findings: &Findings, groups: &[Profile], most: usize) -> Vec<usize> {
    let features = &findings.rfm.customers.features;
    let mut places: Vec<usize> = findings
        .matrix
        .columns
        .iter()
        .filter_map(|c| features.iter().position(|f| f.name == c.name && f.unit != Unit::Words))
        .collect();
    places.sort_unstable();
    places.dedup();
    if places.len() > most {
        let size = |i: usize| groups.iter().map(|p| p.features[i].difference.abs()).fold(0.0, f64::max);
        places.sort_by(|&a, &b| size(b).total_cmp(&size(a)).then(a.cmp(&b)));
        places.truncate(most);
        places.sort_unstable();
    }
    places
}

/// Standardised differences of all groups, features across.
pub(super) fn heat(findings: &Findings, groups: &[Profile]) -> Option<(Chart, f32)> {
    let places = telling(findings, groups, MOST_COLUMNS);
    if places.is_empty() || groups.len() < 2 {
        return None;
    }
    let features = &findings.rfm.customers.features;
    let cells = groups.iter().flat_map(|p| {
        places.iter().map(|&i| {
            let d = p.features[i].difference;
            Cell { ink: Some(Ink::Diverging((d / FULL) as f32)), text: text::difference(d), ..Cell::default() }
        })
    });
    let chart = Chart {
        title: "How the segments differ".into(),
        note: "Means in standard deviations from everyone’s, after transform and scale: 0 is the average customer."
            .into(),
        x: Axis {
            scale: Scale::Names(Arc::new(places.iter().map(|&i| features[i].label.clone()).collect())),
            ..Axis::default()
        },
        y: Axis { scale: Scale::Names(Arc::new(groups.iter().map(|p| p.name.clone()).collect())), ..Axis::default() },
        marks: Marks::Cells(Cells { columns: places.len(), cells: cells.collect() }),
        legend: vec![
            (format!("{} or less", format::number(-FULL, 1)), Ink::Diverging(-1.0)),
            (format!("+{} or more", format::number(FULL, 1)), Ink::Diverging(1.0)),
        ],
        ..Chart::default()
    };
    let high = 60.0 + 26.0 * groups.len() as f32 + if places.len() > 6 { 50.0 } else { 0.0 };
    Some((chart, high.min(860.0)))
}

/// The differences of one group as bars to both sides of everyone.
pub(super) fn differences(findings: &Findings, group: &Profile, ink: Ink, far: f64) -> Option<Chart> {
    let places = telling(findings, std::slice::from_ref(group), MOST_DIFFERENCES);
    if places.is_empty() {
        return None;
    }
    let features = &findings.rfm.customers.features;
    let mut ordered = places;
    let of = |i: usize| group.features[i].difference;
    ordered.sort_by(|&a, &b| of(b).total_cmp(&of(a)).then(a.cmp(&b)));
    let bars = ordered.iter().enumerate().map(|(row, &i)| Bar {
        from: row as f64 + 0.22,
        to: row as f64 + 0.78,
        value: of(i),
        ink,
        ..Bar::default()
    });
    let words = ordered.iter().enumerate().map(|(row, &i)| {
        let right = of(i) >= 0.0;
        Over::Words {
            at: [of(i), row as f64 + 0.5],
            shift: [if right { 6.0 } else { -6.0 }, 0.0],
            text: text::difference(of(i)),
            ink: None,
            anchor: if right { Anchor::Start } else { Anchor::End },
        }
    });
    let chart = Chart {
        title: "How they differ from everyone".into(),
        note: "Standard deviations, after transform and scale.".into(),
        x: Axis { scale: Scale::Bare { from: -far * 1.9, to: far * 1.9 }, ..Axis::default() },
        y: Axis {
            scale: Scale::Names(Arc::new(ordered.iter().map(|&i| features[i].label.clone()).collect())),
            ..Axis::default()
        },
        marks: Marks::Rows(bars.collect()),
        rules: vec![Rule { at: 0.0, label: "everyone".into() }],
        over: words.collect(),
        ..Chart::default()
    };
    Some(chart)
}

/// Revenue per month as bars.
pub(super) fn trend(trend: &Trend, ink: Ink, pale: Ink, currency: Option<&str>) -> Option<Chart> {
    let last = trend.months.len().checked_sub(1)?;
    let day = |d: NaiveDate| f64::from(d.num_days_from_ce() - EPOCH_FROM_CE);
    let bars: Vec<Bar> = trend
        .months
        .iter()
        .zip(&trend.revenue)
        .enumerate()
        .map(|(i, (&month, &revenue))| {
            let next = month.checked_add_months(Months::new(1)).unwrap_or(month);
            let partial = (i == 0 && trend.partial[0]) || (i == last && trend.partial[1]);
            Bar {
                from: day(month),
                to: day(next),
                value: revenue,
                ink: if partial { pale } else { ink },
                ..Bar::default()
            }
        })
        .collect();
    let (low, high) = trend.revenue.iter().fold((0f64, 0f64), |(a, b), &v| (a.min(v), b.max(v)));
    let note = match trend.partial {
        [true, true] => "Paler: the data begin and end within that month.",
        [true, false] => "Paler: the data begin within that month.",
        [false, true] => "Paler: the data end within that month.",
        [false, false] => "",
    };
    Some(Chart {
        title: "Revenue per month".into(),
        note: note.into(),
        x: Axis { scale: Scale::Days { from: bars[0].from, to: bars[last].to }, ..Axis::default() },
        y: Axis {
            scale: Scale::Linear {
                from: low,
                to: high.max(low + 1.0),
                format: Numbers::Money(currency.map(str::to_string)),
            },
            ..Axis::default()
        },
        marks: Marks::Bars(bars),
        ..Chart::default()
    })
}

/// 1970-01-01 counted from the first day of the year 1.
const EPOCH_FROM_CE: i32 = 719_163;
