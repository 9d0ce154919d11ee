//! Where may something be sent to? To loopback, whatever a request names, and to the hosts that the sandbox was started
//! with.

use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::OnceLock;
use std::time::Duration;

use hyper::StatusCode;
use url::{Host, Url};

/// How far the sandbox reaches.
#[derive(Clone, Debug, Default)]
pub(crate) struct Reach {
    /// In the spelling of browsers: lower case, without a port.
    hosts: Vec<String>,
}

/// An address that may be sent to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Target(Url);

/// Why an address may not be sent to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Barred {
    /// No browser could go there.
    NoAddress,
    /// It carries a user or a password.
    Credentials,
    /// It is at a host that is not loopback and was not allowed.
    Host(String),
}

impl Reach {
    pub(crate) fn new(hosts: &[String]) -> Self {
        Self { hosts: hosts.iter().map(|host| spelled(host)).collect() }
    }

    /// The address, read as browsers read it: what they would take for another host is one.
    pub(crate) fn target(&self, address: &str) -> Result<Target, Barred> {
        let url = Url::parse(address).map_err(|_| Barred::NoAddress)?;
        let host = url.host().ok_or(Barred::NoAddress)?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(Barred::NoAddress);
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(Barred::Credentials);
        }
        if !is_loopback(&host) && !self.hosts.contains(&host.to_string()) {
            return Err(Barred::Host(host.to_string()));
        }
        Ok(Target(url))
    }
}

/// `EXAMPLE.com` is `example.com`.
fn spelled(host: &str) -> String {
    Host::parse(host).map_or_else(|_| host.to_ascii_lowercase(), |host| host.to_string())
}

fn is_loopback(host: &Host<&str>) -> bool {
    match host {
        Host::Domain(name) => *name == LOCALHOST,
        Host::Ipv4(address) => address.is_loopback(),
        Host::Ipv6(address) => address.is_loopback(),
    }
}

/// A name that stands for loopback, whatever a name server says.
const LOCALHOST: &str = "localhost";

impl Target {
    pub(crate) fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// All that a log may have of it: path and query may hold a secret.
    pub(crate) fn origin(&self) -> String {
        self.0.origin().ascii_serialization()
    }

    /// What a policy of content calls it. A redirect below the same origin is no other address; and the grammar of
    /// policies has no word for an address of IPv6.
    pub(crate) fn as_source(&self) -> String {
        match self.0.host() {
            Some(Host::Ipv6(_)) => format!("{}:", self.0.scheme()),
            _ => self.origin(),
        }
    }
}

impl fmt::Display for Barred {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoAddress => f.write_str("it is no http address"),
            Self::Credentials => f.write_str("it carries a user or a password"),
            Self::Host(host) => {
                write!(f, "{host} is not this machine and was not allowed: start with --allow-host {host}")
            }
        }
    }
}

/// Posts to what may be posted to: no redirect, no proxy, no second try.
#[derive(Debug, Default)]
pub(crate) struct Poster {
    /// Made when it is first needed: not every sandbox sends something.
    http: OnceLock<Option<reqwest::Client>>,
}

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(5);

impl Poster {
    /// Posts JSON: the status of the answer, or in a few words why there is none.
    pub(crate) async fn post(&self, target: &Target, json: String) -> Result<StatusCode, &'static str> {
        let http = self.http.get_or_init(client).as_ref().ok_or("no client")?;
        let request = http.post(target.as_str()).header("content-type", "application/json; charset=utf-8").body(json);
        request.send().await.map(|answer| answer.status()).map_err(|error| in_words(&error))
    }
}

fn client() -> Option<reqwest::Client> {
    let loopback = [SocketAddr::from((Ipv4Addr::LOCALHOST, 0)), SocketAddr::from((Ipv6Addr::LOCALHOST, 0))];
    let http = reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).timeout(PATIENCE);
    http.resolve_to_addrs(LOCALHOST, &loopback).build().ok()
}

/// Without the address, which may hold a secret.
fn in_words(error: &reqwest::Error) -> &'static str {
    if error.is_timeout() {
        "no answer in time"
    } else if error.is_connect() {
        "not connected"
    } else {
        "cut off"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reach(address: &str) -> Result<Target, Barred> {
        Reach::default().target(address)
    }

    #[test]
    fn loopback_is_reached_however_it_is_written() {
        for address in [
            "http://127.0.0.1:8080/back",
            "https://localhost/",
            "http://LOCALHOST:1/",
            "http://[::1]:9/",
            "http://127.1/",
        ] {
            assert!(reach(address).is_ok(), "{address}");
        }
    }

    #[test]
    fn nothing_else_is_reached_however_it_is_written() {
        for address in [
            "https://domain.com/callback",
            "http://localhost.evil.example/",
            "http://127.0.0.1.evil.example/",
            "http://evil.example\\@127.0.0.1/",
            "http://0.0.0.0/",
            "http://10.0.0.1/",
            "http://[::ffff:10.0.0.1]/",
            "//127.0.0.1/",
            "javascript:alert(1)",
            "file:///etc/passwd",
            "http://user:hush@127.0.0.1/",
            "",
        ] {
            assert!(reach(address).is_err(), "{address}");
        }
        let barred = reach("http://user:hush@127.0.0.1/").expect_err("barred").to_string();
        assert!(!barred.contains("hush"), "{barred}");
    }

    #[test]
    fn a_host_that_was_allowed_is_reached_and_its_neighbours_are_not() {
        let reach = Reach::new(&["Shop.Example".to_owned()]);
        assert!(reach.target("https://shop.example/back").is_ok());
        for host in ["a.shop.example", "shop.example.evil.example", "evil.example"] {
            let barred = reach.target(&format!("https://{host}/")).expect_err("barred");
            assert_eq!(barred, Barred::Host(host.to_owned()));
        }
    }

    #[test]
    fn a_log_and_a_policy_have_the_origin_alone() {
        let target = reach("http://127.0.0.1:81/a;b?token=hush").expect("a target");
        assert_eq!(
            (target.origin().as_str(), target.as_source().as_str()),
            ("http://127.0.0.1:81", "http://127.0.0.1:81")
        );
        assert_eq!(reach("http://[::1]:81/").expect("a target").as_source(), "http:");
    }
}
