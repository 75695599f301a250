//! From the customer table to the matrix for clustering: transform, scale, check.

use std::borrow::Cow;

use ndarray::Array2;

use super::transform::{yeo_johnson, yeo_johnson_inverse, yeo_johnson_lambda};
use super::{FeatureMatrix, FittedColumn, Ranks, hints, scale};
use crate::cluster::WordColumn;
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::recipe::{FeatureChoice, Features, FillMissing, Scale, Transform};
use crate::rfm::score::quantile;
use crate::rfm::{CustomerTable, Feature, Unit};

/// As [`prepare`], with what is doubtful about the features among the warnings.
///
/// # Errors
/// Those of [`prepare`].
pub fn matrix(customers: &CustomerTable, choice: &Features, ctx: &Ctx) -> Result<FeatureMatrix> {
    let mut out = prepare(customers, choice, &ctx.part(0.0, 0.8))?;
    let found = hints::of_matrix(customers, &out, &ctx.part(0.8, 1.0))?;
    out.warnings.extend(hints::as_warnings(&found));
    Ok(out)
}

/// The choices for one feature that differ from those for all, by its name or label.
pub(super) fn choice_of<'c>(choice: &'c Features, feature: &Feature) -> Option<&'c FeatureChoice> {
    let same = |name: &str, own: &str| name.trim().to_lowercase() == own.trim().to_lowercase();
    let by = |own: &str| choice.each.iter().find(|(name, _)| same(name, own)).map(|(_, c)| c);
    choice.each.get(&feature.name).or_else(|| by(&feature.name)).or_else(|| by(&feature.label))
}

/// Transforms and scales the features of `customers` that `choice` names, or all of them: n customers × d features,
/// row-major, in the order of the table.
///
/// Single features may have a transform, a scale and a weight of their own: prepared values are multiplied by the
/// square root of the weight, so that a feature of weight 2 counts as if it were there twice. Missing values stop the
/// clustering unless the recipe says what they count as.
///
/// Features of words become [`FeatureMatrix::words`], which only k-prototypes can use.
///
/// log1p needs values above −1; a feature with others is transformed by Yeo-Johnson instead, with a warning.
///
/// Fails with [`Error::Data`] when there is no customer, when a value is missing or infinite, or when a transform leaves
/// the range of numbers; with [`Error::Recipe`] for a name that is no feature.
pub fn prepare(customers: &CustomerTable, choice: &Features, ctx: &Ctx) -> Result<FeatureMatrix> {
    let (of_words, places): (Vec<usize>, Vec<usize>) =
        places(customers, choice)?.into_iter().partition(|&at| customers.features[at].unit == Unit::Words);
    let (n, d) = (customers.len(), places.len());
    if n == 0 || d + of_words.len() == 0 {
        return Err(Error::data(
            "There is no customer left to cluster; check the cleaning steps and the roles of the columns.",
        ));
    }
    if d == 0 {
        return Err(Error::data("All chosen features hold words; add at least one that holds numbers."));
    }
    let words = of_words.into_iter().map(|at| words(&customers.features[at])).collect();
    let mut x = Array2::zeros((n, d));
    let mut columns = Vec::with_capacity(d);
    let mut warnings = Vec::new();
    for (j, feature) in places.into_iter().map(|at| &customers.features[at]).enumerate() {
        let part = ctx.part(j as f32 / d as f32, (j + 1) as f32 / d as f32);
        part.tick(0, 1)?;
        let (column, values) = prepare_one(feature, choice, &part, &mut warnings)?;
        for (to, value) in x.column_mut(j).iter_mut().zip(values) {
            *to = value;
        }
        columns.push(column);
    }
    ctx.tick(1, 1)?;
    Ok(FeatureMatrix { columns, x, words, warnings })
}

/// The words of a feature; who has none has a word of its own for that.
fn words(feature: &Feature) -> WordColumn {
    let mut names: Vec<String> = feature.names.iter().flat_map(|names| names.iter().cloned()).collect();
    let known = names.len();
    let code = |value: &f64| if value.is_finite() { (*value as usize).min(known) } else { known };
    let codes: Vec<u32> = feature.values.iter().map(|value| code(value) as u32).collect();
    if codes.contains(&(known as u32)) {
        names.push(NO_WORD.into());
    }
    WordColumn { name: feature.name.clone(), codes, names }
}

/// What a missing word counts as.
const NO_WORD: &str = "(none)";

/// The places of the chosen features in the table.
fn places(customers: &CustomerTable, choice: &Features) -> Result<Vec<usize>> {
    let Some(names) = &choice.columns else { return Ok((0..customers.features.len()).collect()) };
    let place = |name: &String| {
        customers.position(name).ok_or_else(|| {
            let known: Vec<&str> = customers.features.iter().map(|f| f.name.as_str()).collect();
            Error::Recipe(format!("there is no feature {name:?}; the features are {}", known.join(", ")))
        })
    };
    let mut places: Vec<usize> = names.iter().map(place).collect::<Result<_>>()?;
    places.sort_unstable();
    places.dedup();
    Ok(places)
}

fn prepare_one(
    feature: &Feature,
    choice: &Features,
    ctx: &Ctx,
    warnings: &mut Vec<String>,
) -> Result<(FittedColumn, Vec<f64>)> {
    let label = &feature.label;
    let own = choice_of(choice, feature).cloned().unwrap_or_default();
    if !(own.weight > 0.0 && own.weight.is_finite()) {
        return Err(Error::Recipe(format!("the weight of {label} is {}; it has to be above zero", own.weight)));
    }
    let scale = own.scale.unwrap_or(choice.scale);
    let (known, fill) = filled(feature, own.missing)?;
    let low = known.iter().filter(|&&v| v <= -1.0).count();
    let transform = match own.transform.unwrap_or(choice.transform) {
        Transform::Log1p if low > 0 => {
            warnings.push(format!(
                "{label} is −1 or less for {}, where log(1 + x) is not defined; Yeo-Johnson transforms it instead.",
                customers_in_words(low)
            ));
            Transform::YeoJohnson
        }
        chosen => chosen,
    };
    let lambda = match transform {
        Transform::None | Transform::Log1p | Transform::Rank => None,
        Transform::YeoJohnson => Some(yeo_johnson_lambda(&known, ctx)?),
    };
    let ranks = (transform == Transform::Rank).then(|| Ranks::of(&known));
    let name = feature.name.clone();
    let weight = own.weight;
    let mut column = FittedColumn { name, transform, lambda, scale, weight, fill, ranks, ..FittedColumn::default() };
    let mut values: Vec<f64> = known.iter().map(|&v| column.transform_value(v)).collect();
    let fit = scale::fit(&values, scale);
    (column.center, column.spread) = (fit.center, fit.spread);
    if fit.flat {
        let constant = known.windows(2).all(|pair| pair[0] == pair[1]);
        warnings.push(match (constant, scale) {
            (true, _) => format!("{label} is the same for every customer and cannot tell clusters apart."),
            (false, Scale::Robust) => format!(
                "The interquartile range of {label} is zero (most customers share one value); it was centred but not scaled."
            ),
            (false, _) => format!("{label} hardly varies after the transform; it was centred but not scaled."),
        });
    }
    for value in &mut values {
        *value = column.scaled(*value);
    }
    if values.iter().any(|v| !v.is_finite()) {
        return Err(Error::data(format!(
            "{label} leaves the range of numbers when it is transformed and scaled; choose another transform or scale."
        )));
    }
    Ok((column, values))
}

fn customers_in_words(count: usize) -> String {
    crate::format::plural(count, "customer", "customers")
}

/// The values with what missing ones count as.
fn filled(feature: &Feature, how: Option<FillMissing>) -> Result<(Cow<'_, [f64]>, Option<f64>)> {
    let missing = feature.values.iter().filter(|v| !v.is_finite()).count();
    let fill = match how {
        None if missing > 0 => {
            return Err(Error::data(format!(
                "{} has no finite value for {}; clustering needs a number for every customer. Leave these customers or this feature out, or say what they count as.",
                feature.label,
                customers_in_words(missing)
            )));
        }
        None => return Ok((Cow::Borrowed(&feature.values), None)),
        Some(FillMissing::Zero) => 0.0,
        Some(FillMissing::Median) => {
            let mut known: Vec<f64> = feature.values.iter().copied().filter(|v| v.is_finite()).collect();
            if known.is_empty() {
                return Err(Error::data(format!("{} has no value for any customer; leave it out", feature.label)));
            }
            known.sort_unstable_by(f64::total_cmp);
            quantile(&known, 0.5)
        }
    };
    let values = feature.values.iter().map(|v| if v.is_finite() { *v } else { fill }).collect();
    Ok((Cow::Owned(values), Some(fill)))
}

impl FittedColumn {
    fn scaled(&self, transformed: f64) -> f64 {
        self.weight.sqrt() * ((transformed - self.center) / self.spread)
    }

    fn transform_value(&self, value: f64) -> f64 {
        match self.transform {
            Transform::Rank => self.ranks.as_ref().map_or(f64::NAN, |ranks| ranks.share(value)),
            Transform::None => value,
            Transform::Log1p => value.ln_1p(),
            Transform::YeoJohnson => yeo_johnson(value, self.lambda.unwrap_or(1.0)),
        }
    }

    /// A value in the feature's own unit as clustering sees it. NaN where the transform is not defined.
    pub fn apply(&self, value: f64) -> f64 {
        let value = if value.is_finite() { value } else { self.fill.unwrap_or(value) };
        self.scaled(self.transform_value(value))
    }

    /// The value in the feature's own unit that [`FittedColumn::apply`] turns into `scaled`. NaN where
    /// there is none (Yeo-Johnson's range can be bounded).
    pub fn invert(&self, scaled: f64) -> f64 {
        let transformed = scaled / self.weight.sqrt() * self.spread + self.center;
        match self.transform {
            Transform::Rank => self.ranks.as_ref().map_or(f64::NAN, |ranks| ranks.value(transformed)),
            Transform::None => transformed,
            Transform::Log1p => transformed.exp_m1(),
            Transform::YeoJohnson => yeo_johnson_inverse(transformed, self.lambda.unwrap_or(1.0)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rfm::Unit;

    fn table(columns: &[(&str, &[f64])]) -> CustomerTable {
        CustomerTable {
            ids: std::sync::Arc::new((0..columns[0].1.len()).map(|i| i.to_string()).collect()),
            features: columns
                .iter()
                .map(|(name, values)| Feature::new(name.to_lowercase(), *name, "", Unit::Number, values.to_vec()))
                .collect(),
        }
    }

    #[test]
    fn every_choice_gives_what_apply_gives_and_invert_undoes_it() {
        let customers = table(&[("Recency", &[1.0, 5.0, 30.0, 200.0]), ("Monetary", &[-0.5, 0.0, 12.0, 999.0])]);
        for &transform in Transform::ALL {
            for &scale in Scale::ALL {
                let m =
                    prepare(&customers, &Features { transform, scale, ..Features::default() }, &Ctx::silent()).unwrap();
                assert!(m.warnings.is_empty(), "{:?}", m.warnings);
                for (j, column) in m.columns.iter().enumerate() {
                    for (i, &value) in customers.features[j].values.iter().enumerate() {
                        assert_eq!(m.x[[i, j]], column.apply(value));
                        assert!((column.invert(m.x[[i, j]]) - value).abs() < 1e-9 * (1.0 + value.abs()));
                    }
                }
            }
        }
    }

    #[test]
    fn log1p_of_minus_one_falls_back_and_says_so() {
        let customers = table(&[("Monetary", &[-1.0, 3.0, -20.0]), ("Frequency", &[1.0, 2.0, 7.0])]);
        let m = prepare(&customers, &Features::default(), &Ctx::silent()).unwrap();
        assert_eq!([m.columns[0].transform, m.columns[1].transform], [Transform::YeoJohnson, Transform::Log1p]);
        assert!(m.x.iter().all(|v| v.is_finite()));
        for part in ["Monetary", "2 customers", "Yeo-Johnson"] {
            assert!(m.warnings[0].contains(part), "{:?}", m.warnings);
        }
    }

    #[test]
    fn chosen_features_only_in_the_order_of_the_table() {
        let customers = table(&[("Age", &[1.0, 2.0]), ("Income", &[5.0, 3.0]), ("Score", &[f64::NAN, 1.0])]);
        let choice = |names: &[&str]| Features {
            columns: Some(names.iter().map(|n| n.to_string()).collect()),
            ..Features::default()
        };
        let m = prepare(&customers, &choice(&["Income", "age", "income"]), &Ctx::silent()).unwrap();
        assert_eq!(m.columns.iter().map(|c| c.name.as_str()).collect::<Vec<_>>(), ["age", "income"]);
        let error = prepare(&customers, &choice(&["Wage"]), &Ctx::silent()).unwrap_err().to_string();
        assert!(error.contains("Wage") && error.contains("age, income, score"), "{error}");
    }

    #[test]
    fn a_constant_feature_warns_and_stays_finite() {
        let customers = table(&[("Frequency", &[1.0; 5]), ("Monetary", &[1.0, 2.0, 3.0, 4.0, 5.0])]);
        for &transform in Transform::ALL {
            let m = prepare(&customers, &Features { transform, ..Features::default() }, &Ctx::silent()).unwrap();
            assert_eq!(m.columns[0].spread, 1.0);
            assert!(m.x.column(0).iter().all(|v| v.abs() < 1e-12));
            assert!(m.warnings.len() == 1 && m.warnings[0].contains("Frequency"), "{:?}", m.warnings);
        }
    }

    #[test]
    fn features_of_words_stand_beside_the_matrix() {
        let mut customers = table(&[("Age", &[1.0, 2.0, 4.0]), ("Country", &[1.0, f64::NAN, 0.0])]);
        customers.features[1].unit = Unit::Words;
        customers.features[1].names = Some(vec!["Austria".to_string(), "France".to_string()].into());
        let m = prepare(&customers, &Features::default(), &Ctx::silent()).unwrap();
        assert_eq!((m.columns.len(), m.x.ncols()), (1, 1));
        let word = |row: usize| m.words[0].names[m.words[0].codes[row] as usize].as_str();
        assert_eq!([0, 1, 2].map(word), ["France", "(none)", "Austria"]);
        customers.features.remove(0);
        let error = prepare(&customers, &Features::default(), &Ctx::silent()).unwrap_err().to_string();
        assert!(error.contains("at least one that holds numbers"), "{error}");
    }

    #[test]
    fn what_is_not_finite_is_refused() {
        let customers = table(&[("Tenure", &[1.0, f64::NAN, 2.0])]);
        let error = prepare(&customers, &Features::default(), &Ctx::silent()).unwrap_err().to_string();
        assert!(error.contains("Tenure") && error.contains("1 customer;"), "{error}");
        assert!(prepare(&CustomerTable::default(), &Features::default(), &Ctx::silent()).is_err());
    }
}
