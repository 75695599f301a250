//! Choose k, step by step: k-means forward and back on the user's own customers, and one silhouette taken apart.

#[path = "common/tables.rs"]
mod tables;
#[path = "common/window.rs"]
mod window;

use egui::Key;
use egui_kittest::kittest::{NodeT, Queryable};
use quintile::app::{ChooseKTab, Command, Panel};
use quintile::cluster::silhouettes;
use quintile::ctx::Ctx;
use window::*;

/// The lesson on a shop of 150 customers; the folder of its file lives as long as the test.
fn open() -> (Test, tempfile::TempDir) {
    let (mut test, folder) = open_text([1600.0, 1100.0], &tables::orders(150));
    press(&mut test, Command::Go(Panel::ChooseK));
    click(&mut test, &format!("Show: {}", ChooseKTab::Lesson.title()));
    (test, folder)
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
    let (mut test, _folder) = open();
    wait_for(&mut test, "Step 1, place centroid 1");
    test.check_accessibility();
    assert!(says(&test, "had the same chance of 0.67 %"));
    // Keys and buttons do the same.
    key(&mut test, Key::ArrowRight);
    assert_eq!(step(&test), 1);
    assert!(says(&test, "Step 2, place centroid 2") && says(&test, "times an even one; inertia fell from"));
    click(&mut test, "Step forward");
    assert_eq!(step(&test), 2);
    key(&mut test, Key::Escape);
    click(&mut test, "Step back");
    assert_eq!(step(&test), 1);
    click(&mut test, "Last step");
    let last = step(&test);
    assert!(last > 5 && says(&test, "No customer changed its cluster"));
    assert!(control(&test, "Step forward").is_none(), "there is nothing after the last step");
    wait_for(&mut test, "the best of 10 starts is");
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
    let (mut test, _folder) = open();
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
        wait_for(test, &here);
        wait_for(test, &whole);
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
