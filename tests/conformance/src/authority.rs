//! A certificate authority of the tests' own, and a local Paywall that shows a certificate of it.

use paywall_sandbox::{Options, Running, Sandbox};
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair};

/// The name in the certificate of a server whose address the tests call.
pub(crate) const HERE: &str = "127.0.0.1";

/// Vouches for servers. Nobody trusts it who was not told to.
pub(crate) struct Authority {
    issuer: Issuer<'static, KeyPair>,
    pem: String,
}

impl Authority {
    pub(crate) fn new(name: &str) -> Self {
        let key = KeyPair::generate().expect("a key");
        let mut parameters = CertificateParams::default();
        parameters.distinguished_name.push(DnType::CommonName, name);
        parameters.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let pem = parameters.self_signed(&key).expect("a certificate").pem();
        Self { issuer: Issuer::new(parameters, key), pem }
    }

    /// Its own certificate.
    pub(crate) fn pem(&self) -> &str {
        &self.pem
    }

    /// A local Paywall whose certificate is for `name`, with the usual keys.
    pub(crate) fn start(&self, name: &str) -> Running {
        Sandbox::start(self.vouch_for(name, Options::default())).expect("a local Paywall")
    }

    /// `options` with a certificate for `name`.
    pub(crate) fn vouch_for(&self, name: &str, options: Options) -> Options {
        self.vouch(&CertificateParams::new([name.to_owned()]).expect("a name"), options)
    }

    /// `options` with a certificate for `name` that has expired.
    pub(crate) fn once_vouched_for(&self, name: &str, options: Options) -> Options {
        let mut parameters = CertificateParams::new([name.to_owned()]).expect("a name");
        parameters.not_before = rcgen::date_time_ymd(2019, 1, 1);
        parameters.not_after = rcgen::date_time_ymd(2020, 1, 1);
        self.vouch(&parameters, options)
    }

    fn vouch(&self, parameters: &CertificateParams, options: Options) -> Options {
        let key = KeyPair::generate().expect("a key");
        let certificate = parameters.signed_by(&key, &self.issuer).expect("a certificate");
        options.tls(certificate.pem(), key.serialize_pem())
    }
}
