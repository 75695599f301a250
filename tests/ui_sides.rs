//! The sides of the Segments panel: what components mean, how far clusters are from each other, features side by side.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use egui::accesskit::Role;
use egui::{Event, Modifiers, PointerButton, Pos2, pos2};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT, Queryable};
use quintile::app::{Command, Panel};
use quintile::pipeline::Findings;
use quintile::ui::Window;

type Test = Harness<'static, Option<Window>>;

const CUSTOMERS: usize = 150;

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

/// A panel with the shop open; the folder lives as long as the test.
fn open(panel: Panel, tab: &str) -> (Test, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("orders.csv");
    std::fs::write(&path, shop()).unwrap();
    let draw = |ui: &mut egui::Ui, window: &mut Option<Window>| {
        let ctx = ui.ctx().clone();
        window.get_or_insert_with(|| Window::new(&ctx)).ui(ui);
    };
    let mut test =
        Harness::builder().with_size(egui::vec2(1600.0, 1100.0)).with_max_steps(64).build_ui_state(draw, None);
    test.run_steps(3);
    test.input_mut().dropped_files.push(Arc::new(Dropped(path)));
    test.run_steps(3);
    wait(&mut test, "the analysis", |t| window(t).app.session.findings().is_some());
    let shortcut = Command::Go(panel).shortcut().unwrap();
    test.key_press_modifiers(shortcut.modifiers, shortcut.logical_key);
    test.run_steps(3);
    click(&mut test, &format!("Show: {tab}"));
    (test, folder)
}

fn window(test: &Test) -> &Window {
    test.state().as_ref().expect("made in the first frame")
}

fn findings(test: &Test) -> Arc<Findings> {
    window(test).app.session.findings().expect("the analysis is done").clone()
}

/// Draws frames until `ready`, or fails after two minutes.
fn wait(test: &mut Test, what: &str, ready: impl Fn(&Test) -> bool) {
    let until = Instant::now() + Duration::from_secs(120);
    while !ready(test) {
        assert!(Instant::now() < until, "waited two minutes for {what}");
        std::thread::sleep(Duration::from_millis(5));
        test.run_steps(1);
    }
    test.run_steps(2);
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

/// Whether some text is to be read that contains these words.
fn says(test: &Test, words: &str) -> bool {
    test.query_all_by_label_contains(words).next().is_some()
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

fn drag(test: &mut Test, from: Pos2, to: Pos2) {
    test.hover_at(from);
    test.run_steps(2);
    test.drag_at(from);
    test.run_steps(2);
    for step in 1..=5 {
        test.hover_at(from + (to - from) * (step as f32 / 5.0));
        test.run_steps(2);
    }
    test.drop_at(to);
    test.run_steps(4);
}

/// A place within the chart of this title, as shares of its width and height.
fn within(test: &Test, title: &str, x: f32, y: f32) -> Pos2 {
    let rect = test.get_by_role_and_label(Role::Image, title).rect();
    pos2(rect.left() + x * rect.width(), rect.top() + y * rect.height())
}

fn has_chart(test: &Test, title: &str) -> bool {
    test.query_all_by_label(title).any(|n| n.accesskit_node().role() == Role::Image)
}

fn selected(test: &Test) -> Vec<u32> {
    window(test).app.selection.customers.to_vec()
}

#[test]
fn components_are_said_in_words_and_an_area_selects() {
    let (mut test, _folder) = open(Panel::Segments, "Components");
    wait(&mut test, "the biplot", |t| has_chart(t, "Biplot of PC1 and PC2"));
    test.check_accessibility();
    for words in ["What the components mean", " against ", "An arrow points to where its feature is high"] {
        assert!(says(&test, words), "{words}");
    }
    for chart in ["Explained variance", "Loadings"] {
        assert!(has_chart(&test, chart), "{chart}");
    }
    // An area in the middle holds those whose scores lie in it, and the selection is one for all panels.
    let (a, b) = (within(&test, "Biplot of PC1 and PC2", 0.3, 0.2), within(&test, "Biplot of PC1 and PC2", 0.7, 0.7));
    drag(&mut test, a, b);
    let found = selected(&test);
    assert!(!found.is_empty() && found.len() < CUSTOMERS, "{}", found.len());
    assert_eq!(window(&test).app.selection.from, "An area of PC1 and PC2");
    let scores = &findings(&test).pca.scores;
    let range = |side: usize| {
        let values = found.iter().map(|c| scores[[*c as usize, side]]);
        values.fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), v| (l.min(v), h.max(v)))
    };
    let (x, y) = (range(0), range(1));
    let inside = |c: usize| {
        let within = |v: f64, (low, high): (f64, f64)| (low..=high).contains(&v);
        within(scores[[c, 0]], x) && within(scores[[c, 1]], y)
    };
    assert_eq!((0..CUSTOMERS).filter(|c| inside(*c)).count(), found.len(), "nobody in the area is left out");

    // Another component is chosen.
    test.get_by_role_and_label(Role::ComboBox, "Up").click();
    test.run_steps(4);
    let option = test.query_all_by_label_contains("PC3 ·").last().expect("the third component");
    option.click();
    test.run_steps(4);
    wait(&mut test, "the other biplot", |t| has_chart(t, "Biplot of PC1 and PC3"));
    assert_eq!(window(&test).app.view.segments.sides.components, (0, 2));
}

#[test]
fn a_disc_and_a_name_select_their_cluster() {
    let (mut test, _folder) = open(Panel::Segments, "Distances");
    let title = "Intercluster distance map";
    wait(&mut test, "the map", |t| has_chart(t, title));
    test.check_accessibility();
    let found = findings(&test);
    assert!(says(&test, "Two dimensions hold") && says(&test, "Most like "));
    assert!(has_chart(&test, "Distances between centroids"));
    // The discs are somewhere on the map: every place that selects someone selects a whole cluster.
    let mut seen = std::collections::BTreeSet::new();
    for step in 0..240 {
        let at = within(&test, title, 0.04 + 0.92 * (step % 20) as f32 / 19.0, 0.06 + 0.88 * (step / 20) as f32 / 11.0);
        click_at(&mut test, at);
        let customers = selected(&test);
        if !customers.is_empty() {
            let cluster = found.profiles.iter().position(|p| p.members == customers);
            seen.insert(cluster.expect("the selection is a cluster"));
        }
    }
    assert_eq!(seen.len(), found.profiles.len(), "every cluster has its disc: {seen:?}");
    let last = found.profiles.last().unwrap();
    click(&mut test, &last.name);
    assert_eq!(selected(&test), last.members);
    assert_eq!(window(&test).app.selection.from, last.name);
}

#[test]
fn axes_are_brushed_and_moved() {
    let (mut test, _folder) = open(Panel::Segments, "Lines");
    wait(&mut test, "the lines", |t| control(t, "Brush Recency").is_some());
    test.check_accessibility();
    let found = findings(&test);
    let column = |name: &str| found.matrix.columns.iter().position(|c| c.name == name).unwrap();
    let holds = |test: &Test| -> Vec<u32> {
        let brushes = &window(test).app.view.segments.sides.lines.brushes;
        let x = &found.matrix.x;
        let inside =
            |row: &u32| brushes.iter().all(|b| (b.from..=b.to).contains(&x[[*row as usize, column(&b.feature)]]));
        (0..CUSTOMERS as u32).filter(inside).collect()
    };
    // The lower half of recency: those who bought lately.
    let axis = control(&test, "Brush Recency").unwrap().rect();
    drag(&mut test, axis.center(), axis.center_bottom() - egui::vec2(0.0, 1.0));
    let lately = selected(&test);
    assert!(!lately.is_empty() && lately.len() < CUSTOMERS);
    assert_eq!(lately, holds(&test));
    let recency = found.rfm.customers.recency();
    let worst = lately.iter().map(|c| recency[*c as usize]).fold(0.0, f64::max);
    assert!(worst < recency.iter().copied().fold(0.0, f64::max));
    // A second axis narrows the choice.
    let axis = control(&test, "Brush Monetary").unwrap().rect();
    drag(&mut test, axis.center_top() + egui::vec2(0.0, 1.0), axis.center());
    let both = selected(&test);
    assert!(both.len() < lately.len() && both.iter().all(|c| lately.contains(c)));
    assert_eq!(both, holds(&test));
    assert_eq!(window(&test).app.selection.from, "A stretch of Recency and Monetary");
    click(&mut test, "Clear brushes");
    assert!(selected(&test).is_empty());

    // The first axis moves to the right by a key, and back by the button.
    let order = |t: &Test| {
        let names: Vec<String> = found.matrix.columns.iter().map(|c| c.name.clone()).collect();
        window(t).app.view.segments.sides.lines.arranged(&names)
    };
    assert_eq!(order(&test), [0, 1, 2]);
    control(&test, "Axis Recency").unwrap().focus();
    test.run_steps(2);
    test.key_press(egui::Key::ArrowRight);
    test.run_steps(3);
    assert_eq!(order(&test), [1, 0, 2]);
    let (from, to) =
        (control(&test, "Axis Monetary").unwrap().rect(), control(&test, "Axis Frequency").unwrap().rect());
    drag(&mut test, from.center(), to.center());
    assert_eq!(order(&test), [2, 1, 0]);
    click(&mut test, "Usual order");
    assert_eq!(order(&test), [0, 1, 2]);

    click(&mut test, "Axes: Standardised");
    click(&mut test, "Picture: Snake plot");
    assert!(has_chart(&test, "Snake plot"));
    test.check_accessibility();
}
