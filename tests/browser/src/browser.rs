//! How does a test get a browser? One of its own, with a driver and a profile of its own; none outlives its test.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use rustix::process::{Pid, Signal, geteuid, kill_process};
use tempfile::TempDir;
use thirtyfour::{ChromiumLikeCapabilities, DesiredCapabilities, LoggingPrefsLogLevel, WebDriver};

const INSTALL: &str = "apt-get update && apt-get install --yes --no-install-recommends chromium chromium-driver";

/// A browser. Dropping it ends it and its driver.
#[derive(Debug)]
pub(crate) struct Browser {
    pub(crate) page: WebDriver,
    process: Pid,
    driver: Driver,
    profile: TempDir,
}

impl Browser {
    /// One whose shopper reads this language.
    pub(crate) async fn open(language: &str) -> Self {
        let profile = TempDir::with_prefix("paywall-browser-").expect("a folder for the profile");
        let driver = Driver::start();
        let mut wanted = DesiredCapabilities::chrome();
        let chromium = installed("PAYWALL_CHROMIUM", &["chromium", "chromium-browser", "google-chrome"]);
        wanted.set_binary(&chromium.to_string_lossy()).expect("a path");
        wanted.set_browser_log_level(LoggingPrefsLogLevel::All).expect("a level");
        for flag in flags(&profile, language) {
            wanted.add_arg(&flag).expect("a flag");
        }
        let page = WebDriver::new(driver.address(), wanted).await.expect("a session with the browser");
        let process = process(&page);
        // Else its end waits for an answer, for two minutes where a runtime is busy with a panic.
        page.clone().leak().expect("a session that goes on");
        Self { page, process, driver, profile }
    }
}

fn flags(profile: &TempDir, language: &str) -> Vec<String> {
    let mut flags = [
        "--headless",
        "--disable-gpu",
        "--disable-quic",
        "--disable-dev-shm-usage",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        // In a process of its own it would outlive the browser for a moment, and write into a profile that is gone.
        "--enable-features=NetworkServiceInProcess2",
        "--window-size=1280,900",
    ]
    .map(str::to_owned)
    .to_vec();
    flags.push(format!("--user-data-dir={}", profile.path().display()));
    flags.push(format!("--accept-lang={language}"));
    if geteuid().is_root() {
        flags.push("--no-sandbox".to_owned());
    }
    flags
}

/// The program that a variable names, or the first of these that is in the path.
fn installed(variable: &str, names: &[&str]) -> PathBuf {
    let chosen = std::env::var_os(variable).map(PathBuf::from);
    let found = chosen.or_else(|| names.iter().find_map(|name| which::which(name).ok()));
    found.unwrap_or_else(|| panic!("there is no {}: {INSTALL}, or name it by {variable}", names[0]))
}

fn process(page: &WebDriver) -> Pid {
    let said = page.capabilities().get("goog:processID").and_then(serde_json::Value::as_i64);
    let id = said.and_then(|id| Pid::from_raw(id.try_into().ok()?));
    id.expect("the driver says which process the browser is")
}

impl Drop for Browser {
    fn drop(&mut self) {
        // What it has started goes with it; its profile is thrown away.
        let _ = kill_process(self.process, Signal::KILL);
        // What is dying may still write there.
        for _ in 0..100 {
            if std::fs::remove_dir_all(self.profile.path()).is_ok() {
                return;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

/// A driver on a port of its own. Dropping it ends it.
#[derive(Debug)]
struct Driver {
    process: Child,
    port: u16,
}

impl Driver {
    /// A port that is free for one version of the internet protocol may be another driver's in the other: then the driver
    /// ends without a word of a port, and the next one finds another.
    fn start() -> Self {
        const TRIES: usize = 5;
        (0..TRIES).find_map(|_| Self::on_a_free_port()).expect("chromedriver says its port")
    }

    fn on_a_free_port() -> Option<Self> {
        let mut command = Command::new(installed("PAYWALL_CHROMEDRIVER", &["chromedriver"]));
        command.arg("--port=0").stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        let process = command.spawn().unwrap_or_else(|error| panic!("chromedriver does not start: {error}"));
        let mut driver = Self { process, port: 0 };
        let output = driver.process.stdout.take().expect("a pipe");
        let mut lines = BufReader::new(output).lines().map_while(Result::ok);
        driver.port =
            lines.find_map(|line| line.trim_end_matches('.').split_once("successfully on port ")?.1.parse().ok())?;
        // What it says later is read away: a full pipe would stop it.
        std::thread::spawn(move || lines.for_each(drop));
        Some(driver)
    }

    fn address(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        // It has gone already, or goes now.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
async fn a_browser_never_outlives_its_test_not_even_one_that_panics() {
    for panics in [false, true] {
        let (sender, receiver) = std::sync::mpsc::channel();
        let test = tokio::spawn(async move {
            let browser = Browser::open("en").await;
            let of_this_profile = format!("--user-data-dir={}", browser.profile.path().display());
            assert!(is_running(&of_this_profile));
            sender.send((of_this_profile, browser.driver.process.id())).expect("a receiver");
            assert!(!panics, "as tests do");
        });
        assert_eq!(test.await.is_err(), panics);
        let (of_this_profile, driver) = receiver.recv().expect("a browser");
        assert!(!std::path::Path::new(&format!("/proc/{driver}")).exists(), "the driver goes on");
        goes(&of_this_profile);
    }
}

#[cfg(target_os = "linux")]
fn goes(argument: &str) {
    let is_gone = (0..100).any(|_| {
        std::thread::sleep(Duration::from_millis(50));
        !is_running(argument)
    });
    assert!(is_gone, "a process of the browser goes on");
}

/// Is there a process that was started with this argument?
#[cfg(target_os = "linux")]
fn is_running(argument: &str) -> bool {
    let processes = std::fs::read_dir("/proc").expect("the list of processes").filter_map(Result::ok);
    let mut lines = processes.filter_map(|process| std::fs::read(process.path().join("cmdline")).ok());
    // Renderers and the like write theirs as one text.
    lines.any(|line| String::from_utf8_lossy(&line).contains(argument))
}
