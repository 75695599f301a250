//! The numbers behind a chart as CSV, and its tips.

use std::io::{self, Write};

use super::{Chart, Data, Marks, Values, scale};
use crate::export::csv::CsvWriter;

impl Data {
    /// Rows of the table.
    pub fn rows(&self) -> usize {
        let rows = |values: &Values| match values {
            Values::Text(texts) => texts.len(),
            Values::Number(numbers) => numbers.len(),
            Values::Names { places, .. } => places.len(),
        };
        self.columns.iter().map(|(_, values)| rows(values)).max().unwrap_or(0)
    }

    /// Writes the table as CSV with a header row: RFC 4180, numbers in the fewest digits that read back to exactly the
    /// same value, empty where there is none.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn write_csv(&self, out: impl Write) -> io::Result<()> {
        let mut csv = CsvWriter::new(out);
        for (name, _) in &self.columns {
            csv.text(name);
        }
        csv.end()?;
        for row in 0..self.rows() {
            for (_, values) in &self.columns {
                match values {
                    Values::Text(texts) => csv.text(texts.get(row).map_or("", String::as_str)),
                    Values::Number(numbers) => csv.number(numbers.get(row).copied().unwrap_or(f64::NAN)),
                    Values::Names { names, places } => csv.text(name_at(names, places, row)),
                }
            }
            csv.end()?;
        }
        csv.finish()
    }

    /// The table as text with tabs between the columns, as spreadsheets take it from the clipboard.
    pub fn to_tsv(&self) -> String {
        let clean = |text: &str| text.replace(['\t', '\n', '\r'], " ");
        let mut out = self.columns.iter().map(|(name, _)| clean(name)).collect::<Vec<_>>().join("\t");
        for row in 0..self.rows() {
            out.push('\n');
            for (i, (_, values)) in self.columns.iter().enumerate() {
                if i > 0 {
                    out.push('\t');
                }
                match values {
                    Values::Text(texts) => out.push_str(&clean(texts.get(row).map_or("", String::as_str))),
                    Values::Names { names, places } => out.push_str(&clean(name_at(names, places, row))),
                    Values::Number(numbers) => {
                        if let Some(number) = numbers.get(row).filter(|n| n.is_finite()) {
                            out.push_str(&number.to_string());
                        }
                    }
                }
            }
        }
        out
    }
}

/// The text of a row; empty where it has none.
fn name_at<'n>(names: &'n [String], places: &[u32], row: usize) -> &'n str {
    places.get(row).and_then(|&place| names.get(place as usize)).map_or("", String::as_str)
}

impl Chart {
    /// What a mark says when it is pointed at; empty where it says nothing.
    pub fn tip(&self, mark: usize) -> String {
        let tip = match &self.marks {
            Marks::Nothing | Marks::Empty(_) => None,
            Marks::Bars(bars) | Marks::Rows(bars) => bars.get(mark).map(|b| b.tip.clone()),
            Marks::Boxes(boxes) => boxes.get(mark).map(|b| b.tip.clone()),
            Marks::Cells(cells) => cells.cells.get(mark).map(|c| c.tip.clone()),
            Marks::Discs(discs) => discs.get(mark).map(|d| d.tip.clone()),
            Marks::Tiles(tiles) => tiles.get(mark).map(|t| t.tip.clone()),
            Marks::Flow(flow) => flow.bands.get(mark).map(|b| b.tip.clone()),
            Marks::Points(points) => points.x.get(mark).zip(points.y.get(mark)).map(|(x, y)| {
                let named = |name: &str, value: String| if name.is_empty() { value } else { format!("{name} {value}") };
                let x = named(&self.x.label, scale::in_full(*x, &self.x.scale));
                let mut tip = format!("{x}\n{}", named(&self.y.label, scale::in_full(*y, &self.y.scale)));
                // Who it is, and what its colour means.
                for (name, values) in &self.data.columns {
                    if let Values::Names { names, places } = values {
                        tip.push_str(&format!("\n{}", named(name, name_at(names, places, mark).to_string())));
                    }
                }
                tip
            }),
            Marks::Lines(lines) => {
                let mut left = mark;
                lines.iter().find_map(|line| {
                    let n = line.x.len().min(line.y.len());
                    if left < n {
                        return Some(line.tips.get(left).cloned().unwrap_or_default());
                    }
                    left -= n;
                    None
                })
            }
        };
        tip.unwrap_or_default()
    }
}

impl Chart {
    /// A name for files of this chart, without an ending: its title as every system takes it.
    pub fn file_name(&self) -> String {
        let plain = |c: char| if c.is_control() || "/\\:*?\"<>|".contains(c) { ' ' } else { c };
        let name: String = self.title.chars().map(plain).collect();
        let name: String = name.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(80).collect();
        let name = name.trim_matches(|c| c == '.' || c == ' ');
        if name.is_empty() { "Chart".into() } else { name.to_string() }
    }
}
