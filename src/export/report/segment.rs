//! A page for each segment.

use rayon::prelude::*;

use super::charts;
use super::data::{Cell, Column, Figure, File, Page, Range, Statement, Table, Tops};
use super::make::{anchor, color, lower};
use super::text;
use crate::chart::{Chart, Ink, Palette};
use crate::ctx::Ctx;
use crate::error::Result;
use crate::format;
use crate::pipeline::Findings;
use crate::profile::{self, Grouping, Portrait, Profile};
use crate::rfm::score::quantile;
use crate::rfm::{MONETARY, Unit};

/// Features with quartiles on a segment's page.
const MOST_FEATURES: usize = 14;
/// Rules on a segment's page.
const MOST_RULES: usize = 5;
/// Leading values per column, and columns.
const MOST_TOPS: usize = 5;
const MOST_TOP_COLUMNS: usize = 6;
/// Sizes of pictures by how many stand side by side: on paper their texts come out equally large.
const SIZES: [[f32; 2]; 3] = [[charts::WIDE, 230.0], [330.0, 215.0], [236.0, 185.0]];

/// What everyone has of one feature.
struct Everyone {
    /// Place in the table's features.
    feature: usize,
    /// Ascending, without gaps.
    sorted: Vec<f64>,
}

impl Everyone {
    /// The share of customers who have less, those with the same counted half.
    fn share_below(&self, value: f64) -> f64 {
        let (less, at_most) =
            (self.sorted.partition_point(|v| *v < value), self.sorted.partition_point(|v| *v <= value));
        (less + at_most) as f64 / 2.0 / self.sorted.len().max(1) as f64
    }
}

/// The median; NaN of nothing.
pub(super) fn median(values: &[f64]) -> f64 {
    quantile(&ascending(values), 0.5)
}

fn ascending(values: &[f64]) -> Vec<f64> {
    let mut sorted: Vec<f64> = values.iter().copied().filter(|v| !v.is_nan()).collect();
    sorted.sort_unstable_by(f64::total_cmp);
    sorted
}

/// The pages of all segments, in their order.
pub(super) fn pages(findings: &Findings, files: &mut Vec<File>, ctx: &Ctx) -> Result<Vec<Page>> {
    let everyone = everyone(findings, ctx)?;
    let (profiles, portraits) = findings.portraits.of(Grouping::Clusters, &findings.profiles);
    let axes = charts::axes(findings);
    // The same scale on all pages, so that they can be compared.
    let far = charts::telling(findings, profiles, usize::MAX)
        .into_iter()
        .flat_map(|i| profiles.iter().map(move |p| p.features[i].difference.abs()))
        .fold(1.0, f64::max);
    let none = Portrait::default();
    let mut out = Vec::with_capacity(profiles.len());
    for (place, p) in profiles.iter().enumerate() {
        ctx.tick(place, profiles.len())?;
        if p.customers == 0 {
            continue;
        }
        let portrait = portraits.get(place).unwrap_or(&none);
        out.push(page(findings, &everyone, axes, far, place, portrait, files));
    }
    Ok(out)
}

fn everyone(findings: &Findings, ctx: &Ctx) -> Result<Vec<Everyone>> {
    let features = &findings.rfm.customers.features;
    let clustered = |name: &str| findings.matrix.columns.iter().any(|c| c.name == name);
    let wanted = |name: &str| clustered(name) || [crate::rfm::RECENCY, crate::rfm::FREQUENCY, MONETARY].contains(&name);
    let mut shown: Vec<usize> =
        (0..features.len()).filter(|&i| features[i].unit != Unit::Words && wanted(&features[i].name)).collect();
    shown.truncate(MOST_FEATURES);
    shown
        .into_par_iter()
        .map(|feature| {
            ctx.tick(0, 1)?;
            Ok(Everyone { feature, sorted: ascending(&features[feature].values) })
        })
        .collect()
}

fn page(
    findings: &Findings,
    everyone: &[Everyone],
    axes: Option<[usize; 2]>,
    far: f64,
    place: usize,
    portrait: &Portrait,
    files: &mut Vec<File>,
) -> Page {
    let profiles = &findings.profiles;
    let p = &profiles[place];
    let currency = text::currency(findings);
    let (own, name) = (color(p), anchor(p));
    let alone = profiles.len() < 2;
    let trend = trend(p, portrait, currency);
    let axes = axes.filter(|_| !alone);
    let differences = charts::differences(findings, p, charts::ink(p), far).filter(|_| !alone);
    let many = usize::from(trend.is_some()) + usize::from(axes.is_some()) + usize::from(differences.is_some());
    let size = SIZES[many.saturating_sub(1).min(2)];
    let mut pictures = Vec::with_capacity(many);
    if let Some(axes) = axes {
        let mut chart = charts::places(findings, axes, Some(place));
        chart.title = "Where they stand among all".into();
        chart.note = "Discs are the segments at their medians, sized by customers.".into();
        let alt = format!("{}, compared with the other segments. {}", p.name, chart.note);
        pictures.push(charts::picture(&chart, &format!("{name}-place"), size, alt, files));
    }
    if let Some(chart) = differences {
        let alt = differences_alt(findings, p);
        pictures.push(charts::picture(&chart, &format!("{name}-differences"), size, alt, files));
    }
    if let Some(chart) = trend {
        let words = portrait.trend.as_ref().map_or("", |t| t.words.as_str());
        let alt = format!("Revenue per month of {}. {words}", p.name);
        pictures.push(charts::picture(&chart, &format!("{name}-trend"), size, alt, files));
    }
    let rules = rules(findings, place);
    Page {
        anchor: name.clone(),
        number: if p.number == 0 { String::new() } else { p.number.to_string() },
        name: text::line(&p.name),
        color: text::hex(own),
        on_color: text::hex(Palette::of(false).text_on(own)),
        description: text::line(&p.description),
        note: text::line(&p.note),
        figures: figures(findings, p, portrait),
        action: text::line(&p.action),
        channel: text::line(&p.channel),
        reason: text::line(&portrait.reason),
        stake: portrait.stake.as_ref().map_or_else(String::new, |stake| text::line(&stake.words)),
        pictures,
        numbers: numbers(findings, everyone, p, &text::hex(own)),
        numbers_note:
            "The bar shows where quartiles and median lie among all customers, from the lowest to the highest; the \
                       thin line is everyone’s median."
                .into(),
        rules_note: if rules.0.is_empty() { String::new() } else { rules.1 },
        rules: rules.0,
        trend_words: portrait.trend.as_ref().map_or_else(String::new, |t| text::line(&t.words)),
        tops: tops(portrait),
    }
}

fn differences_alt(findings: &Findings, p: &Profile) -> String {
    let features = &findings.rfm.customers.features;
    let parts: Vec<String> = charts::telling(findings, std::slice::from_ref(p), 10)
        .into_iter()
        .map(|i| format!("{} {}", lower(&features[i].label), text::difference(p.features[i].difference)))
        .collect();
    format!("Difference of {} from everyone in standard deviations: {}.", p.name, parts.join(", "))
}

fn figures(findings: &Findings, p: &Profile, portrait: &Portrait) -> Vec<Figure> {
    let currency = text::currency(findings);
    let of = |share: f64, what: &str| format!("{} of {what}", text::percent(share));
    let mut out = vec![Figure {
        label: "Customers".into(),
        value: format::count(p.customers),
        note: of(p.share_of_customers, "all"),
    }];
    if findings.rfm.has_money() {
        out.push(Figure {
            label: "Revenue".into(),
            value: format::money(p.revenue, currency),
            note: of(p.share_of_revenue, "all"),
        });
        out.push(Figure {
            label: "Revenue per customer".into(),
            value: format::money(p.revenue / p.customers.max(1) as f64, currency),
            note: "mean".into(),
        });
    }
    if let Some(stake) = &portrait.stake {
        let value = format::money(stake.amount, currency);
        out.push(Figure { label: "At stake".into(), value, note: "see what to do".into() });
    }
    out
}

fn numbers(findings: &Findings, everyone: &[Everyone], p: &Profile, hex: &str) -> Table {
    let currency = text::currency(findings);
    let columns = vec![
        Column::text("Feature", 1.1),
        Column::number("First quartile"),
        Column::number("Median"),
        Column::number("Third quartile"),
        Column::number("Everyone’s median"),
        Column::text("Among all customers", 1.0),
    ];
    let rows = everyone.iter().filter_map(|all| {
        let (feature, own) = (&findings.rfm.customers.features[all.feature], &p.features[all.feature]);
        if !own.median.is_finite() {
            return None;
        }
        let say = |v: f64| text::value(v, feature.unit, currency);
        let label = if feature.unit == Unit::Days { format!("{}, days", feature.label) } else { feature.label.clone() };
        let range =
            Range { from: all.share_below(own.q1), middle: all.share_below(own.median), to: all.share_below(own.q3) };
        let words = format!(
            "{} to {} from the lowest, median {}",
            text::percent(range.from),
            text::percent(range.to),
            text::percent(range.middle)
        );
        Some(vec![
            Cell::text(text::line(&label)),
            Cell::text(say(own.q1)),
            Cell::text(say(own.median)),
            Cell::text(say(own.q3)),
            Cell::muted(say(quantile(&all.sorted, 0.5))),
            Cell { range: Some(range), color: Some(hex.into()), ..Cell::text(words) },
        ])
    });
    Table { columns, rows: rows.collect() }
}

/// The rules that lead to a segment, and what is to be said of them together.
fn rules(findings: &Findings, place: usize) -> (Vec<Statement>, String) {
    let all = &findings.portraits.rules;
    let own: Vec<&profile::Rule> = all.rules.iter().filter(|rule| rule.segment == place).collect();
    if findings.profiles.len() < 2 {
        return (Vec::new(), String::new());
    }
    let statements = own.iter().take(MOST_RULES).map(|rule| Statement {
        text: text::sentence(&rule.sentence),
        note: format!(
            "Takes in {}, {} of them rightly; covers {} of the segment.",
            format::plural(rule.customers, "customer", "customers"),
            text::percent(rule.precision),
            text::percent(rule.coverage)
        ),
    });
    let mut note = format!(
        "All rules together give {} of all customers the segment that they are in.",
        text::percent(all.fidelity)
    );
    if own.len() > MOST_RULES {
        note = format!("{} further rules take in fewer customers. {note}", own.len() - MOST_RULES);
    }
    (statements.collect(), note)
}

fn trend(p: &Profile, portrait: &Portrait, currency: Option<&str>) -> Option<Chart> {
    let pale = if p.number == 0 { Ink::Faint } else { Ink::Pale(p.cluster - 1) };
    charts::trend(portrait.trend.as_ref()?, charts::ink(p), pale, currency)
}

fn tops(portrait: &Portrait) -> Vec<Tops> {
    let one = |tops: &profile::Tops| Tops {
        title: text::line(&tops.column),
        table: Table {
            columns: vec![Column::text("", 1.0), Column::number("Share"), Column::number("Of usual")],
            rows: tops
                .list
                .iter()
                .take(MOST_TOPS)
                .map(|top| {
                    let lift =
                        if top.lift.is_finite() { format!("× {}", format::number(top.lift, 1)) } else { "–".into() };
                    vec![Cell::text(text::line(&top.name)), Cell::text(text::percent(top.share)), Cell::muted(lift)]
                })
                .collect(),
        },
        note: {
            let left = tops.others + tops.list.len().saturating_sub(MOST_TOPS);
            if left > 0 { format!("and {} more", format::count(left)) } else { String::new() }
        },
    };
    portrait.tops.iter().filter(|t| !t.list.is_empty()).take(MOST_TOP_COLUMNS).map(one).collect()
}
