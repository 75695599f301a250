//! What marks stand for, against looking at each row.

use std::collections::BTreeSet;

use quintile::chart::{Marks, Pointed};
use quintile::ctx::Ctx;
use quintile::explore::{FarRule, Measure, Period, Question, Source, Subject, pick};

use super::{chart, charts, of_text};

const TEXT: &str = "invoice,customer,when,product,quantity,price,city\n\
    A1,x,2024-01-05 08:30,p,2,3.5,Rome\nA1,x,2024-01-05 08:30,q,1,1,Rome\nA2,y,2024-03-09 23:59,p,5,3.5,Oslo\n\
    A3,y,2024-03-10 09:00,p,5,3.5,Oslo\nA4,z,2024-03-10 00:00,r,1,9,\nA5,w,2024-03-30 09:10,r,30,9,Kiel\n\
    A6,x,2024-02-20 09:10,r,1,9,Bern\nC7,v,2024-02-21 09:10,r,-1,9,Bern\n,w,2024-02-21 09:10,p,1,2,Rome\n";

fn shop() -> Subject {
    of_text(TEXT)
}

/// Names of the customers at places.
fn names(subject: &Subject, places: &[u32]) -> BTreeSet<String> {
    places.iter().map(|&place| subject.rfm.customers.ids[place as usize].clone()).collect()
}

fn set(names: &[&str]) -> BTreeSet<String> {
    names.iter().map(|n| n.to_string()).collect()
}

fn picked(subject: &Subject, question: &Question, number: usize, pointed: Pointed) -> BTreeSet<String> {
    let chart = &charts(subject, question, None)[number];
    names(subject, &pick(subject, question, chart, pointed, &Ctx::silent()).unwrap())
}

#[test]
fn marks_stand_for_the_customers_of_their_rows() {
    let shop = shop();
    assert_eq!(*shop.rfm.customers.ids, ["w", "x", "y", "z"], "v only returned");
    let source = Source::File;
    let cities = Question::Categories { source, column: "city".into(), measure: Measure::Rows, most: 1 };
    assert_eq!(picked(&shop, &cities, 0, Pointed::Mark(0)), set(&["w", "x"]), "Rome");
    assert_eq!(picked(&shop, &cities, 0, Pointed::Mark(1)), set(&["w", "x", "y"]), "the others");
    let months = Question::Timeline { period: Period::Month, measure: Measure::Revenue };
    assert_eq!(picked(&shop, &months, 0, Pointed::Mark(1)), set(&["w", "x"]), "February");
    let day = |month: u32, day: u32| {
        let date = chrono::NaiveDate::from_ymd_opt(2024, month, day).unwrap();
        (date - chrono::NaiveDate::default()).num_days() as f64
    };
    let march = Pointed::Range { from: day(2, 15), to: day(4, 1) };
    assert_eq!(picked(&shop, &months, 1, march), set(&["w", "y", "z"]), "the point of March");
    let missing = Question::Missing { source };
    let chart = &charts(&shop, &missing, None)[1];
    let Marks::Rows(bars) = &chart.marks else { panic!("{:?}", chart.marks) };
    let bar = |name: &str| bars.iter().position(|b| b.tip.starts_with(name)).unwrap();
    assert_eq!(picked(&shop, &missing, 1, Pointed::Mark(bar("city"))), set(&["z"]));
    assert_eq!(picked(&shop, &missing, 1, Pointed::Mark(bar("invoice"))), set(&["w"]));
    // Row 9 of 9 rows, first of 7 columns.
    assert_eq!(picked(&shop, &missing, 0, Pointed::Mark(8 * 7)), set(&["w"]));
    assert_eq!(picked(&shop, &missing, 0, Pointed::Mark(4 * 7 + 6)), set(&["z"]));
    let hours = Question::WeekHours { measure: Measure::Rows };
    let cells = chart_cells(&shop, &hours);
    let cell = cells.iter().position(|tip| tip.starts_with("Sunday, 09:00")).unwrap();
    assert_eq!(picked(&shop, &hours, 0, Pointed::Mark(cell)), set(&["y"]));
    let cohorts = Question::Cohorts { measure: Measure::Customers, share: true };
    let cells = chart_cells(&shop, &cohorts);
    let cell = cells.iter().position(|tip| tip.starts_with("First purchase in Jan 2024, 1 month later")).unwrap();
    assert_eq!(picked(&shop, &cohorts, 0, Pointed::Mark(cell)), set(&["x"]));
    let best = picked(&shop, &Question::Pareto, 0, Pointed::Range { from: 0.0, to: 0.5 });
    assert_eq!(best, set(&["w", "y"]), "272 and 35");
}

fn chart_cells(subject: &Subject, question: &Question) -> Vec<String> {
    match &chart(subject, question).marks {
        Marks::Cells(cells) => cells.cells.iter().map(|c| c.tip.clone()).collect(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn ranges_and_areas_stand_for_the_values_in_them() {
    let shop = shop();
    let source = Source::Transactions;
    let prices = Question::Histogram { source, column: "price".into(), bins: 4, log_x: false, log_y: false };
    let chart = chart(&shop, &prices);
    let Marks::Bars(bars) = &chart.marks else { panic!("{:?}", chart.marks) };
    assert_eq!(bars.iter().map(|b| b.value).collect::<Vec<_>>(), [2.0, 3.0, 0.0, 4.0]);
    assert_eq!(picked(&shop, &prices, 0, Pointed::Mark(1)), set(&["x", "y"]));
    assert_eq!(picked(&shop, &prices, 0, Pointed::Mark(3)), set(&["w", "x", "z"]));
    assert_eq!(picked(&shop, &prices, 0, Pointed::Range { from: 1.5, to: 2.0 }), set(&["w"]));
    let cloud = Question::Scatter {
        source: Source::Customers,
        x: "frequency".into(),
        y: "monetary".into(),
        color: None,
        log_x: false,
        log_y: true,
    };
    let area = Pointed::Area { x: (1.5, 2.5), y: (10.0, 40.0) };
    assert_eq!(picked(&shop, &cloud, 0, area), set(&["x", "y"]));
    assert_eq!(picked(&shop, &cloud, 0, Pointed::Mark(3)), set(&["z"]));
    let boxes = Question::Boxes { source, column: "price".into(), by: Some("product".into()), log: false };
    assert_eq!(picked(&shop, &boxes, 0, Pointed::Mark(0)), set(&["w", "x", "y"]), "p");
    assert_eq!(picked(&shop, &boxes, 0, Pointed::Mark(2)), set(&["x"]), "q");
}

#[test]
fn outliers_are_picked_and_usual_values_are_not() {
    let mut text = String::from("customer,date,amount,city\n");
    for i in 0..40 {
        text.push_str(&format!(
            "c{i:02},2024-01-{:02},{},{}\n",
            i % 28 + 1,
            100 + i % 7,
            if i % 2 == 0 { "A" } else { "B" }
        ));
    }
    text.push_str("far,2024-02-01,900,A\n");
    let subject = of_text(&text);
    let everything = Pointed::Range { from: f64::NEG_INFINITY, to: f64::INFINITY };
    for (rule, by) in [(FarRule::Iqr, None), (FarRule::RobustZ, None), (FarRule::ByGroup, Some("city".to_string()))] {
        let question = Question::Outliers { source: Source::Transactions, column: "amount".into(), rule, by };
        assert_eq!(picked(&subject, &question, 0, everything), set(&["far"]), "{rule:?}");
        assert_eq!(picked(&subject, &question, 0, Pointed::Mark(0)).len(), 40, "the bar of usual values");
        assert_eq!(picked(&subject, &question, 0, Pointed::Mark(1)), set(&["far"]));
    }
}

#[test]
fn selections_are_marked() {
    let shop = shop();
    let source = Source::Transactions;
    let y = shop.rfm.customers.ids.iter().position(|id| id == "y").unwrap() as u32;
    let prices = Question::Histogram { source, column: "price".into(), bins: 4, log_x: false, log_y: false };
    let chart = &charts(&shop, &prices, Some(&[y]))[0];
    let Marks::Bars(bars) = &chart.marks else { panic!("{:?}", chart.marks) };
    assert_eq!(bars.iter().map(|b| b.selected.unwrap()).collect::<Vec<_>>(), [0.0, 2.0, 0.0, 0.0]);
    let cities = Question::Categories { source, column: "city".into(), measure: Measure::Revenue, most: 9 };
    let chart = &charts(&shop, &cities, Some(&[y]))[0];
    let Marks::Rows(bars) = &chart.marks else { panic!("{:?}", chart.marks) };
    let oslo = bars.iter().find(|b| b.tip.starts_with("Oslo")).unwrap();
    assert_eq!((oslo.value, oslo.selected), (35.0, Some(35.0)));
    assert!(bars.iter().filter(|b| !b.tip.starts_with("Oslo")).all(|b| b.selected == Some(0.0)));
    let hours = &charts(&shop, &Question::WeekHours { measure: Measure::Rows }, Some(&[y]))[0];
    let Marks::Cells(cells) = &hours.marks else { panic!("{:?}", hours.marks) };
    assert_eq!(cells.cells.iter().filter(|c| c.ring).count(), 2);
}
