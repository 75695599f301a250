//! Scores, segment maps and two dates in the window: bins and cut points changed, cells selected, a map painted with a
//! hole that is refused and then closed, two dates compared. Widgets are found by what a person or a screen reader finds.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use egui::accesskit::Role;
use egui::{Event, Modifiers, PointerButton, Pos2, pos2};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT, Queryable};
use quintile::app::{Command, FeaturesTab, Panel};
use quintile::pipeline::Findings;
use quintile::rfm::{MapFile, RfmOut, SegmentMap};
use quintile::ui::Window;

type Test = Harness<'static, Option<Window>>;

const CUSTOMERS: usize = 120;

/// Orders of a small shop over 2024: customers differ in how often and how lately they buy, and many buy once.
fn shop() -> String {
    let mut text = String::from("order,date,customer,amount\n");
    for c in 0..CUSTOMERS {
        let orders = 1 + (c * 7) % 11 / 2 * (c % 3);
        for o in 0..orders {
            let day = (c * 13 + o * 29) % 360;
            let date = chrono::NaiveDate::from_yo_opt(2024, day as u32 + 1).unwrap();
            text += &format!("{}-{o},{date},{},{}\n", 1000 + c, 100 + c, 5 + (c * 31 + o * 17) % 240);
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

/// The Features panel with this file open; the folder lives as long as the test.
fn open(text: &str, tab: FeaturesTab) -> (Test, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("orders.csv");
    std::fs::write(&path, text).unwrap();
    let draw = |ui: &mut egui::Ui, window: &mut Option<Window>| {
        let ctx = ui.ctx().clone();
        window.get_or_insert_with(|| Window::new(&ctx)).ui(ui);
    };
    let mut test =
        Harness::builder().with_size(egui::vec2(1400.0, 1400.0)).with_max_steps(64).build_ui_state(draw, None);
    test.run_steps(3);
    drop_file(&mut test, path);
    done(&mut test);
    let shortcut = Command::Go(Panel::Features).shortcut().unwrap();
    test.key_press_modifiers(shortcut.modifiers, shortcut.logical_key);
    test.run_steps(3);
    show(&mut test, tab);
    (test, folder)
}

fn drop_file(test: &mut Test, path: PathBuf) {
    test.input_mut().dropped_files.push(Arc::new(Dropped(path)));
    test.run_steps(3);
}

fn show(test: &mut Test, tab: FeaturesTab) {
    if window(test).app.view.features.tab != tab {
        click(test, &format!("Show: {}", tab.title()));
    }
    assert_eq!(window(test).app.view.features.tab, tab);
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

/// Replaces what stands in a field and leaves it.
fn write(test: &mut Test, field: &str, text: &str) {
    test.get_by_role_and_label(Role::TextInput, field).focus();
    test.run_steps(2);
    test.key_press_modifiers(Modifiers::COMMAND, egui::Key::A);
    test.run_steps(2);
    test.get_by_role_and_label(Role::TextInput, field).type_text(text);
    test.run_steps(2);
    test.key_press(egui::Key::Enter);
    test.run_steps(3);
}

fn undo(test: &mut Test) {
    let keys = Command::Undo.shortcut().unwrap();
    test.key_press_modifiers(keys.modifiers, keys.logical_key);
    test.run_steps(3);
    done(test);
}

/// Customers with these scores of recency and frequency, counted here.
fn with_scores(rfm: &RfmOut, r: u8, f: u8) -> Vec<u32> {
    let has = |i: &u32| rfm.scores[0].scores[*i as usize] == r && rfm.scores[1].scores[*i as usize] == f;
    (0..rfm.customers.len() as u32).filter(has).collect()
}

#[test]
fn bins_and_cut_points_are_changed_and_cells_select() {
    let (mut test, _folder) = open(&shop(), FeaturesTab::Rfm);
    test.check_accessibility();
    assert_eq!(findings(&test).rfm.scores[0].sizes.len(), 5);
    click(&mut test, "Fewer scores");
    done(&mut test);
    let rfm = findings(&test).rfm.clone();
    assert_eq!(rfm.scores[0].sizes.len(), 4);
    assert_eq!(rfm.map.scores, 4);

    // Cut points by hand: what they make is what is shown; a wrong number of them changes nothing.
    write(&mut test, "Cut points of recency", "30; 90; 200");
    done(&mut test);
    let found = findings(&test);
    assert_eq!(found.recipe.rfm.recency_cuts, Some(vec![30.0, 90.0, 200.0]));
    let recency = found.rfm.customers.recency();
    let lately = recency.iter().filter(|days| **days <= 30.0).count();
    assert_eq!(found.rfm.scores[0].sizes[3], lately);
    click(&mut test, &format!("R 4: {} customers", lately));
    assert_eq!(window(&test).app.selection.len(), lately);
    write(&mut test, "Cut points of recency", "30; 90");
    assert_eq!(window(&test).app.session.recipe().unwrap().rfm.recency_cuts, Some(vec![30.0, 90.0, 200.0]));

    // A line is dragged; one drag is one entry of the history.
    let entries = window(&test).app.session.history().unwrap().entries().0.len();
    let from = test.query_all_by_label_contains("Cut 2 of Recency").next().expect("the second line").rect().center();
    test.hover_at(from);
    test.run_steps(2);
    test.drag_at(from);
    test.run_steps(2);
    for step in 1..=6 {
        test.hover_at(from + egui::vec2(4.0 * step as f32, 0.0));
        test.run_steps(2);
    }
    test.drop_at(from + egui::vec2(24.0, 0.0));
    test.run_steps(2);
    done(&mut test);
    let cuts = findings(&test).recipe.rfm.recency_cuts.clone().unwrap();
    assert!(cuts[1] > 90.0 && cuts[1] <= 200.0, "{cuts:?}");
    assert_eq!((cuts[0], cuts[2]), (30.0, 200.0));
    let (all, at) = window(&test).app.session.history().unwrap().entries();
    assert_eq!(all.len(), entries + 1);
    assert_eq!(all[at].label, format!("Move cut 2 of recency to {}", cuts[1]));

    click(&mut test, "Back to quantiles of recency");
    done(&mut test);
    assert_eq!(findings(&test).recipe.rfm.recency_cuts, None);

    // The best cell stands at the top right.
    let rfm = findings(&test).rfm.clone();
    let at = within(&test, "Customers by recency and frequency score", 0.9, 0.1);
    click_at(&mut test, at);
    let selection = window(&test).app.selection.clone();
    assert!(selection.from.contains("R 4, F 4"), "{}", selection.from);
    assert_eq!(*selection.customers, with_scores(&rfm, 4, 4));

    // Every view can be drawn, with and without a selection, and is linked to it.
    for view in ["Areas", "Medians", "Histograms", "Scatter", "Grid"] {
        click(&mut test, &format!("View: {view}"));
        test.check_accessibility();
    }
    click(&mut test, "View: Areas");
    let at = within(&test, "Segments by customers", 0.05, 0.1);
    click_at(&mut test, at);
    let selection = window(&test).app.selection.clone();
    let segment = rfm.map.segments.iter().position(|s| s.name == selection.from).expect("a segment") as u8;
    let members: Vec<u32> = (0..rfm.segment.len() as u32).filter(|i| rfm.segment[*i as usize] == segment).collect();
    assert_eq!(*selection.customers, members);
    let largest = (0..rfm.map.segments.len()).map(|s| rfm.segment.iter().filter(|x| **x as usize == s).count()).max();
    assert_eq!(Some(members.len()), largest, "the largest tile stands at the top left");
}

#[test]
fn a_map_with_a_hole_is_refused_and_the_closed_one_is_used() {
    let (mut test, folder) = open(&shop(), FeaturesTab::Map);
    test.check_accessibility();
    let before = findings(&test).rfm.clone();
    click(&mut test, "R 5, F 1: New");
    assert_eq!(*window(&test).app.selection.customers, with_scores(&before, 5, 1));

    click(&mut test, "Edit as own map");
    test.check_accessibility();
    click(&mut test, "Eraser");
    click(&mut test, "R 5, F 1: New");
    assert!(control(&test, "Apply").is_none(), "a map with a gap cannot be applied");
    assert!(test.query_all_by_label_contains("It has a gap: 1 of 25").next().is_some());
    assert!(findings(&test).recipe.rfm.own_map.is_none());

    // The hole is closed, but a name is left without a cell.
    click(&mut test, "Paint Champions");
    click(&mut test, "R 5, F 1: no segment");
    assert!(control(&test, "Apply").is_none());
    assert!(test.query_all_by_label_contains("No combination of scores leads to \"New\"").next().is_some());
    click(&mut test, "Delete New");
    let moved = with_scores(&before, 5, 1).len();
    assert!(test.query_all_by_label_contains("change segment").next().is_some() || moved == 1);
    click(&mut test, "Apply");
    done(&mut test);
    let after = findings(&test).rfm.clone();
    let name = |rfm: &RfmOut, i: u32| rfm.map.segments[usize::from(rfm.segment[i as usize])].name.clone();
    for i in 0..after.customers.len() as u32 {
        let expected = match name(&before, i).as_str() {
            "New" => "Champions".to_string(),
            other => other.to_string(),
        };
        assert_eq!(name(&after, i), expected);
    }
    undo(&mut test);
    assert_eq!(findings(&test).rfm.segment, before.segment);

    // A map that is dropped here is looked at first, and counts once it is applied.
    let mut file = SegmentMap::grid_10().to_file();
    file.title = "Ours".into();
    file.segment[0].name = "Best".into();
    for cell in file.grid.values_mut().flatten().filter(|c| *c == "Champions") {
        *cell = "Best".into();
    }
    let path = folder.path().join("ours.toml");
    std::fs::write(&path, file.to_toml()).unwrap();
    drop_file(&mut test, path);
    assert!(findings(&test).recipe.rfm.own_map.is_none());
    click(&mut test, "Apply");
    done(&mut test);
    assert_eq!(findings(&test).recipe.rfm.own_map, Some(MapFile::from_toml(&file.to_toml()).unwrap()));
    assert_eq!(findings(&test).rfm.map.segments[0].name, "Best");
}

#[test]
fn maps_of_three_axes_are_drawn_and_chosen() {
    let (mut test, _folder) = open(&shop(), FeaturesTab::Map);
    for (name, title) in SegmentMap::names() {
        test.get_by_role_and_label(Role::ComboBox, "Segment map").click();
        test.run_steps(4);
        if let Some(option) = test.query_all_by_role_and_label(Role::Button, &title).last() {
            option.click();
        }
        test.run_steps(4);
        done(&mut test);
        assert_eq!(findings(&test).recipe.rfm.map, name);
        test.check_accessibility();
    }
    click(&mut test, "Edit as own map");
    click(&mut test, "Goes by: R × F × M");
    test.check_accessibility();
    assert_eq!(window(&test).app.view.rfm.draft.as_ref().unwrap().cells.len(), 125);
    click(&mut test, "Discard");
    assert!(window(&test).app.view.rfm.draft.is_none());
}

#[test]
fn two_dates_are_compared_and_a_cell_selects() {
    let (mut test, _folder) = open(&shop(), FeaturesTab::Dates);
    click(&mut test, "Compare with 90 days before");
    done(&mut test);
    test.check_accessibility();
    let found = findings(&test);
    let migration = found.migration.as_ref().as_ref().expect("compared");
    assert_eq!((migration.to - migration.from).num_days(), 90);
    let title = format!("From {} to {}", migration.from, migration.to);
    let name =
        |s: Option<u8>, none: &str| s.map_or(none.to_string(), |s| migration.map.segments[usize::from(s)].name.clone());
    let mut hit = 0;
    for (x, y) in (3..10).flat_map(|x| (0..8).map(move |y| (x as f32 / 10.0, y as f32 / 10.0 + 0.05))) {
        let at = within(&test, &title, x, y);
        click_at(&mut test, at);
        let selection = window(&test).app.selection.clone();
        let Some((from, to)) = selection.from.split_once(" → ") else { continue };
        let went =
            migration.customers.iter().filter(|c| name(c.from, "Not yet seen") == from && name(c.to, "Gone") == to);
        let mut places: Vec<u32> = went.filter_map(|c| c.place).collect();
        places.sort_unstable();
        assert_eq!(*selection.customers, places);
        hit += 1;
    }
    assert!(hit > 3, "cells were hit {hit} times");
    test.query_all_by_label("Save these customers…").next().expect("a cell can be saved");

    for view in ["Flow", "Moved up", "Slipping"] {
        click(&mut test, &format!("View: {view}"));
        test.check_accessibility();
    }
    click(&mut test, "Compare with no other date");
    done(&mut test);
    assert!(findings(&test).migration.is_none());
}

#[test]
fn a_table_without_purchases_says_why_there_is_nothing() {
    let mut text = String::from("Age,Annual income,Spending score\n");
    for i in 0..60 {
        text += &format!("{},{},{}\n", 20 + i % 40, 15 + i * 2, (i * 37) % 100);
    }
    let (mut test, _folder) = open(&text, FeaturesTab::Rfm);
    for tab in [FeaturesTab::Rfm, FeaturesTab::Map, FeaturesTab::Dates] {
        show(&mut test, tab);
        assert!(test.query_all_by_label_contains("has no recency and frequency").next().is_some(), "{tab:?}");
        test.check_accessibility();
    }
    click(&mut test, "Go to the features");
    assert_eq!(window(&test).app.view.features.tab, FeaturesTab::Features);
}
