//! The way through the window that everybody takes: open the sample, move k, see the tables change, export, and
//! read back what was written. Widgets are found by what a person or a screen reader finds.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;
use quintile::app::{Command, Panel};
use quintile::recipe::{KChoice, Returns};
use quintile::ui::Window;

type Test = Harness<'static, Option<Window>>;

fn open_window() -> Test {
    let draw = |ui: &mut egui::Ui, window: &mut Option<Window>| {
        let ctx = ui.ctx().clone();
        window.get_or_insert_with(|| Window::new(&ctx)).ui(ui);
    };
    let mut test =
        Harness::builder().with_size(egui::vec2(1280.0, 800.0)).with_max_steps(64).build_ui_state(draw, None);
    test.run_steps(3);
    test
}

fn window(test: &Test) -> &Window {
    test.state().as_ref().expect("made in the first frame")
}

/// Draws frames until `done`, or fails after a minute.
fn wait(test: &mut Test, what: &str, done: impl Fn(&Window) -> bool) {
    let start = Instant::now();
    while !done(window(test)) {
        assert!(start.elapsed() < Duration::from_secs(60), "waiting for {what}");
        test.step();
        std::thread::sleep(Duration::from_millis(2));
    }
    test.run_steps(3);
}

fn click(test: &mut Test, label: &str) {
    test.get_by_label(label).click();
    test.run_steps(3);
}

/// Goes to a panel by its key, as the menu shows it.
fn go(test: &mut Test, panel: Panel) {
    let shortcut = Command::Go(panel).shortcut().expect("every step has a key");
    test.key_press_modifiers(shortcut.modifiers, shortcut.logical_key);
    test.run_steps(3);
    assert_eq!(window(test).app.view.panel, panel);
}

/// A file dropped on the window.
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

fn drop_file(test: &mut Test, path: PathBuf) {
    test.input_mut().dropped_files.push(Arc::new(Dropped(path)));
}

fn finished(w: &Window) -> bool {
    w.app.session.findings().is_some()
}

#[test]
fn open_the_sample_move_k_export_and_read_back() {
    let mut test = open_window();
    click(&mut test, "Try the sample data");
    wait(&mut test, "the sample to be analysed", finished);
    let first = window(&test).app.session.findings().unwrap().clone();
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
    test.key_press(egui::Key::ArrowRight);
    test.run_steps(2);
    let wanted = before + 1;
    wait(&mut test, "the new k", |w| w.app.session.findings().is_some_and(|f| f.chosen.clustering.k == wanted));
    assert_eq!(window(&test).app.session.recipe().unwrap().cluster.k, KChoice::Fixed(wanted as u32));
    let second = window(&test).app.session.findings().unwrap().clone();
    assert_eq!(second.profiles.len(), wanted);

    // The names of the new segments are on the screen.
    go(&mut test, Panel::Profiles);
    for profile in second.profiles.iter().take(2) {
        assert!(test.query_all_by_label_contains(&profile.name).next().is_some(), "{} is not shown", profile.name);
    }

    // Undo and redo travel between the two.
    let undo = Command::Undo.shortcut().unwrap();
    test.key_press_modifiers(undo.modifiers, undo.logical_key);
    test.run_steps(2);
    wait(&mut test, "undo", |w| w.app.session.findings().is_some_and(|f| f.chosen.clustering.k == before));
    let redo = Command::Redo.shortcut().unwrap();
    test.key_press_modifiers(redo.modifiers, redo.logical_key);
    test.run_steps(2);
    wait(&mut test, "redo", |w| w.app.session.findings().is_some_and(|f| f.chosen.clustering.k == wanted));

    // Export into a typed folder, and read the files back.
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("segments");
    go(&mut test, Panel::Export);
    test.get_by_label("Folder to export into").focus();
    test.run_steps(2);
    test.get_by_label("Folder to export into").type_text(out.to_str().unwrap());
    test.run_steps(2);
    click(&mut test, "Export here");
    let files = quintile::export::plan(&second).len();
    wait(&mut test, "the files", |w| w.app.written.len() == files);
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
    let mut test = open_window();
    drop_file(&mut test, shop);
    test.run_steps(2);
    wait(&mut test, "the dropped file", finished);
    assert_eq!(window(&test).app.view.panel, Panel::Segments);
}

#[test]
fn a_choice_in_the_clean_panel_changes_the_funnel() {
    let mut test = open_window();
    click(&mut test, "Try the sample data");
    wait(&mut test, "the sample", finished);
    go(&mut test, Panel::Clean);
    let before = window(&test).app.session.findings().unwrap().rfm.funnel.clone();
    click(&mut test, "Returns: Drop");
    wait(&mut test, "the policy", finished);
    let after = window(&test).app.session.findings().unwrap();
    assert_eq!(after.recipe.clean.returns, Returns::Drop);
    assert_ne!(after.rfm.funnel, before);
}

#[test]
fn a_file_that_cannot_be_used_says_so_and_the_window_lives_on() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("names.csv");
    std::fs::write(&path, "name,colour\na,red\nb,blue\n").unwrap();
    let mut test = open_window();
    drop_file(&mut test, path);
    test.run_steps(2);
    wait(&mut test, "the failure", |w| w.app.session.failure().is_some());
    for panel in Panel::STEPS {
        go(&mut test, panel);
    }
    go(&mut test, Panel::Segments);
    assert!(test.query_all_by_label_contains("customer").next().is_some());
}

#[test]
fn both_themes_and_small_and_large_windows_draw_every_panel() {
    let mut test = open_window();
    click(&mut test, "Try the sample data");
    wait(&mut test, "the sample", finished);
    for size in [egui::vec2(900.0, 600.0), egui::vec2(1280.0, 800.0), egui::vec2(1920.0, 1080.0)] {
        test.set_size(size);
        for _ in 0..2 {
            let theme = Command::ToggleTheme.shortcut().unwrap();
            test.key_press_modifiers(theme.modifiers, theme.logical_key);
            for panel in Panel::STEPS {
                go(&mut test, panel);
            }
        }
    }
}
