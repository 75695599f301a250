//! `--derive`, `--features`, `--category` and `--discount` from the command line.

use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

use crate::common::fields;
use crate::file;

fn run(input: &Path, out: &Path, flags: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_quintile"));
    command.arg("run").arg(input).arg("--out").arg(out).args(flags).output().unwrap()
}

fn sales() -> tempfile::NamedTempFile {
    let mut text = String::from("CustomerID,InvoiceNo,InvoiceDate,StockCode,Category,Quantity,UnitPrice,Discount\n");
    for i in 0..120u32 {
        let category = ["Tea", "Cups", "Spoons"][i as usize % 3];
        let (customer, day) = (100 + i * i % 30, 1 + i % 28);
        text.push_str(&format!(
            "{customer},9{i:03},2020-{:02}-{day:02},P{},{category},{},{}.50,{}\n",
            1 + i % 12,
            i % 7,
            1 + i % 5,
            1 + i % 9,
            if i % 4 == 0 { "0.1" } else { "0" }
        ));
    }
    file(&text)
}

fn customers(out: &Path) -> (Vec<String>, Vec<Vec<String>>) {
    let text = std::fs::read_to_string(out.join("customers.csv")).unwrap();
    let mut lines = text.lines().map(fields);
    (lines.next().unwrap(), lines.collect())
}

#[test]
fn columns_and_features_are_derived_and_written() {
    let (input, out) = (sales(), tempfile::tempdir().unwrap());
    let flags = [
        "--derive",
        "Paid = Quantity * UnitPrice",
        "--derive",
        "per_order = monetary / frequency",
        "--derive",
        "dearest = MAX(Paid)",
        "--filter",
        "Paid > 5",
        "--amount",
        "Paid",
        "--category",
        "Category",
        "--discount",
        "Discount",
        "--features",
        "per_order,avg_basket_value,distinct_categories,discount_share,favourite_weekday_no",
        "--k-range",
        "2..4",
        "--restarts",
        "2",
    ];
    // A feature that is not there is an error that names those that are.
    let wrong = run(input.path(), out.path(), &flags);
    assert_eq!(wrong.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&wrong.stderr).contains("favourite_weekday_no"));
    let flags: Vec<&str> = flags.iter().map(|f| f.trim_end_matches(",favourite_weekday_no")).collect();
    let done = run(input.path(), out.path(), &flags);
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let (header, rows) = customers(out.path());
    assert_eq!(header[10..], ["avg_basket_value", "distinct_categories", "discount_share", "per_order", "dearest"]);
    let at = |name: &str| header.iter().position(|h| h == name).unwrap();
    let number = |row: &[String], name: &str| row[at(name)].parse::<f64>().unwrap();
    for row in &rows {
        assert_eq!(number(row, "per_order"), number(row, "monetary") / number(row, "frequency"));
        assert!(number(row, "dearest") > 5.0 && number(row, "dearest") <= number(row, "monetary"));
    }
    let summary: Value = serde_json::from_slice(&std::fs::read(out.path().join("summary.json")).unwrap()).unwrap();
    assert_eq!(summary["roles"]["category"], "Category");
    assert_eq!(summary["roles"]["discount"], "Discount");
    assert_eq!(
        summary["features"],
        serde_json::json!(["avg_basket_value", "distinct_categories", "discount_share", "per_order"])
    );
    // The saved recipe repeats the analysis.
    let again = tempfile::tempdir().unwrap();
    let recipe = out.path().join("recipe.toml");
    let mut command = Command::new(env!("CARGO_BIN_EXE_quintile"));
    let done = command.args(["run", "--recipe"]).arg(&recipe).arg("--out").arg(again.path()).output().unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let text = |folder: &Path, name: &str| std::fs::read_to_string(folder.join(name)).unwrap();
    assert_eq!(text(out.path(), "customers.csv"), text(again.path(), "customers.csv"));
}

#[test]
fn words_are_written_as_words() {
    let (input, out) = (sales(), tempfile::tempdir().unwrap());
    let flags = ["--derive", "best = FIRST(StockCode)", "--derive", "day = 'on ' || favourite_weekday", "--k", "2"];
    let done = run(input.path(), out.path(), &flags);
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let (header, rows) = customers(out.path());
    assert_eq!(header[10..], ["favourite_weekday", "best", "day"]);
    assert!(rows.iter().all(|row| row[11].starts_with('P') && row[12] == format!("on {}", row[10])), "{:?}", rows[0]);
    let summary: Value = serde_json::from_slice(&std::fs::read(out.path().join("summary.json")).unwrap()).unwrap();
    assert_eq!(summary["features"], serde_json::json!(["recency_days", "frequency", "monetary"]));
}

#[test]
fn wrong_expressions_show_their_place() {
    let (input, out) = (sales(), tempfile::tempdir().unwrap());
    let told = |derive: &str| {
        let output = run(input.path(), out.path(), &["--derive", derive]);
        assert!(!out.path().join("customers.csv").exists(), "{derive}");
        (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
    };
    // What no table can make right is wrong usage.
    let (code, text) = told("x = Quantity * * 2");
    assert_eq!(code, Some(2));
    assert!(text.contains("  Quantity * * 2\n             ^\n"), "{text}");
    let (code, text) = told("x = ROUD(Quantity)");
    assert_eq!(code, Some(2));
    assert!(text.contains("did you mean ROUND?") && text.contains("  ROUD(Quantity)\n  ^^^^\n"), "{text}");
    // What this table does not have is an error of the analysis.
    let (code, text) = told("x = Quantiti * UnitPrice");
    assert_eq!(code, Some(1));
    assert!(text.contains("did you mean Quantity?") && text.contains("  Quantiti * UnitPrice\n  ^^^^^^^^"), "{text}");
    let (code, text) = told("x = monetary / Quantity");
    assert_eq!(code, Some(1));
    assert!(
        text.contains("many values per customer") && text.contains("  monetary / Quantity\n             ^^^^^^^^"),
        "{text}"
    );
}
