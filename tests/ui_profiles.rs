//! The Profiles panel in the window: its views of clusters and of RFM segments, names and notes written on the cards,
//! and segments selected from every view.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use egui::accesskit::Role;
use egui::{Event, Key, Modifiers, PointerButton, Pos2, pos2};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT, Queryable};
use quintile::app::{Command, Panel, ProfilesTab};
use quintile::pipeline::Findings;
use quintile::profile::Grouping;
use quintile::ui::Window;

type Test = Harness<'static, Option<Window>>;

/// Orders of a small shop over 2024: customers differ in how often and how lately they buy, and many buy once.
fn shop() -> String {
    let mut text = String::from("order,date,customer,product,country,amount\n");
    for c in 0..150 {
        let orders = 1 + (c * 7) % 11 / 2 * (c % 3);
        for o in 0..orders {
            let day = (c * 13 + o * 29) % 360;
            let date = chrono::NaiveDate::from_yo_opt(2024, day as u32 + 1).unwrap();
            let (product, country) = (["Tea", "Cup", "Pot"][(c + o) % 3], ["Spain", "Chile"][c % 2]);
            text +=
                &format!("{}-{o},{date},{},{product},{country},{}\n", 1000 + c, 100 + c, 5 + (c * 31 + o * 17) % 240);
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
    let shortcut = Command::Go(Panel::Profiles).shortcut().unwrap();
    test.key_press_modifiers(shortcut.modifiers, shortcut.logical_key);
    test.run_steps(4);
    (test, folder)
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

/// Waits until the analysis is done and current.
fn done(test: &mut Test) {
    wait(test, "the analysis", |t| window(t).app.session.findings().is_some());
}

/// The button of this name, which can be used.
fn control<'t>(test: &'t Test, label: &'t str) -> Option<egui_kittest::Node<'t>> {
    let can_be_used = |n: &egui_kittest::Node| {
        let node = n.accesskit_node();
        matches!(node.role(), Role::Button | Role::CheckBox | Role::RadioButton) && !node.is_disabled()
    };
    test.query_all_by_label(label).find(can_be_used)
}

fn click(test: &mut Test, label: &str) {
    wait(test, label, |t| control(t, label).is_some());
    control(test, label).expect("waited for").click();
    test.run_steps(4);
}

/// Presses and lets go of the pointer at a place.
fn click_at(test: &mut Test, at: Pos2) {
    test.hover_at(at);
    test.run_steps(2);
    for pressed in [true, false] {
        let event =
            Event::PointerButton { pos: at, button: PointerButton::Primary, pressed, modifiers: Modifiers::NONE };
        test.input_mut().events.push(event);
        test.run_steps(2);
    }
    test.run_steps(2);
}

/// A place within the chart of this title, as shares of its width and height.
fn within(test: &Test, title: &str, x: f32, y: f32) -> Pos2 {
    let rect = test.get_by_role_and_label(Role::Image, title).rect();
    pos2(rect.left() + x * rect.width(), rect.top() + y * rect.height())
}

/// Replaces what stands in the field that has the keyboard, and presses a key.
fn write(test: &mut Test, field: &str, text: &str, end: Key) {
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
    test.key_press(end);
    test.run_steps(3);
    done(test);
}

fn says(test: &Test, words: &str) -> bool {
    test.query_all_by_label_contains(words).next().is_some()
}

#[test]
fn every_view_tells_of_clusters_and_of_rfm_segments() {
    let (mut test, _folder) = open();
    let found = findings(&test);
    let rfm = &found.portraits.rfm;
    assert!(found.profiles.len() > 1 && rfm.len() > 3);
    for (grouping, name) in [(Grouping::Rfm, &rfm[0].name), (Grouping::Clusters, &found.profiles[0].name)] {
        let label = if grouping == Grouping::Rfm { "RFM segments" } else { "Clusters" };
        click(&mut test, &format!("Segments: {label}"));
        assert_eq!(window(&test).app.view.profiles.grouping, grouping);
        for tab in ProfilesTab::ALL.into_iter().rev() {
            click(&mut test, &format!("Show: {}", tab.title()));
            wait(&mut test, tab.title(), |t| match tab {
                ProfilesTab::Cards | ProfilesTab::Table => says(t, name),
                ProfilesTab::Heat => t.query_by_role_and_label(Role::Image, "How the segments differ").is_some(),
                ProfilesTab::Snake => t.query_by_role_and_label(Role::Image, "Snake plot").is_some(),
                ProfilesTab::Radar => t.query_by_role_and_label(Role::Image, "Radar").is_some(),
                ProfilesTab::Boxes => t.query_by_role_and_label(Role::Image, "Monetary by segment").is_some(),
            });
            assert!(says(&test, "What is this?"), "the drawer explains {}", tab.title());
            test.check_accessibility();
        }
    }
    // What the cards tell: products, countries and the trend.
    for words in ["Net spend per month", "Tea", "Spain", "Weekday", "Differs most in"] {
        assert!(says(&test, words), "{words}");
    }
}

#[test]
fn segments_are_selected_from_every_view() {
    let (mut test, _folder) = open();
    let found = findings(&test);
    let selected = |test: &Test| window(test).app.selection.customers.to_vec();
    click(&mut test, &format!("Select the customers of {}", found.profiles[1].name));
    assert_eq!(selected(&test), found.profiles[1].members);
    click(&mut test, "Segments: RFM segments");
    click(&mut test, &format!("Show customers of {}", found.portraits.rfm[0].name));
    assert_eq!(selected(&test), found.portraits.rfm[0].members);

    // The heat map: the cell in the middle belongs to one of the segments.
    click(&mut test, "Segments: Clusters");
    click(&mut test, "Show: Heat map");
    let at = within(&test, "How the segments differ", 0.6, 0.5);
    click_at(&mut test, at);
    assert!(found.profiles.iter().any(|p| p.members == selected(&test)));
    // The box plots: so does every place between the axes.
    click(&mut test, "Show: Box plots");
    wait(&mut test, "boxes", |t| t.query_by_role_and_label(Role::Image, "Monetary by segment").is_some());
    let at = within(&test, "Monetary by segment", 0.97, 0.5);
    click_at(&mut test, at);
    assert_eq!(selected(&test), found.profiles.last().unwrap().members);
}

#[test]
fn the_table_is_sorted_by_any_column() {
    let (mut test, _folder) = open();
    let found = findings(&test);
    click(&mut test, "Show: Table");
    let order = |test: &Test| -> Vec<usize> {
        let top = |name: &str| test.query_all_by_label(name).map(|n| n.rect().top()).fold(f32::INFINITY, f32::min);
        let mut places: Vec<(f32, usize)> = found.profiles.iter().enumerate().map(|(i, p)| (top(&p.name), i)).collect();
        places.sort_by(|a, b| a.0.total_cmp(&b.0));
        places.into_iter().map(|p| p.1).collect()
    };
    let mut by_size: Vec<usize> = (0..found.profiles.len()).collect();
    let usual = by_size.clone();
    by_size.sort_by_key(|&i| std::cmp::Reverse(found.profiles[i].customers));
    click(&mut test, "Sort by Customers");
    assert_eq!(order(&test), by_size);
    click(&mut test, "Sort by Customers");
    by_size.sort_by_key(|&i| found.profiles[i].customers);
    assert_eq!(order(&test), by_size);
    click(&mut test, "Sort by Customers");
    assert_eq!(order(&test), usual);
}

#[test]
fn a_segment_is_named_and_noted_on_its_card() {
    let (mut test, _folder) = open();
    let proposed = findings(&test).profiles[0].name.clone();
    click(&mut test, &format!("Rename {proposed}"));
    write(&mut test, &format!("Name of {proposed}"), "Never mind", Key::Escape);
    assert_eq!(findings(&test).profiles[0].name, proposed, "Escape gives up");
    assert!(window(&test).app.view.profiles.writing.is_none());

    click(&mut test, &format!("Rename {proposed}"));
    write(&mut test, &format!("Name of {proposed}"), "Our regulars", Key::Enter);
    assert_eq!(findings(&test).profiles[0].name, "Our regulars");
    assert_eq!(findings(&test).recipe.segments.named[0].name, "Our regulars");
    assert!(says(&test, "Our regulars"));

    click(&mut test, "Add a note to Our regulars");
    write(&mut test, "Note on Our regulars", "Call them in May", Key::Enter);
    assert_eq!(findings(&test).profiles[0].note, "Call them in May");
    assert!(says(&test, "Call them in May"));

    // An empty name gives the proposed one back; undo takes that back.
    click(&mut test, "Rename Our regulars");
    write(&mut test, "Name of Our regulars", "", Key::Enter);
    assert_eq!(findings(&test).profiles[0].name, proposed);
    let keys = Command::Undo.shortcut().unwrap();
    test.key_press_modifiers(keys.modifiers, keys.logical_key);
    test.run_steps(3);
    done(&mut test);
    assert_eq!(findings(&test).profiles[0].name, "Our regulars");
    // Segments of the map have their names from there.
    click(&mut test, "Segments: RFM segments");
    let name = findings(&test).portraits.rfm[0].name.clone();
    assert!(says(&test, &name) && control(&test, &format!("Rename {name}")).is_none());
}

#[test]
fn segments_stand_forward_and_back_in_the_radar() {
    let (mut test, _folder) = open();
    let found = findings(&test);
    click(&mut test, "Segments: RFM segments");
    click(&mut test, "Show: Radar");
    let (first, last) = (found.portraits.rfm[0].name.clone(), found.portraits.rfm.last().unwrap().name.clone());
    click(&mut test, &first);
    assert_eq!(window(&test).app.view.profiles.strong, Some(vec![1, 2, 3]));
    click(&mut test, &last);
    let place = found.portraits.rfm.len() - 1;
    assert_eq!(window(&test).app.view.profiles.strong, Some(vec![1, 2, 3, place]));
    // A fifth takes the place of the first.
    click(&mut test, &first);
    assert_eq!(window(&test).app.view.profiles.strong, Some(vec![2, 3, place, 0]));
}
