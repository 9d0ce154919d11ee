//! The Masterpass session that Paywall renews is followed, out of answers and out of refusals.

use paywall_api::masterpass::{CreateMasterpassSession, InitMasterpassPayment, ResendMasterpassOtp};
use paywall_api::{MasterpassSession, NextStep, Secret};
use paywall_sandbox::{Reply, text};

use crate::payloads::{self, case};
use crate::server;

/// The answer with a renewed session.
fn renewed(answer: &str, id: &str) -> String {
    let start = answer.find("\"SessionRenewed\":false").expect("a session");
    let rest = &answer[start..];
    let old = rest.split('"').nth(5).expect("a session id");
    answer.replace("\"SessionRenewed\":false", "\"SessionRenewed\":true").replace(old, id)
}

#[tokio::test]
async fn an_answer_that_renews_the_session_is_followed() {
    let server = server::start();
    let client = server::client(&server);
    let created =
        client.masterpass().create_session(&payloads::request::<CreateMasterpassSession>()).await.expect("opened");
    let session = MasterpassSession::from(&created);
    assert_eq!(session.id(), Secret::from("9b27433e-f36b-1410-80e5-004205aa382d"));
    let request = payloads::request::<InitMasterpassPayment>();

    client.masterpass().init_payment(&request).in_session(&session).await.expect("started");
    assert_eq!(session.id(), created.session_id, "an answer that renews nothing changes nothing");

    let answer = renewed(&payloads::answer("initMasterpassPayment"), "second-session");
    server.script().next("initMasterpassPayment", Reply::json(answer)).expect("scripted");
    client.masterpass().init_payment(&request).in_session(&session).await.expect("started");
    assert_eq!(session.id(), Secret::from("second-session"));
}

#[tokio::test]
async fn a_refusal_that_renews_the_session_is_followed() {
    let server = server::start();
    let client = server::client(&server);
    let session = MasterpassSession::new("first-session", None);
    let refusal =
        text::write(&case("resendMasterpassOtp", "token-is-not-valid", paywall_contract::sample::Part::Response));
    for (answer, id) in [
        (renewed(&refusal, "after-an-inner-refusal"), "after-an-inner-refusal"),
        (
            renewed(&refusal, "after-a-refusal")
                .replace("\"ErrorCode\":0,\"Result\":true", "\"ErrorCode\":1,\"Result\":false"),
            "after-a-refusal",
        ),
    ] {
        server.script().next("resendMasterpassOtp", Reply::json(answer)).expect("scripted");
        let request = payloads::request::<ResendMasterpassOtp>();
        let error = client.masterpass().resend_otp(&request).in_session(&session).await.expect_err("refused");
        assert!(error.is_refused(), "{error}");
        assert_eq!(session.id(), Secret::from(id));
    }
}

#[tokio::test]
async fn a_renewed_session_is_followed_though_the_rest_of_the_answer_cannot_be_read() {
    let server = server::start();
    let client = server::client(&server);
    let session = MasterpassSession::new("first-session", None);
    let answer = renewed(&payloads::answer("initMasterpassPayment"), "second-session");
    let answer = answer.replacen("\"PaymentId\":6618969", "\"PaymentId\":\"soon\"", 1);
    server.script().next("initMasterpassPayment", Reply::json(answer)).expect("scripted");
    let request = payloads::request::<InitMasterpassPayment>();
    let error = client.masterpass().init_payment(&request).in_session(&session).await.expect_err("unreadable");
    assert!(error.is_decode() && error.is_unknown(), "{error}");
    assert_eq!(session.id(), Secret::from("second-session"));
}

#[tokio::test]
async fn the_documented_payment_asks_for_3d_secure_and_the_documented_password_for_its_token() {
    let server = server::start();
    let client = server::client(&server);
    let payment =
        client.masterpass().init_payment(&payloads::request::<InitMasterpassPayment>()).await.expect("started");
    let NextStep::OpenAddress(address) = payment.next_step() else { panic!("{:?}", payment.next_step()) };
    assert!(address.expose().contains("/paywall/callbackmasterpass?UniqueNumber="));
    let otp = client.masterpass().resend_otp(&payloads::request::<ResendMasterpassOtp>()).await.expect("sent again");
    assert_eq!(otp.next_step(), NextStep::OneTimePassword("b1b9baa4018d4f17b1fd85592344b09a".into()));
}
