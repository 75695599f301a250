//! The map of customers in the window: legend, boxes and lassos, colours and axes by feature, t-SNE started and stopped,
//! three dimensions. Widgets are found by what a person or a screen reader finds.

#[path = "common/tables.rs"]
mod tables;
#[path = "common/window.rs"]
mod window;

use egui::{Key, Modifiers, Pos2, Rect};
use egui_kittest::kittest::Queryable;
use quintile::app::{Axes, Command, MapColor, Panel};
use window::*;

const CUSTOMERS: usize = 120;

/// The map of a small shop; the folder of its file lives as long as the test.
fn open() -> (Test, tempfile::TempDir) {
    let (mut test, folder) = open_text([1280.0, 800.0], &tables::orders(CUSTOMERS));
    press(&mut test, Command::Go(Panel::Segments));
    (test, folder)
}

/// The picture.
fn map(test: &Test) -> Rect {
    test.query_all_by_label_contains("Map of customers").next().expect("a map").rect()
}

/// Over the picture, where keys are meant for it.
fn press_over_the_map(test: &mut Test, with: Key) {
    test.hover_at(map(test).center());
    test.run_steps(2);
    key(test, with);
}

/// Without the table of the selection, whose height would change with it, and without the legend.
fn clear_the_picture(test: &mut Test) {
    click(test, "Fold the legend");
    app(test).view.selection_open = false;
    test.run_steps(4);
}

#[test]
fn the_legend_hides_and_isolates_clusters() {
    let (mut test, _folder) = open();
    test.check_accessibility();
    let names: Vec<String> = findings(&test).profiles.iter().map(|p| p.name.clone()).collect();
    assert!(names.len() >= 2);
    let first = format!("Show {}", names[0]);
    click(&mut test, &first);
    assert_eq!(window(&test).app.view.hidden, [0]);
    assert!(says(&test, "hidden in the legend"));
    click(&mut test, "Show all");
    assert!(window(&test).app.view.hidden.is_empty());

    // With Ctrl: this one alone, and then all again.
    let at = control(&test, &first).unwrap().rect().center();
    for expected in [(1..names.len() as u32).collect::<Vec<_>>(), Vec::new()] {
        click_with(&mut test, at, Modifiers::COMMAND);
        assert_eq!(window(&test).app.view.hidden, expected);
    }
    for name in ["Show ellipses of 1 sd", "Show ellipses of 2 sd", "Show centroids"] {
        click(&mut test, name);
    }
    let map = &window(&test).app.view.segments.map;
    assert!(map.one_sd && map.two_sd && !map.centroids);
    click(&mut test, "Fold the legend");
    assert!(control(&test, &first).is_none());
    click(&mut test, "Unfold the legend");
}

#[test]
fn boxes_select_add_and_take_away_who_lies_within() {
    let (mut test, _folder) = open();
    clear_the_picture(&mut test);
    click(&mut test, "Tool: Box");
    let rect = map(&test);
    let (left, right) = (0.45, 0.999);
    let boxed = |x0: f32, x1: f32| [within(rect, x0, 0.001), within(rect, x1, 0.999)];
    drag_with(&mut test, &boxed(0.001, left), Modifiers::NONE);
    let half = selected(&test);
    assert!(!half.is_empty() && half.len() < CUSTOMERS, "{} customers", half.len());
    assert_eq!(window(&test).app.selection.from, "Box on the map");
    let scores = findings(&test).pca.scores.clone();
    let others: Vec<u32> = (0..CUSTOMERS as u32).filter(|c| !half.contains(c)).collect();
    let rightmost = half.iter().map(|&c| scores[(c as usize, 0)]).fold(f64::MIN, f64::max);
    let leftmost = others.iter().map(|&c| scores[(c as usize, 0)]).fold(f64::MAX, f64::min);
    assert!(rightmost <= leftmost, "the border of the box is a place on the first component");

    let rect = map(&test);
    let boxed = |x0: f32, x1: f32| [within(rect, x0, 0.001), within(rect, x1, 0.999)];
    drag_with(&mut test, &boxed(0.001, right), Modifiers::SHIFT);
    assert_eq!(selected(&test).len(), CUSTOMERS);
    drag_with(&mut test, &boxed(0.001, left), Modifiers::COMMAND);
    assert_eq!(selected(&test).len(), others.len());

    // Hidden customers are not selected.
    app(&mut test).view.hidden = vec![0];
    test.run_steps(3);
    drag_with(&mut test, &boxed(0.001, right), Modifiers::NONE);
    let hidden = findings(&test).chosen.clustering.sizes[0];
    assert_eq!(selected(&test).len(), CUSTOMERS - hidden);
    key(&mut test, Key::Escape);
    assert!(selected(&test).is_empty());
}

#[test]
fn a_lasso_selects_who_lies_within_the_line() {
    let (mut test, _folder) = open();
    clear_the_picture(&mut test);
    press_over_the_map(&mut test, Key::L);
    let rect = map(&test);
    let around: Vec<Pos2> =
        [(0.002, 0.002), (0.5, 0.002), (0.5, 0.998), (0.002, 0.998)].map(|(x, y)| within(rect, x, y)).into();
    drag_with(&mut test, &around, Modifiers::NONE);
    let lasso = selected(&test);
    assert!(!lasso.is_empty() && lasso.len() < CUSTOMERS);
    assert_eq!(window(&test).app.selection.from, "Lasso on the map");
    // The same outline as a box has the same customers.
    press_over_the_map(&mut test, Key::B);
    let rect = map(&test);
    drag(&mut test, within(rect, 0.002, 0.002), within(rect, 0.5, 0.998));
    assert_eq!(selected(&test), lasso);
}

#[test]
fn colours_and_axes_show_any_feature() {
    let (mut test, _folder) = open();
    click(&mut test, "Colour by: Cluster");
    click(&mut test, "Recency");
    assert_eq!(window(&test).app.view.segments.map.color, MapColor::Feature(0));
    test.check_accessibility();
    click(&mut test, "Colour by: Recency");
    click(&mut test, "RFM segment");
    assert_eq!(window(&test).app.view.segments.map.color, MapColor::Segment);
    let segment = findings(&test).rfm.segment[0] as usize;
    let name = findings(&test).rfm.map.segments[segment].name.clone();
    click(&mut test, &format!("Show {name}"));
    assert_eq!(window(&test).app.view.segments.map.hidden_segments, [segment as u32]);
    assert!(window(&test).app.view.hidden.is_empty(), "clusters are not hidden by it");

    click(&mut test, "Axes: Features");
    assert_eq!(window(&test).app.view.axes, Axes::Features(0, 2));
    click(&mut test, "Y axis: Monetary");
    click(&mut test, "Frequency");
    assert_eq!(window(&test).app.view.axes, Axes::Features(0, 1));
    // A feature that stands on the other axis trades places.
    click(&mut test, "X axis: Recency");
    click(&mut test, "Frequency");
    assert_eq!(window(&test).app.view.axes, Axes::Features(1, 0));
    click(&mut test, "Dimensions: 3D");
    assert_eq!(window(&test).app.view.axes, Axes::Features3(1, 0, 2));
    test.check_accessibility();
}

#[test]
fn tsne_starts_when_it_is_chosen_and_stops_when_it_is_cancelled() {
    let (mut test, _folder) = open();
    assert!(window(&test).app.view.segments.map.tsne_for.is_none());
    click(&mut test, "Axes: t-SNE");
    click(&mut test, "Cancel t-SNE");
    assert!(window(&test).app.view.segments.map.tsne_stopped);
    let again = if control(&test, "Run again").is_some() { "Run again" } else { "Run t-SNE on 120 customers" };
    test.run_steps(10);
    assert!(control(&test, "Cancel t-SNE").is_none(), "it stays stopped");
    click(&mut test, again);
    wait_for(&mut test, "divergence");
    assert!(says(&test, "means nothing"));
    test.check_accessibility();

    // Other values are another question, which nobody has asked yet.
    decide(&mut test, "Features", |r| r.features.columns = Some(vec!["recency_days".into(), "monetary".into()]));
    done(&mut test);
    assert!(control(&test, "Run t-SNE on 120 customers").is_some());
}

#[test]
fn three_dimensions_turn_and_select() {
    let (mut test, _folder) = open();
    click(&mut test, "Dimensions: 3D");
    assert_eq!(window(&test).app.view.axes, Axes::Pca3);
    clear_the_picture(&mut test);
    let rect = map(&test);
    let before = window(&test).app.view.segments.map.clone();
    drag(&mut test, within(rect, 0.5, 0.5), within(rect, 0.7, 0.6));
    let turned = window(&test).app.view.segments.map.clone();
    assert!(turned.turn > before.turn && turned.tilt > before.tilt);
    assert_eq!(turned.shift, before.shift);
    drag_with(&mut test, &[within(rect, 0.5, 0.5), within(rect, 0.6, 0.5)], Modifiers::SHIFT);
    let moved = window(&test).app.view.segments.map.clone();
    assert!(moved.shift[0] > 0.0 && moved.turn == turned.turn);
    key(&mut test, Key::R);
    assert_eq!(window(&test).app.view.segments.map.turn, before.turn);

    click(&mut test, "Tool: Box");
    let rect = map(&test);
    drag(&mut test, within(rect, 0.001, 0.001), within(rect, 0.999, 0.999));
    assert_eq!(selected(&test).len(), CUSTOMERS);
}

#[test]
fn keys_and_buttons_zoom_and_go_back() {
    let (mut test, _folder) = open();
    press_over_the_map(&mut test, Key::Plus);
    let zoomed = window(&test).app.view.segments.map.window.expect("another window").1;
    key(&mut test, Key::ArrowRight);
    let moved = window(&test).app.view.segments.map.window.unwrap().1;
    assert!(moved.x[0] > zoomed.x[0] && (moved.y[0] - zoomed.y[0]).abs() < 1e-9);
    key(&mut test, Key::R);
    assert!(window(&test).app.view.segments.map.window.is_none());
    click(&mut test, "Zoom in (+)");
    assert!(window(&test).app.view.segments.map.window.is_some());
    click(&mut test, "Show everything (R)");
    assert!(window(&test).app.view.segments.map.window.is_none());
}
