//! UCI Online Retail against pandas (`tests/golden/explore/make.py`).

use std::sync::OnceLock;

use quintile::chart::Marks;
use quintile::explore::{Correlation, FarRule, Measure, Period, Question, Source, Subject, Summary};
use quintile::recipe::{Recipe, Returns};
use serde_json::Value;

use super::{assert_near, chart, charts, column, common, subject, summaries, texts};

fn golden() -> Value {
    serde_json::from_str(include_str!("../golden/explore/online_retail.json")).unwrap()
}

/// The file with the policy *drop*; read once for all tests.
fn retail() -> Option<&'static Subject> {
    static RETAIL: OnceLock<Option<Subject>> = OnceLock::new();
    let read = || {
        let mut recipe = Recipe::for_file(common::shared("online_retail/OnlineRetail.csv")?);
        recipe.clean.returns = Returns::Drop;
        Some(subject(recipe))
    };
    RETAIL.get_or_init(read).as_ref()
}

const SOURCES: [(Source, &str); 3] =
    [(Source::File, "file"), (Source::Transactions, "transactions"), (Source::Customers, "customers")];

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|v| v.as_f64().unwrap_or(f64::NAN)).collect()
}

fn assert_all_near(got: &[f64], expected: &Value, what: &str) {
    let expected = numbers(expected);
    assert_eq!(got.len(), expected.len(), "{what}");
    got.iter().zip(&expected).enumerate().for_each(|(i, (g, e))| assert_near(*g, *e, &format!("{what} {i}")));
}

#[test]
fn summaries_equal_those_of_pandas() {
    let (Some(subject), golden) = (retail(), golden()) else { return };
    for (source, name) in SOURCES {
        let all = summaries(subject, source);
        let find = |column: &str| -> &Summary { all.iter().find(|s| s.name == column).unwrap() };
        for (column, expected) in golden[name]["numbers"].as_object().unwrap() {
            let s = find(column);
            let got = [
                ("count", s.count as f64),
                ("missing", s.missing as f64),
                ("distinct", s.distinct as f64),
                ("mean", s.mean),
                ("sd", s.sd),
                ("min", s.min),
                ("q25", s.q25),
                ("median", s.median),
                ("q75", s.q75),
                ("max", s.max),
                ("skew", s.skew),
            ];
            for (what, got) in got {
                // Products differ in the last digit, which makes distinct amounts of equal ones in either.
                if (column.as_str(), what) != ("row_amount", "distinct") {
                    assert_near(got, expected[what].as_f64().unwrap(), &format!("{name} {column} {what}"));
                }
            }
            if column == "InvoiceDate" {
                assert!(s.sum.is_nan(), "dates have no sum");
            } else {
                assert_near(s.sum, expected["sum"].as_f64().unwrap(), &format!("{name} {column} sum"));
            }
            assert_eq!(s.spark.iter().map(|&n| n as usize).sum::<usize>(), s.count);
        }
        for (column, expected) in golden[name]["words"].as_object().into_iter().flatten() {
            let s = find(column);
            let got = serde_json::json!({
                "count": s.count, "missing": s.missing, "distinct": s.distinct,
                "top": s.top.as_ref().map(|(word, n)| serde_json::json!([word, n])),
            });
            assert_eq!(got, *expected, "{name} {column}");
        }
    }
}

#[test]
fn histograms_equal_those_of_pandas() {
    let (Some(subject), golden) = (retail(), golden()) else { return };
    let check = |source, name: &str, column: &str, expected: &Value, log_x| {
        let bins = expected["bins"].as_u64().unwrap() as u32;
        let question = Question::Histogram { source, column: column.into(), bins, log_x, log_y: false };
        let chart = chart(subject, &question);
        let Marks::Bars(bars) = &chart.marks else { panic!("{:?}", chart.marks) };
        let what = format!("{name} {column} {bins}");
        let edges: Vec<f64> = std::iter::once(bars[0].from).chain(bars.iter().map(|b| b.to)).collect();
        let near = |(got, expected): (&f64, &f64)| (got - expected).abs() <= 1e-9 * expected.abs().max(1e-3);
        assert!(edges.iter().zip(&numbers(&expected["edges"])).all(near), "{what}: {edges:?}");
        assert_eq!(bars.iter().map(|b| b.value).collect::<Vec<_>>(), numbers(&expected["counts"]), "{what}");
        assert_eq!(column_of(&chart, "rows"), numbers(&expected["counts"]));
    };
    for (source, name) in &SOURCES[..2] {
        for column in ["Quantity", "UnitPrice"] {
            for expected in golden[name]["histograms"][column].as_array().unwrap() {
                check(*source, name, column, expected, false);
            }
            check(*source, name, column, &golden[name]["logarithmic"][column], true);
        }
    }
}

fn column_of(chart: &quintile::chart::Chart, name: &str) -> Vec<f64> {
    column(&chart.data, name).to_vec()
}

#[test]
fn correlations_equal_those_of_pandas() {
    let (Some(subject), golden) = (retail(), golden()) else { return };
    for (source, name) in SOURCES {
        for (method, method_name) in [(Correlation::Pearson, "pearson"), (Correlation::Spearman, "spearman")] {
            let chart = chart(subject, &Question::Correlations { source, method });
            let (columns, rows) = (&golden[name]["columns"], texts(&chart.data, "column"));
            for (i, a) in columns.as_array().unwrap().iter().enumerate() {
                for (j, b) in columns.as_array().unwrap().iter().enumerate() {
                    let (a, b) = (a.as_str().unwrap(), b.as_str().unwrap());
                    let row = rows.iter().position(|r| r == a).unwrap();
                    let expected = golden[name]["correlations"][method_name][i][j].as_f64().unwrap();
                    assert_near(column(&chart.data, b)[row], expected, &format!("{name} {method_name} {a} {b}"));
                }
            }
        }
    }
}

const MEASURES: [(Measure, &str); 4] = [
    (Measure::Rows, "rows"),
    (Measure::Customers, "customers"),
    (Measure::Orders, "orders"),
    (Measure::Revenue, "revenue"),
];

#[test]
fn measures_by_country_equal_those_of_pandas() {
    let (Some(subject), golden) = (retail(), golden()) else { return };
    for (measure, name) in MEASURES {
        let question =
            Question::Categories { source: Source::Transactions, column: "Country".into(), measure, most: 100 };
        let chart = chart(subject, &question);
        let expected = golden["countries"][name].as_object().unwrap();
        let (names, values) = (texts(&chart.data, "Country"), column(&chart.data, name));
        assert_eq!(names.len(), expected.len());
        assert!(values.is_sorted_by(|a, b| a >= b));
        for (country, value) in names.iter().zip(values.iter()) {
            assert_near(*value, expected[country].as_f64().unwrap(), &format!("{name} {country}"));
        }
    }
}

#[test]
fn timelines_equal_those_of_pandas() {
    let (Some(subject), golden) = (retail(), golden()) else { return };
    for (period, name) in [(Period::Day, "day"), (Period::Week, "week"), (Period::Month, "month")] {
        for (measure, measure_name) in MEASURES {
            let chart = charts(subject, &Question::Timeline { period, measure }, None)[0].clone();
            let Marks::Lines(lines) = &chart.marks else { panic!("{:?}", chart.marks) };
            assert_all_near(&lines[0].y, &golden[name][measure_name], &format!("{name} {measure_name}"));
        }
    }
    // Revenue comes with orders and active customers, on the same axis of time.
    let all = charts(subject, &Question::Timeline { period: Period::Month, measure: Measure::Revenue }, None);
    let titles: Vec<&str> = all.iter().map(|c| c.title.as_str()).collect();
    assert_eq!(titles, ["Revenue per month", "Orders per month", "Active customers per month"]);
    assert!(all[0].note.contains("Dec 2011 up to 2011-12-09"), "{}", all[0].note);
}

#[test]
fn weekday_and_hour_equal_those_of_pandas() {
    let (Some(subject), golden) = (retail(), golden()) else { return };
    let expected = &golden["week_hours"];
    for (measure, name) in MEASURES {
        let chart = chart(subject, &Question::WeekHours { measure });
        assert_eq!(column(&chart.data, "hour")[0], expected["first_hour"].as_f64().unwrap());
        assert_all_near(&column(&chart.data, name), &expected[name], name);
        let Marks::Cells(cells) = &chart.marks else { panic!("{:?}", chart.marks) };
        assert_eq!(cells.columns as u64, expected["hours"].as_u64().unwrap());
    }
}

#[test]
fn cohorts_equal_those_of_pandas() {
    let (Some(subject), golden) = (retail(), golden()) else { return };
    let expected = &golden["cohorts"];
    for (measure, name) in [(Measure::Customers, "customers"), (Measure::Revenue, "revenue")] {
        let chart = chart(subject, &Question::Cohorts { measure, share: false });
        assert_all_near(&column(&chart.data, name), &expected[name], name);
        let Marks::Cells(cells) = &chart.marks else { panic!("{:?}", chart.marks) };
        assert_eq!((cells.columns, cells.cells.len()), (13, 13 * 13));
        // Beyond the last month there is nothing, not zero.
        assert!((0..13).all(|row| (0..13).all(|c| cells.cells[row * 13 + c].text.is_empty() == (row + c > 12))));
    }
    let shares = column(
        &chart(subject, &Question::Cohorts { measure: Measure::Customers, share: true }).data,
        "share_of_first_month",
    );
    // 324 of the 885 customers of December 2010 came back in January.
    assert_near(shares[1], numbers(&expected["customers"])[1] / numbers(&expected["customers"])[0], "share");
}

#[test]
fn pareto_outliers_missing_and_boxes_equal_those_of_pandas() {
    let (Some(subject), golden) = (retail(), golden()) else { return };
    let pareto = chart(subject, &Question::Pareto);
    let (best, gini) =
        (golden["pareto"]["best_20_percent"].as_f64().unwrap(), golden["pareto"]["gini"].as_f64().unwrap());
    assert!(pareto.note.contains(&format!("the best 20 % bring {:.1} % of revenue", best * 100.0)), "{}", pareto.note);
    assert!(pareto.note.contains(&format!("Gini coefficient {gini:.3}")), "{}", pareto.note);

    let outliers = |column: &str, rule, by: Option<&str>| {
        let by = by.map(String::from);
        let chart =
            chart(subject, &Question::Outliers { source: Source::Transactions, column: column.into(), rule, by });
        (super::column(&chart.data, "outliers").iter().sum::<f64>(), chart.note.clone())
    };
    let expected = |name: &str| golden["outliers"][name].as_f64().unwrap();
    assert_eq!(outliers("UnitPrice", FarRule::Iqr, None).0, expected("iqr"));
    assert_eq!(outliers("UnitPrice", FarRule::RobustZ, None).0, expected("robust_z"));
    let (far, note) = outliers("row_amount", FarRule::ByGroup, Some("Country"));
    assert_eq!(far, expected("by_country"), "{note}");
    assert_eq!(note.contains("too small to say"), expected("small_countries") > 0.0, "{note}");

    let missing = charts(subject, &Question::Missing { source: Source::File }, None);
    let patterns = golden["missing"]["patterns"].as_object().unwrap();
    let (names, rows) = (texts(&missing[1].data, "missing"), column(&missing[1].data, "rows"));
    assert_eq!(names.len(), patterns.len());
    for (name, rows) in names.iter().zip(rows.iter()) {
        assert_eq!(*rows, patterns[name].as_f64().unwrap(), "{name}");
    }

    let question = Question::Boxes {
        source: Source::Transactions,
        column: "row_amount".into(),
        by: Some("Country".into()),
        log: false,
    };
    let boxes = chart(subject, &question);
    let Marks::Boxes(plots) = &boxes.marks else { panic!("{:?}", boxes.marks) };
    let names = texts(&boxes.data, "group");
    for (country, expected) in golden["boxes"].as_object().unwrap() {
        let plot = &plots[names.iter().position(|n| n == country).unwrap()];
        assert_all_near(&plot.quartiles, &expected["quartiles"], country);
        assert_all_near(&[plot.whiskers.0, plot.whiskers.1], &expected["whiskers"], country);
        assert_near(plot.mean, expected["mean"].as_f64().unwrap(), country);
        assert_eq!(plot.beyond as u64, expected["beyond"].as_u64().unwrap(), "{country}");
        assert!(
            plot.outliers.len() <= 301
                && plot.outliers.last().copied() == Some(column(&boxes.data, "max")[plot.at as usize])
        );
    }
}
