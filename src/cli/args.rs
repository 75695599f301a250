//! The command line.

use std::path::PathBuf;

use clap::{Args as ClapArgs, Parser, Subcommand};

use super::carry::{Called, own_recipe, parse_called, project_of};
use super::cluster_args::ClusterFlags;
use super::derive::{Derived, parse_derived};
use super::output_args::OutputFlags;
use super::rfm_args::RfmFlags;
use super::score_args::Score;
use crate::project::recipe_in;
use crate::recipe::{
    CleanStep, Combine, Compare, Recipe, Returns, Scale, StepKind, TableShape, Transform, from_anywhere,
};

/// Customer segments from any export of sales, on your own computer.
///
/// Without a subcommand the window opens, on FILE if one is given.
#[derive(Parser)]
#[command(version, args_conflicts_with_subcommands = true)]
pub(super) struct Args {
    /// A file of sales, a project or a recipe to open in the window.
    pub file: Option<PathBuf>,
    #[command(subcommand)]
    pub command: Option<Command>,
}

#[derive(Subcommand)]
pub(super) enum Command {
    /// Run a whole analysis and write customers, segments, workbook, recipe, model and summary into a folder.
    Run(Box<Run>),
    /// Say what intake sees in a file: encoding, dialect, sheets, columns, types, roles, problems.
    Inspect {
        /// A file, or several that belong together.
        #[arg(required = true)]
        file: Vec<PathBuf>,
        /// As JSON.
        #[arg(long)]
        json: bool,
        /// Look at the first megabyte of a text file only.
        #[arg(long)]
        head: bool,
        #[command(flatten)]
        reading: Box<Reading>,
        #[command(flatten)]
        roles: Box<RoleFlags>,
    },
    /// Write the table as intake reads it as .csv, .parquet or .xlsx.
    Convert {
        #[arg(required = true)]
        input: Vec<PathBuf>,
        #[arg(long)]
        out: PathBuf,
        /// Keep each cell's text as it stands in the file.
        #[arg(long)]
        raw: bool,
        #[command(flatten)]
        reading: Reading,
    },
    /// Label new customers by the model of an earlier analysis, and say how far they are from its customers.
    Score(Box<Score>),
    /// Write the patterns that segments are named and advised by, to edit and give back with run --patterns.
    Patterns {
        #[arg(long)]
        out: PathBuf,
    },
    /// Write a generated shop to try things on.
    Sample {
        #[arg(long, default_value_t = 60_000)]
        rows: usize,
        #[arg(long, default_value_t = 42)]
        seed: u64,
        #[arg(long)]
        out: PathBuf,
    },
}

/// How to read the file; what is not given is found by looking at it.
#[derive(ClapArgs)]
pub(super) struct Reading {
    /// Sheet of a workbook.
    #[arg(long, value_name = "NAME")]
    sheet: Option<String>,
    /// Character between fields; "tab" for a tab.
    #[arg(long, value_name = "CHAR")]
    delimiter: Option<String>,
    /// For example utf-8 or windows-1252.
    #[arg(long, value_name = "LABEL")]
    encoding: Option<String>,
    /// Decimal sign of the numbers, "." or ",".
    #[arg(long, value_name = "SIGN", value_parser = parse_decimal)]
    decimal: Option<char>,
    /// Character around fields that may hold the delimiter; "none" for none.
    #[arg(long, value_name = "CHAR")]
    quote: Option<String>,
    /// Character that makes a quote after it part of the text; "none" where a doubled quote does.
    #[arg(long, value_name = "CHAR")]
    escape: Option<String>,
    /// Lines (rows of a sheet) above the table to leave out.
    #[arg(long, value_name = "N")]
    skip_rows: Option<usize>,
    /// The first row holds data, not names.
    #[arg(long, conflicts_with = "header_rows")]
    no_header: bool,
    /// Rows that the column names are spread over.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=10))]
    header_rows: Option<u16>,
    /// Keep rows that only add up the others.
    #[arg(long)]
    keep_totals: bool,
    /// Several files hold rows of the same kind: put them under one another.
    #[arg(long, conflicts_with = "join")]
    stack: bool,
    /// Later files describe the customers of the first: add their columns on the customer id.
    #[arg(long)]
    join: bool,
    /// Threads to use; the result does not depend on it.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub threads: Option<u16>,
}

/// Which column is what, by name; "" for none. What is not given is guessed.
#[derive(ClapArgs)]
#[command(next_help_heading = "Roles of columns")]
pub(super) struct RoleFlags {
    /// Column of customer ids.
    #[arg(long, value_name = "COLUMN")]
    customer: Option<String>,
    /// Column of dates.
    #[arg(long, value_name = "COLUMN")]
    date: Option<String>,
    /// Column of invoice or order numbers.
    #[arg(long, value_name = "COLUMN")]
    invoice: Option<String>,
    /// Column of products.
    #[arg(long, value_name = "COLUMN")]
    product: Option<String>,
    /// Column of the row's money.
    #[arg(long, value_name = "COLUMN")]
    amount: Option<String>,
    /// Column of pieces.
    #[arg(long, value_name = "COLUMN")]
    quantity: Option<String>,
    /// Column of money per piece.
    #[arg(long, value_name = "COLUMN")]
    price: Option<String>,
    /// Column of kinds of products.
    #[arg(long, value_name = "COLUMN")]
    category: Option<String>,
    /// Column of what was taken off the price; zero or empty for none.
    #[arg(long, value_name = "COLUMN")]
    discount: Option<String>,
    /// How dates are written: day_first, month_first, or strftime codes such as "%d/%m/%Y %H:%M".
    #[arg(long, value_name = "FORMAT")]
    date_format: Option<String>,
    /// What one row stands for: transactions, rfm (recency, frequency and monetary per customer) or customers.
    #[arg(long)]
    shape: Option<TableShape>,
    /// RFM tables: column of days since the last purchase, or of its date.
    #[arg(long, value_name = "COLUMN")]
    recency_column: Option<String>,
    /// RFM tables: column of the number of purchases.
    #[arg(long, value_name = "COLUMN")]
    frequency_column: Option<String>,
    /// RFM tables: column of the money spent.
    #[arg(long, value_name = "COLUMN")]
    monetary_column: Option<String>,
}

#[derive(ClapArgs)]
pub(super) struct Run {
    /// A file of sales; may be left out when the recipe names one. A project may come first: its analysis runs on the
    /// files after it, or on its own.
    input: Vec<PathBuf>,
    /// Folder for the results.
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    /// Start from this recipe; flags and input change it.
    #[arg(long, value_name = "FILE")]
    recipe: Option<PathBuf>,
    /// The file calls a column of the recipe or project otherwise, for example "CustomerID = Customer no". May be
    /// repeated; names that are missing are looked for by themselves.
    #[arg(long, value_name = "OLD = NEW", value_parser = parse_called)]
    pub column: Vec<Called>,
    #[command(flatten)]
    pub reading: Reading,
    #[command(flatten)]
    roles: RoleFlags,
    /// What to do with returns: drop, net or match.
    #[arg(long, help_heading = "Cleaning")]
    returns: Option<Returns>,
    /// Drop rows that equal an earlier row in every column.
    #[arg(long, help_heading = "Cleaning")]
    drop_duplicates: bool,
    /// Keep customers whose net spend is zero or less.
    #[arg(long, help_heading = "Cleaning")]
    keep_not_positive: bool,
    /// Keep only rows for which this holds, for example "Country = France" or "Price >= 0.5"; = != < <= > >= and ~
    /// for "contains". May be repeated. Other cleaning steps are written in a recipe.
    #[arg(long, value_name = "CONDITION", help_heading = "Cleaning", value_parser = parse_filter)]
    filter: Vec<StepKind>,
    #[command(flatten)]
    rfm: RfmFlags,
    /// A calculated column or feature, for example "total = Quantity * UnitPrice" or "per_order = monetary / frequency".
    /// Expressions over columns of the table become columns, before any filter; expressions over features, or over
    /// columns within aggregates such as AVG(UnitPrice), become features of customers. May be repeated.
    #[arg(long, value_name = "NAME = EXPRESSION", help_heading = "Features", value_parser = parse_derived)]
    pub derive: Vec<Derived>,
    /// What customers are clustered by, for example recency_days,frequency, ready-made features such as
    /// avg_basket_value, calculated ones, or columns of a table of customers.
    #[arg(long, value_name = "NAME,…", help_heading = "Clusters", value_delimiter = ',')]
    features: Vec<String>,
    /// none, log1p, yeo-johnson or rank.
    #[arg(long, help_heading = "Clusters")]
    transform: Option<Transform>,
    /// none, z-score, min-max or robust.
    #[arg(long, help_heading = "Clusters")]
    scale: Option<Scale>,
    #[command(flatten)]
    clusters: ClusterFlags,
    /// Names, sentences, actions, channels and reasons from your own file in place of those that come with the program;
    /// `quintile patterns` writes these.
    #[arg(long, value_name = "FILE", help_heading = "Segments")]
    patterns: Option<PathBuf>,
    #[command(flatten)]
    outputs: OutputFlags,
}

/// `.` or `,`.
fn parse_decimal(text: &str) -> Result<char, String> {
    match text {
        "." => Ok('.'),
        "," => Ok(','),
        _ => Err("write . or ,".into()),
    }
}

/// `COLUMN OPERATOR VALUE`; the first operator counts.
fn parse_filter(text: &str) -> Result<StepKind, String> {
    const OPERATORS: [(&str, Compare); 7] = [
        ("!=", Compare::NotEquals),
        ("<=", Compare::LessOrEqual),
        (">=", Compare::GreaterOrEqual),
        ("=", Compare::Equals),
        ("<", Compare::Less),
        (">", Compare::Greater),
        ("~", Compare::Contains),
    ];
    // At the same place the longer operator is the one meant.
    let found = OPERATORS.iter().filter_map(|(sign, op)| Some((text.find(sign)?, *sign, *op)));
    let first = found.min_by_key(|&(at, sign, _)| (at, std::cmp::Reverse(sign.len())));
    match first.map(|(at, sign, op)| (text[..at].trim(), op, text[at + sign.len()..].trim())) {
        Some((column, op, value)) if !column.is_empty() => {
            Ok(StepKind::Filter { column: column.into(), op, values: vec![value.into()] })
        }
        _ => Err("write a condition such as \"Country = France\"".into()),
    }
}

/// `target` becomes `flag` where the flag was given.
pub(super) fn set<T>(target: &mut T, flag: Option<T>) {
    if let Some(value) = flag {
        *target = value;
    }
}

/// The same for what a recipe may leave open.
pub(super) fn set_some<T>(target: &mut Option<T>, flag: Option<T>) {
    if flag.is_some() {
        *target = flag;
    }
}

/// One character, or `none`.
fn sign(text: String, what: &str) -> anyhow::Result<String> {
    match text.as_str() {
        "none" | "" => Ok(String::new()),
        one if one.chars().count() == 1 => Ok(text),
        _ => anyhow::bail!("{text:?} is not {what}; give one character, or none"),
    }
}

impl Reading {
    /// Writes the flags into a recipe.
    pub(super) fn apply(self, recipe: &mut Recipe) -> anyhow::Result<()> {
        set_some(&mut recipe.input.sheet, self.sheet);
        set_some(&mut recipe.input.encoding, self.encoding);
        set_some(&mut recipe.input.decimal, self.decimal);
        set_some(&mut recipe.input.quote, self.quote.map(|t| sign(t, "a quote")).transpose()?);
        set_some(&mut recipe.input.escape, self.escape.map(|t| sign(t, "an escape character")).transpose()?);
        set_some(&mut recipe.input.skip_rows, self.skip_rows);
        set_some(&mut recipe.input.header_rows, self.header_rows.map(usize::from));
        if self.no_header {
            recipe.input.header = Some(false);
        }
        if self.keep_totals {
            recipe.input.keep_totals = Some(true);
        }
        match (self.stack, self.join) {
            (true, _) => recipe.input.combine = Some(Combine::Stack),
            (_, true) => recipe.input.combine = Some(Combine::Join),
            _ => {}
        }
        if let Some(text) = self.delimiter {
            let mut letters = text.chars();
            recipe.input.delimiter = match (text.as_str(), letters.next(), letters.next()) {
                ("tab" | "\\t", ..) => Some('\t'),
                (_, Some(one), None) => Some(one),
                _ => anyhow::bail!("{text:?} is no delimiter; give one character, or tab"),
            };
        }
        Ok(())
    }
}

impl RoleFlags {
    /// Writes the flags into a recipe.
    pub(super) fn apply(self, recipe: &mut Recipe) {
        let roles = &mut recipe.roles;
        set_some(&mut roles.customer_id, self.customer);
        set_some(&mut roles.date, self.date);
        set_some(&mut roles.invoice, self.invoice);
        set_some(&mut roles.product, self.product);
        set_some(&mut roles.amount, self.amount);
        set_some(&mut roles.quantity, self.quantity);
        set_some(&mut roles.unit_price, self.price);
        set_some(&mut roles.category, self.category);
        set_some(&mut roles.discount, self.discount);
        set_some(&mut roles.date_format, self.date_format);
        set_some(&mut roles.shape, self.shape);
        set_some(&mut roles.recency, self.recency_column);
        set_some(&mut roles.frequency, self.frequency_column);
        set_some(&mut roles.monetary, self.monetary_column);
    }
}

impl Run {
    /// Whether decisions about one file are to hold for another.
    pub(super) fn carries_over(&self) -> bool {
        let project = usize::from(project_of(&self.input).is_some());
        (self.recipe.is_some() || project > 0) && self.input.len() > project
    }

    /// The recipe: from the file if one is given, changed by the flags.
    pub(super) fn into_recipe(mut self) -> anyhow::Result<Recipe> {
        let project = project_of(&self.input).cloned();
        if project.is_some() {
            self.input.remove(0);
        }
        let mut recipe = match (&self.recipe, &project) {
            (Some(_), Some(_)) => anyhow::bail!("a project has a recipe of its own; leave out --recipe or the project"),
            (Some(path), None) => Recipe::load(path)?,
            (None, Some(path)) if self.input.is_empty() => own_recipe(path)?,
            (None, Some(path)) => recipe_in(path)?,
            (None, None) => Recipe::default(),
        };
        if !self.input.is_empty() {
            // The recipe is written into the output folder and has to hold from there.
            recipe.input.files = self.input.into_iter().map(from_anywhere).collect();
        }
        self.reading.apply(&mut recipe)?;
        self.roles.apply(&mut recipe);
        set(&mut recipe.clean.returns, self.returns);
        recipe.clean.drop_duplicates |= self.drop_duplicates;
        recipe.clean.set_aside_not_positive &= !self.keep_not_positive;
        for derived in &self.derive {
            derived.add_to(&mut recipe);
        }
        recipe.clean.steps.extend(self.filter.into_iter().map(CleanStep::from));
        self.rfm.apply(&mut recipe)?;
        if !self.features.is_empty() {
            recipe.features.columns = Some(self.features.iter().map(|name| name.trim().to_string()).collect());
        }
        set(&mut recipe.features.transform, self.transform);
        set(&mut recipe.features.scale, self.scale);
        self.clusters.apply(&mut recipe.cluster);
        set_some(&mut recipe.segments.patterns, self.patterns.map(from_anywhere));
        self.outputs.apply(&mut recipe);
        Ok(recipe)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recipe::{Binning, KChoice, KCriterion};
    use clap::CommandFactory;

    fn recipe(flags: &[&str]) -> Recipe {
        let line = ["quintile", "run", "x.csv", "--out", "d"].iter().chain(flags);
        match Args::try_parse_from(line).unwrap().command {
            Some(Command::Run(run)) => run.into_recipe().unwrap(),
            _ => panic!("not a run"),
        }
    }

    #[test]
    fn the_command_line_is_consistent() {
        Args::command().debug_assert();
    }

    #[test]
    fn flags_change_the_recipe() {
        let r = recipe(&[
            "--k",
            "4",
            "--k-range",
            "2..6",
            "--returns",
            "drop",
            "--scale",
            "z-score",
            "--transform",
            "yeo-johnson",
        ]);
        assert_eq!(r.cluster.k, KChoice::Fixed(4));
        assert_eq!((r.cluster.k_min, r.cluster.k_max), (2, 6));
        assert_eq!(r.clean.returns, Returns::Drop);
        assert_eq!((r.features.scale, r.features.transform), (Scale::ZScore, Transform::YeoJohnson));
        assert_eq!(recipe(&["--decimal", ","]).input.decimal, Some(','));
        let r =
            recipe(&["--customer", "Id", "--delimiter", "tab", "--snapshot", "2011-12-10", "--k-by", "davies-bouldin"]);
        assert_eq!(r.roles.customer_id.as_deref(), Some("Id"));
        assert_eq!(r.input.delimiter, Some('\t'));
        assert_eq!(r.rfm.snapshot.unwrap().to_string(), "2011-12-10");
        assert_eq!(r.cluster.k_by, KCriterion::DaviesBouldin);
        let r = recipe(&[
            "--rfm-bins",
            "7",
            "--rfm-binning",
            "nested",
            "--rfm-map",
            "rfm-package",
            "--compare-to",
            "2011-06-01",
        ]);
        assert_eq!((r.rfm.scores, r.rfm.binning, &r.rfm.map[..]), (7, Binning::Nested, "rfm_package"));
        assert_eq!(r.rfm.compare_to.unwrap().to_string(), "2011-06-01");
        assert_eq!(recipe(&["--patterns", "mine.toml"]).segments.patterns, Some("mine.toml".into()));
        let r =
            recipe(&["--shape", "rfm", "--recency-column", "Last", "--features", "Age, Income", "--features", "Score"]);
        assert_eq!(r.roles.shape, Some(TableShape::RfmTable));
        assert_eq!(r.roles.recency.as_deref(), Some("Last"));
        assert_eq!(r.features.columns, Some(["Age", "Income", "Score"].map(String::from).to_vec()));
    }

    #[test]
    fn conditions_become_steps_in_their_order() {
        let r = recipe(&["--filter", "order status = completed", "--filter", "Price>=0.5", "--filter", "note ~ a=b"]);
        let sentences: Vec<String> = r.clean.steps.iter().map(|s| s.what.sentence()).collect();
        assert_eq!(
            sentences,
            [
                "Keep rows where \"order status\" is \"completed\"",
                "Keep rows where \"Price\" is at least \"0.5\"",
                "Keep rows where \"note\" contains \"a=b\""
            ]
        );
    }

    #[test]
    fn flags_say_how_files_are_read() {
        let input = recipe(&[
            "--quote",
            "'",
            "--escape",
            "none",
            "--skip-rows",
            "3",
            "--header-rows",
            "2",
            "--keep-totals",
            "--join",
        ])
        .input;
        assert_eq!((input.quote.as_deref(), input.escape.as_deref()), (Some("'"), Some("")));
        assert_eq!((input.skip_rows, input.header_rows, input.keep_totals), (Some(3), Some(2), Some(true)));
        assert_eq!(input.combine, Some(Combine::Join));
        assert_eq!(recipe(&["--stack"]).input.combine, Some(Combine::Stack));
        let line = ["quintile", "run", "x.csv", "--out", "d", "--stack", "--join"];
        assert!(Args::try_parse_from(line).is_err());
    }

    #[test]
    fn wrong_values_are_refused() {
        for flags in [
            ["--k", "many"],
            ["--returns", "keep"],
            ["--k-range", "2-10"],
            ["--threads", "0"],
            ["--snapshot", "10.12.2011"],
            ["--decimal", ";"],
            ["--filter", "completed"],
            ["--rfm-bins", "11"],
            ["--rfm-binning", "both"],
            ["--compare-to", "June"],
        ] {
            let line = ["quintile", "run", "x.csv", "--out", "d"].into_iter().chain(flags);
            assert!(Args::try_parse_from(line).is_err(), "{flags:?}");
        }
    }
}
