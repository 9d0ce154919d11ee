//! The paths that an address in captured traffic can mean, however a tool has written it.

use percent_encoding::percent_decode_str;
use url::Url;

/// A stand-in for the host of an address that has none.
const BASE: &str = "http://relative.invalid/";

/// The paths that an address may mean, the likeliest first: whole, without its scheme, without its host, or with too many
/// slashes.
pub(crate) fn paths(address: &str) -> Vec<String> {
    let address = address.trim();
    let Ok(base) = Url::parse(BASE) else { return Vec::new() };
    let mut paths = Vec::new();
    match Url::parse(address) {
        Ok(url) if url.has_host() => paths.push(url.path().to_owned()),
        // `shop.example:8443/path` is read as if `shop.example` were a scheme.
        Ok(url) => paths.push(without_first(url.path()).to_owned()),
        Err(_) => {
            let joined = base.join(address).map(|url| url.path().to_owned()).unwrap_or_default();
            // Behind two slashes stands a host, or one slash is too many.
            let slashed =
                base.join(address.trim_start_matches('/')).map(|url| url.path().to_owned()).unwrap_or_default();
            paths.push(without_first(&slashed).to_owned());
            paths.extend([slashed, joined]);
        }
    }
    paths
}

/// A path without its first part: of an address without a scheme that is its host.
fn without_first(path: &str) -> &str {
    let path = path.trim_start_matches('/');
    path.find('/').map_or("", |at| &path[at..])
}

/// The parts of a path, decoded; nothing stands between two slashes.
pub(crate) fn parts(path: &str) -> impl Iterator<Item = String> {
    let parts = path.split('/').filter(|part| !part.is_empty());
    parts.map(|part| percent_decode_str(part).decode_utf8_lossy().into_owned())
}
