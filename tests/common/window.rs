//! The window as a person uses it: what stands on the screen is found by its words and its role, and used with the
//! pointer and with keys. Whatever takes a while is waited for by drawing frames.
#![allow(dead_code)] // each test binary uses a part of it

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use egui::accesskit::Role;
use egui::{Event, Key, Modifiers, PointerButton, Pos2, Rect, pos2};
use egui_kittest::kittest::{NodeT, Queryable};
use egui_kittest::{Harness, Node};
use quintile::app::{Action, App, Command};
use quintile::pipeline::Findings;
use quintile::recipe::Recipe;
use quintile::ui::Window;

/// A window without a screen; there from the first frame on.
pub type Test = Harness<'static, Option<Window>>;

/// How long anything is waited for.
const PATIENCE: Duration = Duration::from_secs(120);
/// Frames after which what was asked for is drawn.
const FRAMES: usize = 4;

/// A window of this size with nothing open. It keeps no settings and no work, and reads none.
pub fn open_window(size: [f32; 2]) -> Test {
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
    let mut test = Harness::builder().with_size(size).with_max_steps(64).build_ui_state(draw, None);
    test.run_steps(FRAMES);
    test
}

/// A window with the sample open, and analysed.
pub fn open_sample(size: [f32; 2]) -> Test {
    let mut test = open_window(size);
    click(&mut test, "Try the sample data");
    done(&mut test);
    test
}

/// A window with this text dropped on it as a file, and analysed. The folder of the file lives as long as the test.
pub fn open_text(size: [f32; 2], text: &str) -> (Test, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("orders.csv");
    std::fs::write(&path, text).unwrap();
    let mut test = open_window(size);
    drop_file(&mut test, &path);
    done(&mut test);
    (test, folder)
}

/// A file held over the window.
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

pub fn drop_file(test: &mut Test, path: &Path) {
    test.input_mut().dropped_files.push(Arc::new(Dropped(path.to_path_buf())));
    test.run_steps(FRAMES);
}

pub fn window(test: &Test) -> &Window {
    test.state().as_ref().expect("made in the first frame")
}

pub fn window_mut(test: &mut Test) -> &mut Window {
    test.state_mut().as_mut().expect("made in the first frame")
}

pub fn app(test: &mut Test) -> &mut App {
    &mut window_mut(test).app
}

/// The analysis, which is done.
pub fn findings(test: &Test) -> Arc<Findings> {
    window(test).app.session.findings().expect("the analysis is done").clone()
}

/// The recipe in force.
pub fn recipe(test: &Test) -> &Recipe {
    window(test).app.session.recipe().expect("a file is open")
}

/// Names of all decisions, the first of which is that a file was opened, and the place of the one in force.
pub fn decisions(test: &Test) -> (Vec<String>, usize) {
    let (entries, at) = window(test).app.session.history().expect("a file is open").entries();
    (entries.iter().map(|entry| entry.label.clone()).collect(), at)
}

/// Places of the selected customers.
pub fn selected(test: &Test) -> Vec<u32> {
    window(test).app.selection.customers.to_vec()
}

/// Draws frames until `ready`, or fails in the end.
pub fn wait(test: &mut Test, what: &str, ready: impl Fn(&Test) -> bool) {
    let start = Instant::now();
    while !ready(test) {
        let failure = window(test).app.session.failure();
        assert!(start.elapsed() < PATIENCE, "waited too long for {what}; what failed: {failure:?}");
        test.step();
        std::thread::sleep(Duration::from_millis(2));
    }
    test.run_steps(FRAMES);
}

/// Draws frames until these words are to be read.
pub fn wait_for(test: &mut Test, words: &str) {
    wait(test, words, |t| says(t, words));
}

/// Waits until the analysis is there and current, perhaps without the checks, which come last.
pub fn done(test: &mut Test) {
    wait(test, "the analysis", |t| window(t).app.session.findings().is_some());
    assert_eq!(window(test).app.session.failure(), None);
}

/// Waits until the checks are there too: while they run, the status bar offers to cancel them.
pub fn whole(test: &mut Test) {
    wait(test, "the checks", |t| window(t).app.session.whole().is_some());
    assert_eq!(window(test).app.session.failure(), None);
}

/// Does what a panel would ask for.
pub fn act(test: &mut Test, action: impl Into<Action>) {
    app(test).apply(action.into());
    test.run_steps(FRAMES);
}

/// Decides something, as a panel does.
pub fn decide(test: &mut Test, label: &str, change: impl FnOnce(&mut Recipe)) {
    let mut recipe = Box::new(recipe(test).clone());
    change(&mut recipe);
    act(test, Action::Decide { label: label.into(), recipe, merge: false });
}

/// Presses the keys of a command.
pub fn press(test: &mut Test, command: Command) {
    let keys = command.shortcut().expect("it has a key");
    test.key_press_modifiers(keys.modifiers, keys.logical_key);
    test.run_steps(FRAMES);
}

/// Takes the last decision back, and waits for the analysis before it.
pub fn undo(test: &mut Test) {
    press(test, Command::Undo);
    done(test);
}

/// Presses a key.
pub fn key(test: &mut Test, key: Key) {
    test.key_press(key);
    test.run_steps(FRAMES);
}

/// Whether these words are to be read, perhaps with others around them.
pub fn says(test: &Test, words: &str) -> bool {
    test.query_all_by_label_contains(words).next().is_some()
}

/// Whether something is called exactly so.
pub fn shows(test: &Test, label: &str) -> bool {
    test.query_all_by_label(label).next().is_some()
}

/// The button or switch of this name, if it can be used.
pub fn control<'t>(test: &'t Test, label: &'t str) -> Option<Node<'t>> {
    let can_be_used = |n: &Node| {
        let node = n.accesskit_node();
        matches!(node.role(), Role::Button | Role::CheckBox | Role::RadioButton) && !node.is_disabled()
    };
    test.query_all_by_label(label).find(can_be_used)
}

/// Clicks a button or a switch as soon as it can be used.
pub fn click(test: &mut Test, label: &str) {
    wait(test, label, |t| control(t, label).is_some());
    control(test, label).expect("waited for").click();
    test.run_steps(FRAMES);
}

/// Opens a drop-down and picks an option.
pub fn pick(test: &mut Test, combo: &str, option: &str) {
    test.get_by_role_and_label(Role::ComboBox, combo).click();
    test.run_steps(FRAMES);
    // What is chosen may be called so outside of the list as well.
    let found = test.query_all_by_role_and_label(Role::Button, option).last();
    found.unwrap_or_else(|| panic!("no option {option}")).click();
    test.run_steps(FRAMES);
}

fn field<'t>(test: &'t Test, name: &'t str) -> Node<'t> {
    let takes_text = |n: &Node| matches!(n.accesskit_node().role(), Role::TextInput | Role::MultilineTextInput);
    test.query_all_by_label(name).find(takes_text).unwrap_or_else(|| panic!("no field {name}"))
}

/// Replaces what stands in a field, which keeps the keyboard.
pub fn fill(test: &mut Test, name: &str, text: &str) {
    field(test, name).focus();
    test.run_steps(2);
    test.key_press_modifiers(Modifiers::COMMAND, Key::A);
    test.run_steps(2);
    test.key_press(Key::Delete);
    test.run_steps(2);
    if !text.is_empty() {
        field(test, name).type_text(text);
    }
    test.run_steps(FRAMES);
}

/// Replaces what stands in a field, and accepts it.
pub fn write(test: &mut Test, name: &str, text: &str) {
    fill(test, name, text);
    key(test, Key::Enter);
}

/// Whether there is a picture of this name.
pub fn has_picture(test: &Test, name: &str) -> bool {
    test.query_all_by_role_and_label(Role::Image, name).next().is_some()
}

/// Where the picture of this name is drawn.
pub fn picture(test: &Test, name: &str) -> Rect {
    test.get_by_role_and_label(Role::Image, name).rect()
}

/// A place in a rectangle, as shares of its width and height.
pub fn within(rect: Rect, x: f32, y: f32) -> Pos2 {
    pos2(rect.left() + x * rect.width(), rect.top() + y * rect.height())
}

/// Presses and lets go of the pointer at a place.
pub fn click_at(test: &mut Test, at: Pos2) {
    click_with(test, at, Modifiers::NONE);
}

/// The same with keys held.
pub fn click_with(test: &mut Test, at: Pos2, modifiers: Modifiers) {
    drag_with(test, &[at], modifiers);
}

/// Presses at one place and lets go at another.
pub fn drag(test: &mut Test, from: Pos2, to: Pos2) {
    drag_with(test, &[from, to], Modifiers::NONE);
}

/// Presses at the first place, goes from place to place and lets go at the last one, with keys held.
pub fn drag_with(test: &mut Test, places: &[Pos2], modifiers: Modifiers) {
    let event = |test: &mut Test, event: Event| {
        test.event(event);
        test.run_steps(2);
    };
    let button = |pos: Pos2, pressed: bool| {
        let button = PointerButton::Primary;
        Event::PointerButton { pos, button, pressed, modifiers }
    };
    event(test, Event::ModifiersChanged(modifiers));
    event(test, Event::PointerMoved(places[0]));
    event(test, button(places[0], true));
    for pair in places.windows(2) {
        for step in 1..=8 {
            event(test, Event::PointerMoved(pair[0] + (pair[1] - pair[0]) * (step as f32 / 8.0)));
        }
    }
    event(test, button(places[places.len() - 1], false));
    event(test, Event::ModifiersChanged(Modifiers::NONE));
    test.run_steps(FRAMES);
}
