//! Steps by themselves: what they propose, what they say when they cannot be done, and what they go by.

use std::sync::Arc;

use quintile::clean::steps::{Prepared, SpellingMethod, prepare, preview, problem};
use quintile::ctx::Ctx;
use quintile::intake::Table;
use quintile::intake::kind::ColumnKind;
use quintile::recipe::{
    CellType, CleanStep, Compare, Decimal, KeepRow, MissingAction, OutlierAction, OutlierRule, StepKind,
};

use crate::{done, filter, golden, interpolate, left, missing, outliers, table_of};

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
