//! The program itself opens a real window on a display of its own. Needs Xvfb and xwininfo; skipped without them.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Ends the process when the test is over, also when it failed.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn has(program: &str) -> bool {
    let found = Command::new("sh").args(["-c", &format!("command -v {program}")]).stdout(Stdio::null()).status();
    found.is_ok_and(|s| s.success())
}

#[test]
fn a_window_opens_on_a_file_and_stays() {
    if !cfg!(target_os = "linux") || !has("Xvfb") || !has("xwininfo") {
        println!("skipped: Xvfb or xwininfo is not installed");
        return;
    }
    let mut server = Command::new("Xvfb")
        .args(["-displayfd", "1", "-noreset", "-screen", "0", "1280x800x24"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map(Running)
        .unwrap();
    let mut number = String::new();
    BufReader::new(server.0.stdout.take().unwrap()).read_line(&mut number).unwrap();
    let display = format!(":{}", number.trim());
    let shop = Path::new(env!("CARGO_MANIFEST_DIR")).join("sample_data/shop.csv");
    let home = tempfile::tempdir().unwrap();
    let mut program = Command::new(env!("CARGO_BIN_EXE_quintile"))
        .arg(shop)
        .env("DISPLAY", &display)
        .env_remove("WAYLAND_DISPLAY")
        // The settings and the unsaved work of whoever runs this are none of its business.
        .env("XDG_CONFIG_HOME", home.path().join("config"))
        .env("XDG_DATA_HOME", home.path().join("data"))
        .env("XDG_CACHE_HOME", home.path().join("cache"))
        .env("LIBGL_ALWAYS_SOFTWARE", "1")
        .stderr(Stdio::null())
        .spawn()
        .map(Running)
        .unwrap();
    let start = Instant::now();
    let visible = || {
        let ask = |what: &[&str]| {
            let seen = Command::new("xwininfo").args(["-display", &display]).args(what).output().unwrap();
            String::from_utf8_lossy(&seen.stdout).into_owned()
        };
        // The title begins with what is open.
        let tree = ask(&["-root", "-tree"]);
        let line = tree.lines().find(|line| line.contains("Quintile\":") || line.contains("Quintile\" "));
        let id = line.and_then(|line| line.split_whitespace().next());
        id.is_some_and(|id| ask(&["-id", id]).contains("IsViewable"))
    };
    while !visible() {
        assert!(program.0.try_wait().unwrap().is_none(), "the program ended before a window was there");
        assert!(start.elapsed() < Duration::from_secs(60), "no window after a minute");
        std::thread::sleep(Duration::from_millis(50));
    }
    // The window is shown once its first frame is drawn; a while later it has to be there still.
    std::thread::sleep(Duration::from_secs(2));
    assert!(program.0.try_wait().unwrap().is_none() && visible());
}
