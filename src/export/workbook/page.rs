//! A sheet of text that is filled from top to bottom.

use rust_xlsxwriter::{Format, Worksheet, XlsxError};

use super::cells::shortened;
use super::style::Style;

/// Height of a line of text in points.
const LINE: f64 = 15.0;

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
    widths: Vec<f64>,
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
        let mut page = Page { sheet, style, row: 0, widths: widths.to_vec() };
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
        self.fit(&[label, text])?;
        self.row += 1;
        Ok(())
    }

    /// Makes this line high enough for the texts in its cells, which not every program does itself.
    fn fit(&mut self, texts: &[&str]) -> Result<(), XlsxError> {
        let lines = texts.iter().zip(&self.widths).map(|(text, &width)| lines_of(shortened(text), width)).max();
        if let Some(lines @ 2..) = lines {
            // The highest that a line of a sheet can be.
            self.sheet.set_row_height(self.row, (LINE * lines as f64).min(409.0))?;
        }
        Ok(())
    }

    /// The head of a list; numbers end on the right.
    pub fn head(&mut self, titles: &[(&str, bool)]) -> Result<(), XlsxError> {
        let mut beside_number = false;
        for (column, (title, number)) in (0u16..).zip(titles) {
            let format = match (number, beside_number) {
                (true, _) => &self.style.header_right,
                (false, true) => &self.style.header,
                (false, false) => &self.style.header_table,
            };
            self.sheet.write_string_with_format(self.row, column, *title, format)?;
            beside_number = *number;
        }
        self.row += 1;
        Ok(())
    }

    /// A line of a list.
    pub fn list(&mut self, cells: &[Cell]) -> Result<(), XlsxError> {
        let (row, style) = (self.row, self.style);
        let texts: Vec<&str> = cells.iter().map(|cell| if let Cell::Text(text) = cell { text } else { "" }).collect();
        self.fit(&texts)?;
        for (column, cell) in (0u16..).zip(cells) {
            match cell {
                Cell::Text(text) => {
                    // Numbers end where a text beside them would begin.
                    let beside = column > 0 && !matches!(cells[usize::from(column) - 1], Cell::Text(_));
                    let format = if beside { &style.wrapped_indented } else { &style.wrapped };
                    self.sheet.write_string_with_format(row, column, shortened(text), format)?;
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

/// Lines that a text takes in a column of so many characters; Excel does not find out itself where cells are merged.
pub(super) fn lines_of(text: &str, width: f64) -> usize {
    // A width counts digits, and letters are narrower on average; but words do not fill lines to their ends.
    let per_line = (width * 1.1).max(1.0);
    text.lines().map(|l| (l.chars().count() as f64 / per_line).ceil().max(1.0) as usize).sum::<usize>().max(1)
}
