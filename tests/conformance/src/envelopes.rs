//! Nothing but the contract knows what the members of an envelope are called: with every one of them renamed in a copy of
//! it, the generator writes the new names, the local Paywall answers with them, and the client reads them.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use codegen::Home;
use paywall_api::http::Method;
use paywall_api::meta::PAYMENT_ENVELOPE;
use paywall_api::payments::Start3dPayment;
use paywall_api::{
    Api, BankErrorPlaces, Client, Credentials, Echo, Effect, EnvelopePlaces, ErrorKind, Input, KeyPair, Operation,
    Outcome, Parameters, RefusalPlaces, Retry, SessionPlaces, SuccessMark, SuccessPlace,
};
use paywall_contract::node::Kind;
use paywall_contract::sample::{self, Part};
use paywall_sandbox::{Options, Sandbox, text};
use serde::de::DeserializeOwned;

use crate::operations::{CALLERS_CODE, Sending};
use crate::{payloads, server, workspace};

/// Each member and its other name.
const OTHER_NAMES: [(&str, &str); 6] = [
    ("ErrorCodeType", "Numbering"),
    ("ErrorMessage", "Explanation"),
    ("ErrorCode", "Verdict"),
    ("Result", "Went"),
    ("Message", "Words"),
    ("Body", "Cargo"),
];

/// The payments' envelope by its other names.
static RENAMED: EnvelopePlaces = EnvelopePlaces {
    success: &[SuccessMark::number("Verdict", 0), SuccessMark::flag("Went", true)],
    code: Some("Verdict"),
    code_type: Some("Numbering"),
    messages: &["Words", "Explanation"],
    payload: Some("Cargo"),
    ..PAYMENT_ENVELOPE
};

/// An operation whose answers come in the renamed envelope.
struct Renamed<O>(O);

impl<O: Operation> Operation for Renamed<O> {
    type Request = O::Request;
    type Response = O::Response;

    const ID: &'static str = O::ID;
    const METHOD: Method = O::METHOD;
    const PATH: &'static str = O::PATH;
    const API: &'static Api = O::API;
    const KEYS: Option<&'static KeyPair> = O::KEYS;
    const RETRY: Retry = O::RETRY;
    const MOVES_MONEY: bool = O::MOVES_MONEY;
    const EFFECT: Option<Effect> = O::EFFECT;
    const INQUIRY: Option<&'static str> = O::INQUIRY;
    const MERCHANT_CODE: Option<&'static str> = O::MERCHANT_CODE;
    const ENVELOPE: &'static EnvelopePlaces = &RENAMED;
    const INPUT: Input = O::INPUT;
    const REFUSALS: &'static [RefusalPlaces] = O::REFUSALS;
    const SUCCESS: &'static [SuccessPlace] = O::SUCCESS;
    const ECHOES: &'static [Echo] = O::ECHOES;
    const BANK_ERROR: BankErrorPlaces = O::BANK_ERROR;
    const SESSION: Option<SessionPlaces> = O::SESSION;

    fn parameters(request: &Self::Request, parameters: &mut Parameters) {
        O::parameters(request, parameters);
    }

    fn write_body(request: &Self::Request, out: &mut dyn io::Write) -> io::Result<()> {
        O::write_body(request, out)
    }

    fn merchant_code(request: &Self::Request) -> Option<&str> {
        O::merchant_code(request)
    }
}

fn send<O: Operation<Request: DeserializeOwned>>(client: Client) -> Sending {
    let request = payloads::request::<O>();
    Box::pin(async move { client.call::<Renamed<O>>(&request).merchant_code(CALLERS_CODE).await.map(drop) })
}

macro_rules! senders {
    ($($operation:ty),*) => { vec![$((<$operation>::ID, send::<$operation> as fn(Client) -> Sending)),*] };
}

/// A copy of the contract in which every member of the envelope has its other name.
fn renamed_contract() -> PathBuf {
    let copy = workspace::copy("renamed-envelope", &["spec"], &[]).join("spec");
    rename(&copy.join("schemas/envelopes.yaml"), |text| {
        let renamed = OTHER_NAMES.iter().fold(text, |text, (name, other)| text.replace(name, other));
        // The lists of codes keep their names.
        renamed.replace("PaymentVerdict", "PaymentErrorCode").replace("GeneralVerdict", "GeneralErrorCode")
    });
    for file in files(&copy.join("paths")) {
        rename(&file, |text| text.replace("  Body:\n", "  Cargo:\n"));
    }
    rename(&copy.join("samples/index.yaml"), |text| text.replace("pointer: /Body", "pointer: /Cargo"));
    let answers = sample::all(workspace::contract()).into_iter().filter(|sample| sample.part == Part::Response);
    for sample in answers {
        let mut answer = sample.node.clone();
        let Kind::Map(entries) = &mut answer.kind else { panic!("an answer is an object") };
        for entry in entries {
            if let Some((_, other)) = OTHER_NAMES.iter().find(|(name, _)| *name == entry.key) {
                (*other).clone_into(&mut entry.key);
            }
        }
        let file = copy.join(format!("samples/{}/{}.response.jsonc", sample.operation, sample.case));
        assert!(file.is_file(), "{}", file.display());
        fs::write(file, text::write(&answer)).expect("written");
    }
    copy
}

fn rename(file: &Path, with: impl Fn(String) -> String) {
    let text = fs::read_to_string(file).expect("a file of the contract");
    let renamed = with(text.clone());
    assert_ne!(renamed, text, "{} names nothing of the envelope", file.display());
    fs::write(file, renamed).expect("written");
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let named = |file: &PathBuf| fs::read_to_string(file).is_ok_and(|text| text.contains("  Body:\n"));
    let entries = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    entries.filter(named).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_envelope_whose_every_member_is_renamed_is_written_answered_and_read() {
    let copy = renamed_contract();
    let tree = codegen::generate(&copy, Home::Runtime).unwrap_or_else(|findings| panic!("{findings}"));
    for written in [
        "SuccessMark::number(\"Verdict\", 0)",
        "SuccessMark::flag(\"Went\", true)",
        "code: Some(\"Verdict\")",
        "code_type: Some(\"Numbering\")",
        "messages: &[\"Words\", \"Explanation\"]",
        "payload: Some(\"Cargo\")",
    ] {
        assert!(tree["meta.rs"].contains(written), "{written} in\n{}", tree["meta.rs"]);
    }
    let local = Sandbox::start(Options::default().spec(&copy)).expect("a local Paywall");
    let client = server::client(&local);
    for (id, send) in paywall_api::each_operation!(senders) {
        send(client.clone()).await.unwrap_or_else(|error| panic!("{id}: {error}"));
    }
    let stranger = Client::builder_at(local.base_address()).public_keys(Credentials::new("wrong", "wrong"));
    let request = payloads::request::<Start3dPayment>();
    let stranger = stranger.build().expect("a client");
    let refused = stranger.call::<Renamed<Start3dPayment>>(&request).await.expect_err("wrong keys");
    assert_eq!((refused.kind(), refused.http_status().map(|status| status.as_u16())), (ErrorKind::Refused, Some(401)));
    assert!(refused.code().is_some() && refused.message().is_some(), "{refused}");
    let misread = client.call::<Start3dPayment>(&request).await.expect_err("it has no envelope that is known");
    assert_eq!((misread.kind(), misread.outcome()), (ErrorKind::Decode, Outcome::Unknown));
    assert!(misread.to_string().contains("without a whole ErrorCode and a true or false Result"), "{misread}");
}

/// The files that read an envelope or say what it means.
const READERS: [&str; 6] = ["api.rs", "decode.rs", "envelope.rs", "envelope_places.rs", "error.rs", "outcome.rs"];

/// What a file of the client says outside of its comments and tests.
fn code(text: &str) -> String {
    let text = text.split("#[cfg(test)]\nmod tests").next().unwrap_or_default();
    text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

#[test]
fn the_client_has_no_member_of_an_envelope_in_its_code() {
    let model = paywall_contract::model(workspace::contract()).expect("a model");
    let envelopes = model.envelopes.iter();
    let members = envelopes.flat_map(|envelope| {
        let marks = envelope.success.iter().map(|mark| &mark.member);
        let others = [&envelope.code, &envelope.code_type, &envelope.payload].into_iter().flatten();
        marks.chain(&envelope.messages).chain(others).cloned().collect::<Vec<_>>()
    });
    let members: Vec<String> = members.collect();
    assert!(members.len() > 5, "{members:?}");
    // Other objects may have a member of the same name, and the rules that money hangs on read theirs.
    let is_of_an_object =
        |member: &String| model.objects.iter().any(|object| object.fields.iter().any(|field| field.wire == *member));
    let source = workspace::root().join("paywall-api/src");
    let folders = [source.clone(), source.join("resolve"), source.join("callback")];
    let files =
        folders.iter().flat_map(|folder| fs::read_dir(folder).expect("a folder")).map(|entry| entry.expect("").path());
    let mut read = 0;
    for file in files.filter(|path| path.is_file() && !path.ends_with("tests.rs")) {
        let text = code(&fs::read_to_string(&file).expect("a file"));
        read += 1;
        let is_reader = READERS.iter().any(|reader| file.ends_with(reader));
        for member in members.iter().filter(|member| is_reader || !is_of_an_object(member)) {
            for written in [format!("\"{member}\""), format!("\"/{member}"), format!("{member}{{}}")] {
                assert!(!text.contains(&written), "{} has {written}", file.display());
            }
        }
    }
    assert!(read > 50, "{read}");
}
