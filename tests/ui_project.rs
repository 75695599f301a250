//! Projects in the window: saved, opened again and equal; unsaved work offered; the same analysis on next month's file
//! with other names of columns.

#[path = "common/tables.rs"]
mod tables;
#[path = "common/window.rs"]
mod window;

use std::path::{Path, PathBuf};

use egui_kittest::kittest::Queryable;
use quintile::app::{Action, ChooseKTab, Command, NewFileAction, Panel, ProjectAction, RunChange, SegmentsTab, Step};
use quintile::pipeline::Findings;
use quintile::project::{Reading, remap};
use quintile::recipe::{CleanStep, Compare, KChoice, StepKind};
use window::*;

const SIZE: [f32; 2] = [1280.0, 800.0];
const ROWS: usize = 6_000;
const OTHER_NAMES: &str = "Order no,Ordered at,Client number,Article,Text,Pieces,Price each,Land";

/// The first rows of the sample shop under these column names.
fn shop(folder: &Path, name: &str, header: Option<&str>, rows: usize) -> PathBuf {
    let path = folder.join(name);
    std::fs::write(&path, tables::part_of_the_sample(rows, header)).unwrap();
    path
}

/// A window with this file open, and analysed.
fn open_file(path: &Path) -> Test {
    let mut test = open_window(SIZE);
    drop_file(&mut test, path);
    done(&mut test);
    test
}

/// A window with this project open, which need not be analysed.
fn open_project(path: &Path) -> Test {
    let mut test = open_window(SIZE);
    drop_file(&mut test, path);
    wait(&mut test, "the project", |t| window(t).app.project.path.is_some());
    test
}

fn save_as(test: &mut Test, path: &Path) {
    act(test, ProjectAction::SaveAs(path.to_path_buf()));
    wait(test, "saving", |t| !window(t).app.project.busy && window(t).app.project.path.as_deref() == Some(path));
}

#[test]
fn a_project_saved_and_opened_again_is_equal() {
    let folder = tempfile::tempdir().unwrap();
    let data = shop(folder.path(), "shop.csv", None, ROWS);
    let path = folder.path().join("March.quintile");
    let mut test = open_file(&data);
    assert!(!window(&test).app.project.unsaved, "a file that was only opened is nothing to lose");
    decide(&mut test, "Set k to 3", |r| r.cluster.k = KChoice::Fixed(3));
    done(&mut test);
    assert!(window(&test).app.project.unsaved && says(&test, "shop.csv •"));
    let run = window(&test).app.runs.list().last().unwrap().number;
    act(&mut test, Action::Run(run, RunChange::Label("Three groups".into())));
    act(&mut test, Action::Run(run, RunChange::Keep(true)));
    decide(&mut test, "Set k to 4", |r| r.cluster.k = KChoice::Fixed(4));
    decide(&mut test, "Set the seed to 7", |r| r.cluster.seed = 7);
    act(&mut test, Action::Command(Command::Undo));
    done(&mut test);
    act(&mut test, Action::Command(Command::ChooseK(ChooseKTab::Runs)));
    act(&mut test, Action::Command(Command::Notes));
    fill(&mut test, "Notes", "For the spring mailing");
    assert_eq!(window(&test).app.project.notes, "For the spring mailing");
    let view = &mut app(&mut test).view;
    view.segments.tab = SegmentsTab::Lines;
    view.segments.map.two_sd = true;
    save_as(&mut test, &path);
    assert!(!window(&test).app.project.unsaved && says(&test, "Project: March"));
    let (before, before_decisions) = (findings(&test), decisions(&test));
    let decided = recipe(&test).clone();
    let kept: Vec<_> = window(&test).app.runs.list().iter().filter(|r| r.kept).cloned().collect();

    let mut again = open_project(&path);
    done(&mut again);
    let app = &window(&again).app;
    assert_eq!(recipe(&again), &decided);
    assert_eq!(decisions(&again), before_decisions);
    assert_eq!(before_decisions.1, 2);
    assert_eq!((app.view.panel, app.view.choose_k.tab), (Panel::ChooseK, ChooseKTab::Runs));
    assert_eq!((app.view.segments.tab, app.view.segments.map.two_sd), (SegmentsTab::Lines, true));
    assert_eq!((app.project.notes.as_str(), app.project.unsaved), ("For the spring mailing", false));
    let names = |f: &Findings| f.profiles.iter().map(|p| p.name.clone()).collect::<Vec<_>>();
    assert_eq!(names(&findings(&again)), names(&before));
    assert_eq!(findings(&again).chosen.clustering.labels, before.chosen.clustering.labels);
    let back: Vec<_> = app.runs.list().iter().filter(|r| r.kept).cloned().collect();
    assert_eq!((back.len(), kept.len()), (1, 1));
    let (a, b) = (&kept[0], &back[0]);
    assert_eq!(
        (a.number, &a.label, a.ended, &a.recipe, &a.scores),
        (b.number, &b.label, b.ended, &b.recipe, &b.scores)
    );
    assert_eq!((&a.clustering.labels, &a.ids, &a.segments), (&b.clustering.labels, &b.ids, &b.segments));
    assert!(control(&again, &format!("Rename run {run}")).is_some(), "the Runs side lists it");

    // Redo is still there, and a change is a change.
    act(&mut again, Action::Command(Command::Redo));
    assert_eq!(recipe(&again).cluster.seed, 7);
    assert!(window(&again).app.project.unsaved);
    act(&mut again, Action::Command(Command::Undo));
    assert!(!window(&again).app.project.unsaved, "back where it was saved");

    // The same file open twice: the second one to save is asked.
    decide(&mut again, "Set the seed to 8", |r| r.cluster.seed = 8);
    act(&mut again, Action::Command(Command::SaveProject));
    wait(&mut again, "saving", |t| !window(t).app.project.unsaved);
    decide(&mut test, "Set the seed to 9", |r| r.cluster.seed = 9);
    act(&mut test, Action::Command(Command::SaveProject));
    wait(&mut test, "the answer", |t| !window(t).app.project.busy);
    assert!(window(&test).app.project.unsaved, "the other one's work is not written over");
    act(&mut test, Action::Command(Command::SaveProject));
    wait(&mut test, "saving", |t| !window(t).app.project.unsaved);
}

#[test]
fn a_data_file_that_is_gone_is_asked_for_and_linked_again() {
    let folder = tempfile::tempdir().unwrap();
    let data = shop(folder.path(), "shop.csv", None, 2_000);
    let path = folder.path().join("p.quintile");
    let mut test = open_file(&data);
    decide(&mut test, "Set k to 3", |r| r.cluster.k = KChoice::Fixed(3));
    save_as(&mut test, &path);
    let there = folder.path().join("archive");
    std::fs::create_dir(&there).unwrap();
    std::fs::rename(&data, there.join("shop.csv")).unwrap();
    let mut again = open_project(&path);
    wait(&mut again, "the sentence", |t| says(t, "shop.csv is not where it was."));
    assert!(control(&again, "Choose the file…").is_some());
    act(&mut again, ProjectAction::Relink(data, Some(there.join("shop.csv"))));
    done(&mut again);
    assert!(!says(&again, "is not where it was"));
    let (entries, _) = window(&again).app.session.history().unwrap().entries();
    assert!(entries.iter().all(|e| e.recipe.input.files == [there.join("shop.csv")]), "undo finds it too");
    assert!(window(&again).app.project.unsaved);
}

#[test]
fn unsaved_work_is_written_down_and_offered_by_the_next_window() {
    let folder = tempfile::tempdir().unwrap();
    let data = shop(folder.path(), "shop.csv", None, 2_000);
    let (first, second) = (folder.path().join("first"), folder.path().join("second"));
    let mut test = open_window(SIZE);
    app(&mut test).keep_work_in(first.clone());
    drop_file(&mut test, &data);
    done(&mut test);
    let works = |folder: &Path| -> Vec<PathBuf> {
        let entries = std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().path());
        entries.filter(|p| p.extension().is_some_and(|e| e == "quintile")).collect()
    };
    assert_eq!(works(&first), Vec::<PathBuf>::new(), "nothing is decided yet");
    decide(&mut test, "Set k to 3", |r| r.cluster.k = KChoice::Fixed(3));
    wait(&mut test, "the first writing", |_| !works(&first).is_empty());
    decide(&mut test, "Set the seed to 5", |r| r.cluster.seed = 5);
    let seed = |path: &Path| quintile::project::recipe_in(path).map(|r| r.cluster.seed).unwrap_or_default();
    wait(&mut test, "the second writing", |_| seed(&works(&first)[0]) == 5);

    // As if the program had been killed: its files stay, and nobody holds the lock.
    std::fs::create_dir(&second).unwrap();
    for entry in std::fs::read_dir(&first).unwrap() {
        let entry = entry.unwrap();
        std::fs::copy(entry.path(), second.join(entry.file_name())).unwrap();
    }
    let mut next = open_window(SIZE);
    app(&mut next).keep_work_in(second.clone());
    next.run_steps(3);
    assert!(says(&next, "Unsaved work on shop.csv"));
    click(&mut next, "Recover shop.csv");
    wait(&mut next, "the work", |t| window(t).app.session.recipe().is_some());
    done(&mut next);
    assert_eq!(recipe(&next).cluster.seed, 5);
    assert!(window(&next).app.project.unsaved && !says(&next, "Unsaved work on"));
    wait(&mut next, "one file of the new window in place of the old one", |_| works(&second).len() == 1);
    save_as(&mut next, &folder.path().join("kept.quintile"));
    wait(&mut next, "nothing to be kept any more", |_| works(&second).is_empty());

    // Saved work is not offered; discarded work is gone.
    let mut third = open_window(SIZE);
    std::fs::copy(&works(&first)[0], second.join("1-1-1.quintile")).unwrap();
    std::fs::write(second.join("1-1.lock"), "").unwrap();
    app(&mut third).keep_work_in(second.clone());
    third.run_steps(3);
    click(&mut third, "Discard shop.csv");
    wait(&mut third, "the file to go", |_| works(&second).is_empty());
}

#[test]
fn next_month_with_other_column_names_is_matched_first_and_compared_afterwards() {
    let folder = tempfile::tempdir().unwrap();
    let data = shop(folder.path(), "march.csv", None, ROWS);
    let next = shop(folder.path(), "april.csv", Some(OTHER_NAMES), ROWS + 600);
    let mut test = open_file(&data);
    decide(&mut test, "Keep rows without Austria", |r| {
        let what =
            StepKind::Filter { column: "Country".into(), op: Compare::NotEquals, values: vec!["Austria".into()] };
        r.clean.steps.push(CleanStep::from(what));
        r.cluster.k = KChoice::Fixed(4);
    });
    done(&mut test);
    let before = findings(&test);
    act(&mut test, NewFileAction::Show(true));
    assert!(says(&test, "Choose next month's export"));
    fill(&mut test, "Path of the new file", next.to_str().unwrap());
    click(&mut test, "Look at it");
    wait(&mut test, "the plan", |t| matches!(window(t).app.new_file.step, Step::Plan(_)));
    assert!(says(&test, "have another name in the new file"), "it says what is to be looked at");
    let plan = match &window(&test).app.new_file.step {
        Step::Plan(plan) => plan.clone(),
        other => panic!("{other:?}"),
    };
    let pairs: Vec<(&str, &str)> =
        plan.columns.iter().map(|m| (m.needed.column.as_str(), m.to.as_ref().map_or("", |(name, _)| name))).collect();
    for pair in [
        ("CustomerID", "Client number"),
        ("InvoiceDate", "Ordered at"),
        ("InvoiceNo", "Order no"),
        ("StockCode", "Article"),
        ("Quantity", "Pieces"),
        ("UnitPrice", "Price each"),
        ("Country", "Land"),
    ] {
        assert!(pairs.contains(&pair), "{pair:?} in {pairs:?}");
    }
    assert!(plan.can_run() && !plan.is_plain());
    assert_eq!(recipe(&test).input.files, std::slice::from_ref(&data), "nothing ran yet");

    // A column taken away stops it, and says which.
    let country = plan.columns.iter().position(|m| m.needed.column == "Country").unwrap();
    act(&mut test, NewFileAction::Choose(country, None));
    assert!(says(&test, "The new file has no column for Country"));
    assert!(control(&test, "Run the analysis").is_none());
    act(&mut test, NewFileAction::Choose(country, Some("Land".into())));
    click(&mut test, "Run the analysis");
    wait(&mut test, "the comparison", |t| matches!(window(t).app.new_file.step, Step::Compared));
    assert!(says(&test, "What changed") && says(&test, "Drift of the features"));
    let ran = recipe(&test);
    assert_eq!(ran.input.files, std::slice::from_ref(&next));
    assert_eq!(ran.clean.steps[0].what.columns(), ["Land"]);
    assert_eq!(ran.roles.customer_id.as_deref(), Some("Client number"));
    let (list, at) = decisions(&test);
    assert_eq!((list.len(), at), (3, 2), "one entry of the history");
    assert!(
        list[2].starts_with("Run on april.csv: 8 columns re-mapped") || list[2].contains("columns re-mapped"),
        "{}",
        list[2]
    );
    let comparison = window(&test).app.new_file.comparison().unwrap().clone();
    let all: usize = comparison.moves.iter().map(|m| m.customers).sum();
    assert_eq!(comparison.both + comparison.gone, before.rfm.customers.len());
    assert_eq!(comparison.both + comparison.new, findings(&test).rfm.customers.len());
    assert_eq!(all, comparison.both + comparison.new + comparison.gone);
    // Who sent back everything since is not counted any more, so some may be gone although rows were only added.
    assert!(comparison.new > comparison.gone, "{} new, {} gone", comparison.new, comparison.gone);
    assert!(says(&test, &comparison.words[0]));
    act(&mut test, NewFileAction::Compare(quintile::profile::Grouping::Rfm));
    wait(&mut test, "the other grouping", |t| {
        window(t).app.new_file.comparison().is_some_and(|c| c.groups.iter().any(|g| g.name == "Champions"))
    });

    // A file that cannot be read takes nothing away.
    let empty = folder.path().join("empty.csv");
    std::fs::write(&empty, "").unwrap();
    act(&mut test, NewFileAction::Look(vec![empty]));
    wait(&mut test, "the failure", |t| matches!(window(t).app.new_file.step, Step::Failed(_)));
    assert!(!says(&test, "Drift of the features"));
    click(&mut test, "Back to what changed");
    assert!(says(&test, "What changed") && says(&test, "Drift of the features"));

    // Undo returns to the old file.
    act(&mut test, Action::Command(Command::Undo));
    done(&mut test);
    assert_eq!(recipe(&test).input.files, [data]);
    assert_eq!(findings(&test).chosen.clustering.labels, before.chosen.clustering.labels);
}

#[test]
fn the_same_rows_under_other_names_change_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let data = shop(folder.path(), "march.csv", None, ROWS);
    let next = shop(folder.path(), "april.csv", Some(OTHER_NAMES), ROWS);
    let mut test = open_file(&data);
    let before = findings(&test);
    act(&mut test, NewFileAction::Look(vec![next]));
    wait(&mut test, "the plan", |t| matches!(window(t).app.new_file.step, Step::Plan(_)));
    assert_eq!(remap::How::Role.words(), "plays the same role");
    click(&mut test, "Run the analysis");
    wait(&mut test, "the comparison", |t| matches!(window(t).app.new_file.step, Step::Compared));
    let after = findings(&test);
    assert_eq!(before.chosen.clustering.labels, after.chosen.clustering.labels);
    let comparison = window(&test).app.new_file.comparison().unwrap().clone();
    assert_eq!((comparison.new, comparison.gone, comparison.stayed), (0, 0, before.rfm.customers.len()));
    assert!(comparison.drift.iter().all(|d| d.index == Some(0.0) && d.before == d.after));
    assert_eq!(comparison.segments_index, 0.0);
    assert_eq!(Reading::of(comparison.segments_index), Reading::Stable);
    assert!(says(&test, "No feature has drifted"));
    // Nothing is cut off on the right, where cards stand side by side neither.
    for size in [[1280.0, 800.0], [1920.0, 1080.0]] {
        test.set_size(size.into());
        test.run_steps(4);
        let right = |label: &str| test.query_all_by_label(label).next().unwrap().rect().right();
        assert!(right("Reading") <= right("Save as CSV…") && right("Reading") > right("Index"), "{size:?}");
    }
}
