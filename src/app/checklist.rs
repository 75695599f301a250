//! The first steps of somebody who is new: four things worth doing once, which tick themselves off.

use super::{App, Command, ExploreTab, Panel};

/// One of the first steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FirstStep {
    Data,
    Segments,
    Understand,
    Export,
}

impl FirstStep {
    /// All of them, in order.
    pub const ALL: [FirstStep; 4] = [FirstStep::Data, FirstStep::Segments, FirstStep::Understand, FirstStep::Export];

    /// Its name in the settings file.
    pub fn name(self) -> &'static str {
        match self {
            FirstStep::Data => "data",
            FirstStep::Segments => "segments",
            FirstStep::Understand => "understand",
            FirstStep::Export => "export",
        }
    }

    /// What to do, in a few words.
    pub fn text(self) -> &'static str {
        match self {
            FirstStep::Data => "Look at the data",
            FirstStep::Segments => "See the segments",
            FirstStep::Understand => "Name one, or ask why",
            FirstStep::Export => "Export the list",
        }
    }

    /// How to do it, in a sentence.
    pub fn hint(self) -> &'static str {
        match self {
            FirstStep::Data => "Check in Data that the columns of customer, date and amount were found",
            FirstStep::Segments => "Look in Segments where your customers lie, and point at one",
            FirstStep::Understand => {
                "Give a segment your own name in Profiles, or click a customer twice in Explore to read why they are in \
                 their segment"
            }
            FirstStep::Export => "Write the workbook or the list of customers in Export",
        }
    }

    /// Where it is done.
    pub fn goes_to(self) -> Command {
        match self {
            FirstStep::Data => Command::Go(Panel::Data),
            FirstStep::Segments => Command::Go(Panel::Segments),
            FirstStep::Understand => Command::Go(Panel::Profiles),
            FirstStep::Export => Command::Go(Panel::Export),
        }
    }

    fn is_done(self, app: &App) -> bool {
        match self {
            FirstStep::Data => app.view.panel == Panel::Data && app.session.roles.get().is_some(),
            FirstStep::Segments => app.view.panel == Panel::Segments && app.session.findings().is_some(),
            FirstStep::Understand => {
                let named = app.session.recipe().is_some_and(|r| !r.segments.named.is_empty());
                let card = app.view.panel == Panel::Explore
                    && app.view.explore.tab == ExploreTab::Customers
                    && app.view.customers.card.is_some();
                named || card
            }
            FirstStep::Export => !app.written.is_empty(),
        }
    }
}

impl App {
    /// Ticks off what was done for the first time.
    pub(super) fn tick_off(&mut self) {
        if self.settings.checklist_away || self.settings.steps_done.len() >= FirstStep::ALL.len() {
            return;
        }
        let known = |step: &FirstStep| self.settings.steps_done.iter().any(|done| done == step.name());
        let new: Vec<FirstStep> =
            FirstStep::ALL.into_iter().filter(|step| !known(step) && step.is_done(self)).collect();
        if !new.is_empty() {
            self.change_settings(|s| s.steps_done.extend(new.iter().map(|step| step.name().to_string())));
        }
    }
}
