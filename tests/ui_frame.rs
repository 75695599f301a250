//! The window's frame, by what a person sees: labels and roles.

#[path = "common/tables.rs"]
mod tables;
#[path = "common/window.rs"]
mod window;

use egui::accesskit::Role;
use egui::{Key, Modifiers, Shape};
use egui_kittest::kittest::{NodeT, Queryable};
use quintile::app::{Axes, FeaturesTab, Panel, ProfilesTab};
use window::*;

const SIZE: [f32; 2] = [1280.0, 800.0];

/// Sales of 120 customers who differ in all three features.
fn sales() -> String {
    let mut text = String::from("InvoiceNo,CustomerID,InvoiceDate,Amount\n");
    let mut invoice = 1000;
    for customer in 0..120u32 {
        for visit in 0..=(customer * 7 % 11) {
            let (month, day) = (1 + (customer * 5 + visit * 3) % 12, 1 + (customer * 3 + visit) % 28);
            let amount = 5.0 + f64::from(customer % 13 * 40 + visit) * 1.5;
            text.push_str(&format!("{invoice},{},2024-{month:02}-{day:02},{amount:.2}\n", 500 + customer));
            invoice += 1;
        }
    }
    text
}

/// Brings a panel to the front.
fn show(test: &mut Test, panel: Panel) {
    app(test).view.panel = panel;
    test.run_steps(4);
}

/// Draws every panel; each has its question and something for a screen reader.
fn look_at_every_panel(test: &mut Test) {
    for panel in Panel::STEPS {
        show(test, panel);
        test.get_by_label(panel.question());
        test.check_accessibility();
    }
}

#[test]
fn a_table_of_customers_fills_every_panel_without_rfm() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("visitors.csv");
    std::fs::write(&path, tables::visitors()).unwrap();
    let mut test = open_window(SIZE);
    // Axes and order of another table are still in force.
    app(&mut test).view.axes = Axes::Features(40, 41);
    app(&mut test).view.sort.column = 9;
    app(&mut test).open(&path);
    done(&mut test);
    assert!(window(&test).app.session.rfm.get().unwrap().scores.is_empty());
    for dark in [true, false] {
        app(&mut test).view.dark = dark;
        for tab in ProfilesTab::ALL {
            app(&mut test).view.profiles.tab = tab;
            for panel in Panel::STEPS {
                show(&mut test, panel);
                test.get_by_label(panel.question());
                test.check_accessibility();
                // Nobody spent anything that is known of.
                for word in ["net spend", "Recency × frequency", "NaN"] {
                    assert!(!says(&test, word), "{word} in {panel:?}");
                }
            }
        }
    }
    show(&mut test, Panel::Segments);
    click(&mut test, "Axes: Features");
    assert_eq!(window(&test).app.view.axes, Axes::Features(0, 1));
    click(&mut test, "X axis: Age");
    let offered = test.query_all_by_label_contains("Spending").find(|n| n.accesskit_node().role() == Role::Button);
    offered.expect("in the menu").click();
    test.run_steps(4);
    assert_eq!(window(&test).app.view.axes, Axes::Features(2, 1));

    // A feature is switched off, and the clusters follow; the last two stay distinct from what was counted.
    show(&mut test, Panel::Features);
    assert!(says(&test, "no RFM scores and no RFM segments"));
    test.get_by_role_and_label(Role::CheckBox, "Age").click();
    test.run_steps(4);
    done(&mut test);
    let found = findings(&test);
    let clustered: Vec<&str> = found.matrix.columns.iter().map(|c| c.name.as_str()).collect();
    assert_eq!(clustered, ["Annual Income (k$)", "Spending Score (1-100)"]);
    assert_eq!(found.rfm.customers.features.len(), 3, "age is still told");
    show(&mut test, Panel::Profiles);
    let name = found.profiles[0].name.clone();
    app(&mut test).view.profiles.tab = ProfilesTab::Cards;
    test.run_steps(4);
    click(&mut test, &format!("Select the customers of {name}"));
    assert_eq!(*window(&test).app.selection.customers, found.profiles[0].members);
    test.check_accessibility();
}

#[test]
fn a_table_with_recency_and_frequency_alone_fills_every_panel() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("summary.csv");
    let mut text = String::from("ID,frequency,recency,T\n");
    for i in 0..90u32 {
        let repeats = i % 6;
        let last = if repeats == 0 { 0 } else { 20 + i * 13 % 200 };
        text.push_str(&format!("{i},{repeats},{last},{}\n", 230 + i % 30));
    }
    std::fs::write(&path, text).unwrap();
    let mut test = open_window(SIZE);
    app(&mut test).open(&path);
    done(&mut test);
    look_at_every_panel(&mut test);
    app(&mut test).view.panel = Panel::Features;
    app(&mut test).view.features.tab = FeaturesTab::Rfm;
    test.run_steps(4);
    assert!(says(&test, "by recency and frequency score"));
}

#[test]
fn the_welcome_panel_offers_a_file_a_path_and_the_sample() {
    let test = open_window(SIZE);
    test.get_by_label("Open a file…");
    test.get_by_label("Try the sample data");
    test.get_by_role_and_label(Role::TextInput, "Path of a file");
    test.get_by_label("or drop a file here");
    test.check_accessibility();
}

#[test]
fn every_panel_can_be_drawn_before_anything_is_open() {
    let mut test = open_window(SIZE);
    look_at_every_panel(&mut test);
}

#[test]
fn the_palette_opens_by_key_and_runs_a_command() {
    let mut test = open_window(SIZE);
    assert!(window(&test).app.view.dark);
    test.key_press_modifiers(Modifiers::COMMAND, Key::K);
    test.run_steps(4);
    test.get_by_role_and_label(Role::TextInput, "Command").type_text("light and dark");
    test.run_steps(4);
    key(&mut test, Key::Enter);
    let view = &window(&test).app.view;
    assert!(!view.palette_open && !view.dark, "the palette is closed and the theme is light");
}

/// Whether these words are painted; notices in the corner are nothing else.
fn paints(shape: &Shape, words: &str) -> bool {
    match shape {
        Shape::Text(text) => text.galley.text().contains(words),
        Shape::Vec(shapes) => shapes.iter().any(|shape| paints(shape, words)),
        _ => false,
    }
}

#[test]
fn a_path_that_is_not_there_is_said_and_the_window_stays() {
    let mut test = open_window(SIZE);
    assert!(control(&test, "Open").is_none(), "there is no path to open");
    fill(&mut test, "Path of a file", "/nowhere/sales.csv");
    click(&mut test, "Open");
    let notice = "There is no file /nowhere/sales.csv";
    wait(&mut test, "the notice", |t| t.output().shapes.iter().any(|drawn| paints(&drawn.shape, notice)));
    assert!(window(&test).app.session.recipe().is_none());
    test.get_by_label("Open a file…");
}

#[test]
fn every_panel_can_be_drawn_with_an_analysis_in_both_themes() {
    let (mut test, _folder) = open_text(SIZE, &sales());
    for dark in [true, false] {
        app(&mut test).view.dark = dark;
        look_at_every_panel(&mut test);
        app(&mut test).view.panel = Panel::Segments;
        for axes in [Axes::Pca2, Axes::Pca3, Axes::Features(0, 1), Axes::Features(1, 2), Axes::Features3(0, 1, 2)] {
            app(&mut test).view.axes = axes;
            test.run_steps(4);
        }
    }
    // A segment's customers are selected from its card and listed below.
    show(&mut test, Panel::Profiles);
    let name = window(&test).app.session.profiles.get().unwrap()[0].name.clone();
    click(&mut test, &format!("Select the customers of {name}"));
    let expected = window(&test).app.session.profiles.get().unwrap()[0].members.clone();
    assert_eq!(*window(&test).app.selection.customers, expected);
    test.get_by_label("Hide the selected customers");
    test.check_accessibility();
}
