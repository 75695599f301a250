//! How well a text matches what is typed: its letters in order, best where they stand together or begin words.

/// A match: how good it is, and the places of the letters in the text, counted in characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Match {
    pub score: i32,
    pub places: Vec<usize>,
}

/// Points for a letter, for one that begins a word, and for one right after the last.
const LETTER: i32 = 16;
const BEGINS_WORD: i32 = 40;
const FOLLOWS: i32 = 48;
/// What is taken off for a letter that stands apart from the last: a word is rather meant than the starts of several.
const APART: i32 = 32;
/// Points for a text that begins with what is typed.
const BEGINS_TEXT: i32 = 24;

/// The best way in which the letters of `query` stand in `text` in their order, without regard to case and blanks; `None`
/// where they do not. Nothing typed matches everything equally.
pub fn rank(query: &str, text: &str) -> Option<Match> {
    let wanted: Vec<char> = lower(query).into_iter().filter(|c| !c.is_whitespace()).collect();
    let letters = lower(text);
    if wanted.is_empty() {
        return Some(Match { score: 0, places: Vec::new() });
    }
    let (n, m) = (wanted.len(), letters.len());
    if n > m {
        return None;
    }
    // best[i][j]: the best score of the first i + 1 letters with the last of them at j; from[i][j]: where the one before
    // stands.
    let mut best = vec![vec![None::<i32>; m]; n];
    let mut from = vec![vec![0usize; m]; n];
    for i in 0..n {
        let mut before: Option<(i32, usize)> = None;
        for j in i..m {
            if i > 0
                && j > 0
                && let Some(score) = best[i - 1][j - 1]
                && before.is_none_or(|(b, _)| score > b)
            {
                before = Some((score, j - 1));
            }
            if letters[j] != wanted[i] {
                continue;
            }
            let begins = j == 0 || !letters[j - 1].is_alphanumeric();
            let own = LETTER + if begins { BEGINS_WORD } else { 0 };
            let chained = i.checked_sub(1).and_then(|i| best[i][j.checked_sub(1)?]).map(|s| (s + own + FOLLOWS, j - 1));
            let apart = match i {
                0 => Some((own + if j == 0 { BEGINS_TEXT } else { 0 }, 0)),
                _ => before.map(|(s, at)| (s + own - APART, at)),
            };
            if let Some((score, at)) = chained.into_iter().chain(apart).max_by_key(|(s, _)| *s) {
                best[i][j] = Some(score);
                from[i][j] = at;
            }
        }
    }
    let (last, score) = (0..m).filter_map(|j| Some((j, best[n - 1][j]?))).rev().max_by_key(|(_, s)| *s)?;
    let mut places = vec![last];
    for i in (1..n).rev() {
        places.push(from[i][places[places.len() - 1]]);
    }
    places.reverse();
    // Of texts that match alike the shorter one is meant.
    Some(Match { score: score - m as i32 / 2, places })
}

/// One lower-case letter per letter, so that places stay places.
fn lower(text: &str) -> Vec<char> {
    text.chars().map(|c| c.to_lowercase().next().unwrap_or(c)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(query: &str, text: &str) -> Vec<usize> {
        rank(query, text).unwrap().places
    }

    #[test]
    fn letters_are_found_in_order_where_they_stand_best() {
        assert_eq!(places("seg", "Go to Segments"), [6, 7, 8]);
        assert_eq!(places("gs", "Go to Segments"), [0, 6], "starts of words before letters within");
        assert_eq!(places("ELB", "the elbow"), [4, 5, 6]);
        assert_eq!(places("op fi", "Open a file…"), [0, 1, 7, 8]);
        assert_eq!(rank("zz", "a zebra"), None);
        assert_eq!(rank("longer than that", "short"), None);
        assert_eq!(rank("  ", "anything").unwrap().score, 0);
    }

    #[test]
    fn together_beats_scattered_and_short_beats_long() {
        let score = |query, text| rank(query, text).unwrap().score;
        assert!(score("run", "Run again") > score("run", "Return of numbers"));
        assert!(score("prof", "Go to Profiles") > score("prof", "Previous side of the panel"));
        assert!(score("undo", "Undo") > score("undo", "Under no door"));
        assert!(score("export", "Export") > score("export", "Export everything to a folder"));
        assert!(score("k", "Choose k") < score("k", "k-means"));
    }

    proptest::proptest! {
        #[test]
        fn places_are_those_of_the_letters(query in "[a-c ]{0,5}", text in "[a-cA-C é-]{0,14}") {
            let (letters, wanted) = (lower(&text), lower(&query));
            let wanted: Vec<char> = wanted.into_iter().filter(|c| !c.is_whitespace()).collect();
            let mut rest = letters.iter();
            let is_there = wanted.iter().all(|c| rest.any(|l| l == c));
            match rank(&query, &text) {
                None => proptest::prop_assert!(!is_there),
                Some(found) => {
                    proptest::prop_assert!(found.places.is_sorted_by(|a, b| a < b));
                    let read: Vec<char> = found.places.iter().map(|&p| letters[p]).collect();
                    proptest::prop_assert_eq!(read, wanted);
                }
            }
        }
    }
}
