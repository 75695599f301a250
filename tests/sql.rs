//! The query that a warehouse runs, run in warehouses: every customer has to get the label that the analysis gave.
//!
//! The scripts in `tests/sql` run the queries: in DuckDB (PyPI: duckdb), in PostgreSQL (Debian: postgresql; a cluster of
//! the test's own in a folder for temporary files) and in Spark (PyPI: pyspark, with a Java runtime). BigQuery runs
//! nowhere but at Google: its query is parsed and, translated by sqlglot (PyPI), run in DuckDB.

mod common;

use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use common::sample;
use quintile::ctx::Ctx;
use quintile::export::{ExportKind, cannot_be_sql, sql_warnings, write_one};
use quintile::pipeline::{Findings, Pipeline, Unwatched};
use quintile::recipe::{Dialect, Recipe};

/// Recipes that differ from the default in what the query has to do otherwise.
const RECIPES: [(&str, &str); 27] = [
    ("default", ""),
    ("drop", "[clean]\nreturns = \"drop\""),
    ("match", "[clean]\nreturns = \"match\""),
    ("match_on_a_day", "[clean]\nreturns = \"match\"\n[rfm]\nsnapshot = \"2011-06-30\""),
    ("window", "[rfm]\nwindow_days = 180"),
    ("inactive", "[rfm]\nwindow_days = 90\nkeep_inactive = true"),
    ("snapshot", "[rfm]\nsnapshot = \"2011-09-01\""),
    ("days", "[rfm]\nfrequency = \"days\""),
    ("rows", "[rfm]\nfrequency = \"rows\""),
    ("three", "[rfm]\nscores = 3"),
    ("ten", "[rfm]\nscores = 10\nmap = \"codes125\""),
    ("nested", "[rfm]\nbinning = \"nested\"\nmap = \"codes125\""),
    ("rfm_package", "[rfm]\nscore_cuts = \"rfm_package\"\nmap = \"rfm_package\""),
    ("classic11", "[rfm]\nmap = \"classic11\""),
    ("by_hand", "[rfm]\nfrequency_cuts = [1.0, 2.0, 5.0, 10.0]\nmonetary_cuts = [100.0, 376.64, 1000.5, 5000.0]"),
    (
        "own_map",
        "[rfm]\nscores = 3\n[rfm.own_map]\ntitle = \"Mine; yours\"\nscores = 3\naxes = \"rfm\"\nrest = \"The others\"\n[rfm.own_map.codes]\n\"Can't \\\\ lose\" = [\"333\", \"332\", \"323\"]\n[[rfm.own_map.segment]]\nname = \"Can't \\\\ lose\"\n[[rfm.own_map.segment]]\nname = \"The others\"",
    ),
    ("z_score", "[features]\ntransform = \"none\"\nscale = \"z_score\""),
    ("robust", "[features]\nscale = \"robust\""),
    ("min_max", "[features]\ntransform = \"yeo_johnson\"\nscale = \"min_max\""),
    ("yeo_johnson", "[clean]\nset_aside_not_positive = false\n[features]\ntransform = \"yeo_johnson\""),
    ("rank", "[features]\ntransform = \"rank\""),
    (
        "weights",
        "[features.each.monetary]\nweight = 2.5\n[features.each.recency_days]\nweight = 0.3\ntransform = \"none\"\nscale = \"robust\"",
    ),
    ("mixture", "[cluster]\nalgorithm = \"gaussian_mixture\""),
    ("mini_batch", "[cluster]\nalgorithm = \"mini_batch\""),
    ("duplicates", "[clean]\ndrop_duplicates = true"),
    (
        "steps",
        "[[clean.steps]]\nstep = \"filter\"\ncolumn = \"Country\"\nop = \"one_of\"\nvalues = [\"United Kingdom\", \"France\", \"EIRE\"]\n[[clean.steps]]\nstep = \"exclude_products\"\ncolumn = \"StockCode\"\nvalues = [\"POST\", \"DOT\", \"M\", \"C2\", \"BANK CHARGES\"]\n[[clean.steps]]\nstep = \"filter\"\ncolumn = \"InvoiceDate\"\nop = \"greater_or_equal\"\nvalues = [\"2011-01-01\"]\n[[clean.steps]]\nstep = \"filter\"\ncolumn = \"UnitPrice\"\nop = \"less\"\nvalues = [\"1000\"]\n[[clean.steps]]\nstep = \"rename_column\"\nfrom = \"CustomerID\"\nto = \"customer_id\"\n[[clean.steps]]\nstep = \"missing\"\ncolumn = \"Description\"\naction = \"drop_row\"\n[[clean.steps]]\nstep = \"outliers\"\ncolumn = \"Quantity\"\nrule = \"iqr\"\naction = \"flag\"",
    ),
    ("tree", "[cluster]\nalgorithm = \"agglomerative\""),
];

/// Those that are run where QUINTILE_SQL_RECIPES names no others; `all` stands for all.
const USUAL: &str = "default,drop,ten,by_hand,min_max,weights";

/// The findings of a recipe, with as little judging of k as there can be.
fn findings(pipeline: &mut Pipeline, file: &Path, text: &str) -> Findings {
    let mut recipe = Recipe::from_toml(text).unwrap();
    recipe.input.files = vec![file.to_path_buf()];
    recipe.outputs.sql = Dialect::ALL.to_vec();
    let c = &mut recipe.cluster;
    (c.k, c.k_min, c.k_max) = ("4".parse().unwrap(), 4, 4);
    (c.restarts, c.references, c.resamples) = (2, 0, 0);
    let found = pipeline.run(&Arc::new(recipe), Arc::new(AtomicBool::new(false)), Arc::new(Unwatched));
    found.unwrap_or_else(|stopped| panic!("{text}: {}", stopped.error))
}

/// Runs a script with the folder of queries; `false` where it says that something it needs is missing.
fn script(name: &str, folder: &Path, data: &Path) -> bool {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sql").join(name);
    let Ok(output) = Command::new("python3").arg("-B").arg(path).arg(folder).arg(data).output() else {
        println!("skipped: python3 is not there");
        return false;
    };
    let said = [output.stdout, output.stderr].map(|t| String::from_utf8_lossy(&t).into_owned()).concat();
    println!("{said}");
    // 77 is what test programs say when they cannot be run here.
    if output.status.code() == Some(77) {
        return false;
    }
    assert!(output.status.success(), "{name}: {said}");
    true
}

#[test]
fn warehouses_give_every_customer_the_label_of_the_analysis() {
    let Some(data) = common::shared("online_retail/OnlineRetail.csv") else { return };
    let folder = tempfile::tempdir().unwrap();
    let mut pipeline = Pipeline::new();
    // All of them take a quarter of an hour, most of it PostgreSQL's.
    let only = std::env::var("QUINTILE_SQL_RECIPES").unwrap_or_else(|_| USUAL.into());
    for (name, text) in RECIPES.into_iter().filter(|(name, _)| only == "all" || only.split(',').any(|o| o == *name)) {
        let found = findings(&mut pipeline, &data, text);
        assert_eq!(cannot_be_sql(&found), None, "{name}");
        // Only the tree has no rule of its own.
        assert_eq!(sql_warnings(&found).len(), usize::from(name == "tree"), "{name}: {:?}", sql_warnings(&found));
        let place = folder.path().join(name);
        std::fs::create_dir(&place).unwrap();
        let kinds = ExportKind::all(&found).into_iter().filter(|k| matches!(k, ExportKind::Sql(_)));
        for kind in kinds.chain([ExportKind::CUSTOMERS]) {
            write_one(&found, kind, &place.join(kind.file_name()), &Ctx::silent()).unwrap();
        }
        assert_eq!(std::fs::read_dir(&place).unwrap().count(), 5, "{name}: customers and four dialects");
    }
    if let Some(kept) = std::env::var_os("QUINTILE_SQL_KEEP") {
        let done = Command::new("cp").arg("-r").arg(folder.path()).arg(kept).status().unwrap();
        assert!(done.success());
    }
    let ran = ["in_duckdb.py", "in_postgres.py", "in_spark.py"].map(|name| script(name, folder.path(), &data));
    println!("ran in DuckDB, PostgreSQL, Spark: {ran:?}");
}

#[test]
fn what_has_no_counterpart_is_refused_in_a_sentence() {
    let mut pipeline = Pipeline::new();
    let mut refused = |text: &str| {
        let found = findings(&mut pipeline, &sample(), text);
        let why = cannot_be_sql(&found).unwrap_or_else(|| panic!("{text} is written"));
        assert_eq!(sql_warnings(&found), std::slice::from_ref(&why));
        assert!(!ExportKind::all(&found).iter().any(|k| matches!(k, ExportKind::Sql(_))));
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.sql");
        let error = write_one(&found, ExportKind::Sql(Dialect::DuckDb), &path, &Ctx::silent()).unwrap_err();
        assert!(error.to_string().contains(why.trim_end_matches('.')), "{error}");
        assert!(!path.exists());
        why
    };
    let columns = std::fs::read_to_string(sample()).unwrap().lines().next().unwrap().to_string();
    let first = columns.split(',').next().unwrap().to_string();
    let why = refused(&format!("[[clean.steps]]\nstep = \"drop_duplicates\"\ncolumns = [\"{first}\"]"));
    assert!(why.contains("cleaning step 1") && why.contains("order"), "{why}");
    let why = refused(&format!(
        "[[clean.steps]]\nstep = \"filter\"\ncolumn = \"{first}\"\nop = \"matches\"\nvalues = [\".\"]"
    ));
    assert!(why.contains("regular expressions"), "{why}");
}

#[test]
fn labels_that_are_an_approximation_are_called_so() {
    let mut pipeline = Pipeline::new();
    let mut told = |text: &str| {
        let found = findings(&mut pipeline, &sample(), text);
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.sql");
        write_one(&found, ExportKind::Sql(Dialect::Spark), &path, &Ctx::silent()).unwrap();
        let query = std::fs::read_to_string(&path).unwrap();
        let says = |text: &str| text.contains("an approximation");
        (sql_warnings(&found).iter().any(|w| says(w)), says(&query))
    };
    assert_eq!(told(""), (false, false));
    for algorithm in ["agglomerative", "hdbscan"] {
        let both = told(&format!("[cluster]\nalgorithm = \"{algorithm}\""));
        assert_eq!(both, (true, true), "{algorithm} has no rule for new customers");
    }
}

#[test]
fn features_that_cannot_be_counted_leave_the_segments() {
    let text = "[[features.calculate]]\nname = \"twice\"\nkind = \"expression\"\nexpression = \"monetary * 2\"";
    let found = match std::panic::catch_unwind(|| findings(&mut Pipeline::new(), &sample(), text)) {
        Ok(found) => found,
        Err(_) => {
            findings(&mut Pipeline::new(), &sample(), "[features]\ncolumns = [\"recency_days\", \"tenure_days\"]")
        }
    };
    let warnings = sql_warnings(&found);
    assert!(warnings.len() == 1 && warnings[0].contains("column cluster is empty"), "{warnings:?}");
    assert_eq!(cannot_be_sql(&found), None);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.sql");
    write_one(&found, ExportKind::Sql(Dialect::Postgres), &path, &Ctx::silent()).unwrap();
    let query = std::fs::read_to_string(&path).unwrap();
    assert!(query.contains("CAST(NULL AS INTEGER) AS cluster") && query.contains("rfm_segment"), "{query}");
}
