//! The way through the window that everybody takes: open the sample, move k, see the tables change, export, and
//! read back what was written. Widgets are found by what a person or a screen reader finds.

#[path = "common/window.rs"]
mod window;

use std::path::Path;

use egui::Key;
use egui_kittest::kittest::Queryable;
use quintile::app::{Command, Panel};
use quintile::recipe::{KChoice, Returns};
use window::*;

const SIZE: [f32; 2] = [1280.0, 800.0];

/// Goes to a panel by its key, as the menu shows it.
fn go(test: &mut Test, panel: Panel) {
    press(test, Command::Go(panel));
    assert_eq!(window(test).app.view.panel, panel);
}

/// Waits for an analysis with this many clusters.
fn wait_for_k(test: &mut Test, k: usize) {
    let is_there = |t: &Test| window(t).app.session.findings().is_some_and(|f| f.chosen.clustering.k == k);
    wait(test, "the other k", is_there);
}

#[test]
fn open_the_sample_move_k_export_and_read_back() {
    let mut test = open_sample(SIZE);
    let first = findings(&test);
    assert!(first.rfm.customers.len() > 3000);

    // Every step of the rail has something to show without any further choice.
    for panel in Panel::STEPS {
        go(&mut test, panel);
    }

    // Move the slider by a key; the search is known, so only what follows is computed.
    go(&mut test, Panel::ChooseK);
    let before = first.chosen.clustering.k;
    test.get_by_role(egui::accesskit::Role::Slider).focus();
    test.run_steps(2);
    key(&mut test, Key::ArrowRight);
    let wanted = before + 1;
    wait_for_k(&mut test, wanted);
    assert_eq!(recipe(&test).cluster.k, KChoice::Fixed(wanted as u32));
    let second = findings(&test);
    assert_eq!(second.profiles.len(), wanted);

    // The names of the new segments are on the screen.
    go(&mut test, Panel::Profiles);
    for profile in second.profiles.iter().take(2) {
        assert!(says(&test, &profile.name), "{} is not shown", profile.name);
    }

    // Undo and redo travel between the two.
    press(&mut test, Command::Undo);
    wait_for_k(&mut test, before);
    press(&mut test, Command::Redo);
    wait_for_k(&mut test, wanted);

    // Export into a typed folder, and read the files back.
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("segments");
    go(&mut test, Panel::Export);
    fill(&mut test, "Folder to export into", out.to_str().unwrap());
    click(&mut test, "Export here");
    let files = quintile::export::plan(&second).len();
    wait(&mut test, "the files", |t| window(t).app.written.len() == files);
    assert!(test.query_by_label("Open folder").is_some());
    read_back(&out, &second);
}

fn read_back(out: &Path, findings: &quintile::pipeline::Findings) {
    let text = |name: &str| std::fs::read_to_string(out.join(name)).unwrap();
    assert_eq!(text("customers.csv").lines().count(), findings.rfm.customers.len() + 1);
    assert_eq!(text("segments.csv").lines().count(), findings.profiles.len() + 1);
    assert_eq!(quintile::recipe::Recipe::from_toml(&text("recipe.toml")).unwrap(), *findings.recipe);
    let summary: serde_json::Value = serde_json::from_str(&text("summary.json")).unwrap();
    assert_eq!(summary["k"]["chosen"].as_u64().unwrap() as usize, findings.chosen.clustering.k);
    for (row, line) in text("customers.csv").lines().skip(1).enumerate().step_by(97) {
        let cells: Vec<&str> = line.split(',').collect();
        assert_eq!(cells[0], findings.rfm.customers.ids[row]);
        assert_eq!(cells[3].parse::<f64>().unwrap(), findings.rfm.customers.monetary()[row]);
        assert_eq!(cells[8].parse::<u32>().unwrap(), findings.chosen.clustering.labels[row] + 1);
    }
    use calamine::Reader;
    let mut book: calamine::Xlsx<_> = calamine::open_workbook(out.join("segments.xlsx")).unwrap();
    let names = book.sheet_names();
    assert!(names.contains(&"Summary".to_string()) && names.contains(&"Customers".to_string()), "{names:?}");
    let sheet = book.worksheet_range("Customers").unwrap();
    let ids = sheet.rows().filter(|r| r[0].to_string() == findings.rfm.customers.ids[0]).count();
    assert_eq!(ids, 1);
}

#[test]
fn a_file_on_the_command_line_or_dropped_leads_to_segments() {
    let shop = Path::new(env!("CARGO_MANIFEST_DIR")).join("sample_data/shop.csv");
    let mut test = open_window(SIZE);
    drop_file(&mut test, &shop);
    done(&mut test);
    assert_eq!(window(&test).app.view.panel, Panel::Segments);
}

#[test]
fn a_choice_in_the_clean_panel_changes_the_funnel() {
    let mut test = open_sample(SIZE);
    go(&mut test, Panel::Clean);
    let before = findings(&test).rfm.funnel.clone();
    click(&mut test, "Returns: Drop");
    done(&mut test);
    let after = findings(&test);
    assert_eq!(after.recipe.clean.returns, Returns::Drop);
    assert_ne!(after.rfm.funnel, before);
}

#[test]
fn a_file_that_cannot_be_used_says_so_and_the_window_lives_on() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("names.csv");
    std::fs::write(&path, "name,colour\na,red\nb,blue\n").unwrap();
    let mut test = open_window(SIZE);
    drop_file(&mut test, &path);
    wait(&mut test, "the failure", |t| window(t).app.session.failure().is_some());
    for panel in Panel::STEPS {
        go(&mut test, panel);
    }
    go(&mut test, Panel::Segments);
    assert!(says(&test, "customer"));
}

#[test]
fn both_themes_and_small_and_large_windows_draw_every_panel() {
    let mut test = open_sample(SIZE);
    for size in [egui::vec2(900.0, 600.0), egui::vec2(1280.0, 800.0), egui::vec2(1920.0, 1080.0)] {
        test.set_size(size);
        for _ in 0..2 {
            press(&mut test, Command::ToggleTheme);
            for panel in Panel::STEPS {
                go(&mut test, panel);
            }
        }
    }
}
