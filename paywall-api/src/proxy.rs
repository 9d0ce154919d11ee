//! Proxies, as the environment names them: those of https alone, and never for this machine.

use std::env;
use std::ffi::OsString;

use crate::BuildError;

/// Of each kind the first that is set counts; the first kind that is not empty.
const NAMES: [[&str; 2]; 2] = [["HTTPS_PROXY", "https_proxy"], ["ALL_PROXY", "all_proxy"]];
const EXCEPTIONS: [&str; 2] = ["NO_PROXY", "no_proxy"];

/// What is never beyond a proxy, whatever `NO_PROXY` says.
const THIS_MACHINE: &str = "localhost,127.0.0.0/8,::1";

/// Returns the proxy that the environment names.
///
/// # Errors
///
/// Where a variable cannot be used: without it, calls would go past the proxy.
pub(crate) fn of_environment() -> Result<Option<reqwest::Proxy>, BuildError> {
    // The variables of a CGI program are headers of a stranger's request.
    if env::var_os("REQUEST_METHOD").is_some() {
        return Ok(None);
    }
    named(|name| env::var_os(name))
}

fn named(variable: impl Fn(&str) -> Option<OsString>) -> Result<Option<reqwest::Proxy>, BuildError> {
    let set = |names: [&'static str; 2]| names.into_iter().find_map(|name| Some((name, variable(name)?)));
    let mut found = None;
    for (name, value) in NAMES.into_iter().filter_map(set) {
        let text = value.to_str().ok_or_else(|| unusable(name))?.trim();
        if !text.is_empty() {
            let proxy = read(text).ok_or_else(|| unusable(name))?;
            found = found.or(Some(proxy));
        }
    }
    let Some((name, exceptions)) = set(EXCEPTIONS) else { return Ok(found.map(|proxy| beside(proxy, ""))) };
    let exceptions = exceptions.to_str().ok_or_else(|| unusable(name))?;
    Ok(found.map(|proxy| beside(proxy, exceptions)))
}

fn beside(proxy: reqwest::Proxy, exceptions: &str) -> reqwest::Proxy {
    proxy.no_proxy(reqwest::NoProxy::from_string(&format!("{exceptions},{THIS_MACHINE}")))
}

/// An address without a scheme is one of http.
fn read(text: &str) -> Option<reqwest::Proxy> {
    let uri: http::Uri = text.parse().ok()?;
    let is_http = uri.scheme_str().is_none_or(|scheme| matches!(scheme, "http" | "https"));
    let address = if uri.scheme().is_some() { text.to_owned() } else { format!("http://{text}") };
    uri.authority().filter(|_| is_http)?;
    reqwest::Proxy::https(&address).ok()
}

fn unusable(name: &str) -> BuildError {
    BuildError::new(format!(
        "the environment variable {name} names no proxy: expected an address such as http://proxy.example:3128; \
         unset it, or choose with ClientBuilder::proxy or ClientBuilder::no_proxy"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named_by(variables: &[(&str, &str)]) -> Result<bool, String> {
        let read = |name: &str| variables.iter().find(|(known, _)| *known == name).map(|(_, value)| value.into());
        named(read).map(|proxy| proxy.is_some()).map_err(|error| format!("{error} {error:?}"))
    }

    #[test]
    fn a_variable_that_names_no_proxy_is_refused_and_not_shown() {
        for name in ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"] {
            for value in
                ["hush hush", "http://", "http://hush:port", "http://hush:99999", "ftp://hush", "socks5://hush:1"]
            {
                let error = named_by(&[(name, value)]).expect_err(value);
                assert!(error.contains(name) && !error.contains("hush"), "{value}: {error}");
            }
        }
        assert!(
            named_by(&[("HTTPS_PROXY", "http://proxy:1"), ("ALL_PROXY", "hush hush")]).is_err(),
            "both are looked at"
        );
    }

    #[test]
    fn what_names_a_proxy_is_used_and_nothing_names_none() {
        for value in ["http://proxy.example:3128", "https://user:password@proxy.example", "127.0.0.1:3128", "proxy"] {
            assert_eq!(named_by(&[("ALL_PROXY", value)]), Ok(true), "{value}");
            assert_eq!(named_by(&[("https_proxy", value), ("NO_PROXY", "*")]), Ok(true), "{value}");
        }
        assert_eq!(named_by(&[]), Ok(false));
        assert_eq!(named_by(&[("HTTPS_PROXY", ""), ("all_proxy", " "), ("http_proxy", "hush hush")]), Ok(false));
    }

    #[cfg(unix)]
    #[test]
    fn a_variable_that_is_no_text_is_refused() {
        use std::os::unix::ffi::OsStringExt as _;

        for name in ["HTTPS_PROXY", "all_proxy", "NO_PROXY"] {
            let read = |asked: &str| (asked == name).then(|| OsString::from_vec(vec![0xff]));
            assert!(named(read).is_err_and(|error| error.to_string().contains(name)));
        }
    }
}
