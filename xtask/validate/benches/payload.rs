//! What does it cost to check a payload? Reading it, the verdict, and all that is said beside it: of a payment with 3-D
//! Secure as it is documented, on one thread.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use paywall_validate::checker::{Checker, Part, Settings};
use paywall_validate::tree::{Dialect, Parser};

const OPERATION: &str = "start3dPayment";

/// The documented payload on one line, its placeholders and departures mended: a good payload is the usual one.
fn payload() -> String {
    let sample = include_str!("../../../spec/samples/start3dPayment/page.request.jsonc");
    let mended = [("\"ChannelId\": 0", "\"ChannelId\": 1"), ("providerkey", "Iyzico"), (" // Nullable", "")];
    let mended = mended.iter().fold(sample.to_owned(), |text, (from, to)| text.replace(from, to));
    let mended = mended.replace("\"DiscountType\": 0", "\"DiscountType\": 1");
    mended.replace("\"CargoCurrencyId\": 0", "\"CargoCurrencyId\": 1").split_whitespace().collect()
}

fn checker(types: bool) -> Checker {
    Checker::built_in(Settings { today: Some((2026, 11)), show_values: false, types })
}

fn costs(criterion: &mut Criterion) {
    let text = payload();
    let mut group = criterion.benchmark_group(OPERATION);
    group.throughput(Throughput::Bytes(text.len() as u64));
    let mut parser = Parser::default();
    group.bench_function("read", |bencher| {
        bencher.iter(|| parser.parse(black_box(&text), Dialect::Strict).expect("json").root().count());
    });
    for (name, types) in [("check", false), ("check, types too", true)] {
        let checker = checker(types);
        let id = checker.find(OPERATION, Part::Request).expect("an operation");
        let root = parser.parse(&text, Dialect::Strict).expect("json").root();
        group.bench_function(name, |bencher| bencher.iter(|| checker.check(id, black_box(root))));
        group.bench_function(format!("read and {name}"), |bencher| {
            let mut parser = Parser::default();
            bencher.iter(|| {
                let root = parser.parse(black_box(&text), Dialect::Strict).expect("json").root();
                checker.check(id, root)
            });
        });
    }
    group.finish();
}

criterion_group!(benches, costs);
criterion_main!(benches);
