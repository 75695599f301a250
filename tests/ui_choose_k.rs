//! Choose k in the window: algorithms with their settings, k dragged over the criteria, silhouettes selected, a tree cut,
//! and two runs laid side by side. Widgets are found by what a person or a screen reader finds.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use egui::accesskit::Role;
use egui::{Event, Modifiers, PointerButton, Pos2, Rect, pos2};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT, Queryable};
use quintile::app::{ChooseKTab, Command, Panel};
use quintile::cluster::{Detail, compare};
use quintile::pipeline::Findings;
use quintile::recipe::{Algorithm, KChoice};
use quintile::ui::Window;

type Test = Harness<'static, Option<Window>>;

const CUSTOMERS: usize = 150;

/// A table of customers in three groups on two measures, with some in between.
fn table() -> String {
    let mut text = String::from("customer,visits,basket\n");
    for c in 0..CUSTOMERS {
        let (x, y) = [(10, 20), (60, 30), (35, 90)][c % 3];
        let spread = if c % 10 == 0 { 3 } else { 1 };
        text += &format!("{},{},{}\n", 1000 + c, x + (c * 7) % 13 * spread, y + (c * 11) % 17 * spread);
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

/// Choose k with the table open; the folder lives as long as the test.
fn open() -> (Test, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("customers.csv");
    std::fs::write(&path, table()).unwrap();
    let draw = |ui: &mut egui::Ui, window: &mut Option<Window>| {
        let ctx = ui.ctx().clone();
        window.get_or_insert_with(|| Window::new(&ctx)).ui(ui);
    };
    let mut test =
        Harness::builder().with_size(egui::vec2(1280.0, 800.0)).with_max_steps(64).build_ui_state(draw, None);
    test.run_steps(3);
    test.input_mut().dropped_files.push(Arc::new(Dropped(path)));
    test.run_steps(3);
    done(&mut test);
    press(&mut test, Command::Go(Panel::ChooseK));
    (test, folder)
}

fn press(test: &mut Test, command: Command) {
    let keys = command.shortcut().expect("it has a key");
    test.key_press_modifiers(keys.modifiers, keys.logical_key);
    test.run_steps(3);
}

fn show(test: &mut Test, tab: ChooseKTab) {
    click(test, &format!("Show: {}", tab.title()));
    assert_eq!(window(test).app.view.choose_k.tab, tab);
}

fn window(test: &Test) -> &Window {
    test.state().as_ref().expect("made in the first frame")
}

fn findings(test: &Test) -> Arc<Findings> {
    window(test).app.session.findings().expect("the analysis is done").clone()
}

fn recipe(test: &Test) -> quintile::recipe::Cluster {
    window(test).app.session.recipe().unwrap().cluster.clone()
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

fn says(test: &Test, words: &str) -> bool {
    test.query_all_by_label_contains(words).next().is_some()
}

/// Presses at one place and lets go at another.
fn drag(test: &mut Test, from: Pos2, to: Pos2) {
    test.hover_at(from);
    test.run_steps(2);
    let button = |test: &mut Test, pos, pressed| {
        let event = Event::PointerButton { pos, button: PointerButton::Primary, pressed, modifiers: Modifiers::NONE };
        test.input_mut().events.push(event);
        test.run_steps(2);
    };
    button(test, from, true);
    for step in 1..=8 {
        test.hover_at(from + (to - from) * (step as f32 / 8.0));
        test.run_steps(2);
    }
    button(test, to, false);
    test.run_steps(2);
}

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

fn pick(test: &mut Test, combo: &str, option: &str) {
    test.get_by_role_and_label(Role::ComboBox, combo).click();
    test.run_steps(4);
    let found = test.query_all_by_role_and_label(Role::Button, option).last();
    found.expect("it is offered").click();
    test.run_steps(4);
}

fn has_field(test: &Test, name: &str) -> bool {
    test.query_all_by_role_and_label(Role::SpinButton, name).next().is_some()
}

/// The picture that is also a slider.
fn slider(test: &Test, name: &str) -> Rect {
    test.get_by_role_and_label(Role::Slider, name).rect()
}

#[test]
fn an_algorithm_has_its_own_settings() {
    let (mut test, _folder) = open();
    test.check_accessibility();
    assert!(has_field(&test, "Restarts") && has_field(&test, "Smallest k"));
    pick(&mut test, "Algorithm", "Gaussian mixture");
    done(&mut test);
    assert_eq!(recipe(&test).algorithm, Algorithm::GaussianMixture);
    assert!(says(&test, "Form of the groups: Full") && has_field(&test, "Restarts"));
    pick(&mut test, "Criterion", "BIC");
    done(&mut test);
    let found = findings(&test);
    let lowest =
        found.search.rows.iter().filter(|r| r.bic.is_some()).min_by(|a, b| a.bic.unwrap().total_cmp(&b.bic.unwrap()));
    assert_eq!(found.chosen.clustering.k, lowest.unwrap().k);

    // What only mixtures have goes with them.
    pick(&mut test, "Algorithm", "Agglomerative");
    done(&mut test);
    assert!(!says(&test, "Form of the groups: Full") && !has_field(&test, "Restarts"));
    test.get_by_role_and_label(Role::ComboBox, "Linkage");
    assert_ne!(recipe(&test).k_by, quintile::recipe::KCriterion::Bic);
    assert!(matches!(findings(&test).chosen.clustering.detail, Detail::Tree(_)));
    test.check_accessibility();

    pick(&mut test, "Algorithm", "HDBSCAN");
    test.run_steps(4);
    assert!(has_field(&test, "Smallest cluster") && has_field(&test, "Neighbours"));
    assert!(!has_field(&test, "Smallest k") && control(&test, "One cluster more").is_none(), "it finds k itself");

    pick(&mut test, "Algorithm", "k-means");
    done(&mut test);
    click(&mut test, "More");
    assert!(has_field(&test, "Reference data sets") && has_field(&test, "Resamples"));
    test.check_accessibility();
}

#[test]
fn k_is_dragged_stepped_and_given_back() {
    let (mut test, _folder) = open();
    let before = findings(&test).chosen.clustering.k;
    let entries = |t: &Test| window(t).app.session.history().unwrap().entries().0.len();
    let (count, board) = (entries(&test), slider(&test, "Number of clusters"));
    let y = board.top() + 20.0;
    drag(&mut test, pos2(board.left() + 240.0, y), pos2(board.left() + 420.0, y));
    done(&mut test);
    let KChoice::Fixed(k) = recipe(&test).k else { panic!("k was dragged") };
    assert!(k > 3, "dragged to the right: {k}");
    assert_eq!(entries(&test), count + 1, "one drag is one entry");
    assert_eq!(findings(&test).chosen.clustering.k, k as usize);
    assert!(says(&test, &format!("Number of clusters: k = {k}")));

    click(&mut test, "One cluster fewer");
    done(&mut test);
    assert_eq!(recipe(&test).k, KChoice::Fixed(k - 1));
    press(&mut test, Command::MoreClusters);
    done(&mut test);
    assert_eq!(recipe(&test).k, KChoice::Fixed(k));
    click(&mut test, "Automatic");
    done(&mut test);
    assert_eq!((recipe(&test).k, findings(&test).chosen.clustering.k), (KChoice::Auto, before));

    // Everything is tested in the end, and the verdict is about all of it.
    wait(&mut test, "the tests", |t| window(t).app.session.whole().is_some());
    let verdict = window(&test).app.session.checks.ready().unwrap().verdict.clone();
    assert!(says(&test, &verdict[..verdict.len().min(30)]), "{verdict}");
}

#[test]
fn silhouettes_select_customers() {
    let (mut test, _folder) = open();
    show(&mut test, ChooseKTab::Silhouettes);
    let title = "Silhouette of each customer";
    wait(&mut test, "the silhouettes", |t| t.query_by_role_and_label(Role::Image, title).is_some());
    test.check_accessibility();
    let rect = test.get_by_role_and_label(Role::Image, title).rect();
    let found = findings(&test);
    let labels = &found.chosen.clustering.labels;

    // A drag within the uppermost cluster selects the best placed of the first cluster.
    let x = rect.left() + 300.0;
    drag(&mut test, pos2(x, rect.top() + 24.0), pos2(x, rect.top() + 60.0));
    let selection = window(&test).app.selection.clone();
    assert!(!selection.is_empty() && selection.len() < labels.len());
    assert!(selection.customers.iter().all(|&c| labels[c as usize] == 0), "{}", selection.from);
    let exact =
        quintile::cluster::silhouettes(found.matrix.x.view(), &[labels], &quintile::ctx::Ctx::silent()).unwrap();
    let value = |c: u32| exact[0].samples[c as usize];
    let least = selection.customers.iter().map(|&c| value(c)).fold(1.0, f64::min);
    let others = (0..labels.len() as u32).filter(|&c| labels[c as usize] == 0 && !selection.contains(c));
    let better = others.filter(|&c| value(c) > least).count();
    assert!(better <= 1, "{better} who lie better are not among those above");

    // More clusters than there are groups leave some nearer to a neighbour.
    for _ in 0..5 {
        press(&mut test, Command::MoreClusters);
    }
    done(&mut test);
    wait(&mut test, "the new silhouettes", |t| control(t, "Select them").is_some() || says(t, "Everybody lies nearer"));
    if control(&test, "Select them").is_some() {
        click(&mut test, "Select them");
        let found = findings(&test);
        let labels = &found.chosen.clustering.labels;
        let exact = quintile::cluster::silhouettes(found.matrix.x.view(), &[labels], &quintile::ctx::Ctx::silent());
        let below = exact.unwrap()[0].samples.iter().filter(|s| **s < 0.0).count();
        assert_eq!(window(&test).app.selection.len(), below);
    }
}

#[test]
fn a_tree_is_cut_by_dragging() {
    let (mut test, _folder) = open();
    show(&mut test, ChooseKTab::Tree);
    click(&mut test, "Cluster by agglomerative clustering");
    done(&mut test);
    assert_eq!(recipe(&test).algorithm, Algorithm::Agglomerative);
    wait(&mut test, "the tree", |t| t.query_by_role_and_label(Role::Slider, "Cut of the tree").is_some());
    test.check_accessibility();
    let tree = slider(&test, "Cut of the tree");
    let x = tree.left() + 400.0;
    // Near the top two clusters, lower down more of them.
    drag(&mut test, pos2(x, tree.top() + 80.0), pos2(x, tree.top() + 0.1 * tree.height()));
    done(&mut test);
    assert_eq!(recipe(&test).k, KChoice::Fixed(2));
    assert!(says(&test, "2 clusters"));
    drag(&mut test, pos2(x, tree.top() + 80.0), pos2(x, tree.top() + 0.9 * tree.height()));
    done(&mut test);
    let KChoice::Fixed(k) = recipe(&test).k else { panic!("the tree was cut") };
    assert!(k > 2, "{k}");
    assert_eq!(findings(&test).chosen.clustering.k, k as usize);
}

#[test]
fn two_runs_are_compared() {
    let (mut test, _folder) = open();
    let first = findings(&test);
    pick(&mut test, "Algorithm", "Agglomerative");
    done(&mut test);
    click(&mut test, "One cluster more");
    done(&mut test);
    let last = findings(&test);
    show(&mut test, ChooseKTab::Runs);
    assert_eq!(window(&test).app.runs.list().len(), 3);
    test.check_accessibility();
    click(&mut test, "Compare run 1");
    click(&mut test, "Compare run 3");
    let ids = &first.rfm.customers.ids;
    let c = compare(ids, &first.chosen.clustering.labels, ids, &last.chosen.clustering.labels);
    let rand = format!("Adjusted Rand {:.2}", c.adjusted_rand.unwrap());
    wait(&mut test, "the comparison", |t| says(t, &rand));
    test.check_accessibility();
    assert!(says(&test, "Algorithm") && says(&test, "agglomerative"));

    // A cell selects those who went from one group to the other.
    let rect = test.get_by_role_and_label(Role::Image, "From run 1 to run 3").rect();
    let mut hit = 0;
    for (x, y) in (1..8).flat_map(|x| (1..8).map(move |y| (x as f32 / 8.0, y as f32 / 8.0))) {
        let at = pos2(rect.left() + x * rect.width(), rect.top() + y * rect.height());
        click_at(&mut test, at);
        let selection = window(&test).app.selection.clone();
        if !selection.from.contains('→') || selection.is_empty() {
            continue;
        }
        let pair = |c: u32| (first.chosen.clustering.labels[c as usize], last.chosen.clustering.labels[c as usize]);
        let wanted = pair(selection.customers[0]);
        let all: Vec<u32> = (0..CUSTOMERS as u32).filter(|&c| pair(c) == wanted).collect();
        assert_eq!(*selection.customers, all);
        hit += 1;
    }
    assert!(hit > 0, "no cell was hit");

    // A name, and back to the first run's choices.
    click(&mut test, "Rename run 1");
    test.get_by_role_and_label(Role::TextInput, "Name of run 1").type_text("Where it began");
    test.run_steps(2);
    test.key_press(egui::Key::Enter);
    test.run_steps(4);
    assert_eq!(window(&test).app.runs.get(1).unwrap().name(), "Where it began");
    click(&mut test, "Use run 1");
    done(&mut test);
    assert_eq!(findings(&test).recipe.cluster, first.recipe.cluster);
    assert_eq!(window(&test).app.runs.list().len(), 3, "the same choices are the same run");
    click(&mut test, "Forget run 2");
    assert!(window(&test).app.runs.get(2).is_none());
}
