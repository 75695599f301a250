//! Back, forward, autoplay.

use egui::{Key, Slider, Ui};
use egui_material_icons::icons::{
    ICON_FIRST_PAGE, ICON_LAST_PAGE, ICON_PAUSE, ICON_PLAY_ARROW, ICON_SKIP_NEXT, ICON_SKIP_PREVIOUS,
};

use crate::app::{LessonView, Speed};
use crate::ui::theme;
use crate::ui::widgets::{button, choice};

/// Draws the controls for `steps` steps and moves `view` along.
pub fn show(ui: &mut Ui, view: &mut LessonView, steps: usize) {
    let t = theme::of(ui);
    let last = steps.saturating_sub(1);
    view.step = view.step.min(last);
    keys(ui, view, last);
    // Who asked the system for no motion gets none; every step is still one key away.
    let moves = ui.style().animation_time > 0.0;
    ui.horizontal(|ui| {
        ui.set_min_height(t.shape.control);
        ui.spacing_mut().item_spacing.x = t.space.xs;
        let at = view.step;
        let go = |ui: &mut Ui, icon, name: &str, enabled: bool| {
            ui.add_enabled_ui(enabled, |ui| button::icon(ui, icon, name)).inner.clicked()
        };
        if go(ui, ICON_FIRST_PAGE, "First step", at > 0) {
            jump(view, 0);
        }
        if go(ui, ICON_SKIP_PREVIOUS, "Step back", at > 0) {
            jump(view, at.saturating_sub(1));
        }
        if moves {
            let (icon, name) = if view.playing { (ICON_PAUSE, "Pause") } else { (ICON_PLAY_ARROW, "Play") };
            if go(ui, icon, name, steps > 1) {
                view.playing = !view.playing;
                view.stepped = ui.input(|i| i.time);
                if view.playing && at == last {
                    view.step = 0;
                }
            }
        }
        if go(ui, ICON_SKIP_NEXT, "Step forward", at < last) {
            jump(view, at + 1);
        }
        if go(ui, ICON_LAST_PAGE, "Last step", at < last) {
            jump(view, last);
        }
        ui.add_space(t.space.s);
        let mut number = view.step + 1;
        ui.spacing_mut().slider_width = (ui.available_width() - 290.0).clamp(60.0, 260.0);
        let slider = Slider::new(&mut number, 1..=steps.max(1)).integer();
        if ui.add(slider).accessible_name("Step").changed() {
            jump(view, number - 1);
        }
        ui.weak(format!("of {steps}"));
        if moves {
            ui.add_space(t.space.s);
            let speeds = [(Speed::Slow, "Slow", ""), (Speed::Usual, "Usual", ""), (Speed::Fast, "Fast", "")];
            if let Some(speed) = choice::segmented(ui, "Speed", &speeds, view.speed) {
                view.speed = speed;
            }
        }
    });
    play(ui, view, last, moves);
}

fn jump(view: &mut LessonView, to: usize) {
    view.step = to;
    view.playing = false;
}

/// The arrow keys, as long as nothing else has the focus that uses them.
fn keys(ui: &Ui, view: &mut LessonView, last: usize) {
    if ui.ctx().memory(|m| m.focused()).is_some() || egui::Popup::is_any_open(ui.ctx()) {
        return;
    }
    let (back, forward) = ui.input(|i| {
        let plain = i.modifiers.is_none();
        (plain && i.key_pressed(Key::ArrowLeft), plain && i.key_pressed(Key::ArrowRight))
    });
    if back && view.step > 0 {
        jump(view, view.step - 1);
    } else if forward && view.step < last {
        jump(view, view.step + 1);
    }
}

fn play(ui: &Ui, view: &mut LessonView, last: usize, moves: bool) {
    if !(view.playing && moves) {
        view.playing = false;
        return;
    }
    let now = ui.input(|i| i.time);
    let wait = view.speed.seconds();
    if now - view.stepped >= wait {
        view.step = (view.step + 1).min(last);
        view.stepped = now;
        view.playing = view.step < last;
    }
    let left = (wait - (now - view.stepped)).max(0.0);
    ui.ctx().request_repaint_after(std::time::Duration::from_secs_f64(left));
}
