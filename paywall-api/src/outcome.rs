//! What became of a call that failed? The rules that money hangs on, all in one file.

use http::StatusCode;

use crate::api::proves_nothing_charged;
use crate::envelope::Code;
use crate::{BankError, EnvelopePlaces, InnerRefusal};

/// What became of a call that did not succeed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// Nothing left this machine. Where the connection was at fault, the same call may be made again
    /// ([`Error::may_be_made_again`](crate::Error::may_be_made_again)); else the error says what to mend first.
    NotSent,
    /// Paywall or the bank said no. Of a payment: nothing was charged.
    Refused,
    /// It may have taken effect. Of a payment: look it up before anything else, never send it again
    /// ([`Unknown`](crate::Unknown) is the way on).
    Unknown,
}

/// The code of Paywall's own gateway for an answer that did not come in time.
const GATEWAY_TIMEOUT: i64 = 504;

/// Codes that speak of an earlier payment under the same merchant code, in either numbering: 4 and 119 (the code
/// exists), 7 and 97 (concluded before). Whatever a bank is quoted with, that payment may have been charged.
const SPEAKS_OF_ANOTHER: [i64; 4] = [4, 119, 7, 97];

/// Codes of failures in the middle of the work, in either numbering: a general error (-1), no provider or an exception
/// (5), an unexpected error (63), an error during the payment (78), no communication with the provider (88), and the
/// numbers of HTTP. A bank that is quoted beside one of them may not be the only bank that was asked: Paywall tries
/// another provider by itself (`PayJump`), and its last word says nothing of the first.
pub(crate) const HALF_WAY: [i64; 9] = [-1, 5, 63, 78, 88, 500, 502, 503, GATEWAY_TIMEOUT];

/// An answer that refuses, as far as the outcome depends on it.
pub(crate) struct Refusal<'a> {
    pub(crate) moves_money: bool,
    /// Would a second one do harm?
    pub(crate) lasting: bool,
    pub(crate) status: StatusCode,
    /// None where the envelope has none, or the answer does not say it.
    pub(crate) code: Option<&'a Code>,
    /// The marks of success contradict each other, or the HTTP status contradicts both.
    pub(crate) contradictory: bool,
    pub(crate) inner: Option<&'a InnerRefusal>,
    pub(crate) bank: Option<&'a BankError>,
    pub(crate) envelope: &'a EnvelopePlaces,
}

impl Refusal<'_> {
    /// Who can say no? Paywall in a calm moment; of a payment, only with proof.
    pub(crate) fn outcome(&self) -> Outcome {
        if is_transient(self.status) || self.number() == Some(GATEWAY_TIMEOUT) || self.status.is_redirection() {
            return Outcome::Unknown;
        }
        let is_proven = if self.moves_money { self.nothing_charged() } else { !self.lasting || self.nothing_done() };
        let is_refused = is_proven && (!self.contradictory || !self.lasting);
        if is_refused { Outcome::Refused } else { Outcome::Unknown }
    }

    /// Of a payment: does anything prove it, and nothing speak against it?
    fn nothing_charged(&self) -> bool {
        if self.is_one_of(&SPEAKS_OF_ANOTHER) || self.bank.is_some_and(BankError::leaves_it_open) {
            return false;
        }
        self.inner.is_some_and(InnerRefusal::nothing_charged)
            || self.code.is_some_and(|code| *code != Code::Number(0) && proves_nothing_charged(self.envelope, code))
            || (!self.is_one_of(&HALF_WAY) && self.bank.is_some_and(BankError::is_decline))
    }

    /// Of anything else that lasts: a refusal is believed unless it tells of a failure half-way.
    fn nothing_done(&self) -> bool {
        let inner = self.inner.and_then(InnerRefusal::status);
        let inner_half_way = inner.is_some_and(|status| status >= 500 || status == 408 || status == 429);
        !self.is_one_of(&HALF_WAY) && !inner_half_way
    }

    /// The code, where it is a number.
    fn number(&self) -> Option<i64> {
        if let Some(Code::Number(code)) = self.code { Some(*code) } else { None }
    }

    fn is_one_of(&self, codes: &[i64]) -> bool {
        self.number().is_some_and(|code| codes.contains(&code))
    }
}

/// The outcome of an answer that is no envelope: a page of a proxy, an empty body.
pub(crate) fn without_envelope(moves_money: bool, status: StatusCode) -> Outcome {
    if status.is_client_error() && !is_transient(status) && !moves_money { Outcome::Refused } else { Outcome::Unknown }
}

/// Does this status come with a whole answer of success? Of 205 the content is to be thrown away, of 206 it is a part, and
/// those above tell of something else.
pub(crate) fn is_success(status: StatusCode) -> bool {
    matches!(status.as_u16(), 200..=204)
}

/// Does this status say that the server could not cope, rather than that it would not?
pub(crate) fn is_transient(status: StatusCode) -> bool {
    status.is_server_error() || matches!(status, StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_MANY_REQUESTS)
}

/// May the same question get an answer a moment later?
pub(crate) fn is_worth_asking_again(status: StatusCode, code: Option<i64>) -> bool {
    matches!(status.as_u16(), 429 | 500 | 502 | 503 | 504) || code == Some(GATEWAY_TIMEOUT)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{CodeEntry, ErrorTable};

    static ENVELOPE: EnvelopePlaces = EnvelopePlaces { codes: &[&TABLE], ..EnvelopePlaces::NONE };
    static TABLE: ErrorTable = ErrorTable::new(
        "payment",
        &[
            CodeEntry::new(13, "CARD_HOLDER", "card holder", true),
            CodeEntry::new(504, "PROXY", "gateway", true),
            CodeEntry::new(1, "FAILURE", "failure", false),
        ],
    );

    fn refusal(moves_money: bool, status: u16, code: i64) -> Refusal<'static> {
        let code: &'static Code = Box::leak(Box::new(Code::Number(code)));
        Refusal {
            moves_money,
            lasting: true,
            status: StatusCode::from_u16(status).expect("status"),
            code: Some(code),
            contradictory: false,
            inner: None,
            bank: None,
            envelope: &ENVELOPE,
        }
    }

    #[test]
    fn a_payment_is_refused_by_proof_alone() {
        for (status, code, outcome) in [
            (200, 13, Outcome::Refused),
            (400, 13, Outcome::Refused),
            (401, 13, Outcome::Refused),
            (200, 1, Outcome::Unknown),
            (200, -1, Outcome::Unknown),
            (200, 88, Outcome::Unknown),
            (200, 119, Outcome::Unknown),
            (200, 504, Outcome::Unknown),
            (500, 13, Outcome::Unknown),
            (429, 13, Outcome::Unknown),
            (302, 13, Outcome::Unknown),
        ] {
            assert_eq!(refusal(true, status, code).outcome(), outcome, "{status} {code}");
        }
    }

    #[test]
    fn a_status_of_success_comes_with_a_whole_answer() {
        for (status, success) in [(199, false), (200, true), (202, true), (205, false), (206, false), (226, false)] {
            assert_eq!(is_success(StatusCode::from_u16(status).expect("status")), success, "{status}");
        }
    }

    #[test]
    fn a_provider_that_approved_or_kept_silent_outweighs_a_refusal() {
        for code in ["00", "68", "91"] {
            let bank = BankError::default().with_provider_code(Some(code));
            let open = Refusal { bank: Some(&bank), ..refusal(true, 200, 13) };
            assert_eq!(open.outcome(), Outcome::Unknown, "{code}");
        }
    }

    #[test]
    fn a_contradiction_proves_nothing() {
        let contradictory = |moves_money| Refusal { contradictory: true, ..refusal(moves_money, 200, 13) };
        assert_eq!(contradictory(true).outcome(), Outcome::Unknown);
        assert_eq!(contradictory(false).outcome(), Outcome::Unknown);
        let repeatable = Refusal { lasting: false, ..contradictory(false) };
        assert_eq!(repeatable.outcome(), Outcome::Refused);
    }

    #[test]
    fn a_bank_proves_it_unless_the_code_speaks_of_another_payment() {
        let bank = BankError::default().with_bank_code(Some("51"));
        let late = BankError::default().with_bank_code(Some("91"));
        let with = |code, bank| Refusal { bank: Some(bank), ..refusal(true, 200, code) };
        assert_eq!(with(1, &bank).outcome(), Outcome::Refused);
        assert_eq!(with(1, &late).outcome(), Outcome::Unknown);
        assert_eq!(with(119, &bank).outcome(), Outcome::Unknown);
        assert_eq!(with(504, &bank).outcome(), Outcome::Unknown);
    }

    #[test]
    fn what_speaks_against_a_proof_outweighs_it() {
        let approved = BankError::default().with_bank_code(Some("00"));
        let late = BankError::default().with_bank_code(Some("91"));
        let declined = BankError::default().with_bank_code(Some("51"));
        let inner = InnerRefusal::new("masterpass").with_nothing_charged(true);
        let with = |code, bank| Refusal { bank: Some(bank), ..refusal(true, 200, code) };
        assert_eq!(with(13, &approved).outcome(), Outcome::Unknown);
        assert_eq!(with(13, &late).outcome(), Outcome::Unknown);
        for code in [-1, 5, 63, 78, 88, 504] {
            assert_eq!(with(code, &declined).outcome(), Outcome::Unknown, "{code}");
        }
        for code in [4, 7, 97, 119] {
            let inner = Refusal { inner: Some(&inner), ..refusal(true, 200, code) };
            assert_eq!(inner.outcome(), Outcome::Unknown, "{code}");
        }
    }

    #[test]
    fn what_lasts_is_unknown_after_a_failure_half_way() {
        for code in [-1, 63, 88, 500, 502, 503, 504] {
            assert_eq!(refusal(false, 200, code).outcome(), Outcome::Unknown, "{code}");
        }
        let broken = InnerRefusal::new("masterpass").with_status(Some(500));
        let inner = Refusal { inner: Some(&broken), ..refusal(false, 200, 0) };
        assert_eq!(inner.outcome(), Outcome::Unknown);
    }

    #[test]
    fn an_inner_refusal_may_prove_it() {
        let inner = InnerRefusal::new("masterpass");
        let proof = inner.clone().with_nothing_charged(true);
        let with = |inner| Refusal { inner: Some(inner), ..refusal(true, 200, 0) };
        assert_eq!(with(&inner).outcome(), Outcome::Unknown);
        assert_eq!(with(&proof).outcome(), Outcome::Refused);
    }

    #[test]
    fn without_money_a_refusal_is_a_refusal() {
        for (status, outcome) in [
            (200, Outcome::Refused),
            (404, Outcome::Refused),
            (429, Outcome::Unknown),
            (500, Outcome::Unknown),
            (503, Outcome::Unknown),
        ] {
            assert_eq!(refusal(false, status, 1).outcome(), outcome, "{status}");
        }
    }

    #[test]
    fn a_page_refuses_only_what_moves_no_money() {
        for (status, with_money, without) in [
            (400, Outcome::Unknown, Outcome::Refused),
            (404, Outcome::Unknown, Outcome::Refused),
            (429, Outcome::Unknown, Outcome::Unknown),
            (200, Outcome::Unknown, Outcome::Unknown),
            (301, Outcome::Unknown, Outcome::Unknown),
            (502, Outcome::Unknown, Outcome::Unknown),
        ] {
            let status = StatusCode::from_u16(status).expect("status");
            assert_eq!(without_envelope(true, status), with_money, "{status}");
            assert_eq!(without_envelope(false, status), without, "{status}");
        }
    }
}
