//! The Profiles panel in the window: its views of clusters and of RFM segments, names and notes written on the cards,
//! and segments selected from every view.

#[path = "common/window.rs"]
mod window;

use egui::Key;
use egui_kittest::kittest::Queryable;
use quintile::app::{Command, Panel, ProfilesTab};
use quintile::profile::Grouping;
use window::*;

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

/// The Profiles panel with the shop open; the folder lives as long as the test.
fn open() -> (Test, tempfile::TempDir) {
    let (mut test, folder) = open_text([1500.0, 1600.0], &shop());
    press(&mut test, Command::Go(Panel::Profiles));
    (test, folder)
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
                ProfilesTab::Heat => has_picture(t, "How the segments differ"),
                ProfilesTab::Snake => has_picture(t, "Snake plot"),
                ProfilesTab::Radar => has_picture(t, "Radar"),
                ProfilesTab::Boxes => has_picture(t, "Monetary by segment"),
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
    click(&mut test, &format!("Select the customers of {}", found.profiles[1].name));
    assert_eq!(selected(&test), found.profiles[1].members);
    click(&mut test, "Segments: RFM segments");
    click(&mut test, &format!("Show customers of {}", found.portraits.rfm[0].name));
    assert_eq!(selected(&test), found.portraits.rfm[0].members);

    // The heat map: the cell in the middle belongs to one of the segments.
    click(&mut test, "Segments: Clusters");
    click(&mut test, "Show: Heat map");
    let at = within(picture(&test, "How the segments differ"), 0.6, 0.5);
    click_at(&mut test, at);
    assert!(found.profiles.iter().any(|p| p.members == selected(&test)));
    // The box plots: so does every place between the axes.
    click(&mut test, "Show: Box plots");
    wait(&mut test, "boxes", |t| has_picture(t, "Monetary by segment"));
    let at = within(picture(&test, "Monetary by segment"), 0.97, 0.5);
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
    fill(&mut test, &format!("Name of {proposed}"), "Never mind");
    key(&mut test, Key::Escape);
    assert_eq!(findings(&test).profiles[0].name, proposed, "Escape gives up");
    assert!(window(&test).app.view.profiles.writing.is_none());

    click(&mut test, &format!("Rename {proposed}"));
    write(&mut test, &format!("Name of {proposed}"), "Our regulars");
    done(&mut test);
    assert_eq!(findings(&test).profiles[0].name, "Our regulars");
    assert_eq!(findings(&test).recipe.segments.named[0].name, "Our regulars");
    assert!(says(&test, "Our regulars"));

    click(&mut test, "Add a note to Our regulars");
    write(&mut test, "Note on Our regulars", "Call them in May");
    done(&mut test);
    assert_eq!(findings(&test).profiles[0].note, "Call them in May");
    assert!(says(&test, "Call them in May"));

    // An empty name gives the proposed one back; undo takes that back.
    click(&mut test, "Rename Our regulars");
    write(&mut test, "Name of Our regulars", "");
    done(&mut test);
    assert_eq!(findings(&test).profiles[0].name, proposed);
    undo(&mut test);
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
