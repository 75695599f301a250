//! Finding columns and features by name, and the name that was probably meant.

/// The place of `wanted` among `names`: exactly, else without regard to case and surrounding spaces.
pub(super) fn position<'n>(wanted: &str, names: impl Iterator<Item = &'n str> + Clone) -> Option<usize> {
    let loose = |text: &str| text.trim().to_lowercase();
    let meant = loose(wanted);
    names.clone().position(|name| name == wanted).or_else(|| names.clone().position(|name| loose(name) == meant))
}

/// The name most like `wanted`, if one is like it at all.
pub(super) fn similar<'n>(wanted: &str, names: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    let plain = |text: &str| -> Vec<char> {
        text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
    };
    let meant = plain(wanted);
    let most = 1 + meant.len() / 4;
    let near = names
        .map(|name| (distance(&meant, &plain(name)), name))
        .filter(|(d, name)| *d <= most && *d < name.chars().count());
    near.min_by_key(|(d, _)| *d).map(|(_, name)| name)
}

/// Insertions, deletions, replacements and swaps of neighbours that lead from one text to the other (restricted
/// Damerau-Levenshtein distance).
fn distance(a: &[char], b: &[char]) -> usize {
    let mut rows = vec![vec![0; b.len() + 1]; a.len() + 1];
    for i in 0..=a.len() {
        for j in 0..=b.len() {
            rows[i][j] = match (i, j) {
                (0, n) | (n, 0) => n,
                _ => {
                    let replaced = rows[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
                    let best = replaced.min(rows[i - 1][j] + 1).min(rows[i][j - 1] + 1);
                    let swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
                    if swapped { best.min(rows[i - 2][j - 2] + 1) } else { best }
                }
            };
        }
    }
    rows[a.len()][b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn misspelt_names_find_the_one_that_was_meant() {
        let names = ["Quantity", "UnitPrice", "InvoiceDate"];
        let similar = |wanted| similar(wanted, names.into_iter());
        assert_eq!(similar("Quantiti"), Some("Quantity"));
        assert_eq!(similar("unit price"), Some("UnitPrice"));
        assert_eq!(similar("Qauntity"), Some("Quantity"));
        assert_eq!(similar("InvocieDate"), Some("InvoiceDate"));
        assert_eq!(similar("Country"), None);
        assert_eq!(position(" quantity ", names.into_iter()), Some(0));
    }
}
