//! How is Paywall reached? One client for an environment, cheap to clone, serving one merchant or several.

use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use crate::base::Base;
use crate::builder::{Asked, ClientBuilder};
use crate::transport::Transport;
use crate::watch::OnUnknown;
use crate::{Api, BuildError, Call, Environment, Keys, Operation};

/// A client of Paywall.
///
/// Clones share connections and keys. It needs a Tokio runtime with time and I/O enabled; `blocking::Client` (feature
/// `blocking`) brings its own.
///
/// ```
/// use paywall_api::{Client, Credentials, Environment};
///
/// # #[cfg(any(feature = "rustls", feature = "native-tls"))]
/// let paywall = Client::builder(Environment::Test)
///     .public_keys(Credentials::new("public key", "public client"))
///     .private_keys(Credentials::new("private key", "private client"))
///     .build()?;
/// # Ok::<(), paywall_api::BuildError>(())
/// ```
#[derive(Clone)]
pub struct Client {
    shared: Arc<Shared>,
    keys: Arc<RwLock<Arc<Keys>>>,
}

/// What clients of several merchants share.
pub(crate) struct Shared {
    pub(crate) transport: Transport,
    pub(crate) addresses: Addresses,
    pub(crate) deadline: Duration,
    pub(crate) retries: u32,
    pub(crate) report_violations: bool,
    pub(crate) on_unknown: Option<OnUnknown>,
}

impl Client {
    /// A client of Paywall's published hosts.
    pub fn builder(environment: Environment) -> ClientBuilder {
        ClientBuilder::new(Asked::Environment(environment))
    }

    /// A client of one base address for all APIs: a sandbox, a gateway of the merchant's own.
    ///
    /// It must be https, or plain http to this machine
    /// (see [`allow_plain_http_to`](ClientBuilder::allow_plain_http_to)).
    pub fn builder_at(base_address: impl Into<String>) -> ClientBuilder {
        ClientBuilder::new(Asked::At(base_address.into()))
    }

    pub(crate) fn new(shared: Shared, keys: Keys) -> Self {
        Self { shared: Arc::new(shared), keys: Arc::new(RwLock::new(Arc::new(keys))) }
    }

    /// A client for another merchant, over the same connections. It has these keys and no others.
    ///
    /// # Errors
    ///
    /// Where a key cannot be a header.
    pub fn with_keys(&self, keys: Keys) -> Result<Self, BuildError> {
        keys.check()?;
        Ok(Self { shared: Arc::clone(&self.shared), keys: Arc::new(RwLock::new(Arc::new(keys))) })
    }

    /// Replaces all keys of this client and its clones, from the next request on.
    ///
    /// # Errors
    ///
    /// Where a key cannot be a header; the old keys stay.
    pub fn replace_keys(&self, keys: Keys) -> Result<(), BuildError> {
        keys.check()?;
        *self.keys.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(keys);
        Ok(())
    }

    /// Prepares a call of any [`Operation`]; the services of this client do so for Paywall's own.
    pub fn call<'a, O: Operation>(&'a self, request: &'a O::Request) -> Call<'a, O> {
        Call::new(self, request)
    }

    pub(crate) fn keys(&self) -> Arc<Keys> {
        Arc::clone(&self.keys.read().unwrap_or_else(PoisonError::into_inner))
    }

    pub(crate) fn shared(&self) -> &Shared {
        &self.shared
    }
}

/// Shows where it goes and which keys it has, not the keys.
impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("place", &self.shared.addresses.place)
            .field("keys", &self.keys())
            .finish_non_exhaustive()
    }
}

/// The base address of every API.
pub(crate) struct Addresses {
    pub(crate) place: Place,
    pub(crate) exceptions: Vec<(&'static str, Base)>,
}

/// Where the APIs are that have no address of their own.
#[derive(Debug)]
pub(crate) enum Place {
    Environment(Environment),
    At(Base),
}

impl Addresses {
    pub(crate) fn of(&self, api: &Api) -> Result<Base, String> {
        if let Some((_, base)) = self.exceptions.iter().find(|(name, _)| *name == api.name()) {
            return Ok(base.clone());
        }
        match &self.place {
            Place::At(base) => Ok(base.clone()),
            Place::Environment(environment) => match api.base(*environment) {
                Some(address) => Base::parse(address, &[]),
                None => Err(format!(
                    "no address of the api {} is published for {environment}: give it with ClientBuilder::base_address",
                    api.name()
                )),
            },
        }
    }

    /// Is anything to be reached by plain http?
    pub(crate) fn need_plain(&self) -> bool {
        self.bases().any(|base| !base.is_tls())
    }

    /// Is anything to be reached by https? Paywall's published hosts all are.
    pub(crate) fn need_tls(&self) -> bool {
        matches!(self.place, Place::Environment(_)) || self.bases().any(Base::is_tls)
    }

    fn bases(&self) -> impl Iterator<Item = &Base> {
        let whole = match &self.place {
            Place::At(base) => Some(base),
            Place::Environment(_) => None,
        };
        whole.into_iter().chain(self.exceptions.iter().map(|(_, base)| base))
    }
}
