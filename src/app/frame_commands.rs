//! The commands of the frame: sheets, sides of panels, settings.

use super::{
    Action, App, ChooseKTab, Command, DataTab, ExploreTab, FeaturesTab, Panel, ProfilesTab, SegmentsTab, Settings,
    Sheet, ThemeChoice,
};
use crate::format;
use crate::recipe::Recipe;

impl App {
    /// Does a command of the frame; the others are done where the rest of the window is.
    pub(super) fn frame_command(&mut self, command: Command) {
        let open = self.session.recipe().is_some();
        match command {
            Command::History => {
                let frame = &mut self.view.frame;
                frame.history_open = !frame.history_open && open;
                frame.history_filter.clear();
                frame.history_at = None;
            }
            Command::Shortcuts => self.view.frame.toggle(Sheet::Shortcuts),
            Command::Settings => self.view.frame.toggle(Sheet::Settings),
            Command::Glossary => self.view.frame.toggle(Sheet::Glossary),
            Command::Start => self.view.panel = Panel::Welcome,
            Command::Checklist => {
                let away = !self.settings.checklist_away;
                self.change_settings(|s| s.checklist_away = away);
            }
            Command::NextSide => self.turn(1),
            Command::PreviousSide => self.turn(-1),
            Command::Data(tab) if open => (self.view.panel, self.view.data.tab) = (Panel::Data, tab),
            Command::Explore(tab) if open => (self.view.panel, self.view.explore.tab) = (Panel::Explore, tab),
            Command::Features(tab) if open => (self.view.panel, self.view.features.tab) = (Panel::Features, tab),
            Command::Segments(tab) if open => (self.view.panel, self.view.segments.tab) = (Panel::Segments, tab),
            Command::Profiles(tab) if open => (self.view.panel, self.view.profiles.tab) = (Panel::Profiles, tab),
            _ => {}
        }
    }

    /// The next side of the panel in front, or the one before; round in a circle.
    fn turn(&mut self, by: i64) {
        fn next<T: Copy + PartialEq>(all: &[T], tab: &mut T, by: i64) {
            let at = all.iter().position(|t| t == tab).unwrap_or(0) as i64;
            *tab = all[(at + by).rem_euclid(all.len() as i64) as usize];
        }
        let view = &mut self.view;
        match view.panel {
            Panel::Data => next(&DataTab::ALL, &mut view.data.tab, by),
            Panel::Explore => next(&ExploreTab::ALL, &mut view.explore.tab, by),
            Panel::Features => next(&FeaturesTab::ALL, &mut view.features.tab, by),
            Panel::ChooseK => next(&ChooseKTab::ALL, &mut view.choose_k.tab, by),
            Panel::Segments => next(&SegmentsTab::ALL, &mut view.segments.tab, by),
            Panel::Profiles => next(&ProfilesTab::ALL, &mut view.profiles.tab, by),
            _ => {}
        }
    }

    /// Takes over other settings. Those that say how things are written hold for the open analysis too, as a decision
    /// that can be taken back.
    pub(super) fn take_settings(&mut self, new: Settings) {
        let before = self.settings.clone();
        self.change_settings(|s| *s = new);
        if self.settings.theme != before.theme && self.settings.theme != ThemeChoice::System {
            self.view.dark = self.settings.theme == ThemeChoice::Dark;
        }
        self.view.explain = self.settings.explain;
        let Some(recipe) = self.session.recipe() else { return self.write_numbers() };
        let mut recipe = Box::new(Recipe::clone(recipe));
        let (numbers, currency) = (self.settings.numbers, self.settings.currency.clone());
        let mut label = Vec::new();
        if numbers != before.numbers {
            recipe.presentation.numbers = numbers;
            label.push(format!("Write numbers as {}", numbers.example()));
        }
        if currency != before.currency {
            label.push(match currency.as_deref() {
                None => "Write money as the file does".into(),
                Some("") => "Write money without a currency".into(),
                Some(sign) => format!("Write money in {sign}"),
            });
            recipe.presentation.currency = currency;
        }
        if !label.is_empty() {
            self.apply(Action::Decide { label: label.join(", "), recipe, merge: false });
        }
    }

    /// Where no analysis says how numbers are written, the settings do.
    pub(super) fn write_numbers(&self) {
        if self.session.recipe().is_none() {
            format::write_numbers_as(self.settings.numbers);
        }
    }
}
