//! Cleaning steps in the window: added, switched, moved, edited, taken back; what is wrong is said in place. Widgets
//! are found by what a person or a screen reader finds.

#[path = "common/window.rs"]
mod window;

use egui_kittest::kittest::{NodeT, Queryable};
use quintile::app::{Command, Panel};
use quintile::clean::FunnelStep;
use quintile::recipe::{CleanStep, Compare, StepKind};
use window::*;

const CUSTOMERS: usize = 40;
const ORDERS: usize = 4;

/// Orders of a small shop: every fifth is cancelled, the first of each customer has postage, some names have stray
/// spaces. Returns the text and how many rows are of completed orders.
fn shop() -> (String, usize) {
    let mut text = String::from("order,date,customer,StockCode,description,status,amount\n");
    let mut completed = 0;
    for c in 0..CUSTOMERS {
        for o in 0..ORDERS {
            let n = c * ORDERS + o;
            let status = if n.is_multiple_of(5) { "cancelled" } else { "completed" };
            let day = format!("2024-{:02}-{:02}", 1 + (n * 7) % 12, 1 + (n * 11) % 28);
            let mut line = |code: &str, description: &str, amount: usize| {
                text += &format!("{},{day},{},{code},{description},{status},{amount}\n", 9000 + n, 100 + c);
                completed += usize::from(status == "completed");
            };
            line(
                &format!("{}", 20000 + n % 23),
                if n.is_multiple_of(4) { "red  mug " } else { "blue mug" },
                5 + n % 17,
            );
            if o == 0 {
                line("POST", "POSTAGE", 4);
            }
        }
    }
    (text, completed)
}

/// The Clean panel with the small shop open; the folder lives as long as the test.
fn open_shop() -> (Test, tempfile::TempDir) {
    let (mut test, folder) = open_text([1280.0, 1600.0], &shop().0);
    // While the checks run, the status bar has a button to cancel them, which is called as that of a form is.
    whole(&mut test);
    press(&mut test, Command::Go(Panel::Clean));
    (test, folder)
}

fn steps(test: &Test) -> &[CleanStep] {
    &recipe(test).clean.steps
}

fn funnel(test: &Test) -> Vec<FunnelStep> {
    findings(test).rfm.funnel.clone()
}

/// Takes the last decision back, and waits for the checks too.
fn back(test: &mut Test) {
    undo(test);
    whole(test);
}

fn add_filter(test: &mut Test) {
    click(test, "Add step…");
    click(test, "Filter rows");
    assert!(test.query_by_label_contains("No column is chosen").is_some(), "what is still to be chosen is named");
    pick(test, "Column", "status");
    fill(test, "Value", "completed");
}

#[test]
fn a_filter_is_made_seen_in_the_funnel_switched_edited_and_taken_back() {
    let (mut test, _folder) = open_shop();
    let (text, completed) = shop();
    let rows = text.lines().count() - 1;
    add_filter(&mut test);
    // What it would do is told before it is done.
    let (before, after) = (quintile::format::count(rows), quintile::format::count(completed));
    let told = format!("{before} → {after} rows");
    wait(&mut test, "the preview", |t| t.query_by_label_contains(&told).is_some());
    assert!(steps(&test).is_empty());

    click(&mut test, "Add this step");
    whole(&mut test);
    let sentence = "Keep rows where \"status\" is \"completed\"";
    assert!(test.query_by_label(sentence).is_some(), "the card is not there");
    let line = funnel(&test)[1].clone();
    assert_eq!((line.index, line.step.as_str(), line.rows), (Some(0), sentence, completed));

    click(&mut test, "Step 1 is on");
    whole(&mut test);
    assert!(!steps(&test)[0].on);
    assert!(funnel(&test).iter().all(|l| l.index.is_none()));
    assert!(test.query_by_label("Switched off.").is_some());
    back(&mut test);
    assert!(steps(&test)[0].on);

    click(&mut test, "Edit step 1");
    pick(&mut test, "Condition", "is not");
    click(&mut test, "Apply changes");
    whole(&mut test);
    assert!(matches!(&steps(&test)[0].what, StepKind::Filter { op: Compare::NotEquals, .. }));
    assert_eq!(funnel(&test)[1].rows, rows - completed);
    back(&mut test);
    assert_eq!(funnel(&test)[1].rows, completed);

    // A draft that is cancelled decides nothing.
    click(&mut test, "Edit step 1");
    pick(&mut test, "Condition", "is missing");
    click(&mut test, "Cancel");
    assert!(matches!(&steps(&test)[0].what, StepKind::Filter { op: Compare::Equals, .. }));
    click(&mut test, "Delete step 1");
    whole(&mut test);
    assert!(steps(&test).is_empty());
}

#[test]
fn suggestions_become_steps_only_when_taken_up_and_steps_move() {
    let (mut test, _folder) = open_shop();
    wait(&mut test, "suggestions", |t| t.query_by_label("Review: non-product lines").is_some());
    assert!(steps(&test).is_empty(), "nothing is done unasked");
    click(&mut test, "Add step: tidy text");
    whole(&mut test);
    assert!(matches!(steps(&test)[0].what, StepKind::TidyText { .. }));
    // Each fourth order has a name with stray spaces.
    let effect = &window(&test).app.session.prepared.get().unwrap().effects[0];
    assert_eq!(effect.cells_changed, CUSTOMERS * ORDERS / 4);

    click(&mut test, "Review: non-product lines");
    wait(&mut test, "the proposals", |t| control(t, "Exclude POST").is_some());
    let tick = test.get_by_label("Exclude POST");
    assert_eq!(tick.accesskit_node().toggled(), Some(egui::accesskit::Toggled::True));
    click(&mut test, "Add this step");
    whole(&mut test);
    let excluded = StepKind::ExcludeProducts { column: "StockCode".into(), values: vec!["POST".into()] };
    assert_eq!(steps(&test)[1].what, excluded);
    let line = funnel(&test).into_iter().find(|l| l.index == Some(1)).unwrap();
    assert_eq!(line.rows, CUSTOMERS * ORDERS);

    click(&mut test, "Move step 2 up");
    whole(&mut test);
    assert_eq!(steps(&test)[0].what, excluded);
    assert!(control(&test, "Move step 1 up").is_none());
    click(&mut test, "Duplicate step 1");
    whole(&mut test);
    assert_eq!(steps(&test).len(), 3);
    back(&mut test);
    back(&mut test);
    assert_eq!(steps(&test)[1].what, excluded);
}

#[test]
fn a_step_with_a_column_that_is_not_there_says_so_and_the_others_go_on() {
    let (mut test, _folder) = open_shop();
    let filter = |column: &str| {
        let values = vec!["completed".to_string()];
        CleanStep::from(StepKind::Filter { column: column.into(), op: Compare::Equals, values })
    };
    decide(&mut test, "Steps", |r| r.clean.steps = vec![filter("nowhere"), filter("status")]);
    whole(&mut test);
    assert!(test.query_by_label_contains("There is no column \"nowhere\"").is_some());
    let lines = funnel(&test);
    assert_eq!(lines[1].rows, lines[0].rows);
    assert_eq!(lines[2].rows, shop().1);
    // It can be put right where it stands.
    click(&mut test, "Edit step 1");
    assert!(control(&test, "Apply changes").is_none());
    pick(&mut test, "Column", "status");
    click(&mut test, "Apply changes");
    whole(&mut test);
    assert!(test.query_by_label_contains("There is no column").is_none());
}

#[test]
fn every_kind_of_step_can_be_opened_and_left_in_both_themes() {
    let (mut test, _folder) = open_shop();
    for kind in StepKind::one_of_each() {
        click(&mut test, "Add step…");
        click(&mut test, kind.label());
        assert!(test.query_by_label("What it would do").is_some(), "{}", kind.label());
        press(&mut test, Command::ToggleTheme);
        click(&mut test, "Cancel");
    }
    assert!(steps(&test).is_empty());
}
