//! What does a message claim? It is read under bounds, and says what is asserted, not what is so.

use std::fmt;

use super::claim_error::{ClaimError, ClaimErrorKind};
use super::fields::Fields;
use super::form::Form;
use super::verify::verify;
use super::{Encoding, HashChoice, HashError, HashKeys, Notification, Trust, json};
use crate::Amount;

/// What a message of Paywall's asserts, for as long as nothing has confirmed it.
///
/// Whoever knows the address can post to it, a shopper above all, through whose browser the 3-D Secure callback
/// travels. So a claim is a reason to ask, and no more:
///
/// 1. [`read`](Claim::read) it.
/// 2. [`verify`](Claim::verify) its hash, if hashes are switched on in the panel. **The hash does not cover the
///    status**: of a payment that failed, Paywall's own message with its status turned to success still verifies. Nor
///    does it tell an old message from a new one. A verified claim is still only a claim.
/// 3. Confirm it by an inquiry: `payments().confirm(…)` gives the only confirmed payment that there is.
///
/// Of a form the first value of a name counts, for the content, the claim and the hash alike; [`all`](Claim::all) has
/// the others. A field that is not UTF-8 is absent from the content, unless claim or hash needs it. Of JSON a key that stands twice where one of them looks is refused.
///
/// ```
/// use paywall_api::{
///     Claim, ClaimPlaces, Encoding, HashFormat, HashKeys, HashPlaces, Notification, Secret, Subject, Trust,
/// };
///
/// static FORMATS: &[HashFormat] = &[HashFormat { name: "Payment", parts: &["merchantUniqueCode", "amount"] }];
///
/// #[derive(serde::Deserialize)]
/// struct Callback {
///     status: Option<String>,
/// }
///
/// impl Notification for Callback {
///     const ID: &'static str = "callback";
///     const ENCODING: Encoding = Encoding::Form;
///     const SUBJECT: Subject = Subject::Payment;
///     const CLAIM: ClaimPlaces = ClaimPlaces { merchant_code: Some("/uniqueCode"), ..ClaimPlaces::NONE };
///     const HASH: Option<HashPlaces> = Some(HashPlaces {
///         hash: "/hash",
///         format: Some("/hashFormat"),
///         key_type: Some("/hashKeyType"),
///         usual_format: "Payment",
///         usual_key_type: 1,
///         parts: &[("merchantUniqueCode", "/uniqueCode"), ("amount", "/amount")],
///     });
///     const FORMATS: &'static [HashFormat] = FORMATS;
/// }
///
/// let key = Secret::from("the key of the panel");
/// let hash = FORMATS[0].sign(&key, &[("merchantUniqueCode", "ORDER-1"), ("amount", "1.00")])?;
/// let body = format!("status=Success&uniqueCode=ORDER-1&amount=1.00&hash={hash}");
///
/// let claim = Claim::<Callback>::read(body.as_bytes())?;
/// assert_eq!(claim.merchant_code(), Some("ORDER-1"));
/// assert_eq!(claim.verify(&HashKeys::new().with(1, key))?, Trust::Signed);
/// assert!(claim.verify(&HashKeys::new().with(1, "another key")).is_err_and(|error| error.is_forged()));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Claim<N> {
    content: N,
    fields: Fields,
    form: Form,
}

impl<N: Notification> Claim<N> {
    /// The most that [`read`](Claim::read) reads, in bytes: 64 KiB of a form, 4 MiB of JSON.
    pub const LIMIT: usize = match N::ENCODING {
        Encoding::Form => 64 << 10,
        Encoding::Json => 4 << 20,
    };

    /// Reads the body of a request. Bound what the server takes in as well: by then it is in memory.
    ///
    /// # Errors
    ///
    /// Where it is larger than [`LIMIT`](Claim::LIMIT), of too many pairs, keys, objects or levels, or not what the contract
    /// says; where a JSON key stands twice in an object that claim or hash is read from; and where JSON, or a field of a
    /// form that claim or hash is read from, is not UTF-8.
    pub fn read(body: &[u8]) -> Result<Self, ClaimError> {
        Self::read_within(body, Self::LIMIT)
    }

    /// The same, with another limit in bytes.
    ///
    /// # Errors
    ///
    /// As of [`read`](Claim::read).
    pub fn read_within(body: &[u8], limit: usize) -> Result<Self, ClaimError> {
        let read = match N::ENCODING {
            _ if body.len() > limit => Err(too_large(body.len(), limit)),
            Encoding::Form => Self::read_form(body),
            Encoding::Json => Self::read_json(body),
        };
        read.map_err(|error| error.of(N::ID))
    }

    fn read_form(body: &[u8]) -> Result<Self, ClaimError> {
        let form = Form::read(body)?;
        let fields = Fields::read::<N, _>(|place| form.field(place))?;
        Ok(Self { content: form.content()?, fields, form })
    }

    fn read_json(body: &[u8]) -> Result<Self, ClaimError> {
        let json = json::text(body)?;
        let fields = json::fields::<N>(json)?;
        Ok(Self { content: json::content(json)?, fields, form: Form::default() })
    }

    /// Everything that the message says, as the contract has it.
    #[must_use]
    pub fn content(&self) -> &N {
        &self.content
    }

    /// The same, by value.
    #[must_use]
    pub fn into_content(self) -> N {
        self.content
    }

    /// The merchant's own code, by which an inquiry finds out what is so.
    #[must_use]
    pub fn merchant_code(&self) -> Option<&str> {
        self.claimed(N::CLAIM.merchant_code)
    }

    /// Paywall's code of the payment.
    #[must_use]
    pub fn payment_code(&self) -> Option<&str> {
        self.claimed(N::CLAIM.payment_code)
    }

    /// Paywall's number of the payment, as it came.
    #[must_use]
    pub fn payment_id(&self) -> Option<&str> {
        self.claimed(N::CLAIM.payment_id)
    }

    /// The amount, as it came: how it is written is not documented.
    #[must_use]
    pub fn amount(&self) -> Option<&str> {
        self.claimed(N::CLAIM.amount)
    }

    /// The amount, if it came as a plain number with a point (`101.50`); never a guess at a comma.
    #[must_use]
    pub fn parsed_amount(&self) -> Option<Amount> {
        self.amount()?.parse().ok()
    }

    /// The currency, as it came.
    #[must_use]
    pub fn currency(&self) -> Option<&str> {
        self.claimed(N::CLAIM.currency)
    }

    /// The number of instalments, as it came.
    #[must_use]
    pub fn installment(&self) -> Option<&str> {
        self.claimed(N::CLAIM.installment)
    }

    /// What is said to have become of it, as it came. **No hash covers it.**
    #[must_use]
    pub fn asserted_status(&self) -> Option<&str> {
        self.claimed(N::CLAIM.status)
    }

    /// Every value of a form's field of this name, in their order, those of unknown fields too. Of JSON there are none,
    /// and none that is not UTF-8: [`all_bytes`](Claim::all_bytes) has these too.
    pub fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        self.form.all(name).filter_map(|value| std::str::from_utf8(value).ok())
    }

    /// The same, as bytes without escapes: banks' pages also post messages in Windows-1254.
    pub fn all_bytes(&self, name: &str) -> impl Iterator<Item = &[u8]> {
        self.form.all(name)
    }

    /// Checks the hash over the text as it was received, in constant time, by this message's usual format and key.
    ///
    /// A message may name a format and a type of key. Both must be its usual ones: otherwise a sender could choose a
    /// format that leaves the amount out, or pass off a hash from the shopper's browser as the webhook's. Where Paywall
    /// is known to send other ones, accept them with [`verify_also`](Claim::verify_also).
    ///
    /// | hash | key of its type | |
    /// |---|---|---|
    /// | right | given | [`Trust::Signed`] |
    /// | none, or an empty one | none | [`Trust::Unsigned`] |
    /// | wrong | given | an error: forged |
    /// | none, or an empty one | given | an error: missing |
    /// | any | none | an error: unexpected |
    ///
    /// How Paywall writes the amount into what it hashes is not documented; it is assumed that it writes it as in the
    /// message. Should real messages fail as forged, that is the first thing to doubt. The documented sample of the
    /// form for other payment methods has a hash that ends in `==`, against the description: it is refused as
    /// malformed.
    ///
    /// # Errors
    ///
    /// Where the hash is not trusted, with the reason. Do not act on the message then.
    pub fn verify(&self, keys: &HashKeys) -> Result<Trust, HashError> {
        self.verify_also(keys, &[])
    }

    /// The same, where the message may also name one of the `others`: a format with a type of key.
    ///
    /// A format that covers less lets a sender change the rest: accept no more than Paywall really sends.
    ///
    /// # Errors
    ///
    /// As of [`verify`](Claim::verify).
    pub fn verify_also(&self, keys: &HashKeys, others: &[HashChoice<'_>]) -> Result<Trust, HashError> {
        verify::<N>(&self.fields, keys, others)
    }

    /// What is said at a place. An empty text claims nothing.
    fn claimed(&self, place: Option<&'static str>) -> Option<&str> {
        self.fields.text(place?).filter(|text| !text.is_empty())
    }
}

fn too_large(bytes: usize, limit: usize) -> ClaimError {
    let found = format!("the message has {bytes} bytes: expected at most {limit}; Claim::read_within allows more");
    ClaimError::new(ClaimErrorKind::TooLarge, found)
}

/// A code that may stand in a log, where nobody should write pages.
fn shown(code: Option<&str>) -> Option<&str> {
    let code = code?;
    let end = code.char_indices().nth(LONGEST_SHOWN).map_or(code.len(), |(end, _)| end);
    Some(&code[..end])
}

/// No merchant code may be longer, by the documents.
const LONGEST_SHOWN: usize = 250;

/// Shows the two codes that it claims, and nothing else.
impl<N: Notification> fmt::Debug for Claim<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Claim")
            .field("notification", &N::ID)
            .field("merchant_code", &shown(self.merchant_code()))
            .field("payment_code", &shown(self.payment_code()))
            .finish_non_exhaustive()
    }
}
