//! Certificates that are not trusted, as the TLS libraries say so.

use std::error::Error;

/// Returns why the other side's certificate is not trusted, if that is what a failed connection is about.
pub(crate) fn why(error: &(dyn Error + 'static)) -> Option<&'static str> {
    let mut next = Some(error);
    while let Some(error) = next {
        let why = said_by_rustls(error).or_else(|| said_by_the_platform(error));
        if why.is_some() {
            return why;
        }
        // The source of an i/o error is that of what it wraps.
        let wrapped = error.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
        next = wrapped.map(|wrapped| wrapped as &(dyn Error + 'static)).or_else(|| error.source());
    }
    None
}

#[cfg(feature = "rustls")]
fn said_by_rustls(error: &(dyn Error + 'static)) -> Option<&'static str> {
    use rustls::CertificateError as Why;

    match error.downcast_ref::<rustls::Error>()? {
        rustls::Error::NoCertificatesPresented => Some("it has none"),
        rustls::Error::InvalidCertificate(why) => Some(match why {
            Why::Expired | Why::ExpiredContext { .. } => "it has expired",
            Why::NotValidYet | Why::NotValidYetContext { .. } => "it is not valid yet",
            Why::NotValidForName | Why::NotValidForNameContext { .. } => "it is for another name",
            Why::UnknownIssuer => "nobody whom this machine trusts has issued it",
            Why::Revoked => "it has been revoked",
            _ => "it is not valid",
        }),
        _ => None,
    }
}

#[cfg(not(feature = "rustls"))]
fn said_by_rustls(_: &(dyn Error + 'static)) -> Option<&'static str> {
    None
}

/// The platform's libraries have no type in common, and their words differ: all say what it is about.
#[cfg(all(feature = "native-tls", not(feature = "rustls")))]
fn said_by_the_platform(error: &(dyn Error + 'static)) -> Option<&'static str> {
    error.to_string().to_lowercase().contains("certificate").then_some("the platform refuses it")
}

#[cfg(not(all(feature = "native-tls", not(feature = "rustls"))))]
fn said_by_the_platform(_: &(dyn Error + 'static)) -> Option<&'static str> {
    None
}
