//! The closed choices of a recipe, each with its name in files and flags and its words in the window.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Defines an enum whose variants have one name (files, flags) and one label with a hint (window).
macro_rules! choice {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $text:literal, $label:literal, $hint:literal;)+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum $name { $($(#[$vdoc])* $variant,)+ }

        impl $name {
            /// Every variant, in the order in which it is offered.
            pub const ALL: &'static [$name] = &[$($name::$variant,)+];

            /// The name used in recipe files and flags.
            pub fn name(self) -> &'static str { match self { $($name::$variant => $text,)+ } }

            /// The words shown in the window.
            pub fn label(self) -> &'static str { match self { $($name::$variant => $label,)+ } }

            /// One sentence that explains the choice.
            pub fn hint(self) -> &'static str { match self { $($name::$variant => $hint,)+ } }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { f.write_str(self.name()) }
        }

        impl FromStr for $name {
            type Err = String;
            /// Accepts `-` and `_` alike and ignores case.
            fn from_str(text: &str) -> Result<Self, String> {
                let wanted = text.trim().to_lowercase().replace('-', "_");
                $name::ALL.iter().copied().find(|c| c.name() == wanted).ok_or_else(|| {
                    let names: Vec<_> = $name::ALL.iter().map(|c| c.name().replace('_', "-")).collect();
                    format!("{text:?} is none of {}", names.join(", "))
                })
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> { s.serialize_str(self.name()) }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                String::deserialize(d)?.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}

pub(super) use choice;

choice! {
    /// What happens to returns and cancellations.
    Returns {
        Drop = "drop", "Drop", "Cancelled invoices, quantities of zero or less and prices of zero or less are removed; the purchase they cancel stays.";
        Net = "net", "Net", "Returns reduce what a customer spent, but never count as a visit and never set recency.";
        Match = "match", "Match", "A cancellation removes the purchase it cancels: same customer, product and quantity, earlier. Cancellations without a partner are removed and counted.";
    }
}

choice! {
    /// What one row of the table stands for.
    TableShape {
        Transactions = "transactions", "Transactions", "Each row is a purchase or a part of one; a customer may come back in many rows.";
        RfmTable = "rfm", "RFM table", "One row per customer, with recency, frequency and monetary counted already.";
        CustomerTable = "customers", "Customer table", "One row per customer, with numbers that describe the customer and no purchases.";
    }
}

choice! {
    /// What several input files are to each other.
    Combine {
        Stack = "stack", "Stack", "The files hold rows of the same kind: they are put under each other.";
        Join = "join", "Join", "The later files describe the customers of the first: their columns are added on the customer id.";
    }
}

choice! {
    /// What one unit of frequency is.
    FrequencyUnit {
        Auto = "auto", "Automatic", "Distinct invoices where there is an invoice column, distinct days otherwise.";
        Invoices = "invoices", "Invoices", "Distinct invoice numbers of purchases.";
        Days = "days", "Days", "Distinct calendar days with a purchase.";
        Rows = "rows", "Rows", "Every purchase row counts as one.";
    }
}

choice! {
    /// Where the cut points between scores come from.
    ScoreCuts {
        Quantile = "quantile", "Quantiles", "Type-7 quantiles; a value equal to a cut point belongs to the lower bin, so equal values always get equal scores.";
        RfmPackage = "rfm_package", "As R's rfm package", "Type-7 quantiles plus one, lower edge inclusive: only to reproduce results of the R package rfm.";
    }
}

choice! {
    /// Whether the axes of the scores are ranked alone or one within the other.
    Binning {
        Independent = "independent", "Independent", "Each of recency, frequency and monetary is ranked among all customers.";
        Nested = "nested", "Nested", "Frequency is ranked among customers of the same recency score, monetary among those of the same recency and frequency score: evener cells, but a score of 5 means something else in each.";
    }
}

choice! {
    /// Which scores a segment map goes by.
    MapAxes {
        Rf = "rf", "R × F", "Recency and frequency; monetary has no say.";
        RFm = "r_fm", "R × FM", "Recency, and the mean of the frequency and monetary scores, halves rounded up.";
        Rfm = "rfm", "R × F × M", "Recency, frequency and monetary, each by itself.";
    }
}

choice! {
    /// The transform of every feature before scaling.
    Transform {
        None = "none", "None", "Values as they are.";
        Log1p = "log1p", "log(1 + x)", "Natural logarithm of one plus the value; tames the long tail of spending. Needs values above −1.";
        YeoJohnson = "yeo_johnson", "Yeo-Johnson", "Power transform with the exponent that makes each feature most nearly normal; takes negative values too.";
        Rank = "rank", "Rank", "The share of customers with a smaller value, ties at their middle: only the order counts, no outlier sets the scale.";
    }
}

choice! {
    /// What a customer without a value gets where clustering needs one.
    FillMissing {
        Zero = "zero", "Zero", "Customers without a value count as 0.";
        Median = "median", "Median", "Customers without a value count as the median of the others.";
    }
}

choice! {
    /// The scaling of every feature after the transform.
    Scale {
        None = "none", "None", "Units as they are: the feature with the largest numbers decides alone.";
        ZScore = "z_score", "z-score", "Minus the mean, divided by the standard deviation (ddof 0): every feature weighs the same.";
        MinMax = "min_max", "Min–max", "To 0–1 from smallest to largest value.";
        Robust = "robust", "Robust", "Minus the median, divided by the interquartile range: outliers do not set the scale.";
    }
}

choice! {
    /// How the clusters are found.
    Algorithm {
        KMeans = "k_means", "k-means", "Every customer belongs to the nearest of k centres: compact groups of like extent. The fastest, and the default.";
        MiniBatch = "mini_batch", "Mini-batch k-means", "k-means that learns its centres from small random samples: for millions of customers, nearly as good.";
        GaussianMixture = "gaussian_mixture", "Gaussian mixture", "Groups may differ in extent and direction and overlap; every customer has a probability for each.";
        Agglomerative = "agglomerative", "Agglomerative", "Joins the two nearest groups again and again; the tree of joins can be cut anywhere.";
        Hdbscan = "hdbscan", "HDBSCAN", "Dense regions of any form; finds their number itself and leaves whoever lies between them as noise.";
        KPrototypes = "k_prototypes", "k-prototypes", "k-means for numbers and words together, such as country or channel.";
    }
}

choice! {
    /// What form the groups of a Gaussian mixture may have.
    Covariance {
        Full = "full", "Full", "Ellipses of any direction.";
        Diagonal = "diagonal", "Diagonal", "Ellipses along the axes: fewer parameters, for many features or few customers.";
    }
}

choice! {
    /// What counts as the distance of two groups that agglomerative clustering may join.
    Linkage {
        Ward = "ward", "Ward", "By how much the inertia grows when they are joined: groups of like size.";
        Average = "average", "Average", "The mean distance of their customers.";
        Complete = "complete", "Complete", "The largest distance of their customers: groups of like diameter.";
    }
}

choice! {
    /// The criterion by which `auto` chooses k.
    KCriterion {
        Elbow = "elbow", "Elbow", "The knee of the inertia curve (Kneedle); silhouette where there is none.";
        Silhouette = "silhouette", "Silhouette", "The k whose customers lie best within their own cluster.";
        CalinskiHarabasz = "calinski_harabasz", "Calinski-Harabasz", "The k with the largest ratio of between to within variance.";
        DaviesBouldin = "davies_bouldin", "Davies-Bouldin", "The k whose clusters are least like their nearest neighbour.";
        Bic = "bic", "BIC", "Gaussian mixtures only: the k whose likelihood is worth its parameters (Bayesian information criterion).";
    }
}

/// The number of clusters: found, or given. In files the text `"auto"` or a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KChoice {
    /// By [`KCriterion`] over the range of the recipe.
    Auto,
    /// Exactly this many.
    Fixed(u32),
}

impl FromStr for KChoice {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        match text.trim() {
            "auto" => Ok(KChoice::Auto),
            number => match number.parse::<u32>() {
                Ok(k) if k >= 1 => Ok(KChoice::Fixed(k)),
                _ => Err(format!("{text:?} is neither auto nor a number of clusters")),
            },
        }
    }
}

impl Serialize for KChoice {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        match self {
            KChoice::Auto => s.serialize_str("auto"),
            KChoice::Fixed(k) => s.serialize_u32(*k),
        }
    }
}

impl<'de> Deserialize<'de> for KChoice {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Written {
            Number(u32),
            Text(String),
        }
        match Written::deserialize(d)? {
            Written::Number(k) => k.to_string().parse(),
            Written::Text(text) => text.parse(),
        }
        .map_err(serde::de::Error::custom)
    }
}
