//! Features in the window: chosen from the catalogue, weighed and transformed; calculated ones written with a mistake
//! that is shown at its place, put right, added, clustered by and taken back. Widgets are found by what a person or a
//! screen reader finds.

#[path = "common/window.rs"]
mod window;

use egui::Key;
use egui::accesskit::Role;
use egui_kittest::kittest::{NodeT, Queryable};
use quintile::app::{Command, Panel};
use quintile::recipe::{Aggregation, Features, Formula, StepKind, Transform};
use window::*;

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

/// The Features panel with the shop open; the folder lives as long as the test.
fn open() -> (Test, tempfile::TempDir) {
    let (mut test, folder) = open_text([1280.0, 2400.0], &shop());
    press(&mut test, Command::Go(Panel::Features));
    (test, folder)
}

fn features(test: &Test) -> Features {
    recipe(test).features.clone()
}

fn clustered(test: &Test) -> Vec<String> {
    findings(test).matrix.columns.iter().map(|c| c.name.clone()).collect()
}

/// Writes the expression as soon as its editor is there.
fn express(test: &mut Test, text: &str) {
    wait(test, "the editor", |t| t.query_by_role_and_label(Role::MultilineTextInput, "Expression").is_some());
    fill(test, "Expression", text);
}

#[test]
fn a_ready_made_feature_is_chosen_weighed_and_transformed() {
    let (mut test, _folder) = open();
    assert_eq!(clustered(&test), ["recency_days", "frequency", "monetary"]);
    click(&mut test, "Cluster by Average basket value");
    done(&mut test);
    assert_eq!(clustered(&test), ["recency_days", "frequency", "monetary", "avg_basket_value"]);
    assert_eq!(findings(&test).rfm.customers.features.last().unwrap().label, "Average basket value");

    // The weight by the keyboard, as one decision however many steps it has.
    let slider = "Weight of Average basket value";
    test.get_by_role_and_label(Role::Slider, slider).focus();
    test.run_steps(2);
    key(&mut test, Key::ArrowRight);
    key(&mut test, Key::ArrowRight);
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
    let (mut test, _folder) = open();
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
    let (mut test, _folder) = open();
    click(&mut test, "Add calculated…");
    express(&mut test, "monetary / frequncy");
    wait_for(&mut test, "frequncy");
    assert!(control(&test, "Add this feature").is_none(), "with a mistake it cannot be added");

    express(&mut test, "monetary / frequency");
    wait(&mut test, "the preview", |t| control(t, "Add this feature").is_some());
    // The first customer with what it was worked out from, and the result.
    let customers = findings(&test).rfm.customers.clone();
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
    let values = findings(&test).rfm.customers.features.last().unwrap().values.clone();
    assert!((values[0] - each).abs() < 1e-12);

    // What is made from it keeps it from being deleted.
    click(&mut test, "Add calculated…");
    express(&mut test, "calculated * 2");
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
    let (mut test, _folder) = open();
    click(&mut test, "Add calculated…");
    express(&mut test, "AVG(unitp");
    key(&mut test, Key::Tab);
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
    let (mut test, _folder) = open();
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
    express(&mut test, "Quantity * UnitPrice");
    click(&mut test, "Make a column of the table of it");
    wait(&mut test, "the preview", |t| control(t, "Add this column").is_some());
    click(&mut test, "Add this column");
    done(&mut test);
    let steps = recipe(&test).clean.steps.clone();
    assert!(matches!(&steps[0].what, StepKind::Calculate { name, .. } if name == "calculated"), "{steps:?}");
    assert!(findings(&test).prepared.table.column("calculated").is_some());

    // The cleaning step is edited by the same editor.
    press(&mut test, Command::Go(Panel::Clean));
    click(&mut test, "Edit step 1");
    express(&mut test, "Quantity * UnitPric");
    wait_for(&mut test, "UnitPric");
    assert!(control(&test, "Apply changes").is_none());
    express(&mut test, "Quantity * UnitPrice * 2");
    click(&mut test, "Apply changes");
    done(&mut test);
    let expression = "Quantity * UnitPrice * 2".to_string();
    let steps = recipe(&test).clean.steps.clone();
    assert!(
        matches!(&steps[0].what, StepKind::Calculate { formula, .. } if *formula == Formula::Expression { expression })
    );
}

#[test]
fn words_are_encoded_from_the_catalogue_and_search_narrows_it() {
    let (mut test, _folder) = open();
    fill(&mut test, "Search features", "weekday");
    wait(&mut test, "the catalogue", |t| control(t, "Encode Favourite weekday").is_some());
    assert!(control(&test, "Cluster by Tenure").is_none());
    click(&mut test, "Encode Favourite weekday");
    click(&mut test, "Add this feature");
    done(&mut test);
    let made = &features(&test).calculate[0];
    assert!(matches!(&made.formula, Formula::OneHot { column, .. } if column == "favourite_weekday"));
    let found = findings(&test);
    let names: Vec<&str> = found.rfm.customers.features.iter().map(|f| f.name.as_str()).collect();
    assert!(names.iter().filter(|n| n.starts_with(made.name.as_str()) && n.contains("day")).count() >= 5, "{names:?}");
    undo(&mut test);
    assert_eq!(features(&test), Features::default());
}

#[test]
fn features_that_say_the_same_are_pointed_out_with_the_remedy() {
    let (mut test, _folder) = open();
    click(&mut test, "Add calculated…");
    express(&mut test, "frequency * 3 + 1");
    click(&mut test, "Add this feature");
    done(&mut test);
    click(&mut test, "Cluster by calculated");
    done(&mut test);
    wait_for(&mut test, "say nearly the same");
    click(&mut test, "Leave out calculated");
    done(&mut test);
    assert_eq!(features(&test).columns, None);
    assert!(!says(&test, "say nearly the same"));
}
