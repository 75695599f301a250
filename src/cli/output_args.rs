//! The flags about what is written, and how it is presented.

use std::path::PathBuf;

use clap::Args as ClapArgs;

use super::args::{set, set_some};
use crate::recipe::{CsvFor, Dialect, Numbers, Recipe, TableFormat, from_anywhere};

#[derive(ClapArgs)]
#[command(next_help_heading = "Outputs")]
pub(super) struct OutputFlags {
    /// The segmentation as a query too, as segments.DIALECT.sql: duckdb, postgres, spark, bigquery.
    #[arg(long, value_name = "DIALECT,…", value_delimiter = ',')]
    sql: Vec<Dialect>,
    /// Tables in these formats too: parquet, json.
    #[arg(long, value_name = "FORMAT,…", value_delimiter = ',')]
    formats: Vec<TableFormat>,
    /// A file of customers per segment too, for example customers-champions.csv.
    #[arg(long)]
    per_segment: bool,
    /// A table of transactions with the segment of each one's customer too.
    #[arg(long)]
    per_transaction: bool,
    /// For whom CSV files are meant: programs (the default; every text exactly as it is, so that ids join with other
    /// systems), excel (comma, a byte order mark, ids kept as text, texts that look like formulas made harmless) or
    /// excel-semicolon (the same with semicolon and decimal comma).
    #[arg(long, value_name = "WHOM")]
    csv_for: Option<CsvFor>,
    /// Whose report it is.
    #[arg(long, value_name = "NAME", help_heading = "Presentation")]
    company: Option<String>,
    /// A picture (PNG, JPEG or SVG) for the head of the report.
    #[arg(long, value_name = "FILE", help_heading = "Presentation")]
    logo: Option<PathBuf>,
    /// Sign of the currency, "" for none; default: that of the file.
    #[arg(long, value_name = "SIGN", help_heading = "Presentation")]
    currency: Option<String>,
    /// How numbers are written for people: comma (1,234.5), point (1.234,5), space (1 234,5) or apostrophe (1’234.5).
    #[arg(long, value_name = "STYLE", help_heading = "Presentation")]
    numbers: Option<Numbers>,
}

impl OutputFlags {
    /// Writes the flags into a recipe.
    pub(super) fn apply(self, recipe: &mut Recipe) {
        let outputs = &mut recipe.outputs;
        set(&mut outputs.sql, some_once(self.sql));
        set(&mut outputs.formats, some_once(self.formats));
        outputs.per_segment |= self.per_segment;
        outputs.per_transaction |= self.per_transaction;
        set(&mut outputs.csv, self.csv_for);
        let presentation = &mut recipe.presentation;
        set(&mut presentation.company, self.company.map(|name| name.trim().to_string()));
        // The recipe is written into the output folder and has to hold from there.
        set_some(&mut presentation.logo, self.logo.map(from_anywhere));
        set_some(&mut presentation.currency, self.currency.map(|sign| sign.trim().to_string()));
        set(&mut presentation.numbers, self.numbers);
    }
}

/// What was given, each once and in a fixed order; `None` where nothing was.
fn some_once<T: Ord>(mut given: Vec<T>) -> Option<Vec<T>> {
    given.sort();
    given.dedup();
    (!given.is_empty()).then_some(given)
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        flags: OutputFlags,
    }

    fn applied(line: &[&str]) -> Recipe {
        let mut recipe = Recipe::default();
        Line::try_parse_from([&["x"], line].concat()).unwrap().flags.apply(&mut recipe);
        recipe
    }

    #[test]
    fn every_flag_changes_the_recipe() {
        let r = applied(&["--sql", "spark,duckdb", "--sql", "postgres,spark", "--formats", "json,parquet"]);
        assert_eq!(r.outputs.sql, [Dialect::DuckDb, Dialect::Postgres, Dialect::Spark]);
        assert_eq!(r.outputs.formats, [TableFormat::Parquet, TableFormat::Json]);
        assert!(!r.outputs.per_segment && !r.outputs.per_transaction && r.outputs.csv == CsvFor::Programs);
        let r = applied(&["--per-segment", "--per-transaction", "--csv-for", "excel-semicolon"]);
        assert!(r.outputs.per_segment && r.outputs.per_transaction);
        assert_eq!(r.outputs.csv, CsvFor::ExcelSemicolon);
        let r = applied(&["--company", " Acme ", "--logo", "Cargo.toml", "--currency", "", "--numbers", "apostrophe"]);
        assert_eq!((r.presentation.company.as_str(), r.presentation.numbers), ("Acme", Numbers::Apostrophe));
        assert!(r.presentation.logo.unwrap().is_absolute());
        assert_eq!(r.presentation.currency.as_deref(), Some(""));
        assert_eq!(applied(&[]), Recipe::default());
    }

    #[test]
    fn wrong_values_are_refused() {
        for wrong in [["--sql", "oracle"], ["--formats", "csv"], ["--csv-for", "word"], ["--numbers", "1,2"]] {
            assert!(Line::try_parse_from(["x"].into_iter().chain(wrong)).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn names_read_back() {
        assert!(CsvFor::ALL.into_iter().all(|c| c.name().parse() == Ok(c)));
        assert!(Numbers::ALL.into_iter().all(|n| n.name().parse() == Ok(n)));
        assert!(TableFormat::ALL.into_iter().all(|f| f.name().parse() == Ok(f)));
    }
}
