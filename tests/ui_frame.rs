//! The window's frame, by what a person sees: labels and roles.

use std::time::{Duration, Instant};

use egui::accesskit::Role;
use egui::{Key, Modifiers};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT, Queryable};
use quintile::app::{Axes, FeaturesTab, Panel, ProfilesTab};
use quintile::ui::Window;

fn window<'a>() -> Harness<'a, Option<Window>> {
    let mut harness = Harness::builder().with_size([1280.0, 800.0]).with_max_steps(64).build_ui_state(
        |ui, window: &mut Option<Window>| {
            let ctx = ui.ctx().clone();
            match window {
                // Fonts take effect with the next pass; until then there is nothing to draw.
                None => {
                    *window = Some(Window::new(&ctx));
                    ctx.request_repaint();
                }
                Some(window) => window.ui(ui),
            }
        },
        None,
    );
    settle(&mut harness);
    harness
}

/// A few frames; animations may go on.
fn settle(harness: &mut Harness<'_, Option<Window>>) {
    for _ in 0..4 {
        harness.step();
    }
}

fn app<'h>(harness: &'h mut Harness<'_, Option<Window>>) -> &'h mut Window {
    harness.state_mut().as_mut().expect("made in the first frame")
}

/// Sales of 120 customers who differ in all three features.
fn sales(folder: &std::path::Path) -> std::path::PathBuf {
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
    let path = folder.join("sales.csv");
    std::fs::write(&path, text).unwrap();
    path
}

/// 150 visitors of a mall with an age, an income and a score, in five groups.
fn visitors(folder: &std::path::Path) -> std::path::PathBuf {
    let mut text = String::from("CustomerID,Genre,Age,Annual Income (k$),Spending Score (1-100)\n");
    for i in 0..150u32 {
        let (income, score) = [(20, 80), (25, 20), (55, 50), (90, 85), (95, 15)][i as usize % 5];
        let (age, genre) = (20 + i * 7 % 45, if i % 2 == 0 { "Male" } else { "Female" });
        text.push_str(&format!("{:04},{genre},{age},{},{}\n", i + 1, income + i * 3 % 9, score + i * 5 % 11));
    }
    let path = folder.join("visitors.csv");
    std::fs::write(&path, text).unwrap();
    path
}

/// Draws frames until the analysis is there.
fn analysed(harness: &mut Harness<'_, Option<Window>>) {
    let start = Instant::now();
    while app(harness).app.session.findings().is_none() {
        harness.step();
        let failure = app(harness).app.session.failure().map(|(stage, e)| format!("{stage:?}: {e}"));
        assert_eq!(failure, None);
        assert!(start.elapsed() < Duration::from_secs(60), "the analysis of a small file never ended");
        std::thread::sleep(Duration::from_millis(5));
    }
    settle(harness);
}

#[test]
fn a_table_of_customers_fills_every_panel_without_rfm() {
    let folder = tempfile::tempdir().unwrap();
    let path = visitors(folder.path());
    let mut harness = window();
    // Axes and order of another table are still in force.
    app(&mut harness).app.view.axes = Axes::Features(40, 41);
    app(&mut harness).app.view.sort.column = 9;
    app(&mut harness).app.open(&path);
    analysed(&mut harness);
    assert!(app(&mut harness).app.session.rfm.get().unwrap().scores.is_empty());
    for dark in [true, false] {
        app(&mut harness).app.view.dark = dark;
        for tab in ProfilesTab::ALL {
            app(&mut harness).app.view.profiles.tab = tab;
            for panel in Panel::STEPS {
                app(&mut harness).app.view.panel = panel;
                settle(&mut harness);
                harness.get_by_label(panel.question());
                harness.check_accessibility();
                // Nobody spent anything that is known of.
                for word in ["net spend", "Recency × frequency", "NaN"] {
                    assert!(harness.query_all_by_label_contains(word).next().is_none(), "{word} in {panel:?}");
                }
            }
        }
    }
    app(&mut harness).app.view.panel = Panel::Segments;
    settle(&mut harness);
    harness.get_by_label("Axes: Features").click();
    settle(&mut harness);
    assert_eq!(app(&mut harness).app.view.axes, Axes::Features(0, 1));
    harness.get_by_label("X axis: Age").click();
    settle(&mut harness);
    let offered = harness.query_all_by_label_contains("Spending").find(|n| n.accesskit_node().role() == Role::Button);
    offered.expect("in the menu").click();
    settle(&mut harness);
    assert_eq!(app(&mut harness).app.view.axes, Axes::Features(2, 1));

    // A feature is switched off, and the clusters follow; the last two stay distinct from what was counted.
    app(&mut harness).app.view.panel = Panel::Features;
    settle(&mut harness);
    assert!(harness.query_all_by_label_contains("no RFM scores and no RFM segments").next().is_some());
    harness.get_by_role_and_label(Role::CheckBox, "Age").click();
    settle(&mut harness);
    analysed(&mut harness);
    let found = app(&mut harness).app.session.findings().unwrap().clone();
    let clustered: Vec<&str> = found.matrix.columns.iter().map(|c| c.name.as_str()).collect();
    assert_eq!(clustered, ["Annual Income (k$)", "Spending Score (1-100)"]);
    assert_eq!(found.rfm.customers.features.len(), 3, "age is still told");
    app(&mut harness).app.view.panel = Panel::Profiles;
    settle(&mut harness);
    let name = found.profiles[0].name.clone();
    app(&mut harness).app.view.profiles.tab = ProfilesTab::Cards;
    settle(&mut harness);
    harness.get_by_label(&format!("Select the customers of {name}")).click();
    settle(&mut harness);
    assert_eq!(*app(&mut harness).app.selection.customers, found.profiles[0].members);
    harness.check_accessibility();
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
    let mut harness = window();
    app(&mut harness).app.open(&path);
    analysed(&mut harness);
    for panel in Panel::STEPS {
        app(&mut harness).app.view.panel = panel;
        settle(&mut harness);
        harness.get_by_label(panel.question());
        harness.check_accessibility();
    }
    app(&mut harness).app.view.panel = Panel::Features;
    app(&mut harness).app.view.features.tab = FeaturesTab::Rfm;
    settle(&mut harness);
    assert!(harness.query_all_by_label_contains("by recency and frequency score").next().is_some());
}

#[test]
fn the_welcome_panel_offers_a_file_a_path_and_the_sample() {
    let harness = window();
    harness.get_by_label("Open a file…");
    harness.get_by_label("Try the sample data");
    harness.get_by_role_and_label(Role::TextInput, "Path of a file");
    harness.get_by_label("or drop a file here");
    harness.check_accessibility();
}

#[test]
fn every_panel_can_be_drawn_before_anything_is_open() {
    let mut harness = window();
    for panel in Panel::STEPS {
        app(&mut harness).app.view.panel = panel;
        settle(&mut harness);
        harness.get_by_label(panel.question());
        harness.check_accessibility();
    }
}

#[test]
fn the_palette_opens_by_key_and_runs_a_command() {
    let mut harness = window();
    assert!(app(&mut harness).app.view.dark);
    harness.key_press_modifiers(Modifiers::COMMAND, Key::K);
    settle(&mut harness);
    harness.get_by_role_and_label(Role::TextInput, "Command").type_text("light and dark");
    settle(&mut harness);
    harness.key_press(Key::Enter);
    settle(&mut harness);
    let view = &app(&mut harness).app.view;
    assert!(!view.palette_open && !view.dark, "the palette is closed and the theme is light");
}

#[test]
fn a_path_that_is_not_there_is_said_and_the_window_stays() {
    let mut harness = window();
    harness.get_by_role_and_label(Role::TextInput, "Path of a file").type_text("/nowhere/sales.csv");
    settle(&mut harness);
    harness.get_by_label("Open").click();
    settle(&mut harness);
    assert!(app(&mut harness).app.session.recipe().is_none());
    harness.get_by_label("Open a file…");
}

#[test]
fn every_panel_can_be_drawn_with_an_analysis_in_both_themes() {
    let folder = tempfile::tempdir().unwrap();
    let path = sales(folder.path());
    let mut harness = window();
    app(&mut harness).app.open(&path);
    let start = Instant::now();
    while app(&mut harness).app.session.findings().is_none() {
        harness.step();
        let failure = app(&mut harness).app.session.failure().map(|(stage, e)| format!("{stage:?}: {e}"));
        assert_eq!(failure, None);
        assert!(start.elapsed() < Duration::from_secs(60), "the analysis of a small file never ended");
        std::thread::sleep(Duration::from_millis(5));
    }
    for dark in [true, false] {
        app(&mut harness).app.view.dark = dark;
        for panel in Panel::STEPS {
            app(&mut harness).app.view.panel = panel;
            settle(&mut harness);
            harness.get_by_label(panel.question());
            harness.check_accessibility();
        }
        app(&mut harness).app.view.panel = Panel::Segments;
        for axes in [Axes::Pca2, Axes::Pca3, Axes::Features(0, 1), Axes::Features(1, 2), Axes::Features3(0, 1, 2)] {
            app(&mut harness).app.view.axes = axes;
            settle(&mut harness);
        }
    }
    // A segment's customers are selected from its card and listed below.
    app(&mut harness).app.view.panel = Panel::Profiles;
    settle(&mut harness);
    let name = app(&mut harness).app.session.profiles.get().unwrap()[0].name.clone();
    harness.get_by_label(&format!("Select the customers of {name}")).click();
    settle(&mut harness);
    let expected = app(&mut harness).app.session.profiles.get().unwrap()[0].members.clone();
    assert_eq!(*app(&mut harness).app.selection.customers, expected);
    harness.get_by_label("Hide the selected customers");
    harness.check_accessibility();
}
