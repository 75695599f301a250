//! Every command of the window with its text, its tooltip and its key; menus, the palette and the keys
//! all go through this one list.

use egui::{Key, KeyboardShortcut, Modifiers};

use super::view::{DataTab, Panel};
use super::{ChooseKTab, ExploreTab, FeaturesTab, ProfilesTab, SegmentsTab};

/// A command that needs no further input.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Command {
    Open,
    AddFile,
    Paste,
    OpenSample,
    Undo,
    Redo,
    RunAgain,
    Cancel,
    ToggleTheme,
    ToggleExplain,
    Palette,
    ExportFolder,
    ExportWorkbook,
    ExportCustomers,
    SaveProject,
    SaveProjectAs,
    SaveProjectWithData,
    Notes,
    /// The same analysis on another file.
    RunOnNewFile,
    /// What that found, beside the earlier file.
    ShowComparison,
    ExportReportPdf,
    ExportReportHtml,
    SaveRecipe,
    /// A team's own names and advice for segments.
    ChoosePatterns,
    /// Those in force, to be edited.
    SavePatterns,
    ExportRejects,
    ClearSelection,
    /// Look for a customer by id.
    FindCustomer,
    /// The card of the selected customer.
    ShowCustomer,
    InvertSelection,
    NameSelection,
    KeepSelection,
    LeaveOutSelection,
    ExportSelection,
    AllCustomers,
    /// One cluster more, or one fewer, than there are.
    MoreClusters,
    FewerClusters,
    /// The list of decisions.
    History,
    Settings,
    Shortcuts,
    Glossary,
    /// The newcomers' list of first steps.
    Checklist,
    /// The welcome panel, with what was opened last.
    Start,
    /// The next side of the panel in front, or the one before.
    NextSide,
    PreviousSide,
    /// A side of the Choose k panel, and of others.
    ChooseK(ChooseKTab),
    Data(DataTab),
    Explore(ExploreTab),
    Features(FeaturesTab),
    Segments(SegmentsTab),
    Profiles(ProfilesTab),
    Go(Panel),
}

/// Under which heading a command is listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CommandGroup {
    File,
    Decisions,
    Selection,
    Window,
    Panels,
}

impl CommandGroup {
    pub const ALL: [CommandGroup; 5] = [
        CommandGroup::File,
        CommandGroup::Decisions,
        CommandGroup::Selection,
        CommandGroup::Window,
        CommandGroup::Panels,
    ];

    pub fn title(self) -> &'static str {
        match self {
            CommandGroup::File => "Files",
            CommandGroup::Decisions => "Decisions and computing",
            CommandGroup::Selection => "Customers and selection",
            CommandGroup::Window => "Window and help",
            CommandGroup::Panels => "Panels",
        }
    }
}

impl Command {
    /// Every command, in the order of the palette.
    pub fn all() -> impl Iterator<Item = Command> {
        use Command::*;
        [
            Open,
            AddFile,
            Paste,
            OpenSample,
            SaveProject,
            SaveProjectAs,
            SaveProjectWithData,
            Notes,
            RunOnNewFile,
            ShowComparison,
            Undo,
            Redo,
            RunAgain,
            Cancel,
            ExportFolder,
            ExportWorkbook,
            ExportCustomers,
            ExportReportPdf,
            ExportReportHtml,
            SaveRecipe,
            ChoosePatterns,
            SavePatterns,
            ExportRejects,
            ClearSelection,
            FindCustomer,
            ShowCustomer,
            InvertSelection,
            NameSelection,
            KeepSelection,
            LeaveOutSelection,
            ExportSelection,
            AllCustomers,
            MoreClusters,
            FewerClusters,
            History,
            ToggleTheme,
            ToggleExplain,
            Settings,
            Shortcuts,
            Glossary,
            Checklist,
            Start,
            NextSide,
            PreviousSide,
            Palette,
        ]
        .into_iter()
        .chain(Panel::STEPS.into_iter().map(Go))
        .chain(DataTab::ALL.into_iter().map(Data))
        .chain(ExploreTab::ALL.into_iter().map(Explore))
        .chain(FeaturesTab::ALL.into_iter().map(Features))
        .chain(ChooseKTab::ALL.into_iter().map(ChooseK))
        .chain(SegmentsTab::ALL.into_iter().map(Segments))
        .chain(ProfilesTab::ALL.into_iter().map(Profiles))
    }

    /// Under which heading it is listed.
    pub fn group(self) -> CommandGroup {
        use Command::*;
        match self {
            Undo | Redo | History | RunAgain | Cancel | MoreClusters | FewerClusters => CommandGroup::Decisions,
            ClearSelection | FindCustomer | ShowCustomer | InvertSelection | NameSelection | KeepSelection
            | LeaveOutSelection | ExportSelection | AllCustomers => CommandGroup::Selection,
            ToggleTheme | ToggleExplain | Settings | Shortcuts | Glossary | Checklist | Start | Palette => {
                CommandGroup::Window
            }
            NextSide | PreviousSide | Go(_) | ChooseK(_) | Data(_) | Explore(_) | Features(_) | Segments(_)
            | Profiles(_) => CommandGroup::Panels,
            _ => CommandGroup::File,
        }
    }

    /// Its name in menus and the palette; `…` where more input follows.
    pub fn text(self) -> String {
        match self {
            Command::Open => "Open a file…".into(),
            Command::AddFile => "Add a file…".into(),
            Command::Paste => "Paste data".into(),
            Command::OpenSample => "Try the sample data".into(),
            Command::Undo => "Undo".into(),
            Command::Redo => "Redo".into(),
            Command::RunAgain => "Run again".into(),
            Command::Cancel => "Cancel the running step".into(),
            Command::ToggleTheme => "Switch between light and dark".into(),
            Command::ToggleExplain => "Explain this panel".into(),
            Command::Palette => "Search commands…".into(),
            Command::ExportFolder => "Export everything to a folder…".into(),
            Command::ExportWorkbook => "Export an Excel workbook…".into(),
            Command::ExportCustomers => "Export customers as CSV…".into(),
            Command::SaveProject => "Save the project".into(),
            Command::SaveProjectAs => "Save the project as…".into(),
            Command::SaveProjectWithData => "Save the project with its data inside…".into(),
            Command::Notes => "Write notes".into(),
            Command::RunOnNewFile => "Run on a new file…".into(),
            Command::ShowComparison => "Show what changed in the new file".into(),
            Command::ExportReportPdf => "Export the report as PDF…".into(),
            Command::ExportReportHtml => "Export the report as HTML…".into(),
            Command::SaveRecipe => "Save the recipe…".into(),
            Command::ChoosePatterns => "Use your own names and advice…".into(),
            Command::SavePatterns => "Save names and advice to edit…".into(),
            Command::ExportRejects => "Export the rows that do not fit…".into(),
            Command::ClearSelection => "Clear the selection".into(),
            Command::FindCustomer => "Find a customer".into(),
            Command::ShowCustomer => "Show the selected customer".into(),
            Command::InvertSelection => "Invert the selection".into(),
            Command::NameSelection => "Name the selection…".into(),
            Command::KeepSelection => "Keep only the selected customers".into(),
            Command::LeaveOutSelection => "Leave out the selected customers".into(),
            Command::ExportSelection => "Export the selected customers as CSV…".into(),
            Command::AllCustomers => "Analyse all customers again".into(),
            Command::MoreClusters => "One cluster more".into(),
            Command::FewerClusters => "One cluster fewer".into(),
            Command::History => "Show the history".into(),
            Command::Settings => "Settings…".into(),
            Command::Shortcuts => "Keyboard shortcuts".into(),
            Command::Glossary => "Glossary".into(),
            Command::Checklist => "Show or hide the first steps".into(),
            Command::Start => "Go to the welcome panel".into(),
            Command::NextSide => "Next side of the panel".into(),
            Command::PreviousSide => "Previous side of the panel".into(),
            Command::ChooseK(tab) => format!("Go to Choose k, {}", tab.title()),
            Command::Data(tab) => format!("Go to Data, {}", tab.title()),
            Command::Explore(tab) => format!("Go to Explore, {}", tab.title()),
            Command::Features(tab) => format!("Go to Features, {}", tab.title()),
            Command::Segments(tab) => format!("Go to Segments, {}", tab.title()),
            Command::Profiles(tab) => format!("Go to Profiles, {}", tab.title()),
            Command::Go(panel) => format!("Go to {}", panel.title()),
        }
    }

    /// What it does, in a sentence.
    pub fn tooltip(self) -> String {
        match self {
            Command::AddFile => "Read one more file together with those that are open".into(),
            Command::Open => "Open files of sales: CSV, text, Excel, OpenDocument, Parquet, Arrow or JSON lines".into(),
            Command::Paste => "Open cells copied from a spreadsheet, with the row of their names".into(),
            Command::OpenSample => "Open a generated shop with two years of orders".into(),
            Command::Undo => "Take back the last decision".into(),
            Command::Redo => "Do again what was taken back".into(),
            Command::RunAgain => "Compute what is out of date, also after a file changed on disk".into(),
            Command::Cancel => "Stop what is being computed; the last results stay".into(),
            Command::ToggleTheme => "Change the colours of the window".into(),
            Command::ToggleExplain => "Show or hide what this panel means and how it was computed".into(),
            Command::Palette => "Find any command by typing a part of its name".into(),
            Command::ExportFolder => "Write customers, segments, workbook, report, recipe, model and summary".into(),
            Command::ExportWorkbook => "Write an Excel workbook with summary, customers and method".into(),
            Command::ExportCustomers => "Write one row per customer with scores and segment".into(),
            Command::ExportReportPdf => "Write a report to print or send, with a page for each segment".into(),
            Command::ExportReportHtml => "Write the same report as one page for the browser".into(),
            Command::ExportRejects => "Write line, reason and text of the rows that do not fit the table".into(),
            Command::SaveProject => "Save decisions, kept runs, views and notes into the project's file".into(),
            Command::SaveProjectAs => "Save the project into another file and go on with that".into(),
            Command::SaveProjectWithData => {
                "Save the project together with the files that it reads, to be opened on another computer".into()
            }
            Command::Notes => "Write down what you want to remember of this project".into(),
            Command::RunOnNewFile => {
                "Do the same to next month's export: columns are matched first, and both results compared".into()
            }
            Command::ShowComparison => "Segments, moves and drift of the new file against the earlier one".into(),
            Command::SaveRecipe => "Write every decision as a text file that runs again".into(),
            Command::ChoosePatterns => {
                "Take names, reasons, actions and channels of segments from a file that your team wrote".into()
            }
            Command::SavePatterns => "Write the names and advice in use as a text file to change and to use".into(),
            Command::ClearSelection => "Select no customers".into(),
            Command::FindCustomer => "Search the table of customers by id".into(),
            Command::ShowCustomer => "Show everything known about the selected customer".into(),
            Command::InvertSelection => "Select the customers that are not selected in place of those that are".into(),
            Command::NameSelection => "Keep the selected customers as a group that can be selected again".into(),
            Command::KeepSelection => "Score and cluster the selected customers alone".into(),
            Command::LeaveOutSelection => "Score and cluster everybody else".into(),
            Command::ExportSelection => {
                "Write one row per selected customer with everything that is known of them".into()
            }
            Command::AllCustomers => "Undo keeping only some customers or leaving some out".into(),
            Command::MoreClusters => "Set the number of clusters to one more than there are".into(),
            Command::FewerClusters => "Set the number of clusters to one fewer than there are".into(),
            Command::History => "Every decision by name; click one to go back to it".into(),
            Command::Settings => "Theme, how numbers are written, currency, threads".into(),
            Command::Shortcuts => "Every key of the window".into(),
            Command::Glossary => "What every word of the window means".into(),
            Command::Checklist => "Four things worth doing once".into(),
            Command::Start => "Open a file, the sample, or what was opened last".into(),
            Command::NextSide => "Go round the tabs of the panel in front".into(),
            Command::PreviousSide => "Go round the tabs of the panel in front, backwards".into(),
            Command::ChooseK(tab) => tab.question().into(),
            Command::Data(tab) => tab.question().into(),
            Command::Explore(tab) => tab.question().into(),
            Command::Features(tab) => tab.question().into(),
            Command::Segments(tab) => tab.question().into(),
            Command::Profiles(tab) => tab.question().into(),
            Command::Go(panel) => panel.question().into(),
        }
    }

    /// Its key, if it has one.
    pub fn shortcut(self) -> Option<KeyboardShortcut> {
        let command = |key| Some(KeyboardShortcut::new(Modifiers::COMMAND, key));
        let command_shift = |key| Some(KeyboardShortcut::new(Modifiers::COMMAND | Modifiers::SHIFT, key));
        match self {
            Command::Open => command(Key::O),
            Command::Paste => command(Key::V),
            Command::OpenSample => command_shift(Key::O),
            Command::Undo => command(Key::Z),
            Command::Redo => command_shift(Key::Z),
            Command::RunAgain => Some(KeyboardShortcut::new(Modifiers::NONE, Key::F5)),
            Command::Cancel => command(Key::Period),
            Command::ToggleTheme => command_shift(Key::T),
            Command::ToggleExplain => Some(KeyboardShortcut::new(Modifiers::NONE, Key::F1)),
            Command::Palette => command(Key::K),
            Command::ExportFolder => command(Key::E),
            Command::ExportWorkbook => command_shift(Key::E),
            Command::ExportReportPdf => command(Key::P),
            Command::AddFile | Command::ExportCustomers | Command::ExportRejects | Command::ExportReportHtml => None,
            Command::InvertSelection => command(Key::I),
            Command::NameSelection => command(Key::G),
            Command::ExportSelection => command_shift(Key::X),
            Command::KeepSelection | Command::LeaveOutSelection | Command::AllCustomers => None,
            Command::SaveProject => command(Key::S),
            Command::SaveProjectAs => command_shift(Key::S),
            Command::RunOnNewFile => command(Key::N),
            Command::Notes => command_shift(Key::N),
            Command::SaveProjectWithData | Command::ShowComparison | Command::SaveRecipe => None,
            Command::ChoosePatterns | Command::SavePatterns => None,
            Command::ClearSelection => Some(KeyboardShortcut::new(Modifiers::NONE, Key::Escape)),
            Command::FindCustomer => command(Key::F),
            Command::ShowCustomer => command_shift(Key::F),
            Command::MoreClusters => Some(KeyboardShortcut::new(Modifiers::ALT, Key::ArrowUp)),
            Command::FewerClusters => Some(KeyboardShortcut::new(Modifiers::ALT, Key::ArrowDown)),
            Command::History => command(Key::H),
            Command::Settings => command(Key::Comma),
            Command::Shortcuts => command(Key::Slash),
            Command::Glossary => Some(KeyboardShortcut::new(Modifiers::SHIFT, Key::F1)),
            Command::Start => Some(KeyboardShortcut::new(Modifiers::ALT, Key::Home)),
            Command::Checklist => None,
            Command::NextSide => command(Key::PageDown),
            Command::PreviousSide => command(Key::PageUp),
            // By the keys for sides.
            Command::Data(_)
            | Command::Explore(_)
            | Command::Features(_)
            | Command::Segments(_)
            | Command::Profiles(_) => None,
            Command::ChooseK(tab) => match tab {
                // Where the panel begins.
                ChooseKTab::Criteria => None,
                ChooseKTab::Silhouettes => command_shift(Key::H),
                ChooseKTab::Tree => command_shift(Key::D),
                ChooseKTab::Runs => command_shift(Key::R),
                ChooseKTab::Lesson => command_shift(Key::L),
            },
            Command::Go(panel) => {
                let keys = [Key::Num1, Key::Num2, Key::Num3, Key::Num4, Key::Num5, Key::Num6, Key::Num7, Key::Num8];
                let at = Panel::STEPS.iter().position(|p| *p == panel)?;
                command(keys[at])
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_commands_share_a_key_or_a_name() {
        let all: Vec<_> = Command::all().collect();
        for (i, a) in all.iter().enumerate() {
            assert!(!a.text().is_empty() && !a.tooltip().is_empty());
            for b in &all[i + 1..] {
                assert_ne!(a.text(), b.text());
                if let (Some(x), Some(y)) = (a.shortcut(), b.shortcut()) {
                    assert_ne!(x, y, "{a:?} and {b:?}");
                }
            }
        }
    }
}
