//! What stands around the panels, by what a person sees: the palette, the history, settings, first steps, the glossary, the
//! sheet of keys, and the drawer with the numbers of the data.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::{PoisonError, RwLock, RwLockReadGuard};
use std::time::{Duration, Instant};

use egui::accesskit::Role;
use egui::{Key, Modifiers};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT, Queryable};
use quintile::app::{Action, ChooseKTab, Command, FeaturesTab, Panel, ProfilesTab, SegmentsTab, Settings, Sheet};
use quintile::recipe::{Algorithm, Numbers, StepKind};
use quintile::ui::{Filled, Window};

type Test = Harness<'static, Option<Window>>;

const CUSTOMERS: u32 = 120;

/// How numbers are written is shared by the whole program: the test that changes it runs alone.
static NUMBERS: RwLock<()> = RwLock::new(());

fn beside_others() -> RwLockReadGuard<'static, ()> {
    NUMBERS.read().unwrap_or_else(PoisonError::into_inner)
}

/// Orders of a small shop over two years: customers differ in how often, how lately and for how much they buy; some rows
/// have no customer.
fn shop(folder: &Path) -> PathBuf {
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
    let path = folder.join("orders.csv");
    std::fs::write(&path, text).unwrap();
    path
}

fn window() -> Test {
    let draw = |ui: &mut egui::Ui, window: &mut Option<Window>| {
        let ctx = ui.ctx().clone();
        match window {
            // Fonts take effect with the next pass; until then there is nothing to draw.
            None => {
                *window = Some(Window::new(&ctx));
                ctx.request_repaint();
            }
            Some(window) => window.ui(ui),
        }
    };
    let mut test = Harness::builder().with_size([1280.0, 800.0]).with_max_steps(64).build_ui_state(draw, None);
    test.run_steps(4);
    test
}

fn of(test: &mut Test) -> &mut Window {
    test.state_mut().as_mut().expect("made in the first frame")
}

fn wait(test: &mut Test, what: &str, mut ready: impl FnMut(&mut Test) -> bool) {
    let start = Instant::now();
    while !ready(test) {
        let failure = of(test).app.session.failure().map(|(stage, e)| format!("{stage:?}: {e}"));
        assert_eq!(failure, None, "waiting for {what}");
        assert!(start.elapsed() < Duration::from_secs(90), "waiting for {what}");
        test.step();
        std::thread::sleep(Duration::from_millis(2));
    }
    test.run_steps(4);
}

/// Waits until the analysis is done and current.
fn done(test: &mut Test) {
    wait(test, "the analysis", |t| of(t).app.session.findings().is_some());
}

/// The same with the checks, which come last.
fn whole(test: &mut Test) {
    wait(test, "the checks", |t| of(t).app.session.whole().is_some());
}

fn opened() -> (Test, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let path = shop(folder.path());
    let mut test = window();
    of(&mut test).app.open(&path);
    done(&mut test);
    (test, folder)
}

fn press(test: &mut Test, command: Command) {
    let keys = command.shortcut().unwrap();
    test.key_press_modifiers(keys.modifiers, keys.logical_key);
    test.run_steps(4);
}

fn act(test: &mut Test, action: Action) {
    of(test).app.apply(action);
    test.run_steps(3);
}

/// Decides something, as a panel does.
fn decide(test: &mut Test, label: &str, change: impl FnOnce(&mut quintile::recipe::Recipe)) {
    let mut recipe = Box::new(quintile::recipe::Recipe::clone(of(test).app.session.recipe().unwrap()));
    change(&mut recipe);
    act(test, Action::Decide { label: label.into(), recipe, merge: false });
    done(test);
}

fn type_in(test: &mut Test, name: &str, text: &str) {
    test.get_by_role_and_label(Role::TextInput, name).type_text(text);
    test.run_steps(4);
}

fn shows(test: &Test, text: &str) -> bool {
    test.query_all_by_label_contains(text).next().is_some()
}

#[test]
fn the_palette_finds_by_letters_segments_customers_terms_and_says_why_not() {
    let _shared = beside_others();
    let (mut test, _folder) = opened();
    press(&mut test, Command::Palette);
    type_in(&mut test, "Command", "gsegdis");
    test.key_press(Key::Enter);
    test.run_steps(4);
    let view = &of(&mut test).app.view;
    assert_eq!((view.panel, view.segments.tab, view.palette_open), (Panel::Segments, SegmentsTab::Distances, false));
    assert_eq!(of(&mut test).app.settings.used[0], "Go to Segments, Distances");

    // What was taken last stands first.
    press(&mut test, Command::Palette);
    test.key_press(Key::Enter);
    test.run_steps(4);
    assert_eq!(of(&mut test).app.settings.used.len(), 1);

    // A segment by its name is selected.
    let profile = of(&mut test).app.session.profiles.get().unwrap()[1].clone();
    press(&mut test, Command::Palette);
    type_in(&mut test, "Command", &profile.name.clone());
    test.key_press(Key::Enter);
    test.run_steps(4);
    assert_eq!(*of(&mut test).app.selection.customers, profile.members);

    // A customer by id is shown.
    press(&mut test, Command::Palette);
    type_in(&mut test, "Command", "557");
    wait(&mut test, "the customer", |t| t.query_all_by_label("557").next().is_some());
    test.key_press(Key::Enter);
    test.run_steps(4);
    assert_eq!(of(&mut test).app.view.customers.card.as_deref(), Some("557"));

    // A term leads to the glossary.
    press(&mut test, Command::Palette);
    type_in(&mut test, "Command", "davies-bouldin");
    test.key_press(Key::Enter);
    test.run_steps(4);
    assert_eq!(of(&mut test).app.view.frame.sheet, Some(Sheet::Glossary));
    assert!(shows(&test, "How like each cluster is to its likest neighbour"));
    test.key_press(Key::Escape);
    test.run_steps(4);
    assert_eq!(of(&mut test).app.view.frame.sheet, None);

    // What cannot be used says why, and does nothing.
    press(&mut test, Command::ClearSelection);
    press(&mut test, Command::Palette);
    type_in(&mut test, "Command", "invertselection");
    assert!(shows(&test, "Invert the selection, not now: No customers are selected"));
    test.key_press(Key::Enter);
    test.run_steps(4);
    assert!(of(&mut test).app.view.palette_open);
    test.check_accessibility();
}

#[test]
fn the_history_lists_decisions_with_what_they_did_and_travels() {
    let _shared = beside_others();
    let (mut test, _folder) = opened();
    let without = StepKind::Missing {
        column: "CustomerID".into(),
        action: quintile::recipe::MissingAction::DropRow,
        value: String::new(),
        along: None,
    };
    decide(&mut test, &without.sentence(), |r| r.clean.steps.push(without.clone().into()));
    decide(&mut test, "Set k to 5", |r| r.cluster.k = quintile::recipe::KChoice::Fixed(5));
    press(&mut test, Command::History);
    assert!(of(&mut test).app.view.frame.history_open);
    test.get_by_label("Travel to: Drop rows without \"CustomerID\": 23 rows");
    assert!(shows(&test, "120 customers · 5 clusters"));
    test.check_accessibility();

    // Two lines down is the file as it was opened.
    test.key_press(Key::ArrowDown);
    test.run_steps(2);
    test.key_press(Key::ArrowDown);
    test.run_steps(2);
    test.key_press(Key::Enter);
    test.run_steps(4);
    done(&mut test);
    let (entries, at) = of(&mut test).app.session.history().unwrap().entries();
    assert_eq!((entries.len(), at), (3, 0));
    assert!(of(&mut test).app.session.recipe().unwrap().clean.steps.is_empty());
    assert!(shows(&test, "1 in force, 2 taken back"));
    test.get_by_label("Travel to: Set k to 5").click();
    test.run_steps(4);
    done(&mut test);
    assert_eq!(of(&mut test).app.session.history().unwrap().entries().1, 2);
    assert_eq!(of(&mut test).app.session.findings().unwrap().chosen.clustering.clusters(), 5);
    // Open and closed by the same key; a long list can be searched.
    press(&mut test, Command::History);
    assert!(!of(&mut test).app.view.frame.history_open);
    for seed in 1..=6 {
        decide(&mut test, &format!("Set the seed to {seed}"), |r| r.cluster.seed = seed);
    }
    press(&mut test, Command::History);
    type_in(&mut test, "Search decisions", "k to 5");
    assert!(shows(&test, "Travel to: Set k to 5"));
    assert!(!shows(&test, "Travel to: Set the seed to 6"));
}

#[test]
fn settings_change_how_everything_is_written_and_can_be_undone() {
    let _alone = NUMBERS.write().unwrap_or_else(PoisonError::into_inner);
    let folder = tempfile::tempdir().unwrap();
    let path = shop(folder.path());
    let mut test = window();
    of(&mut test).app.keep_settings_in(folder.path().join("settings.toml"));
    of(&mut test).app.open(&path);
    done(&mut test);
    let before = of(&mut test).app.session.findings().unwrap().profiles[0].description.clone();
    press(&mut test, Command::Settings);
    let offered = [Numbers::Comma, Numbers::Point, Numbers::Space, Numbers::Apostrophe];
    for numbers in offered {
        test.get_by_label(&format!("Numbers: {}", numbers.example()));
    }
    test.check_accessibility();
    test.get_by_label("Numbers: 1.234.567,89").click();
    test.run_steps(4);
    done(&mut test);
    assert_eq!(of(&mut test).app.session.recipe().unwrap().presentation.numbers, Numbers::Point);
    let label = of(&mut test).app.session.history().unwrap().entries().0[1].label.clone();
    assert_eq!(label, "Write numbers as 1.234.567,89");
    // Sentences that were made by the analysis, and those of the window.
    let after = of(&mut test).app.session.findings().unwrap().profiles[0].description.clone();
    assert_ne!(before, after, "{before}");
    let total: f64 = of(&mut test).app.session.rfm.get().unwrap().customers.monetary().iter().sum();
    assert!(total > 1e5);
    let written = quintile::format::money(total, None);
    assert!(written.contains('.') && !written.contains(','), "{written}");
    assert!(shows(&test, &written), "the status bar says {written}");
    test.key_press(Key::Escape);
    test.run_steps(4);

    // The currency of the open analysis, and of the next one.
    let mut settings = of(&mut test).app.settings.clone();
    settings.currency = Some("€".into());
    act(&mut test, Action::Settings(Box::new(settings)));
    done(&mut test);
    assert_eq!(of(&mut test).app.session.currency(), Some("€"));
    assert!(shows(&test, &format!("€{written}")));
    press(&mut test, Command::Undo);
    done(&mut test);
    assert_eq!(of(&mut test).app.session.currency(), None);
    of(&mut test).app.open(&path);
    done(&mut test);
    let presentation = of(&mut test).app.session.recipe().unwrap().presentation.clone();
    assert_eq!((presentation.numbers, presentation.currency.as_deref()), (Numbers::Point, Some("€")));
    let kept = Settings::load(&folder.path().join("settings.toml"));
    assert_eq!((kept.numbers, kept.currency.as_deref()), (Numbers::Point, Some("€")));
    assert_eq!(kept.recent.first(), Some(&path));

    // Back to the defaults; what was opened stays.
    press(&mut test, Command::Settings);
    test.get_by_label("Back to the defaults").click();
    test.run_steps(4);
    done(&mut test);
    assert_eq!(of(&mut test).app.settings.numbers, Numbers::Comma);
    assert_eq!(of(&mut test).app.settings.recent.first(), Some(&path));
    assert!(shows(&test, &quintile::format::money(total, None)));
}

#[test]
fn the_first_steps_tick_themselves_off_and_can_be_put_away() {
    let _shared = beside_others();
    let (mut test, folder) = opened();
    // Opening a file leads to its segments.
    assert_eq!(of(&mut test).app.settings.steps_done, ["segments"]);
    assert!(shows(&test, "1 of 4"));
    test.get_by_label("First step: Look at the data").click();
    test.run_steps(4);
    assert_eq!(of(&mut test).app.view.panel, Panel::Data);
    assert!(shows(&test, "2 of 4"));
    act(&mut test, Action::ShowCustomer("510".into()));
    assert!(shows(&test, "3 of 4"));
    let out = quintile::worker::ExportTarget::Folder(folder.path().join("out"));
    act(&mut test, Action::Export(out));
    wait(&mut test, "the export", |t| !of(t).app.written.is_empty());
    assert!(shows(&test, "4 of 4"));
    assert_eq!(of(&mut test).app.settings.steps_done, ["segments", "data", "understand", "export"]);
    test.check_accessibility();
    test.get_by_label("Put the first steps away").click();
    test.run_steps(4);
    assert!(of(&mut test).app.settings.checklist_away);
    assert!(!shows(&test, "First steps"));
}

#[test]
fn terms_say_what_they_mean_where_one_points_at_them() {
    let _shared = beside_others();
    let (mut test, _folder) = opened();
    of(&mut test).app.view.panel = Panel::Features;
    of(&mut test).app.view.features.tab = FeaturesTab::Rfm;
    test.run_steps(4);
    assert!(!shows(&test, "The day on which the analysis looks back. Unless you set it"));
    let is_label = |n: &egui_kittest::Node| n.accesskit_node().role() == Role::Label;
    test.query_all_by_label("Snapshot date").find(is_label).expect("above its field").hover();
    wait(&mut test, "the definition", |t| shows(t, "The day on which the analysis looks back. Unless you set it"));

    press(&mut test, Command::Glossary);
    type_in(&mut test, "Search terms", "jaccard");
    assert!(shows(&test, "customers in both over customers in either"));
    assert!(shows(&test, "in both / in either"));
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
    assert!(shows(&test, "Panels from Data to Export"));
    type_in(&mut test, "Search keys", "glossary");
    assert!(test.query_all_by_label("Paste data").next().is_none());
    test.key_press(Key::Escape);
    test.run_steps(4);
    // Sides of panels in turn, round in a circle.
    of(&mut test).app.view.panel = Panel::ChooseK;
    for tab in ChooseKTab::ALL.into_iter().skip(1).chain([ChooseKTab::Criteria]) {
        press(&mut test, Command::NextSide);
        assert_eq!(of(&mut test).app.view.choose_k.tab, tab);
    }
    press(&mut test, Command::PreviousSide);
    assert_eq!(of(&mut test).app.view.choose_k.tab, ChooseKTab::Lesson);
}

#[test]
fn the_welcome_panel_lists_what_was_opened_last() {
    let _shared = beside_others();
    let folder = tempfile::tempdir().unwrap();
    let (here, gone) = (shop(folder.path()), folder.path().join("gone.csv"));
    let mut test = window();
    of(&mut test).app.change_settings(|s| s.recent = vec![here.clone(), gone.clone()]);
    wait(&mut test, "a look at the files", |t| shows(t, "not there any more") && shows(t, "just now"));
    test.check_accessibility();
    test.get_by_label("Take gone.csv off the list").click();
    test.run_steps(4);
    assert_eq!(of(&mut test).app.settings.recent, std::slice::from_ref(&here));
    let name = format!("Open orders.csv in {}", folder.path().display());
    test.get_by_label(&name).click();
    test.run_steps(4);
    done(&mut test);
    assert_eq!(of(&mut test).app.session.recipe().unwrap().input.files, [here]);
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
    decide(&mut test, "Compare", |r| r.rfm.compare_to = chrono::NaiveDate::from_ymd_opt(2024, 3, 1));
    whole(&mut test);
    let out = quintile::worker::ExportTarget::Folder(folder.path().join("out"));
    act(&mut test, Action::Export(out));
    wait(&mut test, "the export", |t| !of(t).app.written.is_empty());
    let ctx = test.ctx.clone();
    let (mut known, mut missing) = (BTreeSet::new(), BTreeSet::new());
    let mut look = |test: &mut Test, known: &mut BTreeSet<String>, least: usize| {
        sides(of(test), |window, side| {
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
        decide(&mut test, algorithm.label(), |r| r.cluster.algorithm = algorithm);
        whole(&mut test);
        look(&mut test, &mut known, 1);
        let text = {
            act(&mut test, Action::Command(Command::ChooseK(ChooseKTab::Criteria)));
            of(&mut test).explanation(&ctx).text
        };
        let has_gap = text.contains("data sets without any clusters");
        assert_eq!(has_gap, algorithm == Algorithm::Agglomerative, "{text}");
        let says_why = text.contains(&format!("is not there for {}", algorithm.label()));
        assert_eq!(says_why, algorithm != Algorithm::Agglomerative, "{text}");
    }
    let customers = folder.path().join("visitors.csv");
    let mut text = String::from("CustomerID,Age,Income,Score\n");
    for i in 0..150u32 {
        let (income, score) = [(20, 80), (25, 20), (55, 50), (90, 85), (95, 15)][i as usize % 5];
        text += &format!("{:04},{},{},{}\n", i + 1, 20 + i * 7 % 45, income + i * 3 % 9, score + i * 5 % 11);
    }
    text += "0001,33,44,55\n";
    std::fs::write(&customers, text).unwrap();
    of(&mut test).app.open(&customers);
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
    assert!(shows(&test, "All words in the glossary"));
    test.check_accessibility();
    act(&mut test, Action::Command(Command::Profiles(ProfilesTab::Cards)));
    test.get_by_label("All words in the glossary").click_accesskit();
    test.run_steps(4);
    assert_eq!(of(&mut test).app.view.frame.sheet, Some(Sheet::Glossary));
    test.key_press_modifiers(Modifiers::NONE, Key::Escape);
    test.run_steps(4);
    assert_eq!(of(&mut test).app.view.frame.sheet, None);
}
