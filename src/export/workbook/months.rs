//! Revenue of each segment by month.

use rust_xlsxwriter::{Worksheet, XlsxError};

use super::cells::{RIGHT_DAYS, serial, shortened};
use super::charts;
use super::group::Group;
use super::style::Style;
use crate::exact::ExactSum;
use crate::profile::Trend;

/// Whether there is anything to write: every segment has a trend over the same months, which Excel can count.
pub(super) fn has_months(groups: &[Group]) -> bool {
    let Some(first) = groups.first().and_then(trend) else { return false };
    first.months.iter().all(|day| RIGHT_DAYS.contains(&serial(*day)))
        && !first.months.is_empty()
        && groups
            .iter()
            .all(|g| trend(g).is_some_and(|t| t.months == first.months && t.revenue.len() == t.months.len()))
}

fn trend<'a>(group: &Group<'a>) -> Option<&'a Trend> {
    group.portrait.and_then(|p| p.trend.as_ref())
}

/// Writes the sheet.
pub(super) fn write(name: &str, groups: &[Group], style: &Style, sheet: &mut Worksheet) -> Result<(), XlsxError> {
    sheet.set_name(name)?;
    sheet.set_screen_gridlines(false).set_landscape().set_print_fit_to_pages(1, 0);
    sheet.write_string_with_format(0, 0, "Revenue by month", &style.title)?;
    sheet.set_row_height(0, 30)?;
    let trends: Vec<&Trend> = groups.iter().filter_map(trend).collect();
    let Some(first) = trends.first() else { return Ok(()) };
    let part = match first.partial {
        [true, true] => "; the data begin within the first month and end within the last one",
        [true, false] => "; the data begin within the first month",
        [false, true] => "; the data end within the last month",
        [false, false] => "",
    };
    let said = format!("What the customers of each segment spent, net of returns{part}.");
    sheet.write_string_with_format(1, 0, said, &style.subtitle)?;
    let header = 3;
    sheet.set_column_width(0, 14)?;
    sheet.write_string_with_format(header, 0, "Month", &style.header)?;
    let titles = groups.iter().map(|g| shortened(&g.profile.name)).chain(["All"]);
    for (at, title) in (1u16..).zip(titles) {
        sheet.write_string_with_format(header, at, title, &style.header_right)?;
        sheet.set_column_width(at, 16)?;
    }
    sheet.set_row_height(header, 50)?;
    for (line, (i, month)) in (header + 1..).zip(first.months.iter().enumerate()) {
        sheet.write_number_with_format(line, 0, serial(*month), &style.month)?;
        for (at, trend) in (1u16..).zip(&trends) {
            if trend.revenue[i].is_finite() {
                sheet.write_number_with_format(line, at, trend.revenue[i], &style.money_whole)?;
            }
        }
        let all = trends.iter().map(|t| t.revenue[i]).filter(|v| v.is_finite()).collect::<ExactSum>().value();
        sheet.write_number_with_format(line, 1 + trends.len() as u16, all, &style.money_whole)?;
    }
    let months = first.months.len() as u32;
    sheet.set_freeze_panes(header + 1, 1)?;
    charts::of_months(name, groups, header, months, (header + months + 2, 0), sheet)
}
