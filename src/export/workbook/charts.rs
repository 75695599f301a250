//! Charts that Excel owns: they read the cells beside them, and a team can change them.

use rust_xlsxwriter::{
    Chart, ChartAxisLabelPosition, ChartDataLabel, ChartFont, ChartFormat, ChartLegendPosition, ChartLine, ChartPoint,
    ChartSolidFill, ChartType, Color, Worksheet, XlsxError,
};

use super::figures::Written;
use super::group::Group;

/// Height of a row of a sheet in pixels.
const ROW: u32 = 20;
/// Width of one of two charts side by side, in pixels.
const WIDTH: u32 = 598;
/// Between them.
const GAP: u32 = 20;
const INK: u32 = 0x1f2a37;
const GRID: u32 = 0xe3e8ee;

/// Rows of a sheet that charts of so many segments cover.
pub(super) fn rows(segments: usize) -> u32 {
    (5 + 2 * segments as u32).clamp(13, 60)
}

fn plain(kind: ChartType, title: &str) -> Chart {
    let mut chart = Chart::new(kind);
    let mut font = ChartFont::new();
    font.set_size(12).set_bold().set_color(Color::RGB(INK));
    chart.title().set_name(title).set_font(&font);
    chart.chart_area().set_format(ChartFormat::new().set_border(ChartLine::new().set_color(Color::RGB(GRID))));
    chart
}

fn labels() -> ChartFont {
    let mut font = ChartFont::new();
    font.set_size(9).set_color(Color::RGB(INK));
    font
}

/// The two charts of a table of segments on the sheet called `name`: customers, and shares side by side.
pub(super) fn of_segments(
    name: &str,
    groups: &[Group],
    table: &Written,
    line: u32,
    sheet: &mut Worksheet,
) -> Result<(), XlsxError> {
    let (first, last) = (table.first, table.last);
    let height = rows(groups.len()) * ROW - ROW / 2;
    let points: Vec<ChartPoint> = groups
        .iter()
        .map(|g| ChartPoint::new().set_format(ChartSolidFill::new().set_color(Color::RGB(g.colour))))
        .collect();
    let mut chart = plain(ChartType::Bar, "Customers");
    chart
        .add_series()
        .set_name("Customers")
        .set_categories((name, first, 1, last, 1))
        .set_values((name, first, table.customers, last, table.customers))
        .set_points(&points)
        .set_gap(45)
        .set_data_label(ChartDataLabel::new().show_value().set_num_format("#,##0").set_font(&labels()));
    chart.legend().set_hidden();
    bars(&mut chart);
    chart.set_alt_text("Customers of each segment, as in the table above");
    chart.set_width(WIDTH).set_height(height);
    sheet.insert_chart_with_offset(line, 0, &chart, 0, 0)?;

    let Some(revenue) = table.share_of_revenue else { return Ok(()) };
    let mut chart = plain(ChartType::Bar, "Share of customers and of revenue");
    for (title, column, colour) in
        [("Share of customers", table.share_of_customers, 0x9fb3c8), ("Share of revenue", revenue, 0xe8912d)]
    {
        chart
            .add_series()
            .set_name(title)
            .set_categories((name, first, 1, last, 1))
            .set_values((name, first, column, last, column))
            .set_format(ChartSolidFill::new().set_color(Color::RGB(colour)))
            .set_gap(45)
            .set_data_label(ChartDataLabel::new().show_value().set_num_format("0.0%").set_font(&labels()));
    }
    chart.legend().set_position(ChartLegendPosition::Bottom);
    bars(&mut chart);
    chart.set_alt_text("Each segment's share of customers beside its share of revenue, as in the table above");
    chart.set_width(WIDTH).set_height(height);
    sheet.insert_chart_with_offset(line, 0, &chart, WIDTH + GAP, 0)?;
    Ok(())
}

/// In a bar chart of this crate, y is the axis of the segments. The first segment on top, as in the table.
fn bars(chart: &mut Chart) {
    chart.y_axis().set_reverse().set_major_gridlines(false).set_font(&labels());
    chart.x_axis().set_hidden(true).set_major_gridlines(false);
}

/// A line per segment over the months; the months stand in column 0 of the sheet called `name`, the segments in the
/// columns behind it, their names on line `header`.
pub(super) fn of_months(
    name: &str,
    groups: &[Group],
    header: u32,
    months: u32,
    at: (u32, u16),
    sheet: &mut Worksheet,
) -> Result<(), XlsxError> {
    let (first, last) = (header + 1, header + months);
    let mut chart = plain(ChartType::Line, "Revenue by month");
    for (column, group) in (1u16..).zip(groups) {
        let mut line = ChartLine::new();
        line.set_color(Color::RGB(group.colour)).set_width(2.25);
        chart
            .add_series()
            .set_name((name, header, column))
            .set_categories((name, first, 0, last, 0))
            .set_values((name, first, column, last, column))
            .set_format(ChartFormat::new().set_line(&line));
    }
    let mut grid = ChartLine::new();
    grid.set_color(Color::RGB(GRID));
    // About a dozen months are named, below the chart where revenue was negative.
    chart
        .x_axis()
        .set_num_format("mmm yyyy")
        .set_font(&labels())
        .set_label_interval(months.div_ceil(12) as u16)
        .set_label_position(ChartAxisLabelPosition::Low);
    chart.y_axis().set_num_format("#,##0").set_font(&labels()).set_major_gridlines_line(&grid);
    chart.legend().set_position(ChartLegendPosition::Bottom);
    chart.set_alt_text("Revenue of each segment by month");
    chart.set_width(2 * WIDTH + GAP).set_height(18 * ROW);
    sheet.insert_chart(at.0, at.1, &chart)?;
    Ok(())
}
