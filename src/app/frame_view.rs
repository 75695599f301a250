//! What stands around the panels: which sheet lies over them, and what is typed there.

/// A sheet that lies over the window until it is closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Sheet {
    Settings,
    /// Every key, by group.
    Shortcuts,
    /// Every term with its definition.
    Glossary,
}

/// State of the frame that changes no finding.
#[derive(Debug, Clone, Default)]
pub struct FrameView {
    pub sheet: Option<Sheet>,
    /// The list of decisions.
    pub history_open: bool,
    /// The highlighted line of it; `None`: the one in force.
    pub history_at: Option<usize>,
    /// What the list of decisions, of keys and of terms is narrowed by.
    pub history_filter: String,
    pub filter: String,
    /// The term that the glossary is to show first.
    pub term: Option<String>,
    /// Whether it was brought into view.
    pub term_shown: bool,
    /// A currency sign while it is typed.
    pub currency: Option<String>,
}

impl FrameView {
    /// Opens a sheet, or closes it if it is the one that lies there.
    pub fn toggle(&mut self, sheet: Sheet) {
        self.filter.clear();
        self.term = None;
        self.sheet = if self.sheet == Some(sheet) { None } else { Some(sheet) };
    }

    /// Opens the glossary at a term.
    pub fn explain(&mut self, term: &str) {
        self.sheet = Some(Sheet::Glossary);
        self.filter.clear();
        self.term = Some(term.into());
        self.term_shown = false;
    }
}
