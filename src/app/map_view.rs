//! What the map of customers shows, and how.

use serde::{Deserialize, Serialize};

use super::Axes;
use crate::reduce::raster::Window;

/// What the pointer does on the map.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum MapTool {
    /// Moves the picture, turns it in three dimensions; a click selects one customer.
    #[default]
    Move,
    /// Selects who lies in a rectangle.
    Box,
    /// Selects who lies within a line drawn by hand.
    Lasso,
}

/// What the colours of the points say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum MapColor {
    #[default]
    Cluster,
    /// The RFM segment.
    Segment,
    /// How surely a customer belongs to its cluster; only mixtures know.
    Probability,
    /// A feature by its place in the customer table.
    Feature(usize),
}

/// State of the map that changes no finding.
#[derive(Debug, Clone)]
pub struct MapView {
    pub tool: MapTool,
    pub color: MapColor,
    /// RFM segments that are not shown while they give the colours; clusters are in [`super::View::hidden`].
    pub hidden_segments: Vec<u32>,
    /// Whether the legend is open.
    pub legend: bool,
    /// What is drawn beside the points.
    pub centroids: bool,
    /// Ellipses of one and of two standard deviations.
    pub one_sd: bool,
    pub two_sd: bool,
    /// In two dimensions: what is looked at, and on which axes; everything without it.
    pub window: Option<(Axes, Window)>,
    /// In three dimensions: turn about the vertical axis and tilt in radians, magnification, and how far the middle is
    /// moved from that of the picture, in points.
    pub turn: f32,
    pub tilt: f32,
    pub zoom: f32,
    pub shift: [f32; 2],
    /// A button asked to be so many times nearer.
    pub nearer: Option<f32>,
    /// The outline being drawn, in points from the top left of the picture.
    pub outline: Vec<[f32; 2]>,
    /// About how many neighbours t-SNE looks at.
    pub perplexity: u32,
    /// For which matrix t-SNE was asked for, by its address; it never starts by itself.
    pub tsne_for: Option<usize>,
    /// Whether it was stopped.
    pub tsne_stopped: bool,
    /// The features last shown as axes.
    pub features: Option<[usize; 3]>,
}

impl Default for MapView {
    fn default() -> Self {
        MapView {
            tool: MapTool::default(),
            color: MapColor::default(),
            hidden_segments: Vec::new(),
            legend: true,
            centroids: true,
            one_sd: false,
            two_sd: false,
            window: None,
            turn: 0.6,
            tilt: 0.35,
            zoom: 1.0,
            shift: [0.0; 2],
            nearer: None,
            outline: Vec::new(),
            perplexity: 30,
            tsne_for: None,
            tsne_stopped: false,
            features: None,
        }
    }
}

impl MapView {
    /// Looks at everything again.
    pub fn reset(&mut self) {
        let fresh = MapView::default();
        self.window = None;
        (self.turn, self.tilt, self.zoom, self.shift) = (fresh.turn, fresh.tilt, fresh.zoom, fresh.shift);
    }
}
