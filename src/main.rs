fn main() -> anyhow::Result<()> {
    quintile::ui::run(std::env::args_os().nth(1).map(Into::into))
}
