//! The sides of the Segments panel: what components mean, how far clusters are from each other, features side by side.

#[path = "common/tables.rs"]
mod tables;
#[path = "common/window.rs"]
mod window;

use egui::Key;
use egui::accesskit::Role;
use egui_kittest::kittest::Queryable;
use quintile::app::{Command, Panel};
use window::*;

const CUSTOMERS: usize = 150;

/// A side of the Segments panel with a small shop open; the folder lives as long as the test.
fn open(side: &str) -> (Test, tempfile::TempDir) {
    let (mut test, folder) = open_text([1600.0, 1100.0], &tables::orders(CUSTOMERS));
    press(&mut test, Command::Go(Panel::Segments));
    click(&mut test, &format!("Show: {side}"));
    (test, folder)
}

#[test]
fn components_are_said_in_words_and_an_area_selects() {
    let (mut test, _folder) = open("Components");
    wait(&mut test, "the biplot", |t| has_picture(t, "Biplot of PC1 and PC2"));
    test.check_accessibility();
    for words in ["What the components mean", " against ", "An arrow points to where its feature is high"] {
        assert!(says(&test, words), "{words}");
    }
    for chart in ["Explained variance", "Loadings"] {
        assert!(has_picture(&test, chart), "{chart}");
    }
    // An area in the middle holds those whose scores lie in it, and the selection is one for all panels.
    let biplot = picture(&test, "Biplot of PC1 and PC2");
    drag(&mut test, within(biplot, 0.3, 0.2), within(biplot, 0.7, 0.7));
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
    wait(&mut test, "the other biplot", |t| has_picture(t, "Biplot of PC1 and PC3"));
    assert_eq!(window(&test).app.view.segments.sides.components, (0, 2));
}

#[test]
fn a_disc_and_a_name_select_their_cluster() {
    let (mut test, _folder) = open("Distances");
    let title = "Intercluster distance map";
    wait(&mut test, "the map", |t| has_picture(t, title));
    test.check_accessibility();
    let found = findings(&test);
    assert!(says(&test, "Two dimensions hold") && says(&test, "Most like "));
    assert!(has_picture(&test, "Distances between centroids"));
    // The discs are somewhere on the map: every place that selects someone selects a whole cluster.
    let mut seen = std::collections::BTreeSet::new();
    for step in 0..240 {
        let at = within(
            picture(&test, title),
            0.04 + 0.92 * (step % 20) as f32 / 19.0,
            0.06 + 0.88 * (step / 20) as f32 / 11.0,
        );
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
    let (mut test, _folder) = open("Lines");
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
    key(&mut test, Key::ArrowRight);
    assert_eq!(order(&test), [1, 0, 2]);
    let (from, to) =
        (control(&test, "Axis Monetary").unwrap().rect(), control(&test, "Axis Frequency").unwrap().rect());
    drag(&mut test, from.center(), to.center());
    assert_eq!(order(&test), [2, 1, 0]);
    click(&mut test, "Usual order");
    assert_eq!(order(&test), [0, 1, 2]);

    click(&mut test, "Axes: Standardised");
    click(&mut test, "Picture: Snake plot");
    assert!(has_picture(&test, "Snake plot"));
    test.check_accessibility();
}
