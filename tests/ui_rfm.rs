//! Scores, segment maps and two dates in the window: bins and cut points changed, cells selected, a map painted with a
//! hole that is refused and then closed, two dates compared. Widgets are found by what a person or a screen reader finds.

#[path = "common/tables.rs"]
mod tables;
#[path = "common/window.rs"]
mod window;

use egui::accesskit::Role;
use egui_kittest::kittest::Queryable;
use quintile::app::{Command, FeaturesTab, Panel};
use quintile::rfm::{MapFile, RfmOut, SegmentMap};
use window::*;

/// A side of the Features panel with this file open; the folder lives as long as the test.
fn open(text: &str, tab: FeaturesTab) -> (Test, tempfile::TempDir) {
    let (mut test, folder) = open_text([1400.0, 1400.0], text);
    press(&mut test, Command::Go(Panel::Features));
    show(&mut test, tab);
    (test, folder)
}

/// The same with a small shop.
fn open_shop(tab: FeaturesTab) -> (Test, tempfile::TempDir) {
    open(&tables::orders(120), tab)
}

fn show(test: &mut Test, tab: FeaturesTab) {
    if window(test).app.view.features.tab != tab {
        click(test, &format!("Show: {}", tab.title()));
    }
    assert_eq!(window(test).app.view.features.tab, tab);
}

/// Customers with these scores of recency and frequency, counted here.
fn with_scores(rfm: &RfmOut, r: u8, f: u8) -> Vec<u32> {
    let has = |i: &u32| rfm.scores[0].scores[*i as usize] == r && rfm.scores[1].scores[*i as usize] == f;
    (0..rfm.customers.len() as u32).filter(has).collect()
}

#[test]
fn bins_and_cut_points_are_changed_and_cells_select() {
    let (mut test, _folder) = open_shop(FeaturesTab::Rfm);
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
    assert_eq!(recipe(&test).rfm.recency_cuts, Some(vec![30.0, 90.0, 200.0]));

    // A line is dragged; one drag is one entry of the history.
    let entries = decisions(&test).0.len();
    let from = test.query_all_by_label_contains("Cut 2 of Recency").next().expect("the second line").rect().center();
    drag(&mut test, from, from + egui::vec2(24.0, 0.0));
    done(&mut test);
    let cuts = findings(&test).recipe.rfm.recency_cuts.clone().unwrap();
    assert!(cuts[1] > 90.0 && cuts[1] <= 200.0, "{cuts:?}");
    assert_eq!((cuts[0], cuts[2]), (30.0, 200.0));
    let (all, at) = decisions(&test);
    assert_eq!(all.len(), entries + 1);
    assert_eq!(all[at], format!("Move cut 2 of recency to {}", cuts[1]));

    click(&mut test, "Back to quantiles of recency");
    done(&mut test);
    assert_eq!(findings(&test).recipe.rfm.recency_cuts, None);

    // The best cell stands at the top right.
    let rfm = findings(&test).rfm.clone();
    let at = within(picture(&test, "Customers by recency and frequency score"), 0.9, 0.1);
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
    let at = within(picture(&test, "Segments by customers"), 0.05, 0.1);
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
    let (mut test, folder) = open_shop(FeaturesTab::Map);
    test.check_accessibility();
    let before = findings(&test).rfm.clone();
    click(&mut test, "R 5, F 1: New");
    assert_eq!(*window(&test).app.selection.customers, with_scores(&before, 5, 1));

    click(&mut test, "Edit as own map");
    test.check_accessibility();
    click(&mut test, "Eraser");
    click(&mut test, "R 5, F 1: New");
    assert!(control(&test, "Apply").is_none(), "a map with a gap cannot be applied");
    assert!(says(&test, "It has a gap: 1 of 25"));
    assert!(findings(&test).recipe.rfm.own_map.is_none());

    // The hole is closed, but a name is left without a cell.
    click(&mut test, "Paint Champions");
    click(&mut test, "R 5, F 1: no segment");
    assert!(control(&test, "Apply").is_none());
    assert!(says(&test, "No combination of scores leads to \"New\""));
    click(&mut test, "Delete New");
    let moved = with_scores(&before, 5, 1).len();
    assert!(says(&test, "change segment") || moved == 1);
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
    drop_file(&mut test, &path);
    assert!(findings(&test).recipe.rfm.own_map.is_none());
    click(&mut test, "Apply");
    done(&mut test);
    assert_eq!(findings(&test).recipe.rfm.own_map, Some(MapFile::from_toml(&file.to_toml()).unwrap()));
    assert_eq!(findings(&test).rfm.map.segments[0].name, "Best");
}

#[test]
fn maps_of_three_axes_are_drawn_and_chosen() {
    let (mut test, _folder) = open_shop(FeaturesTab::Map);
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
    let (mut test, _folder) = open_shop(FeaturesTab::Dates);
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
        let at = within(picture(&test, &title), x, y);
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
        assert!(says(&test, "has no recency and frequency"), "{tab:?}");
        test.check_accessibility();
    }
    click(&mut test, "Go to the features");
    assert_eq!(window(&test).app.view.features.tab, FeaturesTab::Features);
}
