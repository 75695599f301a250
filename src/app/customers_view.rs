//! What the table of customers looks at.

use super::{App, ExploreTab, Panel};
use crate::explore::customers::{ColumnFilter, CustomerColumn};

/// State of the table and of the customer card that changes no finding.
#[derive(Debug, Clone, Default)]
pub struct CustomersView {
    /// Columns in the order in which they are shown; `None`: the usual ones.
    pub columns: Option<Vec<CustomerColumn>>,
    /// The column that orders the rows, and whether the largest stands first; `None`: by what was spent.
    pub sort: Option<(CustomerColumn, bool)>,
    /// Conditions that all have to hold, one per column.
    pub filters: Vec<ColumnFilter>,
    /// The filter being typed.
    pub draft: Option<FilterDraft>,
    /// Part of an id.
    pub search: String,
    /// The search field takes the keys in the next frame.
    pub focus_search: bool,
    /// The customer meant by the search is to be shown as soon as it is known.
    pub open_meant: bool,
    /// Show the selected customers only.
    pub only_selected: bool,
    /// The id of the customer whose card is open.
    pub card: Option<String>,
    /// The customer clicked last: where a range of rows begins.
    pub anchor: Option<u32>,
    /// Whether selected rows are to be copied as soon as their text is made.
    pub copying: bool,
    /// Card: products by pieces instead of money, and how many orders are listed.
    pub products_by_pieces: bool,
    pub orders_listed: usize,
    /// The order of the card whose lines are shown, by its place.
    pub open_order: Option<usize>,
}

/// Texts of a filter as they are typed.
#[derive(Debug, Clone, PartialEq)]
pub struct FilterDraft {
    pub column: CustomerColumn,
    pub from: String,
    pub to: String,
    /// Part of a text, or of the names to choose from.
    pub text: String,
}

impl App {
    /// Goes to the table of customers with the keys in its search field.
    pub(super) fn find_customer(&mut self) {
        if self.session.recipe().is_some() {
            self.view.panel = Panel::Explore;
            self.view.explore.tab = ExploreTab::Customers;
            self.view.customers.focus_search = true;
        }
    }

    /// Opens the card of a customer beside the table.
    pub(super) fn show_customer(&mut self, id: String) {
        if self.session.recipe().is_some() {
            self.view.panel = Panel::Explore;
            self.view.explore.tab = ExploreTab::Customers;
            self.view.customers.open_card(id);
        }
    }

    pub(super) fn show_selected_customer(&mut self) {
        let first = self.selection.customers.first().copied();
        let id = first.and_then(|c| self.session.rfm.get()?.customers.ids.get(c as usize).cloned());
        match id {
            Some(id) => self.show_customer(id),
            None => self.tell(false, "No customer is selected; click one in a table or a chart first.".into()),
        }
    }
}

impl CustomersView {
    /// Shows the card of this customer, its list of orders from the start.
    pub fn open_card(&mut self, id: String) {
        self.orders_listed = 0;
        self.open_order = None;
        self.card = Some(id);
    }
}
