//! Which commands can be used now, and why the others cannot.

use super::{Command, Selection, Session};
use crate::recipe::Algorithm;

impl Command {
    /// Whether it brings a panel to the front.
    pub fn shows_a_panel(self) -> bool {
        use Command::*;
        let tab = matches!(self, Data(_) | Explore(_) | Features(_) | ChooseK(_) | Segments(_) | Profiles(_));
        tab || matches!(self, Go(_) | Start | FindCustomer | ShowCustomer | NextSide | PreviousSide)
    }

    /// Why it would do nothing now; `None` where it can be used.
    pub fn blocked(self, session: &Session, selection: &Selection) -> Option<&'static str> {
        let recipe = session.recipe();
        let needs_file = recipe.is_none().then_some("Open a file first");
        let needs_findings = || session.findings().is_none().then_some("The analysis is not finished");
        let needs_selection = || selection.is_empty().then_some("No customers are selected");
        match self {
            Command::Undo => {
                let can = session.history().is_some_and(|h| h.can_undo());
                (!can).then_some("There is nothing to take back")
            }
            Command::Redo => {
                let can = session.history().is_some_and(|h| h.can_redo());
                (!can).then_some("Nothing was taken back")
            }
            Command::Cancel => session.running().is_none().then_some("Nothing is running"),
            Command::AddFile
            | Command::RunAgain
            | Command::SaveProject
            | Command::SaveProjectAs
            | Command::SaveProjectWithData
            | Command::Notes
            | Command::RunOnNewFile
            | Command::SaveRecipe
            | Command::ChoosePatterns
            | Command::FindCustomer
            | Command::History
            | Command::ChooseK(_)
            | Command::Data(_)
            | Command::Explore(_)
            | Command::Features(_)
            | Command::Segments(_)
            | Command::Profiles(_)
            | Command::NextSide
            | Command::PreviousSide
            | Command::Go(_) => needs_file,
            Command::ExportFolder
            | Command::ExportWorkbook
            | Command::ExportCustomers
            | Command::ExportReportPdf
            | Command::ExportReportHtml => needs_file.or_else(needs_findings),
            Command::ExportRejects => {
                let none = session.intake.get().is_none_or(|i| i.reports.iter().all(|r| r.rejects.is_empty()));
                needs_file.or(none.then_some("Every row fits the table"))
            }
            Command::ClearSelection
            | Command::ShowCustomer
            | Command::InvertSelection
            | Command::NameSelection
            | Command::KeepSelection
            | Command::LeaveOutSelection
            | Command::ExportSelection => needs_file.or_else(needs_selection),
            Command::AllCustomers => {
                let limited = recipe.is_some_and(|r| r.customers.limits());
                needs_file.or((!limited).then_some("The analysis is not limited"))
            }
            Command::MoreClusters | Command::FewerClusters => {
                let finds_k = recipe.is_some_and(|r| r.cluster.algorithm == Algorithm::Hdbscan);
                needs_file.or(finds_k.then_some("HDBSCAN finds the number itself"))
            }
            _ => None,
        }
    }
}
