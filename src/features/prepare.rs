//! From the customer table to the matrix for clustering: transform, scale, check.

use ndarray::Array2;

use super::transform::{yeo_johnson, yeo_johnson_inverse, yeo_johnson_lambda};
use super::{FeatureMatrix, FittedColumn, scale};
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::recipe::{Features, Scale, Transform};
use crate::rfm::{CustomerTable, Feature};

/// Transforms and scales the features of `customers` that `choice` names, or all of them: n customers × d features,
/// row-major, in the order of the table.
///
/// log1p needs values above −1; a feature with others is transformed by Yeo-Johnson instead, with a warning.
///
/// Fails with [`Error::Data`] when there is no customer, when a value is missing or infinite, or when a transform leaves
/// the range of numbers; with [`Error::Recipe`] for a name that is no feature.
pub fn prepare(customers: &CustomerTable, choice: &Features, ctx: &Ctx) -> Result<FeatureMatrix> {
    let places = places(customers, choice)?;
    let (n, d) = (customers.len(), places.len());
    if n == 0 || d == 0 {
        return Err(Error::data(
            "There is no customer left to cluster; check the cleaning steps and the roles of the columns.",
        ));
    }
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
    Ok(FeatureMatrix { columns, x, warnings })
}

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
    let bad = feature.values.iter().filter(|v| !v.is_finite()).count();
    if bad > 0 {
        return Err(Error::data(format!(
            "{label} has no finite value for {}; clustering needs a number for every customer. Leave these customers or this feature out.",
            customers_in_words(bad)
        )));
    }
    let low = feature.values.iter().filter(|&&v| v <= -1.0).count();
    let transform = match choice.transform {
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
        Transform::YeoJohnson => Some(yeo_johnson_lambda(&feature.values, ctx)?),
    };
    let mut column =
        FittedColumn { name: feature.name.clone(), transform, lambda, scale: choice.scale, center: 0.0, spread: 1.0 };
    let mut values: Vec<f64> = feature.values.iter().map(|&v| column.transform_value(v)).collect();
    let fit = scale::fit(&values, choice.scale);
    (column.center, column.spread) = (fit.center, fit.spread);
    if fit.flat {
        let constant = feature.values.windows(2).all(|pair| pair[0] == pair[1]);
        warnings.push(match (constant, choice.scale) {
            (true, _) => format!("{label} is the same for every customer and cannot tell clusters apart."),
            (false, Scale::Robust) => format!(
                "The interquartile range of {label} is zero (most customers share one value); it was centred but not scaled."
            ),
            (false, _) => format!("{label} hardly varies after the transform; it was centred but not scaled."),
        });
    }
    for value in &mut values {
        *value = (*value - column.center) / column.spread;
    }
    if values.iter().any(|v| !v.is_finite()) {
        return Err(Error::data(format!(
            "{label} leaves the range of numbers when it is transformed and scaled; choose another transform or scale."
        )));
    }
    Ok((column, values))
}

fn customers_in_words(count: usize) -> String {
    if count == 1 { "1 customer".into() } else { format!("{count} customers") }
}

impl FittedColumn {
    fn transform_value(&self, value: f64) -> f64 {
        match self.transform {
            Transform::None | Transform::Rank => value,
            Transform::Log1p => value.ln_1p(),
            Transform::YeoJohnson => yeo_johnson(value, self.lambda.unwrap_or(1.0)),
        }
    }

    /// A value in the feature's own unit as clustering sees it. NaN where the transform is not defined.
    pub fn apply(&self, value: f64) -> f64 {
        (self.transform_value(value) - self.center) / self.spread
    }

    /// The value in the feature's own unit that [`FittedColumn::apply`] turns into `scaled`. NaN where
    /// there is none (Yeo-Johnson's range can be bounded).
    pub fn invert(&self, scaled: f64) -> f64 {
        let transformed = scaled * self.spread + self.center;
        match self.transform {
            Transform::None | Transform::Rank => transformed,
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
    fn what_is_not_finite_is_refused() {
        let customers = table(&[("Tenure", &[1.0, f64::NAN, 2.0])]);
        let error = prepare(&customers, &Features::default(), &Ctx::silent()).unwrap_err().to_string();
        assert!(error.contains("Tenure") && error.contains("1 customer;"), "{error}");
        assert!(prepare(&CustomerTable::default(), &Features::default(), &Ctx::silent()).is_err());
    }
}
