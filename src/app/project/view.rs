//! What a project remembers of the window: which panel, which side of it, which axes and charts. What this program does
//! not know, or what is of another version, is left as it stands.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::app::{
    Axes, ChooseKTab, DataTab, DatesView, ExploreTab, FeaturesTab, LinesKind, MapColor, Measure, Panel, ProfilesTab,
    ScoreView, SegmentsTab, Sort, View,
};
use crate::explore::{Question, Source};
use crate::profile::Grouping;

/// Reads one field; what cannot be read leaves the view as it is.
fn get<T: DeserializeOwned>(fields: &Map<String, Value>, name: &str) -> Option<T> {
    serde_json::from_value(fields.get(name)?.clone()).ok()
}

/// Declares the fields that are kept, each with its place in [`View`].
macro_rules! kept {
    ($($name:ident: $kind:ty = $($at:ident).+;)+) => {
        /// The part of a view that is kept.
        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
        pub(super) struct Kept {
            $($name: $kind,)+
            charts: Vec<(Source, Vec<Question>)>,
        }

        impl Kept {
            pub fn of(view: &View) -> Kept {
                Kept { $($name: view.$($at).+.clone(),)+ charts: view.explore.arranged() }
            }
        }

        /// Makes `view` look as it did when the project was saved.
        pub(super) fn restore(saved: &Value, view: &mut View) {
            let Value::Object(fields) = saved else { return };
            $(if let Some(value) = get::<$kind>(fields, stringify!($name)) { view.$($at).+ = value; })+
            if let Some(charts) = get(fields, "charts") {
                view.explore.arrange(charts);
            }
        }
    };
}

kept! {
    panel: Panel = panel;
    axes: Axes = axes;
    sort: Sort = sort;
    selection_open: bool = selection_open;
    hidden: Vec<u32> = hidden;
    data: DataTab = data.tab;
    explore: ExploreTab = explore.tab;
    table: Source = explore.source;
    charts_as_table: bool = explore.as_table;
    features: FeaturesTab = features.tab;
    scores: ScoreView = rfm.view;
    scores_show: Measure = rfm.measure;
    dates: DatesView = rfm.dates;
    dates_show: Measure = rfm.dates_measure;
    choose_k: ChooseKTab = choose_k.tab;
    more_criteria: bool = choose_k.more;
    segments: SegmentsTab = segments.tab;
    map_color: MapColor = segments.map.color;
    hidden_segments: Vec<u32> = segments.map.hidden_segments;
    legend: bool = segments.map.legend;
    centroids: bool = segments.map.centroids;
    one_sd: bool = segments.map.one_sd;
    two_sd: bool = segments.map.two_sd;
    turn: f32 = segments.map.turn;
    tilt: f32 = segments.map.tilt;
    zoom: f32 = segments.map.zoom;
    perplexity: u32 = segments.map.perplexity;
    components: (usize, usize) = segments.sides.components;
    lines: LinesKind = segments.sides.lines.kind;
    lines_own_units: bool = segments.sides.lines.own_units;
    lines_customers: bool = segments.sides.lines.customers;
    lines_quartiles: bool = segments.sides.lines.quartiles;
    lines_order: Vec<String> = segments.sides.lines.order;
    profiles: ProfilesTab = profiles.tab;
    profiles_of: Grouping = profiles.grouping;
}

impl Kept {
    pub fn to_json(&self) -> Value {
        // Enums and numbers have their words; a number that JSON cannot say becomes null, and is passed over.
        serde_json::to_value(self).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_view_comes_back_and_what_is_unknown_is_passed_over() {
        let mut view = View { panel: Panel::ChooseK, ..View::default() };
        view.choose_k.tab = ChooseKTab::Runs;
        view.axes = Axes::Features(2, 0);
        view.hidden = vec![1];
        view.segments.map.turn = 0.1;
        view.explore.fit(|_| true, || vec![Question::Pareto]);
        view.explore.add(Question::Missing { source: Source::Transactions });
        let kept = Kept::of(&view);
        let text = kept.to_json().to_string();
        let mut back = View::default();
        let mut saved: Value = serde_json::from_str(&text).unwrap();
        restore(&saved, &mut back);
        assert_eq!(Kept::of(&back), kept);

        saved["panel"] = "Forecast".into();
        saved["axes"] = Value::Null;
        saved["something new"] = 3.into();
        let mut back = View::default();
        restore(&saved, &mut back);
        assert_eq!((back.panel, back.axes, back.choose_k.tab), (Panel::Welcome, Axes::Pca2, ChooseKTab::Runs));
    }
}
