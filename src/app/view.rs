//! What the window looks at: which panel, which axes, which theme. Nothing here changes a finding.

use serde::{Deserialize, Serialize};

use super::choose_k_view::ChooseKView;
use super::cleaning::CleanView;
use super::customers_view::CustomersView;
use super::explore_view::ExploreView;
use super::features_view::FeaturesView;
use super::frame_view::FrameView;
use super::profiles_view::ProfilesView;
use super::rfm_view::RfmView;
use super::segments_view::SegmentsView;
use super::selection::GroupsView;
use crate::intake::quality::Check;

/// The panels. `Welcome` is shown until a file is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Panel {
    Welcome,
    Data,
    Clean,
    Explore,
    Features,
    ChooseK,
    Segments,
    Profiles,
    Export,
}

impl Panel {
    /// The steps of the rail, in order.
    pub const STEPS: [Panel; 8] = [
        Panel::Data,
        Panel::Clean,
        Panel::Explore,
        Panel::Features,
        Panel::ChooseK,
        Panel::Segments,
        Panel::Profiles,
        Panel::Export,
    ];

    /// Its name in the rail and at the top of the panel.
    pub fn title(self) -> &'static str {
        match self {
            Panel::Welcome => "Welcome",
            Panel::Data => "Data",
            Panel::Clean => "Clean",
            Panel::Explore => "Explore",
            Panel::Features => "Features",
            Panel::ChooseK => "Choose k",
            Panel::Segments => "Segments",
            Panel::Profiles => "Profiles",
            Panel::Export => "Export",
        }
    }

    /// What the panel answers, in one line.
    pub fn question(self) -> &'static str {
        match self {
            Panel::Welcome => "Open a file of sales to begin",
            Panel::Data => "What is in the file, and which column is what?",
            Panel::Clean => "Which rows count, and what was left out?",
            Panel::Explore => "What is in the numbers, and who stands out?",
            Panel::Features => "What describes a customer?",
            Panel::ChooseK => "How many segments does the data support?",
            Panel::Segments => "Where do the customers lie?",
            Panel::Profiles => "Who are they, and what to do about them?",
            Panel::Export => "What should be written, and where?",
        }
    }
}

/// What the scatter shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Axes {
    /// First and second principal component.
    Pca2,
    /// Three principal components.
    Pca3,
    /// Placed by t-SNE in two or three dimensions.
    Tsne2,
    Tsne3,
    /// Two or three features by index, in their own units.
    Features(usize, usize),
    Features3(usize, usize, usize),
}

impl Axes {
    /// Whether the picture has depth.
    pub fn is_space(self) -> bool {
        matches!(self, Axes::Pca3 | Axes::Tsne3 | Axes::Features3(..))
    }

    pub fn is_tsne(self) -> bool {
        matches!(self, Axes::Tsne2 | Axes::Tsne3)
    }

    /// The features on the axes, where there are such.
    pub fn features(self) -> Vec<usize> {
        match self {
            Axes::Features(x, y) => vec![x, y],
            Axes::Features3(x, y, z) => vec![x, y, z],
            _ => Vec::new(),
        }
    }
}

/// The order of the customers' tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sort {
    /// Column from the left; 0 is the customer id.
    pub column: usize,
    pub descending: bool,
}

/// What stands beside the file card of the Data panel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum DataTab {
    #[default]
    Preview,
    Quality,
    Rejects,
}

impl DataTab {
    /// Every tab in order.
    pub const ALL: [DataTab; 3] = [DataTab::Preview, DataTab::Quality, DataTab::Rejects];

    /// Its words.
    pub fn title(self) -> &'static str {
        match self {
            DataTab::Preview => "Preview",
            DataTab::Quality => "Quality",
            DataTab::Rejects => "Rows that do not fit",
        }
    }

    /// What it answers, in one line.
    pub fn question(self) -> &'static str {
        match self {
            DataTab::Preview => "What does the file look like?",
            DataTab::Quality => "What is odd about the data, and how often?",
            DataTab::Rejects => "Which rows have another number of cells than the table?",
        }
    }
}

/// Rows of the table that a finding of the quality report counts; the preview shows these only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowFilter {
    pub check: Check,
    /// The column it is about; `None` for the table as a whole.
    pub column: Option<String>,
    /// What they are, in words.
    pub words: String,
}

/// What the Data panel looks at.
#[derive(Debug, Clone, Default)]
pub struct DataView {
    pub tab: DataTab,
    pub filter: Option<RowFilter>,
    /// Row and column of the table to bring into view in the next frame.
    pub reveal: Option<(usize, usize)>,
    /// Whether the field for one more file is open.
    pub adding: bool,
}

/// Texts being typed, before they become an action.
#[derive(Debug, Clone, Default)]
pub struct Typed {
    pub open_path: String,
    pub export_path: String,
    pub add_path: String,
    /// The file that the same analysis is to run on.
    pub new_file: String,
    pub rejects_path: String,
    /// `None` while these fields are not being edited.
    pub company: Option<String>,
    pub logo: Option<String>,
    pub patterns: Option<String>,
    pub currency: Option<String>,
    /// `None` while the field is not being edited.
    pub snapshot: Option<String>,
    pub palette: String,
    /// The highlighted line of the palette.
    pub palette_at: usize,
}

/// How the window looks and what it looks at.
#[derive(Debug, Clone)]
pub struct View {
    pub panel: Panel,
    pub dark: bool,
    /// The drawer on the right.
    pub explain: bool,
    pub palette_open: bool,
    /// The notes of the project.
    pub notes_open: bool,
    pub axes: Axes,
    /// Clusters (0-based) hidden from the scatter.
    pub hidden: Vec<u32>,
    pub sort: Sort,
    /// Whether the table of selected customers below the scatter and the profiles is open.
    pub selection_open: bool,
    pub data: DataView,
    pub clean: CleanView,
    pub explore: ExploreView,
    pub customers: CustomersView,
    pub features: FeaturesView,
    pub rfm: RfmView,
    pub choose_k: ChooseKView,
    pub segments: SegmentsView,
    pub profiles: ProfilesView,
    pub groups: GroupsView,
    pub frame: FrameView,
    pub typed: Typed,
}

impl Default for View {
    fn default() -> Self {
        View {
            panel: Panel::Welcome,
            dark: true,
            explain: true,
            palette_open: false,
            notes_open: false,
            axes: Axes::Pca2,
            hidden: Vec::new(),
            sort: Sort { column: 3, descending: true },
            selection_open: true,
            data: DataView::default(),
            clean: CleanView::default(),
            explore: ExploreView::default(),
            customers: CustomersView::default(),
            features: FeaturesView::default(),
            rfm: RfmView::default(),
            choose_k: ChooseKView::default(),
            segments: SegmentsView::default(),
            profiles: ProfilesView::default(),
            groups: GroupsView::default(),
            frame: FrameView::default(),
            typed: Typed::default(),
        }
    }
}
