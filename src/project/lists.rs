//! Long lists of texts, each stored once: customer ids of groups and of runs.

use std::collections::HashMap;
use std::io::{self, Read, Write};
use std::sync::Arc;

use crate::recipe::{IdList, Recipe};

/// Lists of this many ids and more lie beside the recipe.
const LONG: usize = 32;
/// A list of one id that begins so stands for another list.
const MARK: &str = "@list ";

/// Lists by their place.
#[derive(Debug, Default)]
pub(super) struct Lists {
    pub all: Vec<IdList>,
    by_key: HashMap<u64, Vec<usize>>,
}

impl Lists {
    fn place(&mut self, list: &IdList) -> usize {
        let same = self.by_key.entry(list.key()).or_default();
        if let Some(at) = same.iter().find(|at| self.all[**at] == *list) {
            return *at;
        }
        same.push(self.all.len());
        self.all.push(list.clone());
        self.all.len() - 1
    }

    /// The recipe with its long lists taken out.
    pub fn take_out(&mut self, recipe: &Recipe) -> Recipe {
        let mut recipe = recipe.clone();
        for list in lists_of(&mut recipe) {
            let is_mark = list.len() == 1 && list.ids()[0].starts_with(MARK);
            if list.len() >= LONG || is_mark {
                *list = IdList::new(vec![format!("{MARK}{}", self.place(list))]);
            }
        }
        recipe
    }
}

/// Puts the long lists back. `None` where one of them is not there.
pub(super) fn put_back(recipe: &mut Recipe, lists: &[IdList]) -> Option<()> {
    for list in lists_of(recipe) {
        if let [only] = list.ids()
            && let Some(place) = only.strip_prefix(MARK)
        {
            *list = lists.get(place.parse::<usize>().ok()?)?.clone();
        }
    }
    Some(())
}

fn lists_of(recipe: &mut Recipe) -> impl Iterator<Item = &mut IdList> {
    let customers = &mut recipe.customers;
    let groups = customers.groups.iter_mut().map(|group| &mut group.ids);
    let named = recipe.segments.named.iter_mut().map(|segment| &mut segment.members);
    customers.only.iter_mut().chain([&mut customers.without]).chain(groups).chain(named)
}

/// Writes texts: their number, then each with its length before it.
pub(super) fn write_texts(texts: &[String], out: &mut dyn Write) -> io::Result<()> {
    write_length(texts.len() as u64, out)?;
    for text in texts {
        write_length(text.len() as u64, out)?;
        out.write_all(text.as_bytes())?;
    }
    Ok(())
}

/// Reads what [`write_texts`] wrote. Takes no more memory than the bytes that are there, whatever they say.
pub(super) fn read_texts(bytes: &[u8]) -> io::Result<Vec<String>> {
    let bad = || io::Error::new(io::ErrorKind::InvalidData, "a list of customers is damaged");
    let mut rest = bytes;
    let count = read_length(&mut rest)?;
    // Every text takes a byte at least.
    if count > rest.len() as u64 {
        return Err(bad());
    }
    let mut texts = Vec::with_capacity(count as usize);
    for _ in 0..count {
        let length = read_length(&mut rest)? as usize;
        let text = rest.get(..length).ok_or_else(bad)?;
        texts.push(std::str::from_utf8(text).map_err(|_| bad())?.to_string());
        rest = &rest[length..];
    }
    if rest.is_empty() { Ok(texts) } else { Err(bad()) }
}

/// The ids of a run, shared by runs of the same customers.
#[derive(Debug, Default)]
pub(super) struct Shared(pub Vec<Arc<Vec<String>>>);

impl Shared {
    pub fn place(&mut self, ids: &Arc<Vec<String>>) -> usize {
        let same = |known: &Arc<Vec<String>>| Arc::ptr_eq(known, ids) || known == ids;
        self.0.iter().position(same).unwrap_or_else(|| {
            self.0.push(ids.clone());
            self.0.len() - 1
        })
    }
}

/// Seven bits a byte, the lowest first; the last byte is below 128.
fn write_length(mut n: u64, out: &mut dyn Write) -> io::Result<()> {
    while n >= 128 {
        out.write_all(&[(n as u8 & 127) | 128])?;
        n >>= 7;
    }
    out.write_all(&[n as u8])
}

fn read_length(from: &mut &[u8]) -> io::Result<u64> {
    let mut n = 0;
    for shift in (0..63).step_by(7) {
        let mut byte = [0];
        from.read_exact(&mut byte)?;
        n |= u64::from(byte[0] & 127) << shift;
        if byte[0] < 128 {
            return Ok(n);
        }
    }
    Err(io::Error::new(io::ErrorKind::InvalidData, "a length is damaged"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recipe::Group;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn texts_read_back_and_damage_is_an_error(texts in prop::collection::vec(".{0,200}", 0..40), cut in 0usize..100) {
            let mut bytes = Vec::new();
            write_texts(&texts, &mut bytes).unwrap();
            prop_assert_eq!(&read_texts(&bytes).unwrap(), &texts);
            if cut < bytes.len() {
                prop_assert!(read_texts(&bytes[..cut]).is_err() || cut == bytes.len());
            }
        }
    }

    #[test]
    fn a_length_that_promises_too_much_is_refused() {
        let mut bytes = Vec::new();
        write_length(u64::MAX >> 2, &mut bytes).unwrap();
        assert!(read_texts(&bytes).is_err());
    }

    #[test]
    fn long_lists_are_stored_once_and_marks_of_the_user_are_kept_apart() {
        let long: Vec<String> = (0..100).map(|i| format!("c{i}")).collect();
        let mut recipe = Recipe::default();
        recipe.customers.only = Some(IdList::new(long.clone()));
        recipe.customers.without = IdList::new(vec!["@list 0".into()]);
        recipe.customers.groups = vec![
            Group { name: "a".into(), ids: IdList::new(long) },
            Group { name: "b".into(), ids: IdList::new(vec!["x".into()]) },
        ];
        let mut lists = Lists::default();
        let mut hollow = lists.take_out(&recipe);
        assert_eq!(lists.all.len(), 2);
        assert_eq!(hollow.customers.groups[0].ids.len(), 1);
        put_back(&mut hollow, &lists.all).unwrap();
        assert_eq!(hollow, recipe);
        let mut broken = lists.take_out(&recipe);
        assert!(put_back(&mut broken, &lists.all[..1]).is_none());
    }
}
