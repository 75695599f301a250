//! Tables of segments: figures, how they differ, what to do.

use rust_xlsxwriter::{
    Color, ConditionalFormat3ColorScale, ConditionalFormatDataBar, ConditionalFormatDataBarDirection,
    ConditionalFormatType, Format, Url, Worksheet, XlsxError,
};

use super::cells::shortened;
use super::group::Group;
use super::page::lines_of;
use super::style::Style;
use crate::exact::ExactSum;
use crate::pipeline::Findings;
use crate::profile::Profile;
use crate::rfm::{FREQUENCY, Feature, MONETARY, RECENCY, Unit};

/// Columns of numbers that texts below are spread over; sheets with fewer get empty ones.
pub(super) const SPREAD: u16 = 10;
/// The column of the first number: behind the swatch and the name.
pub(super) const FIRST: u16 = 2;
/// Widths of the columns in characters.
pub(super) const NAME_WIDTH: f64 = 34.0;
pub(super) const NUMBER_WIDTH: f64 = 13.0;

/// Where a table was written.
pub(super) struct Written {
    /// Lines of the first and the last segment.
    pub first: u32,
    pub last: u32,
    /// Columns for charts.
    pub customers: u16,
    pub share_of_customers: u16,
    pub share_of_revenue: Option<u16>,
}

/// A column of figures.
struct Figure<'a> {
    title: String,
    value: Box<dyn Fn(&Group) -> f64 + 'a>,
    format: Box<dyn Fn(f64) -> &'a Format + 'a>,
    /// What stands in the line of everyone.
    total: Total<'a>,
    /// The colour of bars within the cells.
    bar: Option<u32>,
}

/// What a figure is of everyone.
enum Total<'a> {
    Sum(&'a Format),
    /// Of shares, which are no money and need no sum that is exact to parts of a cent.
    Whole(&'a Format),
    Value(f64, &'a Format),
    /// Nothing that means anything.
    None,
}

/// The features that the figures show: those that were clustered, and recency, frequency and monetary.
fn shown(findings: &Findings) -> Vec<(usize, &Feature)> {
    let is_shown = |f: &Feature| {
        f.unit != Unit::Words
            && (findings.matrix.columns.iter().any(|c| c.name == f.name)
                || [RECENCY, FREQUENCY, MONETARY].contains(&f.name.as_str()))
    };
    findings.rfm.customers.features.iter().enumerate().filter(|(_, f)| is_shown(f)).collect()
}

fn columns<'a>(findings: &'a Findings, groups: &[Group], style: &'a Style) -> Vec<Figure<'a>> {
    let figure = |title: &str, value: fn(&Profile) -> f64, format: &'a Format, total, bar| Figure {
        title: title.into(),
        value: Box::new(move |g: &Group| value(g.profile)),
        format: Box::new(move |_| format),
        total,
        bar,
    };
    let mut out = vec![
        figure("Customers", |p| p.customers as f64, &style.count, Total::Sum(&style.total_count), None),
        figure(
            "Share of customers",
            |p| p.share_of_customers,
            &style.share,
            Total::Whole(&style.total_share),
            Some(0xb7d3ee),
        ),
    ];
    if findings.rfm.has_money() {
        out.push(figure("Revenue", |p| p.revenue, &style.money_whole, Total::Sum(&style.total_money), None));
        let share = |p: &Profile| p.share_of_revenue;
        out.push(figure("Share of revenue", share, &style.share, Total::Whole(&style.total_share), Some(0xffd9a0)));
        let (revenue, customers) = (sum(groups, |p| p.revenue), sum(groups, |p| p.customers as f64));
        let mean = (customers > 0.0).then_some(revenue / customers);
        let each = |p: &Profile| p.revenue / p.customers.max(1) as f64;
        out.push(Figure {
            format: Box::new(|value| style.statistic(Unit::Money, value)),
            total: mean.map_or(Total::None, |mean| Total::Value(mean, style.statistic_of_all(Unit::Money, mean))),
            ..figure("Revenue per customer", each, &style.money, Total::None, None)
        });
    }
    for (i, feature) in shown(findings) {
        let days = if feature.unit == Unit::Days { ", days" } else { "" };
        out.push(Figure {
            title: format!("{}, median{days}", feature.label),
            value: Box::new(move |g: &Group| g.profile.features.get(i).map_or(f64::NAN, |f| f.median)),
            format: Box::new(move |value| style.statistic(feature.unit, value)),
            total: match findings.portraits.everyone.get(i).map(|all| all.median) {
                Some(median) if median.is_finite() => {
                    Total::Value(median, style.statistic_of_all(feature.unit, median))
                }
                _ => Total::None,
            },
            bar: None,
        });
    }
    let stake = |g: &Group| g.portrait.and_then(|p| p.stake.as_ref()).map_or(f64::NAN, |s| s.amount);
    if groups.iter().any(|g| stake(g).is_finite()) {
        out.push(Figure {
            title: "Money at stake".into(),
            value: Box::new(stake),
            format: Box::new(|_| &style.money_whole),
            total: Total::None,
            bar: None,
        });
    }
    out
}

fn sum(groups: &[Group], value: fn(&Profile) -> f64) -> f64 {
    groups.iter().map(|g| value(g.profile)).filter(|v| v.is_finite()).collect::<ExactSum>().value()
}

/// Writes the figures of all segments with a line of sums, from line `header` down.
pub(super) fn write(
    findings: &Findings,
    groups: &[Group],
    style: &Style,
    header: u32,
    sheet: &mut Worksheet,
) -> Result<Written, XlsxError> {
    let columns = columns(findings, groups, style);
    sheet.write_string_with_format(header, 0, "", &style.header)?;
    sheet.write_string_with_format(header, 1, "Segment", &style.header)?;
    sheet.set_column_width(0, 5)?;
    sheet.set_column_width(1, NAME_WIDTH)?;
    for at in FIRST..FIRST + (columns.len() as u16).max(SPREAD) {
        sheet.set_column_width(at, NUMBER_WIDTH)?;
    }
    sheet.set_row_height(header, 34)?;
    for (at, column) in (FIRST..).zip(&columns) {
        sheet.write_string_with_format(header, at, shortened(&column.title), &style.header_right)?;
    }
    let (first, mut line) = (header + 1, header);
    for group in groups {
        line += 1;
        name(group, style, line, sheet)?;
        for (at, column) in (FIRST..).zip(&columns) {
            let value = (column.value)(group);
            if value.is_finite() {
                sheet.write_number_with_format(line, at, value, (column.format)(value))?;
            }
        }
        sheet.set_row_height(line, 21)?;
    }
    let total = line + 1;
    sheet.write_blank(total, 0, &style.total)?;
    sheet.write_string_with_format(total, 1, "All", &style.total)?;
    for (at, column) in (FIRST..).zip(&columns) {
        match column.total {
            Total::Sum(format) => {
                let sum = groups.iter().map(|g| (column.value)(g)).filter(|v| v.is_finite()).collect::<ExactSum>();
                sheet.write_number_with_format(total, at, sum.value(), format)?
            }
            Total::Whole(format) => {
                let sum: f64 = groups.iter().map(|g| (column.value)(g)).filter(|v| v.is_finite()).sum();
                sheet.write_number_with_format(total, at, sum, format)?
            }
            Total::Value(value, format) => sheet.write_number_with_format(total, at, value, format)?,
            Total::None => sheet.write_blank(total, at, &style.total)?,
        };
    }
    sheet.set_row_height(total, 21)?;
    let at_title = |title: &str| columns.iter().position(|c| c.title == title).map(|i| FIRST + i as u16);
    let written = Written {
        first,
        last: line,
        customers: FIRST,
        share_of_customers: FIRST + 1,
        share_of_revenue: at_title("Share of revenue"),
    };
    if !groups.is_empty() {
        for (at, column) in (FIRST..).zip(&columns) {
            let Some(colour) = column.bar else { continue };
            // From nothing, so that a bar of half the length is half the share.
            let bar = ConditionalFormatDataBar::new()
                .set_fill_color(Color::RGB(colour))
                .set_solid_fill(true)
                .set_direction(ConditionalFormatDataBarDirection::LeftToRight)
                .set_minimum(ConditionalFormatType::Number, 0);
            sheet.add_conditional_format(first, at, line, at, &bar)?;
        }
    }
    Ok(written)
}

/// The swatch and the name, which leads to the segment's sheet if it has one.
fn name(group: &Group, style: &Style, line: u32, sheet: &mut Worksheet) -> Result<(), XlsxError> {
    sheet.write_number_with_format(line, 0, group.profile.number as f64, &style.swatch(group.colour))?;
    let text = shortened(&group.profile.name);
    match group.sheets.first() {
        Some(place) => {
            let link = Url::new(format!("internal:'{}'!A1", place.replace('\'', "''"))).set_text(text);
            sheet.write_url_with_format(line, 1, &link, &style.name_link)?
        }
        None => sheet.write_string_with_format(line, 1, text, &style.text_indented)?,
    };
    Ok(())
}

/// How the segments differ in the clustered features: a heat map. Returns the line below; nothing is written where no
/// feature is shown.
pub(super) fn differences(
    findings: &Findings,
    groups: &[Group],
    style: &Style,
    start: u32,
    sheet: &mut Worksheet,
) -> Result<u32, XlsxError> {
    let features = &findings.rfm.customers.features;
    let clustered: Vec<(usize, &Feature)> =
        features.iter().enumerate().filter(|(_, f)| findings.matrix.columns.iter().any(|c| c.name == f.name)).collect();
    if clustered.is_empty() || groups.is_empty() {
        return Ok(start);
    }
    sheet.write_string_with_format(start, 0, "How the segments differ", &style.heading)?;
    sheet.write_string_with_format(
        start + 1,
        0,
        "A segment's mean minus the mean of all customers, in standard deviations of all customers, after transform and scale.",
        &style.subtitle,
    )?;
    let header = start + 2;
    sheet.write_string_with_format(header, 0, "", &style.header)?;
    sheet.write_string_with_format(header, 1, "Segment", &style.header)?;
    for (at, (_, feature)) in (FIRST..).zip(&clustered) {
        sheet.write_string_with_format(header, at, shortened(&feature.label), &style.header_centred)?;
        sheet.set_column_width(at, NUMBER_WIDTH)?;
    }
    sheet.set_row_height(header, 34)?;
    let mut line = header;
    for group in groups {
        line += 1;
        name(group, style, line, sheet)?;
        for (at, (i, _)) in (FIRST..).zip(&clustered) {
            let value = group.profile.features.get(*i).map_or(f64::NAN, |f| f.difference);
            if value.is_finite() {
                sheet.write_number_with_format(line, at, value, &style.difference)?;
            }
        }
        sheet.set_row_height(line, 21)?;
    }
    let scale = ConditionalFormat3ColorScale::new()
        .set_minimum(ConditionalFormatType::Number, -2)
        .set_midpoint(ConditionalFormatType::Number, 0)
        .set_maximum(ConditionalFormatType::Number, 2)
        .set_minimum_color(Color::RGB(0x7fb0dd))
        .set_midpoint_color(Color::RGB(0xffffff))
        .set_maximum_color(Color::RGB(0xf6b26b));
    sheet.add_conditional_format(header + 1, FIRST, line, FIRST + clustered.len() as u16 - 1, &scale)?;
    Ok(line + 1)
}

/// Who they are and what to do. Returns the line below.
pub(super) fn advice(groups: &[Group], style: &Style, start: u32, sheet: &mut Worksheet) -> Result<u32, XlsxError> {
    if groups.iter().all(|g| g.profile.description.is_empty() && g.profile.action.is_empty()) {
        return Ok(start);
    }
    let advised = groups.iter().any(|g| !g.profile.action.is_empty());
    sheet.write_string_with_format(start, 0, "Who they are and what to do", &style.heading)?;
    let header = start + 1;
    // Columns of a text, and their title.
    let channels = groups.iter().any(|g| !g.profile.channel.is_empty());
    let spans: &[(u16, u16, &str)] = match (advised, channels) {
        (true, true) => &[(2, 5, "Who they are"), (6, 9, "What to do, and why"), (10, 11, "Channel")],
        (true, false) => &[(2, 6, "Who they are"), (7, 11, "What to do, and why")],
        _ => &[(2, 11, "Who they are")],
    };
    sheet.write_string_with_format(header, 0, "", &style.header)?;
    sheet.write_string_with_format(header, 1, "Segment", &style.header)?;
    for &(from, to, title) in spans {
        sheet.merge_range(header, from, header, to, title, &style.header)?;
    }
    sheet.set_row_height(header, 21)?;
    let mut line = header;
    for group in groups {
        line += 1;
        name(group, style, line, sheet)?;
        let reason = group.portrait.map_or("", |p| p.reason.as_str());
        let todo = match (group.profile.action.as_str(), reason) {
            (action, "") => action.to_string(),
            ("", reason) => reason.to_string(),
            (action, reason) => format!("{action}\n{reason}"),
        };
        let who = match group.rule() {
            rule if rule.is_empty() => group.profile.description.clone(),
            rule => format!("{}\nRule: {rule}.", group.profile.description),
        };
        let texts = [who.as_str(), &todo, &group.profile.channel];
        let mut lines = 1;
        for (&(from, to, _), text) in spans.iter().zip(texts) {
            let text = shortened(text);
            sheet.merge_range(line, from, line, to, text, &style.cell_text)?;
            let width = f64::from(to - from + 1) * NUMBER_WIDTH;
            lines = lines.max(lines_of(text, width));
        }
        sheet.set_row_height(line, 9.0 + 15.0 * lines as f64)?;
    }
    Ok(line + 1)
}
