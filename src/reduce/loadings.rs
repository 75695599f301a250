//! What a principal component means, in words.

/// A feature weaker than this share of the strongest is not named.
const NAMED: f64 = 0.5;
/// Features named at one end; more are counted.
const AT_ONE_END: usize = 3;

/// What a feature's customers are called where it is high and where it is low.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Poles {
    pub high: String,
    pub low: String,
}

impl Poles {
    /// The words for a feature by its name in outputs and its label. Those of purchases have words of their own; every
    /// other one is "high spending score" and "low spending score".
    pub fn of(name: &str, label: &str) -> Poles {
        let (high, low) = match name {
            "recency_days" => ("long absent", "recently seen"),
            "frequency" => ("frequent", "seldom buying"),
            "monetary" => ("high-spending", "low-spending"),
            "tenure_days" => ("long known", "new"),
            "active_months" => ("active in many months", "active in few months"),
            "return_rate" => ("returning much", "returning little"),
            "avg_basket_value" => ("with large baskets", "with small baskets"),
            "items_per_basket" => ("with many items a basket", "with few items a basket"),
            "distinct_products" => ("buying many products", "buying few products"),
            "distinct_categories" => ("buying many categories", "buying few categories"),
            "days_between_mean" => ("with long pauses", "with short pauses"),
            "discount_share" => ("often with a discount", "seldom with a discount"),
            "spend_trend" => ("spending more and more", "spending less and less"),
            _ => {
                let label = within_a_sentence(label);
                return Poles { high: format!("high {label}"), low: format!("low {label}") };
            }
        };
        Poles { high: high.into(), low: low.into() }
    }
}

/// A label as it stands in the middle of a sentence; initials stay as they are.
fn within_a_sentence(label: &str) -> String {
    let first = label.split(' ').next().unwrap_or_default();
    let initials = first.chars().count() > 1 && first.chars().all(|c| !c.is_lowercase());
    match label.chars().next() {
        Some(c) if !initials => c.to_lowercase().chain(label.chars().skip(1)).collect(),
        _ => label.to_string(),
    }
}

/// Who stands at the two ends of a component.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ends {
    /// Where scores are high, for example "frequent and high-spending".
    pub high: String,
    /// Where they are low, for example "long absent".
    pub low: String,
}

impl Ends {
    /// "frequent and high-spending against long absent".
    pub fn against(&self) -> String {
        format!("{} against {}", self.high, self.low)
    }
}

/// Who stands at the ends of a component with these loadings (one per feature, in the order of `poles`). Named are the
/// features whose loading is at least half of the strongest one's, strongest first, three at an end; each at the end
/// where it is high. An end at which none is high is named by where they are low. `None` without any loading.
pub fn ends(loadings: &[f64], poles: &[Poles]) -> Option<Ends> {
    let strongest = loadings.iter().fold(0.0_f64, |m, l| m.max(l.abs()));
    // False for NaN as well.
    let any = strongest > 0.0 && strongest.is_finite();
    if !any {
        return None;
    }
    let mut named: Vec<(f64, &Poles)> = loadings.iter().copied().zip(poles).collect();
    named.retain(|(l, _)| l.abs() >= NAMED * strongest * (1.0 - 1e-9));
    // A stable sort: equally strong ones stay in the order of the table.
    named.sort_by(|a, b| b.0.abs().total_cmp(&a.0.abs()));
    let side = |up: bool| -> Vec<&str> {
        let high: Vec<&str> = named.iter().filter(|(l, _)| (*l > 0.0) == up).map(|(_, p)| p.high.as_str()).collect();
        if high.is_empty() { named.iter().map(|(_, p)| p.low.as_str()).collect() } else { high }
    };
    Some(Ends { high: joined(&side(true)), low: joined(&side(false)) })
}

fn joined(words: &[&str]) -> String {
    let shown = &words[..words.len().min(AT_ONE_END)];
    match (shown, words.len() - shown.len()) {
        ([], _) => String::new(),
        ([one], 0) => (*one).to_string(),
        ([first @ .., last], 0) => format!("{} and {last}", first.join(", ")),
        (_, more) => format!("{} and {more} more", shown.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rfm() -> Vec<Poles> {
        [("recency_days", "Recency"), ("frequency", "Frequency"), ("monetary", "Monetary")]
            .map(|(name, label)| Poles::of(name, label))
            .into()
    }

    fn said(loadings: &[f64], poles: &[Poles]) -> String {
        ends(loadings, poles).unwrap().against()
    }

    #[test]
    fn purchases_have_their_own_words() {
        // UCI Online Retail, log1p and z-scores.
        assert_eq!(said(&[-0.51, 0.62, 0.60], &rfm()), "frequent and high-spending against long absent");
        assert_eq!(said(&[0.86, 0.30, 0.42], &rfm()), "long absent against recently seen");
        assert_eq!(said(&[0.0, -0.71, 0.70], &rfm()), "high-spending against frequent");
    }

    #[test]
    fn turning_a_component_turns_its_ends() {
        let found = ends(&[-0.51, 0.62, 0.60], &rfm()).unwrap();
        let turned = ends(&[0.51, -0.62, -0.60], &rfm()).unwrap();
        assert_eq!((&found.high, &found.low), (&turned.low, &turned.high));
    }

    #[test]
    fn other_features_are_high_against_low() {
        let poles = [Poles::of("annual_income", "Annual income"), Poles::of("vip", "VIP score")];
        assert_eq!(
            said(&[0.70, 0.71], &poles),
            "high VIP score and high annual income against low VIP score and low annual income"
        );
        assert_eq!(said(&[1.0, 0.1], &poles), "high annual income against low annual income");
    }

    #[test]
    fn half_of_the_strongest_is_named_and_less_is_not() {
        let poles = rfm();
        assert_eq!(said(&[0.4, 0.8, 0.0], &poles), "frequent and long absent against seldom buying and recently seen");
        assert_eq!(said(&[0.39, 0.8, 0.0], &poles), "frequent against seldom buying");
    }

    #[test]
    fn of_many_three_are_named() {
        let poles: Vec<Poles> = (0..12).map(|i| Poles::of("", &format!("F{i}"))).collect();
        let even = vec![1.0 / 12f64.sqrt(); 12];
        assert_eq!(
            said(&even, &poles),
            "high F0, high F1, high F2 and 9 more against low F0, low F1, low F2 and 9 more"
        );
        let mut mixed = even.clone();
        mixed[4] = -0.5;
        assert!(said(&mixed, &poles).ends_with("against high F4"), "{}", said(&mixed, &poles));
        assert_eq!(ends(&[0.0, 0.0], &poles), None);
        assert_eq!(ends(&[], &[]), None);
    }
}
