//! What may be chosen about a client, and what is chosen if nothing is said?

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::base::Base;
use crate::client::{Addresses, Place, Shared};
use crate::transport::{Connections, Proxy, Transport};
use crate::watch::OnUnknown;
use crate::{Api, BuildError, Client, Credentials, Environment, KeyPair, Keys, Secret, UnknownCall};

/// Describes a [`Client`].
#[must_use = "a builder does nothing until it is built"]
pub struct ClientBuilder {
    place: Asked,
    exceptions: Vec<(&'static str, String)>,
    plain_hosts: Vec<String>,
    keys: Keys,
    connections: Connections,
    deadline: Duration,
    retries: u32,
    report_violations: bool,
    on_unknown: Option<OnUnknown>,
}

impl ClientBuilder {
    const DEADLINE: Duration = Duration::from_secs(100);

    pub(crate) fn new(place: Asked) -> Self {
        Self {
            place,
            exceptions: Vec::new(),
            plain_hosts: Vec::new(),
            keys: Keys::new(),
            connections: Connections {
                connect_timeout: Duration::from_secs(10),
                max_idle: 16,
                max_response_bytes: 4 * 1024 * 1024,
                proxy: Proxy::Environment,
                root_certificates: Vec::new(),
            },
            deadline: Self::DEADLINE,
            retries: 2,
            report_violations: false,
            on_unknown: None,
        }
    }

    /// The public key pair.
    pub fn public_keys(mut self, credentials: Credentials) -> Self {
        self.keys = self.keys.public(credentials);
        self
    }

    /// The private key pair.
    pub fn private_keys(mut self, credentials: Credentials) -> Self {
        self.keys = self.keys.private(credentials);
        self
    }

    /// Any key pair of a contract.
    pub fn keys(mut self, pair: &'static KeyPair, credentials: Credentials) -> Self {
        self.keys = self.keys.pair(pair, credentials);
        self
    }

    /// Another base address for one API: https, or plain http to this machine.
    pub fn base_address(mut self, api: &'static Api, base_address: impl Into<String>) -> Self {
        self.exceptions.push((api.name(), base_address.into()));
        self
    }

    /// Allows plain http to `host`, for a sandbox in a container. Whoever can read that network reads keys and cards.
    pub fn allow_plain_http_to(mut self, host: impl Into<String>) -> Self {
        self.plain_hosts.push(host.into());
        self
    }

    /// Bounds every call, retries and reading included. 100 s if nothing is said: the vendor's own .NET client waits
    /// as long, Paywall may try several banks before it answers, and giving up early turns an order that was paid
    /// into an inquiry.
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = deadline;
        self
    }

    /// Bounds the making of a connection, TLS included. 10 s if nothing is said.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connections.connect_timeout = timeout;
        self
    }

    /// Sends https through this proxy, instead of what the environment says. Plain http never takes a proxy.
    ///
    /// Defaults to the proxy that the environment names: `HTTPS_PROXY`, or else `ALL_PROXY`, upper case first, but for
    /// the hosts in `NO_PROXY` and for this machine (`localhost`, `127.0.0.0/8`, `::1`), whose calls go straight. A proxy
    /// that is given here is taken for this machine as well.
    pub fn proxy(mut self, address: impl Into<Secret>) -> Self {
        self.connections.proxy = Proxy::Through(address.into());
        self
    }

    /// Sends https straight, whatever the environment says.
    pub fn no_proxy(mut self) -> Self {
        self.connections.proxy = Proxy::None;
        self
    }

    /// Trusts these certificates (PEM) too, beside those of the platform.
    pub fn root_certificate_pem(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.connections.root_certificates.push(pem.into());
        self
    }

    /// Keeps at most this many unused connections a host, for operations that only ask. Defaults to 16; each is closed
    /// after 20 s.
    ///
    /// Whatever does more than ask, and every inquiry that resolves or confirms a payment, has a connection of its own
    /// ([`Operation::OWN_CONNECTION`](crate::Operation::OWN_CONNECTION)). It costs one handshake and rules out that an
    /// answer too many to an earlier request is taken for the answer to this one.
    pub fn max_idle_connections(mut self, connections: usize) -> Self {
        self.connections.max_idle = connections;
        self
    }

    /// Reads at most this much of an answer. 4 MiB if nothing is said.
    pub fn max_response_bytes(mut self, bytes: usize) -> Self {
        self.connections.max_response_bytes = bytes;
        self
    }

    /// Sends at most this often again, where that is safe ([`Retry`](crate::Retry)). Twice if nothing is said.
    pub fn retries(mut self, most: u32) -> Self {
        self.retries = most;
        self
    }

    /// Sends requests even if they break a documented rule, and reports the rule with the answer: a bound in a
    /// document may be out of date.
    pub fn report_violations(mut self) -> Self {
        self.report_violations = true;
        self
    }

    /// Is told of every call that created, changed or paid something and whose outcome is unknown, also when the
    /// call's future was dropped half-way and nobody waits for it any more.
    ///
    /// It runs where the call ended, so it should only note the [`UnknownCall`] down. A panic in it is caught.
    pub fn on_unknown(mut self, report: impl Fn(&UnknownCall) + Send + Sync + 'static) -> Self {
        self.on_unknown = Some(Arc::new(report));
        self
    }

    /// The client.
    ///
    /// # Errors
    ///
    /// Where an address, a key, the proxy, a variable that names one or a certificate cannot be used, or https is asked for and neither feature
    /// `rustls` nor `native-tls` is on.
    pub fn build(self) -> Result<Client, BuildError> {
        self.keys.check()?;
        let addresses = self.addresses()?;
        let shared = Shared {
            transport: Transport::new(&self.connections, addresses.need_plain(), addresses.need_tls())?,
            addresses,
            deadline: self.deadline,
            retries: self.retries,
            report_violations: self.report_violations,
            on_unknown: self.on_unknown,
        };
        Ok(Client::new(shared, self.keys))
    }

    fn addresses(&self) -> Result<Addresses, BuildError> {
        let base = |address: &str| Base::parse(address, &self.plain_hosts).map_err(BuildError::new);
        let place = match &self.place {
            Asked::Environment(environment) => Place::Environment(*environment),
            Asked::At(address) => Place::At(base(address)?),
        };
        // What was said last counts, and is found first.
        let exceptions = self.exceptions.iter().rev().map(|(api, address)| Ok((*api, base(address)?)));
        Ok(Addresses { place, exceptions: exceptions.collect::<Result<_, BuildError>>()? })
    }
}

/// Shows neither keys nor the addresses, which may hold a password until they are checked.
impl fmt::Debug for ClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientBuilder")
            .field("keys", &self.keys)
            .field("deadline", &self.deadline)
            .field("retries", &self.retries)
            .finish_non_exhaustive()
    }
}

/// Where the client shall go, as it was asked for.
pub(crate) enum Asked {
    Environment(Environment),
    At(String),
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Operation;

    static PAYMENT: Api = Api::new("payment", &[("test", "https://test.example")]);
    static CARD: Api = Api::new("card", &[("test", "https://card.example")]);

    fn refused(builder: ClientBuilder) -> String {
        let error = builder.build().expect_err("refused");
        format!("{error} {error:?}")
    }

    #[test]
    fn what_cannot_be_used_is_refused_and_not_shown() {
        let keys = || Credentials::new("hush\n", "client");
        for builder in [
            Client::builder_at("http://127.0.0.1:1").public_keys(keys()),
            Client::builder_at("http://paywall.example"),
            Client::builder_at("https://user:hush@paywall.example"),
            Client::builder_at("http://127.0.0.1:1").base_address(&CARD, "http://hush.invalid"),
            Client::builder(Environment::Test).proxy("hush hush"),
            Client::builder(Environment::Test).root_certificate_pem("hush"),
        ] {
            let shown = format!("{builder:?}");
            let shown = shown + &refused(builder).replace("hush.invalid", "");
            assert!(!shown.contains("hush"), "{shown}");
        }
    }

    #[cfg(not(any(feature = "rustls", feature = "native-tls")))]
    #[test]
    fn https_without_a_tls_feature_is_said_when_building() {
        let found = refused(Client::builder(Environment::Test));
        assert!(found.contains("https needs the feature rustls or native-tls of paywall-api"), "{found}");
    }

    #[test]
    fn plain_http_alone_needs_no_tls() {
        assert!(Client::builder_at("http://127.0.0.1:1").build().is_ok());
        assert!(Client::builder_at("http://sandbox").allow_plain_http_to("sandbox").build().is_ok());
    }

    #[test]
    fn the_last_address_of_an_api_counts() {
        let builder = Client::builder_at("http://127.0.0.1:1")
            .base_address(&CARD, "http://127.0.0.1:2")
            .base_address(&CARD, "http://127.0.0.1:3");
        let client = builder.build().expect("client");
        let base = |api| client.shared().addresses.of(api).map(|base| base.join("/x"));
        assert_eq!(base(&CARD), Ok(Some("http://127.0.0.1:3/x".to_owned())));
        assert_eq!(base(&PAYMENT), Ok(Some("http://127.0.0.1:1/x".to_owned())));
    }

    #[cfg(any(feature = "rustls", feature = "native-tls"))]
    #[test]
    fn an_address_that_is_not_published_is_said_with_the_way_to_give_it() {
        let client = Client::builder(Environment::Turkiye).build().expect("client");
        let found = client.shared().addresses.of(&CARD).expect_err("not published");
        assert_eq!(
            found,
            "no address of the api card is published for turkiye: give it with ClientBuilder::base_address"
        );
    }

    #[test]
    fn a_client_of_another_merchant_has_its_keys_alone() {
        let client = Client::builder_at("http://127.0.0.1:1").private_keys(Credentials::new("a", "b"));
        let client = client.build().expect("client");
        let other = client.with_keys(Keys::new().public(Credentials::new("c", "d"))).expect("client");
        assert!(format!("{client:?}").contains(r#"["private"]"#));
        assert!(format!("{other:?}").contains(r#"["public"]"#));
    }

    #[test]
    fn clients_and_calls_go_between_threads() {
        fn sendable<T: Send + Sync>() {}
        fn movable<T: Send>(_: &T) {}
        fn every<O: Operation>(client: &Client, request: &O::Request) {
            movable(&client.call::<O>(request).into_future());
        }
        sendable::<Client>();
        sendable::<crate::Error>();
        sendable::<BuildError>();
        let _ = every::<crate::masterpass::CreateMasterpassSession>;
    }
}
