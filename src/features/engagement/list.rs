//! Every ready-made feature: its names, its definition and its formula.

use super::facts::{Facts, NO_FAVOURITE, One, Sources};
use crate::intake::Role;
use crate::intake::dates::date_of;
use crate::recipe::{Recipe, Returns};
use crate::rfm::{Feature, RfmOut, Unit};

/// A ready-made feature.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ReadyMade {
    AvgBasketValue,
    ItemsPerBasket,
    DistinctProducts,
    DistinctCategories,
    DaysBetweenMean,
    DaysBetweenSd,
    PurchaseSpan,
    Tenure,
    ActiveMonths,
    ReturnRate,
    SpendTrend,
    FavouriteProduct,
    FavouriteWeekday,
    DiscountShare,
}

const WEEKDAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

/// Whether a ready-made feature is called so.
pub fn is_name(name: &str) -> bool {
    ReadyMade::called(name).is_some()
}

impl ReadyMade {
    /// Every one, in the order in which they are offered.
    pub const ALL: [ReadyMade; 14] = [
        ReadyMade::AvgBasketValue,
        ReadyMade::ItemsPerBasket,
        ReadyMade::DistinctProducts,
        ReadyMade::DistinctCategories,
        ReadyMade::DaysBetweenMean,
        ReadyMade::DaysBetweenSd,
        ReadyMade::PurchaseSpan,
        ReadyMade::Tenure,
        ReadyMade::ActiveMonths,
        ReadyMade::ReturnRate,
        ReadyMade::SpendTrend,
        ReadyMade::FavouriteProduct,
        ReadyMade::FavouriteWeekday,
        ReadyMade::DiscountShare,
    ];

    /// The one of this name or label, without regard to case.
    pub fn called(name: &str) -> Option<ReadyMade> {
        let wanted = name.trim().to_lowercase();
        ReadyMade::ALL.into_iter().find(|one| one.name() == wanted || one.label().to_lowercase() == wanted)
    }

    /// Its column name in outputs and recipes.
    pub fn name(self) -> &'static str {
        self.words().0
    }

    /// Words for people.
    pub fn label(self) -> &'static str {
        self.words().1
    }

    /// What its numbers count.
    pub fn unit(self) -> Unit {
        self.words().2
    }

    fn words(self) -> (&'static str, &'static str, Unit) {
        match self {
            ReadyMade::AvgBasketValue => ("avg_basket_value", "Average basket value", Unit::Money),
            ReadyMade::ItemsPerBasket => ("items_per_basket", "Items per basket", Unit::Number),
            ReadyMade::DistinctProducts => ("distinct_products", "Distinct products", Unit::Count),
            ReadyMade::DistinctCategories => ("distinct_categories", "Distinct categories", Unit::Count),
            ReadyMade::DaysBetweenMean => ("days_between_mean", "Days between purchases, mean", Unit::Days),
            ReadyMade::DaysBetweenSd => ("days_between_sd", "Days between purchases, standard deviation", Unit::Days),
            ReadyMade::PurchaseSpan => ("purchase_span_days", "Purchase span", Unit::Days),
            ReadyMade::Tenure => ("tenure_days", "Tenure", Unit::Days),
            ReadyMade::ActiveMonths => ("active_months", "Active months", Unit::Count),
            ReadyMade::ReturnRate => ("return_rate", "Return rate", Unit::Share),
            ReadyMade::SpendTrend => ("spend_trend", "Spend trend", Unit::Number),
            ReadyMade::FavouriteProduct => ("favourite_product", "Favourite product", Unit::Words),
            ReadyMade::FavouriteWeekday => ("favourite_weekday", "Favourite weekday", Unit::Words),
            ReadyMade::DiscountShare => ("discount_share", "Discount share", Unit::Share),
        }
    }

    /// The role without which it is not known, where it needs one.
    pub fn needs(self) -> Option<Role> {
        match self {
            ReadyMade::DistinctProducts | ReadyMade::FavouriteProduct => Some(Role::Product),
            ReadyMade::DistinctCategories => Some(Role::Category),
            ReadyMade::DiscountShare => Some(Role::Discount),
            _ => None,
        }
    }

    /// Whether the data allow it.
    pub(super) fn is_known(self, sources: &Sources) -> bool {
        sources.has_transactions() && self.needs().is_none_or(|role| sources.has(role))
    }

    /// What it is and how it is counted, with what is special about these data.
    fn definition(self, facts: &Facts, sources: &Sources, counted: &RfmOut, recipe: &Recipe) -> String {
        let basket = match sources.has_invoices() {
            true => "a basket is an invoice",
            false => "a basket is a day with a purchase, as there is no invoice column",
        };
        let today = counted.snapshot.map(|day| day.to_string()).unwrap_or_default();
        match self {
            ReadyMade::AvgBasketValue => {
                format!("Money of purchases divided by the number of baskets; {basket}, and returns are not deducted.")
            }
            ReadyMade::ItemsPerBasket if sources.has(Role::Quantity) => {
                format!("Pieces bought divided by the number of baskets; {basket}, and returns are not deducted.")
            }
            ReadyMade::ItemsPerBasket => {
                format!("Rows of purchases divided by the number of baskets, as there is no quantity column; {basket}.")
            }
            ReadyMade::DistinctProducts => {
                "Number of different products bought; rows without a product do not count, nor do returns.".into()
            }
            ReadyMade::DistinctCategories => {
                "Number of different categories bought from; rows without a category do not count, nor do returns."
                    .into()
            }
            ReadyMade::DaysBetweenMean => "Mean number of days from one day with a purchase to the next one; several \
                purchases on one day count as one. Missing for customers with a single such day."
                .into(),
            ReadyMade::DaysBetweenSd => {
                "Standard deviation (ddof 1) of the number of days from one day with a purchase \
                to the next one. Missing for customers with fewer than three such days."
                    .into()
            }
            ReadyMade::PurchaseSpan => {
                "Days from the first to the last purchase; 0 for customers who bought on a single day.".into()
            }
            ReadyMade::Tenure => format!("Days from the first purchase that counts to {today}."),
            ReadyMade::ActiveMonths => "Number of calendar months with a purchase.".into(),
            ReadyMade::ReturnRate => {
                let kept = "Money returned divided by money of purchases, 0 for customers who returned nothing; more \
                            than 1 where purchases lie before what counts.";
                match recipe.clean.returns {
                    Returns::Net => kept.into(),
                    _ => format!("{kept} With returns removed in cleaning it is 0 for everyone."),
                }
            }
            ReadyMade::SpendTrend => {
                let (from, to) = facts.span;
                let middle = date_of((i64::from(from) + i64::from(to)).div_euclid(2) as i32);
                format!(
                    "Money of purchases after {middle} minus that up to it, divided by both: −1 when all was spent in the \
                     earlier half of the time from {} to {}, 0 when both halves are equal, 1 when all was spent in the \
                     later half.",
                    date_of(from),
                    date_of(to)
                )
            }
            ReadyMade::FavouriteProduct => {
                "The product in most rows of purchases; the first in order of text of several.".into()
            }
            ReadyMade::FavouriteWeekday => {
                format!("The weekday of most baskets, the earlier from Monday of several; {basket}.")
            }
            ReadyMade::DiscountShare => {
                "Which part of the rows of purchases has a discount other than zero, 0 to 1.".into()
            }
        }
    }

    /// The feature with its values.
    pub(super) fn feature(self, facts: &Facts, sources: &Sources, counted: &RfmOut, recipe: &Recipe) -> Feature {
        let today = facts.span.1;
        let values =
            facts.customers.iter().map(|one| if one.purchases == 0 { f64::NAN } else { self.value(one, today) });
        let definition = self.definition(facts, sources, counted, recipe);
        let mut feature = Feature::new(self.name(), self.label(), definition, self.unit(), values.collect());
        feature.names = match self {
            ReadyMade::FavouriteProduct => sources.product.as_ref().map(|words| words.names.clone().into()),
            ReadyMade::FavouriteWeekday => Some(WEEKDAYS.map(String::from).to_vec().into()),
            _ => None,
        };
        feature
    }

    /// Its value for a customer with a purchase.
    fn value(self, one: &One, today: i32) -> f64 {
        let bought = one.bought.value();
        let baskets = f64::from(one.baskets);
        let of_money = |part: f64| if bought > 0.0 { part / bought } else { f64::NAN };
        let place = |favourite: u32| if favourite == NO_FAVOURITE { f64::NAN } else { f64::from(favourite) };
        let (span, gaps) = (f64::from(one.last - one.first), f64::from(one.days) - 1.0);
        match self {
            ReadyMade::AvgBasketValue => bought / baskets,
            ReadyMade::ItemsPerBasket => one.items.value() / baskets,
            ReadyMade::DistinctProducts => f64::from(one.products),
            ReadyMade::DistinctCategories => f64::from(one.categories),
            ReadyMade::DaysBetweenMean if gaps < 1.0 => f64::NAN,
            ReadyMade::DaysBetweenMean => span / gaps,
            ReadyMade::DaysBetweenSd if gaps < 2.0 => f64::NAN,
            // n·Σg² − (Σg)² is a whole number: no rounding before the division.
            ReadyMade::DaysBetweenSd => ((gaps * one.gaps_squared - span * span) / (gaps * (gaps - 1.0))).sqrt(),
            ReadyMade::PurchaseSpan => span,
            ReadyMade::Tenure => f64::from(today - one.first),
            ReadyMade::ActiveMonths => f64::from(one.months),
            ReadyMade::ReturnRate => of_money(0.0 - one.returned.value()),
            ReadyMade::SpendTrend => of_money(2.0 * one.later.value() - bought),
            ReadyMade::FavouriteProduct => place(one.favourite_product),
            ReadyMade::FavouriteWeekday => place(one.favourite_weekday),
            ReadyMade::DiscountShare => f64::from(one.discounted) / f64::from(one.purchases),
        }
    }
}
