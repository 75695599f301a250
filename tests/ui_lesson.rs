//! Choose k, step by step: k-means forward and back on the user's own customers, and one silhouette taken apart.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use egui::accesskit::Role;
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT, Queryable};
use quintile::app::{Command, Panel};
use quintile::cluster::silhouettes;
use quintile::ctx::Ctx;
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

/// The sentence that says on whom the first centroid stands.
fn drawn_first(test: &Test) -> String {
    let node = test.query_all_by_label_contains("stands on customer").next().expect("a first centroid");
    let node = node.accesskit_node();
    node.label().or_else(|| node.value()).expect("a label has its text")
}

fn step(test: &Test) -> usize {
    window(test).app.view.choose_k.lesson.step
}

#[test]
fn k_means_goes_forward_and_back_and_begins_again_with_another_seed() {
    let (mut test, _folder) = open(Panel::ChooseK, "Step by step");
    wait(&mut test, "the first step", |t| says(t, "Step 1, place centroid 1"));
    test.check_accessibility();
    assert!(says(&test, "had the same chance of 0.67 %"));
    // Keys and buttons do the same.
    test.key_press(egui::Key::ArrowRight);
    test.run_steps(3);
    assert_eq!(step(&test), 1);
    assert!(says(&test, "Step 2, place centroid 2") && says(&test, "times an even one; inertia fell from"));
    click(&mut test, "Step forward");
    assert_eq!(step(&test), 2);
    test.key_press(egui::Key::Escape);
    test.run_steps(2);
    click(&mut test, "Step back");
    assert_eq!(step(&test), 1);
    click(&mut test, "Last step");
    let last = step(&test);
    assert!(last > 5 && says(&test, "No customer changed its cluster"));
    assert!(control(&test, "Step forward").is_none(), "there is nothing after the last step");
    wait(&mut test, "other starts", |t| says(t, "the best of 10 starts is"));
    assert!(says(&test, "The program's own k-means"));
    click(&mut test, "First step");
    assert_eq!(step(&test), 0);

    // Another seed is another start.
    let seed = findings(&test).recipe.cluster.seed;
    assert!(says(&test, &format!("Seed {seed}")));
    let first = drawn_first(&test);
    click(&mut test, "Another seed");
    assert!(says(&test, &format!("Seed {}", seed + 1)) && says(&test, "Step 1, place centroid 1"));
    let other = drawn_first(&test);
    assert_ne!(first, other);
    click(&mut test, "Back to the first");
    assert!(says(&test, &format!("Seed {seed}")));

    // It plays by itself until it is stopped.
    click(&mut test, "Speed: Fast");
    click(&mut test, "Play");
    wait(&mut test, "a step", |t| step(t) > 1);
    click(&mut test, "Pause");
    let here = step(&test);
    test.run_steps(60);
    assert_eq!(step(&test), here);
}

#[test]
fn a_silhouette_is_what_the_engine_computes() {
    let (mut test, _folder) = open(Panel::ChooseK, "Step by step");
    click(&mut test, "Lesson: Silhouette");
    wait(&mut test, "the formula", |t| says(t, "(b − a) / max(a, b)"));
    test.check_accessibility();
    let found = findings(&test);
    let labels = &found.chosen.clustering.labels;
    let plane = found.pca.scores.slice(ndarray::s![.., ..2]);
    let flat = silhouettes(plane, &[labels], &Ctx::silent()).unwrap().remove(0).samples;
    let all = silhouettes(found.matrix.x.view(), &[labels], &Ctx::silent()).unwrap().remove(0).samples;
    let check = |test: &mut Test, customer: usize| {
        let words = |v: f64| format!("{v:.3}").replace('-', "−");
        let (here, whole) = (format!("s = {}", words(flat[customer])), words(all[customer]));
        let whole = format!("this customer's silhouette is {whole}");
        wait(test, &here, |t| says(t, &here));
        wait(test, &whole, |t| says(t, &whole));
        assert!(says(test, &format!("Customer {}, ", found.rfm.customers.ids[customer])));
    };
    let best = |by: &dyn Fn(f64) -> f64| (0..flat.len()).min_by(|&a, &b| by(flat[a]).total_cmp(&by(flat[b]))).unwrap();
    check(&mut test, best(&|s| -s));
    click(&mut test, "Someone at the border");
    check(&mut test, best(&f64::abs));
    click(&mut test, "Someone typical");
    check(&mut test, best(&|s| -s));
    assert!(window(&test).app.selection.is_empty(), "a lesson changes no selection");
}
