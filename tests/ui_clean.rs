//! Cleaning steps in the window: added, switched, moved, edited, taken back; what is wrong is said in place. Widgets
//! are found by what a person or a screen reader finds.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use egui::accesskit::Role;
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT, Queryable};
use quintile::app::{Action, Command, Panel};
use quintile::clean::FunnelStep;
use quintile::recipe::{CleanStep, Compare, StepKind};
use quintile::ui::Window;

type Test = Harness<'static, Option<Window>>;

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

/// The Clean panel with the small shop open; the folder lives as long as the test.
fn open_shop() -> (Test, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("orders.csv");
    std::fs::write(&path, shop().0).unwrap();
    let draw = |ui: &mut egui::Ui, window: &mut Option<Window>| {
        let ctx = ui.ctx().clone();
        window.get_or_insert_with(|| Window::new(&ctx)).ui(ui);
    };
    let mut test =
        Harness::builder().with_size(egui::vec2(1280.0, 1600.0)).with_max_steps(64).build_ui_state(draw, None);
    test.run_steps(3);
    test.input_mut().dropped_files.push(Arc::new(Dropped(path)));
    test.run_steps(2);
    done(&mut test);
    let shortcut = Command::Go(Panel::Clean).shortcut().unwrap();
    test.key_press_modifiers(shortcut.modifiers, shortcut.logical_key);
    test.run_steps(3);
    (test, folder)
}

fn window(test: &Test) -> &Window {
    test.state().as_ref().expect("made in the first frame")
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

/// Waits until the whole analysis is done and current: while its last stage runs, the status bar offers to cancel it.
fn done(test: &mut Test) {
    wait(test, "the analysis", |t| window(t).app.session.whole().is_some());
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

fn steps(test: &Test) -> Vec<CleanStep> {
    window(test).app.session.recipe().unwrap().clean.steps.clone()
}

fn funnel(test: &Test) -> Vec<FunnelStep> {
    window(test).app.session.findings().unwrap().rfm.funnel.clone()
}

fn undo(test: &mut Test) {
    let undo = Command::Undo.shortcut().unwrap();
    test.key_press_modifiers(undo.modifiers, undo.logical_key);
    test.run_steps(3);
    done(test);
}

fn add_filter(test: &mut Test) {
    click(test, "Add step…");
    click(test, "Filter rows");
    assert!(test.query_by_label_contains("No column is chosen").is_some(), "what is still to be chosen is named");
    pick(test, "Column", "status");
    test.get_by_role_and_label(Role::TextInput, "Value").focus();
    test.run_steps(2);
    test.get_by_role_and_label(Role::TextInput, "Value").type_text("completed");
    test.run_steps(2);
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
    done(&mut test);
    let sentence = "Keep rows where \"status\" is \"completed\"";
    assert!(test.query_by_label(sentence).is_some(), "the card is not there");
    let line = funnel(&test)[1].clone();
    assert_eq!((line.index, line.step.as_str(), line.rows), (Some(0), sentence, completed));

    click(&mut test, "Step 1 is on");
    done(&mut test);
    assert!(!steps(&test)[0].on);
    assert!(funnel(&test).iter().all(|l| l.index.is_none()));
    assert!(test.query_by_label("Switched off.").is_some());
    undo(&mut test);
    assert!(steps(&test)[0].on);

    click(&mut test, "Edit step 1");
    pick(&mut test, "Condition", "is not");
    click(&mut test, "Apply changes");
    done(&mut test);
    assert!(matches!(&steps(&test)[0].what, StepKind::Filter { op: Compare::NotEquals, .. }));
    assert_eq!(funnel(&test)[1].rows, rows - completed);
    undo(&mut test);
    assert_eq!(funnel(&test)[1].rows, completed);

    // A draft that is cancelled decides nothing.
    click(&mut test, "Edit step 1");
    pick(&mut test, "Condition", "is missing");
    click(&mut test, "Cancel");
    assert!(matches!(&steps(&test)[0].what, StepKind::Filter { op: Compare::Equals, .. }));
    click(&mut test, "Delete step 1");
    done(&mut test);
    assert!(steps(&test).is_empty());
}

#[test]
fn suggestions_become_steps_only_when_taken_up_and_steps_move() {
    let (mut test, _folder) = open_shop();
    wait(&mut test, "suggestions", |t| t.query_by_label("Review: non-product lines").is_some());
    assert!(steps(&test).is_empty(), "nothing is done unasked");
    click(&mut test, "Add step: tidy text");
    done(&mut test);
    assert!(matches!(steps(&test)[0].what, StepKind::TidyText { .. }));
    // Each fourth order has a name with stray spaces.
    let effect = &window(&test).app.session.prepared.get().unwrap().effects[0];
    assert_eq!(effect.cells_changed, CUSTOMERS * ORDERS / 4);

    click(&mut test, "Review: non-product lines");
    wait(&mut test, "the proposals", |t| control(t, "Exclude POST").is_some());
    let tick = test.get_by_label("Exclude POST");
    assert_eq!(tick.accesskit_node().toggled(), Some(egui::accesskit::Toggled::True));
    click(&mut test, "Add this step");
    done(&mut test);
    let excluded = StepKind::ExcludeProducts { column: "StockCode".into(), values: vec!["POST".into()] };
    assert_eq!(steps(&test)[1].what, excluded);
    let line = funnel(&test).into_iter().find(|l| l.index == Some(1)).unwrap();
    assert_eq!(line.rows, CUSTOMERS * ORDERS);

    click(&mut test, "Move step 2 up");
    done(&mut test);
    assert_eq!(steps(&test)[0].what, excluded);
    assert!(control(&test, "Move step 1 up").is_none());
    click(&mut test, "Duplicate step 1");
    done(&mut test);
    assert_eq!(steps(&test).len(), 3);
    undo(&mut test);
    undo(&mut test);
    assert_eq!(steps(&test)[1].what, excluded);
}

#[test]
fn a_step_with_a_column_that_is_not_there_says_so_and_the_others_go_on() {
    let (mut test, _folder) = open_shop();
    let filter = |column: &str| {
        let values = vec!["completed".to_string()];
        CleanStep::from(StepKind::Filter { column: column.into(), op: Compare::Equals, values })
    };
    let mut recipe = Box::new(window(&test).app.session.recipe().unwrap().as_ref().clone());
    recipe.clean.steps = vec![filter("nowhere"), filter("status")];
    let decide = Action::Decide { label: "Steps".into(), recipe, merge: false };
    test.state_mut().as_mut().unwrap().app.apply(decide);
    test.run_steps(2);
    done(&mut test);
    assert!(test.query_by_label_contains("There is no column \"nowhere\"").is_some());
    let lines = funnel(&test);
    assert_eq!(lines[1].rows, lines[0].rows);
    assert_eq!(lines[2].rows, shop().1);
    // It can be put right where it stands.
    click(&mut test, "Edit step 1");
    assert!(control(&test, "Apply changes").is_none());
    pick(&mut test, "Column", "status");
    click(&mut test, "Apply changes");
    done(&mut test);
    assert!(test.query_by_label_contains("There is no column").is_none());
}

#[test]
fn every_kind_of_step_can_be_opened_and_left_in_both_themes() {
    let (mut test, _folder) = open_shop();
    for kind in StepKind::one_of_each() {
        click(&mut test, "Add step…");
        click(&mut test, kind.label());
        assert!(test.query_by_label("What it would do").is_some(), "{}", kind.label());
        let theme = Command::ToggleTheme.shortcut().unwrap();
        test.key_press_modifiers(theme.modifiers, theme.logical_key);
        test.run_steps(3);
        click(&mut test, "Cancel");
    }
    assert!(steps(&test).is_empty());
}
