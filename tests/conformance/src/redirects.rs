//! Keys and cards go where the caller said and nowhere else: no redirect is followed, and no proxy of the
//! environment sees a plain call to this machine.

use std::process::Command;

use paywall_api::{ErrorKind, Outcome};
use paywall_sandbox::{Reply, StatusCode};

use crate::authority::Authority;
use crate::{operations, server};

#[tokio::test]
async fn a_redirect_takes_nothing_to_another_server() {
    let (server, other) = (server::start(), server::start());
    let client = server::client(&server);
    for operation in operations::all() {
        for status in [301, 302, 303, 307, 308] {
            let to = format!("{}{}", other.base_address(), operation.path);
            let status = StatusCode::from_u16(status).expect("a status");
            server.script().next(operation.id, Reply::redirect(status, to)).expect("scripted");
            let error = (operation.send)(client.clone()).await.expect_err("a redirect");
            assert_eq!((error.kind(), error.outcome()), (ErrorKind::Redirect, Outcome::Unknown), "{error:?}");
        }
    }
    assert!(other.received().is_empty());
    assert_eq!(other.connections(), 0);
}

/// What the child is told by.
const SERVER: &str = "CONFORMANCE_SERVER";

/// The variables that name a proxy.
const PROXIES: [&str; 6] = ["http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"];

/// Runs one ignored test of this program in a process of its own, whose environment names a proxy.
fn in_a_process_with_proxy(test: &str, server: &str, proxy: &str) {
    in_a_process(test, server, PROXIES.map(|variable| (variable, proxy)));
}

/// The same, with these variables and no other that names a proxy.
fn in_a_process<'a>(test: &str, server: &str, variables: impl IntoIterator<Item = (&'a str, &'a str)>) {
    let mut child = Command::new(std::env::current_exe().expect("this program"));
    child
        .args(["--exact", test, "--ignored", "--nocapture"])
        .env(SERVER, server)
        .env_remove("no_proxy")
        .env_remove("NO_PROXY");
    for variable in PROXIES {
        child.env_remove(variable);
    }
    child.envs(variables);
    let output = child.output().expect("it runs");
    let told = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && told.contains("1 passed"), "{told}");
}

#[test]
fn a_proxy_of_the_environment_sees_nothing_of_a_call_to_this_machine() {
    let (server, proxy) = (server::start(), server::start());
    in_a_process_with_proxy("redirects::child_calls_by_the_client", &server.base_address(), &proxy.base_address());
    assert_eq!(server.received().len(), operations::all().len());
    assert_eq!(proxy.connections(), 0);
}

/// The certificate of whom the child trusts.
const TRUSTED: &str = "CONFORMANCE_TRUSTED";

#[test]
fn a_proxy_of_the_environment_sees_nothing_of_an_https_call_to_this_machine() {
    for host in ["127.0.0.1", "localhost"] {
        let (authority, proxy) = (Authority::new("trusted"), server::start());
        let server = authority.start(host);
        let address = format!("https://{host}:{}", server.address().port());
        let proxied = proxy.base_address();
        let variables = [(TRUSTED, authority.pem()), ("ALL_PROXY", &proxied), ("HTTPS_PROXY", &proxied)];
        in_a_process("redirects::child_calls_by_the_client", &address, variables);
        assert_eq!(server.received().len(), operations::all().len());
        assert_eq!(proxy.connections(), 0);
    }
}

#[test]
fn the_proxy_of_all_is_taken_for_https_to_other_machines() {
    for variable in ["ALL_PROXY", "all_proxy", "HTTPS_PROXY", "https_proxy"] {
        let proxy = server::start();
        let address = proxy.base_address();
        in_a_process("redirects::child_calls_in_vain", "https://paywall.example", [(variable, address.as_str())]);
        assert!(proxy.connections() > 0, "{variable}");
    }
}

#[test]
fn a_variable_that_names_no_proxy_is_an_error_of_build() {
    for variable in ["ALL_PROXY", "all_proxy", "HTTPS_PROXY", "https_proxy"] {
        in_a_process("redirects::child_builds_nothing", "https://paywall.example", [(variable, "http://planted:port")]);
    }
}

/// The control: the same call by reqwest as it comes does go to the proxy, so that the test above can fail.
#[test]
fn a_client_that_is_less_careful_hands_the_same_call_to_the_proxy() {
    let (server, proxy) = (server::start(), server::start());
    in_a_process_with_proxy("redirects::child_calls_by_reqwest", &server.base_address(), &proxy.base_address());
    assert_eq!(server.connections(), 0);
    assert_eq!(proxy.connections(), 1);
}

#[tokio::test]
#[ignore = "started by another test, in a process with a proxy"]
async fn child_calls_by_the_client() {
    let address = std::env::var(SERVER).expect("started by another test");
    let keys = || paywall_api::Credentials::new("k", "c");
    let mut builder = paywall_api::Client::builder_at(address).public_keys(keys()).private_keys(keys());
    if let Ok(pem) = std::env::var(TRUSTED) {
        builder = builder.root_certificate_pem(pem);
    }
    let client = builder.build().expect("a client");
    for operation in operations::all() {
        (operation.send)(client.clone()).await.unwrap_or_else(|error| panic!("{error:?}"));
    }
}

#[tokio::test]
#[ignore = "started by another test, in a process with a proxy"]
async fn child_calls_in_vain() {
    let address = std::env::var(SERVER).expect("started by another test");
    let keys = || paywall_api::Credentials::new("k", "c");
    let builder = paywall_api::Client::builder_at(address).public_keys(keys()).private_keys(keys()).retries(0);
    let client = builder.build().expect("a client");
    let error = (operations::all()[0].send)(client).await.expect_err("the proxy lets nobody through");
    assert_eq!((error.kind(), error.outcome()), (ErrorKind::Connect, Outcome::NotSent), "{error:?}");
}

#[test]
#[ignore = "started by another test, in a process with a proxy"]
fn child_builds_nothing() {
    let address = std::env::var(SERVER).expect("started by another test");
    let builder = || paywall_api::Client::builder_at(address.as_str());
    let shown = builder().build().map_err(|error| format!("{error} {error:?}")).expect_err("no proxy");
    assert!(shown.contains("_PROXY") || shown.contains("_proxy"), "{shown}");
    assert!(!shown.contains("planted"), "{shown}");
    assert!(builder().no_proxy().build().is_ok() && builder().proxy("http://127.0.0.1:1").build().is_ok());
}

#[tokio::test]
#[ignore = "started by another test, in a process with a proxy"]
async fn child_calls_by_reqwest() {
    let address = std::env::var(SERVER).expect("started by another test");
    let answer = reqwest::Client::new().get(format!("{address}/api")).send().await;
    assert!(answer.is_ok(), "the proxy answers something: {answer:?}");
}
