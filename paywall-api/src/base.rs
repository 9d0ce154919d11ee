//! Where may keys and cards go? To https, or to this machine, or where the caller says in so many words.

use std::net::IpAddr;

use url::{Host, Url};

/// The address that paths are appended to, checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Base {
    address: String,
    host: String,
    is_tls: bool,
}

impl Base {
    /// Checks `address`; plain http is allowed to loopback and to `plain_hosts`.
    pub(crate) fn parse(address: &str, plain_hosts: &[String]) -> Result<Self, String> {
        let url = Url::parse(address).map_err(|_| "the base address is no url".to_owned())?;
        let host = url.host_str().ok_or("the base address has no host")?.to_owned();
        if !url.username().is_empty() || url.password().is_some() {
            return Err(format!("the base address of {host} has a user or a password in it"));
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err(format!("the base address of {host} has a query or a fragment"));
        }
        let is_tls = is_tls(&url, &host, plain_hosts)?;
        let address = url.as_str().trim_end_matches('/').to_owned();
        Ok(Self { address, host, is_tls })
    }

    /// The address of an operation's path; none for a path that does not begin with a slash or that leads to another
    /// host, which only an operation that a caller wrote can have.
    pub(crate) fn join(&self, path: &str) -> Option<String> {
        let address = format!("{}{path}", self.address);
        let (joined, own) = (Url::parse(&address).ok()?, Url::parse(&self.address).ok()?);
        let same = joined.origin() == own.origin() && joined.username().is_empty() && joined.password().is_none();
        (path.starts_with('/') && same).then_some(address)
    }

    pub(crate) fn host(&self) -> &str {
        &self.host
    }

    pub(crate) fn is_tls(&self) -> bool {
        self.is_tls
    }
}

fn is_tls(url: &Url, host: &str, plain_hosts: &[String]) -> Result<bool, String> {
    match url.scheme() {
        "https" => Ok(true),
        "http" if is_loopback(url) || plain_hosts.iter().any(|plain| plain.eq_ignore_ascii_case(host)) => Ok(false),
        "http" => Err(format!(
            "plain http to {host} would show keys and cards to the network: use https, or \
             ClientBuilder::allow_plain_http_to for a sandbox"
        )),
        _ => Err(format!("the base address of {host} is neither https nor http")),
    }
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => IpAddr::V4(address).is_loopback(),
        Some(Host::Ipv6(address)) => IpAddr::V6(address).is_loopback(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(address: &str) -> Result<Base, String> {
        Base::parse(address, &["sandbox".to_owned()])
    }

    #[test]
    fn https_and_loopback_are_allowed() {
        for address in [
            "https://payment-api.itspaywall.com",
            "http://127.0.0.1:8080",
            "http://127.9.9.9",
            "http://[::1]:80/",
            "http://localhost:1",
            "http://LOCALHOST",
            "http://sandbox:8080/prefix/",
        ] {
            assert!(parse(address).is_ok(), "{address}");
        }
    }

    #[test]
    fn all_else_is_refused_without_quoting_secrets() {
        for address in [
            "http://payment-api.itspaywall.com",
            "http://127.0.0.1.example",
            "http://localhost.example",
            "http://0.0.0.0",
            "http://10.0.0.1",
            "ftp://127.0.0.1",
            "file:///tmp",
            "https://hush:hush@paywall.example",
            "https://hush@paywall.example",
            "https://paywall.example?hush",
            "https://paywall.example#hush",
            "paywall.example",
            "",
        ] {
            let found = parse(address).expect_err(address);
            assert!(!found.contains("hush"), "{found}");
        }
    }

    #[test]
    fn paths_are_appended_to_a_prefix() {
        let base = parse("http://sandbox:8080/prefix/").expect("base");
        assert_eq!(base.join("/api/x").as_deref(), Some("http://sandbox:8080/prefix/api/x"));
        assert_eq!((base.host(), base.is_tls()), ("sandbox", false));
        let base = parse("https://paywall.example").expect("base");
        assert_eq!(base.join("/api/x").as_deref(), Some("https://paywall.example/api/x"));
    }

    #[test]
    fn a_path_never_leads_to_another_host() {
        let base = Base::parse("https://paywall.example", &[]).expect("base");
        for path in [".evil.example/x", "@127.0.0.1:9/x", ":9/x", "", "x", "#/x", "?x"] {
            assert_eq!(base.join(path), None, "{path}");
        }
        assert!(base.join("//evil.example/x").is_some_and(|address| address.starts_with("https://paywall.example//")));
    }
}
