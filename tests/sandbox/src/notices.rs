//! What does the sandbox send by itself? The bank's notices: signed where their key is known, posted once each.

use std::sync::Arc;
use std::time::{Duration, Instant};

use paywall_api::callbacks::{GeneralNotification, PayWatchNotification};
use paywall_api::{HashError, Notification};
use paywall_contract::node::{Kind, Node};

use crate::answer::Server;
use crate::bank::{Filled, Moment, Notice};
use crate::log::{Line, LogFormat};
use crate::outgoing::{Poster, Reach, Target};
use crate::signed::{HashKeys, Signature};
use crate::text;

/// Sends notices. No page documents that one is sent again, so none is.
#[derive(Debug)]
pub(crate) struct Messenger {
    /// Where notices go that name no address of their own.
    pub(crate) webhook: Option<Target>,
    pub(crate) reach: Reach,
    pub(crate) keys: HashKeys,
    /// Nothing where nothing is logged.
    pub(crate) log: Option<LogFormat>,
    pub(crate) poster: Poster,
}

/// Lets happen at the bank what has become due, for as long as the sandbox runs.
pub(crate) async fn keep_time(server: Arc<Server>) {
    let mut beat = tokio::time::interval(BEAT);
    loop {
        beat.tick().await;
        let due = server.bank().map(|mut bank| {
            if server.store.is_none() {
                bank.forget_changes();
            }
            bank.tick(Moment::now(), server.here())
        });
        server.send(due.unwrap_or_default());
    }
}

/// How late the bank may be.
const BEAT: Duration = Duration::from_millis(250);

impl Messenger {
    /// Sends each by itself: a slow receiver delays neither the answer nor another notice.
    pub(crate) fn send_all(self: &Arc<Self>, notices: Vec<Notice>) {
        for notice in notices {
            let messenger = Arc::clone(self);
            tokio::spawn(async move { messenger.send(notice).await });
        }
    }

    async fn send(&self, notice: Notice) {
        let start = Instant::now();
        let named = notice.address.as_ref().map(|address| self.reach.target(address));
        let target = match named.or_else(|| self.webhook.clone().map(Ok)) {
            None => return,
            Some(Ok(target)) => target,
            Some(Err(barred)) => return self.tell("-", notice.message, &format!("not sent, {barred}"), start),
        };
        let outcome = self.deliver(&target, notice.message, notice.body).await;
        self.tell(&target.origin(), notice.message, &outcome, start);
    }

    /// What became of it, for the log.
    async fn deliver(&self, target: &Target, message: &str, body: Filled) -> String {
        match signed(&self.keys, message, body) {
            Err(error) => format!("not sent, {error}"),
            Ok(body) => match self.poster.post(target, text::write(&body.done())).await {
                Ok(status) => status.as_u16().to_string(),
                Err(why) => why.to_owned(),
            },
        }
    }

    fn tell(&self, receiver: &str, message: &str, outcome: &str, start: Instant) {
        if let Some(format) = self.log {
            Line::new("POST", receiver, Some(message), start).outcome(outcome).write(format);
        }
    }
}

/// A message that is hashed by what the contract says of it. Any other is sent as it is.
fn signed(keys: &HashKeys, message: &str, body: Filled) -> Result<Filled, HashError> {
    if message == GeneralNotification::ID {
        with_hash::<GeneralNotification>(keys, body)
    } else if message == PayWatchNotification::ID {
        with_hash::<PayWatchNotification>(keys, body)
    } else {
        Ok(body)
    }
}

fn with_hash<N: Notification>(keys: &HashKeys, body: Filled) -> Result<Filled, HashError> {
    let signature = keys.sign::<N>(|place| written(&body.part(place).done()))?;
    Ok(match (signature, N::HASH) {
        (Some(Signature { hash, format, key_type }), Some(places)) => {
            let body = body.set(places.hash, hash);
            let body = places.format.into_iter().fold(body, |body, place| body.set(place, format));
            places.key_type.into_iter().fold(body, |body, place| body.set(place, key_type))
        }
        _ => body,
    })
}

/// What is hashed is the text of the message, numbers to the letter.
fn written(node: &Node) -> Option<String> {
    match &node.kind {
        Kind::Text(text) | Kind::Number(text) => Some(text.clone()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use paywall_api::{Claim, Secret, Trust};

    use super::*;

    const BODY: &str = r#"{"Type":1,"PaymentId":8013143466,"Amount":100.50,"UniqueCode":"ORDER-1","Installment":3}"#;

    fn body() -> Filled {
        Filled::empty()
            .set("/Type", 1)
            .set("/PaymentId", 8_013_143_466_i64)
            .set("/Amount", "100.50".parse::<paywall_api::Amount>().expect("an amount"))
            .set("/UniqueCode", "ORDER-1")
            .set("/Installment", 3)
    }

    #[test]
    fn a_notice_is_signed_so_that_the_product_verifies_it() {
        let keys = HashKeys::new(vec![(4, Secret::from("key"))]);
        let sent = signed(&keys, GeneralNotification::ID, body()).expect("signed").done();
        let claim = Claim::<GeneralNotification>::read(text::write(&sent).as_bytes()).expect("a claim");
        assert_eq!(claim.verify(&paywall_api::HashKeys::new().with(4, "key")).expect("verified"), Trust::Signed);
        assert_eq!((sent.text_of("HashFormat"), claim.amount()), (Some("Payment"), Some("100.50")));
    }

    #[test]
    fn without_its_key_it_is_sent_as_it_is() {
        let keys = HashKeys::new(vec![(1, Secret::from("key"))]);
        let sent = signed(&keys, GeneralNotification::ID, body()).expect("unsigned");
        assert_eq!(text::write(&sent.done()), BODY);
        assert_eq!(format!("{keys:?}"), "{1}");
    }
}
