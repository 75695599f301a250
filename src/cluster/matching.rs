//! The assignment problem: which rows and columns belong together.

/// For each row of a table its column, no column twice, so that the sum of their entries is the largest possible; `None`
/// for rows that are left over when there are more rows than columns. By the Hungarian method with potentials (Kuhn 1955;
/// Jonker & Volgenant 1987), in time rows² × columns.
pub fn best_pairs(table: &[Vec<usize>]) -> Vec<Option<usize>> {
    let width = table.first().map_or(0, Vec::len);
    if table.len() > width {
        // Rows are the smaller side below.
        let turned: Vec<Vec<usize>> = (0..width).map(|c| table.iter().map(|row| row[c]).collect()).collect();
        let mut pairs = vec![None; table.len()];
        for (column, row) in best_pairs(&turned).into_iter().enumerate() {
            if let Some(row) = row {
                pairs[row] = Some(column);
            }
        }
        return pairs;
    }
    // Columns count from 1; column 0 stands for the row that looks for a place.
    let cost = |row: usize, column: usize| -(table[row][column - 1] as i64);
    let mut row_potential = vec![0; table.len()];
    let mut potential = vec![0; width + 1];
    let mut row_at: Vec<Option<usize>> = vec![None; width + 1];
    for new in 0..table.len() {
        row_at[0] = Some(new);
        let mut least = vec![i64::MAX; width + 1];
        let mut from = vec![0; width + 1];
        let mut reached = vec![false; width + 1];
        let mut at = 0;
        // The shortest path of changes that ends at a free column.
        while let Some(row) = row_at[at] {
            reached[at] = true;
            let (mut step, mut next) = (i64::MAX, 0);
            for column in (1..=width).filter(|&c| !reached[c]) {
                let reduced = cost(row, column) - row_potential[row] - potential[column];
                if reduced < least[column] {
                    (least[column], from[column]) = (reduced, at);
                }
                if least[column] < step {
                    (step, next) = (least[column], column);
                }
            }
            for column in 0..=width {
                match row_at[column] {
                    Some(row) if reached[column] => {
                        row_potential[row] += step;
                        potential[column] -= step;
                    }
                    _ if column > 0 => least[column] = least[column].saturating_sub(step),
                    _ => {}
                }
            }
            at = next;
        }
        while at != 0 {
            row_at[at] = row_at[from[at]];
            at = from[at];
        }
    }
    let mut pairs = vec![None; table.len()];
    for (column, row) in row_at.iter().enumerate().skip(1) {
        if let Some(row) = row {
            pairs[*row] = Some(column - 1);
        }
    }
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The largest sum there is, by trying everything.
    fn brute_force(table: &[Vec<usize>], row: usize, free: &mut Vec<bool>) -> usize {
        if row == table.len() {
            return 0;
        }
        let mut best = brute_force(table, row + 1, free);
        for column in 0..free.len() {
            if free[column] {
                free[column] = false;
                best = best.max(table[row][column] + brute_force(table, row + 1, free));
                free[column] = true;
            }
        }
        best
    }

    proptest! {
        #[test]
        fn no_other_pairs_have_a_larger_sum(
            table in (1usize..6, 1usize..6).prop_flat_map(|(r, c)| prop::collection::vec(prop::collection::vec(0usize..9, c), r))
        ) {
            let pairs = best_pairs(&table);
            let mut used: Vec<usize> = pairs.iter().flatten().copied().collect();
            let sum: usize = pairs.iter().enumerate().filter_map(|(r, c)| c.map(|c| table[r][c])).sum();
            prop_assert_eq!(sum, brute_force(&table, 0, &mut vec![true; table[0].len()]));
            prop_assert_eq!(used.len(), table.len().min(table[0].len()));
            used.sort_unstable();
            used.dedup();
            prop_assert_eq!(used.len(), table.len().min(table[0].len()), "no column twice");
        }
    }

    #[test]
    fn no_rows() {
        assert!(best_pairs(&[]).is_empty());
        assert_eq!(best_pairs(&[vec![], vec![]]), [None, None]);
    }
}
