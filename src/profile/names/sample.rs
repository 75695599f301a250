//! Which customers of a cluster stand for it in the recipe.

use crate::recipe::IdList;
use crate::rfm::CustomerTable;

/// Customers by whom a cluster is found again; all of a cluster that has no more. The share of a cluster's customers that
/// are in another one is then known to about three percent (standard error at one half).
pub(super) const SAMPLE: usize = 250;

/// The members with the smallest hashes of their ids: the same for equal clusters whatever the order of rows, and for two
/// clusters that share customers largely the same ones.
pub(super) fn of(members: &[u32], customers: &CustomerTable) -> IdList {
    let id = |row: u32| customers.ids[row as usize].as_str();
    let mut hashed: Vec<(u64, u32)> = members.iter().map(|&row| (hash(id(row)), row)).collect();
    if hashed.len() > SAMPLE {
        let by_hash_then_id = |a: &(u64, u32), b: &(u64, u32)| a.0.cmp(&b.0).then_with(|| id(a.1).cmp(id(b.1)));
        hashed.select_nth_unstable_by(SAMPLE, by_hash_then_id);
        hashed.truncate(SAMPLE);
    }
    IdList::new(hashed.into_iter().map(|(_, row)| id(row).to_string()).collect())
}

/// FNV-1a (Fowler, Noll and Vo 1991) with the finaliser of MurmurHash3 (Appleby 2011). Written out here, as recipes last
/// longer than the versions of a library.
fn hash(id: &str) -> u64 {
    let fnv = id.bytes().fold(0xcbf2_9ce4_8422_2325, |h: u64, b| (h ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3));
    let mixed = (fnv ^ (fnv >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
    let mixed = (mixed ^ (mixed >> 33)).wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    mixed ^ (mixed >> 33)
}
