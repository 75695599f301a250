//! Quintile: customer segments from any export of sales, on your own computer.
//!
//! **Recipe in, findings out.** Everything that the user decides is one small value, the [`recipe`]. Everything
//! that the program works out is findings, a pure function of the recipe and the files it names.
//!
//! ```text
//! ui ─Action─▶ app ─Job─▶ worker ─▶ pipeline ─▶ intake ▶ clean ▶ rfm ▶ features ▶ cluster ▶ reduce ▶ profile
//!  ▲            ▲            │          ▲
//!  └── draws ───┴── Message ─┘         cli (the same recipe, the same pipeline, no window)
//! ```
//!
//! The rooms, in the order of the flow:
//! - [`intake`] turns files of any format and dialect into one table of text in which each distinct cell is stored once,
//!   finds types, the roles of columns and what a row stands for, and reports what is odd.
//! - [`clean`] runs the user's steps on the table, turns it into transactions, and says in a funnel what was left out.
//! - [`rfm`] makes the waist of the house: one row per customer, with scores and segments. A file that has one row per
//!   customer already enters here.
//! - [`features`] works out further features, ready-made and the user's own, and transforms and scales; [`cluster`] has
//!   the algorithms behind one trait, searches the numbers of clusters and judges them, by criteria and by resampling;
//!   [`reduce`] projects (principal components, t-SNE) and turns many points into pictures; [`profile`] describes.
//! - [`project`] keeps an analysis in a file: history, runs, views, notes, data; and carries it over to another file.
//! - [`explore`] answers questions about any table with statistics and charts; [`chart`] is charts as values, laid out
//!   once for the window and for pictures; [`export`] writes files; [`score`] labels new customers by a model that was
//!   exported; [`sample`] makes the sample shop.
//! - [`pipeline`] runs these as stages with keys and a cache; [`worker`] runs the pipeline on its own thread.
//! - [`app`] is the state of the window, [`ui`] draws it, [`cli`] is the program without a window.
//! - [`ctx`] is progress and cancellation, [`error`] the one error type, [`exact`] sums of money, [`format`] numbers
//!   for people.
//!
//! The rooms before `pipeline` know data and numbers only: they never draw, start no thread but rayon's, and touch
//! nothing global. A test walks the sources and fails when that is broken.

pub mod app;
pub mod chart;
pub mod clean;
pub mod cli;
pub mod cluster;
pub mod ctx;
pub mod error;
pub mod exact;
pub mod explore;
pub mod export;
pub mod features;
pub mod format;
pub mod intake;
pub mod pipeline;
pub mod profile;
pub mod project;
pub mod recipe;
pub mod reduce;
pub mod rfm;
pub mod sample;
pub mod score;
pub mod ui;
pub mod worker;
