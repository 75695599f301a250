//! A journey in the window: a segment gets a name and a note, keeps them through other numbers of clusters wherever its
//! customers still are together, rests in words where they are not, and comes back.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use egui::accesskit::Role;
use egui::{Key, Modifiers};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT, Queryable};
use quintile::app::{Action, Command, Panel};
use quintile::pipeline::Findings;
use quintile::recipe::KChoice;
use quintile::ui::Window;

type Test = Harness<'static, Option<Window>>;

/// Orders of a shop over 2024: those who come often, those who came once, and those in between.
fn shop() -> String {
    let mut text = String::from("order,date,customer,amount\n");
    for c in 0..180 {
        let (orders, from, span) = [(14 + c % 9, 0, 360), (1, 0, 150), (3 + c % 3, 100, 200), (1, 300, 60)][c % 4];
        for o in 0..orders {
            let day = from + (c * 13 + o * 29) % span;
            let date = chrono::NaiveDate::from_yo_opt(2024, day as u32 + 1).unwrap();
            text += &format!("{c}-{o},{date},{},{}\n", 1000 + c, 5 + (c * 31 + o * 17) % 240);
        }
    }
    text
}

#[derive(Debug)]
struct Dropped(PathBuf);

impl egui::DroppedFile for Dropped {
    fn path(&self) -> &Path {
        &self.0
    }

    fn bytes(&self) -> Result<Vec<u8>, String> {
        std::fs::read(&self.0).map_err(|e| e.to_string())
    }
}

/// The Profiles panel with the shop open; the folder lives as long as the test.
fn open() -> (Test, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("orders.csv");
    std::fs::write(&path, shop()).unwrap();
    let draw = |ui: &mut egui::Ui, window: &mut Option<Window>| {
        let ctx = ui.ctx().clone();
        window.get_or_insert_with(|| Window::new(&ctx)).ui(ui);
    };
    let mut test =
        Harness::builder().with_size(egui::vec2(1500.0, 1600.0)).with_max_steps(64).build_ui_state(draw, None);
    test.run_steps(3);
    test.input_mut().dropped_files.push(Arc::new(Dropped(path)));
    test.run_steps(3);
    done(&mut test);
    press(&mut test, Command::Go(Panel::Profiles));
    set_k(&mut test, 4);
    (test, folder)
}

fn press(test: &mut Test, command: Command) {
    let keys = command.shortcut().expect("it has a key");
    test.key_press_modifiers(keys.modifiers, keys.logical_key);
    test.run_steps(3);
}

fn window(test: &Test) -> &Window {
    test.state().as_ref().expect("made in the first frame")
}

fn findings(test: &Test) -> Arc<Findings> {
    window(test).app.session.findings().expect("the analysis is done").clone()
}

/// Draws frames until `ready`, or fails after a minute.
fn wait(test: &mut Test, what: &str, ready: impl Fn(&Test) -> bool) {
    let start = Instant::now();
    while !ready(test) {
        assert!(start.elapsed() < Duration::from_secs(60), "waiting for {what}");
        test.step();
        std::thread::sleep(Duration::from_millis(2));
    }
    test.run_steps(4);
}

fn done(test: &mut Test) {
    wait(test, "the analysis", |t| window(t).app.session.findings().is_some());
}

fn set_k(test: &mut Test, k: u32) {
    let app = &mut test.state_mut().as_mut().unwrap().app;
    let mut recipe = app.session.recipe().unwrap().as_ref().clone();
    recipe.cluster.k = KChoice::Fixed(k);
    app.apply(Action::Decide { label: format!("Set k to {k}"), recipe: Box::new(recipe), merge: false });
    test.run_steps(2);
    done(test);
}

/// The button of this name, which can be used.
fn control<'t>(test: &'t Test, label: &'t str) -> Option<egui_kittest::Node<'t>> {
    let can_be_used = |n: &egui_kittest::Node| {
        let node = n.accesskit_node();
        node.role() == Role::Button && !node.is_disabled()
    };
    test.query_all_by_label(label).find(can_be_used)
}

fn click(test: &mut Test, label: &str) {
    wait(test, label, |t| control(t, label).is_some());
    control(test, label).expect("waited for").click();
    test.run_steps(4);
}

/// Replaces what stands in the field, and accepts it.
fn write(test: &mut Test, field: &str, text: &str) {
    test.get_by_role_and_label(Role::TextInput, field).focus();
    test.run_steps(2);
    test.key_press_modifiers(Modifiers::COMMAND, Key::A);
    test.run_steps(2);
    test.key_press(Key::Delete);
    test.run_steps(2);
    if !text.is_empty() {
        test.get_by_role_and_label(Role::TextInput, field).type_text(text);
        test.run_steps(2);
    }
    test.key_press(Key::Enter);
    test.run_steps(3);
    done(test);
}

fn says(test: &Test, words: &str) -> bool {
    test.query_all_by_label_contains(words).next().is_some()
}

#[test]
fn a_name_stays_with_its_customers() {
    let (mut test, _folder) = open();
    let proposed = findings(&test).profiles[0].name.clone();
    let friends = findings(&test).profiles[0].members.clone();
    click(&mut test, &format!("Rename {proposed}"));
    write(&mut test, &format!("Name of {proposed}"), "Our friends");
    click(&mut test, "Add a note to Our friends");
    write(&mut test, "Note on Our friends", "Invite them in June");
    assert_eq!(findings(&test).profiles[0].name, "Our friends");
    assert!(says(&test, "Our friends") && says(&test, "Invite them in June") && !says(&test, &proposed));

    let mut rested = 0;
    for k in [2, 3, 5, 7, 9] {
        set_k(&mut test, k);
        let now = findings(&test);
        let kept = |members: &[u32]| members.iter().filter(|m| friends.contains(m)).count();
        let holder = now.profiles.iter().find(|p| p.name == "Our friends");
        let held = now.profiles.iter().map(|p| kept(&p.members)).max().unwrap();
        println!("k {k}: {held} of {} together, in force {}", friends.len(), holder.is_some());
        match holder {
            Some(p) => {
                assert!(2 * kept(&p.members) > friends.len(), "k {k}");
                assert_eq!(p.note, "Invite them in June");
                assert!(says(&test, "Our friends"));
            }
            None => {
                rested += 1;
                assert!(2 * held <= friends.len(), "k {k}: {held} of {} together", friends.len());
                assert!(now.warnings().iter().any(|w| w.contains("\"Our friends\" rests")), "{:?}", now.warnings());
            }
        }
    }
    println!("rested {rested} times");
    set_k(&mut test, 4);
    assert_eq!(findings(&test).profiles[0].name, "Our friends", "back with its cluster");

    // Without a name of its own the note stays, and the proposed name is back; undo brings ours again.
    click(&mut test, "Rename Our friends");
    write(&mut test, "Name of Our friends", "");
    assert_eq!(findings(&test).profiles[0].name, proposed);
    assert!(says(&test, "Invite them in June"));
    press(&mut test, Command::Undo);
    done(&mut test);
    assert_eq!(findings(&test).profiles[0].name, "Our friends");
}

#[test]
fn names_stay_distinct() {
    let (mut test, _folder) = open();
    let names: Vec<String> = findings(&test).profiles.iter().map(|p| p.name.clone()).collect();
    // Another cluster's proposed name makes way.
    click(&mut test, &format!("Rename {}", names[1]));
    write(&mut test, &format!("Name of {}", names[1]), &names[0]);
    let now = findings(&test);
    assert_eq!(now.profiles[1].name, names[0]);
    assert!(now.profiles[0].name.starts_with(&names[0]) && now.profiles[0].name != names[0]);
    // A name given by hand does not.
    click(&mut test, &format!("Rename {}", names[2]));
    write(&mut test, &format!("Name of {}", names[2]), &names[0]);
    let now = findings(&test);
    assert_eq!((&now.profiles[1].name, &now.profiles[2].name), (&names[0], &format!("{} (2)", names[0])));
}
