//! What does the shopper do next? The answer of a Masterpass step, read as one of four ways on.

use crate::codes::MasterpassResponseCode;
use crate::masterpass::{AccountLink, InitiatedPayment, ResentOtp, Session, VerifiedOtp, VerifiedPayment};
use crate::{MasterpassSession, Secret};

/// What comes next in a Masterpass flow.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum NextStep {
    /// Open this address in the shopper's browser: 3-D Secure goes on there. It holds a one-time number, so that no log
    /// shows it: [`expose`](Secret::expose) is for the redirect.
    OpenAddress(Secret),
    /// Ask the shopper for the one-time password that was sent, and verify it with this token.
    OneTimePassword(Secret),
    /// Masterpass asks for nothing more. With `AutoCommit` off the payment must still be committed, and whether it is
    /// paid only an inquiry tells: [`confirm_without_claim`](crate::payments::Payments::confirm_without_claim).
    Done,
    /// The answer asks for something that no page describes, or for two things at once. The code is kept as it came.
    /// Nothing is proven: the payment must be looked up by the merchant's code, with
    /// [`Unknown::rebuild`](crate::Unknown::rebuild) and [`resolve`](crate::masterpass::Masterpass::resolve).
    Unclear(Option<MasterpassResponseCode>),
}

impl InitiatedPayment {
    /// Reads what comes next in the payment: the code, the flags beside it and what the step needs must agree.
    ///
    /// Page: <https://developer.paywall.one/sistem-verileri/masterpass-cevap-kodlari>
    ///
    /// ```
    /// use paywall_api::{NextStep, masterpass::InitiatedPayment};
    ///
    /// let answer = r#"{"Masterpass": {"Provider": {
    ///     "IsOtp": false, "IsThreeD": true, "ThreeDAddress": "https://example.com/3d",
    ///     "Detail": {"Result": {"ResponseCode": "5010"}, "StatusCode": 202}
    /// }}}"#;
    /// let answer: InitiatedPayment = serde_json::from_str(answer)?;
    /// assert_eq!(answer.next_step(), NextStep::OpenAddress("https://example.com/3d".into()));
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    #[must_use]
    pub fn next_step(&self) -> NextStep {
        let provider = self.masterpass.as_ref().and_then(|masterpass| masterpass.provider.as_ref());
        let result = provider.and_then(|provider| provider.detail.as_ref()).and_then(|detail| detail.result.as_ref());
        let asked = Asked {
            code: result.and_then(|result| result.response_code.as_ref()),
            is_otp: provider.and_then(|provider| provider.is_otp),
            is_three_d: provider.and_then(|provider| provider.is_three_d),
            address: provider.and_then(|provider| provider.three_d_address.as_ref()),
            token: result.and_then(|result| result.token.as_ref()),
        };
        asked.next_step()
    }
}

/// Makes `next_step` of an answer that sends the shopper a password.
macro_rules! sent {
    ($($answer:ty),*) => {$(
        impl $answer {
            /// Reads what comes next: a one-time password with a new token, as a rule.
            #[must_use]
            pub fn next_step(&self) -> NextStep {
                let result = self.masterpass.as_ref().and_then(|masterpass| masterpass.result.as_ref());
                let asked = Asked {
                    code: result.and_then(|result| result.response_code.as_ref()),
                    token: result.and_then(|result| result.token.as_ref()),
                    ..Asked::default()
                };
                asked.next_step()
            }
        }
    )*};
}

sent!(ResentOtp, AccountLink);

/// Makes `next_step` of an answer in which all stands in Masterpass's own result.
macro_rules! verified {
    ($($answer:ty),*) => {$(
        impl $answer {
            /// Reads what comes next: nothing, once the password was right.
            #[must_use]
            pub fn next_step(&self) -> NextStep {
                let result = self.masterpass.as_ref().and_then(|masterpass| masterpass.result.as_ref());
                if result.is_some_and(|result| result.is_verified == Some(false)) {
                    return NextStep::Unclear(result.and_then(|result| result.response_code.clone()));
                }
                let asked = Asked {
                    code: result.and_then(|result| result.response_code.as_ref()),
                    address: result.and_then(|result| result.url_3d.as_ref()),
                    token: result.and_then(|result| result.token.as_ref()),
                    ..Asked::default()
                };
                asked.next_step()
            }
        }
    )*};
}

verified!(VerifiedOtp, VerifiedPayment);

impl From<&Session> for MasterpassSession {
    /// The session that was opened; it follows the renewals of the calls that are made in it.
    fn from(session: &Session) -> Self {
        Self::new(session.session_id.clone(), session.session_expiry_date.clone())
    }
}

/// What an answer asks for, wherever it says so.
#[derive(Default)]
struct Asked<'a> {
    code: Option<&'a MasterpassResponseCode>,
    is_otp: Option<bool>,
    is_three_d: Option<bool>,
    address: Option<&'a Secret>,
    token: Option<&'a Secret>,
}

impl Asked<'_> {
    fn next_step(&self) -> NextStep {
        let (otp, three_d) = (self.is_otp == Some(true), self.is_three_d == Some(true));
        let step = match self.code {
            Some(code) if *code == MasterpassResponseCode::THREE_D && !otp => self.address(),
            Some(code) if is_otp(code) && !three_d => self.one_time_password(),
            Some(code) if *code == MasterpassResponseCode::SUCCESS && !otp && !three_d => Some(NextStep::Done),
            _ => None,
        };
        step.unwrap_or_else(|| NextStep::Unclear(self.code.cloned()))
    }

    fn address(&self) -> Option<NextStep> {
        let address = self.address.filter(|address| !address.expose().is_empty())?;
        Some(NextStep::OpenAddress(address.clone()))
    }

    fn one_time_password(&self) -> Option<NextStep> {
        let token = self.token.filter(|token| !token.expose().is_empty())?;
        Some(NextStep::OneTimePassword(token.clone()))
    }
}

/// The page gives two codes one meaning.
fn is_otp(code: &MasterpassResponseCode) -> bool {
    *code == MasterpassResponseCode::OTP || *code == MasterpassResponseCode::OTP_5008
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step(code: &str, is_otp: bool, is_three_d: bool, address: &str, token: &str) -> NextStep {
        let (code, token) = (MasterpassResponseCode::from(code.to_owned()), Secret::from(token));
        let address = Secret::from(address);
        let asked = Asked {
            code: Some(&code),
            is_otp: Some(is_otp),
            is_three_d: Some(is_three_d),
            address: Some(&address),
            token: Some(&token),
        };
        asked.next_step()
    }

    #[test]
    fn the_code_for_3d_secure_opens_its_address() {
        assert_eq!(step("5010", false, true, "https://a", "t"), NextStep::OpenAddress("https://a".into()));
    }

    #[test]
    fn both_codes_for_a_one_time_password_ask_for_it() {
        for code in ["5001", "5008"] {
            assert_eq!(step(code, true, false, "", "t"), NextStep::OneTimePassword("t".into()));
        }
    }

    #[test]
    fn a_step_without_what_it_needs_is_unclear() {
        assert!(matches!(step("5010", false, true, "", "t"), NextStep::Unclear(_)));
        assert!(matches!(step("5001", true, false, "", ""), NextStep::Unclear(_)));
    }

    #[test]
    fn flags_against_the_code_are_unclear() {
        assert!(matches!(step("5010", true, false, "https://a", "t"), NextStep::Unclear(_)));
        assert!(matches!(step("5001", false, true, "https://a", "t"), NextStep::Unclear(_)));
        assert!(matches!(step("0000", false, true, "https://a", "t"), NextStep::Unclear(_)));
    }

    #[test]
    fn a_verified_password_is_done_and_one_that_is_not_is_unclear() {
        let next = |result: &str| {
            let answer = format!(r#"{{"Masterpass": {{"Result": {{{result}}}}}}}"#);
            serde_json::from_str::<VerifiedPayment>(&answer).expect("an answer").next_step()
        };
        assert_eq!(next(r#""IsVerified": true, "ResponseCode": "0000""#), NextStep::Done);
        assert_eq!(next(r#""ResponseCode": "5010", "Url3d": "https://a""#), NextStep::OpenAddress("https://a".into()));
        assert_eq!(next(r#""ResponseCode": "5001", "Token": "t""#), NextStep::OneTimePassword("t".into()));
        assert!(matches!(next(r#""IsVerified": false, "ResponseCode": "0000""#), NextStep::Unclear(_)));
        assert!(matches!(next(""), NextStep::Unclear(None)));
    }

    #[test]
    fn success_is_done_only_when_nothing_is_asked() {
        assert_eq!(step("0000", false, false, "", ""), NextStep::Done);
    }

    #[test]
    fn an_unknown_code_is_kept_and_unclear() {
        let code = MasterpassResponseCode::from("7777");
        assert_eq!(step("7777", false, false, "", ""), NextStep::Unclear(Some(code)));
        assert_eq!(Asked::default().next_step(), NextStep::Unclear(None));
    }
}
