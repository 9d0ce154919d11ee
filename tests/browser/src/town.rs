//! Where does a test take place? In a town with one bank and one shop, which are two sites to a browser.

use std::net::SocketAddr;
use std::time::Duration;

use paywall_api::payments::QueryPaymentRequest;
use paywall_api::tokens::CreateTempTokenRequest;
use paywall_api::{Client, Credentials, Standing};
use paywall_checkout::{Patience, Shop};
use paywall_sandbox::{Options, Running, Sandbox};
use tokio::net::TcpListener;
use url::Url;

/// The key that the bank signs callbacks with.
pub(crate) const HASH_KEY: &str = "the key of the panel";

/// A bank and a shop.
#[derive(Debug)]
pub(crate) struct Town {
    pub(crate) bank: Running,
    pub(crate) shop: Url,
    client: Client,
}

impl Town {
    pub(crate) async fn open() -> Self {
        Self::with(Options::default()).await
    }

    pub(crate) async fn with(options: Options) -> Self {
        Self::build(options, None).await
    }

    /// One whose shop expects its bank's pages at this address, where they are not.
    pub(crate) async fn whose_bank_is_expected_at(address: &str) -> Self {
        Self::build(Options::default(), Some(Url::parse(address).expect("an address"))).await
    }

    async fn build(options: Options, expected: Option<Url>) -> Self {
        let options = options.stateful().hash_key(1, HASH_KEY).pending(Duration::from_secs(1));
        let bank = Sandbox::start(options).expect("a sandbox");
        let client = client(&bank);
        let at_bank = expected.unwrap_or_else(|| Url::parse(&bank.base_address()).expect("an address"));
        let shop = serve(at_bank, client.clone()).await;
        Self { bank, shop, client }
    }

    /// How many payments the shop has sent, whatever became of them.
    pub(crate) fn payments(&self) -> usize {
        let pays = ["start3dPayment", "initMasterpassPayment"];
        let received = self.bank.received();
        received.iter().filter(|request| request.operation.as_deref().is_some_and(|name| pays.contains(&name))).count()
    }

    /// What the shop's server gives to a page, so that it can leave a card at Paywall.
    pub(crate) async fn temp_token(&self, request: &CreateTempTokenRequest) -> String {
        let issued = self.client.tokens().create_temp_token(request).await.expect("a token");
        issued.token.expose().to_owned()
    }

    /// How a payment stands at Paywall; nothing where it knows none.
    pub(crate) async fn standing(&self, code: &str) -> Option<Standing> {
        let request = QueryPaymentRequest::new(code);
        let found = self.client.payments().query(&request).await.ok()?.paywall?;
        Some(found.standing())
    }
}

fn client(bank: &Running) -> Client {
    let keys = || Credentials::new("k", "c");
    let client = Client::builder_at(bank.base_address()).public_keys(keys()).private_keys(keys());
    client.deadline(Duration::from_secs(10)).build().expect("a client")
}

/// `localhost` and `127.0.0.1` are two sites: cookies of the one do not travel in a form of the other.
async fn serve(at_bank: Url, client: Client) -> Url {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a socket");
    let port = listener.local_addr().expect("an address").port();
    let address = Url::parse(&format!("http://localhost:{port}/")).expect("an address");
    let shop = Shop::new(client, address.clone(), at_bank).hash_key(HASH_KEY.into()).patience(patience());
    let service = shop.router().into_make_service_with_connect_info::<SocketAddr>();
    tokio::spawn(async move { axum::serve(listener, service).await });
    address
}

fn patience() -> Patience {
    Patience {
        at_the_counter: Duration::from_secs(1),
        waits: (Duration::from_millis(100), Duration::from_secs(1)),
        in_the_back: Duration::from_secs(60),
        gone_after: Duration::from_secs(2),
    }
}
