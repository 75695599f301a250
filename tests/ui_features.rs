//! Features in the window: chosen from the catalogue, weighed and transformed; calculated ones written with a mistake
//! that is shown at its place, put right, added, clustered by and taken back. Widgets are found by what a person or a
//! screen reader finds.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use egui::accesskit::Role;
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT, Queryable};
use quintile::app::{Command, Panel};
use quintile::pipeline::Findings;
use quintile::recipe::{Aggregation, Features, Formula, StepKind, Transform};
use quintile::ui::Window;

type Test = Harness<'static, Option<Window>>;

const CUSTOMERS: usize = 60;

/// Orders of 60 customers: the quantity and the price of each row, and a channel.
fn shop() -> String {
    let mut text = String::from("order,date,customer,Quantity,UnitPrice,channel\n");
    let mut order = 9000;
    for c in 0..CUSTOMERS {
        for o in 0..1 + c % 7 {
            order += 1;
            let day = format!("2024-{:02}-{:02}", 1 + (c * 3 + o * 5) % 12, 1 + (c * 11 + o) % 28);
            let channel = ["web", "store", "phone"][(c + o / 2) % 3];
            for line in 0..1 + (c + o) % 3 {
                let (quantity, price) = (1 + (c + line) % 5, 2.5 + ((c * 7 + o + line) % 40) as f64);
                text += &format!("{order},{day},{},{quantity},{price:.2},{channel}\n", 100 + c);
            }
        }
    }
    text
}

struct Dropped(PathBuf);

impl std::fmt::Debug for Dropped {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl egui::DroppedFile for Dropped {
    fn path(&self) -> &Path {
        &self.0
    }

    fn bytes(&self) -> Result<Vec<u8>, String> {
        std::fs::read(&self.0).map_err(|e| e.to_string())
    }
}

/// The Features panel with a file open; the folder lives as long as the test.
fn open(text: &str) -> (Test, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("orders.csv");
    std::fs::write(&path, text).unwrap();
    let draw = |ui: &mut egui::Ui, window: &mut Option<Window>| {
        let ctx = ui.ctx().clone();
        window.get_or_insert_with(|| Window::new(&ctx)).ui(ui);
    };
    let mut test =
        Harness::builder().with_size(egui::vec2(1280.0, 2400.0)).with_max_steps(64).build_ui_state(draw, None);
    test.run_steps(3);
    test.input_mut().dropped_files.push(Arc::new(Dropped(path)));
    test.run_steps(2);
    done(&mut test);
    go(&mut test, Panel::Features);
    (test, folder)
}

fn window(test: &Test) -> &Window {
    test.state().as_ref().expect("made in the first frame")
}

fn findings(test: &Test) -> &Findings {
    window(test).app.session.findings().expect("waited for")
}

fn features(test: &Test) -> Features {
    window(test).app.session.recipe().unwrap().features.clone()
}

fn clustered(test: &Test) -> Vec<String> {
    findings(test).matrix.columns.iter().map(|c| c.name.clone()).collect()
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

/// Waits until the analysis is done and current.
fn done(test: &mut Test) {
    wait(test, "the analysis", |t| {
        let failure = window(t).app.session.failure().map(|(stage, e)| format!("{stage:?}: {e}"));
        assert_eq!(failure, None);
        window(t).app.session.findings().is_some()
    });
}

fn go(test: &mut Test, panel: Panel) {
    let shortcut = Command::Go(panel).shortcut().unwrap();
    test.key_press_modifiers(shortcut.modifiers, shortcut.logical_key);
    test.run_steps(3);
}

/// The button or switch of this name, which can be used.
fn control<'t>(test: &'t Test, label: &'t str) -> Option<egui_kittest::Node<'t>> {
    let can_be_used = |n: &egui_kittest::Node| {
        let node = n.accesskit_node();
        matches!(node.role(), Role::Button | Role::CheckBox) && !node.is_disabled()
    };
    test.query_all_by_label(label).find(can_be_used)
}

/// Clicks a button or a switch as soon as it can be used.
fn click(test: &mut Test, label: &str) {
    wait(test, label, |t| control(t, label).is_some());
    control(test, label).expect("waited for").click();
    test.run_steps(4);
}

/// Opens a drop-down and picks an option.
fn pick(test: &mut Test, combo: &str, option: &str) {
    test.get_by_role_and_label(Role::ComboBox, combo).click();
    test.run_steps(4);
    let found: Vec<_> = test.query_all_by_role_and_label(Role::Button, option).collect();
    found.last().unwrap_or_else(|| panic!("no option {option}")).click();
    test.run_steps(4);
}

fn undo(test: &mut Test) {
    let undo = Command::Undo.shortcut().unwrap();
    test.key_press_modifiers(undo.modifiers, undo.logical_key);
    test.run_steps(3);
    done(test);
}

/// Types into the expression, in place of what stands there.
fn write(test: &mut Test, text: &str) {
    let field = |t: &Test| t.query_by_role_and_label(Role::MultilineTextInput, "Expression").is_some();
    wait(test, "the expression", field);
    test.get_by_role_and_label(Role::MultilineTextInput, "Expression").focus();
    test.run_steps(2);
    test.key_press_modifiers(egui::Modifiers::COMMAND, egui::Key::A);
    test.run_steps(1);
    test.get_by_role_and_label(Role::MultilineTextInput, "Expression").type_text(text);
    test.run_steps(3);
}

fn says(test: &Test, words: &str) -> bool {
    test.query_all_by_label_contains(words).next().is_some()
}

#[test]
fn a_ready_made_feature_is_chosen_weighed_and_transformed() {
    let (mut test, _folder) = open(&shop());
    assert_eq!(clustered(&test), ["recency_days", "frequency", "monetary"]);
    click(&mut test, "Cluster by Average basket value");
    done(&mut test);
    assert_eq!(clustered(&test), ["recency_days", "frequency", "monetary", "avg_basket_value"]);
    let feature = findings(&test).rfm.customers.features.last().unwrap();
    assert_eq!(feature.label, "Average basket value");

    // The weight by the keyboard, as one decision however many steps it has.
    let slider = "Weight of Average basket value";
    test.get_by_role_and_label(Role::Slider, slider).focus();
    test.run_steps(2);
    test.key_press(egui::Key::ArrowRight);
    test.run_steps(2);
    test.key_press(egui::Key::ArrowRight);
    test.run_steps(2);
    done(&mut test);
    let weight = features(&test).each["avg_basket_value"].weight;
    assert!(weight > 1.0, "{weight}");

    pick(&mut test, "Transform of Average basket value", Transform::YeoJohnson.label());
    done(&mut test);
    assert_eq!(features(&test).each["avg_basket_value"].transform, Some(Transform::YeoJohnson));
    undo(&mut test);
    assert_eq!(features(&test).each["avg_basket_value"].transform, None);
    undo(&mut test);
    assert!(features(&test).each.is_empty(), "both steps of the slider are taken back together");

    // Back at the usual ones nothing is decided.
    click(&mut test, "Cluster by Average basket value");
    done(&mut test);
    assert_eq!(features(&test).columns, None);
}

#[test]
fn the_last_feature_cannot_be_left_out() {
    let (mut test, _folder) = open(&shop());
    for label in ["Recency", "Frequency"] {
        click(&mut test, label);
        done(&mut test);
    }
    assert_eq!(clustered(&test), ["monetary"]);
    assert!(control(&test, "Monetary").is_none(), "its switch is disabled");
    click(&mut test, "Cluster by Monetary");
    done(&mut test);
    assert_eq!(clustered(&test), ["monetary"]);
}

#[test]
fn an_expression_is_written_put_right_added_clustered_by_and_taken_back() {
    let (mut test, _folder) = open(&shop());
    click(&mut test, "Add calculated…");
    write(&mut test, "monetary / frequncy");
    wait(&mut test, "the mistake", |t| says(t, "frequncy"));
    assert!(control(&test, "Add this feature").is_none(), "with a mistake it cannot be added");

    write(&mut test, "monetary / frequency");
    wait(&mut test, "the preview", |t| control(t, "Add this feature").is_some());
    // The first customer with what it was worked out from, and the result.
    let customers = &findings(&test).rfm.customers;
    let each = customers.monetary()[0] / customers.frequency()[0];
    assert!(says(&test, &quintile::format::short(each)));
    let name = test.get_by_role_and_label(Role::TextInput, "Name of the result");
    assert_eq!(name.accesskit_node().value().as_deref(), Some("calculated"));
    click(&mut test, "Add this feature");
    done(&mut test);
    assert_eq!(features(&test).calculate.len(), 1);
    assert_eq!(clustered(&test).len(), 3, "it is there, and not clustered by unasked");

    click(&mut test, "Cluster by calculated");
    done(&mut test);
    assert_eq!(clustered(&test).last().unwrap(), "calculated");
    let values = &findings(&test).rfm.customers.features.last().unwrap().values;
    assert!((values[0] - each).abs() < 1e-12);

    // What is made from it keeps it from being deleted.
    click(&mut test, "Add calculated…");
    write(&mut test, "calculated * 2");
    click(&mut test, "Add this feature");
    done(&mut test);
    assert!(control(&test, "Delete calculated").is_none());
    undo(&mut test);
    click(&mut test, "Delete calculated");
    done(&mut test);
    assert!(features(&test).calculate.is_empty() && features(&test).columns.is_none());
    for _ in 0..3 {
        undo(&mut test);
    }
    assert_eq!(features(&test), Features::default());
}

#[test]
fn names_are_completed_by_the_keyboard() {
    let (mut test, _folder) = open(&shop());
    click(&mut test, "Add calculated…");
    write(&mut test, "AVG(unitp");
    test.key_press(egui::Key::Tab);
    test.run_steps(3);
    let value = |t: &Test| {
        let field = t.get_by_role_and_label(Role::MultilineTextInput, "Expression");
        field.accesskit_node().value().unwrap_or_default()
    };
    assert_eq!(value(&test), "AVG(UnitPrice");
    test.get_by_role_and_label(Role::MultilineTextInput, "Expression").type_text(")");
    wait(&mut test, "the preview", |t| control(t, "Add this feature").is_some());
}

#[test]
fn a_form_aggregates_and_what_has_a_value_per_row_becomes_a_column() {
    let (mut test, _folder) = open(&shop());
    click(&mut test, "Add calculated…");
    click(&mut test, "Say it by: Form");
    pick(&mut test, "Aggregation", "Largest");
    pick(&mut test, "Column", "UnitPrice");
    click(&mut test, "Add this feature");
    done(&mut test);
    let made = features(&test).calculate[0].clone();
    assert_eq!(made.name, "max_unit_price");
    assert_eq!(made.formula, Formula::Aggregate { column: "UnitPrice".into(), how: Aggregation::Max, value: None });

    // An expression over rows says so and offers to be a column.
    click(&mut test, "Add calculated…");
    write(&mut test, "Quantity * UnitPrice");
    click(&mut test, "Make a column of the table of it");
    wait(&mut test, "the preview", |t| control(t, "Add this column").is_some());
    click(&mut test, "Add this column");
    done(&mut test);
    let steps = window(&test).app.session.recipe().unwrap().clean.steps.clone();
    assert!(matches!(&steps[0].what, StepKind::Calculate { name, .. } if name == "calculated"), "{steps:?}");
    assert!(findings(&test).prepared.table.column("calculated").is_some());

    // The cleaning step is edited by the same editor.
    go(&mut test, Panel::Clean);
    click(&mut test, "Edit step 1");
    write(&mut test, "Quantity * UnitPric");
    wait(&mut test, "the mistake", |t| says(t, "UnitPric"));
    assert!(control(&test, "Apply changes").is_none());
    write(&mut test, "Quantity * UnitPrice * 2");
    click(&mut test, "Apply changes");
    done(&mut test);
    let expression = "Quantity * UnitPrice * 2".to_string();
    let steps = window(&test).app.session.recipe().unwrap().clean.steps.clone();
    assert!(
        matches!(&steps[0].what, StepKind::Calculate { formula, .. } if *formula == Formula::Expression { expression })
    );
}

#[test]
fn words_are_encoded_from_the_catalogue_and_search_narrows_it() {
    let (mut test, _folder) = open(&shop());
    test.get_by_role_and_label(Role::TextInput, "Search features").focus();
    test.run_steps(2);
    test.get_by_role_and_label(Role::TextInput, "Search features").type_text("weekday");
    wait(&mut test, "the catalogue", |t| control(t, "Encode Favourite weekday").is_some());
    assert!(control(&test, "Cluster by Tenure").is_none());
    click(&mut test, "Encode Favourite weekday");
    click(&mut test, "Add this feature");
    done(&mut test);
    let made = &features(&test).calculate[0];
    assert!(matches!(&made.formula, Formula::OneHot { column, .. } if column == "favourite_weekday"));
    let names: Vec<&str> = findings(&test).rfm.customers.features.iter().map(|f| f.name.as_str()).collect();
    assert!(names.iter().filter(|n| n.starts_with(made.name.as_str()) && n.contains("day")).count() >= 5, "{names:?}");
    undo(&mut test);
    assert_eq!(features(&test), Features::default());
}

#[test]
fn features_that_say_the_same_are_pointed_out_with_the_remedy() {
    let (mut test, _folder) = open(&shop());
    click(&mut test, "Add calculated…");
    write(&mut test, "frequency * 3 + 1");
    click(&mut test, "Add this feature");
    done(&mut test);
    click(&mut test, "Cluster by calculated");
    done(&mut test);
    wait(&mut test, "the hint", |t| says(t, "say nearly the same"));
    click(&mut test, "Leave out calculated");
    done(&mut test);
    assert_eq!(features(&test).columns, None);
    assert!(!says(&test, "say nearly the same"));
}
