//! What questions are asked about, taken from the session, and numbers that tell subjects apart.

use std::sync::{Arc, Weak};

use crate::app::remote::Status;
use crate::app::session::Session;
use crate::clean::{CleanOut, Prepared};
use crate::cluster::Chosen;
use crate::explore::Subject;
use crate::intake::RolesOut;
use crate::pipeline::Stage;
use crate::profile::Profile;
use crate::rfm::{Feature, RfmOut};

/// The findings in force; `None` while a part that questions need is on its way, as parts of different analyses do not
/// go together. `last` is what questions were about before.
pub(in crate::app) fn subject(session: &Session, last: Option<&Subject>) -> Option<Subject> {
    let rfm = session.rfm.ready()?.clone();
    let clusters = match (session.chosen.ready(), session.profiles.ready()) {
        (Some(chosen), Some(profiles)) => Some((chosen.clone(), profiles.clone())),
        // While the same customers are clustered anew, the last clusters are better than none.
        _ if matches!(session.status(Stage::Name), Status::Running(_) | Status::OutOfDate) => {
            last.filter(|l| Arc::ptr_eq(&l.rfm, &rfm)).and_then(|l| l.clusters.clone())
        }
        _ => None,
    };
    Some(Subject {
        recipe: session.recipe()?.clone(),
        prepared: session.prepared.ready()?.clone(),
        roles: session.roles.ready()?.clone(),
        clean: session.clean.ready()?.clone(),
        rfm,
        more: Arc::default(),
        clusters,
    })
}

/// Findings by address. A weak reference keeps the address from being used again without keeping the findings.
struct Rows {
    prepared: Weak<Prepared>,
    roles: Weak<RolesOut>,
    clean: Weak<CleanOut>,
    rfm: Weak<RfmOut>,
}

impl Rows {
    fn of(s: &Subject) -> Rows {
        Rows {
            prepared: Arc::downgrade(&s.prepared),
            roles: Arc::downgrade(&s.roles),
            clean: Arc::downgrade(&s.clean),
            rfm: Arc::downgrade(&s.rfm),
        }
    }

    fn same(&self, other: &Rows) -> bool {
        self.prepared.ptr_eq(&other.prepared)
            && self.roles.ptr_eq(&other.roles)
            && self.clean.ptr_eq(&other.clean)
            && self.rfm.ptr_eq(&other.rfm)
    }
}

/// What the table of customers has beside that.
struct Customers {
    rows: u64,
    clusters: Option<(Weak<Chosen>, Weak<Vec<Profile>>)>,
}

impl Customers {
    fn of(s: &Subject, rows: u64) -> Customers {
        Customers { rows, clusters: s.clusters.as_ref().map(|(c, p)| (Arc::downgrade(c), Arc::downgrade(p))) }
    }

    fn same(&self, other: &Customers) -> bool {
        let clusters = match (&self.clusters, &other.clusters) {
            (Some((a, b)), Some((c, d))) => a.ptr_eq(c) && b.ptr_eq(d),
            (a, b) => a.is_none() && b.is_none(),
        };
        self.rows == other.rows && clusters
    }
}

/// States remembered, so that going back finds its answers again.
const REMEMBERED: usize = 64;

/// The numbers of one subject.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Numbers {
    /// For tables of rows.
    pub rows: u64,
    /// For the table of customers.
    pub customers: u64,
    /// For the table of customers with the further features that nobody chose.
    pub more: u64,
}

/// A state of the table of customers, and the further features beside it.
type Further = (u64, Weak<Vec<Feature>>);

/// Numbers for states of the findings and for selections; the same state has the same number.
#[derive(Default)]
pub(super) struct Identities {
    rows: Vec<(Rows, u64)>,
    customers: Vec<(Customers, u64)>,
    more: Vec<(Further, u64)>,
    selections: Vec<(Weak<Vec<u32>>, u64)>,
    next: u64,
}

impl Identities {
    pub(super) fn of(&mut self, subject: &Subject) -> Numbers {
        let rows = number(&mut self.rows, &mut self.next, Rows::of(subject), Rows::same);
        let customers = number(&mut self.customers, &mut self.next, Customers::of(subject, rows), Customers::same);
        let more = if subject.more.is_empty() {
            customers
        } else {
            let further = (customers, Arc::downgrade(&subject.more));
            number(&mut self.more, &mut self.next, further, |a, b| a.0 == b.0 && a.1.ptr_eq(&b.1))
        };
        Numbers { rows, customers, more }
    }

    pub(super) fn of_selection(&mut self, customers: &Arc<Vec<u32>>) -> u64 {
        number(&mut self.selections, &mut self.next, Arc::downgrade(customers), Weak::ptr_eq)
    }
}

fn number<T>(list: &mut Vec<(T, u64)>, next: &mut u64, item: T, same: impl Fn(&T, &T) -> bool) -> u64 {
    if let Some((_, number)) = list.iter().find(|(known, _)| same(known, &item)) {
        return *number;
    }
    if list.len() == REMEMBERED {
        list.remove(0);
    }
    *next += 1;
    list.push((item, *next));
    *next
}
