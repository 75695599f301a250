//! Cleaning steps: against pandas (`tests/golden/steps/`), against brute force, and alone against mistakes.

mod common;

use std::path::Path;
use std::sync::Arc;

use proptest::prelude::*;
use quintile::clean::clean_prepared;
use quintile::clean::steps::{KEPT, Prepared, SpellingMethod, prepare, preview, problem};
use quintile::ctx::Ctx;
use quintile::intake::kind::{self, ColumnKind};
use quintile::intake::{self, Column, Dict, Role, Table};
use quintile::recipe::{
    CellType, CleanStep, Compare, Decimal, KeepRow, LetterCase, MissingAction, OutlierAction, OutlierRule, Recipe,
    Returns, StepKind,
};
use serde_json::Value;

fn golden() -> (Table, Value) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/steps");
    let recipe = Recipe::for_file(folder.join("dirty.csv"));
    let expected = std::fs::read_to_string(folder.join("expected.json")).unwrap();
    (intake::read(&recipe.input, &Ctx::silent()).unwrap().table, serde_json::from_str(&expected).unwrap())
}

fn done(table: &Table, steps: &[StepKind]) -> Prepared {
    let steps: Vec<CleanStep> = steps.iter().cloned().map(CleanStep::from).collect();
    let out = prepare(table, &steps, &Ctx::silent()).unwrap();
    for (step, effect) in steps.iter().zip(&out.effects) {
        assert_eq!(effect.error, None, "{}", step.what.sentence());
    }
    out
}

fn left(prepared: &Prepared) -> Vec<usize> {
    (0..prepared.table.rows).filter(|&r| prepared.removed_by.get(r).is_none_or(|&by| by == KEPT)).collect()
}

fn filter(column: &str, op: Compare, values: &[&str]) -> StepKind {
    StepKind::Filter { column: column.into(), op, values: values.iter().map(|v| v.to_string()).collect() }
}

fn missing(column: &str, action: MissingAction) -> StepKind {
    StepKind::Missing { column: column.into(), action, value: String::new(), along: None }
}

fn interpolate(column: &str, along: &str) -> StepKind {
    StepKind::Missing {
        column: column.into(),
        action: MissingAction::Interpolate,
        value: String::new(),
        along: Some(along.into()),
    }
}

fn outliers(rule: OutlierRule, action: OutlierAction) -> StepKind {
    let z = (rule == OutlierRule::ZScore).then_some(2.5);
    let (low, high) = if rule == OutlierRule::Percentile { (Some(5.0), Some(95.0)) } else { (None, None) };
    StepKind::Outliers { column: "price".into(), rule, action, distance: z, low, high }
}

/// The rows that pandas keeps.
fn same_rows(prepared: &Prepared, expected: &Value, what: &str) {
    let expected: Vec<usize> =
        expected[what].as_array().unwrap().iter().map(|v| v.as_u64().unwrap() as usize).collect();
    assert_eq!(left(prepared), expected, "{what}");
}

/// The values of the rows that are left: numbers to 12 digits, text exactly; missing where pandas has none.
fn same_values(prepared: &Prepared, column: &str, expected: &Value, what: &str) {
    let column = prepared.table.column(column).unwrap();
    let numbers = column.numbers();
    let expected = expected[what].as_array().unwrap();
    let rows = left(prepared);
    assert_eq!(rows.len(), expected.len(), "{what}");
    for (&row, value) in rows.iter().zip(expected) {
        let text = column.text(row);
        let same = match value {
            Value::Null => kind::is_missing(text),
            Value::String(wanted) => text == wanted,
            number => {
                let (a, b) = (numbers[column.codes[row] as usize], number.as_f64().unwrap());
                (a - b).abs() <= 1e-12 * b.abs().max(1.0)
            }
        };
        assert!(same, "{what}, row {row}: {text:?} instead of {value}");
    }
}

#[test]
fn filling_is_as_in_pandas() {
    let (table, expected) = golden();
    let cases = [
        ("mean", missing("price", MissingAction::Mean)),
        ("median", missing("price", MissingAction::Median)),
        ("quantity_median", missing("quantity", MissingAction::Median)),
        ("mode", missing("price", MissingAction::Mode)),
        ("quantity_mode", missing("quantity", MissingAction::Mode)),
        ("city_mode", missing("city", MissingAction::Mode)),
        ("previous", missing("price", MissingAction::Previous)),
        ("city_previous", missing("city", MissingAction::Previous)),
        ("along_moment", interpolate("price", "moment")),
        ("along_date", interpolate("price", "date")),
    ];
    for (what, step) in cases {
        let column = step.columns()[0].to_string();
        let out = done(&table, &[step]);
        same_values(&out, &column, &expected, what);
        let effect = &out.effects[0];
        let differ = (0..table.rows)
            .filter(|&r| table.column(&column).unwrap().text(r) != out.table.column(&column).unwrap().text(r));
        assert_eq!(effect.cells_changed, differ.count(), "{what}");
        assert_eq!((effect.rows_before, effect.rows_after), (243, 243));
        assert!(effect.examples.iter().all(|e| kind::is_missing(&e.before) && e.after.is_some()));
    }
    same_rows(&done(&table, &[missing("price", MissingAction::DropRow)]), &expected, "drop_row");
    let some =
        StepKind::Missing { column: "price".into(), action: MissingAction::Value, value: "1.5".into(), along: None };
    let out = done(&table, &[some]);
    let price = out.table.column("price").unwrap();
    assert_eq!(price.missing(), 0);
    assert!((0..table.rows).all(|r| price.text(r) == "1.5" || price.text(r) == table.column("price").unwrap().text(r)));
    let two = [filter("status", Compare::Equals, &["completed"]), missing("price", MissingAction::Mean)];
    same_values(&done(&table, &two), "price", &expected, "mean_of_completed");
}

#[test]
fn duplicates_filters_and_outliers_are_as_in_pandas() {
    let (table, expected) = golden();
    let rows = |what: &str, step: StepKind| same_rows(&done(&table, &[step]), &expected, what);
    let key = || vec!["city".to_string(), "status".to_string()];
    rows("unique_all", StepKind::DropDuplicates { columns: vec![], keep: KeepRow::First });
    rows("unique_first", StepKind::DropDuplicates { columns: key(), keep: KeepRow::First });
    rows("unique_last", StepKind::DropDuplicates { columns: key(), keep: KeepRow::Last });
    use Compare::*;
    rows("completed", filter("status", Equals, &["completed"]));
    rows("not_completed", filter("status", NotEquals, &["completed"]));
    rows("one_of", filter("status", OneOf, &["completed", "returned"]));
    rows("contains", filter("city", Contains, &["ar"]));
    rows("not_contains", filter("city", NotContains, &["ar"]));
    rows("matches", filter("city", Matches, &["^[A-Z]+ *[A-Z]*$"]));
    rows("less", filter("price", Less, &["4.95"]));
    rows("less_or_equal", filter("price", LessOrEqual, &["4.95"]));
    rows("greater", filter("price", Greater, &["4.95"]));
    rows("greater_or_equal", filter("price", GreaterOrEqual, &["4.95"]));
    rows("between", filter("price", Between, &["4.95", "12"]));
    rows("price_equals", filter("price", Equals, &["4.950"]));
    rows("days_from_to", filter("moment", Between, &["2011-01-02", "2011-01-04"]));
    rows("after_a_day", filter("moment", Greater, &["2011-01-02"]));
    rows("missing", filter("city", IsMissing, &[]));

    for (name, rule) in [("iqr", OutlierRule::Iqr), ("z", OutlierRule::ZScore), ("percentile", OutlierRule::Percentile)]
    {
        same_values(
            &done(&table, &[outliers(rule, OutlierAction::Cap)]),
            "price",
            &expected,
            &format!("{name}_capped"),
        );
        let out = expected[format!("{name}_outliers")].as_array().unwrap();
        let dropped = done(&table, &[outliers(rule, OutlierAction::Drop)]);
        let gone: Vec<u64> = (0..243).filter(|r| dropped.removed_by[*r as usize] == 0).collect();
        assert_eq!(&gone, &out.iter().map(|v| v.as_u64().unwrap()).collect::<Vec<_>>(), "{name}");
        let flagged = done(&table, &[outliers(rule, OutlierAction::Flag)]);
        let flags = flagged.table.column("price outlier").unwrap();
        assert_eq!(flagged.table.position("price outlier"), table.position("price").map(|p| p + 1));
        for row in 0..243 {
            let wanted = match kind::is_missing(table.column("price").unwrap().text(row)) {
                true => "",
                false if gone.contains(&(row as u64)) => "yes",
                false => "no",
            };
            assert_eq!(flags.text(row), wanted, "{name}, row {row}");
        }
    }
}

#[test]
fn types_and_text_are_as_in_pandas() {
    let (table, expected) = golden();
    let to = |column: &str, to, decimal| StepKind::ChangeType { column: column.into(), to, decimal, date_format: None };
    let out = done(&table, &[to("comma", CellType::Number, Some(Decimal::Comma))]);
    same_values(&out, "comma", &expected, "comma");
    assert_eq!(out.table.column("comma").unwrap().kind, ColumnKind::number(false));
    let out = done(&table, &[to("city", CellType::Text, None), to("price", CellType::Text, None)]);
    assert_eq!(out.table.column("price").unwrap().kind, ColumnKind::Text);
    assert_eq!(out.effects[1].cells_changed, 0);
    let out = done(&table, &[to("moment", CellType::Date, None)]);
    assert_eq!(out.effects[0].cells_changed, 0, "ISO dates stay as they are");
    let tidy =
        StepKind::TidyText { columns: vec!["city".into()], trim: true, collapse_spaces: true, case: LetterCase::Lower };
    same_values(&done(&table, &[tidy]), "city", &expected, "tidy_lower");
    let swap = StepKind::FindReplace {
        columns: vec!["city".into()],
        find: r"(\w)(\w)".into(),
        replace: "$2$1".into(),
        regex: true,
        whole_cell: false,
        case_sensitive: true,
    };
    same_values(&done(&table, &[swap]), "city", &expected, "replaced");
}

#[test]
fn spellings_are_proposed_and_unified_only_when_told() {
    let (table, _) = golden();
    let untouched = Prepared::untouched(&table);
    let found = untouched.spellings(0, "city", SpellingMethod::Fingerprint, &Ctx::silent()).unwrap();
    let keys: Vec<&str> = found.iter().map(|c| c.key.as_str()).collect();
    assert_eq!(keys.len(), 3);
    assert!(["paris", "new york", "koln"].iter().all(|k| keys.contains(k) || keys.contains(&"new york")), "{keys:?}");
    let paris = found.iter().find(|c| c.key == "paris").unwrap();
    assert_eq!(paris.values.len(), 3);
    assert_eq!(paris.proposal, paris.values[0].0);
    assert!(paris.values.windows(2).all(|v| v[0].1 >= v[1].1));
    let map = paris.values.iter().map(|(from, _)| (from.clone(), "Paris".to_string())).collect();
    let out = done(&table, &[StepKind::UnifySpellings { column: "city".into(), map }]);
    let rows = |t: &Table, text: &str| {
        let c = t.column("city").unwrap();
        (0..t.rows).filter(|&r| c.text(r) == text).count()
    };
    assert_eq!(rows(&out.table, "Paris"), paris.rows());
    assert_eq!(out.effects[0].cells_changed, paris.rows() - rows(&table, "Paris"));
    assert!(
        out.spellings(1, "city", SpellingMethod::Fingerprint, &Ctx::silent()).unwrap().iter().all(|c| c.key != "paris")
    );
}

#[test]
fn a_step_that_cannot_be_done_fails_alone() {
    let (table, _) = golden();
    let bad = [
        (filter("staus", Compare::Equals, &["completed"]), "no column \"staus\""),
        (filter("city", Compare::Matches, &["("]), "no regular expression"),
        (filter("price", Compare::Less, &["cheap"]), "no number"),
        (filter("date", Compare::Less, &["soon"]), "no date"),
        (filter("price", Compare::Between, &["9", "1"]), "smaller"),
        (filter("price", Compare::Between, &["9"]), "two values"),
        (missing("city", MissingAction::Mean), "no value of \"city\" is a number"),
        (missing("price", MissingAction::Value), "give the value"),
        (interpolate("price", "city"), "no column of dates"),
        (missing("price", MissingAction::Interpolate), "date column"),
        (StepKind::RenameColumn { from: "city".into(), to: "status".into() }, "two columns"),
        (StepKind::RenameColumn { from: "city".into(), to: " ".into() }, "new name"),
        (StepKind::DropColumns { columns: table.columns.iter().map(|c| c.name.clone()).collect() }, "at least one"),
        (
            StepKind::ChangeType { column: "city".into(), to: CellType::Number, decimal: None, date_format: None },
            "reads as a number",
        ),
        (
            StepKind::Outliers {
                column: "price".into(),
                rule: OutlierRule::Percentile,
                action: OutlierAction::Cap,
                distance: None,
                low: Some(90.0),
                high: Some(10.0),
            },
            "percentiles",
        ),
    ];
    for (step, words) in bad {
        let steps = [
            filter("status", Compare::Equals, &["completed"]).into(),
            step.clone().into(),
            missing("price", MissingAction::DropRow).into(),
        ];
        let out = prepare(&table, &steps, &Ctx::silent()).unwrap();
        let error = out.effects[1].error.clone().unwrap_or_default();
        assert!(error.contains(words), "{}: {error}", step.sentence());
        assert_eq!((out.effects[1].rows_before, out.effects[1].cells_changed), (out.effects[1].rows_after, 0));
        assert_eq!(out.warnings.len(), 1);
        assert!(out.warnings[0].starts_with("Cleaning step 2 was left out"), "{}", out.warnings[0]);
        let without = done(
            &table,
            &[filter("status", Compare::Equals, &["completed"]), missing("price", MissingAction::DropRow)],
        );
        assert_eq!(left(&out), left(&without), "the rest goes on");
    }
    for step in StepKind::one_of_each().into_iter().filter(|s| !matches!(s.name(), "drop_duplicates" | "tidy_text")) {
        assert!(problem(&table, &step).is_some(), "{} with nothing chosen", step.name());
    }
}

#[test]
fn a_preview_tells_what_the_step_will_do() {
    let (table, _) = golden();
    let steps = [
        filter("status", Compare::NotEquals, &["pending"]),
        StepKind::RenameColumn { from: "city".into(), to: "town".into() },
        missing("town", MissingAction::Mode),
        outliers(OutlierRule::Iqr, OutlierAction::Cap),
        StepKind::DropDuplicates { columns: vec!["customer".into()], keep: KeepRow::Last },
    ];
    let out = done(&table, &steps);
    for (at, step) in steps.iter().enumerate() {
        assert_eq!(out.preview(at, step, &Ctx::silent()).unwrap(), out.effects[at], "{}", step.sentence());
    }
    let end = out.preview(steps.len(), &missing("price", MissingAction::DropRow), &Ctx::silent()).unwrap();
    assert_eq!(end.rows_before, left(&out).len());
    assert_eq!(
        end,
        preview(&out.table, &out.removed_by, &missing("price", MissingAction::DropRow), &Ctx::silent()).unwrap()
    );
    // A step that is off does nothing and says so.
    let off = CleanStep { on: false, what: steps[0].clone() };
    let rest = prepare(&table, &[off], &Ctx::silent()).unwrap();
    assert!(!rest.effects[0].on && rest.removed_by.is_empty());
    assert!(rest.table.columns.iter().zip(&table.columns).all(|(a, b)| Arc::ptr_eq(a, b)), "nothing is copied");
}

#[test]
fn numbers_written_into_a_column_of_decimal_commas_mean_what_they_say() {
    let table = table_of(&[("a", &["1,5", "2,25", "", "1.000,5", "4,75"])]);
    let step = StepKind::ChangeType {
        column: "a".into(),
        to: CellType::Number,
        decimal: Some(Decimal::Comma),
        date_format: None,
    };
    let out = done(&table, &[step, missing("a", MissingAction::Mean)]);
    let a = out.table.column("a").unwrap();
    let numbers: Vec<f64> = a.codes.iter().map(|&c| a.numbers()[c as usize]).collect();
    assert_eq!(numbers, [1.5, 2.25, 252.25, 1000.5, 4.75]);
}

#[test]
fn numbers_in_a_step_are_read_as_the_column_reads_its_own() {
    let table = table_of(&[("a", &["1,5", "999,5", "", "1.000,5", "1.000", "2,25"])]);
    let kept = |op, value: &str| left(&done(&table, &[filter("a", op, &[value])]));
    assert_eq!(kept(Compare::Greater, "1.000"), [3], "1.000 is a thousand among decimal commas");
    assert_eq!(kept(Compare::Equals, "1000"), [4]);
    assert_eq!(kept(Compare::LessOrEqual, "2,25"), [0, 5]);
    assert_eq!(kept(Compare::LessOrEqual, "2.25"), [0, 5], "only a decimal point makes a number of it");
    let fill = |action, value: &str| StepKind::Missing { column: "a".into(), action, value: value.into(), along: None };
    let filled = |step| {
        let out = done(&table, &[step]);
        let a = out.table.column("a").unwrap();
        (a.text(0).to_string(), a.text(2).to_string(), a.number(a.text(2)))
    };
    assert_eq!(filled(fill(MissingAction::Value, "1.000")), ("1,5".into(), "1.000".into(), Some(1000.0)));
    assert_eq!(filled(fill(MissingAction::Mean, "")), ("1,5".into(), "600,75".into(), Some(600.75)));
    let map = StepKind::MapValues { column: "a".into(), map: vec![("1,5".into(), "2.000".into())] };
    let out = done(&table, &[map]);
    let a = out.table.column("a").unwrap();
    assert_eq!(a.number(a.text(0)), Some(2000.0));
}

#[test]
fn what_a_column_showed_about_its_numbers_and_dates_outlives_the_values_that_showed_it() {
    let cells: &[&str] = &["1,234", "12,5", "", "2,500"];
    let days: &[&str] = &["1/2/2011", "25/3/2011", "4/5/2011", "4/5/2011"];
    let table = table_of(&[("a", cells), ("d", days), ("ok", &["y", "n", "y", "y"])]);
    let values = |prepared: &Prepared| -> Vec<f64> {
        let a = prepared.table.column("a").unwrap();
        let numbers = a.numbers();
        left(prepared).iter().map(|&r| numbers[a.codes[r] as usize]).collect()
    };
    // The mean of 1.234 and 2.5 has three digits behind its point, as thousands would.
    let out = done(&table, &[filter("ok", Compare::Equals, &["y"]), missing("a", MissingAction::Mean)]);
    assert_eq!(values(&out), [1.234, 1.867, 2.5]);
    let later = done(&table, &[filter("ok", Compare::Equals, &["y"]), filter("d", Compare::Less, &["2011-02-02"])]);
    assert_eq!(left(&later), [0], "1/2/2011 is the first of February");
    let kind = &later.table.column("d").unwrap().kind;
    assert_eq!(kind, &table.column("d").unwrap().kind);
}

#[test]
fn what_was_removed_has_no_say_in_the_type_of_what_is_left() {
    let table = table_of(&[("n", &["1", "2", "x", "y", "3"]), ("ok", &["y", "y", "n", "n", "y"])]);
    assert_eq!(table.column("n").unwrap().kind, ColumnKind::Text);
    let out = done(&table, &[filter("ok", Compare::Equals, &["y"])]);
    assert_eq!(out.table.column("n").unwrap().kind, ColumnKind::number(true));
    let text = StepKind::ChangeType { column: "n".into(), to: CellType::Text, decimal: None, date_format: None };
    let out = done(&table, &[text, filter("ok", Compare::Equals, &["y"])]);
    let kind = &out.table.column("n").unwrap().kind;
    assert!(matches!(kind, ColumnKind::Number { .. } | ColumnKind::Text), "{kind:?}");
}

/// UCI Online Retail recomputed with pandas 3.1 and exact decimals: rows, customers and money after each step.
const FUNNEL: [(usize, usize, f64); 8] = [
    (541_909, 4_372, 9_747_747.934),
    (495_478, 3_950, 8_187_806.364),
    (493_888, 3_943, 8_302_406.643),
    (493_888, 3_943, 8_302_406.643),
    (488_716, 3_943, 8_282_078.723),
    (488_716, 3_943, 8_282_078.723),
    (488_716, 3_943, 8_155_305.11),
    (480_051, 3_917, 8_634_429.54),
];
/// Prices beyond the 1st and 99th percentile, 0.19 and 16.63.
const CAPPED: usize = 8_032;

#[test]
fn the_funnel_counts_each_step_on_the_table_as_it_was_then() {
    let Some(path) = common::shared("online_retail/OnlineRetail.csv") else { return };
    let mut recipe = Recipe::for_file(path);
    recipe.clean.returns = Returns::Drop;
    let codes = ["POST", "DOT", "M", "C2", "D", "S", "BANK CHARGES", "AMAZONFEE", "CRUK", "B"];
    let steps = [
        filter("Country", Compare::Equals, &["United Kingdom"]),
        StepKind::ExcludeProducts { column: "StockCode".into(), values: codes.map(String::from).into() },
        filter("Nothing", Compare::IsPresent, &[]),
        StepKind::DropDuplicates { columns: vec![], keep: KeepRow::First },
        StepKind::RenameColumn { from: "UnitPrice".into(), to: "Price".into() },
        StepKind::Outliers {
            column: "Price".into(),
            rule: OutlierRule::Percentile,
            action: OutlierAction::Cap,
            distance: None,
            low: None,
            high: None,
        },
        filter("Quantity", Compare::Greater, &["0"]),
    ];
    recipe.clean.steps = steps.map(CleanStep::from).into();
    let ctx = Ctx::silent();
    let table = intake::read(&recipe.input, &ctx).unwrap().table;
    let started = std::time::Instant::now();
    let prepared = prepare(&table, &recipe.clean.steps, &ctx).unwrap();
    println!("{} steps took {:?}", prepared.effects.len(), started.elapsed());
    let roles = intake::roles::find(&prepared.table, &recipe.roles, &ctx).unwrap();
    assert_eq!(roles.column(Role::UnitPrice), Some("Price"));
    let cleaned = clean_prepared(&prepared, &roles, &recipe.clean, None, &ctx).unwrap();
    let lines: Vec<(usize, usize, f64)> = cleaned.funnel.iter().map(|s| (s.rows, s.customers, s.amount)).collect();
    assert_eq!(lines[..8], FUNNEL);
    assert_eq!(cleaned.funnel[3].index, Some(2));
    assert!(cleaned.funnel[3].error.as_ref().is_some_and(|e| e.contains("Nothing")));
    assert_eq!(cleaned.funnel[6].cells_changed, Some(CAPPED));
    assert_eq!(cleaned.funnel[8].id, "duplicates");
    // Without steps the funnel is what it always was.
    recipe.clean.steps.clear();
    let plain = quintile::clean::clean(
        &table,
        &intake::roles::find(&table, &recipe.roles, &ctx).unwrap(),
        &recipe.clean,
        None,
        &ctx,
    );
    let ids: Vec<String> = plain.unwrap().funnel.into_iter().map(|s| s.id).collect();
    assert_eq!(
        ids,
        ["read", "duplicates", "customer_present", "date_readable", "amount_readable", "not_cancelled", "positive"]
    );
}

#[test]
fn lines_that_are_no_products_are_proposed_and_stay() {
    let Some(path) = common::shared("online_retail/OnlineRetail.csv") else { return };
    let ctx = Ctx::silent();
    let table = intake::read(&Recipe::for_file(path).input, &ctx).unwrap().table;
    let roles = intake::roles::find(&table, &Default::default(), &ctx).unwrap();
    let found = quintile::clean::steps::suggest_non_products(&table, &roles, &ctx).unwrap();
    for s in &found {
        println!("{:14} {:6} {:12.2} {:28} {:?}", s.value, s.rows, s.amount, s.reason, s.description);
    }
    let by = |value: &str| found.iter().find(|s| s.value == value);
    for code in
        ["POST", "DOT", "M", "m", "D", "S", "BANK CHARGES", "AMAZONFEE", "C2", "CRUK", "B", "PADS", "gift_0001_30"]
    {
        assert!(by(code).is_some(), "{code}");
    }
    let post = by("POST").unwrap();
    assert_eq!((post.rows, post.amount, post.column.as_str()), (1256, 66_230.64, "StockCode"));
    let goods = found.iter().filter(|s| s.value.starts_with(|c: char| c.is_ascii_digit())).count();
    assert!(goods <= 3, "{goods} products of thousands look like fees");
}

/// A table of texts.
fn table_of(columns: &[(&str, &[&str])]) -> Table {
    let column = |(name, cells): &(&str, &[&str])| {
        let mut dict = Dict::default();
        let mut codes = Vec::new();
        for cell in *cells {
            let known = dict.iter().position(|t| t == *cell).map(|c| c as u32);
            codes.push(known.unwrap_or_else(|| dict.push(cell)));
        }
        let mut counts = vec![0; dict.len()];
        codes.iter().for_each(|&c| counts[c as usize] += 1);
        let kind = kind::infer(&dict, &Ctx::silent()).unwrap();
        Arc::new(Column { name: name.to_string(), dict, codes, counts, kind })
    };
    let rows = columns.first().map_or(0, |c| c.1.len());
    Table { columns: columns.iter().map(column).collect(), rows, ..Table::default() }
}

fn cell() -> impl Strategy<Value = &'static str> {
    prop::sample::select(&["", "NA", "a", "b", " b", "B", "1", "2", "2.0", "10", "-3", "0.5", "x1"][..])
}

proptest! {
    /// Number columns compare as numbers, the rest as text; told once more, row by row.
    #[test]
    fn filters_agree_with_brute_force(
        cells in prop::collection::vec(cell(), 1..30),
        op in prop::sample::select(Compare::ALL),
        value in cell(),
        other in cell(),
    ) {
        let table = table_of(&[("a", &cells)]);
        let numeric = matches!(table.column("a").unwrap().kind, ColumnKind::Number { .. });
        let values: &[&str] = match op {
            Compare::IsMissing | Compare::IsPresent => &[],
            Compare::Between | Compare::OneOf => &[value, other],
            _ => &[value],
        };
        let out = prepare(&table, &[filter("a", op, values).into()], &Ctx::silent()).unwrap();
        if out.effects[0].error.is_none() {
            let number = kind::parse_number;
            let all_numbers = values.iter().all(|v| number(v).is_some());
            let keeps = |cell: &str| -> bool {
                let same = |v: &str| cell.trim() == v.trim() || (numeric && number(cell).is_some() && number(cell) == number(v));
                let less = |a: &str, b: &str| if all_numbers { number(a) < number(b) } else { a.trim() < b.trim() };
                let comparable = if all_numbers { number(cell).is_some() } else { !kind::is_missing(cell) };
                match op {
                    Compare::Equals => same(value),
                    Compare::NotEquals => !same(value),
                    Compare::OneOf => same(value) || same(other),
                    Compare::Contains => cell.contains(value.trim()),
                    Compare::NotContains => !cell.contains(value.trim()),
                    Compare::StartsWith => cell.trim_start().starts_with(value.trim()),
                    Compare::Matches => cell.contains(value) || value.contains('.') && regex_dot(cell, value),
                    Compare::Less => comparable && less(cell, value),
                    Compare::LessOrEqual => comparable && !less(value, cell),
                    Compare::Greater => comparable && less(value, cell),
                    Compare::GreaterOrEqual => comparable && !less(cell, value),
                    Compare::Between => comparable && !less(cell, value) && !less(other, cell),
                    Compare::IsMissing => kind::is_missing(cell),
                    Compare::IsPresent => !kind::is_missing(cell),
                }
            };
            let expected: Vec<usize> = (0..cells.len()).filter(|&r| keeps(cells[r])).collect();
            prop_assert_eq!(left(&out), expected);
            prop_assert_eq!(out.effects[0].rows_after, left(&out).len());
        } else {
            prop_assert_eq!(left(&out).len(), cells.len());
        }
    }

    #[test]
    fn duplicates_agree_with_brute_force(
        rows in prop::collection::vec((cell(), cell(), cell()), 1..40),
        key in prop::sample::select(&[0usize, 1, 2, 3][..]),
        last in any::<bool>(),
    ) {
        let column = |i: usize| rows.iter().map(|r| [r.0, r.1, r.2][i]).collect::<Vec<_>>();
        let (a, b, c) = (column(0), column(1), column(2));
        let table = table_of(&[("a", &a), ("b", &b), ("c", &c)]);
        let columns: Vec<String> = ["a", "b", "c"][..key].iter().map(|n| n.to_string()).collect();
        let keep = if last { KeepRow::Last } else { KeepRow::First };
        // Half of the rows are gone already: among those nothing is looked for.
        let steps = [filter("c", Compare::NotEquals, &["a"]), StepKind::DropDuplicates { columns: columns.clone(), keep }];
        let out = done(&table, &steps);
        let alive: Vec<usize> = (0..rows.len()).filter(|&r| c[r].trim() != "a").collect();
        let wanted = |r: usize| match columns.len() { 0 => vec![a[r], b[r], c[r]], n => [a[r], b[r], c[r]][..n].to_vec() };
        let expected: Vec<usize> = alive.iter().copied().filter(|&r| {
            !alive.iter().any(|&o| wanted(o) == wanted(r) && if last { o > r } else { o < r })
        }).collect();
        prop_assert_eq!(left(&out), expected);
    }

    /// What a step computes from a column does not depend on the order of the rows.
    #[test]
    fn the_order_of_rows_has_no_say(cells in prop::collection::vec((cell(), 0u32..9), 2..40), seed in any::<u64>()) {
        let dates: Vec<String> = cells.iter().map(|c| format!("2024-01-{:02}", c.1 + 1)).collect();
        let shuffled = |n: usize| {
            let mut order: Vec<usize> = (0..n).collect();
            order.sort_by_key(|&i| (i as u64 + 1).wrapping_mul(seed | 1).rotate_left(17));
            order
        };
        let order = shuffled(cells.len());
        let texts: Vec<&str> = cells.iter().map(|c| c.0).collect();
        let days: Vec<&str> = dates.iter().map(String::as_str).collect();
        let moved = |v: &[&'static str]| order.iter().map(|&i| v[i]).collect::<Vec<_>>();
        let moved_days: Vec<&str> = order.iter().map(|&i| days[i]).collect();
        let one = table_of(&[("a", &texts), ("d", &days)]);
        let two = table_of(&[("a", &moved(&texts)), ("d", &moved_days)]);
        for step in [
            missing("a", MissingAction::Mean),
            missing("a", MissingAction::Median),
            missing("a", MissingAction::Mode),
            interpolate("a", "d"),
            StepKind::Outliers { column: "a".into(), rule: OutlierRule::ZScore, action: OutlierAction::Cap, distance: Some(1.0), low: None, high: None },
            filter("a", Compare::Less, &["2"]),
        ] {
            let (x, y) = (prepare(&one, &[step.clone().into()], &Ctx::silent()).unwrap(), prepare(&two, &[step.into()], &Ctx::silent()).unwrap());
            prop_assert_eq!(&x.effects[0].error, &y.effects[0].error);
            prop_assert_eq!(x.effects[0].cells_changed, y.effects[0].cells_changed);
            let (p, q) = (x.table.column("a").unwrap(), y.table.column("a").unwrap());
            for (place, &row) in order.iter().enumerate() {
                prop_assert_eq!(p.text(row), q.text(place));
            }
        }
    }
}

/// The only pattern among the cells with a meaning of its own is "0.5" and "2.0": any character in the middle.
fn regex_dot(cell: &str, value: &str) -> bool {
    let pattern: Vec<char> = value.chars().collect();
    let cell: Vec<char> = cell.chars().collect();
    cell.windows(pattern.len()).any(|w| w.iter().zip(&pattern).all(|(c, p)| *p == '.' || c == p))
}

#[test]
fn a_whole_run_with_steps_and_what_it_writes() {
    let shop = Path::new(env!("CARGO_MANIFEST_DIR")).join("sample_data/shop.csv");
    let mut recipe = Recipe::for_file(shop);
    let table = intake::read(&recipe.input, &Ctx::silent()).unwrap().table;
    let roles = intake::roles::find(&table, &recipe.roles, &Ctx::silent()).unwrap();
    let customer = roles.column(Role::CustomerId).unwrap().to_string();
    recipe.clean.steps = vec![
        StepKind::RenameColumn { from: customer.clone(), to: "Customer number".into() }.into(),
        CleanStep { on: false, what: filter(&customer, Compare::IsMissing, &[]) },
        filter("no such", Compare::IsPresent, &[]).into(),
    ];
    let run = |recipe: &Recipe| {
        let watch = Arc::new(quintile::pipeline::Unwatched);
        quintile::pipeline::Pipeline::new().run(&Arc::new(recipe.clone()), Arc::default(), watch).unwrap()
    };
    let findings = run(&recipe);
    assert_eq!(findings.roles.column(Role::CustomerId), Some("Customer number"));
    assert_eq!(findings.warnings().iter().filter(|w| w.contains("no such")).count(), 1);
    let folder = tempfile::tempdir().unwrap();
    quintile::export::write_all(&findings, folder.path(), &Ctx::silent()).unwrap();
    let summary: Value =
        serde_json::from_str(&std::fs::read_to_string(folder.path().join("summary.json")).unwrap()).unwrap();
    let line =
        |i: usize| (summary["funnel"][i]["id"].as_str().unwrap().to_string(), summary["funnel"][i]["index"].clone());
    assert_eq!(line(0), ("read".into(), Value::Null));
    assert_eq!(line(1), ("step_1_rename_column".into(), 0.into()));
    assert_eq!(line(2), ("step_3_filter".into(), 2.into()));
    assert_eq!(summary["funnel"][1]["customers"], summary["funnel"][0]["customers"], "a new name changes no customer");
    let plain =
        run(&Recipe { clean: quintile::recipe::Clean { steps: vec![], ..recipe.clean.clone() }, ..recipe.clone() });
    assert_eq!(plain.rfm.customers.ids, findings.rfm.customers.ids);
    // What leaves nothing says which step it was.
    recipe.clean.steps = vec![
        filter("Customer number", Compare::Equals, &["nobody"]).into(),
        filter(&customer, Compare::Equals, &["nobody"]).into(),
    ];
    let watch = Arc::new(quintile::pipeline::Unwatched);
    let stopped = quintile::pipeline::Pipeline::new().run(&Arc::new(recipe), Arc::default(), watch).unwrap_err();
    let text = stopped.error.to_string();
    assert!(text.contains("no row is left") && text.contains("nobody"), "{text}");
}
