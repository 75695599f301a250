//! What a panel is given: findings to read, view state to change, and a list for what it asks for.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use super::cache::Cache;
use crate::app::{
    Action, App, Asked, Command, Explorer, Exports, NewFile, ProjectState, Runs, Selection, Session, Settings, Trail,
    View,
};
use crate::chart::{Chart, Pointed};
use crate::explore::{Question, Subject};
use crate::export::Written;
use crate::pipeline::Findings;
use crate::recipe::Recipe;
use crate::rfm::Feature;

/// One frame of one panel. Panels read findings, change only how things look (`view`, `cache`), and ask
/// for everything else through `actions`.
pub struct Scene<'a> {
    pub session: &'a Session,
    pub selection: &'a Selection,
    pub runs: &'a Runs,
    /// The project that is open, and what it is called.
    pub project: &'a ProjectState,
    pub project_name: Option<String>,
    /// The same analysis on another file.
    pub new_file: &'a NewFile,
    pub trail: &'a Trail,
    pub settings: &'a Settings,
    pub written: &'a [Written],
    pub exporting: bool,
    pub exports: &'a Exports,
    pub view: &'a mut View,
    pub cache: &'a mut Cache,
    explorer: &'a mut Explorer,
    actions: Vec<Action>,
}

impl<'a> Scene<'a> {
    pub fn new(app: &'a mut App, cache: &'a mut Cache) -> Scene<'a> {
        let project_name = app.project_name();
        let App {
            session,
            view,
            selection,
            runs,
            project,
            new_file,
            trail,
            settings,
            written,
            exports_running,
            exports,
            explorer,
            ..
        } = app;
        let (exporting, actions) = (*exports_running > 0, Vec::new());
        Scene {
            session,
            selection,
            runs,
            project,
            project_name,
            new_file,
            trail,
            settings,
            written,
            exporting,
            exports,
            view,
            cache,
            explorer,
            actions,
        }
    }

    /// Asks for an action.
    pub fn act(&mut self, action: Action) {
        self.actions.push(action);
    }

    /// Asks for a command.
    pub fn command(&mut self, command: Command) {
        self.act(Action::Command(command));
    }

    /// Why a command would do nothing now.
    pub fn blocked(&self, command: Command) -> Option<&'static str> {
        command.blocked(self.session, self.selection)
    }

    /// Asks for a changed recipe. `merge` joins it with the last decision of the same name (a drag).
    pub fn decide(&mut self, label: impl Into<String>, merge: bool, change: impl FnOnce(&mut Recipe)) {
        if let Some(recipe) = self.session.recipe() {
            let mut recipe = Box::new(Recipe::clone(recipe));
            change(&mut recipe);
            self.act(Action::Decide { label: label.into(), recipe, merge });
        }
    }

    /// Asks for changed settings.
    pub fn set(&mut self, change: impl FnOnce(&mut Settings)) {
        let mut settings = Box::new(self.settings.clone());
        change(&mut settings);
        self.act(Action::Settings(settings));
    }

    /// Selects customers by their places in the customer table.
    pub fn select(&mut self, customers: Vec<u32>, from: impl Into<String>) {
        self.act(Action::Select(Selection { customers: Arc::new(customers), from: from.into() }));
    }

    /// The answer to a question about the tables, as far as it is known; asked anew in every frame that shows it.
    /// `place` is what stays the same from frame to frame, so that the last answer stays until there is a new one.
    pub fn ask(&mut self, place: impl Hash, question: &Question) -> Asked {
        let mut hasher = DefaultHasher::new();
        place.hash(&mut hasher);
        self.explorer.ask(hasher.finish(), question)
    }

    /// Selects the customers that something pointed at in `chart` (an answer to `question`) stands for, once they are
    /// found.
    pub fn pick(&mut self, question: &Question, chart: &Arc<Chart>, pointed: Pointed, from: impl Into<String>) {
        let (question, chart) = (question.clone(), chart.clone());
        self.act(Action::Pick { question, chart, pointed, from: from.into() });
    }

    /// What questions are asked about, once there is something.
    pub fn subject(&self) -> Option<&Arc<Subject>> {
        self.explorer.subject()
    }

    /// Has questions answered about these features of customers too.
    pub fn offer(&mut self, features: &Arc<Vec<Feature>>) {
        self.explorer.offer(features);
    }

    /// Whether customers that were pointed at are being looked for.
    pub fn picking(&self) -> bool {
        self.explorer.picking()
    }

    /// The last complete analysis, and whether it is the current one.
    pub fn findings(&self) -> Option<(Arc<Findings>, bool)> {
        match self.session.findings() {
            Some(findings) => Some((findings.clone(), true)),
            None => self.cache.shown.clone().map(|f| (f, false)),
        }
    }

    /// The file's own currency sign.
    pub fn currency(&self) -> Option<&'a str> {
        self.session.currency()
    }

    /// What was asked for.
    pub fn into_actions(self) -> Vec<Action> {
        self.actions
    }
}
