//! What the Profiles panel looks at.

use serde::{Deserialize, Serialize};

use crate::profile::Grouping;

/// The sides of the panel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub enum ProfilesTab {
    /// One card per segment.
    #[default]
    Cards,
    /// Segments as rows with bars in the cells.
    Table,
    /// Standardised means as colours.
    Heat,
    /// The same as lines.
    Snake,
    /// The same on axes around a centre.
    Radar,
    /// One feature's box per segment.
    Boxes,
}

impl ProfilesTab {
    /// Every side in order.
    pub const ALL: [ProfilesTab; 6] = [
        ProfilesTab::Cards,
        ProfilesTab::Table,
        ProfilesTab::Heat,
        ProfilesTab::Snake,
        ProfilesTab::Radar,
        ProfilesTab::Boxes,
    ];

    /// Its words.
    pub fn title(self) -> &'static str {
        match self {
            ProfilesTab::Cards => "Cards",
            ProfilesTab::Table => "Table",
            ProfilesTab::Heat => "Heat map",
            ProfilesTab::Snake => "Snake plot",
            ProfilesTab::Radar => "Radar",
            ProfilesTab::Boxes => "Box plots",
        }
    }

    /// What it answers, in one line.
    pub fn question(self) -> &'static str {
        match self {
            ProfilesTab::Cards => "Who is each segment, and what to do about it?",
            ProfilesTab::Table => "Which numbers does each segment have?",
            ProfilesTab::Heat => "In which features does each segment differ from everyone?",
            ProfilesTab::Snake => "Which segments are high where others are low?",
            ProfilesTab::Radar => "What form does each segment have?",
            ProfilesTab::Boxes => "How wide does one feature spread in each segment?",
        }
    }
}

/// What is being written on a card.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Writing {
    /// Place of the cluster among the profiles.
    pub place: usize,
    /// The note in place of the name.
    pub note: bool,
    pub text: String,
    /// Whether the field has yet to get the keyboard.
    pub fresh: bool,
}

/// State of the panel that changes no finding.
#[derive(Debug, Clone, Default)]
pub struct ProfilesView {
    pub tab: ProfilesTab,
    pub grouping: Grouping,
    pub writing: Option<Writing>,
    /// Column of the table by which segments are sorted, from the left, and whether the greatest stands first; `None`:
    /// canonical order.
    pub sort: Option<(usize, bool)>,
    /// Heat map: features in the order of the table in place of the most telling first.
    pub plain_order: bool,
    /// Segments drawn strongly in the radar; `None`: the first few.
    pub strong: Option<Vec<usize>>,
    /// Box plots: the feature's name in outputs; `None`: the last of those by which people know a customer.
    pub feature: Option<String>,
    /// Box plots on a logarithmic axis; `None`: where the values ask for it.
    pub log: Option<bool>,
}

impl ProfilesView {
    /// Shows other segments; what was chosen of the ones before is forgotten.
    pub fn group_by(&mut self, grouping: Grouping) {
        if grouping != self.grouping {
            *self = ProfilesView { grouping, writing: None, strong: None, ..std::mem::take(self) };
        }
    }
}
