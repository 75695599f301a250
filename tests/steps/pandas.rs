//! What steps do with values and rows, against pandas.

use quintile::clean::steps::Prepared;
use quintile::intake::kind::{self, ColumnKind};
use quintile::recipe::{
    CellType, Compare, Decimal, KeepRow, LetterCase, MissingAction, OutlierAction, OutlierRule, StepKind,
};
use serde_json::Value;

use crate::{done, filter, golden, interpolate, left, missing, outliers};

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
