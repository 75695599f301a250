//! The rule by which a segment can be recognised, and what may be done about it.

use egui::{Align2, FontId, Label, Response, RichText, Sense, Ui, vec2};
use egui_material_icons::MaterialIcon;
use egui_material_icons::icons::{ICON_CAMPAIGN, ICON_LIGHTBULB, ICON_PAYMENTS, ICON_RULE};

use super::{line, section};
use crate::format;
use crate::profile::{Grouping, Profile};
use crate::ui::panels::profiles::shown::Shown;
use crate::ui::scene::Scene;
use crate::ui::theme;
use crate::ui::widgets::text;

/// Rules of a segment that are shown; hovering shows all.
const MOST: usize = 2;

/// The rules of a segment with their precision and coverage.
pub fn rule(ui: &mut Ui, shown: &Shown, i: usize) {
    let t = theme::of(ui);
    let portraits = &shown.findings.portraits;
    let rules = match shown.grouping {
        Grouping::Clusters => &portraits.rules,
        Grouping::Rfm => &portraits.rfm_rules,
    };
    if rules.rules.is_empty() && rules.words.is_empty() {
        return;
    }
    section(ui, "How to recognise them", &rules.told(shown.profiles()));
    let customers = format::plural(shown.profiles()[i].customers, "customer", "customers");
    for rule in rules.of(i).take(MOST) {
        let hint = format!(
            "Precision: {} of the {} whom this rule takes in are of this segment.\nCoverage: these are {} of its {customers}.",
            format::count(rule.right),
            format::count(rule.customers),
            format::percent(rule.coverage),
        );
        sentence(ui, ICON_RULE, &capital(&rule.sentence)).on_hover_text(&hint);
        let words =
            format!("precision {}, coverage {}", format::percent(rule.precision), format::percent(rule.coverage));
        line(ui, |ui| {
            ui.add_space(t.font.icon + ui.spacing().item_spacing.x);
            text::muted_line(ui, words).on_hover_text(hint);
        });
    }
    match rules.of(i).count() {
        // Of some maps nothing can be said in a sentence; the definition says why.
        0 if rules.rules.is_empty() => drop(text::muted(ui, rules.words.as_str())),
        0 => drop(text::muted(ui, "No short rule tells them from the others.")),
        n if n > MOST => {
            let all: Vec<String> = rules.of(i).map(|rule| capital(&rule.sentence)).collect();
            let more = format::plural(n - MOST, "more rule", "more rules");
            text::muted(ui, format!("and {more}")).on_hover_text(all.join("\n"));
        }
        _ => {}
    }
}

/// The sentence with a capital at its beginning.
fn capital(sentence: &str) -> String {
    let mut letters = sentence.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// Action, channel, reason and the money that they are about.
pub fn show(ui: &mut Ui, scene: &Scene, shown: &Shown, i: usize, profile: &Profile) {
    let portrait = shown.portrait(i);
    let stake = portrait.and_then(|p| p.stake.as_ref());
    if profile.action.is_empty() && stake.is_none() {
        return;
    }
    section(
        ui,
        "What to do",
        "Advice from common practice for customers of this pattern, not a result of these data. Try it on a part of them, \
         and keep a part without it to compare.",
    );
    if !profile.action.is_empty() {
        sentence(ui, ICON_LIGHTBULB, &profile.action);
        under(ui, portrait.map_or("", |p| p.reason.as_str()));
    }
    if !profile.channel.is_empty() {
        sentence(ui, ICON_CAMPAIGN, &profile.channel).on_hover_text("Where to reach them");
    }
    if let Some(stake) = stake {
        let amount = format!("{} at stake", format::money(stake.amount, scene.currency()));
        sentence(ui, ICON_PAYMENTS, &amount).on_hover_text("The money that the action is about; no forecast");
        under(ui, &stake.words);
    }
}

/// What is to be said of the line above.
fn under(ui: &mut Ui, words: &str) {
    if words.is_empty() {
        return;
    }
    let t = theme::of(ui);
    ui.horizontal_top(|ui| {
        ui.add_space(t.font.icon + ui.spacing().item_spacing.x);
        text::muted(ui, words);
    });
}

/// A sentence with an icon at the height of its first line.
fn sentence(ui: &mut Ui, icon: MaterialIcon, words: &str) -> Response {
    let t = theme::of(ui);
    ui.horizontal_top(|ui| {
        let (rect, _) = ui.allocate_exact_size(vec2(t.font.icon, t.font.small + t.space.xs), Sense::hover());
        let font = FontId::new(t.font.icon, icon.font_family());
        ui.painter().text(rect.center(), Align2::CENTER_CENTER, icon.codepoint, font, t.text.faint);
        ui.add(Label::new(RichText::new(words).size(t.font.small)).wrap())
    })
    .inner
}
