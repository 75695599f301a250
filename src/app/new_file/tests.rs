//! Another file by the window's state alone: what comes of answers that cross, and what other decisions do to it.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::{Compared, NewFileAction, Step, Subject};
use crate::app::{Action, App, Selection};
use crate::pipeline::Findings;
use crate::profile::{self, Grouping};
use crate::recipe::{KChoice, Numbers, Recipe};

const ROWS: usize = 2_000;
const OTHER_NAMES: &str = "Order no,Ordered at,Client number,Article,Text,Pieces,Price each,Land";

/// The first rows of the sample shop, perhaps under other column names.
fn shop(folder: &Path, name: &str, header: Option<&str>, rows: usize) -> PathBuf {
    let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("sample_data/shop.csv")).unwrap();
    let mut lines = text.lines();
    let own = lines.next().unwrap();
    let body: Vec<&str> = lines.take(rows).collect();
    let path = folder.join(name);
    std::fs::write(&path, format!("{}\n{}\n", header.unwrap_or(own), body.join("\n"))).unwrap();
    path
}

fn until(app: &mut App, what: &str, done: impl Fn(&App) -> bool) {
    let start = Instant::now();
    while !done(app) {
        assert!(start.elapsed() < Duration::from_secs(120), "{what} never came: {:?}", app.session.failure());
        app.drain(Duration::from_millis(10));
        app.end_frame();
        std::thread::sleep(Duration::from_millis(2));
    }
}

/// Until the thread has answered and the window has not heard of it yet.
fn answered(app: &App) {
    let start = Instant::now();
    while !app.threads.has_answered() {
        assert!(start.elapsed() < Duration::from_secs(120), "no answer came");
        std::thread::sleep(Duration::from_millis(2));
    }
}

fn decide(app: &mut App, label: &str, change: impl FnOnce(&mut Recipe)) {
    let mut recipe = Recipe::clone(app.session.recipe().unwrap());
    change(&mut recipe);
    app.apply(Action::Decide { label: label.into(), recipe: Box::new(recipe), merge: false });
}

fn act(app: &mut App, action: NewFileAction) {
    app.apply(action.into());
}

fn findings(app: &App) -> Arc<Findings> {
    app.session.findings().unwrap().clone()
}

fn compared(app: &App) -> Arc<Compared> {
    app.new_file.compared.clone().unwrap()
}

fn said(app: &mut App, words: &str) -> bool {
    app.take_notices().iter().any(|n| n.text.contains(words))
}

/// A window with the shop analysed.
fn window(folder: &Path) -> App {
    let mut app = App::new(|| ());
    app.open(&shop(folder, "march.csv", None, ROWS));
    decide(&mut app, "Look no further", |r| {
        (r.cluster.references, r.cluster.resamples, r.cluster.restarts) = (0, 0, 2);
        (r.cluster.k, r.cluster.k_min, r.cluster.k_max) = (KChoice::Fixed(4), 4, 4);
    });
    until(&mut app, "the analysis", |app| app.session.findings().is_some());
    app
}

/// The same with the analysis of another file just begun.
fn running(folder: &Path, next: PathBuf) -> App {
    let mut app = window(folder);
    act(&mut app, NewFileAction::Look(vec![next]));
    until(&mut app, "the plan", |app| matches!(app.new_file.step, Step::Plan(_)));
    act(&mut app, NewFileAction::Run);
    app
}

fn until_compared(app: &mut App) {
    until(app, "the comparison", |app| matches!(app.new_file.step, Step::Compared));
}

/// The name "Gold" for the first cluster.
fn name_it(app: &mut App, of: &Findings) {
    let cluster = of.profiles[0].cluster;
    decide(app, "Name it", |r| {
        r.segments.named = profile::rename(&r.segments.named, &of.profiles, &of.rfm.customers, cluster, "Gold");
    });
}

#[test]
fn an_answer_about_another_file_than_the_present_one_is_not_taken() {
    let folder = tempfile::tempdir().unwrap();
    let mut app = window(folder.path());
    let (a, b) = (shop(folder.path(), "a.csv", None, 300), shop(folder.path(), "b.csv", Some(OTHER_NAMES), 300));
    act(&mut app, NewFileAction::Look(vec![a.clone()]));
    // The answer is there, and the window does not know it yet.
    answered(&app);
    act(&mut app, NewFileAction::Look(vec![b.clone()]));
    until(&mut app, "the plan", |app| !matches!(app.new_file.step, Step::Looking));
    let Step::Plan(plan) = &app.new_file.step else { panic!("{:?}", app.new_file.step) };
    assert_eq!((&plan.input.files, &app.new_file.files), (&vec![b.clone()], &vec![b]));

    // Nor is one that was given up.
    act(&mut app, NewFileAction::Look(vec![a]));
    act(&mut app, NewFileAction::Cancel);
    answered(&app);
    app.drain(Duration::from_millis(10));
    assert!(matches!(app.new_file.step, Step::None) && !app.new_file.shown);
}

#[test]
fn columns_are_matched_again_where_the_analysis_needs_others_by_now() {
    let folder = tempfile::tempdir().unwrap();
    let mut app = window(folder.path());
    let next = shop(folder.path(), "april.csv", Some(OTHER_NAMES), ROWS);
    act(&mut app, NewFileAction::Look(vec![next]));
    until(&mut app, "the plan", |app| matches!(app.new_file.step, Step::Plan(_)));
    let filter = crate::recipe::StepKind::Filter {
        column: "Country".into(),
        op: crate::recipe::Compare::NotEquals,
        values: vec!["Austria".into()],
    };
    decide(&mut app, "Without Austria", |r| r.clean.steps.push(filter.into()));
    act(&mut app, NewFileAction::Run);
    assert!(said(&mut app, "matched again"));
    until(&mut app, "the plan", |app| matches!(app.new_file.step, Step::Plan(_)));
    let Step::Plan(plan) = &app.new_file.step else { panic!("{:?}", app.new_file.step) };
    assert!(plan.columns.iter().any(|m| m.needed.column == "Country"));
    assert_eq!(app.session.recipe().unwrap().input.files, [folder.path().join("march.csv")]);
}

#[test]
fn names_and_numbers_change_nothing_of_what_is_compared() {
    let folder = tempfile::tempdir().unwrap();
    let next = shop(folder.path(), "april.csv", Some(OTHER_NAMES), ROWS);
    let mut app = running(folder.path(), next);
    let before = app.new_file.running.as_ref().and_then(|r| r.before.clone()).unwrap();
    name_it(&mut app, &before);
    decide(&mut app, "Write money in another way", |r| r.presentation.currency = Some("¤".into()));
    until_compared(&mut app);
    let gold = |app: &App, name: &str| {
        let group = compared(app).comparison.groups.iter().find(|g| g.name == name).cloned().unwrap();
        (group.before.map(|s| s.customers), group.after.map(|s| s.customers))
    };
    // The same rows, so the same customers have the name on both sides.
    let many = Some(before.profiles[0].customers);
    assert_eq!(gold(&app, "Gold"), (many, many));
    assert_eq!(compared(&app).comparison.stayed, before.rfm.customers.len());
    let words = compared(&app).comparison.words.join(" ");
    assert!(words.contains("0 new") && words.contains('¤'), "{words}");

    // A name that is given afterwards is followed.
    let after = findings(&app);
    let cluster = after.profiles[0].cluster;
    decide(&mut app, "Name it otherwise", |r| {
        r.segments.named = profile::rename(&r.segments.named, &after.profiles, &after.rfm.customers, cluster, "Silver");
    });
    until(&mut app, "the other name", |app| compared(app).comparison.groups.iter().any(|g| g.name == "Silver"));
    assert_eq!(gold(&app, "Silver"), (many, many));
    assert!(matches!(app.new_file.step, Step::Compared));
}

#[test]
fn what_decides_about_segments_is_told_from_what_does_not() {
    let recipe = Recipe::for_file("/nowhere/april.csv");
    let same = |change: &dyn Fn(&mut Recipe)| {
        let mut other = recipe.clone();
        change(&mut other);
        Subject::of(&other) == Subject::of(&recipe)
    };
    assert!(same(&|r| r.presentation.numbers = Numbers::Point));
    assert!(same(&|r| r.presentation.company = "Example Ltd".into()));
    assert!(same(&|r| r.outputs.csv = crate::recipe::CsvFor::Excel));
    assert!(same(&|r| r.rfm.compare_to = chrono::NaiveDate::from_ymd_opt(2024, 5, 1)));
    assert!(!same(&|r| r.rfm.snapshot = chrono::NaiveDate::from_ymd_opt(2024, 5, 1)));
    assert!(!same(&|r| r.cluster.k = KChoice::Fixed(3)));
    assert!(!same(&|r| r.input.delimiter = Some(';')));
    assert!(!same(&|r| r.input.files = vec!["/nowhere/may.csv".into()]));
}

#[test]
fn a_comparison_that_cannot_be_made_any_more_is_dropped_with_a_word() {
    let folder = tempfile::tempdir().unwrap();
    let next = shop(folder.path(), "april.csv", None, ROWS + 200);
    let mut app = running(folder.path(), next);
    decide(&mut app, "Set the seed to 5", |r| r.cluster.seed = 5);
    app.drain(Duration::from_millis(10));
    assert!(said(&mut app, "before april.csv was analysed, so it is not compared with the earlier file"));
    assert!(matches!(app.new_file.step, Step::None) && !app.new_file.shown);
    until(&mut app, "the analysis", |app| app.session.findings().is_some());
    assert!(app.new_file.compared.is_none());
}

#[test]
fn a_comparison_stays_until_another_one_is_done() {
    let folder = tempfile::tempdir().unwrap();
    let next = shop(folder.path(), "april.csv", Some(OTHER_NAMES), ROWS + 300);
    let mut app = running(folder.path(), next.clone());
    // While it is under way, another file is asked for and none is chosen.
    app.ask_for_new_file();
    until_compared(&mut app);
    assert!(app.new_file.seen);
    let first = compared(&app);
    let same = |app: &App| Arc::ptr_eq(&first, &compared(app));

    app.ask_for_new_file();
    assert!(matches!(app.new_file.step, Step::None) && app.new_file.shown && same(&app));
    app.show_comparison();
    assert!(matches!(app.new_file.step, Step::Compared) && app.new_file.shown);

    // A file that cannot be read, and a plan that is given up.
    let broken = folder.path().join("broken.csv");
    std::fs::write(&broken, "").unwrap();
    app.ask_for_new_file();
    act(&mut app, NewFileAction::Look(vec![broken]));
    until(&mut app, "the failure", |app| matches!(app.new_file.step, Step::Failed(_)));
    act(&mut app, NewFileAction::Look(vec![shop(folder.path(), "may.csv", Some(OTHER_NAMES), 500)]));
    until(&mut app, "the plan", |app| matches!(app.new_file.step, Step::Plan(_)));
    act(&mut app, NewFileAction::Cancel);
    assert!(!app.new_file.shown && same(&app));
    app.show_comparison();
    assert!(matches!(app.new_file.step, Step::Compared) && same(&app));
    assert_eq!(compared(&app).files(), [next]);
}

#[test]
fn an_answer_about_other_segments_than_those_asked_for_last_is_not_taken() {
    let folder = tempfile::tempdir().unwrap();
    let mut app = running(folder.path(), shop(folder.path(), "april.csv", None, ROWS + 200));
    until_compared(&mut app);
    act(&mut app, NewFileAction::Compare(Grouping::Rfm));
    answered(&app);
    act(&mut app, NewFileAction::Compare(Grouping::Clusters));
    let first = compared(&app);
    app.drain(Duration::from_millis(10));
    assert_eq!(compared(&app).grouping, Grouping::Clusters);
    until(&mut app, "the other answer", |app| !Arc::ptr_eq(&first, &compared(app)));
    assert_eq!(compared(&app).grouping, Grouping::Clusters);
}

#[test]
fn those_who_moved_are_known_before_they_are_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let mut app = running(folder.path(), shop(folder.path(), "april.csv", None, ROWS + 400));
    until_compared(&mut app);
    act(&mut app, NewFileAction::Compare(Grouping::Rfm));
    until(&mut app, "the RFM segments", |app| compared(app).grouping == Grouping::Rfm);
    let done = compared(&app);
    let (before, after) = (&done.before.rfm, &done.after.rfm);
    let segment = |of: &crate::rfm::RfmOut, i: usize| of.map.segments[usize::from(of.segment[i])].name.clone();
    let was: std::collections::HashMap<&String, usize> =
        before.customers.ids.iter().enumerate().map(|(i, id)| (id, i)).collect();
    let name = |at: Option<usize>| at.map(|i| done.comparison.groups[i].name.clone());
    let mut selected = 0;
    for (at, one) in done.comparison.moves.iter().enumerate().filter(|(_, one)| one.to.is_some()) {
        act(&mut app, NewFileAction::Select(at));
        let Selection { customers, .. } = &app.selection;
        assert!(Arc::ptr_eq(customers, &done.comparison.who[at]), "nothing is looked for");
        assert_eq!(customers.len(), one.customers);
        for &j in customers.iter() {
            let earlier = was.get(&after.customers.ids[j as usize]).map(|&i| segment(before, i));
            assert_eq!((earlier, Some(segment(after, j as usize))), (name(one.from), name(one.to)));
        }
        selected += customers.len();
    }
    assert_eq!(selected, after.customers.len(), "everybody is in one of them");

    // In another table the same places are others.
    app.apply(Action::Select(Selection::default()));
    app.apply(Action::Command(crate::app::Command::Undo));
    until(&mut app, "the earlier file", |app| app.session.findings().is_some());
    app.take_notices();
    act(&mut app, NewFileAction::Select(0));
    assert!(said(&mut app, "another table of customers") && app.selection.is_empty());
}
