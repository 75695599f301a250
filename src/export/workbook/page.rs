//! A sheet of text that is filled from top to bottom.

use rust_xlsxwriter::{Format, Worksheet, XlsxError};

use super::cells::shortened;
use super::style::Style;

/// A cell of a list.
pub(super) enum Cell<'a> {
    Text(&'a str),
    Count(usize),
    Money(f64),
    Share(f64),
}

/// The sheet and the line that comes next.
pub(super) struct Page<'a> {
    pub sheet: &'a mut Worksheet,
    pub style: &'a Style,
    pub row: u32,
}

impl<'a> Page<'a> {
    /// A page with columns of these widths in characters.
    pub fn new(
        name: &str,
        title: &str,
        widths: &[f64],
        style: &'a Style,
        sheet: &'a mut Worksheet,
    ) -> Result<Page<'a>, XlsxError> {
        sheet.set_name(name)?;
        sheet.set_screen_gridlines(false).set_landscape().set_print_fit_to_pages(1, 0);
        for (column, &width) in (0u16..).zip(widths) {
            sheet.set_column_width(column, width)?;
        }
        sheet.set_row_height(0, 32)?;
        let mut page = Page { sheet, style, row: 0 };
        page.line(title, &style.title)?;
        Ok(page)
    }

    pub fn line(&mut self, text: &str, format: &Format) -> Result<(), XlsxError> {
        if !text.is_empty() {
            self.sheet.write_string_with_format(self.row, 0, shortened(text), format)?;
        }
        self.row += 1;
        Ok(())
    }

    pub fn heading(&mut self, text: &str) -> Result<(), XlsxError> {
        self.row += 1;
        let style = self.style;
        self.line(text, &style.heading)
    }

    /// A label, and what is said under it.
    pub fn pair(&mut self, label: &str, text: &str) -> Result<(), XlsxError> {
        self.sheet.write_string_with_format(self.row, 0, shortened(label), &self.style.label)?;
        self.sheet.write_string_with_format(self.row, 1, shortened(text), &self.style.wrapped)?;
        self.row += 1;
        Ok(())
    }

    /// The head of a list; numbers end on the right.
    pub fn head(&mut self, titles: &[(&str, bool)]) -> Result<(), XlsxError> {
        for (column, (title, number)) in (0u16..).zip(titles) {
            let format = if *number { &self.style.header_right } else { &self.style.header_table };
            self.sheet.write_string_with_format(self.row, column, *title, format)?;
        }
        self.row += 1;
        Ok(())
    }

    /// A line of a list.
    pub fn list(&mut self, cells: &[Cell]) -> Result<(), XlsxError> {
        let (row, style) = (self.row, self.style);
        for (column, cell) in (0u16..).zip(cells) {
            match cell {
                Cell::Text(text) => {
                    self.sheet.write_string_with_format(row, column, shortened(text), &style.wrapped)?;
                }
                Cell::Count(n) => {
                    self.sheet.write_number_with_format(row, column, *n as f64, &style.list_count)?;
                }
                Cell::Money(value) if value.is_finite() => {
                    self.sheet.write_number_with_format(row, column, *value, &style.list_money)?;
                }
                Cell::Share(value) if value.is_finite() => {
                    self.sheet.write_number_with_format(row, column, *value, &style.list_share)?;
                }
                Cell::Money(_) | Cell::Share(_) => {}
            }
        }
        self.row += 1;
        Ok(())
    }
}
