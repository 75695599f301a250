//! The program: a subcommand runs without a window, anything else opens one.

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    quintile::cli::main()
}
