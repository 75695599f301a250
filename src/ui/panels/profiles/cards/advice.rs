//! The rule by which a segment can be recognised, and what may be done about it.

use egui::{Label, Response, RichText, Ui};
use egui_material_icons::MaterialIcon;
use egui_material_icons::icons::{ICON_CAMPAIGN, ICON_LIGHTBULB, ICON_PAYMENTS, ICON_RULE};

use super::section;
use crate::format;
use crate::profile::{Grouping, Profile};
use crate::ui::panels::profiles::shown::Shown;
use crate::ui::scene::Scene;
use crate::ui::theme;
use crate::ui::widgets::text;

/// The rules of a cluster with their precision and coverage.
pub fn rule(ui: &mut Ui, _scene: &Scene, shown: &Shown, i: usize) {
    let t = theme::of(ui);
    let rules = &shown.findings.portraits.rules;
    if shown.grouping != Grouping::Clusters || rules.rules.is_empty() {
        return;
    }
    section(ui, "How to recognise them", &rules.words);
    let own: Vec<_> = rules.rules.iter().filter(|rule| rule.segment == i).collect();
    for rule in &own {
        let line = line(ui, ICON_RULE, &rule.sentence);
        let hint = format!(
            "Precision: of the {} whom this rule takes in, {} are of this segment.\nCoverage: these are {} of the segment's {}.",
            format::plural(rule.customers, "customer", "customers"),
            format::count(rule.right),
            format::percent(rule.coverage),
            format::plural(shown.profiles()[i].customers, "customer", "customers"),
        );
        line.on_hover_text(&hint);
        let words = format!("{} right, finds {}", format::percent(rule.precision), format::percent(rule.coverage));
        ui.horizontal(|ui| {
            ui.spacing_mut().interact_size.y = t.font.small;
            ui.add_space(t.font.icon + ui.spacing().item_spacing.x);
            text::muted_line(ui, words).on_hover_text(hint);
        });
    }
    if own.is_empty() {
        text::muted(ui, "No short rule tells them from the others.");
    }
}

/// Action, channel, reason and the money that they are about.
pub fn show(ui: &mut Ui, scene: &Scene, shown: &Shown, i: usize, profile: &Profile) {
    let t = theme::of(ui);
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
        line(ui, ICON_LIGHTBULB, &profile.action);
    }
    if !profile.channel.is_empty() {
        line(ui, ICON_CAMPAIGN, &profile.channel).on_hover_text("Where to reach them");
    }
    if let Some(stake) = stake {
        let amount = format!("{} at stake", format::money(stake.amount, scene.currency()));
        line(ui, ICON_PAYMENTS, &amount).on_hover_text(&stake.words);
    }
    for why in [portrait.map(|p| p.reason.as_str()), stake.map(|s| s.words.as_str())].into_iter().flatten() {
        if !why.is_empty() {
            ui.add(Label::new(RichText::new(why).size(t.font.small).color(t.text.muted)).wrap());
        }
    }
}

fn line(ui: &mut Ui, icon: MaterialIcon, words: &str) -> Response {
    let t = theme::of(ui);
    ui.horizontal_top(|ui| {
        text::icon(ui, icon, t.text.faint);
        ui.add(Label::new(RichText::new(words).size(t.font.small)).wrap())
    })
    .inner
}
