//! What a call costs beside the network: writing, reading, checking and redacting, each beside serde_json alone on the
//! same types. `cargo bench --package paywall-api`

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use paywall_api::http::Response;
use paywall_api::payments::{Start3dPayment, Start3dRequest, Started3dPayment};
use paywall_api::{Credentials, Keys, Validate, decode, encode, redacted};

const REQUEST: &str = include_str!("start3d.request.json");
const ANSWER: &str = r#"{"ErrorCode":0,"Result":true,"Message":"Success","Body":{"Message":null,"RedirectUrl":"https://agent.example/paywall/callback?UniqueNumber=1","Payment":{"PaymentId":1918272,"ActivityId":3820721,"UniqueCode":"87e30149-817b-42cf-a8a8-81af2af5722b","MerchantUniqueKey":"order-1042"}}}"#;

fn codec(criterion: &mut Criterion) {
    let request: Start3dRequest = serde_json::from_str(REQUEST).expect("a request");
    let keys = Keys::new().public(Credentials::new("k", "c"));
    let body = &ANSWER[ANSWER.find("{\"Message\":null").expect("a body")..ANSWER.len() - 1];

    criterion.bench_function("write: serde_json alone", |bencher| {
        bencher.iter(|| serde_json::to_vec(black_box(&request)).expect("json"));
    });
    criterion.bench_function("write: encode, with headers and a wiped buffer", |bencher| {
        bencher.iter(|| encode::<Start3dPayment>("https://paywall.example", &keys, black_box(&request)).expect("http"));
    });
    criterion.bench_function("read: serde_json alone, the body alone", |bencher| {
        bencher.iter(|| serde_json::from_str::<Started3dPayment>(black_box(body)).expect("a body"));
    });
    let sent = encode::<Start3dPayment>("https://paywall.example", &keys, &request).expect("http");
    criterion.bench_function("read: decode, with envelope and outcome", |bencher| {
        bencher.iter(|| decode::<Start3dPayment>(&sent, Response::new(ANSWER.into())).expect("an answer"));
    });
    criterion.bench_function("validate", |bencher| {
        bencher.iter(|| black_box(&request).validate().expect("valid"));
    });
    criterion.bench_function("redacted", |bencher| bencher.iter(|| redacted(black_box(&request)).expect("json")));
}

criterion_group!(benches, codec);
criterion_main!(benches);
