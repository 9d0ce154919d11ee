//! Nothing is sent to a server that cannot prove who it is, and a proxy on the way sees where a call goes and no more.

use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex};

use paywall_api::payments::Start3dPayment;
use paywall_api::{Client, ClientBuilder, Credentials, Error, ErrorKind, Outcome};
use paywall_sandbox::{Keys, Options, Running, Sandbox};

use crate::authority::{Authority, HERE};
use crate::leaks::told;
use crate::relay::Relay;
use crate::{operations, payloads, server};

/// Makes every call once, none of which may get anywhere, and notes what went wrong.
async fn refused(builder: ClientBuilder) -> Vec<Error> {
    refused_for(builder, ErrorKind::Connect).await
}

/// The same, by whose certificate nobody knows.
async fn untrusted(builder: ClientBuilder, why: &str) {
    for error in refused_for(builder.retries(2), ErrorKind::Certificate).await {
        assert!(error.is_certificate_untrusted() && !error.is_connect() && !error.may_be_made_again());
        assert!(error.to_string().contains(why), "{error}");
    }
}

async fn refused_for(builder: ClientBuilder, kind: ErrorKind) -> Vec<Error> {
    let unknown = Arc::new(Mutex::new(Vec::new()));
    let note = Arc::clone(&unknown);
    let builder = if kind == ErrorKind::Connect { builder.retries(0) } else { builder };
    let builder = builder.on_unknown(move |unknown| note.lock().expect("told").push(unknown.clone()));
    let client = builder.build().expect("a client");
    let mut errors = Vec::new();
    for operation in operations::all() {
        let error = (operation.send)(client.clone()).await.expect_err("no connection");
        assert_eq!((error.kind(), error.outcome()), (kind, Outcome::NotSent), "{error:?}");
        assert_eq!(error.attempts(), 1);
        errors.push(error);
    }
    assert!(unknown.lock().expect("told").is_empty(), "what was not sent is not unknown");
    errors
}

fn assert_untouched(server: &Running) {
    assert!(server.connections() > 0, "nobody called, so that this proves nothing");
    assert!(server.received().is_empty(), "{} received a request", server.address());
}

#[tokio::test]
async fn a_certificate_that_nobody_vouches_for_gets_nothing() {
    let (authority, other) = (Authority::new("of the server"), Authority::new("of the client"));
    let server = authority.start(HERE);
    let why = "is not trusted: nobody whom this machine trusts has issued it";
    untrusted(server::builder(&server), why).await;
    untrusted(server::builder(&server).root_certificate_pem(other.pem()), why).await;
    assert_untouched(&server);
}

#[tokio::test]
async fn a_certificate_for_another_name_gets_nothing() {
    let authority = Authority::new("trusted");
    for name in ["paywall.example", "127.0.0.2", "localhost"] {
        let server = authority.start(name);
        untrusted(server::builder(&server).root_certificate_pem(authority.pem()), "it is for another name").await;
        assert_untouched(&server);
    }
}

#[tokio::test]
async fn a_certificate_that_has_expired_gets_nothing() {
    let authority = Authority::new("trusted");
    let server = Sandbox::start(authority.once_vouched_for(HERE, Options::default())).expect("a local Paywall");
    untrusted(server::builder(&server).root_certificate_pem(authority.pem()), "it has expired").await;
    assert_untouched(&server);
}

#[tokio::test]
async fn a_server_that_answers_a_handshake_in_plain_http_gets_nothing() {
    let server = server::start();
    refused(server::builder_at(format!("https://{}", server.address()))).await;
    assert_untouched(&server);
}

#[tokio::test]
async fn a_root_certificate_makes_every_call_work() {
    let (authority, other) = (Authority::new("of the server"), Authority::new("of something else"));
    let server = authority.start(HERE);
    let both = format!("{}{}", other.pem(), authority.pem());
    for builder in [
        server::builder(&server).root_certificate_pem(authority.pem()),
        server::builder(&server).root_certificate_pem(other.pem()).root_certificate_pem(authority.pem()),
        server::builder(&server).root_certificate_pem(both),
    ] {
        let client = builder.build().expect("a client");
        for operation in operations::all() {
            (operation.send)(client.clone()).await.unwrap_or_else(|error| panic!("{error:?}"));
        }
        assert_eq!(server.take_received().len(), operations::all().len());
    }
}

#[tokio::test]
async fn a_certificate_for_a_name_is_checked_by_that_name() {
    let authority = Authority::new("trusted");
    let server = authority.start("localhost");
    let builder = server::builder_at(format!("https://localhost:{}", server.address().port()));
    let client = builder.root_certificate_pem(authority.pem()).build().expect("a client");
    client.payments().start_3d(&payloads::request::<Start3dPayment>()).await.expect("started");
}

#[test]
fn the_blocking_client_trusts_whom_it_should_and_nobody_else() {
    let authority = Authority::new("trusted");
    let server = authority.start(HERE);
    let request = payloads::request::<Start3dPayment>();
    let careful = server::builder(&server).retries(0).build_blocking().expect("a client");
    let error = careful.payments().start_3d(&request).send().expect_err("not trusted");
    assert_eq!((error.kind(), error.outcome()), (ErrorKind::Certificate, Outcome::NotSent));
    assert_untouched(&server);
    let client = server::builder(&server).root_certificate_pem(authority.pem()).build_blocking().expect("a client");
    client.payments().start_3d(&request).send().expect("started");
    assert_eq!(server.received().len(), 1);
}

/// What a proxy is told to let somebody through, and how that looks on the wire.
const USER: &str = "planted-user";
const PASSWORD: &str = "planted-password";
const AUTHORISATION: &str = "cGxhbnRlZC11c2VyOnBsYW50ZWQtcGFzc3dvcmQ=";

fn with_password(proxy: &Relay) -> String {
    format!("http://{USER}:{PASSWORD}@{}", proxy.address())
}

/// No error tells how to get through the proxy.
fn assert_no_password(errors: &[Error]) {
    for error in errors {
        let told = told(error);
        for secret in [USER, PASSWORD, AUTHORISATION] {
            assert!(!told.contains(secret), "an error shows what the proxy is told:\n{told}");
        }
    }
}

/// A local Paywall with keys that occur nowhere by chance, and a client of it that trusts it.
fn with_keys(authority: &Authority) -> (Running, ClientBuilder) {
    let keys = || Keys::new("planted-key", "planted-client");
    let options = Options::default().keys("public", keys()).keys("private", keys());
    let server = Sandbox::start(authority.vouch_for(HERE, options)).expect("a local Paywall");
    let credentials = || Credentials::new("planted-key", "planted-client");
    let builder = Client::builder_at(server.base_address()).public_keys(credentials()).private_keys(credentials());
    (server, builder.root_certificate_pem(authority.pem()))
}

#[tokio::test]
async fn a_proxy_sees_where_calls_go_and_neither_keys_nor_cards() {
    let (proxy, authority) = (Relay::proxy().await, Authority::new("trusted"));
    let (server, builder) = with_keys(&authority);
    let client = builder.proxy(with_password(&proxy)).build().expect("a client");
    for operation in operations::all() {
        (operation.send)(client.clone()).await.unwrap_or_else(|error| panic!("{error:?}"));
    }
    let received = server.received();
    assert_eq!(received.len(), operations::all().len());
    let heads = proxy.heads();
    // One connection serves all that only ask; whatever does something has one of its own.
    let own = operations::all().iter().filter(|operation| operation.own_connection).count();
    let connections = own + 1;
    assert!(own > 0 && connections < operations::all().len());
    assert_eq!((heads.len(), proxy.connections(), server.connections()), (connections, connections, connections));
    assert!(heads[0].starts_with(&format!("CONNECT {} HTTP/1.1\r\n", server.address())), "{}", heads[0]);
    assert!(heads[0].contains(AUTHORISATION), "the proxy was not told its password");
    let seen = format!("{}{}", heads[0], String::from_utf8_lossy(&proxy.passed()));
    assert_eq!(proxy.passed().first(), Some(&0x16), "what follows is no handshake of TLS");
    for secret in ["planted-key", "planted-client", "apikey", "5528790000000008", "Number", "POST"] {
        assert!(!seen.contains(secret), "the proxy saw {secret}");
    }
    for (header, value) in received.iter().flat_map(|one| &one.headers) {
        assert!(!value.contains(AUTHORISATION), "the server was told the password of the proxy in {header}");
    }
}

#[tokio::test]
async fn a_proxy_that_lets_nobody_through_gets_nothing_and_its_password_is_not_told() {
    let authority = Authority::new("trusted");
    for answer in [
        "HTTP/1.1 407 Proxy Authentication Required\r\nproxy-authenticate: Basic realm=\"planted-user\"\r\n\r\n",
        "HTTP/1.1 502 Bad Gateway\r\ncontent-length: 0\r\n\r\n",
        "HTTP/1.1 302 Found\r\nlocation: http://planted-user:planted-password@127.0.0.1:1/\r\n\r\n",
        "HTTP/1.1 200 OK\r\n\r\n",
        "HTTP/1.1 200 OK\r\n\r\nHTTP/1.1 200 OK\r\n\r\nplanted-password",
        "planted-password\r\n\r\n",
        "",
    ] {
        let proxy = Relay::proxy_that_answers(answer).await;
        let (server, builder) = with_keys(&authority);
        let errors = refused(builder.proxy(with_password(&proxy))).await;
        assert_no_password(&errors);
        assert_eq!(proxy.heads().len(), operations::all().len(), "each call asks the proxy");
        assert!(proxy.heads().concat().contains(AUTHORISATION));
        assert_eq!(server.connections(), 0, "a call went past the proxy");
    }
}

#[tokio::test]
async fn a_proxy_that_is_not_there_gets_nothing_and_its_password_is_not_told() {
    let authority = Authority::new("trusted");
    let (server, builder) = with_keys(&authority);
    let listener = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
    let nobody = listener.local_addr().expect("an address");
    drop(listener);
    assert_no_password(&refused(builder.proxy(format!("http://{USER}:{PASSWORD}@{nobody}"))).await);
    assert_eq!(server.connections(), 0, "a call went past the proxy");
}

/// A proxy that hands calls to a server of its own is found out by that server's certificate.
#[tokio::test]
async fn a_proxy_that_reads_along_gets_nothing() {
    let proxy = Relay::proxy().await;
    let (theirs, ours) = (Authority::new("of the proxy"), Authority::new("trusted"));
    let server = theirs.start(HERE);
    let builder = server::builder(&server).root_certificate_pem(ours.pem());
    assert_no_password(&refused_for(builder.proxy(with_password(&proxy)), ErrorKind::Certificate).await);
    assert_untouched(&server);
    assert!(proxy.connections() > 0);
}

#[tokio::test]
async fn plain_http_to_this_machine_takes_no_proxy() {
    let (proxy, server) = (Relay::proxy().await, server::start());
    let client = server::builder(&server).proxy(with_password(&proxy)).build().expect("a client");
    for operation in operations::all() {
        (operation.send)(client.clone()).await.unwrap_or_else(|error| panic!("{error:?}"));
    }
    assert_eq!(server.received().len(), operations::all().len());
    assert_eq!(proxy.connections(), 0);
}

#[test]
fn a_proxy_that_cannot_be_used_is_refused_and_not_shown() {
    for address in ["http://planted-user:planted-password@", "planted-password planted-user", "//planted-password@x:y"]
    {
        let error = Client::builder_at("https://127.0.0.1:1").proxy(address).build().expect_err(address);
        let shown = format!("{error} {error:?}");
        assert!(!shown.contains("planted"), "{shown}");
    }
}
