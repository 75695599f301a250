//! Explore in the window: charts added and set, bars clicked, the selection named, left out and taken back. Widgets are
//! found by what a person or a screen reader finds.

use std::time::{Duration, Instant};

use egui::accesskit::Role;
use egui::{Event, Modifiers, PointerButton, Pos2, Rect};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;
use quintile::app::{Action, Command, ExploreTab, Panel};
use quintile::explore::{Question, Source};
use quintile::export;
use quintile::recipe::CsvFor;
use quintile::ui::Window;

type Test = Harness<'static, Option<Window>>;

fn open_window() -> Test {
    let draw = |ui: &mut egui::Ui, window: &mut Option<Window>| {
        let ctx = ui.ctx().clone();
        window.get_or_insert_with(|| Window::new(&ctx)).ui(ui);
    };
    let mut test =
        Harness::builder().with_size(egui::vec2(1600.0, 1400.0)).with_max_steps(64).build_ui_state(draw, None);
    test.run_steps(3);
    test
}

fn window(test: &Test) -> &Window {
    test.state().as_ref().expect("made in the first frame")
}

fn apply(test: &mut Test, action: Action) {
    test.state_mut().as_mut().expect("made in the first frame").app.apply(action);
    test.run_steps(3);
}

/// Draws frames until `ready`, or fails after a minute.
fn wait(test: &mut Test, what: &str, ready: impl Fn(&Test) -> bool) {
    let start = Instant::now();
    while !ready(test) {
        assert!(start.elapsed() < Duration::from_secs(60), "waiting for {what}");
        test.step();
        std::thread::sleep(Duration::from_millis(2));
    }
    test.run_steps(3);
}

fn done(test: &mut Test) {
    wait(test, "the analysis", |t| window(t).app.session.findings().is_some());
}

fn click(test: &mut Test, label: &str) {
    wait(test, label, |t| t.query_by_label(label).is_some());
    test.get_by_label(label).click();
    test.run_steps(4);
}

/// Presses and lets go at a place of the window.
fn click_at(test: &mut Test, at: Pos2) {
    test.input_mut().events.push(Event::PointerMoved(at));
    test.run_steps(2);
    for pressed in [true, false] {
        let (button, modifiers) = (PointerButton::Primary, Modifiers::NONE);
        test.input_mut().events.push(Event::PointerButton { pos: at, button, pressed, modifiers });
        test.step();
    }
    test.run_steps(2);
}

/// Clicks here and there in a picture until customers are selected.
fn click_a_mark(test: &mut Test, picture: Rect) {
    for down in [0.85, 0.7, 0.5, 0.3] {
        for across in [0.2, 0.35, 0.5, 0.65, 0.8] {
            click_at(test, picture.lerp_inside(egui::vec2(across, down)));
            wait(test, "the customers of a mark", |t| !window(t).app.explorer.picking());
            if !window(test).app.selection.is_empty() {
                return;
            }
        }
    }
    panic!("no place in {picture:?} selects anybody");
}

/// Where the picture of this name is drawn.
fn picture(test: &mut Test, name: &str) -> Rect {
    wait(test, name, |t| t.query_all_by_role_and_label(Role::Image, name).next().is_some());
    // Answers that are on their way may still change the picture.
    test.run_steps(10);
    test.query_all_by_role_and_label(Role::Image, name).next().expect("waited for").rect()
}

fn explore(test: &mut Test, source: &str) {
    apply(test, Action::Command(Command::Go(Panel::Explore)));
    if test.query_by_label("Table: File").is_some() {
        click(test, &format!("Table: {source}"));
    }
    wait(test, "the columns", |t| t.query_by_label("Add chart…").is_some());
}

fn cards(test: &Test) -> Vec<Question> {
    window(test).app.view.explore.cards().iter().map(|c| c.question.clone()).collect()
}

fn customers(test: &Test) -> usize {
    window(test).app.session.rfm.get().expect("the analysis is done").customers.len()
}

#[test]
fn a_bar_is_clicked_its_customers_named_left_out_and_taken_back() {
    let mut test = open_window();
    click(&mut test, "Try the sample data");
    done(&mut test);
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
    assert!(test.query_all_by_label_contains("Lower quartile").next().is_some());

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
    test.key_press(egui::Key::ArrowRight);
    test.run_steps(4);
    assert!(bins(&test) > from);

    // A bar selects its customers; the rail says how many, and everything else follows.
    let place = picture(&mut test, "Distribution of Recency");
    click_a_mark(&mut test, place);
    let selection = window(&test).app.selection.clone();
    let total = customers(&test);
    assert!(!selection.is_empty() && selection.len() < total);
    assert!(selection.from.starts_with("Recency"), "{}", selection.from);
    let count = |n: usize| quintile::format::count(n);
    test.get_by_label(&format!("{} of {}", count(selection.len()), count(total)));

    // It is kept under a name.
    apply(&mut test, Action::Command(Command::NameSelection));
    test.get_by_role_and_label(Role::TextInput, "Name of the group").type_text("By bar");
    test.run_steps(2);
    test.key_press(egui::Key::Enter);
    wait(&mut test, "the group", |t| !window(t).app.session.recipe().unwrap().customers.groups.is_empty());
    let group = window(&test).app.session.recipe().unwrap().customers.groups[0].clone();
    assert_eq!((group.name.as_str(), group.ids.len()), ("By bar", selection.len()));

    // Left out, they are in no count any more; taken back, they are.
    click(&mut test, "Leave out the selected customers");
    wait(&mut test, "them to be left out", |t| window(t).app.session.recipe().unwrap().customers.limits());
    done(&mut test);
    assert_eq!(customers(&test), total - selection.len());
    assert!(window(&test).app.selection.is_empty(), "who is not there cannot be selected");
    assert!(test.query_all_by_label_contains("left out").next().is_some());
    let undo = Command::Undo.shortcut().unwrap();
    test.key_press_modifiers(undo.modifiers, undo.logical_key);
    test.run_steps(3);
    done(&mut test);
    assert_eq!(customers(&test), total);

    // The group selects them again, and can be the whole analysis.
    click(&mut test, "By bar");
    wait(&mut test, "the group's customers", |t| !window(t).app.selection.is_empty());
    assert_eq!(window(&test).app.selection.customers, selection.customers);
    click(&mut test, "Keep only the selected customers");
    wait(&mut test, "the limit", |t| window(t).app.session.recipe().unwrap().customers.only.is_some());
    done(&mut test);
    assert_eq!(customers(&test), selection.len());
    assert!(test.query_all_by_label_contains("Limited to").next().is_some());
    apply(&mut test, Action::Command(Command::AllCustomers));
    done(&mut test);
    assert_eq!(customers(&test), total);
}

#[test]
fn an_inverted_selection_is_everybody_else_and_is_written_with_all_columns() {
    let mut test = open_window();
    click(&mut test, "Try the sample data");
    done(&mut test);
    apply(&mut test, Action::Command(Command::Go(Panel::Explore)));
    let rfm = window(&test).app.session.rfm.get().unwrap().clone();
    let some: Vec<u32> = (0..rfm.customers.len() as u32).filter(|c| c % 3 == 0).collect();
    let from = "Every third".to_string();
    let selection = quintile::app::Selection { customers: std::sync::Arc::new(some.clone()), from };
    apply(&mut test, Action::Select(selection));
    apply(&mut test, Action::Command(Command::InvertSelection));
    let inverted = window(&test).app.selection.clone();
    assert_eq!(inverted.from, "Not Every third");
    assert_eq!(inverted.len(), rfm.customers.len() - some.len());
    assert!(inverted.customers.iter().all(|c| c % 3 != 0));
    apply(&mut test, Action::Command(Command::InvertSelection));
    assert_eq!(*window(&test).app.selection.customers, some);
    assert_eq!(window(&test).app.selection.from, "Every third");

    let found = window(&test).app.session.findings().unwrap().clone();
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
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("visitors.csv");
    let mut text = String::from("CustomerID,Genre,Age,Annual Income (k$),Spending Score (1-100)\n");
    for i in 0..150u32 {
        let (income, score) = [(20, 80), (25, 20), (55, 50), (90, 85), (95, 15)][i as usize % 5];
        let (age, genre) = (20 + i * 7 % 45, if i % 2 == 0 { "Male" } else { "Female" });
        text.push_str(&format!("{:04},{genre},{age},{},{}\n", i + 1, income + i * 3 % 9, score + i * 5 % 11));
    }
    std::fs::write(&path, text).unwrap();
    let mut test = open_window();
    apply(&mut test, Action::Open(path));
    done(&mut test);
    apply(&mut test, Action::Command(Command::Go(Panel::Explore)));
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
    assert!(test.query_all_by_label_contains("need a file of purchases").next().is_some(), "it says why");
    test.check_accessibility();
    test.key_press(egui::Key::Escape);
    test.run_steps(3);

    // Every table, as charts and as statistics, in both themes.
    for dark in [true, false] {
        test.state_mut().as_mut().unwrap().app.view.dark = dark;
        for source in ["File", "Customers"] {
            if test.query_by_label(&format!("Table: {source}")).is_some() {
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
    test.state_mut().as_mut().unwrap().app.view.explore.tab = ExploreTab::Customers;
    test.run_steps(5);
    test.check_accessibility();
}

#[test]
fn charts_stay_when_panels_and_files_change() {
    let mut test = open_window();
    click(&mut test, "Try the sample data");
    done(&mut test);
    explore(&mut test, "Transactions");
    wait(&mut test, "the usual charts", |t| !cards(t).is_empty());
    click(&mut test, "Column Quantity");
    click(&mut test, "Column Country");
    let mine = cards(&test);
    assert!(matches!(&mine[0], Question::Categories { column, .. } if column == "Country"));
    apply(&mut test, Action::Command(Command::Go(Panel::Data)));
    apply(&mut test, Action::Command(Command::Go(Panel::Explore)));
    assert_eq!(cards(&test), mine);
    // A file without that column: the chart goes, those that fit stay.
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("orders.csv");
    let mut text = String::from("InvoiceNo,CustomerID,InvoiceDate,Amount\n");
    for i in 0..300u32 {
        text.push_str(&format!("{},{},2024-{:02}-{:02},{}\n", i, 500 + i % 60, 1 + i % 12, 1 + i % 28, 5 + i % 90));
    }
    std::fs::write(&path, text).unwrap();
    apply(&mut test, Action::Open(path));
    done(&mut test);
    apply(&mut test, Action::Command(Command::Go(Panel::Explore)));
    wait(&mut test, "the new columns", |t| t.query_by_label("Column Amount").is_some());
    test.run_steps(5);
    assert!(cards(&test).iter().any(|q| matches!(q, Question::Timeline { .. })));
    assert!(!cards(&test).iter().any(|q| matches!(q, Question::Categories { column, .. } if column == "Country")));
    // Taken away by hand, none is left, and the way back is offered.
    while !cards(&test).is_empty() {
        let id = window(&test).app.view.explore.cards()[0].id;
        test.state_mut().as_mut().unwrap().app.view.explore.remove(id);
        test.run_steps(2);
    }
    click(&mut test, "Show the usual charts");
    assert!(!cards(&test).is_empty());
}
