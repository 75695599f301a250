//! Every key of every command, in one place.

use egui::{Context, Event, Key, Modifiers};

use crate::app::Command;

/// Takes the keys of this frame that belong to commands. Keys that a text field needs are left to it.
/// `over`: something lies over the panels that Escape closes.
pub fn take(ctx: &Context, over: bool) -> Vec<Command> {
    let typing = ctx.text_edit_focused();
    let popup = egui::Popup::is_any_open(ctx);
    // Most specific first: a shortcut also matches with further modifiers held.
    let mut commands: Vec<_> = Command::all().filter_map(|c| Some((c, c.shortcut()?))).collect();
    commands.sort_by_key(|(_, keys)| std::cmp::Reverse(count(keys.modifiers)));
    ctx.input_mut(|input| {
        let mut taken = Vec::new();
        for (command, keys) in commands {
            let needed_elsewhere = match command {
                Command::Undo | Command::Redo | Command::Paste => typing,
                _ if keys.logical_key == Key::Escape => typing || over || popup,
                _ => false,
            };
            if !needed_elsewhere && input.consume_shortcut(&keys) {
                taken.push(command);
            }
        }
        taken
    })
}

/// The text that was pasted, unless it is meant for a text field.
pub fn pasted(ctx: &Context) -> Option<String> {
    if ctx.text_edit_focused() {
        return None;
    }
    ctx.input(|input| {
        input.events.iter().find_map(|event| match event {
            Event::Paste(text) => Some(text.clone()),
            _ => None,
        })
    })
}

fn count(m: Modifiers) -> usize {
    [m.alt, m.ctrl, m.shift, m.mac_cmd, m.command].into_iter().filter(|on| *on).count()
}
