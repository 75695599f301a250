//! Explore in the window: charts added and set, bars clicked, the selection named, left out and taken back. Widgets are
//! found by what a person or a screen reader finds.

#[path = "common/tables.rs"]
mod tables;
#[path = "common/window.rs"]
mod window;

use egui::accesskit::Role;
use egui::{Key, Rect};
use egui_kittest::kittest::Queryable;
use quintile::app::{Action, Command, ExploreTab, Panel, Selection};
use quintile::explore::{Question, Source};
use quintile::export;
use quintile::recipe::CsvFor;
use window::*;

const SIZE: [f32; 2] = [1600.0, 1400.0];

/// Clicks here and there in a picture until customers are selected.
fn click_a_mark(test: &mut Test, picture: Rect) {
    for down in [0.85, 0.7, 0.5, 0.3] {
        for across in [0.2, 0.35, 0.5, 0.65, 0.8] {
            click_at(test, within(picture, across, down));
            wait(test, "the customers of a mark", |t| !window(t).app.explorer.picking());
            if !window(test).app.selection.is_empty() {
                return;
            }
        }
    }
    panic!("no place in {picture:?} selects anybody");
}

/// Where the picture of this name is drawn in the end.
fn drawn(test: &mut Test, name: &str) -> Rect {
    wait(test, name, |t| has_picture(t, name));
    // Answers that are on their way may still change the picture.
    test.run_steps(10);
    picture(test, name)
}

/// Explore's charts of a table.
fn explore(test: &mut Test, source: &str) {
    press(test, Command::Go(Panel::Explore));
    if shows(test, "Table: File") {
        click(test, &format!("Table: {source}"));
    }
    wait(test, "the columns", |t| shows(t, "Add chart…"));
}

fn cards(test: &Test) -> Vec<Question> {
    window(test).app.view.explore.cards().iter().map(|c| c.question.clone()).collect()
}

fn customers(test: &Test) -> usize {
    window(test).app.session.rfm.get().expect("the analysis is done").customers.len()
}

#[test]
fn a_bar_is_clicked_its_customers_named_left_out_and_taken_back() {
    let mut test = open_sample(SIZE);
    explore(&mut test, "Customers");
    wait(&mut test, "the usual charts", |t| !cards(t).is_empty());
    test.run_steps(20);
    test.get_by_label("Search columns");

    // A click on a column draws it in a card of its own at the top; the next click in the same card.
    let before = cards(&test).len();
    click(&mut test, "Column Frequency");
    click(&mut test, "Column Recency");
    assert_eq!(cards(&test).len(), before + 1);
    assert!(matches!(&cards(&test)[0], Question::Histogram { column, .. } if column == "recency_days"));
    test.get_by_label("Close the statistics");
    assert!(says(&test, "Lower quartile"));

    // One more chart, with other bins.
    click(&mut test, "Add chart…");
    test.get_by_role_and_label(Role::Button, "Histogram").click();
    test.run_steps(4);
    assert_eq!(cards(&test).len(), before + 2);
    let at = before + 1;
    let bins = |t: &Test| match &cards(t)[at] {
        Question::Histogram { bins, .. } => *bins,
        other => panic!("{other:?}"),
    };
    let from = bins(&test);
    // The new card is brought into view; the first ones are out of it now.
    let slider = format!("Bins, chart {}", at + 1);
    wait(&mut test, &slider, |t| t.query_by_role_and_label(Role::Slider, &slider).is_some());
    test.get_by_role_and_label(Role::Slider, &slider).focus();
    test.run_steps(2);
    key(&mut test, Key::ArrowRight);
    assert!(bins(&test) > from);

    // A bar selects its customers; the rail says how many, and everything else follows.
    let place = drawn(&mut test, "Distribution of Recency");
    click_a_mark(&mut test, place);
    let selection = window(&test).app.selection.clone();
    let total = customers(&test);
    assert!(!selection.is_empty() && selection.len() < total);
    assert!(selection.from.starts_with("Recency"), "{}", selection.from);
    let count = |n: usize| quintile::format::count(n);
    test.get_by_label(&format!("{} of {}", count(selection.len()), count(total)));

    // It is kept under a name.
    act(&mut test, Action::Command(Command::NameSelection));
    test.get_by_role_and_label(Role::TextInput, "Name of the group").type_text("By bar");
    test.run_steps(2);
    test.key_press(egui::Key::Enter);
    wait(&mut test, "the group", |t| !recipe(t).customers.groups.is_empty());
    let group = recipe(&test).customers.groups[0].clone();
    assert_eq!((group.name.as_str(), group.ids.len()), ("By bar", selection.len()));

    // Left out, they are in no count any more; taken back, they are.
    click(&mut test, "Leave out the selected customers");
    wait(&mut test, "them to be left out", |t| recipe(t).customers.limits());
    done(&mut test);
    assert_eq!(customers(&test), total - selection.len());
    assert!(window(&test).app.selection.is_empty(), "who is not there cannot be selected");
    assert!(says(&test, "left out"));
    undo(&mut test);
    assert_eq!(customers(&test), total);

    // The group selects them again, and can be the whole analysis.
    click(&mut test, "By bar");
    wait(&mut test, "the group's customers", |t| !window(t).app.selection.is_empty());
    assert_eq!(window(&test).app.selection.customers, selection.customers);
    click(&mut test, "Keep only the selected customers");
    wait(&mut test, "the limit", |t| recipe(t).customers.only.is_some());
    done(&mut test);
    assert_eq!(customers(&test), selection.len());
    assert!(says(&test, "Limited to"));
    act(&mut test, Action::Command(Command::AllCustomers));
    done(&mut test);
    assert_eq!(customers(&test), total);
}

#[test]
fn an_inverted_selection_is_everybody_else_and_is_written_with_all_columns() {
    let mut test = open_sample(SIZE);
    press(&mut test, Command::Go(Panel::Explore));
    let rfm = window(&test).app.session.rfm.get().unwrap().clone();
    let some: Vec<u32> = (0..rfm.customers.len() as u32).filter(|c| c % 3 == 0).collect();
    let from = "Every third".to_string();
    let selection = Selection { customers: std::sync::Arc::new(some.clone()), from };
    act(&mut test, Action::Select(selection));
    act(&mut test, Action::Command(Command::InvertSelection));
    let inverted = window(&test).app.selection.clone();
    assert_eq!(inverted.from, "Not Every third");
    assert_eq!(inverted.len(), rfm.customers.len() - some.len());
    assert!(inverted.customers.iter().all(|c| c % 3 != 0));
    act(&mut test, Action::Command(Command::InvertSelection));
    assert_eq!(*window(&test).app.selection.customers, some);
    assert_eq!(window(&test).app.selection.from, "Every third");

    let found = findings(&test);
    let mut written = Vec::new();
    let clusters = Some((&*found.chosen, found.profiles.as_slice()));
    export::write_customers(&rfm, clusters, &some, CsvFor::Programs, &mut written).unwrap();
    let text = String::from_utf8(written).unwrap();
    let mut lines = text.lines();
    let head = lines.next().unwrap();
    assert!(head.starts_with("customer_id,recency_days,frequency,monetary,r_score"), "{head}");
    let first = lines.next().unwrap();
    assert!(first.starts_with(&format!("{},", rfm.customers.ids[0])), "{first}");
    assert_eq!(lines.count() + 1, some.len());
}

#[test]
fn customers_without_purchases_are_offered_what_fits() {
    let (mut test, _folder) = open_text(SIZE, &tables::visitors());
    press(&mut test, Command::Go(Panel::Explore));
    wait(&mut test, "the usual charts", |t| !cards(t).is_empty());
    assert_eq!(window(&test).app.view.explore.source, Source::Customers);
    assert!(test.query_by_label("Table: Transactions").is_none());
    let of_time = |q: &Question| {
        matches!(
            q,
            Question::Timeline { .. } | Question::WeekHours { .. } | Question::Cohorts { .. } | Question::Pareto
        )
    };
    assert!(!cards(&test).iter().any(of_time));
    click(&mut test, "Add chart…");
    assert!(test.query_by_label("Cohort retention").is_none());
    assert!(says(&test, "need a file of purchases"), "it says why");
    test.check_accessibility();
    key(&mut test, Key::Escape);

    // Every table, as charts and as statistics, in both themes.
    for dark in [true, false] {
        app(&mut test).view.dark = dark;
        for source in ["File", "Customers"] {
            if shows(&test, &format!("Table: {source}")) {
                click(&mut test, &format!("Table: {source}"));
            }
            for view in ["Statistics", "Charts"] {
                click(&mut test, &format!("View: {view}"));
                test.run_steps(10);
                test.check_accessibility();
            }
        }
    }
    // The panel's other side stands as well.
    app(&mut test).view.explore.tab = ExploreTab::Customers;
    test.run_steps(5);
    test.check_accessibility();
}

#[test]
fn charts_stay_when_panels_and_files_change() {
    let mut test = open_sample(SIZE);
    explore(&mut test, "Transactions");
    wait(&mut test, "the usual charts", |t| !cards(t).is_empty());
    click(&mut test, "Column Quantity");
    click(&mut test, "Column Country");
    let mine = cards(&test);
    assert!(matches!(&mine[0], Question::Categories { column, .. } if column == "Country"));
    press(&mut test, Command::Go(Panel::Data));
    press(&mut test, Command::Go(Panel::Explore));
    assert_eq!(cards(&test), mine);
    // A file without that column: the chart goes, those that fit stay.
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("orders.csv");
    let mut text = String::from("InvoiceNo,CustomerID,InvoiceDate,Amount\n");
    for i in 0..300u32 {
        text.push_str(&format!("{},{},2024-{:02}-{:02},{}\n", i, 500 + i % 60, 1 + i % 12, 1 + i % 28, 5 + i % 90));
    }
    std::fs::write(&path, text).unwrap();
    act(&mut test, Action::Open(path));
    done(&mut test);
    press(&mut test, Command::Go(Panel::Explore));
    wait(&mut test, "the new columns", |t| t.query_by_label("Column Amount").is_some());
    test.run_steps(5);
    assert!(cards(&test).iter().any(|q| matches!(q, Question::Timeline { .. })));
    assert!(!cards(&test).iter().any(|q| matches!(q, Question::Categories { column, .. } if column == "Country")));
    // Taken away by hand, none is left, and the way back is offered.
    while !cards(&test).is_empty() {
        let id = window(&test).app.view.explore.cards()[0].id;
        app(&mut test).view.explore.remove(id);
        test.run_steps(2);
    }
    click(&mut test, "Show the usual charts");
    assert!(!cards(&test).is_empty());
}
