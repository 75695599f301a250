//! drawing
pub fn run(_open: Option<std::path::PathBuf>) -> anyhow::Result<()> { anyhow::bail!("no window yet") }
