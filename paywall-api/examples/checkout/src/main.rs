//! `paywall-checkout`: the example shop until ctrl-C.

use std::env::VarError;
use std::net::{Ipv4Addr, SocketAddr};
use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;
use paywall_api::{Client, Credentials, Secret};
use paywall_checkout::Shop;
use tokio::net::{TcpListener, TcpStream};
use url::Url;

/// An example shop: cards with 3-D Secure and Masterpass, against the sandbox.
///
/// It listens on 127.0.0.1 alone. Start the sandbox first: cargo xtask sandbox
#[derive(Parser)]
#[command(name = "paywall-checkout", version, after_help = BELOW)]
struct Arguments {
    /// The port on 127.0.0.1; 0 for any that is free
    #[arg(long, default_value_t = 4748)]
    port: u16,
    /// Where the sandbox is
    #[arg(long, value_name = "URL", default_value = "http://127.0.0.1:4747")]
    sandbox: Url,
}

const BELOW: &str = "\
Keys come from the environment, where other people on this machine cannot read them:
  PAYWALL_PUBLIC_KEY, PAYWALL_PUBLIC_CLIENT, PAYWALL_PRIVATE_KEY, PAYWALL_PRIVATE_CLIENT
                     k and c if nothing is said, as in the sandbox
  PAYWALL_HASH_KEY   the key of callbacks; without one their hash is not expected

The language of a page is that of the browser, or ?lang=en and ?lang=tr.

Exit codes:
  0  stopped by ctrl-C
  1  the server broke off
  2  not started: the command line is wrong, no sandbox answers, a key cannot be used, or the port is taken";

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let (listener, shop) = match open(&arguments).await {
        Ok(opened) => opened,
        Err(message) => {
            eprintln!("error: {message}");
            return ExitCode::from(2);
        }
    };
    let service = shop.router().into_make_service_with_connect_info::<SocketAddr>();
    let served = axum::serve(listener, service).with_graceful_shutdown(stopped()).into_future();
    // Whoever never ends a request is not waited for.
    let waited = async {
        stopped().await;
        tokio::time::sleep(LAST_ANSWERS).await;
        Ok(())
    };
    match tokio::select! { ended = served => ended, ended = waited => ended } {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::from(1)
        }
    }
}

/// So long the last answers may take after ctrl-C.
const LAST_ANSWERS: Duration = Duration::from_secs(5);

async fn stopped() {
    tokio::signal::ctrl_c().await.unwrap_or_default();
}

async fn open(arguments: &Arguments) -> Result<(TcpListener, Shop), String> {
    let sandbox = &arguments.sandbox;
    answers(sandbox).await?;
    let public = keys("PAYWALL_PUBLIC_KEY", "PAYWALL_PUBLIC_CLIENT")?;
    let private = keys("PAYWALL_PRIVATE_KEY", "PAYWALL_PRIVATE_CLIENT")?;
    let hash_key = variable("PAYWALL_HASH_KEY")?;
    let client = Client::builder_at(sandbox.as_str()).public_keys(public).private_keys(private);
    let client = client.build().map_err(|error| error.to_string())?;
    let taken = |error| format!("port {} of 127.0.0.1: {error}; choose another one with --port", arguments.port);
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, arguments.port)).await.map_err(taken)?;
    let address = format!("http://{}/", listener.local_addr().map_err(taken)?);
    println!("example shop at {address}\nstop it with ctrl-C");
    let shop = Shop::new(client, Url::parse(&address).map_err(|error| error.to_string())?, sandbox.clone());
    Ok((listener, hash_key.into_iter().fold(shop, |shop, key| shop.hash_key(Secret::from(key)))))
}

fn keys(key: &str, client: &str) -> Result<Credentials, String> {
    let read = |name: &str, usual: &str| Ok::<_, String>(variable(name)?.unwrap_or_else(|| usual.to_owned()));
    Ok(Credentials::new(read(key, "k")?, read(client, "c")?))
}

/// What cannot be read is not left out: without its key a shop would believe callbacks that nobody has signed.
fn variable(name: &str) -> Result<Option<String>, String> {
    match std::env::var(name) {
        Ok(value) if !value.is_empty() => Ok(Some(value)),
        Err(VarError::NotPresent) => Ok(None),
        Ok(_) => Err(format!("{name} is empty: give it a value, or unset it")),
        Err(VarError::NotUnicode(_)) => Err(format!("{name} is not in UTF-8")),
    }
}

/// A shop without a Paywall only sends its shoppers away, so it does not open.
async fn answers(sandbox: &Url) -> Result<(), String> {
    let start = "start one with `cargo xtask sandbox`, or name another with --sandbox URL";
    let places = sandbox.socket_addrs(|| None).map_err(|_| format!("--sandbox is no http address; {start}"))?;
    let connected = tokio::time::timeout(Duration::from_secs(5), TcpStream::connect(&places[..])).await;
    match connected {
        Ok(Ok(_)) => Ok(()),
        _ => Err(format!("no sandbox answers at {}; {start}", sandbox.authority())),
    }
}
