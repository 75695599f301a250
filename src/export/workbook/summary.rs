//! The first sheet: key facts, the segments with figures, charts.

use rust_xlsxwriter::{
    Chart, ChartDataLabel, ChartPoint, ChartSolidFill, ChartType, Color, ConditionalFormatDataBar, Worksheet, XlsxError,
};

use super::style::{Style, colour};
use crate::exact::ExactSum;
use crate::pipeline::Findings;
use crate::rfm::{FREQUENCY, Feature, MONETARY, RECENCY, Unit};

const NAME: &str = "Summary";
/// Height of a row of a sheet in pixels.
const ROW_PIXELS: u32 = 20;
/// Width of a chart.
const CHART_PIXELS: u32 = 520;

/// Writes the sheet. `customer_sheets` are the names of the sheets with customers.
pub(super) fn write(
    findings: &Findings,
    style: &Style,
    customer_sheets: &[String],
    sheet: &mut Worksheet,
) -> Result<(), XlsxError> {
    sheet.set_name(NAME)?;
    sheet.set_screen_gridlines(false).set_landscape().set_print_fit_to_pages(1, 0);
    sheet.write_string_with_format(0, 0, "Customer segments", &style.title)?;
    let rfm = &findings.rfm;
    let files: Vec<String> = findings
        .recipe
        .input
        .files
        .iter()
        .map(|f| f.file_name().map_or_else(|| f.display().to_string(), |n| n.to_string_lossy().into_owned()))
        .collect();
    sheet.write_string_with_format(1, 0, files.join(", "), &style.subtitle)?;

    sheet.write_string_with_format(3, 0, "Customers", &style.label)?;
    sheet.write_number_with_format(3, 1, rfm.customers.len() as f64, &style.fact_count)?;
    let mut row = 4;
    if rfm.has_money() {
        let revenue: f64 = rfm.customers.monetary().iter().sum();
        sheet.write_string_with_format(row, 0, "Net revenue", &style.label)?;
        sheet.write_number_with_format(row, 1, revenue, &style.fact_money)?;
        row += 1;
    }
    let mut facts = Vec::new();
    if let (Some(first), Some(last)) = (rfm.first_day, rfm.last_day) {
        let what = if findings.roles.shape.is_of_customers() { "Last purchases" } else { "Transactions" };
        facts.push((what, format!("{first} to {last}")));
    }
    facts.extend(rfm.snapshot.map(|day| ("Snapshot date", day.to_string())));
    facts.push(("Segments", format!("{}, by {}", findings.profiles.len(), findings.chosen.chosen_by)));
    if customer_sheets.len() > 1 {
        facts.push((
            "Note",
            format!(
                "One sheet of Excel cannot hold all customers: they are on {} sheets, {} to {}.",
                customer_sheets.len(),
                customer_sheets[0],
                customer_sheets[customer_sheets.len() - 1]
            ),
        ));
    }
    for (label, value) in facts {
        sheet.write_string_with_format(row, 0, label, &style.label)?;
        sheet.write_string_with_format(row, 1, value, &style.text)?;
        row += 1;
    }

    let header = row + 1;
    let last = segments(findings, style, header, sheet)?;
    let charts = last + 3;
    chart(sheet, "Customers", 2, (header + 1, last), (charts, 0), "#,##0")?;
    if rfm.has_money() {
        chart(sheet, "Share of revenue", 5, (header + 1, last), (charts, CHART_PIXELS + ROW_PIXELS), "0.0%")?;
    }
    if !rfm.segment.is_empty() {
        rfm_segments(findings, style, charts + chart_rows(findings.profiles.len()) + 1, sheet)?;
    }
    Ok(())
}

/// The table of segments with a row of totals; returns the row of the last segment.
fn segments(findings: &Findings, style: &Style, header: u32, sheet: &mut Worksheet) -> Result<u32, XlsxError> {
    // Tables of customers may have many columns beside those that were clustered.
    let all = &findings.rfm.customers.features;
    let is_shown = |name: &str| {
        findings.matrix.columns.iter().any(|c| c.name == name) || [RECENCY, FREQUENCY, MONETARY].contains(&name)
    };
    let features: Vec<(usize, &Feature)> = all.iter().enumerate().filter(|(_, f)| is_shown(&f.name)).collect();
    let money = findings.rfm.has_money();
    let advice = findings.profiles.iter().any(|p| !p.action.is_empty());
    let mut titles: Vec<String> = ["Cluster", "Segment", "Customers", "Share of customers"].map(String::from).into();
    if money {
        titles.extend(["Revenue", "Share of revenue"].map(String::from));
    }
    let numbers = titles.len() as u16;
    titles.extend(features.iter().map(|(_, f)| match f.unit {
        Unit::Days => format!("{}, median days", f.label),
        _ => format!("{}, median", f.label),
    }));
    let words = titles.len() as u16;
    titles.push("Who they are".into());
    if advice {
        titles.extend(["What to do", "Channel"].map(String::from));
    }
    for (column, title) in titles.iter().enumerate() {
        let style = match column as u16 {
            0 => &style.header,
            c if (2..words).contains(&c) => &style.header_right,
            _ => &style.header_indented,
        };
        sheet.write_string_with_format(header, column as u16, title, style)?;
        let width = match column as u16 {
            0 => 14.0,
            1 => 34.0,
            c if c == words || c == words + 1 => 52.0,
            c if c == words + 2 => 28.0,
            _ => 14.0,
        };
        sheet.set_column_width(column as u16, width)?;
    }
    sheet.set_row_height(header, 34)?;
    let mut row = header;
    for p in findings.profiles.iter() {
        row += 1;
        sheet.write_number_with_format(row, 0, p.number as f64, &style.swatch(p.cluster))?;
        sheet.write_string_with_format(row, 1, &p.name, &style.wrapped)?;
        sheet.write_number_with_format(row, 2, p.customers as f64, &style.count)?;
        sheet.write_number_with_format(row, 3, p.share_of_customers, &style.share)?;
        if money {
            sheet.write_number_with_format(row, 4, p.revenue, &style.money)?;
            sheet.write_number_with_format(row, 5, p.share_of_revenue, &style.share)?;
        }
        for (column, (i, feature)) in (numbers..).zip(&features) {
            let median = p.features[*i].median;
            if median.is_finite() {
                sheet.write_number_with_format(row, column, median, style.statistic(feature.unit, median))?;
            }
        }
        let texts = [&p.description, &p.action, &p.channel];
        for (i, text) in texts.into_iter().take(if advice { 3 } else { 1 }).enumerate() {
            sheet.write_string_with_format(row, words + i as u16, text, &style.wrapped)?;
        }
        sheet.set_row_height(row, 34)?;
    }
    let total = row + 1;
    for column in 0..titles.len() as u16 {
        sheet.write_blank(total, column, &style.total)?;
    }
    sheet.write_string_with_format(total, 1, "All", &style.total)?;
    let sum =
        |value: fn(&crate::profile::Profile) -> f64| findings.profiles.iter().map(value).collect::<ExactSum>().value();
    sheet.write_number_with_format(total, 2, sum(|p| p.customers as f64), &style.total_count)?;
    sheet.write_number_with_format(total, 3, sum(|p| p.share_of_customers), &style.total_share)?;
    if money {
        sheet.write_number_with_format(total, 4, sum(|p| p.revenue), &style.total_money)?;
        sheet.write_number_with_format(total, 5, sum(|p| p.share_of_revenue), &style.total_share)?;
    }
    for (column, colour) in [(3, 0xb7d3ee), (5, 0xffd9a0)].into_iter().take(if money { 2 } else { 1 }) {
        let bar = ConditionalFormatDataBar::new().set_fill_color(Color::RGB(colour)).set_solid_fill(true);
        sheet.add_conditional_format(header + 1, column, row, column, &bar)?;
    }
    Ok(row)
}

/// Rows of a sheet that a chart of so many segments covers.
fn chart_rows(segments: usize) -> u32 {
    (4 + 2 * segments as u32).max(12)
}

/// A bar chart of one column of the segment table, one colour per segment.
/// `(row, x)` is its place: a row of the sheet and pixels from the left.
fn chart(
    sheet: &mut Worksheet,
    title: &str,
    values: u16,
    (first, last): (u32, u32),
    (row, x): (u32, u32),
    number_format: &str,
) -> Result<(), XlsxError> {
    let points: Vec<ChartPoint> = (1..=(last - first + 1) as usize)
        .map(|cluster| ChartPoint::new().set_format(ChartSolidFill::new().set_color(Color::RGB(colour(cluster)))))
        .collect();
    let mut chart = Chart::new(ChartType::Bar);
    chart
        .add_series()
        .set_name(title)
        .set_categories((NAME, first, 1, last, 1))
        .set_values((NAME, first, values, last, values))
        .set_points(&points)
        .set_gap(40)
        .set_data_label(ChartDataLabel::new().show_value().set_num_format(number_format));
    chart.title().set_name(title);
    chart.legend().set_hidden();
    // In a bar chart of this crate, y is the axis of the segments. The first segment on top, as in the table.
    chart.y_axis().set_reverse().set_major_gridlines(false);
    chart.x_axis().set_hidden(true).set_major_gridlines(false);
    chart.set_alt_text(format!("{title} of each segment, as in the table above"));
    chart.set_width(CHART_PIXELS).set_height(chart_rows(points.len()) * ROW_PIXELS - ROW_PIXELS / 2);
    sheet.insert_chart_with_offset(row, 0, &chart, x, 0)?;
    Ok(())
}

/// How many customers each segment of the RFM grid has.
fn rfm_segments(findings: &Findings, style: &Style, first: u32, sheet: &mut Worksheet) -> Result<(), XlsxError> {
    let rfm = &findings.rfm;
    sheet.write_string_with_format(first, 0, "RFM segments", &style.heading)?;
    sheet.write_string_with_format(first + 1, 0, &rfm.map.title, &style.subtitle)?;
    let (text, number) = (&style.header_indented, &style.header_right);
    let titles = [("RFM segment", text), ("Customers", number), ("Share", number), ("Meaning", text)];
    for (column, (title, style)) in (1..).zip(titles) {
        sheet.write_string_with_format(first + 2, column, title, style)?;
    }
    for (i, segment) in rfm.map.segments.iter().enumerate() {
        let row = first + 3 + i as u32;
        let customers = rfm.segment.iter().filter(|&&s| s as usize == i).count();
        let share = customers as f64 / rfm.customers.len().max(1) as f64;
        sheet.write_string_with_format(row, 1, &segment.name, &style.text_indented)?;
        sheet.write_number_with_format(row, 2, customers as f64, &style.count)?;
        sheet.write_number_with_format(row, 3, share, &style.share)?;
        sheet.write_string_with_format(row, 4, &segment.meaning, &style.text_indented)?;
    }
    Ok(())
}
