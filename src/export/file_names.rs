//! File names of segments.

use std::collections::HashSet;

/// Longest part of a file name that comes from a segment's name, in bytes; file systems take 255 for all of it.
const LONGEST: usize = 80;

/// One name per segment, given by name and number: letters and digits in lower case, everything else a dash. Names that
/// are alike then are told apart by their numbers. The same segments always have the same names.
pub(super) fn of_segments<'a>(segments: impl Iterator<Item = (&'a str, usize)>) -> Vec<String> {
    let cleaned: Vec<(String, usize)> = segments.map(|(name, number)| (cleaned(name), number)).collect();
    let alone = |name: &str| cleaned.iter().filter(|(other, _)| other == name).count() == 1;
    let plain = |name: &str| !name.is_empty() && alone(name);
    let mut taken: HashSet<String> = cleaned.iter().map(|(n, _)| n.clone()).filter(|n| plain(n)).collect();
    let numbered = |(name, number): &(String, usize)| {
        if plain(name) {
            return name.clone();
        }
        let name = if name.is_empty() { "segment" } else { name };
        let with = |i: usize| if i == 1 { format!("{name}-{number}") } else { format!("{name}-{number}-{i}") };
        // There are fewer segments than numbers.
        let free = (1..).map(with).find(|name| !taken.contains(name)).unwrap_or_default();
        taken.insert(free.clone());
        free
    };
    cleaned.iter().map(numbered).collect()
}

fn cleaned(name: &str) -> String {
    let mut out = String::new();
    for c in name.chars().flat_map(char::to_lowercase) {
        // Marks above letters that are signs of their own would hang on the dash.
        let next = if c.is_alphanumeric() { c } else { '-' };
        if out.len() + next.len_utf8() > LONGEST {
            break;
        }
        if next != '-' || !(out.is_empty() || out.ends_with('-')) {
            out.push(next);
        }
    }
    out.truncate(out.trim_end_matches('-').len());
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn names(segments: &[&str]) -> Vec<String> {
        of_segments(segments.iter().enumerate().map(|(i, name)| (*name, i + 1)))
    }

    #[test]
    fn names_are_cleaned_and_told_apart() {
        assert_eq!(
            names(&["Champions", "Can't lose them!", "A+", "a-", "Größte / Kunden", "🏆", "🏆🏆", "../../etc", "a 3"]),
            ["champions", "can-t-lose-them", "a-3-2", "a-4", "größte-kunden", "segment-6", "segment-7", "etc", "a-3"]
        );
        assert!(names(&[&"long ".repeat(60)])[0].len() <= LONGEST);
        assert_eq!(names(&["CON", "con.txt"]), ["con", "con-txt"]);
    }

    proptest! {
        #[test]
        fn every_name_is_distinct_and_fits_a_file_system(list in prop::collection::vec(".{0,12}|a[-+ ]?[123]?", 1..12)) {
            let list: Vec<&str> = list.iter().map(String::as_str).collect();
            let found = names(&list);
            prop_assert_eq!(found.iter().collect::<HashSet<_>>().len(), list.len());
            for name in &found {
                prop_assert!(!name.is_empty() && name.len() <= LONGEST + 8);
                prop_assert!(name.chars().all(|c| c == '-' || c.is_alphanumeric()), "{}", name);
            }
            prop_assert_eq!(found, names(&list));
        }
    }
}
