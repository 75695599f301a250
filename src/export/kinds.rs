//! What can be exported, and what a run writes.

use super::file_names;
use super::source::Source;
use super::tables::{Form, Grid};
use super::{customers, cuts, migration, segments, sql, transactions};
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::pipeline::Findings;
use crate::recipe::Dialect;

/// A table of results.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TableKind {
    Customers,
    /// Those of one segment, by its place in the profiles.
    CustomersOf(u32),
    Segments,
    Cuts,
    /// Only where another date was asked for.
    Migration,
    Transactions,
}

impl TableKind {
    fn file_name(self, form: Form) -> &'static str {
        let [csv, parquet, json] = match self {
            TableKind::Customers | TableKind::CustomersOf(_) => {
                ["customers.csv", "customers.parquet", "customers.json"]
            }
            TableKind::Segments => ["segments.csv", "segments.parquet", "segments.json"],
            TableKind::Cuts => ["cuts.csv", "cuts.parquet", "cuts.json"],
            TableKind::Migration => ["migration.csv", "migration.parquet", "migration.json"],
            TableKind::Transactions => ["transactions.csv", "transactions.parquet", "transactions.json"],
        };
        match form {
            Form::Csv => csv,
            Form::Parquet => parquet,
            Form::Json => json,
        }
    }

    /// The table itself.
    pub(super) fn grid<'a>(self, source: &'a Source<'a>, ctx: &Ctx) -> Result<Grid<'a>> {
        Ok(match self {
            TableKind::Customers => customers::grid(source, None, ctx)?,
            TableKind::CustomersOf(place) => customers::grid(source, Some(place), ctx)?,
            TableKind::Segments => segments::grid(source.findings),
            TableKind::Cuts => cuts::grid(source.findings),
            TableKind::Transactions => transactions::grid(source.findings, ctx)?,
            TableKind::Migration => match source.findings.migration.as_ref() {
                Some(found) => migration::grid(found),
                None => return Err(Error::data("nothing is compared with another date; give one first")),
            },
        })
    }

    /// Every table that these findings have and that the recipe asks for.
    fn all(findings: &Findings) -> Vec<TableKind> {
        use TableKind::*;
        let outputs = &findings.recipe.outputs;
        let mut tables = vec![Customers, Segments];
        tables.extend((!findings.rfm.scores.is_empty()).then_some(Cuts));
        tables.extend(findings.migration.is_some().then_some(Migration));
        tables.extend((outputs.per_transaction && has_transactions(findings)).then_some(Transactions));
        if outputs.per_segment {
            tables.extend((0..findings.profiles.len() as u32).map(CustomersOf));
        }
        tables
    }
}

/// Whether the table has transactions, and not one row per customer.
pub(super) fn has_transactions(findings: &Findings) -> bool {
    !findings.clean.transactions.row.is_empty()
}

/// What can be exported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ExportKind {
    Table(TableKind, Form),
    Workbook,
    ReportHtml,
    ReportPdf,
    /// Only where the recipe asks for it.
    Sql(Dialect),
    Recipe,
    Model,
    Summary,
}

impl ExportKind {
    pub const CUSTOMERS: ExportKind = ExportKind::Table(TableKind::Customers, Form::Csv);
    pub const SEGMENTS: ExportKind = ExportKind::Table(TableKind::Segments, Form::Csv);

    /// Every kind that there is; those of single segments stand for the first.
    pub fn known() -> Vec<ExportKind> {
        use TableKind::*;
        let tables = [Customers, Segments, Cuts, Migration, Transactions];
        let mut kinds = vec![
            ExportKind::Workbook,
            ExportKind::ReportHtml,
            ExportKind::ReportPdf,
            ExportKind::Recipe,
            ExportKind::Model,
            ExportKind::Summary,
        ];
        kinds.extend(tables.iter().flat_map(|t| Form::ALL.map(|form| ExportKind::Table(*t, form))));
        kinds.extend(Dialect::ALL.map(ExportKind::Sql));
        kinds
    }

    /// Every kind that these findings have, in the order in which they are written.
    pub fn all(findings: &Findings) -> Vec<ExportKind> {
        use ExportKind::*;
        let outputs = &findings.recipe.outputs;
        let tables = TableKind::all(findings);
        let mut kinds = vec![Workbook, ReportHtml, ReportPdf];
        kinds.extend(tables.iter().map(|&table| Table(table, Form::Csv)));
        for &format in &outputs.formats {
            kinds.extend(tables.iter().map(|&table| Table(table, format.into())));
        }
        if !outputs.sql.is_empty() && sql::cannot(findings).is_none() {
            kinds.extend(Dialect::ALL.into_iter().filter(|d| outputs.sql.contains(d)).map(Sql));
        }
        kinds.extend([Recipe, Model, Summary]);
        kinds
    }

    /// The file's name in an output folder; other programs rely on it. The files of single segments have further names,
    /// see [`plan`].
    pub fn file_name(self) -> &'static str {
        match self {
            ExportKind::Table(table, form) => table.file_name(form),
            ExportKind::Workbook => "segments.xlsx",
            ExportKind::ReportHtml => "report.html",
            ExportKind::ReportPdf => "report.pdf",
            ExportKind::Recipe => "recipe.toml",
            ExportKind::Model => "model.json",
            ExportKind::Summary => "summary.json",
            ExportKind::Sql(Dialect::DuckDb) => "segments.duckdb.sql",
            ExportKind::Sql(Dialect::Postgres) => "segments.postgres.sql",
            ExportKind::Sql(Dialect::Spark) => "segments.spark.sql",
            ExportKind::Sql(Dialect::BigQuery) => "segments.bigquery.sql",
        }
    }

    /// Roughly how long it takes to write, for progress.
    pub(super) fn weight(self) -> f32 {
        match self {
            ExportKind::Workbook => 12.0,
            ExportKind::ReportHtml | ExportKind::ReportPdf => 3.0,
            ExportKind::Table(TableKind::Transactions, _) => 4.0,
            ExportKind::Table(TableKind::Customers, _) => 2.0,
            ExportKind::Table(TableKind::CustomersOf(_), _) => 0.5,
            ExportKind::Table(..)
            | ExportKind::Sql(_)
            | ExportKind::Recipe
            | ExportKind::Model
            | ExportKind::Summary => 0.1,
        }
    }
}

/// A file of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Planned {
    pub kind: ExportKind,
    /// Its name in the folder.
    pub name: String,
}

/// The files that a run with these findings writes, in the order in which they are written. Customers of single segments
/// have the segment in their name, for example `customers-champions.csv`.
pub fn plan(findings: &Findings) -> Vec<Planned> {
    let segments = file_names::of_segments(findings.profiles.iter().map(|p| (p.name.as_str(), p.number)));
    let name = |kind: ExportKind| match kind {
        ExportKind::Table(TableKind::CustomersOf(place), form) => {
            let segment = segments.get(place as usize).map_or("", String::as_str);
            format!("{}{segment}.{}", super::leftovers::OF_SEGMENTS, form.ending())
        }
        kind => kind.file_name().to_string(),
    };
    ExportKind::all(findings).into_iter().map(|kind| Planned { kind, name: name(kind) }).collect()
}
