//! Saving, keeping and opening by the window's state alone: what comes of answers that cross.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crate::app::{Action, App, Command, ProjectAction};
use crate::ctx::Ctx;
use crate::project::{self, Project};
use crate::recipe::{History, Recipe};

struct Place {
    folder: tempfile::TempDir,
}

impl Place {
    fn new() -> Place {
        Place { folder: tempfile::tempdir().unwrap() }
    }

    fn at(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// A file that is there; what stands in it does not matter.
    fn data(&self, name: &str) -> PathBuf {
        std::fs::write(self.at(name), "a,b\n1,2\n").unwrap();
        self.at(name)
    }

    /// A project that somebody saved.
    fn project(&self, name: &str, notes: &str) -> PathBuf {
        let history = History::new("Open shop.csv", Recipe::for_file(self.data("shop.csv")));
        let (runs, view, origin) = (Default::default(), serde_json::Value::Null, None);
        let project = Project { history, runs, view, notes: notes.into(), data_inside: false, origin };
        project::save(&project, &self.at(name), &Ctx::silent()).unwrap();
        self.at(name)
    }

    /// Files of work that was written down.
    fn works(&self, folder: &str) -> Vec<PathBuf> {
        let entries = std::fs::read_dir(self.at(folder)).into_iter().flatten().map(|e| e.unwrap().path());
        entries.filter(|p| project::is_project(p)).collect()
    }
}

fn window() -> App {
    App::new(|| ())
}

/// One frame without a picture.
fn frame(app: &mut App) {
    while app.drain(Duration::from_millis(10)) {}
    app.end_frame();
}

fn until(app: &mut App, what: &str, done: impl Fn(&App) -> bool) {
    let start = Instant::now();
    while !done(app) {
        assert!(start.elapsed() < Duration::from_secs(60), "{what} never came");
        frame(app);
        std::thread::sleep(Duration::from_millis(2));
    }
}

/// The same while the window stands still.
fn wait(what: &str, done: impl Fn() -> bool) {
    let start = Instant::now();
    while !done() {
        assert!(start.elapsed() < Duration::from_secs(60), "{what} never came");
        std::thread::sleep(Duration::from_millis(2));
    }
}

/// Until the thread has answered and the window has not heard of it yet.
fn answered(app: &App) {
    wait("the answer", || app.threads.has_answered());
}

fn decide(app: &mut App, seed: u64) {
    let mut recipe = Recipe::clone(app.session.recipe().unwrap());
    recipe.cluster.seed = seed;
    let label = format!("Set the seed to {seed}");
    app.apply(Action::Decide { label, recipe: Box::new(recipe), merge: false });
    app.end_frame();
}

fn save_as(app: &mut App, path: &Path) {
    app.apply(ProjectAction::SaveAs(path.to_path_buf()).into());
}

fn seed(path: &Path) -> u64 {
    project::recipe_in(path).unwrap().cluster.seed
}

fn notes(path: &Path) -> String {
    project::open(path, path.parent().unwrap(), &Ctx::silent()).unwrap().project.notes
}

fn said(app: &mut App, words: &str) -> usize {
    app.take_notices().iter().filter(|n| n.text.contains(words)).count()
}

/// A window with unsaved work on a file, which is written down.
fn at_work(place: &Place, seed: u64) -> App {
    let mut app = window();
    app.keep_work_in(place.at("unsaved"));
    app.open(&place.data("shop.csv"));
    decide(&mut app, seed);
    until(&mut app, "the work", |_| !place.works("unsaved").is_empty());
    app
}

#[test]
fn what_was_saved_right_before_the_window_closed_is_not_offered_again() {
    let place = Place::new();
    let mut app = at_work(&place, 5);
    save_as(&mut app, &place.at("p.quintile"));
    drop(app);
    assert_eq!(seed(&place.at("p.quintile")), 5);
    assert_eq!(place.works("unsaved"), [PathBuf::new(); 0]);
}

#[test]
fn what_was_decided_while_it_was_being_saved_is_kept_where_the_window_closes() {
    let place = Place::new();
    let mut app = at_work(&place, 5);
    save_as(&mut app, &place.at("p.quintile"));
    decide(&mut app, 6);
    drop(app);
    assert_eq!(seed(&place.at("p.quintile")), 5);
    assert_eq!(place.works("unsaved").iter().map(|file| seed(file)).collect::<Vec<_>>(), [6]);
}

#[test]
fn a_save_that_waits_for_another_one_is_done_before_the_window_closes() {
    let place = Place::new();
    let mut app = at_work(&place, 5);
    save_as(&mut app, &place.at("p.quintile"));
    decide(&mut app, 6);
    save_as(&mut app, &place.at("p.quintile"));
    save_as(&mut app, &place.at("copy.quintile"));
    drop(app);
    assert_eq!((seed(&place.at("p.quintile")), seed(&place.at("copy.quintile"))), (6, 6));
    assert_eq!(place.works("unsaved"), [PathBuf::new(); 0]);
}

#[test]
fn a_place_that_cannot_be_written_to_does_not_keep_the_next_one_from_being() {
    let place = Place::new();
    let mut app = at_work(&place, 5);
    save_as(&mut app, &place.at("nowhere/p.quintile"));
    save_as(&mut app, &place.at("p.quintile"));
    until(&mut app, "saving", |app| app.project.path.is_some() && !app.project.busy);
    assert_eq!((seed(&place.at("p.quintile")), app.project.unsaved), (5, false));
}

#[test]
fn work_that_is_being_saved_while_something_else_is_opened_is_not_kept_as_unsaved() {
    let place = Place::new();
    let mut app = at_work(&place, 5);
    app.take_notices();
    save_as(&mut app, &place.at("p.quintile"));
    app.open(&place.data("other.csv"));
    wait("the end of the work", || place.works("unsaved").is_empty());
    answered(&app);
    frame(&mut app);
    let notices = app.take_notices();
    assert!(notices.iter().any(|n| n.text.starts_with("Saved: ")), "{notices:?}");
    assert!(!notices.iter().any(|n| n.text.contains("offered again")), "{notices:?}");
    assert_eq!((app.project.path.clone(), app.project.busy), (None, false));

    // What cannot be saved stays, and that is said.
    decide(&mut app, 7);
    save_as(&mut app, &place.at("nowhere/p.quintile"));
    app.open(&place.data("third.csv"));
    answered(&app);
    frame(&mut app);
    assert_eq!(said(&mut app, "offered again at the next start"), 1);
    until(&mut app, "the work", |_| place.works("unsaved").iter().any(|file| seed(file) == 7));
}

#[test]
fn what_somebody_wrote_after_it_was_read_is_not_written_over() {
    let place = Place::new();
    let path = place.project("p.quintile", "mine");
    let mut app = window();
    app.open(&path);
    // It is read, and the window does not know it yet.
    answered(&app);
    place.project("p.quintile", "somebody else's, meanwhile");
    until(&mut app, "the project", |app| app.project.path.is_some());
    decide(&mut app, 5);
    app.apply(Action::Command(Command::SaveProject));
    until(&mut app, "the answer", |app| !app.project.busy);
    assert_eq!(said(&mut app, "was changed by another program or window"), 1);
    assert!(app.project.unsaved);
    assert_eq!(notes(&path), "somebody else's, meanwhile");

    // Whoever saves again replaces what was there then, and no other.
    place.project("p.quintile", "somebody else's, once more again");
    app.apply(Action::Command(Command::SaveProject));
    until(&mut app, "the answer", |app| !app.project.busy);
    assert!(app.project.unsaved);
    app.apply(Action::Command(Command::SaveProject));
    until(&mut app, "saving", |app| !app.project.unsaved);
    assert_eq!((notes(&path).as_str(), seed(&path)), ("mine", 5));

    // The same after a save of one's own.
    decide(&mut app, 6);
    app.apply(Action::Command(Command::SaveProject));
    answered(&app);
    place.project("p.quintile", "somebody else's, after it was saved");
    until(&mut app, "saving", |app| !app.project.unsaved);
    decide(&mut app, 7);
    app.apply(Action::Command(Command::SaveProject));
    until(&mut app, "the answer", |app| !app.project.busy);
    assert!(app.project.unsaved);
    assert_eq!(notes(&path), "somebody else's, after it was saved");
}

#[test]
fn recovered_work_is_not_saved_over_a_project_that_was_changed_since() {
    let place = Place::new();
    let path = place.project("p.quintile", "mine");
    let mut app = window();
    app.keep_work_in(place.at("unsaved"));
    app.open(&path);
    until(&mut app, "the project", |app| app.project.path.is_some());
    decide(&mut app, 5);
    until(&mut app, "the work", |_| !place.works("unsaved").is_empty());
    // As if the program had been killed: its files stay, and nobody holds the lock.
    std::fs::create_dir(place.at("left")).unwrap();
    for entry in std::fs::read_dir(place.at("unsaved")).unwrap() {
        let entry = entry.unwrap();
        std::fs::copy(entry.path(), place.at("left").join(entry.file_name())).unwrap();
    }
    place.project("p.quintile", "somebody else's, before it was recovered");

    let mut next = window();
    next.keep_work_in(place.at("left"));
    let unsaved = next.project.left_behind[0].file.clone();
    next.apply(ProjectAction::Recover(unsaved).into());
    until(&mut next, "the work", |app| app.project.path.is_some());
    next.apply(Action::Command(Command::SaveProject));
    until(&mut next, "the answer", |app| !app.project.busy);
    assert_eq!(said(&mut next, "was changed by another program or window"), 1);
    assert_eq!(notes(&path), "somebody else's, before it was recovered");
    next.apply(Action::Command(Command::SaveProject));
    until(&mut next, "saving", |app| !app.project.unsaved);
    assert_eq!((notes(&path).as_str(), seed(&path)), ("mine", 5));
}

#[test]
fn a_project_that_comes_after_something_else_was_opened_is_not_taken() {
    let place = Place::new();
    let path = place.project("p.quintile", "mine");
    let mut app = window();
    app.open(&path);
    answered(&app);
    app.open(&place.data("other.csv"));
    frame(&mut app);
    assert_eq!((app.project.path.clone(), app.project.busy), (None, false));
    assert_eq!(app.session.recipe().unwrap().input.files, [place.at("other.csv")]);
    // Of two the last one is taken.
    app.open(&path);
    answered(&app);
    app.open(&place.project("q.quintile", "another"));
    until(&mut app, "the project", |app| app.project.path.is_some());
    assert_eq!(app.project.notes, "another");
}

#[test]
fn work_that_cannot_be_recovered_is_offered_again() {
    let place = Place::new();
    place.project("offered", "work");
    std::fs::create_dir(place.at("left")).unwrap();
    std::fs::rename(place.at("offered"), place.at("left/1-1-1.quintile")).unwrap();
    std::fs::write(place.at("left/1-1.lock"), "").unwrap();
    let mut app = window();
    app.keep_work_in(place.at("left"));
    let [offered] = &app.project.left_behind[..] else { panic!("{:?}", app.project.left_behind) };
    let (offered, whole) = (offered.clone(), std::fs::read(&offered.file).unwrap());
    std::fs::write(&offered.file, "no project any more").unwrap();
    app.apply(ProjectAction::Recover(offered.file.clone()).into());
    assert!(app.project.left_behind.is_empty(), "it is being recovered");
    until(&mut app, "the answer", |app| !app.project.busy);
    assert_eq!(app.project.left_behind, std::slice::from_ref(&offered));
    // Something else is opened before it is there.
    std::fs::write(&offered.file, whole).unwrap();
    app.apply(ProjectAction::Recover(offered.file.clone()).into());
    app.open(&place.data("other.csv"));
    answered(&app);
    frame(&mut app);
    assert_eq!(app.project.left_behind, [offered]);
    assert_eq!(app.project.notes, "");
}

#[test]
fn work_is_written_down_again_once_that_can_be_done() {
    let place = Place::new();
    let mut app = at_work(&place, 5);
    app.take_notices();
    std::fs::remove_dir_all(place.at("unsaved")).unwrap();
    decide(&mut app, 6);
    until(&mut app, "the failure", |app| app.keeping.failed);
    assert_eq!(said(&mut app, "cannot be written down"), 1);
    // It fails for the next analysis as well, which is neither said nor forgotten.
    app.open(&place.data("other.csv"));
    assert_eq!(said(&mut app, "could not be written down"), 1);
    decide(&mut app, 7);
    assert!(app.keeping.failed);
    std::fs::create_dir(place.at("unsaved")).unwrap();
    // Nobody decides anything more.
    until(&mut app, "the work", |app| !app.keeping.failed);
    let mut seeds: Vec<u64> = place.works("unsaved").iter().map(|file| seed(file)).collect();
    seeds.sort_unstable();
    assert_eq!(seeds, [6, 7]);
    assert_eq!(said(&mut app, "cannot be written down"), 0);
}

#[test]
fn decisions_that_come_with_a_project_were_not_made_now() {
    let place = Place::new();
    let mut app = window();
    app.open(&place.project("p.quintile", "mine"));
    until(&mut app, "the project", |app| app.project.path.is_some());
    decide(&mut app, 5);
    let entries = app.session.history().unwrap().entries().0;
    let when: Vec<bool> = entries.iter().map(|e| app.trail.when(&e.recipe).is_some()).collect();
    assert_eq!(when, [false, true]);
}

#[test]
fn what_is_known_of_decisions_stays_where_their_file_is_found_elsewhere() {
    let place = Place::new();
    let mut app = window();
    app.open(&place.data("shop.csv"));
    decide(&mut app, 5);
    let when = |app: &App| {
        let entries = app.session.history().unwrap().entries().0;
        entries.iter().map(|e| app.trail.when(&e.recipe)).collect::<Vec<_>>()
    };
    let before = when(&app);
    assert!(before.iter().all(Option::is_some));
    app.apply(ProjectAction::Relink(place.at("shop.csv"), Some(place.data("moved.csv"))).into());
    assert_eq!(app.session.recipe().unwrap().input.files, [place.at("moved.csv")]);
    assert_eq!(when(&app), before);
}
