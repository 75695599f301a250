//! From findings to what the report says: the first page, and what tells the segments apart.

use super::charts::{self, WIDE};
use super::data::{Block, Cell, Column, Figure, File, Report, Table};
use super::{logo, method, parts, segment, text};
use crate::chart::{Ink, Palette};
use crate::ctx::Ctx;
use crate::error::Result;
use crate::exact::ExactSum;
use crate::format;
use crate::pipeline::Findings;
use crate::profile::{Grouping, Profile};
use crate::rfm::Unit;

/// Columns of medians in the table of the first page.
const MOST_MEDIANS: usize = 3;

/// Everything that the report says of `findings`.
///
/// # Errors
/// A logo that cannot be used; [`crate::error::Error::Cancelled`].
pub fn report(findings: &Findings, ctx: &Ctx) -> Result<Report> {
    let mut files = Vec::new();
    let presentation = &findings.recipe.presentation;
    let logo = presentation.logo.as_deref().map(logo::read).transpose()?;
    let logo_name = logo.as_ref().map(|file| file.name.clone());
    files.extend(logo);
    let glance = glance(findings, &mut files);
    let apart = apart(findings, &mut files);
    ctx.tick(1, 10)?;
    let pages = segment::pages(findings, &mut files, &ctx.part(0.1, 0.6))?;
    let mut all = Vec::new();
    all.extend(parts::by_scores(findings, &mut files));
    all.extend(parts::movements(findings));
    all.push(method::method(findings));
    all.extend(parts::quality(findings, &ctx.part(0.6, 1.0))?);
    let company = text::line(&presentation.company);
    let title = "Customer segments".to_string();
    let period = period(findings);
    let foot: Vec<&str> = [company.as_str(), &title, &period].into_iter().filter(|part| !part.is_empty()).collect();
    Ok(Report {
        foot: foot.join(" · "),
        title,
        logo: logo_name,
        source: source(findings),
        story: story(findings),
        figures: figures(findings),
        glance,
        segments: segments(findings),
        segments_note: segments_note(findings),
        apart,
        pages,
        parts: all,
        company,
        period,
        files,
    })
}

/// The place that links to a segment lead to.
pub(super) fn anchor(profile: &Profile) -> String {
    format!("segment-{}", profile.number)
}

/// A segment's colour on paper.
pub(super) fn color(profile: &Profile) -> [u8; 4] {
    Palette::of(false).color(charts::ink(profile))
}

fn period(findings: &Findings) -> String {
    let what = if findings.roles.shape.is_of_customers() { "Last purchases" } else { "Data" };
    match (findings.rfm.first_day, findings.rfm.last_day) {
        (Some(first), Some(last)) if first == last => format!("{what} of {}", text::date(first)),
        (Some(first), Some(last)) => format!("{what} from {} to {}", text::date(first), text::date(last)),
        _ => String::new(),
    }
}

fn source(findings: &Findings) -> String {
    let file = |path: &std::path::Path| {
        path.file_name().map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into_owned())
    };
    let reports = &findings.intake.reports;
    let mut names: Vec<String> = reports.iter().take(3).map(|r| text::line(&file(&r.path))).collect();
    if reports.len() > names.len() {
        names.push(format::plural(reports.len() - names.len(), "other file", "other files"));
    }
    let rows = reports.iter().map(|r| r.rows).sum();
    format!("{}, {}", names.join(", "), format::plural(rows, "row", "rows"))
}

fn revenue(findings: &Findings) -> f64 {
    findings.rfm.customers.monetary().iter().copied().collect::<ExactSum>().value()
}

/// Three sentences: how many customers, who brings the money, where to begin.
fn story(findings: &Findings) -> Vec<String> {
    let currency = text::currency(findings);
    let (rfm, profiles) = (&findings.rfm, &findings.profiles);
    let clusters = findings.chosen.clustering.clusters();
    let customers = format::plural(rfm.customers.len(), "customer", "customers");
    let spent = match rfm.has_money() {
        true => format!(" spent {}", format::money(revenue(findings), currency)),
        false => String::new(),
    };
    let when = match (rfm.first_day, rfm.last_day) {
        (Some(first), Some(last)) if rfm.has_money() && first < last => {
            format!(" between {} and {}", text::date(first), text::date(last))
        }
        _ => String::new(),
    };
    let joint = if spent.is_empty() { "" } else { " and" };
    let fall = if rfm.customers.len() == 1 { "falls" } else { "fall" };
    let mut out = vec![format!(
        "{customers}{spent}{when}{joint} {fall} into {}.",
        format::plural(clusters, "segment", "segments")
    )];
    let real: Vec<&Profile> = profiles.iter().filter(|p| p.number > 0).collect();
    let best = real
        .iter()
        .filter(|p| p.share_of_revenue > 0.0)
        .max_by(|a, b| a.share_of_revenue.total_cmp(&b.share_of_revenue).then(b.cluster.cmp(&a.cluster)));
    let largest = real.iter().max_by(|a, b| a.customers.cmp(&b.customers).then(b.cluster.cmp(&a.cluster)));
    match (best, largest) {
        _ if clusters < 2 => {}
        (Some(best), _) => out.push(format!(
            "“{}” are {} of the customers and bring {} of the revenue.",
            best.name,
            text::percent(best.share_of_customers),
            text::percent(best.share_of_revenue)
        )),
        (None, Some(largest)) => out.push(format!(
            "The largest, “{}”, has {} of them ({}).",
            largest.name,
            format::count(largest.customers),
            text::percent(largest.share_of_customers)
        )),
        _ => {}
    }
    let (_, portraits) = findings.portraits.of(Grouping::Clusters, profiles);
    // Of the best ones the sentence before has told what they bring.
    let other = |p: &Profile| p.number > 0 && best.is_none_or(|best| best.cluster != p.cluster);
    let stakes = profiles.iter().zip(portraits).filter_map(|(p, portrait)| Some((p, portrait.stake.as_ref()?)));
    let most = stakes
        .filter(|(p, stake)| other(p) && stake.amount > 0.0)
        .max_by(|a, b| a.1.amount.total_cmp(&b.1.amount).then(b.0.cluster.cmp(&a.0.cluster)));
    match (most, largest) {
        (Some((p, stake)), _) => out.push(format!(
            "{} is at stake with “{}”: {}.",
            if best.is_some() { "After them, most" } else { "Most" },
            p.name,
            format::money(stake.amount, currency)
        )),
        (None, Some(largest)) if best.is_some_and(|best| best.cluster != largest.cluster) => out.push(format!(
            "The largest, “{}”, are {} of the customers with {} of the revenue.",
            largest.name,
            text::percent(largest.share_of_customers),
            text::percent(largest.share_of_revenue)
        )),
        _ => {}
    }
    out
}

fn figures(findings: &Findings) -> Vec<Figure> {
    let (rfm, currency) = (&findings.rfm, text::currency(findings));
    let figure = |label: &str, value: String, note: &str| Figure { label: label.into(), value, note: note.into() };
    let mut out = vec![figure("Customers", format::count(rfm.customers.len()), "")];
    if rfm.has_money() {
        out.push(figure("Net revenue", format::money(revenue(findings), currency), ""));
    }
    let frequency = rfm.customers.frequency();
    let counted: f64 = frequency.iter().filter(|f| f.is_finite()).sum();
    if counted > 0.0 {
        out.push(figure(text::purchases(rfm.frequency_of), format::number(counted, 0), ""));
    }
    if rfm.has_money() {
        let median = segment::median(rfm.customers.monetary());
        out.push(figure("Spend per customer", format::money(median, currency), "median"));
    }
    let clusters = findings.chosen.clustering.clusters();
    let noise = findings.profiles.iter().find(|p| p.number == 0 && p.customers > 0);
    let note = noise.map_or(String::new(), |p| format!("{} in none", format::count(p.customers)));
    out.push(figure("Segments", format::count(clusters), &note));
    out
}

/// The picture of the first page: the segments on a plane; their shares where there are no two features.
fn glance(findings: &Findings, files: &mut Vec<File>) -> Option<super::data::Picture> {
    let profiles = &findings.profiles;
    if profiles.len() < 2 {
        return None;
    }
    if let Some([x, y]) = charts::axes(findings) {
        let mut chart = charts::places(findings, [x, y], None);
        let features = &findings.rfm.customers.features;
        chart.title = "The segments at a glance".into();
        chart.note = format!(
            "Each disc is a segment: its area is its number of customers, its place their median {} and {}.",
            lower(&features[x].label),
            lower(&features[y].label)
        );
        let alt = alt(findings, &chart.note, &[x, y]);
        return Some(charts::picture(&chart, "glance", [WIDE, 330.0], alt, files));
    }
    let inks: Vec<Ink> = profiles.iter().map(charts::ink).collect();
    let mut chart = charts::shares(profiles, &inks, findings.rfm.has_money());
    chart.title = "The segments at a glance".into();
    chart.note = shares_note(findings.rfm.has_money());
    let alt = alt(findings, &chart.note, &[]);
    Some(charts::picture(&chart, "glance", [WIDE, shares_height(profiles.len())], alt, files))
}

pub(super) fn shares_note(money: bool) -> String {
    if money { "Grey: share of the customers. Coloured: share of the revenue." } else { "Share of the customers." }
        .into()
}

/// Two bars with a line of text beside each, per group.
pub(super) fn shares_height(groups: usize) -> f32 {
    (16.0 + 36.0 * groups as f32).min(860.0)
}

/// Short words inside of a sentence; names that have capitals of their own keep them.
pub(super) fn lower(label: &str) -> String {
    let mut letters = label.chars();
    match (letters.next(), letters.next()) {
        (Some(first), Some(second)) if !second.is_uppercase() => {
            format!("{}{}", first.to_lowercase(), label.chars().skip(1).collect::<String>())
        }
        _ => label.to_string(),
    }
}

/// The figures of a picture of all segments for those who cannot see it.
fn alt(findings: &Findings, note: &str, features: &[usize]) -> String {
    let currency = text::currency(findings);
    let mut out = note.to_string();
    for p in findings.profiles.iter().take(30) {
        out.push_str(&format!(" {}: {} customers", p.name, format::count(p.customers)));
        for &i in features {
            let feature = &findings.rfm.customers.features[i];
            let median = text::value(p.features[i].median, feature.unit, currency);
            out.push_str(&format!(", {} {median}", lower(&feature.label)));
        }
        out.push('.');
    }
    out
}

/// The features whose medians the first page has: recency, frequency and monetary, else the most telling ones.
fn medians(findings: &Findings) -> Vec<usize> {
    match findings.rfm.scores.len() {
        0 => charts::telling(findings, &findings.profiles, MOST_MEDIANS),
        // Revenue has columns of its own, but what one customer spends is another question.
        _ => {
            let features = &findings.rfm.customers.features;
            let named = [crate::rfm::RECENCY, crate::rfm::FREQUENCY, crate::rfm::MONETARY];
            named.iter().filter_map(|name| features.iter().position(|f| f.name == *name)).collect()
        }
    }
}

/// The heading of a column of medians.
pub(super) fn median_title(label: &str, unit: Unit) -> String {
    match unit {
        Unit::Days => format!("{label}, days"),
        _ => label.to_string(),
    }
}

fn segments(findings: &Findings) -> Table {
    let (rfm, currency) = (&findings.rfm, text::currency(findings));
    let medians = medians(findings);
    let mut columns = vec![Column::text("Segment", 1.0), Column::number("Customers"), Column::share("Share")];
    if rfm.has_money() {
        columns.extend([Column::number("Revenue"), Column::share("Share")]);
    }
    let feature = |i: usize| &rfm.customers.features[i];
    columns.extend(medians.iter().map(|&i| Column::number(median_title(&feature(i).label, feature(i).unit))));
    let row = |p: &Profile| {
        let hex = text::hex(color(p));
        let name = Cell { color: Some(hex.clone()), link: Some(anchor(p)), ..Cell::text(p.name.clone()) };
        let of_customers = Cell::share(text::percent(p.share_of_customers), p.share_of_customers, &hex);
        let mut row = vec![name, Cell::text(format::count(p.customers)), of_customers];
        if rfm.has_money() {
            row.push(Cell::text(format::money(p.revenue, currency)));
            row.push(Cell::share(text::percent(p.share_of_revenue), p.share_of_revenue, &hex));
        }
        row.extend(medians.iter().map(|&i| Cell::text(text::value(p.features[i].median, feature(i).unit, currency))));
        row
    };
    Table { columns, rows: findings.profiles.iter().map(row).collect() }
}

fn segments_note(findings: &Findings) -> String {
    let features = &findings.rfm.customers.features;
    let names: Vec<String> = medians(findings).into_iter().map(|i| features[i].label.clone()).collect();
    let mut note = match names.split_last() {
        None => String::new(),
        Some((last, [])) => format!("{last}: the median of the segment’s customers."),
        Some((last, before)) => format!("{} and {last}: medians of the segment’s customers.", before.join(", ")),
    };
    let losses = findings.profiles.iter().filter(|p| p.revenue < 0.0).count();
    if losses > 0 {
        note.push_str(" Shares of revenue are of the segments with revenue above zero.");
    }
    note
}

/// What tells the segments apart: the heat map and the rules of all.
fn apart(findings: &Findings, files: &mut Vec<File>) -> Vec<Block> {
    let profiles = &findings.profiles;
    let mut out = Vec::new();
    if let Some((chart, high)) = charts::heat(findings, profiles) {
        let alt = format!("{} {}", chart.title, chart.note);
        out.push(Block::Picture { picture: charts::picture(&chart, "heat", [WIDE, high], alt, files) });
    }
    if findings.rfm.has_money() && profiles.len() > 1 && charts::axes(findings).is_some() {
        let inks: Vec<Ink> = profiles.iter().map(charts::ink).collect();
        let mut chart = charts::shares(profiles, &inks, true);
        chart.title = "Customers and revenue".into();
        chart.note = shares_note(true);
        let alt = alt(findings, &chart.note, &[]);
        let size = [WIDE, shares_height(profiles.len())];
        out.push(Block::Picture { picture: charts::picture(&chart, "shares", size, alt, files) });
    }
    let rules = &findings.portraits.rules;
    if !rules.rules.is_empty() && profiles.len() > 1 {
        out.push(Block::heading("How to recognise them"));
        out.push(Block::text(text::sentence(&rules.told(profiles))));
        out.push(Block::Table { table: rules_table(findings) });
        out.push(Block::note(
            "Right: of the customers whom a rule takes in, those who are of the segment. Covered: of the customers of \
             the segment, those whom the rule takes in.",
        ));
    }
    out
}

fn rules_table(findings: &Findings) -> Table {
    let columns = vec![
        Column::text("Segment", 0.8),
        Column::text("Who", 1.4),
        Column::number("Customers"),
        Column::number("Right"),
        Column::number("Covered"),
    ];
    let rules = &findings.portraits.rules.rules;
    let rows = rules.iter().enumerate().filter_map(|(i, rule)| {
        let p = findings.profiles.get(rule.segment)?;
        let again = i > 0 && rules[i - 1].segment == rule.segment;
        let name = if again {
            Cell::default()
        } else {
            Cell { color: Some(text::hex(color(p))), link: Some(anchor(p)), ..Cell::text(p.name.clone()) }
        };
        Some(vec![
            name,
            Cell::text(text::sentence(&rule.sentence)),
            Cell::text(format::count(rule.customers)),
            Cell::text(text::percent(rule.precision)),
            Cell::text(text::percent(rule.coverage)),
        ])
    });
    Table { columns, rows: rows.collect() }
}
