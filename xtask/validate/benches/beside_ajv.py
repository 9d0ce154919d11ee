#!/usr/bin/env python3
"""How fast is the validator beside ajv? 100,000 start3d payloads, read and judged, one thread and two.

    cargo build --release -p paywall-validate --bins --example verdicts
    target/release/examples/verdicts target/judges/verdicts 0
    python3 xtask/validate/benches/beside_ajv.py target/release/paywall-validate target/judges/verdicts target/judges/node_modules

The two take turns, five times, and the best run of each counts: only what is measured side by side can be compared. ajv
says valid or not; the validator does everything that it does for a user. Prints rates and ratios, what 1,000 small
files take, and the memory that 10 MB and 1 GB of JSON Lines need. Exit code 1 where a target is missed.
"""

import json
import os
import pathlib
import random
import subprocess
import sys
import tempfile
import time

OPERATION, PART = "start3dPayment", "request"
PAYLOADS, ROUNDS, SEED = 100_000, 5, 1
# Threads, and how many times the rate that ajv has on one thread the validator must have.
TARGETS = {1: 1.5, 2: 3.0}
SMALL_FILES, SMALL_SECONDS = 1_000, 0.050
HERE = pathlib.Path(__file__).parent


def main(program, schemas, modules):
    missed = []
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        lines = folder / "start3d.jsonl"
        write_lines(lines, PAYLOADS)
        print(f"{PAYLOADS} payloads, {lines.stat().st_size / 1e6:.0f} MB, best of {ROUNDS}, {os.cpu_count()} cores")
        rates = {threads: race(program, schemas, modules, lines, threads) for threads in TARGETS}
        for threads, target in TARGETS.items():
            ratio = rates[threads]["paywall-validate"] / rates[1]["ajv"]
            print(f"{threads} thread{'s' * (threads > 1)}: {ratio:.2f} times ajv's rate on one, target {target}")
            missed += [f"{ratio:.2f} times ajv's rate with {threads} threads, not {target}"] if ratio < target else []
        missed += small_files(program, folder)
        missed += memory(program, folder)
    print("\n".join(f"MISSED: {what}" for what in missed) or "every target is met")
    return 1 if missed else 0


def race(program, schemas, modules, lines, threads):
    """The rates of all, ajv's with as many threads."""
    node = ["node", HERE / "beside_ajv.mjs", schemas / "schemas.json", f"{OPERATION}.{PART}", lines, str(threads), modules]
    own = command(program, lines, threads)
    best = {"ajv": float("inf"), "paywall-validate": float("inf"), "every type asked": float("inf")}
    for _ in range(ROUNDS):
        _, answer = timed(node)
        said = json.loads(answer)
        assert said["payloads"] == PAYLOADS and said["wrong"] == 0, f"ajv has judged otherwise: {said}"
        # ajv's own clock leaves out how long node takes to start.
        best["ajv"] = min(best["ajv"], said["seconds"])
        for name, arguments in [("paywall-validate", []), ("every type asked", ["--types", "all"])]:
            seconds, _ = timed([*own, *arguments])
            best[name] = min(best[name], seconds)
    rates = {name: PAYLOADS / seconds for name, seconds in best.items()}
    told = ", ".join(f"{name} {rate:,.0f}/s ({best[name]:.3f} s)" for name, rate in rates.items())
    print(f"{threads} thread{'s' * (threads > 1)}: {told}")
    return rates


def command(program, path, threads):
    return [program, "--operation", OPERATION, "--part", PART, "--today", "2026-11", "--jobs", str(threads), path]


def timed(arguments):
    started = time.perf_counter()
    result = subprocess.run(arguments, capture_output=True, check=False)
    seconds = time.perf_counter() - started
    if result.returncode != 0:
        sys.exit(f"exit code {result.returncode}: {result.stdout[:2000]!r} {result.stderr[:2000]!r}")
    return seconds, result.stdout


def small_files(program, folder):
    home = folder / "small"
    home.mkdir()
    for number, payload in enumerate(payloads(SMALL_FILES)):
        (home / f"{number:04}.json").write_text(payload, encoding="utf-8")
    seconds = min(timed(command(program, home, os.cpu_count()))[0] for _ in range(ROUNDS))
    print(f"{SMALL_FILES} small files: {seconds * 1e3:.0f} ms, target {SMALL_SECONDS * 1e3:.0f} ms")
    return [f"{SMALL_FILES} files in {seconds * 1e3:.0f} ms"] if seconds > SMALL_SECONDS else []


def memory(program, folder):
    """The most memory that the program ever had, in MB, for a small and for a large file."""
    most = {}
    block = "".join(payload + "\n" for payload in payloads(1_000)).encode()
    for size in (10_000_000, 1_000_000_000):
        path = folder / "large.jsonl"
        with path.open("wb") as file:
            for _ in range(size // len(block)):
                file.write(block)
        started = subprocess.Popen(command(program, path, 2), stdout=subprocess.DEVNULL)
        _, status, usage = os.wait4(started.pid, 0)
        started.returncode = os.waitstatus_to_exitcode(status)
        assert started.returncode == 0, f"exit code {started.returncode}"
        most[size] = usage.ru_maxrss / 1024
        path.unlink()
    small, large = most.values()
    print(f"memory: {small:.0f} MB for 10 MB of JSON Lines, {large:.0f} MB for 1 GB")
    return [f"{large:.0f} MB for 1 GB, {small:.0f} MB for 10 MB"] if large > small * 1.25 + 4 else []


def write_lines(path, count):
    with path.open("w", encoding="utf-8") as file:
        file.writelines(payload + "\n" for payload in payloads(count))


def payloads(count):
    """Payments as they may come, each another: with one to three products, and what belongs to a card in full."""
    chance = random.Random(SEED)
    return (json.dumps(payload(chance), ensure_ascii=False, separators=(",", ":")) for _ in range(count))


def payload(chance):
    products = [chance.randrange(100, 500_000) for _ in range(chance.choice([1, 1, 1, 2]))]
    number = f"{chance.randrange(10**12):012}"
    return {
        "PaymentDetail": {
            "Amount": sum(products) / 100,
            "MerchantUniqueCode": f"order-{number}",
            "TrackingCode": f"t-{number}",
            "MerchantSuccessBackUrl": "https://shop.example/paid",
            "MerchantFailBackUrl": "https://shop.example/failed",
            "CurrencyId": chance.choice([1, 1, 1, 2, 3]),
            "Installment": chance.randrange(1, 13),
            "Half3D": chance.random() < 0.1,
            "ClientIP": f"192.0.2.{chance.randrange(256)}",
            "ChannelId": chance.randrange(1, 5),
        },
        "Card": {
            "OwnerName": chance.choice(["Test Kartı", "Test User"]),
            "Number": "5528790000000008",
            "ExpireMonth": f"{chance.randrange(1, 13):02}",
            "ExpireYear": str(chance.randrange(2027, 2035)),
            "Cvv": f"{chance.randrange(1000):03}",
            "UniqueCode": "",
            "TempCardToken": "",
        },
        "Customer": {
            "FullName": "Test User",
            "Phone": f"5{chance.randrange(10**9):09}",
            "Email": "user@example.com",
            "Country": "Türkiye",
            "City": "İstanbul",
            "Address": f"Deneme Sokak {chance.randrange(200)}",
        },
        "Products": [product(price, chance) for price in products],
    }


def product(price, chance):
    return {
        "ProductId": f"P-{chance.randrange(10_000)}",
        "ProductName": "Deneme ürünü",
        "ProductCategory": "Deneme",
        "ProductDescription": "Bir deneme ürünü",
        "ProductAmount": price / 100,
        "MemberId": 0,
        "DiscountOwnerType": 0,
    }


if __name__ == "__main__":
    sys.exit(main(*(pathlib.Path(argument).resolve() for argument in sys.argv[1:4])))
