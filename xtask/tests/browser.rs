//! What does the test command do without a browser? It says so before it builds anything.

use std::process::Command;

#[test]
fn without_the_browser_that_was_named_the_tests_do_not_begin() {
    for variable in ["PAYWALL_CHROMIUM", "PAYWALL_CHROMEDRIVER"] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
        let output = command.arg("test").env(variable, "/nowhere/at/all").output().expect("the command");
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(said.contains("apt-get install") && said.contains("chromium-driver"), "{said}");
        assert!(said.contains(variable), "{said}");
        assert_eq!(output.stdout, b"", "nothing has begun");
    }
}
