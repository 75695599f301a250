//! Tables of a run in every format: read back by other means, equal to each other and to `summary.json`.

mod by_hand;
mod common;
#[path = "common/csv.rs"]
mod csv_reader;
#[path = "common/program.rs"]
mod program;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use by_hand::findings::findings;
use common::close;
use csv_reader::records;
use polars::prelude::{AnyValue, DataFrame, DataType};
use polars_io::SerReader;
use polars_io::parquet::read::ParquetReader;
use program::{fails, json, names, ok, shop};
use quintile::ctx::Ctx;
use quintile::export::{plan, write_all};
use quintile::pipeline::Findings;
use quintile::recipe::{CsvFor, Recipe, TableFormat};
use serde_json::Value;

/// What takes time and has no say in tables is left out.
fn run(flags: &[&str]) -> String {
    let quick = ["run", "--references", "0", "--resamples", "0", "--restarts", "2", "--k-range", "2..4"];
    ok(&[&quick, flags].concat())
}

/// A table of texts: names of columns, then rows.
type Texts = (Vec<String>, Vec<Vec<String>>);

/// CSV whose values are separated by `separator` and whose records end with `end`.
fn csv(path: &Path, separator: char, end: &str) -> Texts {
    let text = fs::read_to_string(path).unwrap();
    let mut rows = records(text.trim_start_matches('\u{feff}'), separator, end);
    let names = rows.remove(0);
    (names, rows)
}

fn plain_csv(path: &Path) -> Texts {
    csv(path, ',', "\n")
}

fn parquet(path: &Path) -> DataFrame {
    ParquetReader::new(fs::File::open(path).unwrap()).finish().unwrap()
}

/// Cells of a data frame as CSV has them.
fn texts(frame: &DataFrame) -> Texts {
    let names = frame.get_column_names().iter().map(|n| n.to_string()).collect();
    let cell = |value: AnyValue| match value {
        AnyValue::Null => String::new(),
        AnyValue::String(text) => text.into(),
        AnyValue::StringOwned(text) => text.to_string(),
        AnyValue::Float64(v) => v.to_string(),
        AnyValue::Int64(v) => v.to_string(),
        AnyValue::Boolean(v) => v.to_string(),
        AnyValue::Date(day) => chrono::NaiveDate::from_epoch_days(day).unwrap().to_string(),
        other => panic!("{other:?} is no kind of these tables"),
    };
    let rows = (0..frame.height()).map(|row| frame.columns().iter().map(|c| cell(c.get(row).unwrap())).collect());
    (names, rows.collect())
}

/// Cells of a JSON table as CSV has them.
fn json_texts(path: &Path) -> Texts {
    let text = fs::read_to_string(path).unwrap();
    let Value::Array(rows) = serde_json::from_str(&text).unwrap() else { panic!("no array") };
    // One object per line, for tools that go by lines.
    assert_eq!(text.lines().count(), rows.len() + 2);
    let first: Vec<String> = match text.lines().nth(1) {
        Some(line) if line.starts_with('{') => {
            let object: serde_json::Map<String, Value> = serde_json::from_str(line.trim_end_matches(',')).unwrap();
            object.keys().cloned().collect()
        }
        _ => Vec::new(),
    };
    let cell = |value: &Value| match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Number(n) => n.as_f64().unwrap().to_string(),
        Value::Bool(b) => b.to_string(),
        other => panic!("{other} in a table"),
    };
    let rows = rows.iter().map(|row| first.iter().map(|name| cell(&row[name])).collect()).collect();
    (first, rows)
}

/// The same, with the columns in the order of `names`.
fn ordered((names, rows): Texts, wanted: &[String]) -> Vec<Vec<String>> {
    let places: Vec<usize> = wanted.iter().map(|w| names.iter().position(|n| n == w).expect(w)).collect();
    rows.into_iter().map(|row| places.iter().map(|&p| row[p].clone()).collect()).collect()
}

/// Asserts that a table is the same in all formats; returns its CSV.
fn all_equal(dir: &Path, stem: &str) -> Texts {
    let (names, rows) = plain_csv(&dir.join(format!("{stem}.csv")));
    let frame = parquet(&dir.join(format!("{stem}.parquet")));
    let (parquet_names, parquet_rows) = texts(&frame);
    assert_eq!(parquet_names, names, "{stem}");
    assert_eq!(parquet_rows, rows, "{stem}.parquet");
    if !rows.is_empty() {
        let json = ordered(json_texts(&dir.join(format!("{stem}.json"))), &names);
        assert_eq!(json.len(), rows.len());
        for (a, b) in json.iter().flatten().zip(rows.iter().flatten()) {
            // The reader of JSON that is used here may be off by the last bit of a number.
            let number = |text: &str| text.parse::<f64>().unwrap_or(f64::NAN);
            let near = (number(a) - number(b)).abs() <= f64::EPSILON * number(b).abs();
            assert!(a == b || near, "{stem}.json: {a:?} {b:?}");
        }
    }
    (names, rows)
}

fn column<'a>((names, rows): &'a Texts, name: &str) -> Vec<&'a str> {
    let at = names.iter().position(|n| n == name).expect(name);
    rows.iter().map(|row| row[at].as_str()).collect()
}

fn numbers(table: &Texts, name: &str) -> Vec<f64> {
    column(table, name).iter().map(|t| if t.is_empty() { f64::NAN } else { t.parse().unwrap() }).collect()
}

/// Every table of a run of the sample, in every format.
#[test]
fn formats_are_equal_to_each_other_and_to_the_summary() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    let flags = ["--formats", "parquet,json", "--per-segment", "--per-transaction", "--compare-to", "2024-03-01"];
    let shop = shop();
    run(&[&[&shop, "--k", "4", "--out", out.to_str().unwrap()][..], &flags].concat());
    let summary = json(out.join("summary.json"));
    let files: BTreeSet<String> =
        summary["files"].as_array().unwrap().iter().map(|f| f.as_str().unwrap().to_string()).collect();
    assert_eq!(files, names(&out).into_iter().collect(), "the summary lists what is there");

    let customers = all_equal(&out, "customers");
    assert_eq!(customers.1.len() as u64, summary["customers"].as_u64().unwrap());
    let money: f64 = numbers(&customers, "monetary").iter().sum();
    let revenue: f64 = summary["clusters"].as_array().unwrap().iter().map(|c| c["revenue"].as_f64().unwrap()).sum();
    assert!(close(money, revenue), "{money} {revenue}");

    let segments = all_equal(&out, "segments");
    for (row, cluster) in segments.1.iter().zip(summary["clusters"].as_array().unwrap()) {
        assert_eq!(row[1], cluster["segment"].as_str().unwrap());
        assert_eq!(row[2], cluster["customers"].to_string());
        assert_eq!(row[4].parse::<f64>().unwrap(), cluster["revenue"].as_f64().unwrap());
    }
    all_equal(&out, "migration");

    // The customers of the segments together are all customers, each once.
    let mut together = Vec::new();
    for (cluster, name) in column(&segments, "cluster").iter().zip(column(&segments, "segment")) {
        let lower = name.to_lowercase();
        let words: Vec<&str> = lower.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).collect();
        let stem = format!("customers-{}", words.join("-"));
        let file = files.iter().find(|f| **f == format!("{stem}.csv"));
        assert!(file.is_some(), "{stem} in {files:?}");
        let part = all_equal(&out, &stem);
        assert!(column(&part, "cluster").iter().all(|c| c == cluster));
        together.extend(part.1);
    }
    let sorted = |rows: &[Vec<String>]| rows.iter().cloned().collect::<BTreeSet<_>>();
    assert_eq!(together.len(), customers.1.len());
    assert_eq!(sorted(&together), sorted(&customers.1));

    // Transactions: those that the last step of the funnel counts, with their customers' segments.
    let transactions = all_equal(&out, "transactions");
    let last = summary["funnel"].as_array().unwrap().last().unwrap().clone();
    assert_eq!(transactions.1.len() as u64, last["rows"].as_u64().unwrap());
    assert!(close(numbers(&transactions, "amount").iter().sum(), last["amount"].as_f64().unwrap()));
    let mut sums: BTreeMap<&str, (f64, BTreeSet<&str>)> = BTreeMap::new();
    let (ids, amounts) = (column(&transactions, "customer_id"), numbers(&transactions, "amount"));
    let (invoices, purchase) = (column(&transactions, "invoice"), column(&transactions, "purchase"));
    for i in 0..ids.len() {
        let sum = sums.entry(ids[i]).or_default();
        sum.0 += amounts[i];
        if purchase[i] == "true" {
            sum.1.insert(invoices[i]);
        }
    }
    let segment_of: BTreeMap<&str, &str> =
        column(&customers, "customer_id").into_iter().zip(column(&customers, "segment")).collect();
    for (row, id) in column(&customers, "customer_id").into_iter().enumerate() {
        assert!(close(sums[id].0, numbers(&customers, "monetary")[row]), "{id}");
        assert_eq!(sums[id].1.len() as f64, numbers(&customers, "frequency")[row], "{id}");
        if row == 300 {
            break;
        }
    }
    assert_eq!(sums.len(), customers.1.len());
    for (id, segment) in ids.iter().zip(column(&transactions, "segment")) {
        assert_eq!(segment_of[id], segment);
    }
    // The number of the row leads back to the file.
    let source = plain_csv(Path::new(&shop));
    let invoice_column = source.0.iter().position(|n| n.to_lowercase().contains("invoice")).unwrap();
    for i in (0..ids.len()).step_by(211) {
        let row: usize = column(&transactions, "row")[i].parse().unwrap();
        assert_eq!(source.1[row - 1][invoice_column].trim(), invoices[i]);
    }

    // Types: numbers are numbers, dates are dates, ids are text.
    let frame = parquet(&out.join("transactions.parquet"));
    let kind = |frame: &DataFrame, name: &str| frame.column(name).unwrap().dtype().clone();
    assert_eq!(kind(&frame, "date"), DataType::Date);
    assert_eq!(kind(&frame, "customer_id"), DataType::String);
    assert_eq!(kind(&frame, "purchase"), DataType::Boolean);
    let frame = parquet(&out.join("customers.parquet"));
    assert_eq!(kind(&frame, "monetary"), DataType::Float64);
    assert_eq!(kind(&frame, "cluster"), DataType::Int64);
    by_python(&out, &["customers", "segments", "cuts", "migration", "transactions"]);
}

/// Asserts with pandas that the three files of each table are equal; says so where it is not there.
fn by_python(dir: &Path, tables: &[&str]) {
    const SCRIPT: &str = r#"
import sys
try:
    import pandas as pd, pyarrow
except ImportError as e:
    print("skipped:", e)
    sys.exit(0)
for stem in sys.argv[2:]:
    path = sys.argv[1] + "/" + stem
    text = {"customer_id": str, "invoice": str}
    csv = pd.read_csv(path + ".csv", dtype=text, keep_default_na=False, na_values={}, float_precision="round_trip")
    parquet = pd.read_parquet(path + ".parquet")
    json = pd.read_json(path + ".json", dtype=text, convert_dates=False, precise_float=True)
    assert list(csv.columns) == list(parquet.columns), stem
    for name in csv.columns:
        p = parquet[name]
        if p.dtype == "float64" or p.dtype == "int64" or str(p.dtype) == "Int64":
            c = pd.to_numeric(csv[name], errors="coerce")
            j = pd.to_numeric(json[name], errors="coerce")
            assert ((c == p) | (c.isna() & p.isna())).all(), (stem, name, "csv")
            assert ((j - p).abs().fillna(0) <= 1e-12 * p.abs().fillna(0)).all(), (stem, name, "json")
        else:
            p = p.map(lambda v: "" if v is None or v != v else str(v))
            c = csv[name].map(lambda v: str(v))
            j = json[name].map(lambda v: "" if v is None or v != v else str(v))
            assert (c == p).all(), (stem, name, "csv", c[c != p].head(), p[c != p].head())
            assert (j == p).all(), (stem, name, "json", j[j != p].head(), p[j != p].head())
print("compared", len(sys.argv) - 2)
"#;
    let Ok(output) = Command::new("python3").arg("-c").arg(SCRIPT).arg(dir).args(tables).output() else {
        println!("skipped: python3 is not there");
        return;
    };
    let told = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{told}{}", String::from_utf8_lossy(&output.stderr));
    print!("{told}");
}

/// The score of a customer by the rows of `cuts.csv`, with scores on the axes before.
fn score_by(cuts: &Texts, axis: &str, before: &[&str], value: f64) -> Vec<String> {
    let [at_axis, at_r, at_f, score, from, to, from_in, to_in] =
        ["axis", "r_score", "f_score", "score", "from", "to", "from_included", "to_included"]
            .map(|name| cuts.0.iter().position(|n| n == name).expect(name));
    let holds = |row: &&Vec<String>| {
        let bound = |text: &str, none: f64| if text.is_empty() { none } else { text.parse::<f64>().unwrap() };
        let (low, high) = (bound(&row[from], f64::NEG_INFINITY), bound(&row[to], f64::INFINITY));
        let above = value > low || (value == low && row[from_in] == "true");
        let below = value < high || (value == high && row[to_in] == "true");
        let within = [at_r, at_f].iter().zip(before).all(|(&at, score)| row[at].is_empty() || row[at] == *score);
        row[at_axis] == axis && within && above && below
    };
    cuts.1.iter().filter(holds).map(|row| row[score].clone()).collect()
}

/// Whoever has the cut points can score every customer as the run did.
#[test]
fn cut_points_give_the_scores_back() {
    for flags in [&[][..], &["--rfm-binning", "nested", "--rfm-bins", "4"], &["--score-cuts", "rfm-package"]] {
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().to_str().unwrap();
        run(&[&[&shop()[..], "--k", "3", "--out", out][..], flags].concat());
        let (customers, cuts) =
            (plain_csv(&folder.path().join("customers.csv")), plain_csv(&folder.path().join("cuts.csv")));
        let scores = ["r_score", "f_score", "m_score"].map(|name| column(&customers, name));
        let axes = ["recency_days", "frequency", "monetary"].map(|name| (name, numbers(&customers, name)));
        for row in (0..customers.1.len()).step_by(7) {
            for (i, (axis, values)) in axes.iter().enumerate() {
                let before: Vec<&str> = (0..i).map(|b| scores[b][row]).collect();
                assert_eq!(score_by(&cuts, axis, &before, values[row]), [scores[i][row]], "{flags:?} {axis} {row}");
            }
        }
        let counted: f64 = numbers(&cuts, "customers").iter().sum();
        assert_eq!(counted as usize, 3 * customers.1.len(), "{flags:?}");
    }
}

#[test]
fn transactions_are_those_of_the_window() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().to_str().unwrap();
    run(&[&shop(), "--k", "3", "--window", "120", "--keep-inactive", "--per-transaction", "--out", out]);
    let last = json(folder.path().join("summary.json"))["funnel"].as_array().unwrap().last().unwrap().clone();
    let transactions = plain_csv(&folder.path().join("transactions.csv"));
    assert_eq!(transactions.1.len() as u64, last["rows"].as_u64().unwrap());
    assert!(close(numbers(&transactions, "amount").iter().sum(), last["amount"].as_f64().unwrap()));
}

#[test]
fn a_later_run_leaves_no_file_of_an_earlier_one_without_a_word() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    let to = out.to_str().unwrap();
    run(&[&shop(), "--k", "3", "--per-segment", "--per-transaction", "--formats", "json", "--out", to]);
    let many = names(&out);
    assert!(many.contains(&"transactions.json".to_string()) && many.len() > 15, "{many:?}");
    fs::write(out.join("customers-mine.csv"), "my own").unwrap();
    fs::write(out.join("notes.txt"), "my own").unwrap();
    let told = run(&[&shop(), "--k", "4", "--out", to]);
    let mut left: Vec<String> = json(out.join("summary.json"))["files"]
        .as_array()
        .unwrap()
        .iter()
        .map(|f| f.as_str().unwrap().to_string())
        .collect();
    left.extend(["customers-mine.csv", "notes.txt"].map(String::from));
    left.sort();
    assert_eq!(names(&out), left);
    assert!(told.contains("of the earlier run were removed"), "{told}");
    assert!(told.contains("customers-mine.csv is not of this run; it was left as it is."), "{told}");
    assert_eq!(fs::read_to_string(out.join("customers-mine.csv")).unwrap(), "my own");
}

#[test]
fn an_input_is_never_written_over() {
    let folder = tempfile::tempdir().unwrap();
    let input = folder.path().join("cuts.csv");
    fs::copy(shop(), &input).unwrap();
    let error = fails(&["run", input.to_str().unwrap(), "--out", folder.path().to_str().unwrap()]);
    assert!(error.contains("itself an input"), "{error}");
    assert_eq!(fs::read(&input).unwrap(), fs::read(shop()).unwrap());
    assert_eq!(names(folder.path()), ["cuts.csv"]);
    // Files of segments have names that are known only after the analysis; they are no exception.
    let mut found = messy(20);
    let own = plan(&found).into_iter().map(|p| p.name).find(|n| n.starts_with("customers-")).unwrap();
    let input = folder.path().join(own);
    fs::write(&input, "x").unwrap();
    found.recipe = Arc::new(Recipe { outputs: found.recipe.outputs.clone(), ..Recipe::for_file(&input) });
    let error = write_all(&found, folder.path(), &Ctx::silent()).unwrap_err().to_string();
    assert!(error.contains("itself an input"), "{error}");
    assert_eq!(fs::read_to_string(&input).unwrap(), "x");
}

/// Findings with the names and ids that break formats, and every table asked for.
fn messy(n: usize) -> Findings {
    let mut found = findings(n);
    let ids = [
        "=1+1",
        "00042",
        "a,\"b\"\nc",
        "🏆 Größe",
        "-5",
        "@x",
        "\tt",
        " edge ",
        "1E5",
        "a;b",
        "\u{feff}x",
        "=cmd|' /C calc'!A0",
    ];
    let mut customers = found.rfm.customers.clone();
    let mut all: Vec<String> = customers.ids.to_vec();
    for (id, messy) in all.iter_mut().zip(ids) {
        *id = messy.into();
    }
    customers.ids = Arc::new(all);
    let mut rfm = (*found.rfm).clone();
    rfm.customers = customers;
    found.rfm = Arc::new(rfm);
    let mut profiles = (*found.profiles).clone();
    profiles[0].name = "=HYPERLINK(\"http://x\")".into();
    profiles[1].name = "Größte; „Kunden“, 🏆\n2".into();
    profiles[1].action = "+call \"now\"".into();
    found.profiles = Arc::new(profiles);
    let mut recipe = Recipe::clone(&found.recipe);
    recipe.outputs.formats = vec![TableFormat::Parquet, TableFormat::Json];
    recipe.outputs.per_segment = true;
    found.recipe = Arc::new(recipe);
    found
}

#[test]
fn names_that_break_formats_survive_in_all_of_them() {
    let folder = tempfile::tempdir().unwrap();
    let found = messy(40);
    let exported = write_all(&found, folder.path(), &Ctx::silent()).unwrap();
    assert_eq!(exported.written.len(), names(folder.path()).len());
    assert_eq!(exported.notes, [""; 0]);
    let customers = all_equal(folder.path(), "customers");
    assert_eq!(column(&customers, "customer_id"), found.rfm.customers.ids.iter().collect::<Vec<_>>());
    all_equal(folder.path(), "segments");
    all_equal(folder.path(), "cuts");
    assert!(names(folder.path()).contains(&"customers-hyperlink-http-x.parquet".to_string()));
    assert!(names(folder.path()).contains(&"customers-größte-kunden-2.json".to_string()));
    by_python(folder.path(), &["customers", "segments", "cuts"]);

    // Written again, every byte is the same.
    let again = tempfile::tempdir().unwrap();
    write_all(&found, again.path(), &Ctx::silent()).unwrap();
    for name in names(folder.path()).iter().filter(|n| !n.ends_with(".xlsx")) {
        let same = fs::read(folder.path().join(name)).unwrap() == fs::read(again.path().join(name)).unwrap();
        assert!(same || name == "summary.json", "{name}");
    }
}

#[test]
fn csv_for_excel_holds_the_same_without_formulas() {
    let plain = tempfile::tempdir().unwrap();
    let mut found = messy(40);
    write_all(&found, plain.path(), &Ctx::silent()).unwrap();
    for (whom, separator) in [(CsvFor::Excel, ','), (CsvFor::ExcelSemicolon, ';')] {
        let mut recipe = Recipe::clone(&found.recipe);
        recipe.outputs.csv = whom;
        found.recipe = Arc::new(recipe);
        let folder = tempfile::tempdir().unwrap();
        write_all(&found, folder.path(), &Ctx::silent()).unwrap();
        for stem in ["customers", "segments", "cuts"] {
            let path = folder.path().join(format!("{stem}.csv"));
            assert!(fs::read(&path).unwrap().starts_with(&[0xef, 0xbb, 0xbf]));
            let (names, rows) = csv(&path, separator, "\r\n");
            let (plain_names, plain_rows) = plain_csv(&plain.path().join(format!("{stem}.csv")));
            assert_eq!(names, plain_names);
            for (row, plain_row) in rows.iter().zip(&plain_rows) {
                for (cell, plain) in row.iter().zip(plain_row) {
                    let number = |text: &str| text.replace(',', ".").parse::<f64>().ok();
                    let kept = cell.strip_prefix("=\"").and_then(|c| c.strip_suffix('"'));
                    let guarded = cell.strip_prefix('\'');
                    assert!(
                        cell == plain || kept == Some(plain) || guarded == Some(plain) || number(cell) == number(plain),
                        "{cell:?} for {plain:?}"
                    );
                    let starts = cell.starts_with(['=', '+', '-', '@', '\t', '\r']);
                    assert!(!starts || kept.is_some() || number(cell).is_some(), "{cell:?}");
                }
            }
        }
        let ids: Vec<String> =
            csv(&folder.path().join("customers.csv"), separator, "\r\n").1.into_iter().map(|r| r[0].clone()).collect();
        assert_eq!(&ids[..3], ["'=1+1", "=\"00042\"", "a,\"b\"\nc"]);
        // Parquet and JSON have nothing to do with it.
        for name in ["customers.parquet", "customers.json"] {
            assert_eq!(fs::read(folder.path().join(name)).unwrap(), fs::read(plain.path().join(name)).unwrap());
        }
    }
}

#[test]
fn a_table_of_customers_has_no_transactions_and_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let input = folder.path().join("people.csv");
    let rows: String = (0..200).map(|i| format!("{i},{},{}\n", 20 + i % 50, 1000 + (i * 37) % 900)).collect();
    fs::write(&input, format!("customer_id,age,income\n{rows}")).unwrap();
    let out = folder.path().join("out");
    let told = run(&[input.to_str().unwrap(), "--k", "3", "--per-transaction", "--out", out.to_str().unwrap()]);
    assert!(told.contains("There is no table of transactions"), "{told}");
    assert!(!names(&out).iter().any(|n| n.starts_with("transactions") || n.starts_with("cuts")), "{:?}", names(&out));
}
