//! What is said of each customer: the columns of the sheets with one row per customer.

use rust_xlsxwriter::Format;

use super::assemble::Strings;
use super::cells::{RIGHT_DAYS, Values, Which, serial};
use super::names::distinct_titles;
use super::style::Style;
use crate::ctx::Ctx;
use crate::error::Result;
use crate::export::customers::{axes, further};
use crate::export::placement::belonging;
use crate::pipeline::Findings;
use crate::rfm::{Feature, RECENCY, Unit};

/// One column: its title, its width in characters, the format of its cells, and what is in them.
pub(super) struct Planned<'a> {
    pub title: String,
    pub width: f64,
    pub format: Format,
    pub values: Values<'a>,
    /// Whether it says in which segment a customer is, which a segment's own sheet need not repeat.
    pub of_segment: bool,
}

/// What columns are made from: computed once, as several sheets have the same columns.
pub(super) struct Source<'a> {
    findings: &'a Findings,
    belonging: Option<(&'static str, Vec<f64>)>,
    /// Where the words of a feature begin among the words of all sheets; one per feature, for those that have words.
    first_word: Vec<usize>,
    words: usize,
}

impl<'a> Source<'a> {
    pub fn new(findings: &'a Findings, ctx: &Ctx) -> Result<Source<'a>> {
        let mut words = findings.profiles.len() + findings.rfm.map.segments.len();
        let first_word = further(&findings.rfm.customers)
            .into_iter()
            .map(|feature| {
                let first = words;
                words += feature.names.as_ref().map_or(0, |names| names.len());
                first
            })
            .collect();
        Ok(Source { findings, belonging: belonging(findings, ctx)?, first_word, words })
    }

    /// The texts that cells refer to.
    pub fn strings(&self) -> Strings<'a> {
        let findings = self.findings;
        let mut words: Vec<&str> = findings.profiles.iter().map(|p| p.name.as_str()).collect();
        words.extend(findings.rfm.map.segments.iter().map(|s| s.name.as_str()));
        for feature in further(&findings.rfm.customers) {
            words.extend(feature.names.iter().flat_map(|names| names.iter()).map(String::as_str));
        }
        Strings { words, ids: &findings.rfm.customers.ids }
    }

    /// All columns, from the left.
    pub fn columns<'s>(&'s self, style: &Style) -> Vec<Planned<'s>>
    where
        'a: 's,
    {
        let rfm = &self.findings.rfm;
        let labels = &self.findings.chosen.clustering.labels[..];
        let clusters = self.findings.profiles.len();
        let mut out: Vec<Planned> = Vec::new();
        let ids = self.words;
        out.push(planned("Customer id", longest(rfm.customers.ids.iter()), &style.plain, Values::Own { first: ids }));
        let width = longest(self.findings.profiles.iter().map(|p| &p.name));
        out.push(Planned {
            of_segment: true,
            ..planned(
                "Segment",
                width,
                &style.text_indented,
                Values::Few { which: Which::Labels(labels), places: (0..clusters).map(Some).collect() },
            )
        });
        if let (Some(day), Some(days)) = (rfm.snapshot, self.whole_recency()) {
            let title = "Last purchase";
            out.push(planned(title, 0.0, &style.day, Values::DaysBefore { day, days }));
        }
        for feature in axes(&rfm.customers).into_iter().flatten() {
            out.push(numbers(feature, style));
        }
        for (feature, &first) in further(&rfm.customers).into_iter().zip(&self.first_word) {
            let Some(names) = &feature.names else {
                out.push(numbers(feature, style));
                continue;
            };
            let which = &feature.values[..];
            out.push(planned(
                &feature.label,
                longest(names.iter()),
                &style.text_indented,
                Values::Few {
                    which: Which::Numbers(which),
                    places: names.iter().enumerate().map(|(i, n)| (!n.is_empty()).then_some(first + i)).collect(),
                },
            ));
        }
        if !rfm.segment.is_empty() {
            let segments = &rfm.map.segments;
            let width = longest(segments.iter().map(|s| &s.name));
            out.push(planned(
                "RFM segment",
                width,
                &style.text_indented,
                Values::Few {
                    which: Which::Bytes(&rfm.segment),
                    places: (0..segments.len()).map(|i| Some(clusters + i)).collect(),
                },
            ));
        }
        for (axis, feature) in rfm.scores.iter().zip(&rfm.customers.features) {
            let title = format!("{} score", feature.label);
            out.push(planned(&title, 0.0, &style.centred, Values::Scores(&axis.scores)));
        }
        let numbers: Vec<usize> = self.findings.profiles.iter().map(|p| p.number).collect();
        out.push(Planned {
            of_segment: true,
            ..planned("Cluster", 0.0, &style.centred, Values::Groups { labels, numbers })
        });
        if let Some((name, values)) = &self.belonging {
            let title = format!("{}{}", name[..1].to_uppercase(), &name[1..]);
            out.push(planned(&title, 0.0, &style.share, Values::Numbers(values)));
        }
        let titles = distinct_titles(out.iter().map(|c| c.title.clone()));
        for (column, title) in out.iter_mut().zip(titles) {
            // The button to filter takes the place of about three characters.
            column.width = column.width.max(title.chars().count() as f64 + 4.0).clamp(9.0, 48.0);
            column.title = title;
        }
        out
    }

    /// Recency in whole days, from which the day of the last purchase follows; `None` where it is none, or where most
    /// days are none that Excel can count.
    fn whole_recency(&self) -> Option<&[f64]> {
        let rfm = &self.findings.rfm;
        // Customers without a purchase in the window have one day more than it has, and no day of a last purchase.
        if self.findings.recipe.rfm.keep_inactive && self.findings.recipe.rfm.window_days.is_some() {
            return None;
        }
        let feature = rfm.customers.features.iter().find(|f| f.name == RECENCY && f.unit == Unit::Days)?;
        let today = serial(rfm.snapshot?);
        let whole = |v: &&f64| v.is_finite() && v.fract() == 0.0 && RIGHT_DAYS.contains(&(today - **v));
        let known = feature.values.iter().filter(|v| v.is_finite()).count();
        let right = feature.values.iter().filter(whole).count();
        (right * 2 > known).then_some(&feature.values[..])
    }
}

fn planned<'s>(title: &str, width: f64, format: &Format, values: Values<'s>) -> Planned<'s> {
    Planned { title: title.into(), width, format: format.clone(), values, of_segment: false }
}

/// A feature of numbers, under its name for people and its unit.
fn numbers<'s>(feature: &'s Feature, style: &Style) -> Planned<'s> {
    let title = match feature.unit {
        Unit::Days if !feature.label.to_lowercase().contains("day") => format!("{}, days", feature.label),
        _ => feature.label.clone(),
    };
    let widest = feature.values.iter().filter(|v| v.is_finite()).fold(0.0_f64, |most, v| most.max(v.abs()));
    // Digits, separators between thousands, two decimals, sign, currency.
    let digits = widest.max(1.0).log10().floor() + 1.0;
    let width = (digits * 4.0 / 3.0).ceil() + if feature.unit == Unit::Money { 6.0 } else { 3.0 };
    planned(&title, width, style.feature(feature), Values::Numbers(&feature.values))
}

fn longest<'t>(texts: impl Iterator<Item = &'t String>) -> f64 {
    texts.map(|text| text.chars().count()).max().unwrap_or(0) as f64 + 3.0
}
