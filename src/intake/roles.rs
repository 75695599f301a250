//! Which column plays which role.

use super::{ColumnReport, Table};
use crate::error::Result;
use crate::recipe::Roles;

/// What a column can be to an analysis of sales.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    CustomerId,
    Date,
    Invoice,
    Product,
    Amount,
    Quantity,
    UnitPrice,
}

impl Role {
    /// Every role, in the order in which they are shown.
    pub const ALL: [Role; 7] =
        [Role::CustomerId, Role::Date, Role::Invoice, Role::Product, Role::Amount, Role::Quantity, Role::UnitPrice];

    /// The key in recipes and outputs.
    pub fn name(self) -> &'static str {
        match self {
            Role::CustomerId => "customer_id",
            Role::Date => "date",
            Role::Invoice => "invoice",
            Role::Product => "product",
            Role::Amount => "amount",
            Role::Quantity => "quantity",
            Role::UnitPrice => "unit_price",
        }
    }

    /// Words for people.
    pub fn label(self) -> &'static str {
        match self {
            Role::CustomerId => "Customer",
            Role::Date => "Date",
            Role::Invoice => "Invoice",
            Role::Product => "Product",
            Role::Amount => "Amount",
            Role::Quantity => "Quantity",
            Role::UnitPrice => "Unit price",
        }
    }
}

/// One role and the column found for it.
#[derive(Debug, Clone, PartialEq)]
pub struct RoleFound {
    pub role: Role,
    /// The column's name; `None` where no column fits or the user said that there is none.
    pub column: Option<String>,
    /// Why, in words.
    pub reason: String,
    /// Whether the user chose it (as opposed to a guess).
    pub chosen: bool,
}

/// The roles stage's findings.
#[derive(Debug, Clone)]
pub struct RolesOut {
    /// One per role, in the order of [`Role::ALL`].
    pub roles: Vec<RoleFound>,
    /// One per column of the table.
    pub columns: Vec<ColumnReport>,
    pub warnings: Vec<String>,
}

impl RolesOut {
    /// The column that plays `role`.
    pub fn column(&self, role: Role) -> Option<&str> {
        self.roles.iter().find(|r| r.role == role).and_then(|r| r.column.as_deref())
    }
}
pub fn find(_t: &Table, _r: &Roles) -> Result<RolesOut> { Err(crate::error::Error::data("stub")) }
