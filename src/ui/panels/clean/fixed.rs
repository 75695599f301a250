//! The steps that every analysis has, with the settings that belong to them.

use egui::Ui;

use super::flow;
use super::tile;
use crate::clean::FunnelStep;
use crate::recipe::Returns;
use crate::ui::scene::Scene;
use crate::ui::theme;
use crate::ui::widgets::{choice, state, text};

/// Steps without which a row means nothing to an analysis of customers.
const REQUIRED: [&str; 3] = ["customer_present", "date_readable", "amount_readable"];

/// The first step of each returns policy: where the policy is chosen.
const RETURNS: [&str; 3] = ["not_cancelled", "returns_netted", "cancellations_matched"];

/// Draws the lines of the funnel that are no steps of the user's; the first line is the file as read.
pub fn show(ui: &mut Ui, scene: &mut Scene, lines: &[FunnelStep], most: usize) {
    for (i, line) in lines.iter().enumerate().skip(1).filter(|(_, l)| l.index.is_none()) {
        tile::connector(ui);
        let before = lines[i - 1].rows;
        let left = flow::left(scene, line);
        let policy = RETURNS.contains(&line.id.as_str());
        let note = if line.note.is_empty() { String::new() } else { state::sentence(&line.note) };
        // What takes nothing away is told in one line.
        let brief = before == line.rows && !policy;
        tile::show(ui, None, |ui| {
            state::dimmed(ui, !line.on, |ui| {
                let remark = if brief { note.as_str() } else { "" };
                tile::head(ui, &line.step, remark, Some(&left), |ui| lead(ui, scene, line));
                if policy {
                    returns(ui, scene);
                }
                if !brief && !note.is_empty() {
                    text::muted(ui, &note);
                }
                tile::bar(ui, before, line.rows, most);
            });
        });
    }
}

/// The switch of a step that has one, the word of a step that cannot be switched off.
fn lead(ui: &mut Ui, scene: &mut Scene, line: &FunnelStep) {
    let Some(clean) = scene.session.recipe().map(|r| r.clean.clone()) else { return };
    match line.id.as_str() {
        "duplicates" => {
            let mut on = clean.drop_duplicates;
            let why = "Rows that equal an earlier row in every column. Two equal lines of one order may be real: off by \
                       default.";
            if choice::toggle(ui, &mut on, "Drop duplicate rows").on_hover_text(why).changed() {
                let label = if on { "Drop duplicate rows" } else { "Keep duplicate rows" };
                scene.decide(label, false, |r| r.clean.drop_duplicates = on);
            }
        }
        "net_positive" => {
            let mut on = clean.set_aside_not_positive;
            let why = "Customers whose returns are worth as much as their purchases or more. They cannot be put on a log \
                       scale.";
            if choice::toggle(ui, &mut on, "Set aside non-positive spend").on_hover_text(why).changed() {
                let label =
                    if on { "Set aside customers without net spend" } else { "Keep customers without net spend" };
                scene.decide(label, false, |r| r.clean.set_aside_not_positive = on);
            }
        }
        id if REQUIRED.contains(&id) => {
            text::chip(ui, "always")
                .on_hover_text("Nothing can be counted for a row without it, so this cannot be switched off");
        }
        _ => {}
    }
}

fn returns(ui: &mut Ui, scene: &mut Scene) {
    let t = theme::of(ui);
    let Some(current) = scene.session.recipe().map(|r| r.clean.returns) else { return };
    ui.horizontal(|ui| {
        let options: Vec<_> = Returns::ALL.iter().map(|r| (*r, r.label(), r.hint())).collect();
        if let Some(returns) = choice::segmented(ui, "Returns", &options, current) {
            scene.decide(format!("Returns: {}", returns.label().to_lowercase()), false, |r| r.clean.returns = returns);
        }
        text::muted(ui, current.hint());
    });
    ui.add_space(t.shape.hairline);
}
