//! The program without a window. Exit status: 0 done, 1 the analysis could not be done, 2 wrong usage.

mod args;
mod carry;
mod cluster_args;
mod commands;
mod derive;
mod inspect;
mod output_args;
mod progress;
mod rfm_args;
mod score_args;

use std::process::ExitCode;

use clap::Parser;

/// Reads the command line and does what it says.
pub fn main() -> ExitCode {
    let args = args::Args::parse();
    match commands::run(args) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("quintile: {error:#}");
            ExitCode::FAILURE
        }
    }
}
