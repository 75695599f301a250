//! What stands around the panels, by what a person sees: the palette, the history, settings, first steps, the glossary, the
//! sheet of keys, and the drawer with the numbers of the data.

#[path = "common/tables.rs"]
mod tables;
#[path = "common/window.rs"]
mod window;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::{PoisonError, RwLock, RwLockReadGuard};

use egui::accesskit::Role;
use egui::{Key, Modifiers};
use egui_kittest::kittest::{NodeT, Queryable};
use quintile::app::{Action, ChooseKTab, Command, FeaturesTab, Panel, ProfilesTab, SegmentsTab, Settings, Sheet};
use quintile::recipe::{Algorithm, KChoice, MissingAction, Numbers, StepKind};
use quintile::ui::{Filled, Window};
use quintile::worker::ExportTarget;
use window::*;

const SIZE: [f32; 2] = [1280.0, 800.0];
const CUSTOMERS: u32 = 120;

/// How numbers are written is shared by the whole program: the test that changes it runs alone.
static NUMBERS: RwLock<()> = RwLock::new(());

fn beside_others() -> RwLockReadGuard<'static, ()> {
    NUMBERS.read().unwrap_or_else(PoisonError::into_inner)
}

/// Orders of a small shop over two years: customers differ in how often, how lately and for how much they buy; some rows
/// have no customer.
fn shop() -> String {
    let mut text = String::from("InvoiceNo,CustomerID,InvoiceDate,Product,Quantity,UnitPrice,Country\n");
    let mut invoice = 1000;
    for c in 0..CUSTOMERS {
        for visit in 0..=(c * 7 % 11) {
            let day = 1 + (c * 5 + visit * 53) % 700;
            let date = chrono::NaiveDate::from_yo_opt(2023, 1).unwrap() + chrono::Days::new(u64::from(day));
            let (product, country) = (c % 7 + visit % 3, ["UK", "France", "Spain"][(c % 3) as usize]);
            let price = 5.0 + f64::from(c % 13 * 40 + visit) * 1.5;
            text += &format!("{invoice},{},{date},P{product},{},{price:.2},{country}\n", 500 + c, 1 + visit % 3);
            invoice += 1;
        }
    }
    for i in 0..23 {
        text += &format!("{},,2024-03-0{},P1,1,9.50,UK\n", 9000 + i, 1 + i % 9);
    }
    text
}

/// The shop as a file of a folder.
fn shop_in(folder: &Path) -> PathBuf {
    let path = folder.join("orders.csv");
    std::fs::write(&path, shop()).unwrap();
    path
}

fn opened() -> (Test, tempfile::TempDir) {
    open_text(SIZE, &shop())
}

/// Decides something and waits for what comes of it.
fn decided(test: &mut Test, label: &str, change: impl FnOnce(&mut quintile::recipe::Recipe)) {
    decide(test, label, change);
    done(test);
}

/// Writes to whatever field opened with the keyboard.
fn type_in(test: &mut Test, name: &str, text: &str) {
    test.get_by_role_and_label(Role::TextInput, name).type_text(text);
    test.run_steps(4);
}

#[test]
fn the_palette_finds_by_letters_segments_customers_terms_and_says_why_not() {
    let _shared = beside_others();
    let (mut test, _folder) = opened();
    press(&mut test, Command::Palette);
    type_in(&mut test, "Command", "gsegdis");
    key(&mut test, Key::Enter);
    let view = &window(&test).app.view;
    assert_eq!((view.panel, view.segments.tab, view.palette_open), (Panel::Segments, SegmentsTab::Distances, false));
    assert_eq!(window(&test).app.settings.used[0], "Go to Segments, Distances");

    // What was taken last stands first.
    press(&mut test, Command::Palette);
    key(&mut test, Key::Enter);
    assert_eq!(window(&test).app.settings.used.len(), 1);

    // A segment by its name is selected.
    let profile = window(&test).app.session.profiles.get().unwrap()[1].clone();
    press(&mut test, Command::Palette);
    type_in(&mut test, "Command", &profile.name.clone());
    key(&mut test, Key::Enter);
    assert_eq!(*window(&test).app.selection.customers, profile.members);

    // A customer by id is shown.
    press(&mut test, Command::Palette);
    type_in(&mut test, "Command", "557");
    wait(&mut test, "the customer", |t| shows(t, "557"));
    key(&mut test, Key::Enter);
    assert_eq!(window(&test).app.view.customers.card.as_deref(), Some("557"));

    // A term leads to the glossary.
    press(&mut test, Command::Palette);
    type_in(&mut test, "Command", "davies-bouldin");
    key(&mut test, Key::Enter);
    assert_eq!(window(&test).app.view.frame.sheet, Some(Sheet::Glossary));
    assert!(says(&test, "How like each cluster is to its likest neighbour"));
    key(&mut test, Key::Escape);
    assert_eq!(window(&test).app.view.frame.sheet, None);

    // What cannot be used says why, and does nothing.
    press(&mut test, Command::ClearSelection);
    press(&mut test, Command::Palette);
    type_in(&mut test, "Command", "invertselection");
    assert!(says(&test, "Invert the selection, not now: No customers are selected"));
    key(&mut test, Key::Enter);
    assert!(window(&test).app.view.palette_open);
    test.check_accessibility();
}

#[test]
fn the_history_lists_decisions_with_what_they_did_and_travels() {
    let _shared = beside_others();
    let (mut test, _folder) = opened();
    let without = StepKind::Missing {
        column: "CustomerID".into(),
        action: MissingAction::DropRow,
        value: String::new(),
        along: None,
    };
    decided(&mut test, &without.sentence(), |r| r.clean.steps.push(without.clone().into()));
    decided(&mut test, "Set k to 5", |r| r.cluster.k = KChoice::Fixed(5));
    press(&mut test, Command::History);
    assert!(window(&test).app.view.frame.history_open);
    test.get_by_label("Travel to: Drop rows without \"CustomerID\": 23 rows");
    assert!(says(&test, "120 customers · 5 clusters"));
    test.check_accessibility();

    // Two lines down is the file as it was opened.
    key(&mut test, Key::ArrowDown);
    key(&mut test, Key::ArrowDown);
    key(&mut test, Key::Enter);
    done(&mut test);
    let (entries, at) = window(&test).app.session.history().unwrap().entries();
    assert_eq!((entries.len(), at), (3, 0));
    assert!(recipe(&test).clean.steps.is_empty());
    assert!(says(&test, "1 in force, 2 taken back"));
    click(&mut test, "Travel to: Set k to 5");
    done(&mut test);
    assert_eq!(window(&test).app.session.history().unwrap().entries().1, 2);
    assert_eq!(findings(&test).chosen.clustering.clusters(), 5);
    // Open and closed by the same key; a long list can be searched.
    press(&mut test, Command::History);
    assert!(!window(&test).app.view.frame.history_open);
    for seed in 1..=6 {
        decided(&mut test, &format!("Set the seed to {seed}"), |r| r.cluster.seed = seed);
    }
    press(&mut test, Command::History);
    type_in(&mut test, "Search decisions", "k to 5");
    assert!(says(&test, "Travel to: Set k to 5"));
    assert!(!says(&test, "Travel to: Set the seed to 6"));
}

#[test]
fn settings_change_how_everything_is_written_and_can_be_undone() {
    let _alone = NUMBERS.write().unwrap_or_else(PoisonError::into_inner);
    let folder = tempfile::tempdir().unwrap();
    let path = shop_in(folder.path());
    let mut test = open_window(SIZE);
    app(&mut test).keep_settings_in(folder.path().join("settings.toml"));
    app(&mut test).open(&path);
    done(&mut test);
    let before = findings(&test).profiles[0].description.clone();
    press(&mut test, Command::Settings);
    let offered = [Numbers::Comma, Numbers::Point, Numbers::Space, Numbers::Apostrophe];
    for numbers in offered {
        test.get_by_label(&format!("Numbers: {}", numbers.example()));
    }
    test.check_accessibility();
    click(&mut test, "Numbers: 1.234.567,89");
    done(&mut test);
    assert_eq!(recipe(&test).presentation.numbers, Numbers::Point);
    let label = window(&test).app.session.history().unwrap().entries().0[1].label.clone();
    assert_eq!(label, "Write numbers as 1.234.567,89");
    // Sentences that were made by the analysis, and those of the window.
    let after = findings(&test).profiles[0].description.clone();
    assert_ne!(before, after, "{before}");
    let total: f64 = window(&test).app.session.rfm.get().unwrap().customers.monetary().iter().sum();
    assert!(total > 1e5);
    let written = quintile::format::money(total, None);
    assert!(written.contains('.') && !written.contains(','), "{written}");
    assert!(says(&test, &written), "the status bar says {written}");
    key(&mut test, Key::Escape);

    // The currency of the open analysis, and of the next one.
    let mut settings = window(&test).app.settings.clone();
    settings.currency = Some("€".into());
    act(&mut test, Action::Settings(Box::new(settings)));
    done(&mut test);
    assert_eq!(window(&test).app.session.currency(), Some("€"));
    assert!(says(&test, &format!("€{written}")));
    press(&mut test, Command::Undo);
    done(&mut test);
    assert_eq!(window(&test).app.session.currency(), None);
    app(&mut test).open(&path);
    done(&mut test);
    let presentation = recipe(&test).presentation.clone();
    assert_eq!((presentation.numbers, presentation.currency.as_deref()), (Numbers::Point, Some("€")));
    let kept = Settings::load(&folder.path().join("settings.toml"));
    assert_eq!((kept.numbers, kept.currency.as_deref()), (Numbers::Point, Some("€")));
    assert_eq!(kept.recent.first(), Some(&path));

    // Back to the defaults; what was opened stays.
    press(&mut test, Command::Settings);
    click(&mut test, "Back to the defaults");
    done(&mut test);
    assert_eq!(window(&test).app.settings.numbers, Numbers::Comma);
    assert_eq!(window(&test).app.settings.recent.first(), Some(&path));
    assert!(says(&test, &quintile::format::money(total, None)));
}

#[test]
fn files_write_numbers_as_their_own_analysis_does() {
    let _alone = NUMBERS.write().unwrap_or_else(PoisonError::into_inner);
    let (mut test, folder) = opened();
    decided(&mut test, "Write numbers as 1.234.567,89", |r| r.presentation.numbers = Numbers::Point);
    whole(&mut test);
    let total: f64 = findings(&test).rfm.customers.monetary().iter().sum();
    let in_its_way = quintile::format::money(total, None);
    assert!(in_its_way.contains('.') && !in_its_way.contains(','), "{in_its_way}");
    // Another analysis, which writes them in another way, began since.
    quintile::format::write_numbers_as(Numbers::Comma);
    let out = folder.path().join("out");
    act(&mut test, Action::Export(ExportTarget::Folder(out.clone())));
    wait(&mut test, "the export", |t| !window(t).app.written.is_empty());
    let report = std::fs::read_to_string(out.join("report.html")).unwrap();
    assert!(report.contains(&in_its_way) && !report.contains(&quintile::format::money(total, None)), "{in_its_way}");
    assert_eq!(quintile::format::numbers(), Numbers::Comma, "the window goes on in the other way");
}

#[test]
fn the_first_steps_tick_themselves_off_and_can_be_put_away() {
    let _shared = beside_others();
    let (mut test, folder) = opened();
    // Opening a file leads to its segments.
    assert_eq!(window(&test).app.settings.steps_done, ["segments"]);
    assert!(says(&test, "1 of 4"));
    click(&mut test, "First step: Look at the data");
    assert_eq!(window(&test).app.view.panel, Panel::Data);
    assert!(says(&test, "2 of 4"));
    act(&mut test, Action::ShowCustomer("510".into()));
    assert!(says(&test, "3 of 4"));
    let out = ExportTarget::Folder(folder.path().join("out"));
    act(&mut test, Action::Export(out));
    wait(&mut test, "the export", |t| !window(t).app.written.is_empty());
    assert!(says(&test, "4 of 4"));
    assert_eq!(window(&test).app.settings.steps_done, ["segments", "data", "understand", "export"]);
    test.check_accessibility();
    click(&mut test, "Put the first steps away");
    assert!(window(&test).app.settings.checklist_away);
    assert!(!says(&test, "First steps"));
}

#[test]
fn terms_say_what_they_mean_where_one_points_at_them() {
    let _shared = beside_others();
    let (mut test, _folder) = opened();
    app(&mut test).view.panel = Panel::Features;
    app(&mut test).view.features.tab = FeaturesTab::Rfm;
    test.run_steps(4);
    assert!(!says(&test, "The day on which the analysis looks back. Unless you set it"));
    let is_label = |n: &egui_kittest::Node| n.accesskit_node().role() == Role::Label;
    test.query_all_by_label("Snapshot date").find(is_label).expect("above its field").hover();
    wait_for(&mut test, "The day on which the analysis looks back. Unless you set it");

    press(&mut test, Command::Glossary);
    type_in(&mut test, "Search terms", "jaccard");
    assert!(says(&test, "customers in both over customers in either"));
    assert!(says(&test, "in both / in either"));
    test.check_accessibility();
}

#[test]
fn every_key_is_on_the_sheet_of_keys() {
    let _shared = beside_others();
    let (mut test, _folder) = opened();
    press(&mut test, Command::Shortcuts);
    test.check_accessibility();
    for command in Command::all().filter(|c| c.shortcut().is_some() && !matches!(c, Command::Go(_))) {
        assert!(test.query_all_by_label(&command.text()).next().is_some(), "{command:?} is not on the sheet");
    }
    assert!(says(&test, "Panels from Data to Export"));
    type_in(&mut test, "Search keys", "glossary");
    assert!(!shows(&test, "Paste data"));
    key(&mut test, Key::Escape);
    // Sides of panels in turn, round in a circle.
    app(&mut test).view.panel = Panel::ChooseK;
    for tab in ChooseKTab::ALL.into_iter().skip(1).chain([ChooseKTab::Criteria]) {
        press(&mut test, Command::NextSide);
        assert_eq!(window(&test).app.view.choose_k.tab, tab);
    }
    press(&mut test, Command::PreviousSide);
    assert_eq!(window(&test).app.view.choose_k.tab, ChooseKTab::Lesson);
}

#[test]
fn the_welcome_panel_lists_what_was_opened_last() {
    let _shared = beside_others();
    let folder = tempfile::tempdir().unwrap();
    let (here, gone) = (shop_in(folder.path()), folder.path().join("gone.csv"));
    let mut test = open_window(SIZE);
    app(&mut test).change_settings(|s| s.recent = vec![here.clone(), gone.clone()]);
    wait(&mut test, "a look at the files", |t| says(t, "not there any more") && says(t, "just now"));
    test.check_accessibility();
    click(&mut test, "Take gone.csv off the list");
    assert_eq!(window(&test).app.settings.recent, std::slice::from_ref(&here));
    let name = format!("Open orders.csv in {}", folder.path().display());
    test.get_by_label(&name).click();
    test.run_steps(4);
    done(&mut test);
    assert_eq!(recipe(&test).input.files, [here]);
}

/// Every side of every panel.
fn sides(window: &mut Window, mut each: impl FnMut(&mut Window, String)) {
    let app = |w: &mut Window, command: Command| w.app.apply(Action::Command(command));
    let sides = Command::all().filter(|c| {
        matches!(
            c,
            Command::Go(_)
                | Command::Explore(_)
                | Command::Features(_)
                | Command::ChooseK(_)
                | Command::Segments(_)
                | Command::Profiles(_)
        )
    });
    for side in sides {
        app(window, side);
        each(window, side.text());
    }
}

/// The drawer says every number that its texts name, in one analysis or another, and at least three in each.
#[test]
fn help_texts_are_full_of_the_numbers_of_the_data() {
    let _shared = beside_others();
    let (mut test, folder) = opened();
    decided(&mut test, "Compare", |r| r.rfm.compare_to = chrono::NaiveDate::from_ymd_opt(2024, 3, 1));
    whole(&mut test);
    let out = ExportTarget::Folder(folder.path().join("out"));
    act(&mut test, Action::Export(out));
    wait(&mut test, "the export", |t| !window(t).app.written.is_empty());
    let ctx = test.ctx.clone();
    let (mut known, mut missing) = (BTreeSet::new(), BTreeSet::new());
    let mut look = |test: &mut Test, known: &mut BTreeSet<String>, least: usize| {
        sides(window_mut(test), |window, side| {
            let Filled { text, known: names, missing: without } = window.explanation(&ctx);
            assert!(!text.contains(['{', '}']), "{side}: {text}");
            assert!(text.starts_with("# What is this?") && text.contains("# What can go wrong"), "{side}: {text}");
            let different: BTreeSet<&String> = names.iter().collect();
            assert!(different.len() >= least, "{side} has {different:?} only:\n{text}");
            known.extend(names);
            missing.extend(without);
        });
    };
    look(&mut test, &mut known, 3);
    // Other algorithms say other things.
    for algorithm in [Algorithm::Hdbscan, Algorithm::GaussianMixture, Algorithm::Agglomerative] {
        decided(&mut test, algorithm.label(), |r| r.cluster.algorithm = algorithm);
        whole(&mut test);
        look(&mut test, &mut known, 1);
        let text = {
            act(&mut test, Action::Command(Command::ChooseK(ChooseKTab::Criteria)));
            window_mut(&mut test).explanation(&ctx).text
        };
        let has_gap = text.contains("data sets without any clusters");
        assert_eq!(has_gap, algorithm == Algorithm::Agglomerative, "{text}");
        let says_why = text.contains(&format!("is not there for {}", algorithm.label()));
        assert_eq!(says_why, algorithm != Algorithm::Agglomerative, "{text}");
    }
    let customers = folder.path().join("visitors.csv");
    let text = tables::visitors() + "0001,Male,33,44,55\n";
    std::fs::write(&customers, text).unwrap();
    app(&mut test).open(&customers);
    whole(&mut test);
    // Scores and dates have no numbers there.
    look(&mut test, &mut known, 0);
    let never: Vec<&String> = missing.difference(&known).collect();
    assert!(never.is_empty(), "no analysis knows {never:?}");
}

/// The drawer as it is drawn: a term in it can be pointed at, and leads to the glossary.
#[test]
fn the_drawer_links_to_the_definitions() {
    let _shared = beside_others();
    let (mut test, _folder) = opened();
    act(&mut test, Action::Command(Command::ChooseK(ChooseKTab::Criteria)));
    assert!(says(&test, "All words in the glossary"));
    test.check_accessibility();
    act(&mut test, Action::Command(Command::Profiles(ProfilesTab::Cards)));
    test.get_by_label("All words in the glossary").click_accesskit();
    test.run_steps(4);
    assert_eq!(window(&test).app.view.frame.sheet, Some(Sheet::Glossary));
    test.key_press_modifiers(Modifiers::NONE, Key::Escape);
    test.run_steps(4);
    assert_eq!(window(&test).app.view.frame.sheet, None);
}
