//! What happens as time passes? PayWatch looks, payments hang, a day ends and is listed. The clock is the test's own.

use std::time::Duration;

use serde_json::{Value, json};

use super::{Bank, Book, Moment, Notice, Settings, Templates};
use crate::text;

const SECOND: Duration = Duration::from_secs(1);
const MINUTE: Duration = Duration::from_secs(60);
const DAY: Duration = Duration::from_secs(24 * 60 * 60);
const RIGHT: &str = "123456";

/// A bank and the time.
struct Day {
    bank: Bank,
    now: Moment,
}

impl Day {
    fn new() -> Self {
        // The 14th of November 2023, 13:13 in Türkiye.
        let now = serde_json::from_str("1699956800000").expect("a moment");
        Self { bank: Bank::new(Book::default(), 7, Templates::default()), now }
    }

    /// A bank that takes an hour to answer what it does not answer at once.
    fn slow() -> Self {
        let mut day = Self::new();
        day.bank = day.bank.with(Settings { pending: 60 * MINUTE, ..Settings::default() });
        day
    }

    /// The body of a success, or the code of a refusal.
    fn ask(&mut self, operation: &str, request: &Value) -> Result<Value, i64> {
        let (verdict, _) = self.bank.act(operation, &request.to_string(), self.now, "").expect("a handler");
        verdict.map(|body| serde_json::from_str(&text::write(&body)).expect("json")).map_err(|no| no.code)
    }

    fn pass(&mut self, time: Duration) -> Vec<Notice> {
        self.now = self.now.after(time);
        self.bank.tick(self.now, "")
    }

    /// Starts a payment by 3-D Secure: the token of its page.
    fn start(&mut self, code: &str, amount: &str, watch: &Value) -> Result<String, i64> {
        let mut request = request(code, amount);
        let detail = request["PaymentDetail"].as_object_mut().expect("an object");
        detail.extend(watch.as_object().expect("an object").clone());
        let body = self.ask("start3dPayment", &request)?;
        let address = body["RedirectUrl"].as_str().expect("an address");
        Ok(address.trim_start_matches("/3d/").to_owned())
    }

    fn open(&mut self, token: &str) {
        self.bank.visit(self.now, "", |desk| desk.open_3d(token)).0.expect("a page");
    }

    fn answer(&mut self, token: &str, code: &str) {
        self.bank.visit(self.now, "", |desk| desk.answer_3d(token, code)).0.expect("a page");
    }

    /// Status and type of the last movement.
    fn stands(&mut self, code: &str) -> (i64, i64) {
        let body = self.ask("queryPayment", &json!({"merchantuniquecode": code})).expect("a payment");
        let number = |name: &str| body["Paywall"][name].as_i64().expect("a number");
        (number("StatusId"), number("TypeId"))
    }

    fn list(&mut self, more: &Value) -> Result<Value, i64> {
        let mut request = json!({"page": 1, "pagesize": 10, "date": "2023-11-14"});
        request.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        self.ask("listPaymentActivities", &request)
    }
}

fn request(code: &str, amount: &str) -> Value {
    let amount: Value = serde_json::from_str(amount).expect("a number");
    json!({
        "PaymentDetail": {
            "Amount": amount, "MerchantUniqueCode": code, "CurrencyId": 1, "Installment": 1, "ClientIP": "192.0.2.1",
            "MerchantSuccessBackUrl": "http://127.0.0.1/paid", "MerchantFailBackUrl": "http://127.0.0.1/failed"
        },
        "Card": {"OwnerName": "A B", "Number": "5528790000000008", "ExpireMonth": "12", "ExpireYear": "2030",
                 "Cvv": "123"},
        "Customer": {"FullName": "A", "Phone": "5", "Email": "a@b.c", "Country": "C", "City": "C", "Address": "A"},
        "Products": [{"ProductId": "p", "ProductName": "p", "ProductCategory": "p", "ProductDescription": "p",
                      "ProductAmount": amount}]
    })
}

/// A watch of five minutes over payments in status 2.
fn watch(action: i64) -> Value {
    watch_of(2, action, "http://127.0.0.1/watch")
}

fn watch_of(status: i64, action: i64, address: &str) -> Value {
    json!({"PayWatch": {
        "Watch": true, "PaymentStatus": [{"Id": status}], "ActionId": action, "WatchMin": 5, "WebhookAddress": address
    }})
}

/// What was told: which message, and the statuses or the type in it.
fn told(notices: &[Notice]) -> Vec<(&'static str, Value)> {
    let told = notices.iter().map(|notice| {
        let body: Value = serde_json::from_str(&text::write(&notice.body.clone().done())).expect("json");
        let facts = match &body["Type"] {
            Value::Null => {
                json!([body["PaymentLastStatusId"], body["PaymentNewStatusId"], body["PaymentStatusChanged"]])
            }
            kind => kind.clone(),
        };
        (notice.message, facts)
    });
    told.collect()
}

const GENERAL: &str = "generalNotification";
const PAY_WATCH: &str = "payWatchNotification";

#[test]
fn each_action_of_a_watch_does_what_its_list_says_of_a_payment_that_the_bank_calls_paid() {
    let changed = (4, 1);
    let cancelled = (4, 3);
    for (action, stands, notices) in [
        (1, (2, 1), vec![]),
        (2, changed, vec![(GENERAL, json!(1))]),
        (3, cancelled, vec![(GENERAL, json!(1)), (GENERAL, json!(5))]),
        (4, changed, vec![(GENERAL, json!(1)), (PAY_WATCH, json!([2, 4, true]))]),
    ] {
        let mut day = Day::slow();
        let token = day.start("order", "10.91", &watch(action)).expect("started");
        day.answer(&token, RIGHT);
        assert!(day.pass(4 * MINUTE + 59 * SECOND).is_empty(), "{action}: too early");
        assert_eq!(day.stands("order"), (2, 1), "{action}");
        let told = told(&day.pass(SECOND));
        assert_eq!((day.stands("order"), told), (stands, notices), "{action}");
        assert!(day.pass(4 * MINUTE).is_empty(), "{action}: once is enough");
    }
}

#[test]
fn an_authorisation_that_a_watch_cancels_is_given_free() {
    let mut day = Day::slow();
    let mut wish = watch(3);
    wish["Half3D"] = json!(true);
    let token = day.start("order", "10.91", &wish).expect("started");
    day.answer(&token, RIGHT);
    day.pass(5 * MINUTE);
    assert_eq!(day.stands("order"), (12, 3));
}

#[test]
fn a_watched_payment_that_the_bank_knows_nothing_of_has_failed_on_inquiry() {
    for (action, stands) in [(1, (2, 1)), (2, (7, 1)), (3, (7, 1)), (4, (7, 1))] {
        let mut day = Day::new();
        let token = day.start("order", "10.00", &watch(action)).expect("started");
        day.open(&token);
        let told = told(&day.pass(5 * MINUTE));
        assert_eq!(day.stands("order"), stands, "{action}");
        let is_told = told.contains(&(PAY_WATCH, json!([2, 7, true])));
        assert_eq!(is_told, action == 4, "{told:?}");
    }
}

#[test]
fn a_watch_over_failed_payments_tells_that_nothing_has_changed() {
    let mut day = Day::new();
    let token = day.start("order", "10.51", &watch_of(5, 4, "http://127.0.0.1/watch")).expect("started");
    day.answer(&token, RIGHT);
    assert_eq!(told(&day.pass(5 * MINUTE)), [(PAY_WATCH, json!([5, 5, false]))]);
}

#[test]
fn a_watch_leaves_what_stands_otherwise_alone() {
    let mut day = Day::new();
    for (code, types) in [("unopened", false), ("paid", true)] {
        let token = day.start(code, "10.00", &watch(3)).expect("started");
        if types {
            day.answer(&token, RIGHT);
        }
    }
    assert!(day.pass(5 * MINUTE).is_empty());
    assert_eq!((day.stands("unopened"), day.stands("paid")), ((1, 1), (4, 1)));
}

#[test]
fn several_watches_look_each_at_its_own_time() {
    let mut day = Day::new();
    let job =
        |minutes: i64, action: i64| json!({"PaymentStatus": [{"Id": 2}], "ActionId": action, "WatchMin": minutes});
    let jobs = json!({"PayWatchMultipleSupport": true,
                      "PayWatchMultiple": {"Watch": true, "Jobs": [job(2, 1), job(4, 2)]}});
    let token = day.start("order", "10.00", &jobs).expect("started");
    day.open(&token);
    day.pass(2 * MINUTE);
    assert_eq!(day.stands("order"), (2, 1), "the first only reports");
    day.pass(2 * MINUTE);
    assert_eq!(day.stands("order"), (7, 1));
    let unsupported = json!({"PayWatchMultiple": jobs["PayWatchMultiple"]});
    let token = day.start("another", "10.00", &unsupported).expect("started");
    day.open(&token);
    day.pass(4 * MINUTE);
    assert_eq!(day.stands("another"), (2, 1), "without PayWatchMultipleSupport no rule counts");
}

#[test]
fn a_watch_that_cannot_be_kept_is_refused_by_its_code() {
    let mut day = Day::new();
    for (watch, code) in [(watch_of(4, 1, ""), 49), (watch_of(2, 9, ""), 50), (watch_of(2, 4, "ftp://127.0.0.1"), 52)] {
        assert_eq!(day.start("order", "10.00", &watch), Err(code));
    }
    assert_eq!(day.ask("queryPayment", &json!({"merchantuniquecode": "order"})), Err(-1), "nothing was taken in");
}

#[test]
fn a_payment_that_hangs_at_its_shopper_has_failed_after_25_minutes() {
    let mut day = Day::new();
    let none = json!({});
    let tokens = ["hangs", "unopened", "paid"].map(|code| day.start(code, "10.00", &none).expect("started"));
    day.open(&tokens[0]);
    day.answer(&tokens[2], RIGHT);
    day.pass(24 * MINUTE + 59 * SECOND);
    assert_eq!(day.stands("hangs"), (2, 1));
    assert_eq!(told(&day.pass(SECOND)), [(GENERAL, json!(2))]);
    assert_eq!(day.stands("hangs"), (7, 1));
    day.answer(&tokens[0], RIGHT);
    assert_eq!(day.stands("hangs"), (7, 1), "the code comes too late");
    assert_eq!((day.stands("unopened"), day.stands("paid")), ((1, 1), (4, 1)));
}

/// Three payments of one day, the second declined; the first is given back the day after.
fn two_days() -> Day {
    let mut day = Day::new();
    for (code, amount) in [("first", "10.00"), ("second", "10.51"), ("third", "12.00")] {
        let paid = day.ask("startDirectPayment", &request(code, amount));
        assert_eq!(paid.is_ok(), code != "second");
    }
    day.pass(DAY);
    let refund = json!({"MerchantUniqueCode": "first", "Date": "2023-11-14"});
    day.ask("refundPayment", &refund).expect("refunded");
    day
}

fn codes(listed: &Value) -> Vec<&str> {
    let payments = listed["Data"].as_array().expect("a list").iter();
    payments.map(|payment| payment["MerchantUniqueCode"].as_str().expect("a code")).collect()
}

fn activities(listed: &Value, place: usize) -> Vec<(i64, i64)> {
    let activities = listed["Data"][place]["Activities"].as_array().expect("a list").iter();
    let number = |activity: &Value, name: &str| activity[name].as_i64().expect("a number");
    activities.map(|activity| (number(activity, "TypeId"), number(activity, "StatusId"))).collect()
}

#[test]
fn a_day_that_is_over_lists_its_payments_with_all_that_became_of_them() {
    let mut day = two_days();
    let listed = day.list(&json!({})).expect("a page");
    assert_eq!(codes(&listed), ["first", "second", "third"]);
    assert_eq!(activities(&listed, 0), [(1, 4), (2, 4)]);
    assert_eq!(activities(&listed, 1), [(1, 5)]);
    assert_eq!(listed["Data"][0]["TypeId"], 2, "a payment is what its last movement is");
    assert_eq!(day.list(&json!({"date": "2023-11-15"})), Err(70), "today is not over");
    assert_eq!(day.list(&json!({"date": "2023-11-16"})), Err(70));
    day.pass(DAY);
    let listed = day.list(&json!({"date": "2023-11-15"})).expect("a page");
    assert_eq!(codes(&listed), ["first"], "what moved on a day is listed there too");
}

#[test]
fn a_list_leaves_out_what_was_not_wished_for() {
    let mut day = two_days();
    let of_the_day = day.list(&json!({"onlydatesensitiveactivity": true})).expect("a page");
    assert_eq!(activities(&of_the_day, 0), [(1, 4)], "the refund is of another day");
    let successful = day.list(&json!({"onlysuccess": true})).expect("a page");
    assert_eq!(activities(&successful, 1), []);
}

#[test]
fn a_list_has_pages() {
    let mut day = two_days();
    let mut page = |number: i64| {
        let page = day.list(&json!({"page": number, "pagesize": 2})).expect("a page");
        let said = [&page["TotalRecords"], &page["HasPreviousPage"], &page["HasNextPage"]].map(Clone::clone);
        (codes(&page).iter().map(|code| (*code).to_owned()).collect::<Vec<_>>(), said)
    };
    assert_eq!(page(1), (vec!["first".to_owned(), "second".to_owned()], [json!(3), json!(false), json!(true)]));
    assert_eq!(page(2), (vec!["third".to_owned()], [json!(3), json!(true), json!(false)]));
    assert_eq!(page(3), (vec![], [json!(3), json!(true), json!(false)]));
}

/// A card that a shopper's browser leaves for ten minutes, by a token of twenty.
fn left_card(day: &mut Day) -> (String, Result<String, i64>) {
    let token = day.ask("createTempToken", &json!({"ClientCardSave": true, "ThreeDSession": false, "ExpiryMin": 20}));
    let token = token.expect("a token")["Token"].as_str().expect("text").to_owned();
    let card = leave_card(day, &token);
    (token, card)
}

fn leave_card(day: &mut Day, token: &str) -> Result<String, i64> {
    let card = json!({"parameters": {"token": token}, "body": {
        "CardType": 1, "CardOwnerName": "A B", "CardNumber": "5528790000000008", "CardCvv": "123",
        "CardExpiryMonth": "12", "CardExpiryYear": "30", "ExpiryMin": 10
    }});
    let card = day.ask("createTempCard", &card)?;
    Ok(card["CardToken"].as_str().expect("text").to_owned())
}

fn pay(day: &mut Day, code: &str, card: Value) -> Result<Value, i64> {
    let mut request = request(code, "10.00");
    request["Card"] = card;
    day.ask("startDirectPayment", &request)
}

#[test]
fn a_temporary_token_and_a_temporary_card_count_for_their_minutes_and_no_longer() {
    let mut day = Day::new();
    let (token, card) = left_card(&mut day);
    let card = json!({"TempCardToken": card.expect("left")});
    day.pass(9 * MINUTE + 59 * SECOND);
    pay(&mut day, "in-time", card.clone()).expect("paid");
    day.pass(SECOND);
    assert_eq!(pay(&mut day, "late", card), Err(74));
    leave_card(&mut day, &token).expect("the token still counts");
    day.pass(10 * MINUTE);
    assert_eq!(leave_card(&mut day, &token), Err(401));
}

#[test]
fn a_card_is_saved_by_what_is_paid_and_pays_until_it_expires() {
    let mut day = Day::new();
    let card = |number: &str| {
        json!({"OwnerName": "A B", "Number": number, "ExpireMonth": "11", "ExpireYear": "2023", "Cvv": "123",
               "CardSave": {"Save": true}})
    };
    assert_eq!(pay(&mut day, "declined", card("4111111111111111")), Err(1));
    assert_eq!(day.bank.book.saved_cards.iter().count(), 0, "what was declined saves no card");
    let paid = pay(&mut day, "paid", card("5528790000000008")).expect("paid");
    assert_eq!(paid["Payment"]["Card"]["Saved"], true);
    let saved = json!({"UniqueCode": paid["Payment"]["Card"]["UniqueCode"]});
    day.pass(10 * DAY);
    pay(&mut day, "again", saved.clone()).expect("paid");
    day.pass(7 * DAY);
    assert_eq!(pay(&mut day, "expired", saved), Err(19));
}

#[test]
fn a_wallet_payment_whose_password_never_comes_is_pending_and_has_failed_after_25_minutes() {
    let mut day = Day::new();
    let session = json!({"ReferenceCode": "r", "UserId": "u", "UserPhone": "905123456710"});
    let session = day.ask("createMasterpassSession", &session).expect("a session")["SessionId"].clone();
    let mut order = request("order", "10.00");
    order["SessionId"] = session;
    order["Card"] = json!({"IsSavedCard": true, "CardAlias": "55daa93d-4a99-45de-9431-bb93d0bbf92e"});
    order["AutoCommit"] = json!(true);
    let asked = day.ask("initMasterpassPayment", &order).expect("started");
    assert_eq!(asked["Masterpass"]["Provider"]["IsOtp"], true);
    assert_eq!(day.stands("order"), (14, 1));
    day.pass(25 * MINUTE);
    assert_eq!(day.stands("order"), (7, 1));
}
