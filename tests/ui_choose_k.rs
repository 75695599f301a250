//! Choose k in the window: algorithms with their settings, k dragged over the criteria, silhouettes selected, a tree cut,
//! and two runs laid side by side. Widgets are found by what a person or a screen reader finds.

#[path = "common/window.rs"]
mod window;

use egui::accesskit::Role;
use egui::{Key, Rect, pos2};
use egui_kittest::kittest::Queryable;
use quintile::app::{ChooseKTab, Command, Panel};
use quintile::cluster::{Detail, compare};
use quintile::recipe::{Algorithm, KChoice};
use window::*;

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

/// Choose k with the table open; the folder lives as long as the test.
fn open() -> (Test, tempfile::TempDir) {
    let (mut test, folder) = open_text([1280.0, 800.0], &table());
    press(&mut test, Command::Go(Panel::ChooseK));
    (test, folder)
}

fn show(test: &mut Test, tab: ChooseKTab) {
    click(test, &format!("Show: {}", tab.title()));
    assert_eq!(window(test).app.view.choose_k.tab, tab);
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
    assert_eq!(recipe(&test).cluster.algorithm, Algorithm::GaussianMixture);
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
    assert_ne!(recipe(&test).cluster.k_by, quintile::recipe::KCriterion::Bic);
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
    let (count, board) = (decisions(&test).0.len(), slider(&test, "Number of clusters"));
    let y = board.top() + 20.0;
    drag(&mut test, pos2(board.left() + 240.0, y), pos2(board.left() + 420.0, y));
    done(&mut test);
    let KChoice::Fixed(k) = recipe(&test).cluster.k else { panic!("k was dragged") };
    assert!(k > 3, "dragged to the right: {k}");
    assert_eq!(decisions(&test).0.len(), count + 1, "one drag is one entry");
    assert_eq!(findings(&test).chosen.clustering.k, k as usize);
    assert!(says(&test, &format!("Number of clusters: k = {k}")));

    click(&mut test, "One cluster fewer");
    done(&mut test);
    assert_eq!(recipe(&test).cluster.k, KChoice::Fixed(k - 1));
    press(&mut test, Command::MoreClusters);
    done(&mut test);
    assert_eq!(recipe(&test).cluster.k, KChoice::Fixed(k));
    click(&mut test, "Automatic");
    done(&mut test);
    assert_eq!((recipe(&test).cluster.k, findings(&test).chosen.clustering.k), (KChoice::Auto, before));

    // Everything is tested in the end, and the verdict is about all of it.
    whole(&mut test);
    let verdict = window(&test).app.session.checks.ready().unwrap().verdict.clone();
    assert!(says(&test, &verdict[..verdict.len().min(30)]), "{verdict}");
}

#[test]
fn silhouettes_select_customers() {
    let (mut test, _folder) = open();
    show(&mut test, ChooseKTab::Silhouettes);
    let title = "Silhouette of each customer";
    wait(&mut test, "the silhouettes", |t| has_picture(t, title));
    test.check_accessibility();
    let rect = picture(&test, title);
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
    assert_eq!(recipe(&test).cluster.algorithm, Algorithm::Agglomerative);
    wait(&mut test, "the tree", |t| t.query_by_role_and_label(Role::Slider, "Cut of the tree").is_some());
    test.check_accessibility();
    let tree = slider(&test, "Cut of the tree");
    let x = tree.left() + 400.0;
    // Near the top two clusters, lower down more of them.
    drag(&mut test, pos2(x, tree.top() + 80.0), pos2(x, tree.top() + 0.1 * tree.height()));
    done(&mut test);
    assert_eq!(recipe(&test).cluster.k, KChoice::Fixed(2));
    assert!(says(&test, "2 clusters"));
    drag(&mut test, pos2(x, tree.top() + 80.0), pos2(x, tree.top() + 0.9 * tree.height()));
    done(&mut test);
    let KChoice::Fixed(k) = recipe(&test).cluster.k else { panic!("the tree was cut") };
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
    wait_for(&mut test, &rand);
    test.check_accessibility();
    assert!(says(&test, "Algorithm") && says(&test, "agglomerative"));

    // A cell selects those who went from one group to the other.
    let rect = picture(&test, "From run 1 to run 3");
    let mut hit = 0;
    for (x, y) in (1..8).flat_map(|x| (1..8).map(move |y| (x as f32 / 8.0, y as f32 / 8.0))) {
        click_at(&mut test, within(rect, x, y));
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
    key(&mut test, Key::Enter);
    assert_eq!(window(&test).app.runs.get(1).unwrap().name(), "Where it began");
    click(&mut test, "Use run 1");
    done(&mut test);
    assert_eq!(findings(&test).recipe.cluster, first.recipe.cluster);
    assert_eq!(window(&test).app.runs.list().len(), 3, "the same choices are the same run");
    click(&mut test, "Forget run 2");
    assert!(window(&test).app.runs.get(2).is_none());
}
